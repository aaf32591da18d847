import { type Dice, fraction } from "../kit/chance.ts";
import { must } from "../kit/shape.ts";

/**
 * How often 0, 1, 2, … come: `least` is the first number listed, `sums[i]` the weight of all numbers up to `least` + i.
 * Made and read with + − × ÷ alone, which IEEE 754 settles to the last bit, so that every engine draws the same.
 */
export interface Counts {
  readonly least: number;
  readonly sums: Float64Array;
}

// A weight this far below the highest would not come once in a thousand million draws.
const FAINTEST = 1e-14;
const MOST_NUMBERS = 4_000_000;
const WHOLE_BP = 10_000;

/** The weights below and above the likeliest number, each from its neighbour, until they are too faint to come. */
const weights = (
  mode: number,
  ratio: (below: number) => number,
): { readonly least: number; readonly all: number[] } => {
  const down: number[] = [];
  for (let at = mode, weight = 1; at > 0 && down.length < MOST_NUMBERS; at -= 1) {
    weight /= ratio(at - 1);
    if (weight < FAINTEST) break;
    down.push(weight);
  }
  const all = [...down.reverse(), 1];
  const least = mode - down.length;
  for (let at = mode, weight = 1; all.length < MOST_NUMBERS; at += 1) {
    weight *= ratio(at);
    if (weight < FAINTEST) break;
    all.push(weight);
  }
  return { least, all };
};

/**
 * Numbers of results around a mean. `swingBp` 0 is Poisson: nothing but chance around a mean that holds. Above 0 the mean
 * itself swings from period to period, with that standard deviation in basis points of it (a gamma mixture of Poissons:
 * the negative binomial with r = 1/swing²). Neighbouring probabilities stand in the ratio (k + r)/(k + 1) × m/(m + r), or
 * m/(k + 1) without swing, so neither powers nor logarithms are needed.
 */
export const countsAround = (mean: number, swingBp: number): Counts => {
  must(mean >= 0 && swingBp >= 0, "a mean or a swing below nothing");
  if (mean === 0) return { least: 0, sums: Float64Array.of(1) };
  const r = swingBp === 0 ? Number.POSITIVE_INFINITY : (WHOLE_BP * WHOLE_BP) / (swingBp * swingBp);
  const ratio =
    swingBp === 0
      ? (below: number) => mean / (below + 1)
      : (below: number) => ((below + r) / (below + 1)) * (mean / (mean + r));
  const mode = swingBp === 0 ? Math.floor(mean) : Math.max(0, Math.floor(((r - 1) / r) * mean));
  const { least, all } = weights(mode, ratio);
  let sum = 0;
  return { least, sums: Float64Array.from(all, (weight) => (sum += weight)) };
};

/** One number drawn: two throws of the dice, then bisection. */
export const drawn = ({ least, sums }: Counts, next: Dice): number => {
  const wanted = fraction(next) * (sums[sums.length - 1] ?? 0);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return least + low;
};

// The engine's own constant may be taken: it is the one nearest number to ln 2, written into the language.
const { LN2 } = Math;
const LOG_TERMS = 39;
const EXP_TERMS = 18;

/** The natural logarithm of a positive number, by the series of artanh: `Math.log` may differ between engines by its last bit. */
export const logarithm = (of: number): number => {
  let [x, halvings] = [of, 0];
  for (; x > 1.5; halvings += 1) x /= 2;
  for (; x < 0.75; halvings -= 1) x *= 2;
  const t = (x - 1) / (x + 1);
  let sum = 0;
  for (let term = LOG_TERMS; term > 0; term -= 2) sum = sum * t * t + 1 / term;
  return halvings * LN2 + 2 * t * sum;
};

/** e to the power of a number between −700 and 700, by its series: `Math.exp` may differ between engines by its last bit. */
export const exponential = (of: number): number => {
  const doublings = Math.floor(of / LN2 + 0.5);
  const x = of - doublings * LN2;
  let sum = 1;
  for (let term = EXP_TERMS; term > 0; term -= 1) sum = 1 + (sum * x) / term;
  for (let at = 0; at < doublings; at += 1) sum *= 2;
  for (let at = 0; at > doublings; at -= 1) sum /= 2;
  return sum;
};

const CENTRE_TOP = [
  -39.6968302866538, 220.946098424521, -275.928510446969, 138.357751867269, -30.6647980661472, 2.50662827745924,
];
const CENTRE_BOTTOM = [-54.4760987982241, 161.585836858041, -155.698979859887, 66.8013118877197, -13.2806815528857, 1];
const TAIL_TOP = [
  -0.00778489400243029, -0.322396458041136, -2.40075827716184, -2.54973253934373, 4.37466414146497, 2.93816398269878,
];
const TAIL_BOTTOM = [0.00778469570904146, 0.32246712907004, 2.445134137143, 3.75440866190742, 1];
const TAIL = 0.02425;

const polynomial = (factors: readonly number[], x: number): number => factors.reduce((sum, it) => sum * x + it, 0);

/** What a standard normal stays below with probability `part` (P. J. Acklam's rational approximation, within 1.2 × 10⁻⁹). */
export const normalQuantile = (part: number): number => {
  if (part > 1 - TAIL) return -normalQuantile(1 - part);
  if (part < TAIL) {
    const q = Math.sqrt(-2 * logarithm(part));
    return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
  }
  const q = part - 0.5;
  return (polynomial(CENTRE_TOP, q * q) * q) / polynomial(CENTRE_BOTTOM, q * q);
};

const MOST_VALUES = 512;

/**
 * What results are worth, in whole minor units, each entry as likely as the others: a lognormal of this mean whose
 * standard deviation is `swingBp` basis points of it, cut into 512 equal parts and scaled so that the mean is kept.
 */
export const valuesAround = (meanMinor: number, swingBp: number): readonly number[] => {
  if (swingBp === 0 || meanMinor === 0) return [meanMinor];
  const swing = swingBp / WHOLE_BP;
  const sigma = Math.sqrt(logarithm(1 + swing * swing));
  const parts = Array.from({ length: MOST_VALUES }, (_, index) =>
    exponential(sigma * normalQuantile((index + 0.5) / MOST_VALUES)),
  );
  const scale = (meanMinor * MOST_VALUES) / parts.reduce((sum, it) => sum + it, 0);
  return parts.map((it) => Math.floor(it * scale + 0.5));
};
