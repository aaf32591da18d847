// Rows a second of `attribute` and `compare`, against a control that only reads and splits the same lines in the same process.
// Run: node test/bench/attribute.ts [rows]. Prints rows of a Markdown table.
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type { Io } from "../../server/commands/command.ts";
import { dispatch } from "../../server/commands/commands.ts";

const ROWS = Number(process.argv[2] ?? 500_000);
const ROUNDS = 5;
const PAYEES = 50;

/** The same numbers every run: a linear congruential generator, good enough to scatter test rows. */
const dice = () => {
  let state = 20_260_101;
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
};

const payee = (roll: (sides: number) => number): string => `creator-${String(roll(PAYEES)).padStart(2, "0")}`;

const pathLine = (roll: (sides: number) => number): string => {
  const path = Array.from({ length: 1 + roll(7) }, () => payee(roll)).join(" > ");
  return `${path},${roll(4)},${(roll(30_000) / 100).toFixed(2)},${roll(10)}\n`;
};

const eventLine = (roll: (sides: number) => number, row: number): string => {
  const visitor = `visitor-${roll(ROWS / 4)}`;
  const at = new Date(1_767_225_600_000 + row * 2000).toISOString();
  if (roll(14) === 0) return `${visitor},${at},sale,,${(roll(30_000) / 100).toFixed(2)},USD,e${row}\n`;
  return `${visitor},${at},touch,${payee(roll)},,,e${row}\n`;
};

const write = async (file: string, header: string, line: (roll: (sides: number) => number, row: number) => string) => {
  const stream = createWriteStream(file);
  const roll = dice();
  stream.write(header);
  for (let row = 0; row < ROWS; row += 1) {
    if (!stream.write(line(roll, row))) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
};

const control = async (file: string): Promise<number> => {
  const decoder = new TextDecoder();
  let [carried, cells] = ["", 0];
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const lines = (carried + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    carried = lines.pop() ?? "";
    for (const line of lines) cells += line.split(",").length;
  }
  return cells;
};

const silent: Io = {
  cwd: process.cwd(),
  env: {},
  isTTY: false,
  out: () => undefined,
  err: (text) => {
    if (!text.startsWith("note: ")) process.stderr.write(text);
  },
  progress: () => ({ to: () => undefined, done: () => undefined }),
};

const work = async (...argv: readonly string[]): Promise<number> => {
  const exit = await dispatch([...argv, "--json"], silent);
  if (exit !== 0) throw new Error(`${argv.join(" ")} ended with ${exit}`);
  return exit;
};

const milliseconds = async (work: () => Promise<number>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const perSecond = (ms: number): string => Math.round((ROWS / ms) * 1000).toLocaleString("en-US");

const folder = await mkdtemp(join(tmpdir(), "makegood-bench-"));
const [paths, events] = [join(folder, "paths.csv"), join(folder, "events.csv")];
await write(paths, "path,total_conversions,total_conversion_value,total_null\n", pathLine);
await write(events, "visitor,at,event,payee,value,currency,id\n", eventLine);

const several = "first,last,linear,timeDecay,markov,shapley";
const attribute = (file: string, model: string) => ["attribute", file, "--model", model];
const compare = (file: string, models: string) => ["compare", file, "--models", models, "--replicates", "0"];

console.log("| command | rows/s | control: read and split, rows/s | ratio |\n|---|--:|--:|--:|");
for (const [says, argv] of [
  ["attribute, paths, linear", attribute(paths, "linear")],
  ["attribute, paths, position", attribute(paths, "position")],
  ["attribute, events, linear", attribute(events, "linear")],
  ["attribute, events, timeDecay", attribute(events, "timeDecay")],
  ["compare, events, six models", compare(events, several)],
] as const) {
  const best = { ours: Number.POSITIVE_INFINITY, control: Number.POSITIVE_INFINITY };
  // Alternating, best of several: what else the machine does then disturbs both alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    best.control = Math.min(best.control, await milliseconds(() => control(argv[1] ?? "")));
    best.ours = Math.min(best.ours, await milliseconds(() => work(...argv)));
  }
  const ratio = (best.control / best.ours).toFixed(2);
  console.log(`| ${says} | ${perSecond(best.ours)} | ${perSecond(best.control)} | ${ratio} |`);
}
await rm(folder, { recursive: true });
