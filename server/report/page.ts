import { basename } from "node:path";
import { spoken } from "../../shared/kit/money.ts";
import { type Comparison, journeyWords, type Outcome, parameterWords, titleOf } from "../history/comparison.ts";
import { bars, type Drawn } from "./bars.ts";
import { effectsFigure } from "./effects.ts";
import { everything } from "./everything.ts";
import {
  conversionsText,
  journeysText,
  measureOf,
  movedBy,
  payUnits,
  percentOf,
  signed,
  sumOf,
  tellHalf,
} from "./figures.ts";
import { flow } from "./flow.ts";
import { histogram } from "./histogram.ts";
import { figureOf, line, safe, tableOf } from "./markup.ts";
import { STYLE } from "./style.ts";
import { fittingWords } from "./words.ts";

const moneyOf =
  ({ currency }: Comparison) =>
  (units: bigint): string =>
    spoken(Number(units), currency);

const lead = (made: Comparison): string => {
  const [first, ...others] = made.outcomes;
  const measure = measureOf(made);
  const moved = others.map((it) => ({ it, twice: movedBy(made, it, measure.of) }));
  const [most] = [...moved].sort((a, b) => (a.twice < b.twice ? 1 : -1));
  if (first === undefined || most === undefined) return "";
  const part = percentOf(most.twice, measure.whole * 2n);
  if (most.twice === 0n) return `<p class="lead">None of these models moves anything: they share this file alike.</p>`;
  const whole = safe(measure.tell(measure.whole));
  return `<p class="lead">Choosing ${safe(most.it.model)} instead of ${safe(first.model)} moves <b>${safe(tellHalf(measure.tell, most.twice))}</b> of ${whole} to other payees: <b>${part}</b> of it.</p>`;
};

const payCells = (made: Comparison, outcome: Outcome, first: Outcome): readonly string[] => {
  const money = moneyOf(made);
  const [is, was] = [sumOf(payUnits(outcome)), sumOf(payUnits(first))];
  return [tellHalf(money, movedBy(made, outcome, payUnits)), `${money(is)} (${signed(money, is - was)})`].map(safe);
};

const movedTable = (made: Comparison): string => {
  const [first, ...others] = made.outcomes;
  if (first === undefined) return "";
  const measure = measureOf(made);
  const isPaid = made.priced !== undefined;
  const whole = made.whole.conversionsMicro;
  const lines = others.map((it) => {
    const twice = movedBy(made, it, measure.of);
    return line(`${safe(first.model)} → ${safe(it.model)}`, [
      safe(tellHalf(measure.tell, twice)),
      percentOf(twice, measure.whole * 2n),
      ...(isPaid ? payCells(made, it, first) : []),
      it.changed ? percentOf(it.changed.payeesMicro, whole) : "–",
      it.changed ? percentOf(it.changed.sharesMicro, whole) : "–",
    ]);
  });
  const heads = [
    "going from → to",
    `${measure.name} moved`,
    "of all",
    ...(isPaid ? ["pay moved", "pay in all"] : []),
    "journeys with other payees",
    "with other shares",
  ];
  return tableOf("Half the sum of all payees’ differences", heads, lines);
};

const valueBars = (made: Comparison): string => {
  const measure = measureOf(made);
  const isValue = measure.name === "value";
  const drawn: Drawn = {
    title: measure.name,
    of: measure.of,
    tell: isValue ? measure.tell : conversionsText,
    bounds: ({ learned }) => (isValue ? learned?.intervals?.values : learned?.intervals?.conversions),
    whole: measure.whole,
  };
  const says = isValue
    ? "The value of the conversions each payee is credited with, and what changes."
    : "The conversions each payee is credited with, and what changes.";
  return figureOf("Who gets what, under each model", says, bars(made, drawn), "");
};

const payBars = (made: Comparison): string => {
  if (made.priced === undefined) return "";
  const { shown, terms } = made.priced;
  const drawn: Drawn = { title: "pay", of: payUnits, tell: moneyOf(made), bounds: () => undefined, whole: 0n };
  const says = `What each payee’s contract would earn under ${safe(basename(shown))}, from ${terms.starts} to ${terms.ends}, all results counting.`;
  return figureOf("What each is paid", says, bars(made, drawn), "");
};

const journeysPart = (made: Comparison): string => {
  const { converted, lapsed, lengths, lags } = made.journeys;
  if (converted + lapsed === 0) return "";
  const { picture, behind } = flow(made);
  const counted = `${journeysText(converted)} journeys converted, ${journeysText(lapsed)} did not.`;
  const flows = figureOf(
    "Where journeys begin, pass and end",
    `${counted} Between: whoever was met there, or several. By colour: the payees on most journeys.`,
    picture,
    behind,
  );
  const length = histogram(lengths, "touches", true);
  const lag = lags && histogram(lags, "days", false);
  const lengthFigure = figureOf("Path length", "How many touches led to a conversion.", length.picture, length.behind);
  const lagFigure = lag
    ? figureOf("Time lag", "Days from a journey’s first touch to its conversion.", lag.picture, lag.behind)
    : "";
  return `<h2>The journeys</h2>${flows}<div class="pair">${lengthFigure}${lagFigure}</div>`;
};

const told = (made: Comparison, { terms, model, learned }: Outcome): string => {
  const words = [...parameterWords(terms), ...(learned ? [`fitted on this file: ${fittingWords(learned)}`] : [])];
  return `<dt>${safe(model)}</dt><dd>${safe(titleOf({ model }))}${words.length > 0 ? ` (${safe(words.join(", "))})` : ""}${made.outcomes[0]?.model === model ? "; compared with" : ""}</dd>`;
};

const origin = (made: Comparison): string => {
  const { priced, days, kind, lines, throws } = made;
  const [first] = made.outcomes;
  const entry = (name: string, says: string): string => `<dt>${name}</dt><dd>${says}</dd>`;
  const isLearned = made.outcomes.some(({ learned }) => learned);
  return `<h2>What was read</h2><dl>${[
    entry(
      "file",
      `${safe(basename(made.shown))}: ${lines} lines of ${kind}${days ? `, ${days.from} to ${days.until}` : ""}`,
    ),
    first && kind === "events" ? entry("journeys", safe(journeyWords(first.terms).join(", "))) : "",
    ...made.outcomes.map((it) => told(made, it)),
    priced ? entry("terms", `${safe(basename(priced.shown))}, SHA-256 <code>${priced.hash}</code>`) : "",
    isLearned && throws.replicates > 0
      ? entry("intervals", `95 % of ${throws.replicates} replicates, seed <code>${safe(throws.seed)}</code>`)
      : "",
    entry("made by", `Makegood ${safe(made.version)}; the same file, models and seed make the same report`),
  ].join(
    "",
  )}</dl>${isLearned ? '<p class="quiet">A model fitted on the very file it shares shows what it would have done. To pay by it, freeze a fit first.</p>' : ""}`;
};

/** A comparison as one page that needs nothing else, to keep, send or print. Whatever a file said in it is text, never markup. */
export const reportPage = (made: Comparison): string => {
  const title = `What the choice of model moves`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${title}: ${safe(basename(made.shown))}</title><style>${STYLE}</style></head><body>
<header><h1>${title}</h1><p class="quiet">${safe(basename(made.shown))}${made.days ? `, ${made.days.from} to ${made.days.until}` : ""}: ${conversionsText(made.whole.conversionsMicro).replace(/\.00$/, "")} conversions${made.whole.valueUnits === 0n ? "" : ` worth ${safe(measureOf(made).tell(made.whole.valueUnits))}`}</p></header>
<main>${lead(made)}
${movedTable(made)}
${valueBars(made)}
${payBars(made)}
${made.outcomes.map((it) => effectsFigure(made, it)).join("\n")}
${journeysPart(made)}
${everything(made)}
</main><footer>${origin(made)}</footer>
</body></html>
`;
};
