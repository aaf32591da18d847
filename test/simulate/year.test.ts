import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pinned } from "./pinned.ts";
import { unreachable, wanted } from "./reached.ts";
import { live } from "./year.ts";

const LONG = fileURLToPath(new URL("./long.ts", import.meta.url));
const SEEDS = Number(process.env.MAKEGOOD_YEARS ?? 200);
const PROCESSES = 2;

interface Lived {
  readonly seen: readonly (readonly [what: string, times: number])[];
  readonly failures: readonly string[];
}

/** Some years in a process of their own: what came up, and what went wrong. */
const years = (from: number, count: number, signal: AbortSignal): Promise<Lived> =>
  new Promise((resolve, reject) => {
    const given = [LONG, "--from", String(from), "--seeds", String(count), "--json"];
    execFile(process.execPath, given, { maxBuffer: 2 ** 24, signal }, (error, stdout, stderr) => {
      if (stdout.startsWith("{")) resolve(JSON.parse(stdout) as Lived);
      else reject(error ?? new Error(stderr));
    });
  });

test(`${SEEDS} years end with everything paid once, whatever fails, and every way that money may go was gone`, async ({
  signal,
}) => {
  const each = Math.ceil(SEEDS / PROCESSES);
  const lived = await Promise.all(Array.from({ length: PROCESSES }, (_, nth) => years(1 + nth * each, each, signal)));
  expect(lived.flatMap(({ failures }) => failures)).toEqual([]);
  const seen = new Set(lived.flatMap((it) => it.seen.map(([what]) => what)));
  expect(wanted.filter((what) => !seen.has(what) && unreachable[what] === undefined)).toEqual([]);
  // What is said to be out of reach is, or it would have to be asked for.
  expect(Object.keys(unreachable).filter((what) => seen.has(what))).toEqual([]);
});

test.each(pinned)("never again: $name (seed $seed)", async ({ seed, steps }) => {
  await live(seed, { steps });
});
