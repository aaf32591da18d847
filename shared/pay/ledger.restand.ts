import { must } from "../kit/shape.ts";
import { accounts, accrualCode, codes, type ExpenseKind, expenseKinds, stages, type Transfer } from "./chart.ts";
import { type Part, type Poured, pour, whole } from "./ledger.pour.ts";
import { type Balances, flows, type Reached, standingAt } from "./ledger.ts";

/** Whose money it is: a contract, whom it pays, and its currency. */
export interface Owner {
  readonly contract: string;
  readonly influencer: string;
  readonly currency: string;
}

/** What a contract earns by kind, in minor units: gross, at the accrued level, after caps. Only adjustments may be negative. */
export type Kinds = Readonly<Record<ExpenseKind, number>>;

/** Nothing of any kind. */
export const noKinds: Kinds = { base: 0, tier: 0, bonus: 0, fixed: 0, adjustment: 0 };

/**
 * Where a contract's money stands, in minor units. `creditMinor`: what its guarantees take back, not negative. `reached`:
 * net, in the order of the stages, negative where the influencer owes. Σ kinds − creditMinor = reached.accrued. No stage
 * is further below zero than remedies and negative adjustments together: nobody owes what was neither paid nor taken.
 */
export interface Standing {
  readonly kinds: Kinds;
  readonly creditMinor: number;
  readonly reached: Reached;
}

/** Where it should stand, and `holdMinor`: how much of it open disputes hold, Σ over them. */
export interface Wanted extends Standing {
  readonly holdMinor: number;
}

/** What is posted now. Amounts in minor units, none negative; `owedMinor` is what this contract owes: its `clawback` account. */
export interface Posted extends Standing {
  readonly approvedMinor: number;
  readonly payableMinor: number;
  readonly heldApprovedMinor: number;
  readonly heldPayableMinor: number;
  readonly owedMinor: number;
}

/** The accounts `postedOf` reads. */
export const accountsOf = ({ contract, influencer }: Owner): readonly string[] => [
  ...expenseKinds.map((kind) => accounts.expense(contract, kind)),
  accounts.guaranteeCredit(contract),
  ...stages.map((stage) => accounts.stage(contract, stage)),
  accounts.held(contract, "approved"),
  accounts.held(contract, "payable"),
  accounts.clawback(influencer, contract),
];

/** What is posted for a contract, read from the balances of its own accounts (debits minus credits; absent ones are empty). */
export const postedOf = ({ contract, influencer }: Owner, balances: Balances): Posted => {
  const debit = (name: string): number => balances.get(name) ?? 0;
  const credit = (name: string): number => 0 - debit(name);
  const kinds = Object.fromEntries(expenseKinds.map((kind) => [kind, debit(accounts.expense(contract, kind))]));
  const creditMinor = credit(accounts.guaranteeCredit(contract));
  const approvedMinor = credit(accounts.stage(contract, "approved"));
  const heldApprovedMinor = credit(accounts.held(contract, "approved"));
  const accrued = expenseKinds.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0) - creditMinor;
  const validated = accrued - credit(accounts.stage(contract, "accrued"));
  const approved = validated - credit(accounts.stage(contract, "validated"));
  return {
    kinds: { ...noKinds, ...kinds },
    creditMinor,
    reached: { accrued, validated, approved, payable: approved - approvedMinor - heldApprovedMinor },
    approvedMinor,
    payableMinor: credit(accounts.stage(contract, "payable")),
    heldApprovedMinor,
    heldPayableMinor: credit(accounts.held(contract, "payable")),
    owedMinor: debit(accounts.clawback(influencer, contract)),
  };
};

const inOrder = ({ kinds, creditMinor, reached }: Standing): boolean => {
  const { accrued, validated, approved, payable } = reached;
  const gross = expenseKinds.reduce((sum, kind) => sum + kinds[kind], 0);
  const isGross = expenseKinds.every((kind) => kinds[kind] >= 0 || kind === "adjustment");
  const isNet = accrued >= validated && validated >= approved && approved >= payable;
  return isGross && creditMinor >= 0 && isNet && gross - creditMinor === accrued;
};

const isPosted = (held: Posted): boolean =>
  inOrder(held) &&
  held.approvedMinor + held.heldApprovedMinor === standingAt(held.reached).approved &&
  [held.approvedMinor, held.payableMinor, held.heldApprovedMinor, held.heldPayableMinor, held.owedMinor].every(
    (it) => it >= 0,
  );

/** Somewhere money leaves for when it is taken back: the account, and the codes from a stage and from a debt. */
interface Sink {
  readonly account: string;
  readonly code: number;
  readonly owedCode: number;
}

/** What enters at accrued, by account, and what leaves for good, by account. */
interface Turnover {
  readonly enters: readonly (Part<string> & { readonly code: number })[];
  readonly leaves: readonly Part<Sink>[];
}

/** What is taken back only to be accrued anew is taken from the kinds that hold something, in order; else it counts as base. */
const again = (kinds: Kinds, amountMinor: number): Kinds => {
  const there = expenseKinds.map((kind) => ({ where: kind, amountMinor: kinds[kind] }));
  const poured = pour(there, [{ where: null, amountMinor }]);
  const found: Partial<Kinds> = Object.fromEntries(poured.map((it) => [it.from, it.amountMinor]));
  return { ...noKinds, ...found, base: (found.base ?? 0) + amountMinor - whole(poured) };
};

const turnover = ({ contract }: Owner, held: Posted, wanted: Wanted, enteringMinor: number): Turnover => {
  const creditMinor = wanted.creditMinor - held.creditMinor;
  const rise = (kind: ExpenseKind): number => Math.max(0, wanted.kinds[kind] - held.kinds[kind]);
  const newMinor = expenseKinds.reduce((sum, kind) => sum + rise(kind), Math.max(0, -creditMinor));
  const anew = again(held.kinds, Math.max(0, enteringMinor - newMinor));
  const credit = accounts.guaranteeCredit(contract);
  return {
    enters: [
      ...expenseKinds.map((kind) => ({
        where: accounts.expense(contract, kind),
        code: accrualCode[kind],
        amountMinor: rise(kind) + anew[kind],
      })),
      { where: credit, code: codes.remedyUndone, amountMinor: Math.max(0, -creditMinor) },
    ],
    leaves: [
      ...expenseKinds.map((kind) => ({
        where: { account: accounts.expense(contract, kind), code: codes.reversed, owedCode: codes.clawedBack },
        amountMinor: Math.max(0, held.kinds[kind] - wanted.kinds[kind]) + anew[kind],
      })),
      {
        where: { account: credit, code: codes.remedied, owedCode: codes.remedied },
        amountMinor: Math.max(0, creditMinor),
      },
    ],
  };
};

/** The debt as a place money is taken from. */
const DEBT = "debt";

/** How much leaves each stage, and how much of it was no longer there and becomes a debt. */
const placesOf = (back: readonly number[], throughMinor: number, thereMinor: number) => {
  const last = stages.length - 1;
  const leaving = back.map((amountMinor, index) => (index === 0 ? amountMinor + throughMinor : amountMinor));
  const fromPayable = Math.min(thereMinor, leaving[last] ?? 0);
  const places = stages.map((where, index) => ({
    where,
    amountMinor: index === last ? fromPayable : (leaving[index] ?? 0),
  }));
  const owedMinor = (leaving[last] ?? 0) - fromPayable;
  return { places: [...places, { where: DEBT, amountMinor: owedMinor }] as const, fromPayable, owedMinor };
};

const taken = (of: Owner, { from, to, amountMinor }: Poured<(typeof stages)[number] | typeof DEBT, Sink>) => ({
  code: from === DEBT ? to.owedCode : to.code,
  debit: from === DEBT ? accounts.clawback(of.influencer, of.contract) : accounts.stage(of.contract, from),
  credit: to.account,
  amountMinor,
});

/** The movement of a hold from one amount to another: released before anything else leaves the stage, held after. */
const hold = (contract: string, from: "approved" | "payable", beforeMinor: number, afterMinor: number) => {
  const [free, held] = [accounts.stage(contract, from), accounts.held(contract, from)];
  return {
    released: { code: codes.released, debit: held, credit: free, amountMinor: beforeMinor - afterMinor },
    held: { code: codes.held, debit: free, credit: held, amountMinor: afterMinor - beforeMinor },
  };
};

/**
 * The transfers that take the books of a contract from what is posted to what is wanted: only differences, only on edges of
 * the chart, no account overdrawn after any of them, the same for the same standings, nothing if they agree.
 *
 * Money enters at accrued and goes up; it leaves from the stage where it stands. What leaves `payable` beyond what is there
 * (it was paid or is on its way, or more is taken than was earned) becomes a debt, and what the contract earns later pays
 * its own debt first. So a contract never has both something payable and a debt, and where its money stands follows from
 * what is wanted alone, however it came there. Disputes hold money that is approved first, then money that is payable and
 * not yet sent, never more than there is; what matures while held is released, moves up, and is held again.
 */
export const restand = (of: Owner, held: Posted, wanted: Wanted): readonly Transfer[] => {
  must(isPosted(held) && inOrder(wanted) && wanted.holdMinor >= 0, "a standing out of order");
  const { contract, currency } = of;
  const { up, back } = flows(held.reached, wanted.reached);
  const { enters, leaves } = turnover(of, held, wanted, up[0] ?? 0);
  const thereMinor = held.payableMinor + held.heldPayableMinor + (up[stages.length - 1] ?? 0);
  const { places, fromPayable, owedMinor } = placesOf(back, whole(enters) - (up[0] ?? 0), thereMinor);
  const offsetMinor = Math.min(thereMinor - fromPayable, held.owedMinor + owedMinor);
  const approved = Math.min(wanted.holdMinor, standingAt(wanted.reached).approved);
  const payable = Math.min(wanted.holdMinor - approved, thereMinor - fromPayable - offsetMinor);
  const holds = [
    hold(contract, "approved", held.heldApprovedMinor, approved),
    hold(contract, "payable", held.heldPayableMinor, payable),
  ];
  const at = (index: number): string => accounts.stage(contract, stages[index] ?? "payable");
  const climb = (index: number, code: number) => ({
    code,
    debit: at(index - 1),
    credit: at(index),
    amountMinor: up[index] ?? 0,
  });
  const debt = accounts.clawback(of.influencer, contract);
  return [
    ...enters.map(({ where, code, amountMinor }) => ({ code, debit: where, credit: at(0), amountMinor })),
    climb(1, codes.validated),
    climb(2, codes.approved),
    ...holds.map(({ released }) => released),
    climb(3, codes.payable),
    ...pour(places, leaves).map((it) => taken(of, it)),
    { code: codes.offset, debit: accounts.stage(contract, "payable"), credit: debt, amountMinor: offsetMinor },
    ...holds.map((it) => it.held),
  ]
    .filter(({ amountMinor }) => amountMinor > 0)
    .map((it) => ({ ...it, currency }));
};
