import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Paths } from "../../shared/judge/columns.ts";
import { markov } from "../../shared/judge/markov.ts";
import { promisesOf } from "../../shared/judge/models.ts";
import { shapley, shapleyOrdered } from "../../shared/judge/shapley.ts";

/** Paths as rows: who, how often with a conversion, how often with nothing. */
const pathsOf = (
  ...rows: readonly (readonly [steps: readonly number[], conversions: number, nulls: number])[]
): Paths => {
  const begins = [0];
  for (const [steps] of rows) begins.push((begins.at(-1) ?? 0) + steps.length);
  return {
    payees: 5,
    begins: Int32Array.from(begins),
    steps: Int32Array.from(rows.flatMap(([steps]) => steps)),
    conversions: Float64Array.from(rows, ([, conversions]) => conversions),
    nulls: Float64Array.from(rows, ([, , nulls]) => nulls),
    values: new Float64Array(rows.length),
  };
};

describe("visits that lead to nothing, in the past that weights are fitted on", () => {
  const row = fc.tuple(fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }), fc.nat(9), fc.nat(9));

  it("weigh nothing by Shapley, by place or not", () => {
    expect([promisesOf({ model: "shapley" }), promisesOf({ model: "shapley", ordered: true })]).toMatchObject([
      { nullVisits: true },
      { nullVisits: true },
    ]);
    const nulls = fc.tuple(
      fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
      fc.constant(0),
      fc.integer({ min: 1, max: 999 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.array(nulls, { maxLength: 4 }), (rows, idle) => {
        expect(shapley(pathsOf(...rows, ...idle))).toEqual(shapley(pathsOf(...rows)));
        const places = ({ credits }: ReturnType<typeof shapleyOrdered>) => credits.map((it) => [...it]);
        expect(places(shapleyOrdered(pathsOf(...rows, ...idle), 3))).toEqual(
          places(shapleyOrdered(pathsOf(...rows), 3)),
        );
      }),
    );
  });

  it("raise the weight of their own payee by Markov, which weighs how journeys begin: at every order", () => {
    expect(promisesOf({ model: "markov" }).nullVisits).toBe(false);
    const part = (order: 1 | 2 | 3, paths: Paths, payee: number): number => {
      const { effects } = markov(paths, order);
      return effects[payee]! / effects.reduce((sum, effect) => sum + effect, 0);
    };
    // The payee in place 1 is the last of ten converting journeys; a hundred more journeys of its own lead to nothing.
    const journey = [4, 3, 2, 1];
    for (const order of [1, 2, 3] as const) {
      const own = journey.slice(-order);
      const conversions = [journey.slice(-order - 1), 10, 0] as const;
      const [was, is] = [pathsOf(conversions), pathsOf(conversions, [own, 0, 100])];
      expect(part(order, was, 1)).toBeCloseTo(1 / (order + 1), 9);
      expect(part(order, is, 1)).toBeCloseTo(1 / (order + 1 / 11), 9);
    }
  });
});
