import { bootstrap, type Intervals } from "../../shared/judge/bootstrap.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { markovOf } from "../../shared/judge/markov.ts";
import { shapleyOf, shapleyOrdered } from "../../shared/judge/shapley.ts";
import { must, present } from "../../shared/kit/shape.ts";
import { journeysBy, pathsIn, type Route, renamed } from "./routes.ts";

/** A learned model, as it is fitted. */
export interface Learner {
  readonly model: "markov" | "shapley";
  readonly order: 1 | 2 | 3;
  readonly ordered: boolean;
}

/** What somebody weighs, in whole 10⁻⁹ths of all conversions, with its 95 % interval. */
export interface Weight {
  readonly payee: number;
  readonly effectNano: number;
  readonly lowerNano: number;
  readonly upperNano: number;
  /** On how many journeys they were. */
  readonly journeys: number;
  readonly placesNano?: readonly number[];
}

const WHOLE_NANO = 1_000_000_000;
const nano = (part: number): number => Math.min(WHOLE_NANO, Math.max(0, Math.round(part * WHOLE_NANO)));

const sumOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

type EffectsOf = (paths: Paths) => Float64Array;

/** The effects of everybody as parts of all conversions, for many counts of the same paths. */
const effectsFor = (paths: Paths, { model, order }: Learner): EffectsOf => {
  if (model === "markov") {
    const of = markovOf(paths, order);
    return (counted) => of(counted).effects;
  }
  const of = shapleyOf(paths);
  return (counted) => {
    const all = sumOf(counted.conversions);
    return of(counted).map((credit) => (all > 0 ? credit / all : 0));
  };
};

/** How many payees a model can tell apart in good time; everybody beyond is one. By order, Shapley's last. */
const MOST_PAYEES = { 1: 2000, 2: 150, 3: 50 } as const;
const MOST_SHAPLEY = 2000;

/** How many of them a thousand replicates can be made of at once. */
const MOST_AT_ONCE = { 1: 250, 2: 60, 3: 25 } as const;

/** Those on the most journeys, the house always among them; equals by their place. */
const foremost = (routes: readonly Route[], payees: number, most: number): readonly number[] => {
  const journeys = journeysBy(routes, payees);
  const met = Array.from(journeys.keys()).filter((payee) => (journeys[payee] ?? 0) > 0);
  return met
    .sort((a, b) => Number(b === 0) - Number(a === 0) || (journeys[b] ?? 0) - (journeys[a] ?? 0) || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
};

/** Routes among so many payees, each in its place of the list, and everybody else as one more. */
const among = (routes: readonly Route[], payees: readonly number[]): Paths => {
  const places = new Map(payees.map((payee, place) => [payee, place] as const));
  const others = payees.length;
  return pathsIn(
    renamed(routes, (payee) => places.get(payee) ?? others),
    others + 1,
  );
};

/** About how many ms a fit takes on a small machine: a guess by sizes alone, so that the same paths are thrown as often. */
const guessMs = ({ payees, steps, conversions }: Paths, { model, order }: Learner): number => {
  const counting = (steps.length + conversions.length) * 4e-5;
  if (model === "shapley") return counting;
  const states = order === 1 ? payees : Math.min(payees ** order, steps.length);
  return counting + (order === 1 ? states ** 3 * 6e-7 : states * payees * 5e-4);
};

/** How often paths are thrown again: as often as wished, or what there is time for. */
export interface Patience {
  readonly wished: number;
  readonly least: number;
  readonly budgetMs: number;
}

const replicatesFor = (ms: number, { wished, least, budgetMs }: Patience): number =>
  Math.max(least, Math.min(wished, Math.floor(budgetMs / Math.max(ms, 1e-6))));

const BREATH = 20;

const intervals = async (
  paths: Paths,
  learner: Learner,
  throws: { readonly replicates: number; readonly seed: string },
  breathe: () => Promise<void>,
): Promise<Intervals> => {
  const running = bootstrap(paths, effectsFor(paths, learner), { ...throws, level: 0.95 });
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    if (value % BREATH === 0) await breathe();
  }
};

const batches = (all: readonly number[], size: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

const MOST_PLACES = 20;

const placesOf = (paths: Paths, { model, ordered }: Learner): readonly (readonly number[])[] | undefined => {
  if (model !== "shapley" || !ordered) return undefined;
  const longest = paths.conversions.reduce(
    (most, _, path) => Math.max(most, (paths.begins[path + 1] ?? 0) - (paths.begins[path] ?? 0)),
    1,
  );
  const all = sumOf(paths.conversions);
  const { credits } = shapleyOrdered(paths, Math.min(MOST_PLACES, longest));
  return credits.map((places) => Array.from(places, (credit) => nano(all > 0 ? credit / all : 0)));
};

/** What came of fitting: everybody's weights, as far as they could be told apart. */
export interface Fitted {
  readonly weights: readonly Weight[];
  readonly replicates: number;
}

/** What a model says of routes, without intervals: for each payee's place its effect, and what it weighs at each place of a journey. */
export const pointsOf = (routes: readonly Route[], payees: number, learner: Learner) => {
  const most = learner.model === "markov" ? MOST_PAYEES[learner.order] : MOST_SHAPLEY;
  const kept = foremost(routes, payees, most);
  const paths = among(routes, kept);
  const effects = effectsFor(paths, learner)(paths);
  const places = placesOf(paths, learner);
  return { kept, effects: Array.from(kept, (_, place) => nano(effects[place] ?? 0)), places };
};

/**
 * Fit a learned model on routes, with intervals by throwing the paths again. Of very many payees those on the most journeys
 * are told apart; where even these are too many to be thrown again at once, they are in batches, all others as one, and
 * an interval is as wide, for its effect, as it is in its batch. A function of the routes, their order excepted, and the seed.
 */
export const fitted = async (
  routes: readonly Route[],
  payees: number,
  learner: Learner,
  how: Patience & { readonly seed: string; readonly breathe: () => Promise<void>; readonly most?: number },
): Promise<Fitted> => {
  const atOnce = learner.model === "markov" ? MOST_AT_ONCE[learner.order] : MOST_SHAPLEY;
  const { kept, effects, places } = pointsOf(routes, payees, learner);
  const shown = how.most === undefined ? kept : foremost(routes, payees, how.most);
  const journeys = journeysBy(routes, payees);
  const weights: Weight[] = [];
  const parts = batches(shown, atOnce).map((part) => ({ part, paths: among(routes, part) }));
  const cost = parts.reduce((sum, { paths }) => sum + guessMs(paths, learner), 0);
  const replicates = replicatesFor(cost, how);
  for (const { part, paths } of parts) {
    const points = effectsFor(paths, learner)(paths);
    const { lower, upper } = await intervals(paths, learner, { replicates, seed: how.seed }, how.breathe);
    for (const [place, payee] of part.entries()) {
      const at = kept.indexOf(payee);
      const effectNano = present(effects[at], "the effect of somebody who is told apart");
      const point = points[place] ?? 0;
      // The same paths give the same effect in a batch, but for what becomes of the others by being one.
      const scale = point > 0 ? effectNano / point : 0;
      const lowerNano = Math.min(effectNano, Math.round((lower[place] ?? 0) * scale));
      const upperNano = Math.min(WHOLE_NANO, Math.max(effectNano, Math.round((upper[place] ?? 0) * scale)));
      const own = places?.[at];
      weights.push({
        payee,
        effectNano,
        lowerNano,
        upperNano,
        journeys: journeys[payee] ?? 0,
        ...(own && { placesNano: own }),
      });
    }
  }
  must(weights.length === shown.length, "a weight for everybody shown");
  return { weights, replicates: shown.length === 0 ? 0 : replicates };
};
