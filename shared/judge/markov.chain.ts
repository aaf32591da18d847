import { must } from "../kit/shape.ts";
import type { Paths } from "./columns.ts";
import { ranked } from "./ranks.ts";

/** How many of its latest touches a state of a chain remembers. */
export type Order = 1 | 2 | 3;

/** The place of the state every path starts in; no path comes back to it. */
export const START = 0;

/**
 * What a chain over these paths looks like before anything is counted: its states (the start, then every distinct window
 * of `order` consecutive steps, the whole path where it is shorter, in the order of their steps), its moves from state to
 * state in rows, and which of them each path makes. The same for every count of the same paths.
 */
export interface Frame {
  readonly order: Order;
  readonly payees: number;
  readonly steps: Int32Array;
  readonly states: number;
  /** The payees of state s: `order` entries from `s * order` on, −1 where it has fewer. */
  readonly members: Int32Array;
  /** The moves of state s lie from `rows[s]` up to `rows[s + 1]`; `to` is where each leads, never back to s. */
  readonly rows: Int32Array;
  readonly to: Int32Array;
  /** The moves of path p lie in `routes` from `turns[p]` up to `turns[p + 1]`; `ends` is the state it ends in. */
  readonly turns: Int32Array;
  readonly routes: Int32Array;
  readonly ends: Int32Array;
}

/** How often each move of a frame was made, and how often a path ended in each state, and what it brought there. */
export interface Chain {
  readonly frame: Frame;
  readonly moves: Float64Array;
  readonly ends: Float64Array;
  readonly gains: Float64Array;
  /** All that left a state: its moves and its ends. */
  readonly leaving: Float64Array;
}

/** Values known beforehand: where `closed` is set the state is worth `worth` already and nothing goes on from it. */
export interface Known {
  readonly closed: Uint8Array;
  readonly worth: Float64Array;
}

/** Keys of the windows of all paths, path after path, and where each path's begin. Shorter windows sort first. */
const windows = ({ payees, begins, steps }: Paths, order: Order) => {
  const paths = begins.length - 1;
  const first = new Int32Array(paths + 1);
  for (let path = 0; path < paths; path += 1) {
    const length = (begins[path + 1] as number) - (begins[path] as number);
    first[path + 1] = (first[path] as number) + (length === 0 ? 0 : Math.max(1, length - order + 1));
  }
  const keys = new Float64Array(first[paths] as number);
  for (let path = 0; path < paths; path += 1) {
    const [from, until] = [begins[path] as number, begins[path + 1] as number];
    for (let window = first[path] as number; window < (first[path + 1] as number); window += 1) {
      const opens = from + window - (first[path] as number);
      let key = 0;
      for (let step = opens; step < Math.min(opens + order, until); step += 1) {
        key = key * (payees + 1) + (steps[step] as number) + 1;
      }
      keys[window] = key;
    }
  }
  return { first, keys };
};

/** The moves each path makes from state to state, those that stay where they are left out: they change nothing. */
const movesOf = (first: Int32Array, places: Int32Array, states: number) => {
  const paths = first.length - 1;
  const [turns, ends] = [new Int32Array(paths + 1), new Int32Array(paths)];
  const keys = new Float64Array(places.length);
  let count = 0;
  for (let path = 0; path < paths; path += 1) {
    let state = START;
    for (let window = first[path] as number; window < (first[path + 1] as number); window += 1) {
      const next = (places[window] as number) + 1;
      if (next !== state) {
        keys[count] = state * states + next;
        count += 1;
      }
      state = next;
    }
    turns[path + 1] = count;
    ends[path] = state;
  }
  return { turns, ends, keys: keys.subarray(0, count) };
};

const membersOf = (distinct: Float64Array, payees: number, order: Order): Int32Array => {
  const members = new Int32Array((distinct.length + 1) * order).fill(-1);
  distinct.forEach((key, place) => {
    let left = key;
    for (let slot = (place + 2) * order - 1; left > 0; slot -= 1) {
      members[slot] = (left % (payees + 1)) - 1;
      left = Math.floor(left / (payees + 1));
    }
  });
  return members;
};

/** The frame of these paths at this order. Of at most 200 000 payees at order 3, so that a window is one exact number. */
export const frameOf = (paths: Paths, order: Order): Frame => {
  must((paths.payees + 1) ** order <= Number.MAX_SAFE_INTEGER, "more payees than a window can tell apart");
  const { first, keys } = windows(paths, order);
  const { distinct, places } = ranked(keys);
  const states = distinct.length + 1;
  const { turns, ends, keys: made } = movesOf(first, places, states);
  const moves = ranked(made);
  const rows = new Int32Array(states + 1);
  for (const key of moves.distinct) rows[Math.floor(key / states) + 1] = (rows[Math.floor(key / states) + 1] ?? 0) + 1;
  for (let state = 0; state < states; state += 1)
    rows[state + 1] = (rows[state + 1] as number) + (rows[state] as number);
  return {
    order,
    payees: paths.payees,
    steps: paths.steps,
    states,
    members: membersOf(distinct, paths.payees, order),
    rows,
    to: Int32Array.from(moves.distinct, (key) => key % states),
    turns,
    routes: moves.places,
    ends,
  };
};

/**
 * The chain of a frame with these counts of its paths: a move counts as often as paths that make it, converting or not.
 * `gains` is what each path brought: its conversions, or their worth. Whole numbers add up exactly, in any order.
 */
export const chainOf = (frame: Frame, { steps, conversions, nulls }: Paths, gained: Float64Array): Chain => {
  must(steps === frame.steps, "counts of other paths than the frame was made of");
  const { states, rows, turns, routes } = frame;
  const moves = new Float64Array(frame.to.length);
  const [ends, gains, leaving] = [new Float64Array(states), new Float64Array(states), new Float64Array(states)];
  for (let path = 0; path < frame.ends.length; path += 1) {
    const count = (conversions[path] as number) + (nulls[path] as number);
    if (count === 0) continue;
    const last = frame.ends[path] as number;
    ends[last] = (ends[last] as number) + count;
    gains[last] = (gains[last] as number) + (gained[path] as number);
    for (let turn = turns[path] as number; turn < (turns[path + 1] as number); turn += 1) {
      const move = routes[turn] as number;
      moves[move] = (moves[move] as number) + count;
    }
  }
  for (let state = 0; state < states; state += 1) {
    let sum = ends[state] as number;
    for (let move = rows[state] as number; move < (rows[state + 1] as number); move += 1) sum += moves[move] as number;
    leaving[state] = sum;
  }
  return { frame, moves, ends, gains, leaving };
};
