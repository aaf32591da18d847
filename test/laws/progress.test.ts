import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Terms } from "../../shared/contract/terms.ts";
import { ladders } from "../../shared/pay/progress.ts";
import { portion, type Volumes } from "../../shared/pay/volume.ts";
import { anyTerms, vectors } from "./evidence.ts";

const climb = (measure: "count" | "value", froms: readonly number[]): Terms =>
  ({
    ...vectors.terms,
    pay: [
      { rule: "fixed", amountMinor: 1, per: "period" },
      {
        rule: "tiered",
        result: measure === "count" ? "lead" : "sale",
        measure,
        mode: "marginal",
        steps: froms.map((from) => (measure === "count" ? { from, amountMinor: 1000 } : { from, rateBp: 400 })),
      },
    ],
  }) as unknown as Terms;

/** Volumes of so many millionths of a lead. */
const leads = (micro: number): Volumes => new Map([["lead", portion(micro, 1000, undefined)]]);

describe("how far a period has climbed its ladder of tiers", () => {
  it.each([
    [0, 1, 50_000_000],
    [49_000_000, 1, 1_000_000],
    [49_999_999, 1, 1],
    [50_000_000, 2, 50_000_000],
    [50_000_001, 2, 49_999_999],
    [99_500_000, 2, 500_000],
    [100_000_000, 3, null],
    [250_000_000, 3, null],
  ])("at %i millionths of a lead it is on step %i of 0, 50, 100, with %s to the next", (micro, reached, toNext) => {
    const [ladder] = ladders(climb("count", [0, 50, 100]), leads(micro));
    expect(ladder).toMatchObject({ rule: 1, result: "lead", measure: "count", volume: micro, toNext });
    expect(ladder!.steps.filter((step) => step.reached).length).toBe(reached);
  });

  it("shows a step as reached only when it is: what is missing is never rounded away", () => {
    // Half a thousandth of a millionth below fifty, after a refund of one per mille of one millionth.
    const almost: Volumes = new Map([["lead", { countNano: 49_999_999_999n, valueNano: 0n }]]);
    const [ladder] = ladders(climb("count", [0, 50]), almost);
    expect(ladder).toMatchObject({ volume: 49_999_999, toNext: 1 });
    expect(ladder!.steps.map(({ reached }) => reached)).toEqual([true, false]);
  });

  it("measures value in whole minor units", () => {
    const [ladder] = ladders(climb("value", [0, 20_000]), new Map([["sale", portion(500_000, 1000, 19_999)]]));
    expect(ladder).toMatchObject({ measure: "value", volume: 9_999, toNext: 10_001 });
  });

  it("knows nothing of other results", () => {
    const [ladder] = ladders(climb("count", [0, 50]), new Map([["sale", portion(1_000_000, 1000, 1)]]));
    expect(ladder).toMatchObject({ volume: 0, toNext: 50_000_000 });
  });

  it("has one ladder for each tiered rule, whose volume and what is missing add up to the next step", () => {
    const micro = fc.integer({ min: 0, max: 20_000_000 });
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(anyTerms, micro, fc.integer({ min: 0, max: 9_999 }), (terms, amount, valueMinor) => {
        const volumes: Volumes = new Map(["lead", "sale"].map((it) => [it, portion(amount, 997, valueMinor)]));
        const all = ladders(terms, volumes);
        expect(all.map(({ rule }) => rule)).toEqual(
          terms.pay.flatMap(({ rule }, index) => (rule === "tiered" ? [index] : [])),
        );
        for (const { steps, volume, toNext, measure } of all) {
          const next = steps.find(({ reached }) => !reached);
          const unit = measure === "count" ? 1_000_000 : 1;
          expect(toNext === null ? undefined : volume + toNext).toBe(next && next.from * unit);
          expect(toNext ?? 1).toBeGreaterThan(0);
          seen.add(next === undefined);
        }
      }),
    );
    expect(seen.size).toBe(2);
  });
});
