import { afterAll, beforeAll, expect, test } from "vitest";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert, view } from "../../shared/wire/partner.ts";
import { fine, type House, openHouse } from "../house.ts";
import { anotherBrand, DAY, NOON, type Scene, setTheScene, terms } from "./scene.ts";

let house: House;
let seeing: Scene;
let clicking: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  const attribution = { ...terms.attribution, viewDays: 7 };
  seeing = await setTheScene(house, house, { terms: { ...terms, attribution } });
  clicking = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
});
afterAll(() => house.close());

let orders = 0;
const buys = async ({ server, owner }: Scene, visitor: string) => {
  orders += 1;
  const body = { result: "sale", id: `order-${orders}`, valueMinor: 1000, currency: "USD", visitor };
  const { id } = fine(await server.ask(convert, { body }));
  return fine(await owner.ask(influencerDoors.conversion, { params: { conversion: id } }));
};

test("what was seen counts where the terms say so, for as long as they say", async () => {
  fine(await seeing.server.ask(view, { body: { id: "ad-1", link: seeing.link.code, visitor: "visitor-saw" } }));
  house.clock.at += 6 * DAY;
  const soon = await buys(seeing, "visitor-saw");
  expect(soon.parts[0]).toMatchObject({ contract: seeing.contract, shareMicro: 1_000_000 });
  expect(soon.parts[0]?.considered[0]).toMatchObject({ touch: { kind: "view" }, in: true });
  house.clock.at += 2 * DAY;
  const late = await buys(seeing, "visitor-saw");
  expect(late.parts[0]).toMatchObject({ shareMicro: 0 });
  expect(late.parts[0]?.considered[0]).toMatchObject({ in: false, because: "view-not-counted" });
});

test("and counts for nothing where they do not", async () => {
  fine(await clicking.server.ask(view, { body: { id: "ad-1", link: clicking.link.code, visitor: "visitor-saw" } }));
  house.clock.at += DAY;
  const { parts } = await buys(clicking, "visitor-saw");
  expect(parts[0]).toMatchObject({ shareMicro: 0, considered: [{ because: "view-not-counted" }] });
});

test("told again it is the same view, and nothing moves", async () => {
  const body = { id: "ad-2", link: seeing.link.code, visitor: "visitor-twice", at: house.clock.at };
  for (const _ of [1, 2, 3]) fine(await seeing.server.ask(view, { body }));
  house.clock.at += DAY;
  const { parts } = await buys(seeing, "visitor-twice");
  expect(parts[0]?.considered).toHaveLength(1);
});

test.each([
  ["in the future", () => ({ at: house.clock.at + DAY }), "bad-instant"],
  ["older than any window", () => ({ at: house.clock.at - 366 * DAY }), "bad-instant"],
  ["of a link of another brand", () => ({ link: clicking.link.code }), "not-found"],
  ["of a link there is not", () => ({ link: "nowhere1" }), "not-found"],
  ["by nobody", () => ({ visitor: "?" }), "bad-request"],
])("a view %s is refused and leaves nothing", async (_, more, code) => {
  const body = { id: "ad-wrong", link: seeing.link.code, visitor: "visitor-wrong", ...more() };
  const refused = await seeing.server.ask(view, { body });
  expect(refused.ok ? "taken" : refused.refusal.code).toBe(code);
  const { parts } = await buys(seeing, "visitor-wrong");
  expect(parts.flatMap(({ considered }) => considered)).toEqual([]);
});
