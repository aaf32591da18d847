import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type Effect, type ModelName, models } from "../../shared/judge/models.ts";
import type { Fitting, Learned } from "./learned.ts";

/** What was said about how to share; each model heeds what is its own. */
export type Parameters = Partial<
  Pick<
    AttributionTerms,
    "windowDays" | "house" | "after" | "viewDays" | "firstBp" | "lastBp" | "halfLifeDays" | "milestones" | "ordered"
  >
> & { readonly order?: 1 | 2 | 3 | undefined };

/** How far back a touch may lie, in days, where nothing is said. */
export const USUAL_WINDOW_DAYS = 30;

const own: Readonly<Partial<Record<ModelName, readonly (keyof Parameters)[]>>> = {
  position: ["firstBp", "lastBp"],
  timeDecay: ["halfLifeDays"],
  wShaped: ["milestones"],
  markov: ["order"],
  shapley: ["ordered"],
};

/** What terms say about sharing, whatever model they name. */
export const said = (terms: AttributionTerms | undefined): Parameters => {
  if (terms === undefined) return {};
  const { windowDays, house, after, viewDays, firstBp, lastBp, halfLifeDays, milestones, order, ordered } = terms;
  return {
    ...{ windowDays, house, after, viewDays, firstBp, lastBp, halfLifeDays, milestones, ordered },
    order: order as Parameters["order"],
  };
};

/** A model with what it heeds of the parameters, as terms have it. */
export const termsFor = (model: ModelName, said: Parameters): AttributionTerms => {
  const heeded = ["after", "viewDays", ...(own[model] ?? [])] as const;
  const members = heeded.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]] as const]));
  return {
    model,
    windowDays: said.windowDays ?? USUAL_WINDOW_DAYS,
    house: said.house ?? "included",
    ...Object.fromEntries(members),
  };
};

/** Is this a model whose weights are fitted? */
export const isLearned = (model: ModelName): model is Fitting["model"] => models[model].sees === "fit";

/** How a learned model of these terms is fitted. */
export const fittingOf = (
  { model, order = 1, ordered = false }: AttributionTerms,
  throws: Pick<Fitting, "isGlobal" | "replicates" | "seed">,
): Fitting => ({
  model: model === "shapley" ? "shapley" : "markov",
  order: order as Fitting["order"],
  ordered,
  ...throws,
});

/** What everybody weighs, by name, as the law reads it: the house comes first. */
export const effectsOf = ({ effectsNano, placesNano }: Learned, names: readonly string[]): readonly Effect[] =>
  names.map((name, place) => ({
    payee: place === 0 ? HOUSE : name,
    effectNano: effectsNano[place] ?? 0,
    lowerNano: effectsNano[place] ?? 0,
    upperNano: effectsNano[place] ?? 0,
    placesNano: placesNano?.[place],
  }));
