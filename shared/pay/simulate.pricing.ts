import type { Terms } from "../contract/terms.ts";
import type { Rates } from "../judge/reward.ts";
import { present } from "../kit/shape.ts";
import { afterlifeMs, dealOf } from "./deal.ts";
import { eventsOf, learning } from "./event.ts";
import { sumMinor } from "./price.ts";
import type { ResultShare } from "./statement.ts";
import { type PeriodPrice, wholeOf } from "./whole.ts";

/** A simulated contract, priced when everything is over: each period from scratch, and what was given to make good a shortfall. */
export interface Priced {
  readonly periods: readonly PeriodPrice[];
  readonly totalMinor: number;
  /** Did any result make good a shortfall, unpaid? */
  readonly isFilled: boolean;
}

/**
 * Prices evidence under some terms by the law's own pieces, as of the instant when the last period and every window after
 * it is over. The total is the one `statement` comes to then; only its corrections are not told one by one, a remedy
 * standing in the period it is for.
 */
export const pricer = (terms: Terms, rates?: Rates): ((shares: readonly ResultShare[]) => Priced) => {
  const deal = dealOf([terms]);
  const last = present(deal.periods.at(-1), "the last period");
  const at = last.until + afterlifeMs(terms);
  const measured = rates ? deal.periods.map(({ index, until }) => ({ ...rates, period: index, at: until })) : [];
  return (shares) => {
    const learned = learning(deal);
    for (const event of eventsOf(deal, shares, measured, at)) learned.learn(event);
    const { periods, fills } = wholeOf({ deal, at, upTo: last.index }, learned.knowledge());
    const priced = deal.periods.map(({ index }) => present(periods.get(index), "a period that is over"));
    return {
      periods: priced,
      totalMinor: sumMinor(priced.map(({ amountMinor }) => amountMinor)),
      isFilled: fills.size > 0,
    };
  };
};
