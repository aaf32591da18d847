import fc from "fast-check";
import type { Paths } from "../../shared/judge/columns.ts";

/** A path as one would write it down. */
export interface Written {
  readonly steps: readonly number[];
  readonly conversions: number;
  readonly nulls: number;
  readonly value?: number;
}

export const pathsOf = (payees: number, written: readonly Written[]): Paths => {
  const begins = [0];
  for (const { steps } of written) begins.push(begins.at(-1)! + steps.length);
  return {
    payees,
    begins: Int32Array.from(begins),
    steps: Int32Array.from(written.flatMap(({ steps }) => steps)),
    conversions: Float64Array.from(written, (it) => it.conversions),
    nulls: Float64Array.from(written, (it) => it.nulls),
    values: Float64Array.from(written, (it) => it.value ?? 0),
  };
};

/** Any handful of paths of so many payees, empty ones, repeats, unused payees and counts of zero among them. */
export const anyWritten = (payees: number, most = 8): fc.Arbitrary<readonly Written[]> =>
  fc.array(
    fc.record({
      steps: fc.array(fc.nat(payees - 1), { maxLength: 6 }),
      conversions: fc.nat(4),
      nulls: fc.nat(4),
    }),
    { maxLength: most },
  );

export const journeysOf = (written: readonly Written[]): number =>
  written.reduce((sum, { conversions, nulls }) => sum + conversions + nulls, 0);
export const conversionsOf = (written: readonly Written[]): number =>
  written.reduce((sum, { conversions }) => sum + conversions, 0);

/** The number a fraction such as "2/3" stands for. */
export const numberOf = (fraction: string): number => {
  const [over, under = "1"] = fraction.split("/");
  return Number(over) / Number(under);
};
