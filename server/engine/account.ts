import { present } from "../../shared/kit/shape.ts";
import { type Period, periodAt } from "../../shared/kit/time.ts";
import { shareMicroAt } from "../../shared/pay/change.ts";
import { type Stage, stages } from "../../shared/pay/chart.ts";
import { type Deal, stretchOf } from "../../shared/pay/deal.ts";
import { noKinds, type Standing } from "../../shared/pay/ledger.restand.ts";
import { nothingReached, type Reached } from "../../shared/pay/ledger.ts";
import { type Price, sumMinor } from "../../shared/pay/price.ts";
import { changed, type Piece } from "../../shared/pay/sums.ts";
import {
  isCoupled,
  type Knowledge,
  type PeriodPrice,
  pricesOf,
  type Scope,
  type Whole,
  wholeOf,
} from "../../shared/pay/whole.ts";
import type { AccountDoc, AccountPeriod, ContractDoc, MovedLine, ShareDoc, StoredSums, WindowDoc } from "./shapes.ts";
import { storedSums, sumsOf } from "./sums.ts";

/** No money at all. */
export const nothing: Standing = { kinds: noKinds, creditMinor: 0, reached: nothingReached };

/** An account nothing has happened on. */
export const emptyAccount = ({ contract, influencer }: ContractDoc, currency: string): AccountDoc => ({
  contract,
  influencer,
  currency,
  asOf: 0,
  sums: { accrued: {}, validated: {}, approved: {}, payable: {} },
  rates: [],
  adjustments: [],
  holdMinor: 0,
  closed: {},
  periods: {},
  wanted: nothing,
  posted: nothing,
  moving: [],
});

const netPermille = ({ reversals }: ShareDoc): number =>
  Math.max(0, 1000 - (reversals ?? []).reduce((sum, { permille }) => sum + permille, 0));

/** A share as it is known now. */
export const pieceOf = (share: ShareDoc): Piece => {
  const { id, at, result, valueMinor } = share;
  return {
    id,
    at,
    result,
    shareMicro: shareMicroAt(share),
    left: netPermille(share),
    ...(valueMinor !== undefined && { valueMinor }),
  };
};

const reaches = (stage: ShareDoc["stage"] | undefined, at: Stage): boolean =>
  stage !== undefined && stage !== "rejected" && stages.indexOf(stage) >= stages.indexOf(at);

/** What one stage knows of: of every period, or only of one, since no other is priced then. */
interface Seen {
  readonly sums: Readonly<Record<string, StoredSums>>;
  readonly pieces: WindowDoc["pieces"];
}

const seenAt = (account: AccountDoc, stage: Stage, window: WindowDoc, only: number | undefined): Seen => {
  const all = account.sums[stage];
  const one = only === undefined ? undefined : all[only];
  const ofOne = one === undefined ? {} : { [String(only)]: one };
  return {
    sums: only === undefined ? all : ofOne,
    pieces: window.pieces.filter((piece) => reaches(piece.stage, stage)),
  };
};

const knowledgeOf = ({ sums, pieces }: Seen, { rates }: AccountDoc): Knowledge => ({
  sums: new Map(Object.entries(sums).map(([index, stored]) => [Number(index), sumsOf(stored)])),
  pieces,
  rates: new Map(rates.map((it) => [it.period, it])),
});

/** Stages follow one another, so that one that knows of as many results as another knows of the same ones. */
const textOf = ({ sums, pieces }: Seen): string => `${pieces.length} ${JSON.stringify(sums)}`;

/** The last period that has begun: by the clock, or because something happened in it. */
const lastBegun = (account: AccountDoc, { periods }: Deal): number => {
  const begun = periods.findLast(({ from }) => from <= account.asOf)?.index ?? -1;
  return Math.max(begun, ...Object.keys(account.sums.accrued).map(Number));
};

type Prices = Readonly<Record<Stage, Price>>;

/**
 * What has reached each stage, gross. More results may pay less (a retroactive step that falls), but what has matured is
 * never more than what is proven, nor that more than what is expected. Fixed pay has no conversion to mature with: it is
 * approved, and payable, with the statement of its period.
 */
const grossOf = ({ accrued, validated, approved, payable }: Prices, isApproved: boolean): Reached => {
  const matured = ({ grossMinor, fixedMinor }: Price): number => grossMinor - (isApproved ? 0 : fixedMinor);
  const agreed = Math.min(validated.grossMinor, matured(approved));
  return {
    accrued: Math.max(accrued.grossMinor, validated.grossMinor),
    validated: validated.grossMinor,
    approved: agreed,
    payable: Math.min(agreed, matured(payable)),
  };
};

/** What is left of each stage once a remedy is taken: first from what is due first; below zero only if more is taken than was proven. */
const netOf = (gross: Reached, creditMinor: number): Reached => {
  const validated = gross.validated - creditMinor;
  const approved = Math.min(validated, Math.max(0, gross.approved - creditMinor));
  const payable = Math.min(approved, Math.max(0, gross.payable - creditMinor));
  return { accrued: gross.accrued - creditMinor, validated, approved, payable };
};

const periodOf = (prices: Prices, { settled }: PeriodPrice, isApproved: boolean): AccountPeriod => {
  const remedy = settled?.remedy?.line;
  const creditMinor = remedy ? -remedy.amountMinor : 0;
  const expected = prices.accrued.grossMinor >= prices.validated.grossMinor ? prices.accrued : prices.validated;
  return {
    kinds: expected.kinds,
    creditMinor,
    net: netOf(grossOf(prices, isApproved), creditMinor),
    lines: [...expected.lines, ...(remedy ? [remedy] : [])].map(({ code, amountMinor }) => [code, amountMinor]),
  };
};

const standingOf = ({ periods, adjustments }: Pick<AccountDoc, "periods" | "adjustments">): Standing => {
  const all = Object.values(periods);
  const adjustment = sumMinor(adjustments.map(({ amountMinor }) => amountMinor));
  const kind = (name: keyof typeof noKinds): number => sumMinor(all.map(({ kinds }) => kinds[name]));
  const reached = (stage: Stage): number => sumMinor([adjustment, ...all.map(({ net }) => net[stage])]);
  return {
    kinds: { base: kind("base"), tier: kind("tier"), bonus: kind("bonus"), fixed: kind("fixed"), adjustment },
    creditMinor: sumMinor(all.map((it) => it.creditMinor)),
    reached: {
      accrued: reached("accrued"),
      validated: reached("validated"),
      approved: reached("approved"),
      payable: reached("payable"),
    },
  };
};

type Lines = AccountPeriod["lines"];

const byCode = (lines: Lines): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const [code, amountMinor] of lines) sums.set(code, (sums.get(code) ?? 0) + amountMinor);
  return sums;
};

/** What changed between the lines of one period as they were and as they are. */
const difference = (before: Lines, after: Lines, told: ReadonlyMap<string, string>): readonly MovedLine[] => {
  const [was, is] = [byCode(before), byCode(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((code) => {
    const amountMinor = (is.get(code) ?? 0) - (was.get(code) ?? 0);
    return amountMinor === 0 ? [] : [{ code, amountMinor, because: told.get(code) ?? "no longer applies" }];
  });
};

const telling = (lines: readonly { readonly code: string; readonly because: string }[]): ReadonlyMap<string, string> =>
  new Map(lines.map(({ code, because }) => [code, because]));

/**
 * What each period earns once everything pending counts. Under a cap over all periods, what is only expected takes no room
 * from what is proven: a period whose expected results would no longer fit is reckoned by its proven ones alone.
 */
const expectedIn = ({ stretches }: Deal, proven: Whole, expected: ReadonlyMap<number, Price>) => {
  const made = new Map(expected);
  for (const { terms, periods } of stretches) {
    const prices = periods.flatMap(({ index }) => proven.periods.get(index)?.price ?? []);
    let leftMinor = (terms.caps?.totalMinor ?? Number.POSITIVE_INFINITY) - sumMinor(prices.map((it) => it.grossMinor));
    for (const { index } of periods) {
      const price = proven.periods.get(index)?.price;
      const moreMinor = (expected.get(index)?.grossMinor ?? 0) - (price?.grossMinor ?? 0);
      if (!price || moreMinor <= 0) continue;
      if (moreMinor <= leftMinor) leftMinor -= moreMinor;
      else made.set(index, price);
    }
  }
  return made;
};

/**
 * The account priced again: the whole contract, or only one period of it where none bears on another. The same as pricing
 * everything from the start, since sums add up in any order.
 */
export const repriced = (account: AccountDoc, deal: Deal, window: WindowDoc, changed?: number): AccountDoc => {
  const only = isCoupled(deal) ? undefined : changed;
  const scope: Scope = { deal, at: account.asOf, upTo: lastBegun(account, deal), ...(only !== undefined && { only }) };
  const proven = seenAt(account, "validated", window, only);
  const whole = wholeOf(scope, knowledgeOf(proven, account));
  const priced = new Map<string, ReadonlyMap<number, Price>>([
    [textOf(proven), new Map([...whole.periods].map(([index, { price }]) => [index, price]))],
  ]);
  const under = (stage: Stage): ReadonlyMap<number, Price> => {
    const seen = seenAt(account, stage, window, only);
    const text = textOf(seen);
    const made = priced.get(text) ?? pricesOf(scope, knowledgeOf(seen, account), whole);
    priced.set(text, made);
    return made;
  };
  const accrued = expectedIn(deal, whole, under("accrued"));
  const [approved, payable] = [under("approved"), under("payable")];
  const periods: Record<string, AccountPeriod> = { ...account.periods };
  const moving = [...account.moving];
  for (const [index, it] of whole.periods) {
    const at = (prices: ReadonlyMap<number, Price>): Price => present(prices.get(index), "a stage's price");
    const prices = { accrued: at(accrued), validated: it.price, approved: at(approved), payable: at(payable) };
    const made = periodOf(prices, it, (account.closed[index]?.approvedAt ?? null) !== null);
    const told = telling([
      ...it.price.lines,
      ...prices.accrued.lines,
      ...(it.settled?.remedy ? [it.settled.remedy.line] : []),
    ]);
    moving.push(...difference(periods[index]?.lines ?? [], made.lines, told));
    periods[index] = made;
  }
  return { ...account, periods, moving, wanted: standingOf({ ...account, periods }) };
};

const shifted = (
  account: AccountDoc,
  deal: Deal,
  period: Period,
  before: ShareDoc | undefined,
  after: ShareDoc,
): AccountDoc => {
  const { terms } = stretchOf(deal, period);
  const sums = { ...account.sums };
  for (const stage of stages) {
    const held = sumsOf(sums[stage][period.index]);
    const was = before && reaches(before.stage, stage) ? pieceOf(before) : undefined;
    const is = reaches(after.stage, stage) ? pieceOf(after) : undefined;
    if (was || is) sums[stage] = { ...sums[stage], [period.index]: storedSums(changed(terms, held, was, is)) };
  }
  return { ...account, sums };
};

/** The account after one conversion's share went from `before` to `after`. */
export const restated = (
  account: AccountDoc,
  deal: Deal,
  window: WindowDoc,
  before: ShareDoc | undefined,
  after: ShareDoc,
): AccountDoc => {
  const period = periodAt(deal.periods, after.at);
  if (period) return repriced(shifted(account, deal, period, before, after), deal, window, period.index);
  return window.pieces.length > 0 ? repriced(account, deal, window) : account;
};

/** The account once the clock has come to `at`: periods that have begun pay what they pay, those that are over owe what they owe. */
export const advanced = (account: AccountDoc, deal: Deal, window: WindowDoc, at: number): AccountDoc =>
  repriced({ ...account, asOf: Math.max(account.asOf, at) }, deal, window);

/** The account with another sum both sides settled on. */
export const withAdjustment = (account: AccountDoc, adjustment: AccountDoc["adjustments"][number]): AccountDoc => {
  const adjustments = [...account.adjustments, adjustment];
  const { code, amountMinor, because } = adjustment;
  const moving = [...account.moving, { code, amountMinor, because }];
  return { ...account, adjustments, moving, wanted: standingOf({ ...account, adjustments }) };
};

/** The first period from `index` on that pays something without any result; none from a negative index on. */
export const paidPeriod = (deal: Deal, index: number): Period | undefined =>
  index < 0 ? undefined : deal.periods.slice(index).find((period) => paysAlone(deal, period));

const paysAlone = (deal: Deal, { index }: Period): boolean => {
  const none = { sums: new Map(), pieces: [], rates: new Map() };
  const { periods } = wholeOf({ deal, at: 0, upTo: index, only: index }, none);
  return (periods.get(index)?.price.grossMinor ?? 0) > 0;
};
