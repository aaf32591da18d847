import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBrand, type NewBrand } from "../../server/brands.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import * as people from "../../shared/wire/people.ts";
import { type Caller, enter, fine, type House, openHouse } from "../house.ts";
import { anotherBrand, NOON, type Scene, setTheScene } from "./scene.ts";

let house: House;
let first: Scene;
let second: NewBrand;
let signedIn: Caller;

// Olive owns two brands under one address, as an agency may.
beforeAll(async () => {
  house = await openHouse(NOON);
  first = await setTheScene(house);
  const given = { name: "Second Coding", owner: "Olive Owner", email: "olive@acme.example" };
  second = await makeBrand(house.running.world, given);
  signedIn = await enter(house.origin, second.signInUrl);
});
afterAll(() => house.close());

const brandOf = async (who: Caller) => fine(await who.ask(brandDoors.brand)).id;
const campaignsOf = async (who: Caller) => fine(await who.ask(brandDoors.campaigns)).campaigns.map(({ name }) => name);

test("the sign-in link of a brand leads to that brand, also where its owner has another one already", async () => {
  expect(await brandOf(signedIn)).toBe(second.brand);
  expect(await brandOf(house.owner)).toBe(house.brand.brand);
  fine(await signedIn.ask(brandDoors.createCampaign, { body: { name: "Second's own", hosts: ["second.example"] } }));
  expect(await campaignsOf(signedIn)).toEqual(["Second's own"]);
  expect(await campaignsOf(house.owner)).toEqual(["Autumn"]);
  const { memberships } = fine(await signedIn.ask(influencerDoors.me));
  expect(memberships).toMatchObject([{ brandName: "Second Coding", role: "owner" }]);
});

test("whoever acts for one brand of theirs sees nothing of the other one, and can act for it when they say so", async () => {
  const contract = { params: { contract: first.contract } };
  expect(await signedIn.ask(influencerDoors.contract, contract)).toMatchObject({ refusal: { code: "not-found" } });
  expect(fine(await signedIn.ask(influencerDoors.contracts, {})).contracts).toEqual([]);
  expect(fine(await signedIn.ask(people.brands)).brands).toEqual([
    { id: house.brand.brand, name: "Acme Coding", acting: false },
    { id: second.brand, name: "Second Coding", acting: true },
  ]);
  fine(await signedIn.ask(people.actFor, { params: { brand: house.brand.brand }, body: {} }));
  expect([await brandOf(signedIn), await campaignsOf(signedIn)]).toEqual([house.brand.brand, ["Autumn"]]);
  fine(await signedIn.ask(influencerDoors.contract, contract));
  fine(await signedIn.ask(people.actFor, { params: { brand: second.brand }, body: {} }));
  expect(await brandOf(signedIn)).toBe(second.brand);
});

test("nobody acts for a brand that is not theirs, whoever asks", async () => {
  const rival = await anotherBrand(house);
  for (const brand of [rival.brand.brand, "brd_00000000000000000000", "none"]) {
    const refused = await signedIn.ask(people.actFor, { params: { brand }, body: {} });
    expect(refused).toMatchObject({ refusal: { code: "not-found", because: `There is no brand ${brand}.` } });
  }
  const mine = { params: { brand: second.brand }, body: {} };
  expect(await rival.owner.ask(people.actFor, mine)).toMatchObject({ refusal: { code: "not-found" } });
  for (const other of [first.ana, house.server])
    expect(await other.ask(people.actFor, mine)).toMatchObject({ refusal: { code: "not-allowed" } });
  expect([await brandOf(signedIn), await brandOf(rival.owner)]).toEqual([second.brand, rival.brand.brand]);
});

test("a link from before there were several brands still signs in, to the first of them", async () => {
  const link = await house.running.world.people.oneTimeLink({ email: "olive@acme.example", path: "/campaigns" });
  expect(await brandOf(await enter(house.origin, `${house.origin}/enter#token=${link?.token}`))).toBe(
    house.brand.brand,
  );
});
