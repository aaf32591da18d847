import type { Chain } from "./markov.chain.ts";

/**
 * The states of a chain but its start, eliminated one after another in a square of doubles, row after row: below the
 * diagonal the part of a state's visits that a state eliminated before it takes over, above it the moves left. Nothing is
 * ever subtracted (Grassmann, Taksar and Heyman 1985, Operations Research 33), so no digit is lost and no pivot is
 * needed: every entry is right to about its last places, however rarely a path ends.
 */
interface Factors {
  readonly size: number;
  readonly square: Float64Array;
  /** One over all that leaves a state once those before it are gone; zero for a state that nothing leaves. */
  readonly pivots: Float64Array;
}

const squareOf = ({ frame, moves }: Chain): Float64Array => {
  const size = frame.states - 1;
  const square = new Float64Array(size * size);
  for (let state = 0; state < size; state += 1) {
    const until = frame.rows[state + 2] as number;
    for (let move = frame.rows[state + 1] as number; move < until; move += 1) {
      square[state * size + (frame.to[move] as number) - 1] = moves[move] as number;
    }
  }
  return square;
};

/** Adds `times` of a row's entries from one column on to another row. */
const addRow = (square: Float64Array, to: number, from: number, times: number, begin: number, end: number): void => {
  for (let column = begin; column < end; column += 1) {
    square[to + column] = (square[to + column] as number) + times * (square[from + column] as number);
  }
};

const factored = (chain: Chain): Factors => {
  const size = chain.frame.states - 1;
  const [square, pivots, ends] = [squareOf(chain), new Float64Array(size), chain.ends.slice(1)];
  for (let state = 0; state < size; state += 1) {
    const row = state * size;
    let leaving = ends[state] as number;
    for (let column = state + 1; column < size; column += 1) leaving += square[row + column] as number;
    const pivot = leaving > 0 ? 1 / leaving : 0;
    pivots[state] = pivot;
    for (let other = state + 1; other < size; other += 1) {
      const taken = (square[other * size + state] as number) * pivot;
      square[other * size + state] = taken;
      if (taken === 0) continue;
      ends[other] = (ends[other] as number) + taken * (ends[state] as number);
      addRow(square, other * size, row, taken, state + 1, size);
    }
  }
  return { size, square, pivots };
};

/** Turns both halves of the factors, in place, into their inverses; the lower one's diagonal is ones and not kept. */
const invert = ({ size, square, pivots }: Factors): void => {
  for (let state = 0; state < size; state += 1) {
    for (let other = 1; other < state; other += 1) {
      const part = square[state * size + other] as number;
      if (part !== 0) addRow(square, state * size, other * size, part, 0, other);
    }
  }
  for (let state = size - 1; state >= 0; state -= 1) {
    const row = state * size;
    for (let other = size - 1; other > state; other -= 1) {
      const part = square[row + other] as number;
      square[row + other] = part * (square[other * size + other] as number);
      if (part !== 0) addRow(square, row, other * size, part, other + 1, size);
    }
    square[row + state] = 1;
    for (let column = state; column < size; column += 1) {
      square[row + column] = (square[row + column] as number) * (pivots[state] as number);
    }
  }
};

/** What each state is worth: what comes in, on average, after it. */
const worths = ({ size, square }: Factors, gains: Float64Array): Float64Array => {
  const [part, worth] = [new Float64Array(size), new Float64Array(size)];
  for (let state = 0; state < size; state += 1) {
    let sum = gains[state + 1] as number;
    for (let other = 0; other < state; other += 1) {
      sum += (square[state * size + other] as number) * (gains[other + 1] as number);
    }
    part[state] = sum;
  }
  for (let state = 0; state < size; state += 1) {
    let sum = 0;
    for (let other = state; other < size; other += 1) {
      sum += (square[state * size + other] as number) * (part[other] as number);
    }
    worth[state] = sum;
  }
  return worth;
};

/** How often a path comes through each state (times what leaves it), and a path that is in that state already. */
const visits = ({ size, square }: Factors, starts: Float64Array) => {
  const [part, from, own] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  for (let state = 0; state < size; state += 1) {
    const times = starts[state] as number;
    if (times === 0) continue;
    for (let column = state; column < size; column += 1) {
      part[column] = (part[column] as number) + times * (square[state * size + column] as number);
    }
  }
  for (let state = 0; state < size; state += 1) {
    const times = part[state] as number;
    from[state] = (from[state] as number) + times;
    own[state] = (own[state] as number) + (square[state * size + state] as number);
    for (let column = 0; column < state; column += 1) {
      const taken = square[state * size + column] as number;
      from[column] = (from[column] as number) + times * taken;
      own[column] = (own[column] as number) + (square[column * size + state] as number) * taken;
    }
  }
  return { from, own };
};

/**
 * What a path is worth that comes through each state, as part of all paths' worth, from one elimination: N_sm/N_mm · b_m
 * over b_s, N the expected visits and b what a state is worth. In an order-1 chain that is what falls away with the
 * payee. `base` is b_s, a path's worth on average.
 */
export const throughEach = (chain: Chain): { readonly base: number; readonly through: Float64Array } => {
  const { states, rows, to } = chain.frame;
  const factors = factored(chain);
  invert(factors);
  const [starts, worth] = [new Float64Array(states - 1), worths(factors, chain.gains)];
  let base = chain.gains[0] as number;
  for (let move = rows[0] as number; move < (rows[1] as number); move += 1) {
    const state = (to[move] as number) - 1;
    starts[state] = chain.moves[move] as number;
    base += (chain.moves[move] as number) * (worth[state] as number);
  }
  const { from, own } = visits(factors, starts);
  const through = from.map((times, state) => {
    const part = times * (worth[state] as number);
    return part > 0 ? Math.min(1, part / (own[state] as number) / base) : 0;
  });
  const leaving = chain.leaving[0] as number;
  return { base: leaving > 0 ? base / leaving : 0, through };
};
