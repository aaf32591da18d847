import * as v from "valibot";
import { allDisputeReasons } from "../contract/dispute.item.ts";
import { disputeEndings, disputeStatuses } from "../contract/dispute.ts";
import { idOf } from "../kit/id.ts";
import { endpoint } from "./endpoint.ts";
import { VerdictPart } from "./shown.conversion.ts";
import { PeriodStatement } from "./shown.ts";

const none = v.undefined();
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const minor = v.pipe(v.number(), v.integer());
const at = v.pipe(v.number(), v.integer());
const party = v.picklist(["brand", "influencer"]);
const link = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.regex(/^https:\/\/[^\s/]+\.[^\s]+$/, "must be the address of a page, from https:// on"),
);

/** What may be said at each step: at most 5 000 characters, and at most ten https links to what is kept elsewhere. Files are not taken. */
const said = {
  text: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(5000))),
  links: v.optional(v.pipe(v.array(link), v.maxLength(10))),
};

/** What a dispute is about. */
export const DisputeItemAsked = v.variant("kind", [
  v.strictObject({ kind: v.literal("conversion"), contract: idOf("contract"), conversion: idOf("conversion") }),
  v.strictObject({ kind: v.literal("statement"), contract: idOf("contract"), period: whole }),
  v.strictObject({ kind: v.literal("contract"), contract: idOf("contract") }),
]);

/** The disputed amount in two parts, in minor units that sum to it, or as the brand's share in thousandths. */
export const SplitAskedSchema = v.union([
  v.strictObject({ brandMinor: whole, influencerMinor: whole }),
  v.strictObject({ brandPermille: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)) }),
]);

const Split = v.object({ brandMinor: minor, influencerMinor: minor });

/**
 * A dispute in a list. `direction`: `less` says that this amount should not be paid, and holds it; `more` that it is
 * missing. `until` is the deadline, `waitsFor` who has to move before it, and `ifSilent` the split when it passes and nobody
 * moves. `adjustmentMinor` is what the outcome did to the contract's money.
 */
export const DisputeRow = v.object({
  id: v.string(),
  item: v.variant("kind", [
    v.object({ kind: v.literal("conversion"), contract: v.string(), conversion: v.string() }),
    v.object({ kind: v.literal("statement"), contract: v.string(), period: v.number() }),
    v.object({ kind: v.literal("contract"), contract: v.string() }),
  ]),
  brandName: v.string(),
  campaignName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  opener: party,
  direction: v.picklist(["less", "more"]),
  reason: v.picklist(allDisputeReasons),
  amountMinor: minor,
  currency: v.string(),
  heldMinor: minor,
  status: v.picklist(disputeStatuses),
  openedAt: at,
  until: v.nullable(at),
  waitsFor: v.nullable(v.picklist(["brand", "influencer", "both", "mediator"])),
  ifSilent: v.nullable(Split),
  outcome: v.nullable(v.object({ how: v.picklist(disputeEndings), ...Split.entries, adjustmentMinor: minor })),
});

/** What was said at one step, by whom: an opening, an answer, a reply, the `proposed-…`th proposal from zero, the decision. */
export const DisputeSaid = v.object({
  step: v.string(),
  by: v.picklist(["brand", "influencer", "mediator"]),
  text: v.nullable(v.string()),
  links: v.array(v.string()),
});

/**
 * A dispute with everything about it. `you` is whom the page is for. `evidence` comes with the dispute by itself: the hash
 * of what was disputed (of the verdict, the closed statement, or the terms), whether that is still so, and the verdict or the
 * statement as whoever asks may see it.
 * `mediatorUrl`: the own half of the mediator's key, as a link to hand to them; a decision takes both sides' halves.
 */
export const DisputePage = v.object({
  ...DisputeRow.entries,
  you: v.picklist(["brand", "influencer", "mediator"]),
  mediator: v.nullable(v.string()),
  replied: v.boolean(),
  proposals: v.array(v.object({ proposal: v.number(), party, ...Split.entries })),
  said: v.array(DisputeSaid),
  evidence: v.object({
    hash: v.string(),
    version: v.number(),
    termsHash: v.string(),
    unchanged: v.boolean(),
    part: v.nullable(VerdictPart),
    statement: v.nullable(PeriodStatement),
  }),
  events: v.array(v.object({ at, what: v.string(), by: v.string(), because: v.optional(v.string()) })),
  mediatorUrl: v.nullable(v.string()),
});

/** Dispute a conversion, a closed statement or a contract. From the brand: this should not be paid. From the influencer: this is missing. */
export const openDispute = endpoint({
  method: "POST",
  path: "/v1/disputes",
  audience: ["brand", "influencer"],
  says: "Dispute an amount of a conversion, a closed statement or a contract.",
  query: none,
  body: v.strictObject({
    item: DisputeItemAsked,
    amountMinor: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000_000)),
    reason: v.picklist(allDisputeReasons),
    ...said,
  }),
  reply: DisputePage,
});

/** The disputes of whoever asks, the newest two hundred, newest first. */
export const disputes = endpoint({
  method: "GET",
  path: "/v1/disputes",
  audience: ["brand", "influencer"],
  says: "List disputes, newest first, at most two hundred.",
  query: v.strictObject({ contract: v.optional(v.string()) }),
  body: none,
  reply: v.object({ disputes: v.array(DisputeRow) }),
});

/** One dispute. */
export const dispute = endpoint({
  method: "GET",
  path: "/v1/disputes/:dispute",
  audience: ["brand", "influencer"],
  says: "One dispute: amount, deadline, what was said and proposed, and the evidence.",
  query: none,
  body: none,
  reply: DisputePage,
});

/** Answer the other side's dispute, or reply to the answer to one's own: each once. */
export const answerDispute = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/answer",
  audience: ["brand", "influencer"],
  says: "Answer a dispute, or reply once to the answer.",
  query: none,
  body: v.strictObject(said),
  reply: DisputePage,
});

/** Propose how to split the amount. The other side accepts, proposes another split, or either asks the mediator. */
export const proposeSplit = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/propose",
  audience: ["brand", "influencer"],
  says: "Propose how to split the disputed amount.",
  query: none,
  body: v.strictObject({ split: SplitAskedSchema, ...said }),
  reply: DisputePage,
});

/** Accept the other side's last proposal, named by its place, so that nobody accepts one they have not read. */
export const acceptSplit = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/accept",
  audience: ["brand", "influencer"],
  says: "Accept the other side's last proposal.",
  query: none,
  body: v.strictObject({ proposal: whole }),
  reply: DisputePage,
});

/** Ask the mediator. Each side's page then shows its own half of the mediator's key, as a link to hand on. */
export const escalateDispute = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/escalate",
  audience: ["brand", "influencer"],
  says: "Ask the mediator to decide.",
  query: none,
  body: v.strictObject({}),
  reply: DisputePage,
});

/** Withdraw one's own dispute: everything stays as if it had not been. */
export const withdrawDispute = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/withdraw",
  audience: ["brand", "influencer"],
  says: "Withdraw one's own dispute.",
  query: none,
  body: v.strictObject({}),
  reply: DisputePage,
});

/** Concede the other side's dispute: the whole amount goes as they say. */
export const concedeDispute = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/concede",
  audience: ["brand", "influencer"],
  says: "Concede the other side's dispute.",
  query: none,
  body: v.strictObject({}),
  reply: DisputePage,
});

const key = v.pipe(v.string(), v.regex(/^[0-9a-z]{26}$/, "must be a half of a mediator's key, 26 letters and digits"));

/** Read a dispute as its mediator, by either half of the key. Without the lead's personal data. */
export const mediation = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/mediation",
  audience: ["anyone"],
  says: "Read a dispute as its mediator.",
  query: none,
  body: v.strictObject({ key }),
  reply: DisputePage,
});

/** Decide a dispute as its mediator, by both halves of the key in either order. They work until the dispute is resolved. */
export const decideDispute = endpoint({
  method: "POST",
  path: "/v1/disputes/:dispute/decide",
  audience: ["anyone"],
  says: "Decide a dispute as its mediator.",
  query: none,
  body: v.strictObject({ keys: v.pipe(v.array(key), v.length(2)), split: SplitAskedSchema, ...said }),
  reply: DisputePage,
});
