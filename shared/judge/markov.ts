import type { Paths } from "./columns.ts";
import { type Chain, chainOf, type Frame, frameOf, type Order } from "./markov.chain.ts";
import { throughEach } from "./markov.dense.ts";
import { type Pattern, patternOf } from "./markov.eliminate.ts";
import { worthOf } from "./markov.sparse.ts";

/** What a Markov chain over paths says. */
export interface Markov {
  /** What a path brings on average: the chance that it converts, or its worth. */
  readonly base: number;
  /** How many states the chain has, the start among them, conversion and nothing not. */
  readonly states: number;
  /** For each payee's place the part of all conversions (or their worth) that falls away without it, from 0 to 1. */
  readonly effects: Float64Array;
}

const firstOrder = (chain: Chain): Markov => {
  const { frame } = chain;
  const { base, through } = throughEach(chain);
  const effects = new Float64Array(frame.payees);
  through.forEach((part, place) => {
    effects[frame.members[place + 1] as number] = part;
  });
  return { base, states: frame.states, effects };
};

/** States by payee: all those in which a payee is. */
const statesOf = ({ payees, members, order }: Frame): readonly (readonly number[])[] => {
  const states: number[][] = Array.from({ length: payees }, () => []);
  members.forEach((payee, place) => {
    states[payee]?.push(Math.floor(place / order));
  });
  return states;
};

/** What paths bring that come through any of these states, on average over all paths. */
const throughAny = (chain: Chain, states: readonly number[], worth: Float64Array, pattern: () => Pattern): number => {
  const known = { closed: new Uint8Array(worth.length), worth: new Float64Array(worth.length) };
  for (const state of states) {
    known.closed[state] = 1;
    known.worth[state] = worth[state] as number;
  }
  return worthOf(chain, new Float64Array(worth.length), known, pattern)[0] as number;
};

const higherOrder = (chain: Chain, states: readonly (readonly number[])[], pattern: () => Pattern): Markov => {
  const none = { closed: new Uint8Array(chain.frame.states), worth: new Float64Array(chain.frame.states) };
  const worth = worthOf(chain, chain.gains, none, pattern);
  const base = worth[0] as number;
  const effects = Float64Array.from(states, (own) =>
    own.length === 0 || base === 0 ? 0 : Math.min(1, throughAny(chain, own, worth, pattern) / base),
  );
  return { base, states: chain.frame.states, effects };
};

/**
 * `markov` for many counts of the same paths: what it answers takes paths with the very `steps` these have and other
 * counts, and does again only what depends on them. `brings` is what a path brought; without it, its conversions.
 */
export const markovOf = (
  paths: Paths,
  order: Order,
  brings: (paths: Paths) => Float64Array = ({ conversions }) => conversions,
): ((counted: Paths) => Markov) => {
  const frame = frameOf(paths, order);
  if (order === 1) return (counted) => firstOrder(chainOf(frame, counted, brings(counted)));
  const states = statesOf(frame);
  let pattern: Pattern | undefined;
  const once = (): Pattern => {
    pattern ??= patternOf(frame);
    return pattern;
  };
  return (counted) => higherOrder(chainOf(frame, counted, brings(counted)), states, once);
};

/**
 * Removal effects of an absorbing Markov chain whose states are the last `order` touches of a path (Anderl et al. 2016,
 * IJRM 33; removal: every state in which the payee is leads to nothing), solved, not simulated: order 1 by one
 * elimination, orders 2 and 3 by one solution a payee. `base` is conversions over journeys at every order. No conversion
 * ever after a payee: effect 0; none without it: 1. That is about moves, not whole paths: who only was on paths that lapsed
 * has an effect still when it led to somebody who converts. +, −, × and ÷ alone: the same bits in every engine, and whatever
 * the order of the paths.
 */
export const markov = (paths: Paths, order: Order): Markov => markovOf(paths, order)(paths);

/** What each payee gets of a total: its effect over the sum of all effects. Nothing where nobody has any effect. */
export const creditsOf = (total: number, effects: Float64Array): Float64Array => {
  const all = effects.reduce((sum, effect) => sum + effect, 0);
  return effects.map((effect) => (all > 0 ? (total * effect) / all : 0));
};
