import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { type ModelName, models } from "../../shared/judge/models.ts";
import { explained } from "../../shared/pay/explained.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { type Caller, fine, type House, openHouse } from "../house.ts";
import { clickOn, DAY, LANDING, NOON, onDisk, type Scene, say, setTheScene, terms } from "./scene.ts";

const MINUTE = 60_000;
const BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

const pay = [
  { rule: "perResult", result: "lead", amountMinor: 1000 },
  { rule: "bonus", when: { rate: "clickThrough", atLeastBp: 5000 }, amountMinor: 5000 },
  { rule: "bonus", when: { rate: "engagement", atLeastBp: 7500 }, rateBp: 1000, of: "period" },
  { rule: "bonus", when: { rate: "engagement", atLeastBp: 7501 }, amountMinor: 9999 },
];

let house: House;
let scene: Scene;
let poll: string;
let said = 0;

/** Somebody on the landing page. Each thing they do is told under a word of its own. */
const person = (v: string | undefined, c: string | undefined, headers: Record<string, string> = {}) => {
  const tell = async (path: string, more: object, nonce?: string): Promise<Response> => {
    said += 1;
    const n = nonce ?? `told-${String(said).padStart(6, "0")}`;
    const whence = { k: scene.brand.publishableKey, p: LANDING, n, ...(v && { v }), ...(c && { c }) };
    return say(house.origin, path, { ...whence, ...more }, headers);
  };
  const well = async (telling: Promise<Response>): Promise<void> => {
    const response = await telling;
    expect(response.ok, await response.text()).toBe(true);
  };
  return {
    lands: () => well(tell("/v1/beacon", {})),
    acts: (nonce?: string) => well(tell("/v1/beacon", { kind: "cta" }, nonce)),
    answers: (nonce?: string) => well(tell("/v1/answers", { poll, answers: { score: 9 } }, nonce)),
    answersBadly: () => tell("/v1/answers", { poll, answers: { score: 99 } }),
    leaves: (email: string) => well(tell("/v1/results", { result: "lead", fields: { email } })),
  };
};

const arrives = async (v: string) => person(v, await clickOn(scene.link.url));

const until = async (at: number): Promise<void> => {
  const { store, record } = house.running.world;
  for (; house.clock.at < at; await mature(store, record, house.clock.at))
    house.clock.at = Math.min(at, house.clock.at + DAY);
};

const statementFor = async (who: Caller) =>
  fine(await who.ask(influencerDoors.statementOf, { params: { contract: scene.contract } }));

const bonuses = async (period: number) => {
  const { statement } = await statementFor(scene.ana);
  const lines = statement.periods[period]?.lines ?? [];
  return lines.filter(({ code }) => code === "bonus").map(({ amountMinor, because }) => [amountMinor, because]);
};

const touches = () => onDisk(house.folder, scene.brand.brand).touch ?? [];

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: { ...terms, pay } });
  const questions = [{ id: "score", kind: "scale" as const, title: "How likely?" }];
  const body = { title: "One question", questions };
  poll = fine(await scene.owner.ask(brandDoors.openPoll, { params: { campaign: scene.campaign }, body })).poll.id;
});
afterAll(() => house.close());

describe("a bonus for a rate", () => {
  test("waits for the end of its period, whatever people do until then", async () => {
    const [one, two, three, four] = [
      await arrives("visitor-1"),
      await arrives("visitor-2"),
      await arrives("visitor-3"),
      await arrives("visitor-4"),
    ];
    for (const it of [one, two, three, four]) await it.lands();
    house.clock.at += MINUTE;
    await one.lands();
    await one.acts();
    await one.acts();
    await two.acts("told-twice");
    await two.acts("told-twice");
    await three.answers("answered-1");
    await three.answers("answered-1");
    house.clock.at += 31 * MINUTE;
    // Half an hour after the click that led there, what a page tells is nobody's doing.
    await four.acts();
    await four.answers();
    expect(await bonuses(0)).toEqual(Array(3).fill([0, "measured when the period is over"]));
    expect((await statementFor(scene.owner)).rates).toEqual([]);
  });

  test("leaves out robots, those who never landed, and those who let nothing be known of them", async () => {
    const robot = person("visitor-5", await clickOn(scene.link.url), { "user-agent": BOT });
    const nameless = person(undefined, scene.link.code);
    const hidden = person("visitor-6", await clickOn(scene.link.url), { "sec-gpc": "1" });
    const direct = person("visitor-7", undefined);
    for (const it of [robot, nameless, hidden, direct]) {
      await it.lands();
      await it.acts();
      await it.answers();
    }
    await clickOn(scene.link.url);
    await (await arrives("visitor-8")).acts();
    const kept = touches().filter(({ kind }) => kind === "answer");
    expect(kept.map(({ id, visitor, contract, robot }) => [id, visitor, contract, robot])).toEqual([
      ["answer:answered-1", "visitor-3", scene.contract, 0],
      [expect.stringMatching(/^answer:told-/), "visitor-5", scene.contract, 1],
    ]);
  });

  test("an answer the poll refuses leaves no touch behind", async () => {
    const before = touches();
    const it = await arrives("visitor-9");
    const response = await it.answersBadly();
    expect([response.ok, response.status < 500]).toEqual([false, true]);
    expect(
      touches()
        .filter(({ id }) => !before.some((old) => old.id === id))
        .map(({ kind }) => kind),
    ).toEqual(["click"]);
  });

  test("an answer belongs to the visit it was given on: its influencer is credited no more for it", async () => {
    for (const _ of [1, 2]) {
      house.clock.at += DAY;
      await person("visitor-3", undefined).lands();
    }
    house.clock.at += DAY;
    const back = await arrives("visitor-3");
    house.clock.at += MINUTE;
    await back.answers();
    house.clock.at += MINUTE;
    await back.leaves("vera@visitor.example");
    const told = await statementFor(scene.ana);
    // The first click and the second, each with all that followed, and between them two direct visits: half is Ana's.
    expect(told.shares.map(({ shareMicro }) => shareMicro)).toEqual([500_000]);
    const page = fine(
      await scene.ana.ask(influencerDoors.conversion, { params: { conversion: told.shares[0]?.id ?? "" } }),
    );
    const answers = page.parts[0]?.considered.filter(({ touch }) => touch.kind === "answer");
    expect(answers?.map(({ because, shareMicro }) => [because, shareMicro])).toEqual([
      ["repeat-within-30-minutes", 0],
      ["repeat-within-30-minutes", 0],
    ]);
  });

  test("is measured once when its period is over, stands on the statement with its sum, and can be computed again", async () => {
    const last = house.clock.at;
    await until(Date.UTC(2026, 11, 1, 6));
    expect(house.clock.at).toBeGreaterThan(last);
    // Four clicks landed, each once however often it was repeated: two acted, one answered. The second click of the third
    // visitor answered without a visit on record, and counts for nothing.
    const told = await statementFor(scene.ana);
    const end = Date.UTC(2026, 11, 1, 5);
    expect(told.rates).toEqual([{ period: 0, at: end, visits: 4, clicks: 2, engaged: 3 }]);
    expect(await bonuses(0)).toEqual([
      [5000, "50.00 USD, since clicks 2 of 4 visits reach 50 %"],
      [50, "10 % of 5.00 USD, since engaged 3 of 4 visits reach 75 %"],
      [0, "needs 75.01 %, has engaged 3 of 4 visits"],
    ]);
    const { statements } = fine(await scene.owner.ask(closedStatements, { params: { contract: scene.contract } }));
    expect(statements).toMatchObject([{ period: 0, closedAt: end, earnedMinor: 500 + 5000 + 50 }]);
    for (const who of [scene.ana, scene.owner]) {
      const { statement, ...explanation } = await statementFor(who);
      expect(explained(explanation)).toEqual(statement);
      expect(explained({ ...explanation, rates: [] }).totalMinor).toBe(500);
    }
  });

  test("starts anew with the next period, and what is told late of the last one changes nothing", async () => {
    const before = (await statementFor(scene.ana)).statement.periods[0];
    const three = [await arrives("visitor-1"), await arrives("visitor-2"), await arrives("visitor-3")];
    for (const it of three) await it.lands();
    await three[0]?.acts();
    await until(Date.UTC(2027, 0, 1, 6));
    const told = await statementFor(scene.ana);
    expect(told.rates?.slice(1)).toMatchObject([{ period: 1, visits: 3, clicks: 1, engaged: 1 }]);
    expect(told.statement.periods[0]).toEqual(before);
    expect(await bonuses(1)).toEqual([
      [0, "needs 50 %, has clicks 1 of 3 visits"],
      [0, "needs 75 %, has engaged 1 of 3 visits"],
      [0, "needs 75.01 %, has engaged 1 of 3 visits"],
    ]);
    const { world } = house.running;
    fine((await verifyBrand(world.store, scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
  });
});

test("a contract that asks for no rate has none measured", async () => {
  const other = await openHouse(NOON);
  const { contract, ana } = await setTheScene(other, other);
  other.clock.at = Date.UTC(2026, 11, 1, 6);
  await mature(other.running.world.store, other.running.world.record, other.clock.at);
  const told = fine(await ana.ask(influencerDoors.statementOf, { params: { contract } }));
  expect([told.statement.periods[0]?.state, told.rates]).toEqual(["closed", []]);
  await other.close();
});

const AT = Date.UTC(2026, 10, 30);

/** Touches minutes apart, and after one of them, before the next, an answer on the page it led to. */
const journeys = fc
  .array(fc.record({ payee: fc.constantFrom("ann", "bob", HOUSE), gap: fc.integer({ min: 1, max: 90 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((all) => fc.record({ all: fc.constant(all), after: fc.nat(all.length - 1), wait: fc.integer({ min: 0 }) }))
  .map(({ all, after, wait }) => {
    let at = AT - 12 * 60 * MINUTE;
    const path = all.map(({ payee, gap }, index): Touch => {
      const link = payee === HOUSE ? "" : `${payee}-link`;
      const it: Touch = { id: `t${index}`, at, order: index, payee, link, kind: payee === HOUSE ? "visit" : "click" };
      at += gap * MINUTE;
      return it;
    });
    const since = path[after]!;
    const room = Math.min(30, all[after]!.gap) * MINUTE;
    const answer: Touch = { ...since, id: "answer", at: since.at + (wait % room), order: 0.5 + after, kind: "answer" };
    return { path, answer };
  });

test("whatever the journey and the model, an answer on the page a click led to never raises a share", () => {
  const names = Object.keys(models) as ModelName[];
  fc.assert(
    fc.property(journeys, fc.constantFrom(...names), fc.boolean(), ({ path, answer }, model, included) => {
      fc.pre(answer.payee !== HOUSE);
      const terms: AttributionTerms = { model, windowDays: 1, house: included ? "included" : "excluded" };
      const effects = [...path, answer].map(({ payee }, index) => ({
        payee,
        effectNano: 1 + index,
        lowerNano: 0,
        upperNano: 1_000_000,
      }));
      const of = (touches: readonly Touch[]): number =>
        credit({ id: "cnv-1", at: AT }, touches, terms, { effects }).shares.find(({ payee }) => payee === answer.payee)
          ?.shareMicro ?? 0;
      expect(of([...path, answer])).toBeLessThanOrEqual(of(path));
    }),
    { numRuns: 1000 },
  );
});
