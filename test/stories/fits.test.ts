import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { payeeName } from "../../server/engine/fits.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { credit } from "../../shared/judge/attribution.ts";
import { fitText } from "../../shared/judge/fit.ts";
import * as attribution from "../../shared/wire/attribution.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as contractDoors from "../../shared/wire/contracts.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, enter, fine, signAs } from "../house.ts";
import { type Crowd, HOUR, openCrowd } from "./crowd.ts";
import { anotherBrand, clickOn, DAY, headOf, LANDING, NOON, say, terms } from "./scene.ts";

const days = { from: "2026-11-01", until: "2026-11-12" };
const manner = { windowDays: 30, house: "excluded" as const };

let crowd: Crowd;
let owner: Caller;

// By hand: Ana alone led to a sale, Ana then Bea to another, Bea alone to nothing. Without Ana a quarter of the sales are
// left, (1/3 · 1/2) / (2/3); without Bea half of them, (2/3 · 1/2) / (2/3).
beforeAll(async () => {
  crowd = await openCrowd(NOON);
  owner = crowd.scene.owner;
  await crowd.walk("one", ["ana"]);
  await crowd.buys("one", 1_000);
  await crowd.walk("two", ["ana", "bea"]);
  await crowd.buys("two", 1_000);
  await crowd.walk("three", ["bea"]);
  crowd.house.clock.at = NOON + 3 * DAY;
});
afterAll(() => crowd.close());

const made = (body: object, campaign = crowd.scene.campaign, who = owner) =>
  who.ask(attribution.makeFit, {
    params: { campaign },
    body: { ...days, ...manner, model: "markov", ...body } as never,
  });

const head = () => headOf(crowd.house, crowd.scene.brand.brand);

const nameOf = (influencer: string): string => payeeName(crowd.scene.campaign, influencer);

test("what the past teaches is frozen under a hash that anybody can compute", async () => {
  const before = await head();
  const page = fine(await made({}));
  expect((await head()).seq).toBe(before.seq + 1);
  expect(createHash("sha256").update(fitText(page.fit)).digest("hex")).toBe(page.hash);
  const { ana, bea } = crowd.members;
  expect(page.fit).toMatchObject({ ...days, ...manner, model: "markov", order: 1, journeys: 3, conversions: 2 });
  expect(page.fit).toMatchObject({ replicates: 1000, newcomerNano: 500_000_000 });
  const effects = Object.fromEntries(page.fit.rows.map(({ payee, effectNano }) => [page.names[payee], effectNano]));
  expect(effects).toEqual({ "Ana Lima": 750_000_000, "Bea Berg": 500_000_000 });
  expect(page.fit.rows.map(({ payee }) => payee)).toEqual([nameOf(ana.influencer), nameOf(bea.influencer)].sort());
  for (const { effectNano, lowerNano, upperNano } of page.fit.rows) {
    expect(lowerNano).toBeLessThanOrEqual(effectNano);
    expect(upperNano).toBeGreaterThanOrEqual(effectNano);
  }
  expect(JSON.stringify(page.fit)).not.toContain(ana.influencer);
});

test("the same days fitted again are the same fit, and nothing is recorded twice", async () => {
  const first = fine(await made({}));
  const before = await head();
  // The first two may be one answer kept for a while: what changes elsewhere makes it be computed anew.
  fine(await owner.ask(brandDoors.createCampaign, { body: { name: "Spring", hosts: ["localhost:12"] } }));
  const again = await Promise.all([made({}), made({ order: 1 }), made({ after: "reuse" })]);
  for (const page of again) expect(fine(page)).toEqual(first);
  expect((await head()).seq).toBeGreaterThan(before.seq);
  const { fits } = fine(await owner.ask(attribution.fits, { params: { campaign: crowd.scene.campaign } }));
  expect(fits).toEqual([first]);
});

test("Shapley's weights are parts of all conversions, and those by place sum to the same", async () => {
  const plain = fine(await made({ model: "shapley" }));
  const byName = (page: typeof plain) => Object.fromEntries(page.fit.rows.map((row) => [page.names[row.payee], row]));
  expect(byName(plain)["Ana Lima"]).toMatchObject({ effectNano: 750_000_000, journeys: 2 });
  expect(byName(plain)["Bea Berg"]).toMatchObject({ effectNano: 250_000_000, journeys: 2 });
  const ordered = fine(await made({ model: "shapley", ordered: true }));
  expect(byName(ordered)["Ana Lima"]?.placesNano).toEqual([750_000_000, 0]);
  expect(byName(ordered)["Bea Berg"]?.placesNano).toEqual([0, 250_000_000]);
  expect(ordered.hash).not.toBe(plain.hash);
  const { fits } = fine(await owner.ask(attribution.fits, { params: { campaign: crowd.scene.campaign } }));
  expect(new Set(fits.map(({ hash }) => hash)).size).toBe(3);
});

test("days that are not over, days that teach nothing and parameters of other models are refused", async () => {
  const before = await head();
  const wrong: readonly [object, string, RegExp][] = [
    [{ until: "2026-11-13" }, "bad-query", /^until: 2026-11-13 is not over yet .*UTC.*up to 2026-11-12/],
    [{ from: "2026-11-09", until: "2026-11-08" }, "bad-query", /^until/],
    [{ from: "2026-02-30" }, "bad-query", /^from: 2026-02-30 is no day/],
    [{ from: "2025-01-01" }, "bad-query", /400 days/],
    [{ from: "2026-10-01", until: "2026-10-31" }, "too-few-conversions", /2026-10-01 to 2026-10-31/],
    [{ ordered: true }, "bad-query", /^ordered/],
    [{ model: "shapley", order: 2 }, "bad-query", /^order/],
    [{ viewDays: 20, windowDays: 10 }, "bad-query", /^viewDays/],
  ];
  for (const [body, code, because] of wrong) {
    const answer = await made(body);
    expect(answer, JSON.stringify(body)).toMatchObject({ ok: false, refusal: { code } });
    if (!answer.ok) expect(answer.refusal.because).toMatch(because);
  }
  expect(await made({}, "cmp_aaaaaaaaaaaaaaaaaaaa")).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  expect(await head()).toEqual(before);
});

test("a fit is shown to its brand by names, to an influencer of its campaign by numbers, and to nobody else", async () => {
  const { hash, fit: frozen } = fine(await made({}));
  const seen = async (who: Caller) => who.ask(attribution.fit, { params: { hash } });
  const [brand, ana] = [fine(await seen(owner)), fine(await seen(crowd.members.ana.caller))];
  expect(Object.values(brand.names).sort()).toEqual(["Ana Lima", "Bea Berg"]);
  expect(ana.fit).toEqual(frozen);
  expect(ana.names[nameOf(crowd.members.ana.influencer)]).toBe("Ana Lima");
  expect(ana.names[nameOf(crowd.members.bea.influencer)]).toBe("Another influencer (1)");
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name: "Cleo" } }));
  const stranger = await enter(crowd.house.origin, invited.invitationUrl, "Cleo");
  const rival = await anotherBrand(crowd.house);
  for (const who of [stranger, rival.owner])
    expect(await seen(who)).toMatchObject({ ok: false, refusal: { code: "not-found" } });
});

/** Terms that pay by a fit, from after the days it learnt from. */
const learned = (hash: string, more: object = {}) => ({
  ...terms,
  starts: "2026-11-20",
  attribution: { model: "markov", ...manner, learned: { fit: hash, ...days }, ...more },
});

test("terms are offered only with a fit of their campaign, made with what they say", async () => {
  const { hash } = fine(await made({}));
  const { ana } = crowd.members;
  const { campaign } = crowd.scene;
  const before = await head();
  const draft = (given: unknown, where = campaign) =>
    owner.ask(brandDoors.draftContract, { body: { campaign: where, influencer: ana.influencer, terms: given } });
  const refused = async (answer: Promise<unknown>, code: string) =>
    expect(await answer).toMatchObject({ ok: false, refusal: { code } });
  await refused(draft(learned("f".repeat(64))), "unknown-fit");
  await refused(draft(learned(hash, { windowDays: 20 })), "misfit");
  await refused(draft(learned(hash, { order: 2 })), "misfit");
  await refused(draft(learned(hash, { model: "shapley" })), "misfit");
  await refused(draft(learned(hash, { learned: { fit: hash, from: "2026-11-02", until: days.until } })), "misfit");
  await refused(draft({ ...learned(hash), starts: "2026-11-12" }), "bad-terms");
  expect(await head()).toEqual(before);
  const elsewhere = fine(
    await owner.ask(brandDoors.createCampaign, { body: { name: "Else", hosts: ["localhost:13"] } }),
  );
  await refused(draft(learned(hash), elsewhere.id), "unknown-fit");
  const { id: contract } = fine(await draft(terms));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  const counter = (given: unknown) =>
    ana.caller.ask(contractDoors.counterContract, { params: { contract }, body: { terms: given } });
  await refused(counter(learned("e".repeat(64))), "unknown-fit");
  await refused(counter(learned(hash, { house: "included" })), "misfit");
  fine(await counter(learned(hash)));
  const amend = (given: unknown) =>
    owner.ask(contractDoors.amendContract, { params: { contract: ana.contract }, body: { terms: given } });
  await refused(amend({ ...learned(hash, { after: "restart" }), starts: "2026-12-01" }), "misfit");
});

test("a contract that names a fit pays by it, as both sides compute again from what they are shown", async () => {
  const { hash } = fine(await made({}));
  const { scene, house, members } = crowd;
  const signed = async ({ influencer, caller, name }: (typeof members)["ana"]) => {
    const body = { campaign: scene.campaign, influencer, terms: learned(hash) };
    const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body }));
    fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
    for (const party of [owner, caller]) fine(await signAs(party, contract, termsHash, name));
    return contract;
  };
  const linked = async ({ caller }: (typeof members)["ana"], contract = "") => {
    const body = { destination: LANDING };
    return { contract, link: fine(await caller.ask(influencerDoors.grabLink, { params: { contract }, body })) };
  };
  const contracts = [await signed(members.ana), await signed(members.bea)];
  house.clock.at = Date.UTC(2026, 10, 25, 12);
  await mature(house.running.world.store, house.running.world.record, house.clock.at);
  const [ana, bea] = [await linked(members.ana, contracts[0]), await linked(members.bea, contracts[1])];
  for (const [place, { link }] of [bea, ana, bea].entries()) {
    house.clock.at += HOUR;
    const c = await clickOn(link.url);
    const beacon = { k: scene.brand.publishableKey, p: LANDING, v: "visitor-ten", n: `ten-${place}-000000`, c };
    expect((await say(house.origin, "/v1/beacon", beacon)).ok).toBe(true);
  }
  const sale = { result: "sale", id: "order-ten", valueMinor: 10_000, currency: "USD", visitor: "visitor-ten" };
  const { id } = fine(await scene.server.ask(convert, { body: { ...sale, code: undefined } }));
  const page = fine(await owner.ask(influencerDoors.conversion, { params: { conversion: id } }));
  const shares = Object.fromEntries(page.parts.map(({ contract, shareMicro }) => [contract, shareMicro]));
  expect(shares).toEqual({ [ana.contract]: 600_000, [bea.contract]: 400_000 });
  for (const part of page.parts) {
    const touches = part.considered.map(({ touch }) => touch);
    const again = credit({ id, at: page.at }, touches, part.attribution as never, part.context);
    expect(again.shares.find(({ payee }) => payee === part.contract)?.shareMicro).toBe(part.shareMicro);
  }
});

test("a result that comes to be known later makes another fit, and the one before stays what it was", async () => {
  const before = fine(await made({}));
  const { contract } = crowd.members.bea;
  fine(await owner.ask(brandDoors.createCode, { params: { contract }, body: { code: "BEA10" } }));
  const at = Date.UTC(2026, 10, 11, 12);
  const sale = { result: "sale", id: "order-late", valueMinor: 5, currency: "USD", code: "BEA10", at };
  fine(await crowd.scene.server.ask(convert, { body: sale }));
  const after = fine(await made({}));
  expect(after.fit.conversions).toBe(before.fit.conversions + 1);
  expect(after.hash).not.toBe(before.hash);
  expect(fine(await owner.ask(attribution.fit, { params: { hash: before.hash } }))).toEqual(before);
});

test("everything stored follows from the facts alone, fits included", async () => {
  const { store } = crowd.house.running.world;
  fine((await verifyBrand(store, crowd.scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
});
