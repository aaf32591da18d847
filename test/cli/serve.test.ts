import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { convert } from "../../shared/wire/partner.ts";
import { caller, fine } from "../house.ts";
import { run } from "./past.ts";

const inServer = (file: string): string => fileURLToPath(new URL(`../../server/${file}`, import.meta.url));

let folder = "";
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "makegood-serve-"));
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** A command line in a process of its own, and what it has printed so far. */
const begin = (file: string, ...argv: readonly string[]) => {
  const child = spawn(process.execPath, [inServer(file), ...argv], { cwd: folder });
  children.add(child);
  const printed = { out: "", err: "" };
  child.stdout.on("data", (text) => {
    printed.out += text;
  });
  child.stderr.on("data", (text) => {
    printed.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, printed, ended };
};

type Begun = ReturnType<typeof begin>;

/** Resolves when it has printed this. */
const says = ({ child, printed }: Begun, words: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    const look = () => {
      const found = words.exec(printed.out);
      if (found) resolve(found);
    };
    child.stdout?.on("data", look);
    child.on("close", () => reject(new Error(`It ended: ${printed.out}${printed.err}`)));
    look();
  });

const serve = async (file = "cli.ts", ...argv: readonly string[]) => {
  const begun = begin(file, "serve", "--port", "0", ...argv);
  const [, origin = ""] = await says(begun, /up at (http:\S+)\n[\s\S]*to stop/);
  return { ...begun, origin };
};

describe("a server", () => {
  it("says where it is, and how to make the first brand", async () => {
    const { child, origin, printed, ended } = await serve("cli.ts", "--folder", "here");
    expect(printed.out).toContain("Everything is kept in here. Press Ctrl+C to stop.\n");
    const hint = `makegood init --name "Acme" --email you@acme.example --folder here --origin ${origin}\n`;
    expect((await says({ child, printed, ended }, /makegood init.*\n/))[0]).toBe(hint);
    expect(await (await fetch(`${origin}/v1/health`)).json()).toMatchObject({ ok: true });
    const made = await run(folder, "init", "--name", "Acme", "--email", "a@acme.example", "--folder", "here");
    expect(made.exit).toBe(0);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const again = await serve("cli.ts", "--folder", "here");
    expect(again.printed.out).not.toContain("makegood init");
    expect([printed.err, again.printed.err]).toEqual(["", ""]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("stops at %s with nothing lost that it had answered for", async (signal) => {
    const { child, origin, ended, printed } = await serve("cli.mjs");
    const { out } = await run(folder, "init", "--name", "Acme", "--email", "a@acme.example", "--json");
    const server = caller(origin, { authorization: `Bearer ${JSON.parse(out).secretKey}` });
    const answered = new Set<string>();
    let isUp = true;
    const send = async (lane: number) => {
      for (let turn = 0; isUp; turn += 1) {
        const id = `order-${lane}-${turn}`;
        const done = await server.ask(convert, { body: { result: "sale", id } }).catch(() => undefined);
        if (done === undefined || !done.ok) return;
        answered.add(id);
        if (answered.size === 60) child.kill(signal);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(send));
    isUp = false;
    expect(await ended).toBe(0);
    expect(printed.out).toMatch(/Stopped\.\n$/);
    expect(answered.size).toBeGreaterThanOrEqual(60);
    const again = await serve();
    const back = caller(again.origin, server.headers);
    const ids = new Set<string>();
    for (const id of answered) ids.add(fine(await back.ask(convert, { body: { result: "sale", id } })).id);
    expect(ids.size).toBe(answered.size);
    again.child.kill("SIGTERM");
    await again.ended;
    const checked = JSON.parse((await run(folder, "verify", "--json")).out);
    expect(checked.ok).toBe(true);
  });
});

describe("a server that cannot start", () => {
  it("says which port is in use, and lets go of everything", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const { exit, err } = await run(folder, "serve", "--port", String(port));
    expect([exit, err]).toEqual([
      1,
      `Port ${port} of 127.0.0.1 is in use. Stop what listens there, or choose another --port.\n`,
    ]);
    taken.close();
  });

  it("says what is wrong with its folder, and ends", async () => {
    writeFileSync(join(folder, "taken"), "");
    const { ended, printed } = begin("cli.ts", "serve", "--port", "0", "--folder", "taken");
    expect(await ended).toBe(1);
    expect(printed.err).toBe("The folder taken is a file. Name a folder.\n");
  });

  it("says that a file under its name is no database, and ends", async () => {
    writeFileSync(join(folder, "makegood.sqlite"), "This is a letter to my aunt, and no database at all. ".repeat(100));
    const { ended, printed } = begin("cli.ts", "serve", "--port", "0", "--folder", ".");
    expect(await ended).toBe(1);
    expect(printed.err).toMatch(/^The folder \. holds a makegood\.sqlite that is not a database\./);
  });

  it.each([
    [["--port", "65536"], "--port takes 0 to 65535"],
    [["--port", "http"], "--port takes 0 to 65535"],
    [["--host", "0.0.0.0"], "--host 0.0.0.0 listens everywhere. Say with --origin"],
    [["--origin", "ftp://acme.example"], "--origin takes an address"],
    [["everything"], '"everything" is one operand too many'],
  ])("is misused with %j", async (argv, because) => {
    const { exit, err } = await run(folder, "serve", ...argv);
    expect(exit).toBe(2);
    expect(err).toContain(because);
  });
});
