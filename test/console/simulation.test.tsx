// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asUsual, openPainter, readExpected, written } from "../../server/console/kit/simulate.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { openDesk } from "./desk.ts";
import { count, it$, type, visit } from "./screen.tsx";
import { contracts } from "./world.ts";

afterEach(() => vi.unstubAllGlobals());

const terms = contracts[0]!.terms as unknown as Json;
const soon = (read: () => unknown) => expect.poll(read, { timeout: 10_000 });
const state = () => it$("simulation-state").dataset.state;
const shown = () => soon(state).toBe("shown");

describe("what is expected", () => {
  it("comes back from an address as it was written into it", () => {
    const expected = {
      seed: 7,
      per: { lead: { meanMicro: 60_000_000, swingBp: 0 }, "big-sale": { valueMinor: 9900 } },
    };
    expect(readExpected(written(expected))).toEqual(expected);
    expect(written(asUsual)).toBe("");
  });

  it.each(["", "x", "-1_lead.1", "1_LEAD.5", "1_lead.99999999999999999.99999..", "1_constructor!"])(
    "what cannot be read in an address is as usual: %j",
    (text) => {
      const read = readExpected(text);
      expect(read.seed === 1 || Number.isInteger(read.seed)).toBe(true);
      for (const it of Object.values(read.per)) expect(it.meanMicro ?? 0).toBeLessThanOrEqual(1e11);
    },
  );
});

describe("a painter", () => {
  it("draws only what was asked last, and keeps the last picture while a draft does not hold", async () => {
    const painter = openPainter(5);
    painter.ask(terms, asUsual);
    painter.ask(terms, { ...asUsual, seed: 9 });
    await soon(() => painter.picture.value.made?.seed).toBe(9);
    painter.ask({ ...(terms as object), pay: [] } as Json, asUsual);
    await soon(() => painter.picture.value.state).toBe("refused");
    expect(painter.picture.value.made?.seed).toBe(9);
    painter.close();
  });
});

describe("beside the terms", () => {
  it("a draft shows its picture, drawn again when what is expected changes, and keeps that in the address", async () => {
    await visit(openDesk(), "/contracts/new");
    await shown();
    expect(Number(it$("curve-readout").dataset.volume)).toBe(50);
    await type("expect-lead-mean", "20");
    await soon(() => Number(it$("curve-readout").dataset.volume)).toBe(20);
    expect(location.search).toContain("lead.20000000");
    await type("expect-lead-mean", "many");
    expect(it$("expect-lead-mean").getAttribute("aria-invalid")).toBe("true");
    expect(location.search).toContain("lead.20000000");
  });

  it("the arrow keys read out the curve, result by result", async () => {
    await visit(openDesk(), "/contracts/new");
    await shown();
    const plot = it$("curve").querySelector<HTMLElement>("[role=slider]")!;
    const before = Number(it$("curve-readout").dataset.minor);
    await act(() => void plot.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })));
    expect(Number(it$("curve-readout").dataset.minor) - before).toBe(1200);
    expect(plot.getAttribute("aria-valuenow")).toBe("51");
  });

  it("a step that lowers the pay is told beneath the step and among the warnings", async () => {
    await visit(openDesk(), "/contracts/new");
    await shown();
    const draft = JSON.parse(it$<HTMLTextAreaElement>("terms-json").value);
    const steps = [
      { from: 0, amountMinor: 1200 },
      { from: 40, amountMinor: 900 },
    ];
    draft.pay = [{ rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps }];
    await type("terms-json", JSON.stringify(draft));
    await soon(() => count("dangers")).toBe(1);
    const warning = it$("dangers").querySelector<HTMLElement>("[data-code=pay-falls]")!;
    expect(warning.dataset.volume).toBe("40");
    await soon(() => document.querySelector('[data-at="/pay/0/steps/1"] .warning')?.textContent ?? "").toMatch(
      /pays less|lowers the pay/,
    );
  });

  it("both sides see the same picture of what is on offer, under the same seed", async () => {
    const offered = contracts.find(({ status }) => status === "offered")!;
    const seen: string[] = [];
    for (const who of ["owner", "influencer"] as const) {
      await visit(openDesk(who), `/contracts/${offered.id}`);
      await shown();
      seen.push(JSON.stringify([it$("likely-pay").dataset, it$("missing").dataset, it$("seed").textContent]));
    }
    expect(seen[0]).toBe(seen[1]);
  });
});
