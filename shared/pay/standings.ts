import type { Terms } from "../contract/terms.ts";
import { type Deal, dealOf, endedBy } from "./deal.ts";
import { eventsOf, learning } from "./event.ts";
import type { Explanation } from "./explained.ts";
import type { GuaranteeStanding } from "./guarantee.ts";
import { wholeOf } from "./whole.ts";

/** The versions and periods an explanation is about: its first terms, those signed after them, cut where it ended early. */
export const dealExplained = ({
  terms,
  amendments,
  lastDay,
}: Pick<Explanation, "terms" | "amendments" | "lastDay">): Deal => {
  const cut = (it: Terms): Terms => (lastDay ? endedBy(it, lastDay) : it);
  return dealOf([terms, ...(amendments ?? []).map((it) => it.terms)].map(cut));
};

/**
 * How the guarantee of each period that has begun stands as of the explanation's instant, by the period's first day. A
 * closed statement says how it stood when it closed, and never changes; this says what has been made good since.
 */
export const standingsNow = (it: Explanation): ReadonlyMap<string, GuaranteeStanding> => {
  const deal = dealExplained(it);
  const learned = learning(deal);
  for (const event of eventsOf(deal, it.shares, it.rates ?? [], it.asOf)) learned.learn(event);
  const begun = deal.periods.filter(({ from }) => from <= it.asOf);
  const { periods } = wholeOf({ deal, at: it.asOf, upTo: begun.length - 1 }, learned.knowledge());
  return new Map(
    begun.flatMap(({ index, starts }) => {
      const standing = periods.get(index)?.settled?.standing;
      return standing ? [[starts, standing] as const] : [];
    }),
  );
};
