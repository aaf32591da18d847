import "./platform.ts";

import { Window } from "happy-dom";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepConnection, type Paired } from "../../extension/app/connection.ts";
import { openPocket } from "../../extension/app/pocket.ts";
import { refresh } from "../../extension/app/sync.ts";
import { App } from "../../extension/views/app.tsx";
import { Guarantee } from "../../extension/views/guarantee.tsx";
import { lookHere } from "../../extension/views/here.tsx";
import { go } from "../../extension/views/route.ts";
import { someContract, someTerms } from "./evidence.ts";
import { eventually, platform, reset } from "./platform.ts";
import { openStandin, type Standin } from "./standin.ts";

// Only a window is borrowed: network, locks and storage stay the ones the other tests use.
const window = new Window() as unknown as typeof globalThis;
const { document, Event } = window;
Object.assign(globalThis, {
  document,
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
});

const now = Date.now();
let server: Standin;
let paired: Paired;
let root: HTMLElement;
let close: () => void = () => {};

const complaints: unknown[] = [];

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation((...said: unknown[]) => complaints.push(said));
  await reset();
  go({ at: "home" });
  server = await openStandin([someContract("con_a", ["shop.example"], now, someTerms(now))]);
  paired = { state: "paired", server: server.origin, token: server.token() };
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(async () => {
  close();
  render(null, root);
  root.remove();
  await server.close();
  expect(complaints.splice(0)).toEqual([]);
});

/** Open the popup, on a page. */
const open = async (url = "https://shop.example/course"): Promise<void> => {
  platform.tabs.query = (async () => [{ url }]) as never;
  await lookHere();
  close = await openPocket();
  act(() => render(<App />, root));
};

const find = (testId: string): HTMLElement | null => root.querySelector(`[data-testid="${testId}"]`);
const earned = (): number => Number(find("earned-con_a")?.dataset.amountMinor);
const truly = (): number => server.earnings()[0]!.period!.earnedMinor;

describe("The popup", () => {
  it("says what it does and never does before anything is connected", async () => {
    await open();
    const said = find("disclosure")!.textContent;
    expect(said).toContain("It makes one only when you click for it");
    expect(said).toContain("Set or read cookies");
    expect(find("server-address")).toHaveProperty("value", "http://127.0.0.1:8787");
  });

  it("paints what is known in its very first frame, and says that the server is away", async () => {
    server.lead("con_a", "cnv_1");
    await keepConnection(paired);
    await refresh(paired);
    const known = truly();
    await server.goAway();
    await open();
    expect(earned()).toBe(known);
    expect(root.querySelector(".skeleton")).toBeNull();
    await eventually(() => expect(find("trouble")?.textContent).toContain("cannot be reached"));
    expect(find("status")?.textContent).toContain("offline");
    expect(earned()).toBe(known);
  });

  it("shows a skeleton only when nothing is known yet, and tells a newcomer what to do next", async () => {
    const newcomer = await openStandin([{ ...someContract("con_a", [], now, someTerms(now)), status: "offered" }]);
    await keepConnection({ state: "paired", server: newcomer.origin, token: newcomer.token() });
    await open();
    expect(root.querySelector(".skeleton")).not.toBeNull();
    await eventually(() => expect(find("no-contracts")?.textContent).toContain("waits for your signature"));
    expect(root.querySelector(".skeleton")).toBeNull();
    await newcomer.close();
  });

  it("tells stages, guarantee and tiers in words", async () => {
    for (let lead = 0; lead < 10; lead += 1) server.lead("con_a", `cnv_${lead}`);
    await keepConnection(paired);
    await refresh(paired);
    await open();
    expect(find("guarantee")?.textContent).toMatch(/4 of 50 leads · ends (in|today|tomorrow)/);
    expect(find("ladder")?.textContent).toContain("1 more lead to $12.00 each");
    expect(find("validated-con_a")?.dataset.amountMinor).toBeDefined();
  });

  it("says of a missed guarantee how much of it is being made good, and until when", async () => {
    const guarantee = { result: "lead", target: 5, targetMicro: 5_000_000, volumeMicro: 2_000_000 };
    const pending = { ...guarantee, state: "pending", shortfallMicro: 2_000_000, filledMicro: 1_000_000 } as const;
    const Bar = () => <Guarantee guarantee={{ ...pending, until: now }} ends="2026-10-31" timeZone="UTC" />;
    act(() => render(<Bar />, root));
    expect(find("guarantee")?.textContent).toContain("Being made good");
    expect(find("made-good")?.textContent).toContain("1 of 3 missing made good");
    expect([...root.querySelectorAll("progress")].map(({ value, max }) => [value, max])).toContainEqual([
      1_000_000, 3_000_000,
    ]);
  });

  it("never says that figures were checked when they were not", async () => {
    server.lead("con_a", "cnv_1");
    server.says.conversion = (page) => {
      const part = (page as { parts: { shares: { shareMicro: number }[] }[] }).parts[0]!;
      part.shares[0]!.shareMicro -= 1;
      return page;
    };
    await keepConnection(paired);
    await refresh(paired);
    await open();
    act(() => go({ at: "conversion", contract: "con_a", conversion: "cnv_1" }));
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("false"));
    expect(find("recomputed")?.textContent).toContain("Do not trust this number");
  });

  it("can be searched for a link, by where it leads or by its own address", async () => {
    await keepConnection(paired);
    await refresh(paired);
    await open();
    act(() => find("grab")!.click());
    await eventually(() => expect(root.querySelectorAll('[data-testid="link"]')).toHaveLength(1));
    const search = find("search-links") as HTMLInputElement;
    const seek = (text: string): void => {
      act(() => {
        search.value = text;
        search.dispatchEvent(new Event("input", { bubbles: true }));
      });
    };
    seek("nowhere");
    expect(root.querySelectorAll('[data-testid="link"]')).toHaveLength(0);
    seek("COURSE");
    expect(root.querySelectorAll('[data-testid="link"]')).toHaveLength(1);
    seek("/l/mia1");
    expect(root.querySelectorAll('[data-testid="link"]')).toHaveLength(1);
  });

  it("gives every control a name", async () => {
    await keepConnection(paired);
    await refresh(paired);
    await open();
    const controls = [...root.querySelectorAll<HTMLElement>("button, input")];
    const nameless = controls.filter((it) => !(it.textContent?.trim() || it.getAttribute("aria-label")));
    expect(controls.length).toBeGreaterThan(3);
    expect(nameless.map((it) => it.outerHTML)).toEqual([]);
  });
});
