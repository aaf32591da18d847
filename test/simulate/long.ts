import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { live } from "./year.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    steps: { type: "string", default: "120" },
    aloud: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const commit = (): string => {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
};

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const began = performance.now();
const seen = new Map<string, number>();
const failures: string[] = [];

const bar = (done: number): void => {
  if (!process.stderr.isTTY || count === 1) return;
  const part = Math.floor((30 * done) / count);
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`\r${"█".repeat(part)}${"░".repeat(30 - part)} ${done} of ${count} years, ${seconds} s`);
};

for (let nth = 0; nth < count; nth += 1) {
  const seed = first + nth;
  try {
    const hear = values.aloud ? { hear: (line: string) => console.log(line) } : {};
    const lived = await live(seed, { steps: Number(values.steps), ...hear });
    for (const [what, times] of lived.seen) seen.set(what, (seen.get(what) ?? 0) + times);
  } catch (error) {
    const told = error instanceof Error ? ((values.seed && error.stack) ?? error.message) : String(error);
    failures.push(`seed ${seed}, ${values.steps} steps, at commit ${commit()}: ${told}`);
    console.error(`\n${failures.at(-1)}`);
    if (!values.keep) break;
  }
  bar(nth + 1);
}

const inOrder = [...seen].sort(([one], [other]) => (one < other ? -1 : 1));
if (values.json) console.log(JSON.stringify({ seen: inOrder, failures }));
else {
  if (values.aloud || values.seed === undefined) for (const [what, times] of inOrder) console.log(`${times}\t${what}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${count} years from seed ${first}: ${failures.length} failed, ${seconds} s`);
}
process.exitCode = failures.length > 0 ? 1 : 0;
