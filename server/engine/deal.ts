import type { Terms } from "../../shared/contract/terms.ts";
import { type Deal, dealOf, endedBy } from "../../shared/pay/deal.ts";
import type { ContractDoc } from "./shapes.ts";

/** The terms of a contract's signed versions, in order, cut where it was ended early. Nothing for one that nobody has signed. */
export const versionsOf = ({ versions, lastDay }: Pick<ContractDoc, "versions" | "lastDay">): readonly Terms[] =>
  versions.map(({ terms }) => (lastDay === null ? terms : endedBy(terms, lastDay)));

/** Deals already made: cutting time into periods is slow, and the same signed versions always make the same ones. */
const deals = new Map<string, Deal>();
const MOST_DEALS = 1_000;

/** A contract as it is priced. */
export const dealOfContract = (doc: ContractDoc): Deal => {
  const key = [...doc.versions.map(({ termsHash }) => termsHash), doc.lastDay].join(" ");
  const made = deals.get(key);
  if (made) return made;
  const deal = dealOf(versionsOf(doc));
  if (deals.size >= MOST_DEALS) deals.clear();
  deals.set(key, deal);
  return deal;
};
