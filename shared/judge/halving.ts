import { must, present } from "../kit/shape.ts";

/** Fractional bits of every weight here: a weight of one is `ONE`. */
const BITS = 96n;

/** Bits of Δ/H behind the point that count: finer than a millisecond in the longest half-life terms allow. */
const STEPS = 48;

/** How many of them are looked up at once. */
const BYTE = 8;

/** The weight of what has not aged at all, 2^0, in the fixed point of `halved`. */
export const ONE = 1n << BITS;

const integerRoot = (of: bigint): bigint => {
  let root = 1n << BigInt(Math.ceil(of.toString(2).length / 2));
  for (;;) {
    const next = (root + of / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
};

/** 2^(−1/2), 2^(−1/4), 2^(−1/8), …: each the square root of the one before, rounded down. */
const roots = (): readonly bigint[] => {
  const all: bigint[] = [];
  let last = ONE >> 1n;
  for (let step = 0; step < STEPS; step += 1) {
    last = integerRoot(last << BITS);
    all.push(last);
  }
  return all;
};

/** For each eight of those roots, the product of every choice among them, the first standing for the highest bit. */
const products = (): readonly (readonly bigint[])[] => {
  const all = roots();
  return Array.from({ length: STEPS / BYTE }, (_, byte) => {
    const choices = [ONE];
    for (const root of all.slice(byte * BYTE, (byte + 1) * BYTE).reverse()) {
      choices.push(...choices.map((product) => (product * root) >> BITS));
    }
    return choices;
  });
};

const PRODUCTS = products();

/**
 * 2^(−age/halfLife) as a whole number of 2^−96ths, rounded down; ages and half-lives in ms, whole. Computed from integer
 * square roots, so every engine gets the same bits, which `**` and `Math.pow` do not promise (ECMA-262 leaves them to the
 * engine). An age beyond 96 half-lives weighs nothing. Relative error below 2^−40.
 */
export const halved = (ageMs: bigint, halfLifeMs: bigint): bigint => {
  must(ageMs >= 0n && halfLifeMs > 0n, "an age below zero or a half-life of nothing");
  const halvings = ageMs / halfLifeMs;
  if (halvings > BITS) return 0n;
  const fraction = Number(((ageMs % halfLifeMs) << BigInt(STEPS)) / halfLifeMs);
  let weight = ONE;
  PRODUCTS.forEach((choices, byte) => {
    const chosen = Math.floor(fraction / 2 ** (STEPS - BYTE * (byte + 1))) % 2 ** BYTE;
    if (chosen > 0) weight = (weight * present(choices[chosen], "a product")) >> BITS;
  });
  return weight >> halvings;
};
