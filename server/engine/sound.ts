import { trialBalance } from "../../shared/pay/ledger.ts";
import type { Reader } from "./reader.ts";

/**
 * What is wrong with a brand's books at a glance, or nothing: in each currency debits must equal credits, and no account
 * may be overdrawn. Reads balances only, so it is cheap enough for every start and every run of payouts; `verify` goes
 * through the whole journal.
 */
export const unsound = async (reader: Pick<Reader, "documents">): Promise<string | undefined> => {
  const ledgers = new Map<string, Map<string, number>>();
  for (const [key, body] of await reader.documents("balance/")) {
    const [, currency = "", account = ""] = key.split("/");
    const { balanceMinor } = body as { readonly balanceMinor: number };
    ledgers.set(currency, (ledgers.get(currency) ?? new Map<string, number>()).set(account, balanceMinor));
  }
  for (const [currency, ledger] of ledgers) {
    const wrong = trialBalance(ledger);
    if (wrong !== undefined) return `${currency}: ${wrong}`;
  }
  return undefined;
};
