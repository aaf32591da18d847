import * as v from "valibot";
import { id } from "../fact.kit.ts";
import { HOUSE } from "../journey/touch.ts";
import { canonical, type Json } from "../kit/canonical.ts";
import type { AttributionTerms } from "./attribution.ts";
import type { Effect } from "./models.ts";

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const nano = v.pipe(whole, v.maxValue(1_000_000_000));
const Day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/));

/** One payee of a fit: an influencer or the house, what it weighs in whole 10⁻⁹ths, its 95 % interval, on how many journeys it was. */
export const FitRowSchema = v.strictObject({
  payee: id,
  effectNano: nano,
  lowerNano: nano,
  upperNano: nano,
  journeys: whole,
  placesNano: v.optional(v.pipe(v.array(nano), v.maxLength(20))),
});

/**
 * The weights of a learned model, fitted on the journeys of some days of the past and frozen: what they were fitted with,
 * and what everybody weighs. The SHA-256 of its canonical text names it in the terms. `newcomerNano` is what a payee weighs
 * whom that past did not know: the least anybody weighs above nothing.
 */
export const FitSchema = v.strictObject({
  campaign: id,
  model: v.picklist(["markov", "shapley"]),
  order: v.optional(v.picklist([1, 2, 3])),
  ordered: v.optional(v.boolean()),
  from: Day,
  until: Day,
  windowDays: whole,
  house: v.picklist(["included", "excluded"]),
  after: v.optional(v.picklist(["reuse", "restart"])),
  viewDays: v.optional(whole),
  journeys: whole,
  conversions: whole,
  replicates: whole,
  seed: v.string(),
  newcomerNano: nano,
  rows: v.array(FitRowSchema),
});

/** The frozen weights of a learned model. */
export type Fit = v.InferOutput<typeof FitSchema>;
/** One payee of a fit. */
export type FitRow = v.InferOutput<typeof FitRowSchema>;

/** The text whose SHA-256 names a fit. */
export const fitText = (fit: Fit): string => canonical(fit as unknown as Json);

/** What a fit was made with, and what terms ask for, under the names both have for it. */
const manner = (
  it: Pick<AttributionTerms, "windowDays" | "house" | "after" | "viewDays" | "order" | "ordered"> & {
    readonly model: string;
  },
): Readonly<Record<string, string>> => ({
  model: String(it.model),
  windowDays: String(it.windowDays),
  house: String(it.house),
  after: it.after ?? "reuse",
  viewDays: String(it.viewDays ?? "nothing"),
  order: it.model === "markov" ? String(it.order ?? 1) : "nothing",
  ordered: String(it.ordered ?? false),
});

/**
 * Why terms cannot pay by a fit, or nothing: it must have been made for their model and parameters, over the days they
 * name. Its hash is for the caller to compare.
 */
export const misfit = (fit: Fit, terms: AttributionTerms): string | undefined => {
  const days = { from: terms.learned?.from, until: terms.learned?.until };
  const is = { ...manner(fit), from: fit.from, until: fit.until };
  const wanted: Readonly<Record<string, string | undefined>> = { ...manner(terms), ...days };
  const [name, value] = Object.entries(is).find(([key, said]) => said !== wanted[key]) ?? [];
  return name === undefined ? undefined : `was fitted with ${name} ${value}, and the terms say ${wanted[name]}`;
};

/** The least of some numbers that is above nothing; nothing where none is. */
const leastAbove = (numbers: readonly number[]): number => {
  const above = numbers.filter((number) => number > 0);
  return above.length === 0 ? 0 : Math.min(...above);
};

/** What a newcomer weighs at each place, by a fit that weighs places: the least anybody weighs there above nothing. */
const placesOfNewcomer = ({ rows }: Fit): readonly number[] => {
  const influencers = rows.filter(({ payee }) => payee !== HOUSE);
  const places = Math.max(0, ...influencers.map(({ placesNano = [] }) => placesNano.length));
  return Array.from({ length: places }, (_, place) =>
    leastAbove(influencers.map(({ placesNano = [] }) => placesNano[place] ?? placesNano.at(-1) ?? 0)),
  );
};

/**
 * What each of these payees of a journey weighs by a fit. `whose` says which influencer a contract belongs to; a payee the
 * fit does not know is a newcomer, of whom nothing is known but that: its interval is the point itself.
 */
export const effectsOf = (fit: Fit, payees: Iterable<string>, whose: (payee: string) => string): readonly Effect[] => {
  const { rows, newcomerNano } = fit;
  const newcomer = {
    ...{ effectNano: newcomerNano, lowerNano: newcomerNano, upperNano: newcomerNano },
    ...(fit.ordered && { placesNano: placesOfNewcomer(fit) }),
  };
  const known = new Map(rows.map((row) => [row.payee, row] as const));
  return [...new Set(payees)].sort().map((payee): Effect => {
    const row = known.get(payee === HOUSE ? HOUSE : whose(payee));
    if (row === undefined) return { payee, ...newcomer };
    const { effectNano, lowerNano, upperNano, placesNano } = row;
    return { payee, effectNano, lowerNano, upperNano, ...(placesNano && { placesNano }) };
  });
};

/** The least that anybody weighs above nothing: what a newcomer weighs. Nothing where nobody weighs anything. */
export const newcomerOf = (rows: readonly FitRow[]): number =>
  leastAbove(rows.filter(({ payee }) => payee !== HOUSE).map(({ effectNano }) => effectNano));
