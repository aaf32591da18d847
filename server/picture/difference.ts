import type { Terms } from "../../shared/contract/terms.ts";
import { wording } from "../../shared/contract/wording.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { type ResultShare, settledAt, statement } from "../../shared/pay/statement.ts";

/** One member of the terms that differs: null where one side has none. */
export interface Change {
  readonly at: string;
  readonly before: Json;
  readonly after: Json;
}

/** One clause of the wording that differs, under its heading; null where one side has none. */
export interface Clause {
  readonly head: string;
  readonly before: string | null;
  readonly after: string | null;
}

const isMembers = (it: Json | undefined): it is Readonly<Record<string, Json>> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a !== undefined && b !== undefined ? canonical(a) === canonical(b) : a === b;

const membersOf = (it: Json): Readonly<Record<string, Json>> =>
  Array.isArray(it)
    ? Object.fromEntries(it.map((one, index) => [String(index), one as Json]))
    : (it as Readonly<Record<string, Json>>);

const differs = (before: Json | undefined, after: Json | undefined, at: string): readonly Change[] => {
  if (same(before, after)) return [];
  const bothLists = Array.isArray(before) && Array.isArray(after);
  if (before === undefined || after === undefined || !(bothLists || (isMembers(before) && isMembers(after))))
    return [{ at, before: before ?? null, after: after ?? null }];
  const [one, other] = [membersOf(before), membersOf(after)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) =>
    differs(one[name], other[name], `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
};

/** What differs between two documents, member by member, each by its JSON pointer. */
export const changesBetween = (a: Terms, b: Terms): readonly Change[] =>
  differs(JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json, "");

const clausesOf = (terms: Terms): ReadonlyMap<string, string> => {
  const clauses = new Map<string, string>();
  for (const text of wording(terms)) {
    const end = text.indexOf(". ");
    const [head, rest] = end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end + 2)];
    const before = clauses.get(head);
    clauses.set(head, before === undefined ? rest : `${before}\n${rest}`);
  }
  return clauses;
};

/** What differs between two contracts as they read, clause by clause, in the order of the document. */
export const clausesBetween = (a: Terms, b: Terms): readonly Clause[] => {
  const [one, other] = [clausesOf(a), clausesOf(b)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((head) => {
    const [before, after] = [one.get(head) ?? null, other.get(head) ?? null];
    return before === after ? [] : [{ head, before, after }];
  });
};

/** What one period pays under each of two terms; a period that only one of them has pays nothing under the other. */
export interface PeriodDifference {
  readonly starts: string;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

/** What two terms pay one payee for the same past. */
export interface PayeeDifference {
  readonly payee: string;
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly differenceMinor: number;
  readonly periods: readonly PeriodDifference[];
}

const paid = (terms: Terms, shares: readonly ResultShare[]): ReadonlyMap<string, number> =>
  new Map(statement(terms, shares, settledAt(terms, shares)).periods.map((it) => [it.starts, it.earnedMinor]));

const sum = (amounts: Iterable<number>): number => [...amounts].reduce((all, it) => all + it, 0);

type Past = ReadonlyMap<string, readonly ResultShare[]>;

const payeeDifference = (payee: string, a: Terms, b: Terms, before: Past, after: Past): PayeeDifference => {
  const [one, other] = [paid(a, before.get(payee) ?? []), paid(b, after.get(payee) ?? [])];
  const [beforeMinor, afterMinor] = [sum(one.values()), sum(other.values())];
  const periods = [...new Set([...one.keys(), ...other.keys()])].sort().map((starts) => ({
    starts,
    beforeMinor: one.get(starts) ?? 0,
    afterMinor: other.get(starts) ?? 0,
  }));
  return { payee, beforeMinor, afterMinor, differenceMinor: afterMinor - beforeMinor, periods };
};

/**
 * What two terms pay for the same past, by payee, those it changes most first: each as of when everything is known and
 * over. `before` and `after` are that past shared by each one's attribution.
 */
export const moneyBetween = (
  a: Terms,
  b: Terms,
  before: Past,
  after: Past,
  heard: (done: number) => void,
): readonly PayeeDifference[] => {
  const payees = [...new Set([...before.keys(), ...after.keys()])].sort();
  const all = payees.map((payee, index) => {
    const found = payeeDifference(payee, a, b, before, after);
    heard(index + 1);
    return found;
  });
  return all.sort((x, y) => Math.abs(y.differenceMinor) - Math.abs(x.differenceMinor) || (x.payee < y.payee ? -1 : 1));
};
