import { spoken } from "../../shared/kit/money.ts";
import { decimal, rational } from "../../shared/kit/rational.ts";
import type { Curve } from "../../shared/pay/simulate.curve.ts";
import { markTitles, scaleOf, ticks, timesOf } from "../../shared/pay/simulate.plot.ts";
import type { Quantiles, Simulation } from "../../shared/pay/simulate.ts";

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const CHART_ROWS = 10;
const LEAST_WIDTH = 40;
const WIDEST = 140;
const DOTS = 20;

/** What an amount of a cell's height looks like: from its foot up, or hanging from its top where pay is below nothing. */
const cell = (value: number, low: number, high: number): string => {
  if (value >= 0) {
    const part = (Math.min(value, high) - Math.max(0, low)) / (high - low);
    return low < 0 && high <= 0 ? " " : (EIGHTHS[Math.max(0, Math.min(8, Math.round(part * 8)))] ?? " ");
  }
  const hangs = (Math.min(0, high) - Math.max(value, low)) / (high - low);
  if (high > 0 || hangs <= 0.25) return " ";
  return hangs > 0.75 ? "█" : "▀";
};

/** The point each column stands for: the last one not beyond it, so that no step is drawn before it is reached. */
const sampled = ({ points }: Curve, columns: number): readonly number[] => {
  const most = points.at(-1)?.volume ?? 1;
  return Array.from({ length: columns }, (_, column) => {
    const volume = Math.floor(((column + 1) * most) / columns);
    return points.findLast((it) => it.volume <= volume)?.amountMinor ?? 0;
  });
};

const markRow = ({ marks, points }: Curve, columns: number): string => {
  const row = Array.from({ length: columns }, () => "─");
  const place = scaleOf(0, points.at(-1)?.volume ?? 1, 0, columns);
  for (const { volume } of marks) {
    const column = Math.ceil(place(volume)) - 1;
    if (column >= 0 && column < columns) row[column] = "▲";
  }
  return row.join("");
};

const many = (count: number, one: string): string => `${count} ${one}`;

/** Pay over volume as columns, with a mark under each volume where the terms change what they do. */
const curveChart = (curve: Curve, width: number): string => {
  const { currency } = curve.terms;
  const pay = curve.points.map(({ amountMinor }) => amountMinor);
  const up = ticks(Math.min(0, ...pay), Math.max(1, ...pay), 4);
  const [low, high] = [up[0] ?? 0, up.at(-1) ?? 1];
  const margin = Math.max(spoken(high, currency).length, spoken(low, currency).length);
  const columns = Math.max(10, width - margin - 2);
  const all = sampled(curve, columns);
  const height = (high - low) / CHART_ROWS;
  const rows = Array.from({ length: CHART_ROWS }, (_, row) => {
    const top = high - row * height;
    const label = row === 0 ? spoken(high, currency) : "";
    return `${label.padStart(margin)} │${all.map((value) => cell(value, top - height, top)).join("")}`.trimEnd();
  });
  const most = String(curve.points.at(-1)?.volume ?? 0);
  const axis = `${spoken(low, currency).padStart(margin)} └${markRow(curve, columns)}`;
  const numbers = `${" ".repeat(margin + 2)}0${most.padStart(columns - 1)}`;
  const marks = [...curve.marks]
    .sort((a, b) => a.volume - b.volume)
    .map(({ volume, kind, at }) => `${" ".repeat(margin + 2)}▲ ${volume} ${markTitles[kind]} (${at})`);
  const over = curve.over === "period" ? "in one period" : "in the whole contract";
  return [`Pay for ${curve.result} ${over}`, ...rows, axis, numbers, ...marks, ""].join("\n");
};

const range = ({ p10, p50, p90 }: Quantiles, low: number, high: number, columns: number): string => {
  const place = scaleOf(low, high, 0, columns - 1);
  const [from, middle, to] = [Math.round(place(p10)), Math.round(place(p50)), Math.round(place(p90))];
  return Array.from({ length: columns }, (_, column) => {
    if (column === middle) return "●";
    return column >= from && column <= to ? "━" : "·";
  }).join("");
};

const folded = (text: string, width: number, indent: string): string => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 + indent.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
};

/** What has been earned by the end of each period, as ranges that open like a fan. */
const fan = ({ periods, currency }: Simulation, width: number): string => {
  const all = periods.map(({ soFarMinor }) => soFarMinor);
  const [low, high] = [Math.min(0, ...all.map(({ p10 }) => p10)), Math.max(1, ...all.map(({ p90 }) => p90))];
  const amounts = all.map(({ p50 }) => spoken(p50, currency));
  const margin = Math.max(...amounts.map((it) => it.length));
  const columns = Math.max(10, width - margin - 14);
  const rows = periods.map(
    ({ ends, soFarMinor }, index) =>
      `${ends}  ${range(soFarMinor, low, high, columns)}  ${(amounts[index] ?? "").padStart(margin)}`,
  );
  const says = folded("Earned by then: ● half of the time less, ━ eight times of ten within", width, "");
  return [says, ...rows, ""].join("\n");
};

/** How often each amount comes, as one row of columns. */
const histogram = ({ bins, currency }: Simulation): string => {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const row = bins
    .map(({ count }) => (count === 0 ? "·" : (EIGHTHS[Math.max(1, Math.round((count / most) * 8))] ?? "")))
    .join("");
  const [first, last] = [bins[0]?.fromMinor ?? 0, bins.at(-1)?.untilMinor ?? 0];
  const [least, largest] = [spoken(first, currency), spoken(last, currency)];
  return `How often each total comes\n${row}\n${least}${largest.padStart(Math.max(largest.length + 1, bins.length - least.length))}\n`;
};

const percent = (micro: number): string => `${decimal(rational(micro, 10_000), 1)} %`;

const missing = ({ guarantee, periods }: Simulation): readonly string[] => {
  if (!guarantee) return [];
  const dots = (micro: number): string => "●".repeat(timesOf(micro, DOTS)) + "○".repeat(DOTS - timesOf(micro, DOTS));
  const rows = periods.flatMap(({ ends, missedMicro }) =>
    missedMicro === null ? [] : [`${ends}  ${dots(missedMicro)}  ${percent(missedMicro)}`],
  );
  return [
    `Missing the guarantee of ${guarantee.target} ${guarantee.result}`,
    ...rows,
    `anywhere    ${dots(guarantee.missedMicro)}  ${percent(guarantee.missedMicro)}`,
    "",
  ];
};

const results = (micro: number): string => decimal(rational(micro, 1_000_000), 2).replace(/\.?0+$/, "");

const table = (made: Simulation): string => {
  const { currency, payMinor, perResultMinor, volumeMicro, guarantee, result } = made;
  const money = (it: Quantiles): readonly string[] =>
    [it.p10, it.p50, it.p90, it.mean].map((minor) => spoken(minor, currency));
  const rows: readonly (readonly string[])[] = [
    ["", "P10", "P50", "P90", "mean"],
    ["pay", ...money(payMinor)],
    [`${result} results`, ...[volumeMicro.p10, volumeMicro.p50, volumeMicro.p90, volumeMicro.mean].map(results)],
    ...(perResultMinor ? [[`cost of one ${result}`, ...money(perResultMinor)]] : []),
    ...(guarantee ? [["remedy", ...money(guarantee.remedyMinor)]] : []),
  ];
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length));
  return rows
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(width(0)) : text.padStart(width(column))))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

const warned = ({ warnings }: Simulation, width: number): readonly string[] =>
  warnings.length === 0
    ? []
    : ["", ...warnings.map(({ at, because }) => `! ${folded(`${at} ${because}`, width, "  ")}`)];

const origin = ({ seed, runs, history }: Simulation): string => {
  if (!history)
    return `${many(runs, "runs")}, seed ${seed}: the same terms, expectations and seed give the same picture.`;
  const by = { period: "whole periods", week: "weeks", whole: "all" }[history.by];
  return `${many(runs, "runs")}, seed ${seed}, drawn from ${by} of ${many(history.days, "days")} of history.`;
};

/** A simulation for a terminal of some width: pictures first, then figures, then what to beware of. */
export const asText = (made: Simulation, columns: number): string => {
  const width = Math.min(WIDEST, Math.max(LEAST_WIDTH, columns));
  const parts = [
    ...made.curves.map((it) => curveChart(it, width)),
    fan(made, width),
    histogram(made),
    ...missing(made),
    table(made),
    ...warned(made, width),
    "",
    folded(origin(made), width, ""),
  ];
  return `${parts.join("\n")}\n`;
};
