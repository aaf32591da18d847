/** z of a two-sided test at 5 %, and of the 95 % intervals: the standard normal's quantile at 0.975. */
const Z = 1.959963984540054;

/** The standard normal's quantiles at 0.8 and 0.9. */
const powerZ = { 0.8: 0.8416212335729143, 0.9: 1.2815515655446004 } as const;

const BASIS = 10_000;
const MILLION = 1_000_000;

/**
 * A test that is planned: of people who convert at `basePpm` millionths when held out, `heldBp` 10 000ths are held out, and
 * a change by `liftBp` 10 000ths of that rate is to be found with this power at this two-sided significance.
 */
export interface Plan {
  readonly basePpm: number;
  readonly liftBp: number;
  readonly power: keyof typeof powerZ;
  readonly significance: 0.05;
  readonly heldBp: number;
}

/** How many people are needed in each arm, whole and rounded up. */
export interface Sizes {
  readonly treated: number;
  readonly held: number;
}

const isPart = (part: number): boolean => part > 0 && part < 1;

/**
 * How many people each arm needs. Two-sided z-test for two proportions with unpooled variances, the normal approximation
 * without continuity correction (Chow, Shao and Wang, Sample Size Calculations in Clinical Research, §4.2):
 * N = (z₀.₉₇₅ + z_power)² · (p₁(1 − p₁)/(1 − h) + p₀(1 − p₀)/h) / (p₁ − p₀)² in all, h of them held out. With equal arms
 * that is (z + z)² (p₀q₀ + p₁q₁)/δ² in each: 80 679 to find +10 % of 2 %. Null where there is nothing to find, or where
 * one of the two rates would not lie between none and all.
 */
export const sampleSize = ({ basePpm, liftBp, power, heldBp }: Plan): Sizes | null => {
  const [base, held] = [basePpm / MILLION, heldBp / BASIS];
  const [other, gap] = [(basePpm * (BASIS + liftBp)) / (MILLION * BASIS), (basePpm * liftBp) / (MILLION * BASIS)];
  if (!isPart(base) || !isPart(other) || !isPart(held) || gap === 0) return null;
  const z = Z + powerZ[power];
  const all = (z * z * ((other * (1 - other)) / (1 - held) + (base * (1 - base)) / held)) / (gap * gap);
  return { treated: Math.ceil(all * (1 - held)), held: Math.ceil(all * held) };
};

/** How many whole weeks a planned test takes at so many people a week, rounded up; null where it can never be done. */
export const weeksNeeded = (plan: Plan, peopleAWeek: number): number | null => {
  const sizes = sampleSize(plan);
  if (sizes === null || !(peopleAWeek > 0)) return null;
  const held = plan.heldBp / BASIS;
  return Math.ceil(Math.max(sizes.held / held, sizes.treated / (1 - held)) / peopleAWeek);
};

/**
 * The smallest rise, in whole 10 000ths of the base rate, that so many people in both arms together suffice to find. Null
 * where they suffice for none, even one up to where everybody converts.
 */
export const smallestLift = (plan: Omit<Plan, "liftBp">, people: number): number | null => {
  const suffices = (liftBp: number): boolean => {
    const sizes = sampleSize({ ...plan, liftBp });
    return sizes !== null && sizes.treated + sizes.held <= people;
  };
  // What is needed falls as the rise grows.
  let [least, most] = [1, Math.ceil((MILLION * BASIS) / plan.basePpm) - BASIS - 1];
  if (!(most >= 1) || !suffices(most)) return null;
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (suffices(middle)) most = middle;
    else least = middle + 1;
  }
  return least;
};

/** People in one arm, and those of them who converted: whole numbers, 0 ≤ converted ≤ people. */
export interface Counted {
  readonly people: number;
  readonly converted: number;
}

/** From where to where something may well lie. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Wilson's score interval of one rate, 95 % (E. B. Wilson, 1927): from 0 to 1 whatever was counted; all of it for nobody. */
export const rateInterval = ({ people, converted }: Counted): Interval => {
  if (people === 0) return { lower: 0, upper: 1 };
  const [square, rate] = [Z * Z, converted / people];
  const middle = 2 * converted + square;
  const reach = Z * Math.sqrt(square + 4 * converted * (1 - rate));
  const whole = 2 * (people + square);
  return {
    lower: converted === 0 ? 0 : (middle - reach) / whole,
    upper: converted === people ? 1 : (middle + reach) / whole,
  };
};

/**
 * The 95 % interval of the treated rate less the held one: Newcombe's hybrid of two score intervals (R. G. Newcombe,
 * Statistics in Medicine 17, 1998, 873–890, method 10, without continuity correction).
 */
export const differenceInterval = (treated: Counted, held: Counted): Interval => {
  const [one, other] = [rateInterval(treated), rateInterval(held)];
  const rate = ({ people, converted }: Counted): number => (people === 0 ? 0.5 : converted / people);
  const [p, q] = [rate(treated), rate(held)];
  const root = (a: number, b: number): number => Math.sqrt(a * a + b * b);
  return {
    lower: p - q - root(p - one.lower, other.upper - q),
    upper: p - q + root(one.upper - p, q - other.lower),
  };
};

/** How many standard deviations the rates lie from a ratio, the held rate being the likeliest under that ratio. */
const scoreOf = (treated: Counted, held: Counted, ratio: number): number => {
  const middle = treated.converted + held.people + ratio * (treated.people + held.converted);
  const product = ratio * (treated.people + held.people) * (treated.converted + held.converted);
  const root = Math.sqrt(Math.max(0, middle * middle - 4 * product));
  const likely = (2 * (treated.converted + held.converted)) / (middle + root);
  const [p, q] = [Math.min(1, ratio * likely), Math.min(1, likely)];
  const gap = treated.converted / treated.people - (ratio * held.converted) / held.people;
  const variance = (p * (1 - p)) / treated.people + (ratio * ratio * q * (1 - q)) / held.people;
  if (gap === 0) return 0;
  return gap / Math.sqrt(variance);
};

const HALVINGS = 100;
const DOUBLINGS = 200;

/** The ratio whose score is `score`: scores fall as ratios grow. */
const ratioAt = (treated: Counted, held: Counted, score: number): number => {
  const isAbove = (ratio: number): boolean => scoreOf(treated, held, ratio) < score;
  let upper = 1;
  for (let turn = 0; turn < DOUBLINGS && !isAbove(upper); turn += 1) upper *= 2;
  let lower = upper / 2;
  for (let turn = 0; turn < DOUBLINGS && isAbove(lower); turn += 1) [lower, upper] = [lower / 2, lower];
  for (let turn = 0; turn < HALVINGS; turn += 1) {
    const middle = (lower + upper) / 2;
    if (isAbove(middle)) upper = middle;
    else lower = middle;
  }
  return (lower + upper) / 2;
};

/**
 * The 95 % interval of the treated rate over the held one: Koopman's score interval (P. A. R. Koopman, Biometrics 40, 1984,
 * 513–517). From 0 where nobody treated converted, without end (Infinity) where nobody held out did.
 */
export const ratioInterval = (treated: Counted, held: Counted): Interval => {
  const nobody = treated.people === 0 || held.people === 0;
  return {
    lower: nobody || treated.converted === 0 ? 0 : ratioAt(treated, held, Z),
    upper: nobody || held.converted === 0 ? Number.POSITIVE_INFINITY : ratioAt(treated, held, -Z),
  };
};

/**
 * How much more often the treated convert than the held: as a part of how often the held do, in whole 10 000ths, and as the
 * difference of the two rates, in whole millionths, each with its 95 % interval, rounded outwards.
 */
export interface Lift {
  readonly estimateBp: number;
  readonly lowerBp: number;
  readonly upperBp: number;
  readonly differenceMicro: number;
  readonly differenceLowerMicro: number;
  readonly differenceUpperMicro: number;
}

/** In each arm at least so many people, */
const LEAST_PEOPLE = 30;
/** and so many of the held converted: before, a percentage of their rate says nothing. */
const LEAST_CONVERTED = 5;

// Adding nothing turns −0, which JSON does not know, into 0.
const down = (value: number): number => Math.floor(value) + 0;
const up = (value: number): number => Math.ceil(value) + 0;

/**
 * What an experiment shows, for pictures and words only: it decides no pay. The ratio with Koopman's interval, the
 * difference with Newcombe's; null while an arm has fewer than 30 people, or fewer than 5 of the held converted. Each
 * interval holds at one look: who looks every day, and stops when it is pleasing, is fooled more often than 1 time in 20.
 */
export const liftOf = (treated: Counted, held: Counted): Lift | null => {
  if (Math.min(treated.people, held.people) < LEAST_PEOPLE || held.converted < LEAST_CONVERTED) return null;
  const [ratio, difference] = [ratioInterval(treated, held), differenceInterval(treated, held)];
  const estimate = (treated.converted * held.people) / (treated.people * held.converted);
  return {
    estimateBp: Math.round((estimate - 1) * BASIS) + 0,
    lowerBp: down((ratio.lower - 1) * BASIS),
    upperBp: up((ratio.upper - 1) * BASIS),
    differenceMicro: Math.round((treated.converted / treated.people - held.converted / held.people) * MILLION) + 0,
    differenceLowerMicro: down(difference.lower * MILLION),
    differenceUpperMicro: up(difference.upper * MILLION),
  };
};
