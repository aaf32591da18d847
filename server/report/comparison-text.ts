import { spoken } from "../../shared/kit/money.ts";
import { type Comparison, journeyWords, type Outcome, parameterWords } from "../history/comparison.ts";
import { conversionsText, headline, payUnits, percentOf, signed, sumOf, valueTeller } from "./figures.ts";
import { folded, tableText, visible, widthOf } from "./text.ts";
import { fittingWords } from "./words.ts";

const LEAST_WIDTH = 40;
const GAP = 2;

/** A column: its head, a cell for each payee, and one for the total. */
type Column = readonly string[];

/** Columns that belong together, such as those of one model. */
type Group = readonly Column[];

const widthOfGroup = (group: Group): number =>
  group.reduce((sum, column) => sum + GAP + Math.max(...column.map(widthOf)), 0);

/** Groups of columns beside one another, as many as fit, the others below, each with the payees in front. */
const tables = (title: string, front: Column, groups: readonly Group[], width: number): readonly string[] => {
  const room = width - widthOfGroup([front]) + GAP;
  const lines: Group[][] = [];
  let left = 0;
  for (const group of groups) {
    const needed = widthOfGroup(group);
    const line = lines.at(-1);
    if (line === undefined || needed > left) {
      lines.push([group]);
      left = room - needed;
    } else {
      line.push(group);
      left -= needed;
    }
  }
  return lines.map((line, index) => {
    const columns = [front, ...line.flat()];
    const rows = front.map((_, row) => columns.map((column) => column[row] ?? ""));
    return `${title}${index === 0 ? "" : " (continued)"}\n${tableText(rows)}`;
  });
};

/** One measure of every model: its figures, the tally of them, and how to tell them. */
interface Section {
  readonly title: string;
  readonly of: (outcome: Outcome) => readonly bigint[];
  readonly tell: (units: bigint) => string;
  /** What shares are shares of; nothing where there is no such thing. */
  readonly whole: bigint | undefined;
}

const section = (made: Comparison, { title, of, tell, whole }: Section, width: number): readonly string[] => {
  const [first] = made.outcomes;
  const front = ["payee", ...made.order.map((place) => visible(made.names[place] ?? "")), "total"];
  const column = (head: string, cell: (place: number) => string, total: string): Column => [
    head,
    ...made.order.map(cell),
    total,
  ];
  const groups = made.outcomes.map((outcome): Group => {
    const [is, was] = [of(outcome), first === undefined ? [] : of(first)];
    const at = (place: number): bigint => is[place] ?? 0n;
    const change = (place: number): string => signed(tell, at(place) - (was[place] ?? 0n));
    return [
      column(outcome.model, (place) => tell(at(place)), tell(sumOf(is))),
      ...(whole === undefined
        ? []
        : [column("share", (place) => percentOf(at(place), whole), percentOf(sumOf(is), whole))]),
      ...(outcome === first ? [] : [column("change", change, signed(tell, sumOf(is) - sumOf(was)))]),
    ];
  });
  return tables(title, front, groups, width);
};

const percent = (number: number | undefined): string => `${((number ?? 0) * 100).toFixed(2)} %`;

const learnedTable = (made: Comparison, { model, learned }: Outcome, width: number): readonly string[] => {
  if (learned === undefined) return [];
  const { effects, intervals, conversions, values } = learned;
  const isValued = made.whole.valueUnits !== 0n;
  const [parts, bounds] = [isValued ? values : conversions, isValued ? intervals?.values : intervals?.conversions];
  const name = isValued ? "of value" : "of conversions";
  const heads = intervals ? ["payee", "effect", "95 % from", "to", name, "95 % from", "to"] : ["payee", "effect", name];
  const rows = made.order.map((place) => {
    const between = (it: typeof bounds): readonly string[] =>
      it === undefined ? [] : [percent(it.lower[place]), percent(it.upper[place])];
    return [
      visible(made.names[place] ?? ""),
      percent(effects[place]),
      ...between(intervals?.effects),
      percent(parts[place]),
      ...between(bounds),
    ];
  });
  const [head, ...body] = tableText([heads, ...rows, heads.map(() => "")]).split("\n");
  const lines = [head, ...body.slice(0, -3)].join("\n");
  const title = folded(`${model}: what conversions depend on, ${fittingWords(learned)}`, width);
  return [`${title}\n${lines}\n`];
};

const origin = (made: Comparison): string => {
  const [first] = made.outcomes;
  const days = made.days ? `, ${made.days.from} to ${made.days.until}` : "";
  const models = made.outcomes.flatMap((it) => {
    const words = parameterWords(it.terms);
    return words.length === 0 ? [] : [`${it.model} ${words.join(", ")}`];
  });
  const priced = made.priced
    ? [`priced by ${made.priced.shown} over ${made.priced.terms.starts} to ${made.priced.terms.ends}`]
    : [];
  const journeys = first && made.kind === "events" ? journeyWords(first.terms) : [];
  return `${visible(made.shown)}: ${made.lines} lines of ${made.kind}${days}; ${[...journeys, ...models, ...priced].join("; ")}.`.replace(
    "; .",
    ".",
  );
};

/** A comparison for a terminal of some width: how much moves, then who gets what. */
export const comparisonText = (made: Comparison, columns: number): string => {
  const width = Math.max(LEAST_WIDTH, columns);
  const { whole, currency } = made;
  const value: Section = {
    title: "Value",
    of: (it) => it.valueUnits,
    tell: valueTeller(made),
    whole: whole.valueUnits,
  };
  const conversions: Section = {
    title: "Conversions",
    of: (it) => it.conversionsMicro,
    tell: conversionsText,
    whole: whole.valueUnits === 0n ? whole.conversionsMicro : undefined,
  };
  const pay: Section = {
    title: "Pay",
    of: payUnits,
    tell: (units) => spoken(Number(units), currency),
    whole: undefined,
  };
  const parts = [
    ...made.outcomes.slice(1).map(
      (it) =>
        `${headline(made, it)
          .map((text) => folded(text, width, "  "))
          .join("\n  ")}\n`,
    ),
    ...(whole.valueUnits === 0n ? [] : section(made, value, width)),
    ...(made.priced ? section(made, pay, width) : []),
    ...section(made, conversions, width),
    ...made.outcomes.flatMap((it) => learnedTable(made, it, width)),
    `${folded(origin(made), width)}\n`,
  ];
  return parts.join("\n");
};
