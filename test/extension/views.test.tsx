import "./platform.ts";

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

  it("asks for a statement once, again when money moves, and not because it was kept", async () => {
    server.lead("con_a", "cnv_1");
    await keepConnection(paired);
    await open();
    await eventually(() => expect(find("status")?.dataset.state).toBe("live"));
    const asked = (): number => server.asked.filter((path) => path.endsWith("/statement")).length;
    act(() => find("explain-con_a")?.click());
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("true"));
    await new Promise((later) => setTimeout(later, 400));
    expect(asked()).toBe(1);
    server.lead("con_a", "cnv_2");
    await eventually(() => expect(asked()).toBe(2));
    await new Promise((later) => setTimeout(later, 400));
    expect(asked()).toBe(2);
  });

  it("asks again for a statement that was out of reach once the server is back", async () => {
    server.lead("con_a", "cnv_1");
    await keepConnection(paired);
    await refresh(paired);
    await server.goAway();
    await open();
    await eventually(() => expect(find("status")?.dataset.state).toBe("off"));
    act(() => find("explain-con_a")?.click());
    await eventually(() => expect(root.querySelector(".note")?.textContent).toContain("cannot be reached"));
    await server.comeBack();
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("true"));
    expect(root.querySelector(".note")).toBeNull();
  });

  it("says so when its first page shows another figure than the statement that explains it", async () => {
    server.lead("con_a", "cnv_1");
    server.says.earnings = (told) => {
      const [first] = structuredClone(told) as { period: { earnedMinor: number } }[];
      first!.period.earnedMinor += 12_300;
      return [first];
    };
    await keepConnection(paired);
    await open();
    await eventually(() => expect(earned()).toBe(truly() + 12_300));
    act(() => find("explain-con_a")?.click());
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("false"));
    expect(find("recomputed")?.textContent).toContain(`$${((truly() + 12_300) / 100).toFixed(2)}`);
  });

  /** The popup, opened down to a conversion whose amount the server tells so much too high. */
  const opensWith = async (moreMinor: number): Promise<void> => {
    server.says.conversion = (told) => {
      const page = structuredClone(told) as { parts: { amountMinor: number; lines: { amountMinor: number }[] }[] };
      page.parts[0]!.amountMinor += moreMinor;
      page.parts[0]!.lines[0]!.amountMinor += moreMinor;
      return page;
    };
    await keepConnection(paired);
    await open();
    await eventually(() => expect(earned()).toBe(truly()));
    act(() => find("explain-con_a")?.click());
    await eventually(() => expect(find("share")).not.toBeNull());
    act(() => find("share")?.click());
  };

  it("does not confirm the amount of a conversion that its evidence does not come to", async () => {
    server.lead("con_a", "cnv_1");
    await opensWith(100);
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("partly"));
    expect(find("recomputed")?.textContent).toContain("not confirmed");
  });

  it("says calmly where an amount may be a cent of what was known when, and the statement as a whole agrees", async () => {
    server.lead("con_a", "cnv_1");
    await opensWith(1);
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("posted"));
    expect(find("recomputed")?.textContent).toContain("the whole statement");
    expect(find("recomputed")?.textContent).not.toContain("not confirmed");
    expect(find("recomputed")?.className.trim()).toBe("mark");
  });

  it("does not where that statement is another one than the server says", async () => {
    server.lead("con_a", "cnv_1");
    server.says.conversion = (told) => {
      const page = structuredClone(told) as { parts: { amountMinor: number; lines: { amountMinor: number }[] }[] };
      page.parts[0]!.amountMinor += 1;
      page.parts[0]!.lines[0]!.amountMinor += 1;
      return page;
    };
    server.says.statement = (told) => {
      const it = structuredClone(told) as { statement: { periods: { earnedMinor: number }[] } };
      it.statement.periods[0]!.earnedMinor += 1;
      return it;
    };
    await keepConnection(paired);
    await open();
    await eventually(() => expect(earned()).toBe(truly()));
    act(() => find("explain-con_a")?.click());
    await eventually(() => expect(find("share")).not.toBeNull());
    act(() => find("share")?.click());
    await eventually(() => expect(find("recomputed")?.dataset.match).toBe("partly"));
  });

  it("shows what the server says even where the browser keeps nothing, and says that it does not", async () => {
    server.lead("con_a", "cnv_1");
    await keepConnection(paired);
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await open();
    await eventually(() => expect(earned()).toBe(truly()));
    await eventually(() => expect(find("trouble")?.textContent).toContain("no room"));
    put.mockRestore();
  });

  it("offers no link on a page without https, and says why", async () => {
    await keepConnection(paired);
    await refresh(paired);
    await open("http://shop.example/course");
    expect(find("grab")).toBeNull();
    expect(find("not-secure")?.textContent).toContain("without https");
  });

  it("takes the keyboard along: to what has taken a button's place, and back to where it left", async () => {
    await keepConnection(paired);
    await open();
    await eventually(() => expect(find("earned-con_a")).not.toBeNull());
    act(() => find("about")?.click());
    act(() => find("disconnect")?.click());
    expect(document.activeElement?.tagName).toBe("FIELDSET");
    act(() => find("disconnect-not")?.click());
    expect(document.activeElement).toBe(find("disconnect"));
    act(() => find("back")?.click());
    expect(document.activeElement).toBe(find("about"));
    act(() => find("explain-con_a")?.click());
    act(() => find("back")?.click());
    expect(document.activeElement).toBe(find("explain-con_a"));
  });

  it("says that no Makegood server is there when something else answers, whatever it answers", async () => {
    const strange = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "content-type");
      response.writeHead(request.method === "OPTIONS" ? 204 : status);
      response.end(request.method === "OPTIONS" ? undefined : "<h1>Welcome</h1>");
    });
    let status = 200;
    await new Promise<void>((listening) => strange.listen(0, "127.0.0.1", listening));
    await open();
    const field = find("server-address") as HTMLInputElement;
    for (status of [200, 404, 405, 500]) {
      field.value = `127.0.0.1:${(strange.address() as AddressInfo).port}`;
      act(() => void field.dispatchEvent(new Event("input", { bubbles: true })));
      act(
        () => void root.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })),
      );
      await eventually(() => expect(find("connect")?.getAttribute("aria-disabled")).toBe("false"));
      expect(root.querySelector("[role=alert]")?.textContent).toContain("No Makegood server answers");
    }
    strange.closeAllConnections();
    await new Promise((closed) => strange.close(closed));
  });

  it("shows the link to copy by hand where the browser does not let it be copied, and says so", async () => {
    const refused = vi
      .spyOn(navigator.clipboard, "writeText")
      .mockRejectedValue(new DOMException("", "NotAllowedError"));
    await keepConnection(paired);
    await refresh(paired);
    await open();
    act(() => find("grab")?.click());
    await eventually(() => expect(find("copy-failed")).not.toBeNull());
    expect(find("copy-failed")?.querySelector("input")?.value).toBe(server.rows[0]!.url);
    expect(find("announcer")?.textContent).toContain("did not allow copying");
    refused.mockRestore();
    act(() => find("grab")?.click());
    await eventually(() => expect(find("copied")).not.toBeNull());
    expect(server.rows).toHaveLength(1);
  });
});
