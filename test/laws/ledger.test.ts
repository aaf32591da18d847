import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stages } from "../../shared/pay/chart.ts";
import { type Balances, flows, post, type Reached, standingAt, trialBalance } from "../../shared/pay/ledger.ts";

/** Small amounts, so that equal ones and zeros are common, and sometimes the largest there are. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 2, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 49), max: 2 ** 49 }) },
);
const anyReached = fc.tuple(amount, amount, amount, amount).map((amounts): Reached => {
  const [accrued = 0, validated = 0, approved = 0, payable = 0] = [...amounts].sort((a, b) => b - a);
  return { accrued, validated, approved, payable };
});

describe("money flows from one standing to another", () => {
  it("each stage ends with what it had, what came up, less what went up and what left", () => {
    fc.assert(
      fc.property(anyReached, anyReached, (before, after) => {
        const { up, back } = flows(before, after);
        const [from, to] = [standingAt(before), standingAt(after)];
        for (const [index, stage] of stages.entries()) {
          const [came, left] = [up[index] ?? -1, back[index] ?? -1];
          expect(from[stage] + came - (up[index + 1] ?? 0) - left).toBe(to[stage]);
          expect(Math.min(came, left)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("nothing flows between a standing and itself", () => {
    fc.assert(
      fc.property(anyReached, (reached) => {
        expect(flows(reached, { ...reached })).toEqual({ up: [0, 0, 0, 0], back: [0, 0, 0, 0] });
      }),
    );
  });

  it("what must stand lower again leaves, and comes anew from below, since money never moves down a stage", () => {
    const all = { accrued: 10, validated: 10, approved: 10, payable: 10 };
    expect(flows(all, { accrued: 10, validated: 0, approved: 0, payable: 0 })).toEqual({
      up: [10, 0, 0, 0],
      back: [0, 0, 0, 10],
    });
    expect(flows(all, { accrued: 4, validated: 4, approved: 4, payable: 4 })).toEqual({
      up: [0, 0, 0, 0],
      back: [0, 0, 0, 6],
    });
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

  it("names a debt that was paid back twice, and a balance that is no whole number", () => {
    expect(trialBalance(new Map([["clawback:a:b", -2]]))).toContain("clawback:a:b is negative by 2");
    expect(trialBalance(new Map([["bad_debt", 0.5]]))).toContain("bad_debt holds 0.5");
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
