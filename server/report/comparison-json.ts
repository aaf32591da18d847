import { major } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import { type Comparison, movedTwice, type Outcome } from "../history/comparison.ts";
import type { Bar, Journeys, Stop } from "../history/journeys.ts";
import { plainDecimal } from "../history/number.ts";
import { effectOf, fitOf, part } from "./attributed.ts";
import { half, payUnits, sumOf } from "./figures.ts";

const MICRO_DIGITS = 6;

const ratio = (units: bigint, whole: bigint): string | null =>
  whole === 0n ? null : decimal(rational(units, whole), MICRO_DIGITS);

const payText = ({ currency }: Comparison, minor: bigint): string => major(Number(minor), currency);

/** What a payee gets by a learned model, as the replicates have it: bounds of its part of everything. */
const boundsOf = ({ learned }: Outcome, place: number) => {
  if (learned === undefined) return {};
  const { intervals } = learned;
  const bounds = intervals && {
    conversionsPart: {
      lower: part(intervals.conversions.lower[place] ?? 0),
      upper: part(intervals.conversions.upper[place] ?? 0),
    },
    valuePart: { lower: part(intervals.values.lower[place] ?? 0), upper: part(intervals.values.upper[place] ?? 0) },
  };
  return { ...effectOf(learned, place), ...bounds };
};

const payeeOf = (made: Comparison, outcome: Outcome, first: Outcome, place: number) => {
  const { digits, valueUnits: whole } = made.whole;
  const [conversions, value] = [outcome.conversionsMicro[place] ?? 0n, outcome.valueUnits[place] ?? 0n];
  const [pay, before] = [payUnits(outcome)[place], payUnits(first)[place] ?? 0n];
  return {
    payee: made.names[place] ?? "",
    conversions: plainDecimal(conversions, MICRO_DIGITS),
    value: plainDecimal(value, digits),
    valueShare: ratio(value, whole),
    ...(pay !== undefined && { pay: payText(made, pay) }),
    change: {
      conversions: plainDecimal(conversions - (first.conversionsMicro[place] ?? 0n), MICRO_DIGITS),
      value: plainDecimal(value - (first.valueUnits[place] ?? 0n), digits),
      ...(pay !== undefined && { pay: payText(made, pay - before) }),
    },
    ...boundsOf(outcome, place),
  };
};

const movedOf = (made: Comparison, outcome: Outcome, first: Outcome) => {
  const { digits, valueUnits, conversionsMicro } = made.whole;
  const [value, conversions] = [
    movedTwice(outcome.valueUnits, first.valueUnits),
    movedTwice(outcome.conversionsMicro, first.conversionsMicro),
  ];
  const pay = outcome.payMinor && movedTwice(payUnits(outcome), payUnits(first));
  return {
    conversions: half(conversions, MICRO_DIGITS),
    conversionsShare: ratio(conversions, conversionsMicro * 2n),
    value: half(value, digits),
    valueShare: ratio(value, valueUnits * 2n),
    ...(pay !== undefined && { pay: half(pay, decimalsOf(made)) }),
    ...(outcome.changed && {
      journeysWithOtherPayees: ratio(outcome.changed.payeesMicro, conversionsMicro),
      journeysWithOtherShares: ratio(outcome.changed.sharesMicro, conversionsMicro),
    }),
  };
};

const decimalsOf = (made: Comparison): number => payText(made, 0n).split(".")[1]?.length ?? 0;

const modelOf = (made: Comparison, outcome: Outcome, first: Outcome) => {
  const { model: _, learned: __, ...parameters } = outcome.terms;
  const { learned } = outcome;
  return {
    model: outcome.model,
    parameters,
    conversions: plainDecimal(sumOf(outcome.conversionsMicro), MICRO_DIGITS),
    value: plainDecimal(sumOf(outcome.valueUnits), made.whole.digits),
    ...(outcome.payMinor && { pay: payText(made, sumOf(payUnits(outcome))) }),
    moved: movedOf(made, outcome, first),
    ...(learned && { fit: fitOf(learned) }),
    payees: made.order.map((place) => payeeOf(made, outcome, first, place)),
  };
};

const countText = (count: number): string => String(count);

const barOf = ({ from, until, converted, lapsed }: Bar) => ({
  from,
  until,
  converted: countText(converted),
  lapsed: countText(lapsed),
});

const journeysOf = ({ converted, lapsed, flows, lengths, lags }: Journeys, names: readonly string[]) => {
  const stop = (it: Stop) => (typeof it === "number" ? { payee: names[it] ?? "" } : it);
  return {
    converted: countText(converted),
    lapsed: countText(lapsed),
    lengths: lengths.map(barOf),
    lagDays:
      lags === undefined
        ? null
        : lags.map(({ from, until, converted: count }) => ({ from, until, conversions: countText(count) })),
    flows: flows.map((it) => ({
      first: stop(it.first),
      middle: stop(it.middle),
      last: stop(it.last),
      converted: countText(it.converted),
      lapsed: countText(it.lapsed),
    })),
  };
};

/** One JSON object, amounts as decimal text. */
export const comparisonJson = (made: Comparison): string => {
  const [first] = made.outcomes;
  const { priced } = made;
  return `${JSON.stringify({
    version: made.version,
    file: { name: made.shown, holds: made.kind, lines: made.lines, days: made.days ?? null },
    currency: made.currency === "" ? null : made.currency,
    terms: priced
      ? { name: priced.shown, hash: priced.hash, starts: priced.terms.starts, ends: priced.terms.ends }
      : null,
    against: first?.model,
    conversions: plainDecimal(made.whole.conversionsMicro, MICRO_DIGITS),
    value: plainDecimal(made.whole.valueUnits, made.whole.digits),
    models: first ? made.outcomes.map((it) => modelOf(made, it, first)) : [],
    journeys: journeysOf(made.journeys, made.names),
  })}\n`;
};
