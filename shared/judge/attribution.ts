import { HOUSE, type Touch } from "../journey/touch.ts";
import { mingle, scatter } from "../kit/chance.ts";
import { apportion, type Claim } from "../kit/money.ts";
import { must, present } from "../kit/shape.ts";
import { journeyTo, type Reason } from "./journey.ts";
import {
  type Context,
  type Effect,
  type Model,
  type ModelName,
  type ModelTerms,
  models,
  type Step,
  weighsPayees,
} from "./models.ts";

/** One whole conversion, in millionths. */
export const WHOLE_MICRO = 1_000_000;

/** Which fit a learned model pays by: its hash, and the days of the past it was fitted on. */
export interface Learned {
  readonly fit: string;
  readonly from: string;
  readonly until: string;
}

/**
 * How a contract shares conversions; see the schema of the terms for what each member may be. `windowDays`, `viewDays` and
 * `halfLifeDays` are days of 24 hours, and may be fractions. `after` says whether a journey starts anew after a conversion
 * ("restart") or each looks back over the whole window ("reuse", also when absent). Things seen count only with
 * `viewDays`. `wide` pays a payee whose interval is wider than so many 10 000ths of its effect the lower bound, and holds
 * the rest.
 */
export interface AttributionTerms extends ModelTerms {
  readonly model: ModelName;
  readonly windowDays: number;
  readonly house: "included" | "excluded";
  readonly after?: "reuse" | "restart" | undefined;
  readonly viewDays?: number | undefined;
  readonly learned?: Learned | undefined;
  readonly order?: number | undefined;
  readonly wide?: { readonly beyondBp: number } | undefined;
  readonly holdoutBp?: number | undefined;
}

/** One touch of the evidence: whether it counted, the code that says why, and its part of the conversion in millionths. */
export interface Considered {
  readonly touch: Touch;
  readonly in: boolean;
  readonly because: Reason;
  readonly shareMicro: number;
}

/** One payee's part of one conversion, in millionths, above zero; `heldMicro` of it wait until the brand releases them. */
export interface Share {
  readonly payee: string;
  readonly shareMicro: number;
  readonly heldMicro?: number;
}

/** Who is credited with a conversion, under which terms, and what became of every touch. The shares sum to 1 000 000. */
export interface Credit {
  readonly attribution: AttributionTerms;
  readonly considered: readonly Considered[];
  readonly shares: readonly Share[];
}

const summed = (considered: readonly Considered[]): readonly Share[] => {
  const sums = new Map<string, number>();
  for (const { touch, shareMicro } of considered) {
    if (shareMicro > 0) sums.set(touch.payee, (sums.get(touch.payee) ?? 0) + shareMicro);
  }
  if (sums.size === 0) return [{ payee: HOUSE, shareMicro: WHOLE_MICRO }];
  return [...sums].map(([payee, shareMicro]) => ({ payee, shareMicro }));
};

const BASIS = 10_000n;

/** What of a share is held because nobody can say well enough what its payee weighs: all above the lower bound. */
const heldOf = (shareMicro: number, { effectNano, lowerNano, upperNano }: Effect, beyondBp: number): number => {
  const [effect, lower] = [BigInt(effectNano), BigInt(Math.min(lowerNano, effectNano))];
  if (effect === 0n || BigInt(upperNano - lowerNano) * BASIS <= BigInt(beyondBp) * effect) return 0;
  return shareMicro - Number((BigInt(shareMicro) * lower) / effect);
};

const withheld = (
  shares: readonly Share[],
  { wide }: AttributionTerms,
  { effects = [] }: Context,
): readonly Share[] => {
  if (wide === undefined) return shares;
  return shares.map((share) => {
    const effect = effects.find(({ payee }) => payee === share.payee);
    const heldMicro = effect && share.payee !== HOUSE ? heldOf(share.shareMicro, effect, wide.beyondBp) : 0;
    return heldMicro > 0 ? { ...share, heldMicro } : share;
  });
};

const byPayee = (claims: readonly Claim[], journey: readonly Pick<Step, "payee">[]): readonly number[] => {
  const own = [...Map.groupBy(journey.keys(), (place) => journey[place]?.payee).values()].map((places) => ({
    places,
    claims: places.map((place) => present(claims[place], "a claim")),
  }));
  const wholes = apportion(
    WHOLE_MICRO,
    own.map(({ claims: [first, ...others] }) => ({
      ...present(first, "a first touch"),
      weight: others.reduce((sum, { weight }) => sum + weight, first?.weight ?? 0n),
    })),
  );
  const parts = claims.map(() => 0);
  own.forEach((it, index) => {
    apportion(present(wholes[index], "a part"), it.claims).forEach((part, place) => {
      parts[present(it.places[place], "a place")] = part;
    });
  });
  return parts;
};

/**
 * The parts in millionths of a journey's touches, by the claims a model gives them. A model that weighs payees is
 * apportioned among payees first, each by the tie of its first touch, and each payee's part then over its touches: so that
 * clicking again moves nobody's part, not even by the millionth that rounding leaves over. Every other model is
 * apportioned among touches.
 */
export const partsOf = (
  model: Pick<Model, "sees">,
  claims: readonly Claim[],
  journey: readonly Pick<Step, "payee">[],
): readonly number[] => (weighsPayees(model) ? byPayee(claims, journey) : apportion(WHOLE_MICRO, claims));

/**
 * Share one conversion among the payees of the touches before it (DOMAIN §4): the eligible journey, weighed by the
 * model, apportioned in millionths, ties settled by a hash of conversion and touch so that no place and no name is
 * favoured. No eligible touch: all to `HOUSE`. The shares sum to exactly 1 000 000 and stand in journey order; the
 * answer does not depend on the order or the number of times the touches are handed in. `context` is what else the terms
 * ask for, as `verdict` finds it.
 */
export const credit = (
  conversion: { readonly id: string; readonly at: number },
  touches: readonly Touch[],
  terms: AttributionTerms,
  context: Context = {},
): Credit => {
  const heard = journeyTo(conversion.at, touches, { ...terms, since: context.since });
  const journey = heard.filter(({ because }) => because === "counted").map(({ touch }) => touch);
  const model: Model = models[terms.model];
  const weights = journey.length === 0 ? [] : model.weigh(journey, terms, context);
  const own = scatter(conversion.id);
  const claims = journey.map(({ id }, index) => ({
    weight: present(weights[index], "a weight"),
    tie: mingle(own, scatter(id)),
    id,
  }));
  const parts = partsOf(model, claims, journey);
  const part = new Map(journey.map((touch, index) => [touch, present(parts[index], "a part")] as const));
  const considered = heard.map(({ touch, because }) => {
    const shareMicro = part.get(touch);
    return { touch, in: shareMicro !== undefined, because, shareMicro: shareMicro ?? 0 };
  });
  const shares = withheld(summed(considered), terms, context);
  must(shares.reduce((sum, { shareMicro }) => sum + shareMicro, 0) === WHOLE_MICRO, "shares that are not the whole");
  return { attribution: terms, considered, shares };
};
