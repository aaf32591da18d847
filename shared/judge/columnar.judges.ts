import { HOUSE } from "../journey/touch.ts";
import { mingle } from "../kit/chance.ts";
import { must, present } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import { type AttributionTerms, partsOf, WHOLE_MICRO } from "./attribution.ts";
import { halvedRoughly } from "./columnar.decay.ts";
import type { Journey } from "./columnar.journey.ts";
import { alone, byWeight, evenly, roughly } from "./columnar.parts.ts";
import { HOUSE_PLACE } from "./columns.ts";
import { type Context, type Effect, type Model, models } from "./models.ts";

/** What a learned model weighs everybody by: for each payee's place whole 10⁻⁹ths, of a newcomer already what it weighs. */
export interface Weights {
  readonly effectsNano: Float64Array;
  /** For Shapley by place: what the payee weighs at each place of a journey, the last standing for all beyond. */
  readonly placesNano?: readonly (readonly number[] | undefined)[] | undefined;
}

/** What a judge must know. */
export interface Bench {
  readonly terms: AttributionTerms;
  readonly payees: number;
  readonly weights?: Weights | undefined;
}

/**
 * Shares a journey of at least one touch: fills `part`. `tie` is the conversion's. What weighs payees rather than touches
 * leaves only the first touch of each in the journey, with all its payee gets.
 */
export type Judge = (journey: Journey, tie: number) => void;

const effectOf = (place: number, { effectsNano, placesNano }: Weights): Effect => {
  const effectNano = present(effectsNano[place], `what the payee in place ${place} weighs`);
  return {
    payee: place === HOUSE_PLACE ? HOUSE : String(place),
    effectNano,
    lowerNano: effectNano,
    upperNano: effectNano,
    placesNano: placesNano?.[place],
  };
};

const contextOf = (journey: Journey, { weights }: Bench): Context => {
  const milestones = Array.from(journey.reached, (at) => (at === Number.NEGATIVE_INFINITY ? null : at));
  if (weights === undefined) return { milestones };
  const payees = new Set(journey.payee.subarray(0, journey.count));
  return { milestones, effects: [...payees].map((place) => effectOf(place, weights)) };
};

const DIGITS = 10;

/** By the law itself, in whole numbers of any size: for what doubles could get wrong. */
const exactly =
  (bench: Bench): Judge =>
  (journey, tie) => {
    const steps = Array.from({ length: journey.count }, (_, place) => ({
      at: journey.at[place] ?? 0,
      payee: journey.payee[place] === HOUSE_PLACE ? HOUSE : String(journey.payee[place]),
    }));
    const model: Model = models[bench.terms.model];
    const claims = model.weigh(steps, bench.terms, contextOf(journey, bench)).map((weight, place) => ({
      weight,
      tie: mingle(tie, journey.tie[place] ?? 0),
      id: String(place).padStart(DIGITS, "0"),
    }));
    journey.part.set(partsOf(model, claims, steps));
  };

const ends = ({ terms: { firstBp = 4000, lastBp = 4000 } }: Bench): Judge => {
  must(firstBp >= 0 && lastBp >= 0 && firstBp + lastBp <= 10_000, "the ends take more than the whole");
  return (journey, tie) => {
    const { count, weight } = journey;
    if (count === 2 && firstBp + lastBp === 0) return evenly(journey, tie);
    const between = Math.max(1, count - 2);
    weight.fill(10_000 - firstBp - lastBp, 0, count);
    weight[0] = firstBp * between;
    weight[count - 1] = lastBp * between;
    byWeight(journey, tie, count === 2 ? firstBp + lastBp : 10_000 * between);
  };
};

const FLAT_BP = 1000;

const lastUntil = ({ count, at }: Journey, instant: number): number => {
  let place = count - 1;
  while (place >= 0 && (at[place] ?? 0) > instant) place -= 1;
  return place;
};

const peaks = ({ terms: { milestones = [] } }: Bench): Judge => {
  const peak = (10_000 - FLAT_BP) / (1 + milestones.length);
  return (journey, tie) => {
    const { count, weight, reached } = journey;
    weight.fill(0, 0, count);
    weight[0] = 1;
    for (let milestone = 0; milestone < reached.length; milestone += 1) {
      const place = lastUntil(journey, reached[milestone] ?? 0);
      if (place >= 0) weight[place] = (weight[place] ?? 0) + 1;
    }
    let flat = 0;
    for (let place = 0; place < count; place += 1) if (weight[place] === 0) flat += 1;
    let total = 0;
    for (let place = 0; place < count; place += 1) {
      const height = weight[place] ?? 0;
      weight[place] = height === 0 ? FLAT_BP : height * peak * Math.max(1, flat);
      total += weight[place] ?? 0;
    }
    byWeight(journey, tie, total);
  };
};

const decayed = (bench: Bench): Judge => {
  const halfLifeMs = Math.max(1, Math.round((bench.terms.halfLifeDays ?? 7) * DAY_MS));
  const law = exactly(bench);
  return (journey, tie) => {
    const { count, at, weight } = journey;
    const newest = at[count - 1] ?? 0;
    if (at[0] === newest) return evenly(journey, tie);
    let total = 0;
    for (let place = 0; place < count; place += 1) {
      const one = halvedRoughly(newest - (at[place] ?? 0), halfLifeMs);
      weight[place] = one;
      total += one;
    }
    // Each weight and their sum are off by 2^−46 of themselves, and every addition and the division by 2^−53 more.
    const doubt = WHOLE_MICRO * (2 ** -45 + (count + 2) * 2 ** -52);
    if (!roughly(journey, tie, total, doubt)) law(journey, tie);
  };
};

/** Leaves the first touch of each payee only, in order. `seen` is left as it was, all zero. */
const firsts = (journey: Journey, seen: Uint8Array): void => {
  const { payee, tie } = journey;
  let count = 0;
  for (let place = 0; place < journey.count; place += 1) {
    const whose = payee[place] ?? 0;
    if (seen[whose] === 1) continue;
    seen[whose] = 1;
    payee[count] = whose;
    tie[count] = tie[place] ?? 0;
    count += 1;
  }
  for (let place = 0; place < count; place += 1) seen[payee[place] ?? 0] = 0;
  journey.count = count;
};

const alike = ({ payees }: Bench): Judge => {
  const seen = new Uint8Array(payees);
  return (journey, tie) => {
    firsts(journey, seen);
    evenly(journey, tie);
  };
};

const byEffect = ({ payees }: Bench, effects: Float64Array): Judge => {
  const seen = new Uint8Array(payees);
  return (journey, tie) => {
    firsts(journey, seen);
    const { count, payee, weight } = journey;
    let total = 0;
    for (let place = 0; place < count; place += 1) {
      weight[place] = effects[payee[place] ?? 0] ?? 0;
      total += weight[place] ?? 0;
    }
    if (total === 0) evenly(journey, tie);
    else byWeight(journey, tie, total);
  };
};

const learned = (bench: Bench): Judge => {
  const { effectsNano, placesNano } = present(bench.weights, "what a learned model weighs everybody by");
  must(effectsNano.length >= bench.payees, "a weight for every payee");
  const isFine = effectsNano.every((effect) => effect >= 0 && effect <= 1e9 && Number.isInteger(effect));
  must(isFine, "weights of whole 10⁻⁹ths of all conversions");
  return bench.terms.ordered === true && placesNano !== undefined ? exactly(bench) : byEffect(bench, effectsNano);
};

const lastOfSomebody = ({ count, payee }: Journey): number => {
  let place = count - 1;
  while (place >= 0 && payee[place] === HOUSE_PLACE) place -= 1;
  return place < 0 ? count - 1 : place;
};

const judges: Readonly<Record<AttributionTerms["model"], (bench: Bench) => Judge>> = {
  first: () => (journey) => alone(journey, 0),
  last: () => (journey) => alone(journey, journey.count - 1),
  lastNonHouse: () => (journey) => alone(journey, lastOfSomebody(journey)),
  linear: () => evenly,
  linearUnique: alike,
  position: ends,
  wShaped: peaks,
  timeDecay: decayed,
  markov: learned,
  shapley: learned,
};

/** The judge that shares journeys as `credit` does, bit for bit, by the model of these terms. */
export const judgeOf = (bench: Bench): Judge => {
  const judge = judges[bench.terms.model](bench);
  return (journey, tie) => (journey.count === 1 ? alone(journey, 0) : judge(journey, tie));
};
