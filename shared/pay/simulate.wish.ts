import type { PayRule, Terms } from "../contract/terms.ts";
import type { Rates } from "../judge/reward.ts";
import { exponentOf } from "../kit/money.ts";
import { periodsOf } from "../kit/time.ts";
import type { ResultShare } from "./statement.ts";

/**
 * What somebody expects of one result: `meanMicro` results in a whole period on average, in millionths (at most 10¹¹);
 * `swingBp`, by how much that mean itself swings from period to period, in basis points of it (0: chance alone; at most
 * 15 000); what each is worth in minor units on average, and how much that swings.
 */
export interface Expectation {
  readonly result: string;
  readonly meanMicro: number;
  readonly swingBp: number;
  readonly valueMinor: number;
  readonly valueSwingBp: number;
}

/** Where the results of a simulated contract come from: stated expectations, or a past that is drawn from again. */
export type Origin =
  | { readonly kind: "stated"; readonly per: readonly Expectation[] }
  | { readonly kind: "history"; readonly shares: readonly ResultShare[] };

/**
 * What to simulate. The same wish and terms give the same picture everywhere. `seed` is a whole number from 0 to 2³² − 1,
 * `runs` 1 to 100 000. Of all results `rejectBp` never count, and of those that do `refundBp` are taken back.
 */
export interface Wish {
  readonly seed: number;
  readonly runs: number;
  readonly from: Origin;
  readonly rejectBp: number;
  readonly refundBp: number;
  /** How people meet the links in every period, for bonuses on a rate; such bonuses are not reached without. */
  readonly rates?: Rates | undefined;
}

/** How many runs a picture is made of when nobody says. */
export const USUAL_RUNS = 1000;
/** The swing of results and of their value when nobody says, in basis points of the mean. */
export const USUAL_SWING_BP = 3000;
/** The largest mean of one result in one period, in millionths. */
export const LARGEST_MEAN_MICRO = 100_000_000_000;
/** The largest swing, in basis points. */
export const LARGEST_SWING_BP = 15_000;
/** The most runs of one picture. */
export const MOST_RUNS = 100_000;
/** The largest value of one result, in minor units. */
export const LARGEST_VALUE_MINOR = 1_000_000_000_000;

const namedBy = (rule: PayRule): readonly string[] => {
  if (rule.rule === "fixed") return [rule.ifAtLeast ?? []].flat().map(({ result }) => result);
  if (rule.rule === "bonus") return rule.when.result === undefined ? [] : [rule.when.result];
  return [rule.result];
};

/** The results that decide pay, the guaranteed one first, then as the pay rules name them; every listed one if none does. */
export const decisive = (terms: Terms): readonly string[] => {
  const named = [...(terms.guarantee ? [terms.guarantee.result] : []), ...terms.pay.flatMap(namedBy)];
  return named.length > 0 ? [...new Set(named)] : Object.keys(terms.results);
};

/** Does anything in the terms ask what a result is worth? */
export const isValued = (terms: Terms, result: string): boolean =>
  terms.pay.some((rule) => {
    if (rule.rule === "share") return rule.result === result;
    if (rule.rule === "tiered") return rule.result === result && rule.measure === "value";
    return rule.rule === "bonus" && rule.when.result === result && rule.when.measure === "value";
  });

const stepsOf = (rule: PayRule, result: string): readonly number[] => {
  if (rule.rule === "fixed")
    return [rule.ifAtLeast ?? []].flat().flatMap((it) => (it.result === result ? [it.count] : []));
  if (rule.rule === "tiered" && rule.result === result && rule.measure === "count")
    return rule.steps.map(({ from }) => from);
  return [];
};

const FEW = 50;
const MOST_GUESSED = 10_000;

const guessed = (terms: Terms, result: string): number => {
  const promised = terms.guarantee?.result === result ? terms.guarantee : undefined;
  if (promised?.per === "period") return promised.target;
  if (promised)
    return Math.ceil(promised.target / periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone).length);
  const highest = Math.max(0, ...terms.pay.flatMap((rule) => stepsOf(rule, result)));
  return highest > 0 ? highest : FEW;
};

/**
 * What to expect when nobody has said anything: of the guaranteed result exactly what is promised, of the others what the
 * highest step asks for, or 50; each worth a hundred major units. The same for both sides, being made from the terms alone.
 */
export const usualExpectations = (terms: Terms): readonly Expectation[] =>
  decisive(terms).map((result) => ({
    result,
    meanMicro: Math.min(guessed(terms, result), MOST_GUESSED) * 1_000_000,
    swingBp: USUAL_SWING_BP,
    valueMinor: isValued(terms, result) ? 100 * 10 ** exponentOf(terms.currency) : 0,
    valueSwingBp: isValued(terms, result) ? USUAL_SWING_BP : 0,
  }));
