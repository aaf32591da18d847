import type { Chain, Known } from "./markov.chain.ts";
import { eliminated, type Pattern } from "./markov.eliminate.ts";

/** Sweeps after which a chain counts as slow: then every sweep leaves more than nine tenths of what is missing. */
const SWEEPS = 512;

/** Above so many states elimination may need more room than there is. */
const ELIMINABLE = 4096;

/** A sweep that moves no value by more than this part of it is the last. */
const STILL = 1e-15;

const average = ({ frame, moves, leaving }: Chain, gain: number, worth: Float64Array, state: number): number => {
  let sum = gain;
  const until = frame.rows[state + 1] as number;
  for (let move = frame.rows[state] as number; move < until; move += 1) {
    sum += (moves[move] as number) * (worth[frame.to[move] as number] as number);
  }
  const all = leaving[state] as number;
  return all > 0 ? sum / all : 0;
};

/**
 * Gauss–Seidel from below: every sweep puts on each open state the average of what its moves lead to. Values only ever
 * rise, rounding included. True when a sweep stood still: then each value is right for moves wrong by one part in 10¹⁵.
 */
const swept = (chain: Chain, gains: Float64Array, closed: Uint8Array, worth: Float64Array, sweeps: number): boolean => {
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    let moved = false;
    for (let state = worth.length - 1; state > 0; state -= 1) {
      if (closed[state] === 1) continue;
      const next = average(chain, gains[state] as number, worth, state);
      if (next - (worth[state] as number) > STILL * next) moved = true;
      worth[state] = next;
    }
    if (!moved) return true;
  }
  return false;
};

/**
 * What each state of a chain is worth, the start included: what its ends bring (`gains`) and, on average, what the states
 * it moves to are worth. First by sweeps; a chain too slow for them is eliminated, and one too large for that too is
 * swept until it stands still, which it must in the end. All of it +, × and ÷ of what is never negative.
 */
export const worthOf = (chain: Chain, gains: Float64Array, { closed, worth: at }: Known, pattern: () => Pattern) => {
  const worth = at.slice();
  if (!swept(chain, gains, closed, worth, SWEEPS)) {
    if (worth.length > ELIMINABLE) swept(chain, gains, closed, worth, Number.POSITIVE_INFINITY);
    else worth.set(eliminated(chain, gains, { closed, worth: at }, pattern()));
  }
  worth[0] = average(chain, gains[0] as number, worth, 0);
  return worth;
};
