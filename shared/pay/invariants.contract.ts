import { account, accounts, codes, expenseKinds, stages } from "./chart.ts";
import type { Books, Flaw, Posting } from "./invariants.ts";
import { paidByContract } from "./ledger.payout.ts";
import type { Balances } from "./ledger.ts";

/** What has left a contract or come to it beside earning, in minor units. */
interface Beside {
  /** Lines of payouts that did not fail, what was recouped and exchanged away, less what was written off and exchanged for. */
  goneMinor: number;
  /** What adjustments have taken back. */
  adjustedMinor: number;
  /** Whom it owes something, by the name of the account. */
  debt: string | undefined;
}

/** A contract in one currency, as a key. */
const keyOf = (currency: string, contract: string): string => `${currency} ${contract}`;

const besides = () => {
  const all = new Map<string, Beside>();
  const of = (currency: string, contract: string | undefined): Beside => {
    const key = keyOf(currency, contract ?? "");
    const found = all.get(key) ?? { goneMinor: 0, adjustedMinor: 0, debt: undefined };
    all.set(key, found);
    return found;
  };
  return { all, of };
};

/** What one transfer takes from a contract, or gives it, beside its stages. */
const noted = (of: ReturnType<typeof besides>["of"], posting: Posting): void => {
  const { code, debit, credit, amountMinor, currency } = posting;
  const [from, to] = [account(debit), account(credit)];
  for (const [it, name] of [[from, debit] as const, [to, credit] as const]) {
    if (it?.contract !== undefined) of(currency, it.contract);
    if (it?.rule.kind === "clawback") of(currency, it.contract).debt = name;
  }
  if (code === codes.recouped) of(currency, from?.contract).goneMinor += amountMinor;
  if (code === codes.writtenOff) of(currency, to?.contract).goneMinor -= amountMinor;
  if (code === codes.exchanged && from?.contract !== undefined) of(currency, from.contract).goneMinor += amountMinor;
  if (code === codes.exchanged && to?.contract !== undefined) of(currency, to.contract).goneMinor -= amountMinor;
  if (to?.rule.kind === "expense:adjustment") of(currency, to.contract).adjustedMinor += amountMinor;
};

const isLive = (state: string): boolean => state === "submitted" || state === "settled";

const flawsOf = (key: string, { goneMinor, adjustedMinor, debt }: Beside, ledger: Balances): readonly Flaw[] => {
  const contract = key.slice(4);
  const sum = (names: readonly string[]): number => names.reduce((all, it) => all + (ledger.get(it) ?? 0), 0);
  const creditMinor = 0 - sum([accounts.guaranteeCredit(contract)]);
  const earnedMinor = sum(expenseKinds.map((kind) => accounts.expense(contract, kind))) - creditMinor;
  const places = [...stages.map((it) => accounts.stage(contract, it)), accounts.held(contract, "approved")];
  const standingMinor = 0 - sum([...places, accounts.held(contract, "payable")]);
  const owedMinor = debt === undefined ? 0 : sum([debt]);
  const where = `contract ${contract} in ${key.slice(0, 3)}`;
  const because = `has earned ${earnedMinor} minor units; ${standingMinor} stand somewhere, ${owedMinor} are owed, ${goneMinor} went`;
  const owable = goneMinor + creditMinor + adjustedMinor;
  return [
    ...(earnedMinor === standingMinor - owedMinor + goneMinor ? [] : [{ invariant: 4, where, because }]),
    ...(owedMinor <= Math.max(0, owable)
      ? []
      : [{ invariant: 15, where, because: `owes ${owedMinor} minor units where only ${owable} can be owed` }]),
  ];
};

/** Invariants 4 and 15 of `flaws`: no contract's money is lost or made on the way, and none owes more than it was paid or penalised. */
export const conserved = ({ journal, payouts }: Books, balances: ReadonlyMap<string, Balances>): readonly Flaw[] => {
  const { all, of } = besides();
  for (const posting of journal) noted(of, posting);
  for (const payout of payouts.filter(({ state }) => isLive(state)))
    for (const { where, amountMinor } of paidByContract(payout)) of(payout.currency, where).goneMinor += amountMinor;
  return [...all].flatMap(([key, beside]) => flawsOf(key, beside, balances.get(key.slice(0, 3)) ?? new Map()));
};
