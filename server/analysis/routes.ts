import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { pathsOfCampaign } from "../history/brought.ts";
import type { Places } from "./cast.ts";
import type { Desk } from "./desk.ts";

/** A path with what became of those who took it: steps are places of payees, the worth is in minor units. */
export interface Route {
  readonly steps: readonly number[];
  readonly conversions: number;
  readonly nulls: number;
  readonly value: number;
}

/** Paths out of their columns. */
export const routesIn = ({ begins, steps, conversions, nulls, values }: Paths): readonly Route[] =>
  Array.from(conversions, (count, path) => ({
    steps: [...steps.subarray(begins[path] ?? 0, begins[path + 1] ?? 0)],
    conversions: count,
    nulls: nulls[path] ?? 0,
    value: values[path] ?? 0,
  }));

const MICRO = 1_000_000;

/** The paths a campaign brought with it from its past, as terms see them. Parts of conversions are rounded: models count whole ones. */
export const broughtRoutes = async (
  { reader, breathe }: Desk,
  campaign: string,
  payees: Places,
  { house }: Pick<AttributionTerms, "house">,
): Promise<readonly Route[]> => {
  const routes: Route[] = [];
  const isWanted = (payee: string): boolean => house === "included" || payee !== HOUSE;
  for await (const rows of pathsOfCampaign(reader, campaign)) {
    for (const { path, conversionsMicro, nulls, valueMinor } of rows) {
      const steps = path.filter(isWanted).map((payee) => payees.place(payee));
      routes.push({ steps, conversions: Math.round(conversionsMicro / MICRO), nulls, value: valueMinor });
    }
    await breathe();
  }
  return routes;
};

const inOrder = (a: readonly number[], b: readonly number[]): number => {
  const length = Math.min(a.length, b.length);
  for (let place = 0; place < length; place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

/** Each path once, in the order of its steps: the same routes, however they come, are the same list. */
export const united = (routes: readonly Route[]): readonly Route[] => {
  const sorted = [...routes].sort((a, b) => inOrder(a.steps, b.steps));
  const all: Route[] = [];
  for (const route of sorted) {
    const last = all.at(-1);
    if (!last || inOrder(last.steps, route.steps) !== 0) {
      all.push(route);
      continue;
    }
    const { steps, conversions, nulls, value } = route;
    all[all.length - 1] = {
      steps,
      conversions: last.conversions + conversions,
      nulls: last.nulls + nulls,
      value: last.value + value,
    };
  }
  return all;
};

/** The same routes among payees in other places. */
export const renamed = (routes: readonly Route[], place: (payee: number) => number): readonly Route[] =>
  united(routes.map(({ steps, ...rest }) => ({ ...rest, steps: steps.map(place) })));

/** Runs of one payee told once. */
export const collapsed = (routes: readonly Route[]): readonly Route[] =>
  united(
    routes.map(({ steps, ...rest }) => ({ ...rest, steps: steps.filter((it, place) => it !== steps[place - 1]) })),
  );

/** Routes in columns, as models take them. */
export const pathsIn = (routes: readonly Route[], payees: number): Paths => {
  const begins = new Int32Array(routes.length + 1);
  for (const [place, { steps }] of routes.entries()) begins[place + 1] = (begins[place] ?? 0) + steps.length;
  const steps = new Int32Array(begins.at(-1) ?? 0);
  for (const [place, route] of routes.entries()) steps.set(route.steps, begins[place]);
  return {
    payees,
    begins,
    steps,
    conversions: Float64Array.from(routes, ({ conversions }) => conversions),
    nulls: Float64Array.from(routes, ({ nulls }) => nulls),
    values: Float64Array.from(routes, ({ value }) => value),
  };
};

/** On how many journeys each payee was, converting and not. */
export const journeysBy = (routes: readonly Route[], payees: number): Float64Array => {
  const counts = new Float64Array(payees);
  for (const { steps, conversions, nulls } of routes)
    for (const payee of new Set(steps)) counts[payee] = (counts[payee] ?? 0) + conversions + nulls;
  return counts;
};
