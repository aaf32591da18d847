import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeBatch } from "../../server/decisions/payouts.ts";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { submitAll } from "../../server/submissions.ts";
import { trialBalance } from "../../shared/pay/ledger.ts";
import { approve, reverse } from "../../shared/wire/conversions.ts";
import { openDispute, withdrawDispute } from "../../shared/wire/disputes.ts";
import { convert } from "../../shared/wire/partner.ts";
import { finishProof } from "../../shared/wire/passkeys.ts";
import * as settings from "../../shared/wire/payout-settings.ts";
import * as wire from "../../shared/wire/payouts.ts";
import { type Caller, enter, fine, type House, openHouse } from "../house.ts";
import { documentsOf } from "./pocket.ts";
import { anotherBrand, clickOn, DAY, NOON, onDisk, problemOf, type Scene, setTheScene, terms } from "./scene.ts";

const BANK = { rail: "bank", name: "Ana Lima", iban: "FR14 2004 1010 0505 0001 3M02 606", country: "FR" } as const;
const BY_HAND = { rail: "manual", note: "By post, to Ana" } as const;
const paying = {
  ...terms,
  currency: "EUR",
  timeZone: "UTC",
  quality: undefined,
  results: { sale: { counts: "confirmed" } },
  pay: [{ rule: "share", result: "sale", rateBp: 1000 }],
  timing: { reviewDays: 0, silence: "approve", holdDays: 0, disputeDays: 30 },
};

interface Stage {
  readonly house: House;
  readonly scene: Scene;
}

let stage: Stage;
const close = () => stage.house.close();

const openStage = async (more: object = {}): Promise<void> => {
  const house = await openHouse(NOON);
  stage = { house, scene: await setTheScene(house, house, { terms: { ...paying, ...more } }) };
};

const owner = (): Caller => stage.scene.owner;
const ana = (): Caller => stage.scene.ana;

/** Let time pass, and let happen what falls due. */
const wait = async (days: number): Promise<void> => {
  stage.house.clock.at += days * DAY;
  const { store, record, now } = stage.house.running.world;
  await mature(store, record, now());
};

let orders = 0;

/** A sale through Ana's link: a tenth of it is hers. */
const sell = async (valueMinor: number): Promise<string> => {
  const click = await clickOn(stage.scene.link.url);
  orders += 1;
  const body = { result: "sale", id: `order-${orders}`, valueMinor, currency: "EUR", click };
  const { id } = fine(await stage.scene.server.ask(convert, { body }));
  fine(await owner().ask(approve, { params: { conversion: id }, body: {} }));
  return id;
};

const say = async (details: object, who: Caller = ana()) => {
  const { proof } = fine(await who.ask(finishProof, { body: { purpose: "payout-details" } }));
  return who.ask(settings.sayPayoutDetails, { body: { details, proof } as never });
};

const refund = (conversion: string, permille = 1000) =>
  stage.scene.server.ask(reverse, { params: { conversion }, body: { reversal: `refund-${conversion}`, permille } });

const payer = { name: "Acme Coding GmbH", iban: "DE89370400440532013000" };
const run = (rail: "manual" | "bank", key: string) => ({ rail, currency: "EUR", key });
const makeRun = (rail: "manual" | "bank", key: string) => owner().ask(wire.makePayoutBatch, { body: run(rail, key) });
const planRun = (rail: "manual" | "bank", key = "next") => owner().ask(wire.payoutPlan, { query: run(rail, key) });
const page = async (who: Caller) => fine(await who.ask(wire.payouts));
const settle = (payout: string, reference = "Bank 4711") =>
  owner().ask(wire.settlePayout, { params: { payout }, body: { reference } });

const balances = async (currency = "EUR"): Promise<Map<string, number>> => {
  const { brand } = stage.scene.brand;
  const docs = await documentsOf({ store: stage.house.running.world.store, brand });
  const prefix = `balance/${currency}/`;
  return new Map(
    [...docs].flatMap(([key, body]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), (body as { balanceMinor: number }).balanceMinor]] : [],
    ),
  );
};

/** What has left the brand's cash, in minor units. */
const cash = async (): Promise<number> => {
  const all = await balances();
  return 0 - (all.get("cash:manual") ?? 0) - (all.get("cash:bank") ?? 0);
};

const isWhole = async (): Promise<void> => {
  expect(trialBalance(await balances())).toBeUndefined();
  const { store } = stage.house.running.world;
  const watch = { replaying: () => {}, comparing: () => {} };
  fine((await verifyBrand(store, stage.scene.brand.brand, watch)) as never);
};

/** Bring the clock to where November's statement is closed and approved. */
const untilDecember = (): Promise<void> => wait(21);

/** A key that no request had before. */
let keys = 0;
const keyed = () => {
  keys += 1;
  return { headers: { "idempotency-key": `payouts-${keys}` } };
};

describe("from a closed statement to money that arrived", () => {
  let first: string;
  beforeAll(() => openStage());
  afterAll(close);

  it("nothing is planned before the statement is closed and approved", async () => {
    fine(await say(BY_HAND));
    first = await sell(50_000);
    await wait(1);
    expect(fine(await planRun("manual"))).toMatchObject({ payouts: [], waiting: [] });
    await untilDecember();
    const plan = fine(await planRun("manual"));
    expect(plan).toMatchObject({ batch: null, totalMinor: 5000, payouts: [{ influencerName: "Ana Lima" }] });
    expect(plan.payouts[0]?.lines).toMatchObject([{ period: 0, starts: "2026-11-01", amountMinor: 5000 }]);
  });

  it("the batch of a run is made once: by retries, double clicks and two owners at once", async () => {
    const headers = { "idempotency-key": "double-click" };
    const body = run("manual", "november");
    const all = await Promise.all([
      owner().ask(wire.makePayoutBatch, { body, headers }),
      owner().ask(wire.makePayoutBatch, { body, headers }),
      makeRun("manual", "november"),
      makeRun("manual", "november"),
    ]);
    const ids = new Set(all.map((it) => fine(it).id));
    expect(ids.size).toBe(1);
    const { payouts } = await page(owner());
    expect(payouts.map(({ status, amountMinor }) => [status, amountMinor])).toEqual([["sent", 5000]]);
    expect((await balances()).get(`influencer:${stage.scene.contract}:in_transit`)).toBe(-5000);
  });

  it("another run finds nothing more to pay, and so does a run by another rail", async () => {
    for (const rail of ["manual", "bank"] as const) {
      if (rail === "bank") fine(await owner().ask(settings.sayPayoutSettings, { body: { payer } }));
      const again = await makeRun(rail, "again");
      expect(again.ok ? "made" : again.refusal.code).toBe("nothing-to-pay");
    }
  });

  it("the list to pay by hand can be downloaded, the same whenever it is asked for", async () => {
    const { batches } = fine(await owner().ask(wire.payoutBatches));
    const ask = () =>
      fetch(`${stage.house.origin}/v1/payout-batches/${batches[0]?.id}/file`, { headers: owner().headers });
    const first = await ask();
    expect(first.headers.get("content-disposition")).toContain(`${batches[0]?.id}.csv`);
    const text = await first.text();
    expect(text).toContain('"Ana Lima","By post, to Ana","50.00","EUR","Payout november pay-');
    await wait(2);
    expect(await (await ask()).text()).toBe(text);
  });

  it("settled with proof, the money has left, and both sides see it", async () => {
    const { id } = (await page(owner())).payouts[0]!;
    const shown = fine(await settle(id));
    expect(shown).toMatchObject({ status: "settled", proof: "Bank 4711" });
    expect(fine(await settle(id, "Something else")).proof).toBe("Bank 4711");
    expect(await cash()).toBe(5000);
    const mine = (await page(ana())).payouts[0];
    expect(mine).toMatchObject({ status: "settled", brandName: "Acme Coding", feeMinor: null, proof: "Bank 4711" });
    expect(mine?.events.map(({ what }) => what)).toEqual(["made", "sent", "settled"]);
    await isWhole();
  });

  it("a refund after the payout is owed, with since when, and netted from the next one", async () => {
    await sell(20_000);
    await wait(1);
    fine(await refund(first, 200));
    await wait(31);
    const { batches } = fine(await owner().ask(wire.payoutBatches));
    expect(batches.length).toBe(1);
    const made = fine(await makeRun("manual", "december"));
    expect(made.payouts[0]).toMatchObject({ amountMinor: 1000 });
    expect(made.payouts[0]?.lines.map(({ amountMinor }) => amountMinor)).toEqual([-1000, 2000]);
    await isWhole();
  });

  it("returned after it had arrived, its money is payable again, once, in the next batch", async () => {
    const [last] = (await page(owner())).payouts;
    fine(await settle(last!.id));
    const reason = "The address is wrong.";
    const asked = { params: { payout: last!.id }, body: { reason } };
    expect(fine(await owner().ask(wire.returnPayout, asked))).toMatchObject({ status: "returned", reason });
    fine(await owner().ask(wire.returnPayout, asked));
    expect(await cash()).toBe(5000);
    const late = await settle(last!.id);
    expect(late.ok ? "settled" : late.refusal.code).toBe("payout-came-back");
    const same = fine(await makeRun("manual", "december"));
    expect(same.payouts.map(({ status }) => status)).toEqual(["returned"]);
    const next = fine(await makeRun("manual", "december-2"));
    expect(next.payouts[0]).toMatchObject({ amountMinor: 1000, status: "sent" });
    expect(next.payouts[0]?.id).not.toBe(last?.id);
    await isWhole();
  });

  it("nobody can claim it back before thirty days; then both are reminded, and it is payable again", async () => {
    const [last] = (await page(owner())).payouts;
    const unclaim = () => owner().ask(wire.unclaimPayout, { params: { payout: last!.id }, body: {} });
    const early = await unclaim();
    expect(early.ok ? "unclaimed" : early.refusal.code).toBe("payout-too-young");
    await wait(30);
    expect((await page(ana())).payouts[0]).toMatchObject({ status: "sent", overdue: true });
    expect(fine(await unclaim()).status).toBe("unclaimed");
    expect(fine(await planRun("manual")).totalMinor).toBe(1000);
    await isWhole();
  });
});

describe("where the money goes", () => {
  beforeAll(async () => {
    await openStage();
    await sell(50_000);
    await untilDecember();
  });
  afterAll(close);

  it("who has not said where to be paid is told so, and so is the brand", async () => {
    const waiting = [{ code: "no-details", amountMinor: 5000, because: expect.stringContaining("€50.00") }];
    expect((await page(ana())).waiting).toMatchObject(waiting);
    expect((await page(owner())).waiting).toMatchObject(waiting);
  });

  it("details take a fresh proof that it is the influencer, and are never shown whole, nor in any fact", async () => {
    const bare = await ana().ask(settings.sayPayoutDetails, { body: { details: BANK, proof: "made-up" } });
    expect(bare.ok ? "said" : bare.refusal.code).toBe("proof-needed");
    const said = fine(await say(BANK));
    expect(said.details).toMatchObject([{ rail: "bank", summary: "Ana Lima, FR … 2606", heldUntil: null }]);
    const tables = onDisk(stage.house.folder, stage.scene.brand.brand);
    for (const table of ["fact", "document"])
      expect(JSON.stringify(tables[table])).not.toMatch(/FR1420041010050500013M02606|Ana Lima/);
    expect(JSON.stringify(tables.private)).toContain("FR1420041010050500013M02606");
  });

  it.each([
    [{ ...BANK, iban: "FR1420041010050500013M02607" }, "bad-iban"],
    [{ ...BANK, iban: "BR1800360305000010009795493C1" }, "not-sepa"],
    [{ ...BANK, bic: "AAAAQQ22" }, "bad-bic"],
    [{ ...BANK, name: "山田太郎" }, "bad-name"],
    [{ ...BANK, country: "Frankreich" }, "bad-request"],
  ])("details that no bank could use are refused: %#", async (details, code) => {
    const said = await say(details);
    expect(said.ok ? "said" : said.refusal.code).toBe(code);
  });

  it("the bank file pays them from the brand's account, once the brand has said which", async () => {
    expect(fine(await planRun("bank")).refused).toMatch(/from which account/);
    const early = await makeRun("bank", "one");
    expect(early.ok ? "made" : early.refusal.code).toBe("no-payer");
    expect(fine(await owner().ask(settings.sayPayoutSettings, { body: { payer } })).payer).toEqual({
      name: "Acme Coding GmbH",
      account: "DE … 3000",
    });
    const { id, payouts } = fine(await makeRun("bank", "one"));
    const response = await fetch(`${stage.house.origin}/v1/payout-batches/${id}/file`, { headers: owner().headers });
    const xml = await response.text();
    expect(response.headers.get("content-type")).toContain("application/xml");
    expect(xml).toContain('<InstdAmt Ccy="EUR">50.00</InstdAmt>');
    expect(xml).toContain(`<EndToEndId>${payouts[0]?.id.replace("_", "-")}</EndToEndId>`);
    expect(xml).toContain("<IBAN>FR1420041010050500013M02606</IBAN>");
  });

  it("changed details hold what is paid for 72 hours, and both are told; the file on its way stays as it was", async () => {
    const { payouts } = await page(owner());
    fine(
      await owner().ask(wire.failPayout, { params: { payout: payouts[0]!.id }, body: { reason: "Account closed" } }),
    );
    fine(await say({ ...BANK, iban: "DE89370400440532013000", country: "DE" }));
    const until = stage.house.clock.at + 3 * DAY;
    for (const who of [ana(), owner()]) {
      const { waiting, details } = await page(who);
      expect(waiting).toMatchObject([{ code: "details-changed", amountMinor: 5000, until }]);
      expect(details).toMatchObject([
        { changedAt: stage.house.clock.at, heldUntil: until, summary: "Ana Lima, DE … 3000" },
      ]);
    }
    const held = await makeRun("bank", "two");
    expect(held.ok ? "made" : held.refusal.code).toBe("nothing-to-pay");
    const { batches } = fine(await owner().ask(wire.payoutBatches));
    const file = await fetch(`${stage.house.origin}/v1/payout-batches/${batches[0]?.id}/file`, {
      headers: owner().headers,
    });
    expect(await file.text()).toContain("FR1420041010050500013M02606");
    await wait(3);
    expect(fine(await makeRun("bank", "two")).payouts).toMatchObject([{ amountMinor: 5000, status: "sent" }]);
    await isWhole();
  });

  it("the same details again change nothing, and neither side is alarmed", async () => {
    const before = await stage.house.running.world.store.head(stage.scene.brand.brand);
    fine(await say({ ...BANK, iban: "DE89370400440532013000", country: "DE" }));
    expect(await stage.house.running.world.store.head(stage.scene.brand.brand)).toEqual(before);
  });

  it("money in a currency the rail does not carry is refused with the reason", async () => {
    const asked = await owner().ask(wire.makePayoutBatch, { body: { rail: "bank", currency: "USD" } });
    expect(asked.ok ? "made" : asked.refusal.because).toContain("USD is paid by hand");
  });
});

describe("what waits", () => {
  beforeAll(() => openStage({ payout: { minimumMinor: 5000 } }));
  afterAll(close);

  it("what is below the minimum is carried over with the reason, until the contract is over", async () => {
    fine(await say(BY_HAND));
    await sell(40_000);
    await untilDecember();
    const early = await makeRun("manual", "november");
    expect(early.ok ? "made" : early.refusal.because).toContain("carried over: payouts begin at €50.00");
    expect((await page(ana())).waiting).toMatchObject([{ code: "below-minimum", amountMinor: 4000 }]);
    await wait(32);
    expect(fine(await makeRun("manual", "december")).totalMinor).toBe(4000);
  });

  it("money sent and then refunded is a debt that ages, and it takes two people to give it up", async () => {
    const { payouts } = await page(owner());
    fine(await settle(payouts[0]!.id));
    const docs = onDisk(stage.house.folder, stage.scene.brand.brand).document ?? [];
    const share = docs.map(({ key }) => String(key)).find((key) => key.startsWith("share/"))!;
    fine(await refund(share.split("/").at(-1)!, 500));
    const since = stage.house.clock.at;
    const owed = async () => fine(await owner().ask(settings.debts));
    expect((await owed()).debts).toMatchObject([{ amountMinor: 2000, since, age: "0-30", influencerName: "Ana Lima" }]);
    expect((await page(ana())).debts).toMatchObject([{ amountMinor: 2000, since }]);
    for (const [days, age] of [
      [31, "31-60"],
      [30, "61-90"],
      [30, "90+"],
    ] as const) {
      await wait(days);
      expect((await owed()).debts[0]?.age).toBe(age);
    }
    const { influencer } = stage.scene;
    const propose = (amountMinor: number) =>
      owner().ask(settings.proposeWriteOff, { params: { influencer }, body: { currency: "EUR", amountMinor } });
    const greedy = await propose(2001);
    expect(greedy.ok ? "proposed" : greedy.refusal.code).toBe("not-owed");
    const { id: writeOff } = fine(await propose(1500));
    const confirm = (who: Caller) => who.ask(settings.confirmWriteOff, { params: { writeOff }, body: {} });
    const alone = await confirm(owner());
    expect(alone.ok ? "confirmed" : alone.refusal.because).toContain("A brand with one owner cannot");
    const { people } = stage.house.running.world;
    const { brand } = stage.scene.brand;
    await people.openBrand({ id: brand, name: "Acme Coding", owner: { email: "olga@acme.example", name: "Olga" } });
    const link = await people.oneTimeLink({ email: "olga@acme.example", path: "/" });
    const olga = await enter(stage.house.origin, `${stage.house.origin}/enter#token=${link?.token}`);
    expect(fine(await confirm(olga)).confirmedAt).toBe(stage.house.clock.at);
    fine(await confirm(olga));
    expect((await owed()).debts).toMatchObject([{ amountMinor: 500, since }]);
    expect((await balances()).get("bad_debt")).toBe(1500);
    const facts = JSON.stringify(onDisk(stage.house.folder, brand).fact);
    expect(facts).not.toMatch(/olga|Olive/i);
    await isWhole();
  });
});

describe("what is in dispute", () => {
  let sale: string;
  beforeEach(async () => {
    await openStage();
    fine(await say(BY_HAND));
    sale = await sell(50_000);
    await untilDecember();
  });
  afterEach(close);

  const dispute = async (): Promise<string> => {
    const item = { kind: "conversion", contract: stage.scene.contract, conversion: sale } as const;
    return fine(await owner().ask(openDispute, { body: { item, amountMinor: 1200, reason: "wrong-amount" } })).id;
  };
  const held = [{ code: "held", amountMinor: 1200, because: expect.stringContaining("€12.00 is held by a dispute") }];

  it("is held, and both are told, while the rest is paid; withdrawn, it is paid by the next run", async () => {
    const id = await dispute();
    for (const who of [ana(), owner()]) expect((await page(who)).waiting).toMatchObject(held);
    const made = fine(await makeRun("manual", "one"));
    expect([made.totalMinor, made.waiting]).toMatchObject([3800, held]);
    fine(await owner().ask(withdrawDispute, { params: { dispute: id }, body: {} }));
    expect(fine(await makeRun("manual", "two")).totalMinor).toBe(1200);
    expect(fine(await planRun("manual")).payouts).toEqual([]);
    await isWhole();
  });

  it("while it is on its way cannot be held; it is once the payout fails and the money is back", async () => {
    const { payouts } = fine(await makeRun("manual", "one"));
    await dispute();
    expect((await page(ana())).waiting).toEqual([]);
    fine(
      await owner().ask(wire.failPayout, { params: { payout: payouts[0]!.id }, body: { reason: "No such person" } }),
    );
    expect((await page(ana())).waiting).toMatchObject(held);
    expect(fine(await makeRun("manual", "two")).totalMinor).toBe(3800);
    await isWhole();
  });

  it("refunded while on its way and then failed, only what is still earned is paid again", async () => {
    const { payouts } = fine(await makeRun("manual", "one"));
    fine(await refund(sale, 400));
    expect((await page(owner())).debts).toMatchObject([{ amountMinor: 2000 }]);
    fine(
      await owner().ask(wire.failPayout, { params: { payout: payouts[0]!.id }, body: { reason: "No such person" } }),
    );
    expect((await page(owner())).debts).toEqual([]);
    expect(fine(await makeRun("manual", "two")).totalMinor).toBe(3000);
    await isWhole();
  });
});

describe("a brand that pays out of a deposit, and keeps tax back", () => {
  beforeAll(() => openStage());
  afterAll(close);

  it("pays only what is set aside for the contract, takes the fee out of the deposit, and sends the rest without the tax", async () => {
    fine(await say(BY_HAND));
    await sell(50_000);
    await untilDecember();
    const fee = await owner().ask(settings.sayPayoutSettings, { body: { platformFeeBp: 200 } });
    expect(fee.ok ? "said" : fee.refusal.code).toBe("fee-needs-deposit");
    fine(await owner().ask(settings.sayPayoutSettings, { body: { prefunded: true, platformFeeBp: 200 } }));
    const { influencer, contract } = stage.scene;
    fine(await owner().ask(settings.sayWithholding, { params: { influencer }, body: { withholdBp: 1500 } }));
    expect(fine(await planRun("manual")).waiting).toMatchObject([{ code: "not-funded", amountMinor: 5000 }]);
    const deposit = { rail: "manual", currency: "EUR", amountMinor: 6000 } as const;
    const headers = { "idempotency-key": "deposit-once" };
    fine(await owner().ask(settings.fundDeposit, { body: deposit, headers }));
    fine(await owner().ask(settings.fundDeposit, { body: deposit, headers }));
    const bare = await owner().ask(settings.fundDeposit, { body: deposit });
    expect(bare.ok ? "funded" : bare.refusal.code).toBe("idempotency-key-needed");
    const much = await owner().ask(settings.reserveDeposit, {
      ...keyed(),
      params: { contract },
      body: { amountMinor: 6001 },
    });
    expect(much.ok ? "reserved" : much.refusal.code).toBe("not-enough");
    fine(await owner().ask(settings.reserveDeposit, { ...keyed(), params: { contract }, body: { amountMinor: 5500 } }));
    const made = fine(await makeRun("manual", "november"));
    expect(made.payouts[0]).toMatchObject({ amountMinor: 5000, taxMinor: 750, sentMinor: 4250, feeMinor: 100 });
    const away = await owner().ask(settings.releaseDeposit, {
      ...keyed(),
      params: { contract },
      body: { amountMinor: 501 },
    });
    expect(away.ok ? "released" : away.refusal.because).toContain("€5.00");
    fine(await settle(made.payouts[0]!.id));
    const rest = fine(
      await owner().ask(settings.releaseDeposit, { ...keyed(), params: { contract }, body: { amountMinor: 500 } }),
    );
    expect(rest).toEqual({
      currency: "EUR",
      freeMinor: 900,
      feesMinor: 100,
      taxMinor: 750,
      reserved: [{ contract, reservedMinor: 0, spentMinor: 5000, onTheWayMinor: 0 }],
    });
    expect(await cash()).toBe(4250 - 6000);
  });

  it("tax goes to the authority once; a payout that comes back gives everything back", async () => {
    const tax = { rail: "manual", currency: "EUR", amountMinor: 750, reference: "Office 12" } as const;
    fine(await owner().ask(settings.remitTax, { ...keyed(), body: tax }));
    const twice = await owner().ask(settings.remitTax, { ...keyed(), body: tax });
    expect(twice.ok ? "remitted" : twice.refusal.code).toBe("not-enough");
    const { payouts } = await page(owner());
    const back = { params: { payout: payouts[0]!.id }, body: { reason: "Unknown at this address" } };
    fine(await owner().ask(wire.returnPayout, back));
    const { deposits } = fine(await owner().ask(settings.deposits));
    expect(deposits).toMatchObject([
      { freeMinor: 1000, feesMinor: 0, taxMinor: 0, reserved: [{ reservedMinor: 5000, spentMinor: 0 }] },
    ]);
    expect(fine(await planRun("manual")).totalMinor).toBe(5000);
    await isWhole();
  });
});

describe("what nobody else may see or do", () => {
  let rival: Scene;
  beforeAll(async () => {
    await openStage();
    rival = await setTheScene(stage.house, await anotherBrand(stage.house), { name: "Bea Rival", terms: paying });
    fine(await say(BY_HAND));
    await sell(50_000);
    await untilDecember();
    fine(await makeRun("manual", "november"));
  });
  afterAll(close);

  it("another brand's batches, payouts, files and debts are answered as if they did not exist", async () => {
    const { batches } = fine(await owner().ask(wire.payoutBatches));
    const [batch, payout] = [batches[0]!.id, batches[0]!.payouts[0]!.id];
    const { headers } = rival.owner;
    for (const path of [`/v1/payout-batches/${batch}`, `/v1/payout-batches/${batch}/file`]) {
      const response = await fetch(stage.house.origin + path, { headers });
      expect([response.status, (await problemOf(response)).code]).toEqual([404, "not-found"]);
    }
    const asked = [
      await rival.owner.ask(wire.settlePayout, { params: { payout }, body: { reference: "Mine" } }),
      await rival.owner.ask(wire.failPayout, { params: { payout }, body: { reason: "Mine" } }),
      await rival.owner.ask(wire.returnPayout, { params: { payout }, body: { reason: "Mine" } }),
      await rival.owner.ask(wire.unclaimPayout, { params: { payout }, body: {} }),
      await rival.owner.ask(settings.sayWithholding, {
        params: { influencer: stage.scene.influencer },
        body: { withholdBp: 1 },
      }),
      await rival.owner.ask(settings.proposeWriteOff, {
        params: { influencer: stage.scene.influencer },
        body: { currency: "EUR", amountMinor: 1 },
      }),
      await rival.owner.ask(settings.reserveDeposit, {
        params: { contract: stage.scene.contract },
        body: { amountMinor: 1 },
      }),
    ];
    for (const it of asked) expect(it.ok ? "done" : it.refusal.code).toBe("not-found");
    expect((await page(rival.ana)).payouts).toEqual([]);
    expect((await page(rival.owner)).payouts).toEqual([]);
  });

  it("neither a server's key nor an influencer makes batches, and no key says where money goes", async () => {
    const body = { rail: "manual", currency: "EUR" } as const;
    for (const who of [ana(), stage.scene.server]) {
      const asked = await who.ask(wire.makePayoutBatch, { body });
      expect(asked.ok ? "made" : asked.refusal.code).toBe("not-allowed");
    }
    const said = await stage.scene.server.ask(settings.sayPayoutDetails, { body: { details: BY_HAND, proof: "x" } });
    expect(said.ok ? "said" : said.refusal.code).toBe("not-allowed");
  });
});

describe("a server that dies between making a batch and handing it over", () => {
  beforeEach(async () => {
    await openStage();
    fine(await say(BY_HAND));
    await sell(50_000);
    await untilDecember();
  });

  it("hands it over when it is back: nothing is lost, and nothing is paid twice", async () => {
    const { brand } = stage.scene.brand;
    const made = await stage.house.running.world.record.decide(brand, makeBatch(run("manual", "november"), "brand"));
    const { payouts: before } = await page(owner());
    expect(before.map(({ status }) => status)).toEqual(["made"]);
    const early = await settle(before[0]!.id);
    expect(early.ok ? "settled" : early.refusal.code).toBe("payout-not-sent");
    await stage.house.restart();
    for (let shut = true; shut; )
      shut = await fetch(`${stage.house.origin}/v1/health`)
        .then((it) => !it.ok)
        .catch(() => true);
    await submitAll(stage.house.running.world);
    await submitAll(stage.house.running.world);
    const again = fine(await makeRun("manual", "november"));
    expect([again.id, again.sent]).toEqual([fine(made), true]);
    expect(again.payouts.map(({ id, status }) => [id, status])).toEqual([[before[0]?.id, "sent"]]);
    expect((await balances()).get(`influencer:${stage.scene.contract}:in_transit`)).toBe(-5000);
    await isWhole();
    await close();
  });

  it("two servers' worth of batches at once pay each cent once", async () => {
    const keys = ["a", "b", "c", "d", "e", "f"];
    const all = await Promise.all(keys.map((key) => makeRun("manual", key)));
    expect(all.filter((it) => it.ok).length).toBe(1);
    for (const it of all) if (!it.ok) expect(it.refusal.code).toBe("nothing-to-pay");
    await isWhole();
    await close();
  });
});
