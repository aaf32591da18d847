import { describe, expect, it } from "vitest";
import type { Terms } from "../../shared/contract/terms.ts";
import { type ResultShare, statement } from "../../shared/pay/statement.ts";
import { vectors } from "./evidence.ts";

const JANUARY = Date.UTC(2026, 0, 10);
const FEBRUARY = Date.UTC(2026, 1, 10);
const MARCH = Date.UTC(2026, 2, 10);

const terms: Terms = {
  ...vectors.terms,
  ends: "2026-02-28",
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1000 }],
};
const lead = (id: string, more: Partial<ResultShare> = {}): ResultShare => ({
  id,
  result: "lead",
  at: JANUARY,
  shareMicro: 1_000_000,
  state: "counted",
  ...more,
});
const takenBack = (id: string, ...reversals: readonly (readonly [at: number, permille: number])[]): ResultShare =>
  lead(id, { reversals: reversals.map(([at, permille]) => ({ at, permille })) });
const corrections = (...shares: readonly ResultShare[]): readonly (readonly [string | undefined, number])[] =>
  statement(terms, shares, MARCH)
    .periods.flatMap(({ lines }) => lines)
    .filter(({ code }) => code === "correction")
    .map(({ conversion, amountMinor }) => [conversion, amountMinor]);

describe("what becomes known of a month that is closed", () => {
  it("at one instant is told by conversion, in whatever order it arrived", () => {
    const told = [
      ["a", -1000],
      ["b", -500],
      ["c", -250],
    ];
    const [a, b, c] = [
      takenBack("a", [FEBRUARY, 1000]),
      takenBack("b", [FEBRUARY, 500]),
      takenBack("c", [FEBRUARY, 250]),
    ];
    for (const order of [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ])
      expect(corrections(...order)).toEqual(told);
  });

  it("is told in the order in which it became known, whatever the conversions are called", () => {
    const [late, later] = [takenBack("z", [FEBRUARY, 1000]), takenBack("a", [FEBRUARY + 1, 1000])];
    expect(corrections(late, later).map(([id]) => id)).toEqual(["z", "a"]);
    expect(corrections(later, late).map(([id]) => id)).toEqual(["z", "a"]);
  });

  it("of one conversion is told as it went: counted, then taken back piece by piece", () => {
    const counted = lead("a", {
      countedAt: FEBRUARY,
      reversals: [
        { at: FEBRUARY, permille: 100 },
        { at: FEBRUARY, permille: 300 },
      ],
    });
    expect(corrections(counted)).toEqual([
      ["a", 1000],
      ["a", -300],
      ["a", -100],
    ]);
  });

  it("is worded by what became of it: counted late, shared anew, taken back", () => {
    const it = lead("a", {
      countedAt: FEBRUARY,
      restated: [
        { at: FEBRUARY + 1, shareMicro: 250_000 },
        { at: FEBRUARY + 3, shareMicro: 0 },
        { at: FEBRUARY + 4, shareMicro: 500_000 },
      ],
      reversals: [{ at: FEBRUARY + 2, permille: 500 }],
    });
    const span = "lead a of 2026-01-01 to 2026-01-31";
    const lines = statement(terms, [it], MARCH).periods[1]!.lines.filter(({ code }) => code === "correction");
    expect(lines.map(({ because, amountMinor }) => [because, amountMinor])).toEqual([
      [`${span}, counted late`, 1000],
      [`${span}, shared anew`, -750],
      [`${span}, taken back`, -125],
      [`${span}, shared anew`, -125],
      [`${span}, shared anew`, 250],
    ]);
  });

  it("names no conversion whose share stayed as it was", () => {
    const same = { at: FEBRUARY, shareMicro: 1_000_000 };
    expect(corrections(lead("a", { restated: [same] }), lead("b", { restated: [] }))).toEqual([]);
    expect(
      corrections(takenBack("c", [FEBRUARY, 1000]), lead("d", { restated: [{ ...same, shareMicro: 0 }] })),
    ).toEqual([
      ["c", -1000],
      ["d", -1000],
    ]);
  });

  it("names no conversion from which nothing was taken back", () => {
    expect(corrections(lead("a"), lead("b", { reversals: [] }), takenBack("c", [FEBRUARY, 0]))).toEqual([]);
  });
});
