import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Load, load } from "./load.ts";

const kinds = ["bare", "hono", "makegood"] as const;
type Kind = (typeof kinds)[number];

interface Up {
  readonly child: ChildProcess;
  readonly port: number;
  readonly key: string;
  readonly code: string;
}

const told = <Key extends string>(child: ChildProcess, key: Key): Promise<Record<string, never>> =>
  new Promise((resolve, reject) => {
    const hear = (message: unknown): void => {
      const it = message as Record<string, Record<string, never>>;
      if (!(key in it)) return;
      child.off("message", hear);
      resolve(it[key] as Record<string, never>);
    };
    child.on("message", hear);
    child.setMaxListeners(50);
    child.once("exit", (code) => reject(new Error(`the server under test ended with ${code}`)));
  });

const up = async (kind: Kind): Promise<Up> => {
  const child = fork(fileURLToPath(new URL("server.child.ts", import.meta.url)), [kind], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return { child, ...((await told(child, "ready")) as unknown as Omit<Up, "child">) };
};

const cpuMicros = async ({ child }: Up): Promise<number> => {
  const answer = told(child, "cpu");
  child.send("cpu");
  const { user, system } = (await answer) as unknown as NodeJS.CpuUsage;
  return user + system;
};

const agent =
  "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36\r\n";

const redirect = ({ code }: Up) => {
  const request = Buffer.from(`GET /l/${code} HTTP/1.1\r\nhost: 127.0.0.1\r\n${agent}accept: text/html\r\n\r\n`);
  return (): Buffer => request;
};

let made = 0;
const beacon =
  ({ key }: Up) =>
  (): Buffer => {
    made += 1;
    const body = JSON.stringify({
      k: key,
      v: `visitor-${made % 50_000}`,
      p: "http://localhost:9/",
      n: `view-${made.toString(36).padStart(8, "0")}`,
    });
    return Buffer.from(
      `POST /v1/beacon HTTP/1.1\r\nhost: 127.0.0.1\r\n${agent}content-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };

const jobs = { redirect: { next: redirect, expected: "302" }, beacon: { next: beacon, expected: "204" } };

interface Measured extends Load {
  readonly cpuMicrosPerRequest: number;
}

const measure = async (it: Up, job: keyof typeof jobs, seconds: number): Promise<Measured> => {
  const before = await cpuMicros(it);
  const run = await load(it.port, jobs[job].next(it), jobs[job].expected, 64, seconds);
  if (run.failed > 0) throw new Error(`${run.failed} of ${run.requests} requests failed`);
  return { ...run, cpuMicrosPerRequest: ((await cpuMicros(it)) - before) / run.requests };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const results = new Map<string, Measured[]>();
const servers = new Map<Kind, Up>();
for (const kind of kinds) servers.set(kind, await up(kind));
try {
  for (let round = -1; round < rounds; round += 1)
    for (const job of ["redirect", "beacon"] as const)
      for (const kind of kinds) {
        const measured = await measure(servers.get(kind) as Up, job, round < 0 ? 1 : seconds);
        // The first round only warms the servers up.
        if (round >= 0) results.set(`${job} ${kind}`, [...(results.get(`${job} ${kind}`) ?? []), measured]);
      }
} finally {
  for (const { child } of servers.values()) child.send("stop");
}

const of = (key: string, read: (it: Measured) => number): number => median((results.get(key) ?? []).map(read));
console.log(
  "| request | requests/s | p99 ms | CPU µs each | × bare node:http | × bare Hono |\n|---|--:|--:|--:|--:|--:|",
);
for (const job of ["redirect", "beacon"])
  for (const kind of kinds) {
    const perSecond = of(`${job} ${kind}`, (it) => it.perSecond);
    const times = (control: Kind): string => (perSecond / of(`${job} ${control}`, (it) => it.perSecond)).toFixed(2);
    const [p99, cpu] = [of(`${job} ${kind}`, (it) => it.p99Ms), of(`${job} ${kind}`, (it) => it.cpuMicrosPerRequest)];
    console.log(
      `| ${job}, ${kind} | ${Math.round(perSecond)} | ${p99.toFixed(1)} | ${Math.round(cpu)} | ${times("bare")} | ${times("hono")} |`,
    );
  }
