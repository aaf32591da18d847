import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapley, shapleyOf, shapleyOrdered } from "../../shared/judge/shapley.ts";
import { anyWritten, conversionsOf, numberOf, pathsOf, type Written } from "./learned.paths.ts";

interface Case {
  readonly says: string;
  readonly payees: number;
  readonly paths: readonly Written[];
  readonly credits: readonly string[];
  readonly ordered: readonly (readonly string[])[];
}

const vectors: { readonly shapley: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../vectors/learned.json", import.meta.url), "utf8"),
);
const sumOf = (all: Iterable<number>): number => [...all].reduce((sum, it) => sum + it, 0);
const close = (found: ArrayLike<number>, expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((it, place) => {
    expect(Math.abs(found[place]! - it)).toBeLessThanOrEqual(1e-12 * Math.max(1, it));
  });
};

/** The textbook: what a payee adds to each set of others, weighed by how often it comes after just them. */
const byDefinition = (payees: number, written: readonly Written[]): readonly number[] => {
  const factorial = (of: number): number => (of < 2 ? 1 : of * factorial(of - 1));
  const sizeOf = (set: number): number => [...set.toString(2)].filter((bit) => bit === "1").length;
  const worth = new Float64Array(2 ** payees);
  for (const { steps, conversions } of written) {
    const on = steps.reduce((set, step) => set | (1 << step), 0);
    for (let set = 0; set < worth.length; set += 1) if (on !== 0 && (on & set) === on) worth[set]! += conversions;
  }
  return Array.from({ length: payees }, (_, payee) => {
    let value = 0;
    for (let set = 0; set < worth.length; set += 1) {
      if ((set & (1 << payee)) !== 0) continue;
      const weight = (factorial(sizeOf(set)) * factorial(payees - sizeOf(set) - 1)) / factorial(payees);
      value += weight * (worth[set | (1 << payee)]! - worth[set]!);
    }
    return value;
  });
};

describe("Shapley credits", () => {
  it.each(vectors.shapley)("$says", ({ payees, paths, credits, ordered }) => {
    expect([...shapley(pathsOf(payees, paths))]).toEqual(credits.map(numberOf));
    const places = shapleyOrdered(pathsOf(payees, paths), ordered[0]!.length).credits;
    expect(places.map((it) => [...it])).toEqual(ordered.map((it) => it.map(numberOf)));
  });

  it("are the Shapley values of the textbook, for up to eight payees", () => {
    const any = fc.integer({ min: 1, max: 8 }).chain((payees) => fc.tuple(fc.constant(payees), anyWritten(payees, 12)));
    fc.assert(
      fc.property(any, ([payees, written]) => {
        close(shapley(pathsOf(payees, written)), byDefinition(payees, written));
      }),
      { numRuns: 40 },
    );
  });

  it("sum to the conversions of the paths that have anybody on them", () => {
    fc.assert(
      fc.property(anyWritten(5), (written) => {
        const led = written.filter(({ steps }) => steps.length > 0);
        close([sumOf(shapley(pathsOf(5, written)))], [conversionsOf(led)]);
      }),
    );
  });

  it("do not grow by repeating oneself, nor depend on the order of touches or paths", () => {
    fc.assert(
      fc.property(anyWritten(5), (written) => {
        const twice = written.map((it) => ({ ...it, steps: [...it.steps, ...it.steps.toReversed()] }));
        expect(shapley(pathsOf(5, twice.toReversed()))).toEqual(shapley(pathsOf(5, written)));
      }),
    );
  });

  it("are nothing for who is on no converting path, alike for who stands alike", () => {
    fc.assert(
      fc.property(anyWritten(4), (written) => {
        const other = [1, 0, 2, 3];
        const both = [...written, ...written.map((it) => ({ ...it, steps: it.steps.map((step) => other[step]!) }))];
        const credits = shapley(pathsOf(5, [...both, { steps: [4, 0], conversions: 0, nulls: 9 }]));
        expect(credits[4]).toBe(0);
        expect(credits[0]).toBe(credits[1]);
      }),
    );
  });

  it("made once say of other counts what those made for them say", () => {
    const [written, counted] = [1, 5].map((conversions) => [{ steps: [0, 1, 0], conversions, nulls: 0 }]);
    const [paths, other] = [pathsOf(2, written!), pathsOf(2, counted!)];
    expect(shapleyOf(paths)({ ...other, steps: paths.steps })).toEqual(shapley(other));
    expect(() => shapleyOf(paths)(other)).toThrow("other paths");
  });
});

describe("Shapley credits by place", () => {
  it("sum over the places to those without places, however few places are told apart", () => {
    fc.assert(
      fc.property(anyWritten(5), fc.integer({ min: 1, max: 8 }), (written, places) => {
        const { credits } = shapleyOrdered(pathsOf(5, written), places);
        expect(credits.map((it) => it.length)).toEqual(new Array(5).fill(places));
        close(credits.map(sumOf), [...shapley(pathsOf(5, written))]);
      }),
    );
  });

  it("lie only where the payee was", () => {
    const { credits } = shapleyOrdered(pathsOf(3, [{ steps: [2, 0, 2], conversions: 4, nulls: 0 }]), 4);
    expect(credits.map((it) => [...it])).toEqual([
      [0, 2, 0, 0],
      [0, 0, 0, 0],
      [1, 0, 1, 0],
    ]);
  });
});
