// Milliseconds of the learned models, each against a control in the same process: what one would write first.
// Run: node test/bench/learned.ts [thousands of distinct paths of the large one]. Prints rows of Markdown tables.
import { intervalsOf } from "../../shared/judge/bootstrap.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { markov, markovOf } from "../../shared/judge/markov.ts";
import { shapley } from "../../shared/judge/shapley.ts";
import { below, type Dice, dice } from "../../shared/kit/chance.ts";

const ROUNDS = 5;
const LARGE = Number(process.argv[2] ?? 400) * 1000;

/** Payees as unlike as in life: the first are met far more often than the last. */
const anyone = (next: Dice, payees: number): number => Math.min(below(next, payees), below(next, payees));

/** So many distinct paths, mostly short, people often staying with whom they know; counts fall off as in published logs. */
const pathsOf = (payees: number, distinct: number): Paths => {
  const next = dice("bench", String(payees), String(distinct));
  const seen = new Map<string, readonly number[]>();
  while (seen.size < distinct) {
    const steps = [anyone(next, payees)];
    while (steps.length < 60 && below(next, 6) !== 0) {
      steps.push(below(next, 2) === 0 ? (steps.at(-1) ?? 0) : anyone(next, payees));
    }
    seen.set(steps.join(), steps);
  }
  const all = [...seen.values()];
  const begins = Int32Array.from([0, ...all.map(({ length }) => length)]);
  for (let path = 0; path < all.length; path += 1) begins[path + 1] = (begins[path + 1] ?? 0) + (begins[path] ?? 0);
  const often = (steps: readonly number[], times: number): number =>
    below(next, 3) + Math.floor((below(next, 40) * times) / steps.length ** 2);
  return {
    payees,
    begins,
    steps: Int32Array.from(all.flat()),
    conversions: Float64Array.from(all, (steps) => often(steps, 2)),
    nulls: Float64Array.from(all, (steps) => often(steps, 8)),
    values: new Float64Array(all.length),
  };
};

type Square = readonly number[][];

/** What each payee (and the start, before them) led to, how often, and how often to a conversion in the last column. */
const ledTo = (paths: Paths): { readonly counts: Square; readonly all: readonly number[] } => {
  const size = paths.payees + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
  const all = new Array<number>(size).fill(0);
  const add = (from: number, to: number, times: number): void => {
    const row = counts[from] ?? [];
    row[to] = (row[to] ?? 0) + times;
  };
  for (let path = 0; path < paths.conversions.length; path += 1) {
    const [won, lost] = [paths.conversions[path] ?? 0, paths.nulls[path] ?? 0];
    let from = 0;
    for (const step of paths.steps.subarray(paths.begins[path], paths.begins[path + 1])) {
      add(from, step + 1, won + lost);
      all[from] = (all[from] ?? 0) + won + lost;
      from = step + 1;
    }
    add(from, size, won);
    all[from] = (all[from] ?? 0) + won + lost;
  }
  return { counts, all };
};

/** Row `at` taken out of a row before it, the last column included. */
const without = (row: number[], own: readonly number[], at: number): void => {
  const times = (row[at] ?? 0) / (own[at] ?? 1);
  if (times === 0) return;
  for (let column = 0; column < at; column += 1) row[column] = (row[column] ?? 0) - times * (own[column] ?? 0);
  const last = row.length - 1;
  row[last] = (row[last] ?? 0) - times * (own[last] ?? 0);
};

/** What the start is worth in equations of one state a row: eliminated from the last state to the first. */
const solved = (rows: Square): number => {
  for (let at = rows.length - 1; at > 0; at -= 1) {
    for (let other = 0; other < at; other += 1) without(rows[other] ?? [], rows[at] ?? [], at);
  }
  const start = rows[0] ?? [];
  return (start.at(-1) ?? 0) / (start[0] ?? 1);
};

/** Removal effects of order 1 by the definition: one Gaussian elimination a payee, in rows of plain numbers. */
const onePerPayee = (paths: Paths): readonly number[] => {
  const { counts, all } = ledTo(paths);
  const entry = (count: number, from: number, to: number): number => {
    const chance = (all[from] ?? 0) > 0 ? count / (all[from] ?? 1) : 0;
    return to === counts.length ? chance : (from === to ? 1 : 0) - chance;
  };
  const rows = counts.map((row, from) => row.map((count, to) => entry(count, from, to)));
  const gone = (payee: number): number[] => rows.map((_, to) => (to === payee + 1 ? 1 : 0)).concat(0);
  const base = solved(rows.map((row) => [...row]));
  return Array.from(
    { length: paths.payees },
    (_, payee) => 1 - solved(rows.map((row, from) => (from === payee + 1 ? gone(payee) : [...row]))) / base,
  );
};

const [WON, LOST] = ["won", "lost"];
type Moves = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Moves between states of three touches, under their texts. */
const movesOf = (paths: Paths): Moves => {
  const moves = new Map<string, Map<string, number>>();
  const add = (from: string, to: string, times: number): void => {
    const row = moves.get(from) ?? new Map<string, number>();
    moves.set(from, row.set(to, (row.get(to) ?? 0) + times));
  };
  for (let path = 0; path < paths.conversions.length; path += 1) {
    const [won, lost] = [paths.conversions[path] ?? 0, paths.nulls[path] ?? 0];
    const steps = [...paths.steps.subarray(paths.begins[path], paths.begins[path + 1])];
    let from = "";
    for (let at = 0; at < Math.max(1, steps.length - 2); at += 1) {
      const to = steps.slice(at, at + 3).join();
      add(from, to, won + lost);
      from = to;
    }
    add(from, WON, won);
    add(from, LOST, lost);
  }
  return moves;
};

/** Removal effects of order 3 as published libraries find them: by so many random walks. */
const walked = (paths: Paths, walks: number): readonly number[] => {
  const moves = movesOf(paths);
  const totals = new Map([...moves].map(([from, row]) => [from, [...row.values()].reduce((sum, it) => sum + it, 0)]));
  const next = dice("walk");
  const step = (from: string): string => {
    let left = (next() / 2 ** 32) * (totals.get(from) ?? 0);
    for (const [to, times] of moves.get(from) ?? []) {
      left -= times;
      if (left < 0) return to;
    }
    return LOST;
  };
  const met = new Array<number>(paths.payees).fill(0);
  let wins = 0;
  for (let walk = 0; walk < walks; walk += 1) {
    const seen = new Set<string>();
    let state = step("");
    for (; state !== WON && state !== LOST; state = step(state)) for (const payee of state.split(",")) seen.add(payee);
    if (state === LOST) continue;
    wins += 1;
    for (const payee of seen) met[Number(payee)] = (met[Number(payee)] ?? 0) + 1;
  }
  return met.map((times) => times / wins);
};

/** A bootstrap that draws every journey anew and makes the chain from the paths each time, for so many samples. */
const journeyByJourney = (paths: Paths, replicates: number): number => {
  const ends: number[] = [];
  paths.conversions.forEach((count, path) => {
    for (let journey = 0; journey < count; journey += 1) ends.push(2 * path);
    for (let journey = 0; journey < (paths.nulls[path] ?? 0); journey += 1) ends.push(2 * path + 1);
  });
  const next = dice("journeys");
  let sum = 0;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const [conversions, nulls] = [new Float64Array(paths.nulls.length), new Float64Array(paths.nulls.length)];
    for (let journey = 0; journey < ends.length; journey += 1) {
      const end = ends[Math.floor((next() / 2 ** 32) * ends.length)] ?? 0;
      const column = end % 2 === 0 ? conversions : nulls;
      column[end >> 1] = (column[end >> 1] ?? 0) + 1;
    }
    sum += markov({ ...paths, conversions, nulls }, 1).base;
  }
  return sum;
};

const milliseconds = (work: () => unknown): number => {
  const from = performance.now();
  work();
  return performance.now() - from;
};

const compare = (says: string, ours: () => unknown, control: () => unknown, times = 1, rounds = ROUNDS): void => {
  const best = { ours: Number.POSITIVE_INFINITY, control: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round += 1) {
    best.control = Math.min(best.control, milliseconds(control) * times);
    best.ours = Math.min(best.ours, milliseconds(ours));
  }
  const ratio = (best.control / best.ours).toFixed(1);
  console.log(`| ${says} | ${best.ours.toFixed(2)} | ${best.control.toFixed(1)} | ${ratio} |`);
};

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): string =>
  Math.max(...Array.from(a, (it, place) => Math.abs(it - (b[place] ?? 0)))).toExponential(1);

const touchesOf = ({ begins, conversions, nulls }: Paths): number =>
  conversions.reduce(
    (sum, count, path) => sum + (count + (nulls[path] ?? 0)) * ((begins[path + 1] ?? 0) - (begins[path] ?? 0)),
    0,
  );

const [twelve, fifty, many] = [pathsOf(12, 10_000), pathsOf(50, 10_000), pathsOf(200, 10_000)];
const told = (paths: Paths): string =>
  `${paths.payees} payees, ${paths.nulls.length.toLocaleString("en-US")} paths of ${touchesOf(paths).toLocaleString("en-US")} touches`;
const sampled = markovOf(fifty, 1);
const throws = { replicates: 1000, seed: "bench", level: 0.95 };

console.log("| learned | ms | control, ms | ratio |\n|---|--:|--:|--:|");
for (const paths of [many, fifty]) {
  const counted = markovOf(paths, 1);
  const control = () => onePerPayee(paths);
  compare(`Markov 1, ${told(paths)}; control: one elimination a payee`, () => markov(paths, 1), control, 1, 3);
  compare("the same, counted anew in a chain made before; the same control", () => counted(paths), control, 1, 3);
}
compare(
  `Markov 3, ${told(twelve)}; control: 100 000 random walks`,
  () => markov(twelve, 3),
  () => walked(twelve, 100_000),
  1,
  2,
);
compare(
  `Bootstrap of Markov 1, 1 000 samples, ${told(fifty)}; control: journey by journey, 20 samples × 50`,
  () => intervalsOf(fifty, (paths) => sampled(paths).effects, throws),
  () => journeyByJourney(fifty, 20),
  50,
  3,
);
console.log(
  `\nFurthest from the control: Markov 1 ${furthest(markov(many, 1).effects, onePerPayee(many))}, ` +
    `Markov 3 from its random walks ${furthest(markov(twelve, 3).effects, walked(twelve, 100_000))}; ` +
    `${markov(twelve, 3).states} states.`,
);

const large = pathsOf(50, LARGE);
console.log(`\n| ${told(large)} | ms |\n|---|--:|`);
const row = (says: string, work: () => unknown): void => console.log(`| ${says} | ${milliseconds(work).toFixed(0)} |`);
row("Markov 1", () => markov(large, 1));
row("Markov 2", () => markov(large, 2));
row("Shapley", () => shapley(large));
const model = markovOf(large, 1);
row("Bootstrap of Markov 1, 10 samples", () =>
  intervalsOf(large, (paths) => model(paths).effects, { ...throws, replicates: 10 }),
);
