import { must } from "../kit/shape.ts";
import { type AttributionTerms, WHOLE_MICRO } from "./attribution.ts";
import { type Journey, journeyOf, settle, walkOf, windowMsOf } from "./columnar.journey.ts";
import { judgeOf } from "./columnar.judges.ts";
import type { Wanted } from "./columnar.packing.ts";
import { trails } from "./columnar.paths.ts";
import { eachVisitor, type OwnConversions, type OwnTouches, type Visit } from "./columnar.visitors.ts";
import { type ConversionColumns, HOUSE_PLACE, type Paths, type TouchColumns } from "./columns.ts";

/** How columns are shared: by which terms, among how many payees (places below `payees`, the house first). */
export interface ColumnSharing {
  readonly terms: AttributionTerms;
  readonly payees: number;
  /** What a learned model weighs each payee by its place: whole 10⁻⁹ths, newcomers already what they weigh. */
  readonly weights?: ArrayLike<number | bigint> | undefined;
  /** For Shapley by place: what each payee weighs at each place of a journey, the last standing for all beyond. */
  readonly placesNano?: readonly (readonly number[] | undefined)[] | undefined;
  /** The places of the terms' milestones among the results, in their order; −1 for one that no conversion has. */
  readonly milestones?: readonly number[] | undefined;
}

/** Is told what a payee gets of a conversion, by its row: once for each payee with more than nothing, in journey order. */
export type Give = (conversion: number, payee: number, shareMicro: number) => void;

/** Adds up what each payee gets of one journey, and tells of it. */
const tallyOf = (payees: number, give: Give | undefined) => {
  const totals = new Float64Array(payees);
  const own = new Float64Array(payees);
  const tell = (row: number, { count, payee, part }: Journey, told: Give): void => {
    for (let place = 0; place < count; place += 1)
      own[payee[place] ?? 0] = (own[payee[place] ?? 0] ?? 0) + (part[place] ?? 0);
    for (let place = 0; place < count; place += 1) {
      const whose = payee[place] ?? 0;
      const shareMicro = own[whose] ?? 0;
      own[whose] = 0;
      if (shareMicro > 0) told(row, whose, shareMicro);
    }
  };
  const add = (row: number, journey: Journey): void => {
    const { count, payee, part } = journey;
    for (let place = 0; place < count; place += 1) {
      const whose = payee[place] ?? 0;
      totals[whose] = (totals[whose] ?? 0) + (part[place] ?? 0);
    }
    if (give !== undefined) tell(row, journey, give);
  };
  return { totals, add };
};

const wantedBy = (terms: AttributionTerms, everybody: boolean): Wanted => ({
  everybody,
  windowMs: windowMsOf(terms),
  house: terms.house === "included",
  views: terms.viewDays !== undefined,
});

/** The journey of a conversion that nothing led to is the house's alone. */
const house = (journey: Journey): void => {
  journey.count = 1;
  journey.payee[0] = HOUSE_PLACE;
  journey.part[0] = WHOLE_MICRO;
};

/**
 * Shares every conversion among the payees of its visitor's touches, as `credit` does, bit for bit: whole millionths for
 * each payee's place, which sum to 10⁶ for each conversion; what no touch led to is the house's. Touches of one instant
 * stand as their rows do, and so do conversions, of which the earlier row came first; equal remainders whose ties are equal
 * too fall to the touch taken in first, where `credit` takes the lesser id. The order of other rows does not matter.
 */
export const shareColumns = (
  touches: TouchColumns,
  conversions: ConversionColumns,
  sharing: ColumnSharing,
  give?: Give,
): Float64Array => {
  const { terms, payees, milestones = [] } = sharing;
  must(milestones.length === (terms.milestones ?? []).length, "a place for every milestone of the terms");
  const weights = sharing.weights && {
    effectsNano: Float64Array.from(sharing.weights, Number),
    placesNano: sharing.placesNano,
  };
  const judge = judgeOf({ terms, payees, weights });
  const { totals, add } = tallyOf(payees, give);
  const visitOf = (room: number): Visit => {
    const journey = journeyOf(Math.max(1, room), milestones.length);
    const walk = walkOf({ terms, milestones }, journey);
    return (own, results) => {
      for (let index = 0; index < results.count; index += 1) {
        const row = results.row[index] ?? 0;
        walk(own, results, index);
        if (journey.count === 0) house(journey);
        else judge(journey, results.tie[index] ?? 0);
        add(row, journey);
      }
    };
  };
  eachVisitor(touches, conversions, wantedBy(terms, false), visitOf);
  const sum = totals.reduce((all, share) => all + share, 0);
  must(sum === WHOLE_MICRO * conversions.count, "shares that are not the whole, or a payee out of place");
  return totals;
};

/** Lays out the touches after the visitor's last conversion: they led to nothing. */
const unled = (own: OwnTouches, { count, at }: OwnConversions, into: Journey): void => {
  const last = count === 0 ? Number.NEGATIVE_INFINITY : (at[count - 1] ?? 0);
  let from = own.count;
  while (from > 0 && (own.at[from - 1] ?? 0) > last) from -= 1;
  settle(own, from, own.count, Number.NEGATIVE_INFINITY, into);
};

/**
 * The distinct journeys as paths of payees' places, in order of first meeting, visitor by visitor: one for each conversion,
 * of the touches that count, also when that is none; and for each visitor one that ended in nothing, of the touches after
 * the last conversion, if there are any. No window binds these; sittings, the house and things seen are as in the terms.
 * `values` are what the conversions are worth, by row.
 */
export const pathsOf = (
  touches: TouchColumns,
  conversions: ConversionColumns,
  terms: AttributionTerms,
  payees: number,
  values?: Float64Array,
): Paths => {
  const known = trails();
  const visitOf = (room: number): Visit => {
    const journey = journeyOf(room, 0);
    const walk = walkOf({ terms, milestones: [] }, journey);
    return (own, results) => {
      for (let index = 0; index < results.count; index += 1) {
        walk(own, results, index);
        known.converted(known.place(journey.payee, journey.count), values?.[results.row[index] ?? 0] ?? 0);
      }
      unled(own, results, journey);
      if (journey.count > 0) known.ended(known.place(journey.payee, journey.count));
    };
  };
  eachVisitor(touches, conversions, wantedBy(terms, true), visitOf);
  return known.paths(payees);
};
