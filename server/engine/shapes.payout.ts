import type { FactOf } from "../../shared/fact.ts";
import type { MadePayout, PayoutState } from "../../shared/pay/payout.ts";

/** The documents payouts are kept in, by the key they lie under. All of them follow from facts alone. */

/** `batch/{id}`; `batch-at/{seq}/{id}` names it in order, `unsent/{id}` for as long as its rail is not known to have it all. */
export interface BatchDoc extends Omit<FactOf<"payout-batch-made">, "type"> {
  readonly madeAt: number;
  readonly payouts: readonly string[];
}

/** Something that happened to a payout. */
export interface PayoutEvent {
  readonly at: number;
  readonly what: string;
  readonly by: string;
}

/** `payout/{id}`; `payout-at/{seq}/{id}` and `influencer-payout/{influencer}/{seq}/{id}` name it in order. */
export interface PayoutDoc extends MadePayout, PayoutState {
  readonly madeAt: number;
  /** The sum of its lines; `taxMinor` less is sent. */
  readonly amountMinor: number;
  /** Did it arrive, even if it came back later? */
  readonly arrived: boolean;
  readonly events: readonly PayoutEvent[];
}

/** `paid/{contract}`: what payouts that did not fail took of each period, less what was given up, in minor units. */
export type PaidDoc = Readonly<Record<string, number>>;

/** `on-the-way/{contract}`: what payouts that have neither arrived nor failed pay of it, in minor units. */
export interface OnTheWayDoc {
  readonly amountMinor: number;
}

/** `pay-to/{influencer}`: which rail, and a keyed digest of where to. `changedAt` is null for the details first given. */
export interface PayToDoc {
  readonly rail: string;
  readonly details: string;
  readonly saidAt: number;
  readonly changedAt: number | null;
  readonly heldUntil: number | null;
}

/** `payout-settings` */
export interface SettingsDoc {
  readonly payer: string | null;
  readonly prefunded: boolean;
  readonly feeBp: number;
}

/** `withhold/{influencer}` */
export interface WithholdDoc {
  readonly withholdBp: number;
}

/** `debt/{influencer}/{currency}/{contract}`: what is owed, oldest first, each with since when. */
export interface DebtDoc {
  readonly owed: readonly { readonly since: number; readonly amountMinor: number }[];
}

/** `write-off/{id}`; `write-off-open/{influencer}/{currency}` names the one that waits for somebody else's yes. */
export interface WriteOffDoc extends Omit<FactOf<"write-off-proposed">, "type"> {
  readonly proposedAt: number;
  readonly proposedBy: string;
  readonly confirmedAt: number | null;
}

/** `deposit/{at}/{id}` */
export interface DepositDoc extends Omit<FactOf<"deposit-moved">, "type"> {
  readonly at: number;
}
