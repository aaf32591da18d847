import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pathSources } from "../../server/history/brought.ts";
import { importsInto } from "./importing.ts";
import { openPast, type Past } from "./past.ts";

let past: Past;
beforeAll(async () => {
  past = await openPast();
});
afterAll(() => past.close());

const HEADER = "visitor,at,event,payee,value,currency,id";
const good = "v,2018-07-02T10:00:00Z,touch,Ana,,,";
const rows = (...lines: readonly string[]): string => `${[HEADER, good, ...lines].join("\n")}\n`;
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, "utf16le");
const SOON = new Date(Date.now() + 3_600_000).toISOString();

describe("a file that is broken is refused at its place with nothing taken in", () => {
  it.each<[string, string | Buffer, string]>([
    ["empty", "", "1:1: the file is empty"],
    ["of empty lines", "\r\n\n\r\n", "1:1: the file is empty"],
    ["in UTF-16", utf16(rows()), "1:1: this is UTF-16 text"],
    ["in UTF-16, the other way round", utf16(rows()).swap16(), "1:1: this is UTF-16 text"],
    ["in UTF-16 without a mark", Buffer.from(rows(), "utf16le"), "1:2: there is a NUL byte here"],
    ["in Latin-1", Buffer.from(rows("é,1530525600000,touch,Ana,,,"), "latin1"), "3:1: this is not UTF-8 text"],
    ["with a NUL byte", rows("v\0,1530525600000,touch,Ana,,,"), "3:2: there is a NUL byte here"],
    ["with a NUL byte at its end", `${rows()}\0`, "3:1: there is a NUL byte here"],
    ["with lines that end in CR alone", rows(good).replaceAll("\n", "\r"), "1:41: a carriage return alone"],
    ["with a CR inside a line", rows("v\rw,1530525600000,touch,Ana,,,"), "3:2: a carriage return alone"],
    ["with a CR after a quoted field", rows('"v",1530525600000,touch,A\rna,,,'), "3:26: a carriage return alone"],
    ["cut off inside a line", rows("v,2018-07-02T10:00:00Z,sale").trimEnd(), "3:28: the header names 7 fields"],
    ["cut off inside a quote", rows('v,2018-07-02T10:00:00Z,sale,,1,USD,"o').trimEnd(), "3:36: this quote is never"],
    ["cut off inside its header", "visitor,at,eve", "1:1: events need the columns"],
    ["with a quote that opens too late", rows('v,2018-07-02T10:00:00Z,touch,A"na",,,'), "3:31: a quote inside a field"],
    ["with letters after a quote", rows('"v"w,2018-07-02T10:00:00Z,touch,Ana,,,'), "3:4: after a closing quote"],
    [
      "with a quote nobody closes",
      rows('"v,2018-07-02T10:00:00Z,touch,Ana,,,', good),
      "3:1: this quote is never closed",
    ],
    ["with a header that names a column twice", `${HEADER},at\n${good},\n`, "1:42: a second column that says at"],
    [
      "with too few fields",
      rows("v,2018-07-02T10:00:00Z,touch,Ana"),
      "3:33: the header names 7 fields, this line has 4",
    ],
    ["with too many fields", rows(`${good},`), "3:37: the header names 7 fields, this line has 8"],
    [
      "with a huge field",
      rows(`${"v".repeat(1_100_000)},2018-07-02T10:00:00Z,touch,Ana,,,`),
      "3:1: this line is longer",
    ],
    [
      "with two currencies",
      rows("v,2018-07-03T10:00:00Z,sale,,1,USD,a", "v,2018-07-03T10:00:00Z,sale,,1,EUR,b"),
      "4:32: EUR after USD",
    ],
    ["with a day there is not", rows("v,2018-02-30T10:00:00Z,touch,Ana,,,"), "3:3: there is no such instant"],
    ["with an instant to come", rows(`v,${SOON},touch,Ana,,,`), "3:3: this lies in the future"],
    ["with words for numbers", rows("v,2018-07-03T10:00:00Z,sale,,a lot,USD,a"), '3:30: "a lot" is not a number'],
  ])("%s", async (_, content, because) => {
    const told = await importsInto(past).refused("broken.csv", content);
    expect(told).toContain(`broken.csv:${because}`);
    expect(told).toMatch(/^broken\.csv:\d+:\d+: [^\n]+[.?]\n$/);
  });
});

describe("a file that is only odd is taken in", () => {
  it.each<[string, string | Buffer, number]>([
    ["with a byte order mark", `\uFEFF${rows()}`, 1],
    ["with CRLF", rows(good.replace("v,", "crlf,")).replaceAll("\n", "\r\n"), 2],
    ["with empty lines", rows("", good.replace("v,", "empty,"), "", ""), 2],
    ["with nothing but a header", `${HEADER}\n`, 0],
    ["with a CR and line breaks inside quotes", rows('"a\rb\nc",2018-07-02T10:00:00Z,touch,Ana,,,'), 2],
    ["between tabs", rows().replaceAll(",", "\t"), 1],
    ["between semicolons", rows().replaceAll(",", ";"), 1],
    ["with columns that nothing is known of, twice", `${HEADER},x,x\n${good},1,2\n`, 1],
    ["with a field as long as may be", `${HEADER},note\n${good},${"n".repeat(1_000_000)}\n`, 1],
  ])("%s", async (_, content, touches) => {
    const { touches: found, notes } = await importsInto(past).imported("odd.csv", content);
    expect([found.new + found.known, notes]).toEqual([touches, ""]);
  });

  it("without a last line break, wondering whether it was cut off", async () => {
    const { notes } = await importsInto(past).imported("odd.csv", rows().trimEnd());
    expect(notes).toBe(
      "note: the file does not end with a line break. If it was cut off, import it again once it is whole.\n",
    );
  });
});

/** The fields of a text between commas, as any reader of RFC 4180 sees them: written apart from the product's own. */
const fieldsIn = (text: string): readonly (readonly string[])[] => {
  const found: string[][] = [[]];
  let [field, isQuoted, wasQuoted] = ["", false, false];
  const push = (): void => {
    found.at(-1)?.push(field);
    [field, wasQuoted] = ["", false];
  };
  const bare = text.replace(/^\uFEFF/, "");
  const isBreak = (at: number): boolean => bare[at] === "\n" || (bare[at] === "\r" && (bare[at + 1] ?? "\n") === "\n");
  for (let at = 0; at < bare.length; at += 1) {
    const letter = bare[at] ?? "";
    if (isQuoted && letter === '"' && bare[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (isQuoted) {
      if (letter === '"') isQuoted = false;
      else field += letter;
    } else if (letter === '"' && field === "" && !wasQuoted) [isQuoted, wasQuoted] = [true, true];
    else if (letter === ",") push();
    else if (isBreak(at)) {
      if (letter === "\r") at += 1;
      push();
      found.push([]);
    } else field += letter;
  }
  push();
  return found.filter((row) => row.length > 1 || row[0] !== "");
};

const quoted = (all: readonly (readonly string[])[]): string =>
  all.map((row) => `${row.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")}\n`).join("");

type Mutation = (text: Buffer) => Buffer;

const spliced = (text: Buffer, at: number, gone: number, more: Buffer): Buffer =>
  Buffer.concat([text.subarray(0, at), more, text.subarray(at + gone)]);

const shreds = [",", '"', "\n", "\r", "\r\n", ";", "\t", "\0", "\uFEFF", "é", " ", "0", "-", "1e3", '""', "x,y", "Z"];

/** Something that happens to files: bytes go missing, appear, are swapped; lines are repeated; the end is cut off. */
const mutation: fc.Arbitrary<Mutation> = fc
  .record({
    how: fc.constantFrom("cut", "drop", "insert", "insert", "overwrite", "repeat", "byte"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    gone: fc.integer({ min: 1, max: 12 }),
    shred: fc.constantFrom(...shreds),
    byte: fc.integer({ min: 0, max: 255 }),
  })
  .map(({ how, at, gone, shred, byte }) => (text: Buffer) => {
    const place = Math.floor(at * text.length);
    if (how === "cut") return text.subarray(0, place);
    if (how === "drop") return spliced(text, place, gone, Buffer.alloc(0));
    if (how === "insert") return spliced(text, place, 0, Buffer.from(shred));
    if (how === "overwrite") return spliced(text, place, Buffer.byteLength(shred), Buffer.from(shred));
    if (how === "byte") return spliced(text, place, 1, Buffer.from([byte]));
    const from = text.lastIndexOf(10, place) + 1;
    const end = text.indexOf(10, place) + 1 || text.length;
    return spliced(text, end, 0, text.subarray(from, end));
  });

const line = fc.record({
  visitor: fc.constantFrom("vera", "will", "x, y", 'the "one"', "Zoë"),
  minute: fc.integer({ min: 0, max: 40_000 }),
  event: fc.constantFrom("touch", "touch", "view", "sale", "lead"),
  payee: fc.constantFrom("Ana", "Ben", "house"),
  cents: fc.integer({ min: 0, max: 10_000 }),
  hasId: fc.boolean(),
});

const FIRST = Date.UTC(2018, 6, 2);
/** Every file of every run speaks of other people and orders, so that one never stands in another's way. */
let files = 0;

describe("a file that something happened to", () => {
  it("is taken in whole, every row of it, or refused at a place with nothing changed at all", async () => {
    const { importing, everything } = importsInto(past);
    const met = { taken: 0, refused: 0 };
    const lines = fc.array(line, { minLength: 1, maxLength: 12 });
    const mutations = fc.array(mutation, { minLength: 0, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(lines, mutations, async (events, changes) => {
        files += 1;
        const table = events.map(({ visitor, minute, event, payee, cents, hasId }, index) => {
          const isTouch = event === "touch" || event === "view";
          const at = new Date(FIRST + minute * 60_000).toISOString();
          const value = isTouch || cents === 0 ? ["", ""] : [String(cents / 100), "USD"];
          return [`${visitor} ${files}`, at, event, payee, ...value, hasId ? `id-${files}-${index}` : ""];
        });
        const whole = Buffer.from(`${HEADER}\n${quoted(table)}`);
        const content = changes.reduce<Buffer>((text, change) => change(text), whole);
        const before = await everything();
        const { exit, out, err } = await importing("fuzzed.csv", content, "--json");
        if (exit === 1) {
          met.refused += 1;
          expect([out, err]).toEqual(["", expect.stringMatching(/^fuzzed\.csv:\d+:\d+: [^\n]+[.?]\n$/)]);
          expect(await everything()).toEqual(before);
          return;
        }
        met.taken += 1;
        expect([exit, err.replace(/^note: the file does not end .*\n/, "")]).toEqual([0, ""]);
        const { touches, conversions, values } = JSON.parse(out);
        const again = await importing("fuzzed-again.csv", quoted(fieldsIn(content.toString())), "--json");
        expect([again.exit, again.err]).toEqual([0, ""]);
        // The same rows by another reader: none of them is new, and there are as many.
        expect(JSON.parse(again.out)).toMatchObject({
          influencers: { new: 0 },
          touches: { new: 0, known: touches.new + touches.known },
          conversions: { new: 0, known: conversions.new + conversions.known },
          values,
        });
      }),
      { numRuns: 120 },
    );
    expect(Math.min(met.taken, met.refused)).toBeGreaterThan(5);
    expect((await past.run("verify")).exit).toBe(0);
  });

  it("is taken in whole or not at all when it holds paths", async () => {
    const { importing, everything, reader } = importsInto(past);
    const path = fc.record({
      steps: fc.array(fc.constantFrom("Ana", "Ben", "house"), { minLength: 0, maxLength: 4 }),
      conversions: fc.nat(20),
      nulls: fc.nat(20),
    });
    const mutations = fc.array(mutation, { minLength: 0, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(path, { minLength: 1, maxLength: 12 }), mutations, async (all, changes) => {
        files += 1;
        const table = all.map(({ steps, conversions, nulls }) => [
          steps.join(" > "),
          `${conversions}`,
          `${files}`,
          `${nulls}`,
        ]);
        const whole = Buffer.from(`path,conversions,value,null\n${quoted(table)}`);
        const content = changes.reduce<Buffer>((text, change) => change(text), whole);
        const [before, sources] = [await everything(), await pathSources(reader, past.campaign)];
        const { exit, out, err } = await importing("fuzzed.csv", content, "--json");
        if (exit === 1) {
          expect([out, err]).toEqual(["", expect.stringMatching(/^fuzzed\.csv:\d+:\d+: [^\n]+[.?]\n$/)]);
          expect(await everything()).toEqual(before);
          return;
        }
        const rows = fieldsIn(content.toString()).length - 1;
        const { paths } = JSON.parse(out);
        expect([exit, paths.new + paths.known]).toEqual([0, rows]);
        const fresh = (await pathSources(reader, past.campaign)).filter(
          ({ source }) => !sources.some((it) => it.source === source),
        );
        expect(fresh.reduce((sum, it) => sum + it.rows, 0)).toBe(paths.new);
        expect(fresh.every(({ parts, of }) => parts === of)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
