// Touches a second of `shareColumns`, from an unsorted log to exact millionths for each payee, against DuckDB with the
// same log in memory in the same run; memory; one conversion of 200 touches by `credit`.
// Run: node test/bench/columnar.ts [--large]. With --large also a log ten times as large. Prints Markdown.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { pathsOf, shareColumns } from "../../shared/judge/columnar.ts";
import { DAY_MS, HOUR_MS } from "../../shared/kit/time.ts";
import { asked, linear, loaded, type Queries, timeDecay } from "./columnar.duckdb.ts";
import { bytesOf, type LogSize, larger, logOf, resultsOf, usual } from "./columnar.log.ts";

const ROUNDS = 5;
const WINDOW_DAYS = 30;
const HALF_LIFE_DAYS = 7;
const terms = (model: AttributionTerms["model"]): AttributionTerms => ({
  model,
  windowDays: WINDOW_DAYS,
  house: "included",
  halfLifeDays: HALF_LIFE_DAYS,
});

interface Times {
  readonly min: number;
  readonly median: number;
}

const timesOf = (all: readonly number[]): Times => {
  const sorted = all.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]! };
};

const milliseconds = async (work: () => unknown): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const rounds = async (work: () => unknown, count = ROUNDS): Promise<Times> => {
  const all: number[] = [];
  for (let round = 0; round < count; round += 1) all.push(await milliseconds(work));
  return timesOf(all);
};

const ms = (time: number): string => (time < 10 ? time.toFixed(3) : time.toFixed(0));
const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);

const printMemory = (size: LogSize): void => {
  const [touches, conversions] = [logOf(size), resultsOf(size)];
  const columns = bytesOf(touches, conversions);
  const before = process.memoryUsage().rss;
  shareColumns(touches, conversions, { terms: terms("timeDecay"), payees: size.payees });
  const more = Math.max(0, process.resourceUsage().maxRSS * 1024 - before);
  const times = ((columns + more) / columns).toFixed(2);
  console.log(
    `\nMemory: columns ${mega(columns)} MB, at most ${mega(more)} MB beside them: ${times} times the columns.`,
  );
};

const print = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(" | ")} |`);

const compare = async (
  connection: DuckDBConnection,
  size: LogSize,
  model: "linear" | "timeDecay",
  queries: Queries,
) => {
  const [touches, conversions] = [logOf(size), resultsOf(size)];
  const sharing = { terms: terms(model), payees: size.payees };
  const ours = shareColumns(touches, conversions, sharing);
  const theirs = await asked(connection, queries.exact, size);
  const off = ours.reduce((most, sum, payee) => Math.max(most, Math.abs(sum - theirs[payee]!)), 0);
  const own = await rounds(() => shareColumns(touches, conversions, sharing));
  const row = (who: string, { min, median }: Times) =>
    print([model, who, ms(min), ms(median), (size.touches / min / 1000).toFixed(1), (min / own.min).toFixed(1)]);
  row("shareColumns, exact", own);
  for (const threads of ["1", "default"]) {
    await connection.run(threads === "1" ? "SET threads = 1" : "RESET threads");
    const set = (await connection.runAndReadAll("SELECT current_setting('threads')")).getRows()[0]![0];
    row(`DuckDB, ${set} threads, exact`, await rounds(() => asked(connection, queries.exact, size)));
    row(`DuckDB, ${set} threads, doubles only`, await rounds(() => asked(connection, queries.loose, size)));
  }
  return `${model}: all ${size.payees} payees agree with DuckDB to within ${off} millionths of ${size.conversions} conversions.`;
};

const printComparison = async (size: LogSize): Promise<void> => {
  const connection = await loaded(logOf(size), resultsOf(size));
  console.log("\n| model | by | min ms | median ms | million touches/s | times as long |\n|---|---|--:|--:|--:|--:|");
  const agreed = [
    await compare(connection, size, "linear", linear(WINDOW_DAYS * DAY_MS)),
    await compare(connection, size, "timeDecay", timeDecay(WINDOW_DAYS * DAY_MS, HALF_LIFE_DAYS * DAY_MS)),
  ];
  connection.closeSync();
  console.log(`\n${agreed.join("\n")}`);
};

const printPaths = async (size: LogSize): Promise<void> => {
  const [touches, conversions] = [logOf(size), resultsOf(size)];
  const work = () => pathsOf(touches, conversions, terms("linear"), size.payees);
  const { min, median } = await rounds(work, 3);
  console.log(`\nDistinct paths: ${work().nulls.length} in ${ms(min)} ms, median ${ms(median)} ms.`);
};

const TOUCHES = 200;

const printLive = async (): Promise<void> => {
  const at = Date.UTC(2026, 5, 1);
  const touches: readonly Touch[] = Array.from({ length: TOUCHES }, (_, order) => ({
    ...{ id: `tch-${order}`, at: at - order * 3 * HOUR_MS - 17 * order, order },
    ...{ payee: `ctr-${order % 8}`, link: `link-${order % 16}`, kind: "click" },
  }));
  for (const model of ["linear", "linearUnique", "timeDecay"] as const) {
    let conversion = 0;
    const work = () => credit({ id: `cnv-${conversion++}`, at }, touches, terms(model));
    await rounds(work, 200);
    const { min, median } = await rounds(work, 200);
    console.log(`\n\`credit\`, ${model}, ${TOUCHES} touches: min ${ms(min)} ms, median ${ms(median)} ms.`);
  }
};

const printGrowth = async (size: LogSize, times: number): Promise<void> => {
  const sizes = [size, larger(size, times)];
  const logs = sizes.map((it) => [logOf(it), resultsOf(it)] as const);
  for (const model of ["linear", "timeDecay"] as const) {
    const share = (which: number) =>
      milliseconds(() => shareColumns(...logs[which]!, { terms: terms(model), payees: size.payees }));
    const [small, large]: [number[], number[]] = [[], []];
    for (let round = 0; round < 3; round += 1) await share(0);
    for (let round = 0; round < ROUNDS; round += 1) {
      small.push(await share(0), await share(0), await share(0));
      large.push(await share(1));
    }
    const [one, many] = [timesOf(small), timesOf(large)];
    const ratios = `${(many.median / one.median).toFixed(1)} times as long (of minima ${(many.min / one.min).toFixed(1)})`;
    console.log(
      `\n${model}, a log ${times} times as large: median ${ms(one.median)} → ${ms(many.median)} ms, ${ratios}.`,
    );
  }
};

// Memory first, while the process is young: its peak only ever grows.
printMemory(usual);
await printComparison(usual);
await printPaths(usual);
await printLive();
if (process.argv.includes("--large")) await printGrowth(usual, 10);
