import { createHash } from "node:crypto";
import type * as v from "valibot";
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { periodAt, periodsOf } from "../../shared/kit/time.ts";
import { explained } from "../../shared/pay/explained.ts";
import { ladders } from "../../shared/pay/progress.ts";
import { type ResultShare, statement } from "../../shared/pay/statement.ts";
import { grown, portion, type Volumes } from "../../shared/pay/volume.ts";
import type * as judged from "../../shared/wire/shown.conversion.ts";
import type * as shown from "../../shared/wire/shown.ts";

export type Contract = v.InferOutput<typeof shown.Contract>;
export type Earnings = v.InferOutput<typeof shown.Earnings>;
export type ExplainedStatement = v.InferOutput<typeof shown.ExplainedStatement>;
export type ConversionPage = v.InferOutput<typeof judged.ConversionPage>;
export type Stage = "accrued" | "validated" | "approved" | "payable";

/** What the standing-in server keeps of one conversion credited to one contract. */
export interface Case {
  readonly share: ResultShare;
  readonly stage: Stage;
  readonly touches: readonly Touch[];
}

const DAY = 86_400_000;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Terms that run from `at`'s month on: a fixed fee, a ladder of tiers and a guarantee of fifty leads a month. */
export const someTerms = (at: number, more: Partial<Terms> = {}): Terms => {
  const month = new Date(at).toISOString().slice(0, 7);
  return {
    currency: "USD",
    timeZone: "UTC",
    starts: `${month}-01`,
    ends: day(Date.parse(`${month}-01`) + 80 * DAY),
    period: "month",
    results: { lead: { counts: "verified" } },
    attribution: { model: "position", windowDays: 30, house: "included" },
    pay: [
      { rule: "fixed", amountMinor: 5000, per: "period" },
      {
        rule: "tiered",
        result: "lead",
        measure: "count",
        mode: "marginal",
        steps: [
          { from: 0, amountMinor: 1000 },
          { from: 5, amountMinor: 1200 },
          { from: 100, amountMinor: 1500 },
        ],
      },
    ],
    guarantee: { result: "lead", target: 50, per: "period", toleranceBp: 500, remedy: { kind: "none" } },
    timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
    requires: { disclosure: "#ad" },
    ...more,
  } as Terms;
};

export const hashOf = (terms: Terms): string => createHash("sha256").update(signedText(terms)).digest("hex");

/** A running contract on some hosts. */
export const someContract = (id: string, hosts: readonly string[], at: number, terms: Terms): Contract => ({
  id,
  codes: [],
  brand: "brd_acme",
  brandName: "Acme Coding",
  campaign: `cmp_${id}`,
  campaignName: `Autumn courses ${id}`,
  influencer: "inf_mia",
  influencerName: "Mia",
  status: "running",
  version: 1,
  terms,
  termsHash: hashOf(terms),
  text: ["We agree."],
  signatures: [
    { by: "brand", name: "Olive Owner", at, termsHash: hashOf(terms), version: 1 },
    { by: "influencer", name: "Mia", at, termsHash: hashOf(terms), version: 1 },
  ],
  hosts: hosts.map((host) => ({ host, verified: true })),
  draftedAt: at,
  versions: [
    { version: 1, termsHash: hashOf(terms), startedAt: at, starts: terms.starts, ends: terms.ends, inForce: null },
  ],
  proposal: null,
  lastDay: null,
  notice: null,
  overAt: null,
  review: { year: 0, due: false },
  history: [],
});

/** The touches of a journey: the house first, then the contract, a repeat of it, and somebody else. */
export const someTouches = (contract: string, at: number, conversion: string): readonly Touch[] => [
  { id: `${conversion}-0`, at: at - 40 * DAY, order: 0, payee: contract, link: "old", kind: "click" },
  { id: `${conversion}-1`, at: at - 3 * DAY, order: 1, payee: HOUSE, link: "", kind: "visit" },
  { id: `${conversion}-2`, at: at - 2 * DAY, order: 2, payee: "other-1", link: "link-1", kind: "click" },
  { id: `${conversion}-3`, at: at - 600_000, order: 3, payee: contract, link: "mia1", kind: "click" },
  { id: `${conversion}-4`, at: at - 300_000, order: 4, payee: contract, link: "mia1", kind: "click" },
];

const volumesOf = (terms: Terms, cases: readonly Case[], at: number): Volumes => {
  const periods = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);
  const now = periodAt(periods, at);
  return cases
    .filter(({ share }) => share.state === "counted" && periodAt(periods, share.at)?.index === now?.index)
    .reduce<Volumes>(
      (sum, { share }) => grown(sum, share.result, portion(share.shareMicro, 1000, share.valueMinor)),
      new Map(),
    );
};

const earnedBy = (terms: Terms, cases: readonly Case[], at: number): number =>
  statement(
    terms,
    cases.map(({ share }) => share),
    at,
  ).totalMinor;

const order: readonly Stage[] = ["accrued", "validated", "approved", "payable"];

const moneyOf = (terms: Terms, cases: readonly Case[], at: number): Earnings["money"] => {
  const reached = order.map((stage) =>
    earnedBy(
      terms,
      cases.filter((it) => order.indexOf(it.stage) >= order.indexOf(stage)),
      at,
    ),
  );
  const stands = (index: number): number => (reached[index] ?? 0) - (reached[index + 1] ?? 0);
  const [accruedMinor, validatedMinor, approvedMinor, payableMinor] = [stands(0), stands(1), stands(2), stands(3)];
  return { currency: terms.currency, accruedMinor, validatedMinor, approvedMinor, payableMinor };
};

/** A contract's earnings by the law, as a server shows them. */
export const earningsOf = (contract: Contract, cases: readonly Case[], at: number): Earnings => ({
  contract: contract.id,
  brand: contract.brand,
  brandName: contract.brandName,
  campaignName: contract.campaignName,
  status: contract.status,
  money: moneyOf(contract.terms, cases, at),
  period: structuredClone(
    statement(
      contract.terms,
      cases.map(({ share }) => share),
      at,
    ).periods.at(-1) ?? null,
  ) as Earnings["period"],
  ladders: structuredClone(ladders(contract.terms, volumesOf(contract.terms, cases, at))) as Earnings["ladders"],
  results: {},
});

/** A contract's statement by the law, with its evidence, under the versions signed after the first as well. */
export const explainedWith = (
  contract: Contract,
  cases: readonly Case[],
  asOf: number,
  amendments: ExplainedStatement["amendments"],
): ExplainedStatement => {
  const { id, version, termsHash, terms } = contract;
  const none = { lastDay: null, adjustments: [], rates: [] };
  const evidence = { terms, amendments, asOf, shares: cases.map(({ share }) => share), ...none };
  const made = { contract: id, version, termsHash, ...evidence, statement: explained(evidence) };
  return structuredClone(made) as unknown as ExplainedStatement;
};

/** A contract's statement by the law, with its evidence. */
export const statementOf = (contract: Contract, cases: readonly Case[], asOf: number): ExplainedStatement =>
  explainedWith(contract, cases, asOf, []);

/** What a case moved when it came: everything up to it, less everything before it, whatever was proven since. */
const movedMinor = (contract: Contract, cases: readonly Case[], it: Case): number => {
  const upTo = cases.slice(0, cases.indexOf(it) + 1).map(({ share: { countedAt: _, ...share }, ...each }) => ({
    ...each,
    share: { ...share, state: share.state === "rejected" ? ("rejected" as const) : ("counted" as const) },
  }));
  const { terms } = contract;
  return earnedBy(terms, upTo, it.share.at) - earnedBy(terms, upTo.slice(0, -1), it.share.at);
};

/** One conversion by the law, as the influencer is shown it; `cases` in order of time. */
export const conversionOf = (contract: Contract, cases: readonly Case[], it: Case): ConversionPage => {
  const attribution = contract.terms.attribution as AttributionTerms;
  const { considered, shares } = credit({ id: it.share.id, at: it.share.at }, it.touches, attribution);
  const amountMinor = movedMinor(contract, cases, it);
  return structuredClone({
    id: it.share.id,
    result: it.share.result,
    externalId: it.share.id,
    at: it.share.at,
    via: "page",
    grade: "accept",
    stage: it.stage,
    credited: [{ influencer: "inf_mia", name: "Mia", shareMicro: it.share.shareMicro }],
    campaignNames: [contract.campaignName],
    parts: [
      {
        contract: contract.id,
        influencer: "inf_mia",
        influencerName: "Mia",
        version: 1,
        termsHash: contract.termsHash,
        attribution,
        considered,
        shares: shares.map(({ payee, shareMicro }) => ({ payee, label: `Another influencer (1)`, shareMicro })),
        shareMicro: shares.find(({ payee }) => payee === contract.id)?.shareMicro ?? 0,
        grade: {
          verdict: "accept",
          score: 92,
          reasons: [{ code: "role-account", weight: -8, because: "The address belongs to a role, not a person." }],
        },
        state: it.share.state,
        stage: it.stage,
        lines: [{ code: "tiered", amountMinor, because: "lead: 0.4 × 10.00 USD" }],
        amountMinor,
        currency: contract.terms.currency,
      },
    ],
    house: null,
    events: [{ at: it.share.at, what: "recorded", by: "page" }],
    lead: null,
  }) as unknown as ConversionPage;
};

/** One conversion credited to a contract by the law of its journey. */
export const someCase = (contract: Contract, id: string, at: number, stage: Stage = "validated"): Case => {
  const touches = someTouches(contract.id, at, id);
  const { shares } = credit({ id, at }, touches, contract.terms.attribution as AttributionTerms);
  const shareMicro = shares.find(({ payee }) => payee === contract.id)?.shareMicro ?? 0;
  const state = stage === "accrued" ? "pending" : "counted";
  return { stage, touches, share: { id, result: "lead", at, shareMicro, state } };
};
