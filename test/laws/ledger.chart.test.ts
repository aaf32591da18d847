import { describe, expect, it } from "vitest";
import { account, accounts, chart, codes, edges, isEdge, overdrawn, type Transfer } from "../../shared/pay/chart.ts";

describe("the chart of accounts", () => {
  const made = [
    accounts.stage("con_1", "accrued"),
    accounts.held("con_1", "payable"),
    accounts.inTransit("con_1"),
    accounts.expense("con_1", "bonus"),
    accounts.guaranteeCredit("con_1"),
    accounts.clawback("inf_a", "con_1"),
    accounts.advance("con_1"),
    accounts.badDebt,
    accounts.cash("bank"),
    accounts.taxWithheld,
    accounts.deposit,
    accounts.reserved("con_1"),
    accounts.spent("con_1"),
    accounts.platformFee,
    accounts.fx("EUR"),
  ];

  it("reads back every name it makes, and no two kinds share one", () => {
    const kinds = made.map((name) => account(name)?.rule.kind);
    expect(kinds).not.toContain(undefined);
    expect(new Set(kinds).size).toBe(made.length);
    expect(account("clawback:inf_a:con_1")).toMatchObject({ influencer: "inf_a", contract: "con_1" });
    expect(account("cash:bank")).toMatchObject({ rail: "bank" });
  });

  it.each([
    "",
    "cash",
    "cash:",
    "influencer:con_1",
    "influencer:con_1:paid",
    "expense:con_1",
    "tax:paid",
    "brand:deposit:x",
  ])("knows no account %j", (name) => {
    expect(account(name)).toBeUndefined();
    expect(overdrawn(name, 1)).toBe(false);
  });

  it("makes no account for a name that would read as another", () => {
    expect(() => accounts.cash("a:b")).toThrow(/cannot be named/);
    expect(() => accounts.advance("")).toThrow(/cannot be named/);
  });

  it("lets no kind of account below nothing but cash, exchanges and adjustments", () => {
    const loose = chart.filter(({ neverNegative }) => !neverNegative).map(({ kind }) => kind);
    expect(loose).toEqual(["expense:adjustment", "cash", "fx"]);
    expect(overdrawn("influencer:con_1:payable", 1)).toBe(true);
    expect(overdrawn("influencer:con_1:payable", -1)).toBe(false);
    expect(overdrawn("clawback:inf_a:con_1", -1)).toBe(true);
    expect(overdrawn("clawback:inf_a:con_1", 1)).toBe(false);
    expect(overdrawn("cash:bank", -1)).toBe(false);
  });

  it("uses every code and every kind of account on some edge, and no edge twice", () => {
    expect(new Set(edges.map(({ code }) => code))).toEqual(new Set(Object.values(codes)));
    expect(new Set(edges.flatMap(({ debit, credit }) => [debit, credit]))).toEqual(
      new Set(chart.map(({ kind }) => kind)),
    );
    expect(new Set(edges.map((it) => JSON.stringify(it))).size).toBe(edges.length);
  });

  const move = (code: number, debit: string, credit: string): Transfer => ({
    code,
    debit,
    credit,
    amountMinor: 1,
    currency: "USD",
  });
  it.each([
    ["backwards", move(codes.validated, accounts.stage("con_1", "validated"), accounts.stage("con_1", "accrued"))],
    ["past a stage", move(codes.approved, accounts.stage("con_1", "accrued"), accounts.stage("con_1", "approved"))],
    [
      "into another contract",
      move(codes.validated, accounts.stage("con_1", "accrued"), accounts.stage("con_2", "validated")),
    ],
    [
      "to another's debt, unless a payout nets it",
      move(codes.offset, accounts.stage("con_1", "payable"), accounts.clawback("inf_a", "con_2")),
    ],
    [
      "out of a hold of another stage",
      move(codes.released, accounts.held("con_1", "approved"), accounts.stage("con_1", "payable")),
    ],
    [
      "through another currency's exchange",
      move(codes.exchanged, accounts.stage("con_1", "payable"), accounts.fx("EUR")),
    ],
    [
      "under another's code",
      move(codes.accrue, accounts.expense("con_1", "bonus"), accounts.stage("con_1", "accrued")),
    ],
    ["off the chart", move(codes.accrue, "expense:con_1", accounts.stage("con_1", "accrued"))],
  ])("money never goes %s", (_, transfer) => {
    expect(isEdge(transfer)).toBe(false);
  });
});
