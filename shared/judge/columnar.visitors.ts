import { accumulate, type Cut, cutOf, packed, parted, type Wanted } from "./columnar.packing.ts";
import type { ConversionColumns, TouchColumns } from "./columns.ts";

/** One visitor's touches by (instant, order taken in): places 0 to `count` − 1. The next visitor overwrites them. */
export interface OwnTouches {
  count: number;
  readonly at: Float64Array;
  readonly payee: Int32Array;
  readonly link: Int32Array;
  readonly tie: Int32Array;
  /** `HOUSE_VISIT` and `SEEN`. */
  readonly mark: Uint8Array;
}

/** One visitor's conversions by (instant, row): places 0 to `count` − 1. The next visitor overwrites them. */
export interface OwnConversions {
  count: number;
  readonly at: Float64Array;
  readonly row: Int32Array;
}

/** Places by their key, in order within each key; key k has those of `order` up to `ends[k]`. Filled by a counting sort. */
interface Shelf {
  readonly keys: Int32Array;
  readonly order: Int32Array;
  readonly ends: Int32Array;
}

const shelfOf = (room: number, { shift }: Cut): Shelf => ({
  keys: new Int32Array(room),
  order: new Int32Array(room),
  ends: new Int32Array(2 ** shift),
});

const shelve = ({ keys, order, ends }: Shelf, count: number): void => {
  ends.fill(0);
  for (let place = 0; place < count; place += 1) {
    const key = keys[place] ?? 0;
    ends[key] = (ends[key] ?? 0) + 1;
  }
  accumulate(ends);
  for (let place = 0; place < count; place += 1) {
    const key = keys[place] ?? 0;
    const free = ends[key] ?? 0;
    order[free] = place;
    ends[key] = free + 1;
  }
};

const FEW = 24;

/** Orders `count` places by their instants, which move with them; equal ones stay as they lie. */
const byInstant = (order: Int32Array, at: Float64Array, count: number): void => {
  for (let next = 1; next < count; next += 1) {
    const moved = order[next] ?? 0;
    const instant = at[next] ?? 0;
    let free = next;
    for (; free > 0 && (at[free - 1] ?? 0) > instant; free -= 1) {
      order[free] = order[free - 1] ?? 0;
      at[free] = at[free - 1] ?? 0;
    }
    order[free] = moved;
    at[free] = instant;
  }
};

/** The same for many: looked up in `all`, where instants lie `stride` apart by place. */
const manyByInstant = (order: Int32Array, at: Float64Array, count: number, all: Float64Array, stride: number): void => {
  const places = order.subarray(0, count).sort((a, b) => (all[a * stride] ?? 0) - (all[b * stride] ?? 0) || a - b);
  for (let index = 0; index < count; index += 1) at[index] = all[(places[index] ?? 0) * stride] ?? 0;
};

const RECORD = 3;

const touchReader = (touches: TouchColumns, conversions: ConversionColumns, cut: Cut, wanted: Wanted) => {
  const { words, instants, ends, largest } = packed(touches, conversions, cut, wanted);
  const shelf = shelfOf(largest, cut);
  const own: OwnTouches = {
    count: 0,
    at: new Float64Array(largest),
    payee: new Int32Array(largest),
    link: new Int32Array(largest),
    tie: new Int32Array(largest),
    mark: new Uint8Array(largest),
  };
  const order = new Int32Array(largest);
  const mask = 2 ** cut.shift - 1;
  let here = instants;
  let base = 0;
  const turnTo = (partition: number): void => {
    base = partition === 0 ? 0 : (ends[partition - 1] ?? 0);
    const count = (ends[partition] ?? 0) - base;
    here = instants.subarray(base * RECORD, (base + count) * RECORD);
    for (let place = 0; place < count; place += 1) {
      shelf.keys[place] = (words[(base + place) * 6 + 2] ?? 0) & mask;
    }
    shelve(shelf, count);
  };
  const choose = (place: number, from: number, until: number): number => {
    const end = shelf.ends[place] ?? 0;
    let count = 0;
    for (let next = place === 0 ? 0 : (shelf.ends[place - 1] ?? 0); next < end; next += 1) {
      const row = shelf.order[next] ?? 0;
      const at = here[row * RECORD] ?? 0;
      if (at < from || at > until) continue;
      order[count] = row;
      own.at[count] = at;
      count += 1;
    }
    return count;
  };
  /** Those from one instant to another, both included, of the visitor in that place of the partition. */
  const lay = (place: number, from: number, until: number): void => {
    const count = choose(place, from, until);
    own.count = count;
    if (count > FEW) manyByInstant(order, own.at, count, here, RECORD);
    else byInstant(order, own.at, count);
    for (let index = 0; index < count; index += 1) {
      const word = (base + (order[index] ?? 0)) * 6;
      const payee = words[word + 3] ?? 0;
      own.payee[index] = payee >> 2;
      own.mark[index] = payee & 3;
      own.link[index] = words[word + 4] ?? 0;
      own.tie[index] = words[word + 5] ?? 0;
    }
  };
  return { own, turnTo, lay };
};

const conversionReader = (conversions: ConversionColumns, cut: Cut) => {
  const { visitor, at } = conversions;
  const { rows, ends, largest } = parted(conversions, cut);
  const shelf = shelfOf(largest, cut);
  const instants = new Float64Array(largest);
  const own: OwnConversions = { count: 0, at: new Float64Array(largest), row: new Int32Array(largest) };
  let base = 0;
  const turnTo = (partition: number): void => {
    base = partition === 0 ? 0 : (ends[partition - 1] ?? 0);
    const count = (ends[partition] ?? 0) - base;
    for (let place = 0; place < count; place += 1) {
      const row = rows[base + place] ?? 0;
      shelf.keys[place] = (visitor[row] ?? 0) & (2 ** cut.shift - 1);
      instants[place] = at[row] ?? 0;
    }
    shelve(shelf, count);
  };
  const lay = (place: number): void => {
    const from = place === 0 ? 0 : (shelf.ends[place - 1] ?? 0);
    const count = (shelf.ends[place] ?? 0) - from;
    own.count = count;
    for (let index = 0; index < count; index += 1) {
      const next = shelf.order[from + index] ?? 0;
      own.row[index] = next;
      own.at[index] = instants[next] ?? 0;
    }
    if (count > FEW) manyByInstant(own.row, own.at, count, instants, 1);
    else byInstant(own.row, own.at, count);
    for (let index = 0; index < count; index += 1) own.row[index] = rows[base + (own.row[index] ?? 0)] ?? 0;
  };
  return { own, turnTo, lay };
};

/** What is done with one visitor: touches and conversions in order of time, `room` of touches at most. */
export type Visit = (touches: OwnTouches, conversions: OwnConversions) => void;

/**
 * Goes to each visitor with a conversion – or, if everybody is wanted, with anything – once, in order of their places.
 * Two passes over the touches cut them into partitions of neighbours that fit a core's cache, in 24 bytes each; all that
 * is random happens inside one partition, so that the cost grows as the log does. `visitOf` makes what is done, told how
 * many touches one visitor may have.
 */
export const eachVisitor = (
  touches: TouchColumns,
  conversions: ConversionColumns,
  wanted: Wanted,
  visitOf: (room: number) => Visit,
): void => {
  const cut = cutOf(touches, conversions, wanted);
  const [touched, converted] = [touchReader(touches, conversions, cut, wanted), conversionReader(conversions, cut)];
  const visit = visitOf(touched.own.at.length);
  const size = 2 ** cut.shift;
  const { own } = converted;
  for (let partition = 0; partition < cut.partitions; partition += 1) {
    touched.turnTo(partition);
    converted.turnTo(partition);
    for (let place = 0; place < size; place += 1) {
      converted.lay(place);
      if (wanted.everybody) touched.lay(place, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      else if (own.count > 0) touched.lay(place, (own.at[0] ?? 0) - wanted.windowMs, own.at[own.count - 1] ?? 0);
      if (own.count > 0 || (wanted.everybody && touched.own.count > 0)) visit(touched.own, own);
    }
  }
};
