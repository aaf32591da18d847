import * as v from "valibot";
import { PollSchema } from "../audience/poll.ts";
import { contractStatuses } from "../contract/contract.ts";
import { TermsSchema } from "../contract/terms.ts";
import { contractLife } from "./shown.contract.ts";

const minor = v.pipe(v.number(), v.integer());
const at = v.pipe(v.number(), v.integer());
const micro = v.pipe(v.number(), v.integer());

/** What now stands at each stage and no further, in minor units of `currency`. Their sum is what has been earned or may yet be. */
export const MoneyByStage = v.object({
  currency: v.string(),
  accruedMinor: minor,
  validatedMinor: minor,
  approvedMinor: minor,
  payableMinor: minor,
});

/** A host a campaign may send visitors to. It is verified once the brand's tag has been seen on it; loopback hosts only where the server allows them. */
export const Host = v.object({ host: v.string(), verified: v.boolean() });

/** A campaign: a brand's goal over some time. */
export const Campaign = v.object({
  id: v.string(),
  name: v.string(),
  hosts: v.array(Host),
  createdAt: at,
});

/** Someone who promotes the brand. `invitation` is a link that may still be used once; the name is kept apart from all records. */
export const Influencer = v.object({ id: v.string(), name: v.string(), joined: v.boolean() });

const party = v.picklist(["brand", "influencer"]);

/** Who signed which version, when, and what they typed as their name. */
export const Signature = v.object({
  by: party,
  name: v.string(),
  at,
  termsHash: v.string(),
  version: v.optional(v.number(), 1),
});

/** Where a contract is in its life. */
export const ContractStatus = v.picklist(contractStatuses);

/**
 * A contract as either side sees it. `text` is the wording rendered from the terms, one clause a paragraph. `terms`,
 * `termsHash`, `version` and `text` are of the version signed last, or while nothing is signed of the one on the table.
 */
export const Contract = v.object({
  id: v.string(),
  brand: v.string(),
  brandName: v.string(),
  campaign: v.string(),
  campaignName: v.string(),
  influencer: v.string(),
  influencerName: v.string(),
  status: ContractStatus,
  version: v.number(),
  terms: TermsSchema,
  termsHash: v.string(),
  text: v.array(v.string()),
  signatures: v.array(Signature),
  hosts: v.array(Host),
  /** Promo codes that belong to this contract. */
  codes: v.optional(v.array(v.string()), []),
  draftedAt: at,
  ...contractLife,
});

/** A tracked link. `clicks` counts the clicks of people, repeats included. */
export const Link = v.object({
  code: v.string(),
  url: v.string(),
  destination: v.string(),
  contract: v.string(),
  createdAt: at,
  clicks: v.number(),
});

/** One line of a statement; see shared/pay/statement.ts. */
export const StatementLine = v.object({
  code: v.string(),
  amountMinor: minor,
  exact: v.string(),
  because: v.string(),
  conversion: v.optional(v.string()),
});

/** How a guarantee stands; see shared/pay/statement.ts. */
export const GuaranteeStanding = v.object({
  state: v.picklist(["open", "met", "missed", "pending"]),
  result: v.string(),
  target: v.number(),
  targetMicro: micro,
  volumeMicro: micro,
  shortfallMicro: micro,
  filledMicro: v.optional(micro),
  until: v.optional(at),
});

/** One contract's money for one period. */
export const PeriodStatement = v.object({
  starts: v.string(),
  ends: v.string(),
  state: v.picklist(["open", "closed"]),
  lines: v.array(StatementLine),
  earnedMinor: minor,
  dueMinor: minor,
  carriedMinor: minor,
  guarantee: v.nullable(GuaranteeStanding),
});

/** One contract's money, period by period. */
export const Statement = v.object({ currency: v.string(), periods: v.array(PeriodStatement), totalMinor: minor });

/** One contract's share of one conversion: the evidence a statement is recomputed from. */
export const ResultShare = v.object({
  id: v.string(),
  result: v.string(),
  at,
  shareMicro: micro,
  restated: v.optional(v.array(v.object({ at, shareMicro: micro }))),
  valueMinor: v.optional(minor),
  state: v.picklist(["counted", "pending", "rejected"]),
  countedAt: v.optional(at),
  reversals: v.optional(v.array(v.object({ at, permille: v.number() }))),
});

/** A statement with everything needed to compute it again, offline: `explained` in shared/pay/explained.ts must give the same. */
export const ExplainedStatement = v.object({
  contract: v.string(),
  version: v.number(),
  termsHash: v.string(),
  terms: TermsSchema,
  /** Versions of the terms signed after the first, each from its `starts` on. */
  amendments: v.optional(v.array(v.object({ version: v.number(), termsHash: v.string(), terms: TermsSchema })), []),
  /** The last day, where it is earlier than the terms say. */
  lastDay: v.optional(v.nullable(v.string()), null),
  asOf: at,
  shares: v.array(ResultShare),
  /** What disputes were settled with. */
  adjustments: v.optional(
    v.array(
      v.object({
        id: v.string(),
        at,
        amountMinor: minor,
        code: v.picklist(["dispute", "adjustment"]),
        because: v.string(),
      }),
    ),
    [],
  ),
  /** What was measured for bonuses that ask for a rate. */
  rates: v.optional(
    v.array(v.object({ period: v.number(), at, visits: v.number(), clicks: v.number(), engaged: v.number() })),
    [],
  ),
  statement: Statement,
});

/** How far a period has climbed one ladder of tiers; see shared/pay/progress.ts. */
export const Ladder = v.object({
  rule: v.number(),
  result: v.string(),
  measure: v.picklist(["count", "value"]),
  volume: v.number(),
  steps: v.array(
    v.object({
      from: v.number(),
      amountMinor: v.optional(minor),
      rateBp: v.optional(v.number()),
      reached: v.boolean(),
    }),
  ),
  toNext: v.nullable(v.number()),
});

/** A contract's live earnings: money by stage over its whole life, and how its current period stands. */
export const Earnings = v.object({
  contract: v.string(),
  brand: v.string(),
  brandName: v.string(),
  campaignName: v.string(),
  status: ContractStatus,
  money: MoneyByStage,
  period: v.nullable(PeriodStatement),
  ladders: v.array(Ladder),
  results: v.record(v.string(), v.number()),
});

/** A poll and how it stands. `texts` holds the latest free-text answers, newest first, at most fifty. */
export const PollPage = v.object({
  campaign: v.string(),
  open: v.boolean(),
  createdAt: at,
  poll: PollSchema,
  shown: v.number(),
  responses: v.number(),
  tally: v.record(v.string(), v.record(v.string(), v.number())),
  texts: v.array(v.object({ question: v.string(), text: v.string(), at })),
});

/** A campaign as its live page shows it. Visits count landing-page views; `people` the distinct visitors among those that allowed an id. */
export const CampaignPage = v.object({
  campaign: Campaign,
  visits: v.number(),
  clicks: v.number(),
  results: v.record(v.string(), v.number()),
  grades: v.object({ accept: v.number(), review: v.number(), reject: v.number(), retry: v.number() }),
  credited: v.array(
    v.object({
      contract: v.string(),
      influencer: v.string(),
      name: v.string(),
      status: ContractStatus,
      /** Millionths credited by result, whatever their grade. */
      creditedMicro: v.record(v.string(), v.number()),
      clicks: v.number(),
      money: MoneyByStage,
    }),
  ),
  money: v.array(MoneyByStage),
  polls: v.array(PollPage),
  position: v.string(),
});
