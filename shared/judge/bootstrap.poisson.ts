import { type Dice, fraction } from "../kit/chance.ts";
import { present } from "../kit/shape.ts";

/**
 * Poisson chances of one mean, laid out for one throw a number (Walker 1977, ACM TOMS 3): a column is hit,
 * and it is `low` plus the column up to `keep` of it, else `low` plus its alias.
 */
interface Table {
  readonly low: number;
  readonly keep: Float64Array;
  readonly alias: Int32Array;
}

/** What is so much less likely than the likeliest is left out. */
const NEVER = 1e-20;

/** Chances, up to a common factor, of `low`, `low` + 1, …: from the mean outwards, since there they are one. */
const chances = (mean: number): { readonly low: number; readonly weights: readonly number[] } => {
  const below: number[] = [];
  for (let [count, weight] = [mean, 1]; count > 0 && weight > NEVER; count -= 1) {
    weight = (weight * count) / mean;
    below.push(weight);
  }
  const above: number[] = [];
  for (let [count, weight] = [mean, 1]; weight > NEVER; ) {
    above.push(weight);
    count += 1;
    weight = (weight * mean) / count;
  }
  return { low: mean - below.length, weights: [...below.reverse(), ...above] };
};

const tableOf = (mean: number): Table => {
  const { low, weights } = chances(mean);
  const [size, sum] = [weights.length, weights.reduce((all, weight) => all + weight, 0)];
  const filled = Float64Array.from(weights, (weight) => (weight / sum) * size);
  const [keep, alias] = [new Float64Array(size).fill(1), new Int32Array(size)];
  const poor = [...filled.keys()].filter((column) => (filled[column] as number) < 1);
  const rich = [...filled.keys()].filter((column) => (filled[column] as number) >= 1);
  while (poor.length > 0 && rich.length > 0) {
    const [column, donor] = [present(poor.pop(), "a column"), present(rich.at(-1), "a column")];
    keep[column] = filled[column] as number;
    alias[column] = donor;
    filled[donor] = (filled[donor] as number) - (1 - (filled[column] as number));
    if ((filled[donor] as number) < 1) poor.push(present(rich.pop(), "a column"));
  }
  return { low, keep, alias };
};

const thrown = ({ low, keep, alias }: Table, next: Dice): number => {
  const hit = fraction(next) * keep.length;
  const column = Math.floor(hit);
  return low + (hit - column < (keep[column] as number) ? column : (alias[column] as number));
};

/** Every mean below this has a table of its own; beyond it powers of two have, up to the largest. */
const SINGLE = 64;
const LARGEST = 1_048_576;

/** Means that have tables, and sum to a mean: sums of Poisson numbers are Poisson numbers of the summed means. */
const partsOf = (mean: number): readonly number[] => {
  const parts = new Array<number>(Math.floor(mean / LARGEST)).fill(LARGEST);
  let left = mean % LARGEST;
  for (let part = LARGEST / 2; part >= SINGLE; part /= 2) {
    if (left < part) continue;
    parts.push(part);
    left -= part;
  }
  return left > 0 ? [...parts, left] : parts;
};

/**
 * Random whole numbers, Poisson with these whole means: the answer throws one for each mean into a column. Tables are
 * made once, by + − × ÷ from the likeliest number outwards, and read by whole throws: alike in every engine.
 */
export const poissons = (means: Float64Array): ((next: Dice, into: Float64Array) => void) => {
  const tables = new Map<number, Table>();
  const tableFor = (mean: number): Table => {
    const table = tables.get(mean) ?? tableOf(mean);
    tables.set(mean, table);
    return table;
  };
  const kinds = new Map<number, readonly Table[]>();
  for (const mean of means) if (!kinds.has(mean)) kinds.set(mean, partsOf(mean).map(tableFor));
  const kind = Array.from(means, (mean) => present(kinds.get(mean), "tables"));
  return (next, into) => {
    for (let place = 0; place < kind.length; place += 1) {
      let sum = 0;
      for (const table of kind[place] as readonly Table[]) sum += thrown(table, next);
      into[place] = sum;
    }
  };
};
