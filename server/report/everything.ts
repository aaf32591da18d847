import { spoken } from "../../shared/kit/money.ts";
import { type Comparison, type Outcome, parameterWords, titleOf } from "../history/comparison.ts";
import { plainDecimal } from "../history/number.ts";
import { payUnits, percentOf, signed, sumOf, valueTeller } from "./figures.ts";
import { bdi, line, safe, tableOf } from "./markup.ts";

const MICRO_DIGITS = 6;

const percent = (number: number | undefined): string => `${((number ?? 0) * 100).toFixed(2)} %`;

/** A column of the table: its head, the cell of a payee by place, and that of the total. */
interface Column {
  readonly head: string;
  readonly cell: (place: number) => string;
  readonly total: string;
}

const valueColumns = (made: Comparison, outcome: Outcome, first: Outcome): readonly Column[] => {
  const tell = valueTeller(made);
  const { valueUnits: whole } = made.whole;
  if (whole === 0n) return [];
  const at = (of: Outcome, place: number): bigint => of.valueUnits[place] ?? 0n;
  const change: Column = {
    head: "change",
    cell: (place) => signed(tell, at(outcome, place) - at(first, place)),
    total: "",
  };
  return [
    { head: "value", cell: (place) => tell(at(outcome, place)), total: tell(sumOf(outcome.valueUnits)) },
    { head: "share", cell: (place) => percentOf(at(outcome, place), whole), total: percentOf(whole, whole) },
    ...(outcome === first ? [] : [change]),
  ];
};

const payColumns = (made: Comparison, outcome: Outcome, first: Outcome): readonly Column[] => {
  if (made.priced === undefined) return [];
  const tell = (units: bigint): string => spoken(Number(units), made.currency);
  const [is, was] = [payUnits(outcome), payUnits(first)];
  const change: Column = {
    head: "change of pay",
    cell: (place) => signed(tell, (is[place] ?? 0n) - (was[place] ?? 0n)),
    total: signed(tell, sumOf(is) - sumOf(was)),
  };
  return [
    { head: "pay", cell: (place) => tell(is[place] ?? 0n), total: tell(sumOf(is)) },
    ...(outcome === first ? [] : [change]),
  ];
};

const effectColumns = (made: Comparison, { learned }: Outcome): readonly Column[] => {
  if (learned === undefined) return [];
  const { effects, intervals, values, conversions } = learned;
  const isValued = made.whole.valueUnits !== 0n;
  const [parts, bounds] = [isValued ? values : conversions, isValued ? intervals?.values : intervals?.conversions];
  const between = (it: typeof bounds, place: number): string =>
    `${percent(it?.lower[place])} – ${percent(it?.upper[place])}`;
  return [
    { head: "effect", cell: (place) => percent(effects[place]), total: "" },
    ...(intervals ? [{ head: "95 %", cell: (place: number) => between(intervals.effects, place), total: "" }] : []),
    { head: isValued ? "of value" : "of all", cell: (place) => percent(parts[place]), total: "" },
    ...(intervals ? [{ head: "95 %", cell: (place: number) => between(bounds, place), total: "" }] : []),
  ];
};

const columnsTable = (made: Comparison, caption: string, columns: readonly Column[]): string => {
  const lines = made.order.map((place) =>
    line(
      bdi(made.names[place] ?? ""),
      columns.map(({ cell }) => safe(cell(place))),
    ),
  );
  const hasTotal = columns.some(({ total }) => total !== "");
  const totals = columns.map(({ total }) => safe(total));
  return tableOf(
    safe(caption),
    ["payee", ...columns.map(({ head }) => head)],
    lines,
    hasTotal ? line("total", totals) : "",
  );
};

const modelTable = (made: Comparison, outcome: Outcome, first: Outcome): string => {
  const count: Column = {
    head: "conversions",
    cell: (place) => plainDecimal(outcome.conversionsMicro[place] ?? 0n, MICRO_DIGITS),
    total: plainDecimal(sumOf(outcome.conversionsMicro), MICRO_DIGITS),
  };
  const words = parameterWords(outcome.terms);
  const caption = `${outcome.model}: ${titleOf(outcome)}${words.length > 0 ? `, ${words.join(", ")}` : ""}`;
  const columns = [count, ...valueColumns(made, outcome, first), ...payColumns(made, outcome, first)];
  const effects = effectColumns(made, outcome);
  const more = effects.length === 0 ? "" : columnsTable(made, `${outcome.model}: what everybody weighs`, effects);
  return `<section class="model">${columnsTable(made, caption, columns)}${more}</section>`;
};

/** All figures of all models, one table each. */
export const everything = (made: Comparison): string => {
  const [first] = made.outcomes;
  if (first === undefined) return "";
  return `<h2>Everything</h2>${made.outcomes.map((it) => modelTable(made, it, first)).join("")}`;
};
