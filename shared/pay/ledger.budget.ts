import { must } from "../kit/shape.ts";
import { accounts, codes, type Transfer } from "./chart.ts";

/** An amount of minor units of one currency. */
export interface Sum {
  readonly currency: string;
  readonly amountMinor: number;
}

const one = (code: number, debit: string, credit: string, { currency, amountMinor }: Sum): readonly Transfer[] => {
  must(amountMinor >= 0, "a sum of less than nothing");
  return amountMinor === 0 ? [] : [{ code, debit, credit, amountMinor, currency }];
};

/** A brand puts money on deposit, by a rail. */
export const funded = (rail: string, sum: Sum): readonly Transfer[] =>
  one(codes.funded, accounts.cash(rail), accounts.deposit, sum);

/** Part of the deposit is set aside for a contract. */
export const reserved = (contract: string, sum: Sum): readonly Transfer[] =>
  one(codes.reserved, accounts.deposit, accounts.reserved(contract), sum);

/** What was set aside for a contract is free again. */
export const unreserved = (contract: string, sum: Sum): readonly Transfer[] =>
  one(codes.unreserved, accounts.reserved(contract), accounts.deposit, sum);

/** What a contract's reserve holds, and how much of it has paid for the contract, in minor units. */
export interface Reserve {
  readonly reservedMinor: number;
  readonly spentMinor: number;
}

/**
 * What a contract has been paid is taken out of its reserve, as far as that goes: `paidMinor` is the sum of its lines in
 * payouts that arrived. Only the difference to what was taken so far is posted, so it may be asked again at any time, after
 * a payout arrived or was returned, or once the reserve grew.
 *
 * Paying has already moved cash against what was owed to the influencer, and expense must stay what the contract earned.
 * So the reserve goes to an account beside the expense: what a contract costs its brand is expense − guarantee credit, and
 * `brand:spent` is how much of that its deposit has paid. Cash then equals deposit + reserves + fees + tax kept back, where
 * everything is paid out of reserves.
 */
export const spent = (
  contract: string,
  currency: string,
  paidMinor: number,
  { reservedMinor, spentMinor }: Reserve,
): readonly Transfer[] => {
  const wanted = Math.min(Math.max(0, paidMinor), spentMinor + reservedMinor);
  const [reserve, beside] = [accounts.reserved(contract), accounts.spent(contract)];
  return wanted >= spentMinor
    ? one(codes.spent, reserve, beside, { currency, amountMinor: wanted - spentMinor })
    : one(codes.unspent, beside, reserve, { currency, amountMinor: spentMinor - wanted });
};

/** Tax kept back is sent to the authority. */
export const remitted = (rail: string, sum: Sum): readonly Transfer[] =>
  one(codes.remitted, accounts.taxWithheld, accounts.cash(rail), sum);

/** A contract is paid before it has earned. */
export const advanced = (contract: string, rail: string, sum: Sum): readonly Transfer[] =>
  one(codes.advanced, accounts.advance(contract), accounts.cash(rail), sum);

/** What was paid in advance is taken out of what is payable. */
export const recouped = (contract: string, sum: Sum): readonly Transfer[] =>
  one(codes.recouped, accounts.stage(contract, "payable"), accounts.advance(contract), sum);

/** What an influencer owes on a contract is given up. Two people must have said so before. */
export const writtenOff = (influencer: string, contract: string, sum: Sum): readonly Transfer[] =>
  one(codes.writtenOff, accounts.badDebt, accounts.clawback(influencer, contract), sum);

/**
 * What is payable in one currency is payable in another instead: one transfer in each of the two ledgers, recorded together
 * under one cause, with the rate, its source and its instant. Each ledger balances by itself; their amounts never meet.
 */
export const exchanged = (contract: string, from: Sum, to: Sum): readonly Transfer[] => {
  must(from.currency !== to.currency, "an exchange of a currency for itself");
  must(from.amountMinor > 0 && to.amountMinor > 0, "an exchange for nothing");
  const payable = accounts.stage(contract, "payable");
  return [
    ...one(codes.exchanged, payable, accounts.fx(from.currency), from),
    ...one(codes.exchanged, accounts.fx(to.currency), payable, to),
  ];
};
