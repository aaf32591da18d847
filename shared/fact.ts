import * as v from "valibot";
import { QuestionSchema } from "./audience/poll.ts";
import { AttributionSchema } from "./contract/terms.ts";
import { accountFacts } from "./fact.account.ts";
import { attributionFacts } from "./fact.attribution.ts";
import { contractFacts } from "./fact.contract.ts";
import { disputeFacts } from "./fact.dispute.ts";
import { historyFacts } from "./fact.history.ts";
import { holdoutFacts } from "./fact.holdout.ts";
import { at, fact, hash, id, micro, minor } from "./fact.kit.ts";
import { payoutFacts } from "./fact.payout.ts";
import { ContextSchema } from "./judge/context.ts";
import { reasonCodes } from "./judge/quality.ts";

const GradeSchema = v.strictObject({
  verdict: v.picklist(["accept", "review", "reject", "retry"]),
  score: v.number(),
  reasons: v.array(
    v.strictObject({
      code: v.picklist(reasonCodes),
      weight: v.number(),
      because: v.string(),
      list: v.optional(v.string()),
    }),
  ),
});

const TouchSchema = v.strictObject({
  id,
  at,
  order: v.number(),
  payee: id,
  link: v.string(),
  kind: v.picklist(["click", "visit", "cta", "code", "answer", "view"]),
});

const SettingSchema = v.strictObject({
  attribution: AttributionSchema,
  context: v.optional(ContextSchema),
  considered: v.array(v.strictObject({ touch: TouchSchema, in: v.boolean(), because: v.string(), shareMicro: micro })),
  shares: v.array(v.strictObject({ payee: id, shareMicro: micro, heldMicro: v.optional(micro) })),
});

const PartSchema = v.strictObject({
  contract: id,
  influencer: id,
  campaign: id,
  version: v.number(),
  termsHash: hash,
  setting: v.number(),
  shareMicro: micro,
  heldMicro: v.optional(micro),
  grade: GradeSchema,
});

const contract = id;
const conversion = id;

/**
 * Everything that can be recorded, in the past tense, by ids and never by names: one schema a fact. Fields are only ever
 * added, and then optional, so that facts of every age can be read. Instants inside a fact are when a thing happened;
 * when it was taken in stands beside it in the chain.
 */
export const FactSchema = v.variant("type", [
  fact("brand-opened", { publishableKey: v.string() }),
  fact("campaign-created", { campaign: id, name: v.string(), hosts: v.array(v.string()) }),
  fact("host-added", { campaign: id, host: v.string() }),
  fact("host-verified", { host: v.string(), how: v.picklist(["tag-seen", "loopback"]) }),
  fact("influencer-added", { influencer: id, how: v.picklist(["invited", "imported"]) }),
  fact("influencer-invited-again", { influencer: id }),
  fact("influencer-joined", { influencer: id }),
  ...contractFacts,
  ...disputeFacts,
  ...payoutFacts,
  ...accountFacts,
  ...historyFacts,
  ...attributionFacts,
  ...holdoutFacts,
  fact("code-created", { code: v.string(), contract }),
  fact("link-created", { link: v.string(), contract, destination: v.string() }),
  fact("poll-opened", {
    poll: id,
    campaign: id,
    title: v.string(),
    questions: v.array(QuestionSchema),
    thanks: v.string(),
    showResults: v.boolean(),
  }),
  fact("poll-closed", { poll: id }),
  fact("poll-answered", {
    poll: id,
    answer: id,
    link: v.optional(v.string()),
    answers: v.record(v.string(), v.union([v.string(), v.number()])),
  }),
  fact("conversion-recorded", {
    conversion,
    result: v.string(),
    externalId: id,
    bodyHash: hash,
    at,
    via: v.picklist(["page", "server", "import"]),
    robot: v.boolean(),
    campaigns: v.array(id),
    valueMinor: v.optional(minor),
    currency: v.optional(v.string()),
    visitor: v.optional(v.string()),
    clicks: v.array(v.string()),
    link: v.optional(v.string()),
    code: v.optional(v.string()),
    /** Keyed digest of the normalised e-mail, for the duplicate check. */
    digest: v.optional(hash),
    /** That e-mail is a job's or a machine's, such as info@: it does not tell who is one person. */
    isOffice: v.optional(v.literal(true)),
  }),
  fact("conversion-judged", {
    conversion,
    settings: v.array(SettingSchema),
    parts: v.array(PartSchema),
    grade: GradeSchema,
    /** Who converted, as far as it was known: first-party ids of visitors. */
    visitors: v.optional(v.array(v.string())),
  }),
  fact("conversion-approved", { conversion }),
  fact("conversion-rejected", { conversion, reason: v.string() }),
  fact("conversion-reversed", {
    conversion,
    reversal: id,
    permille: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  }),
  /** The brand lets the held part of a share count. */
  fact("share-released", { conversion, contract }),
  fact("conversion-matured", { conversion, contract, into: v.picklist(["approved", "payable"]) }),
]);

/** Something that happened. */
export type Fact = v.InferOutput<typeof FactSchema>;
/** The names of all facts. */
export type FactType = Fact["type"];
/** One kind of fact, such as `FactOf<"link-created">`. */
export type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;

/** A fact in its brand's chain: its place, when it was taken in, and who caused it (a role or key, never a name). */
export interface Entry<It extends Fact = Fact> {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly fact: It;
}
