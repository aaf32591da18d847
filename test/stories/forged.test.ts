import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mintClick } from "../../server/doors/click.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { fine, type House } from "../house.ts";
import { clickOn, follow, HUMAN, headOf, LANDING, onDisk, openRivals, problemOf, type Scene, say } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;

beforeAll(async () => {
  ({ house, scene, rival } = await openRivals());
});
afterAll(() => house.close());

const given = new Set<string>();
const fresh = (word: string): string => {
  const name = `${word}-${String(given.size).padStart(6, "0")}`;
  given.add(name);
  return name;
};

/** A landing page's message of the scene's brand, with what is given added. */
const tell = (path: string, given: object, headers: Record<string, string> = {}) => {
  const whence = { k: scene.brand.publishableKey, p: LANDING, n: fresh("told") };
  return say(house.origin, path, { ...whence, ...given }, headers);
};

/** Convert on the landing page and give back whom the lead was credited to. */
const creditedFor = async (given: object, headers: Record<string, string> = {}): Promise<readonly string[]> => {
  const id = fresh("lead");
  const fields = { email: `${id}@visitor.example` };
  expect((await tell("/v1/results", { result: "lead", id, fields, ...given }, headers)).status).toBe(200);
  const { conversions } = fine(await scene.owner.ask(conversionDoors.conversions, {}));
  const row = conversions.find(({ externalId }) => externalId === id);
  return row!.credited.map(({ influencer }) => influencer);
};

const touches = (brand = scene.brand.brand) => onDisk(house.folder, brand).touch!;

describe("a click id that is not ours counts for nothing", () => {
  const flipped = (click: string, index: number): string => {
    const letter = click[index] === "A" ? "B" : "A";
    return click.slice(0, index) + letter + click.slice(index + 1);
  };

  test("with any one letter changed, or cut, or stretched, or another link's, or another brand's", async () => {
    const click = await clickOn(scene.link.url);
    const [code = "", token = ""] = click.split(".");
    const params = { contract: scene.contract };
    const destination = `${LANDING}?other`;
    const other = fine(await scene.ana.ask(influencerDoors.grabLink, { params, body: { destination } }));
    const { key } = house.running.world;
    const forged = [
      ...[...token].map((_, index) => flipped(click, code.length + 1 + index)),
      `${other.code}.${token}`,
      `${rival.link.code}.${token}`,
      await clickOn(rival.link.url),
      mintClick(key, rival.brand.brand, code, house.clock.at, new Uint8Array(10)).id,
      click.slice(0, -1),
      `${click}A`,
      `${click}.`,
      `${click}.again`,
      `${click}=`,
      ` ${click}`,
      click.toUpperCase(),
      `${code}.`,
      `.${token}`,
      `${code}.${"A".repeat(159 - code.length)}`,
    ];
    const before = touches().length;
    for (const c of forged) {
      expect((await tell("/v1/beacon", { c })).status, c).toBe(204);
      const answer = await scene.server.ask(convert, { body: { result: "sale", id: fresh("order"), click: c } });
      expect(answer, c).toMatchObject({ ok: false, refusal: { code: "bad-click" } });
    }
    expect(touches()).toHaveLength(before);
    for (const c of forged.slice(-12)) expect(await creditedFor({ c }), c).toEqual([]);
    expect(await creditedFor({ c: click })).toEqual([scene.influencer]);
  });

  test("or ten kilobytes long", async () => {
    const c = `${scene.link.code}.${"A".repeat(10_000)}`;
    const before = await headOf(house, scene.brand.brand);
    for (const path of ["/v1/beacon", "/v1/results", "/v1/answers"]) {
      const response = await tell(path, { c, result: "lead" });
      expect(response.status, path).toBe(400);
      await problemOf(response);
    }
    const answer = await scene.server.ask(convert, { body: { result: "sale", id: fresh("order"), click: c } });
    expect(answer).toMatchObject({ refusal: { code: "bad-request" } });
    expect(await headOf(house, scene.brand.brand)).toEqual(before);
  });

  test("and repeating a true one makes no second touch", async () => {
    const c = await clickOn(scene.link.url);
    await house.running.world.record.idle();
    const before = touches().length;
    for (let index = 0; index < 5; index += 1) await tell("/v1/beacon", { c, n: "view-repeated" });
    expect(touches()).toHaveLength(before + 1);
  });
});

test("a click whose touch was lost is mended by whoever repeats its id, page or server", async () => {
  const { key } = house.running.world;
  const lost = (byte: number) =>
    mintClick(key, scene.brand.brand, scene.link.code, house.clock.at, new Uint8Array(10).fill(byte)).id;
  expect(await creditedFor({ c: lost(1) })).toEqual([scene.influencer]);
  const row = fine(await scene.server.ask(convert, { body: { result: "sale", id: fresh("order"), click: lost(2) } }));
  expect(row.credited).toMatchObject([{ influencer: scene.influencer, shareMicro: 1_000_000 }]);
});

test("a page that repeats a view's nonce for somebody else changes nothing about the first", async () => {
  const [v, thief] = [fresh("visitor"), fresh("visitor-thief")];
  const c = await clickOn(scene.link.url);
  await tell("/v1/beacon", { c, v, n: "view-contested" });
  const alike = { v: thief, n: "view-contested" };
  // At once with the lead, and after it: either way the touch stays as it first came.
  const [credited] = await Promise.all([
    creditedFor({ v: thief }),
    tell("/v1/beacon", { ...alike, c: scene.link.code }),
  ]);
  expect(credited).toEqual([]);
  expect(touches().find(({ id }) => id === "visit:view-contested")).toMatchObject({ visitor: v, click: c });
});

describe("a key or a code of one brand opens nothing of another", () => {
  test("an unknown publishable key is refused, also one that is somebody's link or id", async () => {
    const keys = [`pk_${"0".repeat(20)}`, `pk_${scene.brand.brand.slice(4)}`];
    for (const k of keys)
      for (const path of ["/v1/beacon", "/v1/results", "/v1/answers"]) {
        const body = { k, p: LANDING, n: fresh("told"), result: "lead", poll: "pol_x", answers: {} };
        const { result: _, poll: __, answers: ___, ...view } = body;
        const bodies = { "/v1/beacon": view, "/v1/results": { ...view, result: "lead" } } as Record<string, object>;
        const answer = { ...view, poll: "pol_x", answers: {} };
        const response = await say(house.origin, path, bodies[path] ?? answer);
        expect(response.status, path).toBe(401);
        expect((await problemOf(response)).code).toBe("unknown-key");
        expect(response.headers.get("access-control-allow-origin")).toBe("*");
      }
    const asked = await fetch(`${house.origin}/v1/page?k=${keys[0]}&p=${encodeURIComponent(LANDING)}`);
    expect(asked.status).toBe(401);
    await problemOf(asked);
  });

  test("one brand's key cannot answer another brand's poll", async () => {
    const questions = [{ id: "score", kind: "scale" as const, title: "How likely?" }];
    const body = { title: "Rivals only", questions };
    const { poll } = fine(await rival.owner.ask(brandDoors.openPoll, { params: { campaign: rival.campaign }, body }));
    const before = [await headOf(house, scene.brand.brand), await headOf(house, rival.brand.brand)];
    const response = await tell("/v1/answers", { poll: poll.id, answers: { score: 3 } });
    const never = await tell("/v1/answers", { poll: `pol_${"0".repeat(20)}`, answers: { score: 3 } });
    expect([response.status, never.status]).toEqual([404, 404]);
    expect(await problemOf(response)).toEqual(await problemOf(never));
    expect([await headOf(house, scene.brand.brand), await headOf(house, rival.brand.brand)]).toEqual(before);
  });

  test("a promo code of another brand, or of none, credits nobody", async () => {
    const body = { code: "RIVALS20" };
    fine(await rival.owner.ask(brandDoors.createCode, { params: { contract: rival.contract }, body }));
    expect(await creditedFor({ code: "RIVALS20" })).toEqual([]);
    expect(await creditedFor({ code: "NEVER" })).toEqual([]);
    const sale = { result: "sale", id: fresh("order"), code: "RIVALS20" };
    expect(fine(await scene.server.ask(convert, { body: sale })).credited).toEqual([]);
    expect(await creditedFor({ c: rival.link.code })).toEqual([]);
  });
});

describe("machines are served like anyone and credited like nobody", () => {
  const robots = [
    { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" },
    { "user-agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)" },
    { "user-agent": "curl/8.5.0" },
    { "user-agent": "" },
    { "user-agent": HUMAN, "sec-purpose": "prefetch;prerender" },
    { "user-agent": HUMAN, purpose: "prefetch" },
  ];

  test.each(robots)("%o", async (headers) => {
    const clicks = async () =>
      fine(await scene.owner.ask(brandDoors.campaign, { params: { campaign: scene.campaign } })).clicks;
    const before = await clicks();
    const c = await clickOn(scene.link.url, { headers });
    const v = fresh("visitor");
    expect((await tell("/v1/beacon", { c, v }, headers)).status).toBe(204);
    expect(await creditedFor({ v })).toEqual([]);
    expect(await clicks()).toBe(before);
  });

  test("asking for the head of a link is answered and credited like a machine's", async () => {
    const response = await follow(scene.link.url, { method: "HEAD" });
    expect(response.status).toBe(302);
    const c = new URL(response.headers.get("location")!).searchParams.get("mg")!;
    await house.running.world.record.idle();
    expect(touches().find(({ id }) => id === c)).toMatchObject({ robot: 1 });
    expect((await follow(`${house.origin}/l/nothing00`, { method: "HEAD" })).status).toBe(404);
  });

  test("a link fetched ahead and then really opened is the person's", async () => {
    const c = await clickOn(scene.link.url, { headers: { "sec-purpose": "prefetch" } });
    const v = fresh("visitor");
    expect((await tell("/v1/beacon", { c, v })).status).toBe(204);
    expect(await creditedFor({ c, v })).toEqual([scene.influencer]);
  });
});

test("who asks not to be followed leaves no trace of themselves, and the link is credited all the same", async () => {
  const quiet = { "sec-gpc": "1" };
  const v = "visitor-who-asks-for-quiet";
  const c = await clickOn(scene.link.url);
  const told = await clickOn(scene.link.url, { headers: quiet });
  expect(told).toBe(scene.link.code);
  await house.running.world.record.idle();
  const [before, head] = [touches().length, await headOf(house, scene.brand.brand)];
  // The page passes on more than it should: a visitor, and a click id from before.
  const lost = mintClick(
    house.running.world.key,
    scene.brand.brand,
    scene.link.code,
    house.clock.at,
    new Uint8Array(10),
  );
  for (const given of [{ v, c }, { v, c: lost.id }, { v, c: told }, { c: told }])
    expect((await tell("/v1/beacon", given, quiet)).status).toBe(204);
  expect(await creditedFor({ v, c: lost.id }, quiet)).toEqual([scene.influencer]);
  expect(await creditedFor({ c: told }, quiet)).toEqual([scene.influencer]);
  expect(touches()).toHaveLength(before);
  const since = onDisk(house.folder, scene.brand.brand).fact!.filter(({ seq }) => Number(seq) > head.seq);
  expect(since.length).toBeGreaterThan(3);
  const written = readdirSync(house.folder).map((name) => readFileSync(join(house.folder, name)));
  for (const secret of [v, lost.id, lost.id.split(".")[1]!])
    expect(written.some((bytes) => bytes.includes(secret))).toBe(false);
  expect(JSON.stringify(since)).not.toContain(c);
});
