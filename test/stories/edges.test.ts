import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import { health } from "../../shared/wire/health.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { caller, fine, type House, openHouse } from "../house.ts";
import { anotherBrand, clickOn, DAY, LANDING, NOON, problemOf, type Scene, say, setTheScene, terms } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  const pay = [...terms.pay, { rule: "share", result: "sale", rateBp: 10_000 }];
  scene = await setTheScene(house, house, { terms: { ...terms, pay } });
  rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
});
afterAll(() => house.close());

const isUp = async (): Promise<void> => {
  expect(fine(await caller(house.origin, {}).ask(health)).ok).toBe(true);
};

test("sums stop at the largest amount there is, and everything still comes out", async () => {
  const params = { contract: scene.contract };
  const ids: string[] = [];
  for (const id of ["largest-1", "largest-2", "largest-3"]) {
    const click = await clickOn(scene.link.url);
    const sale = { result: "sale", id, valueMinor: Number.MAX_SAFE_INTEGER, currency: "USD", click };
    ids.push(fine(await scene.server.ask(convert, { body: sale })).id);
  }
  const told = fine(await scene.ana.ask(influencerDoors.statementOf, { params }));
  expect(told.statement.totalMinor).toBe(Number.MAX_SAFE_INTEGER);
  const { earnings } = fine(await scene.ana.ask(influencerDoors.earnings));
  expect(earnings[0]?.money.validatedMinor).toBe(Number.MAX_SAFE_INTEGER);
  for (const conversion of ids)
    fine(
      await scene.server.ask(conversionDoors.reverse, {
        params: { conversion },
        body: { reversal: "all", permille: 1000 },
      }),
    );
  expect(fine(await scene.ana.ask(influencerDoors.statementOf, { params })).statement.totalMinor).toBe(0);
  const row = { result: "sale", id: "too-large", valueMinor: 2 ** 53, currency: "USD" };
  expect(await scene.server.ask(convert, { body: row })).toMatchObject({ refusal: { code: "bad-request" } });
});

test("names that every object answers to are refused where they would be counted, and harmless in a form", async () => {
  const option = (id: string) => [
    { id, label: "One" },
    { id: "two", label: "Two" },
  ];
  const question = (id: string, first: string) => ({
    id,
    kind: "choice" as const,
    title: "Which?",
    options: option(first),
  });
  const open = (it: ReturnType<typeof question>) => {
    const body = { title: "Which?", questions: [it] };
    return scene.owner.ask(brandDoors.openPoll, { params: { campaign: scene.campaign }, body });
  };
  for (const it of [question("constructor", "one"), question("which", "constructor"), question("prototype", "one")])
    expect(await open(it)).toMatchObject({ refusal: { code: "bad-request" } });
  const { poll } = fine(await open(question("tostring", "valueof")));
  const whence = { k: scene.brand.publishableKey, p: LANDING };
  const answer = { ...whence, n: "odd-answer", poll: poll.id, answers: { tostring: "valueof" } };
  expect((await say(house.origin, "/v1/answers", answer)).status).toBe(200);
  for (const answers of [{ constructor: "one" }, { toString: "one" }, { hasOwnProperty: 1 }])
    await problemOf(await say(house.origin, "/v1/answers", { ...answer, n: "odd-answer-2", answers }));
  const page = fine(await scene.owner.ask(brandDoors.poll, { params: { poll: poll.id } }));
  expect(page.tally).toEqual({ tostring: { valueof: 1 } });

  const fields = { constructor: "Frank Lloyd", toString: "x", "": "y", email: "odd@visitor.example" };
  const lead = { ...whence, n: "odd-lead", id: "odd-lead", result: "lead", fields };
  expect(await (await say(house.origin, "/v1/results", lead)).json()).toEqual({ recorded: true });
});

test("a flood of views by one visitor does not swell what is recorded of them, nor hide who brought them", async () => {
  const { record, store } = house.running.world;
  const { brand } = scene.brand;
  const [visitor, at] = ["visitor-flood", house.clock.at];
  const view = { k: scene.brand.publishableKey, p: LANDING, v: visitor };
  await say(house.origin, "/v1/beacon", { ...view, n: "view-before-flood", c: await clickOn(scene.link.url) });
  house.clock.at += DAY;
  const flood = Array.from({ length: 5000 }, (_, index) => ({
    ...{ id: `visit:flood-${index}`, at: at + 1 + index * 10_000, visitor, click: null },
    ...{ kind: "visit" as const, link: "", contract: null, robot: false },
  }));
  await record.take(brand, flood);
  const fields = { email: "flood@visitor.example" };
  expect((await say(house.origin, "/v1/results", { ...view, n: "lead-flood", result: "lead", fields })).status).toBe(
    200,
  );
  const [row] = fine(await scene.owner.ask(conversionDoors.conversions, {})).conversions;
  expect(row?.credited).toMatchObject([{ influencer: scene.influencer }]);
  const facts = await store.facts(brand, 0, 10_000);
  expect(Math.max(...facts.map(({ body }) => body.length))).toBeLessThan(300_000);
});

test("what cannot be done for one brand holds up nobody else, nor the rest of that brand", async () => {
  const { store, record } = house.running.world;
  const { brand } = scene.brand;
  const sold: string[] = [];
  for (const { server, link, brand } of [scene, rival]) {
    const sale = { result: "sale", id: "to-mature", valueMinor: 100, currency: "USD", click: await clickOn(link.url) };
    sold.push(`${brand.brand} ${fine(await server.ask(convert, { body: sale })).id}`);
  }
  const documents = new Map([["due/000000000000001/cnv_gone/con_gone/approved", {}]]);
  const nothing = {
    facts: [],
    privates: new Map(),
    touches: [],
    counts: new Map(),
    answers: new Map(),
    names: new Map(),
  };
  await store.commit([{ brand, expect: await store.head(brand), documents, ...nothing }]);
  house.clock.at += 8 * DAY;
  await expect(mature(store, record, house.clock.at)).rejects.toThrow("cnv_gone");
  for (const { owner } of [scene, rival]) {
    const { conversions } = fine(await owner.ask(conversionDoors.conversions, {}));
    expect(conversions.find(({ externalId }) => externalId === "to-mature")?.stage).toBe("approved");
  }
});

/** Write bytes to the server by hand, and give back what it says before it hangs up or falls silent. */
const byHand = (bytes: string, hangUp = false): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(house.origin).port), "127.0.0.1");
    let said = "";
    socket.setTimeout(300, () => socket.destroy());
    socket.on("data", (chunk) => {
      said += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said));
    socket.write(bytes, () => hangUp && socket.destroy());
  });

test("callers who do not speak HTTP, or hang up in the middle, leave the server standing", async () => {
  const host = "Host: localhost\r\n";
  const beacon = `POST /v1/beacon HTTP/1.1\r\n${host}`;
  const half: readonly string[] = [
    `${beacon}Content-Length: 500\r\n\r\n{"k":`,
    `${beacon}Transfer-Encoding: chunked\r\n\r\n5\r\n{"k":\r\n`,
    `POST /v1/join HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{`,
    `GET /l/${scene.link.code} HTTP/1.1\r\n${host}`,
    `GET /v1/live HTTP/1.1\r\n${host}Cookie: ${scene.ana.headers.cookie}\r\n\r\n`,
  ];
  for (const bytes of half) await byHand(bytes, true);
  const strange: readonly string[] = [
    "GET / HTTP/9.9\r\n\r\n",
    "\u0000\u0001\u0002\r\n\r\n",
    "GET /v1/health HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n",
    "GET /v1/health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
    `GET http://[bad/v1/health HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `GET //evil.example/l/x HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `GET /l/%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `GET /v1/contracts/%ff%fe HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `GET /v1/page?k=%ff&p=%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `GET /v1/health HTTP/1.1\r\n${host}X: ${"y".repeat(100_000)}\r\n\r\n`,
    `${beacon}Content-Length: -5\r\n\r\n{}`,
    `${beacon}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${beacon}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
    `${beacon}Content-Length: 0\r\nConnection: close\r\n\r\n`,
    `OPTIONS * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    `TRACE / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  ];
  for (const bytes of strange) {
    const said = await byHand(bytes);
    expect(said.slice(0, 12), bytes.slice(0, 60)).toMatch(/^(HTTP\/1\.1 [24]|$)/);
    expect(said).not.toMatch(/node_modules|\.ts:/);
  }
  await isUp();
});

test("a caller who hangs up in the middle of a body is not news for the log", async () => {
  const log = vi.spyOn(console, "error");
  const start = "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  await byHand(`POST /v1/beacon ${start}Content-Length: 500\r\n\r\n{`, true);
  await byHand(`POST /v1/results ${start}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, true);
  await byHand(`POST /v1/join ${start}Content-Length: 500\r\n\r\n{`, true);
  await isUp();
  await isUp();
  expect(log).not.toHaveBeenCalled();
  log.mockRestore();
});

test("a sale reported by its visitor alone is the campaign's whose link led to it, though there are several", async () => {
  const { owner, server, campaign } = scene;
  const other = fine(await owner.ask(brandDoors.createCampaign, { body: { name: "Winter", hosts: ["localhost:9"] } }));
  const page = async (id: string) => fine(await owner.ask(brandDoors.campaign, { params: { campaign: id } }));
  const before = (await page(campaign)).results.sale ?? 0;
  const told = { k: scene.brand.publishableKey, p: LANDING, v: "visitor-alone", n: "told-alone-1" };
  expect((await say(house.origin, "/v1/beacon", { ...told, c: await clickOn(scene.link.url) })).ok).toBe(true);
  const body = { result: "sale", id: "alone", valueMinor: 100, currency: "USD", visitor: "visitor-alone" };
  const { id } = fine(await server.ask(convert, { body }));
  expect((await page(campaign)).results.sale).toBe(before + 1);
  expect((await page(other.id)).results).toEqual({});
  const { conversions } = fine(await owner.ask(conversionDoors.conversions, { query: { campaign } as never }));
  expect(conversions.map((it) => it.id)).toContain(id);
});
