import { type AttributionTerms, WHOLE_MICRO } from "../../shared/judge/attribution.ts";
import { type ColumnSharing, shareColumns } from "../../shared/judge/columnar.ts";
import { HOUSE_PLACE } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { apportion } from "../../shared/kit/money.ts";
import { type Learner, pointsOf } from "./effects.ts";
import type { Journeys } from "./journeys.ts";
import type { Outcome } from "./outcomes.ts";
import { milestonesOf } from "./readings.ts";
import type { Route } from "./routes.ts";

/** What one payee has of something: millionths of conversions, and minor units. */
export interface Part {
  conversionsMicro: number;
  valueMinor: number;
}

/** Who has how much of one conversion, by place: millionths, which sum to a whole unless contracts give away more. */
type Shares = ReadonlyMap<number, number>;

/** As the contracts in force decide: their parts, and whatever they leave is the house's. */
export const sharesNow = ({ credited }: Outcome, place: (payee: string) => number): Shares => {
  const shares = new Map<number, number>();
  for (const [influencer, shareMicro] of credited) shares.set(place(influencer), shareMicro);
  const given = [...credited.values()].reduce((sum, shareMicro) => sum + shareMicro, 0);
  return given < WHOLE_MICRO ? shares.set(HOUSE_PLACE, WHOLE_MICRO - given) : shares;
};

/** The learned model that terms ask for, if they ask for one. */
export const learnerOf = ({ model, order, ordered }: AttributionTerms): Learner | undefined => {
  if (model !== "markov" && model !== "shapley") return undefined;
  const known = ([1, 2, 3] as const).find((it) => it === order) ?? 1;
  return { model, order: known, ordered: ordered === true };
};

const WEIGHTLESS = 0;

/** What everybody weighs by a learned model fitted on these very routes; whom it could not tell apart weighs the least. */
const weightsFor = (routes: readonly Route[], payees: number, learner: Learner): Partial<ColumnSharing> => {
  const { kept, effects, places } = pointsOf(routes, payees, learner);
  const above = effects.filter((effect) => effect > 0);
  const newcomer = above.length === 0 ? WEIGHTLESS : above.reduce((least, effect) => Math.min(least, effect));
  const weights = new Float64Array(payees).fill(newcomer);
  for (const [at, payee] of kept.entries()) weights[payee] = effects[at] ?? 0;
  if (places === undefined) return { weights };
  return { weights, placesNano: Array.from({ length: payees }, (_, payee) => places[kept.indexOf(payee)]) };
};

/** As other terms would: for each outcome who gets how much. `routes` are what a learned model is fitted on. */
export const sharesBy = (journeys: Journeys, terms: AttributionTerms, routes: readonly Route[]): readonly Shares[] => {
  const { touches, conversions, outcomeOf, outcomes, payees } = journeys;
  const shares = outcomes.map(() => new Map<number, number>());
  const learner = learnerOf(terms);
  const count = payees.names.length;
  const weights = learner && weightsFor(routes, count, learner);
  const sharing = { terms, payees: count, milestones: milestonesOf(journeys, terms), ...weights };
  shareColumns(touches, conversions, sharing, (row, payee, shareMicro) => {
    const outcome = outcomeOf[row] ?? -1;
    if (outcome >= 0) shares[outcome]?.set(payee, shareMicro);
  });
  return shares;
};

/** A conversion's worth among those who share it, exact to the minor unit: by largest remainder, ties by a hash. */
export const worths = (valueMinor: number, id: string, shares: Shares): ReadonlyMap<number, number> => {
  const all = [...shares];
  const given = all.reduce((sum, [, shareMicro]) => sum + shareMicro, 0);
  // Contracts that pay by models of their own may together give away more than there is.
  const whole = given <= WHOLE_MICRO ? valueMinor : Math.round((valueMinor / WHOLE_MICRO) * given);
  const parts = apportion(
    whole,
    all.map(([payee, shareMicro]) => ({
      weight: BigInt(shareMicro),
      tie: scatter(id, String(payee)),
      id: String(payee),
    })),
  );
  return new Map(all.map(([payee], index) => [payee, parts[index] ?? 0]));
};

/** Sums by payee. */
export const summing = () => {
  const sums = new Map<number, Part>();
  const add = (payee: number, conversionsMicro: number, valueMinor: number): void => {
    const part = sums.get(payee) ?? { conversionsMicro: 0, valueMinor: 0 };
    sums.set(payee, part);
    part.conversionsMicro += conversionsMicro;
    part.valueMinor += valueMinor;
  };
  return { sums, add };
};

/** What everybody who gains by one sharing of the same things over another gains, together: what moves. */
export const gained = (after: ReadonlyMap<number, Part>, before: ReadonlyMap<number, Part>): Part => {
  const gain = { conversionsMicro: 0, valueMinor: 0 };
  for (const [payee, has] of after) {
    const had = before.get(payee);
    gain.conversionsMicro += Math.max(0, has.conversionsMicro - (had?.conversionsMicro ?? 0));
    gain.valueMinor += Math.max(0, has.valueMinor - (had?.valueMinor ?? 0));
  }
  return gain;
};
