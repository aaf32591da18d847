import * as v from "valibot";
import { isCurrency } from "../kit/currency.ts";
import { PayerAccount, PayoutDetails, RailName } from "../pay/payout.details.ts";
import { endpoint } from "./endpoint.ts";
import { Proof } from "./passkeys.ts";
import { DebtShown, DetailsShown } from "./payouts.ts";

const none = v.undefined();
const minor = v.pipe(v.number(), v.integer());
const at = v.pipe(v.number(), v.integer());
const Amount = v.pipe(minor, v.minValue(1), v.maxValue(1_000_000_000_000));
const Currency = v.pipe(v.string(), v.check(isCurrency, "must be an ISO 4217 currency code, such as EUR"));
const Bp = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5_000));

/** A debt somebody proposes to give up. */
export const WriteOffShown = v.object({
  id: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  currency: v.string(),
  amountMinor: minor,
  proposedAt: at,
  confirmedAt: v.nullable(at),
  /** What has to happen next. */
  because: v.string(),
});

/** A brand's money on deposit in one currency. */
export const DepositShown = v.object({
  currency: v.string(),
  freeMinor: minor,
  reserved: v.array(v.object({ contract: v.string(), reservedMinor: minor, spentMinor: minor, onTheWayMinor: minor })),
  feesMinor: minor,
  taxMinor: minor,
});

/** A brand's settings for payouts. The account is shown by its last four characters. */
export const SettingsShown = v.object({
  payer: v.nullable(v.object({ name: v.string(), account: v.string() })),
  prefunded: v.boolean(),
  platformFeeBp: v.number(),
});

/** Where whoever asks is paid, brand by brand. */
export const payoutDetails = endpoint({
  method: "GET",
  path: "/v1/payout-details",
  audience: ["influencer"],
  says: "Where one is paid, by brand; of an account only its end is shown.",
  query: none,
  body: none,
  reply: v.object({ details: v.array(DetailsShown) }),
});

/**
 * Say where to be paid: by every brand one works for, or by the one in which one is `influencer`. Takes a proof for the
 * purpose `payout-details`. Changing it makes payouts wait for 72 hours, and both sides are told.
 */
export const sayPayoutDetails = endpoint({
  method: "POST",
  path: "/v1/payout-details",
  audience: ["influencer"],
  says: "Say where to be paid. Takes a proof for the purpose payout-details; a change makes payouts wait for 72 hours.",
  query: none,
  body: v.strictObject({ details: PayoutDetails, proof: Proof, influencer: v.optional(v.string()) }),
  reply: v.object({ details: v.array(DetailsShown) }),
});

/** The brand's settings for payouts. */
export const payoutSettings = endpoint({
  method: "GET",
  path: "/v1/payout-settings",
  audience: ["brand"],
  says: "From which account the brand pays, and whether out of a deposit.",
  query: none,
  body: none,
  reply: SettingsShown,
});

/** Change the settings for payouts; what is not given stays. A platform fee is taken only out of a deposit. */
export const sayPayoutSettings = endpoint({
  method: "POST",
  path: "/v1/payout-settings",
  audience: ["brand"],
  says: "Say from which account the brand pays, and whether out of a deposit.",
  query: none,
  body: v.strictObject({
    payer: v.optional(PayerAccount),
    prefunded: v.optional(v.boolean()),
    platformFeeBp: v.optional(Bp),
  }),
  reply: SettingsShown,
});

/** How much of an influencer's payouts is kept back for tax, in hundredths of a percent, at most half. */
export const sayWithholding = endpoint({
  method: "POST",
  path: "/v1/influencers/:influencer/withholding",
  audience: ["brand"],
  says: "Say how much of an influencer's payouts is kept back for tax.",
  query: none,
  body: v.strictObject({ withholdBp: Bp }),
  reply: DetailsShown,
});

/** Tax that was kept back was sent to the authority, with proof. */
export const remitTax = endpoint({
  method: "POST",
  path: "/v1/tax-remittances",
  audience: ["brand"],
  says: "Say that tax which was kept back was sent to the authority.",
  query: none,
  body: v.strictObject({
    rail: RailName,
    currency: Currency,
    amountMinor: Amount,
    reference: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)),
  }),
  reply: DepositShown,
});

/** The brand's money on deposit, by currency. */
export const deposits = endpoint({
  method: "GET",
  path: "/v1/deposits",
  audience: ["brand"],
  says: "Money on deposit, what is set aside for which contract, fees, and tax kept back.",
  query: none,
  body: none,
  reply: v.object({ deposits: v.array(DepositShown) }),
});

/** Money on deposit came in. */
export const fundDeposit = endpoint({
  method: "POST",
  path: "/v1/deposits",
  audience: ["brand"],
  says: "Record that money on deposit came in.",
  query: none,
  body: v.strictObject({ rail: RailName, currency: Currency, amountMinor: Amount }),
  reply: DepositShown,
});

/** Set money on deposit aside for a contract, in its currency. */
export const reserveDeposit = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/reserve",
  audience: ["brand"],
  says: "Set money on deposit aside for a contract.",
  query: none,
  body: v.strictObject({ amountMinor: Amount }),
  reply: DepositShown,
});

/** Set money free again that was set aside for a contract. */
export const releaseDeposit = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/release",
  audience: ["brand"],
  says: "Set money free again that was set aside for a contract and is not on its way.",
  query: none,
  body: v.strictObject({ amountMinor: Amount }),
  reply: DepositShown,
});

/** What influencers owe, since when, and what somebody proposes to give up. */
export const debts = endpoint({
  method: "GET",
  path: "/v1/debts",
  audience: ["brand"],
  says: "What influencers owe and since when, and proposals to give some of it up.",
  query: none,
  body: none,
  reply: v.object({ debts: v.array(DebtShown), writeOffs: v.array(WriteOffShown) }),
});

/** Propose to give up what an influencer owes. Somebody else of the brand must confirm it; a brand with one owner cannot. */
export const proposeWriteOff = endpoint({
  method: "POST",
  path: "/v1/influencers/:influencer/write-offs",
  audience: ["brand"],
  says: "Propose to give up what an influencer owes. Somebody else of the brand must confirm it.",
  query: none,
  body: v.strictObject({ currency: Currency, amountMinor: Amount }),
  reply: WriteOffShown,
});

/** Confirm that a debt is given up. Whoever proposed it cannot. */
export const confirmWriteOff = endpoint({
  method: "POST",
  path: "/v1/write-offs/:writeOff/confirm",
  audience: ["brand"],
  says: "Confirm that a debt is given up. Takes somebody else than who proposed it.",
  query: none,
  body: v.strictObject({}),
  reply: WriteOffShown,
});
