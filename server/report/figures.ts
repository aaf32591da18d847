import { exponentOf, spoken } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import { type Comparison, movedTwice, type Outcome } from "../history/comparison.ts";
import { plainDecimal } from "../history/number.ts";

const MICRO_DIGITS = 6;
const MICRO = 1e6;

/** Half of units that may be odd, as decimal text: exact, so with a digit more where it must. */
export const half = (twice: bigint, digits: number): string => {
  if (twice % 2n === 0n) return plainDecimal(twice / 2n, digits);
  return plainDecimal(twice * 5n, digits + 1);
};

/** A part of a whole in percent, with one decimal; a dash where there is no whole. */
export const percentOf = (units: bigint, whole: bigint): string =>
  whole === 0n ? "–" : `${decimal(rational(units * 100n, whole), 1)} %`;

const grouped = (text: string): string => text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");

/** How a comparison's values are told: in its currency, or as plain numbers where it has none or is finer. */
export const valueTeller = ({ currency, whole: { digits } }: Comparison): ((units: bigint) => string) => {
  const isMoney = currency !== "" && digits === exponentOf(currency);
  const shown = Math.min(digits, 2);
  return (units) => {
    if (isMoney && units <= BigInt(Number.MAX_SAFE_INTEGER) && units >= -BigInt(Number.MAX_SAFE_INTEGER))
      return spoken(Number(units), currency);
    const text = isMoney ? plainDecimal(units, digits) : decimal(rational(units, 10n ** BigInt(digits)), shown);
    return `${grouped(text)}${currency === "" ? "" : ` ${currency}`}`;
  };
};

/** An amount with its sign, also above nothing. */
export const signed = (tell: (units: bigint) => string, units: bigint): string =>
  units > 0n ? `+${tell(units)}` : tell(units);

/** Millionths of conversions with two decimals. */
export const conversionsText = (micro: bigint): string =>
  grouped(decimal(rational(micro, 10n ** BigInt(MICRO_DIGITS)), 2));

/** Whole journeys, or with decimals where a file counts parts of them. */
export const journeysText = (count: number): string => grouped(String(Math.round(count * MICRO) / MICRO));

/** What is compared: value where there is any, else conversions. */
export interface Measure {
  readonly name: "value" | "conversions";
  readonly of: (outcome: Outcome) => readonly bigint[];
  readonly whole: bigint;
  readonly tell: (units: bigint) => string;
}

/** What the conversions of a comparison are measured by. */
export const measureOf = (made: Comparison): Measure => {
  const { whole } = made;
  if (whole.valueUnits !== 0n)
    return { name: "value", of: (it) => it.valueUnits, whole: whole.valueUnits, tell: valueTeller(made) };
  return {
    name: "conversions",
    of: (it) => it.conversionsMicro,
    whole: whole.conversionsMicro,
    tell: (micro) => `${conversionsText(micro)} conversions`,
  };
};

/** Half of units that may be odd, told: the odd half is rounded down, for a person to read. */
export const tellHalf = (tell: (units: bigint) => string, twice: bigint): string => tell(twice / 2n);

/** What goes to somebody else under an outcome than under the first: twice the units, so that they are whole. */
export const movedBy = (made: Comparison, outcome: Outcome, of: Measure["of"]): bigint => {
  const [first] = made.outcomes;
  return first === undefined ? 0n : movedTwice(of(outcome), of(first));
};

/** The pay of an outcome by place, as whole units. */
export const payUnits = ({ payMinor = [] }: Outcome): readonly bigint[] => payMinor.map(BigInt);

/** The sum of units. */
export const sumOf = (units: readonly bigint[]): bigint => units.reduce((sum, it) => sum + it, 0n);

/** The sentences that say how much an outcome moves. */
export const headline = (made: Comparison, outcome: Outcome): readonly string[] => {
  const [first] = made.outcomes;
  if (first === undefined) return [];
  const measure = measureOf(made);
  const moved = movedBy(made, outcome, measure.of);
  const part = percentOf(moved, measure.whole * 2n);
  const sentences = [
    `Going from ${first.model} to ${outcome.model} moves ${tellHalf(measure.tell, moved)} of ${measure.tell(measure.whole)} (${part}) to other payees.`,
  ];
  if (outcome.payMinor !== undefined) {
    const money = (units: bigint): string => spoken(Number(units), made.currency);
    const [before, after] = [sumOf(payUnits(first)), sumOf(payUnits(outcome))];
    const change = after === before ? "the same as before" : `${signed(money, after - before)}`;
    sentences.push(
      `Pay: ${tellHalf(money, movedBy(made, outcome, payUnits))} moves; the total is ${money(after)} (${change}).`,
    );
  }
  if (outcome.changed !== undefined) {
    const { payeesMicro, sharesMicro } = outcome.changed;
    const whole = made.whole.conversionsMicro;
    sentences.push(
      `In ${percentOf(payeesMicro, whole)} of converting journeys the payees change, in ${percentOf(sharesMicro, whole)} their shares.`,
    );
  }
  return sentences;
};
