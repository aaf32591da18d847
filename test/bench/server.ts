import { nonce } from "../../widget/send.ts";
import { type Load, load } from "./load.ts";
import { cpuMicros, median, type Up, up } from "./serving.ts";

const kinds = ["bare", "hono", "makegood"] as const;
type Kind = (typeof kinds)[number];

type Server = Up<{ readonly key: string; readonly code: string; readonly clicks: readonly string[] }>;

let clicks: readonly string[] = [];

const agent =
  "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\n";

type Requests = (it: Server) => () => Buffer;

const redirect: Requests = ({ code }) => {
  const request = Buffer.from(`GET /l/${code} HTTP/1.1\r\nhost: 127.0.0.1\r\n${agent}accept: text/html\r\n\r\n`);
  return () => request;
};

const VIEWS_OF_ONE = 3;

/**
 * Views as the tag tells them: by words it makes itself, each visitor looking at some pages, and, where they came by a link,
 * with a click of their own, as the server under test gives them, one after another.
 */
const views = (clicked: boolean): Requests => {
  let [made, visitor] = [0, ""];
  return ({ key }) =>
    () => {
      if (made % VIEWS_OF_ONE === 0) visitor = nonce();
      const c = clicked ? clicks[Math.floor(made / VIEWS_OF_ONE) % clicks.length] : undefined;
      made += 1;
      const body = JSON.stringify({ k: key, v: visitor, c, p: "http://localhost:9/", n: nonce() });
      return Buffer.from(
        `POST /v1/beacon HTTP/1.1\r\nhost: 127.0.0.1\r\n${agent}content-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    };
};

const jobs = {
  redirect: { next: redirect, expected: "302" },
  beacon: { next: views(false), expected: "204" },
  "beacon after a click": { next: views(true), expected: "204" },
};
type Job = keyof typeof jobs;
const allJobs = Object.keys(jobs) as readonly Job[];

interface Measured extends Load {
  readonly cpuMicros: number;
  /** How much of a core the load itself took: where that is all of it, what is measured is the load. */
  readonly loadCores: number;
}

const CONNECTIONS = 64;

const measure = async (it: Server, job: Job, seconds: number): Promise<Measured> => {
  const [before, own] = [await cpuMicros(it), process.cpuUsage()];
  const run = await load(it.port, jobs[job].next(it), jobs[job].expected, CONNECTIONS, seconds);
  const { user, system } = process.cpuUsage(own);
  if (run.failed > 0) throw new Error(`${run.failed} of ${run.requests} requests failed`);
  const loadCores = ((user + system) / run.requests) * run.perSecond * 1e-6;
  return { ...run, cpuMicros: ((await cpuMicros(it)) - before) / run.requests, loadCores };
};

const WARM_REQUESTS = 40_000;
const WARM_ROUNDS = 20;

/** Code is made fast while it runs: by how often it ran, not by how long. */
const warmUp = async (it: Server, job: Job): Promise<void> => {
  let requests = 0;
  for (let round = 0; round < WARM_ROUNDS && requests < WARM_REQUESTS; round += 1)
    requests += (await measure(it, job, 1)).requests;
};

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 2);
const results = new Map<string, Measured[]>();
const servers = new Map<Kind, Server>();
for (const kind of kinds) servers.set(kind, await up("server.child.ts", kind));
const server = (kind: Kind): Server => servers.get(kind) as Server;
try {
  clicks = server("makegood").clicks;
  for (const job of allJobs) for (const kind of kinds) await warmUp(server(kind), job);
  for (let round = 0; round < rounds; round += 1)
    for (const job of allJobs)
      for (const kind of kinds) {
        const key = `${job} ${kind}`;
        results.set(key, [...(results.get(key) ?? []), await measure(server(kind), job, seconds)]);
      }
} finally {
  for (const { child } of servers.values()) child.send("stop");
}

const runsOf = (job: Job, kind: Kind): readonly Measured[] => results.get(`${job} ${kind}`) ?? [];
const of = (job: Job, kind: Kind, read: (it: Measured) => number): number => median(runsOf(job, kind).map(read));

/** How many times as fast as a control, which ran a moment before: round by round, and then the middle one. */
const times = (job: Job, kind: Kind, control: Kind, read: (it: Measured) => number): string => {
  const controls = runsOf(job, control).map(read);
  return median(runsOf(job, kind).map((it, round) => read(it) / (controls[round] ?? 0))).toFixed(2);
};

const perSecond = (it: Measured): number => it.perSecond;
const perMicro = (it: Measured): number => 1 / it.cpuMicros;

console.log(
  "| request | requests/s | p99 ms | CPU µs each | × bare node:http | × bare Hono | by CPU alone |\n|---|--:|--:|--:|--:|--:|--:|",
);
for (const job of allJobs)
  for (const kind of kinds) {
    const [rate, p99] = [Math.round(of(job, kind, perSecond)), of(job, kind, (it) => it.p99Ms).toFixed(1)];
    const cpu = of(job, kind, (it) => it.cpuMicros).toFixed(1);
    const by = [times(job, kind, "bare", perSecond), times(job, kind, "hono", perSecond)];
    console.log(
      `| ${job}, ${kind} | ${rate} | ${p99} | ${cpu} | ${by.join(" | ")} | ${times(job, kind, "bare", perMicro)} |`,
    );
  }
const busiest = Math.max(...allJobs.flatMap((job) => kinds.map((kind) => of(job, kind, (it) => it.loadCores))));
console.log(`\nThe load, one thread, took at most ${busiest.toFixed(2)} of a core.`);
