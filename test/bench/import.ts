// Large files in little memory: the most a process ever held and lines a second, under a tight limit of its heap; then
// what an import, one after it broke off, and one of a file that is there already cost.
// Run: node test/bench/import.ts [megabytes]. Prints rows of Markdown tables. The files are made for it and deleted.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPast } from "../cli/past.ts";
import { type layouts, writeLog } from "./log.ts";

const MEGABYTES = Number(process.argv[2] ?? 100);
const IMPORTED_MEGABYTES = 3;
const HEAP_MB = 128;
const MB = 1_000_000;
const child = fileURLToPath(new URL("./import.child.ts", import.meta.url));

interface Measured {
  readonly peakBytes: number;
  readonly ms: number;
}

const past = await openPast();

const measured = (...argv: readonly string[]) =>
  new Promise<Measured>((resolve, reject) => {
    const it = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, child, ...argv], { cwd: past.folder });
    let err = "";
    it.stdout.resume();
    it.stderr.on("data", (text) => {
      err += text;
    });
    it.on("close", (exit) => {
      if (exit === 0) resolve(JSON.parse(err.trimEnd().split("\n").at(-1) ?? "") as Measured);
      else reject(new Error(`${argv.join(" ")} ended with ${exit}: ${err}`));
    });
  });

const count = (it: number): string => Math.round(it).toLocaleString("en-US");
const imports = (file: string, ...more: readonly string[]) =>
  measured("import", file, "--campaign", "Summer", "--folder", ".", ...more);

const large = async (holds: keyof typeof layouts, says: string, run: (file: string) => Promise<Measured>) => {
  const file = `${holds}.csv`;
  const lines = await writeLog(join(past.folder, file), MEGABYTES * MB, holds);
  const { peakBytes, ms } = await run(file);
  rmSync(join(past.folder, file));
  console.log(
    `| ${says} | ${MEGABYTES} | ${count(lines)} | ${count((lines / ms) * 1000)} | ${count(peakBytes / MB)} |`,
  );
};

const { peakBytes: idle } = await measured("--help");
console.log(`A heap of ${HEAP_MB} MB; the program alone takes ${count(idle / MB)} MB.\n`);
console.log("| | MB | lines | lines/s | peak MB |\n|---|--:|--:|--:|--:|");
await large("events", "import --check, events", (file) => imports(file, "--check"));
await large("paths", "import --check, paths", (file) => imports(file, "--check"));
await large("paths", "attribute, paths", (file) => measured("attribute", file, "--model", "linear"));

const lines = await writeLog(join(past.folder, "past.csv"), IMPORTED_MEGABYTES * MB, "events");
console.log("\n| import of events | lines | seconds |\n|---|--:|--:|");
for (const [says, more] of [
  ["checked alone", ["--check"]],
  ["whole", []],
  ["again", []],
] as const) {
  const { ms } = await imports("past.csv", ...more);
  console.log(`| ${says} | ${count(lines)} | ${(ms / 1000).toFixed(1)} |`);
}
await past.close();
