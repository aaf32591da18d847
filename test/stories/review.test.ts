import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { approve, report } from "../../server/decisions/conversions.ts";
import { mature } from "../../server/engine/clock.ts";
import { followTouches } from "../../server/engine/react.ts";
import { openRecord } from "../../server/engine/record.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import { mint } from "../../shared/kit/id.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { enter, fine, type House, openHouse, signAs } from "../house.ts";
import { clickOn, DAY, LANDING, NOON, type Scene, say, setTheScene, terms } from "./scene.ts";

const p = LANDING;

/** A second influencer whose contract in the same campaign runs, with a link of their own. */
const another = async ({ origin, owner }: House, { campaign }: Scene, name = "Ben Okafor") => {
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name } }));
  const ben = await enter(origin, invited.invitationUrl, name);
  const influencer = invited.influencer.id;
  const { id: contract, termsHash } = fine(
    await owner.ask(brandDoors.draftContract, { body: { campaign, influencer, terms } }),
  );
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const party of [owner, ben]) fine(await signAs(party, contract, termsHash, name));
  const link = fine(await ben.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } }));
  return { ben, influencer, contract, link };
};

const verified = async ({ running: { world }, brand }: House): Promise<unknown> =>
  fine((await verifyBrand(world.store, brand.brand, { replaying: () => {}, comparing: () => {} })) as never);

test("an influencer who shares a conversion learns neither who the other is, nor any id by which a visitor is known", async () => {
  const house = await openHouse(NOON);
  const scene = await setTheScene(house);
  const other = await another(house, scene);
  const k = house.brand.publishableKey;
  const visitor = "visitor-of-both";
  const first = await clickOn(scene.link.url);
  await say(house.origin, "/v1/beacon", { k, p, v: visitor, c: first, n: "page-view-1" });
  house.clock.at += DAY;
  const second = await clickOn(other.link.url);
  await say(house.origin, "/v1/beacon", { k, p, v: visitor, c: second, n: "page-view-2" });
  const lead = { k, p, v: visitor, c: second, n: "form-sent-1", result: "lead", id: "ann@home.example" };
  await say(house.origin, "/v1/results", { ...lead, fields: { email: "ann@home.example" } });
  house.clock.at += 30 * DAY;
  const { store, record } = house.running.world;
  await mature(store, record, house.clock.at);
  const [row] = fine(await house.owner.ask(conversionDoors.conversions, { query: {} })).conversions;
  const page = fine(await scene.ana.ask(influencerDoors.conversion, { params: { conversion: row!.id } }));
  expect(page.parts[0]?.considered.filter((it) => it.in)).toHaveLength(2);
  const told = JSON.stringify(page);
  const secrets = { visitor, first, second, lead: "ann@home", view: "page-view" };
  const theirs = { link: other.link.code, contract: other.contract, influencer: other.influencer, name: "Ben" };
  for (const [what, secret] of Object.entries({ ...secrets, ...theirs })) expect(told, what).not.toContain(secret);
  await house.close();
});

test("an order id that a stranger's page used first does not keep the brand's own report of that order out", async () => {
  const house = await openHouse(NOON);
  const { ana, link, contract } = await setTheScene(house);
  const k = house.brand.publishableKey;
  const squat = { k, p, n: "squatted-1", c: link.code, result: "sale", id: "order-1001" };
  expect((await say(house.origin, "/v1/results", { ...squat, valueMinor: 9_999_999, currency: "USD" })).status).toBe(
    200,
  );
  const click = await clickOn(link.url);
  const order = { result: "sale", id: "order-1001", valueMinor: 20_000, currency: "USD", click };
  const taken = fine(await house.server.ask(convert, { body: order }));
  expect(taken).toMatchObject({ valueMinor: 20_000, stage: "validated" });
  expect(fine(await house.server.ask(convert, { body: order })).id).toBe(taken.id);
  expect((await house.server.ask(convert, { body: { ...order, valueMinor: 1 } })).ok).toBe(false);
  house.clock.at += 8 * DAY;
  const { store, record } = house.running.world;
  await mature(store, record, house.clock.at);
  const { statement } = fine(await ana.ask(influencerDoors.statementOf, { params: { contract } }));
  expect(statement.totalMinor).toBe(1450);
  await verified(house);
  await house.close();
});

test("what another process writes beside the server is told on the live stream too", async () => {
  const house = await openHouse(NOON);
  const { ana, link } = await setTheScene(house);
  const { brand } = house.brand;
  const order = async (id: string) => ({
    result: "sale",
    id,
    valueMinor: 20_000,
    currency: "USD",
    click: await clickOn(link.url),
  });
  const first = fine(await house.server.ask(convert, { body: await order("order-1") }));
  const line = new AbortController();
  const from = fine(await ana.ask(influencerDoors.earnings, {})).position;
  const stream = await fetch(`${house.origin}/v1/live?from=${from}`, { headers: ana.headers, signal: line.signal });
  const told: string[] = [];
  const heard = (async () => {
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      told.push(...[...chunk.matchAll(/"conversion":"(cnv_\w+)"/g)].map(([, id]) => id!));
      if (told.length >= 2) return line.abort();
    }
  })();
  const store = openSqlite(join(house.folder, "makegood.sqlite"));
  const { now } = house.running.world;
  const beside = openRecord({ store, now, follow: followTouches, order: 0, warn: () => {} });
  fine(await beside.decide(brand, approve(first.id, "brand")));
  const second = fine(await house.server.ask(convert, { body: await order("order-2") }));
  await heard;
  expect(told).toEqual([first.id, second.id]);
  await store.close();
  await house.close();
});

test("a stream that is only asked about, or that broke off, leaves nobody listening", async () => {
  const house = await openHouse(NOON);
  const { ana } = await setTheScene(house);
  const { record } = house.running.world;
  const hearing = new Set<unknown>();
  const { onCommit } = record;
  Object.assign(record, {
    onCommit: (hear: Parameters<typeof onCommit>[0]) => {
      const stop = onCommit(hear);
      hearing.add(hear);
      return () => {
        hearing.delete(hear);
        stop();
      };
    },
  });
  const asked = await fetch(`${house.origin}/v1/live`, { method: "HEAD", headers: ana.headers });
  expect(asked.headers.get("cache-control")).toBe("no-store");
  const line = new AbortController();
  const stream = await fetch(`${house.origin}/v1/live`, { headers: ana.headers, signal: line.signal });
  expect(stream.headers.get("cache-control")).toBe("no-store");
  await stream.body!.getReader().read();
  expect(hearing.size).toBe(1);
  line.abort();
  await vi.waitFor(() => expect(hearing.size).toBe(0));
  await house.close();
});

test("whoever opens a landing address that a friend passed on the day after does not inherit the friend's journey", async () => {
  const house = await openHouse(NOON);
  const scene = await setTheScene(house);
  const other = await another(house, scene);
  const k = house.brand.publishableKey;
  const ofBen = await clickOn(other.link.url);
  await say(house.origin, "/v1/beacon", { k, p, v: "friend-one", c: ofBen, n: "friend-view-1" });
  house.clock.at += DAY;
  const ofAna = await clickOn(scene.link.url);
  await say(house.origin, "/v1/beacon", { k, p, v: "friend-one", c: ofAna, n: "friend-view-2" });
  house.clock.at += DAY;
  await say(house.origin, "/v1/beacon", { k, p, v: "friend-two", c: ofAna, n: "friend-view-3" });
  house.clock.at += 60_000;
  const lead = {
    k,
    p,
    v: "friend-two",
    c: ofAna,
    n: "form-sent-9",
    result: "lead",
    fields: { email: "bo@home.example" },
  };
  await say(house.origin, "/v1/results", lead);
  const [row] = fine(await house.owner.ask(conversionDoors.conversions, { query: {} })).conversions;
  expect(row?.credited.map(({ name }) => name)).toEqual(["Ana Lima"]);
  await house.close();
});

test("a past that is brought in after a month was closed is paid in the open month, and the closed one stays as it was", async () => {
  const house = await openHouse(Date.UTC(2026, 10, 10, 12));
  const { ana, contract, link, campaign } = await setTheScene(house);
  const { record, bytes } = house.running.world;
  const { brand } = house.brand;
  await clickOn(link.url);
  const at = house.clock.at + 60_000;
  const touch = {
    id: "import:1",
    at,
    visitor: "past-visitor",
    click: null,
    kind: "click",
    link: `import:${campaign}`,
  } as const;
  house.clock.at += 30 * DAY;
  await record.take(brand, [{ ...touch, contract, robot: false }]);
  const statementNow = async () =>
    fine(await ana.ask(influencerDoors.statementOf, { params: { contract } })).statement.periods;
  const [november] = await statementNow();
  expect(november?.state).toBe("closed");
  const past = { result: "lead", externalId: "old-1", via: "import", robot: false, visitor: "past-visitor" } as const;
  const lead = { ...past, conversion: mint("conversion", bytes(13)), at: at + 60_000, clicks: [], campaign };
  fine(await record.decide(brand, report({ ...lead, fields: { email: "old@home.example" } }, true, "import")));
  const [stillNovember, december] = await statementNow();
  expect(stillNovember).toEqual(november);
  expect(december?.lines.at(-1)).toMatchObject({ code: "correction", amountMinor: 1000, conversion: lead.conversion });
  await verified(house);
  await house.close();
});
