import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "makegood-terminal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const launcher = fileURLToPath(new URL("../../server/cli.mjs", import.meta.url));
const ESCAPE = "\u001b";
const CONTROL_C = "\u0003";
const WIPED = `\r${ESCAPE}[K`;

writeFileSync(
  join(folder, "events.csv"),
  "visitor,at,event,payee,value\nvera,1,touch,ann,\nvera,2,touch,bob,\nvera,3,sale,,9.00\n",
);
const names = Array.from({ length: 9 }, (_, index) => `payee ${index}`);
const path = (seed: number) => Array.from({ length: 6 }, (_, step) => names[(seed * (step + 3)) % names.length]);
const paths = Array.from({ length: 400 }, (_, seed) => `${path(seed).join(" > ")},1,1\n`);
writeFileSync(join(folder, "paths.csv"), `path,conversions,null\n${paths.join("")}`);

/** util-linux's `script` gives a command a terminal of its own; where there is none, nobody can look at one. */
const hasTerminals = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

const onTerminal = (line: string, isEnough: (shown: string) => boolean = () => false) =>
  new Promise<{ readonly code: number | null; readonly shown: string }>((resolve) => {
    const child = spawn("script", ["-qec", `'${process.execPath}' '${launcher}' ${line}`, "/dev/null"], {
      cwd: folder,
    });
    let [shown, isStopped] = ["", false];
    child.stdout.on("data", (piece) => {
      shown += piece;
      if (isStopped || !isEnough(shown)) return;
      isStopped = true;
      child.stdin.write(CONTROL_C);
    });
    child.on("close", (code) => resolve({ code, shown }));
  });

describe.skipIf(!hasTerminals)("at a terminal", () => {
  it("long work shows how far it is, and wipes that before the table", async () => {
    const { code, shown } = await onTerminal("attribute events.csv --model linear");
    expect(code).toBe(0);
    for (const label of ["reading", "gathering", "sharing"])
      expect(shown).toMatch(RegExp(`\\r${label} \\[[#-]{30}\\]`));
    const [, table = ""] = shown.split(`${WIPED}payee`);
    expect(table).toContain("ann");
    expect(table).not.toContain(ESCAPE);
  });

  it("nothing of that is in what goes to a file", async () => {
    const { shown } = await onTerminal("attribute events.csv --model linear --json > out.json");
    expect(shown).toContain("gathering [");
    expect(JSON.parse(readFileSync(join(folder, "out.json"), "utf8")).value).toBe("9.00");
  });

  it("Ctrl+C stops a fit in the middle", async () => {
    const long = "attribute paths.csv --model markov --order 3 --replicates 100000";
    const { code, shown } = await onTerminal(long, (text) => text.includes("fitting ["));
    expect(code).toBe(130);
    expect(shown).not.toContain("total");
  });
});

describe("not at a terminal", () => {
  it("there is no bar anywhere", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [launcher, "attribute", "paths.csv", "--model", "markov", "--replicates", "20"],
      { cwd: folder, encoding: "utf8" },
    );
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^note: fitted on this file[^\r\n]+\n$/)]);
    expect(stdout).not.toMatch(/\r|%\]|fitting/);
  });

  it.skipIf(!existsSync("/dev/full"))("a full disk is told in a sentence, with exit code 1", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [launcher, "attribute", "paths.csv", "--model", "last"], {
      cwd: folder,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([1, "What there was to print could not be written (ENOSPC).\n"]);
  });
});
