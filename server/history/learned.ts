import { bootstrap, type Intervals } from "../../shared/judge/bootstrap.ts";
import { HOUSE_PLACE, type Paths } from "../../shared/judge/columns.ts";
import { creditsOf, markovOf } from "../../shared/judge/markov.ts";
import { shapleyOf, shapleyOrderedOf } from "../../shared/judge/shapley.ts";

/** How a learned model is fitted on a file. */
export interface Fitting {
  readonly model: "markov" | "shapley";
  readonly order: 1 | 2 | 3;
  readonly ordered: boolean;
  /** Are its credits those of all conversions at once, by effects alone, and not journey by journey? */
  readonly isGlobal: boolean;
  readonly replicates: number;
  readonly seed: string;
}

/** What everybody weighs and gets, by place; `conversions` and `values` are parts of the whole. */
export interface Standing {
  readonly effects: Float64Array;
  readonly conversions: Float64Array;
  readonly values: Float64Array;
}

/** A learned model, fitted on the journeys of a file. */
export interface Learned extends Standing {
  readonly fitting: Fitting;
  /** Conversions per journey and states of the chain; nothing for a model without one. */
  readonly chain: { readonly base: number; readonly states: number } | undefined;
  readonly journeys: number;
  readonly counted: number;
  /** What each payee weighs, in whole 10⁻⁹ths. */
  readonly effectsNano: Float64Array;
  readonly placesNano: readonly (readonly number[])[] | undefined;
  /** 95 % intervals; nothing where none were asked for, or where counts are not whole. */
  readonly intervals: { readonly [name in keyof Standing]: Intervals } | undefined;
}

const NANO = 1e9;
const LEVEL = 0.95;
/** Places of a journey that are told apart, the last with all beyond it. */
const MOST_PLACES = 20;

const total = (numbers: Float64Array): number => numbers.reduce((sum, it) => sum + it, 0);

const nano = (effect: number): number => Math.min(NANO, Math.max(0, Math.round(effect * NANO)));

/** What everybody weighs by some counts of the paths, and at each place of a journey where that matters. */
interface Weighing {
  readonly effects: Float64Array;
  readonly places?: readonly Float64Array[] | undefined;
  readonly chain?: Learned["chain"];
}

type Weigh = (paths: Paths) => Weighing;

const parts = (credits: Float64Array, of: number): Float64Array => credits.map((it) => (of > 0 ? it / of : 0));

const weighingOf = (paths: Paths, { model, order, ordered }: Fitting): Weigh => {
  if (model === "markov") {
    const chain = markovOf(paths, order);
    return (counted) => {
      const { base, states, effects } = chain(counted);
      return { effects, chain: { base, states } };
    };
  }
  if (!ordered) {
    const credits = shapleyOf(paths);
    return (counted) => ({ effects: parts(credits(counted), total(counted.conversions)) });
  }
  const credits = shapleyOrderedOf(paths, MOST_PLACES);
  return (counted) => {
    const whole = total(counted.conversions);
    const places = credits(counted).credits.map((row) => parts(row, whole));
    return { effects: Float64Array.from(places, total), places };
  };
};

/** What a payee gets of a path: called once for each payee on it. */
type Give = (payee: number, part: number) => void;

/** Shares paths by a weight for each of their steps; a path on which nobody weighs anything, alike. */
const sharer = ({ payees, begins, steps }: Paths, { effects, places }: Weighing) => {
  const [met, own] = [new Int32Array(payees), new Float64Array(payees)];
  const weightAt = (payee: number, place: number): number =>
    (places === undefined ? effects[payee] : places[payee]?.[Math.min(place, MOST_PLACES - 1)]) ?? 0;
  /** Counts the touches of each payee between two steps. */
  const meet = (from: number, until: number): void => {
    for (let step = from; step < until; step += 1) {
      const payee = steps[step] as number;
      met[payee] = (met[payee] as number) + 1;
    }
  };
  return (path: number, give: Give): void => {
    const [from, until] = [begins[path] as number, begins[path + 1] as number];
    if (from === until) give(HOUSE_PLACE, 1);
    meet(from, until);
    let [all, distinct] = [0, 0];
    for (let step = from; step < until; step += 1) {
      const payee = steps[step] as number;
      const part = weightAt(payee, step - from) / (met[payee] as number);
      own[payee] = (own[payee] as number) + part;
      all += part;
      distinct += 1 / (met[payee] as number);
    }
    for (let step = from; step < until; step += 1) {
      const payee = steps[step] as number;
      if (met[payee] === 0) continue;
      give(payee, all > 0 ? (own[payee] as number) / all : 1 / distinct);
      [met[payee], own[payee]] = [0, 0];
    }
  };
};

/** Sums what each payee gets of the paths' counts, path by path. */
const shared = (paths: Paths, weighing: Weighing, counts: readonly [Float64Array, Float64Array]) => {
  const [first, second] = counts;
  const sums = [new Float64Array(paths.payees), new Float64Array(paths.payees)] as const;
  const share = sharer(paths, weighing);
  for (let path = 0; path < first.length; path += 1) {
    const [one, other] = [first[path] ?? 0, second[path] ?? 0];
    if (one === 0 && other === 0) continue;
    share(path, (payee, part) => {
      sums[0][payee] = (sums[0][payee] ?? 0) + part * one;
      sums[1][payee] = (sums[1][payee] ?? 0) + part * other;
    });
  }
  return sums;
};

const emptyPart = (paths: Paths, counts: Float64Array): number => {
  let sum = 0;
  for (let path = 0; path < counts.length; path += 1)
    if (paths.begins[path] === paths.begins[path + 1]) sum += counts[path] ?? 0;
  return sum;
};

/** Parts of the whole by effects alone; what nobody's touch led to is the house's. */
const globally = (paths: Paths, counts: Float64Array, effects: Float64Array): Float64Array => {
  const [whole, nobodys] = [total(counts), emptyPart(paths, counts)];
  const credits = creditsOf(whole - nobodys, effects);
  credits[HOUSE_PLACE] = (credits[HOUSE_PLACE] ?? 0) + nobodys;
  return parts(credits, whole);
};

const standingOf = (paths: Paths, fitting: Fitting, weigh: Weigh): ((counted: Paths) => Standing & Weighing) => {
  if (!fitting.isGlobal)
    return (counted) => {
      const weighing = weigh(counted);
      const [conversions, values] = shared(counted, weighing, [counted.conversions, counted.values]);
      return {
        ...weighing,
        conversions: parts(conversions, total(counted.conversions)),
        values: parts(values, total(counted.values)),
      };
    };
  const { model, order } = fitting;
  const worth = model === "markov" ? markovOf(paths, order, ({ values }) => values) : undefined;
  const credits = shapleyOf(paths);
  return (counted) => {
    const weighing = weigh(counted);
    const ofValue = worth?.(counted).effects ?? credits({ ...counted, conversions: counted.values });
    return {
      ...weighing,
      conversions: globally(counted, counted.conversions, weighing.effects),
      values: globally(counted, counted.values, ofValue),
    };
  };
};

const isWhole = (counts: Float64Array): boolean => counts.every((it) => Number.isSafeInteger(it));

/** Can paths be thrown again? Only if they count whole journeys. */
export const canBeThrown = ({ conversions, nulls }: Paths): boolean => isWhole(conversions) && isWhole(nulls);

const cut = ({ lower, upper }: Intervals, from: number, until: number): Intervals => ({
  lower: lower.slice(from, until),
  upper: upper.slice(from, until),
});

function* thrown(paths: Paths, fitting: Fitting, standing: (counted: Paths) => Standing) {
  const { payees } = paths;
  const flat = new Float64Array(payees * 3);
  const effectsOf = (counted: Paths): Float64Array => {
    const { effects, conversions, values } = standing(counted);
    [effects, conversions, values].forEach((it, place) => {
      flat.set(it, place * payees);
    });
    return flat;
  };
  const all = yield* bootstrap(paths, effectsOf, { ...fitting, level: LEVEL });
  return {
    effects: cut(all, 0, payees),
    conversions: cut(all, payees, 2 * payees),
    values: cut(all, 2 * payees, 3 * payees),
  };
}

/**
 * Fit a learned model on paths: what everybody weighs, what part of all conversions and of their worth everybody gets by
 * that, and between which bounds, by throwing journeys again. One `next()` is one replicate.
 */
export function* fitted(paths: Paths, fitting: Fitting): Generator<number, Learned> {
  const weigh = weighingOf(paths, fitting);
  const standing = standingOf(paths, fitting, weigh);
  const { effects, places, chain, conversions, values } = standing(paths);
  const isThrown = fitting.replicates > 0 && canBeThrown(paths);
  return {
    fitting,
    effects,
    conversions,
    values,
    chain,
    journeys: total(paths.conversions) + total(paths.nulls),
    counted: total(paths.conversions),
    effectsNano: effects.map(nano),
    placesNano: places?.map((row) => Array.from(row, nano)),
    intervals: isThrown ? yield* thrown(paths, fitting, standing) : undefined,
  };
}
