import { afterAll, beforeAll, expect, test } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { DAY, HUMAN, NOON, terms as plain } from "./scene.ts";

const terms = {
  ...plain,
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { minScore: 60, require: ["email"], duplicateDays: 90 },
  pay: [
    {
      rule: "tiered",
      result: "lead",
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: 1000 },
        { from: 2, amountMinor: 1500 },
      ],
    },
    { rule: "share", result: "sale", rateBp: 725 },
  ],
  guarantee: { result: "lead", target: 50, per: "period", remedy: { kind: "none" } },
  requires: { disclosure: "#ad" },
};

let house: House;
let ana: Caller;
let contract: string;
let campaign: string;

const page = (path: string, body: object) =>
  fetch(house.origin + path, {
    method: "POST",
    headers: { "content-type": "text/plain", "user-agent": HUMAN },
    body: JSON.stringify(body),
  });

const follow = async (url: string): Promise<URL> => {
  const response = await fetch(url, { redirect: "manual", headers: { "user-agent": HUMAN } });
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "");
};

const whence = { k: "", v: "visitor-one", p: "http://localhost:9/landing" };

beforeAll(async () => {
  house = await openHouse(NOON);
  whence.k = house.brand.publishableKey;
  campaign = fine(
    await house.owner.ask(brandDoors.createCampaign, { body: { name: "Autumn", hosts: ["localhost:9"] } }),
  ).id;
  const invited = fine(await house.owner.ask(brandDoors.invite, { body: { name: "Ana" } }));
  ana = await enter(house.origin, invited.invitationUrl, "Ana Lima");
  const drafted = fine(
    await house.owner.ask(brandDoors.draftContract, { body: { campaign, influencer: invited.influencer.id, terms } }),
  );
  contract = drafted.id;
  fine(await house.owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  const { termsHash } = drafted;
  fine(await signAs(house.owner, contract, termsHash, "Olive Owner"));
  const signed = fine(await signAs(ana, contract, termsHash, "Ana Lima"));
  expect(signed.status).toBe("running");
});

afterAll(() => house.close());

test("a lead that came by a tracked link is credited, graded, priced by the signed terms, and explained", async () => {
  house.clock.at += 60_000;
  const link = fine(
    await ana.ask(influencerDoors.grabLink, {
      params: { contract },
      body: { destination: "http://localhost:9/landing?x=1#top" },
    }),
  );
  const landed = await follow(link.url);
  const click = landed.searchParams.get("mg");
  expect(landed.hash).toBe("#top");
  house.clock.at += 5000;
  expect((await page("/v1/beacon", { ...whence, c: click, n: "view-0001" })).status).toBe(204);
  house.clock.at += 60_000;
  const lead = {
    ...whence,
    c: click,
    n: "lead-0001",
    result: "lead",
    fields: { email: "vera@visitor.example", name: "Vera" },
  };
  expect(await (await page("/v1/results", lead)).json()).toEqual({ recorded: true });
  expect(await (await page("/v1/results", lead)).json()).toEqual({ recorded: false });
  const { earnings } = fine(await ana.ask(influencerDoors.earnings));
  expect(earnings[0]?.money).toMatchObject({
    currency: "USD",
    accruedMinor: 0,
    validatedMinor: 1000,
    approvedMinor: 0,
    payableMinor: 0,
  });
  const told = fine(await ana.ask(influencerDoors.statementOf, { params: { contract } }));
  expect(told.statement.totalMinor).toBe(1000);
  const id = told.shares[0]?.id ?? "";
  const explained = fine(await ana.ask(influencerDoors.conversion, { params: { conversion: id } }));
  expect(explained.parts[0]).toMatchObject({ shareMicro: 1_000_000, stage: "validated", amountMinor: 1000 });
  expect(explained.lead).toBeNull();
  const whole = fine(await house.owner.ask(influencerDoors.conversion, { params: { conversion: id } }));
  expect(whole.lead).toEqual({ email: "vera@visitor.example", name: "Vera" });
});

test("silence approves after the review days, and the money is payable after its hold", async () => {
  const { mature } = await import("../../server/engine/clock.ts");
  const { store, record } = house.running.world;
  house.clock.at += 8 * DAY;
  await mature(store, record, house.clock.at);
  expect(fine(await ana.ask(influencerDoors.earnings)).earnings[0]?.money.approvedMinor).toBe(1000);
  house.clock.at += 7 * DAY;
  await mature(store, record, house.clock.at);
  expect(fine(await ana.ask(influencerDoors.earnings)).earnings[0]?.money.payableMinor).toBe(1000);
});

test("a sale from the brand's server counts at once, once, and a refund takes its part back", async () => {
  const landed = await follow(fine(await ana.ask(influencerDoors.links, { params: { contract } })).links[0]?.url ?? "");
  const click = landed.searchParams.get("mg") ?? "";
  const sale = { result: "sale", id: "order-1", valueMinor: 19_900, currency: "USD", click };
  const row = fine(await house.server.ask(convert, { body: sale }));
  expect(row).toMatchObject({ stage: "validated", credited: [{ shareMicro: 1_000_000 }] });
  expect(fine(await house.server.ask(convert, { body: sale })).id).toBe(row.id);
  expect(await house.server.ask(convert, { body: { ...sale, valueMinor: 1 } })).toMatchObject({
    ok: false,
    refusal: { code: "already-recorded" },
  });
  const before = fine(await ana.ask(influencerDoors.statementOf, { params: { contract } })).statement.totalMinor;
  expect(before).toBe(1000 + 1443);
  const half = { params: { conversion: row.id }, body: { reversal: "refund-1", permille: 500 } };
  fine(await house.server.ask(conversionDoors.reverse, half));
  fine(await house.server.ask(conversionDoors.reverse, half));
  expect(fine(await ana.ask(influencerDoors.statementOf, { params: { contract } })).statement.totalMinor).toBe(
    1000 + 721,
  );
  const live = fine(await house.owner.ask(brandDoors.campaign, { params: { campaign } }));
  expect(live).toMatchObject({ visits: 1, clicks: 2, results: { lead: 1, sale: 1 }, grades: { accept: 1 } });
});
