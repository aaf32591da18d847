import type { Party } from "./contract.ts";
import {
  type DisputeItem,
  type DisputeReason,
  type DisputeRules,
  directionOf,
  type Split,
  type SplitAsked,
} from "./dispute.item.ts";

/** Where a dispute is in its life. Every status but `none` and `resolved` has a deadline. */
export const disputeStatuses = ["opened", "answered", "proposed", "escalated", "resolved"] as const;
/** Where a dispute is in its life; `none` before it is opened. */
export type DisputeStatus = "none" | (typeof disputeStatuses)[number];

/** How a dispute came to its end. `silence`: a deadline passed, and the terms say who gets the amount then. */
export const disputeEndings = ["accepted", "decided", "withdrawn", "conceded", "silence"] as const;
/** One of the endings. */
export type DisputeEnding = (typeof disputeEndings)[number];

/** How long before a deadline both sides are reminded of it, in hours. */
export const disputeReminderHours = [72, 24] as const;

/** The SHA-256 of each side's half of the mediator's key. */
export type MediatorKeys = Readonly<Record<Party, string>>;

/** What the dispute was opened on: SHA-256 of the verdict, the closed statement or the terms, and the version in force. */
export interface DisputeEvidence {
  readonly hash: string;
  readonly version: number;
  readonly termsHash: string;
}

interface Named {
  readonly dispute: string;
}

/** Facts of a dispute's life, `until` being the deadline each leads to. What was said lies apart, so that it can be erased. */
export type DisputeFact =
  | (Named & {
      readonly type: "dispute-opened";
      readonly item: DisputeItem;
      /** The period the item belongs to, if it belongs to one. */
      readonly period: number | null;
      readonly opener: Party;
      readonly reason: DisputeReason;
      readonly amountMinor: number;
      readonly currency: string;
      readonly rules: DisputeRules;
      readonly evidence: DisputeEvidence;
      readonly until: number;
    })
  | (Named & { readonly type: "dispute-answered"; readonly until: number })
  | (Named & { readonly type: "dispute-replied" })
  | (Named & Split & { readonly type: "dispute-proposed"; readonly party: Party; readonly until: number })
  | (Named & {
      readonly type: "dispute-escalated";
      readonly party: Party;
      readonly keys: MediatorKeys;
      readonly until: number;
    })
  | (Named & { readonly type: "dispute-reminded"; readonly hours: number; readonly until: number })
  | (Named &
      Split & { readonly type: "dispute-resolved"; readonly how: DisputeEnding; readonly adjustmentMinor: number })
  | (Named & { readonly type: "dispute-eased"; readonly backMinor: number });

interface By {
  readonly party: Party;
  readonly at: number;
}
/** `worthMinor`: what is left of the disputed item's money at that instant, so that no more is taken. */
interface Ending {
  readonly worthMinor: number;
}

/** What may be asked of a dispute. Time, worth and hashes are handed in. */
export type DisputeCommand =
  | (Omit<Extract<DisputeFact, { type: "dispute-opened" }>, "type" | "until"> & {
      readonly type: "open";
      readonly at: number;
      /** The last instant at which the item may be disputed. */
      readonly lastMoment: number;
      /** The most that may be disputed of it: what it is worth and nobody disputes yet, or what its cap leaves to claim. */
      readonly mostMinor: number;
      /** Was something said beside the reason? */
      readonly explained: boolean;
      readonly before: { readonly open: boolean; readonly bySameSide: boolean };
    })
  | (By & { readonly type: "answer" })
  | (By & { readonly type: "propose"; readonly split: SplitAsked })
  | (By & Ending & { readonly type: "accept"; readonly proposal: number })
  | (By & { readonly type: "escalate"; readonly keys: MediatorKeys })
  | (By & { readonly type: "withdraw" })
  | (By & Ending & { readonly type: "concede" })
  | (Ending & {
      readonly type: "decide";
      readonly at: number;
      readonly keys: readonly string[];
      readonly split: SplitAsked;
    })
  | { readonly type: "remind"; readonly at: number; readonly hours: number }
  | (Ending & { readonly type: "lapse"; readonly at: number })
  | (Ending & { readonly type: "ease" });

/** A split one side would take. */
export interface DisputeProposal extends Split {
  readonly party: Party;
}

/**
 * How it ended: the split, and what it did to the contract's money in signed minor units; `easedMinor` is what was given
 * back of that since.
 */
export interface DisputeOutcome extends Split {
  readonly how: DisputeEnding;
  readonly adjustmentMinor: number;
  readonly easedMinor: number;
}

/** A dispute as its facts have made it. `until` is the deadline, null before it is opened and once it is resolved. */
export interface DisputeState {
  readonly status: DisputeStatus;
  readonly dispute: string;
  readonly item: DisputeItem;
  readonly period: number | null;
  readonly opener: Party;
  readonly reason: DisputeReason;
  readonly amountMinor: number;
  readonly currency: string;
  readonly rules: DisputeRules;
  readonly evidence: DisputeEvidence;
  readonly until: number | null;
  readonly replied: boolean;
  readonly proposals: readonly DisputeProposal[];
  readonly keys: MediatorKeys | null;
  readonly outcome: DisputeOutcome | null;
}

/** Nothing yet: the state before the first fact. */
export const noDispute: DisputeState = {
  status: "none",
  dispute: "",
  item: { kind: "contract", contract: "" },
  period: null,
  opener: "brand",
  reason: "other",
  amountMinor: 0,
  currency: "",
  rules: { answerMs: 0, proposalMs: 0, mediatorMs: 0, silence: "influencer", mediator: null },
  evidence: { hash: "", version: 0, termsHash: "" },
  until: null,
  replied: false,
  proposals: [],
  keys: null,
  outcome: null,
};

/** What a dispute holds of its contract's money, in minor units: of a `less` its amount until it is resolved, of a `more` nothing. */
export const heldMinorOf = ({ status, opener, amountMinor }: DisputeState): number =>
  status !== "none" && status !== "resolved" && directionOf(opener) === "less" ? amountMinor : 0;
