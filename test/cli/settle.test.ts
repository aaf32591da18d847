import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dispatch } from "../../server/commands/commands.ts";
import { placeOf, readJson } from "../../server/evidence/json.ts";
import type { Statement } from "../../shared/pay/statement.ts";
import { audit } from "../laws/auditor.ts";
import { anyCase, vectors } from "../laws/evidence.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "makegood-settle-"));
});
afterAll(() => rm(folder, { recursive: true }));

const TERMS = {
  ...vectors.terms,
  ends: "2026-02-28",
  pay: [
    { rule: "perResult", result: "lead", amountMinor: 1200 },
    { rule: "share", result: "sale", rateBp: 725 },
  ],
};
const LEAD = { id: "a", result: "lead", at: "2026-01-10T12:00:00Z", shareMicro: 1_000_000, state: "counted" };
const SALE = { ...LEAD, id: "s", result: "sale", valueMinor: 19_900 };

const lines = (...bodies: readonly object[]): string => bodies.map((it) => `${JSON.stringify(it)}\n`).join("");

const run = async (...argv: readonly string[]) => {
  const printed = { out: "", err: "" };
  const heard: { label: string; total: number; last: number; done: boolean }[] = [];
  const exit = await dispatch(argv, {
    cwd: folder,
    env: {},
    isTTY: false,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    progress: (label, total) => {
      const bar = { label, total, last: 0, done: false };
      heard.push(bar);
      return {
        to: (amount) => {
          bar.last = amount;
        },
        done: () => {
          bar.done = true;
        },
      };
    },
  });
  return { exit, heard, ...printed };
};

type Content = string | Uint8Array;

const settled = async (results: Content, terms: Content = JSON.stringify(TERMS), ...more: readonly string[]) => {
  await writeFile(join(folder, "terms.json"), terms);
  await writeFile(join(folder, "results.ndjson"), results);
  return run("settle", "--terms", "terms.json", "--results", "results.ndjson", ...more);
};

const settle = async (results: Content, terms: object = TERMS, ...more: readonly string[]) => {
  const { exit, out, err } = await settled(results, JSON.stringify(terms), "--json", ...more);
  expect([exit, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return { printed: JSON.parse(out) as Statement, notes: err };
};

const refusal = async (results: Content, terms: Content = JSON.stringify(TERMS)): Promise<string> => {
  const { exit, out, err } = await settled(results, terms);
  expect([exit, out]).toEqual([1, ""]);
  return err;
};

describe("settling a file of results", () => {
  it("prints one object with exactly the documented keys", async () => {
    const guarantee = { result: "lead", target: 2, per: "period", remedy: { kind: "none" } };
    const { out } = await settled(lines(LEAD, SALE), JSON.stringify({ ...TERMS, guarantee }), "--json");
    expect(out.endsWith("}\n")).toBe(true);
    expect(JSON.parse(out)).toEqual({
      currency: "USD",
      periods: [
        {
          starts: "2026-01-01",
          ends: "2026-01-31",
          state: "closed",
          lines: [
            { code: "perResult", amountMinor: 1200, exact: "1200/1", because: "1 lead × 12.00 USD" },
            { code: "share", amountMinor: 1443, exact: "5771/4", because: "7.25 % of 199.00 USD of sale" },
          ],
          earnedMinor: 2643,
          dueMinor: 2643,
          carriedMinor: 0,
          guarantee: {
            state: "missed",
            result: "lead",
            target: 2,
            targetMicro: 2_000_000,
            volumeMicro: 1_000_000,
            shortfallMicro: 1_000_000,
          },
        },
        {
          starts: "2026-02-01",
          ends: "2026-02-28",
          state: "closed",
          lines: [
            { code: "perResult", amountMinor: 0, exact: "0/1", because: "0 lead × 12.00 USD" },
            { code: "share", amountMinor: 0, exact: "0/1", because: "7.25 % of 0.00 USD of sale" },
          ],
          earnedMinor: 0,
          dueMinor: 0,
          carriedMinor: 0,
          guarantee: {
            state: "missed",
            result: "lead",
            target: 2,
            targetMicro: 2_000_000,
            volumeMicro: 0,
            shortfallMicro: 2_000_000,
          },
        },
      ],
      totalMinor: 2643,
    });
  });

  it("a thousand sales of 1.99 at 7.25 % come to 14428, never 14000", async () => {
    const sales = Array.from({ length: 1000 }, (_, index) => ({ ...SALE, id: `s${index}`, valueMinor: 199 }));
    expect((await settle(lines(...sales))).printed.totalMinor).toBe(14_428);
  });

  it("a refund after the period closed is a correction in the next, without a key that is not documented", async () => {
    const refund = { ...LEAD, reversedAt: "2026-02-03T00:00:00-05:00", reversedPermille: 1000 };
    const { printed } = await settle(lines(refund));
    expect(printed.periods[1]!.lines.at(-1)).toEqual({
      code: "correction",
      amountMinor: -1200,
      exact: "-1200/1",
      because: "lead a of 2026-01-01 to 2026-01-31, taken back",
    });
    expect(printed.periods.map(({ dueMinor, carriedMinor }) => [dueMinor, carriedMinor])).toEqual([
      [1200, 0],
      [0, -1200],
    ]);
  });

  it("--as-of states what was known then, in both ways of writing an instant", async () => {
    const refund = { ...LEAD, reversedAt: Date.UTC(2026, 0, 20), reversedPermille: 500 };
    for (const asOf of ["2026-01-20T00:00:00Z", String(Date.UTC(2026, 0, 20))])
      expect((await settle(lines(refund), TERMS, "--as-of", asOf)).printed.totalMinor).toBe(600);
    const before = await settle(lines(refund), TERMS, "--as-of", "2026-01-19T23:59:59.999Z");
    expect(before.printed.totalMinor).toBe(1200);
    expect(before.printed.periods.map(({ state }) => state)).toEqual(["open"]);
  });

  it("instants are the same in milliseconds, in UTC and with an offset", async () => {
    const at = ["2026-01-31T23:59:59.999-05:00", "2026-02-01T04:59:59.999Z", Date.UTC(2026, 1, 1, 5) - 1];
    const { printed } = await settle(lines(...at.map((it, index) => ({ ...LEAD, id: `${index}`, at: it }))));
    expect(printed.periods.map(({ earnedMinor }) => earnedMinor)).toEqual([3600, 0]);
  });

  it("agrees with the auditor for any evidence with one refund, and the order of lines does not matter", async () => {
    const files = anyCase.chain((it) =>
      fc.shuffledSubarray([...it.shares.keys()], { minLength: it.shares.length }).map((order) => ({ ...it, order })),
    );
    await fc.assert(
      fc.asyncProperty(files, async ({ terms, shares, order, asOf }) => {
        const proofs = shares.map(({ countedAt: _, reversals, ...it }) => ({
          ...it,
          reversals: reversals?.slice(0, 1),
        }));
        const bodies = proofs.map(({ reversals: [reversal] = [], ...it }) => ({
          ...it,
          ...(reversal && { reversedAt: Math.max(0, reversal.at), reversedPermille: reversal.permille }),
        }));
        const content = lines(...order.map((index) => bodies[index]!), ...bodies.slice(0, 2));
        const { printed } = await settle(content, terms, "--as-of", String(asOf));
        const total = audit(terms, proofs, asOf).reduce((sum, { earnedMinor }) => sum + earnedMinor, 0n);
        expect(BigInt(printed.totalMinor)).toBe(total);
      }),
      { numRuns: 40 },
    );
  });

  it("reads money of any currency for a person, block by block", async () => {
    const guarantee = { result: "lead", target: 2, per: "period", remedy: { kind: "none" } };
    const terms = JSON.stringify({ ...TERMS, ends: "2026-01-31", currency: "KWD", guarantee });
    const { out } = await settled(lines(LEAD, SALE), terms);
    expect(out.replaceAll("\u00a0", " ")).toBe(`2026-01-01 to 2026-01-31, closed
  perResult  KWD 1.200  1 lead × 1.200 KWD
  share      KWD 1.443  7.25 % of 19.900 KWD of sale
  earned     KWD 2.643
  due        KWD 2.643
  carried    KWD 0.000
  guarantee missed: 1 of 2 lead, 1 short

total KWD 2.643, as of 2026-02-01T05:00:00.000Z
`);
  });

  it("an id that would move the cursor is shown, not obeyed", async () => {
    const sly = { ...LEAD, id: "\u001b[2Jgone", reversedAt: "2026-02-03T00:00:00Z", reversedPermille: 1000 };
    const { out } = await settled(lines(sly));
    expect(out).toContain("lead \\u{1b}[2Jgone of");
    expect(out).not.toContain("\u001b");
  });

  it("tells how far it has read, and puts the bar away", async () => {
    const content = lines(LEAD, SALE);
    const { heard } = await settled(content);
    expect(heard).toEqual([{ label: "reading", total: content.length, last: content.length, done: true }]);
  });
});

describe("everything the law prices", () => {
  const agreed = async (
    more: Readonly<Record<string, object | readonly object[]>>,
    terms: object,
    ...results: object[]
  ) => {
    const options: string[] = [];
    for (const [name, content] of Object.entries(more)) {
      const file = `${name}.json`;
      await writeFile(join(folder, file), Array.isArray(content) ? lines(...content) : JSON.stringify(content));
      options.push(`--${name}`, file);
    }
    return settle(lines(...results), terms, ...options);
  };
  const leads = (count: number, month = "01") =>
    Array.from({ length: count }, (_, index) => ({
      ...LEAD,
      id: `${month}-${index}`,
      at: `2026-${month}-10T12:00:00Z`,
    }));

  it("retroactive steps, a bonus, a cap and a penalty, each as a line", async () => {
    const steps = [
      { from: 0, amountMinor: 100 },
      { from: 3, amountMinor: 200 },
    ];
    const pay = [
      { rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps },
      { rule: "bonus", when: { result: "lead", atLeast: 4 }, amountMinor: 500 },
    ];
    const guarantee = { result: "lead", target: 5, per: "period", remedy: { kind: "penalty", amountMinor: 50 } };
    const terms = { ...TERMS, pay, guarantee, caps: { perPeriodMinor: 1000 } };
    const { printed } = await agreed({}, terms, ...leads(4));
    expect(printed.periods[0]!.lines.map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      ["tiered", 800],
      ["bonus", 500],
      ["cap", -300],
      ["penalty", -50],
    ]);
  });

  it("a later version of the terms prices what happens from its first day on", async () => {
    const amendment = {
      ...TERMS,
      starts: "2026-02-01",
      pay: [{ rule: "perResult", result: "lead", amountMinor: 2000 }],
    };
    const { printed } = await agreed({ amendment }, TERMS, ...leads(1), ...leads(1, "02"));
    expect(printed.periods.map(({ earnedMinor }) => earnedMinor)).toEqual([1200, 2000]);
  });

  it("a version that starts in the middle of a period is refused, with the day it could start on", async () => {
    await writeFile(join(folder, "late.json"), JSON.stringify({ ...TERMS, starts: "2026-02-02" }));
    const { exit, err } = await settled(lines(LEAD), JSON.stringify(TERMS), "--amendment", "late.json");
    expect([exit, err]).toEqual([1, expect.stringMatching(/^late\.json:1:1: .*2026-02-02 is none.*2026-02-01/)]);
  });

  it("what disputes were settled with, and what was agreed by hand", async () => {
    const adjustments = [
      { id: "a", at: "2026-02-10T12:00:00Z", amountMinor: -700, code: "dispute", because: "resolved: half" },
      { id: "b", at: "2026-02-11T12:00:00Z", amountMinor: 300, code: "adjustment", because: "agreed by hand" },
    ];
    const { printed } = await agreed({ adjustments }, TERMS, LEAD);
    expect(printed.periods[1]!.lines.slice(2).map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      ["dispute", -700],
      ["adjustment", 300],
    ]);
  });

  it("a bonus on a rate, by what was measured of the period named", async () => {
    const pay = [...TERMS.pay, { rule: "bonus", when: { rate: "clickThrough", atLeastBp: 500 }, amountMinor: 900 }];
    const rates = [{ period: "2026-02-01", visits: 200, clicks: 10, engaged: 0 }];
    const { printed } = await agreed({ rates }, { ...TERMS, pay }, LEAD);
    expect(printed.periods.map(({ lines }) => lines[2]!.amountMinor)).toEqual([0, 900]);
  });

  it.each([
    [
      "rates",
      { period: "2026-02-02", visits: 1, clicks: 1, engaged: 1 },
      /"period" must be the first day of a period of these terms, such as 2026-01-01\./,
    ],
    [
      "rates",
      { period: "2026-02-01", visits: 1 },
      /"clicks" is missing\. A measurement needs period, visits, clicks, engaged\./,
    ],
    [
      "adjustments",
      { id: "a", at: 1, amountMinor: 1.5, code: "dispute", because: "x" },
      /:1:32: "amountMinor" must be a whole number of minor units/,
    ],
    [
      "adjustments",
      { id: "a", at: 1, amountMinor: 1, code: "gift", because: "x" },
      /"code" must be one of "dispute" or "adjustment", not "gift"\./,
    ],
  ])("a fault in %s is told at its place", async (name, body, told) => {
    await writeFile(join(folder, "more.ndjson"), lines(body));
    const { exit, err } = await settled(lines(LEAD), JSON.stringify(TERMS), `--${name}`, "more.ndjson");
    expect([exit, err]).toEqual([1, expect.stringMatching(told)]);
  });

  it("what was taken back more than once, and what began to count later", async () => {
    const back = (at: string, permille: number) => ({ at, permille });
    const twice = { ...LEAD, reversals: [back("2026-01-12T00:00:00Z", 250), back("2026-02-12T00:00:00Z", 250)] };
    const late = { ...LEAD, id: "late", countedAt: "2026-02-03T00:00:00-05:00" };
    const { printed } = await settle(lines(twice, late));
    expect(printed.periods.map(({ earnedMinor }) => earnedMinor)).toEqual([900, 900]);
    expect(await refusal(lines({ ...twice, reversedAt: 1, reversedPermille: 1 }))).toMatch(
      /"reversals" and reversedAt both say/,
    );
    expect(await refusal(lines({ ...LEAD, reversals: [{ at: 1 }] }))).toMatch(
      /"reversals" holds a permille that must be/,
    );
  });

  it("what became another share, in order of time", async () => {
    const then = (at: string, shareMicro: number) => ({ at, shareMicro });
    const [half, none] = [then("2026-01-12T00:00:00Z", 500_000), then("2026-02-12T00:00:00Z", 0)];
    const { printed } = await settle(lines({ ...LEAD, restated: [half, none] }));
    expect(printed.periods.map(({ earnedMinor }) => earnedMinor)).toEqual([600, -600]);
    for (const restated of [
      [none, half],
      [half, half],
    ])
      expect(await refusal(lines({ ...LEAD, restated }))).toMatch(/"restated" must be in order of time/);
    for (const shareMicro of [-1, 1_000_001, 0.5, "1"])
      expect(await refusal(lines({ ...LEAD, restated: [{ ...half, shareMicro }] }))).toMatch(
        /"restated" holds a shareMicro that must be a whole number of millionths, 0 to 1000000/,
      );
    expect(await refusal(lines({ ...LEAD, restated: [{ ...half, permille: 1 }] }))).toMatch(
      /a restatement has at and shareMicro/,
    );
  });
});

describe("what a file may look like", () => {
  it("blank lines, a byte order mark, Windows line ends and a missing last one are all the same", async () => {
    const plain = JSON.stringify(LEAD);
    const forms = [`${plain}\n`, plain, `\uFEFF${plain}\r\n`, `\n\r\n  \t\n${plain}\r\n\r\n`];
    for (const form of forms) expect((await settle(form)).printed.totalMinor).toBe(1200);
    const { out, exit } = await settled(
      plain,
      `\uFEFF${JSON.stringify(TERMS, null, 2).replaceAll("\n", "\r\n")}`,
      "--json",
    );
    expect([exit, JSON.parse(out).totalMinor]).toEqual([0, 1200]);
  });

  it("no results at all are fine: fixed pay may still be earned", async () => {
    const fixed = { rule: "fixed", amountMinor: 500, per: "period" };
    expect((await settle("", { ...TERMS, pay: [fixed] })).printed.totalMinor).toBe(1000);
  });

  it("the same line twice counts once, however it is written", async () => {
    const { printed, notes } = await settle(lines(LEAD, { ...LEAD, at: Date.UTC(2026, 0, 10, 12) }));
    expect(printed.totalMinor).toBe(1200);
    expect(notes).toContain("note: 1 line said again what one before had said");
  });

  it("what the law passes over in silence is noted", async () => {
    const { notes } = await settle(
      lines({ ...LEAD, at: "2025-12-31T12:00:00Z" }, { ...LEAD, id: "b", result: "leed" }),
    );
    expect(notes).toContain("note: 1 result lies outside 2026-01-01 to 2026-02-28, where these terms pay nothing.");
    expect(notes).toContain('note: the terms list no result "leed"; 1 line of it will earn nothing.');
  });

  it("a file of many pieces is read whole: letters of several bytes across their edges, lines counted right", async () => {
    const many = Array.from({ length: 6_000 }, (_, index) => ({ ...LEAD, id: `größe-✓-${index}` }));
    expect((await settle(lines(...many))).printed.totalMinor).toBe(1200 * 6_000);
    const content = `${lines(...many)}{"id":"✓", oops}\n`;
    expect(Buffer.byteLength(content)).toBeGreaterThan(600_000);
    expect(await refusal(content)).toBe('results.ndjson:6001:12: expected a key in double quotes here, not "o".\n');
  });
});

describe("a fault in the results is told with its file, line and column", () => {
  const line = (more: object): string => JSON.stringify({ ...LEAD, ...more });
  it.each([
    ["{", /^results\.ndjson:1:2: the text ends where a key in double quotes was expected\./],
    ["\n\n[1", /^results\.ndjson:3:3: the text ends where "," or "\]" was expected\./],
    ['{"id":"a",}', /:1:11: expected a key in double quotes here, not "}"\./],
    ['{"id" "a"}', /:1:7: expected ":" here, not """\./],
    ["{'id':'a'}", /:1:2: expected a key in double quotes here, not "'"\./],
    ['{"id":tru}', /:1:7: expected a value here, not "t"\./],
    ['{"id":01}', /:1:8: expected "," or "}" here, not "1"\./],
    ['{"id":NaN}', /:1:7: expected a value here, not "N"\./],
    ['{"id":"a', /:1:7: this quote is never closed\./],
    ['{"id":"a\\x"}', /:1:9: JSON knows no such escape\./],
    ['{"id":"a\tb"}', /:1:9: U\+0009 may not stand in a JSON text unescaped\./],
    ['{"id":"a"} {"id":"b"}', /:1:12: expected the end of the text here, not "{"\./],
    ['{"id":"a","id":"b"}', /:1:11: the key "id" is here twice\. Keep one\./],
    ["[1]", /:1:1: a line must be one JSON object, not a list\./],
    ['  "x"', /:1:3: a line must be one JSON object, not "x"\./],
    ["null", /:1:1: a line must be one JSON object, not null\./],
    ["{}", /:1:1: "id" is missing\. A result needs id, result, at, shareMicro, state\./],
    [line({ id: 7 }), /:1:7: "id" must be a text of 1 to 200 characters, not 7\./],
    [line({ id: "" }), /:1:7: "id" must be a text of 1 to 200 characters, not ""\./],
    [line({ id: "x".repeat(201) }), /:1:7: "id" must be a text of 1 to 200 characters, not "x+…\./],
    [line({ result: "Lead" }), /:1:20: "result" must be the name of a result/],
    [line({ at: "2026-01-10" }), /:1:32: "at" is no instant: /],
    [line({ at: "2026-01-10T12:00:00" }), /:1:32: "at" is no instant: .*does not say in which zone/],
    [line({ at: "2026-02-30T12:00:00Z" }), /:1:32: "at" is no instant: there is no such instant/],
    [
      line({ at: 1.5 }),
      /:1:32: "at" must be an instant: ISO 8601 with a zone, or whole milliseconds since 1970, not 1\.5\./,
    ],
    [line({ at: -1 }), /:1:32: "at" must be an instant from 1970 to 9998, not -1\./],
    [line({ at: 253_370_764_800_000 }), /:1:32: "at" must be an instant from 1970 to 9998/],
    [line({ at: null }), /:1:32: "at" must be an instant: .*, not null\./],
    [
      line({ shareMicro: 1_000_001 }),
      /:1:68: "shareMicro" must be a whole number of millionths, 0 to 1000000, not 1000001\./,
    ],
    [line({ shareMicro: -1 }), /"shareMicro" must be a whole number of millionths, 0 to 1000000, not -1\./],
    [line({ shareMicro: 0.5 }), /"shareMicro" must be .*, not 0\.5\./],
    [line({ shareMicro: "1" }), /"shareMicro" must be .*, not "1"\./],
    [line({ valueMinor: -1 }), /"valueMinor" must be a whole number of minor units, 0 to 9007199254740991, not -1\./],
    [line({ valueMinor: null }), /"valueMinor" must be .*, not null\./],
    [line({ valueMinor: [] }), /"valueMinor" must be .*, not a list\./],
    [line({}).replace("1000000", "1e999"), /"shareMicro" must be .*, not Infinity\./],
    [line({ state: "paid" }), /"state" must be one of "counted", "pending" or "rejected", not "paid"\./],
    [line({ payee: "ann" }), /:1:94: "payee" is no field of a result\. There are id, result, at, /],
    [line({}).replace("{", '{"__proto__":{"a":1},'), /:1:2: "__proto__" is no field of a result\./],
    [line({}).replace("{", '{"constructor":1,'), /:1:2: "constructor" is no field of a result\./],
    [line({ reversedAt: 1 }), /:1:94: "reversedAt" needs "reversedPermille" beside it/],
    [line({ reversedPermille: 1 }), /:1:94: "reversedPermille" needs "reversedAt" beside it/],
    [
      line({ reversedAt: 1, reversedPermille: 1001 }),
      /"reversedPermille" must be a whole number of thousandths, 0 to 1000, not 1001\./,
    ],
    [
      `${line({})}\n${line({ shareMicro: 1 })}`,
      /:2:7: "id" was read on line 1 already, and said otherwise there\. Keep one\./,
    ],
    [`{"größe✓👍":1, x}`, /:1:15: expected a key in double quotes here, not "x"\./],
    [`${"[".repeat(100_000)}`, /:1:102: this is nested more than 100 levels deep\./],
  ])("%s", async (content, told) => {
    expect(await refusal(content)).toMatch(told);
  });

  it("bytes that are no text, at their place", async () => {
    const sound = Buffer.from(lines(LEAD));
    const torn = Buffer.concat([sound, Buffer.from('{"id":"é'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')]);
    expect(await refusal(torn)).toMatch(/^results\.ndjson:2:9: this byte is not UTF-8 text\. Save the file in UTF-8\./);
    const cut = Buffer.concat([sound, Buffer.from([0xf0, 0x9f])]);
    expect(await refusal(cut)).toMatch(/^results\.ndjson:2:1: this byte is not UTF-8/);
    const utf16 = Buffer.from(`\uFEFF${lines(LEAD)}`, "utf16le");
    expect(await refusal(utf16)).toMatch(/^results\.ndjson:1:1: this byte is not UTF-8/);
    const zero = Buffer.concat([sound, Buffer.from('{"id":"a\0b"}')]);
    expect(await refusal(zero)).toMatch(/^results\.ndjson:2:9: there is a NUL byte here\. Is this a text file\?/);
    const both = Buffer.concat([Buffer.from("\uFEFF"), Buffer.from("ab\0")]);
    expect(await refusal(both)).toMatch(/^results\.ndjson:1:3: there is a NUL byte/);
    expect(await refusal('{"id":"a\uFFFDb"}')).toMatch(/is missing/);
  });

  it("a line without end is not read into memory", async () => {
    expect(await refusal(`${lines(LEAD)}${"x".repeat(3_000_000)}`)).toMatch(
      /^results\.ndjson:2:1: this line is longer than a million bytes/,
    );
  });

  it("a file that is not there, and a folder", async () => {
    await writeFile(join(folder, "terms.json"), JSON.stringify(TERMS));
    const missing = await run("settle", "--terms", "terms.json", "--results", "nowhere.ndjson");
    expect([missing.exit, missing.err]).toEqual([1, expect.stringMatching(/^nowhere\.ndjson: there is no such file/)]);
    const directory = await run("settle", "--terms", "terms.json", "--results", ".");
    expect([directory.exit, directory.err]).toEqual([1, expect.stringMatching(/^\.: is a folder/)]);
  });
});

describe("a fault in the terms is told with its file, line, column and pointer", () => {
  const written = (terms: object): string => JSON.stringify(terms, null, 2);
  const at = (text: string, needle: string): string => {
    const before = text.slice(0, text.indexOf(needle));
    return `${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
  };

  it("every one of them, in the order of the file", async () => {
    const pay = [
      { rule: "perResult", result: "lead", amountMinor: "12" },
      { rule: "share", rateBp: 725 },
      { rule: "x" },
    ];
    const text = written({ ...TERMS, pay, bonus: 7 });
    expect((await refusal("", text)).split("\n")).toEqual([
      `terms.json:${at(text, '"12"')}: /pay/0/amountMinor must be a whole number, not "12".`,
      `terms.json:${at(text, '{\n      "rule": "share"')}: /pay/1/result "result" is missing; it must be a text.`,
      `terms.json:${at(text, '"x"')}: /pay/2/rule must be one of "fixed", "perResult", "share", "tiered" or "bonus", not "x".`,
      `terms.json:${at(text, "7\n}")}: /bonus "bonus" is not known here; correct its name or remove it.`,
      "",
    ]);
  });

  it("what is not priced yet is refused, not ignored", async () => {
    const text = written({ ...TERMS, requires: { courses: ["basics"] } });
    expect(await refusal("", text)).toMatch(
      new RegExp(
        `^terms\\.json:${at(text, '[\n      "basics"')}: /requires/courses requiring a course is not supported yet;`,
      ),
    );
  });

  it.each([
    ["", /^terms\.json:1:1: the text ends where a value was expected\./],
    ["[]", /^terms\.json:1:1: the document must be an object, not a list\./],
    ['{\n  "pay": [,]\n}', /^terms\.json:2:11: expected a value here, not ","\./],
    ['{"currency":"USD",\n "currency":"EUR"}', /^terms\.json:2:2: the key "currency" is here twice\. Keep one\./],
  ])("%j", async (terms, told) => {
    expect(await refusal("", terms)).toMatch(told);
  });

  it("a megabyte of them is the wrong file", async () => {
    expect(await refusal("", `${JSON.stringify(TERMS)}\n${"\n".repeat(1_200_000)}`)).toMatch(
      /^terms\.json:1:1: this file is larger than a million bytes/,
    );
  });

  it("a step that pays less than the one before is noted, not refused", async () => {
    const steps = [
      { from: 0, amountMinor: 5 },
      { from: 1, amountMinor: 4 },
    ];
    const pay = [{ rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps }];
    expect((await settle(lines(LEAD), { ...TERMS, pay })).notes).toMatch(
      /^note: terms\.json: \/pay\/0\/steps\/1 pays less/,
    );
  });
});

describe("the command line", () => {
  it.each([
    [["settle"], /--terms is missing/],
    [["settle", "--terms", "terms.json"], /--results is missing/],
    [["settle", "--terms", "t", "--results", "r", "--as-of", "soon"], /--as-of: "soon" is not an instant/],
    [["settle", "--terms", "t", "--results", "r", "--as-of", "2026-01-01"], /--as-of: /],
    [["settle", "--terms", "t", "--results", "r", "--as-of=-1"], /--as-of takes an instant from 1970 to 9998/],
    [["settle", "--terms", "t", "--results", "r", "x"], /one operand too many/],
    [["settle", "--colour"], /--colour/],
  ])("%j is a wrong way to call it", async (argv, told) => {
    const { exit, out, err } = await run(...argv);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toMatch(told);
    expect(err).toContain("See: makegood settle --help");
  });

  it("explains itself", async () => {
    const { exit, out } = await run("settle", "--help");
    expect(exit).toBe(0);
    for (const word of [
      "--terms",
      "--results",
      "--as-of",
      "--json",
      "reversedPermille",
      "everything in the file is known",
    ])
      expect(out).toContain(word);
  });

  it("works as a program of its own", async () => {
    await writeFile(join(folder, "terms.json"), JSON.stringify(TERMS));
    await writeFile(join(folder, "results.ndjson"), lines(LEAD));
    const cli = fileURLToPath(new URL("../../server/cli.mjs", import.meta.url));
    const argv = [cli, "settle", "--terms", "terms.json", "--results", "results.ndjson", "--json"];
    const child = spawn(process.execPath, argv, { cwd: folder });
    let out = "";
    child.stdout.on("data", (piece) => {
      out += piece;
    });
    const exit = await new Promise((resolve) => child.on("close", resolve));
    expect([exit, JSON.parse(out).totalMinor]).toEqual([0, 1200]);
  });
});

describe("reading JSON with places", () => {
  const fail = (index: number, because: string): never => {
    throw new Error(`${index}: ${because}`);
  };

  // Keys without escapes: the engine's own reader takes the key -" for -\\ when it has seen that one at the same place.
  const plain = fc.string({ unit: fc.constantFrom("a", "b", "7", "é", "👍", " ", ",", ":", "{", "]", "/", "~") });
  const structure = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(
        plain,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(plain, tie("any"), { maxKeys: 4 }),
    ),
  })).any;
  const spoils = fc.constantFrom("", ",", "{", "]", '"', "\\", "1", "-", ".", "e", " ", "\u0007", "\0");

  it("reads what the language's own reader reads, the same, and refuses what it refuses", () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(structure, fc.constantFrom(0, 2), fc.nat(), spoils, (it, indent, place, put) => {
        const sound = JSON.stringify(it, null, indent);
        const index = place % (sound.length + 1);
        for (const text of [sound, sound.slice(0, index) + put + sound.slice(index + 1)]) {
          let native: unknown;
          try {
            native = JSON.parse(text);
          } catch {
            expect(() => readJson(text, fail)).toThrow(/^\d+: /);
            seen.refused += 1;
            continue;
          }
          let own: unknown;
          try {
            own = readJson(text, fail);
          } catch (fault) {
            expect(String(fault)).toContain("is here twice");
            continue;
          }
          expect(JSON.stringify(own)).toBe(JSON.stringify(native));
          seen.read += 1;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(100);
  });

  it("reads every letter and escape there is", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        expect(readJson(JSON.stringify(texts), fail)).toEqual(texts);
        const escaped = texts.map((it) =>
          [...it].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
        );
        expect(readJson(`["${escaped.map((it) => it.join("")).join('","')}"]`, fail)).toEqual(
          texts.length === 0 ? [""] : texts.map((it) => [...it].map((unit) => unit[0]).join("")),
        );
      }),
    );
    expect(readJson('"\\"\\\\\\/\\b\\f\\n\\r\\t"', fail)).toBe('"\\/\b\f\n\r\t');
  });

  it("tells keys apart that the engine's own reader confuses", () => {
    expect(Object.keys(readJson('{"x":1,"-\\\\":2}', fail) as object)).toEqual(["x", "-\\"]);
    expect(Object.keys(readJson('{"x":1,"-\\"":2}', fail) as object)).toEqual(["x", '-"']);
  });

  it("finds where every pointer leads", () => {
    fc.assert(
      fc.property(structure, (it) => {
        const text = JSON.stringify(it);
        const walk = (it: unknown, pointer: string): void => {
          const begins = text.slice(placeOf(text, pointer).value);
          expect(JSON.stringify(it).startsWith(begins[0]!)).toBe(true);
          if (typeof it !== "object" || it === null) return;
          for (const [key, value] of Object.entries(it))
            walk(value, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
        };
        walk(it, "");
      }),
    );
    expect(placeOf('{"a": {"b": 1}}', "/a/c")).toEqual({ value: 6, key: 1 });
    expect(placeOf('{"a~/b": [0, 7]}', "/a~0~1b/1")).toEqual({ value: 13, key: 13 });
  });
});
