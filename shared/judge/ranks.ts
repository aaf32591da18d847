/** Whole numbers told apart: the distinct ones in rising order, and for each number its place among them. */
export interface Ranks {
  readonly distinct: Float64Array;
  readonly places: Int32Array;
}

/** How many times as long as the numbers themselves a table of all numbers up to the largest may be. */
const ROOM = 16;
const SMALL = 65_536;

const byTable = (keys: Float64Array, largest: number): Ranks => {
  const table = new Int32Array(largest + 1);
  let count = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as number;
    if (table[key] === 0) count += 1;
    table[key] = 1;
  }
  const [distinct, places] = [new Float64Array(count), new Int32Array(keys.length)];
  let place = 0;
  for (let key = 0; key <= largest; key += 1) {
    if (table[key] === 0) continue;
    distinct[place] = key;
    table[key] = place;
    place += 1;
  }
  for (let at = 0; at < keys.length; at += 1) places[at] = table[keys[at] as number] as number;
  return { distinct, places };
};

const byMap = (keys: Float64Array): Ranks => {
  const seen = new Map<number, number>();
  for (const key of keys) seen.set(key, 0);
  const distinct = Float64Array.from(seen.keys()).sort();
  distinct.forEach((key, place) => {
    seen.set(key, place);
  });
  return { distinct, places: Int32Array.from(keys, (key) => seen.get(key) ?? 0) };
};

/**
 * The ranks of whole numbers from 0 up to what a double holds exactly. What is counted by these places adds up alike
 * whatever order the numbers came in.
 */
export const ranked = (keys: Float64Array): Ranks => {
  let largest = 0;
  for (let at = 0; at < keys.length; at += 1) largest = Math.max(largest, keys[at] as number);
  return largest <= ROOM * keys.length + SMALL ? byTable(keys, largest) : byMap(keys);
};
