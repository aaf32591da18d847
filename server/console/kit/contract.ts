import type { Party } from "../../../shared/contract/contract.ts";
import type { Me } from "./session.ts";
import { sidesOf } from "./session.ts";
import type { Contract, Proposal } from "./wire.ts";

const parties: readonly Party[] = ["brand", "influencer"];

/** The sides of a contract somebody speaks for: one, or both where a brand promotes itself. */
export const partiesOf = (it: Contract, me: Me | null): readonly Party[] => {
  const sides = sidesOf(it, me);
  return parties.filter((party) => sides[party]);
};

/** What a party of a contract is called. */
export const partyName = (it: Contract, party: Party): string => (party === "brand" ? it.brandName : it.influencerName);

/** What is on the table and can still be answered at an instant. */
export const tabledAt = ({ proposal }: Contract, at: number): Proposal | null => {
  if (!proposal) return null;
  return proposal.expiresAt !== null && proposal.expiresAt <= at ? null : proposal;
};

/** The sides somebody speaks for that have not signed what is on the table. */
export const unsignedOf = (it: Contract, me: Me | null, at: number): readonly Party[] => {
  const proposal = tabledAt(it, at);
  return proposal ? partiesOf(it, me).filter((party) => !proposal.signedBy.includes(party)) : [];
};

/** What is on the table is called by where the contract is in its life. */
export const proposalTitle = (it: Contract, { version }: Proposal): string => {
  if (it.versions.length > 0) return "Amendment";
  const countered = it.history.some((event) => event.what === "countered" && event.version === version);
  return countered ? "Counter-offer" : "Offer";
};

/** Is something of it signed by both, so that it has statements, links and a certificate? */
export const hasBegun = ({ status, versions }: Contract): boolean =>
  versions.length > 0 || status === "running" || status === "completed" || status === "terminated";

/** The first day of the first version. */
export const firstDayOf = ({ versions, terms }: Contract): string => versions[0]?.starts ?? terms.starts;

/** The last day, as it stands. */
export const lastDayOf = ({ lastDay, terms }: Contract): string => lastDay ?? terms.ends;
