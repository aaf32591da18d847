import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { LiveMessage } from "../../shared/wire/live.ts";
import { convert } from "../../shared/wire/partner.ts";
import * as people from "../../shared/wire/people.ts";
import { type Caller, caller, enter, fine, type House, openHouse } from "../house.ts";
import { anotherBrand, clickOn, DAY, NOON, onDisk, type Scene, setTheScene } from "./scene.ts";

let house: House;
let scene: Scene;
let rival: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
  rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
});
afterAll(() => house.close());

interface Heard {
  readonly id: string;
  readonly message: LiveMessage;
}

/** Listen until `enough` says so, then hang up; everything heard, each event parsed as what the door promises. */
const listen = async (
  { headers }: Caller,
  path: string,
  enough: (heard: readonly Heard[]) => boolean,
  more: Record<string, string> = {},
): Promise<readonly Heard[]> => {
  const line = new AbortController();
  const response = await fetch(house.origin + path, { headers: { ...headers, ...more }, signal: line.signal });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const heard: Heard[] = [];
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(event)?.[1] ?? "";
      heard.push({ id: field("id"), message: v.parse(LiveMessage, JSON.parse(field("data"))) });
    }
    if (enough(heard)) break;
  }
  line.abort();
  return heard;
};

const isMovement = ({ message }: Heard): boolean => message.kind === "earnings";
const seqOf = (id: string): number => Number(id.split(":").at(-1));

/** The places in the chain at which money of a contract moved. */
const movedAt = ({ brand, contract }: Scene): readonly number[] =>
  onDisk(house.folder, brand.brand)
    .fact!.filter(({ body }) => {
      const fact = JSON.parse(String(body));
      return fact.type === "money-moved" && fact.contract === contract;
    })
    .map(({ seq }) => Number(seq));

const sell = async (by: Scene, id: string): Promise<string> => {
  const click = await clickOn(by.link.url);
  const sale = { result: "sale", id, valueMinor: 10_000, currency: "USD", click };
  return fine(await by.server.ask(convert, { body: sale })).id;
};

test("a listener who is cut off again and again hears of every movement of their money once, in order", async () => {
  const { position } = fine(await scene.ana.ask(influencerDoors.earnings));
  const count = 24;
  const selling = (async () => {
    for (let index = 0; index < count; index += 3)
      await Promise.all(
        [0, 1, 2].map(async (plus) => {
          const conversion = await sell(scene, `live-${index + plus}`);
          await sell(rival, `live-${index + plus}`);
          fine(await scene.owner.ask(conversionDoors.approve, { params: { conversion }, body: {} }));
          const half = { params: { conversion }, body: { reversal: "half", permille: 500 } };
          if (plus === 1) fine(await scene.server.ask(conversionDoors.reverse, half));
        }),
      );
  })();
  const all: Heard[] = [];
  let [from, cuts] = [position, 0];
  const expected = 2 * count + count / 3;
  while (all.filter(isMovement).length < expected) {
    // Each time the line breaks after one to three messages; one time resumed by the address, one time by the header.
    const enough = (heard: readonly Heard[]) =>
      heard.filter(isMovement).length > cuts % 3 || all.filter(isMovement).length + heard.length > expected;
    const resumed = cuts % 2 === 0;
    const path = resumed ? `/v1/live?from=${encodeURIComponent(from)}` : "/v1/live";
    const told = await listen(scene.ana, path, enough, resumed ? {} : { "last-event-id": from });
    // What came together with the last of them was lost on the line.
    const last = told.filter(isMovement)[cuts % 3];
    const heard = last ? told.slice(0, told.indexOf(last) + 1) : told;
    all.push(...heard);
    from = heard.at(-1)!.id;
    cuts += 1;
  }
  await selling;
  const heardAt = all.filter(isMovement).map(({ id }) => seqOf(id));
  expect(heardAt).toEqual(movedAt(scene).filter((seq) => seq > seqOf(position)));
  expect(cuts).toBeGreaterThan(5);
  expect(JSON.stringify(all)).not.toContain(rival.contract);
});

test("what is heard last is how the earnings stand, also for what the clock brings about", async () => {
  const { store, record } = house.running.world;
  const { position } = fine(await scene.ana.ask(influencerDoors.earnings));
  house.clock.at += 15 * DAY;
  const listening = listen(scene.ana, `/v1/live?from=${position}`, (heard) => heard.filter(isMovement).length === 24);
  await mature(store, record, house.clock.at);
  const last = (await listening).at(-1)!.message;
  const { earnings } = fine(await scene.ana.ask(influencerDoors.earnings));
  expect(last.kind === "earnings" && last.now).toEqual(earnings[0]);
  expect(earnings[0]?.money).toMatchObject({ approvedMinor: 0, payableMinor: 24 * 725 - 2900 });
});

test("a restart is only one more cut: the position outlives it", async () => {
  const { position } = fine(await scene.ana.ask(influencerDoors.earnings));
  await sell(scene, "before-restart");
  await house.restart();
  for (let shut = true; shut; )
    shut = await fetch(`${house.origin}/v1/health`)
      .then((it) => !it.ok)
      .catch(() => true);
  await sell(scene, "after-restart");
  const heard = await listen(scene.ana, `/v1/live?from=${position}`, (it) => it.filter(isMovement).length === 2);
  expect(heard.filter(isMovement).map(({ id }) => seqOf(id))).toEqual(movedAt(scene).slice(-2));
});

test("a position that is nonsense, of another brand, or from the future tells no stranger's news", async () => {
  const foreign = [`${rival.brand.brand}:0`, "brd_x:1", "nonsense", "", `${scene.brand.brand}:999999999999999`];
  for (const from of foreign) {
    const heard = await listen(scene.ana, `/v1/live?from=${from}`, (it) => it.length === 1);
    expect(
      heard.map(({ message }) => message.kind),
      from,
    ).toEqual(["hello"]);
    expect(JSON.stringify(heard)).not.toContain(rival.contract);
  }
});

test("a brand that follows its campaign sees it change, and no other's", async () => {
  const path = `/v1/live?campaign=${scene.campaign}`;
  const sold = ({ message }: Heard) => (message.kind === "campaign" ? (message.now.results.sale ?? 0) : 0);
  const before = sold((await listen(scene.owner, path, (it) => it.length === 1))[0]!);
  const listening = listen(scene.owner, path, (it) => it.some((one) => sold(one) === before + 1));
  await sell(rival, "not-ours");
  await sell(scene, "ours");
  expect(sold((await listening).at(-1)!)).toBe(before + 1);
});

test("who signs out, or loses their seat, is told nothing more, and the stream ends", async () => {
  const paired = async (): Promise<Caller> => {
    const { deviceCode, userCode } = fine(await caller(house.origin, {}).ask(people.startPairing, { body: {} }));
    fine(await scene.ana.ask(people.answerPairing, { body: { userCode, allow: true } }));
    const answer = fine(await caller(house.origin, {}).ask(people.askPairing, { body: { deviceCode } }));
    return caller(house.origin, { authorization: `Bearer ${answer.state === "paired" ? answer.token : ""}` });
  };
  const one = { email: "olive@acme.example", path: "/campaigns" };
  const { token } = (await house.running.world.people.oneTimeLink(one))!;
  const owner = await enter(house.origin, `${house.origin}/enter#token=${token}`);
  const extension = await paired();
  const never = () => false;
  let told = 0;
  const hear = async (who: Caller, path: string) => {
    const heard = await listen(who, path, (all) => {
      told = Math.max(told, all.length);
      return never();
    });
    return heard.map(({ id }) => seqOf(id));
  };
  const hearing = [
    hear(extension, "/v1/live"),
    hear(owner, `/v1/live?campaign=${scene.campaign}`),
    hear(scene.ana, "/v1/live"),
  ];
  while (told === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await sell(scene, "before-sign-out");
  const end = (await house.running.world.store.head(scene.brand.brand)).seq;
  for (const who of [extension, owner]) fine(await who.ask(people.leave, { body: {} }));
  // Another invitation moves Ana's seat to whoever accepts it.
  const params = { influencer: scene.influencer };
  const { invitationUrl } = fine(await scene.owner.ask(brandDoors.inviteAgain, { params, body: {} }));
  const ana = await enter(house.origin, invitationUrl, "Ana Lima");
  const seen = (await house.running.world.store.head(scene.brand.brand)).seq;
  await sell(scene, "after-sign-out");
  for (const all of await Promise.all(hearing)) expect(Math.max(...all)).toBeLessThanOrEqual(seen);
  expect(seen).toBeGreaterThanOrEqual(end);
  scene = { ...scene, ana };
});

test("a position the chain has not come to hides nothing of what comes next, nor does an empty header", async () => {
  const { brand } = scene.brand;
  const { seq } = await house.running.world.store.head(brand);
  const isEnough = (heard: readonly Heard[]) => heard.some(isMovement);
  const hearing = listen(scene.ana, `/v1/live?from=${brand}:${seq + 1000}`, isEnough);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await sell(scene, "after-the-future");
  expect((await hearing).filter(isMovement).map(({ id }) => seqOf(id))).toEqual(movedAt(scene).slice(-1));
  const again = await listen(scene.ana, `/v1/live?from=${brand}:${seq}`, isEnough, { "last-event-id": "" });
  expect(again.filter(isMovement).map(({ id }) => seqOf(id))).toEqual(movedAt(scene).slice(-1));
});
