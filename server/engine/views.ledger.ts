import { must } from "../../shared/kit/shape.ts";
import type { Transfer } from "../../shared/pay/ledger.ts";
import type { Book } from "./book.ts";

const add = async (book: Book, key: string, byMinor: number): Promise<number> => {
  const held = (await book.document(key)) as { balanceMinor: number } | undefined;
  const balanceMinor = (held?.balanceMinor ?? 0) + byMinor;
  book.put(key, { balanceMinor });
  return balanceMinor;
};

/** Fold one transfer into the balances, debits minus credits. The second guard: no stage is ever overdrawn. */
export const postedTransfer = async (book: Book, { debit, credit, amountMinor, currency }: Transfer): Promise<void> => {
  must(Number.isSafeInteger(amountMinor) && amountMinor > 0, "a transfer of nothing");
  const debited = await add(book, `balance/${currency}/${debit}`, amountMinor);
  await add(book, `balance/${currency}/${credit}`, -amountMinor);
  must(!debit.startsWith("influencer:") || debited <= 0, `${debit} would be overdrawn`);
};
