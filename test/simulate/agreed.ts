import * as fc from "fast-check";
import type { Terms } from "../../shared/contract/terms.ts";
import { dayAfter } from "../laws/auditor.calendar.ts";
import { anyRule, type Mix } from "../laws/evidence.rules.ts";
import type { Chance } from "./chance.ts";

const mixes: readonly Mix[] = [
  {},
  { tiers: true },
  { caps: true },
  { bonuses: true },
  { bonuses: true, tiers: true },
  { bonuses: true, guarantee: true },
  { guarantee: true },
  { guarantee: true, caps: true },
  { tiers: true, bonuses: true, caps: true, guarantee: true },
];

const lasting = { week: [14, 34], month: [35, 95], flight: [12, 40] } as const;

/** What a version of a contract is drawn within. */
export interface Frame {
  readonly currency: string;
  readonly timeZone: string;
  readonly starts: string;
}

/** A plain deal whose conditions are soon met, and soon missed again when something is taken back. */
const easy = (chance: Chance): Pick<Terms, "pay"> => ({
  pay: [
    { rule: "perResult", result: "lead", amountMinor: chance.between(1, 900) },
    { rule: "share", result: "sale", rateBp: chance.between(1, 2_500) },
    { rule: "fixed", amountMinor: 400, per: "period", ifAtLeast: { result: chance.pick(["lead", "sale"]), count: 1 } },
    { rule: "bonus", when: { result: chance.pick(["lead", "sale"]), atLeast: 1 }, amountMinor: chance.between(1, 700) },
  ],
});

const ruled = (chance: Chance, period: Terms["period"]) => {
  if (chance.likely(14)) return easy(chance);
  const [body] = fc.sample(anyRule(chance.pick(mixes), period), { seed: chance.below(2 ** 30), numRuns: 1 });
  return body as NonNullable<typeof body>;
};

const disputes = (chance: Chance): Terms["disputes"] => ({
  answerDays: chance.between(1, 9),
  proposalDays: chance.between(1, 9),
  mediatorDays: chance.between(2, 20),
  ...(chance.likely(60) && { silence: chance.pick(["brand", "influencer"] as const) }),
});

/** Terms of any kind, from a day on. */
export const anyTerms = (chance: Chance, { currency, timeZone, starts }: Frame): Terms => {
  const period = chance.pick(["week", "month", "month", "flight"] as const);
  const [least, most] = lasting[period];
  return {
    currency,
    timeZone,
    starts,
    ends: dayAfter(starts, chance.between(least, most)),
    period,
    results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
    attribution: {
      model: chance.pick(["last", "last", "first", "linear"] as const),
      windowDays: chance.pick([3, 14, 30, 90]),
      house: chance.pick(["included", "excluded"] as const),
    },
    quality: { require: ["email"], duplicateDays: chance.pick([0, 30]) },
    ...ruled(chance, period),
    timing: {
      reviewDays: chance.between(0, 10),
      silence: chance.pick(["approve", "approve", "wait"] as const),
      holdDays: chance.between(0, 24),
      disputeDays: chance.between(5, 60),
      noticeDays: chance.between(0, 20),
    },
    ...(chance.likely(70) && { disputes: disputes(chance) }),
  } as Terms;
};
