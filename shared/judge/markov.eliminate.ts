import { present } from "../kit/shape.ts";
import type { Chain, Frame, Known } from "./markov.chain.ts";

/**
 * In which order the states of a frame are eliminated, and where that leaves numbers: `above` the states that a state's
 * moves lead to when its turn comes, `below` those before it, in their order, that move to it by then.
 */
export interface Pattern {
  readonly turn: Int32Array;
  readonly above: readonly Int32Array[];
  readonly below: readonly Int32Array[];
}

interface Links {
  readonly out: readonly Set<number>[];
  readonly into: readonly Set<number>[];
}

const linksOf = ({ states, rows, to }: Frame): Links => {
  const out = Array.from({ length: states }, () => new Set<number>());
  const into = Array.from({ length: states }, () => new Set<number>());
  for (let state = 1; state < states; state += 1) {
    for (const next of to.subarray(rows[state], rows[state + 1])) {
      out[state]?.add(next);
      into[next]?.add(state);
    }
  }
  return { out, into };
};

/** The state whose elimination makes the fewest new moves (Markowitz 1957); of several, the first. */
const cheapest = ({ out, into }: Links, left: ReadonlySet<number>): number => {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const state of left) {
    const cost = (out[state]?.size ?? 0) * (into[state]?.size ?? 0);
    if (cost < least) [best, least] = [state, cost];
  }
  return best;
};

/** Takes a state out of the links: who moved to it now moves to where it moved. */
const bridge = ({ out, into }: Links, state: number): void => {
  const [nexts, befores] = [present(out[state], "a state"), present(into[state], "a state")];
  for (const next of nexts) into[next]?.delete(state);
  for (const before of befores) {
    const moves = present(out[before], "a state");
    moves.delete(state);
    for (const next of nexts) {
      if (next === before) continue;
      moves.add(next);
      into[next]?.add(before);
    }
  }
};

/** The order and the pattern of a frame: the same for all counts of its paths. */
export const patternOf = (frame: Frame): Pattern => {
  const links = linksOf(frame);
  const left = new Set(Array.from({ length: frame.states - 1 }, (_, place) => place + 1));
  const turn = new Int32Array(frame.states - 1);
  const above = Array.from({ length: frame.states }, () => new Int32Array());
  const below = Array.from({ length: frame.states }, () => [] as number[]);
  for (let place = 0; place < turn.length; place += 1) {
    const state = cheapest(links, left);
    left.delete(state);
    turn[place] = state;
    above[state] = Int32Array.from(present(links.out[state], "a state")).sort();
    for (const before of present(links.into[state], "a state")) below[before]?.push(state);
    bridge(links, state);
  }
  return { turn, above, below: below.map((states) => Int32Array.from(states)) };
};

/** A state's moves laid out over all states. */
const layOut = ({ frame, moves }: Chain, state: number, line: Float64Array): void => {
  for (let move = frame.rows[state] as number; move < (frame.rows[state + 1] as number); move += 1) {
    line[frame.to[move] as number] = moves[move] as number;
  }
};

/** Adds `times` of one state's remaining moves to the line. */
const take = (line: Float64Array, above: Int32Array, left: Float64Array, times: number): void => {
  for (let place = 0; place < above.length; place += 1) {
    const next = above[place] as number;
    line[next] = (line[next] as number) + times * (left[place] as number);
  }
};

/** A state's line without the states before it: their moves, ends and gains are its own in part. What is left to leave by. */
const reduced = (line: Float64Array, state: number, pattern: Pattern, rows: Rows): void => {
  const { left, ends, gains, leaving } = rows;
  for (const before of present(pattern.below[state], "a state")) {
    const all = leaving[before] as number;
    const times = all > 0 ? (line[before] as number) / all : 0;
    line[before] = 0;
    if (times === 0) continue;
    take(line, present(pattern.above[before], "a state"), present(left[before], "a row"), times);
    ends[state] = (ends[state] as number) + times * (ends[before] as number);
    gains[state] = (gains[state] as number) + times * (gains[before] as number);
  }
  line[state] = 0;
};

interface Rows {
  readonly left: Float64Array[];
  readonly ends: Float64Array;
  readonly gains: Float64Array;
  readonly leaving: Float64Array;
}

/** What a state is worth, once those eliminated after it are known. */
const backed = (above: Int32Array, left: Float64Array, gain: number, leaving: number, worth: Float64Array): number => {
  let sum = gain;
  above.forEach((next, place) => {
    sum += (left[place] as number) * (worth[next] as number);
  });
  return leaving > 0 ? sum / leaving : 0;
};

/**
 * What each state but the start is worth, by eliminating them in the order of the pattern without ever subtracting
 * (Grassmann, Taksar and Heyman 1985): exact but for rounding however slowly paths end, at the price of new moves.
 */
export const eliminated = (chain: Chain, gained: Float64Array, known: Known, pattern: Pattern): Float64Array => {
  const { states } = chain.frame;
  const [line, leaving] = [new Float64Array(states), new Float64Array(states)];
  const rows: Rows = { left: [], ends: chain.ends.slice(), gains: gained.slice(), leaving };
  for (const state of pattern.turn) {
    const above = present(pattern.above[state], "a state");
    if (known.closed[state] === 1) {
      rows.ends[state] = 1;
      rows.gains[state] = known.worth[state] as number;
    } else {
      layOut(chain, state, line);
      reduced(line, state, pattern, rows);
    }
    const left = Float64Array.from(above, (next) => line[next] as number);
    for (const next of above) line[next] = 0;
    rows.left[state] = left;
    leaving[state] = left.reduce((sum, times) => sum + times, rows.ends[state] as number);
  }
  const worth = new Float64Array(states);
  for (const state of pattern.turn.slice().reverse()) {
    const [above, left] = [present(pattern.above[state], "a state"), present(rows.left[state], "a row")];
    worth[state] = backed(above, left, rows.gains[state] as number, leaving[state] as number, worth);
  }
  return worth;
};
