import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type layouts, writeLog } from "../bench/log.ts";
import { openPast, type Past } from "./past.ts";

const child = fileURLToPath(new URL("../bench/import.child.ts", import.meta.url));
const BYTES = 30_000_000;
/** What the program needs to stand up is more than half of it; a file held whole would take several times as much. */
const HEAP_MB = 96;

let past: Past;
beforeAll(async () => {
  past = await openPast();
});
afterAll(() => past.close());

const within = (heapMb: number, ...argv: readonly string[]) =>
  new Promise<{ exit: number | null; out: string; err: string }>((resolve) => {
    const it = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, child, ...argv], { cwd: past.folder });
    const printed = { out: "", err: "" };
    it.stdout.on("data", (text) => {
      printed.out += text;
    });
    it.stderr.on("data", (text) => {
      printed.err += text;
    });
    it.on("close", (exit) => resolve({ exit, ...printed }));
  });

const written = async (holds: keyof typeof layouts): Promise<number> =>
  writeLog(join(past.folder, `${holds}.csv`), BYTES, holds);

describe("a file larger than the memory there is for it", () => {
  it("is checked line by line when it holds events", async () => {
    const lines = await written("events");
    const { exit, out, err } = await within(
      HEAP_MB,
      "import",
      "events.csv",
      "--campaign",
      "Summer",
      "--check",
      "--json",
      "--folder",
      ".",
    );
    expect([exit, err.split("\n").slice(0, -2)]).toEqual([0, []]);
    const { touches, conversions } = JSON.parse(out);
    expect(touches + conversions).toBe(lines);
  }, 120_000);

  it("is checked, and shared, line by line when it holds paths", async () => {
    const lines = await written("paths");
    const checked = await within(
      HEAP_MB,
      "import",
      "paths.csv",
      "--campaign",
      "Summer",
      "--check",
      "--json",
      "--folder",
      ".",
    );
    expect([checked.exit, JSON.parse(checked.out).paths]).toEqual([0, lines]);
    const shared = await within(HEAP_MB, "attribute", "paths.csv", "--model", "linear", "--json");
    expect([shared.exit, JSON.parse(shared.out).payees.length]).toEqual([0, 50]);
  }, 120_000);
});
