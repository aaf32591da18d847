import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as contractDoors from "../../shared/wire/contracts.ts";
import { approve, conversions, reject, reverse } from "../../shared/wire/conversions.ts";
import * as disputes from "../../shared/wire/disputes.ts";
import { doors } from "../../shared/wire/doors.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import * as settings from "../../shared/wire/payout-settings.ts";
import * as wire from "../../shared/wire/payouts.ts";
import * as people from "../../shared/wire/people.ts";
import * as statements from "../../shared/wire/statements.ts";
import { type Caller, caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { addressOf, goodBodies } from "./knocks.ts";
import { clickOn, DAY, LANDING, NOON, onDisk, type Scene, say, setTheScene, terms } from "./scene.ts";

const BY_HAND = { rail: "manual", note: "By post, to Ana" } as const;
const DECEMBER = Date.UTC(2026, 11, 1, 1);
const JANUARY = Date.UTC(2027, 0, 1, 1);
const paying = {
  ...terms,
  currency: "EUR",
  timeZone: "UTC",
  quality: undefined,
  results: { sale: { counts: "confirmed" } },
  pay: [{ rule: "share", result: "sale", rateBp: 1000 }],
  timing: { reviewDays: 0, silence: "approve", holdDays: 0, disputeDays: 30 },
};

let house: House;
let scene: Scene;
let orders = 0;
let refunds = 0;

const begin = async (more: object = {}): Promise<void> => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: { ...paying, ...more } });
};
afterEach(() => house.close());

/** Let it be an instant, however late, and let everything happen that fell due until then. */
const until = async (at: number): Promise<void> => {
  house.clock.at = at;
  await mature(house.running.world.store, house.running.world.record, at);
};

/** A sale through a link, told by the brand's server, of which a tenth is earned. */
const tell = async (valueMinor: number, more: object = {}, url = scene.link.url): Promise<string> => {
  const click = await clickOn(url);
  orders += 1;
  const body = { result: "sale", id: `order-${orders}`, valueMinor, currency: "EUR", click, ...more };
  return fine(await scene.server.ask(convert, { body })).id;
};
const sell = async (valueMinor: number, more: object = {}, url = scene.link.url): Promise<string> => {
  const conversion = await tell(valueMinor, more, url);
  fine(await scene.owner.ask(approve, { params: { conversion }, body: {} }));
  return conversion;
};
const refund = async (conversion: string, permille = 1000) => {
  refunds += 1;
  const body = { reversal: `refund-${refunds}`, permille };
  fine(await scene.server.ask(reverse, { params: { conversion }, body }));
};

const proofOf = async (who: Caller) => fine(await who.ask(finishProof, { body: { purpose: "payout-details" } })).proof;
const sayDetails = async (details: object = BY_HAND) =>
  fine(
    await scene.ana.ask(settings.sayPayoutDetails, {
      body: { details, proof: await proofOf(scene.ana) } as never,
    }),
  );

const run = (key: string, currency = "EUR", rail: "manual" | "bank" = "manual") => ({ rail, currency, key });
const plan = async (currency = "EUR") => fine(await scene.owner.ask(wire.payoutPlan, { query: run("next", currency) }));
const pay = async (key: string, currency = "EUR", rail: "manual" | "bank" = "manual") =>
  fine(await scene.owner.ask(wire.makePayoutBatch, { body: run(key, currency, rail) }));
const settle = async (payout: string | undefined) =>
  fine(await scene.owner.ask(wire.settlePayout, { params: { payout: payout ?? "" }, body: { reference: "Bank 1" } }));
const earnedMinor = async () => {
  const { contract } = scene;
  return fine(await scene.ana.ask(influencerDoors.statementOf, { params: { contract } })).statement.totalMinor;
};

const dispute = async (item: object, amountMinor: number, who = scene.owner, reason = "wrong-amount") =>
  who.ask(disputes.openDispute, { body: { item, amountMinor, reason } as never });
const concede = async (id: string, who = scene.ana) =>
  fine(await who.ask(disputes.concedeDispute, { params: { dispute: id }, body: {} }));
const aboutSale = (conversion: string): object => ({ kind: "conversion", contract: scene.contract, conversion });

const codeOf = (answer: { readonly ok: boolean; readonly refusal?: { readonly code: string } }): string =>
  answer.ok ? "done" : (answer.refusal?.code ?? "");

const isWhole = async (): Promise<void> => {
  const watch = { replaying: () => {}, comparing: () => {} };
  const found = await verifyBrand(house.running.world.store, scene.brand.brand, watch);
  expect(found.ok ? "whole" : found.refusal).toBe("whole");
};

/** A second contract of the same two, in other terms. */
const another = async (more: object) => {
  const { campaign, influencer, owner, ana } = scene;
  const body = { campaign, influencer, terms: { ...paying, ...more } };
  const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const who of [owner, ana]) fine(await signAs(who, contract, termsHash, "Ana Lima"));
  return fine(await ana.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } }));
};

/** Somebody's paired extension. */
const pocketOf = async (who: Caller): Promise<Caller> => {
  const stranger = caller(house.origin, { origin: "chrome-extension://abcdefghijklmnopabcdefghijklmnop" });
  const { deviceCode, userCode } = fine(await stranger.ask(people.startPairing, { body: {} }));
  fine(await who.ask(people.answerPairing, { body: { userCode, allow: true } }));
  const answer = fine(await stranger.ask(people.askPairing, { body: { deviceCode } }));
  if (answer.state !== "paired") throw new Error(answer.state);
  return caller(house.origin, { authorization: `Bearer ${answer.token}` });
};

describe("who may move money", () => {
  /** Every id a door may name, of a sale that was sold, disputed and put in a batch. */
  const idsOf = async () => {
    await sayDetails();
    const conversion = await sell(50_000);
    await until(DECEMBER);
    const { id: batch, payouts } = await pay("one");
    const { id } = fine(await dispute(aboutSale(conversion), 100));
    const { contract, influencer, campaign } = scene;
    const named = { contract, influencer, campaign, conversion, batch, payout: payouts[0]?.id ?? "", dispute: id };
    return { ...named, period: "0", poll: "none", key: "none", writeOff: "wof_none", passkey: "none" };
  };
  const mediating = new Set(["mediation", "decideDispute"]);

  it("an extension takes links and signs itself out: at every other door its token changes nothing, the owner's too", async () => {
    await begin();
    const ids = await idsOf();
    const before = await house.running.world.store.head(scene.brand.brand);
    const strict = Object.entries(doors).filter(
      ([name, { method, audience }]) =>
        method === "POST" &&
        audience.some((it) => it === "brand" || it === "influencer") &&
        !/^(grabLink|leave)$/.test(name),
    );
    for (const pocket of [await pocketOf(scene.ana), await pocketOf(scene.owner)])
      for (const [name, door] of strict) {
        const init = { method: "POST", headers: { ...pocket.headers, "content-type": "application/json" } };
        const body = JSON.stringify(goodBodies[name]?.(scene, ids) ?? {});
        const answer = await fetch(house.origin + addressOf(door, ids), { ...init, body });
        expect([name, answer.status, (await answer.json()).code]).toEqual([name, 403, "not-allowed"]);
      }
    expect(await house.running.world.store.head(scene.brand.brand)).toEqual(before);
    const { contract } = scene;
    const body = { destination: `${LANDING}?two` };
    fine(await (await pocketOf(scene.ana)).ask(influencerDoors.grabLink, { params: { contract }, body }));
  });

  it("the file with everybody's accounts is for a person in the web app", async () => {
    await begin();
    const { batch } = await idsOf();
    const ask = (who: Caller) => fetch(`${house.origin}/v1/payout-batches/${batch}/file`, { headers: who.headers });
    expect((await ask(scene.owner)).status).toBe(200);
    for (const who of [await pocketOf(scene.owner), scene.server, scene.ana]) expect((await ask(who)).status).toBe(403);
  });

  it("another influencer of the same brand is answered at every door as if there were nothing", async () => {
    await begin();
    const ids = await idsOf();
    const invited = fine(await scene.owner.ask(brandDoors.invite, { body: { name: "Bea" } }));
    const bea = await enter(house.origin, invited.invitationUrl, "Bea");
    const unknown = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, `${id.slice(0, -4)}zzzz`]));
    const named = Object.entries(doors).filter(
      ([name, { path }]) =>
        /:(contract|conversion|dispute|payout|batch|influencer|writeOff)/.test(path) && !mediating.has(name),
    );
    for (const [name, door] of named) {
      const answered = async (some: Readonly<Record<string, string>>) => {
        const { method } = door;
        const body = method === "POST" ? { body: JSON.stringify(goodBodies[name]?.(scene, ids) ?? {}) } : {};
        const headers = { ...bea.headers, "content-type": "application/json" };
        const answer = await fetch(house.origin + addressOf(door, { ...some, period: "0" }), {
          method,
          headers,
          ...body,
        });
        return [name, answer.status, (await answer.text()).replace(/[a-z]{3}_[0-9a-z]+/g, "an id")] as const;
      };
      const told = await answered(ids);
      expect(told[1]).toBeGreaterThanOrEqual(403);
      expect(told).toEqual(await answered(unknown));
    }
    expect(JSON.stringify(fine(await bea.ask(wire.payouts)))).not.toMatch(/Ana|post/);
    expect(fine(await bea.ask(disputes.disputes, { query: {} })).disputes).toEqual([]);
    expect(codeOf(await dispute({ kind: "contract", contract: scene.contract }, 1, bea))).toBe("not-found");
  });

  it("a proof given for one account serves for that one again, and for no other", async () => {
    await begin();
    const proof = await proofOf(scene.ana);
    const saying = (note: string) =>
      scene.ana.ask(settings.sayPayoutDetails, { body: { details: { rail: "manual", note }, proof } });
    expect([codeOf(await saying("To Ana")), codeOf(await saying("To Ana"))]).toEqual(["done", "done"]);
    expect(codeOf(await saying("To a thief"))).toBe("proof-needed");
    const { details } = fine(await scene.ana.ask(settings.payoutDetails));
    expect(details[0]).toMatchObject({ summary: "To Ana", heldUntil: null });
  });

  it("what a repeated request is answered by holds no names, no words and no half of a mediator's key", async () => {
    await begin();
    const sale = await sell(50_000);
    const headers = { "idempotency-key": "once" };
    const body = { item: aboutSale(sale), amountMinor: 100, reason: "wrong-amount", text: "Her aunt bought it." };
    const open = () => scene.owner.ask(disputes.openDispute, { body: body as never, headers });
    const { id } = fine(await open());
    fine(await scene.ana.ask(disputes.answerDispute, { params: { dispute: id }, body: { text: "No." }, headers }));
    const params = { dispute: id };
    const asked = fine(await scene.owner.ask(disputes.escalateDispute, { params, body: {}, headers }));
    const again = fine(await scene.owner.ask(disputes.escalateDispute, { params, body: {}, headers }));
    expect(again).toEqual(asked);
    expect(fine(await open())).toMatchObject({ id, status: "escalated" });
    const kept = JSON.stringify(onDisk(house.folder, scene.brand.brand).answer);
    const half = new URL(asked.mediatorUrl ?? "").hash.slice("#key=".length);
    expect(half).toHaveLength(26);
    for (const told of ["Ana Lima", "aunt", half]) expect(kept).not.toContain(told);
    fine(await scene.ana.ask(disputes.concedeDispute, { params, body: {} }));
    expect(JSON.stringify(onDisk(house.folder, scene.brand.brand))).not.toContain(half);
  });

  it("an owner of two brands keeps tax back in the one the influencer works for", async () => {
    await begin();
    const { makeBrand } = await import("../../server/brands.ts");
    const given = { name: "Second", owner: "Olive Owner", email: "olive@acme.example" };
    const second = await makeBrand(house.running.world, given);
    const owner = await enter(house.origin, second.signInUrl);
    const influencer = "inf_elsewhere";
    const { addInfluencer } = await import("../../server/decisions/campaigns.ts");
    fine(await house.running.world.record.decide(second.brand, addInfluencer(influencer, "Cleo", "invited", "brand")));
    const kept = await owner.ask(settings.sayWithholding, { params: { influencer }, body: { withholdBp: 1500 } });
    expect(fine(kept)).toMatchObject({ brandName: "Second", withholdBp: 1500 });
  });
});

describe("what is paid, and what is said about the rest", () => {
  it("from the end of the last period on no minimum holds money back, while a shortfall may still be made good", async () => {
    const remedy = { kind: "makeGood", days: 30 };
    const guarantee = { result: "sale", target: 50, per: "period", remedy };
    await begin({ payout: { minimumMinor: 5000 }, guarantee });
    await sayDetails();
    await sell(40_000);
    await until(DECEMBER);
    expect(await plan()).toMatchObject({ payouts: [], waiting: [{ code: "below-minimum", amountMinor: 4000 }] });
    await until(JANUARY);
    expect(await plan()).toMatchObject({ payouts: [{ amountMinor: 4000 }], waiting: [] });
  });

  it("what was conceded is a line of the payout, and nobody is told that a dispute holds it", async () => {
    await begin();
    await sayDetails();
    const sale = await sell(50_000);
    await until(DECEMBER);
    await concede(fine(await dispute(aboutSale(sale), 1200)).id);
    const { payouts, waiting } = await plan();
    expect(waiting).toEqual([]);
    expect(payouts[0]?.lines.map(({ period, amountMinor }) => [period, amountMinor])).toEqual([
      [0, 5000],
      [1, -1200],
    ]);
    await settle((await pay("one")).payouts[0]?.id);
    await sell(20_000);
    await until(JANUARY);
    expect((await pay("two")).payouts[0]?.amountMinor).toBe(2000);
    expect(await earnedMinor()).toBe(5800);
    await isWhole();
  });

  it("a penalty of a statement nobody has approved yet is netted at once, and not taken again when it is", async () => {
    const remedy = { kind: "penalty", amountMinor: 3000, mayOwe: true };
    const timing = { ...paying.timing, silence: "wait" };
    await begin({ timing, guarantee: { result: "sale", target: 2, per: "period", remedy } });
    await sayDetails();
    for (const valueMinor of [50_000, 50_000]) await sell(valueMinor);
    await until(JANUARY);
    const approved = (period: string) =>
      scene.owner.ask(statements.approveStatement, { params: { contract: scene.contract, period }, body: {} });
    fine(await approved("0"));
    await settle((await pay("one")).payouts[0]?.id);
    expect((await pay("one")).payouts[0]?.amountMinor).toBe(4000);
    fine(await approved("1"));
    expect(await plan()).toMatchObject({ payouts: [], waiting: [] });
    await isWhole();
  });

  it("the days to review a statement begin when there is one, also where the clock was late", async () => {
    await begin({ timing: { ...paying.timing, reviewDays: 7 } });
    await sell(50_000);
    const late = Date.UTC(2026, 11, 20);
    await until(late);
    const closed = async () => {
      const { contract } = scene;
      return fine(await scene.owner.ask(statements.closedStatements, { params: { contract } })).statements[0];
    };
    expect(await closed()).toMatchObject({
      closedAt: Date.UTC(2026, 11, 1),
      approvedAt: null,
      silenceAt: late + 7 * DAY,
    });
    await until(late + 7 * DAY);
    expect((await closed())?.approvedAt).toBe(late + 7 * DAY);
  });

  it("two currencies of one influencer never meet: a debt in one is not netted with money in the other", async () => {
    await begin();
    await sayDetails();
    const dollars = await another({ currency: "USD" });
    const sale = await sell(50_000);
    await sell(70_000, { currency: "USD" }, dollars.url);
    await until(DECEMBER);
    await settle((await pay("one")).payouts[0]?.id);
    const usd = (await pay("one", "USD")).payouts[0];
    expect(usd?.amountMinor).toBe(7000);
    await refund(sale);
    await sell(10_000, { currency: "USD" }, dollars.url);
    await until(JANUARY);
    expect(await plan()).toMatchObject({ payouts: [], waiting: [{ code: "owes", amountMinor: 5000 }] });
    expect((await plan("USD")).totalMinor).toBe(1000);
    const params = { payout: usd?.id ?? "" };
    fine(await scene.owner.ask(wire.failPayout, { params, body: { reason: "No such person" } }));
    expect((await plan("USD")).totalMinor).toBe(8000);
    await isWhole();
  });

  it("netted, taxed, remitted, returned and paid again, two contracts pay each cent once", async () => {
    await begin();
    await sayDetails();
    const second = await another({});
    const sale = await sell(50_000);
    await sell(80_000, {}, second.url);
    await until(DECEMBER);
    await settle((await pay("one")).payouts[0]?.id);
    await refund(sale);
    await sell(90_000, {}, second.url);
    const { influencer } = scene;
    fine(await scene.owner.ask(settings.sayWithholding, { params: { influencer }, body: { withholdBp: 1000 } }));
    await until(JANUARY);
    const [payout] = (await pay("two")).payouts;
    expect(payout).toMatchObject({ amountMinor: 4000, taxMinor: 400 });
    await settle(payout?.id);
    const tax = { rail: "manual", currency: "EUR", amountMinor: 400, reference: "Tax 1" } as const;
    fine(await scene.owner.ask(settings.remitTax, { body: tax, headers: { "idempotency-key": "tax-1" } }));
    const params = { payout: payout?.id ?? "" };
    fine(await scene.owner.ask(wire.returnPayout, { params, body: { reason: "Moved" } }));
    await isWhole();
    expect((await pay("three")).payouts[0]).toMatchObject({ amountMinor: 4000, taxMinor: 400 });
    await isWhole();
  });

  it("a batch that its rail would not take gives no file to carry to the bank", async () => {
    await begin({ pay: [{ rule: "fixed", amountMinor: 200_000_000_000, per: "period" }] });
    await sayDetails({ rail: "bank", name: "Ana Lima", iban: "FR1420041010050500013M02606", country: "FR" });
    const payer = { name: "Acme", iban: "DE89370400440532013000" };
    fine(await scene.owner.ask(settings.sayPayoutSettings, { body: { payer } }));
    await until(DECEMBER);
    const { id, payouts } = await pay("one", "EUR", "bank");
    expect(payouts).toMatchObject([{ status: "failed", reason: expect.stringContaining("at most") }]);
    const file = await fetch(`${house.origin}/v1/payout-batches/${id}/file`, { headers: scene.owner.headers });
    expect([file.status, (await file.json()).code]).toEqual([409, "nothing-to-pay"]);
  });
});

describe("what disputes and refunds take", () => {
  beforeEach(() => begin({ caps: { totalMinor: 6000 } }));

  it.each(["statement", "contract"] as const)(
    "is never taken twice: a refund gives back what a dispute about the %s took",
    async (kind) => {
      const sale = await sell(50_000);
      await until(DECEMBER);
      const item = { kind, contract: scene.contract, ...(kind === "statement" && { period: 0 }) };
      await concede(
        fine(await dispute(item, 1200, scene.owner, kind === "contract" ? "terms-breached" : "refunded")).id,
      );
      expect(await earnedMinor()).toBe(3800);
      await refund(sale, 500);
      expect(await earnedMinor()).toBe(1300);
      await refund(sale, 500);
      expect(await earnedMinor()).toBe(0);
      expect(fine(await scene.ana.ask(wire.payouts)).debts).toEqual([]);
      await isWhole();
    },
  );

  it("and no claim goes beyond what the cap over all periods leaves, however many there are", async () => {
    const [one, two] = [await sell(30_000), await sell(20_000)];
    await until(DECEMBER);
    expect(codeOf(await dispute(aboutSale(one), 1001, scene.ana))).toBe("more-than-possible");
    const first = fine(await dispute(aboutSale(one), 600, scene.ana));
    expect(codeOf(await dispute(aboutSale(two), 401, scene.ana))).toBe("more-than-possible");
    const second = fine(await dispute(aboutSale(two), 400, scene.ana));
    await concede(first.id, scene.owner);
    await concede(second.id, scene.owner);
    expect(await earnedMinor()).toBe(6000);
    expect(codeOf(await dispute({ kind: "contract", contract: scene.contract }, 1, scene.ana))).toBe(
      "more-than-possible",
    );
    await isWhole();
  });

  it("silence never makes money: a claim that nobody answers falls, unless the terms give silence to the influencer", async () => {
    const sale = await sell(30_000);
    await until(DECEMBER);
    const earned = await earnedMinor();
    fine(await dispute(aboutSale(sale), 600, scene.ana));
    await until(DECEMBER + 20 * DAY);
    expect(await earnedMinor()).toBe(earned);
    await isWhole();
  });
});

describe("instants and amounts at the edge", () => {
  it("a sale told by a clock that is ahead is none of a day that ends the contract otherwise", async () => {
    await begin();
    await until(Date.UTC(2026, 10, 20, 23, 57));
    const at = Date.UTC(2026, 10, 21, 0, 1);
    const click = await clickOn(scene.link.url);
    const body = { result: "sale", id: "ahead", valueMinor: 50_000, currency: "EUR", click, at };
    const { id } = fine(await scene.server.ask(convert, { body }));
    const params = { contract: scene.contract };
    fine(await scene.owner.ask(contractDoors.terminateContract, { params, body: { lastDay: "2026-11-20" } }));
    fine(await scene.ana.ask(contractDoors.agreeTermination, { params, body: {} }));
    await until(DECEMBER);
    expect(fine(await scene.server.ask(convert, { body })).id).toBe(id);
    expect(await earnedMinor()).toBe(5000);
    await isWhole();
  });

  it("a contract ended before it began pays nothing, owes nothing, and can still be read", async () => {
    const remedy = { kind: "penalty", amountMinor: 3000, mayOwe: true };
    const guarantee = { result: "sale", target: 2, per: "period", remedy };
    await begin();
    const more = { starts: "2026-12-01", pay: [{ rule: "fixed", amountMinor: 7000, per: "period" }], guarantee };
    const draft = { campaign: scene.campaign, influencer: scene.influencer, terms: { ...paying, ...more } };
    const { id: contract, termsHash } = fine(await scene.owner.ask(brandDoors.draftContract, { body: draft }));
    const params = { contract };
    fine(await scene.owner.ask(brandDoors.offerContract, { params, body: {} }));
    for (const who of [scene.owner, scene.ana]) fine(await signAs(who, contract, termsHash, "Ana Lima"));
    fine(await scene.owner.ask(contractDoors.terminateContract, { params, body: { lastDay: "2026-11-15" } }));
    fine(await scene.ana.ask(contractDoors.agreeTermination, { params, body: {} }));
    for (const at of [DECEMBER, JANUARY]) {
      await until(at);
      for (const who of [scene.owner, scene.ana])
        for (const part of ["", "/statement", "/statements", "/versions", "/links", "/bundle"]) {
          const answer = await fetch(`${house.origin}/v1/contracts/${contract}${part}`, { headers: who.headers });
          expect([part, answer.status]).toEqual([part, 200]);
        }
      expect(await plan()).toMatchObject({ payouts: [], waiting: [] });
    }
    expect(fine(await scene.ana.ask(influencerDoors.contract, { params })).status).toBe("terminated");
    await isWhole();
  });

  it("strangers who tell of sums beyond all money stop nobody's books and nobody's payouts", async () => {
    const rates = [1000, 1_000_000, 900_000].map((rateBp) => ({ rule: "share", result: "sale", rateBp }));
    await begin({ pay: rates });
    await sayDetails();
    const sale = await sell(100);
    for (const n of ["stranger-one", "stranger-two", "stranger-three"]) {
      const whence = { k: scene.brand.publishableKey, p: LANDING, c: await clickOn(scene.link.url) };
      const told = { ...whence, n, id: n, result: "sale", valueMinor: Number.MAX_SAFE_INTEGER, currency: "EUR" };
      expect((await say(house.origin, "/v1/results", told)).status).toBe(200);
    }
    for (const conversion of fine(await scene.owner.ask(conversions, { query: {} })).conversions)
      if (conversion.id !== sale)
        fine(await scene.owner.ask(reject, { params: { conversion: conversion.id }, body: { reason: "fake" } }));
    await until(DECEMBER);
    await isWhole();
    expect((await pay("one")).totalMinor).toBe(19_010);
  });

  it("terms are argued over two hundred times at most, so that no contract grows for ever", async () => {
    await begin();
    const params = { contract: scene.contract };
    const put = (rateBp: number, first: boolean) => {
      const body = { terms: { ...paying, starts: "2026-12-01", pay: [{ rule: "share", result: "sale", rateBp }] } };
      return scene.ana.ask(first ? contractDoors.amendContract : contractDoors.counterContract, { params, body });
    };
    for (let version = 2; version <= 200; version += 1) fine(await put(version, version === 2));
    expect(codeOf(await put(201, false))).toBe("too-many-proposals");
  });
});
