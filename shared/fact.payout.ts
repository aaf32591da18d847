import * as v from "valibot";
import { at, fact, hash, id, minor, place } from "./fact.kit.ts";
import { waitingCodes } from "./pay/payout.plan.ts";

const payout = id;
const influencer = id;
const currency = v.string();
const batch = id;
const positive = v.pipe(minor, v.minValue(1));
const natural = v.pipe(minor, v.minValue(0));
const bp = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5_000));
const Line = v.strictObject({ contract: id, period: place, amountMinor: minor });

const WaitingSchema = v.strictObject({
  influencer,
  code: v.picklist(waitingCodes),
  amountMinor: positive,
  until: v.optional(at),
  minimumMinor: v.optional(minor),
});

/** Facts of payouts, of the details money is sent to, and of money that is written off or set aside. */
export const payoutFacts = [
  /** One run of payouts. `key` names the run, a day or what the brand calls it; `waiting`: who was left out of it, and why. */
  fact("payout-batch-made", { batch, key: id, rail: id, currency, waiting: v.array(WaitingSchema) }),
  /** A payout, whose money is in transit from here on. `details`: keyed digest of where it goes. */
  fact("payout-made", {
    payout,
    batch,
    influencer,
    rail: id,
    currency,
    lines: v.pipe(v.array(Line), v.minLength(1)),
    taxMinor: natural,
    feeMinor: natural,
    details: hash,
  }),
  /** Its rail has it. */
  fact("payout-sent", { payout, at }),
  /** Sent thirty days ago, and nobody said what became of it. */
  fact("payout-overdue", { payout, at }),
  /** It arrived. `proof`: keyed digest of what the brand, or the rail, gave as proof. */
  fact("payout-settled", { payout, at, proof: hash }),
  fact("payout-failed", { payout, at, why: v.picklist(["refused", "failed"]) }),
  fact("payout-returned", { payout, at }),
  fact("payout-unclaimed", { payout, at }),
  /** Where an influencer is paid was said or changed; payouts wait until `heldUntil`. The details are kept apart. */
  fact("payout-details-changed", { influencer, rail: id, details: hash, heldUntil: v.nullable(at) }),
  /** From which account a brand pays (kept apart; its keyed digest here), and whether out of a deposit, at what fee. */
  fact("payout-settings-changed", { payer: v.nullable(hash), prefunded: v.boolean(), feeBp: bp }),
  /** What is kept back of an influencer's payouts for tax, in hundredths of a percent. */
  fact("withholding-set", { influencer, withholdBp: bp }),
  /** Tax that was kept back went to the authority. */
  fact("tax-remitted", { remittance: id, rail: id, currency, amountMinor: positive, proof: hash }),
  /** Money on deposit came, was set aside for a contract, or set free again. */
  fact("deposit-moved", {
    deposit: id,
    kind: v.picklist(["funded", "reserved", "released"]),
    contract: v.nullable(id),
    currency,
    amountMinor: positive,
  }),
  /** Someone proposes to give up what an influencer owes. `who`: keyed digest of the person. */
  fact("write-off-proposed", { writeOff: id, influencer, currency, amountMinor: positive, who: hash }),
  /** Somebody else agrees. `lines`: what is given up, by contract and period. */
  fact("write-off-confirmed", { writeOff: id, who: hash, lines: v.pipe(v.array(Line), v.minLength(1)) }),
] as const;
