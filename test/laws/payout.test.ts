import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overdrawn } from "../../shared/pay/chart.ts";
import { submitted } from "../../shared/pay/ledger.payout.ts";
import { type Balances, post } from "../../shared/pay/ledger.ts";
import {
  type Candidate,
  type PaidLine,
  type PayTo,
  type Plan,
  planBatch,
  type Run,
  waitingBecause,
} from "../../shared/pay/payout.plan.ts";
import {
  type PayoutCommand,
  type PayoutState,
  type PayoutStatus,
  payoutLife,
  UNCLAIMED_MS,
} from "../../shared/pay/payout.ts";
import { often } from "../cases.ts";

const NOW = Date.UTC(2026, 10, 22);
const run: Run = { rail: "manual", currency: "USD", feeBp: 0, depositMinor: 0 };
const byHand: PayTo = { rail: "manual", heldUntil: null, refused: null, withholdBp: 0 };
const everyone = new Map(["inf_a", "inf_b"].map((influencer) => [influencer, byHand]));

const day = (period: number): string => `2026-${String(period + 1).padStart(2, "0")}-01`;
const lines = (...amounts: readonly number[]) =>
  amounts.map((amountMinor, period) => ({ period, starts: day(period), ends: day(period), amountMinor }));

/** A contract whose lines are all there to be paid, or owed. */
const contract = (id: string, amounts: readonly number[], more: Partial<Candidate> = {}): Candidate => {
  const sum = amounts.reduce((all, it) => all + it, 0);
  return {
    contract: id,
    influencer: "inf_a",
    currency: "USD",
    availableMinor: Math.max(0, sum),
    owedMinor: Math.max(0, -sum),
    minimumMinor: 0,
    over: false,
    lines: lines(...amounts),
    ...more,
  };
};

const plan = (candidates: readonly Candidate[], details: ReadonlyMap<string, PayTo> = everyone, of = run): Plan =>
  planBatch(of, candidates, details, NOW);
const codes = ({ waiting }: Plan) => waiting.map(({ code, amountMinor }) => [code, amountMinor]);
const paid = (it: Plan) => it.payouts.map(({ amountMinor }) => amountMinor);

describe("a run of payouts", () => {
  it("pays one influencer once, for all contracts and periods together", () => {
    const { payouts, waiting } = plan([contract("con_b", [100, 50]), contract("con_a", [7])]);
    expect(payouts).toEqual([
      {
        influencer: "inf_a",
        lines: [
          { contract: "con_a", period: 0, amountMinor: 7 },
          { contract: "con_b", period: 0, amountMinor: 100 },
          { contract: "con_b", period: 1, amountMinor: 50 },
        ],
        amountMinor: 157,
        taxMinor: 0,
        feeMinor: 0,
      },
    ]);
    expect(waiting).toEqual([]);
  });

  it("a refund after payout is netted from the next one, also against another contract", () => {
    const { payouts } = plan([contract("con_a", [-30]), contract("con_b", [50])]);
    expect(payouts[0]).toMatchObject({
      amountMinor: 20,
      lines: [
        { contract: "con_a", amountMinor: -30 },
        { contract: "con_b", amountMinor: 50 },
      ],
    });
    expect(paid(plan([contract("con_a", [-30, 80])]))).toEqual([50]);
  });

  it("who owes more than there is gets nothing, and is told so", () => {
    const it = plan([contract("con_a", [-30]), contract("con_b", [20])]);
    expect([paid(it), codes(it)]).toEqual([[], [["owes", 10]]]);
  });

  it("what is below the minimum is carried over, and the minimum itself is paid", () => {
    const small = { minimumMinor: 5000 };
    expect(codes(plan([contract("con_a", [4999], small)]))).toEqual([["below-minimum", 4999]]);
    expect(paid(plan([contract("con_a", [5000], small)]))).toEqual([5000]);
  });

  it("the largest minimum among the contracts decides, for their sum", () => {
    const two = (one: number) => [
      contract("con_a", [one], { minimumMinor: 100 }),
      contract("con_b", [1000], { minimumMinor: 5000 }),
    ];
    expect(paid(plan(two(3999)))).toEqual([]);
    expect(paid(plan(two(4000)))).toEqual([5000]);
  });

  it("a minimum delays money and never keeps it: once a contract is over, one cent is paid", () => {
    const small = { minimumMinor: 5000, over: true };
    expect(paid(plan([contract("con_a", [1], small)]))).toEqual([1]);
  });

  it("the minimum of a contract that runs does not keep what another that is over has", () => {
    const it = plan([
      contract("con_a", [10], { minimumMinor: 5000, over: true }),
      contract("con_b", [70], { minimumMinor: 5000 }),
    ]);
    expect([paid(it), codes(it)]).toEqual([[10], [["below-minimum", 70]]]);
  });

  it("what a dispute holds is cut from the newest lines, while the rest flows", () => {
    const it = plan([contract("con_a", [100, 50, 20], { availableMinor: 110 })]);
    expect(it.payouts[0]?.lines.map(({ amountMinor }) => amountMinor)).toEqual([100, 10]);
    expect(codes(it)).toEqual([["held", 60]]);
    expect(codes(plan([contract("con_a", [100], { availableMinor: 0 })]))).toEqual([["held", 100]]);
  });

  it("a line that has fallen takes back no more than the books say is owed", () => {
    // The contract's own next period, which nobody has approved yet, pays the debt already.
    const it = plan([contract("con_a", [-30], { owedMinor: 0 }), contract("con_b", [50])]);
    expect(it.payouts[0]?.lines).toEqual([{ contract: "con_b", period: 0, amountMinor: 50 }]);
  });

  it("without details, or with details changed lately, or out of the rail's reach, money waits with a reason", () => {
    const one = [contract("con_a", [100])];
    const to = (more: Partial<PayTo>) => new Map([["inf_a", { ...byHand, ...more }]]);
    expect(codes(plan(one, new Map()))).toEqual([["no-details", 100]]);
    expect(codes(plan(one, to({ heldUntil: NOW + 1 })))).toEqual([["details-changed", 100]]);
    expect(paid(plan(one, to({ heldUntil: NOW })))).toEqual([100]);
    expect(codes(plan(one, to({ refused: "Too far away." })))).toEqual([["rail-refuses", 100]]);
  });

  it("leaves out who is paid by another rail, and money in another currency", () => {
    const other = new Map([["inf_a", { ...byHand, rail: "bank" }]]);
    expect(plan([contract("con_a", [100])], other)).toEqual({ payouts: [], waiting: [] });
    expect(plan([contract("con_a", [100], { currency: "EUR" })])).toEqual({ payouts: [], waiting: [] });
  });

  it("keeps tax back, rounded once half-even, and takes the fee out of the deposit while it lasts", () => {
    const taxed = new Map([["inf_a", { ...byHand, withholdBp: 1500 }]]);
    expect(plan([contract("con_a", [1010])], taxed).payouts[0]).toMatchObject({ amountMinor: 1010, taxMinor: 152 });
    expect(plan([contract("con_a", [30])], taxed).payouts[0]).toMatchObject({ taxMinor: 4 });
    const two = [contract("con_a", [1000]), contract("con_b", [1000], { influencer: "inf_b" })];
    const it = plan(two, everyone, { ...run, feeBp: 250, depositMinor: 49 });
    expect(it.payouts).toMatchObject([{ influencer: "inf_a", feeMinor: 25 }]);
    expect(codes(it)).toEqual([["not-funded", 1000]]);
  });

  it("pays no more of a contract than its reserve covers, where the brand pays out of a deposit", () => {
    const it = plan([contract("con_a", [100, 50], { fundedMinor: 120 })]);
    expect([paid(it), codes(it)]).toEqual([[120], [["not-funded", 30]]]);
  });

  it.each([
    ["held", {}, "$1.00 is held by a dispute"],
    ["no-details", {}, "where to be paid"],
    ["details-changed", { until: Date.UTC(2026, 10, 25, 9, 30) }, "2026-11-25 09:30 UTC"],
    ["rail-refuses", { because: "Too far away." }, "Too far away."],
    ["not-funded", {}, "deposit"],
    ["below-minimum", { minimumMinor: 5000 }, "$50.00"],
    ["owes", {}, "owed"],
  ] as const)("says why money waits: %s", (code, more, words) => {
    expect(waitingBecause({ code, amountMinor: 100, ...more }, "USD")).toContain(words);
  });
});

const ids = ["con_a", "con_b", "con_c", "con_d"] as const;
const ownerOf = (id: string): string => (id < "con_c" ? "inf_a" : "inf_b");

interface Made {
  readonly influencer: string;
  readonly lines: readonly PaidLine[];
  state: "open" | "settled" | "failed";
}

/** The plainest account of who was paid what: by contract and period, what is payable, and every payout ever made. */
interface World {
  readonly payable: Record<string, number[]>;
  readonly held: Record<string, number>;
  readonly made: Made[];
}

const takenOf = ({ made }: World, id: string, period?: number): number =>
  made
    .filter(({ state }) => state !== "failed")
    .flatMap((it) => it.lines)
    .filter((line) => line.contract === id && (period === undefined || line.period === period))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const positionOf = (world: World, id: string): number =>
  world.payable[id]!.reduce((sum, it) => sum + it, 0) - takenOf(world, id);

const heldOf = (world: World, id: string): number => Math.min(world.held[id]!, Math.max(0, positionOf(world, id)));

const candidatesOf = (world: World): readonly Candidate[] =>
  ids.map((id) => {
    const position = positionOf(world, id);
    return contract(
      id,
      world.payable[id]!.map((it, period) => it - takenOf(world, id, period)),
      {
        influencer: ownerOf(id),
        availableMinor: Math.max(0, position) - heldOf(world, id),
        owedMinor: Math.max(0, -position),
        minimumMinor: id === "con_b" ? 500 : 0,
      },
    );
  });

const opening = (world: World): Balances =>
  new Map(
    ids.flatMap((id): [string, number][] => [
      [`influencer:${id}:payable`, -(Math.max(0, positionOf(world, id)) - heldOf(world, id))],
      [`clawback:${ownerOf(id)}:${id}`, Math.max(0, -positionOf(world, id))],
    ]),
  );

const make = (world: World, taxBp: number): void => {
  const details = new Map([...everyone.keys()].map((it) => [it, { ...byHand, withholdBp: taxBp }]));
  const before = Object.fromEntries(ids.map((id) => [id, positionOf(world, id)]));
  let balances = opening(world);
  const { payouts } = plan(candidatesOf(world), details);
  for (const { influencer, lines: some, amountMinor, taxMinor, feeMinor } of payouts) {
    expect(some.reduce((sum, it) => sum + it.amountMinor, 0)).toBe(amountMinor);
    expect(amountMinor).toBeGreaterThan(taxMinor);
    expect(some.every((it) => it.amountMinor !== 0 && ownerOf(it.contract) === influencer)).toBe(true);
    const payout = { id: "pay_1", influencer, currency: "USD", rail: "manual", lines: some, taxMinor, feeMinor };
    // The books have all of it: nothing is overdrawn after any transfer.
    for (const transfer of submitted(payout)) {
      balances = post(balances, transfer);
      for (const [name, balance] of balances) expect(overdrawn(name, balance), name).toBe(false);
    }
    for (const line of some)
      if (line.amountMinor > 0)
        expect(takenOf(world, line.contract, line.period) + line.amountMinor).toBeLessThanOrEqual(
          world.payable[line.contract]![line.period]!,
        );
    world.made.push({ influencer, lines: some, state: "open" });
  }
  for (const id of ids) {
    const after = positionOf(world, id);
    // No contract is paid beyond what it has, nor more taken back than it owes; and held money stays.
    if (before[id]! >= 0) expect(after).toBeGreaterThanOrEqual(Math.min(world.held[id]!, before[id]!));
    else expect(after >= before[id]! && after <= 0).toBe(true);
  }
};

const step = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant("earn"), fc.nat(3), fc.nat(2), fc.integer({ min: 0, max: 1500 })) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("hold"), fc.nat(3), fc.constant(0), fc.integer({ min: 0, max: 800 })) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("plan"), fc.constant(0), fc.constant(0), fc.constantFrom(0, 1500)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("settle"), fc.nat(20), fc.constant(0), fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("fail"), fc.nat(20), fc.constant(0), fc.constant(0)) },
);

interface Seen {
  payouts: number;
  netted: number;
  failed: number;
  returned: number;
  held: number;
}

const pick = ({ made }: World, one: number): Made | undefined => made[one % Math.max(1, made.length)];

type Happening = (world: World, seen: Seen, one: number, period: number, amount: number) => void;

const happening: Readonly<Record<string, Happening>> = {
  earn: ({ payable }, _, one, period, amount) => {
    payable[ids[one % 4]!]![period] = amount;
  },
  hold: ({ held }, _, one, __, amount) => {
    held[ids[one % 4]!] = amount;
  },
  plan: (world, _, __, ___, amount) => make(world, amount),
  settle: (world, _, one) => {
    const it = pick(world, one);
    if (it?.state === "open") it.state = "settled";
  },
  fail: (world, seen, one) => {
    const it = pick(world, one);
    if (!it || it.state === "failed") return;
    seen[it.state === "open" ? "failed" : "returned"] += 1;
    it.state = "failed";
  },
};

describe("through any history of results that come and go, holds, payouts that arrive, fail and come back", () => {
  it("each cent is in at most one payout that did not fail, and in the end everyone has exactly what they earned", () => {
    const seen: Seen = { payouts: 0, netted: 0, failed: 0, returned: 0, held: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 40, size: "max" }), (steps) => {
        const world: World = {
          payable: Object.fromEntries(ids.map((id) => [id, [0, 0, 0]])),
          held: Object.fromEntries(ids.map((id) => [id, 0])),
          made: [],
        };
        for (const [what, one, period, amount] of steps) {
          const before = world.made.length;
          happening[what]?.(world, seen, one, period, amount);
          seen.payouts += world.made.length - before;
          seen.held += ids.some((each) => heldOf(world, each) > 0) ? 1 : 0;
        }
        for (const id of ids) world.held[id] = 0;
        // Below a minimum money waits; enough for every minimum to be met.
        for (const id of ids) world.payable[id]![0]! += 20_000;
        make(world, 0);
        for (const influencer of everyone.keys()) {
          const mine = ids.filter((id) => ownerOf(id) === influencer);
          expect(mine.map((id) => positionOf(world, id)).reduce((sum, it) => sum + it, 0)).toBe(0);
        }
        seen.netted += world.made.filter((it) => it.lines.some(({ amountMinor }) => amountMinor < 0)).length;
      }),
      { numRuns: 1_000 },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThanOrEqual(often(50));
  });

  it("the same candidates in any order give the same plan", () => {
    const some = fc.array(fc.integer({ min: -500, max: 900 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(some, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (amounts, order) => {
        const all = ids.map((id, index) => contract(id, [amounts[index]!, 10], { influencer: ownerOf(id) }));
        expect(plan(order.map((index) => all[index]!))).toEqual(plan(all));
      }),
    );
  });
});

const made = {
  payout: "pay_1",
  batch: "bat_1",
  influencer: "inf_a",
  rail: "manual",
  currency: "USD",
  lines: [{ contract: "con_a", period: 0, amountMinor: 5 }],
  taxMinor: 0,
  feeMinor: 0,
  details: "d",
};

const asked = (at: number): readonly PayoutCommand[] => [
  { type: "make", ...made },
  { type: "send", at },
  { type: "remind", at },
  { type: "settle", at, proof: "p" },
  { type: "fail", at, why: "failed" },
  { type: "return", at },
  { type: "unclaim", at },
];

/** What a payout may become, and by which word: nothing else. */
const allowed: Readonly<Record<PayoutStatus, Readonly<Partial<Record<PayoutCommand["type"], PayoutStatus>>>>> = {
  none: { make: "made" },
  made: { send: "sent", fail: "failed" },
  sent: { settle: "settled", fail: "failed", return: "returned", unclaim: "unclaimed", remind: "sent" },
  settled: { return: "returned" },
  failed: {},
  returned: {},
  unclaimed: {},
};

describe("the life of a payout", () => {
  it("goes only the ways it may, whatever is asked in whatever order, and every way is gone", () => {
    const gone = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.constantFrom(0, 1, UNCLAIMED_MS)), { maxLength: 30, size: "max" }),
        (words) => {
          let state: PayoutState = payoutLife.initial;
          let at = 0;
          for (const [word, wait] of words) {
            at += wait;
            const command = asked(at)[word]!;
            const decided = payoutLife.decide(state, command);
            const facts = decided.ok ? decided.value : [];
            expect(facts.length).toBeLessThan(2);
            const after = facts.reduce(payoutLife.evolve, state);
            if (facts.length > 0) {
              expect(allowed[state.status][command.type], `${state.status} ${command.type}`).toBe(after.status);
              gone.add(`${state.status} ${command.type}`);
            } else expect(after).toBe(state);
            state = after;
          }
        },
      ),
      { numRuns: 3_000 },
    );
    const ways = Object.entries(allowed).flatMap(([from, by]) => Object.keys(by).map((word) => `${from} ${word}`));
    expect([...gone].sort()).toEqual(ways.sort());
  });

  const lifeAfter = (...words: readonly PayoutCommand["type"][]): PayoutState =>
    words.reduce((state, word) => {
      const decided = payoutLife.decide(state, asked(0).find(({ type }) => type === word)!);
      return decided.ok ? decided.value.reduce(payoutLife.evolve, state) : state;
    }, payoutLife.initial);

  it.each([
    ["a payout not made", [], "settle", "payout-not-sent"],
    ["a payout not sent", ["make"], "settle", "payout-not-sent"],
    ["a payout not sent", ["make"], "return", "payout-not-sent"],
    ["one that arrived", ["make", "send", "settle"], "fail", "payout-settled"],
    ["one that arrived", ["make", "send", "settle"], "unclaim", "payout-settled"],
    ["one that failed", ["make", "send", "fail"], "settle", "payout-came-back"],
    ["one that was returned", ["make", "send", "return"], "settle", "payout-came-back"],
    ["one sent a moment ago", ["make", "send"], "unclaim", "payout-too-young"],
    ["a payout not made", [], "send", "payout-not-sent"],
    ["a payout not made", [], "fail", "payout-not-sent"],
    ["a payout not sent", ["make"], "unclaim", "payout-not-sent"],
    ["one that arrived", ["make", "send", "settle"], "unclaim", "payout-settled"],
    ["one that failed", ["make", "send", "fail"], "return", "payout-came-back"],
    ["one that failed", ["make", "send", "fail"], "unclaim", "payout-came-back"],
    ["one that was returned", ["make", "send", "return"], "fail", "payout-came-back"],
  ] as const)("%s after %j: %s is refused, as %s", (_, words, word, code) => {
    const decided = payoutLife.decide(lifeAfter(...words), asked(1).find(({ type }) => type === word)!);
    expect(decided.ok ? "said yes" : decided.refusal.code).toBe(code);
  });

  it("that nobody has heard of for thirty days is overdue, once, and from then on may be taken back", () => {
    const sentOff = lifeAfter("make", "send");
    const facts = (state: PayoutState, word: "remind" | "unclaim", at: number) => {
      const decided = payoutLife.decide(state, { type: word, at });
      return decided.ok ? decided.value : [];
    };
    expect([UNCLAIMED_MS - 1, UNCLAIMED_MS].map((at) => facts(sentOff, "remind", at).length)).toEqual([0, 1]);
    expect([UNCLAIMED_MS - 1, UNCLAIMED_MS].map((at) => facts(sentOff, "unclaim", at).length)).toEqual([0, 1]);
    const overdue = facts(sentOff, "remind", UNCLAIMED_MS).reduce(payoutLife.evolve, sentOff);
    expect(overdue).toEqual({ ...sentOff, overdue: true });
    expect(facts(overdue, "remind", 2 * UNCLAIMED_MS)).toEqual([]);
    expect(facts(lifeAfter("make"), "remind", 2 * UNCLAIMED_MS)).toEqual([]);
    const unclaimed = facts(overdue, "unclaim", UNCLAIMED_MS).reduce(payoutLife.evolve, overdue);
    expect(unclaimed.status).toBe("unclaimed");
    expect(payoutLife.decide(unclaimed, { type: "unclaim", at: 2 * UNCLAIMED_MS })).toEqual({ ok: true, value: [] });
  });

  it.each([
    [["make", "send", "settle"], "settle"],
    [["make", "fail"], "fail"],
    [["make", "send", "return"], "return"],
  ] as const)("after %j, %s again changes nothing", (words, word) => {
    const again = payoutLife.decide(lifeAfter(...words), asked(1).find(({ type }) => type === word)!);
    expect(again).toEqual({ ok: true, value: [] });
  });
});
