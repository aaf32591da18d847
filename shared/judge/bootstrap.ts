import { type Dice, dice } from "../kit/chance.ts";
import { must, present } from "../kit/shape.ts";
import { poissons } from "./bootstrap.poisson.ts";
import type { Paths } from "./columns.ts";

/** How often and by which seed paths are thrown again, and which part of what then comes out an interval must hold. */
export interface Throws {
  readonly replicates: number;
  readonly seed: string;
  readonly level: number;
}

/** Between which values each effect lies, by its place. */
export interface Intervals {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** One set of counts that every replicate writes anew, over the steps of the paths themselves. */
const resampling = (paths: Paths): { readonly sample: Paths; readonly again: (next: Dice) => void } => {
  const size = paths.begins.length - 1;
  const [conversions, nulls, values] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const [converted, lapsed] = [poissons(paths.conversions), poissons(paths.nulls)];
  const each = paths.values.map((value, path) => {
    const count = paths.conversions[path] as number;
    return count > 0 ? value / count : 0;
  });
  const isWorth = each.some((value) => value !== 0);
  const isAny = paths.conversions.some((count) => count > 0) || paths.nulls.some((count) => count > 0);
  const isSome = (): boolean => conversions.some((count) => count > 0) || nulls.some((count) => count > 0);
  const again = (next: Dice): void => {
    do {
      converted(next, conversions);
      lapsed(next, nulls);
    } while (isAny && !isSome());
    if (!isWorth) return;
    for (let path = 0; path < size; path += 1) values[path] = (each[path] as number) * (conversions[path] as number);
  };
  return { sample: { ...paths, conversions, nulls, values }, again };
};

/** What all replicates gave one place, in rising order, cut alike at both ends (Davison and Hinkley 1997, chapter 5). */
const cut = (samples: readonly Float64Array[], place: number, level: number): readonly [number, number] => {
  const sorted = Float64Array.from(samples, (sample) => sample[place] as number).sort();
  const outside = Math.max(0, Math.floor(((sorted.length + 1) * (1 - level)) / 2) - 1);
  return [sorted[outside] as number, sorted[sorted.length - 1 - outside] as number];
};

/**
 * Percentile intervals of what `effectsOf` makes of paths, by a Poisson bootstrap (Hanley and MacGibbon 2006, Computer
 * Methods and Programs in Biomedicine 83): in every replicate each journey counts Poisson(1) times, so that a path's count
 * is Poisson with its count as the mean. One `next()` is one replicate and yields how many are done. `effectsOf` gets the
 * same paths each time, with other counts (a replicate without any journey is thrown again), and must not keep them; give
 * it a model made once, such as `markovOf`. Counts are whole. The same paths in the same order, throws and arithmetic
 * give the same bits in every engine; replicate r depends on the seed and on r alone.
 */
export function* bootstrap(
  paths: Paths,
  effectsOf: (paths: Paths) => Float64Array,
  { replicates, seed, level }: Throws,
): Generator<number, Intervals> {
  must(
    Number.isInteger(replicates) && replicates > 0 && level > 0 && level < 1,
    "an interval of no replicates or level",
  );
  const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
  must(paths.conversions.every(isCount) && paths.nulls.every(isCount), "a count that is not whole");
  const { sample, again } = resampling(paths);
  const samples: Float64Array[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    again(dice("bootstrap", seed, String(replicate)));
    samples.push(effectsOf(sample).slice());
    yield samples.length;
  }
  const cuts = Array.from(present(samples[0], "a replicate"), (_, place) => cut(samples, place, level));
  return { lower: Float64Array.from(cuts, ([lower]) => lower), upper: Float64Array.from(cuts, ([, upper]) => upper) };
}

/** `bootstrap`, all at once. */
export const intervalsOf = (paths: Paths, effectsOf: (paths: Paths) => Float64Array, throws: Throws): Intervals => {
  const running = bootstrap(paths, effectsOf, throws);
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
  }
};
