/** The auditor's own fractions: whole numbers above and below, brought down only when they grow large. */

/** A fraction of whole numbers; the bottom is positive. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

const LARGE = 10n ** 30n;

const common = (a: bigint, b: bigint): bigint => {
  let [one, other] = [a < 0n ? -a : a, b];
  while (other > 0n) [one, other] = [other, one % other];
  return one;
};

const smallest = (top: bigint, bottom: bigint): Fraction => {
  if (bottom < LARGE) return { top, bottom };
  const by = common(top, bottom);
  return { top: top / by, bottom: bottom / by };
};

export const fraction = (top: bigint | number, bottom: bigint | number = 1n): Fraction => ({
  top: BigInt(top),
  bottom: BigInt(bottom),
});

export const nothing = fraction(0);

export const plus = (a: Fraction, b: Fraction): Fraction =>
  a.bottom === b.bottom
    ? { top: a.top + b.top, bottom: a.bottom }
    : smallest(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const negative = ({ top, bottom }: Fraction): Fraction => ({ top: -top, bottom });
export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, negative(b));
export const times = (a: Fraction, b: Fraction): Fraction => smallest(a.top * b.top, a.bottom * b.bottom);
/** `b` must be more than nothing. */
export const over = (a: Fraction, b: Fraction): Fraction => smallest(a.top * b.bottom, a.bottom * b.top);
export const atLeast = (a: Fraction, b: Fraction): boolean => a.top * b.bottom >= b.top * a.bottom;
export const smaller = (a: Fraction, b: Fraction): Fraction => (atLeast(a, b) ? b : a);
export const isSome = ({ top }: Fraction): boolean => top > 0n;
export const total = (all: readonly Fraction[]): Fraction => all.reduce(plus, nothing);
export const totalWhole = (all: readonly bigint[]): bigint => all.reduce((sum, it) => sum + it, 0n);

/** Are two fractions the same number? */
export const same = (a: Fraction, b: Fraction): boolean => a.top * b.bottom === b.top * a.bottom;

/** The fraction a statement wrote as `"n/d"`. */
export const fromText = (text: string): Fraction => {
  const [top, bottom] = text.split("/");
  return fraction(BigInt(top!), BigInt(bottom!));
};

/** As a statement would write it. */
export const asText = (it: Fraction): string => {
  const by = common(it.top, it.bottom);
  return `${it.top / by}/${it.bottom / by}`;
};

/** The whole number below. */
export const below = ({ top, bottom }: Fraction): bigint => {
  const cut = top / bottom;
  return top < 0n && cut * bottom !== top ? cut - 1n : cut;
};
/** The whole number above. */
export const above = (it: Fraction): bigint => -below(negative(it));

/** To the nearest whole number, a half to the even neighbour. */
export const toEven = (it: Fraction): bigint => {
  const low = below(it);
  const rest = it.top - low * it.bottom;
  const up = rest * 2n > it.bottom || (rest * 2n === it.bottom && low % 2n !== 0n);
  return up ? low + 1n : low;
};
