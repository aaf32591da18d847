import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type Fit, newcomerOf } from "../../shared/judge/fit.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { payeeName } from "../engine/fits.ts";
import type { Desk } from "./desk.ts";
import { fitted, type Weight } from "./effects.ts";
import { journeysOf } from "./journeys.ts";
import type { Days } from "./question.ts";
import { readingsOf } from "./readings.ts";
import { broughtRoutes, type Route, renamed, routesIn } from "./routes.ts";
import { learnerOf } from "./sharing.ts";

/** A fit to be made: of a campaign's past days, by the parameters that terms will have. */
export interface FitOrder extends Days {
  readonly campaign: string;
  readonly terms: AttributionTerms & { readonly model: "markov" | "shapley" };
}

/** Payees in an order of their own, so that a fit does not depend on the order in which anything was met. */
const inOrder = (routes: readonly Route[], names: readonly string[]) => {
  const sorted = [HOUSE, ...names.filter((name) => name !== HOUSE).sort()];
  const places = new Map(sorted.map((name, place) => [name, place] as const));
  return { sorted, routes: renamed(routes, (payee) => places.get(names[payee] ?? HOUSE) ?? 0) };
};

const rowsOf = (weights: readonly Weight[], campaign: string, names: readonly string[]): Fit["rows"] =>
  weights
    .map(({ payee, placesNano, ...weight }) => ({
      ...weight,
      payee: payeeName(campaign, names[payee] ?? HOUSE),
      ...(placesNano && { placesNano: [...placesNano] }),
    }))
    .sort((a, b) => (a.payee < b.payee ? -1 : 1));

const sum = (routes: readonly Route[], what: "conversions" | "nulls"): number =>
  routes.reduce((all, route) => all + route[what], 0);

const PATIENCE = { wished: 1000, least: 100, budgetMs: 60_000 };

/**
 * Fit the weights of a learned model on a campaign's past. The same order on the same past gives the same fit, to the last
 * digit: the bootstrap is thrown by the campaign and the days.
 */
export const fitOf = async (desk: Desk, { campaign, from, until, terms }: FitOrder): Promise<Result<Fit>> => {
  const learner = learnerOf(terms);
  const journeys = await journeysOf(desk, { campaign, from, until, result: null, terms });
  const { paths } = readingsOf(journeys, terms, []);
  const { payees } = journeys;
  const brought = await broughtRoutes(desk, campaign, payees, terms);
  const { sorted, routes } = inOrder([...routesIn(paths), ...brought], payees.names);
  const conversions = sum(routes, "conversions");
  const led = sum(
    routes.filter(({ steps }) => steps.length > 0),
    "conversions",
  );
  if (!learner || led === 0)
    return refuse(
      "too-few-conversions",
      `Nothing can be learnt from ${from} to ${until} (UTC): ${conversions} conversions, none of them with a touch before it. Choose other days, or bring the campaign's past along.`,
    );
  const seed = `${campaign} ${from} ${until}`;
  const { weights, replicates } = await fitted(routes, sorted.length, learner, {
    ...PATIENCE,
    seed,
    breathe: desk.breathe,
  });
  const rows = rowsOf(weights, campaign, sorted);
  const { model, windowDays, house, after, viewDays } = terms;
  return ok({
    campaign,
    model,
    ...(model === "markov" && { order: learner.order }),
    ...(model === "shapley" && learner.ordered && { ordered: true }),
    from,
    until,
    windowDays,
    house,
    ...(after === "restart" && { after }),
    ...(viewDays !== undefined && { viewDays }),
    journeys: conversions + sum(routes, "nulls"),
    conversions,
    replicates,
    seed,
    newcomerNano: newcomerOf(rows),
    rows,
  });
};
