import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importsInto } from "./importing.ts";
import { openPast, type Past } from "./past.ts";

const cli = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));
const VISITORS = 1500;
const HEADER = "visitor,at,event,payee,value,id";

let past: Past;
beforeEach(async () => {
  past = await openPast();
});
afterEach(() => past.close());

const LOG = `${[
  HEADER,
  ...Array.from({ length: VISITORS }, (_, index) =>
    [
      `v${index},2018-07-02T10:00:00Z,touch,Ana,,`,
      `v${index},2018-07-03T10:00:00Z,touch,Ben,,`,
      // Every other sale brings no id: they are told apart by their order in the file, also after a break.
      `v${index >> 2},2018-07-04T10:00:00Z,sale,,10,${index % 2 ? `order-${index}` : ""}`,
    ].join("\n"),
  ),
].join("\n")}\n`;

/** Import in a process of its own, which is killed without warning as soon as something holds. */
const killedWhen = async (file: string, holds: () => Promise<boolean>): Promise<void> => {
  const argv = [cli, "import", file, "--campaign", "Summer", "--folder", "."];
  const child = spawn(process.execPath, argv, { cwd: past.folder, stdio: "ignore" });
  const closed = once(child, "close");
  while (child.exitCode === null && !(await holds())) await wait(1);
  child.kill("SIGKILL");
  const [, signal] = await closed;
  expect(signal).toBe("SIGKILL");
};

const UNFINISHED = () => `note: the import of log.csv into Summer (${past.campaign}) was not finished: run it again.\n`;
const BROKEN: readonly (readonly [string, () => Promise<boolean>])[] = [
  ["among its touches", async () => (await past.world.store.lastOrder()) > 100],
  ["among its results", async () => (await past.world.store.head(past.brand)).seq > 300],
];

describe("an import that is killed", () => {
  it.each(BROKEN)("%s is told of until it is done again, and then finished", async (_, holds) => {
    const { importing, imported } = importsInto(past);
    past.write("log.csv", LOG);
    await killedWhen("log.csv", holds);
    expect((await past.run("verify")).err).toBe(UNFINISHED());
    const other = await importing("other.csv", `${HEADER}\nw,2018-07-02T10:00:00Z,touch,Ana,,\n`);
    expect([other.exit, other.err]).toEqual([0, UNFINISHED()]);
    const { exit, out, err } = await past.run("import", "log.csv", "--campaign", "Summer");
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toContain("It had broken off before, and was finished now.\n");
    const { touches, conversions } = await imported("log.csv", LOG);
    expect([touches, conversions]).toEqual([
      { new: 0, known: 2 * VISITORS },
      { new: 0, known: VISITORS },
    ]);
    expect((await importsInto(past).conversions()).length).toBe(VISITORS);
    const verified = await past.run("verify");
    expect([verified.exit, verified.err]).toEqual([0, ""]);
  });

  it("is told of when the server starts", async () => {
    past.write("log.csv", LOG);
    await killedWhen("log.csv", async () => (await past.world.store.lastOrder()) > 100);
    const argv = [cli, "serve", "--port", "0", "--folder", "."];
    const child = spawn(process.execPath, argv, { cwd: past.folder, stdio: ["ignore", "ignore", "pipe"] });
    const [told] = await once(child.stderr, "data");
    child.kill("SIGTERM");
    await once(child, "close");
    expect(String(told)).toBe(UNFINISHED());
  });

  it("is no longer waited for once the file was put right, and what it brought is said to stay", async () => {
    past.write("log.csv", LOG);
    await killedWhen("log.csv", async () => (await past.world.store.lastOrder()) > 100);
    const { exit, err } = await importsInto(past).importing("log.csv", LOG.replace("Ben", "Cyd"));
    expect([exit, err]).toEqual([
      0,
      "note: an import of other contents of this file had broken off before. What it had brought by then stays.\n",
    ]);
    expect((await past.run("verify")).err).toBe("");
  });
});
