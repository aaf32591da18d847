import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accounts, edgeOf, expenseKinds, isEdge, type Transfer } from "../../shared/pay/chart.ts";
import {
  type Payout,
  paidByContract,
  payoutMinor,
  sentMinor,
  settled,
  submitted,
} from "../../shared/pay/ledger.payout.ts";
import { pour, whole } from "../../shared/pay/ledger.pour.ts";
import { accountsOf, type Kinds, noKinds, postedOf, restand, type Wanted } from "../../shared/pay/ledger.restand.ts";
import { type Balances, nothingReached, post, trialBalance } from "../../shared/pay/ledger.ts";

const of = { contract: "con_1", influencer: "inf_a", currency: "USD" };
const nothing: Wanted = { kinds: noKinds, creditMinor: 0, reached: nothingReached, holdMinor: 0 };

/** The books once they are brought to what is wanted, step by step sound. */
const brought = (balances: Balances, wanted: Wanted): Balances =>
  restand(of, postedOf(of, balances), wanted).reduce((before, transfer) => {
    expect(isEdge(transfer)).toBe(true);
    const after = post(before, transfer);
    expect(trialBalance(after)).toBeUndefined();
    return after;
  }, balances);

const plain = (balances: Balances) => Object.fromEntries([...balances].filter(([, it]) => it !== 0).sort());
const stand = (balances: Balances, name: string): number => 0 - (balances.get(name) ?? 0);

/** A standing made of `kinds`, of which only so much of the gross has come to each later stage. */
const standing = (
  kinds: Partial<Kinds>,
  creditMinor = 0,
  lower: readonly number[] = [0, 0, 0],
  holdMinor = 0,
): Wanted => {
  const all: Kinds = { ...noKinds, ...kinds };
  const accrued = expenseKinds.reduce((sum, kind) => sum + all[kind], 0) - creditMinor;
  const [validated, approved, payable] = lower.map(
    (_, index) => accrued - whole(lower.slice(0, index + 1).map((it) => ({ amountMinor: it }))),
  );
  return {
    kinds: all,
    creditMinor,
    reached: { accrued, validated: validated!, approved: approved!, payable: payable! },
    holdMinor,
  };
};
const small = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 6 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 45 }) },
);
const anyWanted = fc
  .record({
    kinds: fc.record({
      base: small,
      tier: small,
      bonus: small,
      fixed: small,
      adjustment: fc.oneof(
        small,
        small.map((it) => 0 - it),
      ),
    }),
    creditMinor: small,
    lower: fc.tuple(small, small, small),
    holdMinor: small,
  })
  .map((it) => standing(it.kinds, it.creditMinor, it.lower, it.holdMinor));

describe("books brought to where a contract's money stands", () => {
  it("hold exactly what is wanted, whatever they held, and nothing more is posted the second time", () => {
    fc.assert(
      fc.property(fc.array(anyWanted, { minLength: 1, maxLength: 6 }), (history) => {
        let books: Balances = new Map();
        for (const wanted of history) {
          books = brought(books, wanted);
          const { kinds, creditMinor, reached, ...rest } = postedOf(of, books);
          expect({ kinds, creditMinor, reached }).toEqual({
            kinds: wanted.kinds,
            creditMinor: wanted.creditMinor,
            reached: wanted.reached,
          });
          expect(rest.payableMinor + rest.heldPayableMinor - rest.owedMinor).toBe(reached.payable);
          expect(Math.min(rest.payableMinor + rest.heldPayableMinor, rest.owedMinor)).toBe(0);
          const room = rest.approvedMinor + rest.heldApprovedMinor + rest.payableMinor + rest.heldPayableMinor;
          expect(rest.heldApprovedMinor + rest.heldPayableMinor).toBe(Math.min(wanted.holdMinor, room));
          if (rest.heldPayableMinor > 0) expect(rest.approvedMinor).toBe(0);
          expect(restand(of, postedOf(of, books), wanted)).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("do not tell by which way they came: straight, or by any other standing, and back", () => {
    fc.assert(
      fc.property(anyWanted, anyWanted, anyWanted, (first, between, last) => {
        const start = brought(new Map(), first);
        expect(plain(brought(brought(start, between), last))).toEqual(plain(brought(start, last)));
        expect(plain(brought(brought(start, between), first))).toEqual(plain(start));
      }),
      { numRuns: 1_000 },
    );
  });

  it("also where the contract was partly paid before", () => {
    fc.assert(
      fc.property(anyWanted, anyWanted, anyWanted, small, (first, between, last, most) => {
        const start = brought(new Map(), first);
        const amountMinor = Math.min(most, postedOf(of, start).payableMinor);
        const paid = amountMinor === 0 ? start : submitted(payoutOf([["con_1", amountMinor]])).reduce(post, start);
        expect(plain(brought(brought(paid, between), last))).toEqual(plain(brought(paid, last)));
      }),
      { numRuns: 500 },
    );
  });

  it("give the same transfers for the same standings, and each way at most once", () => {
    fc.assert(
      fc.property(anyWanted, anyWanted, (one, other) => {
        const held = postedOf(of, brought(new Map(), one));
        const told = restand(of, held, other);
        expect(restand(of, structuredClone(held), structuredClone(other))).toEqual(told);
        expect(new Set(told.map(({ code, debit, credit }) => `${code} ${debit} ${credit}`)).size).toBe(told.length);
        expect(told.every((it) => it.currency === "USD")).toBe(true);
      }),
    );
  });

  it("read nothing but the accounts they say they read", () => {
    const books = brought(new Map(), standing({ base: 9, fixed: 4 }, 20, [1, 1, 1], 3));
    const read = new Map(accountsOf(of).flatMap((name) => (books.has(name) ? [[name, books.get(name)!]] : [])));
    expect(postedOf(of, read)).toEqual(postedOf(of, books));
    expect(read).toEqual(books);
  });
});

const payoutOf = (lines: readonly (readonly [string, number])[], taxMinor = 0): Payout => ({
  id: "pay_1",
  influencer: "inf_a",
  currency: "USD",
  rail: "bank",
  lines: lines.map(([contract, amountMinor]) => ({ contract, amountMinor })),
  taxMinor,
  feeMinor: 0,
});
const told = (transfers: readonly Transfer[]) => transfers.map((it) => [edgeOf(it), it.amountMinor]);

describe("what is earned is taken back from where it stands", () => {
  it("a bonus in place of base pay passes through accrued, and what is payable stays where it is", () => {
    const before = postedOf(of, brought(new Map(), standing({ base: 300 })));
    expect(told(restand(of, before, standing({ base: 200, bonus: 100 })))).toEqual([
      ["102 expense:bonus accrued", 100],
      ["200 accrued expense:base", 100],
    ]);
  });

  it("a penalty on fixed pay comes off what is payable, and what it exceeds is owed", () => {
    const before = postedOf(of, brought(new Map(), standing({ fixed: 300 })));
    expect(told(restand(of, before, standing({ fixed: 300 }, 500)))).toEqual([
      ["300 payable guarantee_credit", 300],
      ["300 clawback guarantee_credit", 200],
    ]);
  });

  it("a penalty no longer due comes back through every stage and pays the debt it had left first", () => {
    const before = postedOf(of, brought(new Map(), standing({ fixed: 300 }, 500)));
    expect(told(restand(of, before, standing({ fixed: 300 })))).toEqual([
      ["302 guarantee_credit accrued", 500],
      ["110 accrued validated", 500],
      ["120 validated approved", 500],
      ["130 approved payable", 500],
      ["213 payable clawback", 200],
    ]);
  });

  it("what matures while a dispute holds it is released, moves up, and is held again; the rest keeps flowing", () => {
    const before = postedOf(of, brought(new Map(), standing({ base: 100 }, 0, [0, 0, 100], 30)));
    expect(told(restand(of, before, standing({ base: 100 }, 0, [0, 0, 0], 30)))).toEqual([
      ["141 held:approved approved", 30],
      ["130 approved payable", 100],
      ["140 payable held:payable", 30],
    ]);
    expect(before.approvedMinor).toBe(70);
  });

  it("what is held is taken back only once nothing else is left", () => {
    const before = postedOf(of, brought(new Map(), standing({ base: 100 }, 0, [0, 0, 0], 30)));
    expect(told(restand(of, before, standing({ base: 40 }, 0, [0, 0, 0], 30)))).toEqual([
      ["200 payable expense:base", 60],
    ]);
    expect(told(restand(of, before, standing({ base: 20 }, 0, [0, 0, 0], 30)))).toEqual([
      ["141 held:payable payable", 10],
      ["200 payable expense:base", 80],
    ]);
  });

  it("clawback(x) = −pay(x): whatever was paid, taking all of it back leaves exactly that owed and nothing else", () => {
    fc.assert(
      fc.property(anyWanted, (wanted) => {
        const books = brought(new Map(), { ...wanted, holdMinor: 0 });
        const { payableMinor, owedMinor } = postedOf(of, books);
        fc.pre(payableMinor > 0);
        const payout = payoutOf([["con_1", payableMinor]]);
        const paid = [...submitted(payout), ...settled(payout)].reduce(post, books);
        const after = brought(paid, nothing);
        expect(owedMinor).toBe(0);
        expect(plain(after)).toEqual({ "cash:bank": -payableMinor, "clawback:inf_a:con_1": payableMinor });
      }),
    );
  });

  it("a debt of one contract is netted when another of the same influencer is paid", () => {
    const payout = payoutOf(
      [
        ["con_2", 300],
        ["con_1", -100],
      ],
      40,
    );
    expect(told(submitted(payout))).toEqual([
      ["211 payable clawback", 100],
      ["420 payable tax:withheld", 40],
      ["150 payable in_transit", 160],
    ]);
    expect([payoutMinor(payout), sentMinor(payout)]).toEqual([200, 160]);
  });

  it("lines of one contract are one sum, and their order changes nothing", () => {
    const lines = [
      ["con_2", 300],
      ["con_1", -100],
      ["con_2", -50],
      ["con_3", 20],
    ] as const;
    const payout = payoutOf(lines, 7);
    expect(paidByContract(payout).map(({ where, amountMinor }) => [where, amountMinor])).toEqual([
      ["con_1", -100],
      ["con_2", 250],
      ["con_3", 20],
    ]);
    expect(submitted(payoutOf([...lines].reverse(), 7))).toEqual(submitted(payout));
  });

  it("a payout that would come to less than nothing, and a standing out of order, are faults of ours", () => {
    expect(() => submitted(payoutOf([["con_1", -100]]))).toThrow(/less than nothing/);
    expect(() => submitted(payoutOf([["con_1", 100]], 101))).toThrow(/less than nothing/);
    const held = postedOf(of, new Map());
    const wrong: readonly Wanted[] = [
      { ...standing({ base: 5 }), reached: { accrued: 4, validated: 4, approved: 4, payable: 4 } },
      { ...standing({ base: 5 }), reached: { accrued: 5, validated: 3, approved: 4, payable: 0 } },
      standing({ base: -5 }),
      standing({}, -5),
      standing({}, 0, [0, 0, 0], -1),
    ];
    for (const it of wrong) expect(() => restand(of, held, it)).toThrow(/out of order/);
    expect(() => restand(of, { ...held, approvedMinor: 1 }, nothing)).toThrow(/out of order/);
    expect(() => restand(of, { ...held, owedMinor: -1 }, nothing)).toThrow(/out of order/);
  });
});

describe("pouring amounts into what is asked for", () => {
  const parts = fc.array(
    fc.nat({ max: 9 }).map((amountMinor) => ({ amountMinor })),
    { maxLength: 6 },
  );

  it("moves exactly the lesser of both sums, no part more than its own, in order", () => {
    fc.assert(
      fc.property(parts, parts, (there, asked) => {
        const named = (list: typeof there) => list.map((it, where) => ({ ...it, where }));
        const poured = pour(named(there), named(asked));
        expect(whole(poured)).toBe(Math.min(whole(there), whole(asked)));
        for (const [index, { amountMinor }] of there.entries())
          expect(whole(poured.filter(({ from }) => from === index))).toBeLessThanOrEqual(amountMinor);
        for (const [index, { amountMinor }] of asked.entries())
          expect(whole(poured.filter(({ to }) => to === index))).toBeLessThanOrEqual(amountMinor);
        const steps = poured.map(({ from, to }) => from + to);
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        expect(poured.every(({ amountMinor }) => amountMinor > 0)).toBe(true);
      }),
    );
  });

  it("leaves a stage with nothing where nothing stands", () => {
    expect(stand(brought(new Map(), nothing), accounts.stage("con_1", "payable"))).toBe(0);
    expect(pour([], [{ where: 1, amountMinor: 5 }])).toEqual([]);
  });
});
