import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type Journey, journeyOf, settle, walkOf, windowMsOf } from "../../shared/judge/columnar.journey.ts";
import { trails } from "../../shared/judge/columnar.paths.ts";
import { eachVisitor, type OwnConversions, type OwnTouches } from "../../shared/judge/columnar.visitors.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import type { Journeys } from "./journeys.ts";

/** What journeys look like by some terms. */
export interface Readings {
  /** A path for each conversion, also of no touch, and for each journey that led to nothing. */
  readonly paths: Paths;
  /** For each outcome how long its journey took, in ms from its first touch on; −1 where there was none. */
  readonly lagMs: Float64Array;
  /** For each outcome how many touches led to it. */
  readonly lengths: Int32Array;
}

/** The places of milestones among results; −1 for one that no conversion has. */
export const milestonesOf = ({ results }: Journeys, { milestones = [] }: AttributionTerms): readonly number[] =>
  milestones.map((name) => results.names.indexOf(name));

/** Lays out what came after the last conversion: it led to nothing. */
const afterwards = (own: OwnTouches, { count, at }: OwnConversions, into: Journey): void => {
  const last = count === 0 ? Number.NEGATIVE_INFINITY : (at[count - 1] ?? 0);
  let from = own.count;
  while (from > 0 && (own.at[from - 1] ?? 0) > last) from -= 1;
  settle(own, from, own.count, Number.NEGATIVE_INFINITY, into);
};

/** Walk every journey once. `values` are what outcomes are worth, by their place. */
export const readingsOf = (journeys: Journeys, terms: AttributionTerms, values: readonly number[]): Readings => {
  const { touches, conversions, outcomeOf, outcomes, payees } = journeys;
  const known = trails();
  const lagMs = new Float64Array(outcomes.length).fill(-1);
  const lengths = new Int32Array(outcomes.length);
  const tell = (outcome: number, at: number, journey: Journey): void => {
    known.converted(known.place(journey.payee, journey.count), values[outcome] ?? 0);
    lengths[outcome] = journey.count;
    if (journey.count > 0) lagMs[outcome] = at - (journey.at[0] ?? 0);
  };
  const { house, viewDays } = terms;
  const wanted = {
    everybody: true,
    windowMs: windowMsOf(terms),
    house: house === "included",
    views: viewDays !== undefined,
  };
  eachVisitor(touches, conversions, wanted, (room) => {
    const journey = journeyOf(Math.max(1, room), 0);
    const walk = walkOf({ terms, milestones: [] }, journey);
    return (own, results) => {
      for (let index = 0; index < results.count; index += 1) {
        walk(own, results, index);
        const outcome = outcomeOf[results.row[index] ?? 0] ?? -1;
        if (outcome >= 0) tell(outcome, results.at[index] ?? 0, journey);
      }
      afterwards(own, results, journey);
      if (journey.count > 0) known.ended(known.place(journey.payee, journey.count));
    };
  });
  return { paths: known.paths(payees.names.length), lagMs, lengths };
};
