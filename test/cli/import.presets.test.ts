import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readerOf } from "../../server/engine/reader.ts";
import { pathsOfCampaign } from "../../server/history/brought.ts";
import { stepsIn } from "../../server/history/notation.ts";
import { importsInto } from "./importing.ts";
import { openPast, type Past } from "./past.ts";

let past: Past;
beforeEach(async () => {
  past = await openPast();
});
afterEach(() => past.close());

const sold = async () =>
  (await importsInto(past).conversions())
    .map(({ recorded: { result, externalId, valueMinor, currency, at } }) => ({
      result,
      externalId,
      valueMinor,
      currency,
      at: new Date(at).toISOString(),
    }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));

const CALLS = [
  {
    type: "page",
    anonymousId: "a-1",
    messageId: "m-1",
    timestamp: "2018-07-02T10:00:00.000Z",
    context: { campaign: { name: "July", source: "Ana", medium: "social" } },
    properties: { url: "https://shop.example/?utm_source=Ana" },
  },
  {
    type: "track",
    event: "Product Viewed",
    anonymousId: "a-1",
    messageId: "m-2",
    timestamp: "2018-07-02T10:01:00.000Z",
    context: { campaign: { name: "July", source: "Ana" } },
    properties: { price: 5, value: 5, currency: "USD" },
  },
  { type: "identify", anonymousId: "a-1", userId: "u-1", messageId: "m-3", timestamp: "2018-07-02T10:02:00.000Z" },
  {
    type: "track",
    event: "Order Completed",
    anonymousId: "a-1",
    userId: "u-1",
    messageId: "m-4",
    timestamp: "2018-07-03T09:30:00.000Z",
    context: {},
    properties: { order_id: "o-1", revenue: 19.99, total: 25.5, currency: "USD" },
  },
  { type: "track", event: "Demo Booked", userId: "u-2", messageId: "m-5", timestamp: "2018-07-04T09:30:00.000Z" },
];
const LINES = CALLS.map((call) => `${JSON.stringify(call)}\n`).join("");

const ORDER = {
  result: "sale",
  externalId: "o-1",
  valueMinor: 1999,
  currency: "USD",
  at: "2018-07-03T09:30:00.000Z",
};

describe("track calls", () => {
  it.each(["segment", "rudderstack"])("of %s are read as JSON, one a line", async (preset) => {
    const { imported, influencers } = importsInto(past);
    expect(await imported("calls.jsonl", LINES, "--preset", preset)).toMatchObject({
      influencers: { new: 1, known: 0 },
      touches: { new: 2, known: 0 },
      conversions: { new: 1, known: 0 },
      values: [{ currency: "USD", value: "19.99" }],
      notes: "note: 2 lines are neither touches nor results and were left out: Demo Booked (1), identify (1).\n",
    });
    expect(await sold()).toEqual([ORDER]);
    expect([...(await influencers()).keys()]).toEqual(["Ana"]);
  });

  it("are read out of a warehouse's tables, whose times are UTC and do not say so", async () => {
    const table = [
      "id,received_at,anonymous_id,user_id,event,event_text,timestamp,context_campaign_source,order_id,revenue,currency",
      "m-1,2018-07-02 10:00:05.000,a-1,,product_viewed,Product Viewed,2018-07-02 10:00:00.000,Ana,,,",
      "m-4,2018-07-03 09:30:05,a-1,u-1,order_completed,Order Completed,2018-07-03 09:30:00 UTC,,o-1,19.99,USD",
    ];
    const { imported } = importsInto(past);
    expect(await imported("tracks.csv", `${table.join("\n")}\n`, "--preset", "segment")).toMatchObject({
      touches: { new: 1 },
      conversions: { new: 1 },
    });
    expect(await sold()).toEqual([ORDER]);
  });

  it("may be told otherwise, with --event and --map", async () => {
    const { imported, influencers } = importsInto(past);
    const argv = ["--event", "demo_booked=lead", "--event", "Product Viewed=nothing", "--event", "page=view"];
    const more = ["--map", "payee=context.campaign.name"];
    expect(await imported("calls.jsonl", LINES, "--preset", "segment", ...argv, ...more)).toMatchObject({
      touches: { new: 1 },
      conversions: { new: 2 },
    });
    expect((await sold()).map(({ result, externalId }) => [result, externalId])).toEqual([
      ["sale", "o-1"],
      ["lead", "m-5"],
    ]);
    expect([...(await influencers()).keys()]).toEqual(["July"]);
  });

  it("are taken exactly, however many digits an amount has", async () => {
    const order = '{"anonymousId":"a","event":"Order Completed","timestamp":"2018-07-03T09:30:00Z","messageId":"m",';
    const line = `${order}"properties":{"revenue":90071992547409.91,"currency":"USD"}}\n`;
    await importsInto(past).imported("calls.jsonl", line, "--preset", "segment");
    expect((await sold()).map(({ valueMinor }) => valueMinor)).toEqual([Number.MAX_SAFE_INTEGER]);
  });

  it.each([
    ["a value that is no number", LINES.replace("19.99", '"much"'), '4:190: "much" is not a number'],
    ["an instant that is none", LINES.replace("2018-07-02T10:00:00.000Z", "yesterday"), '1:67: "yesterday" is not an'],
    ["a member that is no single value", LINES.replace('"Ana"', "[1]"), "must be a single value"],
    ["a line that is no JSON", `${LINES}{"type":}\n`, '6:9: expected a value here, not "}"'],
    ["a line that is no object", `${LINES}[1]\n`, "6:1: this line is not an object"],
    ["a line that was cut off", LINES.slice(0, -20), "5:"],
    [
      "a visitor nobody names",
      LINES.replace('"userId":"u-1","messageId":"m-4"', '"messageId":"m-4"').replace(
        '"event":"Order Completed","anonymousId":"a-1"',
        '"event":"Order Completed","anonymousId":""',
      ),
      "4:",
    ],
  ])("are refused at their place with nothing taken in: %s", async (_, content, because) => {
    const told = await importsInto(past).refused("calls.jsonl", content, "--preset", "segment");
    expect(told).toContain(`calls.jsonl:${because}`.replace("calls.jsonl:must", "must"));
    expect(told).toMatch(/^calls\.jsonl:\d+:\d+: [^\n]+[.?]\n$/);
  });
});

/** An enriched event as the pipeline writes it: 131 fields between tabs, no header, JSON among them unquoted. */
const enriched = (fields: Readonly<Record<number, string>>): string =>
  `${Array.from({ length: 131 }, (_, index) => fields[index] ?? "").join("\t")}\n`;

describe("events of Snowplow", () => {
  const contexts = '{"schema":"iglu:com.acme/page/1-0-0","data":["a ""b"" c"]}';
  const content = [
    enriched({
      3: "2018-07-02 10:00:00.123",
      5: "page_view",
      6: "e-1",
      15: "d-1",
      48: "Ana",
      52: contexts,
      126: "page_view",
    }),
    enriched({ 3: "2018-07-02 10:05:00.000", 5: "page_ping", 6: "e-2", 15: "d-1", 126: "page_ping" }),
    enriched({ 3: "2018-07-02 11:00:00.000", 5: "unstruct", 6: "e-3", 15: "d-1", 48: "Ben", 126: "ad_impression" }),
    enriched({
      3: "2018-07-03 10:00:09.000",
      5: "transaction",
      6: "e-4",
      15: "d-1",
      59: "o-7",
      61: "80.5",
      108: "EUR",
      124: "2018-07-03 10:00:00.000",
      126: "transaction",
    }),
  ].join("");

  it("are read from the enriched stream, which has no header, and whose quotes are letters", async () => {
    const { imported, conversions } = importsInto(past);
    const contract = await past.sign(await past.invite("Ana"));
    expect(await imported("events.tsv", content, "--preset", "snowplow")).toMatchObject({
      influencers: { new: 1, known: 1 },
      touches: { new: 2 },
      conversions: { new: 1 },
      values: [{ currency: "EUR", value: "80.50" }],
      notes: "note: 1 lines are neither touches nor results and were left out: page_ping (1).\n",
    });
    expect(await sold()).toEqual([
      { result: "sale", externalId: "o-7", valueMinor: 8050, currency: "EUR", at: "2018-07-03T10:00:00.000Z" },
    ]);
    const [sale] = await conversions();
    // What was only seen does not count where the terms do not say so.
    expect(sale?.verdict?.settings[0]?.shares.map(({ payee, shareMicro }) => [payee, shareMicro])).toEqual([
      [contract, 1_000_000],
    ]);
    expect(sale?.verdict?.settings[0]?.considered.map(({ touch, because }) => [touch.kind, because])).toContainEqual([
      "view",
      "view-not-counted",
    ]);
  });

  it("are read with a header, as tables and JSON are", async () => {
    const header =
      "event_id\tcollector_tstamp\tdomain_userid\tevent_name\tmkt_source\ttr_orderid\ttr_total\ttr_currency\n";
    const rows = 'e-1\t2018-07-02 10:00:00\td-1\tpage_view\t"Ana, ""A"""\t\t\t\n';
    await importsInto(past).imported("events.tsv", header + rows, "--preset", "snowplow");
    expect([...(await importsInto(past).influencers()).keys()]).toEqual(['Ana, "A"']);
    const json = `${JSON.stringify({ event_id: "e-9", collector_tstamp: "2018-07-05T10:00:00Z", domain_userid: "d-2", event_name: "transaction", tr_total: 5, tr_currency: "EUR" })}\n`;
    expect(await importsInto(past).imported("events.jsonl", json, "--preset", "snowplow")).toMatchObject({
      conversions: { new: 1 },
    });
  });

  it("are refused where a line has other fields than the header, counted in tabs", async () => {
    const told = await importsInto(past).refused("events.tsv", `${content}a\tb\n`, "--preset", "snowplow");
    expect(told).toBe(
      "events.tsv:5:4: the header names 131 fields, this line has 2. Every line needs the same number of tabs.\n",
    );
  });
});

describe("attribution paths of Google Analytics 4", () => {
  const report = `# ----------------------------------------
# Advertising: Key event attribution paths
# Start date: 20180701
# End date: 20180731
# ----------------------------------------

Primary channel group path,Key events,Purchase revenue,Days to key event,Touchpoints to key event
"[""Paid Social"",""Direct""]",12,340.50,1.2,2
"[""Direct""]",30.5,1000,0,1
`;

  it("are read with their days, steps as a list", async () => {
    const { imported, influencers } = importsInto(past);
    expect(await imported("ga4.csv", report, "--preset", "ga4-paths", "--house", "Direct")).toMatchObject({
      influencers: { new: 1 },
      paths: { new: 2 },
      conversions: "42.500000",
      from: "2018-07-01",
      until: "2018-07-31",
      notes: "",
    });
    const paths: (readonly string[])[] = [];
    for await (const rows of pathsOfCampaign(readerOf(past.world.store, past.brand), past.campaign))
      paths.push(...rows.map(({ path }) => path));
    expect(paths).toEqual([[(await influencers()).get("Paid Social"), "house"], ["house"]]);
  });

  it.each([
    ['["Paid Social","Direct"]', ["Paid Social", "Direct"]],
    ["[Paid Social, Direct]", ["Paid Social", "Direct"]],
    ["Organic Search x 2 (50%) → Paid Social (50%)", ["Organic Search", "Organic Search", "Paid Social"]],
    ["Organic Search × 3", ["Organic Search", "Organic Search", "Organic Search"]],
    ["Email (x2) > Direct", ["Email", "Email", "Direct"]],
    ["Direct 100%", ["Direct 100%"]],
    ["google / cpc > (direct) / (none)", ["google / cpc", "(direct) / (none)"]],
    ["Netflix x Ana", ["Netflix x Ana"]],
    ["", []],
    ["[]", []],
  ])("may be written as %s", (text, steps) => {
    expect(stepsIn(text)).toEqual(steps);
  });

  it("are refused at the place in the report, and shared alone by makegood attribute", async () => {
    const wrong = report.replace("30.5", "many");
    const told = await importsInto(past).refused("ga4.csv", wrong, "--preset", "ga4-paths");
    expect(told).toContain('ga4.csv:9:16: "many" is not a number');
    expect(await importsInto(past).refused("other.csv", "a,b\n1,2\n", "--preset", "ga4-paths")).toContain(
      "other.csv:1:1: there is no column for path: none of primary channel group path,",
    );
    past.write("ga4.csv", report);
    const { exit, out } = await past.run("attribute", "ga4.csv", "--preset", "ga4-paths", "--model", "last", "--json");
    expect([exit, out]).toEqual([2, ""]);
  });
});

describe("words of one's own", () => {
  it("say what events are without any preset, in CSV and in JSON", async () => {
    const csv =
      "visitor,at,event,payee,value,id\nv,2018-07-02T10:00:00Z,Page Shown,Ana,,\nv,2018-07-03T10:00:00Z,Bought,,5,o\n";
    const names = ["--event", "page shown=touch", "--event", "bought=sale"];
    expect(await importsInto(past).imported("log.csv", csv, ...names)).toMatchObject({
      touches: { new: 1 },
      conversions: { new: 1 },
    });
    const json =
      '{"visitor":"v","at":1530525600000,"event":"touch","payee":"Ana"}\n{"visitor":"v","at":"2018-07-03T10:00:00Z","event":"sale","value":"5","currency":"USD","id":"o"}\n';
    expect(await importsInto(past).imported("log.jsonl", json)).toMatchObject({
      touches: { new: 0, known: 1 },
      conversions: { new: 0, known: 1 },
    });
  });
});
