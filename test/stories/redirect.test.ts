import { afterAll, beforeAll, expect, test } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { fine, type House, openHouse } from "../house.ts";
import { clickOn, follow, headOf, LANDING, NOON, type Scene, say, setTheScene } from "./scene.ts";

let house: House;
let scene: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
  for (const host of ["shop.example", "unseen.example"])
    fine(await scene.owner.ask(brandDoors.addHost, { params: { campaign: scene.campaign }, body: { host } }));
  const seen = { k: scene.brand.publishableKey, p: "https://shop.example/", n: "view-shop-1" };
  expect((await say(house.origin, "/v1/beacon", seen)).status).toBe(204);
});
afterAll(() => house.close());

const grab = (destination: string) =>
  scene.ana.ask(influencerDoors.grabLink, { params: { contract: scene.contract }, body: { destination } });

test("a code nobody gave leads to a friendly page that repeats nothing of what was asked", async () => {
  const asked = [
    "nothing00",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "<img src=x onerror=alert(1)>",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%E0%A4",
    "a".repeat(8000),
    `${scene.link.code}%0d%0aset-cookie:x=1`,
    scene.link.code.toUpperCase(),
    scene.brand.publishableKey,
    "%F0%9F%92%A9",
    "",
  ];
  for (const code of asked) {
    const response = await follow(`${house.origin}/l/${code}`);
    const page = await response.text();
    expect(response.status, code.slice(0, 40)).toBe(404);
    expect(response.headers.get("location")).toBeNull();
    expect(response.headers.get("set-cookie")).toBeNull();
    if (code !== "") expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const part of ["script>", "alert", "onerror", "passwd", "nothing00", "aaaa"]) expect(page).not.toContain(part);
    if (code !== "") expect(page).toContain("This link leads nowhere");
  }
});

test("a link leads where it was made to lead, whatever is added to it on the way", async () => {
  const { code, url } = fine(await grab("https://shop.example/a?b=1&c=%2F#d"));
  for (const added of [
    "",
    "?mg=forged.click",
    "?next=https://evil.example",
    "?https://evil.example",
    "#//evil.example",
  ]) {
    const to = new URL((await follow(url + added)).headers.get("location") ?? "");
    expect(to.origin + to.pathname + to.hash, added).toBe("https://shop.example/a#d");
    expect(to.searchParams.getAll("mg").map((it) => it.split(".")[0])).toEqual([code]);
    expect([to.searchParams.get("b"), to.searchParams.get("c"), to.searchParams.get("next")]).toEqual(["1", "/", null]);
  }
});

test.each([
  ["http://shop.example/", "bad-destination"],
  ["ftp://shop.example/", "bad-destination"],
  ["javascript:alert(1)//shop.example", "bad-destination"],
  ["data:text/html,<script>alert(1)</script>", "bad-destination"],
  ["blob:https://shop.example/1", "bad-destination"],
  ["view-source:https://shop.example/", "bad-destination"],
  ["//shop.example/", "bad-destination"],
  ["/only/a/path", "bad-destination"],
  ["shop.example", "bad-destination"],
  ["", "bad-destination"],
  ["https://", "bad-destination"],
  ["https://shop.example:99999/", "bad-destination"],
  ["https://olive@shop.example/", "bad-destination"],
  ["https://olive:secret@shop.example/", "bad-destination"],
  ["https://shop.example@evil.example/", "bad-destination"],
  ["https://evil.example/", "host-not-in-campaign"],
  ["https://evil.example/?https://shop.example/", "host-not-in-campaign"],
  ["https://evil.example#@shop.example/", "host-not-in-campaign"],
  ["https://evil.example\\@shop.example/", "host-not-in-campaign"],
  ["https:\\\\evil.example/", "host-not-in-campaign"],
  ["https:evil.example", "host-not-in-campaign"],
  ["https:////evil.example/", "host-not-in-campaign"],
  ["https://shop.example.evil.example/", "host-not-in-campaign"],
  ["https://shop.example./", "host-not-in-campaign"],
  ["https://shop.example:8443/", "host-not-in-campaign"],
  ["https://sub.shop.example/", "host-not-in-campaign"],
  ["https://xn--shp-qla.example/", "host-not-in-campaign"],
  ["https://127.0.0.1/", "host-not-in-campaign"],
  ["https://2130706433/", "host-not-in-campaign"],
  ["https://[::1]/", "host-not-in-campaign"],
  ["http://localhost/", "host-not-in-campaign"],
  ["http://169.254.169.254/", "bad-destination"],
  ["https://unseen.example/", "host-not-verified"],
])("no link can be made to %s (%s)", async (destination, code) => {
  const before = await headOf(house, scene.brand.brand);
  expect(await grab(destination)).toMatchObject({ ok: false, refusal: { code } });
  expect(await headOf(house, scene.brand.brand)).toEqual(before);
});

test("odd spellings of a page on the campaign's own host lead to that host and nowhere else", async () => {
  const spellings = [
    "HTTPS://SHOP.EXAMPLE/x",
    "https:\\\\shop.example\\x",
    "https:shop.example/x",
    "\thttps://shop.exa\nmple/x ",
    "https://shop.example:443/x",
    "https://shop%2eexample/x",
    "https://shop.example/\\evil.example",
    "https://shop.example//evil.example",
    "https://shop.example/%0d%0alocation:%20https://evil.example",
    "https://shop.example/?u=\r\nset-cookie: x=1",
  ];
  for (const spelling of spellings) {
    const { url, destination } = fine(await grab(spelling));
    expect(new URL(destination).origin, spelling).toBe("https://shop.example");
    const response = await follow(url);
    expect(new URL(response.headers.get("location") ?? "").origin, spelling).toBe("https://shop.example");
    expect(response.headers.get("set-cookie")).toBeNull();
  }
});

test("a server that is not on this machine for trying out allows no page on it", async () => {
  const { createCampaign } = await import("../../server/decisions/campaigns.ts");
  const { record } = house.running.world;
  for (const host of ["localhost", "localhost:9", "127.0.0.1:80", "[::1]"]) {
    const given = { campaign: "cmp_of_this_machine", name: "Here", hosts: [host] };
    const made = await record.decide(scene.brand.brand, createCampaign(given, false, "brand"));
    expect(made, host).toMatchObject({ refusal: { code: "host-not-public" } });
  }
});

test("a link goes on leading when its contract's days are over, and then credits the house", async () => {
  const [began, url] = [house.clock.at, scene.link.url];
  house.clock.at = Date.UTC(2027, 0, 15);
  const c = await clickOn(url);
  const whence = { k: scene.brand.publishableKey, p: LANDING, c, v: "visitor-late" };
  await say(house.origin, "/v1/beacon", { ...whence, n: "view-late-1" });
  const lead = { ...whence, n: "lead-late-1", result: "lead", fields: { email: "late@visitor.example" } };
  expect((await say(house.origin, "/v1/results", lead)).status).toBe(200);
  const [row] = fine(await scene.owner.ask(conversionDoors.conversions, {})).conversions;
  expect(row).toMatchObject({ stage: "house", credited: [] });
  house.clock.at = began;
});
