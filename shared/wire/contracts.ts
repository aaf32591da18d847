import * as v from "valibot";
import { declineReasons, MOST_OFFER_DAYS, noticeReasons } from "../contract/contract.ts";
import { TermsSchema } from "../contract/terms.ts";
import { isDay } from "../kit/time.ts";
import { endpoint } from "./endpoint.ts";
import { Contract, Signature } from "./shown.ts";

const none = v.undefined();
const both = ["brand", "influencer"] as const;
const day = v.pipe(v.string(), v.maxLength(10), v.check(isDay, "must be a day that exists, as YYYY-MM-DD"));
const at = v.pipe(v.number(), v.integer());

/** Days an offer stands: 1 to 90. */
export const OfferDays = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_OFFER_DAYS));

const proposing = v.strictObject({ terms: v.unknown(), expiresInDays: v.optional(OfferDays) });

/** Put other terms on the table in place of those there: the whole document. Signatures start anew, and the terms before can no longer be signed. */
export const counterContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/counter",
  audience: both,
  says: "Make a counter-offer: other terms in place of those on the table.",
  query: none,
  body: proposing,
  reply: Contract,
});

/** Propose new terms for a contract that runs: the whole document, whose `starts` is the day it takes effect. */
export const amendContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/amend",
  audience: both,
  says: "Propose an amendment of a running contract, from the first day of a coming period on.",
  query: none,
  body: proposing,
  reply: Contract,
});

/** Say no to what the other side put on the table. An offer nobody signed ends so; a contract that runs goes on as it was. */
export const declineContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/decline",
  audience: both,
  says: "Decline an offer, a counter-offer or an amendment of the other side.",
  query: none,
  body: v.strictObject({
    reason: v.picklist(declineReasons),
    note: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1000))),
  }),
  reply: Contract,
});

/** Take back what one has put on the table oneself, before both have signed it. */
export const withdrawContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/withdraw",
  audience: both,
  says: "Withdraw one's own offer, counter-offer or amendment before both have signed it.",
  query: none,
  body: v.strictObject({}),
  reply: Contract,
});

/**
 * Give notice. The contract ends on the day asked for, or, when that is sooner than the terms allow one side alone, on the
 * first day they allow, unless the other side agrees to the day asked for.
 */
export const terminateContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/terminate",
  audience: both,
  says: "Give notice: end a running contract before its last day.",
  query: none,
  body: v.strictObject({ lastDay: day, reason: v.optional(v.picklist(noticeReasons)) }),
  reply: Contract,
});

/** Agree to the last day the other side asked for in its notice. */
export const agreeTermination = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/terminate/agree",
  audience: both,
  says: "Agree to the last day that the other side's notice asks for.",
  query: none,
  body: v.strictObject({}),
  reply: Contract,
});

/** Note that the yearly review, which has fallen due, was held. */
export const reviewContract = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/review",
  audience: both,
  says: "Note that a contract's yearly review was held.",
  query: none,
  body: v.strictObject({}),
  reply: Contract,
});

/** A version as it was drafted or put on the table, whatever became of it; `text` as it was read. */
export const ContractVersion = v.object({
  version: v.number(),
  state: v.picklist(["drafted", "proposed", "signed", "replaced", "declined", "withdrawn", "expired"]),
  by: v.picklist(both),
  at,
  terms: TermsSchema,
  termsHash: v.string(),
  text: v.array(v.string()),
  signatures: v.array(Signature),
  /** When it decides, if both have signed it; `until` does not belong to it. */
  inForce: v.nullable(v.object({ from: at, until: at })),
});

/** All versions of a contract's terms that there have been, oldest first. */
export const contractVersions = endpoint({
  method: "GET",
  path: "/v1/contracts/:contract/versions",
  audience: both,
  says: "Every version of a contract's terms, with its text and what became of it.",
  query: none,
  body: none,
  reply: v.object({ versions: v.array(ContractVersion) }),
});
