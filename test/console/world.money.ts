import type * as v from "valibot";
import type { DisputePage as Page } from "../../shared/wire/disputes.ts";
import type * as settings from "../../shared/wire/payout-settings.ts";
import type * as payouts from "../../shared/wire/payouts.ts";
import * as world from "./world.ts";

type DisputePage = v.InferOutput<typeof Page>;
type Payout = v.InferOutput<typeof payouts.PayoutShown>;
type Batch = v.InferOutput<typeof payouts.PayoutBatchShown>;
type Waiting = v.InferOutput<typeof payouts.WaitingShown>;
type Details = v.InferOutput<typeof payouts.DetailsShown>;
type Debt = v.InferOutput<typeof payouts.DebtShown>;
type Deposit = v.InferOutput<typeof settings.DepositShown>;
type WriteOff = v.InferOutput<typeof settings.WriteOffShown>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Deadlines run by the clock of whoever looks, so these instants lie around the real now. */
const NOW = Date.now();
const id = (prefix: string, name: string): string => `${prefix}_${name.padEnd(20, "0")}`;

/** The ids that stories of money name. */
export const moneyIds = {
  lead: id("dsp", "lead"),
  statement: id("dsp", "statement"),
  escalated: id("dsp", "escalated"),
  settled: id("dsp", "settled"),
  batch: id("bat", "november"),
  bankBatch: id("bat", "october"),
  minasPayout: id("pay", "minanov"),
  jonasPayout: id("pay", "jonasnov"),
  oldPayout: id("pay", "minaoct"),
} as const;

/** Both halves of a mediator's key. */
export const halves = { brand: "0123456789abcdefghjkmnpqrs", influencer: "zyxwvtsrqpnmkjhgfedcba9876" } as const;

const sides = {
  brandName: "Larkspur Academy",
  campaignName: "Spring enrolment",
  influencer: world.ids.mina,
  influencerName: "Mina Okafor",
  currency: "USD",
  mediator: null,
  replied: false,
  mediatorUrl: null,
  proposals: [],
  outcome: null,
} as const;

const evidence = {
  hash: "5d41402abc4b2a76b9719d911017c592a1f0c3e4b5d6978812345678deadbeef",
  version: 1,
  termsHash: world.hashOf(world.minasTerms),
  unchanged: true,
  part: null,
  statement: null,
};

/** The brand says that a lead is no lead; it waits for Mina's answer. */
const leadDispute: DisputePage = {
  ...sides,
  proposals: [],
  id: moneyIds.lead,
  item: { kind: "conversion", contract: world.ids.minas, conversion: world.ids.lead },
  opener: "brand",
  direction: "less",
  reason: "not-a-real-lead",
  amountMinor: 960,
  heldMinor: 960,
  status: "opened",
  openedAt: NOW - 20 * HOUR,
  until: NOW + 6 * DAY + 4 * HOUR + 30_000,
  waitsFor: "influencer",
  ifSilent: { brandMinor: 0, influencerMinor: 960 },
  you: "brand",
  said: [
    {
      step: "opened",
      by: "brand",
      text: "We called three times. The number belongs to somebody who never heard of us.",
      links: ["https://files.larkspur.example/calls/4711"],
    },
  ],
  evidence: { ...evidence, part: world.page.parts[0] ?? null },
  events: [{ at: NOW - 20 * HOUR, what: "opened", by: "brand" }],
};

/** Mina says that October is short; the brand has proposed a split. */
const statementDispute: DisputePage = {
  ...sides,
  id: moneyIds.statement,
  item: { kind: "statement", contract: world.ids.minas, period: 0 },
  opener: "influencer",
  direction: "more",
  reason: "missing-results",
  amountMinor: 12_345,
  heldMinor: 0,
  status: "proposed",
  openedAt: NOW - 6 * DAY,
  until: NOW + 26 * HOUR,
  waitsFor: "influencer",
  ifSilent: { brandMinor: 0, influencerMinor: 12_345 },
  you: "brand",
  proposals: [{ proposal: 0, party: "brand", brandMinor: 8_345, influencerMinor: 4_000 }],
  said: [
    { step: "opened", by: "influencer", text: "Eleven leads of the reel are not there.", links: [] },
    { step: "answered", by: "brand", text: "We found four of them: the form was broken that day.", links: [] },
    { step: "proposed-0", by: "brand", text: "Four of eleven, rounded up.", links: [] },
  ],
  evidence: {
    ...evidence,
    statement: {
      starts: "2026-10-01",
      ends: "2026-10-31",
      state: "closed",
      lines: [
        { code: "fixed", amountMinor: 25_000, exact: "25000/1", because: "Fixed for the month, with at least 10 lead" },
        { code: "tiered", amountMinor: 16_600, exact: "16600/1", because: "15.4 lead at their tiers" },
      ],
      earnedMinor: 41_600,
      dueMinor: 41_600,
      carriedMinor: 0,
      guarantee: null,
    },
  },
  events: [
    { at: NOW - 6 * DAY, what: "opened", by: "influencer" },
    { at: NOW - 4 * DAY, what: "answered", by: "brand" },
    { at: NOW - 3 * DAY, what: "proposed", by: "brand" },
    { at: NOW - 40 * HOUR, what: "reminded", by: "clock", because: "72 h" },
  ],
};

/** A contract's dispute that the mediator has. */
const escalatedDispute: DisputePage = {
  ...statementDispute,
  id: moneyIds.escalated,
  item: { kind: "contract", contract: world.ids.minas },
  reason: "penalty-unfair",
  amountMinor: 30_000,
  status: "escalated",
  until: NOW + 21 * DAY,
  waitsFor: "mediator",
  ifSilent: { brandMinor: 0, influencerMinor: 30_000 },
  evidence,
  proposals: [],
  said: [{ step: "opened", by: "influencer", text: "The pages were down for nine days.", links: [] }],
  events: [
    { at: NOW - 16 * DAY, what: "opened", by: "influencer" },
    { at: NOW - 14 * DAY, what: "answered", by: "brand" },
    { at: NOW - 9 * DAY, what: "escalated", by: "influencer" },
  ],
};

/** One that both agreed on. */
const settledDispute: DisputePage = {
  ...leadDispute,
  id: moneyIds.settled,
  item: { kind: "conversion", contract: world.ids.minas, conversion: id("cnv", "lead7") },
  reason: "duplicate",
  amountMinor: 1_200,
  heldMinor: 0,
  status: "resolved",
  openedAt: NOW - 30 * DAY,
  until: null,
  waitsFor: null,
  ifSilent: null,
  outcome: { how: "accepted", brandMinor: 700, influencerMinor: 500, adjustmentMinor: -700 },
  proposals: [{ proposal: 0, party: "influencer", brandMinor: 700, influencerMinor: 500 }],
  events: [
    { at: NOW - 30 * DAY, what: "opened", by: "brand" },
    { at: NOW - 29 * DAY, what: "answered", by: "influencer" },
    { at: NOW - 28 * DAY, what: "proposed", by: "influencer" },
    { at: NOW - 27 * DAY, what: "resolved", by: "brand", because: "accepted" },
  ],
};

/** Three open disputes and one that is over. */
export const disputes: readonly DisputePage[] = [leadDispute, statementDispute, escalatedDispute, settledDispute];

const names = { brand: world.ids.brand, brandName: "Larkspur Academy" };
const mina = { influencer: world.ids.mina, influencerName: "Mina Okafor" };
const jonas = { influencer: world.ids.jonas, influencerName: "Jonas Wirth" };
const priya = { influencer: world.ids.priya, influencerName: "Priya Raman" };

const line = (contract: string, period: number, amountMinor: number) => ({
  contract,
  campaignName: "Spring enrolment",
  period,
  starts: period === 0 ? "2026-10-01" : "2026-09-01",
  ends: period === 0 ? "2026-10-31" : "2026-09-30",
  amountMinor,
});

/** What Mina and Jonas are paid by the next run. */
export const planned = [
  {
    ...mina,
    amountMinor: 40_640,
    taxMinor: 6_096,
    feeMinor: 0,
    lines: [line(world.ids.minas, 0, 41_600), line(world.ids.minas, 1, -960)],
  },
  { ...jonas, amountMinor: 20_700, taxMinor: 0, feeMinor: 0, lines: [line(world.ids.jonases, 0, 20_700)] },
];

const wait = (more: Pick<Waiting, "code" | "amountMinor" | "because"> & Partial<Waiting>): Waiting => ({
  ...names,
  ...mina,
  rail: "manual",
  currency: "USD",
  until: null,
  ...more,
});

/** Money that waits, for four reasons. */
export const waiting: readonly Waiting[] = [
  wait({ code: "held", amountMinor: 960, because: "$9.60 is held by a dispute and waits until that is resolved." }),
  wait({
    ...priya,
    code: "no-details",
    amountMinor: 8_800,
    because: "$88.00 waits until the influencer has said where to be paid.",
  }),
  wait({
    ...jonas,
    code: "below-minimum",
    amountMinor: 1_800,
    because: "$18.00 is carried over: payouts begin at $50.00 under the contract.",
  }),
  wait({
    code: "details-changed",
    amountMinor: 1_250,
    until: NOW + 50 * HOUR,
    because: "$12.50 waits until then: where to pay it was changed less than 72 hours before.",
  }),
];

/** A payout made of what was planned. */
export const payoutOf = (
  it: (typeof planned)[number],
  more: Partial<Payout> & Pick<Payout, "id" | "batch">,
): Payout => ({
  ...names,
  ...it,
  rail: "manual",
  currency: "USD",
  status: "sent",
  overdue: false,
  sentMinor: it.amountMinor - it.taxMinor,
  reference: `Payout 2026-11-22 ${more.id.replace("_", "-")}`,
  proof: null,
  reason: null,
  madeAt: NOW - 2 * DAY,
  events: [
    { at: NOW - 2 * DAY, what: "made", by: "brand" },
    { at: NOW - 2 * DAY + 1_000, what: "sent", by: "clock" },
  ],
  ...more,
});

/** A batch of payouts. */
export const batchOf = (batch: string, key: string, all: readonly Payout[]): Batch => ({
  id: batch,
  key,
  rail: all[0]?.rail ?? "manual",
  currency: "USD",
  madeAt: NOW - 2 * DAY,
  sent: true,
  totalMinor: all.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  sentMinor: all.reduce((sum, { sentMinor }) => sum + sentMinor, 0),
  payouts: [...all],
  waiting: [],
});

const october = payoutOf(planned[0]!, {
  id: moneyIds.oldPayout,
  batch: moneyIds.bankBatch,
  status: "settled",
  proof: "Bank 4711",
  taxMinor: 0,
  sentMinor: 40_640,
  madeAt: NOW - 33 * DAY,
  events: [
    { at: NOW - 33 * DAY, what: "made", by: "brand" },
    { at: NOW - 33 * DAY + 1_000, what: "sent", by: "clock" },
    { at: NOW - 31 * DAY, what: "settled", by: "brand" },
  ],
});

/** One batch that is done. */
export const batches: readonly Batch[] = [
  { ...batchOf(moneyIds.bankBatch, "2026-10-20", [october]), madeAt: NOW - 33 * DAY },
];

/** Where Mina and Jonas are paid. */
export const details: readonly Details[] = [
  {
    ...names,
    ...mina,
    rail: "manual",
    summary: "Wise, mina@okafor.example",
    changedAt: NOW - 22 * HOUR,
    heldUntil: NOW + 50 * HOUR,
    withholdBp: 1_500,
  },
  {
    ...names,
    ...jonas,
    rail: "manual",
    summary: "Postal order, Bonn",
    changedAt: null,
    heldUntil: null,
    withholdBp: 0,
  },
];

/** What Mina owes since long, and Jonas since lately. */
export const debts: readonly Debt[] = [
  {
    ...names,
    ...mina,
    contract: world.ids.minas,
    currency: "USD",
    amountMinor: 4_200,
    since: NOW - 97 * DAY,
    age: "90+",
  },
  {
    ...names,
    ...mina,
    contract: world.ids.minas,
    currency: "USD",
    amountMinor: 1_100,
    since: NOW - 40 * DAY,
    age: "31-60",
  },
  {
    ...names,
    ...jonas,
    contract: world.ids.jonases,
    currency: "USD",
    amountMinor: 900,
    since: NOW - 4 * DAY,
    age: "0-30",
  },
];

/** One debt that somebody else proposed to give up. */
export const writeOffs: readonly WriteOff[] = [
  {
    id: id("wof", "first"),
    ...mina,
    currency: "USD",
    amountMinor: 4_200,
    proposedAt: NOW - 3 * DAY,
    confirmedAt: null,
    because: "$42.00 is given up once somebody else of the brand confirms it. A brand with one owner cannot.",
  },
];

/** Dollars on deposit, some of them for Mina's contract, and tax that was kept back. */
export const deposit: Deposit = {
  currency: "USD",
  freeMinor: 150_000,
  reserved: [{ contract: world.ids.minas, reservedMinor: 60_000, spentMinor: 41_600, onTheWayMinor: 34_544 }],
  feesMinor: 1_200,
  taxMinor: 6_096,
};
