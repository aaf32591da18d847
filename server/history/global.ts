import { HOUSE_PLACE } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { apportionLarge } from "../../shared/kit/money.ts";
import type { Learned } from "./learned.ts";
import type { Tally } from "./tally.ts";

/** What is shared all at once: millionths of conversions, and value in units of 10^−digits. */
export interface Whole {
  readonly conversionsMicro: bigint;
  readonly valueUnits: bigint;
  readonly digits: number;
}

/** A double's own precision: parts are turned into whole weights without losing any of it that matters. */
const FINE = 2 ** 52;

const shared = (whole: bigint, parts: Float64Array, names: readonly string[]): readonly bigint[] => {
  const claims = names.map((id, place) => ({
    id,
    weight: BigInt(Math.round((parts[place] ?? 0) * FINE)),
    tie: scatter(id),
  }));
  // Where nobody has any effect nothing led anywhere: it is the house's.
  if (claims.every(({ weight }) => weight === 0n)) return names.map((_, place) => (place === HOUSE_PLACE ? whole : 0n));
  return apportionLarge(whole, claims);
};

/** Add to a tally what everybody gets of the whole by effects alone; of `names` the house is the first. */
export const tallyWhole = (
  { conversionsMicro, valueUnits, digits }: Whole,
  { conversions, values }: Pick<Learned, "conversions" | "values">,
  names: readonly string[],
  into: Tally,
): void => {
  const sums = into.over(1, digits);
  const [counts, amounts] = [shared(conversionsMicro, conversions, names), shared(valueUnits, values, names)];
  names.forEach((name, place) => {
    const [count, amount] = [counts[place] ?? 0n, amounts[place] ?? 0n];
    if (place === HOUSE_PLACE && count === 0n && amount === 0n) return;
    const seen = into.see(name);
    sums.conversions.addLarge(seen, count);
    sums.values.addLarge(seen, amount);
  });
};
