import { must } from "../../shared/kit/shape.ts";
import { isEdge, overdrawn, type Transfer } from "../../shared/pay/chart.ts";
import type { Book } from "./book.ts";

const add = async (book: Book, key: string, byMinor: number): Promise<number> => {
  const held = (await book.document(key)) as { balanceMinor: number } | undefined;
  const balanceMinor = (held?.balanceMinor ?? 0) + byMinor;
  book.put(key, { balanceMinor });
  return balanceMinor;
};

/**
 * Fold one transfer into the balances, debits minus credits. The second guard: money goes only by the edges of the chart,
 * and no account is ever overdrawn.
 */
export const postedTransfer = async (book: Book, transfer: Transfer): Promise<void> => {
  const { code, debit, credit, amountMinor, currency } = transfer;
  must(Number.isSafeInteger(amountMinor) && amountMinor > 0, "a transfer of nothing");
  must(isEdge(transfer), `a transfer with code ${code} from ${credit} to ${debit}`);
  for (const [account, byMinor] of [
    [debit, amountMinor],
    [credit, -amountMinor],
  ] as const) {
    const balanceMinor = await add(book, `balance/${currency}/${account}`, byMinor);
    must(!overdrawn(account, balanceMinor), `${account} would be overdrawn`);
  }
};
