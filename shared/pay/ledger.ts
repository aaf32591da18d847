import { must } from "../kit/shape.ts";
import { overdrawn, type Stage, stages, type Transfer } from "./chart.ts";

/**
 * How much of a contract's money has reached each stage *or gone beyond it*, in minor units: what the statement law
 * earns when only the conversions that got at least that far are counted. So accrued ≥ validated ≥ approved ≥ payable.
 */
export type Reached = Readonly<Record<Stage, number>>;

/** Nothing has reached anything. */
export const nothingReached: Reached = { accrued: 0, validated: 0, approved: 0, payable: 0 };

/** What crosses each edge upwards, the first from outside into `accrued`, and what leaves each stage for good, in minor units. */
export interface Flows {
  readonly up: readonly number[];
  readonly back: readonly number[];
}

/**
 * How much crosses each edge upwards, and how much leaves each stage for good. A stage that loses more than the one
 * below it would leave a remainder standing lower; that remainder is accrued anew, since money never moves down a stage.
 */
export const flows = (before: Reached, after: Reached): Flows => {
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

/** What is wrong with a set of balances of one currency, or nothing: whole amounts, debits equal to credits, and no account of the chart overdrawn. */
export const trialBalance = (balances: Balances): string | undefined => {
  let sum = 0n;
  for (const [account, balance] of balances) {
    if (!Number.isInteger(balance)) return `${account} holds ${balance}, which is no whole number of minor units`;
    sum += BigInt(balance);
    if (overdrawn(account, balance)) return `${account} is negative by ${Math.abs(balance)} minor units`;
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
