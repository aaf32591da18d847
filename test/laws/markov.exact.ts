import type { Order } from "../../shared/judge/markov.chain.ts";
import { add, multiply, type Rational, rational, subtract, zero } from "../../shared/kit/rational.ts";
import type { Written } from "./learned.paths.ts";

/** The definition, word by word, in exact fractions: slow, and nothing of the product in it but the fractions. */

type Row = Rational[];
const one = rational(1);
const over = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n);

/** The inverse of a square of fractions, by Gauss and Jordan. */
const inverse = (square: readonly Row[]): Row[] => {
  const size = square.length;
  const rows = square.map((row, at) => [...row, ...row.map((_, column) => (column === at ? one : zero))]);
  for (let at = 0; at < size; at += 1) {
    const pivot = rows.findIndex((row, index) => index >= at && row[at]!.n !== 0n);
    [rows[at], rows[pivot]] = [rows[pivot]!, rows[at]!];
    const by = rows[at]![at]!;
    rows[at] = rows[at]!.map((it) => over(it, by));
    for (let other = 0; other < size; other += 1) {
      const times = rows[other]![at]!;
      if (other === at || times.n === 0n) continue;
      rows[other] = rows[other]!.map((it, column) => subtract(it, multiply(times, rows[at]![column]!)));
    }
  }
  return rows.map((row) => row.slice(size));
};

const dot = (a: readonly Rational[], b: readonly Rational[]): Rational =>
  a.reduce((sum, it, at) => add(sum, multiply(it, b[at]!)), zero);

export interface Exact {
  readonly names: readonly string[];
  /** Chances to move from state to state, and to convert from each; the start is state 0. */
  readonly moves: readonly Row[];
  readonly converts: Row;
}

export const exactChain = (written: readonly Written[], order: Order): Exact => {
  const names = [""];
  const counts = new Map<string, number>();
  const count = (from: string, to: string, times: number) =>
    counts.set(`${from}>${to}`, (counts.get(`${from}>${to}`) ?? 0) + times);
  for (const { steps, conversions, nulls } of written) {
    let from = "";
    if (conversions + nulls === 0) continue;
    for (let at = 0; at < steps.length && (at === 0 || at + order <= steps.length); at += 1) {
      const to = steps.slice(at, at + order).join();
      if (!names.includes(to)) names.push(to);
      count(from, to, conversions + nulls);
      from = to;
    }
    count(from, "conversion", conversions);
    count(from, "nothing", nulls);
  }
  const of = (from: string, to: string): number => counts.get(`${from}>${to}`) ?? 0;
  const leaving = names.map((from) =>
    [...names, "conversion", "nothing"].reduce((sum, to) => sum + (to === "" ? 0 : of(from, to)), 0),
  );
  const chance = (from: string, to: string, at: number): Rational =>
    leaving[at] === 0 || to === "" ? zero : rational(of(from, to), leaving[at]!);
  return {
    names,
    moves: names.map((from, at) => names.map((to) => chance(from, to, at))),
    converts: names.map((from, at) => chance(from, "conversion", at)),
  };
};

export const visitsOf = ({ moves }: Exact): Row[] =>
  inverse(moves.map((row, at) => row.map((it, to) => subtract(at === to ? one : zero, it))));

const isIn = (payee: number, name: string): boolean => name.split(",").includes(String(payee));

/** The chance to convert from the start; without a payee, every state it is in leads to nothing. */
export const chanceOf = (chain: Exact, without?: number): Rational => {
  if (without === undefined) return dot(visitsOf(chain)[0]!, chain.converts);
  const gone = chain.names.map((name) => isIn(without, name));
  const moves = chain.moves.map((row, at) => row.map((it, to) => (gone[at] || gone[to] ? zero : it)));
  return chanceOf({ ...chain, moves, converts: chain.converts.map((it, at) => (gone[at] ? zero : it)) });
};

export const effectByRemoval = (chain: Exact, payee: number): Rational => {
  const all = chanceOf(chain);
  return all.n === 0n ? zero : subtract(one, over(chanceOf(chain, payee), all));
};

/** Order 1: the chance to come by the payee at all, times what it is worth, over what the start is worth. */
export const effectInOne = (chain: Exact, payee: number): Rational => {
  const visits = visitsOf(chain);
  const at = chain.names.indexOf(String(payee));
  const [all, own] = [dot(visits[0]!, chain.converts), at < 0 ? zero : dot(visits[at]!, chain.converts)];
  return at < 0 || all.n === 0n ? zero : over(multiply(over(visits[0]![at]!, visits[at]![at]!), own), all);
};

export const nearest = ({ n, d }: Rational): number => Number((n * 10n ** 18n) / d) / 1e18;
