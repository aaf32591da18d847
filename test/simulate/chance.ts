/** All the luck of a year: whole numbers that fall the same for the same seed, in every engine. */
export interface Chance {
  readonly seed: number;
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
  /** A whole number from one to another, both included. */
  between(least: number, most: number): number;
  /** True so many times in a hundred. */
  likely(percent: number): boolean;
  pick<One>(all: readonly One[]): One;
  shuffled<One>(all: readonly One[]): readonly One[];
}

/** Weyl steps, stirred (mulberry32): written here so that no change of the product's own dice changes what a seed means. */
export const chanceOf = (seed: number): Chance => {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let it = Math.imul(state ^ (state >>> 15), state | 1);
    it ^= it + Math.imul(it ^ (it >>> 7), it | 61);
    return (it ^ (it >>> 14)) >>> 0;
  };
  const below = (count: number): number => Math.floor((next() / 4_294_967_296) * count);
  const shuffled = <One>(all: readonly One[]): readonly One[] => {
    const left = [...all];
    return all.map(() => left.splice(below(left.length), 1)[0] as One);
  };
  return {
    seed,
    below,
    between: (least, most) => least + below(most - least + 1),
    likely: (percent) => below(100) < percent,
    pick: (all) => all[below(all.length)] as never,
    shuffled,
  };
};
