import { type Load, load } from "./load.ts";
import { cpuMicros, median, type Up, up } from "./serving.ts";

const kinds = ["bare", "makegood"] as const;
type Kind = (typeof kinds)[number];
type Server = Up<{ readonly key: string; readonly clicks: readonly string[] }>;

/** Leads and sales of people who came by one influencer's link, each by somebody else: half of them with a value. */
const results = ({ key, clicks }: Server) => {
  let made = 0;
  return (): Buffer => {
    made += 1;
    const told = made % 2 ? { result: "lead" } : { result: "sale", valueMinor: 1000 + made, currency: "USD" };
    const click = clicks[made % clicks.length];
    const who = { click, visitor: `visitor-${made}`, fields: { email: `person-${made}@visitor.example` } };
    const body = JSON.stringify({ ...told, id: `result-${made}`, ...who });
    return Buffer.from(
      `POST /v1/conversions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };
};

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 32;

interface Measured extends Load {
  readonly cpuMicros: number;
}

const servers = new Map<Kind, { readonly server: Server; readonly next: () => Buffer; readonly runs: Measured[] }>();
for (const kind of kinds) {
  const server: Server = await up("conversions.child.ts", kind);
  servers.set(kind, { server, next: results(server), runs: [] });
}
try {
  for (let round = -1; round < rounds; round += 1)
    for (const { server, next, runs } of servers.values()) {
      const before = await cpuMicros(server);
      const run = await load(server.port, next, "200", CONNECTIONS, seconds);
      if (run.failed > 0) throw new Error(`${run.failed} of ${run.requests} results were refused`);
      // The first round only warms the servers up.
      if (round >= 0) runs.push({ ...run, cpuMicros: ((await cpuMicros(server)) - before) / run.requests });
    }
} finally {
  for (const { server } of servers.values()) server.child.send("stop");
}

const of = (kind: Kind, read: (it: Measured) => number): number => median((servers.get(kind)?.runs ?? []).map(read));

console.log("| a result, told by the brand's server | results/s | p99 ms | CPU µs each |\n|---|--:|--:|--:|");
for (const kind of kinds) {
  const cells = [of(kind, (it) => it.perSecond), of(kind, (it) => it.p99Ms), of(kind, (it) => it.cpuMicros)];
  console.log(`| ${kind} | ${cells.map((it) => it.toFixed(0)).join(" | ")} |`);
}
const ratio = of("makegood", (it) => it.perSecond) / of("bare", (it) => it.perSecond);
const made = (servers.get("makegood")?.runs ?? []).reduce((sum, { requests }) => sum + requests, 0);
console.log(`\n${ratio.toFixed(3)} of the control, in all ${made} results judged, priced, posted and on disk.`);
