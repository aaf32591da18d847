import { must } from "../kit/shape.ts";
import type { Paths } from "./columns.ts";
import { ranked } from "./ranks.ts";

/** Equal parts of conversions, counted before they are added: `parts` of them to a slot, `1 / parts` of a conversion each. */
interface Slots {
  /** For each claim of each path, path after path, the slot it counts into. */
  readonly places: Int32Array;
  readonly begins: Int32Array;
  /** For each slot who gets it and into how many parts its conversions go. */
  readonly owners: Int32Array;
  readonly parts: Float64Array;
}

/** Who claims a part of a path, and one over which part: a slot is told by owner and parts. */
type Claims = (path: number, claim: (owner: number, parts: number) => void) => void;

const slotsOf = (paths: number, owners: number, claims: Claims): Slots => {
  const keys: number[] = [];
  const begins = new Int32Array(paths + 1);
  for (let path = 0; path < paths; path += 1) {
    claims(path, (owner, parts) => keys.push(parts * owners + owner));
    begins[path + 1] = keys.length;
  }
  const { distinct, places } = ranked(Float64Array.from(keys));
  const owner = Int32Array.from(distinct, (key) => key % owners);
  return { places, begins, owners: owner, parts: distinct.map((key) => Math.floor(key / owners)) };
};

/** What each owner gets of so many conversions a path. Counted in whole conversions first: alike in any order of paths. */
const shared = ({ places, begins, owners, parts }: Slots, conversions: Float64Array, into: Float64Array): void => {
  const counts = new Float64Array(parts.length);
  for (let path = 0; path < begins.length - 1; path += 1) {
    const count = conversions[path] as number;
    if (count === 0) continue;
    for (let claim = begins[path] as number; claim < (begins[path + 1] as number); claim += 1) {
      const slot = places[claim] as number;
      counts[slot] = (counts[slot] as number) + count;
    }
  }
  counts.forEach((count, slot) => {
    const owner = owners[slot] as number;
    into[owner] = (into[owner] as number) + count / (parts[slot] as number);
  });
};

/** How often each payee is on a path, in the order of their first touches. */
const frequencies = ({ begins, steps }: Paths, path: number): ReadonlyMap<number, number> => {
  const times = new Map<number, number>();
  for (let step = begins[path] as number; step < (begins[path + 1] as number); step += 1) {
    const payee = steps[step] as number;
    times.set(payee, (times.get(payee) ?? 0) + 1);
  }
  return times;
};

/**
 * `shapley` for many counts of the same paths: what it answers takes paths with the very `steps` these have and other
 * counts, and does again only what depends on them.
 */
export const shapleyOf = (paths: Paths): ((counted: Paths) => Float64Array) => {
  const slots = slotsOf(paths.begins.length - 1, paths.payees, (path, claim) => {
    const times = frequencies(paths, path);
    for (const payee of times.keys()) claim(payee, times.size);
  });
  return ({ steps, conversions }) => {
    must(steps === paths.steps, "counts of other paths than these");
    const credits = new Float64Array(paths.payees);
    shared(slots, conversions, credits);
    return credits;
  };
};

/**
 * Conversions of each payee by its Shapley value in the game where a set of payees is worth the conversions of the paths
 * they are enough for: a path's conversions in equal parts to all who are on it, once each however often it repeats (Zhao
 * et al. 2018, arXiv:1804.05327). Sums to the conversions of all paths that are not empty.
 */
export const shapley = (paths: Paths): Float64Array => shapleyOf(paths)(paths);

/** `shapleyOrdered` for many counts of the same paths, as `shapleyOf` is of `shapley`. */
export const shapleyOrderedOf = (
  paths: Paths,
  places: number,
): ((counted: Paths) => { readonly credits: readonly Float64Array[] }) => {
  must(Number.isInteger(places) && places > 0, "credits for no place at all");
  const slots = slotsOf(paths.begins.length - 1, paths.payees * places, (path, claim) => {
    const times = frequencies(paths, path);
    const from = paths.begins[path] as number;
    for (let step = from; step < (paths.begins[path + 1] as number); step += 1) {
      const payee = paths.steps[step] as number;
      claim(payee * places + Math.min(step - from, places - 1), times.size * (times.get(payee) ?? 1));
    }
  });
  return ({ steps, conversions }) => {
    must(steps === paths.steps, "counts of other paths than these");
    const all = new Float64Array(paths.payees * places);
    shared(slots, conversions, all);
    const credits = Array.from({ length: paths.payees }, (_, payee) =>
      all.subarray(payee * places, (payee + 1) * places),
    );
    return { credits };
  };
};

/**
 * `shapley`, told by the place a touch has on its path: `credits[payee][place]`, the last place with all beyond it. A
 * payee's part of a path is spread evenly over its touches there, so that places sum to `shapley` and repeats gain
 * nothing (Zhao et al. 2018, divided by the repeats its publications leave out).
 */
export const shapleyOrdered = (paths: Paths, places: number): { readonly credits: readonly Float64Array[] } =>
  shapleyOrderedOf(paths, places)(paths);
