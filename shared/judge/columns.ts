import type { TouchKind } from "../journey/touch.ts";

/** The place of the house among the payees of any columns. */
export const HOUSE_PLACE = 0;

/** The kinds of touches; a column of kinds holds places in this list. */
export const touchKinds: readonly TouchKind[] = ["click", "visit", "cta", "code", "answer", "view"];

/**
 * Touches of any number of visitors in columns: one row a touch, none twice, in the order they were taken in, which
 * settles those at one instant. Visitors and payees are places from 0 on; instants are ms since 1970.
 */
export interface TouchColumns {
  readonly count: number;
  readonly visitor: Int32Array;
  readonly at: Float64Array;
  readonly payee: Int32Array;
  /** What it came through, −1 for the house: touches of one payee through one link within 30 minutes are one. */
  readonly link: Int32Array;
  /** A place in `touchKinds`. */
  readonly kind: Uint8Array;
  /** `scatter` of the touch's id, which settles equal remainders. */
  readonly tie: Uint32Array;
}

/** Conversions in columns, in any order, visitors as in the touches. */
export interface ConversionColumns {
  readonly count: number;
  readonly visitor: Int32Array;
  readonly at: Float64Array;
  /** `scatter` of the conversion's id. */
  readonly tie: Uint32Array;
  /** The place of its result's name in a list of its reader's. */
  readonly result: Int32Array;
}

/** Distinct paths, and how often each ended in a conversion, how often in nothing, and what its conversions were worth. */
export interface Paths {
  /** How many payees there are; every step is a place below this. */
  readonly payees: number;
  /** Path p is `steps` from `begins[p]` up to `begins[p + 1]`; one entry more than there are paths. */
  readonly begins: Int32Array;
  readonly steps: Int32Array;
  readonly conversions: Float64Array;
  readonly nulls: Float64Array;
  /** In minor units, or whatever unit their reader has; zeros where nothing is known. */
  readonly values: Float64Array;
}
