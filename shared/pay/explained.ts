import type { Terms } from "../contract/terms.ts";
import { endedBy } from "./deal.ts";
import { type Also, type ResultShare, type Statement, statement } from "./statement.ts";

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

/** The statement an explanation comes to: what anybody who holds the evidence may compute, and must find the same. */
export const explained = ({ terms, amendments, lastDay, shares, adjustments, rates, asOf }: Explanation): Statement => {
  const cut = (it: Terms): Terms => (lastDay ? endedBy(it, lastDay) : it);
  const also = { amendments: (amendments ?? []).map((it) => cut(it.terms)), adjustments, rates };
  return statement(cut(terms), shares, asOf, also);
};
