import { scatter } from "../../shared/kit/chance.ts";
import { rational, roundHalfEven } from "../../shared/kit/rational.ts";
import { must, present } from "../../shared/kit/shape.ts";
import { names } from "./columnar.ts";
import { pow10 } from "./number.ts";
import { type Sums, sums } from "./sums.ts";

/** What one payee got: millionths of conversions, and value in units of 10^−digits of the whole report. */
export interface Tallied {
  readonly payee: string;
  readonly conversionsMicro: bigint;
  readonly valueUnits: bigint;
}

/** What everybody got, largest value first; the parts sum to the totals exactly. */
export interface Report {
  readonly digits: number;
  readonly conversionsMicro: bigint;
  readonly valueUnits: bigint;
  readonly payees: readonly Tallied[];
  /** Did `digits` leave no room for the exact total? */
  readonly isRounded: boolean;
}

/** Shares with one denominator: millionths of conversions over `of`, and units of 10^−digits of value over `of`. */
export interface Shares {
  readonly of: number;
  readonly digits: number;
  readonly conversions: Sums;
  readonly values: Sums;
}

/** Exact sums per payee, rounded once, when they are reported. */
export interface Tally {
  /** The place of a payee, who may get nothing. */
  readonly see: (payee: string) => number;
  /** Where shares over the denominator `of` are summed, of value in units of 10^−digits. */
  readonly over: (of: number, digits: number) => Shares;
  /** What everybody got, value with so many decimals. */
  readonly report: (digits: number) => Report;
}

/** Decimals behind the reported ones that a sum of fractions is computed with before it is rounded. */
const GUARD_DIGITS = 30;
const MICRO_DIGITS = 6;

const total = (parts: readonly bigint[]): bigint => parts.reduce((sum, part) => sum + part, 0n);

const floorDiv = (a: bigint, b: bigint): bigint => (a < 0n && a % b !== 0n ? a / b - 1n : a / b);

/** The sums of one measure, as numerators, each list over `of` × 10^digits. */
interface Fractions {
  readonly of: bigint;
  readonly digits: number;
  readonly parts: readonly bigint[];
}

/** The exact total over 10^digits of the finest list. Each list sums to whole units, for the shares of a thing are all of it. */
const exactTotal = (all: readonly Fractions[], digits: number): bigint =>
  total(
    all.map((it) => {
      const sum = total(it.parts);
      must(sum % it.of === 0n, "shares that are not the whole");
      return (sum / it.of) * pow10(digits - it.digits);
    }),
  );

/**
 * Round everybody's fractions to `digits` decimals so that they sum to the rounded exact total: floors, then the largest
 * remainders, ties by a hash of the name.
 */
const rounded = (all: readonly Fractions[], digits: number, keys: readonly string[]) => {
  const finest = Math.max(digits, ...all.map((it) => it.digits));
  const scale = finest + GUARD_DIGITS;
  const by = pow10(scale - digits);
  const fine = keys.map((_, place) =>
    total(all.map((it) => floorDiv((it.parts[place] ?? 0n) * pow10(scale - it.digits), it.of))),
  );
  const exact = rational(exactTotal(all, finest), pow10(finest - digits));
  const whole = roundHalfEven(exact);
  const parts = fine.map((it) => floorDiv(it, by));
  const order = fine.map((it, place) => ({ place, over: it - floorDiv(it, by) * by, tie: scatter(keys[place] ?? "") }));
  order.sort((a, b) => (a.over === b.over ? a.tie - b.tie : Number(b.over > a.over) * 2 - 1));
  const left = Number(whole - total(parts));
  must(left >= 0 && left <= parts.length, "more rounding than there are payees");
  for (const { place } of order.slice(0, left)) parts[place] = present(parts[place], "a part") + 1n;
  return { parts, whole, isExact: exact.d === 1n };
};

const byValue = (a: Tallied, b: Tallied): number => {
  if (a.valueUnits !== b.valueUnits) return a.valueUnits > b.valueUnits ? -1 : 1;
  if (a.conversionsMicro !== b.conversionsMicro) return a.conversionsMicro > b.conversionsMicro ? -1 : 1;
  return a.payee < b.payee ? -1 : 1;
};

const reported = (all: readonly Shares[], keys: readonly string[], digits: number): Report => {
  const listed = (measure: (of: Shares) => Sums, digitsOf: (of: Shares) => number): readonly Fractions[] =>
    all.map((it) => ({
      of: BigInt(it.of),
      digits: digitsOf(it),
      parts: keys.map((_, place) => measure(it).at(place)),
    }));
  const counts = rounded(
    listed(
      (it) => it.conversions,
      () => MICRO_DIGITS,
    ),
    MICRO_DIGITS,
    keys,
  );
  const amounts = rounded(
    listed(
      (it) => it.values,
      (it) => it.digits,
    ),
    digits,
    keys,
  );
  const payees = keys.map((payee, place) => ({
    payee,
    conversionsMicro: present(counts.parts[place], "a payee"),
    valueUnits: present(amounts.parts[place], "a payee"),
  }));
  return {
    digits,
    conversionsMicro: counts.whole,
    valueUnits: amounts.whole,
    payees: payees.sort(byValue),
    isRounded: !amounts.isExact,
  };
};

const KEY_DIGITS = 256;

/** A tally with nothing in it. */
export const tally = (): Tally => {
  const payees = names();
  const all = new Map<number, Shares>();
  return {
    see: payees.place,
    over: (of, digits) => {
      const key = of * KEY_DIGITS + digits;
      const found = all.get(key);
      if (found !== undefined) return found;
      const made = { of, digits, conversions: sums(), values: sums() };
      all.set(key, made);
      return made;
    },
    report: (digits) => reported([...all.values()], payees.all, digits),
  };
};
