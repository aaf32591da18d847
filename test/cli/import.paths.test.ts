import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beginImport, bringPaths, withdrawPaths } from "../../server/decisions/history.ts";
import { pathSources, pathsOfCampaign } from "../../server/history/brought.ts";
import type { BroughtPath } from "../../shared/fact.history.ts";
import { fine } from "../house.ts";
import { importsInto } from "./importing.ts";
import { openPast, type Past, summerTerms } from "./past.ts";

const PATHS = `path,total_conversions,total_conversion_value,total_null
Ana > Ben > Ana,3,10.00,5
Ben,1.5,2.50,0
Direct > Ben,0,0,9
,2,7,0
`;
const HOUSE = ["--house", "Direct"];

let past: Past;
beforeEach(async () => {
  past = await openPast();
});
afterEach(() => past.close());

const brought = async (): Promise<readonly BroughtPath[]> => {
  const all: BroughtPath[] = [];
  for await (const rows of pathsOfCampaign(importsInto(past).reader, past.campaign)) all.push(...rows);
  return all;
};
const sources = () => pathSources(importsInto(past).reader, past.campaign);

describe("a file of paths", () => {
  it("becomes past journeys of the campaign, by influencers and the house, and no money", async () => {
    const { imported, influencers } = importsInto(past);
    const days = ["--from", "2018-07-01", "--until", "2018-07-31"];
    expect(await imported("paths.csv", PATHS, ...HOUSE, ...days)).toEqual({
      brand: past.brand,
      campaign: past.campaign,
      influencers: { new: 2, known: 0 },
      paths: { new: 4, known: 0 },
      conversions: "6.500000",
      nulls: 14,
      values: [{ currency: "USD", value: "19.50" }],
      from: "2018-07-01",
      until: "2018-07-31",
      notes: "",
    });
    const people = await influencers();
    const [ana = "", ben = ""] = [people.get("Ana"), people.get("Ben")];
    expect(await brought()).toEqual([
      { path: [ana, ben, ana], conversionsMicro: 3_000_000, nulls: 5, valueMinor: 1000 },
      { path: [ben], conversionsMicro: 1_500_000, nulls: 0, valueMinor: 250 },
      { path: ["house", ben], conversionsMicro: 0, nulls: 9, valueMinor: 0 },
      { path: ["house"], conversionsMicro: 2_000_000, nulls: 0, valueMinor: 700 },
    ]);
    expect(await sources()).toMatchObject([
      { parts: 1, of: 1, rows: 4, conversionsMicro: 6_500_000, nulls: 14, valueMinor: 1950, currency: "USD" },
    ]);
    expect((await past.run("verify")).exit).toBe(0);
  });

  it("says it in words to a person", async () => {
    const { importing } = importsInto(past);
    const { out } = await importing("paths.csv", PATHS, ...HOUSE, "--from", "2018-07-01");
    expect(out).toBe(`paths.csv is now a past to learn from of Summer (${past.campaign}).

  influencers     2 new, 0 already there
  paths           4 new, 0 already there
  conversions     6.5
  led to nothing  14
  worth           19.50 USD
  days            2018-07-01 to the end
`);
  });

  it("keeps no payee by name in the chain of facts", async () => {
    await importsInto(past).imported("paths.csv", PATHS);
    const facts = await past.world.store.facts(past.brand, 0, 1000);
    expect(facts.filter(({ body }) => body.includes("paths-brought"))).toHaveLength(1);
    expect(facts.filter(({ body }) => body.includes("Ana") || body.includes("Direct"))).toEqual([]);
  });

  it("changes nothing when it is imported again", async () => {
    const { imported, everything } = importsInto(past);
    await imported("paths.csv", PATHS);
    const before = await everything();
    expect(await imported("paths.csv", PATHS)).toMatchObject({
      influencers: { new: 0, known: 3 },
      paths: { new: 0, known: 4 },
    });
    expect(await everything()).toEqual(before);
  });

  it("takes back what it brought when it is read otherwise, so that nothing counts twice", async () => {
    const { imported, reader } = importsInto(past);
    await imported("paths.csv", PATHS);
    const { notes } = await imported("paths.csv", PATHS, ...HOUSE);
    expect(notes).toContain("read otherwise");
    expect((await brought()).filter(({ path }) => path[0] === "house")).toHaveLength(2);
    expect(await sources()).toHaveLength(1);
    expect(await reader.documents("paths/")).toHaveLength(1);
    expect((await past.run("verify")).exit).toBe(0);
  });

  it("is matched to influencers the brand has, signed or not", async () => {
    const ana = await past.invite("Ana");
    await past.sign(ana);
    await past.sign(await past.invite("Ben"), { ...summerTerms, currency: "USD" });
    expect(await importsInto(past).imported("paths.csv", PATHS, ...HOUSE)).toMatchObject({
      influencers: { new: 0, known: 2 },
    });
    expect((await brought())[0]?.path[0]).toBe(ana);
  });

  it("lies in parts of at most five hundred paths, the same in whatever pieces it was read", async () => {
    const lines = Array.from({ length: 1201 }, (_, index) => `Ana > Ben,${index},0,1`);
    const content = `path,total_conversions,total_conversion_value,total_null\n${lines.join("\n")}\n`;
    expect(await importsInto(past).imported("paths.csv", content)).toMatchObject({ paths: { new: 1201, known: 0 } });
    expect(await sources()).toMatchObject([{ parts: 3, of: 3, rows: 1201, nulls: 1201 }]);
    expect((await brought()).map(({ conversionsMicro }) => conversionsMicro / 1_000_000)).toEqual(
      lines.map((_, index) => index),
    );
  });

  it("is left out of what is learnt from until all its parts are there, and finished by doing it again", async () => {
    const lines = Array.from({ length: 501 }, () => "Ana,1,0,0");
    const content = `path,total_conversions,total_conversion_value,total_null\n${lines.join("\n")}\n`;
    const { imported, reader } = importsInto(past);
    await imported("paths.csv", content);
    const [source] = await sources();
    const first = (await reader.document(`paths/${past.campaign}/${source?.source}/000001`)) as { rows: BroughtPath[] };
    const { content: digest = "", source: id = "" } = source ?? {};
    const part = { campaign: past.campaign, source: id, content: digest, currency: "USD", of: 2, part: 1 };
    const { decide } = past.world.record;
    fine(await decide(past.brand, withdrawPaths(past.campaign, id, "import")));
    const note = { file: "paths.csv", campaign: past.campaign, begunAt: 1, isDone: false, touches: 0, results: 0 };
    fine(await decide(past.brand, beginImport(id, note, [], "import")));
    fine(await decide(past.brand, bringPaths({ ...part, rows: first.rows }, "import")));
    expect(await brought()).toEqual([]);
    expect((await past.run("verify")).err).toBe(
      `note: the import of paths.csv into Summer (${past.campaign}) was not finished: run it again.\n`,
    );
    expect(await imported("paths.csv", content)).toMatchObject({ paths: { new: 1, known: 500 }, notes: "" });
    expect(await brought()).toHaveLength(501);
    expect((await past.run("verify")).err).toBe("");
  });

  it("is worth whole minor units, rounded to the nearest, and says so", async () => {
    const { imported } = importsInto(past);
    const content = PATHS.replace("10.00", "10.005").replace("2.50", "0.30000000000000004");
    const { values, notes } = await imported("paths.csv", content, "--check", "--json");
    expect([values, notes.split(":")[1]]).toEqual([
      undefined,
      " 2 values are finer than money is counted, and were rounded",
    ]);
    expect(await imported("paths.csv", content)).toMatchObject({ values: [{ currency: "USD", value: "17.30" }] });
    expect((await imported("yen.csv", `${PATHS}Ana,1,1.5,0\n`, "--currency", "JPY")).values).toEqual([
      { currency: "JPY", value: "21" },
    ]);
  });

  it("can be checked without writing anything", async () => {
    const { importing, everything } = importsInto(past);
    const before = await everything();
    const { exit, out } = await importing("paths.csv", PATHS, "--check");
    expect([exit, out]).toEqual([0, expect.stringMatching(/can be imported.*paths +4\n.*Nothing was written\.\n$/s)]);
    expect(await everything()).toEqual(before);
  });
});

describe("a line of paths that cannot be taken in", () => {
  const HEADER = "path,total_conversions,total_conversion_value,total_null\nAna,1,1,1\n";
  it.each<[string, string, string, readonly string[]]>([
    ["half a journey to nothing", "Ana,1,1,0.5\n", "3:9: a journey ends in nothing or does not", []],
    ["a value beyond counting", "Ana,1,90071992547409.92,0\n", "3:7: this is more than any amount of money", []],
    ["a value below nothing", "Ana,1,-1,0\n", "3:7: conversions are never worth less", []],
    ["more conversions than can be counted", "Ana,9007199255,1,0\n", "3:5: these are more conversions than", []],
    ["more than can be counted together", "Ben,9007199254,1,0\n", "3:1: up to here the file", []],
    ["a payee with a long name", `${"x".repeat(121)},1,1,0\n`, "3:1: a payee's name has at most", []],
    ["a path without end", `${Array.from({ length: 1001 }, () => "Ana").join(" > ")},1,1,0\n`, "3:1: a path has", []],
    ["a step without a name", "Ana >  > Ben,1,1,0\n", "3:7: a step without a name", []],
  ])("is refused at its place with nothing taken in: %s", async (_, lines, because, argv) => {
    const told = await importsInto(past).refused("paths.csv", HEADER + lines, ...argv);
    expect(told).toContain(`paths.csv:${because}`);
  });

  it.each([
    [["--from", "July"], "--from takes a day"],
    [["--from", "2018-08-01", "--until", "2018-07-01"], "comes after --until"],
    [["--preset", "excel"], 'There is no preset "excel"'],
    [["--preset", "segment", "--result", "sale"], "--result is for a column that holds 1 or 0"],
    [["--event", "Signed Up"], "--event takes THEIRS=OURS"],
    [["--event", "Signed Up=A Lead"], "--event takes THEIRS=OURS"],
  ])("is misused with %j", async (argv, because) => {
    const { exit, err } = await importsInto(past).importing("paths.csv", PATHS, ...argv);
    expect([exit, err]).toEqual([2, expect.stringContaining(because)]);
  });
});
