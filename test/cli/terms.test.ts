import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "./past.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-terms-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TERMS = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-01-01",
  ends: "2026-02-28",
  period: "month",
  results: { lead: { counts: "verified" } },
  attribution: { model: "last", windowDays: 30, house: "included" },
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1200 }],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};

const keep = (name: string, content: string | object): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return name;
};

const tier = (mode: string, ...prices: readonly number[]) => ({
  rule: "tiered",
  result: "lead",
  measure: "count",
  mode,
  steps: prices.map((amountMinor, place) => ({ from: place * 50, amountMinor })),
});

describe("checking a file of terms", () => {
  const FIRM = { ...TERMS, attribution: { model: "linearUnique", windowDays: 30, house: "included" } };
  const check = (content: string | object, ...options: readonly string[]) =>
    run(folder, "terms", "check", keep("t.json", content), ...options);

  it("says that they hold, and under which hash they would be signed", async () => {
    const { exit, out, err } = await check(FIRM);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(/^t\.json holds\.\nSHA-256 of what is signed: [0-9a-f]{64}\n$/);
    expect((await check(JSON.stringify(FIRM))).out).toBe(out);
  });

  it("names every problem by its pointer, line and column, and ends with 1", async () => {
    const { exit, out, err } = await check({
      ...FIRM,
      caps: { perMonth: 2 },
      pay: [{ rule: "perResult", result: "lead", amountMinor: "12" }],
    });
    expect([exit, out]).toEqual([1, ""]);
    expect(err.trim().split("\n")).toEqual([
      't.json:21:22: /pay/0/amountMinor must be a whole number, not "12".',
      't.json:31:17: /caps/perMonth "perMonth" is not known here; correct its name or remove it.',
    ]);
  });

  it("says the same as one object", async () => {
    const { exit, out } = await check({ ...FIRM, ends: "2025-01-01" }, "--json");
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      termsHash: null,
      problems: [{ at: "/ends", line: 5, column: 11, code: "sense", because: "is before /starts (2026-01-01)" }],
      warnings: [],
    });
  });

  it("notes, at its step, a retroactive step that lowers pay, with the volume where it does", async () => {
    const { exit, out } = await check({ ...FIRM, pay: [tier("retroactive", 1200, 1000)] }, "--json");
    expect(exit).toBe(0);
    const { warnings } = JSON.parse(out);
    expect(warnings.map(({ at, code }: { at: string; code: string }) => [at, code])).toEqual([
      ["/pay/0/steps/1", "sense"],
      ["/pay/0/steps/1", "pay-falls"],
    ]);
    expect(warnings[1].because).toContain("lead number 50 lowers the pay by 88.00 USD");
    const { err } = await check({ ...FIRM, pay: [tier("retroactive", 1200, 1000)] });
    expect(err).toMatch(/^note: t\.json:\d+:\d+: \/pay\/0\/steps\/1 pays less for everything/);
  });

  it("notes, at the model, what it lets a payee do, and holds all the same", async () => {
    const { exit, out, err } = await check({ ...FIRM, attribution: { ...FIRM.attribution, model: "last" } });
    expect([exit, out]).toEqual([0, expect.stringMatching(/^t\.json holds\./)]);
    expect(err).toBe(
      "note: t.json:13:14: /attribution/model lets a payee gain by clicking its own link again and by a click just before the conversion; first, linearUnique and shapley do not.\n",
    );
  });

  it.each([
    ["{", /^t\.json:1:2: the text ends where a key/],
    ['{"currency":"USD",\n "currency":"EUR"}', /^t\.json:2:2: the key "currency" is here twice\. Keep one\./],
  ])("what is no JSON is refused where it stops being it: %j", async (content, told) => {
    const { exit, err } = await check(content);
    expect([exit, err]).toEqual([1, expect.stringMatching(told)]);
  });
});

describe("what differs between two terms", () => {
  const other = { ...TERMS, pay: [{ rule: "perResult", result: "lead", amountMinor: 1500 }] };
  const diff = (a: object, b: object, ...options: readonly string[]) =>
    run(folder, "terms", "diff", keep("a.json", a), keep("b.json", b), ...options);
  const result = (id: string, month: string, more: object = {}) =>
    `${JSON.stringify({ id, result: "lead", at: `2026-${month}-10T12:00:00Z`, shareMicro: 1_000_000, state: "counted", ...more })}\n`;

  it("nothing, when only the order of keys differs", async () => {
    const turned = Object.fromEntries(Object.entries(TERMS).reverse());
    expect((await diff(TERMS, turned)).out).toBe("Both say the same.\n");
    expect(JSON.parse((await diff(TERMS, turned, "--json")).out)).toEqual({
      same: true,
      clauses: [],
      changes: [],
      money: null,
    });
  });

  it("clause by clause in words, and member by member", async () => {
    const { out } = await diff(TERMS, { ...other, payout: { minimumMinor: 100 } });
    expect(out).toContain(
      "Pay 1\n  − 12.00 USD for each lead that counts.\n  + 15.00 USD for each lead that counts.\n",
    );
    expect(out).toContain("/pay/0/amountMinor: 1200 → 1500");
    expect(out).toContain('/payout: nothing → {"minimumMinor":100}');
  });

  it("what it changes for whom, and when, on the same past", async () => {
    const past = keep(
      "past.ndjson",
      result("1", "01", { payee: "Ann" }) + result("2", "02", { payee: "Ann" }) + result("3", "02", { payee: "Bob" }),
    );
    const { out } = await diff(TERMS, other, "--history", past, "--json");
    expect(JSON.parse(out).money).toEqual({
      currency: "USD",
      beforeMinor: 3600,
      afterMinor: 4500,
      periods: [
        { starts: "2026-01-01", beforeMinor: 1200, afterMinor: 1500 },
        { starts: "2026-02-01", beforeMinor: 2400, afterMinor: 3000 },
      ],
      payees: [
        {
          payee: "Ann",
          beforeMinor: 2400,
          afterMinor: 3000,
          differenceMinor: 600,
          periods: [
            { starts: "2026-01-01", beforeMinor: 1200, afterMinor: 1500 },
            { starts: "2026-02-01", beforeMinor: 1200, afterMinor: 1500 },
          ],
        },
        {
          payee: "Bob",
          beforeMinor: 1200,
          afterMinor: 1500,
          differenceMinor: 300,
          periods: [
            { starts: "2026-01-01", beforeMinor: 0, afterMinor: 0 },
            { starts: "2026-02-01", beforeMinor: 1200, afterMinor: 1500 },
          ],
        },
      ],
    });
    const text = (await diff(TERMS, other, "--history", past)).out;
    expect(text).toContain("On this past the brand pays $9.00 more.");
    expect(text).toMatch(/Ann\s+\$24\.00\s+\$30\.00\s+\+\$6\.00/);
    expect(text).toMatch(/total\s+\$36\.00\s+\$45\.00\s+\+\$9\.00/);
  });

  it("without names it is one contract's total", async () => {
    const past = keep("plain.ndjson", result("1", "01"));
    const { out } = await diff(other, TERMS, "--history", past);
    expect(out).toContain("On this past the brand pays $3.00 less.");
    expect(out).not.toContain("nobody");
  });

  it("another model shares the same events anew", async () => {
    const past = keep(
      "events.csv",
      "visitor,at,event,payee,id\nv,2026-01-05T12:00:00Z,touch,Ann,\nv,2026-01-06T12:00:00Z,touch,Bob,\nv,2026-01-07T12:00:00Z,lead,,o1\n",
    );
    const first = { ...TERMS, attribution: { ...TERMS.attribution, model: "first" } };
    const { payees, beforeMinor, afterMinor } = JSON.parse(
      (await diff(TERMS, first, "--history", past, "--json")).out,
    ).money;
    expect([beforeMinor, afterMinor]).toEqual([1200, 1200]);
    expect(
      payees.map(({ payee, differenceMinor }: { payee: string; differenceMinor: number }) => [payee, differenceMinor]),
    ).toEqual([
      ["Ann", 1200],
      ["Bob", -1200],
    ]);
  });

  it("two currencies are not compared", async () => {
    const past = keep("plain.ndjson", result("1", "01"));
    const { exit, err } = await diff(TERMS, { ...TERMS, currency: "EUR" }, "--history", past);
    expect([exit, err]).toEqual([1, expect.stringMatching(/two currencies cannot be compared/)]);
  });

  it("names that would move the cursor are shown, not obeyed", async () => {
    const past = keep("sly.ndjson", result("1", "01", { payee: "\u001b[2JAnn" }));
    const { out } = await diff(TERMS, other, "--history", past);
    expect(out).toContain("\\u{1b}[2JAnn");
    expect(out).not.toContain("\u001b");
  });
});

describe("a wrong command line", () => {
  it.each([
    [["check"], /terms needs check FILE \| diff A B/],
    [["check", "a.json", "b.json"], /terms check takes one file\./],
    [["diff", "a.json"], /terms diff takes two files\./],
    [["mend", "a.json"], /"mend" is not known; there are check and diff\./],
    [["diff", "a.json", "b.json", "c.json"], /"c.json" is one operand too many/],
  ])("%j ends with 2", async (argv, told) => {
    const { exit, err } = await run(folder, "terms", ...argv);
    expect([exit, err]).toEqual([2, expect.stringMatching(told)]);
  });

  it("help explains both", async () => {
    const { exit, out } = await run(folder, "terms", "--help");
    expect([exit, out]).toEqual([0, expect.stringMatching(/check FILE \| diff A B/)]);
  });
});
