import { type Rational, rational } from "../kit/rational.ts";

/** One whole result in the unit volumes are kept in: 10⁶ millionths × 1000 ‰, so that a refund of some thousandths of a share stays a whole number. */
export const NANO = 1_000_000_000n;

/**
 * How much of one result a contract brought in one period, net of refunds. `countNano`: results × 10⁹; `valueNano`:
 * minor units of value × 10⁹. Whole numbers, so that volumes add up the same in any order.
 */
export interface Volume {
  readonly countNano: bigint;
  readonly valueNano: bigint;
}

/** Volumes by result name. */
export type Volumes = ReadonlyMap<string, Volume>;

/** No volume at all. */
export const noVolume: Volume = { countNano: 0n, valueNano: 0n };

/** The volume of one result, zero when there was none. */
export const volumeOf = (volumes: Volumes, result: string): Volume => volumes.get(result) ?? noVolume;

/** `permille` thousandths of a share of one conversion, as volume; negative for what is taken back. */
export const portion = (shareMicro: number, permille: number, valueMinor: number | undefined): Volume => {
  const countNano = BigInt(shareMicro) * BigInt(permille);
  return { countNano, valueNano: countNano * BigInt(valueMinor ?? 0) };
};

/** The volumes with some more, or less, of one result. */
export const grown = (volumes: Volumes, result: string, by: Volume): Volumes => {
  const before = volumeOf(volumes, result);
  return new Map(volumes).set(result, {
    countNano: before.countNano + by.countNano,
    valueNano: before.valueNano + by.valueNano,
  });
};

/** Results as an exact number: 12½ leads is 25/2. */
export const counted = (volume: Volume): Rational => rational(volume.countNano, NANO);

/** Value as an exact number of minor units. */
export const valued = (volume: Volume): Rational => rational(volume.valueNano, NANO);
