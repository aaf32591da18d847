import { afterAll, beforeAll, expect, test } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { caller, fine, type House, signAs } from "../house.ts";
import { clickOn, DAY, headOf, LANDING, NOON, onDisk, openRivals, problemOf, type Scene, say, terms } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;

beforeAll(async () => {
  ({ house, scene, rival } = await openRivals());
});
afterAll(() => house.close());

const head = () => headOf(house, scene.brand.brand);
const many = <Value>(count: number, ask: (index: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)));

const post = (path: string, headers: Record<string, string>, body: unknown) =>
  fetch(house.origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const convertOnce = (body: unknown, key?: string) =>
  post(convert.path, { ...scene.server.headers, ...(key !== undefined && { "idempotency-key": key }) }, body);

test("a request repeated under its key gets the same answer, letter by letter, and changes nothing more", async () => {
  const click = await clickOn(scene.link.url);
  const body = `{"result":"sale","id":"keyed-1","valueMinor":4000,"currency":"USD","click":"${click}"}`;
  const reordered = `{ "currency": "USD", "id": "keyed-1", "click": "${click}", "valueMinor": 4e3, "result": "sale" }`;
  const first = await (await convertOnce(body, "key-1")).text();
  fine(await scene.server.ask(conversionDoors.approve, { params: { conversion: JSON.parse(first).id }, body: {} }));
  const before = await head();
  expect(await (await convertOnce(body, "key-1")).text()).toBe(first);
  expect(await (await convertOnce(reordered, "key-1")).text()).toBe(first);
  // Without the key the answer is how things stand now.
  expect(await (await convertOnce(body)).json()).toMatchObject({ id: JSON.parse(first).id, stage: "approved" });
  expect(await head()).toEqual(before);
});

test("a key that comes back with another body is refused, and nothing changes", async () => {
  fine(
    await scene.server.ask(convert, { body: { result: "sale", id: "k2" }, headers: { "idempotency-key": "key-2" } }),
  );
  const before = await head();
  const response = await convertOnce({ result: "sale", id: "k2-other" }, "key-2");
  expect(response.status).toBe(422);
  expect((await problemOf(response)).code).toBe("idempotency-key-reused");
  expect(await head()).toEqual(before);
});

test("one key at two doors, or of two callers, means two things", async () => {
  const headers = { "idempotency-key": "shared-key" };
  const mine = fine(await scene.server.ask(convert, { body: { result: "lead", id: "same-name" }, headers }));
  const theirs = fine(await rival.server.ask(convert, { body: { result: "lead", id: "same-name" }, headers }));
  expect(theirs.id).not.toBe(mine.id);
  const other = fine(
    await scene.server.ask(conversionDoors.approve, { params: { conversion: mine.id }, body: {}, headers }),
  );
  expect(other.id).toBe(mine.id);
});

test("requests under one key that come at the same moment act once, and are answered alike", async () => {
  const body = { name: "At once", hosts: ["once.example"] };
  const headers = { ...scene.owner.headers, "idempotency-key": "at-once" };
  const before = await head();
  const answers = await many(20, async () => (await post("/v1/campaigns", headers, body)).text());
  expect(new Set(answers).size).toBe(1);
  const { campaigns } = fine(await scene.owner.ask(brandDoors.campaigns));
  expect(campaigns.filter(({ name }) => name === "At once")).toHaveLength(1);
  const after = await head();
  expect(after).not.toEqual(before);
  const mixed = await many(10, (index) => post("/v1/campaigns", headers, { ...body, name: `Other ${index}` }));
  expect(mixed.map(({ status }) => status)).toEqual(Array(10).fill(422));
  expect(await head()).toEqual(after);
});

test("a secret key is made once under a key, and a repeat says so: it is shown once and never again", async () => {
  const headers = { ...scene.owner.headers, "idempotency-key": "key-for-a-key" };
  const ask = () => post("/v1/keys", headers, { name: "For the shop" });
  const answers = await many(5, ask);
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 409, 409, 409, 409]);
  const { key } = await answers.find(({ ok }) => ok)!.json();
  expect(key).toMatch(/^sk_/);
  const again = await problemOf(await ask());
  expect([again.code, again.detail.includes(key)]).toEqual(["key-already-made", false]);
  const { keys } = fine(await scene.owner.ask(brandDoors.secretKeys));
  expect(keys.filter(({ name }) => name === "For the shop")).toHaveLength(1);
});

test("what moves money asks for a key that says something", async () => {
  for (const [path, body] of [
    ["/v1/deposits", { rail: "manual", currency: "USD", amountMinor: 100 }],
    ["/v1/tax-remittances", { rail: "manual", currency: "USD", amountMinor: 1, reference: "Bank 18" }],
  ] as const)
    for (const headers of [{}, { "idempotency-key": "" }]) {
      const response = await post(path, { ...scene.owner.headers, ...headers }, body);
      expect([path, response.status, (await problemOf(response)).code]).toEqual([path, 400, "idempotency-key-needed"]);
    }
});

test("the key outlives a restart", async () => {
  const body = { result: "sale", id: "kept", valueMinor: 100, currency: "USD" };
  const first = await (await convertOnce(body, "key-kept")).text();
  await house.restart();
  // The first knock finds the old connections closed.
  for (let shut = true; shut; )
    shut = await fetch(`${house.origin}/v1/health`)
      .then((it) => !it.ok)
      .catch(() => true);
  expect(await (await convertOnce(body, "key-kept")).text()).toBe(first);
});

test("what a refused request asked can be asked again under its key", async () => {
  const bad = { result: "sale", id: "mended", valueMinor: 5 };
  expect((await convertOnce(bad, "key-mended")).status).toBe(422);
  expect((await convertOnce({ ...bad, currency: "USD" }, "key-mended")).status).toBe(200);
});

test("every decision of a brand can be repeated under its key: campaigns, invitations, drafts, polls", async () => {
  const { campaign, influencer, owner } = scene;
  const questions = [{ id: "why", kind: "text", title: "Why?" }];
  const asked: readonly (readonly [string, object])[] = [
    ["/v1/campaigns", { name: "Winter", hosts: ["winter.example"] }],
    ["/v1/influencers", { name: "Cleo" }],
    ["/v1/contracts", { campaign, influencer, terms }],
    [`/v1/campaigns/${campaign}/polls`, { title: "Why?", questions }],
  ];
  for (const [path, body] of asked) {
    const headers = { ...owner.headers, "idempotency-key": `once-${path}` };
    const ask = async () => (await post(path, headers, body)).json();
    const first = await ask();
    const before = await head();
    const again = await ask();
    // An invitation's link is kept only as a digest: the repeat brings a new one, to the same influencer.
    expect({ ...again, invitationUrl: "" }, path).toEqual({ ...first, invitationUrl: "" });
    expect(await head(), path).toEqual(before);
    expect((await post(path, headers, { ...body, name: "Other", title: "Other" })).status, path).toBeGreaterThan(399);
    expect(await head(), path).toEqual(before);
  }
});

test("a result's own id names it: the same report is the same conversion, another is refused and changes nothing", async () => {
  const sale = { result: "sale", id: "order-1", valueMinor: 19_900, currency: "USD", fields: { email: "a@b.example" } };
  const row = fine(await scene.server.ask(convert, { body: sale }));
  const before = await head();
  house.clock.at += 1000;
  expect(fine(await scene.server.ask(convert, { body: sale })).id).toBe(row.id);
  const others = [
    { ...sale, valueMinor: 19_901 },
    { ...sale, currency: "EUR" },
    { ...sale, at: NOON },
    { ...sale, code: "SPRING" },
    { ...sale, visitor: "visitor-other" },
    { ...sale, fields: { email: "other@b.example" } },
    { result: "sale", id: "order-1" },
  ];
  for (const other of others) {
    const response = await convertOnce(other);
    expect(response.status, JSON.stringify(other)).toBe(409);
    expect((await problemOf(response)).code).toBe("already-recorded");
  }
  expect(await head()).toEqual(before);
  // The id belongs to the result: a lead of the same id is another conversion, and so is a near miss.
  const near = [
    { ...sale, result: "lead" },
    { ...sale, id: "order-1 " },
    { ...sale, id: "ORDER-1" },
  ];
  const found = await Promise.all(near.map(async (body) => fine(await scene.server.ask(convert, { body })).id));
  expect(new Set([row.id, ...found]).size).toBe(4);
});

test("fifty duplicates at once are one conversion, one payment, one reversal", async () => {
  const click = await clickOn(scene.link.url);
  const sale = { result: "sale", id: "rush", valueMinor: 10_000, currency: "USD", click };
  const rows = await many(50, async () => fine(await scene.server.ask(convert, { body: sale })));
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  const conversion = rows[0]!.id;
  const reversal = { params: { conversion }, body: { reversal: "refund-1", permille: 400 } };
  await many(50, async () => fine(await scene.server.ask(conversionDoors.reverse, reversal)));
  const page = fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion } }));
  expect(page.events.map(({ what }) => what)).toEqual(["recorded", "judged", "reversed"]);
  expect(page.parts[0]).toMatchObject({ shareMicro: 1_000_000, amountMinor: 435 });
});

test("fifty requests under one key at once are decided once and told the same", async () => {
  const before = await head();
  const body = { result: "sale", id: "rush-keyed" };
  const told = await many(50, async () => (await convertOnce(body, "key-rush")).text());
  expect(new Set(told).size).toBe(1);
  expect((await head()).seq).toBe(before.seq + 2);
});

test("of fifty different reports under one id, one is recorded and the others are refused", async () => {
  const statuses = await many(50, async (index) => {
    const body = { result: "sale", id: "contested", valueMinor: 1000 + index, currency: "USD" };
    return (await convertOnce(body)).status;
  });
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(49);
});

test("a reversal acts once under its id, never beyond the whole, and never under another amount", async () => {
  const { id: conversion } = fine(await scene.server.ask(convert, { body: { result: "lead", id: "to-reverse" } }));
  const reverse = (reversal: string, permille: number) =>
    scene.server.ask(conversionDoors.reverse, { params: { conversion }, body: { reversal, permille } });
  fine(await reverse("r-1", 600));
  const before = await head();
  fine(await reverse("r-1", 600));
  expect(await reverse("r-1", 500)).toMatchObject({ refusal: { code: "already-recorded" } });
  expect(await reverse("r-2", 401)).toMatchObject({ refusal: { code: "more-than-whole" } });
  expect(await head()).toEqual(before);
  fine(await reverse("r-2", 400));
  const row = fine(await scene.owner.ask(conversionDoors.conversions, {})).conversions.find(
    ({ id }) => id === conversion,
  );
  expect(row?.stage).toBe("reversed");
});

test("approving, rejecting and closing twice record once", async () => {
  const { id: conversion } = fine(await scene.server.ask(convert, { body: { result: "lead", id: "to-decide" } }));
  const approve = () => scene.owner.ask(conversionDoors.approve, { params: { conversion }, body: {} });
  const reject = () =>
    scene.owner.ask(conversionDoors.reject, { params: { conversion }, body: { reason: "fake" as const } });
  for (const decide of [approve, reject]) {
    fine(await decide());
    const before = await head();
    await many(10, async () => fine(await decide()));
    expect(await head()).toEqual(before);
  }
});

test("one page view answers a poll once, one submission is one lead, one view is one visit", async () => {
  const questions = [{ id: "score", kind: "scale" as const, title: "How likely?" }];
  const opened = {
    params: { campaign: scene.campaign },
    body: { title: "One question", questions, showResults: true },
  };
  const { poll } = fine(await scene.owner.ask(brandDoors.openPoll, opened));
  const whence = { k: scene.brand.publishableKey, p: LANDING, v: "visitor-once" };
  const answer = { ...whence, n: "answer-0001", poll: poll.id, answers: { score: 7 } };
  const told = await many(20, async () => (await say(house.origin, "/v1/answers", answer)).json());
  expect(told.every(({ tally }) => tally.responses === 1)).toBe(true);
  const other = await say(house.origin, "/v1/answers", { ...answer, answers: { score: 1 } });
  expect(await other.json()).toEqual({ tally: { responses: 1, questions: { score: { "7": 1 } } } });

  const lead = { ...whence, n: "lead-0001", result: "lead", fields: { email: "once@visitor.example" } };
  const recorded = await many(20, async () => (await say(house.origin, "/v1/results", lead)).json());
  expect(recorded.filter((it) => it.recorded)).toHaveLength(1);
  expect((await say(house.origin, "/v1/results", { ...lead, fields: { email: "x@y.example" } })).status).toBe(409);

  const visits = async () =>
    fine(await scene.owner.ask(brandDoors.campaign, { params: { campaign: scene.campaign } })).visits;
  const before = await visits();
  const view = { ...whence, n: "view-once" };
  await many(20, () => say(house.origin, "/v1/beacon", view));
  await say(house.origin, "/v1/beacon", view);
  expect(await visits()).toBe(before + 1);
  const touches = onDisk(house.folder, scene.brand.brand).touch!.filter(({ id }) => id === "visit:view-once");
  expect(touches).toHaveLength(1);
});

test("one destination has one link, however it is spelled and however often it is asked for", async () => {
  const grab = async (destination: string) => {
    const params = { contract: scene.contract };
    return fine(await scene.ana.ask(influencerDoors.grabLink, { params, body: { destination } })).code;
  };
  const spellings = [
    "http://localhost:9/sale?a=1",
    " http://LOCALHOST:9/sale?a=1 ",
    "http://localhost:9/./x/../sale?a=1",
    "http://localhost:9/sale?a=1&mg=stale.click",
  ];
  const codes = await many(40, (index) => grab(spellings[index % spellings.length]!));
  expect(new Set(codes).size).toBe(1);
  expect(await grab("http://localhost:9/sale?a=2")).not.toBe(codes[0]);
});

test("signing twice is signing once, under the name first typed, and only what is on offer can be signed", async () => {
  const { campaign, influencer, owner, ana } = scene;
  const body = { campaign, influencer, terms: { ...terms, ends: "2026-12-30" } };
  const draft = fine(await owner.ask(brandDoors.draftContract, { body }));
  const params = { contract: draft.id };
  const sign = (who: typeof ana, termsHash: string, name: string) => signAs(who, draft.id, termsHash, name);
  const again = fine(await owner.ask(brandDoors.draftContract, { body: { ...body, contract: draft.id, terms } }));
  expect(again.version).toBe(2);
  expect(await sign(ana, again.termsHash, "Ana Lima")).toMatchObject({ refusal: { code: "not-found" } });
  fine(await owner.ask(brandDoors.offerContract, { params, body: {} }));
  expect(await sign(ana, draft.termsHash, "Ana Lima")).toMatchObject({ refusal: { code: "terms-changed" } });
  fine(await sign(ana, again.termsHash, "Ana Lima"));
  const before = await head();
  expect(fine(await sign(ana, again.termsHash, "Mallory")).signatures).toMatchObject([{ name: "Ana Lima" }]);
  expect(await head()).toEqual(before);
  await many(10, async () => fine(await sign(owner, again.termsHash, "Olive Owner")));
  const done = fine(await owner.ask(influencerDoors.contract, { params }));
  expect(done).toMatchObject({ status: "running", signatures: [{ name: "Ana Lima" }, { name: "Olive Owner" }] });
  expect(await sign(ana, draft.termsHash, "Ana Lima")).toMatchObject({ ok: false });
});

test("two brands that use the same names for things never meet", async () => {
  const shared = { result: "sale", id: "order-shared", valueMinor: 10_000, currency: "USD", visitor: "visitor-shared" };
  for (const [{ owner, contract }, code] of [
    [scene, "TWIN"],
    [rival, "TWIN"],
  ] as const)
    fine(await owner.ask(brandDoors.createCode, { params: { contract }, body: { code } }));
  const mine = fine(await scene.server.ask(convert, { body: { ...shared, code: "TWIN" } }));
  const theirs = fine(await rival.server.ask(convert, { body: { ...shared, valueMinor: 20_000, code: "twin" } }));
  expect(mine.credited).toMatchObject([{ influencer: scene.influencer }]);
  expect(theirs.credited).toMatchObject([{ influencer: rival.influencer }]);
  const reversal = { reversal: "same-refund", permille: 500 };
  fine(await scene.server.ask(conversionDoors.reverse, { params: { conversion: mine.id }, body: reversal }));
  const kept = fine(await rival.owner.ask(conversionDoors.conversions, {})).conversions.find(
    ({ id }) => id === theirs.id,
  );
  expect(kept?.stage).toBe("validated");
  const both = await many(2, async (index) => {
    const { brand } = [scene, rival][index]!;
    const body = { k: brand.publishableKey, p: LANDING, n: "lead-twins", v: "visitor-twin", result: "lead" };
    return (await say(house.origin, "/v1/results", body)).json();
  });
  expect(both).toEqual([{ recorded: true }, { recorded: true }]);
});

test("an invitation and a sign-in link let one person in, once", async () => {
  const invited = fine(await scene.owner.ask(brandDoors.invite, { body: { name: "Dora" } }));
  const token = new URL(invited.invitationUrl).hash.slice("#token=".length);
  const join = () => post("/v1/join", { origin: house.origin }, { token, name: "Dora" });
  const answers = await many(10, join);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const refused of answers.filter(({ status }) => status !== 200)) await problemOf(refused);
  const one = { email: "olive@acme.example", path: "/campaigns" };
  const link = await house.running.world.people.oneTimeLink(one);
  const enter = () => post("/v1/enter", { origin: house.origin }, { token: link?.token });
  expect((await many(10, enter)).filter(({ status }) => status === 200)).toHaveLength(1);
});

test("a revoked key opens nothing, at once", async () => {
  const { id, key } = fine(await scene.owner.ask(brandDoors.newSecretKey, { body: { name: "Short-lived" } }));
  const server = caller(house.origin, { authorization: `Bearer ${key}` });
  fine(await server.ask(convert, { body: { result: "lead", id: "by-short-lived" } }));
  fine(await scene.owner.ask(brandDoors.revokeSecretKey, { params: { key: id }, body: {} }));
  expect(await server.ask(convert, { body: { result: "lead", id: "too-late" } })).toMatchObject({
    refusal: { code: "not-signed-in" },
  });
});

test("what falls due matures once, however often the clock looks", async () => {
  const { mature } = await import("../../server/engine/clock.ts");
  const { store, record } = house.running.world;
  house.clock.at += 40 * DAY;
  await many(5, () => mature(store, record, house.clock.at));
  const matured = onDisk(house.folder, scene.brand.brand)
    .fact!.map(({ body }) => JSON.parse(String(body)))
    .filter(({ type }) => type === "conversion-matured");
  expect(matured.length).toBeGreaterThan(3);
  expect(new Set(matured.map((it) => JSON.stringify(it))).size).toBe(matured.length);
  expect(await mature(store, record, house.clock.at)).toBe(0);
});
