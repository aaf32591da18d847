import * as v from "valibot";
import { allDisputeReasons, DisputeItemSchema } from "./contract/dispute.item.ts";
import { disputeEndings } from "./contract/dispute.ts";
import { at, fact, hash, id, minor, party, place, version } from "./fact.kit.ts";

const dispute = id;
const until = at;
const amount = v.pipe(minor, v.minValue(0));
const split = { brandMinor: amount, influencerMinor: amount };
const length = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Facts of a dispute's life. What the sides and the mediator say is kept apart from them. */
export const disputeFacts = [
  fact("dispute-opened", {
    dispute,
    item: DisputeItemSchema,
    period: v.nullable(place),
    opener: party,
    reason: v.picklist(allDisputeReasons),
    amountMinor: v.pipe(minor, v.minValue(1)),
    currency: v.string(),
    rules: v.strictObject({
      answerMs: length,
      proposalMs: length,
      mediatorMs: length,
      silence: party,
      mediator: v.nullable(v.string()),
    }),
    evidence: v.strictObject({ hash, version, termsHash: hash }),
    until,
  }),
  fact("dispute-answered", { dispute, until }),
  fact("dispute-replied", { dispute }),
  fact("dispute-proposed", { dispute, party, ...split, until }),
  fact("dispute-escalated", { dispute, party, keys: v.strictObject({ brand: hash, influencer: hash }), until }),
  fact("dispute-reminded", { dispute, hours: length, until }),
  fact("dispute-resolved", { dispute, how: v.picklist(disputeEndings), ...split, adjustmentMinor: minor }),
  /** What was taken for a conversion that is now worth less than that, given back: nothing is taken twice. */
  fact("dispute-eased", { dispute, backMinor: v.pipe(minor, v.minValue(1)) }),
] as const;
