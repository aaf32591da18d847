import type { Model, ModelTerms } from "../../shared/judge/attribution.ts";
import { must } from "../../shared/kit/shape.ts";
import type { PathRow } from "./paths.ts";
import { LARGEST_ADDEND, type Sums } from "./sums.ts";
import type { Tally } from "./tally.ts";

/** How paths are shared: by a model that looks at nothing but places; conversions without a touch are the house's. */
export interface PathSharing {
  readonly model: Model;
  readonly terms: ModelTerms;
  readonly house: string;
}

/** What each place of a path with so many touches weighs, and what they weigh together. */
interface Weights {
  readonly each: readonly number[];
  readonly of: number;
  readonly largest: number;
}

const weightsFor = (touches: number, { model, terms }: PathSharing): Weights => {
  const steps = Array.from({ length: touches }, () => ({ at: 0, payee: "" }));
  const each = model.weigh(steps, terms).map(Number);
  const of = each.reduce((sum, weight) => sum + weight, 0);
  must(of > 0 && Number.isSafeInteger(of), "weights that no double holds");
  return { each, of, largest: each.reduce((most, weight) => Math.max(most, weight), 0) };
};

const addTo = (sums: Sums, places: readonly number[], whole: bigint, { each, largest }: Weights): void => {
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
 * Shares the lines of a file of paths among their payees, into a tally: whole numbers over what the touches of the line
 * weigh together, so nothing is rounded before the tally is reported.
 */
export const pathSharing = (sharing: PathSharing, into: Tally): ((row: PathRow) => void) => {
  must(sharing.model.sees === "places", "a model that needs to know more than a path says");
  const known = new Map<number, Weights>();
  const weightsOf = (touches: number): Weights => {
    const found = known.get(touches);
    if (found !== undefined) return found;
    const made = weightsFor(touches, sharing);
    known.set(touches, made);
    return made;
  };
  return ({ payees, conversionsMicro, value }) => {
    const isNothing = conversionsMicro === 0n && value.units === 0n;
    if (payees.length === 0 && isNothing) return;
    const places = (payees.length === 0 ? [sharing.house] : payees).map(into.see);
    if (isNothing) return;
    const weights = weightsOf(places.length);
    const { conversions, values } = into.over(weights.of, value.digits);
    addTo(conversions, places, conversionsMicro, weights);
    addTo(values, places, value.units, weights);
  };
};
