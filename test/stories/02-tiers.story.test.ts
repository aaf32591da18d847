import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { approve } from "../../shared/wire/conversions.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import { sayPayoutDetails } from "../../shared/wire/payout-settings.ts";
import * as payoutDoors from "../../shared/wire/payouts.ts";
import { approveStatement, closedStatements } from "../../shared/wire/statements.ts";
import { fine } from "../house.ts";
import { DAY, terms } from "./scene.ts";
import { amountsOf, linesOf, moneyIn, openTrade, type Trade } from "./trade.ts";

const DECEMBER = Date.UTC(2026, 11, 1, 5);
const JANUARY = Date.UTC(2027, 0, 1, 5);
const FEBRUARY = Date.UTC(2027, 1, 1, 5);

let trade: Trade;
const close = () => trade.house.close();

/** A sale the brand has approved, so that only the hold is left before its money is payable. */
const sell = async (valueMinor: number): Promise<string> => {
  const conversion = await trade.sold(valueMinor);
  fine(await trade.scene.owner.ask(approve, { params: { conversion }, body: {} }));
  return conversion;
};

describe("a baseline of fifty leads, and a tenth more for beating it by a fifth", () => {
  const run = (key: string) => ({ rail: "manual" as const, currency: "USD", key });
  const plan = async () => fine(await trade.scene.owner.ask(payoutDoors.payoutPlan, { query: run("next") }));
  const pay = (key: string) => trade.scene.owner.ask(payoutDoors.makePayoutBatch, { body: run(key) });
  const params = (period: number) => ({ contract: trade.scene.contract, period: String(period) });
  const statements = async () =>
    fine(await trade.scene.owner.ask(closedStatements, { params: { contract: trade.scene.contract } })).statements;
  const settle = async (payout: string | undefined): Promise<void> => {
    const body = { reference: "By hand" };
    fine(await trade.scene.owner.ask(payoutDoors.settlePayout, { params: { payout: payout ?? "" }, body }));
  };

  beforeAll(async () => {
    trade = await openTrade({
      ...terms,
      ends: "2027-01-31",
      results: { lead: { counts: "verified" } },
      guarantee: { result: "lead", target: 50, per: "period", remedy: { kind: "none" } },
      pay: [
        { rule: "perResult", result: "lead", amountMinor: 1000 },
        { rule: "bonus", when: { result: "lead", atLeastPctOfTarget: 120 }, rateBp: 1000, of: "period" },
      ],
      payout: { minimumMinor: 20_000 },
    });
    const { ana } = trade.scene;
    const { proof } = fine(await ana.ask(finishProof, { body: { purpose: "payout-details" } }));
    fine(await ana.ask(sayPayoutDetails, { body: { details: { rail: "manual", note: "In person" }, proof } }));
  });
  afterAll(close);

  test("a small month pays its baseline, and carries what is below the minimum into the next", async () => {
    await trade.leads(10);
    for (const days of [0, 7, 10]) await trade.until(DECEMBER + days * DAY);
    const told = await trade.statement();
    expect(linesOf(told, 0)).toEqual([
      ["perResult", 10_000, "10 lead × 10.00 USD"],
      ["bonus", 0, "needs 60 lead, has 10"],
    ]);
    expect(told.periods[0]).toMatchObject({ earnedMinor: 10_000, dueMinor: 0, carriedMinor: 10_000 });
    // Silence has approved it by now, and its hold is over; it is the minimum that keeps it.
    expect(await statements()).toMatchObject([{ dueMinor: 0, carriedMinor: 10_000, approvedAt: DECEMBER + 7 * DAY }]);
    expect(await plan()).toMatchObject({ payouts: [], waiting: [{ code: "below-minimum", amountMinor: 10_000 }] });
    const early = await pay("november");
    expect(early.ok ? "made" : early.refusal.code).toBe("nothing-to-pay");
  });

  test("the sixtieth lead is worth its own price and a tenth of all the others", async () => {
    await trade.leads(49, "link");
    await trade.until(DECEMBER + 25 * DAY);
    await trade.leads(10, "code");
    expect(moneyIn((await trade.live()).money)).toBe(10_000 + 59_000);
    await trade.leads(1, "code");
    const { period, money } = await trade.live();
    expect(moneyIn(money)).toBe(10_000 + 60_000 + 6000);
    expect(period?.lines.map(({ code, amountMinor, because }) => [code, amountMinor, because])).toEqual([
      ["perResult", 60_000, "60 lead × 10.00 USD"],
      ["bonus", 6000, "10 % of 600.00 USD, since 60 lead reach 60"],
    ]);
    expect(period?.guarantee).toMatchObject({ state: "met", target: 50, volumeMicro: 60_000_000 });
  });

  test("a refund undoes the bonus with the lead, and one more lead earns both again", async () => {
    const last = (await trade.counted()).at(-1) ?? "";
    await trade.refund(last);
    expect(amountsOf(await trade.statement(), 1)).toEqual([
      ["perResult", 59_000],
      ["bonus", 0],
    ]);
    expect(moneyIn((await trade.live()).money)).toBe(10_000 + 59_000);
    await trade.leads(1);
    expect(moneyIn((await trade.live()).money)).toBe(10_000 + 66_000);
    // Half a lead back is half a lead short of the sixty.
    await trade.refund((await trade.counted()).at(-1) ?? "", 500);
    expect(linesOf(await trade.statement(), 1)[1]).toEqual(["bonus", 0, "needs 60 lead, has 59.5"]);
    await trade.lead("half");
    expect(amountsOf(await trade.statement(), 1)).toEqual([
      ["perResult", 60_000],
      ["bonus", 6000],
    ]);
  });

  test("what was carried is due with the month that passes the minimum, and paid once it is approved and held long enough", async () => {
    await trade.until(JANUARY + DAY);
    expect((await trade.statement()).periods[1]).toMatchObject({ dueMinor: 76_000, carriedMinor: 0 });
    expect((await plan()).payouts).toEqual([]);
    fine(await trade.scene.owner.ask(approveStatement, { params: params(1), body: {} }));
    // The leads after Christmas are still held, and without them there is no bonus yet.
    expect(await plan()).toMatchObject({ totalMinor: 10_000 + 49_000 });
    await trade.until(JANUARY + 20 * DAY);
    const made = fine(await pay("january"));
    expect(made.payouts).toMatchObject([{ amountMinor: 76_000, status: "sent", rail: "manual" }]);
    expect(made.payouts[0]?.lines.map(({ period, amountMinor }) => [period, amountMinor])).toEqual([
      [0, 10_000],
      [1, 66_000],
    ]);
    expect(fine(await pay("january")).id).toBe(made.id);
    await settle(made.payouts[0]?.id);
    expect((await plan()).payouts).toEqual([]);
    await trade.audit();
  });

  test("a refund after the money has left undoes the bonus too, and is netted from what is earned next", async () => {
    await trade.leads(8);
    await trade.refund((await trade.counted()).at(20) ?? "");
    const told = await trade.statement();
    expect(amountsOf(told, 2)).toEqual([
      ["perResult", 8000],
      ["bonus", 0],
      ["correction", -1000 - 6000],
    ]);
    expect((await plan()).waiting).toMatchObject([{ code: "owes", amountMinor: 7000 }]);
    await trade.until(FEBRUARY + 20 * DAY);
    // It was the contract's last month: from here on no minimum keeps anything.
    expect((await trade.statement()).periods[2]).toMatchObject({ earnedMinor: 1000, dueMinor: 1000, carriedMinor: 0 });
    const made = fine(await pay("february"));
    expect(made.payouts).toMatchObject([{ amountMinor: 1000 }]);
    expect(made.payouts[0]?.lines.map(({ period, amountMinor }) => [period, amountMinor])).toEqual([
      [1, -7000],
      [2, 8000],
    ]);
    await settle(made.payouts[0]?.id);
    await trade.audit();
  });
});

describe("steps: the part above a step at its price, or everything at the step reached", () => {
  beforeAll(async () => {
    const byValue = { rule: "tiered", result: "sale", measure: "value" };
    const steps = [
      { from: 0, rateBp: 400 },
      { from: 20_000, rateBp: 600 },
    ];
    trade = await openTrade({
      ...terms,
      pay: [
        {
          rule: "tiered",
          result: "lead",
          measure: "count",
          mode: "marginal",
          steps: [
            { from: 0, amountMinor: 1000 },
            { from: 3, amountMinor: 1500 },
          ],
        },
        { ...byValue, mode: "marginal", steps },
        { ...byValue, mode: "retroactive", steps },
        { rule: "bonus", when: { result: "sale", measure: "value", atLeast: 20_000 }, amountMinor: 2500 },
      ],
    });
  });
  afterAll(close);

  let second: string;
  const paid = async (period = 0) => amountsOf(await trade.statement(), period).map(([, amountMinor]) => amountMinor);

  test("half a lead is priced below the step and half above it, and the ladder says what is missing", async () => {
    await trade.leads(2);
    await trade.lead("half");
    expect((await paid())[0]).toBe(2500);
    expect((await trade.live()).ladders[0]).toMatchObject({ volume: 2_500_000, toNext: 500_000 });
    await trade.leads(1, "code");
    expect(linesOf(await trade.statement(), 0)[0]).toEqual(["tiered", 3750, "lead: 3 × 10.00 USD + 0.5 × 15.00 USD"]);
    expect((await trade.live()).ladders[0]).toMatchObject({ volume: 3_500_000, toNext: null });
  });

  test("the sale that crosses a step is split where steps add up, and lifts everything where they do not", async () => {
    await sell(15_000);
    expect((await paid()).slice(1)).toEqual([600, 600, 0]);
    expect((await trade.live()).ladders.slice(1).map(({ toNext }) => toNext)).toEqual([5000, 5000]);
    second = await sell(10_000);
    expect(linesOf(await trade.statement(), 0).slice(1)).toEqual([
      ["tiered", 1100, "sale: 4 % of 200.00 USD + 6 % of 50.00 USD"],
      ["tiered", 1500, "sale: 6 % of 250.00 USD"],
      ["bonus", 2500, "25.00 USD, since 250.00 USD sale reach 200.00 USD"],
    ]);
  });

  test("a refund down to the step keeps it, and a cent below loses it, with the bonus", async () => {
    await trade.refund(second, 500);
    expect((await paid()).slice(1)).toEqual([800, 1200, 2500]);
    await trade.refund(second, 1);
    // 199.90 USD: 4 % is 7.996, rounded once.
    expect((await paid()).slice(1)).toEqual([800, 800, 0]);
    expect((await trade.statement()).periods[0]?.lines[2]?.exact).toBe("3998/5");
  });

  test("once the month is closed, another refund is told in the next, by all the rules it touches", async () => {
    await trade.until(DECEMBER + DAY);
    const before = await trade.statement();
    await trade.refund(second, 499);
    const told = await trade.statement();
    expect(told.periods[0]).toEqual(before.periods[0]);
    // 15 000 at 4 %, twice: 1200, where 1600 were stated.
    expect(told.periods[1]?.lines.at(-1)).toMatchObject({ code: "correction", conversion: second, amountMinor: -400 });
    await trade.audit();
  });
});

describe("caps: what one sale, one month and the whole contract may cost", () => {
  beforeAll(async () => {
    trade = await openTrade({
      ...terms,
      pay: [
        { rule: "perResult", result: "lead", amountMinor: 1000 },
        { rule: "share", result: "sale", rateBp: 1000 },
        { rule: "bonus", when: { result: "sale", atLeast: 2 }, amountMinor: 1000 },
      ],
      caps: { perResultMinor: 500, perPeriodMinor: 3500, totalMinor: 5000 },
    });
  });
  afterAll(close);

  let dear: string;

  test("a dear sale earns no more than its limit, and the statement says what was cut", async () => {
    dear = await sell(8000);
    expect(linesOf(await trade.statement(), 0)[1]).toEqual([
      "share",
      500,
      "10 % of 80.00 USD of sale, at most 5.00 USD for one sale: 3.00 USD cut",
    ]);
  });

  test("a month at its limit cuts the bonus first, and writes the cut down beside it", async () => {
    await sell(4000);
    await trade.leads(2);
    const told = await trade.statement();
    expect(linesOf(told, 0)).toEqual([
      ["perResult", 2000, "2 lead × 10.00 USD"],
      ["share", 900, "10 % of 120.00 USD of sale, at most 5.00 USD for one sale: 3.00 USD cut"],
      ["bonus", 1000, "10.00 USD, since 2 sale reach 2"],
      ["cap", -400, "bonus (pay 3) cut: the cap per period leaves 35.00 USD"],
    ]);
    expect(told.totalMinor).toBe(3500);
    await trade.leads(1);
    expect(amountsOf(await trade.statement(), 0).slice(2)).toEqual([
      ["bonus", 1000],
      ["cap", -1000],
      ["cap", -400],
    ]);
    expect(moneyIn((await trade.live()).money)).toBe(3500);
  });

  test("the next month gets what the whole contract has left", async () => {
    await trade.until(DECEMBER + DAY);
    await trade.leads(2);
    expect(linesOf(await trade.statement(), 1)).toEqual([
      ["perResult", 2000, "2 lead × 10.00 USD"],
      ["share", 0, "10 % of 0.00 USD of sale"],
      ["bonus", 0, "needs 2 sale, has 0"],
      ["cap", -500, "perResult (pay 1) cut: the cap over all periods leaves 15.00 USD"],
    ]);
    expect((await trade.statement()).totalMinor).toBe(5000);
  });

  test("a refund of the closed month makes room in the open one: what it gives back there is earned here", async () => {
    await trade.refund(dear);
    const told = await trade.statement();
    // November: 3000 for leads and 400 for the other sale, with no bonus any more: 3400, within its limit.
    expect(amountsOf(told, 1)).toEqual([
      ["perResult", 2000],
      ["share", 0],
      ["bonus", 0],
      ["cap", -400],
      ["correction", -100],
    ]);
    expect(told.totalMinor).toBe(5000);
    expect(moneyIn((await trade.live()).money)).toBe(5000);
    await trade.until(JANUARY + 20 * DAY);
    expect((await trade.statement()).totalMinor).toBe(5000);
    await trade.audit();
  });
});
