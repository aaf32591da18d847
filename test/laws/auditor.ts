/**
 * An independent auditor of statements: written from the rules alone, with its own fractions, its own calendar and no
 * code of the law. Slow and plain on purpose: it prices everything again from all the evidence, for every question.
 */
import { afterwards, type Month, versionsOf } from "./auditor.calendar.ts";
import { type Fraction, minus, nothing, same, total, totalWhole } from "./auditor.fraction.ts";
import { type Rate, type Sight, type Standing, type Told, type World, type Worth, worthAll } from "./auditor.price.ts";
import type { Proof } from "./auditor.rules.ts";

// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

/** A sum that people agreed on beside the rules. */
export interface Adjustment {
  readonly id: string;
  readonly at: number;
  readonly amountMinor: number;
  readonly code: string;
}

/** What there may be beside terms and conversions. */
export interface Also {
  readonly amendments?: readonly Document[] | undefined;
  readonly adjustments?: readonly Adjustment[] | undefined;
  readonly rates?: readonly Rate[] | undefined;
}

/** What the auditor holds one period to be. */
export interface Audit {
  readonly starts: string;
  readonly ends: string;
  readonly isOwn: boolean;
  readonly closed: boolean;
  readonly lines: readonly Told[];
  readonly corrected: { readonly minor: bigint; readonly exact: Fraction };
  readonly adjustments: readonly Adjustment[];
  readonly earnedMinor: bigint;
  readonly dueMinor: bigint;
  readonly carriedMinor: bigint;
  readonly guarantee: Standing | null;
}

/** Each price from scratch is asked for several times; it is worked out once. */
const pricing = (world: World): ((sight: Sight) => readonly Worth[]) => {
  const known = new Map<string, readonly Worth[]>();
  return (sight) => {
    const key = `${sight.evidence} ${sight.judged} ${sight.own}`;
    const worths = known.get(key) ?? worthAll(world, sight);
    known.set(key, worths);
    return worths;
  };
};

const at = (instant: number): Sight => ({ evidence: instant, judged: instant });

const due = (balance: bigint, minimum: number, closed: boolean): bigint =>
  closed && balance > 0n && balance >= BigInt(minimum) ? balance : 0n;

const noteCorrection = (minor: bigint, exact: Fraction, isOwn: boolean, note: World["note"]): void => {
  if (minor > 0n) note("a closed period was worth more");
  if (minor < 0n) note("a closed period was worth less");
  if (minor === 0n && !same(exact, nothing)) note("a correction was less than half a unit");
  if (minor !== 0n && !isOwn) note("a correction came after the end");
};

const noteBalance = (
  balance: bigint,
  dueMinor: bigint,
  minimum: number,
  isLate: boolean,
  note: World["note"],
): void => {
  if (balance > 0n && dueMinor === 0n) note("too little was carried");
  if (balance < 0n) note("a debt was carried");
  if (isLate && dueMinor > 0n && dueMinor < BigInt(minimum)) note("less than the minimum was due after the end");
};

interface Book {
  readonly stated: Worth[];
  carried: bigint;
}

const auditOne = (
  { world, asOf, also, own, price }: Case,
  { stated, carried }: Book,
  period: Month,
  index: number,
): Audit => {
  const { note } = world;
  const closed = asOf >= period.until;
  const isOwn = index < own;
  const known = Math.min(asOf, period.until - 1);
  const judged = Math.min(asOf, period.until);
  const news = price(at(known));
  const older = stated.slice(0, index).map((was, place) => ({ was, is: news[place]! }));
  const minor = totalWhole(older.map(({ was, is }) => is.minor - was.minor));
  const exact = total(older.map(({ was, is }) => minus(is.exact, was.exact)));
  noteCorrection(minor, exact, isOwn, note);
  older.forEach(({ is }, place) => {
    stated[place] = is;
  });
  const mine = isOwn ? price({ evidence: known, judged, own: index })[index]! : undefined;
  if (mine) stated[index] = mine;
  const adjustments = (also.adjustments ?? [])
    .filter((it) => it.at >= period.from && it.at <= known)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const earnedMinor = (mine?.minor ?? 0n) + minor + totalWhole(adjustments.map((it) => BigInt(it.amountMinor)));
  const balance = carried + earnedMinor;
  const inForce = world.versions.find(({ periods }) => periods.includes(period))?.terms;
  const minimum = inForce?.payout?.minimumMinor ?? 0;
  const isLate = index >= own - 1;
  const dueMinor = due(balance, isLate ? 0 : minimum, closed);
  if (closed) noteBalance(balance, dueMinor, minimum, isLate, note);
  return {
    starts: period.starts,
    ends: period.ends,
    isOwn,
    closed,
    lines: mine?.lines ?? [],
    corrected: { minor, exact },
    adjustments,
    earnedMinor,
    dueMinor,
    carriedMinor: balance - dueMinor,
    guarantee: mine?.guarantee ?? null,
  };
};

const noteRestated = (own: readonly Month[], proofs: readonly Proof[], asOf: number, note: World["note"]): void => {
  for (const { at, state, countedAt, shareMicro, restated = [] } of proofs) {
    const over = own.find(({ from, until }) => from <= at && at < until)?.until;
    const late = restated.filter((it) => over !== undefined && over <= it.at && it.at <= asOf);
    if (state !== "counted" || late.length === 0 || (countedAt ?? at) > asOf) continue;
    note("a share was restated after its period closed");
    if (shareMicro === 0) note("a share of nothing was restated");
    if (late.some((it) => it.shareMicro === 0)) note("a share was restated to nothing");
  }
};

interface Case {
  readonly world: World;
  readonly asOf: number;
  readonly also: Also;
  readonly own: number;
  readonly price: (sight: Sight) => readonly Worth[];
}

/** The whole statement by the rules: every period that had begun, whether or not anything happened in it. */
export const audit = (
  terms: Document,
  proofs: readonly Proof[],
  asOf: number,
  also: Also = {},
  note: World["note"] = () => undefined,
): readonly Audit[] => {
  const documents = [terms, ...(also.amendments ?? [])];
  const versions = versionsOf(documents);
  const world: World = { versions, proofs, rates: also.rates ?? [], note };
  const own = versions.flatMap(({ periods }) => periods);
  noteRestated(own, proofs, asOf, note);
  const it: Case = { world, asOf, also, own: own.length, price: pricing(world) };
  const audits: Audit[] = [];
  const book: Book = { stated: [], carried: 0n };
  for (const [index, period] of [...own, ...afterwards(documents, asOf)].entries()) {
    if (period.from > asOf) break;
    const one = auditOne(it, book, period, index);
    book.carried = one.carriedMinor;
    audits.push(one);
  }
  return audits;
};

/** What every period is worth from scratch by an instant, all told. */
export const worth = (
  terms: Document,
  proofs: readonly Proof[],
  instant: number,
  also: Also = {},
): readonly Worth[] => {
  const versions = versionsOf([terms, ...(also.amendments ?? [])]);
  return worthAll({ versions, proofs, rates: also.rates ?? [], note: () => undefined }, at(instant));
};
