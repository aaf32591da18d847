import { HOUSE, type Touch } from "../journey/touch.ts";
import { scatter } from "../kit/chance.ts";
import { apportion } from "../kit/money.ts";
import { must, present } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import { halved } from "./halving.ts";
import { journeyTo, type Reason } from "./journey.ts";

/** One whole conversion, in millionths. */
export const WHOLE_MICRO = 1_000_000;

/** The parameters a model may have: the parts of the first and last touch, the rest going between; a half-life. */
export interface ModelTerms {
  readonly firstBp?: number | undefined;
  readonly lastBp?: number | undefined;
  readonly halfLifeDays?: number | undefined;
}

/** What a model sees of a touch that counts. */
export type Step = Pick<Touch, "at" | "payee">;

/** A way of sharing a conversion: a weight ≥ 0 for each touch of a journey in order, at least one of them above zero. */
export interface Model {
  readonly title: string;
  readonly says: string;
  /** What a weight depends on: only on how many touches there are and which this one is, or also on when they were. */
  readonly sees: "places" | "instants";
  weigh(journey: readonly Step[], terms: ModelTerms): readonly bigint[];
}

const alone = (journey: readonly Step[], chosen: number): readonly bigint[] =>
  journey.map((_, index) => (index === chosen ? 1n : 0n));

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

/** The ways a contract may share a conversion among its touches: DOMAIN §4. Adding one is adding an entry. */
export const models = {
  first: {
    title: "First touch",
    says: "Everything to the touch that began the journey.",
    sees: "places",
    weigh: (journey) => alone(journey, 0),
  },
  last: {
    title: "Last touch",
    says: "Everything to the touch nearest the conversion.",
    sees: "places",
    weigh: (journey) => alone(journey, journey.length - 1),
  },
  linear: {
    title: "Linear",
    says: "The same to every touch.",
    sees: "places",
    weigh: (journey) => journey.map(() => 1n),
  },
  position: {
    title: "Position",
    says: "40 % to the first touch, 40 % to the last, 20 % spread between; other parts when the terms say so.",
    sees: "places",
    weigh: (journey, terms) => ends(journey.length, terms),
  },
  timeDecay: {
    title: "Time decay",
    says: "A touch weighs half as much for every half-life (7 days when the terms are silent) it is older.",
    sees: "instants",
    weigh: decayed,
  },
} as const satisfies Readonly<Record<string, Model>>;

/** The name of a model that can be computed. */
export type ModelName = keyof typeof models;

/** Is this the name of a model that can be computed? */
export const isModelName = (name: string): name is ModelName => Object.hasOwn(models, name);

/** How a contract shares conversions. `windowDays` and `halfLifeDays` are days of 24 hours, and may be fractions. */
export interface AttributionTerms extends ModelTerms {
  readonly model: ModelName;
  readonly windowDays: number;
  readonly house: "included" | "excluded";
}

/** One touch of the evidence: whether it counted, the code that says why, and its part of the conversion in millionths. */
export interface Considered {
  readonly touch: Touch;
  readonly in: boolean;
  readonly because: Reason;
  readonly shareMicro: number;
}

/** One payee's part of one conversion, in millionths, above zero. */
export interface Share {
  readonly payee: string;
  readonly shareMicro: number;
}

/** Who is credited with a conversion, under which terms, and what became of every touch. The shares sum to 1 000 000. */
export interface Credit {
  readonly attribution: AttributionTerms;
  readonly considered: readonly Considered[];
  readonly shares: readonly Share[];
}

const perPayee = (considered: readonly Considered[]): readonly Share[] => {
  const sums = new Map<string, number>();
  for (const { touch, shareMicro } of considered) {
    if (shareMicro > 0) sums.set(touch.payee, (sums.get(touch.payee) ?? 0) + shareMicro);
  }
  if (sums.size === 0) return [{ payee: HOUSE, shareMicro: WHOLE_MICRO }];
  return [...sums].map(([payee, shareMicro]) => ({ payee, shareMicro }));
};

/**
 * Share one conversion among the payees of the touches before it (DOMAIN §4): the eligible journey, weighed by the
 * model, apportioned in millionths, ties settled by a hash of conversion and touch so that no place and no name is
 * favoured. No eligible touch: all to `HOUSE`. The shares sum to exactly 1 000 000 and stand in journey order; the
 * answer does not depend on the order or the number of times the touches are handed in.
 */
export const credit = (
  conversion: { readonly id: string; readonly at: number },
  touches: readonly Touch[],
  terms: AttributionTerms,
): Credit => {
  const heard = journeyTo(conversion.at, touches, terms);
  const journey = heard.filter(({ because }) => because === "counted").map(({ touch }) => touch);
  const weights = journey.length === 0 ? [] : models[terms.model].weigh(journey, terms);
  const parts = apportion(
    WHOLE_MICRO,
    journey.map(({ id }, index) => ({
      weight: present(weights[index], "a weight"),
      tie: scatter(conversion.id, id),
      id,
    })),
  );
  const part = new Map(journey.map((touch, index) => [touch, present(parts[index], "a part")] as const));
  const considered = heard.map(({ touch, because }) => {
    const shareMicro = part.get(touch);
    return { touch, in: shareMicro !== undefined, because, shareMicro: shareMicro ?? 0 };
  });
  const shares = perPayee(considered);
  must(shares.reduce((sum, { shareMicro }) => sum + shareMicro, 0) === WHOLE_MICRO, "shares that are not the whole");
  return { attribution: terms, considered, shares };
};
