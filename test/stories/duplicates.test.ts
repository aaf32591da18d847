import { afterEach, expect, it } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { judge } from "../../server/engine/react.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { ok } from "../../shared/kit/shape.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { fine } from "../house.ts";
import { type Crowd, HOUR, joins, openCrowd } from "./crowd.ts";
import { clickOn, DAY, LANDING, NOON, say, terms } from "./scene.ts";

let crowd: Crowd;

const verified = async (): Promise<void> => {
  const { store } = crowd.house.running.world;
  fine((await verifyBrand(store, crowd.scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
};
afterEach(async () => {
  await verified();
  await crowd.close();
});

const begin = async (more: object = {}): Promise<void> => {
  crowd = await openCrowd(NOON, { ...terms, ...more });
};

const NOOR = "noor@visitor.example";

/** Somebody comes by a member's link and leaves an e-mail on the page. */
const leadsOnPage = async (by: "ana" | "bea", id: string): Promise<string> => {
  await crowd.walk(id, [by]);
  const { publishableKey: k } = crowd.scene.brand;
  const said = { k, p: LANDING, v: `visitor-${id}`, n: `lead-${id}-000001`, result: "lead", fields: { email: NOOR } };
  expect((await say(crowd.house.origin, "/v1/results", said)).ok).toBe(true);
  const { conversions } = fine(await crowd.scene.owner.ask(conversionDoors.conversions, { query: {} }));
  return conversions[0]!.id;
};

const daysLater = async (days: number): Promise<void> => {
  for (let day = 0; day < days; day += 1) {
    crowd.house.clock.at += DAY;
    const { store, record } = crowd.house.running.world;
    await mature(store, record, crowd.house.clock.at);
  }
};

/** Somebody comes by a member's link, and the brand's server tells of the e-mail they left. */
const leads = async (by: "ana" | "bea", id: string, email = NOOR): Promise<string> => {
  await crowd.walk(id, [by]);
  const body = { result: "lead", id, visitor: `visitor-${id}`, fields: { email } };
  return fine(await crowd.scene.server.ask(convert, { body })).id;
};

const pageOf = async (by: "ana" | "bea", conversion: string) =>
  fine(await crowd.members[by].caller.ask(influencerDoors.conversion, { params: { conversion } }));

/** How a lead stands under the contract of who brought it, and why. */
const standsAs = async (by: "ana" | "bea", conversion: string) => {
  const [part] = (await pageOf(by, conversion)).parts;
  return [part!.state, part!.grade.reasons.map(({ code }) => code).join(" ")];
};

const rejects = async (conversion: string): Promise<void> => {
  const body = { reason: "fake" as const };
  fine(await crowd.scene.owner.ask(conversionDoors.reject, { params: { conversion }, body }));
};
const approves = async (conversion: string): Promise<void> => {
  fine(await crowd.scene.owner.ask(conversionDoors.approve, { params: { conversion }, body: {} }));
};

it("whoever brings a person first is paid, and who brings the same person again is told whose lead it repeats", async () => {
  await begin();
  const [first, second] = [await leads("ana", "first"), await leads("bea", "second")];
  expect(await standsAs("ana", first)).toEqual(["counted", ""]);
  expect(await standsAs("bea", second)).toEqual(["rejected", "duplicate"]);
});

it("a lead that was refused does not stand in the real one's way: the brand looks at it, and then it counts", async () => {
  await begin();
  const fake = await leads("ana", "fake");
  const real = await leads("bea", "real");
  expect(await standsAs("bea", real)).toEqual(["rejected", "duplicate"]);
  await rejects(fake);
  expect(await standsAs("bea", real)).toEqual(["pending", "rejected-before"]);
  await approves(real);
  expect(await standsAs("bea", real)).toEqual(["counted", "rejected-before"]);
});

it("what the brand rejected and then approved after all is again the lead that counts", async () => {
  await begin();
  const first = await leads("ana", "first", "info@visitor.example");
  const second = await leads("bea", "second", "info@visitor.example");
  expect(await standsAs("ana", first)).toEqual(["pending", "role-account"]);
  expect(await standsAs("bea", second)).toEqual(["rejected", "duplicate role-account"]);
  await rejects(first);
  expect(await standsAs("bea", second)).toEqual(["pending", "rejected-before role-account"]);
  await approves(first);
  expect(await standsAs("bea", second)).toEqual(["rejected", "duplicate role-account"]);
});

it("a lead that lacks what the terms ask for, or that a machine sent, takes nobody's place", async () => {
  await begin({ quality: { require: ["email", "phone"], duplicateDays: 90 } });
  const lacking = await leads("ana", "lacking");
  await crowd.walk("robot", ["ana"]);
  const fields = { email: NOOR, phone: "12345" };
  const { publishableKey: k } = crowd.scene.brand;
  const said = {
    k,
    result: "lead",
    n: "robot-lead-000001",
    v: "visitor-robot",
    p: "http://localhost:9/landing",
    fields,
  };
  const sent = await fetch(`${crowd.house.origin}/v1/results`, {
    method: "POST",
    headers: { "content-type": "text/plain", "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" },
    body: JSON.stringify(said),
  });
  expect(sent.ok, await sent.clone().text()).toBe(true);
  await crowd.walk("real", ["bea"]);
  const body = { result: "lead", id: "real", visitor: "visitor-real", fields };
  const real = fine(await crowd.scene.server.ask(convert, { body })).id;
  expect(await standsAs("ana", lacking)).toEqual(["rejected", "missing-field"]);
  expect(await standsAs("bea", real)).toEqual(["counted", ""]);
});

it("of many leads of one person exactly one counts at any time, whichever of them are refused", async () => {
  await begin();
  const all: string[] = [];
  for (const number of [1, 2, 3, 4]) all.push(await leads(number % 2 ? "ana" : "bea", `lead-${number}`));
  const counted = async () => {
    const states = await Promise.all(all.map(async (it, index) => (await standsAs(index % 2 ? "bea" : "ana", it))[0]));
    return states.map((state, index) => (state === "counted" ? index : -1)).filter((it) => it >= 0);
  };
  expect(await counted()).toEqual([0]);
  await rejects(all[1]!);
  expect(await counted()).toEqual([0]);
  await rejects(all[0]!);
  expect(await counted()).toEqual([]);
  await approves(all[3]!);
  expect(await counted()).toEqual([3]);
  await rejects(all[2]!);
  expect(await counted()).toEqual([3]);
});

it("a lead that the brand's silence approved counts from then on, and so stands in the way of the same person's next one", async () => {
  await begin({ results: { ...terms.results, lead: { counts: "confirmed" } } });
  const cleo = await joins(crowd.house, crowd.scene, "Cleo Cruz", terms);
  const first = await leadsOnPage("ana", "first");
  const verifiedToo = { ...crowd.members, bea: cleo };
  crowd = { ...crowd, members: verifiedToo };
  // Of two at one instant the one of the lesser id came first: here the page's came an hour before.
  crowd.house.clock.at += HOUR;
  const click = await clickOn(cleo.link.url);
  const body = { result: "lead", id: "second", click, visitor: "visitor-second", fields: { email: NOOR } };
  const second = fine(await crowd.scene.server.ask(convert, { body })).id;
  expect([await standsAs("ana", first), await standsAs("bea", second)]).toEqual([
    ["pending", ""],
    ["counted", ""],
  ]);
  await daysLater(9);
  expect([await standsAs("ana", first), await standsAs("bea", second)]).toEqual([
    ["counted", ""],
    ["rejected", "duplicate"],
  ]);
});

it("what hundreds of strangers leave afterwards under somebody's e-mail takes nothing from the lead that counted", async () => {
  await begin({ quality: { require: ["email", "phone"], duplicateDays: 90 } });
  await leads("ana", "lacking");
  await crowd.walk("real", ["bea"]);
  const fields = { email: NOOR, phone: "12345" };
  const body = { result: "lead", id: "real", visitor: "visitor-real", fields };
  const real = fine(await crowd.scene.server.ask(convert, { body })).id;
  const { publishableKey: k, brand } = crowd.scene.brand;
  for (let n = 0; n < 502; n += 1) {
    crowd.house.clock.at += 10;
    const said = { k, result: "lead", n: `stranger-${n}-0000`, p: LANDING, fields };
    expect((await say(crowd.house.origin, "/v1/results", said)).ok).toBe(true);
  }
  await crowd.house.running.world.record.decide(brand, async (unit) => {
    await judge(unit, [real], "late-touch");
    return ok(null);
  });
  expect(await standsAs("bea", real)).toEqual(["counted", ""]);
}, 60_000);
