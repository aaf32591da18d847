import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dispatch } from "../../server/commands/commands.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TERMS = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-01-01",
  ends: "2026-03-31",
  period: "month",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  attribution: { model: "last", windowDays: 30, house: "included" },
  pay: [
    { rule: "perResult", result: "lead", amountMinor: 1200 },
    { rule: "share", result: "sale", rateBp: 1000 },
  ],
  guarantee: { result: "lead", target: 50, per: "period", remedy: { kind: "penalty", amountMinor: 800 } },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};

const keep = (name: string, content: string | object): string => {
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};

const run = async (columns: string, ...argv: readonly string[]) => {
  const printed = { out: "", err: "" };
  const bars: { label: string; last: number; done: boolean }[] = [];
  const exit = await dispatch(argv, {
    cwd: folder,
    env: { COLUMNS: columns },
    isTTY: false,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    progress: (label) => {
      const bar = { label, last: 0, done: false };
      bars.push(bar);
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
  return { exit, bars, ...printed };
};

const simulate = (terms: object = TERMS, ...options: readonly string[]) =>
  run("80", "simulate", "--terms", keep("terms.json", terms), "--runs", "100", ...options);

const json = async (terms: object, ...options: readonly string[]) => {
  const { exit, out, err } = await simulate(terms, "--json", ...options);
  expect([exit, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

const lines = (count: number, more: (index: number) => object = () => ({})): string =>
  Array.from({ length: count }, (_, index) => {
    const at = Date.UTC(2025, 0, 1, 17) + index * 43_200_000;
    return `${JSON.stringify({ id: `r${index}`, result: "lead", at, shareMicro: 1_000_000, state: "counted", ...more(index) })}\n`;
  }).join("");

describe("a simulation on the terminal", () => {
  it("shows pictures first, then figures, then what to beware of, and which chances they are", async () => {
    const { exit, out } = await simulate(TERMS, "--mean", "lead=60,sale=20", "--value", "sale=99.00", "--seed", "7");
    expect(exit).toBe(0);
    const order = [
      "Pay for lead in one period",
      "Pay for sale in one period",
      "Pay for lead in the whole contract",
      "Earned by then",
      "How often each total comes",
      "Missing the guarantee of 50 lead",
      "cost of one lead",
      "! /guarantee/remedy",
      "100 runs, seed 7",
    ];
    const places = order.map((it) => out.indexOf(it));
    expect(places.every((it) => it >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(out).toMatch(/▲ 50 target \(\/guarantee\/target\)/);
  });

  it.each(["40", "80", "120"])("fits a terminal of %s columns", async (columns) => {
    const file = keep("fit.json", TERMS);
    const { out } = await run(columns, "simulate", "--terms", file, "--runs", "50");
    const pictures = out.split("\n").filter((line) => /[│└━█▁●]/.test(line));
    expect(pictures.length).toBeGreaterThan(20);
    for (const line of pictures) expect([...line].length).toBeLessThanOrEqual(Number(columns));
    expect(Math.max(...pictures.map((line) => [...line].length))).toBeGreaterThan(Number(columns) * 0.8);
  });

  it("hangs what is owed below the line", async () => {
    const remedy = { kind: "penalty", amountMinor: 5000, mayOwe: true };
    const { out } = await simulate({ ...TERMS, guarantee: { ...TERMS.guarantee, remedy } });
    expect(out).toMatch(/-\$\d/);
    expect(out).toContain("would be owed");
  });

  it("tells how far it is and puts the bar away", async () => {
    const { bars } = await simulate();
    expect(bars).toEqual([{ label: "simulating", last: 1000, done: true }]);
  });
});

describe("the figures", () => {
  it("are one object with the documented keys, the same for the same seed", async () => {
    const made = await json(TERMS, "--seed", "3");
    expect(Object.keys(made).sort()).toEqual(
      [
        "seed",
        "runs",
        "currency",
        "result",
        "curves",
        "payMinor",
        "volumeMicro",
        "periods",
        "guarantee",
        "perResultMinor",
        "bins",
        "warnings",
        "history",
      ].sort(),
    );
    expect(Object.keys(made.curves[0]).sort()).toEqual([
      "falls",
      "marks",
      "others",
      "over",
      "points",
      "result",
      "valueMinor",
    ]);
    expect(await json(TERMS, "--seed", "3")).toEqual(made);
    expect((await json(TERMS, "--seed", "4")).payMinor).not.toEqual(made.payMinor);
  });

  it("follow what is stated: means, swings, values, what is rejected and refunded", async () => {
    const steady = await json(TERMS, "--mean", "lead=200", "--mean", "sale=0", "--swing", "lead=0");
    expect(Math.abs(steady.volumeMicro.mean / 1e6 - 600)).toBeLessThan(10);
    const wild = await json(TERMS, "--mean", "lead=200,sale=0", "--swing", "lead=80");
    expect(wild.payMinor.p90 - wild.payMinor.p10).toBeGreaterThan(3 * (steady.payMinor.p90 - steady.payMinor.p10));
    const thin = await json(
      TERMS,
      "--mean",
      "lead=200,sale=0",
      "--swing",
      "lead=0",
      "--reject",
      "50",
      "--refund",
      "20",
    );
    expect(Math.abs(thin.volumeMicro.mean / 1e6 - 240)).toBeLessThan(10);
    const dear = await json(
      TERMS,
      "--mean",
      "lead=0,sale=10",
      "--value",
      "sale=1000.00",
      "--value-swing",
      "sale=0",
      "--swing",
      "sale=0,lead=0",
    );
    const { amountMinor, remedyMinor } = dear.curves[1].points[10];
    expect([amountMinor, remedyMinor]).toEqual([60_000, 40_000]);
  });

  it("of a bonus on a rate follow the rates that are expected", async () => {
    const terms = {
      ...TERMS,
      pay: [...TERMS.pay, { rule: "bonus", when: { rate: "clickThrough", atLeastBp: 500 }, amountMinor: 70_000 }],
    };
    const without = await json(terms);
    const reached = await json(terms, "--visits", "1000", "--clicks", "50");
    expect(reached.payMinor.p50 - without.payMinor.p50).toBe(210_000);
  });
});

describe("a past to draw from", () => {
  it("as results one a line, as one document, and as a statement is answered, is the same past", async () => {
    const text = lines(400);
    const list = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const made = await json(TERMS, "--history", keep("past.ndjson", text));
    expect(made.history).toEqual({ by: "period", days: 181 });
    for (const document of [list, { shares: list, asOf: 0 }, JSON.stringify({ shares: list }, null, 1)])
      expect(await json(TERMS, "--history", keep("past.json", document))).toEqual(made);
  });

  it("as an event log is shared by the terms' own attribution, for the payee that is named", async () => {
    const rows = Array.from({ length: 90 }, (_, index) => {
      const at = (hour: string) =>
        new Date(Date.UTC(2025, 0, 1) + index * 86_400_000).toISOString().replace("T00", `T${hour}`);
      return `v${index},${at("12")},touch,Ann,,\nv${index},${at("13")},touch,Bob,,\nv${index},${at("14")},lead,,,o${index}\n`;
    });
    const file = keep("events.csv", `visitor,at,event,payee,value,id\n${rows.join("")}`);
    const bob = await json(TERMS, "--history", file, "--payee", "Bob");
    expect(bob.volumeMicro.p50).toBe(90_000_000);
    const linear = { ...TERMS, attribution: { ...TERMS.attribution, model: "linear" } };
    expect((await json(linear, "--history", file, "--payee", "Ann")).volumeMicro.p50).toBe(45_000_000);
    const nobody = await simulate(linear, "--history", file);
    expect([nobody.exit, nobody.err]).toEqual([
      1,
      expect.stringMatching(/of 2 payees\. Say whose contract it is with --payee: Ann, Bob/),
    ]);
    const stranger = await simulate(TERMS, "--history", file, "--payee", "Zoe");
    expect([stranger.exit, stranger.err]).toEqual([1, 'events.csv: there is no payee "Zoe"; there are Bob.\n']);
  });

  it.each([
    ["empty.ndjson", "", /there are no results|neither paths|the text ends|is empty/],
    [
      "twice.ndjson",
      `${lines(1)}${lines(1, () => ({ shareMicro: 1 }))}`,
      /^twice\.ndjson:2:7: "id" was read on line 1 already/,
    ],
    ["deep.json", '[\n {"id":"a"}\n]', /^deep\.json:2:2: "result" is missing\./],
    ["odd.json", '{"rows":\n[]}', /^odd\.json:1:1: this must be a list of results/],
    [
      "euros.csv",
      "visitor,at,event,payee,value,currency\nv,2025-01-01T00:00:00Z,sale,Ann,1.00,EUR\n",
      /^euros\.csv:2:\d+: EUR, where the terms pay in USD\./,
    ],
    ["paths.csv", "path\nann\n", /^paths\.csv:1:1: paths do not say when anything happened\./],
  ])("%s is refused at its place", async (name, content, told) => {
    const { exit, err } = await simulate(TERMS, "--history", keep(name, content));
    expect([exit, err]).toEqual([1, expect.stringMatching(told)]);
  });
});

describe("the page to print", () => {
  it("needs nothing else, and holds every picture", async () => {
    const { exit, err } = await simulate(TERMS, "--html", "page.html");
    expect([exit, err]).toEqual([0, "note: the pictures are in page.html.\n"]);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page.match(/<svg /g)!.length).toBe(5);
    expect(page).not.toMatch(/<script|https?:|src=|@import|url\(/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("takes whatever a file is called as text", async () => {
    keep("<img src=x>.json", TERMS);
    await run("80", "simulate", "--terms", "<img src=x>.json", "--runs", "20", "--html", "sly.html");
    expect(readFileSync(join(folder, "sly.html"), "utf8")).not.toContain("<img");
  });

  it("that cannot be written is refused", async () => {
    const { exit, err } = await simulate(TERMS, "--html", "nowhere/page.html");
    expect([exit, err]).toEqual([1, "nowhere/page.html: cannot be written (ENOENT).\n"]);
  });
});

describe("a wrong command line ends with 2 and says what is right", () => {
  it.each([
    [["--mean", "lead"], /--mean takes RESULT=NUMBER/],
    [["--mean", "leed=5"], /the terms list no result "leed"; there are lead, sale\./],
    [["--mean", "lead=-5"], /--mean takes a number from 0 to 100000 with at most 6 decimals, not "-5"\./],
    [["--swing", "lead=151"], /--swing takes a number from 0 to 150 with/],
    [["--value", "sale=1.005"], /--value takes a number from 0 to 10000000000 with at most 2 decimals/],
    [["--seed", "x"], /--seed takes a whole number from 0 to 4294967295, not "x"\./],
    [["--runs", "0"], /--runs takes a whole number from 1 to 100000/],
    [["--mean", "lead=5", "--history", "past.ndjson"], /--mean states what --history shows/],
    [["--nonsense"], /There is no option --nonsense here/],
  ])("%j", async (options, told) => {
    const file = keep("terms.json", TERMS);
    const { exit, err } = await run("80", "simulate", "--terms", file, ...options);
    expect([exit, err]).toEqual([2, expect.stringMatching(told)]);
  });

  it("without terms", async () => {
    expect((await run("80", "simulate")).exit).toBe(2);
  });

  it("terms that do not hold end with 1, at their place", async () => {
    const { exit, err } = await simulate({ ...TERMS, pay: [] });
    expect([exit, err]).toEqual([1, expect.stringMatching(/^terms\.json:1:\d+: \/pay must not be empty/)]);
  });

  it("help names every option", async () => {
    const { out } = await run("80", "simulate", "--help");
    for (const name of [
      "terms",
      "history",
      "mean",
      "swing",
      "value",
      "payee",
      "reject",
      "refund",
      "seed",
      "runs",
      "html",
      "json",
    ])
      expect(out).toContain(`--${name}`);
  });
});
