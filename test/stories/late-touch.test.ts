import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { report } from "../../server/decisions/conversions.ts";
import { known } from "../../server/engine/book.ts";
import { mature } from "../../server/engine/clock.ts";
import { readerOf } from "../../server/engine/reader.ts";
import type { Arriving } from "../../server/engine/record.ts";
import type { ConversionDoc, ShareDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { statementShown } from "../../server/shown/statement.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import type { FactOf } from "../../shared/fact.ts";
import { ok } from "../../shared/kit/shape.ts";
import { explained } from "../../shared/pay/explained.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { settledAt, statement } from "../../shared/pay/statement.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { approve, releaseHeld, reverse } from "../../shared/wire/conversions.ts";
import * as disputes from "../../shared/wire/disputes.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import * as settings from "../../shared/wire/payout-settings.ts";
import * as payoutDoors from "../../shared/wire/payouts.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { type Caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { type Event, factsOf, happen, openPocket, type Pocket } from "./pocket.ts";
import { clickOn, DAY, headOf, LANDING, NOON, type Scene, say, setTheScene, terms } from "./scene.ts";

const HOUR = 3_600_000;
const DECEMBER = Date.UTC(2026, 11, 1, 1);
const JANUARY = Date.UTC(2027, 0, 1, 1);
const paying = {
  ...terms,
  currency: "EUR",
  timeZone: "UTC",
  attribution: { model: "last", windowDays: 30, house: "excluded" },
  pay: [
    { rule: "share", result: "sale", rateBp: 1000 },
    { rule: "perResult", result: "lead", amountMinor: 700 },
  ],
  timing: { reviewDays: 0, silence: "approve", holdDays: 0, disputeDays: 30 },
};

/** An influencer with a contract that runs, and its link. */
interface Runner {
  readonly who: Caller;
  readonly contract: string;
  readonly link: { readonly code: string; readonly url: string };
}

let house: House;
let scene: Scene;
let ana: Runner;
let bea: Runner;
let told = 0;

const signed = async (name: string, more: object): Promise<Runner> => {
  const { owner, campaign } = scene;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name } }));
  const who = await enter(house.origin, invited.invitationUrl, name);
  const body = { campaign, influencer: invited.influencer.id, terms: { ...paying, ...more } };
  const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const party of [owner, who]) fine(await signAs(party, contract, termsHash, name));
  const grabbed = await who.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } });
  return { who, contract, link: fine(grabbed) };
};

const begin = async (more: object = {}, hers: object = more): Promise<void> => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: { ...paying, ...more } });
  ana = { who: scene.ana, contract: scene.contract, link: scene.link };
  bea = await signed("Bea Rocha", hers);
};
afterEach(async () => {
  await house?.close();
  house = undefined as never;
});

/** Let it be an instant, and let everything happen that fell due until then. */
const until = async (at: number): Promise<void> => {
  house.clock.at = at;
  await mature(house.running.world.store, house.running.world.record, at);
};

const tell = (arriving: readonly Arriving[]): Promise<void> =>
  house.running.world.record.take(scene.brand.brand, arriving);

/** What a device that was offline tells long after: how its visitor once came. */
const cameBy = (visitor: string, { contract, link }: Runner, at: number): readonly Arriving[] => {
  told += 1;
  const click = `${link.code}.late${told}`;
  const by = { link: link.code, contract, robot: false };
  return [
    { id: click, at, visitor: null, click: null, kind: "click", ...by },
    { id: `visit:late${told}`, at, visitor, click, kind: "visit", ...by },
  ];
};

/** Somebody comes by a link and buys two hours later; the brand's server tells of it. `between` happens after one. */
const buys = async (
  visitor: string,
  by: Runner,
  valueMinor: number,
  more: object = {},
  between: () => Promise<void> = async () => {},
): Promise<string> => {
  told += 1;
  const whence = { k: scene.brand.publishableKey, p: LANDING, v: visitor, n: `view-of-${told}` };
  const seen = await say(house.origin, "/v1/beacon", { ...whence, c: await clickOn(by.link.url) });
  expect(seen.status).toBe(204);
  house.clock.at += HOUR;
  await between();
  house.clock.at += HOUR;
  const body = { result: "sale", id: `order-${told}`, valueMinor, currency: "EUR", visitor, ...more };
  const { id } = fine(await scene.server.ask(convert, { body }));
  fine(await scene.owner.ask(approve, { params: { conversion: id }, body: {} }));
  return id;
};

const statementOf = async ({ who, contract }: Runner) => {
  const { statement: is, ...evidence } = fine(await who.ask(influencerDoors.statementOf, { params: { contract } }));
  expect(explained(evidence)).toEqual(is);
  return is;
};

/** The lines of all statements that name a conversion, by the first day of their period. */
const linesAbout = async (runner: Runner, conversion: string) =>
  (await statementOf(runner)).periods.flatMap(({ starts, lines }) =>
    lines
      .filter((line) => line.conversion === conversion)
      .map(({ amountMinor, because }) => [starts, amountMinor, because.replace(conversion, "it")]),
  );

const earned = async (runner: Runner): Promise<readonly number[]> =>
  (await statementOf(runner)).periods.map(({ earnedMinor }) => earnedMinor);

/** Closed statements, letter by letter, with the hashes they were sealed by. */
const closed = async (runner: Runner): Promise<string> => {
  const { contract } = runner;
  const { statements } = fine(await scene.owner.ask(closedStatements, { params: { contract } }));
  const { periods } = await statementOf(runner);
  return JSON.stringify(statements.map(({ period, hash }) => [hash, periods[period]]));
};

/** What there is on a conversion: its journey, shares, and what it moved. */
const pageOf = async (conversion: string) =>
  fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion } }));

const isWhole = async (): Promise<void> => {
  const watch = { replaying: () => {}, comparing: () => {} };
  const found = await verifyBrand(house.running.world.store, scene.brand.brand, watch);
  expect(found.ok ? "whole" : found.refusal).toBe("whole");
};

const sayDetails = async ({ who }: Runner): Promise<void> => {
  const { proof } = fine(await who.ask(finishProof, { body: { purpose: "payout-details" } }));
  const details = { rail: "manual", note: "By post" };
  fine(await who.ask(settings.sayPayoutDetails, { body: { details, proof } as never }));
};
const pay = async (key: string): Promise<readonly number[]> => {
  const made = await scene.owner.ask(payoutDoors.makePayoutBatch, { body: { rail: "manual", currency: "EUR", key } });
  if (!made.ok) return [];
  for (const { id: payout } of made.value.payouts)
    fine(await scene.owner.ask(payoutDoors.settlePayout, { params: { payout }, body: { reference: "Bank 1" } }));
  return made.value.payouts.map(({ amountMinor }) => amountMinor);
};
const debtsOf = async ({ who }: Runner) =>
  fine(await who.ask(payoutDoors.payouts)).debts.map(({ amountMinor }) => amountMinor);

const refund = async (conversion: string, permille: number): Promise<void> => {
  const body = { reversal: `refund-${permille}-${house.clock.at}`, permille };
  fine(await scene.server.ask(reverse, { params: { conversion }, body }));
};

const NOVEMBER = "2026-11-01 to 2026-11-30";

describe("a touch that is told after the statement closed", () => {
  it("moves the money by a line of each open statement; what is closed stays letter by letter, and nobody else is touched", async () => {
    await begin();
    const sale = await buys("visitor-1", ana, 50_000);
    const other = await buys("visitor-2", ana, 30_000);
    const hers = await buys("visitor-3", bea, 20_000);
    await until(DECEMBER + 4 * DAY);
    const before = [await closed(ana), await closed(bea)];
    const untouched = [await pageOf(other), await pageOf(hers)];
    expect([await earned(ana), await earned(bea)]).toEqual([
      [8000, 0],
      [2000, 0],
    ]);

    const late = cameBy("visitor-1", bea, NOON + HOUR);
    await tell(late);
    expect(await linesAbout(ana, sale)).toEqual([["2026-12-01", -5000, `sale it of ${NOVEMBER}, shared anew`]]);
    expect(await linesAbout(bea, sale)).toEqual([["2026-12-01", 5000, `sale it of ${NOVEMBER}, counted late`]]);
    expect([await earned(ana), await earned(bea)]).toEqual([
      [8000, -5000],
      [2000, 5000],
    ]);
    expect([await closed(ana), await closed(bea)]).toEqual(before);
    expect([await pageOf(other), await pageOf(hers)]).toEqual(untouched);
    await isWhole();

    const head = await headOf(house, scene.brand.brand);
    await tell(late);
    expect(await headOf(house, scene.brand.brand)).toEqual(head);
  });

  it("may be told of again and again, there and back: each time a line, and in the end what the whole journey says", async () => {
    await begin();
    const sale = await buys("visitor-1", ana, 50_000);
    await until(DECEMBER);
    await tell(cameBy("visitor-1", bea, NOON + HOUR / 2 + 60_000));
    await until(DECEMBER + DAY);
    await tell(cameBy("visitor-1", ana, NOON + 2 * HOUR - 60_000));
    await until(JANUARY);
    await tell(cameBy("visitor-1", bea, NOON + 2 * HOUR - 1));
    const span = `sale it of ${NOVEMBER}`;
    expect(await linesAbout(ana, sale)).toEqual([
      ["2026-12-01", -5000, `${span}, shared anew`],
      ["2026-12-01", 5000, `${span}, shared anew`],
      ["2027-01-01", -5000, `${span}, shared anew`],
    ]);
    expect(await linesAbout(bea, sale)).toEqual([
      ["2026-12-01", 5000, `${span}, counted late`],
      ["2026-12-01", -5000, `${span}, shared anew`],
      ["2027-01-01", 5000, `${span}, shared anew`],
    ]);
    const { parts } = await pageOf(sale);
    const times = new Map(parts.map(({ contract, restated }) => [contract, restated?.restated.length]));
    expect([times.get(ana.contract), times.get(bea.contract)]).toEqual([3, 2]);
    await isWhole();
  });

  it("is netted from what was paid out: one owes it and works it off, the other is paid it", async () => {
    await begin();
    for (const runner of [ana, bea]) await sayDetails(runner);
    await buys("visitor-1", ana, 50_000);
    await until(DECEMBER);
    expect(await pay("one")).toEqual([5000]);
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    expect([await debtsOf(ana), await debtsOf(bea)]).toEqual([[5000], []]);
    await buys("visitor-4", ana, 80_000);
    await until(JANUARY);
    expect([...(await pay("two"))].sort()).toEqual([3000, 5000]);
    expect(await debtsOf(ana)).toEqual([]);
    await isWhole();
  });

  it("finds its month also when the contracts have ended", async () => {
    await begin();
    const sale = await buys("visitor-1", ana, 50_000);
    await until(JANUARY + 40 * DAY);
    const before = [await closed(ana), await closed(bea)];
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    const span = `sale it of ${NOVEMBER}`;
    expect(await linesAbout(ana, sale)).toEqual([["2027-02-01", -5000, `${span}, shared anew`]]);
    expect(await linesAbout(bea, sale)).toEqual([["2027-02-01", 5000, `${span}, counted late`]]);
    expect([await closed(ana), await closed(bea)]).toEqual(before);
    await isWhole();
  });

  it("moves what a refund has left, and a refund after it takes from whoever has it then", async () => {
    await begin({ attribution: { ...paying.attribution, model: "linear" } });
    const sale = await buys("visitor-1", ana, 50_000);
    await until(DECEMBER);
    await refund(sale, 400);
    house.clock.at += HOUR;
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    expect([await earned(ana), await earned(bea)]).toEqual([
      [5000, -3500],
      [0, 1500],
    ]);
    house.clock.at += HOUR;
    await refund(sale, 600);
    expect((await linesAbout(ana, sale)).map(([, amountMinor]) => amountMinor)).toEqual([-2000, -1500, -1500]);
    expect((await linesAbout(bea, sale)).map(([, amountMinor]) => amountMinor)).toEqual([2500, -1000, -1500]);
    await isWhole();
  });

  it("changes nothing when it is older than the terms look back, or than a year", async () => {
    await begin();
    const sale = await buys("visitor-1", ana, 50_000);
    await until(DECEMBER);
    await tell(cameBy("visitor-1", bea, NOON - 31 * DAY));
    expect([await earned(ana), await earned(bea)]).toEqual([
      [5000, 0],
      [0, 0],
    ]);
    expect(await linesAbout(ana, sale)).toEqual([]);
    await until(NOON + 366 * DAY);
    const head = await headOf(house, scene.brand.brand);
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    expect(await headOf(house, scene.brand.brand)).toEqual(head);
    await isWhole();
  });

  it("leaves one statement as it is and lowers the other at once where one is closed and one still open", async () => {
    await begin({}, { period: "flight" });
    const sale = await buys("visitor-1", bea, 50_000);
    await until(DECEMBER);
    await tell(cameBy("visitor-1", ana, NOON + HOUR));
    expect(await linesAbout(ana, sale)).toEqual([["2026-12-01", 5000, `sale it of ${NOVEMBER}, counted late`]]);
    expect(await linesAbout(bea, sale)).toEqual([]);
    expect([await earned(ana), await earned(bea)]).toEqual([[0, 5000], [0]]);
    await isWhole();
  });

  it("may come with an import of history, from before the contract was signed", async () => {
    await begin({ attribution: { ...paying.attribution, model: "linear" } });
    const sale = await buys("visitor-1", ana, 50_000);
    await until(DECEMBER);
    const before = [await closed(ana), await closed(bea)];
    const by = { visitor: "visitor-1", click: null, kind: "click", contract: bea.contract, robot: false } as const;
    const past = [3, 2].map((days) => ({ id: `import:${days}`, at: NOON - days * DAY, link: "import:autumn", ...by }));
    await tell(past);
    expect(await linesAbout(ana, sale)).toEqual([["2026-12-01", -3333, `sale it of ${NOVEMBER}, shared anew`]]);
    expect(await linesAbout(bea, sale)).toEqual([["2026-12-01", 3333, `sale it of ${NOVEMBER}, counted late`]]);
    expect([await closed(ana), await closed(bea)]).toEqual(before);
    const head = await headOf(house, scene.brand.brand);
    await tell(past);
    expect(await headOf(house, scene.brand.brand)).toEqual(head);
    await isWhole();
  });

  it("finds its line also where the contract was signed only after the month that closed", async () => {
    await begin();
    const order = { at: NOON + HOUR, result: "sale", valueMinor: 50_000, currency: "EUR", fields: {}, clicks: [] };
    const named = { conversion: "cnv_past", externalId: "past", via: "import", robot: false, visitor: "visitor-1" };
    const past = report({ ...order, ...named } as never, true, "key:import");
    fine(await house.running.world.record.decide(scene.brand.brand, past));
    await until(DECEMBER + DAY);
    const cleo = await signed("Cleo Roth", {});
    await until(DECEMBER + 2 * DAY);
    const before = await closed(cleo);
    expect(JSON.parse(before)).toHaveLength(1);
    const by = { visitor: "visitor-1", click: null, kind: "click", contract: cleo.contract, robot: false } as const;
    await tell([{ id: "import:old", at: NOON, link: "import:autumn", ...by }]);
    expect(await closed(cleo)).toBe(before);
    expect(await linesAbout(cleo, "cnv_past")).toEqual([["2026-12-01", 5000, `sale it of ${NOVEMBER}, counted late`]]);
    await isWhole();
  });

  it("may be what an e-mail tells: she had come on her phone, by another's link", async () => {
    await begin();
    const fields = { email: "mira@visitor.example" };
    const first = await buys("visitor-desk", ana, 50_000, { fields });
    const phone = { k: scene.brand.publishableKey, p: LANDING, v: "visitor-phone" };
    const sale = await buys("visitor-desk", ana, 10_000, { fields }, async () => {
      await say(house.origin, "/v1/beacon", { ...phone, n: "phone-view", c: await clickOn(bea.link.url) });
    });
    await until(DECEMBER);
    expect([await earned(ana), await earned(bea)]).toEqual([
      [6000, 0],
      [0, 0],
    ]);
    await say(house.origin, "/v1/results", { ...phone, n: "phone-lead", result: "lead", fields });
    expect([await linesAbout(ana, first), await linesAbout(bea, first)]).toEqual([[], []]);
    expect(await linesAbout(ana, sale)).toEqual([["2026-12-01", -1000, `sale it of ${NOVEMBER}, shared anew`]]);
    expect(await linesAbout(bea, sale)).toEqual([["2026-12-01", 1000, `sale it of ${NOVEMBER}, counted late`]]);
    await isWhole();
  });
});

describe("what is final stays", () => {
  it("a lead that counted keeps its grade, though one of the same person before it comes to light", async () => {
    await begin({ quality: { require: ["email"], duplicateDays: 90 } });
    const fields = { email: "noor@visitor.example" };
    const lead = await buys("visitor-5", ana, 0, { result: "lead", fields });
    await until(DECEMBER);
    expect((await earned(ana))[0]).toBe(700);
    const body = { result: "lead", id: "before", at: NOON - DAY, visitor: "visitor-6", fields };
    fine(await scene.server.ask(convert, { body }));
    const page = await pageOf(lead);
    expect(page.parts.map(({ grade, state }) => [grade.verdict, state])).toEqual([["accept", "counted"]]);
    expect(await earned(ana)).toEqual([700, 0]);
    await isWhole();
  });

  it("who lost a share may look at it and dispute it, and gets back what a dispute had taken of it", async () => {
    await begin();
    const [sale, other] = [await buys("visitor-1", ana, 50_000), await buys("visitor-2", ana, 30_000)];
    await until(DECEMBER);
    const item = { kind: "conversion", contract: ana.contract, conversion: sale } as const;
    const body = { item, amountMinor: 1200, reason: "wrong-amount" } as const;
    const { id } = fine(await scene.owner.ask(disputes.openDispute, { body }));
    fine(await ana.who.ask(disputes.concedeDispute, { params: { dispute: id }, body: {} }));
    expect(await earned(ana)).toEqual([8000, -1200]);
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    expect(await earned(ana)).toEqual([8000, -5000]);
    expect(await linesAbout(ana, other)).toEqual([]);
    const seen = fine(await ana.who.ask(influencerDoors.conversion, { params: { conversion: sale } }));
    expect(seen.parts).toMatchObject([{ shareMicro: 0, restated: { shareMicro: 1_000_000 } }]);
    const claim = { item, amountMinor: 5000, reason: "wrong-attribution" } as const;
    const dispute = fine(await ana.who.ask(disputes.openDispute, { body: claim })).id;
    fine(await scene.owner.ask(disputes.concedeDispute, { params: { dispute }, body: {} }));
    expect(await earned(ana)).toEqual([8000, 0]);
    await isWhole();
  });
});

describe("what is held of a share", () => {
  /** A verdict that holds a part, as uncertain weights do. */
  const hold = async (conversion: string, heldMicro: number): Promise<void> => {
    const { record, store } = house.running.world;
    const { verdict } = await known<ConversionDoc>(readerOf(store, scene.brand.brand), `conversion/${conversion}`);
    const parts = verdict!.parts.map((part) => ({ ...part, heldMicro }));
    const fact = { ...verdict!, type: "conversion-judged", conversion, parts } as FactOf<"conversion-judged">;
    const { postMoney } = await import("../../server/engine/posting.ts");
    const done = await record.decide(scene.brand.brand, async (unit) => {
      await unit.record(fact, "clock");
      await postMoney(unit, conversion, "clock");
      return ok(null);
    });
    fine(done);
  };
  const release = async (contract = ana.contract) => scene.owner.ask(releaseHeld, { params: { contract }, body: {} });

  it("counts once the brand releases it: on the statement that is open, or as a line of the next", async () => {
    await begin();
    const [early, late] = [await buys("visitor-1", ana, 50_000), await buys("visitor-2", ana, 50_000)];
    await hold(early, 400_000);
    expect(await earned(ana)).toEqual([8000]);
    expect(fine(await release())).toEqual({ released: 1, left: 0 });
    expect(await earned(ana)).toEqual([10_000]);
    await hold(late, 250_000);
    expect(await earned(ana)).toEqual([8750]);
    await until(DECEMBER);
    const before = await closed(ana);
    expect(fine(await release())).toEqual({ released: 1, left: 0 });
    expect(await linesAbout(ana, late)).toEqual([["2026-12-01", 1250, `sale it of ${NOVEMBER}, shared anew`]]);
    expect(await closed(ana)).toBe(before);
    expect((await pageOf(late)).parts).toMatchObject([{ shareMicro: 1_000_000, heldMicro: 250_000, released: true }]);
    expect(fine(await release())).toEqual({ released: 0, left: 0 });
    await isWhole();
  });

  it("moves with the share, and is released by nobody but the brand", async () => {
    await begin();
    const sale = await buys("visitor-1", ana, 50_000);
    await hold(sale, 400_000);
    await until(DECEMBER);
    await tell(cameBy("visitor-1", bea, NOON + HOUR));
    expect([await earned(ana), await earned(bea)]).toEqual([
      [3000, -3000],
      [0, 5000],
    ]);
    expect(fine(await release())).toEqual({ released: 0, left: 0 });
    for (const who of [ana.who, scene.server])
      expect(await who.ask(releaseHeld, { params: { contract: ana.contract }, body: {} })).toMatchObject({
        refusal: { code: "not-allowed" },
      });
    expect(await release("con_nobody")).toMatchObject({ refusal: { code: "not-found" } });
    await isWhole();
  });
});

const BEGAN = Date.UTC(2026, 9, 1, 12);
const TOLD = Date.UTC(2026, 9, 25, 12);
const common = {
  timeZone: "America/New_York",
  starts: "2026-10-01",
  ends: "2026-12-31",
  period: "month",
  results: { lead: { counts: "confirmed" }, sale: { counts: "confirmed" } },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
  currency: "USD",
} as const;
const contracts: Readonly<Record<string, Terms>> = {
  con_ana: {
    ...common,
    attribution: { model: "position", windowDays: 14, house: "included" },
    pay: [
      { rule: "perResult", result: "lead", amountMinor: 1234 },
      { rule: "share", result: "sale", rateBp: 725 },
    ],
  },
  con_ben: {
    ...common,
    period: "week",
    attribution: { model: "linear", windowDays: 30, house: "excluded" },
    pay: [
      {
        rule: "tiered",
        result: "lead",
        measure: "count",
        mode: "retroactive",
        steps: [
          { from: 0, amountMinor: 1000 },
          { from: 1, amountMinor: 1501 },
        ],
      },
      { rule: "perResult", result: "sale", amountMinor: 333 },
    ],
  },
};

const visitor = fc.constantFrom("visitor-1", "visitor-2");
const instants = fc.integer({ min: 1, max: 22 * 24 * 60 }).map((minute) => BEGAN + minute * 60_000);
const touches = fc
  .array(fc.record({ visitor, at: instants, owner: fc.constantFrom("con_ana", "con_ben", null) }), {
    minLength: 3,
    maxLength: 8,
  })
  .map((all) =>
    all.map((it, index): Event => {
      const by = { link: it.owner ? `lnk-${it.owner}` : "", contract: it.owner, robot: false };
      // Instants that differ: which of two at one instant came first is told by their order, and that is another one here.
      const at = it.at + index;
      return {
        what: "touch",
        touch: { id: `visit:${index}`, at, visitor: it.visitor, click: null, kind: "visit", ...by },
      };
    }),
  );
const sales = fc
  .array(fc.record({ visitor, at: instants, result: fc.constantFrom("lead", "sale"), value: fc.nat(9_999) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) =>
    all.map((it, index): Event => {
      const named = { conversion: `cnv_${index}`, externalId: `ext-${index}`, result: it.result, at: it.at };
      const told = { via: "server", robot: false, fields: {}, clicks: [], visitor: it.visitor } as const;
      return { what: "report", report: { ...named, ...told, valueMinor: it.value, currency: "USD" }, clicked: [] };
    }),
  );
const reversals = fc.array(
  fc.record({
    what: fc.constant("reverse" as const),
    conversion: fc.constantFrom("cnv_0", "cnv_1"),
    reversal: fc.constantFrom("r1", "r2"),
    permille: fc.constantFrom(1, 333, 500),
  }),
  { maxLength: 2 },
);

/** What each contract has earned once everything that was told of it is over. */
const totals = async (pocket: Pocket): Promise<readonly number[]> => {
  expect(pocket.warned).toEqual([]);
  fine((await verifyBrand(pocket.store, pocket.brand, { replaying: () => {}, comparing: () => {} })) as never);
  return Promise.all(
    Object.entries(contracts).map(async ([contract, terms]) => {
      const found = await pocket.store.documents(pocket.brand, { prefix: `share/${contract}/`, limit: 10_000 });
      const shares: readonly ResultShare[] = found.map(([, body]) => body as unknown as ShareDoc);
      return statement(terms, shares, settledAt(terms, shares)).totalMinor;
    }),
  );
};

/** What is closed of each contract, letter by letter. */
const closedOf = async ({ reader, clock }: Pocket): Promise<ReadonlyMap<string, string>> => {
  const all = new Map<string, string>();
  for (const contract of Object.keys(contracts)) {
    const { statement: is } = await statementShown(reader, contract, clock.at);
    for (const period of is.periods)
      if (period.state === "closed") all.set(`${contract} ${period.starts}`, JSON.stringify(period));
  }
  return all;
};

it("told before the close or after it, in whatever order, touches come to the same sums, and nothing closed ever changes", async () => {
  let restated = 0;
  const told = touches.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
  );
  await fc.assert(
    fc.asyncProperty(
      told,
      sales,
      reversals,
      fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 3 }),
      async ([straight, mixed], results, back, waits) => {
        const [before, after] = [await openPocket(BEGAN, contracts), await openPocket(BEGAN, contracts)];
        for (const pocket of [before, after]) pocket.clock.at = TOLD;
        for (const event of [...straight, ...results, ...back]) await happen(before, event);
        for (const event of results) await happen(after, event);
        const known = new Map<string, string>();
        for (const [place, event] of [...mixed, ...back, ...mixed.slice(0, 2)].entries()) {
          await happen(after, { what: "wait", ms: (waits[place] ?? 3) * DAY });
          for (const [name, text] of await closedOf(after)) known.set(name, known.get(name) ?? text);
          await happen(after, event);
          const now = await closedOf(after);
          for (const [name, text] of known) expect([name, now.get(name)]).toEqual([name, text]);
        }
        expect(await totals(after)).toEqual(await totals(before));
        for (const [, body] of await after.store.documents(after.brand, { prefix: "share/", limit: 10_000 }))
          restated += Number((body as unknown as ShareDoc).restated !== undefined);
      },
    ),
    { numRuns: 60 },
  );
  expect(restated).toBeGreaterThan(3);
});

it("a click that is passed on and led to many results is news once, not with each of them", async () => {
  const pocket = await openPocket(Date.UTC(2026, 9, 1, 12), { con_ana: { ...paying, starts: "2026-10-01" } as Terms });
  pocket.clock.at = Date.UTC(2026, 9, 20, 12);
  const click: Event & { what: "touch" } = {
    what: "touch",
    touch: {
      ...{ id: "lnk1.shared", at: Date.UTC(2026, 9, 5), visitor: null, click: null, kind: "click" },
      ...{ link: "lnk1", contract: "con_ana", robot: false },
    },
  };
  const at = Date.UTC(2026, 9, 6);
  const judgedBefore = async (): Promise<number> =>
    (await factsOf(pocket)).filter(({ type }) => type === "conversion-judged").length;
  for (let n = 0; n < 20; n += 1) {
    const told = { via: "server", robot: false, fields: {}, clicks: ["lnk1.shared"], at: at + n } as const;
    const named = {
      conversion: `cnv_${n}`,
      externalId: `order-${n}`,
      result: "sale",
      valueMinor: 100,
      currency: "EUR",
    };
    await happen(pocket, { what: "report", report: { ...named, ...told }, clicked: n < 10 ? [] : [click.touch] });
  }
  // Ten were told before the click: they were judged without it, and once more when it came.
  expect(await judgedBefore()).toBe(30);
});
