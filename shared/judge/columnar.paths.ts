import type { Paths } from "./columns.ts";

const grown = <Numbers extends Int32Array | Float64Array>(held: Numbers, length: number): Numbers => {
  if (length <= held.length) return held;
  const size = Math.max(length, held.length * 2);
  const larger = (held instanceof Int32Array ? new Int32Array(size) : new Float64Array(size)) as Numbers;
  larger.set(held);
  return larger;
};

const hashOf = (steps: Int32Array, count: number): number => {
  let hash = count;
  for (let place = 0; place < count; place += 1) {
    hash = Math.imul(hash ^ (steps[place] ?? 0), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

const UNKNOWN = -1;

/** Distinct rows of steps in the order they were met, and a hash table with open addresses of them, at most half full. */
interface Known {
  count: number;
  begins: Int32Array;
  steps: Int32Array;
  hashes: Int32Array;
  table: Int32Array;
}

const isSame = ({ begins, steps }: Known, path: number, other: Int32Array, length: number): boolean => {
  const from = begins[path] ?? 0;
  if ((begins[path + 1] ?? 0) - from !== length) return false;
  for (let place = 0; place < length; place += 1) if (steps[from + place] !== other[place]) return false;
  return true;
};

/** Where the path stands in the table, or the free slot where it would. */
const slotOf = (known: Known, hash: number, other: Int32Array, length: number): number => {
  const { table, hashes } = known;
  let slot = hash & (table.length - 1);
  for (;;) {
    const path = table[slot] ?? UNKNOWN;
    if (path === UNKNOWN || (hashes[path] === hash && isSame(known, path, other, length))) return slot;
    slot = (slot + 1) & (table.length - 1);
  }
};

const widen = (known: Known): void => {
  const table = new Int32Array(known.table.length * 2).fill(UNKNOWN);
  for (let path = 0; path < known.count; path += 1) {
    let slot = (known.hashes[path] ?? 0) & (table.length - 1);
    while (table[slot] !== UNKNOWN) slot = (slot + 1) & (table.length - 1);
    table[slot] = path;
  }
  known.table = table;
};

const add = (known: Known, hash: number, other: Int32Array, length: number): void => {
  const path = known.count;
  const from = known.begins[path] ?? 0;
  known.begins = grown(known.begins, path + 2);
  known.steps = grown(known.steps, from + length);
  known.hashes = grown(known.hashes, path + 1);
  for (let place = 0; place < length; place += 1) known.steps[from + place] = other[place] ?? 0;
  known.begins[path + 1] = from + length;
  known.hashes[path] = hash;
  known.count = path + 1;
  if (known.count * 2 > known.table.length) widen(known);
};

/** Distinct paths being gathered. */
export interface Trails {
  /** The place of the path of the first `count` of these steps, in order of first meeting. */
  place(steps: Int32Array, count: number): number;
  /** The path at that place ended in a conversion worth so much. */
  converted(place: number, value: number): void;
  /** The path at that place ended in nothing. */
  ended(place: number): void;
  /** All of them. */
  paths(payees: number): Paths;
}

/** No paths yet. */
export const trails = (): Trails => {
  const known: Known = {
    count: 0,
    begins: new Int32Array(1024),
    steps: new Int32Array(4096),
    hashes: new Int32Array(1024),
    table: new Int32Array(2048).fill(UNKNOWN),
  };
  let [conversions, nulls, values] = [new Float64Array(1024), new Float64Array(1024), new Float64Array(1024)];
  return {
    place: (steps, count) => {
      const hash = hashOf(steps, count);
      const slot = slotOf(known, hash, steps, count);
      const path = known.table[slot] ?? UNKNOWN;
      if (path !== UNKNOWN) return path;
      known.table[slot] = known.count;
      add(known, hash, steps, count);
      [conversions, nulls] = [grown(conversions, known.count), grown(nulls, known.count)];
      values = grown(values, known.count);
      return known.count - 1;
    },
    converted: (place, value) => {
      conversions[place] = (conversions[place] ?? 0) + 1;
      values[place] = (values[place] ?? 0) + value;
    },
    ended: (place) => {
      nulls[place] = (nulls[place] ?? 0) + 1;
    },
    paths: (payees) => ({
      payees,
      begins: known.begins.slice(0, known.count + 1),
      steps: known.steps.slice(0, known.begins[known.count] ?? 0),
      conversions: conversions.slice(0, known.count),
      nulls: nulls.slice(0, known.count),
      values: values.slice(0, known.count),
    }),
  };
};
