import type { ConversionColumns, TouchColumns } from "../../shared/judge/columns.ts";
import { touchKinds } from "../../shared/judge/columns.ts";
import { DAY_MS, MINUTE_MS } from "../../shared/kit/time.ts";

/** How large an event log is. */
export interface LogSize {
  readonly touches: number;
  readonly visitors: number;
  readonly payees: number;
  readonly conversions: number;
}

/** The log that the targets of speed speak of. */
export const usual: LogSize = { touches: 4_000_000, visitors: 1_000_000, payees: 50, conversions: 300_000 };

/** The same, so many times as large in all but payees. */
export const larger = ({ touches, visitors, payees, conversions }: LogSize, times: number): LogSize => ({
  touches: touches * times,
  visitors: visitors * times,
  payees,
  conversions: conversions * times,
});

const BEGINS_AT = Date.UTC(2026, 0, 1);
const DAYS = 60;
const LINKS_A_PAYEE = 3;
const CLICK = touchKinds.indexOf("click");

/** Whole numbers below `sides`, the same every run (sfc32). */
const chance = (seed: number) => {
  let [a, b, c, counter] = [seed, seed ^ 0x9e3779b9, seed ^ 0x243f6a88, 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) next();
  return { next, below: (sides: number): number => Math.floor((next() / 2 ** 32) * sides) };
};

/**
 * An event log in no order: every touch is a click of any visitor at any time of 60 days, through one of three links of a
 * payee or, in place 0, of the house; one in ten repeats an earlier one, within 40 minutes of it.
 */
export const logOf = ({ touches: count, visitors, payees }: LogSize, seed = 20_261_122): TouchColumns => {
  const { next, below } = chance(seed);
  const touches: TouchColumns = {
    count,
    visitor: new Int32Array(count),
    at: new Float64Array(count),
    payee: new Int32Array(count),
    link: new Int32Array(count),
    kind: new Uint8Array(count).fill(CLICK),
    tie: new Uint32Array(count),
  };
  const { visitor, at, payee, link, tie } = touches;
  for (let row = 0; row < count; row += 1) {
    const repeats = row > 0 && below(10) === 0 ? below(row) : -1;
    visitor[row] = repeats < 0 ? below(visitors) : visitor[repeats]!;
    at[row] = repeats < 0 ? BEGINS_AT + below(DAYS * DAY_MS) : at[repeats]! + below(40 * MINUTE_MS);
    payee[row] = repeats < 0 ? below(payees) : payee[repeats]!;
    const ownLink = payee[row] === 0 ? -1 : payee[row]! * LINKS_A_PAYEE + below(LINKS_A_PAYEE);
    link[row] = repeats < 0 ? ownLink : link[repeats]!;
    tie[row] = next();
  }
  return touches;
};

/** Conversions of any visitors, in the second half of those days. */
export const resultsOf = ({ visitors, conversions: count }: LogSize, seed = 20_261_123): ConversionColumns => {
  const { next, below } = chance(seed);
  return {
    count,
    visitor: Int32Array.from({ length: count }, () => below(visitors)),
    at: Float64Array.from({ length: count }, () => BEGINS_AT + (DAYS / 2) * DAY_MS + below((DAYS / 2) * DAY_MS)),
    tie: Uint32Array.from({ length: count }, next),
    result: new Int32Array(count),
  };
};

/** Bytes that columns take. */
export const bytesOf = (...columns: readonly (TouchColumns | ConversionColumns)[]): number =>
  columns
    .flatMap((it) => Object.values(it) as readonly unknown[])
    .reduce((sum: number, it) => sum + (ArrayBuffer.isView(it) ? it.byteLength : 0), 0);
