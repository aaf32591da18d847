import type * as v from "valibot";
import { HOUSE } from "../../shared/journey/touch.ts";
import { HOUSE_PLACE } from "../../shared/judge/columns.ts";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { AttributionPage, Bar } from "../../shared/wire/attribution.ts";
import { read } from "../engine/book.ts";
import type { CampaignSumDoc } from "../engine/shapes.ts";
import { influencerName } from "../shown/names.ts";
import type { Desk } from "./desk.ts";
import { fitted } from "./effects.ts";
import { type Journeys, journeysOf } from "./journeys.ts";
import type { Question } from "./question.ts";
import { type Readings, readingsOf } from "./readings.ts";
import { broughtRoutes, collapsed, journeysBy, type Route, routesIn, united } from "./routes.ts";
import { gained, type Part, sharesBy, sharesNow, summing, worths } from "./sharing.ts";

type Page = v.InferOutput<typeof AttributionPage>;
type Bars = readonly v.InferOutput<typeof Bar>[];

/** The results a campaign has, by name. */
export const resultsOf = async (desk: Pick<Desk, "reader">, campaign: string): Promise<readonly string[]> =>
  Object.keys((await read<CampaignSumDoc>(desk.reader, `sum/${campaign}`))?.results ?? {}).sort();

/** The one currency conversions are worth something in; nothing where there is none, or more than one. */
const currencyOf = ({ outcomes }: Journeys): string | null => {
  const all = new Set(outcomes.flatMap(({ currency }) => currency ?? []));
  return all.size === 1 ? ([...all][0] ?? null) : null;
};

interface Compared {
  readonly now: ReadonlyMap<number, Part>;
  readonly whatIf: ReadonlyMap<number, Part>;
  readonly moved: Part;
}

const compared = (
  journeys: Journeys,
  question: Question,
  routes: readonly Route[],
  values: readonly number[],
): Compared => {
  const { outcomes, payees } = journeys;
  const shares = sharesBy(journeys, question.terms, routes);
  const [now, whatIf] = [summing(), summing()];
  for (const [place, outcome] of outcomes.entries()) {
    const [is, would] = [sharesNow(outcome, payees.place), shares[place] ?? new Map<number, number>()];
    const worth = values[place] ?? 0;
    const [isWorth, wouldBeWorth] = [worths(worth, outcome.id, is), worths(worth, outcome.id, would)];
    for (const [payee, shareMicro] of is) now.add(payee, shareMicro, isWorth.get(payee) ?? 0);
    for (const [payee, shareMicro] of would) whatIf.add(payee, shareMicro, wouldBeWorth.get(payee) ?? 0);
  }
  return { now: now.sums, whatIf: whatIf.sums, moved: gained(whatIf.sums, now.sums) };
};

const LAG_DAYS = [0, 1, 2, 3, 5, 7, 14, 21, 30, 60, 90, 180];
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 8, 11, 21];

const barsOf = (edges: readonly number[], values: Iterable<number>): Bars => {
  const counts = edges.map(() => 0);
  for (const value of values) {
    const place = edges.findLastIndex((edge) => value >= edge);
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  return edges.map((from, place) => ({ from, until: edges[place + 1] ?? null, conversions: counts[place] ?? 0 }));
};

const lagsOf = ({ lagMs }: Readings, { terms: { windowDays } }: Question): Bars =>
  barsOf(
    LAG_DAYS.filter((days) => days === 0 || days < windowDays),
    [...lagMs].filter((ms) => ms >= 0).map((ms) => ms / DAY_MS),
  );

const MOST_PATHS = 20;

const byWeight = (a: Route, b: Route): number =>
  b.conversions - a.conversions || b.value - a.value || b.nulls - a.nulls || a.steps.length - b.steps.length;

/** The paths taken most, runs of one payee told once, and how many more there are. Equal ones in the order of their steps. */
const pathsShown = (routes: readonly Route[], names: readonly string[]): Pick<Page, "paths" | "morePaths"> => {
  const sorted = [...collapsed(routes)].sort(byWeight);
  const paths = sorted.slice(0, MOST_PATHS).map(({ steps, conversions, nulls, value }) => ({
    steps: steps.map((step) => names[step] ?? HOUSE),
    conversions,
    nulls,
    valueMinor: value,
  }));
  const more = sorted.slice(MOST_PATHS);
  const conversions = more.reduce((sum, it) => sum + it.conversions, 0);
  return { paths, morePaths: { paths: more.length, conversions } };
};

const MOST_EFFECTS = { 1: 200, 2: 60, 3: 25 } as const;

const totalsOf = (routes: readonly Route[]) => {
  const conversions = routes.reduce((sum, it) => sum + it.conversions, 0);
  return { conversions, journeys: conversions + routes.reduce((sum, it) => sum + it.nulls, 0) };
};

const MICRO = 1_000_000;

interface Named {
  readonly payee: string;
  readonly name: string;
}

const removalOf = async (
  desk: Desk,
  { campaign, from, until, terms }: Question,
  routes: readonly Route[],
  everybody: readonly Named[],
): Promise<Page["removal"]> => {
  const order = ([1, 2, 3] as const).find((it) => it === terms.order) ?? 1;
  const how = { wished: 1000, least: 50, budgetMs: 2500, seed: `${campaign} ${from} ${until}`, breathe: desk.breathe };
  const learner = { model: "markov", order, ordered: false } as const;
  const { weights, replicates } = await fitted(routes, everybody.length, learner, {
    ...how,
    most: MOST_EFFECTS[order],
  });
  const { conversions, journeys } = totalsOf(routes);
  const effects = weights.map(({ payee, effectNano, lowerNano, upperNano }) => ({
    ...present(everybody[payee], "somebody who has an effect"),
    effectNano,
    lowerNano,
    upperNano,
  }));
  return {
    order,
    baseMicro: journeys === 0 ? 0 : Math.round((conversions * MICRO) / journeys),
    replicates,
    effects: effects.sort((a, b) => b.effectNano - a.effectNano || (a.payee < b.payee ? -1 : 1)),
  };
};

const nothing: Part = { conversionsMicro: 0, valueMinor: 0 };

/** Everybody who has something, or is on some path, and the house: what others did in other campaigns is not told here. */
const payeesShown = (
  { now, whatIf }: Compared,
  lived: readonly Route[],
  routes: readonly Route[],
  everybody: readonly Named[],
): Page["payees"] => {
  const [journeys, met] = [lived, routes].map((it) => journeysBy(it, everybody.length));
  const rows = everybody.flatMap((named, payee) => {
    const [is, would] = [now.get(payee) ?? nothing, whatIf.get(payee) ?? nothing];
    const isSomebody = payee === HOUSE_PLACE || (met?.[payee] ?? 0) > 0 || is !== nothing || would !== nothing;
    return isSomebody ? [{ ...named, now: is, whatIf: would, journeys: journeys?.[payee] ?? 0 }] : [];
  });
  return rows.sort(
    (a, b) =>
      b.now.conversionsMicro - a.now.conversionsMicro ||
      b.whatIf.conversionsMicro - a.whatIf.conversionsMicro ||
      b.journeys - a.journeys ||
      (a.payee < b.payee ? -1 : 1),
  );
};

const named = async ({ reader }: Desk, payees: readonly string[]): Promise<readonly Named[]> => {
  const all: Named[] = [];
  for (const payee of payees)
    all.push({ payee, name: payee === HOUSE ? "House" : await influencerName(reader, payee) });
  return all;
};

/** The attribution page of a campaign: what the contracts decide, and what the question's terms would. */
export const pageOf = async (desk: Desk, question: Question, asOf: number): Promise<Page> => {
  const journeys = await journeysOf(desk, question);
  const { outcomes, payees } = journeys;
  const currency = currencyOf(journeys);
  const values = outcomes.map(({ valueMinor }) => (currency === null ? 0 : valueMinor));
  const readings = readingsOf(journeys, question.terms, values);
  await desk.breathe();
  const lived = united(routesIn(readings.paths));
  // What was brought along says neither when nor by whose contract: models learn from it, and nobody is credited.
  const routes = united([...lived, ...(await broughtRoutes(desk, question.campaign, payees, question.terms))]);
  const both = compared(journeys, question, routes, values);
  await desk.breathe();
  const everybody = await named(desk, payees.names);
  return {
    campaign: question.campaign,
    from: question.from,
    until: question.until,
    asOf,
    whatIf: question.terms,
    currency,
    result: question.result,
    results: [...(await resultsOf(desk, question.campaign))],
    touches: journeys.touchCount,
    journeys: totalsOf(lived).journeys,
    conversions: outcomes.length,
    valueMinor: values.reduce((sum, value) => sum + value, 0),
    lookedAtMicro: journeys.lookedAtMicro,
    payees: payeesShown(both, lived, routes, everybody),
    moved: both.moved,
    ...pathsShown(routes, payees.names),
    lags: [...lagsOf(readings, question)],
    lengths: [...barsOf(LENGTHS, readings.lengths)],
    removal: await removalOf(desk, question, routes, everybody),
  };
};
