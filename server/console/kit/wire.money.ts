import type * as v from "valibot";
import type * as disputes from "../../../shared/wire/disputes.ts";
import type * as settings from "../../../shared/wire/payout-settings.ts";
import type * as payouts from "../../../shared/wire/payouts.ts";

/** What the doors of disputes and payouts answer, as types. */
export type Batch = v.InferOutput<typeof payouts.PayoutBatchShown>;
export type Debt = v.InferOutput<typeof payouts.DebtShown>;
export type Deposit = v.InferOutput<typeof settings.DepositShown>;
export type Details = v.InferOutput<typeof payouts.DetailsShown>;
export type DisputePage = v.InferOutput<typeof disputes.DisputePage>;
export type DisputeRow = v.InferOutput<typeof disputes.DisputeRow>;
export type Payout = v.InferOutput<typeof payouts.PayoutShown>;
export type PayoutLine = v.InferOutput<typeof payouts.PayoutLineShown>;
export type PayoutPlan = v.InferOutput<typeof payouts.PayoutPlanShown>;
export type PayoutsPage = v.InferOutput<typeof payouts.payouts.reply>;
export type Settings = v.InferOutput<typeof settings.SettingsShown>;
export type Waiting = v.InferOutput<typeof payouts.WaitingShown>;
export type WriteOff = v.InferOutput<typeof settings.WriteOffShown>;

/** The two sides of a contract. */
export type Party = DisputeRow["opener"];
