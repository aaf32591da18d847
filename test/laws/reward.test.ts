import { describe, expect, it } from "vitest";
import type { PayRule, Terms } from "../../shared/contract/terms.ts";
import { reward } from "../../shared/judge/reward.ts";
import { periodsOf } from "../../shared/kit/time.ts";
import { portion, type Volumes } from "../../shared/pay/volume.ts";
import { vectors } from "./evidence.ts";

const [first, second] = periodsOf("2026-01-01", "2026-02-28", "month", "UTC");
const whole = 1_000_000;
const leads = (count: number): Volumes => new Map([["lead", portion(count * whole, 1000, undefined)]]);
const sales = (valueMinor: number, shareMicro = whole): Volumes =>
  new Map([["sale", portion(shareMicro, 1000, valueMinor)]]);

const told = (rule: PayRule, volumes: Volumes, currency = "USD", period = first!): readonly [string, string] => {
  const { exact, because } = reward(rule, { terms: { ...vectors.terms, currency } as Terms, period, volumes });
  return [`${exact.n}/${exact.d}`, because];
};

describe("what a rule pays comes with the sum a person can follow", () => {
  it("a price for each result", () => {
    const rule: PayRule = { rule: "perResult", result: "lead", amountMinor: 1200 };
    expect(told(rule, leads(12.5))).toEqual(["15000/1", "12.5 lead × 12.00 USD"]);
    expect(told(rule, new Map())).toEqual(["0/1", "0 lead × 12.00 USD"]);
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
    const almost: Volumes = new Map([["lead", { countNano: 29_999_999_999n, valueNano: 0n }]]);
    expect(told(rule, almost)).toEqual(["0/1", "needs 30 lead, has 29.999999999"]);
  });

  it("fixed pay for the flight, in its first period only", () => {
    const rule: PayRule = { rule: "fixed", amountMinor: 50_000, per: "flight" };
    expect(told(rule, new Map())).toEqual(["50000/1", "fixed 500.00 USD per flight"]);
    expect(told(rule, new Map(), "USD", second!)).toEqual(["0/1", "paid once, in the first period"]);
  });

  it("what no contract could be signed with is a fault of ours", () => {
    const steps = [{ from: 0, amountMinor: 1 }];
    const rule: PayRule = { rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps };
    expect(() => told(rule, leads(1))).toThrow(/sense\.ts refuses/);
    expect(() => told({ rule: "bonus", when: { result: "lead" }, amountMinor: 1 }, leads(1))).toThrow(/sense\.ts/);
  });
});
