import * as v from "valibot";
import { endpoint } from "./endpoint.ts";
import { CampaignPage, Earnings } from "./shown.ts";

/** How one movement of money is told: from where to where, and how much. `expense` is the brand's pocket. */
export const Movement = v.object({
  from: v.string(),
  to: v.string(),
  amountMinor: v.pipe(v.number(), v.integer()),
});

/**
 * One message of the live stream, the `data` of a server-sent event whose `id` is the position to resume from (header
 * `Last-Event-ID`, or `?from=`). `earnings`: money of one contract moved, and how it stands now. `campaign`: something on
 * a campaign's page changed, and how it stands now. `hello`: the stream is open.
 */
export const LiveMessage = v.variant("kind", [
  v.object({ kind: v.literal("hello") }),
  v.object({
    kind: v.literal("earnings"),
    at: v.number(),
    conversion: v.nullable(v.string()),
    moved: v.array(Movement),
    now: Earnings,
  }),
  v.object({ kind: v.literal("campaign"), at: v.number(), now: CampaignPage }),
]);
/** One message of the live stream. */
export type LiveMessage = v.InferOutput<typeof LiveMessage>;

/** The live stream: `text/event-stream` whose messages are `LiveMessage`. An influencer hears of their contracts, a brand of the campaign it names. */
export const live = endpoint({
  method: "GET",
  path: "/v1/live",
  audience: ["influencer", "brand"],
  says: "Follow earnings (influencer) or one campaign (brand) as they change, from a position on.",
  query: v.strictObject({ campaign: v.optional(v.string()), from: v.optional(v.string()) }),
  body: v.undefined(),
  reply: LiveMessage,
});
