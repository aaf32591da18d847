import { afterAll, beforeAll, expect, it } from "vitest";
import { approve, reject } from "../../shared/wire/conversions.ts";
import { conversion as conversionPage } from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, fine, type House, openHouse } from "../house.ts";
import { clickOn, NOON, type Scene, setTheScene, terms } from "./scene.ts";

let house: House;
let scene: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: { ...terms, currency: "EUR" } });
});
afterAll(() => house.close());

/** A sale through the link, told by the brand's server: one in another currency waits, and does not count. */
const sells = async (id: string, currency: string): Promise<string> => {
  const body = { result: "sale", id, valueMinor: 5000, currency, click: await clickOn(scene.link.url) };
  return fine(await scene.server.ask(convert, { body })).id;
};
const read = async (who: Caller, conversion: string) => fine(await who.ask(conversionPage, { params: { conversion } }));
const rejects = async (conversion: string) =>
  fine(await scene.owner.ask(reject, { params: { conversion }, body: { reason: "fake" } }));
const approves = (conversion: string) => scene.owner.ask(approve, { params: { conversion }, body: {} });

it("the brand is told beforehand of what it rejected whether it could still approve it", async () => {
  const [counted, waiting] = [await sells("counted", "EUR"), await sells("waiting", "USD")];
  expect([(await read(scene.owner, counted)).stage, (await read(scene.owner, waiting)).stage]).toEqual([
    "validated",
    "accrued",
  ]);
  for (const conversion of [counted, waiting]) {
    expect((await read(scene.owner, conversion)).takenBack).toBeUndefined();
    await rejects(conversion);
    expect((await read(scene.ana, conversion)).takenBack).toBeUndefined();
  }
  expect((await read(scene.owner, counted)).takenBack).toBe(true);
  expect(await approves(counted)).toMatchObject({ refusal: { code: "already-taken-back" } });
  expect((await read(scene.owner, waiting)).takenBack).toBe(false);
  expect((await approves(waiting)).ok).toBe(true);
  expect((await read(scene.owner, waiting)).takenBack).toBeUndefined();
});
