import { accountsOf, postedOf, restand } from "../../shared/pay/ledger.restand.ts";
import type { Balances } from "../../shared/pay/ledger.ts";
import { known, read } from "./book.ts";
import type { AccountDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** The balances of some accounts, debits minus credits. */
const balancesOf = async (unit: Unit, currency: string, accounts: readonly string[]): Promise<Balances> => {
  const held = new Map<string, number>();
  for (const account of accounts) {
    const doc = await read<{ balanceMinor: number }>(unit, `balance/${currency}/${account}`);
    held.set(account, doc?.balanceMinor ?? 0);
  }
  return held;
};

const restanding = async (unit: Unit, { contract, influencer, currency, wanted, holdMinor }: AccountDoc) => {
  const owner = { contract, influencer, currency };
  const posted = postedOf(owner, await balancesOf(unit, currency, accountsOf(owner)));
  return restand(owner, posted, { ...wanted, holdMinor });
};

/** Post, for every contract restated since, the difference between what its conversions earn and what the ledger holds. */
export const postMoney = async (unit: Unit, conversion: string | null, by: string): Promise<void> => {
  for (const contract of unit.restated()) {
    const account = await known<AccountDoc>(unit, `account/${contract}`);
    const transfers = await restanding(unit, account);
    if (transfers.length === 0 && account.moving.length === 0) continue;
    const { reached, kinds, creditMinor } = account.wanted;
    const lines = account.moving.map((line) => ({ ...line }));
    const moved = { type: "money-moved", contract, conversion, reached, kinds, creditMinor, lines } as const;
    await unit.record({ ...moved, transfers: transfers.map((it) => ({ ...it })) }, by);
  }
  // Recording a movement touches the account as well; that is not news.
  unit.restated();
};
