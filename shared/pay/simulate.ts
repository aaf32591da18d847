import type { Terms } from "../contract/terms.ts";
import { rational, roundHalfEven } from "../kit/rational.ts";
import { must, present } from "../kit/shape.ts";
import { sumMinor } from "./price.ts";
import { type Curve, curveWorks, withoutRemedy } from "./simulate.curve.ts";
import { averages, blocksOf, type History } from "./simulate.history.ts";
import { type Priced, pricer } from "./simulate.pricing.ts";
import { resultCapWarnings, targetWarning, type Warning, warningsOf } from "./simulate.warnings.ts";
import { decisive, type Expectation, MOST_RUNS, type Wish } from "./simulate.wish.ts";
import { type World, worldOf } from "./simulate.world.ts";
import type { ResultShare } from "./statement.ts";

/** What one run in ten, half of them, and nine in ten do not exceed (nearest rank), and the mean, rounded half-even. */
export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly mean: number;
}

/** One period over all runs. `soFarMinor` adds up the pay until its end; `volumeMicro` is of the main result, in millionths. */
export interface PeriodPicture {
  readonly starts: string;
  readonly ends: string;
  readonly payMinor: Quantiles;
  readonly soFarMinor: Quantiles;
  readonly volumeMicro: Quantiles;
  /** How often the guarantee was missed here, in millionths of the runs; null where none is judged. */
  readonly missedMicro: number | null;
}

/** How often the guarantee is missed anywhere, in millionths of the runs, and what its remedy costs the influencer: pay without it less pay with it. */
export interface GuaranteePicture {
  readonly result: string;
  readonly target: number;
  readonly missedMicro: number;
  readonly remedyMinor: Quantiles;
}

/** So many runs paid at least `fromMinor` and less than `untilMinor`. */
export interface Bin {
  readonly fromMinor: number;
  readonly untilMinor: number;
  readonly count: number;
}

/** A contract as it may turn out. Amounts are in minor units of `currency`; the first curve is the main one. */
export interface Simulation {
  readonly seed: number;
  readonly runs: number;
  readonly currency: string;
  readonly result: string;
  readonly curves: readonly Curve[];
  readonly payMinor: Quantiles;
  readonly volumeMicro: Quantiles;
  readonly periods: readonly PeriodPicture[];
  readonly guarantee: GuaranteePicture | null;
  /** What the brand pays for one of the main result, over the runs that had any; null when none had. */
  readonly perResultMinor: Quantiles | null;
  readonly bins: readonly Bin[];
  readonly warnings: readonly Warning[];
  /** How a past was cut to draw from it, and of how many days; null when expectations were stated. */
  readonly history: { readonly by: History["by"]; readonly days: number } | null;
}

const MICRO = 1_000_000;
const MOST_BINS = 24;
const RUNS_AT_ONCE = 10;
/** About as many runs as it takes as long as to make a curve. */
const CURVE_WEIGHT = 40;

const quantiles = (amounts: readonly number[]): Quantiles => {
  const sorted = Float64Array.from(amounts).sort();
  const rank = (tenths: number): number =>
    present(sorted[Math.max(0, Math.ceil((sorted.length * tenths) / 10) - 1)], "an amount");
  const sum = amounts.reduce((all, it) => all + BigInt(it), 0n);
  return {
    p10: rank(1),
    p50: rank(5),
    p90: rank(9),
    mean: Number(roundHalfEven(rational(sum, BigInt(amounts.length)))),
  };
};

const binsOf = (amounts: readonly number[]): readonly Bin[] => {
  const least = amounts.reduce((a, b) => Math.min(a, b));
  const most = amounts.reduce((a, b) => Math.max(a, b));
  const width = Math.max(1, Math.ceil((most - least + 1) / MOST_BINS));
  const counts = Array.from({ length: Math.floor((most - least) / width) + 1 }, () => 0);
  for (const amount of amounts) {
    const place = Math.floor((amount - least) / width);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts.map((count, place) => ({
    fromMinor: least + place * width,
    untilMinor: least + (place + 1) * width,
    count,
  }));
};

/** What one run came to. */
interface Outcome {
  readonly payMinor: number;
  readonly periodsMinor: readonly number[];
  readonly volumesMicro: readonly number[];
  readonly missed: readonly (boolean | null)[];
  readonly remedyMinor: number;
}

const volumeIn = (shares: readonly ResultShare[], result: string, from: number, until: number): number =>
  shares.reduce((sum, it) => (it.result === result && it.at >= from && it.at < until ? sum + it.shareMicro : sum), 0);

const missedIn = (terms: Terms, { periods }: Priced): readonly (boolean | null)[] => {
  const isOne = terms.guarantee?.per === "flight";
  return periods.map(({ settled }, index) => {
    if (!settled || (isOne && index < periods.length - 1)) return null;
    const { shortfallMicro, filledMicro = 0 } = settled.standing;
    return shortfallMicro > 0 || filledMicro > 0;
  });
};

const remedies = ({ periods }: Priced): number =>
  sumMinor(periods.map(({ settled }) => -(settled?.remedy?.line.amountMinor ?? 0)));

const runner = (terms: Terms, wish: Wish, world: World, result: string) => {
  const price = pricer(terms, wish.rates);
  const free = pricer(withoutRemedy(terms), wish.rates);
  return (run: number): Outcome => {
    const shares = world.run(run);
    const made = price(shares);
    return {
      payMinor: made.totalMinor,
      periodsMinor: made.periods.map(({ amountMinor }) => amountMinor),
      volumesMicro: world.periods.map(({ from, until }) => volumeIn(shares, result, from, until)),
      missed: missedIn(terms, made),
      // What made good a shortfall was not paid; only without the remedy does it show what that cost.
      remedyMinor: made.isFilled ? free(shares).totalMinor - made.totalMinor : remedies(made),
    };
  };
};

const partOf = (count: number, of: number): number =>
  Number(roundHalfEven(rational(BigInt(count) * BigInt(MICRO), BigInt(of))));

const periodPictures = (world: World, outcomes: readonly Outcome[]): readonly PeriodPicture[] => {
  const soFar = outcomes.map(() => 0);
  return world.periods.map(({ starts, ends }, index) => {
    const pay = outcomes.map(({ periodsMinor }) => periodsMinor[index] ?? 0);
    pay.forEach((amount, run) => {
      soFar[run] = (soFar[run] ?? 0) + amount;
    });
    const judged = outcomes.filter(({ missed }) => missed[index] !== null);
    const missed = judged.filter((it) => it.missed[index]).length;
    return {
      starts,
      ends,
      payMinor: quantiles(pay),
      soFarMinor: quantiles(soFar),
      volumeMicro: quantiles(outcomes.map(({ volumesMicro }) => volumesMicro[index] ?? 0)),
      missedMicro: judged.length === 0 ? null : partOf(missed, judged.length),
    };
  });
};

const totalMicro = ({ volumesMicro }: Outcome): number => volumesMicro.reduce((sum, it) => sum + it, 0);

const costs = (outcomes: readonly Outcome[]): Quantiles | null => {
  const each = outcomes.flatMap((it) => {
    const volume = totalMicro(it);
    return volume === 0 ? [] : [Number(roundHalfEven(rational(BigInt(it.payMinor) * BigInt(MICRO), BigInt(volume))))];
  });
  return each.length === 0 ? null : quantiles(each);
};

const guaranteePicture = (terms: Terms, outcomes: readonly Outcome[]): GuaranteePicture | null => {
  if (!terms.guarantee) return null;
  const { result, target } = terms.guarantee;
  const missed = outcomes.filter((it) => it.missed.includes(true)).length;
  const remedyMinor = quantiles(outcomes.map((it) => it.remedyMinor));
  return { result, target, missedMicro: partOf(missed, outcomes.length), remedyMinor };
};

/** The median of what one judged stretch brings: a usual period, or all of them where the guarantee is over the flight. */
const judgedMedian = (terms: Terms, outcomes: readonly Outcome[]): number => {
  if (terms.guarantee?.per === "flight") return quantiles(outcomes.map(totalMicro)).p50;
  return quantiles(outcomes.flatMap(({ volumesMicro }) => volumesMicro)).p50;
};

const pictured = (
  terms: Terms,
  wish: Wish,
  world: World,
  outcomes: readonly Outcome[],
  per: readonly Expectation[],
  curves: readonly Curve[],
): Omit<Simulation, "history" | "result"> => {
  const pay = outcomes.map(({ payMinor }) => payMinor);
  return {
    seed: wish.seed,
    runs: outcomes.length,
    currency: terms.currency,
    curves,
    payMinor: quantiles(pay),
    volumeMicro: quantiles(outcomes.map(totalMicro)),
    periods: periodPictures(world, outcomes),
    guarantee: guaranteePicture(terms, outcomes),
    perResultMinor: costs(outcomes),
    bins: binsOf(pay),
    warnings: [
      ...curves.flatMap(warningsOf),
      ...targetWarning(terms, judgedMedian(terms, outcomes)),
      ...resultCapWarnings(terms, per),
    ],
  };
};

/**
 * Simulate in small parts: yields how much is done, from 0 to 1, so that whoever runs it can rest in between, and returns
 * the same as `simulate`.
 */
export function* simulating(terms: Terms, wish: Wish): Generator<number, Simulation, void> {
  must(wish.runs >= 1 && wish.runs <= MOST_RUNS, `1 to ${MOST_RUNS} runs`);
  const { from } = wish;
  const history = from.kind === "history" ? blocksOf(terms, from.shares) : null;
  const per = from.kind === "stated" ? from.per : averages(terms, present(history, "a past"));
  const result = present(decisive(terms)[0], "a result");
  const world = worldOf(terms, wish);
  const works = curveWorks(terms, per, wish.rates);
  const whole = works.length * CURVE_WEIGHT + wish.runs;
  const curves: Curve[] = [];
  for (const begin of works) {
    const work = begin();
    let step = work.next();
    for (; step.done !== true; step = work.next()) yield (curves.length * CURVE_WEIGHT) / whole;
    curves.push(step.value);
  }
  const run = runner(terms, wish, world, result);
  const outcomes: Outcome[] = [];
  while (outcomes.length < wish.runs) {
    outcomes.push(run(outcomes.length));
    if (outcomes.length % RUNS_AT_ONCE === 0) yield (whole - wish.runs + outcomes.length) / whole;
  }
  const told = history && { by: history.by, days: history.days };
  return { ...pictured(terms, wish, world, outcomes, per, curves), result, history: told };
}

/**
 * How a contract may turn out before it is signed: its pay over volume, priced by the statement law at every point, and
 * over many simulated contracts, each stated as of its very end. Terms and wish alone decide the picture, to the last
 * digit, in every engine: draws use whole numbers and the four operations only. What was rejected or refunded is left out
 * of a period's results, as if known in time. `terms` are those `readTerms` accepts.
 */
export const simulate = (terms: Terms, wish: Wish): Simulation => {
  const work = simulating(terms, wish);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};
