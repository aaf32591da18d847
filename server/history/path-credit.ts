import { HOUSE } from "../../shared/journey/touch.ts";
import type { Effect, Model, ModelTerms } from "../../shared/judge/models.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { apportion } from "../../shared/kit/money.ts";
import { must, present } from "../../shared/kit/shape.ts";
import type { PathRow } from "./paths.ts";
import { LARGEST_ADDEND, type Sums } from "./sums.ts";
import type { Tally } from "./tally.ts";

/** How paths are shared: by a model that needs no clock; conversions without a touch are the house's. */
export interface PathSharing {
  readonly model: Model;
  readonly terms: ModelTerms & { readonly house: "included" | "excluded" };
  /** What the file calls the brand itself. */
  readonly house: string;
  /** For a learned model what everybody weighs, the house as `HOUSE`. */
  readonly effects?: readonly Effect[] | undefined;
}

/** What each payee of a path weighs, once each, and what they weigh together. */
export interface PathWeights {
  readonly payees: readonly string[];
  readonly each: readonly number[];
  readonly of: number;
  readonly largest: number;
}

/** Parts of a path where weights are no small whole numbers. */
const FINE = 1_000_000_000;

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));

const inParts = (weights: ReadonlyMap<string, bigint>, isLearned: boolean): readonly number[] => {
  const all = [...weights.values()];
  const common = all.reduce(divisor, 0n);
  const total = all.reduce((sum, weight) => sum + weight, 0n) / common;
  if (!isLearned && total <= FINE) return all.map((weight) => Number(weight / common));
  return apportion(
    FINE,
    [...weights].map(([id, weight]) => ({ id, weight, tie: scatter(id) })),
  );
};

const weighed = (path: readonly string[], { model, terms, house, effects }: PathSharing): PathWeights => {
  const steps = path.map((payee) => ({ at: 0, payee: payee === house ? HOUSE : payee }));
  const weights = model.weigh(steps, terms, effects === undefined ? {} : { effects });
  const sums = new Map<string, bigint>();
  path.forEach((payee, index) => {
    sums.set(payee, (sums.get(payee) ?? 0n) + present(weights[index], "a weight"));
  });
  const each = inParts(sums, model.sees === "fit");
  const of = each.reduce((sum, weight) => sum + weight, 0);
  must(of > 0 && of <= FINE, "weights that no double holds");
  return { payees: [...sums.keys()], each, of, largest: Math.max(...each) };
};

/** What the place of each touch weighs, for models that look at nothing else: found once for each length. */
const byLength = (sharing: PathSharing): ((path: readonly string[]) => PathWeights) => {
  const known = new Map<number, PathWeights>();
  return (path) => {
    let found = known.get(path.length);
    if (found === undefined) {
      const places = path.map((_, place) => String(place));
      found = weighed(places, { ...sharing, house: "" });
      known.set(path.length, found);
    }
    const { each, of, largest } = found;
    return { payees: path, each, of, largest };
  };
};

/**
 * Weighs the payees of paths, exactly: in whole numbers, by a learned model in 10⁹ths of a path. A payee may be listed
 * more than once, with a part each time. A path without a touch, or of house touches that are left out, is the house's.
 */
export const pathWeighing = (sharing: PathSharing): ((path: readonly string[]) => PathWeights) => {
  const { model, terms, house } = sharing;
  must(model.sees !== "instants" && model.sees !== "milestones", "a model that needs to know more than a path says");
  const weigh = model.sees === "places" ? byLength(sharing) : (path: readonly string[]) => weighed(path, sharing);
  const alone: PathWeights = { payees: [house], each: [1], of: 1, largest: 1 };
  return (path) => {
    const counted = terms.house === "excluded" ? path.filter((payee) => payee !== house) : path;
    return counted.length === 0 ? alone : weigh(counted);
  };
};

const addTo = (sums: Sums, places: readonly number[], whole: bigint, { each, largest }: PathWeights): void => {
  if (whole === 0n) return;
  const amount = Number(whole);
  const isSmall = Math.abs(amount) * largest <= LARGEST_ADDEND;
  places.forEach((place, index) => {
    const weight = each[index] ?? 0;
    if (weight === 0) return;
    if (isSmall) sums.add(place, amount * weight);
    else sums.addLarge(place, whole * BigInt(weight));
  });
};

/**
 * Adds what the payees of a line get to a tally: whole numbers over what they weigh together, so nothing is rounded before
 * the tally is reported.
 */
export const tallyPath = (
  { payees, conversionsMicro, value }: Pick<PathRow, "payees" | "conversionsMicro" | "value">,
  weigh: (path: readonly string[]) => PathWeights,
  into: Tally,
): void => {
  const isNothing = conversionsMicro === 0n && value.units === 0n;
  const weights = isNothing ? undefined : weigh(payees);
  // Who gets nothing is seen all the same.
  if (weights?.payees !== payees) for (const payee of payees) into.see(payee);
  if (weights === undefined) return;
  const places = weights.payees.map(into.see);
  const { conversions, values } = into.over(weights.of, value.digits);
  addTo(conversions, places, conversionsMicro, weights);
  addTo(values, places, value.units, weights);
};
