// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
import { createHash } from "node:crypto";
import type * as v from "valibot";
import { parse } from "valibot";
import { signedText, type Terms, TermsSchema } from "../../shared/contract/terms.ts";
import type { Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import type * as judged from "../../shared/wire/shown.conversion.ts";
import type * as shown from "../../shared/wire/shown.ts";
import { type Asking, asked, contractShown, type Kept, unwritten } from "./office.ts";

type All = typeof shown & typeof judged;
type Shown<Name extends keyof All> = v.InferOutput<All[Name]>;

/** The hash both sides sign. */
export const hashOf = (terms: Terms): string => createHash("sha256").update(signedText(terms)).digest("hex");

/** The instant at which everything in this world is looked at. */
export const NOW = Date.UTC(2026, 10, 22, 15, 4);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const id = (prefix: string, name: string): string => `${prefix}_${name.padEnd(20, "0")}`;

/** The ids that stories name. */
export const ids = {
  brand: id("brd", "larkspur"),
  campaign: id("cmp", "spring"),
  mina: id("inf", "mina"),
  jonas: id("inf", "jonas"),
  priya: id("inf", "priya"),
  minas: id("con", "mina"),
  jonases: id("con", "jonas"),
  priyas: id("con", "priya"),
  offered: id("con", "offered"),
  countered: id("con", "countered"),
  veterans: id("con", "veteran"),
  lead: id("cnv", "lead0"),
  poll: id("pol", "first"),
} as const;

/** Terms with everything the form can write. */
export const minasTerms: Terms = parse(TermsSchema, {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-10-01",
  ends: "2026-12-31",
  period: "month",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { minScore: 60, require: ["email"], duplicateDays: 90 },
  pay: [
    { rule: "fixed", amountMinor: 25000, per: "period", ifAtLeast: { result: "lead", count: 10 } },
    {
      rule: "tiered",
      result: "lead",
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: 1000 },
        { from: 20, amountMinor: 1200 },
        { from: 40, amountMinor: 1500 },
      ],
    },
    { rule: "share", result: "sale", rateBp: 725 },
    { rule: "bonus", when: { result: "sale", atLeast: 10000, measure: "value" }, rateBp: 1000, of: "period" },
  ],
  caps: { perResultMinor: 400, perPeriodMinor: 30000 },
  guarantee: {
    result: "lead",
    target: 26,
    per: "period",
    toleranceBp: 500,
    remedy: { kind: "makeGood", days: 30, then: { kind: "proRata" } },
  },
  timing: { reviewDays: 28, silence: "approve", holdDays: 14, disputeDays: 30, noticeDays: 21 },
  disputes: { answerDays: 5, silence: "influencer", mediator: "Guild of Fair Deals" },
  payout: { minimumMinor: 5000 },
  requires: { disclosure: "#ad" },
});

/** Shorter terms under another model. */
export const jonasesTerms: Terms = parse(TermsSchema, {
  ...minasTerms,
  attribution: { model: "last", windowDays: 14, house: "excluded" },
  pay: [{ rule: "perResult", result: "lead", amountMinor: 900 }],
  guarantee: undefined,
  caps: undefined,
  disputes: undefined,
  timing: { reviewDays: 7, silence: "wait", holdDays: 14, disputeDays: 30 },
});

const hosts: readonly Shown<"Host">[] = [
  { host: "learn.larkspur.example", verified: true },
  { host: "www.larkspur.example", verified: false },
];

const SHARES = [1_000_000, 400_000, 500_000, 1_000_000, 200_000, 333_333];

/** Fifty-eight leads over October and November, some shared, one refunded, one waiting; and three sales. */
export const shares: readonly ResultShare[] = [
  ...Array.from({ length: 58 }, (_, index) => ({
    id: id("cnv", `lead${index}`),
    result: "lead",
    at: Date.UTC(2026, 9, 2, 14) + index * 21 * HOUR,
    shareMicro: SHARES[index % SHARES.length] ?? 0,
    state: index === 57 ? ("pending" as const) : ("counted" as const),
    ...(index === 30 && { reversals: [{ at: Date.UTC(2026, 10, 12, 9), permille: 1000 }] }),
  })),
  ...[4990, 12900, 7900].map((valueMinor, index) => ({
    id: id("cnv", `sale${index}`),
    result: "sale",
    at: Date.UTC(2026, 10, 3 + index * 4, 18),
    shareMicro: 600_000,
    valueMinor,
    state: "counted" as const,
  })),
];

const touch = (name: string, daysBefore: number, payee: string, kind: Touch["kind"], link = ""): Touch => ({
  id: id("tch", name),
  at: NOW - 2 * DAY - Math.round(daysBefore * DAY),
  order: 0,
  payee,
  link,
  kind,
});

const touches: readonly Touch[] = [
  touch("old", 41, ids.jonases, "click", "jw-autumn"),
  touch("first", 9.2, ids.minas, "click", "mina-reel"),
  touch("again", 9.19, ids.minas, "click", "mina-reel"),
  touch("search", 6, "house", "visit"),
  touch("jonas", 3.5, ids.jonases, "click", "jw-review"),
  touch("last", 0.02, ids.minas, "code", "MINA20"),
];

const labels: Readonly<Record<string, string>> = {
  [ids.minas]: "Mina Okafor",
  [ids.jonases]: "Jonas Wirth",
  house: "House",
};

const partOf = (contract: string, influencer: string, terms: Terms, amountMinor: number): Shown<"VerdictPart"> => {
  const conversion = { id: ids.lead, at: NOW - 2 * DAY };
  const attribution = terms.attribution as AttributionTerms;
  const { considered, shares: parts } = credit(conversion, touches, attribution);
  return {
    contract,
    influencer,
    influencerName: labels[contract] ?? "",
    version: 1,
    termsHash: hashOf(terms),
    attribution: terms.attribution,
    considered: [...considered],
    shares: parts.map(({ payee, shareMicro }) => ({ payee, label: labels[payee] ?? payee, shareMicro })),
    shareMicro: parts.find(({ payee }) => payee === contract)?.shareMicro ?? 0,
    grade: {
      verdict: "review",
      score: 80,
      reasons: [
        {
          code: "role-account",
          weight: 20,
          because: "The e-mail seems to belong to a job or a machine, not to a person.",
          list: "roles 2026-11",
        },
      ],
    },
    state: "counted",
    stage: "validated",
    lines: [
      {
        code: terms.pay.at(-1)?.rule ?? "",
        amountMinor,
        because: `${(amountMinor / 1000).toFixed(1)} lead × 12.00 USD`,
      },
    ],
    amountMinor,
    currency: "USD",
  };
};

const rowOf = (more: Partial<Shown<"ConversionRow">>, index: number): Shown<"ConversionRow"> => ({
  id: id("cnv", `lead${index}`),
  result: "lead",
  externalId: `f-${4711 + index}`,
  at: NOW - (2 + index * 0.8) * DAY,
  via: "page",
  grade: "accept",
  stage: "validated",
  credited: [{ influencer: ids.mina, name: "Mina Okafor", shareMicro: 1_000_000 }],
  ...more,
});

/** The newest conversions. */
export const rows: readonly Shown<"ConversionRow">[] = [
  rowOf(
    {
      grade: "review",
      stage: "accrued",
      credited: [
        { influencer: ids.mina, name: "Mina Okafor", shareMicro: 800_000 },
        { influencer: ids.jonas, name: "Jonas Wirth", shareMicro: 100_000 },
      ],
    },
    0,
  ),
  rowOf({}, 1),
  rowOf({ result: "sale", via: "server", valueMinor: 12900, currency: "USD", stage: "approved" }, 2),
  rowOf({ grade: "reject", stage: "rejected", credited: [] }, 3),
  rowOf({ stage: "payable", credited: [{ influencer: ids.jonas, name: "Jonas Wirth", shareMicro: 1_000_000 }] }, 4),
  rowOf({ stage: "house", credited: [], via: "import" }, 5),
  rowOf({ stage: "reversed" }, 6),
];

/** One conversion with everything there is to say about it. */
export const page: Shown<"ConversionPage"> = {
  ...(rows[0] as Shown<"ConversionRow">),
  campaignNames: ["Spring enrolment"],
  parts: [partOf(ids.minas, ids.mina, minasTerms, 960), partOf(ids.jonases, ids.jonas, jonasesTerms, 0)],
  house: null,
  events: [
    { at: NOW - 2 * DAY, what: "conversion-recorded", by: "landing page" },
    { at: NOW - 2 * DAY + 900, what: "conversion-judged", by: "Makegood", because: "Held for review: role account." },
  ],
  lead: { email: "admissions@northfield.example", name: "Sam Reyes", course: "Evening data science" },
};

/** A poll with each kind of question, answered. */
export const poll: Shown<"PollPage"> = {
  campaign: ids.campaign,
  open: true,
  createdAt: NOW - 9 * DAY,
  poll: {
    id: ids.poll,
    title: "Before you go",
    questions: [
      {
        id: "q1",
        kind: "choice",
        title: "What brought you here?",
        required: true,
        options: [
          { id: "o1", label: "A career change" },
          { id: "o2", label: "My employer pays" },
          { id: "o3", label: "Plain curiosity" },
        ],
      },
      { id: "q2", kind: "scale", title: "How likely are you to enrol?", low: "not at all", high: "certainly" },
      { id: "q3", kind: "text", title: "What nearly stopped you?" },
    ],
    thanks: "Thank you!",
    showResults: true,
  },
  shown: 412,
  responses: 96,
  tally: {
    q1: { o1: 51, o2: 17, o3: 28 },
    q2: { "3": 4, "5": 9, "6": 11, "7": 22, "8": 26, "9": 14, "10": 10 },
    q3: { text: 2 },
  },
  texts: [
    { question: "q3", text: "I could not find the price.", at: NOW - 2 * HOUR },
    { question: "q3", text: "Evening dates were hard to see on my phone <b>really</b>.", at: NOW - 5 * HOUR },
  ],
};

const money = (accruedMinor: number, validatedMinor: number, approvedMinor: number, payableMinor: number) => ({
  currency: "USD",
  accruedMinor,
  validatedMinor,
  approvedMinor,
  payableMinor,
});

/** The campaign's live page. */
export const campaignPage: Shown<"CampaignPage"> = {
  campaign: { id: ids.campaign, name: "Spring enrolment", hosts: [...hosts], createdAt: NOW - 61 * DAY },
  visits: 18_402,
  clicks: 2_931,
  results: { lead: 214, sale: 23 },
  grades: { accept: 171, review: 9, reject: 31, retry: 3 },
  credited: [
    {
      contract: ids.minas,
      influencer: ids.mina,
      name: "Mina Okafor",
      status: "running",
      creditedMicro: { lead: 96_400_000, sale: 12_500_000 },
      clicks: 1_874,
      money: money(4_200, 18_650, 41_300, 36_120),
    },
    {
      contract: ids.jonases,
      influencer: ids.jonas,
      name: "Jonas Wirth",
      status: "running",
      creditedMicro: { lead: 61_333_333 },
      clicks: 1_057,
      money: money(900, 12_600, 20_700, 21_000),
    },
  ],
  money: [money(5_100, 31_250, 62_000, 57_120)],
  polls: [poll],
  position: "4711",
};

/** The names around a contract. */
export const around = (id: string, influencer: string, influencerName: string): Kept["around"] => ({
  id,
  brand: ids.brand,
  brandName: "Larkspur Academy",
  campaign: ids.campaign,
  campaignName: "Spring enrolment",
  influencer,
  influencerName,
  hosts: [...hosts],
  codes: [],
});

/** One thing asked of a contract, so many days ago. */
type Step = readonly [daysAgo: number, by: Asking["by"], command: Record<string, unknown>, name?: string];

const lived = (names: Kept["around"], steps: readonly Step[]): Kept =>
  steps.reduce((kept, [daysAgo, by, command, name]) => {
    const at = NOW - daysAgo * DAY;
    const { id: contract, campaign, influencer } = names;
    const terms = command.terms as Terms | undefined;
    const termsHash = terms ? hashOf(terms) : (kept.state.proposal?.termsHash ?? "");
    const given = { contract, campaign, influencer, by, at, termsHash, consent: "now", ...command };
    const now = asked(kept, given as never, { at, by, name });
    if (!now.ok) throw new Error(now.refusal.because);
    return now.kept;
  }, unwritten(names));

const drafted = (daysAgo: number, terms: Terms): Step => [daysAgo, "brand", { type: "draft", terms }];
const offered = (daysAgo: number, days = 30): Step => [daysAgo, "brand", { type: "offer", days }];
const signedBoth = (daysAgo: number, influencer: string): readonly Step[] => [
  [daysAgo + 1, "brand", { type: "sign" }, "Ada Marsh"],
  [daysAgo, "influencer", { type: "sign" }, influencer],
];

const longTerms: Terms = { ...jonasesTerms, starts: "2025-11-01", ends: "2027-10-31" };
const counterTerms: Terms = {
  ...jonasesTerms,
  pay: [
    { rule: "fixed", amountMinor: 15000, per: "flight" },
    { rule: "perResult", result: "lead", amountMinor: 1100 },
  ],
};
const dearerTerms: Terms = {
  ...jonasesTerms,
  starts: "2026-12-01",
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1000 }],
};
const amendedTerms: Terms = {
  ...longTerms,
  starts: "2026-12-01",
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1150 }],
  timing: { ...longTerms.timing, noticeDays: 60 },
};

/** Six contracts: two running, one drafted, one on offer, one countered, and an old one that is to be amended and reviewed. */
export const kept: readonly Kept[] = [
  lived(around(ids.offered, ids.mina, "Mina Okafor"), [
    drafted(5, { ...minasTerms, starts: "2027-01-01", ends: "2027-03-31" }),
    offered(4),
  ]),
  lived(around(ids.priyas, ids.priya, "Priya Raman"), [drafted(60, jonasesTerms)]),
  lived(around(ids.countered, ids.priya, "Priya Raman"), [
    drafted(8, jonasesTerms),
    offered(7),
    [1, "influencer", { type: "counter", days: 3, terms: counterTerms }],
  ]),
  lived(around(ids.jonases, ids.jonas, "Jonas Wirth"), [
    drafted(60, jonasesTerms),
    offered(59),
    ...signedBoth(57, "Jonas Wirth"),
    [12, "brand", { type: "amend", terms: dearerTerms }],
    ...signedBoth(9, "Jonas Wirth"),
    [1, "influencer", { type: "terminate", lastDay: "2026-11-30" }],
  ]),
  lived(around(ids.veterans, ids.jonas, "Jonas Wirth"), [
    drafted(400, longTerms),
    offered(399),
    ...signedBoth(395, "Jonas Wirth"),
    [21, "clock", { type: "ask-review", year: 1 }],
    [2, "influencer", { type: "amend", terms: amendedTerms }],
  ]),
  lived(around(ids.minas, ids.mina, "Mina Okafor"), [
    drafted(60, minasTerms),
    offered(59),
    ...signedBoth(57, "Mina Okafor"),
  ]),
];

/** The same as they are shown. */
export const contracts: readonly Shown<"Contract">[] = kept.map(contractShown);

/** What a dispute of Mina's was settled with. */
export const adjustments: Shown<"ExplainedStatement">["adjustments"] = [
  {
    id: "adj_1",
    at: NOW - 6 * DAY,
    amountMinor: 2500,
    code: "dispute",
    because: "dispute dsp_1, settled at 25.00 USD",
  },
];

/** The brand's influencers. */
export const influencers: readonly Shown<"Influencer">[] = [
  { id: ids.priya, name: "Priya Raman", joined: false },
  { id: ids.jonas, name: "Jonas Wirth", joined: true },
  { id: ids.mina, name: "Mina Okafor", joined: true },
];

/** Two links of Mina's. */
export const links: readonly Shown<"Link">[] = [
  {
    code: "mina-reel",
    url: "http://127.0.0.1:8787/l/mina-reel",
    destination: "https://learn.larkspur.example/evening/data-science?utm_source=reel",
    contract: ids.minas,
    createdAt: NOW - 40 * DAY,
    clicks: 1_502,
  },
  {
    code: "mina-bio",
    url: "http://127.0.0.1:8787/l/mina-bio",
    destination: "https://learn.larkspur.example/",
    contract: ids.minas,
    createdAt: NOW - 55 * DAY,
    clicks: 372,
  },
];
