import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { health } from "../../shared/wire/health.ts";
import { convert } from "../../shared/wire/partner.ts";
import { caller, fine, type House, openHouse } from "../house.ts";
import { clickOn, DAY, HUMAN, LANDING, NOON, onDisk, problemOf, type Scene, say, setTheScene } from "./scene.ts";

let house: House;
let scene: Scene;

beforeEach(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
});
afterEach(() => house.close());

const touches = () => onDisk(house.folder, scene.brand.brand).touch?.map(({ id }) => String(id)) ?? [];

const isWhole = async (): Promise<void> => {
  const { store } = house.running.world;
  fine((await verifyBrand(store, scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
};

const sell = (id: string) =>
  scene.server.ask(convert, { body: { result: "sale", id, valueMinor: 100, currency: "USD" } });

const view = (id: string, c: string) => ({ k: scene.brand.publishableKey, p: LANDING, n: id, v: `visitor-${id}`, c });

/** Another process that has the file alone: nothing can be written until it lets go. */
const stall = () => {
  const other = new DatabaseSync(join(house.folder, "makegood.sqlite"), { timeout: 5000 });
  other.exec("begin exclusive");
  return () => {
    other.exec("rollback");
    other.close();
  };
};

test("while nothing can be written, links lead on at once, beacons and results wait or are told so, and all of it lands", async () => {
  fine(await sell("before"));
  const letGo = stall();
  const order: string[] = [];
  const late = say(house.origin, "/v1/beacon", view("view-late", scene.link.code)).then(async (response) => {
    order.push("beacon");
    expect((await problemOf(response)).code).toBe("store-busy");
    expect(response.status).toBe(503);
  });
  const clicks = await Promise.all(Array.from({ length: 200 }, () => clickOn(scene.link.url)));
  order.push("clicks");
  expect(touches()).toEqual([]);
  const sick = await fetch(house.origin + health.path);
  expect([sick.status, (await problemOf(sick)).code]).toEqual([503, "store-slow"]);
  await late;
  expect(order).toEqual(["clicks", "beacon"]);
  const refused = await sell("meanwhile");
  expect(!refused.ok && refused.refusal.code).toBe("store-busy");
  letGo();
  const sold = fine(await sell("meanwhile"));
  expect(fine(await sell("meanwhile")).id).toBe(sold.id);
  // The beacon that was told to come again does; its view is one view all the same.
  expect((await say(house.origin, "/v1/beacon", view("view-late", scene.link.code))).status).toBe(204);
  await house.running.world.record.idle();
  expect(touches().sort()).toEqual([...clicks, "visit:view-late"].sort());
  expect(fine(await caller(house.origin, {}).ask(health))).toMatchObject({ ok: true });
  await isWhole();
}, 60_000);

test("a clock that goes back, or jumps a year ahead and back again, leaves a chain that holds", async () => {
  const { record, store } = house.running.world;
  const settle = () => mature(store, record, house.clock.at);
  const begun = house.clock.at;
  const lead = async (id: string): Promise<number> => {
    const c = await clickOn(scene.link.url);
    await say(house.origin, "/v1/beacon", view(`view-${id}`, c));
    const body = { ...view(`lead-${id}`, c), result: "lead", fields: { email: `${id}@visitor.example` } };
    return (await say(house.origin, "/v1/results", body)).status;
  };
  for (const [index, at] of [
    0,
    -DAY / 24,
    -10 * DAY,
    3 * DAY,
    365 * DAY,
    20 * DAY,
    0,
    30 * DAY,
    -365 * DAY,
    60 * DAY,
  ].entries()) {
    house.clock.at = begun + at;
    await settle();
    expect(await lead(`clock-${index}`), `${at / DAY} days on`).toBe(200);
    expect((await sell(`clock-${index}`)).ok).toBe(true);
    await settle();
    await isWhole();
  }
  await house.restart();
  await isWhole();
  expect((await fetch(scene.link.url, { redirect: "manual", headers: { "user-agent": HUMAN } })).status).toBe(302);
});
