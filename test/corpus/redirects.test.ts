import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { fine, type House, openHouse } from "../house.ts";
import { follow, headOf, NOON, type Scene, say, setTheScene } from "../stories/scene.ts";

const corpus = process.env.MAKEGOOD_CORPUS;

/** Known ways to smuggle another site into an address that looks like one of ours. */
const payloads = (): readonly string[] => {
  const text = readFileSync(join(corpus ?? "", "url", "swisskyrepo-openredirects.txt"), "utf8");
  return [...new Set(text.split("\n").filter((line) => line.trim() !== ""))];
};

describe.skipIf(!corpus)("the collected open-redirect payloads", () => {
  let house: House;
  let scene: Scene;

  beforeAll(async () => {
    house = await openHouse(NOON);
    scene = await setTheScene(house);
    const added = { params: { campaign: scene.campaign }, body: { host: "shop.example" } };
    fine(await scene.owner.ask(brandDoors.addHost, added));
    const seen = { k: scene.brand.publishableKey, p: "https://shop.example/", n: "view-shop-1" };
    expect((await say(house.origin, "/v1/beacon", seen)).status).toBe(204);
  });
  afterAll(() => house.close());

  const grab = (destination: string) =>
    scene.ana.ask(influencerDoors.grabLink, { params: { contract: scene.contract }, body: { destination } });

  test("lead nobody away: each is refused as a destination, or stays on the campaign's host", async () => {
    const all = payloads();
    expect(all.length).toBeGreaterThan(50);
    for (const payload of all)
      for (const destination of [payload, `https://shop.example${payload}`, `https://shop.example/${payload}`]) {
        const made = await grab(destination.slice(0, 2000));
        if (!made.ok) continue;
        const response = await follow(made.value.url);
        expect(response.status).toBe(302);
        expect(new URL(response.headers.get("location") ?? "").host, destination).toBe("shop.example");
      }
  });

  test("asked for as a link, find nothing and record nothing", async () => {
    const before = await headOf(house, scene.brand.brand);
    for (const payload of payloads()) {
      const response = await follow(`${house.origin}/l/${encodeURIComponent(payload)}`);
      expect(response.status, payload).toBe(404);
      expect(response.headers.get("location")).toBeNull();
    }
    expect(await headOf(house, scene.brand.brand)).toEqual(before);
  });
});
