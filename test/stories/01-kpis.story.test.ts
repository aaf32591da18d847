// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Statement } from "../../shared/pay/statement.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { fine } from "../house.ts";
import { clickOn, DAY, LANDING, say, terms } from "./scene.ts";
import { amountsOf, linesOf, moneyIn, openTrade, type Trade } from "./trade.ts";

const DECEMBER = Date.UTC(2026, 11, 1, 5);
const JANUARY = Date.UTC(2027, 0, 1, 5);

let trade: Trade;
const close = () => trade.house.close();

const guaranteed = (target: number, remedy: object) => ({
  ...terms,
  results: { lead: { counts: "verified" } },
  guarantee: { result: "lead", target, per: "period", remedy },
});

describe("at least fifty verified leads a month, by the influencer's own link or promo code", () => {
  let november: Statement;

  beforeAll(async () => {
    trade = await openTrade({
      ...guaranteed(50, { kind: "proRata" }),
      pay: [
        { rule: "fixed", amountMinor: 50_000, per: "period", ifAtLeast: { result: "lead", count: 30 } },
        { rule: "perResult", result: "lead", amountMinor: 1200 },
      ],
    });
  });
  afterAll(close);

  test("every lead moves the progress both sides see, and the fixed part waits for the thirtieth", async () => {
    await trade.leads(29, "link");
    const { period, results, money } = await trade.live();
    expect(results).toEqual({ lead: 29_000_000 });
    expect(period).toMatchObject({
      state: "open",
      guarantee: { state: "open", target: 50, volumeMicro: 29_000_000, shortfallMicro: 21_000_000 },
    });
    expect(money).toMatchObject({ accruedMinor: 0, validatedMinor: 29 * 1200 });
    expect(linesOf(await trade.statement(), 0)).toEqual([
      ["fixed", 0, "needs 30 lead, has 29"],
      ["perResult", 34_800, "29 lead × 12.00 USD"],
    ]);
  });

  test("a lead nobody can verify counts for nothing", async () => {
    await trade.lead("link", { fields: { name: "Nobody" } });
    expect((await trade.live()).results).toEqual({ lead: 29_000_000 });
  });

  test("a promo code counts as much as a link: with sixty leads the month is made", async () => {
    await trade.leads(31, "code");
    const { period, results } = await trade.live();
    expect(results).toEqual({ lead: 60_000_000 });
    expect(period?.guarantee).toMatchObject({ state: "met", volumeMicro: 60_000_000, shortfallMicro: 0 });
    await trade.until(DECEMBER + DAY);
    november = await trade.statement();
    expect(linesOf(november, 0)).toEqual([
      ["fixed", 50_000, "fixed 500.00 USD per period"],
      ["perResult", 72_000, "60 lead × 12.00 USD"],
    ]);
    expect(november.periods[0]).toMatchObject({ state: "closed", earnedMinor: 122_000, dueMinor: 122_000 });
  });

  test("leads found false after the month was closed are corrected in the next, one by one, down to the fixed part", async () => {
    const leads = await trade.counted();
    for (const [place, lead] of leads.slice(0, 11).entries()) {
      trade.house.clock.at += 60_000;
      await trade.reject(lead);
      const made = (await trade.statement()).periods[1]?.lines.at(-1);
      // The eleventh leaves forty-nine: one of fifty is missing, and with it a fiftieth of the fixed part.
      expect(made).toMatchObject({
        code: "correction",
        conversion: lead,
        amountMinor: place < 10 ? -1200 : -1200 - 1000,
        because: `lead ${lead} of 2026-11-01 to 2026-11-30, taken back`,
      });
    }
    const told = await trade.statement();
    expect(told.periods[0]).toEqual(november.periods[0]);
    expect(told.periods[1]?.earnedMinor).toBe(-11 * 1200 - 1000);
  });

  test("a month ten leads short costs a fifth of its fixed part, nothing of what was paid by lead", async () => {
    await trade.leads(25, "link");
    await trade.leads(15, "code");
    expect((await trade.live()).period?.guarantee).toMatchObject({ state: "open", shortfallMicro: 10_000_000 });
    await trade.until(JANUARY + DAY);
    const told = await trade.statement();
    expect(linesOf(told, 1).slice(0, 3)).toEqual([
      ["fixed", 50_000, "fixed 500.00 USD per period"],
      ["perResult", 48_000, "40 lead × 12.00 USD"],
      ["proRata", -10_000, "10 of 50 lead are missing"],
    ]);
    expect(told.periods[1]).toMatchObject({
      state: "closed",
      earnedMinor: 50_000 + 48_000 - 10_000 - 14_200,
      guarantee: { state: "missed", shortfallMicro: 10_000_000 },
    });
  });

  test("after the contract's last day a lead of its last month is still corrected, on a statement of its own", async () => {
    const before = await trade.statement();
    const last = (await trade.counted()).at(-1)!;
    await trade.reject(last);
    const told = await trade.statement();
    expect(told.periods.slice(0, 2)).toEqual(before.periods);
    expect(amountsOf(told, 2)).toEqual([["correction", -1200 - 1000]]);
    expect(told.totalMinor).toBe(122_000 + 73_800 - 2200);
    await trade.audit();
  });
});

describe("a shortfall that may be made good within two weeks, and costs a penalty after that", () => {
  beforeAll(async () => {
    const penalty = { kind: "penalty", amountMinor: 800, capMinor: 2000 };
    trade = await openTrade({
      ...guaranteed(5, { kind: "makeGood", days: 14, then: penalty }),
      pay: [
        { rule: "fixed", amountMinor: 3000, per: "period", ifAtLeast: { result: "lead", count: 2 } },
        { rule: "perResult", result: "lead", amountMinor: 1000 },
      ],
    });
  });
  afterAll(close);

  const stated = async (period: number) => (await trade.statement()).periods[period]?.guarantee;

  test("a month that is over two leads short waits for its window, and its statement takes nothing yet", async () => {
    await trade.leads(2, "link");
    await trade.leads(1, "code");
    await trade.until(DECEMBER + DAY);
    const told = await trade.statement();
    expect(amountsOf(told, 0)).toEqual([
      ["fixed", 3000],
      ["perResult", 3000],
    ]);
    const until = DECEMBER + 14 * DAY;
    expect(told.periods[0]?.guarantee).toMatchObject({ state: "pending", shortfallMicro: 2_000_000, until });
  });

  test("the next leads fill it first, unpaid and counted to no other month; half a lead fills half of one", async () => {
    await trade.leads(1, "code");
    expect(await trade.standing("2026-11-01")).toMatchObject({ filledMicro: 1_000_000, shortfallMicro: 1_000_000 });
    await trade.lead("half");
    expect(await trade.standing("2026-11-01")).toMatchObject({ filledMicro: 1_500_000, shortfallMicro: 500_000 });
    // What is closed still says how it stood when it closed.
    expect(await stated(0)).toMatchObject({ state: "pending", shortfallMicro: 2_000_000 });
    expect(linesOf(await trade.statement(), 1)).toEqual([
      ["fixed", 0, "needs 2 lead, has 0"],
      ["perResult", 0, "0 lead × 10.00 USD"],
    ]);
    expect(await stated(1)).toMatchObject({ state: "open", volumeMicro: 0, shortfallMicro: 5_000_000 });
    expect(moneyIn((await trade.live()).money)).toBe(6000);
  });

  test("what the window leaves missing is a penalty, on the statement of the month in which it ended", async () => {
    await trade.until(DECEMBER + 14 * DAY);
    const told = await trade.statement();
    expect(linesOf(told, 1).at(-1)).toEqual([
      "penalty",
      -400,
      "0.5 of 5 lead are missing, of 2026-11-01 to 2026-11-30, when its make-good window ended",
    ]);
    expect((await trade.live()).period?.earnedMinor).toBe(-400);
  });

  test("a result told of late belongs to the month it happened in, and what its lack had cost is given back", async () => {
    const at = DECEMBER - DAY;
    await trade.sold(0, {
      result: "lead",
      at,
      click: undefined,
      code: "ANA10",
      fields: { email: "l@visitor.example" },
    });
    const told = await trade.statement();
    // November has four now, and of the lead and a half that came in its window only one is needed: half is December's.
    expect(told.periods[1]?.lines.at(-1)).toMatchObject({ code: "correction", amountMinor: 1000 + 400 });
    expect(linesOf(told, 1)[1]).toEqual(["perResult", 500, "0.5 lead × 10.00 USD"]);
    expect(await stated(1)).toMatchObject({ volumeMicro: 500_000 });
    expect(await trade.standing("2026-11-01")).toMatchObject({ state: "met", filledMicro: 1_000_000 });
  });

  test("results after the last day still make good the last month, when the visit that led to them was in time", async () => {
    await trade.leads(3, "link");
    await trade.until(JANUARY - DAY);
    const click = await clickOn(trade.scene.link.url);
    await trade.until(JANUARY + 2 * DAY);
    expect(await stated(1)).toMatchObject({ state: "pending", shortfallMicro: 1_500_000 });
    const late = { k: trade.scene.brand.publishableKey, p: LANDING, v: "visitor-late", n: "told-late-1", c: click };
    const fields = { email: "late@visitor.example" };
    expect((await say(trade.house.origin, "/v1/results", { ...late, result: "lead", fields })).ok).toBe(true);
    expect(await trade.standing("2026-12-01")).toMatchObject({ filledMicro: 1_000_000, shortfallMicro: 500_000 });
    await trade.until(JANUARY + 14 * DAY);
    const told = await trade.statement();
    expect(amountsOf(told, 2)).toEqual([["penalty", -400]]);
    expect(told.totalMinor).toBe(6000 + (3000 + 3500 + 1000) - 400);
  });

  test("a refund after all of that takes back the lead and what its month then lacks, and the penalty has its limit", async () => {
    await trade.until(JANUARY + 20 * DAY);
    const [first, second, third] = await trade.counted();
    const before = await trade.statement();
    await trade.refund(first!);
    const once = await trade.statement();
    // November has three again. December's half lead fills it, which costs December 5.00 and half a lead of its own.
    expect(once.totalMinor - before.totalMinor).toBe(-1000 - 500 - 400 - 400);
    await trade.refund(second!);
    await trade.refund(third!);
    const told = await trade.statement();
    // November has one: the fixed part is gone as well, and 2½ missing leads cost 20.00, not a cent more than its limit.
    expect(told.totalMinor - once.totalMinor).toBe(-2000 - 3000 - (2000 - 400) + 1000);
    expect(told.periods.slice(0, 2)).toEqual(before.periods.slice(0, 2));
    await trade.audit();
    const { statements } = fine(
      await trade.scene.owner.ask(closedStatements, { params: { contract: trade.scene.contract } }),
    );
    expect(statements.map(({ earnedMinor }) => earnedMinor)).toEqual(
      told.periods.slice(0, 2).map((it) => it.earnedMinor),
    );
    const { contracts } = fine(await trade.scene.ana.ask(influencerDoors.contracts, { query: {} }));
    expect(contracts.map(({ status }) => status)).toEqual(["completed"]);
  });
});
