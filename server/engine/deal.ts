import type { Terms } from "../../shared/contract/terms.ts";
import { type Deal, dealOf, endedBy } from "../../shared/pay/deal.ts";
import type { ContractDoc } from "./shapes.ts";

/** The terms of a contract's signed versions, in order, cut where it was ended early. Nothing for one that nobody has signed. */
export const versionsOf = ({ versions, lastDay }: Pick<ContractDoc, "versions" | "lastDay">): readonly Terms[] =>
  versions.map(({ terms }) => (lastDay === null ? terms : endedBy(terms, lastDay)));

/** A contract as it is priced. */
export const dealOfContract = (doc: ContractDoc): Deal => dealOf(versionsOf(doc));
