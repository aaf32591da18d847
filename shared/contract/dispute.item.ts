import * as v from "valibot";
import { id, place } from "../fact.kit.ts";
import { apportion } from "../kit/money.ts";
import { ok, type Result, refuse } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import type { Party } from "./contract.ts";
import type { Terms } from "./terms.ts";

/** What a dispute is about: one conversion under one contract, one closed statement by its place from zero, or a whole contract. */
export const DisputeItemSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("conversion"), contract: id, conversion: id }),
  v.strictObject({ kind: v.literal("statement"), contract: id, period: place }),
  v.strictObject({ kind: v.literal("contract"), contract: id }),
]);
/** What a dispute is about. */
export type DisputeItem = v.InferOutput<typeof DisputeItemSchema>;

/** An item as part of a key: the same item always gives the same text, and no two items give one. */
export const itemKey = (item: DisputeItem): string => {
  if (item.kind === "conversion") return `${item.contract}/conversion/${item.conversion}`;
  return item.kind === "statement" ? `${item.contract}/statement/${item.period}` : `${item.contract}/contract`;
};

/**
 * Why money is disputed, by the side that says so. The brand says that less is owed, the influencer that more is. `other`
 * has to be explained.
 */
export const disputeReasons = {
  brand: [
    "not-a-real-lead",
    "wrong-attribution",
    "duplicate",
    "refunded",
    "disclosure-missing",
    "terms-breached",
    "wrong-amount",
    "other",
  ],
  influencer: [
    "lead-wrongly-rejected",
    "missing-results",
    "wrong-attribution",
    "wrong-amount",
    "penalty-unfair",
    "other",
  ],
} as const satisfies Readonly<Record<Party, readonly string[]>>;

/** One of the reasons of either side. */
export type DisputeReason = (typeof disputeReasons)[Party][number];

/** The reasons of both sides, each once. */
export const allDisputeReasons: readonly DisputeReason[] = [
  ...new Set<DisputeReason>([...disputeReasons.brand, ...disputeReasons.influencer]),
];

/** May this side dispute for this reason? */
export const isReasonOf = (party: Party, reason: DisputeReason): boolean =>
  (disputeReasons[party] as readonly DisputeReason[]).includes(reason);

/** `less`: the brand says this amount should not be paid. `more`: the influencer says this amount is missing. */
export type Direction = "less" | "more";

/** Which way a side's dispute goes. */
export const directionOf = (opener: Party): Direction => (opener === "brand" ? "less" : "more");

/** The most anybody may say is missing, in minor units: what no single amount in terms may exceed either. */
export const MOST_MISSING_MINOR = 1_000_000_000_000;

/**
 * How long each state of a dispute may last, in ms, and who gets the disputed amount when a deadline passes and nobody has
 * moved, as the terms had it when the dispute was opened. `mediator` is the role both agreed on, null for one that both
 * sides appoint.
 */
export interface DisputeRules {
  readonly answerMs: number;
  readonly proposalMs: number;
  readonly mediatorMs: number;
  readonly silence: Party;
  readonly mediator: string | null;
}

/**
 * The rules these terms give a dispute by one side: 7 days to answer, 7 to propose or to take a proposal, 30 for the
 * mediator, where they say nothing. Where they do not say who gets the amount in silence, money that is held goes to the
 * influencer if silence approves results and to the brand if it makes them wait; but a claim to money nobody had stated
 * falls: silence never makes money.
 */
export const disputeRules = ({ disputes, timing }: Terms, opener: Party): DisputeRules => ({
  answerMs: (disputes?.answerDays ?? 7) * DAY_MS,
  proposalMs: (disputes?.proposalDays ?? 7) * DAY_MS,
  mediatorMs: (disputes?.mediatorDays ?? 30) * DAY_MS,
  silence: disputes?.silence ?? (opener === "brand" && timing.silence === "approve" ? "influencer" : "brand"),
  mediator: disputes?.mediator ?? null,
});

/** A disputed amount in two parts, minor units that sum to it: what the brand keeps, and what the influencer gets. */
export interface Split {
  readonly brandMinor: number;
  readonly influencerMinor: number;
}

/** A split as it is asked for: by amounts, or by the brand's share in thousandths. */
export type SplitAsked = Split | { readonly brandPermille: number };

/**
 * The split of an amount: two amounts must sum to it (`split-does-not-sum`), a share is rounded by the largest remainder,
 * and of two halves of a minor unit the influencer gets the whole one.
 */
export const splitOf = (amountMinor: number, asked: SplitAsked): Result<Split> => {
  if ("brandPermille" in asked) {
    const [brandMinor = 0, influencerMinor = 0] = apportion(amountMinor, [
      { weight: BigInt(asked.brandPermille), tie: 1, id: "brand" },
      { weight: BigInt(1000 - asked.brandPermille), tie: 0, id: "influencer" },
    ]);
    return ok({ brandMinor, influencerMinor });
  }
  const { brandMinor, influencerMinor } = asked;
  if (brandMinor < 0 || influencerMinor < 0 || brandMinor + influencerMinor !== amountMinor)
    return refuse(
      "split-does-not-sum",
      `Both parts must be at least 0 and together come to ${amountMinor} minor units.`,
    );
  return ok({ brandMinor, influencerMinor });
};

/** The whole amount for one side. */
export const allFor = (party: Party, amountMinor: number): Split =>
  party === "brand" ? { brandMinor: amountMinor, influencerMinor: 0 } : { brandMinor: 0, influencerMinor: amountMinor };

/**
 * What a split does to the contract's money, in signed minor units. Of a `less` the brand's part is taken, though never
 * more than the item is still worth: what was refunded meanwhile cannot be taken again. Of a `more` the influencer's part
 * is added.
 */
export const adjustmentOf = (opener: Party, { brandMinor, influencerMinor }: Split, worthMinor: number): number =>
  directionOf(opener) === "more" ? influencerMinor : 0 - Math.min(brandMinor, Math.max(0, worthMinor));
