import type { Terms } from "../contract/terms.ts";
import { type Deal, dealOf, endedBy } from "./deal.ts";
import { eventsOf, learning } from "./event.ts";
import type { GuaranteeStanding } from "./guarantee.ts";
import { type Also, type ResultShare, type Statement, statement } from "./statement.ts";
import { wholeOf } from "./whole.ts";

/**
 * Everything one contract's statement is computed from: the first signed terms, those signed after them, the last day if
 * the contract was ended before its terms say, the shares of its conversions, and what else its money rests on.
 */
export interface Explanation {
  readonly terms: Terms;
  readonly amendments?: readonly { readonly terms: Terms }[] | undefined;
  readonly lastDay?: string | null | undefined;
  readonly shares: readonly ResultShare[];
  readonly adjustments?: Also["adjustments"];
  readonly rates?: Also["rates"];
  readonly asOf: number;
}

/** The versions of the terms, each cut where the contract was ended early. */
const versionsOf = ({
  terms,
  amendments,
  lastDay,
}: Pick<Explanation, "terms" | "amendments" | "lastDay">): readonly [Terms, ...Terms[]] => {
  const cut = (it: Terms): Terms => (lastDay ? endedBy(it, lastDay) : it);
  return [cut(terms), ...(amendments ?? []).map((it) => cut(it.terms))];
};

/** The versions an explanation is about, and all their periods. */
export const dealExplained = (it: Pick<Explanation, "terms" | "amendments" | "lastDay">): Deal =>
  dealOf(versionsOf(it));

/** The statement an explanation comes to: what anybody who holds the evidence may compute, and must find the same. */
export const explained = (it: Explanation): Statement => {
  const [terms, ...amendments] = versionsOf(it);
  return statement(terms, it.shares, it.asOf, { amendments, adjustments: it.adjustments, rates: it.rates });
};

/**
 * How the guarantee of each period stands now, by its index. A closed statement keeps the standing it was closed with; a
 * shortfall that is still being made good goes on from there.
 */
export const standings = (it: Explanation): ReadonlyMap<number, GuaranteeStanding> => {
  const deal = dealExplained(it);
  const learned = learning(deal);
  for (const event of eventsOf(deal, it.shares, it.rates ?? [], it.asOf)) learned.learn(event);
  const upTo = deal.periods.findLast(({ from }) => from <= it.asOf)?.index ?? -1;
  const { periods } = wholeOf({ deal, at: it.asOf, upTo }, learned.knowledge());
  return new Map([...periods].flatMap(([index, { settled }]) => (settled ? [[index, settled.standing] as const] : [])));
};
