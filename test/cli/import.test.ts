import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { joinBrand } from "../../server/decisions/campaigns.ts";
import { draftContract, offerContract } from "../../server/decisions/contracts.ts";
import { readerOf } from "../../server/engine/reader.ts";
import type { CampaignSumDoc, ConversionDoc, InfluencerDoc } from "../../server/engine/shapes.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import { mint } from "../../shared/kit/id.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { convert } from "../../shared/wire/partner.ts";
import { fine, openHouse } from "../house.ts";
import { openPast, type Past, run, summerTerms } from "./past.ts";

const HEADER = "visitor,at,event,payee,value,id";
const HISTORY = `${HEADER}
vera@visitor.example,2018-07-02T10:00:00Z,touch,Ana,,
vera@visitor.example,2018-07-03T10:00:00Z,touch,Ben,,
vera@visitor.example,2018-07-04T10:00:00Z,sale,,120.00,order-1
will,2018-07-05T10:00:00Z,touch,house,,
will,2018-07-06T10:00:00Z,sale,Ben,80.5,
xena,2018-07-07T10:00:00Z,lead,,,
`;

let past: Past;
beforeEach(async () => {
  past = await openPast();
});
afterEach(() => past.close());

const reader = () => readerOf(past.world.store, past.brand);
const rows = (...lines: readonly string[]): string => `${[HEADER, ...lines].join("\n")}\n`;

const importing = async (content: string, ...argv: readonly string[]) => {
  past.write("history.csv", content);
  return past.run("import", "history.csv", "--campaign", "Summer", ...argv);
};

/** An import that must be taken in: what it came to. */
const imported = async (content: string, ...argv: readonly string[]) => {
  const { exit, out, err } = await importing(content, "--json", ...argv);
  expect([exit, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

/** An import that must be refused, with nothing left behind: its sentence. */
const refused = async (content: string, ...argv: readonly string[]): Promise<string> => {
  const before = await everything();
  const { exit, out, err } = await importing(content, ...argv);
  expect([exit, out]).toEqual([1, ""]);
  expect(await everything()).toEqual(before);
  return err.trimEnd();
};

/** Where the chain ends, how many touches there are, and what was kept of people. */
const everything = async () => ({
  head: await past.world.store.head(past.brand),
  order: await past.world.store.lastOrder(),
  names: (await reader().privates("", 1000)).map(([key]) => key),
});

const conversions = async () =>
  (await reader().documents("conversion/")).map(([, body]) => body as unknown as ConversionDoc);

const credited = async () =>
  ((await reader().document(`sum/${past.campaign}`)) as unknown as CampaignSumDoc | undefined)?.credited ?? {};

/** Each conversion's shares, by the id the file gave it. */
const shares = async () =>
  Object.fromEntries(
    (await conversions()).map(({ recorded, verdict }) => [
      recorded.externalId,
      Object.fromEntries((verdict?.settings[0]?.shares ?? []).map((it) => [it.payee, it.shareMicro])),
    ]),
  );

describe("a file of history", () => {
  it("becomes touches, results and influencers, and says how many", async () => {
    expect(await imported(HISTORY)).toEqual({
      brand: past.brand,
      campaign: past.campaign,
      influencers: { new: 2, known: 0 },
      touches: { new: 4, known: 0 },
      conversions: { new: 3, known: 0 },
      values: [{ currency: "USD", value: "200.50" }],
    });
    const made = (await reader().documents("influencer/")).map(([, body]) => body as unknown as InfluencerDoc);
    const names = (await reader().privates("influencer/", 9)).map(([, body]) => (body as { name: string }).name);
    expect(made.length).toBe(2);
    expect(names.sort()).toEqual(["Ana", "Ben"]);
  });

  it("says it in words to a person", async () => {
    const { out } = await importing(HISTORY);
    expect(out).toBe(`history.csv is now history of Summer (${past.campaign}).

  influencers  2 new, 0 already there
  touches      4 new, 0 already there
  conversions  3 new, 0 already there
  worth        200.50 USD
`);
    expect((await importing(HISTORY)).out).toMatch(/Everything in it was there already: nothing was changed\.\n$/);
  });

  it("is credited to the contracts that cover it, to influencers without one, and to the house", async () => {
    const ana = await past.invite("Ana");
    const contract = await past.sign(ana);
    await imported(HISTORY, "--brand", "Acme");
    const { "order-1": first, ...others } = await shares();
    const [ben] = Object.keys(first ?? {}).filter((payee) => payee.startsWith("inf_"));
    expect(first).toEqual({ [contract]: 500_000, [ben ?? ""]: 500_000 });
    // Without a contract on the way, the brand looks at the last touch.
    expect(Object.values(others)).toHaveLength(2);
    expect(Object.values(others)).toEqual(expect.arrayContaining([{ [ben ?? ""]: 1_000_000 }, { [HOUSE]: 1_000_000 }]));
    expect(await credited()).toEqual({ [contract]: { sale: 500_000 } });
  });

  it("is credited to the contract whose days cover the touch, of two that an influencer had", async () => {
    const ana = await past.invite("Ana");
    const july = await past.sign(ana, { ...summerTerms, ends: "2018-07-31" });
    const august = await past.sign(ana, { ...summerTerms, starts: "2018-08-01" });
    await imported(
      rows(
        "vera,2018-07-30T10:00:00Z,touch,Ana,,",
        "vera,2018-07-31T10:00:00Z,sale,,10,july",
        "will,2018-08-02T10:00:00Z,touch,Ana,,",
        "will,2018-08-03T10:00:00Z,sale,,10,august",
      ),
    );
    expect(await shares()).toEqual({ july: { [july]: 1_000_000 }, august: { [august]: 1_000_000 } });
  });

  it("earns what the terms say, and is found clean", async () => {
    const contract = await past.sign(await past.invite("Ben"));
    await imported(HISTORY);
    const account = (await reader().document(`account/${contract}`)) as { posted: { reached: { validated: number } } };
    // A tenth of half of 120.00 and half of 80.50, 10.025 rounded to even, and 1.50 for two halves.
    expect(account.posted.reached.validated).toBe(1002 + 150);
    expect((await past.run("verify")).exit).toBe(0);
  });

  it("counts touches that stand after their result in the file", async () => {
    const contract = await past.sign(await past.invite("Ana"));
    await imported(rows("vera,2018-07-04T10:00:00Z,sale,,10,order-1", "vera,2018-07-02T10:00:00Z,touch,Ana,,"));
    expect(await shares()).toEqual({ "order-1": { [contract]: 1_000_000 } });
  });

  it("keeps no visitor by name", async () => {
    await imported(HISTORY);
    const files = ["makegood.sqlite", "makegood.sqlite-wal"].map((file) =>
      readFileSync(join(past.folder, file), "latin1"),
    );
    expect(files.some((text) => text.includes("order-1"))).toBe(true);
    expect(files.some((text) => text.includes("vera"))).toBe(false);
  });

  it("may call its columns otherwise, mark results with 1 and 0, and be cut by semicolons", async () => {
    const content = "who;when;sold;channel;worth\nvera;1530525600000;0;Ana;\nvera;1530612000000;1;Ana;12.5\n";
    const map = ["--map", "visitor=who,at=when,event=sold", "--map", "payee=channel,value=worth"];
    expect(await imported(content, "--result", "sale", ...map)).toMatchObject({
      touches: { new: 2 },
      conversions: { new: 1 },
      values: [{ currency: "USD", value: "12.50" }],
    });
  });
});

describe("money in a file", () => {
  const sale = (value: string) => rows(`vera,2018-07-04T10:00:00Z,sale,,${value},order-1`);
  const minor = async () => (await conversions()).map(({ recorded }) => [recorded.valueMinor, recorded.currency]);

  it.each([
    ["12.34", ["--currency", "usd"], [[1234, "USD"]]],
    ["12.3400", [], [[1234, "USD"]]],
    ["1e3", ["--currency", "JPY"], [[1000, "JPY"]]],
    ["1.234", ["--currency", "KWD"], [[1234, "KWD"]]],
    ["1234", ["--exponent", "0"], [[1234, "USD"]]],
    ["90071992547409.91", [], [[Number.MAX_SAFE_INTEGER, "USD"]]],
    ["", [], [[undefined, undefined]]],
  ])("is taken exactly: %s with %j", async (value, argv, expected) => {
    await imported(sale(value), ...argv);
    expect(await minor()).toEqual(expected);
  });

  it("is in the currency the file says, or else the one the campaign's contracts pay in", async () => {
    await past.sign(await past.invite("Ana"), { ...summerTerms, currency: "EUR" });
    await imported(sale("10"));
    await imported(`${HEADER},currency\nwill,2018-07-04T10:00:00Z,sale,,10,order-2,GBP\n`);
    expect((await minor()).map(([, currency]) => currency).sort()).toEqual(["EUR", "GBP"]);
    await past.sign(await past.invite("Ben"));
    const unclear = await importing(sale("11"));
    expect([unclear.exit, unclear.err.split("\n")[0]]).toEqual([
      2,
      "The campaign's contracts pay in EUR and USD. Say which the file means: --currency.",
    ]);
  });

  it("is not in a currency that was only offered, where another was signed", async () => {
    const read = readTerms({ ...summerTerms, currency: "EUR" });
    const terms = read.ok ? read.terms : expect.fail("terms that cannot be read");
    const offered = { contract: mint("contract", past.world.bytes(13)), influencer: await past.invite("Clara"), terms };
    const { decide } = past.world.record;
    fine(await decide(past.brand, draftContract({ ...offered, campaign: past.campaign }, "brand")));
    fine(await decide(past.brand, offerContract(offered.contract, "brand")));
    await past.sign(await past.invite("Ana"));
    await imported(sale("10"));
    expect(await minor()).toEqual([[1000, "USD"]]);
  });
});

describe("importing again", () => {
  it("changes nothing", async () => {
    await imported(HISTORY);
    const before = await everything();
    expect(await imported(HISTORY)).toMatchObject({
      influencers: { new: 0, known: 2 },
      touches: { new: 0, known: 4 },
      conversions: { new: 0, known: 3 },
    });
    expect(await everything()).toEqual(before);
  });

  it("adds only what a longer file has more", async () => {
    await imported(HISTORY);
    const longer = `${HISTORY}yuri,2018-07-08T10:00:00Z,touch,Cyd,,\nyuri,2018-07-09T10:00:00Z,sale,,5,\n`;
    expect(await imported(longer)).toMatchObject({
      influencers: { new: 1, known: 2 },
      touches: { new: 1, known: 4 },
      conversions: { new: 1, known: 3 },
    });
  });

  it("finishes an import that broke off between its touches and its results", async () => {
    await imported(HISTORY.replace(/.*,(sale|lead),.*\n/g, ""));
    expect(await imported(HISTORY)).toMatchObject({ touches: { new: 1, known: 3 }, conversions: { new: 3, known: 0 } });
  });

  it("knows an influencer by the name they were imported under, whatever they call themselves since", async () => {
    await imported(HISTORY);
    const [ana = ""] = (await reader().privates("influencer/", 9))
      .filter(([, body]) => (body as { name: string }).name === "Ana")
      .map(([key]) => key.slice("influencer/".length));
    fine(await past.world.record.decide(past.brand, joinBrand(ana, "Ana Maria Lima")));
    expect(await imported(HISTORY)).toMatchObject({ influencers: { new: 0, known: 2 } });
  });

  it("counts a touch once that stands twice in the file, and a result that says its id", async () => {
    const twice = HISTORY + HISTORY.split("\n").slice(1).join("\n");
    // Two results of one visitor at one instant that bring no ids are two.
    const conversions = { new: 1 + 2 + 2, known: 1 };
    expect(await imported(twice)).toMatchObject({ touches: { new: 4, known: 4 }, conversions });
    expect(await imported(twice)).toMatchObject({ conversions: { new: 0, known: 6 } });
  });
});

describe("a line that cannot be taken in", () => {
  const NEXT_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
  const good = "vera,2018-07-02T10:00:00Z,touch,Ana,,";
  it.each<[string, readonly string[], string, readonly string[]]>([
    ["a value finer than cents", ["v,2018-07-02T10:00:00Z,sale,,1.005,a"], "3:30: finer than USD is counted here", []],
    ["a value finer than yen", ["v,2018-07-02T10:00:00Z,sale,,1.5,a"], "3:30: finer than JPY", ["--currency", "JPY"]],
    ["a value below nothing", ["v,2018-07-02T10:00:00Z,sale,,-1,a"], "3:30: a result is never worth less", []],
    ["a value beyond counting", ["v,2018-07-02T10:00:00Z,sale,,90071992547409.92,a"], "3:30: this is more than", []],
    ["a value that is no number", ["v,2018-07-02T10:00:00Z,sale,,much,a"], '3:30: "much" is not a number', []],
    ["an instant to come", [`v,${NEXT_YEAR},touch,Ana,,`], "3:3: this lies in the future", []],
    ["an instant before 1970", ["v,-5,touch,Ana,,"], "3:3: this is before 1970", []],
    ["an instant in seconds", ["v,1530525600,touch,Ana,,"], "3:3: this is early in 1970", []],
    ["an instant without a zone", ["v,2018-07-02T10:00:00,touch,Ana,,"], "3:3: ", []],
    ["an event of no kind", ["v,2018-07-02T10:00:00Z,Sale!,Ana,,"], '3:24: "Sale!" is neither touch nor', []],
    ["a payee with a long name", [`v,2018-07-02T10:00:00Z,touch,${"x".repeat(121)},,`], "3:30: a payee's name", []],
    ["an id that is too long", [`v,2018-07-02T10:00:00Z,sale,,1,${"x".repeat(121)}`], "3:32: an id has at most", []],
    [
      "a result read before that said otherwise",
      ["v,2018-07-02T10:00:00Z,sale,,1,a", "v,2018-07-02T10:00:00Z,sale,,2,a"],
      '4:32: the sale "a" was read on line 3 already, and said otherwise',
      [],
    ],
    [
      "a result read before that had another payee",
      ["v,2018-07-02T10:00:00Z,sale,Ana,1,a", "v,2018-07-02T10:00:00Z,sale,Ben,1,a"],
      '4:35: the sale "a" was read on line 3 already',
      [],
    ],
    ["a broken record at the end", ['v,2018-07-02T10:00:00Z,sale,,1,"a'], "3:32: this quote is never closed", []],
  ])("is refused at its place with nothing taken in: %s", async (_, lines, because, argv) => {
    const told = await refused(rows(good, ...lines), ...argv);
    expect(told.startsWith(`history.csv:${because}`)).toBe(true);
  });

  it("is refused at the sixty-thousandth line as at the first", async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => `v${index},2018-07-02T10:00:00Z,touch,Ana,,`);
    const told = await refused(rows(...many, "v,2018-07-02T10:00:00Z,sale,,1.005,a"));
    expect(told).toMatch(/^history\.csv:60002:30: /);
  });

  it("is refused when the brand has recorded the result with other contents", async () => {
    await imported(HISTORY);
    const told = await refused(HISTORY.replace("120.00", "121.00"));
    expect(told).toMatch(/^history\.csv:4:56: a sale of the id "order-1" is recorded already, and said otherwise/);
    expect(await refused(HISTORY.replace("80.5", "80.6"))).toMatch(/^history\.csv:6:6: a sale of this visitor at this/);
    expect(await refused(HISTORY.replace("sale,Ben", "sale,Ana"))).toMatch(/^history\.csv:6:6: /);
  });

  it("is refused when several influencers have its payee's name", async () => {
    await past.invite("Ana");
    await past.invite("Ana");
    expect(await refused(HISTORY)).toMatch(/^history\.csv:2:49: several influencers are called "Ana"/);
  });

  it("is refused when the column of payees holds something else, by how many there are", async () => {
    const many = Array.from({ length: 5001 }, (_, index) => `vera,2018-07-02T10:00:00Z,touch,page ${index},,`);
    expect(await refused(rows(...many))).toMatch(/^history\.csv:5002:33: more than 5000 payees in one file\./);
  });

  it("is refused in a file that is not there", async () => {
    const { exit, err } = await past.run("import", "nowhere.csv", "--campaign", "Summer");
    expect([exit, err]).toEqual([1, "nowhere.csv: there is no such file. Check the name and the folder you are in.\n"]);
  });
});

describe("where history goes", () => {
  it("is told by the campaign's id as well", async () => {
    past.write("history.csv", HISTORY);
    const { exit } = await past.run("import", "history.csv", "--campaign", past.campaign, "--brand", past.brand);
    expect(exit).toBe(0);
  });

  it("is refused where there is no such campaign or brand, naming those there are", async () => {
    const nowhere = await past.run("import", "history.csv", "--campaign", "Winter");
    expect([nowhere.exit, nowhere.err]).toEqual([
      1,
      `There is no campaign "Winter"; there are ${past.campaign} (Summer).\n`,
    ]);
    const nobody = await past.run("import", "history.csv", "--campaign", "Summer", "--brand", "Nobody");
    expect([nobody.exit, nobody.err]).toEqual([
      1,
      `There is no brand "Nobody" here; there are ${past.brand} (Acme).\n`,
    ]);
  });

  it.each([
    [[], "--campaign is missing"],
    [["--campaign", "Summer", "--currency", "XTS"], "--currency takes an ISO 4217 code"],
    [["--campaign", "Summer", "--exponent", "two"], "--exponent takes the decimals"],
    [["--campaign", "Summer", "--result", "A sale"], "--result takes lower-case letters"],
    [["--campaign", "Summer", "--map", "who"], "--map takes ours=theirs pairs"],
  ])("is misused with %j", async (argv, because) => {
    const { exit, err } = await past.run("import", "history.csv", ...argv);
    expect(exit).toBe(2);
    expect(err).toContain(because);
  });
});

describe("the same law on the way in and alone", () => {
  const instant = fc.integer({ min: Date.UTC(2018, 6, 2), max: Date.UTC(2018, 6, 30) });
  const line = fc.record({
    visitor: fc.constantFrom("vera", "will", "xena"),
    at: instant,
    event: fc.constantFrom("touch", "touch", "touch", "sale"),
    payee: fc.constantFrom("Ana", "Ben", "house"),
    named: fc.boolean(),
  });
  const written = (
    { visitor, at, event, payee, named }: typeof line extends fc.Arbitrary<infer It> ? It : never,
    index: number,
  ) =>
    event === "touch"
      ? `${visitor},${at},touch,${payee},,`
      : `${visitor},${at},sale,${named ? payee : ""},${index}.25,`;

  it.each(["first", "last"])(
    "credits each payee the same under %s, in whatever order the lines come",
    async (model) => {
      const lines = fc.uniqueArray(line, { minLength: 1, maxLength: 40, selector: ({ at }) => at });
      await fc.assert(
        fc.asyncProperty(lines, fc.infiniteStream(fc.nat()), async (events, dice) => {
          const each = await openPast();
          try {
            const attribution = { model, windowDays: 30, house: "included" };
            const contracts = new Map<string, string>();
            for (const name of ["Ana", "Ben"])
              contracts.set(name, await each.sign(await each.invite(name), { ...summerTerms, attribution }));
            const content = events.map(written);
            each.write("history.csv", rows(...content));
            const alone = await run(each.folder, "attribute", "history.csv", "--model", model, "--json");
            const shuffled = content.map((text) => [dice.next().value, text] as const).sort(([a], [b]) => a - b);
            each.write("history.csv", rows(...shuffled.map(([, text]) => text)));
            expect((await each.run("import", "history.csv", "--campaign", "Summer")).exit).toBe(0);
            const sum = (await each.world.store.document(
              each.brand,
              `sum/${each.campaign}`,
            )) as unknown as CampaignSumDoc;
            const { payees } = JSON.parse(alone.out) as { payees: { payee: string; conversions: string }[] };
            for (const [name, contract] of contracts) {
              const told = payees.find(({ payee }) => payee === name)?.conversions ?? "0.000000";
              expect([name, sum?.credited[contract]?.sale ?? 0]).toEqual([name, Number(told.replace(".", ""))]);
            }
            expect((await each.run("verify")).exit).toBe(0);
          } finally {
            await each.close();
          }
        }),
        { numRuns: 12 },
      );
    },
  );
});

const cli = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));

const elsewhere = (...argv: readonly string[]): Promise<{ exit: number | null; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    child.on("close", (exit) => resolve({ exit, err }));
  });

describe("a server that runs on the same folder", () => {
  it("sees at once what another process imports, and both can go on writing", async () => {
    const house = await openHouse();
    try {
      const made = await house.owner.ask(brandDoors.createCampaign, {
        body: { name: "Summer", hosts: ["localhost:9"] },
      });
      const campaign = fine(made).id;
      const lines = Array.from({ length: 400 }, (_, index) => [
        `v${index},2018-07-02T10:00:00Z,touch,Ana,,`,
        `v${index},2018-07-03T10:00:00Z,sale,,10,order-${index}`,
      ]);
      const file = join(house.folder, "history.csv");
      writeFileSync(file, rows(...lines.flat()));
      const done = elsewhere("import", file, "--campaign", "Summer", "--folder", house.folder);
      let [live, isOver] = [0, false];
      void done.then(() => {
        isOver = true;
      });
      while (!isOver || live === 0) {
        fine(await house.server.ask(convert, { body: { result: "lead", id: `live-${live}` } }));
        live += 1;
      }
      expect(await done).toEqual({ exit: 0, err: "" });
      const page = fine(await house.owner.ask(brandDoors.campaign, { params: { campaign } }));
      expect(page.results).toEqual({ sale: 400, lead: live });
      const { exit, err } = await run(house.folder, "verify", "--folder", ".");
      expect([exit, err]).toEqual([0, ""]);
    } finally {
      await house.close();
    }
  });
});
