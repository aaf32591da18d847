import { must } from "../kit/shape.ts";

/** Where an influencer's money stands, in order: expected, proven, approved by the brand, past its hold. */
export const stages = ["accrued", "validated", "approved", "payable"] as const;

/** One of the stages. */
export type Stage = (typeof stages)[number];

/**
 * How much of a contract's money has reached each stage *or gone beyond it*, in minor units: what the statement law
 * earns when only the conversions that got at least that far are counted. So accrued ≥ validated ≥ approved ≥ payable.
 */
export type Reached = Readonly<Record<Stage, number>>;

/** Nothing has reached anything. */
export const nothingReached: Reached = { accrued: 0, validated: 0, approved: 0, payable: 0 };

/** Why money moved: accrue, validated, approved, payable, and taken back from wherever it stood. */
export const codes = { accrue: 100, validated: 110, approved: 120, payable: 130, reversed: 200 } as const;

/** One movement of money: a positive whole amount of minor units from the credit side's account to the debit side's. Corrections are new transfers. */
export interface Transfer {
  readonly code: number;
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** The account of one stage of one contract: credit-normal, never negative. */
export const stageAccount = (contract: string, stage: Stage): string => `influencer:${contract}:${stage}`;

/** The account of what a contract has cost its brand: debit-normal. */
export const expenseAccount = (contract: string): string => `expense:${contract}`;

const codeOf: Readonly<Record<Stage, number>> = {
  accrued: codes.accrue,
  validated: codes.validated,
  approved: codes.approved,
  payable: codes.payable,
};

interface Flows {
  readonly up: readonly number[];
  readonly back: readonly number[];
}

/**
 * How much crosses each edge upwards, and how much leaves each stage for good. A stage that loses more than the one
 * below it would leave a remainder standing lower; that remainder is accrued anew, since money never moves down a stage.
 */
const flows = (before: Reached, after: Reached): Flows => {
  const change = stages.map((stage) => after[stage] - before[stage]);
  const up = change.map((it) => Math.max(0, it));
  const down = change.map((it) => Math.max(0, -it));
  const back = down.map((it, index) => Math.max(0, it - (down[index + 1] ?? 0)));
  down.forEach((it, index) => {
    const remainder = Math.max(0, (down[index + 1] ?? 0) - it);
    for (let edge = 0; edge <= index; edge += 1) up[edge] = (up[edge] ?? 0) + remainder;
  });
  return { up, back };
};

const isInOrder = ({ accrued, validated, approved, payable }: Reached): boolean =>
  accrued >= validated && validated >= approved && approved >= payable && payable >= 0;

/**
 * The transfers that take a contract from one standing to another: only the difference is posted, never an edit. Upward
 * moves first, so that no stage is ever negative on the way. The same two standings always give the same transfers. Each
 * standing must be in the order of the stages, the last of them not negative.
 */
export const trueUp = (contract: string, currency: string, before: Reached, after: Reached): readonly Transfer[] => {
  for (const it of [before, after]) must(isInOrder(it), "stages out of order");
  const { up, back } = flows(before, after);
  const expense = expenseAccount(contract);
  const moves = stages.flatMap((stage, index) => {
    const from = index === 0 ? expense : stageAccount(contract, stages[index - 1] as Stage);
    return {
      code: codeOf[stage],
      debit: from,
      credit: stageAccount(contract, stage),
      amountMinor: up[index] ?? 0,
      currency,
    };
  });
  const reversals = stages.map((stage, index) => ({
    code: codes.reversed,
    debit: stageAccount(contract, stage),
    credit: expense,
    amountMinor: back[index] ?? 0,
    currency,
  }));
  return [...moves, ...reversals].filter(({ amountMinor }) => amountMinor > 0);
};

/** The balance of every account, debits minus credits, in minor units of one currency. */
export type Balances = ReadonlyMap<string, number>;

/** The balances after one more transfer. Refuses, by throwing, an amount that is not positive, or a transfer to itself. */
export const post = (balances: Balances, { debit, credit, amountMinor }: Transfer): Balances => {
  must(Number.isSafeInteger(amountMinor) && amountMinor > 0, "a transfer of nothing");
  must(debit !== credit, "a transfer from an account to itself");
  const next = new Map(balances);
  next.set(debit, (next.get(debit) ?? 0) + amountMinor);
  next.set(credit, (next.get(credit) ?? 0) - amountMinor);
  return next;
};

/** What is wrong with a set of balances of one currency, or nothing: debits must equal credits, and no stage may be negative. */
export const trialBalance = (balances: Balances): string | undefined => {
  let sum = 0n;
  for (const [account, balance] of balances) {
    sum += BigInt(balance);
    if (account.startsWith("influencer:") && balance > 0) return `${account} is negative by ${balance} minor units`;
  }
  return sum === 0n ? undefined : `debits and credits differ by ${sum} minor units`;
};

/** What now stands at each stage and no further: the figures people are shown. */
export const standingAt = (reached: Reached): Readonly<Record<Stage, number>> => ({
  accrued: reached.accrued - reached.validated,
  validated: reached.validated - reached.approved,
  approved: reached.approved - reached.payable,
  payable: reached.payable,
});
