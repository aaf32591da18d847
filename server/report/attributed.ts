import type { ModelName } from "../../shared/judge/models.ts";
import type { Learned } from "../history/learned.ts";
import { plainDecimal } from "../history/number.ts";
import type { Report, Tallied } from "../history/tally.ts";
import { tableText, visible } from "./text.ts";

const MICRO_DIGITS = 6;
const EFFECT_DIGITS = 12;

/** A file's conversions, shared under one model; `learned` is the fit on the file it was shared by, `names` its payees. */
export interface Attributed {
  readonly model: ModelName;
  readonly report: Report;
  readonly learned?: Learned | undefined;
  readonly names: readonly string[];
}

/** A part, such as an effect, as decimal text. */
export const part = (number: number, digits = EFFECT_DIGITS): string => number.toFixed(digits);

/** What one payee weighs under a learned model, with its interval where there is one. */
export const effectOf = ({ effects, intervals }: Learned, place: number) => ({
  effect: part(effects[place] ?? 0),
  ...(intervals && {
    lower: part(intervals.effects.lower[place] ?? 0),
    upper: part(intervals.effects.upper[place] ?? 0),
  }),
});

/** What a learned model was fitted with and on, as JSON has it. */
export const fitOf = (learned: Learned) => {
  const { fitting, chain, journeys, counted, intervals } = learned;
  const { model, order, ordered, isGlobal, replicates, seed } = fitting;
  return {
    on: "this file",
    credits: isGlobal ? "global" : "journey",
    ...(model === "markov" ? { order } : { ordered }),
    ...(chain && { base: part(chain.base), states: chain.states }),
    journeys: String(journeys),
    conversions: String(counted),
    ...(intervals && { level: "0.95", replicates, seed }),
  };
};

const figuresOf = (it: Pick<Tallied, "conversionsMicro" | "valueUnits">, digits: number) => ({
  conversions: plainDecimal(it.conversionsMicro, MICRO_DIGITS),
  value: plainDecimal(it.valueUnits, digits),
});

/** One JSON object, amounts as decimal text. */
export const attributedJson = ({ model, report, learned, names }: Attributed): string => {
  const payees = report.payees.map((it) => ({
    payee: it.payee,
    ...figuresOf(it, report.digits),
    ...(learned && effectOf(learned, names.indexOf(it.payee))),
  }));
  const fit = learned && { fit: fitOf(learned) };
  return `${JSON.stringify({ model, ...figuresOf(report, report.digits), ...fit, payees })}\n`;
};

const percent = (number: number | undefined): string => `${((number ?? 0) * 100).toFixed(2)} %`;

const effectCells = (learned: Learned | undefined, place: number): readonly string[] => {
  if (learned === undefined) return [];
  const { effects, intervals } = learned;
  const bounds = intervals && [percent(intervals.effects.lower[place]), percent(intervals.effects.upper[place])];
  return [percent(effects[place]), ...(bounds ?? [])];
};

const effectHeads = (learned: Learned | undefined): readonly string[] => {
  if (learned === undefined) return [];
  return learned.intervals ? ["effect", "95 % from", "to"] : ["effect"];
};

const base = ({ fitting, chain, journeys, counted, intervals }: Learned): string => {
  const states = chain === undefined ? "" : `, ${chain.states} states`;
  const rate = journeys === 0 ? 0 : counted / journeys;
  const thrown = intervals ? `; intervals of ${fitting.replicates} replicates, seed ${fitting.seed}` : "";
  return `\n${percent(rate)} of ${journeys} journeys convert${states}${thrown}.\n`;
};

/** A table for a terminal. */
export const attributedText = ({ report, learned, names }: Attributed): string => {
  const rows = report.payees.map((it) => {
    const { conversions, value } = figuresOf(it, report.digits);
    return [visible(it.payee), conversions, value, ...effectCells(learned, names.indexOf(it.payee))];
  });
  const total = figuresOf(report, report.digits);
  return `${tableText([
    ["payee", "conversions", "value", ...effectHeads(learned)],
    ...rows,
    ["total", total.conversions, total.value],
  ])}${learned ? base(learned) : ""}`;
};
