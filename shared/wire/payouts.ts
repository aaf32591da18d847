import * as v from "valibot";
import { isCurrency } from "../kit/currency.ts";
import { RailName } from "../pay/payout.details.ts";
import { waitingCodes } from "../pay/payout.plan.ts";
import { endpoint } from "./endpoint.ts";

const none = v.undefined();
const minor = v.pipe(v.number(), v.integer());
const at = v.pipe(v.number(), v.integer());
const Currency = v.pipe(v.string(), v.check(isCurrency, "must be an ISO 4217 currency code, such as EUR"));
const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

/** What one payout pays of one period of one contract, in minor units; below zero where what was paid before has fallen since. */
export const PayoutLineShown = v.object({
  contract: v.string(),
  campaignName: v.string(),
  period: v.number(),
  starts: v.string(),
  ends: v.string(),
  amountMinor: minor,
});

/** Where a payout is in its life: `made` is in a batch and not yet with its rail; the last three are payable again. */
export const PayoutStatusShown = v.picklist(["made", "sent", "settled", "failed", "returned", "unclaimed"]);

/** A payout as either side sees it. `sentMinor` is what arrives: the sum of the lines less the tax kept back. */
export const PayoutShown = v.object({
  id: v.string(),
  batch: v.string(),
  brand: v.string(),
  brandName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  rail: RailName,
  currency: v.string(),
  status: PayoutStatusShown,
  overdue: v.boolean(),
  amountMinor: minor,
  taxMinor: minor,
  sentMinor: minor,
  /** The platform's fee, which the brand pays; null to influencers. */
  feeMinor: v.nullable(minor),
  lines: v.array(PayoutLineShown),
  /** What the influencer reads on their bank statement. */
  reference: v.string(),
  proof: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  madeAt: at,
  events: v.array(v.object({ at, what: v.string(), by: v.string() })),
});

/** Money that waits, or is owed, and why, in a sentence. */
export const WaitingShown = v.object({
  brand: v.string(),
  brandName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  rail: RailName,
  currency: v.string(),
  code: v.picklist(waitingCodes),
  amountMinor: minor,
  until: v.nullable(at),
  because: v.string(),
});

/** What a run would pay, and what it would not and why. `batch`: made already, for this run. */
export const PayoutPlanShown = v.object({
  key: v.string(),
  rail: RailName,
  currency: v.string(),
  batch: v.nullable(v.string()),
  refused: v.nullable(v.string()),
  totalMinor: minor,
  payouts: v.array(
    v.object({
      influencer: v.string(),
      influencerName: v.string(),
      amountMinor: minor,
      taxMinor: minor,
      feeMinor: minor,
      lines: v.array(PayoutLineShown),
    }),
  ),
  waiting: v.array(WaitingShown),
});

/** A batch: its payouts, and who was left out of it and why. `sent`: its rail is known to have all of it. */
export const PayoutBatchShown = v.object({
  id: v.string(),
  key: v.string(),
  rail: RailName,
  currency: v.string(),
  madeAt: at,
  sent: v.boolean(),
  totalMinor: minor,
  sentMinor: minor,
  payouts: v.array(PayoutShown),
  waiting: v.array(WaitingShown),
});

/** How old what is owed is, in days: up to 30, 31 to 60, 61 to 90, and more. */
export const DebtAge = v.picklist(["0-30", "31-60", "61-90", "90+"]);

/** What an influencer owes on one contract since one instant. */
export const DebtShown = v.object({
  brand: v.string(),
  brandName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  contract: v.string(),
  currency: v.string(),
  amountMinor: minor,
  since: at,
  age: DebtAge,
});

/** Where an influencer is paid, as far as it may be shown: of an account, the country and the last four characters. */
export const DetailsShown = v.object({
  brand: v.string(),
  brandName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  rail: v.nullable(RailName),
  summary: v.string(),
  /** When they were changed last; null if never since they were first given. */
  changedAt: v.nullable(at),
  /** Until when payouts wait because of that; null if they do not. */
  heldUntil: v.nullable(at),
  withholdBp: v.number(),
});

const Run = {
  rail: RailName,
  currency: Currency,
  key: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,40}$/, "must be 1 to 40 letters, digits and dashes"))),
};

/** What would be paid now. `key` names the run; without it the run is today's, by UTC. */
export const payoutPlan = endpoint({
  method: "GET",
  path: "/v1/payout-plan",
  audience: ["brand"],
  says: "What a run of payouts would pay now, and what it would not pay and why.",
  query: v.strictObject(Run),
  body: none,
  reply: PayoutPlanShown,
});

/** The brand's batches, newest first. */
export const payoutBatches = endpoint({
  method: "GET",
  path: "/v1/payout-batches",
  audience: ["brand"],
  says: "List batches of payouts, newest first.",
  query: none,
  body: none,
  reply: v.object({ batches: v.array(PayoutBatchShown) }),
});

/** Make the batch of a run. The same run again is the same batch, whoever asks and however often: nothing is paid twice. */
export const makePayoutBatch = endpoint({
  method: "POST",
  path: "/v1/payout-batches",
  audience: ["brand"],
  says: "Make a run's batch of payouts, or give back the one there is.",
  query: none,
  body: v.strictObject(Run),
  reply: PayoutBatchShown,
});

/** One batch. */
export const payoutBatch = endpoint({
  method: "GET",
  path: "/v1/payout-batches/:batch",
  audience: ["brand"],
  says: "One batch of payouts.",
  query: none,
  body: none,
  reply: PayoutBatchShown,
});

/** The batch to take to where the money is: CSV to pay by hand, ISO 20022 pain.001.001.09 for a bank. The same whenever it is asked for. */
export const payoutFile = endpoint({
  method: "GET",
  path: "/v1/payout-batches/:batch/file",
  audience: ["brand"],
  says: "Download a batch: a CSV file to pay by hand, or an XML file for the bank.",
  query: none,
  body: none,
  reply: v.unknown(),
});

/** The payouts of whoever asks, newest first; what waits and why; where they are paid; what is owed. */
export const payouts = endpoint({
  method: "GET",
  path: "/v1/payouts",
  audience: ["influencer", "brand"],
  says: "List payouts, newest first, with what waits and why, and what is owed since when.",
  query: none,
  body: none,
  reply: v.object({
    payouts: v.array(PayoutShown),
    waiting: v.array(WaitingShown),
    details: v.array(DetailsShown),
    debts: v.array(DebtShown),
  }),
});

/** Say that a payout arrived. `reference`: the bank's reference, or whatever proves it. */
export const settlePayout = endpoint({
  method: "POST",
  path: "/v1/payouts/:payout/settle",
  audience: ["brand"],
  says: "Say that a payout was paid, with proof.",
  query: none,
  body: v.strictObject({ reference: text(500) }),
  reply: PayoutShown,
});

/** Say that a payout could not be paid. Its money is payable again. */
export const failPayout = endpoint({
  method: "POST",
  path: "/v1/payouts/:payout/fail",
  audience: ["brand"],
  says: "Say that a payout failed; its money is payable again.",
  query: none,
  body: v.strictObject({ reason: text(500) }),
  reply: PayoutShown,
});

/** Say that a payout came back, also after it had arrived. Its money is payable again. */
export const returnPayout = endpoint({
  method: "POST",
  path: "/v1/payouts/:payout/return",
  audience: ["brand"],
  says: "Say that a payout came back; its money is payable again.",
  query: none,
  body: v.strictObject({ reason: text(500) }),
  reply: PayoutShown,
});

/** Say that nobody claimed a payout for thirty days. Its money is payable again. */
export const unclaimPayout = endpoint({
  method: "POST",
  path: "/v1/payouts/:payout/unclaimed",
  audience: ["brand"],
  says: "Take back a payout nobody claimed for thirty days.",
  query: none,
  body: v.strictObject({}),
  reply: PayoutShown,
});
