import * as v from "valibot";
import { TermsSchema } from "../contract/terms.ts";

const at = v.pipe(v.number(), v.integer());
const party = v.picklist(["brand", "influencer"]);

/** A version of the terms both have signed, and the instants in which it decides; `until` does not belong to them. */
export const SignedVersion = v.object({
  version: v.number(),
  termsHash: v.string(),
  startedAt: at,
  starts: v.string(),
  ends: v.string(),
  inForce: v.nullable(v.object({ from: at, until: at })),
});

/** Terms on the table: an offer, a counter-offer, or an amendment of a contract that runs. */
export const Proposal = v.object({
  version: v.number(),
  terms: TermsSchema,
  termsHash: v.string(),
  text: v.array(v.string()),
  by: party,
  signedBy: v.array(party),
  proposedAt: at,
  /** Null for an offer from before offers expired. */
  expiresAt: v.nullable(at),
});

/**
 * Something that happened to a contract, such as `offered`, `countered`, `signed`, `declined`, `notice-given`. `because` is
 * a reason's code, a day, or hours; `note` is what somebody wrote beside it.
 */
export const ContractEvent = v.object({
  at,
  what: v.string(),
  by: v.picklist(["brand", "influencer", "clock"]),
  version: v.optional(v.number()),
  because: v.optional(v.string()),
  note: v.optional(v.string()),
});

/** What a contract's life adds to how it is shown. What was remembered of before there was any of it has none. */
export const contractLife = {
  /** Signed by both, in order. */
  versions: v.optional(v.array(SignedVersion), []),
  proposal: v.optional(v.nullable(Proposal), null),
  /** The last day, where it is earlier than the terms say. */
  lastDay: v.optional(v.nullable(v.string()), null),
  /** Who gave notice and when, and the last day they asked for; which day it is, `lastDay` says. */
  notice: v.optional(v.nullable(v.object({ by: party, lastDay: v.string(), at })), null),
  /** When its life is over, time to make results good included; null while nothing is signed. */
  overAt: v.optional(v.nullable(at), null),
  /** Yearly reviews that have fallen due, and whether the last of them still waits to be held. */
  review: v.optional(v.object({ year: v.number(), due: v.boolean() }), { year: 0, due: false }),
  /** What has happened, oldest first. */
  history: v.optional(v.array(ContractEvent), []),
};
