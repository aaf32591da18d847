import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { poissons } from "../../shared/judge/bootstrap.poisson.ts";
import { bootstrap, intervalsOf } from "../../shared/judge/bootstrap.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { markovOf } from "../../shared/judge/markov.ts";
import { shapleyOf } from "../../shared/judge/shapley.ts";
import { below, type Dice, dice } from "../../shared/kit/chance.ts";
import { pathsOf, type Written } from "./learned.paths.ts";

interface Case {
  readonly says: string;
  readonly order: 1 | 2 | 3;
  readonly payees: number;
  readonly paths: readonly Written[];
  readonly replicates: number;
  readonly seed: string;
  readonly level: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

const vectors: { readonly bootstrap: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../vectors/learned.json", import.meta.url), "utf8"),
);

const some = pathsOf(4, [
  { steps: [0, 1], conversions: 40, nulls: 100 },
  { steps: [2, 1, 2], conversions: 25, nulls: 70 },
  { steps: [2], conversions: 3, nulls: 90 },
  { steps: [1, 0], conversions: 130, nulls: 20 },
  { steps: [], conversions: 5, nulls: 5 },
]);
const effectsOf = (paths: Paths, order: 1 | 2 | 3 = 1) => {
  const model = markovOf(paths, order);
  return (counted: Paths): Float64Array => model(counted).effects;
};
const throws = { replicates: 200, seed: "spring", level: 0.95 };

describe("an interval by bootstrap", () => {
  it.each(vectors.bootstrap)("$says", ({ order, payees, paths, lower, upper, ...rest }) => {
    const own = pathsOf(payees, paths);
    const found = intervalsOf(own, effectsOf(own, order), rest);
    expect([[...found.lower], [...found.upper]]).toEqual([lower, upper]);
  });

  it("is the same for the same seed, and another for another", () => {
    const found = intervalsOf(some, effectsOf(some), throws);
    expect(intervalsOf(some, effectsOf(some), throws)).toEqual(found);
    expect(intervalsOf(some, effectsOf(some), { ...throws, seed: "autumn" })).not.toEqual(found);
  });

  it.each([1, 2, 3] as const)("holds the effect itself, and lies between nothing and all (order %i)", (order) => {
    const effects = effectsOf(some, order)(some);
    const { lower, upper } = intervalsOf(some, effectsOf(some, order), throws);
    effects.forEach((effect, payee) => {
      expect(0 <= lower[payee]! && lower[payee]! <= effect && effect <= upper[payee]! && upper[payee]! <= 1).toBe(true);
    });
    expect([lower[3], upper[3]]).toEqual([0, 0]);
    expect(upper[2]! - lower[2]!).toBeGreaterThan(0.01);
  });

  it("is wider the less it may miss, and narrower the more is known", () => {
    const width = (paths: Paths, level: number): number => {
      const { lower, upper } = intervalsOf(paths, effectsOf(paths), { ...throws, level });
      return upper[2]! - lower[2]!;
    };
    const tenfold = {
      ...some,
      conversions: some.conversions.map((it) => it * 10),
      nulls: some.nulls.map((it) => it * 10),
    };
    expect(width(some, 0.8)).toBeLessThan(width(some, 0.95));
    expect(width(tenfold, 0.95)).toBeLessThan(width(some, 0.95) / 2);
  });

  it("has no width where every sample says the same", () => {
    const alone = pathsOf(2, [{ steps: [1], conversions: 2, nulls: 0 }]);
    const { lower, upper } = intervalsOf(alone, effectsOf(alone), throws);
    expect([...lower, ...upper]).toEqual([0, 1, 0, 1]);
  });

  it("is nothing where there are no journeys at all", () => {
    const none = pathsOf(2, [{ steps: [1], conversions: 0, nulls: 0 }]);
    expect([...intervalsOf(none, effectsOf(none), throws).upper]).toEqual([0, 0]);
  });

  it("is made one sample a step, each told, and out of counts over the very same paths", () => {
    const seen: Paths[] = [];
    const running = bootstrap(some, (paths) => Float64Array.of(seen.push(paths)), { ...throws, replicates: 3 });
    expect([running.next(), running.next(), running.next()].map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(running.next()).toEqual({ done: true, value: { lower: Float64Array.of(1), upper: Float64Array.of(3) } });
    expect(seen.every(({ steps, begins }) => steps === some.steps && begins === some.begins)).toBe(true);
  });

  it("throws worth along with the conversions that brought it", () => {
    const priced = pathsOf(1, [{ steps: [0], conversions: 4, nulls: 2, value: 1000 }]);
    const each = ({ values, conversions }: Paths) =>
      Float64Array.of(conversions[0]! === 0 ? 250 : values[0]! / conversions[0]!);
    expect(intervalsOf(priced, each, throws)).toEqual({ lower: Float64Array.of(250), upper: Float64Array.of(250) });
  });

  it("does not take counts that are not whole", () => {
    const half = pathsOf(1, [{ steps: [0], conversions: 0.5, nulls: 0 }]);
    expect(() => intervalsOf(half, effectsOf(half), throws)).toThrow("not whole");
  });

  it("holds what is true about as often as it says", () => {
    // Three kinds of journeys in known parts: 1 of 10 by a alone, 2 of 10 by a and b, 7 of 10 convert for nobody's credit.
    const drawn = (next: Dice): readonly number[] => {
      const counts = [0, 0, 0];
      for (let journey = 0; journey < 300; journey += 1) {
        const kind = [0, 1, 1, 2, 2, 2, 2, 2, 2, 2][below(next, 10)]!;
        counts[kind] = counts[kind]! + 1;
      }
      return counts;
    };
    const next = dice("coverage");
    const holds = Array.from({ length: 100 }, (_, round) => {
      const [alone, both, rest] = drawn(next) as [number, number, number];
      const paths = pathsOf(3, [
        { steps: [0], conversions: alone, nulls: 0 },
        { steps: [0, 1], conversions: both, nulls: 0 },
        { steps: [2], conversions: 0, nulls: rest },
      ]);
      const { lower, upper } = intervalsOf(paths, shapleyOf(paths), { ...throws, seed: String(round) });
      return [60, 30].map((credits, payee) => lower[payee]! <= credits && credits <= upper[payee]!);
    });
    for (const payee of [0, 1]) {
      const share = holds.filter((it) => it[payee]).length;
      expect(share).toBeGreaterThanOrEqual(86);
    }
  });
});

describe("Poisson numbers", () => {
  it.each([1, 2, 63, 64, 100, 4197, 2_500_000])("of mean %i have that mean, and as much spread", (mean) => {
    const TIMES = 20_000;
    const into = new Float64Array(TIMES);
    poissons(new Float64Array(TIMES).fill(mean))(dice("poisson", String(mean)), into);
    const average = into.reduce((sum, it) => sum + it, 0) / TIMES;
    const spread = into.reduce((sum, it) => sum + (it - average) ** 2, 0) / TIMES;
    expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(mean / TIMES));
    expect(Math.abs(spread / mean - 1)).toBeLessThan(0.06);
    expect(into.every((it) => Number.isInteger(it) && it >= 0)).toBe(true);
  });

  it("of mean one come as often as one over e times one over their factorial", () => {
    const TIMES = 100_000;
    const into = new Float64Array(TIMES);
    poissons(new Float64Array(TIMES).fill(1))(dice("one"), into);
    for (const [count, chance] of [0.367879, 0.367879, 0.18394, 0.061313, 0.015328].entries()) {
      const share = into.filter((it) => it === count).length / TIMES;
      expect(Math.abs(share - chance)).toBeLessThan(4 * Math.sqrt(chance / TIMES));
    }
  });

  it("of mean nothing are nothing", () => {
    const into = Float64Array.of(7);
    poissons(Float64Array.of(0))(dice("none"), into);
    expect([...into]).toEqual([0]);
  });
});
