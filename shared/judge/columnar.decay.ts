import { halved, ONE } from "./halving.ts";

const SCALE = 2 ** 53;
const UNIT = ONE / BigInt(SCALE);
const LN2 = Math.LN2;

/** 2^(−place/count) for every place below `count`, as near as a double is. */
const powers = (count: number): Float64Array =>
  Float64Array.from({ length: 256 }, (_, place) => Number(halved(BigInt(place), BigInt(count)) / UNIT) / SCALE);

const HIGH = powers(256);
const LOW = powers(65_536);
const WHOLE = Float64Array.from({ length: 98 }, (_, halvings) => 2 ** -halvings);

/**
 * `halved` in doubles, of a weight of one: at most 2^−46 of itself and 2^−95 away from what that law says. Ages and
 * half-lives in ms, whole. Why: age = k·H + r is exact, r/H is off by 2^−54 at most; two looked-up factors, a polynomial
 * of degree three (what it leaves out is below 2^−66) and their products are off by 2^−53 each, eight times: below 2^−49.
 * The law itself cuts r/H after 48 bits, which is 2^−48 of a weight, and rounds below 2^−95. Equal ages weigh the same.
 */
export const halvedRoughly = (ageMs: number, halfLifeMs: number): number => {
  let halvings = Math.floor(ageMs / halfLifeMs);
  if (halvings > 96) return 0;
  let rest = ageMs - halvings * halfLifeMs;
  if (rest < 0) {
    // The quotient was rounded up to a whole number.
    halvings -= 1;
    rest += halfLifeMs;
  }
  const steps = (rest / halfLifeMs) * 65_536;
  const place = Math.floor(steps);
  const left = (steps - place) * (LN2 / 65_536);
  const tail = 1 - left * (1 - left * (0.5 - left / 6));
  return (HIGH[place >> 8] ?? 0) * (LOW[place & 255] ?? 0) * tail * (WHOLE[halvings] ?? 0);
};
