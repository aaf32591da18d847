import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analystOf } from "../../server/analysis/analyst.ts";
import { pageOf } from "../../server/analysis/page.ts";
import type { Question } from "../../server/analysis/question.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { markov } from "../../shared/judge/markov.ts";
import { ok } from "../../shared/kit/shape.ts";
import * as attribution from "../../shared/wire/attribution.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { fine } from "../house.ts";
import { type Crowd, openCrowd } from "./crowd.ts";
import { happen, openPocket } from "./pocket.ts";
import { anotherBrand, clickOn, DAY, follow, LANDING, NOON, say, terms } from "./scene.ts";

type Query = Readonly<Record<string, string>>;

const asked = (crowd: Crowd) => {
  const door = (query: Query = {}, who = crowd.scene.owner) =>
    who.ask(attribution.attributionPage, { params: { campaign: crowd.scene.campaign }, query });
  const page = async (query: Query = {}) => fine(await door(query));
  return { door, page };
};

type Page = Awaited<ReturnType<ReturnType<typeof asked>["page"]>>;

/** Who has what of a page, by name. */
const has = ({ payees }: Page, when: "now" | "whatIf") =>
  Object.fromEntries(payees.map((it) => [it.name, [it[when].conversionsMicro, it[when].valueMinor]]));

const sum = (page: Page, when: "now" | "whatIf", what: "conversionsMicro" | "valueMinor"): number =>
  page.payees.reduce((all, it) => all + it[when][what], 0);

/** Every conversion with the touches its verdict was judged on, and whose contracts they are. */
const evidence = async ({ scene }: Crowd) => {
  const { conversions } = fine(
    await scene.owner.ask(conversionDoors.conversions, { query: { campaign: scene.campaign } }),
  );
  const found: { id: string; at: number; result: string; touches: readonly Touch[] }[] = [];
  for (const { id, at, result } of conversions) {
    const { parts, house } = fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion: id } }));
    const considered = parts[0]?.considered ?? house?.considered ?? [];
    found.push({ id, at, result, touches: considered.map(({ touch }) => touch) });
  }
  return found;
};

describe("a campaign of two influencers and the house", () => {
  let crowd: Crowd;
  let ask: ReturnType<typeof asked>;
  beforeAll(async () => {
    crowd = await openCrowd(NOON);
    ask = asked(crowd);
  });
  afterAll(() => crowd.close());

  test("nothing that ever happened is nothing, and no error", async () => {
    for (const model of ["linear", "markov", "shapley", "timeDecay"]) {
      const page = await ask.page({ model });
      expect(page).toMatchObject({ touches: 0, journeys: 0, conversions: 0, valueMinor: 0, currency: null, paths: [] });
      expect(page.removal).toMatchObject({ baseMicro: 0, effects: [] });
      expect(page.payees).toEqual([
        expect.objectContaining({
          payee: HOUSE,
          name: "House",
          journeys: 0,
          now: { conversionsMicro: 0, valueMinor: 0 },
        }),
      ]);
    }
  });

  test("what the contracts decide stands beside what another model would, to the millionth and the cent", async () => {
    await crowd.walk("one", ["ana", "bea", "house"]);
    await crowd.buys("one", 10_001);
    await crowd.walk("two", ["bea", "ana"]);
    await crowd.buys("two", 500);
    await crowd.walk("three", ["house"]);
    await crowd.buys("three", 7);
    await crowd.walk("four", ["bea"]);
    const page = await ask.page({ model: "first" });
    expect(page).toMatchObject({ journeys: 4, conversions: 3, valueMinor: 10_508, currency: "USD", results: ["sale"] });
    expect(has(page, "whatIf")).toEqual({
      "Ana Lima": [1_000_000, 10_001],
      "Bea Berg": [1_000_000, 500],
      House: [1_000_000, 7],
    });
    expect(sum(page, "now", "conversionsMicro")).toBe(3_000_000);
    expect(sum(page, "now", "valueMinor")).toBe(10_508);
    // A sixth of a sale goes to Ana and one to Bea, both from the house.
    expect(page.moved.conversionsMicro).toBeGreaterThanOrEqual(333_332);
    expect(page.moved.conversionsMicro).toBeLessThanOrEqual(333_334);
    expect(page.payees.map(({ name, journeys }) => [name, journeys]).sort()).toEqual([
      ["Ana Lima", 2],
      ["Bea Berg", 3],
      ["House", 2],
    ]);
  });

  test("who is credited now is who every single conversion says is", async () => {
    const { conversions } = fine(await crowd.scene.owner.ask(conversionDoors.conversions));
    const page = await ask.page();
    for (const { payee, now } of page.payees.filter((it) => it.payee !== HOUSE)) {
      const shares = conversions.flatMap(({ credited }) => credited.filter(({ influencer }) => influencer === payee));
      expect(now.conversionsMicro).toBe(shares.reduce((all, { shareMicro }) => all + shareMicro, 0));
    }
  });

  test("asking for what the contracts say moves nothing", async () => {
    const page = await ask.page();
    expect(page.whatIf).toEqual(terms.attribution);
    expect(page.moved).toEqual({ conversionsMicro: 0, valueMinor: 0 });
    expect(has(page, "whatIf")).toEqual(has(page, "now"));
  });

  test("any model shares as anybody does who computes it from the conversions' own journeys", async () => {
    await crowd.walk("five", ["ana", "house", "ana", "bea", "ana", "house", "house"]);
    await crowd.buys("five", 999);
    await crowd.walk("five", ["bea", "house"]);
    await crowd.buys("five", 1_000);
    // Somebody who came by no link, and says a code at the till.
    fine(
      await crowd.scene.owner.ask(brandDoors.createCode, {
        params: { contract: crowd.members.bea.contract },
        body: { code: "BEA10" },
      }),
    );
    await crowd.walk("six", ["house", "ana"]);
    await crowd.buys("six", 250, { code: "BEA10" });
    // The server knows a click and nobody's name.
    const click = await clickOn(crowd.members.ana.link.url);
    await crowd.buys("six", 300, { click, visitor: undefined });
    // One person on two devices, told by their address.
    const fields = { email: "sam@visitor.example" };
    await crowd.walk("seven", ["bea"]);
    await crowd.walk("eight", ["ana", "house"]);
    await crowd.buys("seven", 11, { fields });
    await crowd.buys("eight", 13, { fields });
    const asks: readonly [Query, AttributionTerms][] = [
      ...(["first", "last", "lastNonHouse", "linear", "linearUnique"] as const).map(
        (model) => [{ model }, { model, windowDays: 30, house: "included" }] as [Query, AttributionTerms],
      ),
      [
        { model: "position", firstBp: "3000", lastBp: "1000" },
        { model: "position", windowDays: 30, house: "included", firstBp: 3000, lastBp: 1000 },
      ],
      [
        { model: "timeDecay", halfLifeDays: "1" },
        { model: "timeDecay", windowDays: 30, house: "included", halfLifeDays: 1 },
      ],
      [
        { model: "linear", house: "excluded" },
        { model: "linear", windowDays: 30, house: "excluded" },
      ],
      [
        { model: "linear", windowDays: "1" },
        { model: "linear", windowDays: 1, house: "included" },
      ],
    ];
    const all = await evidence(crowd);
    expect(all).toHaveLength(9);
    const whose = new Map(Object.values(crowd.members).map((it) => [it.contract, it.influencer]));
    for (const [query, says] of asks) {
      const expected = new Map<string, number>();
      for (const { id, at, touches } of all)
        for (const { payee, shareMicro } of credit({ id, at }, touches, says).shares) {
          const who = whose.get(payee) ?? payee;
          expected.set(who, (expected.get(who) ?? 0) + shareMicro);
        }
      const page = await ask.page(query);
      expect(page.whatIf).toEqual(says);
      const shared = page.payees.filter(({ whatIf }) => whatIf.conversionsMicro > 0);
      expect(new Map(shared.map(({ payee, whatIf }) => [payee, whatIf.conversionsMicro])), says.model).toEqual(
        expected,
      );
      expect(sum(page, "whatIf", "valueMinor")).toBe(page.valueMinor);
      expect(sum(page, "now", "valueMinor")).toBe(page.valueMinor);
    }
  });

  test("journeys that start anew after a conversion do so here too", async () => {
    const all = await evidence(crowd);
    const restarted = all.flatMap((it) => {
      const before = all.filter(
        (other) => other.at < it.at && other.touches.some(({ id }) => it.touches.some((own) => own.id === id)),
      );
      const since = before.length === 0 ? undefined : Math.max(...before.map(({ at }) => at));
      return credit(it, it.touches, { model: "linear", windowDays: 30, house: "included", after: "restart" }, { since })
        .shares;
    });
    const house = restarted.filter(({ payee }) => payee === HOUSE).reduce((all, { shareMicro }) => all + shareMicro, 0);
    const page = await ask.page({ model: "linear", after: "restart" });
    expect(page.payees.find(({ payee }) => payee === HOUSE)?.whatIf.conversionsMicro).toBe(house);
  });

  test("paths are told with runs as one step, the most taken first, and each with what became of it", async () => {
    const { paths, morePaths, journeys, payees } = await ask.page();
    const named = new Map(payees.map(({ payee, name }) => [payee, name[0]]));
    const told = paths.map(({ steps, conversions, nulls }) => [
      steps.map((it) => named.get(it)).join(""),
      conversions,
      nulls,
    ]);
    expect(told).toContainEqual(["ABH", 1, 0]);
    expect(told).toContainEqual(["B", 0, 1]);
    expect(morePaths).toEqual({ paths: 0, conversions: 0 });
    expect(paths.reduce((all, { conversions, nulls }) => all + conversions + nulls, 0)).toBe(journeys);
    const counts = paths.map(({ conversions }) => conversions);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  test("time and length are of every conversion that had a journey", async () => {
    const page = await ask.page();
    const count = (bars: Page["lags"]): number => bars.reduce((all, { conversions }) => all + conversions, 0);
    expect(count(page.lengths)).toBe(page.conversions);
    expect(count(page.lags)).toBe(page.conversions - (page.lengths[0]?.conversions ?? 0));
    expect(page.lengths.find(({ from }) => from === 3)?.conversions).toBeGreaterThan(0);
    for (const bars of [page.lags, page.lengths])
      for (const [place, { until }] of bars.entries()) expect(until).toBe(bars[place + 1]?.from ?? null);
  });

  test("removal effects are those of the paths, each within its interval, the same whenever they are asked for", async () => {
    const page = await ask.page({ model: "linear", windowDays: "20" });
    const places = [HOUSE, crowd.members.ana.influencer, crowd.members.bea.influencer];
    const steps = page.paths.flatMap((path) => path.steps.map((step) => places.indexOf(step)));
    const begins = [
      0,
      ...page.paths.map((_, place) => page.paths.slice(0, place + 1).flatMap((it) => it.steps).length),
    ];
    const { effects, base } = markov(
      {
        payees: 3,
        begins: Int32Array.from(begins),
        steps: Int32Array.from(steps),
        conversions: Float64Array.from(page.paths, ({ conversions }) => conversions),
        nulls: Float64Array.from(page.paths, ({ nulls }) => nulls),
        values: new Float64Array(page.paths.length),
      },
      1,
    );
    expect(page.removal.baseMicro).toBe(Math.round(base * 1e6));
    expect(page.removal.replicates).toBe(1000);
    for (const { payee, effectNano, lowerNano, upperNano } of page.removal.effects) {
      expect(Math.abs(effectNano - (effects[places.indexOf(payee)] ?? 0) * 1e9)).toBeLessThan(2);
      expect(lowerNano).toBeLessThanOrEqual(effectNano);
      expect(upperNano).toBeGreaterThanOrEqual(effectNano);
    }
    await crowd.walk("nine", ["house"], { p: "http://elsewhere.example/" });
    expect((await ask.page({ model: "last", windowDays: "20" })).removal).toEqual(page.removal);
  });

  test("models that learn are fitted on these very journeys", async () => {
    for (const query of [
      { model: "markov" },
      { model: "markov", order: "2" },
      { model: "shapley" },
      { model: "shapley", ordered: "true" },
    ]) {
      const page = await ask.page(query);
      expect(sum(page, "whatIf", "conversionsMicro")).toBe(page.conversions * 1_000_000);
      expect(page.whatIf).not.toHaveProperty("learned");
      expect(page.moved.conversionsMicro).toBeGreaterThan(0);
    }
  });

  test("what is asked wrongly is refused with its place and what it may be", async () => {
    const wrong: readonly [Query, RegExp][] = [
      [{ model: "magic" }, /^model: must be one of "first", "last", .*not "magic"/],
      [{ windowDays: "9x" }, /^windowDays: must be a whole number/],
      [{ windowDays: "366" }, /^windowDays: must be 365 or less/],
      [{ house: "maybe" }, /^house: must be one of "included" or "excluded"/],
      [{ model: "linear", halfLifeDays: "3" }, /^halfLifeDays: belongs to the model timeDecay only/],
      [{ model: "wShaped" }, /^milestones: is missing/],
      [{ model: "wShaped", milestones: "sale,party" }, /^milestones\/1: names the result "party", .*sale/],
      [{ model: "shapley", ordered: "maybe" }, /^ordered: must be true or false/],
      [{ model: "markov", order: "4" }, /^order: must be 3 or less/],
      [{ viewDays: "20", windowDays: "10" }, /^viewDays: is more than windowDays/],
      [{ result: "party" }, /^result: this campaign has no "party"; it has sale/],
      [{ from: "2026-02-30" }, /^from: 2026-02-30 is no day/],
      [{ from: "2026-11-09", until: "2026-11-08" }, /^until: 2026-11-08 is before from/],
      [{ from: "2025-01-01", until: "2026-11-08" }, /more than 400 days/],
    ];
    for (const [query, because] of wrong) {
      const answer = await ask.door(query);
      expect(answer, JSON.stringify(query)).toMatchObject({ ok: false, refusal: { code: "bad-query" } });
      if (!answer.ok) expect(answer.refusal.because).toMatch(because);
    }
  });

  test("the days asked for are those of the conversions, and journeys may have begun before", async () => {
    const at = crowd.house.clock.at;
    crowd.house.clock.at = at + 10 * DAY;
    await crowd.walk("late", ["ana"]);
    crowd.house.clock.at += 3 * DAY;
    await crowd.buys("late", 60);
    const day = new Date(crowd.house.clock.at).toISOString().slice(0, 10);
    const page = await ask.page({ from: day, until: day, model: "last" });
    expect(page).toMatchObject({ conversions: 1, valueMinor: 60, journeys: 1 });
    expect(has(page, "whatIf")["Ana Lima"]).toEqual([1_000_000, 60]);
    expect(page.lags.find(({ from }) => from === 3)?.conversions).toBe(1);
  });

  test("a milestone is what the person reached before, though it is not asked about", async () => {
    crowd.house.clock.at = (Math.floor(crowd.house.clock.at / DAY) + 2) * DAY;
    const day = new Date(crowd.house.clock.at).toISOString().slice(0, 10);
    await crowd.walk("mile", ["ana"]);
    const { publishableKey: k } = crowd.scene.brand;
    const lead = {
      k,
      p: LANDING,
      v: "visitor-mile",
      n: "mile-lead-0001",
      result: "lead",
      fields: { email: "mi@visitor.example" },
    };
    expect((await say(crowd.house.origin, "/v1/results", lead)).ok).toBe(true);
    await crowd.walk("mile", ["bea", "house"]);
    await crowd.buys("mile", 1_000);
    const page = await ask.page({ from: day, until: day, result: "sale", model: "wShaped", milestones: "lead,sale" });
    expect(page).toMatchObject({ conversions: 1, results: ["lead", "sale"], whatIf: { milestones: ["lead", "sale"] } });
    // 30 % each for the first touch, for that before the lead, and for that before the sale; the tenth that is left to Bea.
    const parts = { "Ana Lima": [600_000, 600], "Bea Berg": [100_000, 100], House: [300_000, 300] };
    expect(has(page, "whatIf")).toEqual(parts);
    const both = await ask.page({ from: day, until: day, model: "linear", after: "restart" });
    expect(both.conversions).toBe(2);
    expect(has(both, "whatIf")["Ana Lima"]).toEqual([1_333_333, 333].map((it) => expect.closeTo(it, -1)));
  });

  test("sales in two currencies are counted and not added up", async () => {
    const id = await crowd.buys("late", 60, { currency: "EUR" });
    const page = await ask.page();
    expect(page).toMatchObject({ currency: null, valueMinor: 0 });
    expect(sum(page, "now", "conversionsMicro")).toBe(page.conversions * 1_000_000);
    expect(sum(page, "now", "valueMinor") + sum(page, "whatIf", "valueMinor") + page.moved.valueMinor).toBe(0);
    fine(await crowd.scene.owner.ask(conversionDoors.reject, { params: { conversion: id }, body: { reason: "fake" } }));
    const after = await ask.page();
    expect(after.conversions).toBe(page.conversions - 1);
    expect(after.currency).toBe("USD");
  });

  test("machines are on no journey, and a click that nobody's page tells of is somebody's", async () => {
    const before = await ask.page();
    await follow(crowd.members.ana.link.url, {
      headers: { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" },
    });
    await clickOn(crowd.members.ana.link.url);
    await crowd.buys("late", 1);
    const after = await ask.page();
    expect(after.journeys).toBe(before.journeys + 2);
    const ana = (page: Page) => page.payees.find(({ name }) => name === "Ana Lima")?.journeys ?? 0;
    expect(ana(after)).toBe(ana(before) + 2);
  });

  test("visits to another campaign's pages are none of this one's", async () => {
    const { owner } = crowd.scene;
    const other = fine(
      await owner.ask(brandDoors.createCampaign, { body: { name: "Winter", hosts: ["localhost:11"] } }),
    );
    const before = await ask.page({ windowDays: "29" });
    const visit = {
      k: crowd.scene.brand.publishableKey,
      p: "http://localhost:11/",
      v: "visitor-winter",
      n: "winter-000001",
    };
    expect((await say(crowd.house.origin, "/v1/beacon", visit)).ok).toBe(true);
    await crowd.buys("late", 2);
    const after = await ask.page({ windowDays: "29" });
    // Whoever came by a link of this campaign is its customer, though nobody said so.
    expect([after.journeys, after.conversions]).toEqual([before.journeys + 1, before.conversions + 1]);
    const params = { campaign: other.id };
    const winter = fine(await owner.ask(attribution.attributionPage, { params, query: {} }));
    expect(winter).toMatchObject({ journeys: 1, conversions: 0, touches: 1 });
    expect(winter.payees).toEqual([expect.objectContaining({ payee: HOUSE, journeys: 1 })]);
    const quiet = { replaying: () => {}, comparing: () => {} };
    const { store } = crowd.house.running.world;
    expect(await verifyBrand(store, crowd.scene.brand.brand, quiet)).toMatchObject({ ok: true });
  });

  test("a past that was brought along is among the paths and their effects, and credits nobody", async () => {
    const { influencer } = crowd.members.ana;
    const { brand, campaign } = crowd.scene;
    const before = await ask.page();
    const rows = [
      { path: [influencer, influencer, HOUSE], conversionsMicro: 400_000_000, nulls: 600, valueMinor: 9_000 },
    ];
    const source = "a".repeat(64);
    const fact = { type: "paths-brought", campaign, source, content: source, part: 1, of: 1, rows } as const;
    await crowd.house.running.world.record.decide(brand.brand, async (unit) => {
      await unit.record(structuredClone(fact) as never, "brand");
      return ok(null);
    });
    const after = await ask.page();
    expect(after.paths[0]?.steps).toEqual([influencer, HOUSE]);
    expect(after.paths[0]?.conversions).toBeGreaterThanOrEqual(400);
    expect(after.conversions).toBe(before.conversions);
    expect(has(after, "now")).toEqual(has(before, "now"));
    expect(after.removal.baseMicro).toBeGreaterThan(350_000);
    expect(after.removal.effects[0]?.effectNano).toBeGreaterThan(900_000_000);
  });

  test("links go on leading people on while an analysis is being made", async () => {
    await crowd.buys("late", 3);
    let isThere = false;
    const page = ask.page({ model: "markov", order: "3" }).finally(() => {
      isThere = true;
    });
    let led = 0;
    while (!isThere) {
      await clickOn(crowd.members.bea.link.url);
      led += 1;
    }
    expect((await page).removal.order).toBe(3);
    expect(led).toBeGreaterThan(3);
  });

  test("several questions at once are all answered, each as if it were alone", async () => {
    const models = ["first", "last", "linear", "first"];
    const pages = await Promise.all(models.map((model) => ask.page({ model, windowDays: "15" })));
    expect(pages.map(({ whatIf }) => whatIf.model)).toEqual(models);
    expect(pages[3]).toEqual(pages[0]);
  });

  test("more questions than can be waited for are refused for now, and the others answered", async () => {
    await crowd.buys("late", 4);
    const windows = Array.from({ length: 20 }, (_, place) => String(place + 1));
    const answers = await Promise.all(windows.map((windowDays) => ask.door({ model: "last", windowDays })));
    const refused = answers.filter((it) => !it.ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(5);
    for (const it of refused) expect(it).toMatchObject({ ok: false, refusal: { code: "analyses-waiting" } });
    for (const [place, it] of answers.entries()) if (it.ok) expect(it.value.whatIf.windowDays).toBe(place + 1);
  });

  test("it is the brand's alone: not an influencer's, and not another brand's", async () => {
    expect(await ask.door({}, crowd.members.ana.caller)).toMatchObject({ ok: false, refusal: { code: "not-allowed" } });
    const rival = await anotherBrand(crowd.house);
    expect(await ask.door({}, rival.owner)).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  });
});

const linear = { model: "linear", windowDays: 30, house: "included" } as const;
const question: Question = {
  campaign: "cmp_one",
  from: "2026-11-01",
  until: "2026-11-30",
  result: null,
  terms: linear,
};

/** A brand in memory whose people each see one of two influencers, and every tenth buys. */
const openFull = async (people: number) => {
  const pocket = await openPocket(NOON, { con_ana: terms as never, con_bea: terms as never });
  for (let place = 0; place < people; place += 1) {
    const visitor = `visitor-${place}`;
    const contract = place % 3 === 0 ? "con_ana" : "con_bea";
    const touch = {
      id: `t${place}`,
      at: NOON + place,
      visitor,
      click: null,
      kind: "visit" as const,
      link: contract,
      contract,
      robot: false,
    };
    await happen(pocket, { what: "touch", touch });
    if (place % 10 > 0) continue;
    pocket.clock.at = NOON + place + 1;
    const report = {
      conversion: `cnv_${place}`,
      result: "sale",
      externalId: `order-${place}`,
      at: NOON + place + 1,
      via: "server" as const,
      robot: false,
      visitor,
      clicks: [],
      campaign: "cmp_one",
      fields: {},
      valueMinor: 100,
      currency: "USD",
    };
    await happen(pocket, { what: "report", report, clicked: [] });
  }
  return pocket;
};

test("a store in memory is looked through a slice at a time, with others' turns in between", async () => {
  const pocket = await openFull(60);
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    ticking = setImmediate(turn);
  };
  let ticking = setImmediate(turn);
  const page = fine(await analystOf(pocket).page({ brand: pocket.brand, question, asOf: pocket.clock.at }));
  clearImmediate(ticking);
  expect(turns).toBeGreaterThan(5);
  expect(page).toMatchObject({ conversions: 6, journeys: 60, valueMinor: 600, lookedAtMicro: 1_000_000 });
  expect(page.payees.map(({ journeys }) => journeys).sort((a, b) => b - a)).toEqual([40, 20, 0]);
});

test("of very many people a part is looked at, always the same, and it is said how large it is", async () => {
  const { brand, store, reader, clock } = await openFull(400);
  const desk = { brand, store, reader, mostTouches: 100, breathe: async () => {} };
  const page = await pageOf(desk, question, clock.at);
  expect(page.lookedAtMicro).toBe(250_000);
  expect(page.journeys).toBeGreaterThan(60);
  expect(page.journeys).toBeLessThan(150);
  expect(page.touches).toBe(page.journeys);
  expect(page.conversions).toBeGreaterThan(2);
  expect(sum(page, "now", "conversionsMicro")).toBe(page.conversions * 1_000_000);
  expect(page.moved).toEqual({ conversionsMicro: 0, valueMinor: 0 });
  expect(await pageOf(desk, question, clock.at)).toEqual(page);
  const whole = await pageOf({ ...desk, mostTouches: 400 }, question, clock.at);
  expect(whole).toMatchObject({ lookedAtMicro: 1_000_000, journeys: 400, conversions: 40 });
});
