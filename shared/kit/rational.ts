import { must } from "./shape.ts";

/** An exact fraction in lowest terms, `n / d` with `d > 0`. What money is computed in until it is rounded, once. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/** The fraction `n / d`, reduced. `d` must not be zero. */
export const rational = (n: bigint | number, d: bigint | number = 1n): Rational => {
  const [top, bottom] = [BigInt(n), BigInt(d)];
  must(bottom !== 0n, "a fraction over zero");
  if (bottom === 1n) return { n: top, d: 1n };
  const sign = bottom < 0n ? -1n : 1n;
  const common = gcd(top, sign * bottom) || 1n;
  return { n: (sign * top) / common, d: (sign * bottom) / common };
};

/** Nothing, exactly. */
export const zero: Rational = { n: 0n, d: 1n };

/** a + b, exactly. */
export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d);

/** a − b, exactly. */
export const subtract = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d);

/** a × b, exactly. */
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);

/** Negative when a < b, zero when equal, positive when a > b. */
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.n * b.d - b.n * a.d;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
};

/** The smaller of two fractions. */
export const least = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);

/** The larger of two fractions. */
export const most = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);

/** Written as `"n/d"`: how statements keep the exact amount beside the rounded one. */
export const written = (it: Rational): string => `${it.n}/${it.d}`;

/** The nearest whole number; a tie goes to the even one (half-even: ISO 80000-1 annex B, rule A). */
export const roundHalfEven = (it: Rational): bigint => {
  const floor = it.n >= 0n ? it.n / it.d : -((-it.n + it.d - 1n) / it.d);
  const twice = (it.n - floor * it.d) * 2n;
  if (twice < it.d) return floor;
  if (twice > it.d) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
};

/** A fraction as decimal text with `digits` places, rounded half-even: `decimal(1/3, 2)` is `"0.33"`. For reading, never for sums. */
export const decimal = (it: Rational, digits: number): string => {
  const whole = roundHalfEven(multiply(it, rational(10n ** BigInt(digits))));
  const text = (whole < 0n ? -whole : whole).toString().padStart(digits + 1, "0");
  const sign = whole < 0n ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
