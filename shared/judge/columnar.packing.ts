import { must } from "../kit/shape.ts";
import { type ConversionColumns, HOUSE_PLACE, type TouchColumns, touchKinds } from "./columns.ts";

const VIEW = touchKinds.indexOf("view");
const VISIT = touchKinds.indexOf("visit");

/** The bit of a mark that says: a page visit of the house, which may be part of another touch's session. */
export const HOUSE_VISIT = 1;

/** The bit of a mark that says: only seen. */
export const SEEN = 2;

/** Which touches are wanted. */
export interface Wanted {
  /** Those of every visitor, whenever they were; or else only those that a conversion may look back to. */
  readonly everybody: boolean;
  readonly windowMs: number;
  readonly house: boolean;
  readonly views: boolean;
}

/** Touches of one partition: those of them that are wanted, at 24 bytes each, stay in the cache next to one core. */
const PARTITION_ROWS = 65_536;
const LARGEST_SHIFT = 20;

/** Visitors are cut into partitions of 2^shift neighbours, so that whatever is done to one partition stays in the cache. */
export interface Cut {
  readonly visitors: number;
  readonly shift: number;
  readonly partitions: number;
}

const visitorsIn = ({ count, visitor }: { readonly count: number; readonly visitor: Int32Array }): number => {
  let least = 0;
  let most = -1;
  for (let row = 0; row < count; row += 1) {
    const who = visitor[row] ?? 0;
    if (who > most) most = who;
    if (who < least) least = who;
  }
  must(least === 0, "a visitor in a place below 0");
  return most + 1;
};

/** Partitions for everybody in both columns, or for those up to the last with a conversion. */
export const cutOf = (touches: TouchColumns, conversions: ConversionColumns, { everybody }: Wanted): Cut => {
  const visitors = Math.max(everybody ? visitorsIn(touches) : 0, visitorsIn(conversions));
  let shift = 0;
  while (shift < LARGEST_SHIFT && 2 ** (shift + 1) * touches.count <= PARTITION_ROWS * visitors) shift += 1;
  return { visitors, shift, partitions: Math.ceil(visitors / 2 ** shift) };
};

/** Turns counts into the places where each begins; the answer is the largest count. */
export const accumulate = (counts: Int32Array): number => {
  let sum = 0;
  let largest = 0;
  for (let place = 0; place < counts.length; place += 1) {
    const count = counts[place] ?? 0;
    counts[place] = sum;
    sum += count;
    if (count > largest) largest = count;
  }
  return largest;
};

/** How many words of 32 bits a record has: two of its instant, its visitor, and three more. */
export const RECORD_WORDS = 6;

/** Rows laid down as records by partition, in order within each: p has the records up to `ends[p]`, at most `largest`. */
export interface Packed {
  readonly words: Int32Array;
  /** The same bytes: every third is an instant. */
  readonly instants: Float64Array;
  readonly ends: Int32Array;
  readonly largest: number;
}

const roomFor = (counts: Int32Array, count: number): Packed => {
  const largest = accumulate(counts);
  const words = new Int32Array(count * RECORD_WORDS);
  return { words, instants: new Float64Array(words.buffer), ends: counts, largest };
};

/** A bit for each visitor who is wanted. */
const bitsOf = ({ count, visitor }: ConversionColumns, visitors: number, everybody: boolean): Int32Array => {
  // One word more than there are visitors: it stands for everybody beyond, and stays empty.
  const bits = new Int32Array((visitors >>> 5) + 2).fill(everybody ? -1 : 0);
  for (let row = 0; row < count; row += 1) {
    const who = visitor[row] ?? 0;
    bits[who >>> 5] = (bits[who >>> 5] ?? 0) | (1 << (who & 31));
  }
  return bits;
};

/** The rows of the visitors who are wanted. Without a branch: which way it goes is anybody's guess at every row. */
const rowsOf = ({ count, visitor }: TouchColumns, bits: Int32Array): Int32Array => {
  const last = bits.length * 32 - 1;
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row += 1) {
    const who = Math.min(visitor[row] ?? 0, last);
    rows[found] = row;
    found += ((bits[who >>> 5] ?? 0) >>> (who & 31)) & 1;
  }
  return rows.subarray(0, found);
};

/** Leaves only wanted touches in `rows`, and counts them by partition; the answer is how many there are. */
const sieve = (touches: TouchColumns, rows: Int32Array, wanted: Wanted, shift: number, counts: Int32Array): number => {
  const { visitor, payee, kind } = touches;
  const absentPayee = wanted.house ? -1 : HOUSE_PLACE;
  const absentKind = wanted.views ? -1 : VIEW;
  let found = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    if (payee[row] === absentPayee || kind[row] === absentKind) continue;
    const partition = (visitor[row] ?? 0) >>> shift;
    counts[partition] = (counts[partition] ?? 0) + 1;
    rows[found] = row;
    found += 1;
  }
  return found;
};

const markOf = (payee: number, kind: number): number => {
  if (kind === VIEW) return SEEN;
  return kind === VISIT && payee === HOUSE_PLACE ? HOUSE_VISIT : 0;
};

/** The wanted touches: instant, visitor, payee × 4 + mark, link, tie. */
export const packedTouches = (
  touches: TouchColumns,
  conversions: ConversionColumns,
  { visitors, shift, partitions }: Cut,
  wanted: Wanted,
): Packed => {
  const { visitor, at, payee, link, kind, tie } = touches;
  const rows = rowsOf(touches, bitsOf(conversions, visitors, wanted.everybody));
  const counts = new Int32Array(partitions);
  const count = sieve(touches, rows, wanted, shift, counts);
  const packed = roomFor(counts, count);
  const { words, instants, ends } = packed;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const who = visitor[row] ?? 0;
    const place = ends[who >>> shift] ?? 0;
    ends[who >>> shift] = place + 1;
    const whose = payee[row] ?? 0;
    instants[place * 3] = at[row] ?? 0;
    words[place * 6 + 2] = who;
    words[place * 6 + 3] = (whose << 2) | markOf(whose, kind[row] ?? 0);
    words[place * 6 + 4] = link[row] ?? 0;
    words[place * 6 + 5] = tie[row] ?? 0;
  }
  return packed;
};

/** All conversions: instant, visitor, row, tie, result. */
export const packedConversions = (conversions: ConversionColumns, { shift, partitions }: Cut): Packed => {
  const { count, visitor, at, tie, result } = conversions;
  const counts = new Int32Array(partitions);
  for (let row = 0; row < count; row += 1) {
    const partition = (visitor[row] ?? 0) >>> shift;
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  const packed = roomFor(counts, count);
  const { words, instants, ends } = packed;
  for (let row = 0; row < count; row += 1) {
    const who = visitor[row] ?? 0;
    const place = ends[who >>> shift] ?? 0;
    ends[who >>> shift] = place + 1;
    instants[place * 3] = at[row] ?? 0;
    words[place * 6 + 2] = who;
    words[place * 6 + 3] = row;
    words[place * 6 + 4] = tie[row] ?? 0;
    words[place * 6 + 5] = result[row] ?? 0;
  }
  return packed;
};
