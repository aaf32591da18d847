import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { must } from "../../shared/kit/shape.ts";
import { addDays, lastOfMonth } from "../../shared/kit/time.ts";

/** Where the demo's brand keeps its calendar. */
export const ZONE = "America/New_York";

/** The first days of this month and of the two before it. */
export interface Months {
  readonly today: string;
  readonly current: string;
  readonly last: string;
  readonly first: string;
}

const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;

/** The months the demo's past takes place in, ending today. */
export const monthsUntil = (today: string): Months => {
  const current = monthOf(today);
  const last = monthOf(addDays(current, -1));
  return { today, current, last, first: monthOf(addDays(last, -1)) };
};

const held = (draft: object): Terms => {
  const read = readTerms(draft);
  must(read.ok, "the demo's own terms hold");
  return read.terms;
};

const common = {
  timeZone: ZONE,
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { minScore: 60, require: ["email"], duplicateDays: 90 },
  payout: { minimumMinor: 5000 },
  requires: { disclosure: "#ad" },
};

const ladder = [
  { from: 0, amountMinor: 1000 },
  { from: 10, amountMinor: 1200 },
  { from: 25, amountMinor: 1500 },
];

/** Days in which a shortfall may be made good: longer than any month, so that the last month's window is always open. */
const MAKE_GOOD_DAYS = 45;
const penalty = { kind: "penalty", amountMinor: 600, capMinor: 12_000 };

/** A guarantee with everything around it: fixed pay from so many leads on, tiers, a commission, a bonus, a make-good. */
export const guaranteed = ({ first, today }: Months): Terms =>
  held({
    ...common,
    currency: "USD",
    starts: first,
    ends: lastOfMonth(addDays(today, 75)),
    period: "month",
    pay: [
      { rule: "fixed", amountMinor: 25_000, per: "period", ifAtLeast: { result: "lead", count: 10 } },
      { rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps: ladder },
      { rule: "share", result: "sale", rateBp: 725 },
      { rule: "bonus", when: { result: "lead", atLeastPctOfTarget: 110 }, amountMinor: 10_000 },
    ],
    guarantee: {
      result: "lead",
      target: 25,
      per: "period",
      toleranceBp: 500,
      // biome-ignore lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
      remedy: { kind: "makeGood", days: MAKE_GOOD_DAYS, then: penalty },
    },
    timing: { reviewDays: 5, silence: "approve", holdDays: 7, disputeDays: 30 },
  });

/** Paid week by week for results alone. Its review is longer than a week, so one statement always waits to be approved. */
export const weekly = ({ first, today }: Months): Terms =>
  held({
    ...common,
    currency: "USD",
    starts: first,
    ends: lastOfMonth(addDays(today, 75)),
    period: "week",
    attribution: { ...common.attribution, holdoutBp: 2000 },
    pay: [
      { rule: "perResult", result: "lead", amountMinor: 1400 },
      { rule: "share", result: "sale", rateBp: 500 },
    ],
    timing: { reviewDays: 10, silence: "approve", holdDays: 3, disputeDays: 30 },
  });

const coming = ({ today }: Months, pricing: object): Terms => {
  const starts = addDays(lastOfMonth(today), 1);
  return held({
    ...common,
    currency: "EUR",
    timeZone: "Europe/Berlin",
    starts,
    ends: lastOfMonth(addDays(starts, 65)),
    period: "month",
    timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
    ...pricing,
  });
};

const fixed = { rule: "fixed", amountMinor: 40_000, per: "period" };
const perLead = (amountMinor: number) => ({ rule: "perResult", result: "lead", amountMinor });
const guarantee = { result: "lead", target: 15, per: "period" };

/** What the brand offered for the months to come. */
export const offered = (months: Months): Terms =>
  coming(months, { pay: [fixed, perLead(1800)], guarantee: { ...guarantee, remedy: { kind: "proRata" } } });

/** What the influencer answered: more for each lead, and a shortfall carried over before it costs anything. */
export const countered = (months: Months): Terms => {
  // biome-ignore lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
  const remedy = { kind: "carryOver", then: { kind: "proRata" } };
  return coming(months, { pay: [fixed, perLead(2200)], guarantee: { ...guarantee, remedy } });
};
