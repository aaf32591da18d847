import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dispatch } from "../../server/commands/commands.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "makegood-attribute-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Run a command line in this process, in a folder that holds `history.csv`, and keep what it printed. */
const run = async (content: string | Buffer, ...argv: readonly string[]) => {
  await writeFile(join(folder, "history.csv"), content);
  const printed = { out: "", err: "" };
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
    progress: () => ({ to: () => undefined, done: () => undefined }),
  });
  return { exit, ...printed };
};

interface Figures {
  readonly conversions: string;
  readonly value: string;
}
interface Printed extends Figures {
  readonly model: string;
  readonly payees: readonly (Figures & { readonly payee: string })[];
}

const attribute = async (content: string | Buffer, ...options: readonly string[]) => {
  const answer = await run(content, "attribute", "history.csv", "--json", ...options);
  expect(answer.err.replace(/^note: .*\n/gm, "")).toBe("");
  expect(answer.exit).toBe(0);
  const printed: Printed = JSON.parse(answer.out);
  const by = Object.fromEntries(printed.payees.map(({ payee, conversions, value }) => [payee, [conversions, value]]));
  return { printed, by, notes: answer.err };
};

const refusal = async (content: string | Buffer, ...options: readonly string[]) => {
  const { exit, out, err } = await run(content, "attribute", "history.csv", ...options);
  expect(exit).toBe(1);
  expect(out).toBe("");
  return err;
};

const PATHS =
  "path,total_conversions,total_conversion_value,total_null\nann > bob > ann,3,10.00,5\nbob,1,2.50,0\ncyd > bob,0,0,9\n";

describe("a file of paths", () => {
  it("gives the first touch everything, or the last", async () => {
    expect((await attribute(PATHS, "--model", "first")).by).toEqual({
      ann: ["3.000000", "10.00"],
      bob: ["1.000000", "2.50"],
      cyd: ["0.000000", "0.00"],
    });
    expect((await attribute(PATHS, "--model", "last")).printed).toEqual({
      model: "last",
      conversions: "4.000000",
      value: "12.50",
      payees: [
        { payee: "ann", conversions: "3.000000", value: "10.00" },
        { payee: "bob", conversions: "1.000000", value: "2.50" },
        { payee: "cyd", conversions: "0.000000", value: "0.00" },
      ],
    });
  });

  it("counts a payee's repeated touches in linear and position", async () => {
    const linear = await attribute(PATHS, "--model", "linear");
    expect(linear.by).toEqual({ ann: ["2.000000", "6.67"], bob: ["2.000000", "5.83"], cyd: ["0.000000", "0.00"] });
    const position = await attribute(PATHS, "--model", "position");
    expect(position.by).toEqual({ ann: ["2.400000", "8.00"], bob: ["1.600000", "4.50"], cyd: ["0.000000", "0.00"] });
  });

  it("reads semicolons, any column order, any case, a BOM, CRLF, quotes and short column names", async () => {
    const odd =
      '\uFEFFNull;"Value";PATH;Conversions;note\r\n5;10.00;"ann > bob > ann";3;"a ""quoted"" ; note"\r\n\r\n0;2.50;bob;1;"two\r\nlines"\r\n9;;cyd > bob;0;';
    expect((await attribute(odd, "--model", "linear")).printed).toEqual(
      (await attribute(PATHS, "--model", "linear")).printed,
    );
  });

  it("counts a line as one conversion when it has no counts, and as worth nothing without a value", async () => {
    expect((await attribute("path\nann\nann > bob\n", "--model", "linear")).by).toEqual({
      ann: ["1.500000", "0.00"],
      bob: ["0.500000", "0.00"],
    });
  });

  it("leaves conversions without a touch to the house, under the name it is given", async () => {
    const content = "path,conversions,value\n,2,7\nDirect > ann,1,1\n";
    expect((await attribute(content, "--model", "first")).by).toEqual({
      house: ["2.000000", "7.00"],
      Direct: ["1.000000", "1.00"],
      ann: ["0.000000", "0.00"],
    });
    expect((await attribute(content, "--model", "first", "--house", "Direct")).by).toEqual({
      Direct: ["3.000000", "8.00"],
      ann: ["0.000000", "0.00"],
    });
  });

  it("prints as many decimals as the file has, so that totals stay the file's own", async () => {
    const { printed } = await attribute("path,value\na > b > c,0.1234\na,1e-3\n", "--model", "linear");
    expect(printed.value).toBe("0.1244");
    expect(printed.payees.map((it) => it.value)).toEqual(["0.0421", "0.0412", "0.0411"]);
  });

  it("rounds payees so that they sum to the printed total when asked for fewer decimals, and says so", async () => {
    const { printed, notes } = await attribute(
      "path,value\na > b > c,0.10\na,0.45\n",
      "--model",
      "linear",
      "--exponent",
      "1",
    );
    expect(printed.value).toBe("0.6");
    expect(printed.payees.map((it) => it.value)).toEqual(["0.5", "0.1", "0.0"]);
    expect(notes).toContain("finer values than --exponent prints");
  });

  it("keeps amounts no double could hold, and splits one below zero like its opposite", async () => {
    const content = "path,conversions,value\na > b,9007199254740993,12345678901234567890.01\na > b,0,-0.05\n";
    const { printed, by } = await attribute(content, "--model", "last");
    expect([printed.conversions, printed.value]).toEqual(["9007199254740993.000000", "12345678901234567889.96"]);
    expect(by.b).toEqual(["9007199254740993.000000", "12345678901234567889.96"]);
  });

  it("sums to the file's totals exactly, whatever the paths, and whichever order the lines are in", async () => {
    const line = fc.record({
      path: fc.array(fc.constantFrom("a", "b", "c", "d d"), { minLength: 0, maxLength: 9 }),
      conversions: fc.nat(1000),
      cents: fc.integer({ min: -10_000, max: 1_000_000 }),
    });
    const model = fc.constantFrom("first", "last", "linear", "position");
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), model, async (lines, name) => {
        const text = (all: typeof lines) =>
          `path,conversions,value\n${all.map((it) => `${it.path.join(" > ")},${it.conversions},${it.cents}e-2\n`).join("")}`;
        const { printed, by } = await attribute(text(lines), "--model", name);
        const micro = (decimal: string) => BigInt(decimal.replace(".", ""));
        const sum = (all: readonly bigint[]) => all.reduce((total, it) => total + it, 0n);
        expect(micro(printed.conversions)).toBe(
          BigInt(lines.reduce((total, it) => total + it.conversions, 0)) * 1_000_000n,
        );
        expect(micro(printed.value)).toBe(BigInt(lines.reduce((total, it) => total + it.cents, 0)));
        expect(sum(printed.payees.map((it) => micro(it.conversions)))).toBe(micro(printed.conversions));
        expect(sum(printed.payees.map((it) => micro(it.value)))).toBe(micro(printed.value));
        expect((await attribute(text(lines.toReversed()), "--model", name)).by).toEqual(by);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses time decay, which needs to know when", async () => {
    expect(await refusal(PATHS, "--model", "timeDecay")).toMatch(/^history\.csv:1:1: paths do not say when/);
  });

  it("says that a window means nothing for paths, and goes on", async () => {
    expect((await attribute(PATHS, "--model", "last", "--window", "7d")).notes).toContain("--window means nothing");
  });
});

const EVENTS = `visitor,at,event,payee,value,currency,id
v1,2026-01-01T10:00:00Z,touch,ann,,,t1
v1,2026-01-03T10:00:00Z,touch,bob,,,t2
v1,2026-01-05T10:00:00Z,sale,,100.00,USD,s1
v2,2026-01-01T10:00:00Z,touch,cyd,,,t3
v3,2026-01-05T10:00:00Z,lead,,,,l1
`;

describe("a file of events", () => {
  it("shares each result among its own visitor's touches; who has none leaves it to the house", async () => {
    expect((await attribute(EVENTS, "--model", "linear")).printed).toEqual({
      model: "linear",
      conversions: "2.000000",
      value: "100.00",
      payees: [
        { payee: "ann", conversions: "0.500000", value: "50.00" },
        { payee: "bob", conversions: "0.500000", value: "50.00" },
        { payee: "house", conversions: "1.000000", value: "0.00" },
        { payee: "cyd", conversions: "0.000000", value: "0.00" },
      ],
    });
  });

  it("reads instants as ISO 8601 with any zone or as milliseconds, the same", async () => {
    const other = EVENTS.replace("2026-01-01T10:00:00Z,touch,ann", "1767261600000,touch,ann").replace(
      "2026-01-03T10:00:00Z",
      "2026-01-03 11:30:00.000+01:30",
    );
    expect((await attribute(other, "--model", "timeDecay")).by).toEqual(
      (await attribute(EVENTS, "--model", "timeDecay")).by,
    );
  });

  it("weighs a touch half for every half-life", async () => {
    expect((await attribute(EVENTS, "--model", "time-decay", "--half-life", "2d")).by).toMatchObject({
      ann: ["0.333333", "33.33"],
      bob: ["0.666667", "66.67"],
    });
    expect((await attribute(EVENTS, "--model", "timeDecay", "--half-life", "48h")).by.ann).toEqual([
      "0.333333",
      "33.33",
    ]);
  });

  it("looks back as far as the window and no further, its ends included", async () => {
    expect((await attribute(EVENTS, "--model", "first", "--window", "4d")).by.ann).toEqual(["1.000000", "100.00"]);
    expect((await attribute(EVENTS, "--model", "first", "--window", "95h")).by.bob).toEqual(["1.000000", "100.00"]);
  });

  it("looks back over the whole window for every result, whatever was bought before", async () => {
    const twice = `${EVENTS}v1,2026-01-06T10:00:00Z,sale,,10.00,USD,s2\n`;
    expect((await attribute(twice, "--model", "first")).by.ann).toEqual(["2.000000", "110.00"]);
  });

  it("takes a result's own payee as a touch at that instant", async () => {
    const code = EVENTS.replace("sale,,100.00", "sale,cyd,100.00");
    expect((await attribute(code, "--model", "last")).by.cyd).toEqual(["1.000000", "100.00"]);
  });

  it("takes a click repeated within half an hour once, and a house visit after a click as its session", async () => {
    const busy = `${EVENTS}v1,2026-01-01T10:20:00Z,touch,ann,,,t4\nv1,2026-01-03T10:20:00Z,touch,house,,,t5\n`;
    expect((await attribute(busy, "--model", "linear")).by).toEqual((await attribute(EVENTS, "--model", "linear")).by);
    const named = busy.replace(",touch,house,", ",touch,Direct,");
    expect((await attribute(named, "--model", "last")).by.Direct).toEqual(["1.000000", "100.00"]);
    expect((await attribute(named, "--model", "last", "--house", "Direct")).by.bob).toEqual(["1.000000", "100.00"]);
  });

  it("keeps a payee called house apart from a house of another name", async () => {
    const content = "visitor,at,event,payee\nv1,1000,touch,house\nv1,2000,lead,\nv2,3000,lead,\n";
    expect((await attribute(content, "--model", "last", "--house", "Brand")).by).toEqual({
      house: ["1.000000", "0.00"],
      Brand: ["1.000000", "0.00"],
    });
  });

  it("takes a result delivered twice once, and says so; touches too", async () => {
    const { by, notes } = await attribute(EVENTS + EVENTS.split("\n").slice(1).join("\n"), "--model", "linear");
    expect(by).toEqual((await attribute(EVENTS, "--model", "linear")).by);
    expect(notes).toContain("note: 2 lines repeat a result read before and were left out.\n");
  });

  it("counts results without ids each for itself, even at one instant", async () => {
    const content = "visitor,at,event,payee,value\nv1,1000,touch,ann,\nv1,2000,sale,,5\nv1,2000,sale,,5\n";
    expect((await attribute(content, "--model", "last")).by.ann).toEqual(["2.000000", "10.00"]);
  });

  it("reads other column names and a flag for results, with --map and --result", async () => {
    const log = "who;when;channel;won;worth\nv1;2026-01-01T10:00:00Z;ann;0;0\nv1;2026-01-02T10:00:00Z;bob;1;8.5\n";
    const map = ["--map", "visitor=who,at=WHEN,payee=channel", "--map", "event=won,value=worth", "--result", "sale"];
    expect((await attribute(log, "--model", "linear", ...map)).by).toEqual({
      ann: ["0.500000", "4.25"],
      bob: ["0.500000", "4.25"],
    });
  });

  it("prints the decimals of the file's currency", async () => {
    const yen = EVENTS.replace("100.00,USD", "1001,JPY");
    expect((await attribute(yen, "--model", "linear")).printed.value).toBe("1001");
    const { printed } = await attribute(yen, "--model", "linear");
    expect(printed.payees.slice(0, 2).map((it) => it.value)).toEqual(["501", "500"]);
    expect((await attribute(EVENTS.replace("USD", "KWD"), "--model", "last")).printed.value).toBe("100.000");
  });

  it("says which events it counted as results when there is more than one kind", async () => {
    expect((await attribute(EVENTS, "--model", "last")).notes).toBe(
      "note: these events were counted as results: sale, lead.\n",
    );
  });

  it("wonders about instants that look like seconds", async () => {
    const content = "visitor,at,event,payee\nv1,1767261600,touch,ann\nv1,1767261700,lead,\n";
    expect((await attribute(content, "--model", "last")).notes).toContain("multiply it by 1000");
  });

  it("reads a file however its bytes are cut into pieces", async () => {
    const rows = Array.from({ length: 9000 }, (_, index) => `"vïsitor ""${index}""\n☃",${index * 1000},touch,ann,,,\n`);
    const last = '"vïsitor ""8999""\n☃",9000000,sale,,1.00,,\n';
    const content = `visitor,at,event,payee,value,currency,id\n${rows.join("")}${last}`;
    expect((await attribute(content, "--model", "first")).printed.payees).toEqual([
      { payee: "ann", conversions: "1.000000", value: "1.00" },
    ]);
  });
});

describe("the other models, on paths", () => {
  it("lastNonHouse looks past the house, linearUnique counts everybody once a path", async () => {
    const content = "path,conversions,value\nann > bob > bob > house,3,12.00\nhouse,1,1.00\n";
    expect((await attribute(content, "--model", "lastNonHouse")).by).toEqual({
      bob: ["3.000000", "12.00"],
      house: ["1.000000", "1.00"],
      ann: ["0.000000", "0.00"],
    });
    expect((await attribute(content, "--model", "linearUnique")).by).toEqual({
      house: ["2.000000", "5.00"],
      ann: ["1.000000", "4.00"],
      bob: ["1.000000", "4.00"],
    });
    expect((await attribute(content, "--model", "linearUnique", "--house-excluded")).by).toEqual({
      ann: ["1.500000", "6.00"],
      bob: ["1.500000", "6.00"],
      house: ["1.000000", "1.00"],
    });
  });

  it("markov and shapley share each path by what they found, and tell it", async () => {
    const content = "path,conversions,value,null\nann > bob,1,100.00,0\nbob,1,50.00,0\nann,0,0,1\n,1,10.00,0\n";
    const markov = await attribute(content, "--model", "markov");
    expect(markov.notes).toBe("note: fitted on this file; to pay by it, freeze a fit first.\n");
    expect(markov.printed).toMatchObject({
      fit: {
        on: "this file",
        credits: "journey",
        order: 1,
        base: "0.750000000000",
        states: 3,
        journeys: "4",
        conversions: "3",
      },
      payees: [
        { payee: "bob", conversions: "1.666667", value: "116.67", effect: "0.666666666667" },
        { payee: "ann", conversions: "0.333333", value: "33.33", effect: "0.333333333333" },
        { payee: "house", conversions: "1.000000", value: "10.00", effect: "0.000000000000" },
      ],
    });
    expect((await attribute(content, "--model", "shapley")).by).toMatchObject({ ann: ["0.250000", "25.00"] });
    const whole = await attribute(content, "--model", "markov", "--global", "--replicates", "0");
    // Whoever comes to Bob is worth 75.00 on average: half of the journeys that do come by Ann, whoever leads to them.
    expect(whole.by).toEqual({ bob: ["1.333333", "100.00"], ann: ["0.666667", "50.00"], house: ["1.000000", "10.00"] });
  });

  it("by place, shapley gives more to where somebody was met more often", async () => {
    const content = "path\nann > bob\nann > bob\nbob > ann\n";
    expect((await attribute(content, "--model", "shapley")).by.ann).toEqual(["1.500000", "0.00"]);
    expect((await attribute(content, "--model", "shapley", "--ordered")).by.ann).toEqual(["1.500000", "0.00"]);
    const longer = "path\nann > bob\nann > bob\nbob > cyd\n";
    // Ann weighs 2/6 where she comes first, Bob 2/6 where he comes second and 1/6 where he is first, Cyd 1/6.
    expect((await attribute(longer, "--model", "shapley", "--ordered")).by).toEqual({
      bob: ["1.500000", "0.00"],
      ann: ["1.000000", "0.00"],
      cyd: ["0.500000", "0.00"],
    });
  });

  it("takes the ends of position in percent or in hundredths of one", async () => {
    const content = "path,value\na > b > c,10.00\n";
    expect((await attribute(content, "--model", "position", "--first", "60%", "--last", "3000bp")).by).toEqual({
      a: ["0.600000", "6.00"],
      c: ["0.300000", "3.00"],
      b: ["0.100000", "1.00"],
    });
    expect((await attribute(content, "--model", "position", "--first", "33.33")).by.a).toEqual(["0.333300", "3.33"]);
  });

  it("refuses what needs a clock, and says what was said in vain", async () => {
    expect(await refusal(PATHS, "--model", "wShaped")).toMatch(/^history\.csv:1:1: paths do not say when a milestone/);
    const { notes } = await attribute(PATHS, "--model", "last", "--after", "restart", "--order", "2");
    expect(notes).toBe(
      "note: --order is for markov, and means nothing here.\nnote: paths carry no clock; --after means nothing for them.\n",
    );
  });
});

describe("the other models, on events", () => {
  const TRIAL = `visitor,at,event,payee,value
v1,2026-01-01T10:00:00Z,touch,ann,
v1,2026-01-02T10:00:00Z,touch,bob,
v1,2026-01-02T11:00:00Z,lead,,
v1,2026-01-03T10:00:00Z,touch,cyd,
v1,2026-01-04T10:00:00Z,touch,dee,
v1,2026-01-05T10:00:00Z,sale,,100.00
`;

  it("wShaped peaks at the first touch and at each milestone's", async () => {
    const made = await attribute(TRIAL, "--model", "wShaped", "--milestones", "lead,sale");
    // The sale: 30 % each to Ann, to Bob before the lead, to Dee before the sale; 10 % to Cyd. The lead: Ann 30 and Bob 30.
    expect(made.by).toEqual({
      ann: ["0.800000", "30.00"],
      bob: ["0.800000", "30.00"],
      dee: ["0.300000", "30.00"],
      cyd: ["0.100000", "10.00"],
    });
  });

  it("counts views only when told for how long, and restarts after a result only when told to", async () => {
    const seen = EVENTS.replace("touch,bob", "view,bob");
    expect((await attribute(seen, "--model", "last")).by.ann).toEqual(["1.000000", "100.00"]);
    expect((await attribute(seen, "--model", "last", "--views", "2d")).by.bob).toEqual(["1.000000", "100.00"]);
    expect((await attribute(seen, "--model", "last", "--views", "47h")).by.ann).toEqual(["1.000000", "100.00"]);
    const twice = `${EVENTS}v1,2026-01-06T10:00:00Z,touch,cyd,,,t9\nv1,2026-01-07T10:00:00Z,sale,,10.00,USD,s2\n`;
    expect((await attribute(twice, "--model", "first")).by.ann).toEqual(["2.000000", "110.00"]);
    expect((await attribute(twice, "--model", "first", "--after", "restart")).by.cyd).toEqual(["1.000000", "10.00"]);
  });

  it("leaves the house's own touches out of journeys", async () => {
    const late = EVENTS.replace("v1,2026-01-05", "v1,2026-01-04T10:00:00Z,touch,house,,,t9\nv1,2026-01-05");
    expect((await attribute(late, "--model", "last")).by.house).toEqual(["2.000000", "100.00"]);
    expect((await attribute(late, "--model", "last", "--house-excluded")).by.bob).toEqual(["1.000000", "100.00"]);
  });

  it("needs milestones for wShaped", async () => {
    const { exit, err } = await run(EVENTS, "attribute", "history.csv", "--model", "wShaped");
    expect([exit, err]).toEqual([2, expect.stringContaining("wShaped needs --milestones")]);
  });

  interface Happening {
    readonly visitor: string;
    readonly at: number;
    readonly payee: string;
    readonly event: string;
    readonly id: string;
  }

  const isResult = ({ event }: Happening): boolean => event === "lead" || event === "sale";

  const past = fc
    .array(
      fc.record({
        visitor: fc.constantFrom("v1", "v2", "v3"),
        at: fc.nat(60_000).map((minutes) => minutes * 60_000),
        payee: fc.constantFrom("ann", "bob", "cyd", "house"),
        event: fc.constantFrom("touch", "touch", "touch", "view", "lead", "sale"),
        id: fc.nat(30).map((id) => `t${id}`),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((all) => all.map((it, row): Happening => (isResult(it) ? { ...it, id: `r${row}`, payee: "" } : it)));

  const kindOf = ({ event, payee }: Happening): Touch["kind"] => {
    if (event === "view") return "view";
    return payee === "house" ? "visit" : "click";
  };

  const touchOf = (it: Happening, order: number): Touch => {
    const isHouse = it.payee === "house";
    const [payee, link] = isHouse ? [HOUSE, ""] : [it.payee, it.payee];
    return { id: it.id, at: it.at, order, payee, link, kind: kindOf(it) };
  };

  /** What each payee gets, in millionths, when every result is shared by itself. */
  const oneByOne = (all: readonly Happening[], terms: AttributionTerms): ReadonlyMap<string, number> => {
    const sums = new Map<string, number>();
    for (const result of all.filter(isResult)) {
      const touches = all.flatMap((it, order) =>
        it.visitor === result.visitor && !isResult(it) ? [touchOf(it, order)] : [],
      );
      const opensAt = result.at - terms.windowDays * 86_400_000;
      const leads = all.filter(
        ({ visitor, event, at }) => visitor === result.visitor && event === "lead" && at <= result.at && at >= opensAt,
      );
      const milestones = [leads.length === 0 ? null : Math.min(...leads.map(({ at }) => at))];
      for (const { payee, shareMicro } of credit(result, touches, terms, { milestones }).shares) {
        const name = payee === HOUSE ? "house" : payee;
        sums.set(name, (sums.get(name) ?? 0) + shareMicro);
      }
    }
    return sums;
  };

  const some = [
    { terms: { windowDays: 30, house: "included", viewDays: 3 }, options: ["--views", "3d"] },
    { terms: { windowDays: 5, house: "excluded" }, options: ["--window", "5d", "--house-excluded"] },
  ] as const;
  const local = [
    "first",
    "last",
    "lastNonHouse",
    "linear",
    "linearUnique",
    "position",
    "wShaped",
    "timeDecay",
  ] as const;

  it("come to exactly what sharing each result by itself comes to", async () => {
    await fc.assert(
      fc.asyncProperty(
        past,
        fc.constantFrom(...local),
        fc.constantFrom(...some),
        async (all, model, { terms, options }) => {
          const lines = all.map((it) => `${it.visitor},${it.at},${it.event},${it.payee},${it.id}\n`);
          const expected = oneByOne(all, { ...terms, model, milestones: ["lead"] });
          const asked = ["--model", model, "--milestones", "lead", ...options];
          const { by } = await attribute(`visitor,at,event,payee,id\n${lines.join("")}`, ...asked);
          for (const payee of ["ann", "bob", "cyd", "house"])
            expect(by[payee]?.[0] ?? "0.000000").toBe(((expected.get(payee) ?? 0) / 1e6).toFixed(6));
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe("a file that is refused is refused at its place, with nothing printed", () => {
  const paths = (text: string) => `path,conversions,value\na > b,1,1\n${text}`;
  const events = (text: string) => `visitor,at,event,payee,value,currency,id\nv1,1000,touch,ann,,,\n${text}`;
  it.each([
    ["an empty file", "", "1:1: the file is empty"],
    ["only line breaks", "\n\r\n\n", "1:1: the file is empty"],
    ["a header of something else", "a,b\n1,2\n", '1:1: neither paths (a column "path")'],
    ["a header with half of the events' columns", "x,visitor,at\n", "1:1: events need the columns"],
    [
      "two columns for one thing",
      "path,conversions,total_conversions\n",
      "1:18: a second column that says conversions",
    ],
    ["nulls without conversions", "path,null\na,1\n", "1:6: the file counts paths that did not convert"],
    ["a number with a comma", paths('a,1,"1,50"\n'), '3:6: "1,50" is not a number'],
    ["words for a number", paths("a, one,1\n"), '3:4: "one" is not a number'],
    ["infinity", paths("a,1,Infinity\n"), '3:5: "Infinity" is not a number'],
    ["a hexadecimal number", paths("a,0x10,1\n"), '3:3: "0x10" is not a number'],
    ["a count below zero", paths("a,-1,1\n"), "3:3: a count below zero"],
    ["a count beyond millionths", paths("a,0.0000001,1\n"), "3:3: a count finer than a millionth"],
    ["a step without a name", paths("a >  > b,1,1\n"), "3:5: a step without a name"],
    ["a path that starts with nothing", paths(" > b,1,1\n"), "3:1: a step without a name"],
    ["an arrow without spaces", paths("ab > c>d,1,1\n"), '3:7: ">" without a space'],
    ["too few fields", paths("a > b,1\n"), "3:8: the header names 3 fields, this line has 2"],
    ["too many fields", paths("a > b,1,2,3\n"), "3:11: the header names 3 fields, this line has 4"],
    ["a quote that is never closed", paths('a,1,"2\nb,1,1\n'), "3:5: this quote is never closed"],
    [
      "a quote that is never closed in a long file",
      paths(`a,1,"2\n${"b,1,1\n".repeat(300_000)}`),
      "3:5: this quote is never closed",
    ],
    ["a quote inside a field", paths('a,1,5" \n"b",1,1\n'), "3:6: a quote inside a field"],
    ["letters after a closing quote", paths('"a"b,1,1\n'), '3:4: after a closing quote must come ","'],
    ["a fault after a field of several lines", paths('"x\ny\nz",one,1\n'), '5:4: "one" is not a number'],
    ["a fault after letters outside the first plane", paths("😀😀,one,1\n"), '3:4: "one" is not a number'],
    ["a line without end", `path\n${"a".repeat(1_100_000)}`, "2:1: this line is longer than a million characters"],
    ["a touch without a visitor", events(",1000,touch,ann,,,\n"), "3:1: an event without a visitor"],
    ["a touch of nobody", events("v1,1000,touch,,,,\n"), "3:15: a touch of nobody"],
    ["a touch with a value", events("v1,1000,touch,ann,5,,\n"), "3:19: a touch carries no value"],
    [
      "an instant without a zone",
      events("v1,2026-01-01T10:00:00,touch,ann,,,\n"),
      '3:4: "2026-01-01T10:00:00" does not say in which zone',
    ],
    ["a day that does not exist", events("v1,2026-02-29T10:00:00Z,touch,ann,,,\n"), "3:4: there is no such instant"],
    ["an hour that does not exist", events("v1,2026-02-28T24:00:00Z,touch,ann,,,\n"), "3:4: there is no such instant"],
    ["a zone that does not exist", events("v1,2026-02-28T10:00:00+99:00,touch,ann,,,\n"), "has a zone no clock shows"],
    ["a day without an hour", events("v1,2026-02-28,touch,ann,,,\n"), '3:4: "2026-02-28" is not an instant'],
    ["an event without a name", events("v1,1000,,ann,,,\n"), '3:9: "" is neither touch nor a result'],
    ["a flag without a name", events("v1,1000,1,ann,,,\n"), "name the result with --result"],
    [
      "two currencies",
      events("v1,2000,sale,,1,USD,\nv1,3000,sale,,1,EUR,\n"),
      "4:17: EUR after USD: two currencies cannot be added up",
    ],
    ["no currency at all", events("v1,2000,sale,,1,BTC,\n"), '3:17: "BTC" is not an ISO 4217 currency'],
    [
      "one id for two results",
      events("v1,2000,sale,,1,,s1\nv1,2000,sale,,2,,s1\n"),
      '4:18: the sale "s1" was read on line 3 already',
    ],
  ])("%s", async (_, content, expected) => {
    const said = await refusal(content, "--model", "linear");
    expect(said).toContain(expected);
    expect(said).toMatch(/^history\.csv:\d+:\d+: [^\n]+[.?]\n$/);
  });

  it("bytes that are not UTF-8, where they stand", async () => {
    const latin = Buffer.concat([Buffer.from("path\nab"), Buffer.from([0xe9]), Buffer.from("\n")]);
    expect(await refusal(latin, "--model", "first")).toContain("history.csv:2:3: this is not UTF-8 text");
    expect(await refusal(Buffer.from("path\na\n", "utf16le"), "--model", "first")).toContain(
      "1:2: there is a NUL byte here, as no text has it. Save the file as CSV in UTF-8",
    );
  });

  it("a mapped column that is not there", async () => {
    expect(await refusal(EVENTS, "--model", "first", "--map", "visitor=customer")).toContain(
      '1:1: there is no column "customer"',
    );
  });

  it("a flag that is neither yes nor no", async () => {
    expect(await refusal(EVENTS, "--model", "first", "--result", "sale")).toContain(
      '2:25: "touch" does not say whether',
    );
  });

  it("a file that is not there, or is a folder", async () => {
    expect((await run("", "attribute", "nowhere.csv", "--model", "first")).err).toMatch(
      /^nowhere\.csv: there is no such file/,
    );
    expect((await run("", "attribute", ".", "--model", "first")).exit).toBe(1);
  });
});

describe("the command line", () => {
  it("prints a table for people, with names that cannot play with the terminal", async () => {
    const { out } = await run("path,value\nann > \u001b[31mbob,1.00\n", "attribute", "history.csv", "--model", "last");
    expect(out).toBe(
      [
        "payee          conversions  value",
        "---------------------------------",
        "\\u{1b}[31mbob     1.000000   1.00",
        "ann               0.000000   0.00",
        "---------------------------------",
        "total             1.000000   1.00",
        "",
      ].join("\n"),
    );
  });

  it.each([
    [["attribute"], "needs FILE"],
    [["attribute", "a.csv"], "--model is missing"],
    [["attribute", "a.csv", "--model", "best"], 'There is no model "best"'],
    [["attribute", "a.csv", "b.csv", "--model", "last"], '"b.csv" is one operand too many'],
    [["attribute", "a.csv", "--model", "last", "--window", "soon"], "--window takes a length of time"],
    [["attribute", "a.csv", "--model", "last", "--half-life", "0d"], "--half-life takes a length of time"],
    [["attribute", "a.csv", "--model", "last", "--exponent", "two"], "--exponent takes the decimals"],
    [["attribute", "a.csv", "--model", "last", "--map", "visitor"], "ours=theirs"],
    [["attribute", "a.csv", "--model", "last", "--map", "x=y"], 'no column "x"'],
    [["attribute", "a.csv", "--model", "last", "--result", "Big Sale"], "--result takes"],
    [["attribute", "a.csv", "--wat"], "--wat"],
    [["nonsense"], 'There is no command "nonsense"'],
    [[], "Usage: makegood COMMAND"],
  ])("answers %j with exit code 2 and what is wrong", async (argv, expected) => {
    const { exit, out, err } = await run("", ...argv);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain(expected);
  });

  it("explains itself and each of its commands", async () => {
    const general = await run("", "--help");
    expect([general.exit, general.err]).toEqual([0, ""]);
    expect(general.out).toContain("attribute");
    const own = await run("", "attribute", "--help");
    expect(own.exit).toBe(0);
    for (const word of ["--model", "--window", "--half-life", "--house", "--exponent", "--map", "--result", "--json"]) {
      expect(own.out).toContain(word);
    }
    expect((await run("", "help", "attribute")).out).toBe(own.out);
  });
});

describe("the launcher", () => {
  const launcher = fileURLToPath(new URL("../../server/cli.mjs", import.meta.url));
  const older = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.0.0"}})`;

  const launch = (argv: readonly string[], { isOlder = false, hangsUp = false } = {}) =>
    new Promise<{ code: number | null; signal: string | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [...(isOlder ? ["--import", older] : []), launcher, ...argv], {
        cwd: folder,
      });
      const printed = { out: "", err: "" };
      child.stdout.on("data", (text) => {
        printed.out += text;
        if (hangsUp) child.stdout.destroy();
      });
      child.stderr.on("data", (text) => {
        printed.err += text;
      });
      child.on("close", (code, signal) => resolve({ code, signal, ...printed }));
    });

  it.each([{ isOlder: false }, { isOlder: true }])(
    "runs the command line and passes on its exit code (%j)",
    async (how) => {
      await writeFile(join(folder, "history.csv"), PATHS);
      const fine = await launch(["attribute", "history.csv", "--model", "last", "--json"], how);
      expect([fine.code, fine.err]).toEqual([0, ""]);
      expect(JSON.parse(fine.out).value).toBe("12.50");
      expect((await launch(["attribute", "nowhere.csv", "--model", "last"], how)).code).toBe(1);
      expect((await launch(["attribute"], how)).code).toBe(2);
    },
  );

  it("is not upset by a reader that has seen enough", async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `payee number ${index}\n`).join("");
    await writeFile(join(folder, "many.csv"), `path\n${many}`);
    const { err } = await launch(["attribute", "many.csv", "--model", "last"], { hangsUp: true });
    expect(err).toBe("");
  });
});
