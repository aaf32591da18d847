import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { readBundle } from "../../shared/contract/bundle.ts";
import { checkPages, readCertificate } from "../../shared/contract/certificate.ts";
import { recheck, standing } from "../../shared/contract/recheck.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { explained } from "../../shared/pay/explained.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import { counterContract } from "../../shared/wire/contracts.ts";
import { reverse } from "../../shared/wire/conversions.ts";
import * as disputeDoors from "../../shared/wire/disputes.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import { sayPayoutDetails, sayPayoutSettings } from "../../shared/wire/payout-settings.ts";
import * as payoutDoors from "../../shared/wire/payouts.ts";
import { sealKeys } from "../../shared/wire/seal.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { type Caller, caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { digest, verifySeal } from "../laws/signed.ts";
import { clickOn, DAY, LANDING, terms as plain } from "./scene.ts";

/** One life of one contract, from the first word to the last cent. Each test goes on where the one before it left off. */

const day = (text: string): number => Date.parse(`${text}T12:00:00Z`);
const tiers = (from5Minor: number) => ({
  rule: "tiered",
  result: "lead",
  measure: "count",
  mode: "marginal",
  steps: [
    { from: 0, amountMinor: 1000 },
    { from: 5, amountMinor: from5Minor },
  ],
});
const commission = { rule: "share", result: "sale", rateBp: 1000 };
const penalty = { kind: "penalty", amountMinor: 500 };
const guaranteed = (remedy: object) => ({ result: "lead", target: 10, per: "period", remedy });

const first = {
  ...plain,
  currency: "EUR",
  timeZone: "UTC",
  pay: [tiers(1200), commission],
  guarantee: guaranteed(penalty),
  timing: { reviewDays: 3, silence: "approve", holdDays: 2, disputeDays: 30, noticeDays: 14 },
};
// biome-ignore lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
const makeGood = { kind: "makeGood", days: 10, then: penalty };
const second = { ...first, pay: [tiers(1500), commission], guarantee: guaranteed(makeGood) };

let house: House;
let owner: Caller;
let ana: Caller;
let contract: string;
let link: string;
let order: string;
let disputed: string;

const params = () => ({ params: { contract } });
const read = async (who = ana) => fine(await who.ask(influencerDoors.contract, params()));
const told = async (who = ana) => fine(await who.ask(influencerDoors.statementOf, params()));
const money = async () => {
  const { earnings } = fine(await ana.ask(influencerDoors.earnings));
  return earnings[0]!.money;
};
const linesOf = async (period: number) =>
  (await told()).statement.periods[period]!.lines.map(({ code, amountMinor }) => [code, amountMinor]);
const payoutsOf = async (who: Caller) => fine(await who.ask(payoutDoors.payouts));
const closed = async () => fine(await ana.ask(closedStatements, params())).statements;

/** Let the days go by one at a time, and whatever falls due in them happen. */
const turnTo = async (text: string): Promise<void> => {
  const { store, record } = house.running.world;
  while (house.clock.at < day(text)) {
    house.clock.at = Math.min(day(text), house.clock.at + DAY);
    await mature(store, record, house.clock.at);
  }
};

let people = 0;
/** So many new people come by Ana's link, and each leaves an address. */
const leads = async (count: number): Promise<readonly string[]> => {
  const made: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const click = await clickOn(link);
    house.clock.at += 60_000;
    people += 1;
    const fields = { email: `person-${people}@mail.example` };
    const body = { result: "lead", id: `lead-${people}`, click, fields };
    made.push(fine(await house.server.ask(convert, { body })).id);
  }
  return made;
};

const sale = async (id: string, valueMinor: number): Promise<string> => {
  const click = await clickOn(link);
  const body = { result: "sale", id, valueMinor, currency: "EUR", click };
  return fine(await house.server.ask(convert, { body })).id;
};

/** Both sides are told the same, and whoever holds the evidence computes the same, to the last line. */
const isExplained = async (): Promise<void> => {
  const [mine, theirs] = [await told(ana), await told(owner)];
  for (const it of [mine, theirs]) expect(explained(it)).toEqual(it.statement);
  expect(mine.statement).toEqual(theirs.statement);
  for (const { period, hash } of await closed()) {
    const stated = canonical(mine.statement.periods[period] as unknown as Json);
    expect(createHash("sha256").update(stated).digest("hex"), `the closed statement of period ${period}`).toBe(hash);
  }
};

const say = async (details: object) => {
  const { proof } = fine(await ana.ask(finishProof, { body: { purpose: "payout-details" } }));
  return fine(await ana.ask(sayPayoutDetails, { body: { details, proof } as never })).details;
};
const run = (rail: "manual" | "bank", key: string) =>
  owner.ask(payoutDoors.makePayoutBatch, { body: { rail, currency: "EUR", key } });
const get = (path: string, who: Caller = ana) => fetch(house.origin + path, { headers: who.headers });
const fileOf = async (batch: string): Promise<string> => (await get(`/v1/payout-batches/${batch}/file`, owner)).text();

beforeAll(async () => {
  house = await openHouse(day("2026-10-28"));
  owner = house.owner;
});
afterAll(() => house?.close());

test("a brand drafts a contract for an influencer it invited, and offers it", async () => {
  const campaign = fine(
    await owner.ask(brandDoors.createCampaign, { body: { name: "Autumn", hosts: ["localhost:9"] } }),
  ).id;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name: "Ana Lima" } }));
  ana = await enter(house.origin, invited.invitationUrl, "Ana Lima");
  const body = { campaign, influencer: invited.influencer.id, terms: first };
  contract = fine(await owner.ask(brandDoors.draftContract, { body })).id;
  expect(await ana.ask(influencerDoors.contract, params())).toMatchObject({ ok: false });
  fine(await owner.ask(brandDoors.offerContract, { ...params(), body: {} }));
  const { status, proposal } = await read();
  expect([status, proposal?.by, proposal?.signedBy]).toEqual(["offered", "brand", []]);
  expect(proposal?.text.join(" ")).toContain("12.00 EUR");
});

test("the influencer counters: a higher price from the sixth lead on, and a chance to make good before a penalty", async () => {
  const { proposal } = fine(await ana.ask(counterContract, { ...params(), body: { terms: second } }));
  expect([proposal?.version, proposal?.by]).toEqual([2, "influencer"]);
  const text = (await read(owner)).proposal!.text.join(" ");
  expect(text).toContain("15.00 EUR");
  expect(text).toMatch(/10 days/);
});

test("the brand signs the counter-offer, the influencer signs, each with a proof, and the contract runs", async () => {
  const { termsHash } = (await read()).proposal!;
  const unproved = { termsHash, name: "Olive Owner", agree: true, proof: "made-up" } as const;
  expect(await owner.ask(influencerDoors.sign, { ...params(), body: unproved })).toMatchObject({
    refusal: { code: "proof-needed" },
  });
  expect(fine(await signAs(owner, contract, termsHash, "Olive Owner"))).toMatchObject({
    status: "offered",
    proposal: { signedBy: ["brand"] },
  });
  expect(fine(await signAs(ana, contract, termsHash, "Ana Lima"))).toMatchObject({
    status: "running",
    version: 2,
    termsHash,
    signatures: [
      { by: "brand", name: "Olive Owner" },
      { by: "influencer", name: "Ana Lima" },
    ],
  });
});

test("people come by her link: six leads and a sale in November, which all pays as the sixth lead is dearer", async () => {
  await turnTo("2026-11-10");
  link = fine(await ana.ask(influencerDoors.grabLink, { ...params(), body: { destination: LANDING } })).url;
  [disputed = ""] = await leads(6);
  order = await sale("order-1", 20_000);
  expect(fine(await ana.ask(influencerDoors.links, params())).links[0]?.clicks).toBe(7);
  expect(await linesOf(0)).toEqual([
    ["tiered", 5 * 1000 + 1500],
    ["share", 2000],
  ]);
  await isExplained();
});

test("the brand disputes one lead's money: exactly that is held, and all the rest matures", async () => {
  await turnTo("2026-11-28");
  const item = { kind: "conversion", contract, conversion: disputed } as const;
  const body = { item, amountMinor: 1000, reason: "not-a-real-lead", text: "The address bounces." } as const;
  const opened = fine(await owner.ask(disputeDoors.openDispute, { body }));
  expect(opened).toMatchObject({ heldMinor: 1000, waitsFor: "influencer", evidence: { unchanged: true } });
  disputed = opened.id;
  const answer = { params: { dispute: disputed }, body: { text: "She answered my mail on Monday." } };
  fine(await ana.ask(disputeDoors.answerDispute, answer));
  // Six leads and a tenth of a sale are past their review and hold; what is held is still hers, and is not paid out.
  expect(await money()).toMatchObject({ accruedMinor: 0, validatedMinor: 0, payableMinor: 8500 });
});

test("the month closes with a shortfall of four leads, which may be made good: nothing is taken yet", async () => {
  await turnTo("2026-12-01");
  const { periods } = (await told()).statement;
  expect(periods[0]).toMatchObject({ state: "closed", earnedMinor: 8500, dueMinor: 8500 });
  expect(periods[0]?.guarantee).toMatchObject({ state: "pending", shortfallMicro: 4_000_000 });
  expect(periods[0]?.guarantee?.until).toBe(Date.UTC(2026, 11, 11));
  expect(await closed()).toMatchObject([{ period: 0, earnedMinor: 8500, approvedAt: null }]);
  await isExplained();
});

test("three leads in the window fill three of the four, and are not paid again", async () => {
  await turnTo("2026-12-03");
  await leads(3);
  const { periods } = (await told()).statement;
  expect(periods[1]?.lines.filter(({ amountMinor }) => amountMinor !== 0)).toEqual([]);
  const { earnings } = fine(await ana.ask(influencerDoors.earnings));
  expect(earnings[0]?.period?.guarantee).toMatchObject({ state: "open", volumeMicro: 0 });
});

test("the brand says nothing to the closed statement, and by that has approved it", async () => {
  await turnTo("2026-12-04");
  expect((await closed())[0]?.approvedAt).toBeGreaterThan(Date.UTC(2026, 11, 3, 23));
});

test("nobody is paid who has not said how; she does, and is paid by hand all but what is held", async () => {
  expect((await payoutsOf(ana)).waiting).toMatchObject([
    { code: "held", amountMinor: 1000 },
    { code: "no-details", amountMinor: 7500 },
  ]);
  await say({ rail: "manual", note: "By cheque, to Ana" });
  const made = fine(await run("manual", "november"));
  expect(made).toMatchObject({ totalMinor: 7500, waiting: [{ code: "held", amountMinor: 1000 }] });
  expect(made.payouts[0]?.lines).toMatchObject([{ period: 0, amountMinor: 7500 }]);
  expect(fine(await run("manual", "november")).id).toBe(made.id);
  expect(await run("manual", "november-again")).toMatchObject({ refusal: { code: "nothing-to-pay" } });
  expect(await fileOf(made.id)).toContain('"75.00","EUR"');
  const settling = { params: { payout: made.payouts[0]!.id }, body: { reference: "Cheque 118" } };
  fine(await owner.ask(payoutDoors.settlePayout, settling));
  expect((await payoutsOf(ana)).payouts).toMatchObject([{ status: "settled", proof: "Cheque 118", sentMinor: 7500 }]);
});

test("the dispute ends in a split both accept: one proposes, the other counters, and the counter is taken", async () => {
  const at = { params: { dispute: disputed } };
  const half = { split: { brandPermille: 500 } };
  fine(await owner.ask(disputeDoors.proposeSplit, { ...at, body: half }));
  const better = { split: { brandMinor: 300, influencerMinor: 700 } };
  fine(await ana.ask(disputeDoors.proposeSplit, { ...at, body: better }));
  expect(await owner.ask(disputeDoors.acceptSplit, { ...at, body: { proposal: 0 } })).toMatchObject({ ok: false });
  const { status, outcome, heldMinor } = fine(
    await owner.ask(disputeDoors.acceptSplit, { ...at, body: { proposal: 1 } }),
  );
  expect([status, heldMinor]).toEqual(["resolved", 0]);
  expect(outcome).toEqual({ how: "accepted", brandMinor: 300, influencerMinor: 700, adjustmentMinor: -300 });
  expect(await linesOf(1)).toContainEqual(["dispute", -300]);
  await isExplained();
});

test("the sale is refunded after it was paid: what is no longer earned is taken back from what is still to come", async () => {
  await turnTo("2026-12-08");
  const refund = { params: { conversion: order }, body: { reversal: "refund-1", permille: 1000 } };
  fine(await house.server.ask(reverse, refund));
  fine(await house.server.ask(reverse, refund));
  expect(await linesOf(1)).toContainEqual(["correction", -2000]);
  expect((await payoutsOf(ana)).debts).toMatchObject([{ amountMinor: 1300, age: "0-30", since: house.clock.at }]);
  expect((await closed())[0]?.earnedMinor).toBe(8500);
  await isExplained();
});

test("the window ends with one lead missing, and that one costs its penalty in the month it ended", async () => {
  await turnTo("2026-12-12");
  expect(await linesOf(1)).toContainEqual(["penalty", -500]);
  await leads(10);
  await sale("order-2", 10_000);
  await turnTo("2027-01-01");
  const { periods } = (await told()).statement;
  expect(periods[1]?.guarantee).toMatchObject({ state: "met" });
  const sums = { tiered: 5 * 1000 + 5 * 1500, share: 1000, dispute: -300, correction: -2000, penalty: -500 };
  expect(Object.fromEntries(await linesOf(1))).toEqual(sums);
  expect(periods[1]?.earnedMinor).toBe(10_700);
  await isExplained();
});

test("she wants it in her bank account now: the change holds what is paid for three days, and both are told", async () => {
  await turnTo("2027-01-05");
  const bank = { rail: "bank", name: "Ana Lima", iban: "FR14 2004 1010 0505 0001 3M02 606", country: "FR" };
  const heldUntil = house.clock.at + 3 * DAY;
  expect(await say(bank)).toMatchObject([{ summary: "Ana Lima, FR … 2606", heldUntil }]);
  const payer = { name: "Acme Coding GmbH", iban: "DE89370400440532013000" };
  fine(await owner.ask(sayPayoutSettings, { body: { payer } }));
  expect(await run("bank", "december")).toMatchObject({ refusal: { code: "nothing-to-pay" } });
  for (const who of [ana, owner])
    expect((await payoutsOf(who)).waiting).toMatchObject([{ code: "details-changed", amountMinor: 11_700 }]);
});

test("the bank file pays December, with the dispute, the refund and the penalty netted, and never one cent twice", async () => {
  await turnTo("2027-01-09");
  const made = fine(await run("bank", "december"));
  expect(made.payouts).toMatchObject([{ amountMinor: 11_700, status: "sent" }]);
  expect(made.payouts[0]?.lines.map(({ period, amountMinor }) => [period, amountMinor])).toEqual([
    [0, -1500],
    [1, 13_200],
  ]);
  const xml = await fileOf(made.id);
  expect(xml).toContain("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09");
  expect(xml).toContain('<InstdAmt Ccy="EUR">117.00</InstdAmt>');
  expect(xml).toContain("<IBAN>FR1420041010050500013M02606</IBAN>");
  const settling = { params: { payout: made.payouts[0]!.id }, body: { reference: "SEPA 2027-01-11" } };
  fine(await owner.ask(payoutDoors.settlePayout, settling));
  const { payouts, waiting, debts } = await payoutsOf(ana);
  expect([waiting, debts]).toEqual([[], []]);
  const arrived = payouts.reduce((sum, { sentMinor }) => sum + sentMinor, 0);
  expect(arrived).toBe((await told()).statement.totalMinor);
  expect(arrived).toBe(8500 + 10_700);
});

test("the contract is completed by itself when its last day and every window are over", async () => {
  await turnTo("2027-01-12");
  expect((await read()).status).toBe("completed");
  expect((await read()).history.map(({ what, by }) => `${what} ${by}`)).toEqual([
    "drafted brand",
    "offered brand",
    "countered influencer",
    "signed brand",
    "signed influencer",
    "started influencer",
    "completed clock",
  ]);
});

test("either side downloads the certificate, and every seal, hash and name in it holds without the server", async () => {
  const text = await (await get(`/v1/contracts/${contract}/bundle`)).text();
  expect(await (await get(`/v1/contracts/${contract}/bundle`, owner)).text()).toBe(text);
  const bundle = fine(readBundle(text));
  expect(bundle.terms.guarantee?.remedy.kind).toBe("makeGood");
  const checks = await recheck(bundle, digest, verifySeal);
  expect([standing(checks), checks.filter(({ state }) => state !== "ok")]).toEqual(["ok", []]);
  const { keys } = fine(await caller(house.origin, {}).ask(sealKeys));
  expect(keys.map(({ hex }) => hex)).toContain(bundle.signatures[0]?.seal.key);

  const pdf = new Uint8Array(await (await get(`/v1/contracts/${contract}/certificate`)).arrayBuffer());
  const stateOf = async (bytes: Uint8Array) => {
    const taken = readCertificate(bytes);
    const hash = createHash("sha256").update(taken.sealed).digest("hex");
    return (await checkPages(taken, hash, verifySeal)).state;
  };
  expect(await stateOf(pdf)).toBe("ok");
  expect(Buffer.from(readCertificate(pdf).bundle ?? []).toString()).toBe(text);

  // One byte of the pages, or one cent of the terms, and it is noticed.
  const touched = pdf.slice();
  touched[Math.floor(pdf.length / 2)] = (touched[Math.floor(pdf.length / 2)] ?? 0) ^ 1;
  expect(await stateOf(touched)).not.toBe("ok");
  const raised = fine(readBundle(text.replace('"amountMinor":1500', '"amountMinor":1501')));
  const failed = (await recheck(raised, digest, verifySeal)).filter(({ state }) => state === "failed");
  expect(failed.map(({ name }) => name)).toEqual(["terms", "wording"]);
});

test("after all of it every stored number is what the facts make, and every closed statement is as it was closed", async () => {
  await isExplained();
  const { world } = house.running;
  const watch = { replaying: () => {}, comparing: () => {} };
  expect(await verifyBrand(world.store, house.brand.brand, watch)).toMatchObject({ ok: true });
});
