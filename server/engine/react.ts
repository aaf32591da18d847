import { createHash } from "node:crypto";
import { covers, versionAt } from "../../shared/contract/contract.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type Deal, type EarlierLead, type Evidence, type Verdict, verdict } from "../../shared/judge/verdict.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import { DAY_MS, periodAt } from "../../shared/kit/time.ts";
import { accountsOf, postedOf, restand } from "../../shared/pay/ledger.restand.ts";
import type { Balances } from "../../shared/pay/ledger.ts";
import type { TouchRow } from "../store/store.ts";
import { known, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import type { AccountDoc, ContractDoc, ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** The longest window any terms may have. */
const LONGEST_WINDOW_MS = 365 * DAY_MS;

/** How links of imported history start: they belong to a campaign, and no one ever clicked them here. */
export const IMPORTED = "import:";

/** Touches of history count for a contract whose days cover them; a live touch only once both had signed. */
const earns = (contract: ContractDoc, { at, link }: TouchRow): boolean => {
  if (contract.startedAt === null || !covers(contract, at)) return false;
  return link.startsWith(IMPORTED) || contract.startedAt <= at;
};

const payees = (unit: Unit) => {
  const seen = new Map<string, ContractDoc | undefined>();
  const contract = async (id: string): Promise<ContractDoc | undefined> => {
    if (!seen.has(id)) seen.set(id, await read<ContractDoc>(unit, `contract/${id}`));
    return seen.get(id);
  };
  const payee = async (row: TouchRow): Promise<string> => {
    if (row.contract === null) return HOUSE;
    if (row.contract.startsWith("inf_")) return row.contract;
    const doc = await contract(row.contract);
    return doc && earns(doc, row) ? row.contract : HOUSE;
  };
  return { contract, payee };
};

/**
 * Who converted: the visitor the conversion names; if it names none, whoever came by the clicks it names. A landing
 * address is passed on with its click id, so several may have come by one click, each with a journey of their own.
 */
const visitorsOf = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly string[]> =>
  recorded.visitor ? [recorded.visitor] : [...(await unit.visitorsOf(recorded.clicks))].sort();

const rowsOf = (unit: Unit, visitors: readonly string[], { recorded }: ConversionDoc): Promise<readonly TouchRow[]> =>
  unit.touches({ visitors, clicks: recorded.clicks }, recorded.at - LONGEST_WINDOW_MS, recorded.at);

/** What the conversion itself names, a promo code or a link without a click id, is a touch at its own instant. */
const named = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly TouchRow[]> => {
  const row = (id: string, kind: "code" | "click", link: string, contract: string): TouchRow => ({
    id: `${id}:${recorded.conversion}`,
    at: recorded.at,
    order: Number.MAX_SAFE_INTEGER - (kind === "code" ? 0 : 1),
    visitor: null,
    click: null,
    kind,
    link,
    contract,
    robot: false,
  });
  const code = recorded.code && (await read<{ contract: string }>(unit, `code/${recorded.code}`));
  const link = recorded.link && (await read<{ contract: string }>(unit, `link/${recorded.link}`));
  return [
    ...(link ? [row("link", "click", recorded.link ?? "", link.contract)] : []),
    ...(code ? [row("code", "code", recorded.code ?? "", code.contract)] : []),
  ];
};

const dealsOf = async (
  touches: readonly Touch[],
  at: number,
  contract: (id: string) => Promise<ContractDoc | undefined>,
  before: readonly string[],
): Promise<readonly Deal[]> => {
  const deals: Deal[] = [];
  for (const id of new Set([...touches.map(({ payee }) => payee), ...before])) {
    const doc = id.startsWith("con_") ? await contract(id) : undefined;
    const decides = doc && versionAt(doc, at);
    if (!decides) continue;
    const { influencer, campaign } = doc;
    const { version, terms, termsHash } = decides;
    deals.push({ contract: id, influencer, campaign, version, terms, termsHash });
  }
  return deals;
};

interface Happened {
  readonly conversion: string;
  readonly at: number;
}

const under = async (unit: Unit, prefix: string): Promise<readonly Happened[]> =>
  (await unit.documents(prefix)).map(([key, body]) => ({
    conversion: key.slice(prefix.length),
    at: (body as { at: number }).at,
  }));

const earlierLeads = async (unit: Unit, { recorded }: ConversionDoc): Promise<readonly EarlierLead[]> => {
  if (!recorded.digest) return [];
  const found = await under(unit, `same/${recorded.result}/${recorded.digest}/`);
  return found.filter(({ conversion }) => conversion !== recorded.conversion);
};

/**
 * What a touch is called in a verdict. A click's own id opens its journey to whoever repeats it, and names the link it
 * came through; everybody on the journey is shown the verdict, so the law is given, and settles ties by, another name.
 */
const touchName = (id: string): string => mint("touch", createHash("sha256").update(id).digest());

const MOST_TOUCHES = 1000;

/** The touches of people, and of a journey no person makes, thousands long, its beginning and its end. */
const bounded = (rows: readonly TouchRow[]): readonly TouchRow[] => {
  const people = rows.filter(({ robot }) => !robot);
  if (people.length <= MOST_TOUCHES) return people;
  const inTime = people.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return [...inTime.slice(0, MOST_TOUCHES / 2), ...inTime.slice(-MOST_TOUCHES / 2)];
};

const gather = async (unit: Unit, doc: ConversionDoc, visitors: readonly string[]): Promise<Evidence> => {
  const { contract, payee } = payees(unit);
  const rows = bounded([...(await rowsOf(unit, visitors, doc)), ...(await named(unit, doc))]);
  const touches: Touch[] = [];
  for (const row of rows) {
    const { id, at, order, link, kind } = row;
    const owner = await payee(row);
    touches.push({ id: touchName(id), at, order, payee: owner, link: owner === HOUSE ? "" : link, kind });
  }
  const { conversion, at, result, robot } = doc.recorded;
  const before = (doc.verdict?.parts ?? []).map((part) => part.contract);
  const fields = ((await unit.private(`lead/${conversion}`)) ?? {}) as Record<string, string>;
  return {
    conversion: { id: conversion, at, result },
    touches,
    deals: await dealsOf(touches, at, contract, before),
    fields,
    earlier: await earlierLeads(unit, doc),
    robot,
  };
};

const recordable = (it: Verdict, visitors: readonly string[]) => ({
  settings: it.settings.map(({ attribution, considered, shares }) => ({
    attribution,
    considered: considered.map((row) => ({ ...row, touch: { ...row.touch } })),
    shares: shares.map((share) => ({ ...share })),
  })),
  parts: it.parts.map(({ ...part }) => part),
  grade: it.grade,
  ...(visitors.length > 0 && { visitors }),
});

/** Has a period in which this conversion counted already closed? Then its statement is final, and so is its verdict. */
const isFinal = async (unit: Unit, doc: ConversionDoc): Promise<boolean> => {
  for (const { contract } of doc.verdict?.parts ?? []) {
    if (doc.countedAt[contract] === undefined) continue;
    const { periods } = dealOfContract(await known<ContractDoc>(unit, `contract/${contract}`));
    const period = periodAt(periods, doc.recorded.at);
    if (period && period.until <= unit.now) return true;
  }
  return false;
};

/** Judge a conversion, or judge it anew; record the verdict if it says something new, and the money that follows. */
export const judge = async (unit: Unit, conversion: string, by: string): Promise<void> => {
  const doc = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  if (doc.verdict && (await isFinal(unit, doc))) return;
  const visitors = await visitorsOf(unit, doc);
  const found = recordable(verdict(await gather(unit, doc, visitors)), visitors);
  const same = doc.verdict && canonical(doc.verdict as unknown as Json) === canonical(found as unknown as Json);
  if (!same) await unit.record({ type: "conversion-judged", conversion, ...(found as object) } as never, by);
  await postMoney(unit, conversion, by);
};

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

const concerned = async (unit: Unit, { visitor, click, at }: TouchRow): Promise<readonly Happened[]> => {
  // A click nobody's page has told of yet cannot have led anywhere.
  const theirs = visitor ? await under(unit, `visitor/${visitor}/`) : [];
  const led = click ? await under(unit, `click/${click}/`) : [];
  const known = new Set(theirs.map(({ conversion }) => conversion));
  // Whenever it is told who came by a click, the conversions by it have a person, and that person's other touches count.
  const isNews = (it: Happened): boolean => it.at >= at || (visitor !== null && !known.has(it.conversion));
  return [...theirs.filter((it) => it.at >= at), ...led.filter(isNews)];
};

/** Judge anew the later results of the same person: this one may be what they repeat. */
export const judgeRepeats = async (unit: Unit, conversion: string, by: string): Promise<void> => {
  const { recorded } = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  if (!recorded.digest) return;
  const same = await under(unit, `same/${recorded.result}/${recorded.digest}/`);
  for (const it of same.filter(({ at }) => at >= recorded.at))
    if (it.conversion !== conversion) await judge(unit, it.conversion, by);
};

/** Judge anew what touches that came late concern: conversions of the same person that happened at or after them. */
export const followTouches = async (unit: Unit, touches: readonly TouchRow[]): Promise<Result<unknown>> => {
  const late = new Set<string>();
  for (const row of touches) for (const { conversion } of await concerned(unit, row)) late.add(conversion);
  for (const conversion of [...late].sort()) await judge(unit, conversion, "late-touch");
  return ok(undefined);
};
