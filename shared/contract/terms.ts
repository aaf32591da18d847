import * as v from "valibot";
import { canonical, type Json } from "../kit/canonical.ts";
import { isCurrency } from "../kit/currency.ts";
import { isDay, isTimeZone } from "../kit/time.ts";

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const counting = v.pipe(v.number(), v.integer("must be a whole number"));
const whole = (least: number, most: number) => v.pipe(counting, v.minValue(least), v.maxValue(most));
const amountMinor = whole(0, 1_000_000_000_000);
const rateBp = whole(0, 1_000_000);
const days = (most: number) => whole(0, most);
const day = v.pipe(v.string(), v.check(isDay, "must be a day that exists, as YYYY-MM-DD"));

/**
 * The name of a kind of outcome: `lead`, `sale`, `enrollment`, … At most 40 lower-case letters, digits and dashes. Two
 * words that every JavaScript object answers to are refused, since a look-up by name would find what nobody wrote.
 */
export const ResultName = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[a-z][a-z0-9-]{0,39}$/,
    "must be a name of at most 40 lower-case letters, digits and dashes that starts with a letter",
  ),
);

const Proof = v.strictObject({ counts: v.picklist(["verified", "confirmed"]) });

const Learned = v.strictObject({
  fit: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be the hash of a fit, 64 hexadecimal digits")),
  from: day,
  until: day,
});

/**
 * How a conversion is shared among those who caused it: DOMAIN §4. `firstBp` and `lastBp` belong to `position`,
 * `halfLifeDays` to `timeDecay`, `milestones` (results) to `wShaped`, `learned` and `wide` to `markov` and `shapley`,
 * `order` to `markov`, `ordered` to `shapley`. `viewDays`: how long before a conversion something seen counts; nothing
 * seen counts without it. `holdoutBp`: how much of the clicks an experiment may take out of credit.
 */
export const AttributionSchema = v.strictObject({
  model: v.picklist([
    "first",
    "last",
    "lastNonHouse",
    "linear",
    "linearUnique",
    "position",
    "wShaped",
    "timeDecay",
    "markov",
    "shapley",
  ]),
  windowDays: whole(1, 365),
  house: v.picklist(["included", "excluded"]),
  firstBp: v.optional(whole(0, 10_000)),
  lastBp: v.optional(whole(0, 10_000)),
  halfLifeDays: v.optional(whole(1, 365)),
  milestones: v.optional(v.pipe(v.array(ResultName), v.minLength(1), v.maxLength(3))),
  after: v.optional(v.picklist(["reuse", "restart"])),
  viewDays: v.optional(whole(1, 30)),
  learned: v.optional(Learned),
  order: v.optional(whole(1, 3)),
  ordered: v.optional(v.boolean()),
  wide: v.optional(v.strictObject({ beyondBp: whole(0, 100_000) })),
  holdoutBp: v.optional(whole(1, 5000)),
});

const Quality = v.strictObject({
  minScore: v.optional(whole(0, 100)),
  require: v.optional(v.pipe(v.array(text(40)), v.maxLength(20))),
  regions: v.optional(v.pipe(v.array(text(10)), v.maxLength(300))),
  duplicateDays: v.optional(days(3650)),
});

const AtLeast = v.strictObject({ result: ResultName, count: whole(1, Number.MAX_SAFE_INTEGER) });

const Fixed = v.strictObject({
  rule: v.literal("fixed"),
  amountMinor,
  per: v.picklist(["period", "flight"]),
  ifAtLeast: v.optional(v.union([AtLeast, v.pipe(v.array(AtLeast), v.minLength(1), v.maxLength(20))])),
});
const PerResult = v.strictObject({ rule: v.literal("perResult"), result: ResultName, amountMinor });
const ShareRule = v.strictObject({ rule: v.literal("share"), result: ResultName, rateBp });
const Step = v.strictObject({
  from: whole(0, Number.MAX_SAFE_INTEGER),
  amountMinor: v.optional(amountMinor),
  rateBp: v.optional(rateBp),
});
const Tiered = v.strictObject({
  rule: v.literal("tiered"),
  result: ResultName,
  measure: v.picklist(["count", "value"]),
  mode: v.picklist(["marginal", "retroactive"]),
  steps: v.pipe(v.array(Step), v.minLength(1), v.maxLength(50)),
});
const Bonus = v.strictObject({
  rule: v.literal("bonus"),
  when: v.strictObject({
    result: v.optional(ResultName),
    atLeastPctOfTarget: v.optional(whole(1, 100_000)),
    atLeast: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
    measure: v.optional(v.picklist(["count", "value"])),
    rate: v.optional(v.picklist(["clickThrough", "engagement"])),
    atLeastBp: v.optional(whole(0, 10_000)),
  }),
  amountMinor: v.optional(amountMinor),
  rateBp: v.optional(rateBp),
  of: v.optional(v.literal("period")),
});

/** One way of paying. Every rule pays by itself; a period earns their sum, never the best of them. */
export const PayRuleSchema = v.variant("rule", [Fixed, PerResult, ShareRule, Tiered, Bonus]);

/** What happens when a guarantee is missed; `then` is what follows when that is not enough. */
export interface Remedy {
  readonly kind: "proRata" | "penalty" | "makeGood" | "carryOver" | "none";
  readonly amountMinor?: number | undefined;
  readonly capMinor?: number | undefined;
  readonly mayOwe?: boolean | undefined;
  readonly days?: number | undefined;
  readonly then?: Remedy | undefined;
}

const then = v.optional(v.lazy((): v.GenericSchema<Remedy> => RemedySchema));
/** The shape of a remedy, which may hold another one. */
export const RemedySchema: v.GenericSchema<Remedy> = v.variant("kind", [
  v.strictObject({ kind: v.literal("proRata"), then }),
  v.strictObject({
    kind: v.literal("penalty"),
    amountMinor,
    capMinor: v.optional(amountMinor),
    mayOwe: v.optional(v.boolean()),
    then,
  }),
  v.strictObject({ kind: v.literal("makeGood"), days: whole(1, 365), then }),
  v.strictObject({ kind: v.literal("carryOver"), then }),
  v.strictObject({ kind: v.literal("none") }),
]);

const Guarantee = v.strictObject({
  result: ResultName,
  target: whole(1, 1_000_000_000),
  per: v.picklist(["period", "flight"]),
  toleranceBp: v.optional(whole(0, 10_000)),
  remedy: RemedySchema,
});

/** The whole document both sides sign: DOMAIN §2. Unknown keys are refused. */
export const TermsSchema = v.strictObject({
  currency: v.pipe(
    v.string(),
    v.check(isCurrency, "must be an ISO 4217 currency code that has a minor unit, such as USD"),
  ),
  timeZone: v.pipe(v.string(), v.check(isTimeZone, "must be an IANA time zone, such as America/New_York")),
  starts: day,
  ends: day,
  period: v.picklist(["week", "month", "flight"]),
  results: v.record(ResultName, Proof),
  attribution: AttributionSchema,
  quality: v.optional(Quality),
  pay: v.pipe(v.array(PayRuleSchema), v.minLength(1), v.maxLength(50)),
  guarantee: v.optional(Guarantee),
  caps: v.optional(
    v.strictObject({
      perResultMinor: v.optional(amountMinor),
      perPeriodMinor: v.optional(amountMinor),
      totalMinor: v.optional(amountMinor),
    }),
  ),
  timing: v.strictObject({
    reviewDays: days(365),
    silence: v.picklist(["approve", "wait"]),
    holdDays: days(365),
    disputeDays: days(365),
    /** How long before its last day a contract may be ended by one side: 14 when not said. */
    noticeDays: v.optional(days(365)),
  }),
  disputes: v.optional(
    v.strictObject({
      /** Days the other side has to answer, either side has to propose, and a mediator has to decide: 7, 7 and 30 when not said. */
      answerDays: v.optional(whole(1, 365)),
      proposalDays: v.optional(whole(1, 365)),
      mediatorDays: v.optional(whole(1, 365)),
      /** Who gets the disputed amount when a deadline passes in silence: by `timing.silence` when not said. */
      silence: v.optional(v.picklist(["influencer", "brand"])),
      mediator: v.optional(text(120)),
    }),
  ),
  payout: v.optional(v.strictObject({ minimumMinor: amountMinor })),
  requires: v.optional(
    v.strictObject({
      courses: v.optional(v.pipe(v.array(text(64)), v.maxLength(50))),
      disclosure: v.optional(text(200)),
    }),
  ),
});

/** The machine-readable conditions of one contract, as signed. */
export type Terms = v.InferOutput<typeof TermsSchema>;
/** One entry of `pay`. */
export type PayRule = v.InferOutput<typeof PayRuleSchema>;
/** A pay rule of one kind, such as `PayRuleOf<"tiered">`. */
export type PayRuleOf<Name extends PayRule["rule"]> = Extract<PayRule, { rule: Name }>;

/** The text that is hashed (SHA-256) and signed: the same for both sides, whatever order the keys came in. */
export const signedText = (terms: Terms): string => canonical(terms as unknown as Json);
