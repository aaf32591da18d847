import {
  accumulate,
  type Cut,
  cutOf,
  type Packed,
  packedConversions,
  packedTouches,
  RECORD_WORDS,
  type Wanted,
} from "./columnar.packing.ts";
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
  readonly tie: Int32Array;
  readonly result: Int32Array;
}

const FEW = 24;
const STRIDE = RECORD_WORDS / 2;

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

/** The same for many, whose instants are looked up among the records. */
const manyByInstant = (order: Int32Array, at: Float64Array, count: number, all: Float64Array): void => {
  const places = order.subarray(0, count).sort((a, b) => (all[a * STRIDE] ?? 0) - (all[b * STRIDE] ?? 0) || a - b);
  for (let index = 0; index < count; index += 1) at[index] = all[(places[index] ?? 0) * STRIDE] ?? 0;
};

/** One partition's records by visitor: a counting sort, of places. */
interface Drawer {
  /** Where the chosen ones lie in the words of the partition, and when they were. */
  readonly order: Int32Array;
  readonly at: Float64Array;
  /** Turns to a partition; the answer is its words. */
  turnTo(partition: number): Int32Array;
  /** Chooses those from one instant to another, both included, of the visitor in that place of the partition; counts them. */
  choose(place: number, from: number, until: number): number;
}

/** By visitor, the places of a partition's records: visitor v has those of `places` up to `ends[v]`. */
const shelve = (here: Int32Array, mask: number, places: Int32Array, ends: Int32Array): void => {
  const count = here.length / RECORD_WORDS;
  ends.fill(0);
  for (let place = 0; place < count; place += 1) {
    const who = (here[place * RECORD_WORDS + 2] ?? 0) & mask;
    ends[who] = (ends[who] ?? 0) + 1;
  }
  accumulate(ends);
  for (let place = 0; place < count; place += 1) {
    const who = (here[place * RECORD_WORDS + 2] ?? 0) & mask;
    const free = ends[who] ?? 0;
    places[free] = place;
    ends[who] = free + 1;
  }
};

const drawerOf = ({ words, instants, ends: partitionEnds, largest }: Packed, { shift }: Cut): Drawer => {
  const [places, order, at] = [new Int32Array(largest), new Int32Array(largest), new Float64Array(largest)];
  const ends = new Int32Array(2 ** shift);
  let all = instants;
  const turnTo = (partition: number): Int32Array => {
    const from = partition === 0 ? 0 : (partitionEnds[partition - 1] ?? 0);
    const to = partitionEnds[partition] ?? 0;
    all = instants.subarray(from * STRIDE, to * STRIDE);
    const here = words.subarray(from * RECORD_WORDS, to * RECORD_WORDS);
    shelve(here, 2 ** shift - 1, places, ends);
    return here;
  };
  const choose = (place: number, from: number, until: number): number => {
    const end = ends[place] ?? 0;
    let count = 0;
    for (let next = place === 0 ? 0 : (ends[place - 1] ?? 0); next < end; next += 1) {
      const record = places[next] ?? 0;
      const instant = all[record * STRIDE] ?? 0;
      if (instant < from || instant > until) continue;
      order[count] = record;
      at[count] = instant;
      count += 1;
    }
    if (count > FEW) manyByInstant(order, at, count, all);
    else byInstant(order, at, count);
    return count;
  };
  return { order, at, turnTo, choose };
};

const layTouches = (here: Int32Array, { order }: Drawer, count: number, own: OwnTouches): void => {
  own.count = count;
  for (let index = 0; index < count; index += 1) {
    const word = (order[index] ?? 0) * RECORD_WORDS;
    const payee = here[word + 3] ?? 0;
    own.payee[index] = payee >> 2;
    own.mark[index] = payee & 3;
    own.link[index] = here[word + 4] ?? 0;
    own.tie[index] = here[word + 5] ?? 0;
  }
};

const layConversions = (here: Int32Array, { order }: Drawer, count: number, own: OwnConversions): void => {
  own.count = count;
  for (let index = 0; index < count; index += 1) {
    const word = (order[index] ?? 0) * RECORD_WORDS;
    own.row[index] = here[word + 3] ?? 0;
    own.tie[index] = here[word + 4] ?? 0;
    own.result[index] = here[word + 5] ?? 0;
  }
};

const places = (room: number): Int32Array => new Int32Array(room);

const ownTouches = ({ at }: Drawer): OwnTouches => {
  const room = at.length;
  return { count: 0, at, payee: places(room), link: places(room), tie: places(room), mark: new Uint8Array(room) };
};

const ownConversions = ({ at }: Drawer): OwnConversions => {
  const room = at.length;
  return { count: 0, at, row: places(room), tie: places(room), result: places(room) };
};

/** What is done with one visitor: touches and conversions in order of time. */
export type Visit = (touches: OwnTouches, conversions: OwnConversions) => void;

/**
 * Goes to each visitor with a conversion – or, if everybody is wanted, with anything – once, in order of their places.
 * First the rows are laid down as records of 24 bytes, in partitions of neighbours that fit a core's cache; all that is
 * random happens inside one partition, so that the cost grows as the log does. `visitOf` makes what is done, told how
 * many touches one visitor may have.
 */
export const eachVisitor = (
  touches: TouchColumns,
  conversions: ConversionColumns,
  wanted: Wanted,
  visitOf: (room: number) => Visit,
): void => {
  const cut = cutOf(touches, conversions, wanted);
  const converted = drawerOf(packedConversions(conversions, cut), cut);
  const touched = drawerOf(packedTouches(touches, conversions, cut, wanted), cut);
  const [own, results] = [ownTouches(touched), ownConversions(converted)];
  const visit = visitOf(own.at.length);
  for (let partition = 0; partition < cut.partitions; partition += 1) {
    const [touchWords, conversionWords] = [touched.turnTo(partition), converted.turnTo(partition)];
    for (let place = 0; place < 2 ** cut.shift; place += 1) {
      const count = converted.choose(place, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      if (count === 0 && !wanted.everybody) continue;
      layConversions(conversionWords, converted, count, results);
      const from = wanted.everybody ? Number.NEGATIVE_INFINITY : (results.at[0] ?? 0) - wanted.windowMs;
      const until = wanted.everybody ? Number.POSITIVE_INFINITY : (results.at[count - 1] ?? 0);
      layTouches(touchWords, touched, touched.choose(place, from, until), own);
      if (own.count + count > 0) visit(own, results);
    }
  }
};
