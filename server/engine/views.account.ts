import type { FactType } from "../../shared/fact.ts";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { type Deal, stretchOf } from "../../shared/pay/deal.ts";
import { windowsOf } from "../../shared/pay/event.ts";
import type { Adjustment } from "../../shared/pay/statement.ts";
import { advanced, emptyAccount, paidPeriod, pieceOf, repriced, restated, withAdjustment } from "./account.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import { type AccountDoc, atKey, type ContractDoc, type ShareDoc, type WindowDoc } from "./shapes.ts";

/** A contract's account, with all that is needed to price it. */
interface Opened {
  readonly contract: ContractDoc;
  readonly deal: Deal;
  readonly account: AccountDoc;
  readonly window: WindowDoc;
}

const opened = async (book: Book, id: string): Promise<Opened> => {
  const contract = await known<ContractDoc>(book, `contract/${id}`);
  const deal = dealOfContract(contract);
  const currency = present(contract.terms, "the terms of a contract with an account").currency;
  const account = (await read<AccountDoc>(book, `account/${id}`)) ?? emptyAccount(contract, currency);
  const mayFill = deal.stretches.some(({ terms }) => terms.guarantee !== undefined);
  const window = (mayFill ? await read<WindowDoc>(book, `window/${id}`) : undefined) ?? { pieces: [] };
  return { contract, deal, account, window };
};

const keep = (book: Book, account: AccountDoc): void => put(book, `account/${account.contract}`, account);

const withPiece = ({ pieces }: WindowDoc, share: ShareDoc): WindowDoc => {
  const others = pieces.filter(({ id }) => id !== share.id);
  const all = [...others, { ...pieceOf(share), stage: share.stage }];
  return { pieces: all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)) };
};

const mayMakeGood = ({ stretches, ...deal }: Deal, share: ShareDoc): boolean =>
  stretches.some(({ terms }) => terms.guarantee?.result === share.result) &&
  windowsOf({ stretches, ...deal }).some(({ from, until }) => from <= share.at && share.at < until);

/** Restate what a contract earns, now that its share of one conversion is another. */
export const restate = async (
  book: Book,
  contract: string,
  before: ShareDoc | undefined,
  after: ShareDoc,
): Promise<void> => {
  const { deal, account, window } = await opened(book, contract);
  const helps = mayMakeGood(deal, after);
  const next = helps ? withPiece(window, after) : window;
  if (helps) put(book, `window/${contract}`, next);
  keep(book, restated(account, deal, next, before, after));
};

/** Add a sum both sides, or a mediator, settled on: a line of the statement of the period that holds its instant. */
export const adjusted = async (book: Book, contract: string, adjustment: Adjustment): Promise<void> =>
  keep(book, withAdjustment((await opened(book, contract)).account, adjustment));

/** Change how much of a contract's money disputes hold, by minor units. */
export const holdChanged = async (book: Book, contract: string, byMinor: number): Promise<void> => {
  const { account } = await opened(book, contract);
  keep(book, { ...account, holdMinor: account.holdMinor + byMinor });
};

interface Awaited {
  readonly keys: readonly string[];
}

const key = (kind: string, contract: string, at: number, index: number): string =>
  `due/${atKey(at)}/${kind}/${contract}/${index}`;

/**
 * What a contract's account waits for next: a period that pays something by itself, the end of the present one, and the
 * end of the next make-good window.
 */
const nextKeys = ({ contract, asOf, closed }: AccountDoc, deal: Deal): readonly string[] => {
  const paid = paidPeriod(
    deal,
    deal.periods.findIndex(({ from }) => from > asOf),
  );
  const open = deal.periods.find(({ index }) => closed[index] === undefined);
  const [window] = windowsOf(deal)
    .filter(({ until }) => until > asOf)
    .sort((a, b) => a.until - b.until || a.index - b.index);
  return [
    ...(paid ? [key("period", contract, paid.from, paid.index)] : []),
    ...(open ? [key("statement", contract, open.until, open.index)] : []),
    ...(window ? [key("make-good", contract, window.until, window.index)] : []),
  ];
};

/**
 * Set what a contract's account waits for, and nothing else: for whenever a version is signed, an end is agreed on, or
 * what was awaited has come.
 */
export const awaitPeriods = async (book: Book, contract: string): Promise<void> => {
  const { deal, account } = await opened(book, contract);
  const before = (await read<Awaited>(book, `awaited/${contract}`))?.keys ?? [];
  const after = nextKeys(account, deal);
  for (const old of before) if (!after.includes(old)) book.put(old, null);
  for (const fresh of after) if (!before.includes(fresh)) book.put(fresh, {});
  put<Awaited>(book, `awaited/${contract}`, { keys: after });
};

/** A contract's end or terms are others from now on: its account is priced again, if it has one, and waits for other things. */
export const rearranged = async (book: Book, contract: string): Promise<void> => {
  const { deal, account, window } = await opened(book, contract);
  if (await book.document(`account/${contract}`)) keep(book, repriced(account, deal, window));
  await awaitPeriods(book, contract);
};

const came = async (book: Book, contract: string, at: number, change: (account: AccountDoc) => AccountDoc) => {
  const { deal, account, window } = await opened(book, contract);
  keep(book, advanced(change(account), deal, window, at));
  await awaitPeriods(book, contract);
};

const same = (account: AccountDoc): AccountDoc => account;

/** Silence approves a closed statement once the days to review it are over, where the terms say so. */
const awaitSilence = async (book: Book, contract: string, index: number, at: number): Promise<void> => {
  const { deal } = await opened(book, contract);
  const { timing } = stretchOf(deal, present(deal.periods[index], "the period that closed")).terms;
  if (timing.silence === "approve") book.put(key("approval", contract, at + timing.reviewDays * DAY_MS, index), {});
};

/** What facts about a contract's periods and statements do to its account. */
export const accountViews = {
  "period-began": async (book, { fact: { contract, period } }) => {
    const { deal } = await opened(book, contract);
    await came(book, contract, present(deal.periods[period], "the period that began").from, same);
  },
  "rates-measured": (book, { fact: { type: _, contract, ...rates } }) =>
    came(book, contract, 0, (account) => ({ ...account, rates: [...account.rates, rates] })),
  "statement-closed": async (book, { at: reviewFrom, fact }) => {
    const { contract, period, at, hash, earnedMinor, dueMinor, carriedMinor } = fact;
    const statement = { at, reviewFrom, hash, earnedMinor, dueMinor, carriedMinor, approvedAt: null };
    await came(book, contract, at, (account) => ({ ...account, closed: { ...account.closed, [period]: statement } }));
    await awaitSilence(book, contract, period, reviewFrom);
  },
  "statement-approved": async (book, { at, fact: { contract, period } }) => {
    const { deal, account } = await opened(book, contract);
    const statement = present(account.closed[period], "the statement that was approved");
    const { timing } = stretchOf(deal, present(deal.periods[period], "its period")).terms;
    book.put(key("approval", contract, statement.reviewFrom + timing.reviewDays * DAY_MS, period), null);
    const closed = { ...account.closed, [period]: { ...statement, approvedAt: at } };
    await came(book, contract, 0, (it) => ({ ...it, closed }));
  },
  "make-good-ended": (book, { fact: { contract, at } }) => came(book, contract, at, same),
} satisfies { readonly [Type in FactType]?: Fold<Type> };
