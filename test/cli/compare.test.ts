import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dispatch } from "../../server/commands/commands.ts";
import { models } from "../../shared/judge/models.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "makegood-compare-"));
});
afterAll(() => rm(folder, { recursive: true }));

const keep = async (name: string, content: string | object): Promise<string> => {
  await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};

const run = async (...argv: readonly string[]) => {
  const printed = { out: "", err: "" };
  const bars: string[] = [];
  const exit = await dispatch(argv, {
    cwd: folder,
    env: { COLUMNS: "80" },
    isTTY: false,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    progress: (label) => {
      bars.push(label);
      return { to: () => undefined, done: () => bars.push(`${label} done`) };
    },
  });
  return { exit, bars, ...printed };
};

/** Ann is met first and Bob last on the way to 100.00; 50.00 are Bob's alone, 10.00 nobody's; one journey leads nowhere. */
const EVENTS = `visitor,at,event,payee,value,currency,id
v1,2026-01-01T10:00:00Z,touch,ann,,,t1
v1,2026-01-03T10:00:00Z,touch,bob,,,t2
v1,2026-01-05T10:00:00Z,sale,,100.00,USD,s1
v2,2026-01-06T10:00:00Z,touch,bob,,,t3
v2,2026-01-06T11:00:00Z,sale,,50.00,USD,s2
v3,2026-01-07T10:00:00Z,touch,ann,,,t4
v4,2026-01-20T10:00:00Z,sale,,10.00,USD,s3
`;

const TERMS = {
  currency: "USD",
  timeZone: "UTC",
  starts: "2027-01-01",
  ends: "2027-03-31",
  period: "month",
  results: { sale: { counts: "confirmed" } },
  attribution: { model: "last", windowDays: 30, house: "included" },
  pay: [
    { rule: "perResult", result: "sale", amountMinor: 1000 },
    { rule: "share", result: "sale", rateBp: 1000 },
  ],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};

const compared = async (content: string, ...options: readonly string[]) => {
  const { exit, out, err } = await run("compare", await keep("history.csv", content), "--json", ...options);
  expect([exit, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  const made = JSON.parse(out);
  const of = (model: string) => made.models.find((it: { model: string }) => it.model === model);
  const by = (model: string, ...figures: readonly string[]) =>
    Object.fromEntries(
      of(model).payees.map((it: Record<string, unknown>) => [it.payee, figures.map((figure) => it[figure])]),
    );
  return { made, of, by, notes: err };
};

describe("a comparison of models", () => {
  it("gives each payee's conversions, value and share under every model", async () => {
    const { made, by } = await compared(EVENTS, "--models", "last,first,linear");
    expect([made.against, made.conversions, made.value, made.currency]).toEqual(["last", "3.000000", "160.00", "USD"]);
    expect(by("last", "conversions", "value", "valueShare")).toEqual({
      bob: ["2.000000", "150.00", "0.937500"],
      house: ["1.000000", "10.00", "0.062500"],
      ann: ["0.000000", "0.00", "0.000000"],
    });
    expect(by("first", "conversions", "value")).toMatchObject({
      ann: ["1.000000", "100.00"],
      bob: ["1.000000", "50.00"],
    });
    expect(by("linear", "conversions", "value")).toMatchObject({
      ann: ["0.500000", "50.00"],
      bob: ["1.500000", "100.00"],
    });
  });

  it("says how much moves: half of all differences, and in how many journeys", async () => {
    const { of, by } = await compared(EVENTS, "--models", "last,first,linear");
    expect(of("last").moved).toMatchObject({ value: "0.00", journeysWithOtherPayees: "0.000000" });
    expect(of("first").moved).toEqual({
      conversions: "1.000000",
      conversionsShare: "0.333333",
      value: "100.00",
      valueShare: "0.625000",
      journeysWithOtherPayees: "0.333333",
      journeysWithOtherShares: "0.333333",
    });
    expect(of("linear").moved).toMatchObject({ value: "50.00", valueShare: "0.312500" });
    expect(by("linear", "change")).toEqual({
      ann: [{ conversions: "0.500000", value: "50.00" }],
      bob: [{ conversions: "-0.500000", value: "-50.00" }],
      house: [{ conversions: "0.000000", value: "0.00" }],
    });
  });

  it("tells journeys whose shares change from those whose payees do", async () => {
    const twice = EVENTS.replace("v1,2026-01-05", "v1,2026-01-04T10:00:00Z,touch,ann,,,t9\nv1,2026-01-05");
    const { of } = await compared(twice, "--models", "linear,linearUnique");
    expect(of("linearUnique").moved).toMatchObject({
      value: "16.67",
      journeysWithOtherPayees: "0.000000",
      journeysWithOtherShares: "0.333333",
    });
  });

  it("compares with another model when told against which", async () => {
    const { made, of } = await compared(EVENTS, "--models", "last,first", "--against", "linear");
    expect(made.models.map((it: { model: string }) => it.model)).toEqual(["linear", "last", "first"]);
    expect(of("last").moved.value).toBe("50.00");
  });

  it("prints who gets what for people, losses with their sign", async () => {
    const { exit, out } = await run("compare", await keep("history.csv", EVENTS), "--models", "last,linear");
    expect(exit).toBe(0);
    expect(out).toContain(
      [
        "Going from last to linear moves $50.00 of $160.00 (31.2 %) to other payees.",
        "  In 33.3 % of converting journeys the payees change, in 33.3 % their shares.",
        "",
        "Value",
        "payee     last    share   linear    share   change",
        "--------------------------------------------------",
        "bob    $150.00   93.8 %  $100.00   62.5 %  -$50.00",
        "house   $10.00    6.2 %   $10.00    6.2 %    $0.00",
        "ann      $0.00    0.0 %   $50.00   31.2 %  +$50.00",
        "--------------------------------------------------",
        "total  $160.00  100.0 %  $160.00  100.0 %    $0.00",
        "",
      ].join("\n"),
    );
    expect(out).toContain("history.csv: 7 lines of events, 2026-01-01 to 2026-01-20;");
  });

  it("puts models that do not fit beside one another below one another", async () => {
    const { out } = await run(
      "compare",
      await keep("history.csv", EVENTS),
      "--models",
      "last,first,linear,position,timeDecay",
    );
    expect(out).toContain("Value (continued)");
    const tables = out.split("\n").filter((line) => /^(payee|bob|ann|house|total) /.test(line));
    for (const line of tables) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("shows names out of files, and never obeys them", async () => {
    const { out } = await run(
      "compare",
      await keep("history.csv", EVENTS.replaceAll("ann", "a\u001b[31mn\u202en")),
      ...["--models", "last,linear"],
    );
    expect(out).toContain("a\\u{1b}[31mn\\u{202e}n");
    expect(out).not.toContain("\u001b");
  });

  it("moves conversions where nothing is worth anything", async () => {
    const { out } = await run("compare", await keep("paths.csv", "path\na > b\nb\n"), "--models", "last,first");
    expect(out).toContain("Going from last to first moves 1.00 conversions of 2.00 conversions (50.0 %)");
    expect(out).not.toContain("Value");
  });

  it("says so when there is nothing to compare", async () => {
    const { made } = await compared("visitor,at,event,payee\n", "--models", "last,linear,markov");
    expect([made.conversions, made.value, made.file.days]).toEqual(["0.000000", "0.00", null]);
  });
});

describe("under terms", () => {
  it("prices every payee as if it had a contract over the days of the file", async () => {
    const terms = await keep("terms.json", TERMS);
    const { made, of, by } = await compared(EVENTS, "--models", "last,first,linear", "--terms", terms);
    expect([made.terms.starts, made.terms.ends]).toEqual(["2026-01-01", "2026-01-20"]);
    expect(made.terms.hash).toMatch(/^[0-9a-f]{64}$/);
    // Two sales of 10.00 each, and a tenth of 150.00; the house is nobody's contract.
    expect(by("last", "pay")).toEqual({ bob: ["35.00"], ann: ["0.00"], house: ["0.00"] });
    expect(by("first", "pay")).toEqual({ bob: ["15.00"], ann: ["20.00"], house: ["0.00"] });
    expect(by("linear", "pay")).toEqual({ bob: ["25.00"], ann: ["10.00"], house: ["0.00"] });
    expect(of("first").moved.pay).toBe("20.00");
    expect(of("linear")).toMatchObject({ pay: "35.00", moved: { pay: "10.00" } });
  });

  it("pays what settling the same shares pays", async () => {
    const stepped = {
      ...TERMS,
      starts: "2026-01-01",
      ends: "2026-01-20",
      pay: [
        { rule: "fixed", amountMinor: 3100, per: "period" },
        {
          rule: "tiered",
          result: "sale",
          measure: "value",
          mode: "retroactive",
          steps: [
            { from: 0, rateBp: 500 },
            { from: 9000, rateBp: 777 },
          ],
        },
      ],
      guarantee: { result: "sale", target: 4, per: "period", remedy: { kind: "proRata" } },
    };
    const terms = await keep("terms.json", stepped);
    const { by } = await compared(EVENTS, "--models", "linear,last", "--terms", terms);
    const share = (id: string, at: string, shareMicro: number, valueMinor: number) =>
      `${JSON.stringify({ id, result: "sale", at, shareMicro, valueMinor, state: "counted" })}\n`;
    const results = await keep(
      "bob.ndjson",
      share("s1", "2026-01-05T10:00:00Z", 500_000, 10_000) + share("s2", "2026-01-06T11:00:00Z", 1_000_000, 5000),
    );
    const settled = JSON.parse((await run("settle", "--terms", terms, "--results", results, "--json")).out);
    expect(settled.totalMinor).toBeGreaterThan(0);
    expect(by("linear", "pay").bob).toEqual([(settled.totalMinor / 100).toFixed(2)]);
  });

  it("takes the window and the house from the terms, unless an option says otherwise", async () => {
    const attribution = { model: "last", windowDays: 3, house: "excluded", after: "restart" };
    const terms = await keep("terms.json", { ...TERMS, attribution });
    const { of, by } = await compared(EVENTS, "--models", "first,last", "--terms", terms);
    expect(of("first").parameters).toEqual({ windowDays: 3, house: "excluded", after: "restart" });
    expect(by("first", "value").ann).toEqual(["0.00"]);
    const wider = await compared(EVENTS, "--models", "first,last", "--terms", terms, "--window", "4d");
    expect(wider.by("first", "value").ann).toEqual(["100.00"]);
  });

  it("names half a cent exactly where an odd one moves", async () => {
    const three = EVENTS.replace("v1,2026-01-05", "v1,2026-01-04T10:00:00Z,touch,cyd,,,t9\nv1,2026-01-05");
    const terms = await keep("terms.json", { ...TERMS, pay: [{ rule: "perResult", result: "sale", amountMinor: 1 }] });
    // Cyd's one cent of the sale becomes three thirds of one, which is nothing for each of the three.
    const { of } = await compared(three, "--models", "last,linear", "--terms", terms);
    expect(of("linear").moved.pay).toBe("0.005");
  });

  it("says that the terms pay nothing for a result they do not list", async () => {
    const terms = await keep("terms.json", TERMS);
    const { notes } = await compared(
      `${EVENTS}v3,2026-01-08T10:00:00Z,lead,,,,l1\n`,
      "--models",
      "last,first",
      "--terms",
      terms,
    );
    expect(notes).toContain("note: the terms list no result lead, and pay nothing for it.\n");
  });
});

describe("learned models", () => {
  it("are fitted on the file itself, and say so", async () => {
    const { of, by, notes } = await compared(EVENTS, "--models", "last,markov,shapley");
    expect(notes).toBe("note: fitted on this file; to pay by it, freeze a fit first.\n");
    // Without Ann only s2 and s3 would have come, without Bob only s3.
    expect(by("markov", "conversions", "value", "effect")).toEqual({
      bob: ["1.666667", "116.67", "0.666666666667"],
      house: ["1.000000", "10.00", "0.000000000000"],
      ann: ["0.333333", "33.33", "0.333333333333"],
    });
    expect(of("markov").fit).toMatchObject({ order: 1, base: "0.750000000000", states: 3, journeys: "4", seed: "1" });
    // Ann half of one of three, Bob half of one and all of another: of their common sale a quarter and three quarters.
    expect(by("shapley", "conversions", "effect")).toMatchObject({
      ann: ["0.250000", "0.166666666667"],
      bob: ["1.750000", "0.500000000000"],
    });
  });

  it("come with intervals, the same for the same seed, and without when none are wanted", async () => {
    const many = `path,conversions,value,null\n${"a > b,7,70,9\nb,5,50,3\na,2,20,30\n"}`;
    const learned = async (...options: readonly string[]) =>
      (await compared(many, "--models", "linear,markov", ...options)).of("markov");
    const one = await learned();
    expect(await learned("--seed", "1", "--replicates", "1000")).toEqual(one);
    expect(await learned("--seed", "two")).not.toEqual(one);
    for (const { effect, lower, upper, valuePart, value } of one.payees) {
      expect(Number(lower)).toBeLessThan(Number(effect));
      expect(Number(upper)).toBeGreaterThan(Number(effect));
      expect(Number(valuePart.lower)).toBeLessThan(Number(value) / 140);
      expect(Number(valuePart.upper)).toBeGreaterThan(Number(value) / 140);
    }
    const without = await learned("--replicates", "0");
    expect(without.payees[0]).not.toHaveProperty("lower");
    expect(without.fit).not.toHaveProperty("seed");
  });

  it("have no intervals where a file counts parts of journeys", async () => {
    const { of, notes } = await compared("path,conversions\na > b,1.5\nb,1\n", "--models", "last,markov");
    expect(notes).toContain("cannot be thrown again: there are no intervals");
    expect(of("markov").payees[0]).not.toHaveProperty("lower");
  });

  it("share the sum of all conversions by effects alone when asked to, which changes no single journey", async () => {
    const { of, by } = await compared(EVENTS, "--models", "last,markov", "--global");
    // Two conversions had a touch before them: a third of them Ann's.
    expect(by("markov", "conversions")).toEqual({ ann: ["0.666667"], bob: ["1.333333"], house: ["1.000000"] });
    expect(of("markov").moved).not.toHaveProperty("journeysWithOtherPayees");
    expect(of("markov").fit.credits).toBe("global");
  });
});

describe("every sum is exact", () => {
  const event = fc.record({
    visitor: fc.integer({ min: 0, max: 4 }),
    hour: fc.nat(1500),
    payee: fc.constantFrom("ann", "bob", "cyd", "house"),
    kind: fc.constantFrom("touch", "touch", "touch", "view", "sale", "lead"),
    cents: fc.nat(99_999),
  });

  it("under all ten models, of conversions, value and pay, whatever the log", async () => {
    const names = Object.keys(models).join(",");
    const terms = await keep("terms.json", { ...TERMS, attribution: { ...TERMS.attribution, windowDays: 365 } });
    const units = (text: string): bigint => BigInt(text.replace(".", ""));
    const sum = (all: readonly string[]): bigint => all.reduce((total, it) => total + units(it), 0n);
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (all) => {
        const lines = all.map(({ visitor, hour, payee, kind, cents }) => {
          const isResult = kind === "sale" || kind === "lead";
          return `v${visitor},${1_767_225_600_000 + hour * 3_600_000},${kind},${isResult ? "" : payee},${kind === "sale" ? `${cents}e-2` : ""}\n`;
        });
        const { made } = await compared(
          `visitor,at,event,payee,value\n${lines.join("")}`,
          ...["--models", names, "--milestones", "lead", "--views", "20d", "--after", "restart", "--replicates", "3"],
          ...["--terms", terms],
        );
        for (const { payees, conversions, value, pay } of made.models) {
          const column = (name: string): bigint => sum(payees.map((it: Record<string, string>) => it[name]));
          expect(column("conversions")).toBe(units(made.conversions));
          expect(column("value")).toBe(units(made.value));
          expect([conversions, value]).toEqual([made.conversions, made.value]);
          expect(column("pay")).toBe(units(pay));
          expect(sum(payees.map((it: { change: { value: string } }) => it.change.value))).toBe(0n);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("the report", () => {
  const report = async (name: string, content: string, ...options: readonly string[]) => {
    const made = await run("compare", await keep("history.csv", content), "--html", name, ...options);
    expect(made.exit).toBe(0);
    return { ...made, page: await readFile(join(folder, name), "utf8") };
  };

  it("is one page that needs nothing else and says first how much moves", async () => {
    const terms = await keep("terms.json", TERMS);
    const { page, err } = await report("one.html", EVENTS, "--models", "last,first,markov", "--terms", terms);
    expect(err).toContain("note: the report is in one.html.\n");
    expect(page).toContain(
      "Choosing first instead of last moves <b>$100.00</b> of $160.00 to other payees: <b>62.5 %</b>",
    );
    expect(page).toMatch(/content="default-src 'none'; style-src 'unsafe-inline'"/);
    expect(page).not.toMatch(/<script|https?:|@import|url\(|<img|<link/);
    for (const what of [
      "Who gets what",
      "What each is paid",
      "What conversions depend on: markov",
      "Where journeys begin",
      "Path length",
      "Time lag",
      "Everything",
      "What was read",
    ])
      expect(page).toContain(what);
    expect(page).toContain("order 1, 3 states, 3 of 4 journeys convert, 1000 replicates, seed 1");
  });

  it("writes names as text, never as markup", async () => {
    const { page } = await report(
      "names.html",
      EVENTS.replaceAll("ann", "<b onclick=x>'&\u202e"),
      "--models",
      "last,first",
    );
    expect(page).not.toContain("<b onclick");
    expect(page).not.toContain("\u202e");
    expect(page).toContain("<bdi>&#60;b onclick=x&#62;&#39;&#38;\uFFFD</bdi>");
  });

  it("is the same for the same file and seed, whoever makes it when", async () => {
    const one = await report("a.html", EVENTS, "--models", "last,markov");
    const two = await report("b.html", EVENTS, "--models", "last,markov");
    expect(two.page).toBe(one.page);
  });

  it("is about paths, too, without a clock", async () => {
    const { page } = await report(
      "paths.html",
      "path,conversions,value,null\na > b > c,2,20,1\n,1,5,0\n",
      "--models",
      "last,linear",
    );
    expect(page).not.toContain("Time lag");
    expect(page).toContain("no touch");
  });

  it("says that nothing moves where nothing does, and stands where nothing happened", async () => {
    expect((await report("same.html", "path\na\n", "--models", "last,first")).page).toContain(
      "None of these models moves anything",
    );
    expect((await report("none.html", "path,conversions\na,0\n", "--models", "last,markov")).page).not.toContain("NaN");
  });

  it("tells a dozen payees apart, and the others together", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `p${index} > q${index}\n`).join("");
    const { page } = await report("many.html", `path\n${many}`, "--models", "last,first,markov");
    expect(page).toContain("68 others together");
    expect(page).toContain("<bdi>q39</bdi>");
  });

  it("never overwrites a file unless told to, and leaves nothing half-written", async () => {
    await keep("mine.html", "precious");
    const args = ["compare", await keep("history.csv", EVENTS), "--models", "last,first", "--html", "mine.html"];
    const refused = await run(...args);
    expect([refused.exit, refused.out]).toEqual([1, ""]);
    expect(refused.err).toBe("mine.html: is there already. Name another file, or add --force.\n");
    expect(refused.bars).toEqual([]);
    expect(await readFile(join(folder, "mine.html"), "utf8")).toBe("precious");
    expect((await run(...args, "--force")).exit).toBe(0);
    expect(await readFile(join(folder, "mine.html"), "utf8")).toMatch(/^<!doctype html>/);
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("says when it cannot be written", async () => {
    await mkdir(join(folder, "taken"), { recursive: true });
    const history = await keep("history.csv", EVENTS);
    const nowhere = await run("compare", history, "--models", "last,first", "--html", "no/such/folder/x.html");
    expect([nowhere.exit, nowhere.out, nowhere.err]).toEqual([
      1,
      "",
      "no/such/folder/x.html: cannot be written (ENOENT).\n",
    ]);
    const over = await run("compare", history, "--models", "last,first", "--html", "taken", "--force");
    expect([over.exit, over.out]).toEqual([1, ""]);
  });
});

describe("what is refused", () => {
  const refused = async (content: string, ...options: readonly string[]) => {
    const { exit, out, err } = await run("compare", await keep("history.csv", content), ...options);
    expect(out).toBe("");
    return [exit, err];
  };

  it.each([
    [[], "--models is missing: two or more of first, last,"],
    [["--models", "last"], "--models takes two models or more"],
    [["--models", "last,best"], 'There is no model "best"; there are first, last,'],
    [["--models", "last,"], 'There is no model ""'],
    [["--models", "last,linear,last"], "--models names last twice"],
    [["--models", "last,linear", "--against", "best"], 'There is no model "best"'],
    [["--models", "last,wShaped"], "wShaped needs --milestones"],
    [["--models", "last,position", "--first", "60", "--last", "50%"], "--first and --last together are more"],
    [["--models", "last,markov", "--order", "4"], "--order takes a whole number from 1 to 3"],
    [["--models", "last,markov", "--seed", "a b"], "--seed takes at most 40 letters and digits"],
    [["--models", "last,markov", "--replicates", "many"], "--replicates takes a whole number from 0 to"],
  ])("a command line with %j", async (options, expected) => {
    const [exit, err] = await refused(EVENTS, ...options);
    expect(exit).toBe(2);
    expect(err).toContain(expected);
  });

  it.each([
    ["timeDecay", "which timeDecay needs"],
    ["wShaped", "which wShaped needs"],
  ])("paths for %s, which needs a clock", async (model, expected) => {
    const [exit, err] = await refused("value,path\n1,a > b\n", "--models", `last,${model}`, "--milestones", "lead");
    expect(exit).toBe(1);
    expect(err).toMatch(/^history\.csv:1:7: paths do not say when/m);
    expect(err).toContain(expected);
  });

  it("paths to be paid by periods", async () => {
    const [exit, err] = await refused(
      "path\na\n",
      "--models",
      "last,first",
      "--terms",
      await keep("terms.json", TERMS),
    );
    expect([exit, err]).toEqual([
      1,
      "history.csv:1:1: paths do not say when anything was, and pay is by periods. Give events, or leave out --terms.\n",
    ]);
  });

  it("terms that do not hold, at their place", async () => {
    const terms = await keep("terms.json", JSON.stringify(TERMS, null, 2).replace('"rateBp": 1000', '"rateBp": -1'));
    const [exit, err] = await refused(EVENTS, "--models", "last,first", "--terms", terms);
    expect(exit).toBe(1);
    expect(err).toMatch(/^terms\.json:\d+:\d+: \/pay\/1\/rateBp /);
  });

  it.each([
    ["another currency", EVENTS.replaceAll("USD", "EUR"), "4:38: EUR, where the terms pay in USD"],
    ["a value finer than the currency", EVENTS.replace("100.00", "100.001"), "4:31: finer than USD is counted"],
    ["a value below zero", EVENTS.replace("100.00", "-1"), "4:31: a result is never worth less than nothing"],
    ["a time before contracts", EVENTS.replace("2026-01-07T", "1926-01-07T"), "7:4: no contract has days before 1970"],
  ])("under terms, %s", async (_, content, expected) => {
    const [exit, err] = await refused(content, "--models", "last,first", "--terms", await keep("terms.json", TERMS));
    expect(exit).toBe(1);
    expect(err).toContain(expected);
  });

  it("sharing all at once where single conversions are paid", async () => {
    const [exit, err] = await refused(
      EVENTS,
      "--models",
      "last,markov",
      "--global",
      "--terms",
      await keep("terms.json", TERMS),
    );
    expect(exit).toBe(2);
    expect(err).toContain("--global shares no single conversion");
  });

  it("values below zero where effects are to share them all at once", async () => {
    const [exit, err] = await refused("path,value\na > b,5\nb,-1\n", "--models", "last,markov", "--global");
    expect(exit).toBe(1);
    expect(err).toContain("--global cannot share values below zero");
  });
});

describe("the command line", () => {
  it("explains itself, every model and every option", async () => {
    const { out } = await run("compare", "--help");
    for (const word of [
      ...Object.keys(models),
      "--against",
      "--terms",
      "--html",
      "--force",
      "--json",
      "--seed",
      "--preset",
    ])
      expect(out).toContain(word);
  });

  it("tells how far it is", async () => {
    const { bars } = await run("compare", await keep("history.csv", EVENTS), "--models", "last,markov");
    expect(bars).toEqual([
      "reading",
      "gathering",
      "gathering done",
      "finding journeys",
      "finding journeys done",
      "fitting",
      "fitting done",
      "sharing",
      "sharing done",
      "reading done",
    ]);
  });
});
