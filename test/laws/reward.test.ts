import { describe, expect, it } from "vitest";
import type { PayRule, Terms } from "../../shared/contract/terms.ts";
import { type Earning, reward } from "../../shared/judge/reward.ts";
import { rational, zero } from "../../shared/kit/rational.ts";
import { changed, netOf, noSums, type Piece } from "../../shared/pay/sums.ts";
import { vectors } from "./evidence.ts";

const whole = 1_000_000;
const piece = (result: string, shareMicro: number, valueMinor?: number): Piece => ({
  id: `${result} ${shareMicro} ${valueMinor}`,
  at: 0,
  result,
  shareMicro,
  left: 1000,
  valueMinor,
});
const leads = (count: number): readonly Piece[] => [
  ...Array.from({ length: Math.floor(count) }, () => piece("lead", whole)),
  piece("lead", Math.round((count % 1) * whole)),
];
const sales = (valueMinor: number, shareMicro = whole): readonly Piece[] => [piece("sale", shareMicro, valueMinor)];

const told = (
  rule: PayRule,
  pieces: readonly Piece[],
  currency = "USD",
  more: Partial<Earning> & { readonly caps?: Terms["caps"] } = {},
): readonly [string, string] => {
  const { caps, ...earning } = more;
  const terms = { ...vectors.terms, currency, pay: [rule], ...(caps && { caps }) } as Terms;
  const sums = pieces.reduce((all, it) => changed(terms, all, undefined, it), noSums);
  const given = { isFirst: true, net: netOf(terms, sums, []), target: undefined, rates: undefined, others: zero };
  const { exact, because } = reward(rule, { terms, ...given, ...earning }, 0);
  return [`${exact.n}/${exact.d}`, because];
};

describe("what a rule pays comes with the sum a person can follow", () => {
  it("a price for each result", () => {
    const rule: PayRule = { rule: "perResult", result: "lead", amountMinor: 1200 };
    expect(told(rule, leads(12.5))).toEqual(["15000/1", "12.5 lead × 12.00 USD"]);
    expect(told(rule, [])).toEqual(["0/1", "0 lead × 12.00 USD"]);
  });

  it("a share of the value, to the last digit of a split one", () => {
    const rule: PayRule = { rule: "share", result: "sale", rateBp: 725 };
    expect(told(rule, sales(199_000))).toEqual(["28855/2", "7.25 % of 1990.00 USD of sale"]);
    expect(told(rule, sales(199, 500_000))).toEqual(["5771/800", "7.25 % of 0.995 USD of sale"]);
    expect(told(rule, sales(1_990), "JPY")).toEqual(["5771/40", "7.25 % of 1990 JPY of sale"]);
    expect(told(rule, sales(1_999), "KWD")).toEqual(["57971/400", "7.25 % of 1.999 KWD of sale"]);
  });

  it("tiers, slice by slice", () => {
    const steps = [
      { from: 0, amountMinor: 1000 },
      { from: 50, amountMinor: 1200 },
      { from: 100, amountMinor: 1500 },
    ];
    const rule: PayRule = { rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps };
    expect(told(rule, leads(0))).toEqual(["0/1", "no lead yet"]);
    expect(told(rule, leads(50))).toEqual(["50000/1", "lead: 50 × 10.00 USD"]);
    expect(told(rule, leads(100.5))).toEqual(["110750/1", "lead: 50 × 10.00 USD + 50 × 12.00 USD + 0.5 × 15.00 USD"]);
  });

  it("tiers of value", () => {
    const steps = [
      { from: 0, rateBp: 400 },
      { from: 20_000, rateBp: 650 },
    ];
    const rule: PayRule = { rule: "tiered", result: "sale", measure: "value", mode: "marginal", steps };
    expect(told(rule, sales(25_000))).toEqual(["1125/1", "sale: 4 % of 200.00 USD + 6.5 % of 50.00 USD"]);
  });

  it("fixed pay, and what it still waits for", () => {
    const rule: PayRule = {
      rule: "fixed",
      amountMinor: 50_000,
      per: "period",
      ifAtLeast: { result: "lead", count: 30 },
    };
    expect(told(rule, leads(30))).toEqual(["50000/1", "fixed 500.00 USD per period"]);
    const almost = [...leads(29), piece("lead", 999_999), { ...piece("lead", 999), left: 1 }];
    expect(told(rule, almost)).toEqual(["0/1", "needs 30 lead, has 29.999999999"]);
  });

  it("fixed pay for the flight, in its first period only", () => {
    const rule: PayRule = { rule: "fixed", amountMinor: 50_000, per: "flight" };
    expect(told(rule, [])).toEqual(["50000/1", "fixed 500.00 USD per flight"]);
    expect(told(rule, [], "USD", { isFirst: false })).toEqual(["0/1", "paid once, in the first period"]);
  });

  it("a step that is reached for everything", () => {
    const steps = [
      { from: 0, amountMinor: 1000 },
      { from: 50, amountMinor: 1200 },
    ];
    const rule: PayRule = { rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps };
    expect(told(rule, leads(49.5))).toEqual(["49500/1", "lead: 49.5 × 10.00 USD"]);
    expect(told(rule, leads(50))).toEqual(["60000/1", "lead: 50 × 12.00 USD"]);
    expect(told(rule, [])).toEqual(["0/1", "no lead yet"]);
  });

  it("a share of value that stops at so much for one sale, and how much that cut", () => {
    const rule: PayRule = { rule: "share", result: "sale", rateBp: 1000 };
    const caps = { perResultMinor: 500 };
    expect(told(rule, [...sales(4_000), ...sales(9_000, 500_000)], "USD", { caps })).toEqual([
      "650/1",
      "10 % of 85.00 USD of sale, at most 5.00 USD for one sale: 2.00 USD cut",
    ]);
    expect(told(rule, sales(5_000), "USD", { caps })).toEqual(["500/1", "10 % of 50.00 USD of sale"]);
  });

  it("a bonus for so much of the target, or what it still lacks", () => {
    const rule: PayRule = {
      rule: "bonus",
      when: { result: "lead", atLeastPctOfTarget: 120 },
      rateBp: 1000,
      of: "period",
    };
    const given = { target: rational(50), others: rational(72_001) };
    expect(told(rule, leads(60), "USD", given)).toEqual(["72001/10", "10 % of 720.01 USD, since 60 lead reach 60"]);
    expect(told(rule, leads(59.5), "USD", given)).toEqual(["0/1", "needs 60 lead, has 59.5"]);
  });

  it("a bonus of an amount for so much value", () => {
    const when = { result: "sale", atLeast: 100_000, measure: "value" } as const;
    const rule: PayRule = { rule: "bonus", when, amountMinor: 25_000 };
    expect(told(rule, sales(100_000))).toEqual(["25000/1", "250.00 USD, since 1000.00 USD sale reach 1000.00 USD"]);
    expect(told(rule, sales(99_999))).toEqual(["0/1", "needs 1000.00 USD sale, has 999.99 USD"]);
  });

  it("a bonus for a rate, once it is measured", () => {
    const rule: PayRule = { rule: "bonus", when: { rate: "clickThrough", atLeastBp: 250 }, amountMinor: 10_000 };
    const rates = { visits: 400, clicks: 10, engaged: 9 };
    expect(told(rule, [])).toEqual(["0/1", "measured when the period is over"]);
    expect(told(rule, [], "USD", { rates })).toEqual([
      "10000/1",
      "100.00 USD, since clicks 10 of 400 visits reach 2.5 %",
    ]);
    const engaging: PayRule = { ...rule, when: { rate: "engagement", atLeastBp: 250 } };
    expect(told(engaging, [], "USD", { rates })).toEqual(["0/1", "needs 2.5 %, has engaged 9 of 400 visits"]);
    const nobody = { visits: 0, clicks: 0, engaged: 0 };
    expect(told(rule, [], "USD", { rates: nobody })[0]).toBe("0/1");
  });
});
