import { render } from "preact";
import { act } from "preact/test-utils";
import { vi } from "vitest";
import { App } from "../../server/console/app.tsx";
import { signedOut } from "../../server/console/kit/ask.ts";
import { forget } from "../../server/console/kit/load.ts";
import { go } from "../../server/console/kit/place.ts";
import { session, whoAmI } from "../../server/console/kit/session.ts";
import type { Desk } from "./desk.ts";
import { NOW } from "./world.ts";

/** Let everything that was asked be answered and shown. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await act(() => new Promise<void>((done) => setTimeout(done, 0)));
};

const fetchFrom =
  (desk: Desk): typeof fetch =>
  async (url, init) => {
    const headers = new Headers(init?.headers);
    const key = headers.get("idempotency-key") ?? undefined;
    const reply = desk.answer(init?.method ?? "GET", String(url), String(init?.body ?? ""), key);
    return new Response(reply.text, { status: reply.status, headers: { "content-type": reply.type } });
  };

/** A live stream that never says anything: what it says is tried in a real browser. */
class SilentSource {
  static readonly CLOSED = 2;
  readonly readyState = 0;
  close(): void {}
}

/** The app at one place, in front of a desk. */
export const visit = async (desk: Desk, path: string): Promise<void> => {
  vi.stubGlobal("fetch", fetchFrom(desk));
  vi.setSystemTime(NOW);
  vi.stubGlobal("scrollTo", () => {});
  vi.stubGlobal("EventSource", SilentSource);
  const before = document.getElementById("app");
  if (before) act(() => render(null, before));
  sessionStorage.clear();
  forget();
  signedOut.value = false;
  session.value = { state: "waiting" };
  document.body.innerHTML = '<div id="app"></div>';
  go(path, "replace");
  await act(() => render(<App />, document.getElementById("app")!));
  await whoAmI();
  await settle();
};

/** What carries a test id; the first of them. */
export const it$ = <Kind extends HTMLElement = HTMLElement>(testid: string): Kind => {
  const found = document.querySelector<Kind>(`[data-testid="${testid}"]`);
  if (!found) throw new Error(`Nothing on the page carries the test id ${testid}`);
  return found;
};

/** How many carry it. */
export const count = (testid: string): number => document.querySelectorAll(`[data-testid="${testid}"]`).length;

/** Type into a field. */
export const type = async (testid: string, text: string): Promise<void> => {
  const input = it$<HTMLInputElement>(testid);
  input.value = text;
  await act(() => void input.dispatchEvent(new Event("input", { bubbles: true })));
};

/** Pick one of a list. */
export const choose = async (testid: string, value: string): Promise<void> => {
  const list = it$<HTMLSelectElement>(testid);
  list.value = value;
  await act(() => void list.dispatchEvent(new Event("change", { bubbles: true })));
};

/** Press something, and wait for what comes of it. */
export const press = async (testid: string): Promise<void> => {
  await act(() => it$(testid).click());
  await settle();
};
