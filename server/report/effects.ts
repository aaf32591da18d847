import type { Comparison, Outcome } from "../history/comparison.ts";
import type { Learned } from "../history/learned.ts";
import { bdi, figureOf, num, safe } from "./markup.ts";
import { fittingWords } from "./words.ts";

const MOST_PAYEES = 20;

const percent = (number: number | undefined): string => `${((number ?? 0) * 100).toFixed(2)} %`;

const dot = (effect: number, bounds: readonly [number, number] | undefined, most: number, title: string): string => {
  const x = (value: number): number => (most === 0 ? 0 : (value / most) * 100);
  const whisker = bounds
    ? `<path class="whisker" d="M${num(x(bounds[0]))} 8H${num(x(bounds[1]))}M${num(x(bounds[0]))} 3V13M${num(x(bounds[1]))} 3V13" fill="none"/>`
    : "";
  return `<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label="${safe(title)}"><path class="axis" d="M0 0V16"/><rect class="other" x="0" y="5" width="${num(x(effect))}" height="6"/>${whisker}</svg>`;
};

const rows = (made: Comparison, { effects, intervals }: Learned): string => {
  const order = [...made.order].sort((a, b) => (effects[b] ?? 0) - (effects[a] ?? 0));
  const bounds = (place: number) =>
    intervals && ([intervals.effects.lower[place] ?? 0, intervals.effects.upper[place] ?? 0] as const);
  const most = Math.max(0, ...order.flatMap((place) => [effects[place] ?? 0, bounds(place)?.[1] ?? 0]));
  return order
    .slice(0, MOST_PAYEES)
    .map((place) => {
      const found = bounds(place);
      const title = `${made.names[place] ?? ""}: ${percent(effects[place])}`;
      return `<tr><th scope="row">${bdi(made.names[place] ?? "")}</th><td class="bar">${dot(effects[place] ?? 0, found, most, title)}</td><td>${percent(effects[place])}</td><td>${found ? `${percent(found[0]).replace(" %", "")} – ${percent(found[1])}` : ""}</td></tr>`;
    })
    .join("");
};

const SAYS: Readonly<Record<string, string>> = {
  markov: "The part of all conversions that would fall away without each of them.",
  shapley: "Each one's fair part of all conversions, counted once a journey.",
};

/** What conversions depend on, by a learned model, with its intervals. */
export const effectsFigure = (made: Comparison, { model, learned }: Outcome): string => {
  if (learned === undefined) return "";
  const more = made.order.length > MOST_PAYEES ? ` The ${MOST_PAYEES} largest; all are in the table below.` : "";
  const table = `<table class="bars effects"><colgroup><col class="name"><col><col class="amount"><col class="bounds"></colgroup><thead><tr><th scope="col">payee</th><th scope="col"></th><th scope="col">effect</th><th scope="col">${learned.intervals ? "95 % interval" : ""}</th></tr></thead><tbody>${rows(made, learned)}</tbody></table>`;
  return figureOf(
    `What conversions depend on: ${model}`,
    `${SAYS[model] ?? ""} Fitted on this file: ${safe(fittingWords(learned))}.${more}`,
    table,
    "",
  );
};
