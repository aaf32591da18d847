import * as v from "valibot";
import { AttributionSchema } from "../contract/terms.ts";
import { FitSchema } from "../judge/fit.ts";
import { endpoint } from "./endpoint.ts";

const whole = v.pipe(v.number(), v.integer());
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/, "must be a day, as YYYY-MM-DD"));
const asText = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** What somebody was credited with: millionths of conversions, and their part of what these were worth. */
export const Credited = v.object({ conversionsMicro: whole, valueMinor: whole });

/** Everyone who is on a journey: an influencer, or the brand's own traffic as `house`. */
export const PayeeRow = v.object({
  payee: v.string(),
  name: v.string(),
  /** As the contracts in force decide. */
  now: Credited,
  /** As the model asked for would. */
  whatIf: Credited,
  /** On how many journeys, converting and not, they were. */
  journeys: whole,
});

/** Which part of all conversions would be lost without someone, in whole 10⁻⁹ths, with its 95 % interval. */
export const RemovalEffect = v.object({
  payee: v.string(),
  name: v.string(),
  effectNano: whole,
  lowerNano: whole,
  upperNano: whole,
});

/** A path, runs of one payee told once, and what became of those who took it. */
export const PathRow = v.object({
  steps: v.array(v.string()),
  conversions: whole,
  nulls: whole,
  valueMinor: whole,
});

/** How many conversions there were of some length: from `from` up to, not including, `until` (null: and beyond). */
export const Bar = v.object({ from: v.number(), until: v.nullable(v.number()), conversions: whole });

/** A campaign's journeys over some days, shared as they are and as they would be. */
export const AttributionPage = v.object({
  campaign: v.string(),
  from: day,
  until: day,
  asOf: whole,
  whatIf: AttributionSchema,
  currency: v.nullable(v.string()),
  /** The results whose conversions are looked at, and those there are. */
  result: v.nullable(v.string()),
  results: v.array(v.string()),
  touches: whole,
  journeys: whole,
  conversions: whole,
  valueMinor: whole,
  /** Which part of the visitors was looked at, in millionths: all of them, unless there are very many. */
  lookedAtMicro: whole,
  payees: v.array(PayeeRow),
  /** How much goes to somebody else than it does now: what all who gain by it gain, in millionths of conversions and in money. */
  moved: Credited,
  paths: v.array(PathRow),
  /** How many more distinct paths there are, and the conversions on them. */
  morePaths: v.object({ paths: whole, conversions: whole }),
  /** Days from the first touch of a journey to its conversion. */
  lags: v.array(Bar),
  /** How many touches a converting journey had. */
  lengths: v.array(Bar),
  removal: v.object({
    order: whole,
    /** Conversions per journey, in millionths. */
    baseMicro: whole,
    replicates: whole,
    effects: v.array(RemovalEffect),
  }),
});

/** A fit as it is shown: the frozen weights themselves, what names them, and what their payees are called by whoever asks. */
export const FitPage = v.object({
  hash: v.string(),
  fittedAt: whole,
  fit: FitSchema,
  names: v.record(v.string(), v.string()),
});

/** One arm of an experiment: people who came by a link, and those of them who converted. */
export const Arm = v.object({ people: whole, converted: whole, conversions: whole, valueMinor: whole });

/** A holdout: by chance, some of the people who come by tracked links stay without credit and without what the promotion shows. */
export const Holdout = v.object({
  holdout: v.string(),
  campaign: v.string(),
  startedAt: whole,
  endsAt: v.nullable(whole),
  endedAt: v.nullable(whole),
  partBp: whole,
  /** Contracts whose terms allow it, and how many of the campaign's do not. */
  contracts: v.array(v.string()),
  leftOut: whole,
  treated: Arm,
  held: Arm,
  /** How much more often the treated convert, as a part of how often the held do; null while there is too little to say. */
  lift: v.nullable(
    v.object({
      /** In whole 10 000ths; the interval is the 95 % one. */
      estimateBp: whole,
      lowerBp: whole,
      upperBp: v.nullable(whole),
      /** The difference of the two rates, in millionths, with its 95 % interval. */
      differenceMicro: whole,
      differenceLowerMicro: whole,
      differenceUpperMicro: whole,
    }),
  ),
});

/** How the journeys of a campaign would be shared by another model; parameters as the terms have them, as text. */
export const attributionPage = endpoint({
  method: "GET",
  path: "/v1/campaigns/:campaign/attribution",
  audience: ["brand"],
  says: "A campaign's journeys: who is credited now, who would be under another model, paths, removal effects, time and length.",
  query: v.strictObject({
    from: v.optional(day),
    until: v.optional(day),
    result: v.optional(asText(40)),
    model: v.optional(asText(20)),
    windowDays: v.optional(asText(3)),
    house: v.optional(asText(8)),
    halfLifeDays: v.optional(asText(3)),
    firstBp: v.optional(asText(5)),
    lastBp: v.optional(asText(5)),
    milestones: v.optional(asText(130)),
    after: v.optional(asText(7)),
    viewDays: v.optional(asText(2)),
    order: v.optional(asText(1)),
    ordered: v.optional(asText(5)),
  }),
  body: v.undefined(),
  reply: AttributionPage,
});

/** The fits of a campaign, newest first. */
export const fits = endpoint({
  method: "GET",
  path: "/v1/campaigns/:campaign/fits",
  audience: ["brand"],
  says: "The frozen weights that were fitted on a campaign's past, newest first.",
  query: v.undefined(),
  body: v.undefined(),
  reply: v.object({ fits: v.array(FitPage) }),
});

/** Fit the weights of a learned model on days that are over, and freeze them. */
export const makeFit = endpoint({
  method: "POST",
  path: "/v1/campaigns/:campaign/fits",
  audience: ["brand"],
  says: "Fit the weights of a learned model on past days of a campaign, and freeze them under a hash that terms can name.",
  query: v.undefined(),
  body: v.strictObject({
    model: v.picklist(["markov", "shapley"]),
    order: v.optional(v.picklist([1, 2, 3])),
    ordered: v.optional(v.boolean()),
    from: day,
    until: day,
    windowDays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365)),
    house: v.picklist(["included", "excluded"]),
    after: v.optional(v.picklist(["reuse", "restart"])),
    viewDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(30))),
  }),
  reply: FitPage,
});

/** A fit by its hash: for the brand, and for an influencer whose contract names it. Others are named by numbers there. */
export const fit = endpoint({
  method: "GET",
  path: "/v1/fits/:hash",
  audience: ["brand", "influencer"],
  says: "The frozen weights of that hash, as a party to a contract that names them may check them.",
  query: v.undefined(),
  body: v.undefined(),
  reply: FitPage,
});

/** The holdout experiments of a campaign, newest first. */
export const holdouts = endpoint({
  method: "GET",
  path: "/v1/campaigns/:campaign/holdouts",
  audience: ["brand"],
  says: "The holdout experiments of a campaign with what they show so far, newest first.",
  query: v.undefined(),
  body: v.undefined(),
  reply: v.object({ holdouts: v.array(Holdout) }),
});

/** Begin a holdout on the contracts whose terms allow it. */
export const startHoldout = endpoint({
  method: "POST",
  path: "/v1/campaigns/:campaign/holdouts",
  audience: ["brand"],
  says: "Begin an experiment that leaves a random part of the people who come by links without credit, on the contracts whose terms allow it.",
  query: v.undefined(),
  body: v.strictObject({
    partBp: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
    days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365))),
  }),
  reply: Holdout,
});

/** End a holdout now. */
export const endHoldout = endpoint({
  method: "POST",
  path: "/v1/holdouts/:holdout/end",
  audience: ["brand"],
  says: "End an experiment now; what it showed stays.",
  query: v.undefined(),
  body: v.strictObject({}),
  reply: Holdout,
});
