import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Balances,
  codes,
  expenseAccount,
  nothingReached,
  post,
  type Reached,
  stageAccount,
  stages,
  standingAt,
  type Transfer,
  trialBalance,
  trueUp,
} from "../../shared/pay/ledger.ts";

const contract = "con_1";
const account = (stage: (typeof stages)[number]): string => stageAccount(contract, stage);
const reachedOf = (amounts: readonly number[]): Reached => {
  const [accrued = 0, validated = 0, approved = 0, payable = 0] = [...amounts].sort((a, b) => b - a);
  return { accrued, validated, approved, payable };
};

/** Small amounts, so that equal ones and zeros are common, and sometimes the largest there are. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 51 }) },
);
const anyReached = fc.tuple(amount, amount, amount, amount).map(reachedOf);
const anyHistory = fc.array(anyReached, { minLength: 1, maxLength: 12, size: "max" });

const posted = (transfers: readonly Transfer[], before: Balances = new Map()): Balances =>
  transfers.reduce(post, before);
/** What stands on a credit-normal account. */
const standing = (balances: Balances, stage: (typeof stages)[number]): number =>
  0 - (balances.get(account(stage)) ?? 0);

describe("the ledger follows wherever a contract's money stands", () => {
  const edges = new Set<string>();
  const allowed = [
    [codes.accrue, expenseAccount(contract), account("accrued")],
    [codes.validated, account("accrued"), account("validated")],
    [codes.approved, account("validated"), account("approved")],
    [codes.payable, account("approved"), account("payable")],
    ...stages.map((stage) => [codes.reversed, account(stage), expenseAccount(contract)]),
  ].map((edge) => edge.join(" "));

  it("through any history, up and down: balanced and never negative after every single transfer, and exactly there in the end", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let balances: Balances = new Map();
        let before = nothingReached;
        for (const after of history) {
          for (const transfer of trueUp(contract, "USD", before, after)) {
            balances = post(balances, transfer);
            expect(trialBalance(balances)).toBeUndefined();
            for (const stage of stages) expect(standing(balances, stage)).toBeGreaterThanOrEqual(0);
            edges.add([transfer.code, transfer.debit, transfer.credit].join(" "));
            expect(transfer.currency).toBe("USD");
          }
          const stands = standingAt(after);
          for (const stage of stages) expect(standing(balances, stage)).toBe(stands[stage]);
          expect(balances.get(expenseAccount(contract)) ?? 0).toBe(after.accrued);
          before = after;
        }
      }),
      { numRuns: 1_000 },
    );
    expect([...edges].sort()).toEqual([...allowed].sort());
  });

  it("posts nothing when nothing changed", () => {
    fc.assert(
      fc.property(anyReached, (reached) => {
        expect(trueUp(contract, "USD", reached, { ...reached })).toEqual([]);
      }),
    );
  });

  it("gives the same transfers for the same two standings, one for each edge at most", () => {
    fc.assert(
      fc.property(anyReached, anyReached, (before, after) => {
        const once = trueUp(contract, "USD", before, after);
        expect(trueUp(contract, "USD", { ...before }, { ...after })).toEqual(once);
        expect(new Set(once.map(({ debit, credit }) => `${debit} ${credit}`)).size).toBe(once.length);
        expect(once.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
      }),
    );
  });

  it("there and back again leaves no residue", () => {
    fc.assert(
      fc.property(anyReached, anyReached, (here, there) => {
        const start = posted(trueUp(contract, "USD", nothingReached, here));
        const away = posted(trueUp(contract, "USD", here, there), start);
        const back = posted(trueUp(contract, "USD", there, here), away);
        for (const [name, balance] of back) expect(balance).toBe(start.get(name) ?? 0);
      }),
    );
  });

  it("what is refunded once it was payable goes straight back to the brand", () => {
    const paid = reachedOf([1200, 1200, 1200, 1200]);
    expect(trueUp(contract, "USD", paid, nothingReached)).toEqual([
      {
        code: codes.reversed,
        debit: account("payable"),
        credit: expenseAccount(contract),
        amountMinor: 1200,
        currency: "USD",
      },
    ]);
  });

  it("money that must stand lower again is taken back and accrued anew, since money never moves down a stage", () => {
    const before = reachedOf([10, 10, 10, 10]);
    const after = reachedOf([10, 0, 0, 0]);
    const told = trueUp(contract, "USD", before, after).map(({ code, amountMinor }) => [code, amountMinor]);
    expect(told).toEqual([
      [codes.accrue, 10],
      [codes.reversed, 10],
    ]);
  });

  it("standings out of order are a fault of ours, never posted", () => {
    const upside = { accrued: 1, validated: 2, approved: 0, payable: 0 };
    const negative = { accrued: 0, validated: 0, approved: 0, payable: -1 };
    expect(() => trueUp(contract, "USD", nothingReached, upside)).toThrow(/out of order/);
    expect(() => trueUp(contract, "USD", upside, nothingReached)).toThrow(/out of order/);
    expect(() => trueUp(contract, "USD", nothingReached, negative)).toThrow(/out of order/);
  });
});

describe("posting and the trial balance", () => {
  const move = { code: 100, debit: "expense:a", credit: "influencer:a:accrued", amountMinor: 5, currency: "USD" };

  it.each([0, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])("a transfer of %s is refused", (amountMinor) => {
    expect(() => post(new Map(), { ...move, amountMinor })).toThrow(/transfer of nothing/);
  });

  it("a transfer from an account to itself is refused", () => {
    expect(() => post(new Map(), { ...move, credit: move.debit })).toThrow(/to itself/);
  });

  it("names the stage that is negative, and by how much", () => {
    const upside: Balances = new Map([
      ["influencer:a:accrued", 3],
      ["expense:a", -3],
    ]);
    expect(trialBalance(upside)).toContain("influencer:a:accrued is negative by 3");
  });

  it("tells by how much debits and credits differ, also where a double would round the difference away", () => {
    expect(trialBalance(new Map([["expense:a", 7]]))).toContain("differ by 7");
    const most = Number.MAX_SAFE_INTEGER;
    const large: Balances = new Map([
      ["expense:a", most],
      ["expense:b", most],
      ["expense:c", 1],
      ["influencer:a:accrued", -most],
      ["influencer:b:accrued", -most],
    ]);
    expect(trialBalance(large)).toContain("differ by 1");
  });

  it("is content with no transfers at all", () => {
    expect(trialBalance(new Map())).toBeUndefined();
  });
});
