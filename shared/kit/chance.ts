/**
 * A 32-bit number that depends on every code unit of the texts and on where one ends and the next begins
 * (FNV-1a, then the finaliser of MurmurHash3 so that close texts land far apart). The same in every engine;
 * settles ties without favouring a position or a name. Not for secrets.
 */
export const scatter = (...texts: readonly string[]): number => {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x1f, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * One 32-bit number from two, in which every bit of both tells: two things' `scatter`s told together, without their texts.
 * The finaliser of MurmurHash3, between odd factors of the golden ratio's.
 */
export const mingle = (a: number, b: number): number => {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** Chance in an endless row: each call gives the next whole number from 0 to 2³² − 1. */
export type Dice = () => number;

const WARM_UP = 15;

/**
 * Dice that fall the same for the same seeds, in every engine: whole 32-bit numbers only (sfc32, Chris Doty-Humphrey,
 * PractRand 0.95; fifteen rounds thrown away). For pictures of what may come; never for secrets.
 */
export const dice = (...seeds: readonly string[]): Dice => {
  let [a, b, c] = [scatter("a", ...seeds) | 0, scatter("b", ...seeds) | 0, scatter("c", ...seeds) | 0];
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP; round += 1) next();
  return next;
};

/** A fraction from 0 up to but never 1, of 53 bits, from two throws: exact in binary, so the same in every engine. */
export const fraction = (next: Dice): number => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;

/** A whole number from 0 to `count` − 1, each as likely as the others but for one part in 2³² of it. `count` ≤ 2²⁰. */
export const below = (next: Dice, count: number): number => Math.floor((next() / 4_294_967_296) * count);
