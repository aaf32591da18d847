import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readerOf } from "../../server/engine/reader.ts";
import type { AccountDoc, CampaignSumDoc, ConversionDoc, ShareDoc } from "../../server/engine/shapes.ts";
import { pathsOfCampaign } from "../../server/history/brought.ts";
import { statementShown } from "../../server/shown/statement.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import { rational, roundHalfEven } from "../../shared/kit/rational.ts";
import { openPast, type Past, run } from "../cli/past.ts";

const corpus = process.env.MAKEGOOD_CORPUS;
const folder = join(corpus ?? ".", "attribution");
const FILE = join(folder, "si05_attribution_data.csv");
const COLUMNS = ["--result", "sale", "--map", "visitor=customer_id,at=time,event=conversion,payee=channel"];
const MAPPED = [...COLUMNS, "--map", "value=conversion_value"];
const CHANNELS = ["Facebook", "Instagram", "Online Display", "Online Video", "Paid Search"];
const SEPTEMBER = Date.UTC(2018, 8, 2);
const ROWS = 62_483;
const SALES = 1838;

interface Figures {
  readonly conversions: string;
  readonly value: string;
}
interface Attributed extends Figures {
  readonly payees: readonly (Figures & { readonly payee: string })[];
}

const attribute = async (model: string): Promise<Attributed> => {
  const { exit, out, err } = await run(folder, "attribute", FILE, "--model", model, ...MAPPED, "--json");
  expect([exit, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

const micro = (decimal: string): number => Number(decimal.replace(".", ""));

describe.skipIf(corpus === undefined)("a month of 62 483 events, imported as the past of a campaign", () => {
  let past: Past;
  const contracts = new Map<string, string>();
  const reader = () => readerOf(past.world.store, past.brand);
  const document = async <Doc>(key: string) => (await reader().document(key)) as unknown as Doc;
  const conversions = async () =>
    (await reader().documents("conversion/")).map(([, body]) => body as unknown as ConversionDoc);
  const import_ = () => past.run("import", FILE, "--brand", past.brand, "--campaign", "Summer", ...MAPPED, "--json");

  beforeAll(async () => {
    past = await openPast();
    for (const channel of CHANNELS) contracts.set(channel, await past.sign(await past.invite(channel)));
    const began = performance.now();
    const { exit, out, err } = await import_();
    const seconds = (performance.now() - began) / 1000;
    console.log(`import: ${seconds.toFixed(1)} s, ${Math.round(ROWS / seconds)} rows a second`);
    // The published file does not end with a line break.
    expect([exit, err]).toEqual([0, expect.stringMatching(/^note: the file does not end with a line break[^\n]+\n$/)]);
    expect(JSON.parse(out)).toEqual({
      brand: past.brand,
      campaign: past.campaign,
      influencers: { new: 0, known: 5 },
      touches: { new: ROWS, known: 0 },
      conversions: { new: SALES, known: 0 },
      values: [{ currency: "USD", value: "11423.50" }],
    });
  }, 300_000);
  afterAll(() => past?.close());

  it("keeps every event as a touch and every sale as a conversion, worth what the file says", async () => {
    const all = await conversions();
    expect(all.length).toBe(SALES);
    expect(all.reduce((sum, { recorded }) => sum + (recorded.valueMinor ?? 0), 0)).toBe(1_142_350);
    expect(new Set(all.map(({ recorded }) => recorded.currency))).toEqual(new Set(["USD"]));
  });

  it("gives every millionth of every sale to a contract or to the house", async () => {
    const { credited } = await document<CampaignSumDoc>(`sum/${past.campaign}`);
    const paid = Object.values(credited).reduce((sum, { sale = 0 }) => sum + sale, 0);
    const house = (await conversions()).reduce((sum, { verdict }) => {
      const share = verdict?.settings[0]?.shares.find(({ payee }) => payee === HOUSE);
      return sum + (share?.shareMicro ?? 0);
    }, 0);
    expect(Object.keys(credited).sort()).toEqual([...contracts.values()].sort());
    expect(paid + house).toBe(SALES * 1_000_000);
  });

  it("credits each channel with what the same law gives it in the same file by itself", async () => {
    const alone = await attribute("linear");
    const { credited } = await document<CampaignSumDoc>(`sum/${past.campaign}`);
    for (const { payee, conversions: told } of alone.payees) {
      const here = credited[contracts.get(payee) ?? ""]?.sale ?? 0;
      // The odd millionths of a sale fall by a hash of its id, and the server's ids are its own.
      expect(Math.abs(here - micro(told))).toBeLessThan(SALES);
    }
  });

  it("pays each channel a tenth of its sales and 1.50 each, to the cent, as its statement says", async () => {
    let all = 0;
    for (const contract of contracts.values()) {
      const { statement } = await statementShown(reader(), contract, SEPTEMBER);
      const shares = (await reader().documents(`share/${contract}/`)).map(([, body]) => body as unknown as ShareDoc);
      const count = shares.reduce((sum, { shareMicro }) => sum + BigInt(shareMicro), 0n);
      const value = shares.reduce((sum, it) => sum + BigInt(it.shareMicro) * BigInt(it.valueMinor ?? 0), 0n);
      const expected = [rational(value * 1000n, 10_000_000_000n), rational(count * 150n, 1_000_000n)].map(
        roundHalfEven,
      );
      expect(statement.periods[0]?.lines.map(({ amountMinor }) => BigInt(amountMinor))).toEqual(expected);
      expect(statement.periods.map(({ state }) => state)).toEqual(["closed", "closed"]);
      const { posted } = await document<AccountDoc>(`account/${contract}`);
      expect(posted.reached.validated).toBe(statement.totalMinor);
      all += statement.totalMinor;
    }
    // A tenth of 11 423.50 and 1 838 times 1.50, but for the rounding of ten lines.
    expect(Math.abs(all - (114_235 + 275_700))).toBeLessThanOrEqual(5);
  });

  it("changes nothing when it is imported again", async () => {
    const before = await past.world.store.head(past.brand);
    const order = await past.world.store.lastOrder();
    const { out } = await import_();
    expect(JSON.parse(out)).toMatchObject({
      influencers: { new: 0, known: 5 },
      touches: { new: 0, known: ROWS },
      conversions: { new: 0, known: SALES },
    });
    expect(await past.world.store.head(past.brand)).toEqual(before);
    expect(await past.world.store.lastOrder()).toBe(order);
  }, 120_000);

  it("is found clean", async () => {
    const began = performance.now();
    const { exit, out, err } = await past.run("verify", "--json");
    const seconds = (performance.now() - began) / 1000;
    const checked = JSON.parse(out);
    console.log(`verify: ${seconds.toFixed(1)} s, ${Math.round(checked.brands[0].facts / seconds)} facts a second`);
    expect([exit, err]).toEqual([0, ""]);
    expect(checked).toMatchObject({ ok: true, brands: [{ verdicts: SALES, accounts: 5, currencies: ["USD"] }] });
  }, 120_000);

  it.each(["first", "last", "linear", "position", "timeDecay"])("can be shared by %s, nothing lost", async (model) => {
    const { conversions: count, value, payees } = await attribute(model);
    expect([count, value]).toEqual(["1838.000000", "11423.50"]);
    expect(payees.reduce((sum, it) => sum + micro(it.conversions), 0)).toBe(SALES * 1_000_000);
    expect(payees.reduce((sum, it) => sum + micro(it.value), 0)).toBe(1_142_350);
    expect(payees.map(({ payee }) => payee).sort()).toEqual(CHANNELS);
  });
});

describe.skipIf(corpus === undefined)("10 000 published paths, imported as a past to learn from", () => {
  const PATHS = join(folder, "channelattribution_PathData.csv");
  let past: Past;
  beforeAll(async () => {
    past = await openPast();
  });
  afterAll(() => past?.close());
  const import_ = async () => {
    const { exit, out, err } = await past.run("import", PATHS, "--campaign", "Summer", "--exponent", "6", "--json");
    expect([exit, err.split(",")[0]]).toEqual([0, expect.stringMatching(/^note: \d+ values are finer/)]);
    return JSON.parse(out);
  };

  it("keep every conversion, every journey that led to nothing, and what they were worth", async () => {
    expect(await import_()).toMatchObject({
      influencers: { new: 12, known: 0 },
      paths: { new: 10_000, known: 0 },
      conversions: "19785.000000",
      nulls: 68_602,
    });
    const sums = { rows: 0, conversionsMicro: 0, nulls: 0, valueMinor: 0 };
    const steps = new Set<string>();
    for await (const rows of pathsOfCampaign(readerOf(past.world.store, past.brand), past.campaign))
      for (const row of rows) {
        sums.rows += 1;
        sums.conversionsMicro += row.conversionsMicro;
        sums.nulls += row.nulls;
        sums.valueMinor += row.valueMinor;
        for (const step of row.path) steps.add(step);
      }
    expect(sums).toMatchObject({ rows: 10_000, conversionsMicro: 19_785_000_000, nulls: 68_602 });
    // Each path's value is rounded to millionths.
    expect(Math.abs(sums.valueMinor - 74_802_971_587)).toBeLessThan(10_000);
    expect(steps.size).toBe(12);
  }, 60_000);

  it("change nothing when they are imported again, and are found clean", async () => {
    const before = await past.world.store.head(past.brand);
    expect(await import_()).toMatchObject({ paths: { new: 0, known: 10_000 } });
    expect(await past.world.store.head(past.brand)).toEqual(before);
    expect((await past.run("verify")).exit).toBe(0);
  }, 60_000);
});
