import { exponents } from "./currency.ts";
import { decimal, type Rational, rational, roundHalfEven } from "./rational.ts";
import { must, present } from "./shape.ts";

/** The largest amount any single figure may reach, in minor units: what a double holds exactly. */
export const LARGEST_MINOR = Number.MAX_SAFE_INTEGER;

/** An exact amount of minor units, rounded once, half-even, to a whole number that a double holds exactly. */
export const roundMinor = (exact: Rational): number => {
  const whole = roundHalfEven(exact);
  must(whole <= BigInt(LARGEST_MINOR) && whole >= -BigInt(LARGEST_MINOR), "an amount beyond what money can hold");
  return Number(whole);
};

/** Decimal digits of one major unit. Refuses, by throwing, codes that `isCurrency` refuses. */
export const exponentOf = (currency: string): number => present(exponents.get(currency), `the exponent of ${currency}`);

/** Minor units as plain decimal text of major units: 1234 USD is `"12.34"`, 1234 JPY is `"1234"`. */
export const major = (amountMinor: number, currency: string): string => {
  const exponent = exponentOf(currency);
  return decimal(rational(BigInt(amountMinor), 10n ** BigInt(exponent)), exponent);
};

/** Money for a person to read, in their locale: `"$12.34"`. The digits come from ISO 4217, the manners from the locale. */
export const spoken = (amountMinor: number, currency: string, locale = "en-US"): string => {
  const exponent = exponentOf(currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  // The text form keeps every digit; a double of major units would not, past fifteen of them.
  return format.format(major(amountMinor, currency) as unknown as number);
};

/** One part's claim on a whole: a weight ≥ 0, and a key that settles ties the same way wherever it is computed. Ids differ. */
export interface Claim {
  readonly weight: bigint;
  readonly tie: number;
  readonly id: string;
}

const byRemainder =
  (remainder: readonly bigint[], claims: readonly Claim[]) =>
  (a: number, b: number): number => {
    const [left, right] = [remainder[a] ?? 0n, remainder[b] ?? 0n];
    if (left !== right) return left > right ? -1 : 1;
    const [one, two] = [present(claims[a], "a claim"), present(claims[b], "a claim")];
    if (one.tie !== two.tie) return one.tie - two.tie;
    if (one.id === two.id) return 0;
    return one.id < two.id ? -1 : 1;
  };

/**
 * Split `whole` units in proportion to the weights: floor each part, then hand the units left over to the largest
 * remainders, ties to the lowest `tie` key (Hamilton's method). The parts sum to `whole` exactly, each is within one
 * unit of its exact claim, a zero weight gets nothing, and neither order nor position matters. A negative whole is split
 * as its opposite and negated, so a reversal takes back what was given. All-zero weights get nothing at all. For wholes
 * beyond what a double holds; `apportion` is the same for the others.
 */
export const apportionLarge = (whole: bigint, claims: readonly Claim[]): readonly bigint[] => {
  must(
    claims.every(({ weight }) => weight >= 0n),
    "a claim of less than nothing",
  );
  if (whole < 0n) return apportionLarge(-whole, claims).map((part) => -part);
  const total = claims.reduce((sum, { weight }) => sum + weight, 0n);
  if (total === 0n) return claims.map(() => 0n);
  const scaled = claims.map(({ weight }) => whole * weight);
  const parts = scaled.map((it) => it / total);
  const remainder = scaled.map((it) => it % total);
  let left = whole - parts.reduce((sum, part) => sum + part, 0n);
  const order = claims.map((_, index) => index).sort(byRemainder(remainder, claims));
  for (const index of order) {
    if (left === 0n) break;
    parts[index] = present(parts[index], "a part") + 1n;
    left -= 1n;
  }
  return parts;
};

/** `apportionLarge` for a whole that a double holds exactly: shares of a conversion, minor units of one sale. */
export const apportion = (whole: number, claims: readonly Claim[]): readonly number[] => {
  must(Number.isSafeInteger(whole), "a whole that a double holds exactly");
  return apportionLarge(BigInt(whole), claims).map(Number);
};
