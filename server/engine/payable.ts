import { accounts } from "../../shared/pay/chart.ts";
import { type Deal, stretchOf } from "../../shared/pay/deal.ts";
import type { Candidate, PayableLine } from "../../shared/pay/payout.plan.ts";
import { sumMinor } from "../../shared/pay/price.ts";
import { known, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import type { Reader } from "./reader.ts";
import type { PaidDoc } from "./shapes.payout.ts";
import type { AccountDoc, ContractDoc } from "./shapes.ts";

/** The period whose statement tells of an instant: what comes after the last one is paid with the last one. */
const placeOf = ({ periods }: Deal, at: number): number =>
  periods.find(({ until }) => at < until)?.index ?? periods.length - 1;

/** What one period has payable, in minor units: what has matured in it, and what was settled in it by agreement. */
const payableIn = ({ periods, adjustments }: AccountDoc, deal: Deal, index: number): number =>
  sumMinor([
    periods[index]?.net.payable ?? 0,
    ...adjustments.filter(({ at }) => placeOf(deal, at) === index).map(({ amountMinor }) => amountMinor),
  ]);

/**
 * What is left to pay of a period. One whose statement nobody has approved pays nothing yet; what it takes back, by a
 * dispute or a penalty, is taken at once, since the books have taken it already.
 */
const leftIn = (account: AccountDoc, deal: Deal, paid: PaidDoc, index: number): number => {
  const [dueMinor, paidMinor] = [payableIn(account, deal, index), paid[index] ?? 0];
  const isApproved = (account.closed[index]?.approvedAt ?? null) !== null;
  return isApproved ? dueMinor - paidMinor : Math.min(0, Math.min(0, dueMinor) - paidMinor);
};

const lines = (account: AccountDoc, deal: Deal, paid: PaidDoc): readonly PayableLine[] =>
  deal.periods.flatMap(({ index, starts, ends }) => {
    const amountMinor = leftIn(account, deal, paid, index);
    return amountMinor === 0 ? [] : [{ period: index, starts, ends, amountMinor }];
  });

const balance = async (reader: Reader, currency: string, account: string): Promise<number> =>
  (await read<{ balanceMinor: number }>(reader, `balance/${currency}/${account}`))?.balanceMinor ?? 0;

/** What a contract has to pay: each approved statement's payable money, less what payouts took of it. */
const candidate = async (reader: Reader, account: AccountDoc, now: number): Promise<Candidate> => {
  const { contract, influencer, currency } = account;
  const doc = await known<ContractDoc>(reader, `contract/${contract}`);
  const deal = dealOfContract(doc);
  const paid = (await read<PaidDoc>(reader, `paid/${contract}`)) ?? {};
  const last = deal.periods.findLast(({ from }) => from <= now) ?? deal.periods[0];
  return {
    contract,
    influencer,
    currency,
    availableMinor: 0 - (await balance(reader, currency, accounts.stage(contract, "payable"))),
    owedMinor: await balance(reader, currency, accounts.clawback(influencer, contract)),
    minimumMinor: last ? (stretchOf(deal, last).terms.payout?.minimumMinor ?? 0) : 0,
    // Its own periods, not the time to make good after them: from there on no minimum holds anything back.
    over: (deal.periods.at(-1)?.until ?? 0) <= now,
    lines: lines(account, deal, paid),
  };
};

/** Every contract of a brand that has something to pay or owes something, in order of id. */
export const payables = async (reader: Reader, now: number): Promise<readonly Candidate[]> => {
  const accounts = (await reader.documents("account/")).map(([, body]) => body as unknown as AccountDoc);
  const all = await Promise.all(accounts.map((account) => candidate(reader, account, now)));
  return all.filter((it) => it.lines.length > 0 || it.owedMinor > 0);
};
