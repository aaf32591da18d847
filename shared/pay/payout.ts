import { type Decider, ok, type Result, refuse } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import type { PaidLine } from "./payout.plan.ts";

/** How long money may lie unclaimed with a rail before it can be taken back, in ms: thirty days. */
export const UNCLAIMED_MS = 30 * DAY_MS;

/** How long payouts wait after the details they go to were changed, in ms: 72 hours. */
export const CHANGED_MS = 3 * DAY_MS;

/** A payout as it is made: one influencer, one currency, one batch. `details`: keyed digest of where it goes. */
export interface MadePayout {
  readonly payout: string;
  readonly batch: string;
  readonly influencer: string;
  readonly rail: string;
  readonly currency: string;
  readonly lines: readonly PaidLine[];
  readonly taxMinor: number;
  readonly feeMinor: number;
  readonly details: string;
}

/** Facts of a payout's life. Instants in ms since 1970; `proof` is a keyed digest of what proves that it was paid. */
export type PayoutFact =
  | ({ readonly type: "payout-made" } & MadePayout)
  | { readonly type: "payout-sent"; readonly payout: string; readonly at: number }
  | { readonly type: "payout-overdue"; readonly payout: string; readonly at: number }
  | { readonly type: "payout-settled"; readonly payout: string; readonly at: number; readonly proof: string }
  | { readonly type: "payout-failed"; readonly payout: string; readonly at: number; readonly why: FailedWhy }
  | { readonly type: "payout-returned"; readonly payout: string; readonly at: number }
  | { readonly type: "payout-unclaimed"; readonly payout: string; readonly at: number };

/** Why a payout failed: the rail refused to take it, or took it and could not pay. */
export type FailedWhy = "refused" | "failed";

/** What may be asked of a payout. */
export type PayoutCommand =
  | ({ readonly type: "make" } & MadePayout)
  | { readonly type: "send"; readonly at: number }
  | { readonly type: "remind"; readonly at: number }
  | { readonly type: "settle"; readonly at: number; readonly proof: string }
  | { readonly type: "fail"; readonly at: number; readonly why: FailedWhy }
  | { readonly type: "return"; readonly at: number }
  | { readonly type: "unclaim"; readonly at: number };

/**
 * Where a payout is in its life. `made`: in a batch, its money in transit, its rail not known to have it. `sent`: with its
 * rail. `settled`: arrived. The others have failed: their money is payable again.
 */
export type PayoutStatus = "none" | "made" | "sent" | "settled" | "failed" | "returned" | "unclaimed";

/** A payout as its facts have made it. `sentAt` is null before it was sent; `overdue`: sent 30 days ago and not heard of. */
export interface PayoutState {
  readonly status: PayoutStatus;
  readonly payout: string;
  readonly sentAt: number | null;
  readonly overdue: boolean;
}

/** Has the payout failed, so that its money is payable again and may be in another? */
export const hasFailed = (status: PayoutStatus): boolean =>
  status === "failed" || status === "returned" || status === "unclaimed";

type Decide<Name extends PayoutCommand["type"]> = (
  state: PayoutState,
  command: Extract<PayoutCommand, { type: Name }>,
) => Result<readonly PayoutFact[]>;

const done = (it: PayoutFact): Result<readonly PayoutFact[]> => ok([it]);

const back = refuse("payout-came-back", "This payout failed and its money is payable again; the next batch pays it.");
const notSent = refuse("payout-not-sent", "This payout has not been sent yet.");

const make: Decide<"make"> = (state, { type: _, ...made }) =>
  state.status === "none" ? done({ type: "payout-made", ...made }) : ok([]);

const send: Decide<"send"> = (state, { at }) => {
  if (state.status === "none") return notSent;
  return state.status === "made" ? done({ type: "payout-sent", payout: state.payout, at }) : ok([]);
};

const remind: Decide<"remind"> = (state, { at }) =>
  state.status === "sent" && !state.overdue && at >= (state.sentAt ?? at) + UNCLAIMED_MS
    ? done({ type: "payout-overdue", payout: state.payout, at })
    : ok([]);

const settle: Decide<"settle"> = ({ status, payout }, { at, proof }) => {
  if (status === "settled") return ok([]);
  if (hasFailed(status)) return back;
  return status === "sent" ? done({ type: "payout-settled", payout, at, proof }) : notSent;
};

const fail: Decide<"fail"> = ({ status, payout }, { at, why }) => {
  if (status === "failed") return ok([]);
  if (hasFailed(status)) return back;
  if (status === "settled")
    return refuse("payout-settled", "This payout arrived. If the money came back, mark it as returned.");
  return status === "none" ? notSent : done({ type: "payout-failed", payout, at, why });
};

const giveBack: Decide<"return"> = ({ status, payout }, { at }) => {
  if (status === "returned") return ok([]);
  if (hasFailed(status)) return back;
  return status === "sent" || status === "settled" ? done({ type: "payout-returned", payout, at }) : notSent;
};

const unclaim: Decide<"unclaim"> = ({ status, payout, sentAt }, { at }) => {
  if (status === "unclaimed") return ok([]);
  if (hasFailed(status)) return back;
  if (status === "settled") return refuse("payout-settled", "This payout arrived, so it was claimed.");
  if (status !== "sent" || sentAt === null) return notSent;
  if (at < sentAt + UNCLAIMED_MS)
    return refuse("payout-too-young", "A payout counts as unclaimed thirty days after it was sent, not before.");
  return done({ type: "payout-unclaimed", payout, at });
};

const decisions = { make, send, remind, settle, fail, return: giveBack, unclaim } satisfies {
  [Name in PayoutCommand["type"]]: Decide<Name>;
};

const evolve = (state: PayoutState, fact: PayoutFact): PayoutState => {
  switch (fact.type) {
    case "payout-made":
      return { ...state, status: "made", payout: fact.payout };
    case "payout-sent":
      return { ...state, status: "sent", sentAt: fact.at };
    case "payout-overdue":
      return { ...state, overdue: true };
    case "payout-settled":
      return { ...state, status: "settled" };
    case "payout-failed":
      return { ...state, status: "failed" };
    case "payout-returned":
      return { ...state, status: "returned" };
    case "payout-unclaimed":
      return { ...state, status: "unclaimed" };
  }
};

/**
 * The life of a payout: made, sent, then settled, failed, returned (also after it had arrived) or unclaimed (at the
 * earliest thirty days after it was sent). Asking again for what is already so changes nothing; a payout that failed never
 * comes to life again, since its money may be in another by then.
 */
export const payoutLife: Decider<PayoutState, PayoutCommand, PayoutFact> = {
  initial: { status: "none", payout: "", sentAt: null, overdue: false },
  decide: (state, command) => decisions[command.type](state, command as never),
  evolve,
};
