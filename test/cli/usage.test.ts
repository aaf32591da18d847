import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../server/commands/commands.ts";
import { run } from "./past.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-usage-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "paths.csv"), "path,value\nann > bob,1.00\n");

const misused = async (...argv: readonly string[]): Promise<string> => {
  const { exit, out, err } = await run(folder, ...argv);
  expect([exit, out]).toEqual([2, ""]);
  expect(err).toMatch(/\nSee: makegood [a-z-]+ --help\n$/);
  return err.slice(0, err.indexOf("\n"));
};

const fine = ["attribute", "paths.csv", "--model", "last"] as const;

describe("a wrong command line", () => {
  it.each([
    [["attribute", "paths.csv", "--model"], "--model needs a value, as in --model M"],
    [["attribute", "paths.csv", "--model="], "--model needs a value, as in --model M"],
    [["attribute", "paths.csv", "--model", ""], "--model needs a value, as in --model M"],
    [[...fine, "--window"], "--window needs a value, as in --window 30d"],
    [[...fine, "--colour"], "There is no option --colour here."],
    [[...fine, "--colour=red"], "There is no option --colour here."],
    [[...fine, "-x"], "There is no option -x here."],
    [[...fine, "--Model", "last"], "There is no option --Model here."],
    [[...fine, "--constructor"], "There is no option --constructor here."],
    [[...fine, "--\u001b[31m"], "There is no option --\\u{1b}[31m here."],
    [[...fine, "--json=yes"], "--json takes no value: write it alone."],
    [[...fine, "--model", "first"], "--model is given twice. Keep one of them."],
    [["attribute", "", "--model", "last"], "attribute needs FILE --model M [options]"],
    [[...fine, "b\u0007.csv"], '"b\\u{7}.csv" is one operand too many'],
    [["init", "--name", "Acme", "--email", "a@acme.example", "--folder", ""], "--folder needs a value"],
  ])("%j is told what is wrong with it", async (argv, told) => {
    expect(await misused(...argv)).toContain(told);
  });

  it("does not take the next option for a value that was forgotten", async () => {
    expect(await misused("attribute", "paths.csv", "--model", "--json")).toBe(
      "--model needs a value, as in --model M; one that begins with a dash is written --model=--json",
    );
    expect(await misused(...fine, "--exponent", "-1")).toContain("is written --exponent=-1");
    expect(await misused(...fine, "--exponent=-1")).toContain('0 to 18, not "-1"');
  });

  it("leaves nothing behind", () => {
    expect(readdirSync(folder)).toEqual(["paths.csv"]);
  });
});

describe("what may be repeated", () => {
  it("is an option that takes several values, and a switch", async () => {
    const map = ["--map", "path=path", "--map", "value=value"];
    const { exit, err } = await run(folder, ...fine, ...map, "--json", "--json");
    expect([exit, err]).toEqual([0, ""]);
  });
});

describe("every command", () => {
  it.each(Object.keys(commands))("%s explains itself in sentences, and all of its options", async (name) => {
    const { command } = (await commands[name]?.())!;
    const { exit, out, err } = await run(folder, name, "--help");
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(/^[A-Z][^\n]+\.\n\nUsage: makegood /);
    for (const option of Object.keys(command.options)) expect(out).toContain(`\n  --${option}`);
    expect((await run(folder, "help", name)).out).toBe(out);
  });
});

describe("a folder that cannot be made", () => {
  it.skipIf(!existsSync("/proc/self"))("is refused at once where the system takes no folders", async () => {
    const acme = ["--name", "Acme", "--email", "a@acme.example"];
    for (const argv of [
      ["init", ...acme],
      ["serve", "--port", "0"],
      ["demo", "--port", "0"],
    ]) {
      const { exit, err } = await run(folder, ...argv, "--folder", "/proc/makegood/here");
      expect([exit, err]).toEqual([1, expect.stringMatching(/^The folder \/proc\/makegood\/here cannot be made\./)]);
    }
  });
});

describe("more payees than a chain can tell apart", () => {
  it("are refused in a sentence, where other models share them", async () => {
    const path = Array.from({ length: 10_001 }, (_, index) => `p${index}`).join(" > ");
    writeFileSync(join(folder, "wide.csv"), `path\n${path}\n`);
    const refused = await run(folder, "attribute", "wide.csv", "--model", "markov", "--replicates", "0");
    expect([refused.exit, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain("markov can tell 10000 payees apart, and the file names 10001.");
    expect((await run(folder, "attribute", "wide.csv", "--model", "linear")).exit).toBe(0);
  });
});
