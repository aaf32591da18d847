import { HOUSE, type Touch } from "../journey/touch.ts";
import { must, present } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import { halved } from "./halving.ts";

/** The parameters a model may have; see `AttributionTerms`. */
export interface ModelTerms {
  readonly firstBp?: number | undefined;
  readonly lastBp?: number | undefined;
  readonly halfLifeDays?: number | undefined;
  readonly milestones?: readonly string[] | undefined;
  readonly ordered?: boolean | undefined;
}

/**
 * What a payee weighs under a learned model, frozen before the time it pays for: whole 10⁻⁹ths of all conversions, with
 * its 95 % interval; `placesNano` what it weighs at each place of a journey, the last standing for all beyond.
 */
export interface Effect {
  readonly payee: string;
  readonly effectNano: number;
  readonly lowerNano: number;
  readonly upperNano: number;
  readonly placesNano?: readonly number[] | undefined;
}

/** What a journey's shares depend on besides its touches: found once, kept with the verdict, so that anybody can compute it again. */
export interface Context {
  /** When the person last converted before, in ms since 1970, where journeys start anew after that. */
  readonly since?: number | undefined;
  /** When each milestone of the terms was first reached, in their order; null for one that was not. */
  readonly milestones?: readonly (number | null)[] | undefined;
  /** What every payee on the journey weighs. */
  readonly effects?: readonly Effect[] | undefined;
}

/** What a model sees of a touch that counts. */
export type Step = Pick<Touch, "at" | "payee">;

/**
 * What a model cannot be moved by, at the cost of other payees: each is a law, tried in the tests; where it is false, so is
 * a way of doing it. The brand's own visits are another matter: those of the 30 minutes after a click belong to that click
 * (`journeyTo`), so by most models a click may win from the house, where terms include it; by `first` and `lastNonHouse`
 * not even that.
 */
export interface Promises {
  /** A payee on the journey that clicks its own link again, at any time after, never gains. */
  readonly repeat: boolean;
  /** A payee that spreads its clicks over several of its links never gains. */
  readonly split: boolean;
  /** A payee on the journey never gains by a click just before the conversion, through whichever of its links. */
  readonly lastMinute: boolean;
  /** Visits that lead to nothing never gain anybody anything. */
  readonly nullVisits: boolean;
}

/** A way of sharing a conversion: a weight ≥ 0 for each touch of a journey in order, at least one of them above zero. */
export interface Model {
  readonly title: string;
  readonly says: string;
  /**
   * What a weight depends on: only on how many touches there are and which this one is; on whose they are; on when they
   * were; on when the person reached milestones; or on weights fitted on the past.
   */
  readonly sees: "places" | "payees" | "instants" | "milestones" | "fit";
  readonly promises: Promises;
  weigh(journey: readonly Step[], terms: ModelTerms, context: Context): readonly bigint[];
}

const alone = (journey: readonly Step[], chosen: number): readonly bigint[] =>
  journey.map((_, index) => (index === chosen ? 1n : 0n));

const lastOfSomebody = (journey: readonly Step[]): number => {
  const found = journey.findLastIndex(({ payee }) => payee !== HOUSE);
  return found === -1 ? journey.length - 1 : found;
};

const ends = (count: number, { firstBp = 4000, lastBp = 4000 }: ModelTerms): readonly bigint[] => {
  must(firstBp >= 0 && lastBp >= 0 && firstBp + lastBp <= 10_000, "the ends take more than the whole");
  if (count < 2) return [1n];
  if (count === 2) return firstBp + lastBp === 0 ? [1n, 1n] : [BigInt(firstBp), BigInt(lastBp)];
  const between = BigInt(count - 2);
  const middle = Array.from({ length: count - 2 }, () => BigInt(10_000 - firstBp - lastBp));
  return [BigInt(firstBp) * between, ...middle, BigInt(lastBp) * between];
};

const decayed = (journey: readonly Step[], { halfLifeDays = 7 }: ModelTerms): readonly bigint[] => {
  const halfLifeMs = BigInt(Math.max(1, Math.round(halfLifeDays * DAY_MS)));
  // Ages count from the newest touch, not from the conversion: shares are the same and the newest weighs one, so that
  // a journey however old still has a weight to share by.
  const newest = present(journey.at(-1), "the newest touch").at;
  return journey.map(({ at }) => halved(BigInt(newest - at), halfLifeMs));
};

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));

const multiple = (numbers: Iterable<bigint>): bigint => {
  let common = 1n;
  for (const number of numbers) common = (common / divisor(common, number)) * number;
  return common;
};

/** What each touch weighs when its payee's weight is spread evenly over all touches of that payee: nobody gains by another one. */
const spread = (journey: readonly Step[], weigh: (payee: string, place: number) => bigint): readonly bigint[] => {
  const counts = new Map<string, bigint>();
  for (const { payee } of journey) counts.set(payee, (counts.get(payee) ?? 0n) + 1n);
  const common = multiple(new Set(counts.values()));
  return journey.map(({ payee }, place) => (weigh(payee, place) * common) / (counts.get(payee) ?? 1n));
};

/** Parts of 10 000 that the touches at no peak share. */
const FLAT_BP = 1000;

const peaked = (
  journey: readonly Step[],
  { milestones = [] }: ModelTerms,
  { milestones: reached = [] }: Context,
): readonly bigint[] => {
  const peaks = journey.map(() => 0n);
  const raise = (place: number): void => {
    if (place >= 0) peaks[place] = (peaks[place] ?? 0n) + 1n;
  };
  raise(0);
  for (const at of reached) if (at !== null) raise(journey.findLastIndex((step) => step.at <= at));
  const flat = BigInt(peaks.filter((count) => count === 0n).length);
  const peak = BigInt((10_000 - FLAT_BP) / (1 + milestones.length));
  return peaks.map((count) => (count === 0n ? BigInt(FLAT_BP) : count * peak * (flat === 0n ? 1n : flat)));
};

const learned = (journey: readonly Step[], { ordered }: ModelTerms, { effects = [] }: Context): readonly bigint[] => {
  const known = new Map(effects.map((effect) => [effect.payee, effect] as const));
  const weights = spread(journey, (payee, place) => {
    const { effectNano, placesNano = [] } = present(known.get(payee), `what ${payee} weighs`);
    return BigInt(
      ordered === true && placesNano.length > 0 ? (placesNano[place] ?? placesNano.at(-1) ?? 0) : effectNano,
    );
  });
  return weights.some((weight) => weight > 0n) ? weights : spread(journey, () => 1n);
};

const none: Promises = { repeat: false, split: false, lastMinute: false, nullVisits: true };
const newest: Promises = { ...none, split: true };
const all: Promises = { repeat: true, split: true, lastMinute: true, nullVisits: true };

/** The ways a contract may share a conversion among its touches: DOMAIN §4. Adding one is adding an entry. */
export const models = {
  first: {
    title: "First touch",
    says: "Everything to the touch that began the journey.",
    sees: "places",
    promises: all,
    weigh: (journey) => alone(journey, 0),
  },
  last: {
    title: "Last touch",
    says: "Everything to the touch nearest the conversion.",
    sees: "places",
    promises: newest,
    weigh: (journey) => alone(journey, journey.length - 1),
  },
  lastNonHouse: {
    title: "Last touch of somebody",
    says: "Everything to the last touch that is not the brand's own; to the brand where there is no other.",
    sees: "payees",
    promises: newest,
    weigh: (journey) => alone(journey, lastOfSomebody(journey)),
  },
  linear: {
    title: "Linear",
    says: "The same to every touch.",
    sees: "places",
    promises: none,
    weigh: (journey) => journey.map(() => 1n),
  },
  linearUnique: {
    title: "Linear by payee",
    says: "The same to everyone on the journey, however many touches they have.",
    sees: "payees",
    promises: all,
    weigh: (journey) => spread(journey, () => 1n),
  },
  position: {
    title: "Position",
    says: "40 % to the first touch, 40 % to the last, 20 % spread between; other parts when the terms say so.",
    sees: "places",
    promises: none,
    weigh: (journey, terms) => ends(journey.length, terms),
  },
  wShaped: {
    title: "W-shaped",
    says: "90 % to the first touch and to those that led to each milestone, 10 % spread over the others.",
    sees: "milestones",
    promises: none,
    weigh: peaked,
  },
  timeDecay: {
    title: "Time decay",
    says: "A touch weighs half as much for every half-life (7 days when the terms are silent) it is older.",
    sees: "instants",
    promises: none,
    weigh: decayed,
  },
  markov: {
    title: "Markov",
    says: "To everyone on the journey by how many past conversions would not have happened without them.",
    sees: "fit",
    promises: { ...all, nullVisits: false },
    weigh: learned,
  },
  shapley: {
    title: "Shapley",
    says: "To everyone on the journey by their fair part of past conversions, each counted once a journey.",
    sees: "fit",
    promises: all,
    weigh: learned,
  },
} as const satisfies Readonly<Record<string, Model>>;

/**
 * What the model of some terms cannot be moved by. Weights by the place of a touch promise nothing about touches: another
 * click moves its payee, and everyone after it, to other places.
 */
export const promisesOf = ({ model, ordered }: ModelTerms & { readonly model: ModelName }): Promises => {
  const { promises } = models[model];
  return model === "shapley" && ordered === true ? { ...none, nullVisits: promises.nullVisits } : promises;
};

/**
 * Does a model weigh payees rather than touches? Then a conversion is apportioned among payees first, and each payee's
 * part over its touches: what a payee gets cannot depend on how many touches it has.
 */
export const weighsPayees = ({ sees }: Pick<Model, "sees">): boolean => sees === "payees" || sees === "fit";

/** The name of a model that can be computed. */
export type ModelName = keyof typeof models;

/** Is this the name of a model that can be computed? */
export const isModelName = (name: string): name is ModelName => Object.hasOwn(models, name);
