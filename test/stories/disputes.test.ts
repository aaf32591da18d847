import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import type { DisputeDoc } from "../../server/engine/shapes.dispute.ts";
import type { AccountDoc } from "../../server/engine/shapes.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { heldMinorOf } from "../../shared/contract/dispute.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as disputeDoors from "../../shared/wire/disputes.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, caller, fine, type House, openHouse } from "../house.ts";
import { anotherBrand, clickOn, DAY, NOON, onDisk, type Scene, setTheScene, terms } from "./scene.ts";

const HOUR = 3_600_000;

let house: House;
let scene: Scene;
let item: { readonly kind: "conversion"; readonly contract: string; readonly conversion: string };

/** A sale of 200.00 USD, of which the influencer earns 7.25 %: 14.50. */
const sell = async (id: string): Promise<string> => {
  const click = await clickOn(scene.link.url);
  const body = { result: "sale", id, valueMinor: 20_000, currency: "USD", click };
  return fine(await scene.server.ask(convert, { body })).id;
};

const begin = async (more: object = {}): Promise<void> => {
  house = await openHouse(NOON);
  scene = await setTheScene(house, house, { terms: { ...terms, ...more } });
  item = { kind: "conversion", contract: scene.contract, conversion: await sell("order-1") };
};

/** Let the days go by, one at a time, and whatever falls due in them happen. */
const wait = async (ms: number): Promise<void> => {
  const { store, record } = house.running.world;
  for (let left = ms; left > 0; left -= DAY) {
    house.clock.at += Math.min(left, DAY);
    await mature(store, record, house.clock.at);
  }
};

const docs = <Doc>(prefix: string): readonly Doc[] =>
  onDisk(house.folder, scene.brand.brand)
    .document!.filter(({ key }) => String(key).startsWith(prefix))
    .map(({ body }) => JSON.parse(String(body)) as Doc);

/** What disputes hold of the contract, and the law that this is the sum over the open ones that say "less". */
const held = (): number => {
  const [account] = docs<AccountDoc>(`account/${scene.contract}`);
  const sum = docs<DisputeDoc>("dispute/").reduce((all, it) => all + heldMinorOf(it), 0);
  expect(account?.holdMinor ?? 0).toBe(sum);
  return sum;
};

/** The balance of one of the contract's accounts in the ledger, as credit. */
const balance = (account: string): number =>
  0 - (docs<{ balanceMinor: number }>(`balance/USD/influencer:${scene.contract}:${account}`)[0]?.balanceMinor ?? 0);

const verified = async (): Promise<void> => {
  const { world } = house.running;
  fine((await verifyBrand(world.store, scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
};

const dispute = (who: Caller, given: object = {}) =>
  who.ask(disputeDoors.openDispute, {
    body: { item, amountMinor: 1000, reason: "wrong-amount", ...given } as never,
  });
const page = async (who: Caller, id: string) => fine(await who.ask(disputeDoors.dispute, { params: { dispute: id } }));
const codeOf = (answer: { readonly ok: boolean }): string =>
  (answer as { refusal?: { code: string } }).refusal?.code ?? "fine";
const total = async (): Promise<number> => {
  const params = { contract: scene.contract };
  return fine(await scene.ana.ask(influencerDoors.statementOf, { params })).statement.totalMinor;
};
const linesOf = async (code: string) => {
  const params = { contract: scene.contract };
  const { statement } = fine(await scene.ana.ask(influencerDoors.statementOf, { params }));
  return statement.periods.flatMap(({ lines }) => lines.filter((line) => line.code === code));
};

afterEach(async () => {
  held();
  await verified();
  await house.close();
});

describe("a brand that disputes a conversion", () => {
  beforeEach(() => begin());

  test("holds exactly the amount while all other money flows, and a split both take ends it", async () => {
    await sell("order-2");
    const opened = fine(
      await dispute(scene.owner, { text: "The price was 62.00.", links: ["https://shop.example/o/1"] }),
    );
    expect(opened).toMatchObject({
      you: "brand",
      status: "opened",
      direction: "less",
      amountMinor: 1000,
      heldMinor: 1000,
      until: NOON + 7 * DAY,
      waitsFor: "influencer",
      ifSilent: { brandMinor: 0, influencerMinor: 1000 },
      evidence: { termsHash: scene.termsHash, unchanged: true, part: { amountMinor: 1450 } },
      said: [{ step: "opened", by: "brand", text: "The price was 62.00.", links: ["https://shop.example/o/1"] }],
    });
    expect(held()).toBe(1000);
    const params = { dispute: opened.id };
    await wait(6 * DAY);
    fine(await scene.ana.ask(disputeDoors.answerDispute, { params, body: { text: "It was 200.00." } }));
    fine(await scene.owner.ask(disputeDoors.answerDispute, { params, body: { text: "See the receipt." } }));
    await wait(6 * DAY);
    expect([balance("held:approved"), balance("approved")]).toEqual([1000, 1900]);
    const split = { brandMinor: 400, influencerMinor: 600 };
    const proposed = fine(await scene.ana.ask(disputeDoors.proposeSplit, { params, body: { split } }));
    expect(proposed).toMatchObject({ waitsFor: "brand", status: "proposed", until: NOON + 19 * DAY });
    await wait(4 * DAY);
    expect(balance("held:approved") + balance("held:payable")).toBe(1000);
    expect(balance("payable") + balance("approved")).toBe(1900);
    const accepted = fine(await scene.owner.ask(disputeDoors.acceptSplit, { params, body: { proposal: 0 } }));
    expect(accepted).toMatchObject({
      status: "resolved",
      until: null,
      waitsFor: null,
      heldMinor: 0,
      ifSilent: null,
      outcome: { how: "accepted", ...split, adjustmentMinor: -400 },
    });
    expect(accepted.said.map(({ step, by }) => [step, by])).toEqual([
      ["opened", "brand"],
      ["answered", "influencer"],
      ["replied", "brand"],
    ]);
    expect(held()).toBe(0);
    expect(await total()).toBe(2500);
    expect(await linesOf("dispute")).toMatchObject([{ amountMinor: -400 }]);
    expect(["held:approved", "held:payable"].map(balance)).toEqual([0, 0]);
    expect(balance("payable") + balance("approved") + balance("validated")).toBe(2500);
    const again = fine(await scene.owner.ask(disputeDoors.acceptSplit, { params, body: { proposal: 0 } }));
    expect(again.events).toEqual(accepted.events);
    const facts = JSON.stringify(onDisk(house.folder, scene.brand.brand).fact);
    for (const words of ["62.00", "receipt", "shop.example/o/1"]) expect(facts).not.toContain(words);
  });

  test("gets nothing when nobody moves and the terms give silence to the influencer; both are reminded twice before", async () => {
    const { id } = fine(await dispute(scene.owner));
    await wait(7 * DAY);
    const { status, outcome, events } = await page(scene.ana, id);
    expect([status, outcome?.how, outcome?.influencerMinor]).toEqual(["resolved", "silence", 1000]);
    expect(events.map(({ at, what, by, because }) => [(at - NOON) / HOUR, what, by, because])).toEqual([
      [0, "opened", "brand", undefined],
      [4 * 24, "reminded", "clock", "72 h"],
      [6 * 24, "reminded", "clock", "24 h"],
      [7 * 24, "resolved", "clock", "silence"],
    ]);
    expect([held(), await total()]).toEqual([0, 1450]);
    expect(docs("due/").filter((it) => JSON.stringify(it).includes("dispute"))).toEqual([]);
  });

  test("and a server that stood still past every deadline: it ends as the terms say, and is not reminded of what is over", async () => {
    const { id } = fine(await dispute(scene.owner));
    house.clock.at += 20 * DAY;
    expect(codeOf(await scene.ana.ask(disputeDoors.answerDispute, { params: { dispute: id }, body: {} }))).toBe(
      "deadline-passed",
    );
    await wait(1);
    const { status, outcome, events } = await page(scene.owner, id);
    expect([status, outcome?.how]).toEqual(["resolved", "silence"]);
    expect(events.map(({ what }) => what)).toEqual(["opened", "resolved"]);
  });

  test("cannot dispute it again while it is open, nor after; nor can the other side while it is open", async () => {
    const { id } = fine(await dispute(scene.owner));
    for (const who of [scene.owner, scene.ana]) expect(codeOf(await dispute(who))).toBe("already-disputed");
    fine(await scene.owner.ask(disputeDoors.withdrawDispute, { params: { dispute: id }, body: {} }));
    expect([held(), await total()]).toEqual([0, 1450]);
    expect(codeOf(await dispute(scene.owner))).toBe("already-disputed");
    expect(codeOf(await dispute(scene.ana))).toBe("fine");
    expect(fine(await scene.owner.ask(disputeDoors.disputes, { query: {} })).disputes).toHaveLength(2);
  });

  test("cannot hold more than it is worth, nor the same money twice, however disputes overlap", async () => {
    expect(codeOf(await dispute(scene.owner, { amountMinor: 1451 }))).toBe("more-than-worth");
    fine(await dispute(scene.owner));
    const whole = { kind: "contract", contract: scene.contract };
    expect(codeOf(await dispute(scene.owner, { item: whole, amountMinor: 451 }))).toBe("more-than-worth");
    fine(await dispute(scene.owner, { item: whole, amountMinor: 450 }));
    expect(held()).toBe(1450);
  });

  test("can do so until thirty days after it counted, and not a moment later", async () => {
    await sell("order-2");
    house.clock.at = NOON + 30 * DAY;
    expect(codeOf(await dispute(scene.owner))).toBe("fine");
    const late = { ...item, conversion: await sell("order-3") };
    house.clock.at += 30 * DAY + 1;
    expect(codeOf(await dispute(scene.owner, { item: late }))).toBe("too-late-to-dispute");
  });

  test("takes nothing that a refund has taken meanwhile", async () => {
    const { id } = fine(await dispute(scene.owner));
    const params = { conversion: item.conversion };
    fine(await scene.server.ask(conversionDoors.reverse, { params, body: { reversal: "refund-1", permille: 800 } }));
    expect([held(), await total()]).toEqual([1000, 290]);
    const conceded = await scene.ana.ask(disputeDoors.concedeDispute, { params: { dispute: id }, body: {} });
    expect(fine(conceded).outcome).toMatchObject({ how: "conceded", brandMinor: 1000, adjustmentMinor: -290 });
    expect([held(), await total()]).toEqual([0, 0]);
  });

  test("gives back what it took when the sale is refunded later, so that nothing is taken twice", async () => {
    const { id } = fine(await dispute(scene.owner));
    fine(await scene.ana.ask(disputeDoors.concedeDispute, { params: { dispute: id }, body: {} }));
    expect(await total()).toBe(450);
    const refund = (reversal: string, permille: number) =>
      scene.server.ask(conversionDoors.reverse, {
        params: { conversion: item.conversion },
        body: { reversal, permille },
      });
    fine(await refund("refund-1", 100));
    expect(await total()).toBe(305);
    fine(await refund("refund-2", 900));
    expect(await total()).toBe(0);
    expect(await linesOf("dispute")).toMatchObject([{ amountMinor: -1000 }, { amountMinor: 1000 }]);
    expect((await page(scene.owner, id)).outcome).toMatchObject({ brandMinor: 1000, adjustmentMinor: 0 });
  });

  test("and repeats itself under one idempotency key opens one dispute, and holds its amount once", async () => {
    const body = { item, amountMinor: 1000, reason: "duplicate" as const };
    const headers = { "idempotency-key": "dispute-once-1" };
    const one = fine(await scene.owner.ask(disputeDoors.openDispute, { body, headers }));
    const two = fine(await scene.owner.ask(disputeDoors.openDispute, { body, headers }));
    expect(two.id).toBe(one.id);
    expect(held()).toBe(1000);
  });
});

describe("the mediator", () => {
  beforeEach(() => begin({ disputes: { silence: "brand", mediator: "The guild of fair dealing", answerDays: 3 } }));

  const escalated = async () => {
    const { id, until, ifSilent, mediator } = fine(await dispute(scene.owner));
    expect([until, ifSilent, mediator]).toEqual([
      NOON + 3 * DAY,
      { brandMinor: 1000, influencerMinor: 0 },
      "The guild of fair dealing",
    ]);
    const params = { dispute: id };
    expect(codeOf(await scene.ana.ask(disputeDoors.escalateDispute, { params, body: {} }))).toBe("not-your-turn");
    fine(await scene.ana.ask(disputeDoors.answerDispute, { params, body: { text: "It is real." } }));
    const mine = fine(await scene.ana.ask(disputeDoors.escalateDispute, { params, body: {} })).mediatorUrl!;
    const theirs = (await page(scene.owner, id)).mediatorUrl!;
    expect(fine(await scene.owner.ask(disputeDoors.escalateDispute, { params, body: {} })).mediatorUrl).toBe(theirs);
    return { params, keys: [mine, theirs].map((url) => new URL(url).hash.slice("#key=".length)) };
  };

  test("reads by either side's half of the key and decides by both; no side decides alone, and a decision is one", async () => {
    const { params, keys } = await escalated();
    expect(keys[0]).not.toBe(keys[1]);
    const nobody = caller(house.origin, {});
    for (const key of keys) {
      const told = fine(await nobody.ask(disputeDoors.mediation, { params, body: { key } }));
      expect(told).toMatchObject({ you: "mediator", status: "escalated", waitsFor: "mediator", mediatorUrl: null });
      expect(told.evidence.part?.considered).toHaveLength(1);
    }
    const split = { brandPermille: 333 };
    const decide = (given: readonly string[], asked: object = split) =>
      nobody.ask(disputeDoors.decideDispute, {
        params,
        body: { keys: given, split: asked, text: "A third each way but one." } as never,
      });
    const wrong = "0".repeat(26);
    expect(codeOf(await decide([keys[0]!, keys[0]!]))).toBe("wrong-key");
    expect(codeOf(await decide([keys[0]!, wrong]))).toBe("not-found");
    expect(codeOf(await nobody.ask(disputeDoors.mediation, { params, body: { key: wrong } }))).toBe("not-found");
    expect(codeOf(await decide(keys, { brandMinor: 1, influencerMinor: 1 }))).toBe("split-does-not-sum");
    const decided = fine(await decide([...keys].reverse()));
    expect(decided.outcome).toEqual({ how: "decided", brandMinor: 333, influencerMinor: 667, adjustmentMinor: -333 });
    expect(decided.events.at(-1)).toMatchObject({ what: "resolved", by: "mediator", because: "decided" });
    expect(codeOf(await decide(keys))).toBe("fine");
    expect(codeOf(await decide(keys, { brandPermille: 1000 }))).toBe("dispute-over");
    expect([held(), await total()]).toEqual([0, 1450 - 333]);
    for (const who of [scene.owner, scene.ana]) {
      const { mediatorUrl, said } = await page(who, params.dispute);
      expect([mediatorUrl, said.at(-1)?.by]).toEqual([null, "mediator"]);
    }
    const disk = JSON.stringify(onDisk(house.folder, scene.brand.brand));
    for (const key of keys) expect(disk).not.toContain(key);
  });

  test("who says nothing for thirty days leaves it to the terms, here to the brand", async () => {
    const { params } = await escalated();
    await wait(30 * DAY);
    const { outcome } = await page(scene.owner, params.dispute);
    expect(outcome).toMatchObject({ how: "silence", brandMinor: 1000, adjustmentMinor: -1000 });
    expect(await total()).toBe(450);
  });
});

describe("an influencer", () => {
  beforeEach(() => begin());

  test("says what is missing for a rejected sale: nothing is held, and what the brand concedes is a line of the open statement", async () => {
    const params = { conversion: item.conversion };
    fine(await scene.owner.ask(conversionDoors.reject, { params, body: { reason: "fake" } }));
    expect(await total()).toBe(0);
    const opened = fine(await dispute(scene.ana, { amountMinor: 1450, reason: "lead-wrongly-rejected" }));
    expect(opened).toMatchObject({ you: "influencer", direction: "more", heldMinor: 0, waitsFor: "brand" });
    expect(held()).toBe(0);
    fine(await scene.owner.ask(disputeDoors.concedeDispute, { params: { dispute: opened.id }, body: {} }));
    expect(await total()).toBe(1450);
    expect(await linesOf("dispute")).toMatchObject([{ amountMinor: 1450 }]);
    expect(balance("payable") + balance("approved") + balance("validated")).toBe(1450);
  });

  test("cannot claim without end, for the brand's reasons, for no reason, or for what is still open", async () => {
    const endless = { amountMinor: 1_000_000_000_001 };
    expect(codeOf(await dispute(scene.ana, endless))).toBe("bad-request");
    expect(codeOf(await dispute(scene.ana, { reason: "not-a-real-lead" }))).toBe("bad-reason");
    expect(codeOf(await dispute(scene.ana, { reason: "other" }))).toBe("text-missing");
    const statement = { kind: "statement", contract: scene.contract, period: 0 };
    expect(codeOf(await dispute(scene.ana, { item: statement }))).toBe("statement-open");
    expect(codeOf(await dispute(scene.ana, { item: { ...statement, period: 9 } }))).toBe("not-found");
  });

  test("disputes a closed statement, whose lines and hash come with it, until thirty days after it closed", async () => {
    await wait(25 * DAY);
    const statement = { kind: "statement", contract: scene.contract, period: 0 };
    const told = fine(await dispute(scene.ana, { item: statement, reason: "missing-results" }));
    expect(told.evidence).toMatchObject({ unchanged: true, statement: { state: "closed", earnedMinor: 1450 } });
    expect(told.evidence.hash).toMatch(/^[0-9a-f]{64}$/);
    fine(await scene.ana.ask(disputeDoors.withdrawDispute, { params: { dispute: told.id }, body: {} }));
    house.clock.at = Date.UTC(2026, 11, 1, 5) + 30 * DAY;
    expect(codeOf(await dispute(scene.owner, { item: statement }))).toBe("fine");
    expect(held()).toBe(1000);
  });

  test("is told nothing of another's disputes, nor is another brand", async () => {
    const rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
    const { id } = fine(await dispute(scene.owner));
    const params = { dispute: id };
    for (const stranger of [rival.ana, rival.owner]) {
      expect(codeOf(await stranger.ask(disputeDoors.dispute, { params }))).toBe("not-found");
      expect(codeOf(await dispute(stranger))).toBe("not-found");
      expect(fine(await stranger.ask(disputeDoors.disputes, { query: {} })).disputes).toEqual([]);
      const listed = await stranger.ask(disputeDoors.disputes, { query: { contract: scene.contract } });
      expect(codeOf(listed)).toBe("not-found");
      for (const [door, body] of [
        [disputeDoors.answerDispute, {}],
        [disputeDoors.proposeSplit, { split: { brandPermille: 0 } }],
        [disputeDoors.acceptSplit, { proposal: 0 }],
        [disputeDoors.escalateDispute, {}],
        [disputeDoors.withdrawDispute, {}],
        [disputeDoors.concedeDispute, {}],
      ] as const)
        expect(
          codeOf(await stranger.ask(door as typeof disputeDoors.withdrawDispute, { params, body: body as never })),
          door.path,
        ).toBe("not-found");
    }
    for (const side of [scene.owner, scene.ana])
      expect(fine(await side.ask(disputeDoors.disputes, { query: {} })).disputes.map((it) => it.id)).toEqual([id]);
    expect((await page(scene.ana, id)).evidence.part?.contract).toBe(scene.contract);
  });
});

test("two influencers of one brand do not see each other's disputes, also about a sale they share", async () => {
  await begin();
  const other = await setTheScene(house, scene, { name: "Ben Okafor" });
  const mine = fine(await dispute(scene.owner));
  expect(codeOf(await other.ana.ask(disputeDoors.dispute, { params: { dispute: mine.id } }))).toBe("not-found");
  expect(codeOf(await dispute(other.ana, { item: { ...item, contract: other.contract } }))).toBe("not-found");
  expect(codeOf(await dispute(scene.owner, { item: { ...item, contract: other.contract } }))).toBe("not-found");
});
