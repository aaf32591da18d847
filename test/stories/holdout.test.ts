import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { clickedAt } from "../../server/engine/holdout.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { isHeldOut } from "../../shared/judge/holdout.ts";
import { liftOf } from "../../shared/judge/lift.ts";
import { dice } from "../../shared/kit/chance.ts";
import * as doors from "../../shared/wire/attribution.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { conversions } from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { type Caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import {
  anotherBrand,
  clickOn,
  DAY,
  HUMAN,
  LANDING,
  NOON,
  onDisk,
  type Scene,
  say,
  setTheScene,
  terms,
} from "./scene.ts";

const MINUTE = 60_000;
const attribution = { model: "last", windowDays: 7, house: "included" };
const bonus = { rule: "bonus", when: { rate: "engagement", atLeastBp: 5000 }, amountMinor: 7777 };
const allowing = { ...terms, attribution: { ...attribution, holdoutBp: 2000 }, pay: [...terms.pay, bonus] };

let house: House;
let scene: Scene;
let ben: Scene;
let rival: Pick<Scene, "owner">;
let holdout: string;

/** Somebody who came by a link: what they are called, and the click that led them. */
interface Person {
  readonly v: string;
  readonly c: string;
}

let people = 0;
const came = async (link: Scene["link"], v?: string): Promise<Person> => {
  people += 1;
  return { v: v ?? `visitor-${String(people).padStart(5, "0")}`, c: await clickOn(link.url) };
};

let told = 0;
const tell = async (path: string, { v, c }: Person, more: object = {}): Promise<void> => {
  told += 1;
  const whence = { k: scene.brand.publishableKey, p: LANDING, v, c, n: `said-${String(told).padStart(6, "0")}` };
  const response = await say(house.origin, path, { ...whence, ...more });
  expect(response.ok, await response.text()).toBe(true);
};

const lands = (it: Person) => tell("/v1/beacon", it);
const lead = ({ v }: Person) => ({ result: "lead", id: `lead-${v}`, fields: { email: `${v}@visitor.example` } });
const leaves = (it: Person) => tell("/v1/results", it, lead(it));

const arrives = async (link: Scene["link"], v?: string): Promise<Person> => {
  const person = await came(link, v);
  await lands(person);
  return person;
};

interface Draw {
  readonly salt: string;
  readonly partBp: number;
}

const draws = new Map<string, Draw>();

/** What decides who is held out. It lies on disk, and nowhere else. */
const drawn = (id = holdout): Draw => {
  const read = (): Draw => {
    const bodies = (onDisk(house.folder, scene.brand.brand).fact ?? []).map(({ body }) => JSON.parse(String(body)));
    return bodies.find((it) => it.type === "holdout-started" && it.holdout === id);
  };
  const draw = draws.get(id) ?? read();
  draws.set(id, draw);
  return draw;
};

/** Somebody comes again and again, until chance holds the click out, or lets it be. */
const arrivesAs = async (held: boolean, draw: Draw, v?: string): Promise<Person> => {
  for (;;) {
    const person = await came(scene.link, v);
    if (isHeldOut(draw, person.c) !== held) continue;
    await lands(person);
    return person;
  }
};

const started = (who: Caller, partBp: number, more: object = {}, headers: Record<string, string> = {}) =>
  who.ask(doors.startHoldout, { params: { campaign: scene.campaign }, body: { partBp, ...more }, headers });
const ended = (who: Caller, id = holdout) => who.ask(doors.endHoldout, { params: { holdout: id }, body: {} });
const listed = async () =>
  fine(await scene.owner.ask(doors.holdouts, { params: { campaign: scene.campaign } })).holdouts;
const latest = async () => (await listed())[0]!;

const rows = async () => {
  const all: Awaited<ReturnType<typeof page>>["conversions"] = [];
  const page = async (after?: string) =>
    fine(await scene.owner.ask(conversions, { query: { ...(after && { after }) } }));
  for (let found = await page(); ; found = await page(found.next ?? undefined)) {
    all.push(...found.conversions);
    if (!found.next) return new Map(all.map((row) => [row.externalId, row]));
  }
};
const rowOf = async ({ v }: Person) => (await rows()).get(`lead-${v}`)!;
const pageOf = async (it: Person) =>
  fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion: (await rowOf(it)).id } }));

const leadsPaid = async ({ ana, contract }: Scene): Promise<number> => {
  const { statement } = fine(await ana.ask(influencerDoors.statementOf, { params: { contract } }));
  const lines = statement.periods.flatMap((period) => period.lines).filter(({ code }) => code === "perResult");
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) / 1000;
};

const pollFor = async (more: object, headers: Record<string, string> = {}): Promise<unknown> => {
  const query = new URLSearchParams({ k: scene.brand.publishableKey, p: LANDING, ...more });
  const response = await fetch(`${house.origin}/v1/page?${query}`, { headers: { "user-agent": HUMAN, ...headers } });
  return ((await response.json()) as { poll: unknown }).poll;
};

const until = async (at: number): Promise<void> => {
  const { store, record } = house.running.world;
  for (; house.clock.at < at; await mature(store, record, house.clock.at))
    house.clock.at = Math.min(at, house.clock.at + DAY);
};

/** Restart the server, and come back once it answers: the first knocks find the old connections closed. */
const restarted = async (): Promise<void> => {
  await house.restart();
  for (let shut = true; shut; )
    shut = await fetch(`${house.origin}/v1/health`)
      .then((it) => !it.ok)
      .catch(() => true);
};

/** A second influencer of the same campaign, whose terms allow no experiment. */
const withBen = async (): Promise<Scene> => {
  const { owner, campaign } = scene;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name: "Ben Okoro" } }));
  const ana = await enter(house.origin, invited.invitationUrl, "Ben Okoro");
  const influencer = invited.influencer.id;
  const draft = { campaign, influencer, terms: { ...terms, attribution } };
  const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body: draft }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const party of [owner, ana]) fine(await signAs(party, contract, termsHash, "Ben Okoro"));
  const link = fine(await ana.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } }));
  return { ...scene, influencer, ana, contract, termsHash, link };
};

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: allowing });
  ben = await withBen();
  rival = await anotherBrand(house);
  const body = { title: "One question", questions: [{ id: "score", kind: "scale" as const, title: "How likely?" }] };
  fine(await scene.owner.ask(brandDoors.openPoll, { params: { campaign: scene.campaign }, body }));
});
afterAll(() => house.close());

describe("an experiment begins", () => {
  test("only where terms allow as much, for a campaign that is the brand's own, and only by the brand", async () => {
    const before = await house.running.world.store.head(scene.brand.brand);
    const refused = await started(scene.owner, 2001);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "holdout-not-allowed" } });
    expect(!refused.ok && refused.refusal.because).toMatch(/None of the 2 running contracts .* allows 20\.01 % /);
    for (const who of [scene.ana, scene.server])
      expect(await started(who, 2000)).toMatchObject({ refusal: { code: "not-allowed" } });
    expect(await started(rival.owner, 2000)).toMatchObject({ refusal: { code: "not-found" } });
    expect(await ended(scene.owner, "hol_unknown")).toMatchObject({ refusal: { code: "not-found" } });
    expect(await listed()).toEqual([]);
    expect(await house.running.world.store.head(scene.brand.brand)).toEqual(before);
  });

  test("on the contracts that allow it, once, and tells nobody what decides", async () => {
    const key = { "idempotency-key": "start-once" };
    const first = fine(await started(scene.owner, 2000, { days: 20 }, key));
    holdout = first.holdout;
    expect(fine(await started(scene.owner, 2000, { days: 20 }, key))).toEqual(first);
    const nobody = { people: 0, converted: 0, conversions: 0, valueMinor: 0 };
    expect(first).toEqual({
      holdout: expect.stringMatching(/^hol_[0-9a-z]{20}$/),
      campaign: scene.campaign,
      startedAt: NOON,
      endsAt: NOON + 20 * DAY,
      endedAt: null,
      partBp: 2000,
      contracts: [scene.contract],
      leftOut: 1,
      treated: nobody,
      held: nobody,
      lift: null,
    });
    expect(await listed()).toEqual([first]);
    expect(await started(scene.owner, 1000)).toMatchObject({ refusal: { code: "holdout-running" } });
    expect(drawn().salt).toMatch(/^[0-9a-z]{26}$/);
  });
});

describe("while it runs", () => {
  const anas: Person[] = [];
  const bens: Person[] = [];
  const leads = (of: readonly Person[]) => of.filter((_, index) => index % 3 === 0);

  test("a part of the clicks is held out, by the click alone; their leads are the house's, all others pay as before", async () => {
    const next = dice("who comes by whom");
    for (let count = 0; count < 360; count += 1) {
      house.clock.at += 1000;
      const [of, link] = next() % 5 === 0 ? [bens, ben.link] : [anas, scene.link];
      of.push(await arrives(link));
      if (count === 20) expect(await latest()).toMatchObject({ lift: null });
    }
    for (const it of [...leads(anas), ...leads(bens)]) await leaves(it);
    const held = anas.filter(({ c }) => isHeldOut(drawn(), c));
    expect(held.length / anas.length).toBeGreaterThan(0.1);
    expect(held.length / anas.length).toBeLessThan(0.3);
    const found = await rows();
    for (const it of leads(anas)) {
      const isHeld = held.includes(it);
      const credited = isHeld ? [] : [{ influencer: scene.influencer, shareMicro: 1_000_000 }];
      expect(found.get(`lead-${it.v}`)?.credited, it.c).toMatchObject(credited);
      expect(found.get(`lead-${it.v}`)?.stage === "house").toBe(isHeld);
    }
    for (const it of leads(bens))
      expect(found.get(`lead-${it.v}`)?.credited).toMatchObject([
        { influencer: ben.influencer, shareMicro: 1_000_000 },
      ]);
    expect(await leadsPaid(scene)).toBe(leads(anas).filter((it) => !held.includes(it)).length);
    expect(await leadsPaid(ben)).toBe(leads(bens).length);
  });

  test("its two arms count people, and tell the lift with its interval", async () => {
    const counted = (of: readonly Person[]) => {
      const converted = leads(anas).filter((it) => of.includes(it)).length;
      return { people: of.length, converted, conversions: converted, valueMinor: 0 };
    };
    const { treated, held, lift } = await latest();
    expect(held).toEqual(counted(anas.filter(({ c }) => isHeldOut(drawn(), c))));
    expect(treated).toEqual(counted(anas.filter(({ c }) => !isHeldOut(drawn(), c))));
    expect(lift).not.toBeNull();
    expect(lift).toEqual(liftOf(treated, held));
    expect(lift?.lowerBp).toBeLessThan(lift?.estimateBp ?? 0);
    expect(lift?.upperBp).toBeGreaterThan(lift?.estimateBp ?? 0);
  });

  test("a lead that was held out says why, in words, and whose its touches are", async () => {
    const it = leads(anas).find(({ c }) => isHeldOut(drawn(), c))!;
    const page = await pageOf(it);
    expect(page.parts).toEqual([]);
    expect(page.house?.shareMicro).toBe(1_000_000);
    expect(page.house?.considered.map(({ touch }) => [touch.kind, touch.payee, touch.link])).toEqual([
      ["click", "house", ""],
      ["visit", "house", ""],
    ]);
    const events = page.events.filter(({ what }) => what === "held-out");
    expect(events).toHaveLength(1);
    expect(events[0]?.because).toMatch(
      /^A click on the way here was left without credit, by chance, as the terms allow/,
    );
    expect(events[0]?.because).toContain(holdout);
    const other = leads(anas).find(({ c }) => !isHeldOut(drawn(), c))!;
    expect((await pageOf(other)).events.map(({ what }) => what)).not.toContain("held-out");
  });

  test("whoever is held out is shown no poll; everybody else is, and who asks not to be followed", async () => {
    const [held, other] = [true, false].map((is) => anas.find(({ c }) => isHeldOut(drawn(), c) === is)!);
    expect(await pollFor({ c: held!.c })).toBeNull();
    for (const c of [other!.c, bens[0]!.c, held!.c.split(".")[0], `${held!.c.slice(0, -1)}~`, ""])
      expect(await pollFor({ c }), c).toMatchObject({ title: "One question" });
    expect(await pollFor({})).toMatchObject({ title: "One question" });
    expect(await pollFor({ c: held!.c }, { "sec-gpc": "1" })).toMatchObject({ title: "One question" });
  });

  test("people stay in the arm of their first click, though each click is credited or not by itself", async () => {
    const before = await latest();
    const first = await arrivesAs(false, drawn());
    house.clock.at += 45 * MINUTE;
    const second = await arrivesAs(true, drawn(), first.v);
    house.clock.at += MINUTE;
    await leaves(second);
    expect((await rowOf(second)).credited).toEqual([]);
    const [one, other] = [await arrivesAs(true, drawn()), await arrivesAs(true, drawn())];
    house.clock.at += 1;
    const again = await arrivesAs(false, drawn(), one.v);
    house.clock.at += MINUTE;
    await leaves(again);
    expect((await rowOf(again)).credited).toMatchObject([{ influencer: scene.influencer }]);
    await lands(other);
    const after = await latest();
    expect([after.treated.people, after.treated.converted]).toEqual([
      before.treated.people + 1,
      before.treated.converted + 1,
    ]);
    expect([after.held.people, after.held.converted]).toEqual([before.held.people + 2, before.held.converted + 1]);
  });

  test("robots, clicks that never land, promo codes and conversions after the window are no part of it", async () => {
    const before = await latest();
    const code = { params: { contract: scene.contract }, body: { code: "ANA10" } };
    fine(await scene.owner.ask(brandDoors.createCode, code));
    await came(scene.link);
    const robot = await came(scene.link);
    const view = { k: scene.brand.publishableKey, p: LANDING, n: "said-by-robot", ...robot };
    await say(house.origin, "/v1/beacon", view, { "user-agent": "Googlebot/2.1" });
    const buyer = { v: "visitor-with-code", c: "" };
    await tell("/v1/results", buyer, { result: "lead", id: "lead-visitor-with-code", code: "ana10", fields: {} });
    expect((await rowOf(buyer)).credited).toMatchObject([{ influencer: scene.influencer }]);
    expect(await latest()).toEqual(before);
    const late = await arrivesAs(true, drawn());
    const { held } = await latest();
    house.clock.at += 7 * DAY + 1;
    await leaves(late);
    expect((await latest()).held).toEqual(held);
    // Nor is anybody told of an experiment that had nothing to do with it.
    expect((await pageOf(late)).events.map(({ what }) => what)).not.toContain("held-out");
  });

  test("the server started anew, and a result told again, change nothing", async () => {
    await mature(house.running.world.store, house.running.world.record, house.clock.at);
    const [before, paid] = [await listed(), await leadsPaid(scene)];
    const head = await house.running.world.store.head(scene.brand.brand);
    await restarted();
    expect(await listed()).toEqual(before);
    for (const it of leads(anas).slice(0, 5)) await leaves(it);
    expect(await listed()).toEqual(before);
    expect(await leadsPaid(scene)).toBe(paid);
    expect(await house.running.world.store.head(scene.brand.brand)).toEqual(head);
  });
});

describe("when it is ended", () => {
  test("clicks from then on are credited and see the poll, those from before stay held out", async () => {
    const waiting = await arrivesAs(true, drawn());
    house.clock.at += 1000;
    expect(await ended(rival.owner)).toMatchObject({ refusal: { code: "not-found" } });
    expect(await ended(scene.ana)).toMatchObject({ refusal: { code: "not-allowed" } });
    const over = fine(await ended(scene.owner));
    expect(over.endedAt).toBe(house.clock.at);
    const head = await house.running.world.store.head(scene.brand.brand);
    expect(fine(await ended(scene.owner))).toEqual(over);
    expect(await house.running.world.store.head(scene.brand.brand)).toEqual(head);
    const fresh = await arrivesAs(true, drawn());
    expect(await pollFor({ c: fresh.c })).toMatchObject({ title: "One question" });
    house.clock.at += MINUTE;
    for (const it of [waiting, fresh]) await leaves(it);
    expect((await rowOf(waiting)).credited).toEqual([]);
    expect((await rowOf(fresh)).credited).toMatchObject([{ influencer: scene.influencer, shareMicro: 1_000_000 }]);
    const { held, treated } = await latest();
    expect([held.people, held.converted]).toEqual([over.held.people, over.held.converted + 1]);
    expect(treated).toEqual(over.treated);
  });

  test("by the days that were said, however late the clock is; and then another may begin", async () => {
    house.clock.at += 1000;
    const short = fine(await started(scene.owner, 1000, { days: 2 }));
    expect((await listed()).map((it) => it.holdout)).toEqual([short.holdout, holdout]);
    house.clock.at += 3 * DAY;
    expect(await latest()).toMatchObject({ endedAt: short.endsAt });
    const person = await arrivesAs(true, drawn(short.holdout));
    await leaves(person);
    expect((await rowOf(person)).credited).toMatchObject([{ influencer: scene.influencer }]);
    const third = fine(await started(scene.owner, 2000));
    expect(await listed()).toMatchObject([{ holdout: third.holdout }, { endedAt: short.endsAt }, {}]);
    // Without days it lasts as long as the last of its contracts does: through the 31st of December in New York.
    expect(third.endsAt).toBe(Date.UTC(2027, 0, 1, 5));
    await until(Date.UTC(2027, 0, 1, 6));
    expect(await latest()).toMatchObject({ holdout: third.holdout, endedAt: third.endsAt });
    const due = (onDisk(house.folder, scene.brand.brand).document ?? []).filter(({ key }) =>
      /holdout-end/.test(`${key}`),
    );
    expect(due).toEqual([]);
  });

  test("rates that decide a bonus leave out who was held out, and the facts alone give everything there is", async () => {
    const params = { contract: scene.contract };
    const { rates, statement } = fine(await scene.ana.ask(influencerDoors.statementOf, { params }));
    const all = await listed();
    const isHeld = (click: string): boolean => {
      const at = clickedAt(click) ?? 0;
      const during = all.filter(({ startedAt, endedAt }) => startedAt <= at && at < (endedAt ?? 0));
      return during.some((it) => isHeldOut(drawn(it.holdout), click));
    };
    const landed = (onDisk(house.folder, scene.brand.brand).touch ?? []).filter(
      ({ contract, kind, robot, at }) =>
        contract === scene.contract && kind === "visit" && robot === 0 && Number(at) < Date.UTC(2026, 11, 1, 5),
    );
    const clicks = [...new Set(landed.map(({ click }) => String(click)))];
    expect(clicks.filter(isHeld).length).toBeGreaterThan(30);
    expect(rates[0]).toMatchObject({ visits: clicks.filter((it) => !isHeld(it)).length, clicks: 0, engaged: 0 });
    expect(statement.periods[0]?.lines.some(({ code }) => code === "bonus")).toBe(true);
    const { store } = house.running.world;
    expect(await verifyBrand(store, scene.brand.brand, { replaying: () => {}, comparing: () => {} })).toMatchObject({
      ok: true,
    });
  });
});
