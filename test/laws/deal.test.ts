// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.

import { describe, expect, it } from "vitest";
import type { Remedy, Terms } from "../../shared/contract/terms.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { afterlifeMs, dealOf, endedBy, reachesOn, stretchOf } from "../../shared/pay/deal.ts";
import { vectors } from "./evidence.ts";

const terms: Terms = { ...vectors.terms, timeZone: "UTC", starts: "2026-01-01", ends: "2026-03-31" };
const days = (versions: readonly Terms[]) =>
  dealOf(versions).stretches.map((it) => it.periods.map(({ index, starts, ends }) => [index, starts, ends]));
const guaranteed = (remedy: Remedy, more: object = {}): Terms => ({
  ...terms,
  guarantee: { result: "lead", target: 5, per: "period", remedy, ...more },
});
const window = (length: number, then?: Remedy): Remedy => ({ kind: "makeGood", days: length, ...(then && { then }) });

describe("terms that are ended early", () => {
  it("last to the day that was agreed, and never longer than they were signed for", () => {
    expect(endedBy(terms, "2026-02-10").ends).toBe("2026-02-10");
    expect(endedBy(terms, "2026-06-30")).toEqual(terms);
  });
});

describe("the versions of a contract", () => {
  it("each hold until the day before the next one, and count their periods on", () => {
    expect(days([terms, { ...terms, starts: "2026-02-01", ends: "2026-04-30" }])).toEqual([
      [[0, "2026-01-01", "2026-01-31"]],
      [
        [1, "2026-02-01", "2026-02-28"],
        [2, "2026-03-01", "2026-03-31"],
        [3, "2026-04-01", "2026-04-30"],
      ],
    ]);
  });

  it("leave a gap where the next one starts after the end: nobody signed for that time", () => {
    const january = { ...terms, ends: "2026-01-31" };
    expect(days([january, { ...terms, starts: "2026-03-01" }])).toEqual([
      [[0, "2026-01-01", "2026-01-31"]],
      [[1, "2026-03-01", "2026-03-31"]],
    ]);
    expect(days([january, { ...terms, starts: "2026-01-31", ends: "2026-01-31" }])).toEqual([
      [[0, "2026-01-01", "2026-01-30"]],
      [[1, "2026-01-31", "2026-01-31"]],
    ]);
  });

  it("have no periods where the next one leaves them no day", () => {
    const second = { ...terms, starts: "2026-02-01" };
    const deal = dealOf([terms, second, { ...second, ends: "2026-02-28" }]);
    expect(deal.stretches.map((it) => it.periods.length)).toEqual([1, 0, 1]);
    expect(deal.periods.map(({ index }) => index)).toEqual([0, 1]);
    expect(deal.periods.map((it) => stretchOf(deal, it).terms.ends)).toEqual(["2026-01-31", "2026-02-28"]);
  });
});

describe("a missed guarantee", () => {
  it("may be made good for as long as all its windows last, one after another", () => {
    expect(afterlifeMs(terms)).toBe(0);
    expect(afterlifeMs(guaranteed({ kind: "proRata" }))).toBe(0);
    expect(afterlifeMs(guaranteed(window(14)))).toBe(14 * DAY_MS);
    const all = window(14, { kind: "carryOver", then: window(7, { kind: "proRata" }) });
    expect(afterlifeMs(guaranteed(all))).toBe(21 * DAY_MS);
  });

  it.each([
    ["there is none", terms, false],
    ["it reduces the fee", guaranteed({ kind: "proRata" }), false],
    ["it costs nothing", guaranteed({ kind: "none" }), false],
    ["it is made good", guaranteed(window(7)), true],
    ["it is carried over", guaranteed({ kind: "carryOver" }), true],
    ["it is carried over, and then made good", guaranteed({ kind: "carryOver", then: window(7) }), true],
    ["it is for the whole flight of months", guaranteed({ kind: "proRata" }, { per: "flight" }), true],
    ["it is for a flight of one", { ...guaranteed({ kind: "proRata" }, { per: "flight" }), period: "flight" }, false],
    ["it is for each period, and there is one", { ...guaranteed({ kind: "proRata" }), period: "flight" }, false],
  ] as const)("reaches beyond its own period or not: %s", (_, it, reaches) => {
    expect(reachesOn(it)).toBe(reaches);
  });
});
