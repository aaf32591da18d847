import * as v from "valibot";
import { AttributionSchema } from "../contract/terms.ts";
import { ContextSchema } from "../judge/context.ts";

const minor = v.pipe(v.number(), v.integer());
const at = v.pipe(v.number(), v.integer());
const micro = v.pipe(v.number(), v.integer());

/** One touch of a journey, and whether it counted. Other people's payees and links are opaque labels. */
export const ConsideredTouch = v.object({
  touch: v.object({
    id: v.string(),
    at,
    order: v.number(),
    payee: v.string(),
    link: v.string(),
    kind: v.picklist(["click", "visit", "cta", "code", "answer", "view"]),
  }),
  in: v.boolean(),
  because: v.string(),
  shareMicro: micro,
});

/** Why a lead was graded as it was. Holds no personal data. */
export const Grade = v.object({
  verdict: v.picklist(["accept", "review", "reject", "retry"]),
  score: v.number(),
  reasons: v.array(
    v.object({ code: v.string(), weight: v.number(), because: v.string(), list: v.optional(v.string()) }),
  ),
});

/** What one conversion did for one contract: its share under that contract's own terms, and the cents it moved when it was judged. */
export const VerdictPart = v.object({
  contract: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  version: v.number(),
  termsHash: v.string(),
  attribution: AttributionSchema,
  /** What else the shares rest on; payees labelled as in the touches. See shared/judge/models.ts. */
  context: v.optional(ContextSchema),
  considered: v.array(ConsideredTouch),
  shares: v.array(v.object({ payee: v.string(), label: v.string(), shareMicro: micro })),
  shareMicro: micro,
  /** How much of the share waits until the brand releases it. */
  heldMicro: v.optional(micro),
  /** Whether the brand has released what was held. */
  released: v.optional(v.boolean()),
  /** Where it became another share after its statement was final: the one it was stated by, and those since. */
  restated: v.optional(v.object({ shareMicro: micro, restated: v.array(v.object({ at, shareMicro: micro })) })),
  grade: Grade,
  state: v.picklist(["counted", "pending", "rejected"]),
  stage: v.picklist(["accrued", "validated", "approved", "payable", "rejected"]),
  /** The lines this conversion changed: what each earned with it, less what it earned without it. */
  lines: v.array(v.object({ code: v.string(), amountMinor: minor, because: v.string() })),
  amountMinor: minor,
  currency: v.string(),
});

/** Something that happened to a conversion. */
export const ConversionEvent = v.object({ at, what: v.string(), by: v.string(), because: v.optional(v.string()) });

/**
 * A conversion in a list. `credited` by influencer; what is missing to 1 000 000 is the house's. `externalId` is the
 * brand's own name for it; to an influencer, who need not know whom it names, it is the same as `id`.
 */
export const ConversionRow = v.object({
  id: v.string(),
  result: v.string(),
  externalId: v.string(),
  at,
  via: v.picklist(["page", "server", "import"]),
  valueMinor: v.optional(minor),
  currency: v.optional(v.string()),
  grade: v.picklist(["accept", "review", "reject", "retry"]),
  stage: v.picklist(["accrued", "validated", "approved", "payable", "rejected", "reversed", "house"]),
  credited: v.array(v.object({ influencer: v.string(), name: v.string(), shareMicro: micro })),
});

/** A conversion with its journey, shares, grade, rules and cents. */
export const ConversionPage = v.object({
  ...ConversionRow.entries,
  campaignNames: v.array(v.string()),
  parts: v.array(VerdictPart),
  /** The journey as the brand sees it when no contract is credited. */
  house: v.nullable(v.object({ considered: v.array(ConsideredTouch), shareMicro: micro })),
  events: v.array(ConversionEvent),
  lead: v.nullable(v.record(v.string(), v.string())),
  /** It had counted before the brand rejected it: that is on its statement, so it cannot be approved any more. Told to the brand. */
  takenBack: v.optional(v.boolean()),
});
