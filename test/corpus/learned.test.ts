import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Paths } from "../../shared/judge/columns.ts";
import { creditsOf, markov, markovOf } from "../../shared/judge/markov.ts";
import { shapley, shapleyOrdered } from "../../shared/judge/shapley.ts";
import { pathsOf, type Written } from "../laws/learned.paths.ts";

const corpus = process.env.MAKEGOOD_CORPUS;
const read = (file: string): string => readFileSync(join(corpus ?? ".", "attribution", file), "utf8");
const sumOf = (all: Iterable<number>): number => [...all].reduce((sum, it) => sum + it, 0);
const furthest = (found: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((it, place) => Math.abs(found[place]! - it)));

describe.skipIf(corpus === undefined)("ten thousand published paths of twelve channels", () => {
  const CONVERSIONS = 19_785;
  const JOURNEYS = CONVERSIONS + 68_602;

  const published = (): { readonly paths: Paths; readonly channels: readonly string[] } => {
    const [, ...lines] = read("channelattribution_PathData.csv").trim().split("\n");
    const channels: string[] = [];
    const placeOf = (name: string): number =>
      channels.includes(name) ? channels.indexOf(name) : channels.push(name) - 1;
    const written = lines.map((line): Written => {
      const [path = "", conversions, value, nulls] = line.split(";");
      const steps = path.split(" > ").map(placeOf);
      return { steps, conversions: Number(conversions), nulls: Number(nulls), value: Number(value) };
    });
    return { paths: pathsOf(channels.length, written), channels };
  };

  interface Solved {
    readonly base: number;
    readonly states: number;
    readonly removal_effect: Readonly<Record<string, number>>;
    readonly conversions: Readonly<Record<string, number>>;
    readonly value: Readonly<Record<string, number>>;
  }

  it.each([1, 2] as const)("have at order %i the removal effects an exact solve found", (order) => {
    const { paths, channels } = published();
    const solved: Solved = JSON.parse(read(`exact_markov_o${order}_null1.json`));
    const of = (figures: Readonly<Record<string, number>>) => channels.map((name) => figures[name]!);
    const { base, states, effects } = markov(paths, order);
    expect(states).toBe(solved.states);
    expect(Math.abs(base - solved.base)).toBeLessThan(1e-14);
    expect(furthest(effects, of(solved.removal_effect))).toBeLessThan(1e-12);
    expect(furthest(creditsOf(CONVERSIONS, effects), of(solved.conversions))).toBeLessThan(1e-9);
    const worth = markovOf(paths, order, ({ values }) => values)(paths);
    expect(furthest(creditsOf(sumOf(Object.values(solved.value)), worth.effects), of(solved.value))).toBeLessThan(1e-9);
  });

  it.each([
    [1, 13, 5344.948],
    [2, 121, 5617.454],
    [3, 934, 5748.099],
  ] as const)("convert at order %i as often as they did, over %i states", (order, states, alpha) => {
    const { paths, channels } = published();
    const found = markov(paths, order);
    expect(found.states).toBe(states);
    expect(Math.abs(found.base - CONVERSIONS / JOURNEYS)).toBeLessThan(1e-15);
    expect(creditsOf(CONVERSIONS, found.effects)[channels.indexOf("alpha")]).toBeCloseTo(alpha, 3);
  });

  it("are shared whole by Shapley, with places and without", () => {
    const { paths } = published();
    const credits = shapley(paths);
    expect(sumOf(credits)).toBeCloseTo(CONVERSIONS, 8);
    expect(furthest(shapleyOrdered(paths, 20).credits.map(sumOf), [...credits])).toBeLessThan(1e-9);
  });
});

describe.skipIf(corpus === undefined)("a published sample of 2 392 journeys with ordered Shapley values", () => {
  const CONVERTED = 21;
  const PLACES = 20;

  const journeys = (): readonly (readonly number[])[] =>
    read("ianchute_sample.csv")
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(",").filter((cell) => cell !== "" && Number(cell) !== CONVERTED))
      .map((cells) => cells.map((cell) => Number(cell) - 1));

  const table = (): readonly (readonly number[])[] => {
    const results: Readonly<Record<string, readonly number[]>> = JSON.parse(read("ianchute_sample_result.json"));
    return Array.from({ length: 20 }, (_, channel) => results[`Channel ${channel + 1}`] ?? []);
  };

  /** What the publication computes: every occurrence gets a whole channel's part. */
  const undivided = (paths: readonly (readonly number[])[]): readonly (readonly number[])[] => {
    const credits = Array.from({ length: 20 }, () => new Array<number>(PLACES).fill(0));
    for (const steps of paths) {
      for (const [place, channel] of steps.entries()) credits[channel]![place]! += 1 / new Set(steps).size;
    }
    return credits;
  };

  const repeats = (steps: readonly number[]): boolean => new Set(steps).size < steps.length;
  const credited = (paths: readonly (readonly number[])[]) =>
    shapleyOrdered(
      pathsOf(
        20,
        paths.map((steps) => ({ steps, conversions: 1, nulls: 0 })),
      ),
      PLACES,
    ).credits;

  it("is read as it was: without dividing by repeats every published value comes out", () => {
    const [found, results] = [undivided(journeys()), table()];
    expect(results.map(({ length }) => length)).toEqual(new Array(20).fill(19));
    results.forEach((places, channel) => {
      expect(furthest(found[channel]!, places)).toBeLessThan(1e-9);
    });
    expect(sumOf(results.flat())).toBeCloseTo(2527.62, 2);
  });

  it("shares exactly its 2 392 conversions when repeats share one part", () => {
    const paths = journeys();
    expect(paths.length).toBe(2392);
    expect(sumOf(credited(paths).map(sumOf))).toBeCloseTo(2392, 9);
  });

  it("has the published value wherever nobody repeats, and less only where somebody does", () => {
    const paths = journeys();
    const [ours, results] = [credited(paths), table()];
    // What the publication gave away twice is what these journeys alone gave, undivided, beyond their one conversion.
    const again = paths.filter(repeats);
    const [theirs, shared] = [undivided(again), credited(again)];
    results.forEach((places, channel) => {
      const corrected = places.map((it, place) => it - theirs[channel]![place]! + shared[channel]![place]!);
      expect(furthest(ours[channel]!, corrected)).toBeLessThan(1e-9);
      places.forEach((it, place) => {
        expect(ours[channel]![place]!).toBeLessThanOrEqual(it + 1e-9);
      });
    });
    expect(again.length).toBeGreaterThan(0);
  });
});
