import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as contractDoors from "../../shared/wire/contracts.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, fine, type House, openHouse, signAs } from "../house.ts";
import { anotherBrand, clickOn, DAY, headOf, LANDING, NOON, onDisk, type Scene, setTheScene, terms } from "./scene.ts";

const HOUR = 3_600_000;

let house: House;
let scene: Scene;
let rival: Scene;

beforeAll(async () => {
  house = await openHouse(NOON);
  scene = await setTheScene(house);
  rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
});
afterAll(() => house.close());

const tick = () => mature(house.running.world.store, house.running.world.record, house.clock.at);
const turnTo = async (at: number): Promise<void> => {
  house.clock.at = at;
  await tick();
};
const head = () => headOf(house, scene.brand.brand);
const show = async (contract: string, who: Caller = scene.owner) =>
  fine(await who.ask(influencerDoors.contract, { params: { contract } }));

/** Ask something that must be refused with this code and change nothing. */
const refused = async (code: string, ask: () => Promise<{ ok: boolean }>): Promise<string> => {
  const before = await head();
  const answer = await ask();
  expect(answer).toMatchObject({ ok: false, refusal: { code } });
  expect(await head()).toEqual(before);
  return (answer as unknown as { refusal: { because: string } }).refusal.because;
};

const dearer = { ...terms, pay: [{ rule: "perResult", result: "lead", amountMinor: 2000 }] };
const dearest = { ...terms, pay: [{ rule: "perResult", result: "lead", amountMinor: 3000 }] };

/** A contract on offer to Ana. */
const offered = async (more: object = {}, expiresInDays?: number) => {
  const { owner, campaign, influencer } = scene;
  const body = { campaign, influencer, terms: { ...terms, ...more } };
  const { id } = fine(await owner.ask(brandDoors.draftContract, { body }));
  return fine(
    await owner.ask(brandDoors.offerContract, {
      params: { contract: id },
      body: { ...(expiresInDays !== undefined && { expiresInDays }) },
    }),
  );
};

const signed = async (more: object = {}) => {
  const { id, termsHash } = await offered(more);
  fine(await signAs(scene.ana, id, termsHash, "Ana Lima"));
  return fine(await signAs(scene.owner, id, termsHash, "Olive Owner"));
};

describe("a negotiation", () => {
  test("goes from a draft over an offer and two counter-offers to a contract both have signed", async () => {
    const { owner, ana } = scene;
    const first = await offered();
    const params = { contract: first.id };
    expect(first).toMatchObject({
      status: "offered",
      version: 1,
      proposal: { by: "brand", version: 1, signedBy: [], expiresAt: house.clock.at + 30 * DAY },
    });
    fine(await signAs(owner, first.id, first.termsHash, "Olive Owner"));

    const countered = fine(await ana.ask(contractDoors.counterContract, { params, body: { terms: dearer } }));
    expect(countered).toMatchObject({ status: "offered", version: 2, signatures: [] });
    expect(countered.proposal).toMatchObject({ by: "influencer", signedBy: [], terms: { pay: dearer.pay } });
    expect(countered.proposal?.text.join(" ")).toContain("20.00 USD for each lead that counts.");
    // What was replaced can no longer be signed, by nobody.
    await refused("terms-changed", () => signAs(ana, first.id, first.termsHash, "Ana Lima"));
    await refused("terms-changed", () => signAs(owner, first.id, first.termsHash, "Olive Owner"));
    await refused("terms-not-changed", () =>
      owner.ask(contractDoors.counterContract, { params, body: { terms: dearer } }),
    );

    const body = { terms: dearest, expiresInDays: 5 };
    const again = fine(await owner.ask(contractDoors.counterContract, { params, body }));
    expect(again.proposal).toMatchObject({ version: 3, by: "brand", expiresAt: house.clock.at + 5 * DAY });
    const before = await head();
    expect(fine(await owner.ask(contractDoors.counterContract, { params, body })).proposal).toEqual(again.proposal);
    expect(await head()).toEqual(before);

    fine(await signAs(ana, first.id, again.termsHash, "Ana Lima"));
    const done = fine(await signAs(owner, first.id, again.termsHash, "Olive Owner"));
    expect(done).toMatchObject({
      status: "running",
      version: 3,
      proposal: null,
      versions: [{ version: 3, startedAt: house.clock.at }],
      signatures: [
        { by: "influencer", name: "Ana Lima", version: 3 },
        { by: "brand", name: "Olive Owner", version: 3 },
      ],
    });
    expect(done.history.map(({ what, by }) => `${what} ${by}`)).toEqual([
      "drafted brand",
      "offered brand",
      "signed brand",
      "countered influencer",
      "countered brand",
      "signed influencer",
      "signed brand",
      "started brand",
    ]);

    const { versions } = fine(await ana.ask(contractDoors.contractVersions, { params }));
    expect(versions.map(({ version, state, by }) => [version, state, by])).toEqual([
      [1, "replaced", "brand"],
      [2, "replaced", "influencer"],
      [3, "signed", "brand"],
    ]);
    expect(versions[0]?.signatures).toMatchObject([{ by: "brand", name: "Olive Owner" }]);
    expect(versions[1]?.text.join(" ")).toContain("20.00 USD for each lead");
  });

  test("keeps names and notes out of the facts", async () => {
    const { ana, brand } = scene;
    const { id } = await offered();
    const body = { reason: "pay", note: "My aunt Ludmila pays more." } as const;
    const declined = fine(await ana.ask(contractDoors.declineContract, { params: { contract: id }, body }));
    expect(declined).toMatchObject({ status: "declined", proposal: null });
    expect(declined.history.at(-1)).toEqual({
      at: house.clock.at,
      what: "declined",
      by: "influencer",
      version: 1,
      because: "pay",
      note: body.note,
    });
    const facts = JSON.stringify(onDisk(house.folder, brand.brand).fact);
    for (const name of ["Ludmila", "Ana Lima", "Olive Owner"]) expect(facts).not.toContain(name);
  });

  test("is answered by whom it concerns: one declines what the other proposed, and withdraws what one proposed oneself", async () => {
    const { owner, ana } = scene;
    const { id } = await offered();
    const params = { contract: id };
    await refused("own-proposal", () => owner.ask(contractDoors.declineContract, { params, body: { reason: "pay" } }));
    await refused("not-own-proposal", () => ana.ask(contractDoors.withdrawContract, { params, body: {} }));
    const withdrawn = fine(await owner.ask(contractDoors.withdrawContract, { params, body: {} }));
    expect(withdrawn).toMatchObject({ status: "withdrawn", proposal: null, overAt: null });
    const before = await head();
    expect(fine(await owner.ask(contractDoors.withdrawContract, { params, body: {} }))).toEqual(withdrawn);
    expect(await head()).toEqual(before);
    await refused("contract-not-offered", () => signAs(ana, id, withdrawn.termsHash, "Ana Lima"));
    await refused("contract-not-offered", () =>
      ana.ask(contractDoors.counterContract, { params, body: { terms: dearer } }),
    );
    await refused("contract-not-running", () => ana.ask(contractDoors.amendContract, { params, body: { terms } }));
  });

  test("takes terms that hold and nothing else", async () => {
    const { id } = await offered();
    const body = { terms: { ...terms, ends: "2026-01-01" } };
    const because = await refused("bad-terms", () =>
      scene.ana.ask(contractDoors.counterContract, { params: { contract: id }, body }),
    );
    expect(because).toContain("/ends is before /starts");
  });

  test("is nobody else's: not another brand's, not another influencer's, not an extension's or a server's", async () => {
    const { id: contract } = await offered();
    const params = { contract };
    const before = await head();
    for (const who of [rival.owner, rival.ana]) {
      const answers = [
        await who.ask(contractDoors.counterContract, { params, body: { terms: dearer } }),
        await who.ask(contractDoors.amendContract, { params, body: { terms: dearer } }),
        await who.ask(contractDoors.declineContract, { params, body: { reason: "pay" } }),
        await who.ask(contractDoors.withdrawContract, { params, body: {} }),
        await who.ask(contractDoors.terminateContract, { params, body: { lastDay: "2026-12-20" } }),
        await who.ask(contractDoors.agreeTermination, { params, body: {} }),
        await who.ask(contractDoors.reviewContract, { params, body: {} }),
        await who.ask(contractDoors.contractVersions, { params }),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ ok: false, refusal: { code: "not-found" } });
    }
    expect(await scene.server.ask(contractDoors.withdrawContract, { params, body: {} })).toMatchObject({
      refusal: { code: "not-allowed" },
    });
    expect(await head()).toEqual(before);
  });

  test("is signed by whoever proves to be there, for exactly these terms", async () => {
    const { owner } = scene;
    const one = await offered({ ends: "2026-12-30" });
    const other = await offered({ ends: "2026-12-29" });
    const { finishProof } = await import("../../shared/wire/passkeys.ts");
    const purpose = `sign:${one.id}:${one.termsHash}`;
    const { proof } = fine(await owner.ask(finishProof, { body: { purpose } }));
    const sign = (who: Caller, { id, termsHash }: typeof one) =>
      who.ask(influencerDoors.sign, {
        params: { contract: id },
        body: { termsHash, name: "Olive Owner", agree: true, proof },
      });
    await refused("proof-needed", () => sign(owner, other));
    await refused("proof-needed", () => sign(scene.ana, one));
    expect(fine(await sign(owner, one)).proposal?.signedBy).toEqual(["brand"]);
  });
});

describe("an offer that nobody answers", () => {
  test("is reminded of three days and one day before it expires, once each, and then expires by itself", async () => {
    const { id } = await offered();
    const expiresAt = house.clock.at + 30 * DAY;
    const events = async () =>
      (await show(id)).history.map(({ what, because }) => [what, because ?? ""].join(" ").trim());
    await turnTo(expiresAt - 72 * HOUR - 1);
    expect(await events()).toEqual(["drafted", "offered"]);
    await turnTo(expiresAt - 72 * HOUR);
    await tick();
    expect(await events()).toEqual(["drafted", "offered", "reminded 72 hours"]);
    await turnTo(expiresAt - 24 * HOUR);
    expect((await events()).at(-1)).toBe("reminded 24 hours");
    await turnTo(expiresAt - 1);
    expect((await show(id)).status).toBe("offered");
    // At that instant it is too late, whether or not the clock has looked.
    house.clock.at = expiresAt;
    await refused("offer-expired", async () => signAs(scene.ana, id, (await show(id)).termsHash, "Ana Lima"));
    await tick();
    expect(await show(id)).toMatchObject({ status: "expired", proposal: null });
    expect((await show(id)).history.at(-1)).toMatchObject({ what: "expired", by: "clock", at: expiresAt });
  });

  test("is not reminded of after it was answered, and a short one only as far as there is time", async () => {
    const short = await offered({}, 2);
    const declined = await offered();
    const params = { contract: declined.id };
    fine(await scene.ana.ask(contractDoors.declineContract, { params, body: { reason: "no-time" } }));
    await turnTo(house.clock.at + 31 * DAY);
    const told = async (id: string) => (await show(id)).history.map(({ what }) => what);
    // The clock had not looked for a month: what is over is not reminded of any more.
    expect(await told(short.id)).toEqual(["drafted", "offered", "expired"]);
    expect(await told(declined.id)).toEqual(["drafted", "offered", "declined"]);
  });
});

const nowIs = () => new Date(house.clock.at).toISOString().slice(0, 10);

describe("an amendment", () => {
  const long = { starts: "2026-11-01", ends: "2027-12-31" };
  let contract: string;
  const next = { ...dearer, ...long, starts: "2027-03-01" };
  const amend = (who: Caller, body: object) =>
    who.ask(contractDoors.amendContract, { params: { contract }, body: { terms: body } });

  /** A lead of someone who came by a link of this contract. */
  const lead = async (id: string): Promise<string> => {
    const params = { contract };
    const link = fine(await scene.ana.ask(influencerDoors.grabLink, { params, body: { destination: LANDING } }));
    const click = await clickOn(link.url);
    house.clock.at += 60_000;
    const fields = { email: `${id}@mail.example` };
    const row = fine(await scene.server.ask(convert, { body: { result: "lead", id, click, fields } }));
    fine(await scene.server.ask(conversionDoors.approve, { params: { conversion: row.id }, body: {} }));
    return row.id;
  };
  const partOf = async (conversion: string) => {
    const page = fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion } }));
    return page.parts.find((part) => part.contract === contract);
  };

  beforeAll(async () => {
    await turnTo(Date.UTC(2027, 1, 10, 12));
    contract = (await signed(long)).id;
  });

  test("that cannot be is refused with the next possible day, and nothing has changed", async () => {
    for (const starts of ["2027-02-01", "2027-02-10", "2027-03-02"])
      expect(await refused("bad-amendment", () => amend(scene.ana, { ...next, starts })), starts).toContain(
        "2027-03-01",
      );
    for (const changed of [{ currency: "EUR" }, { timeZone: "Europe/Berlin" }])
      await refused("bad-amendment", () => amend(scene.owner, { ...next, ...changed }));
    expect(await show(contract)).toMatchObject({ version: 1, proposal: null });
  });

  test("is proposed by either side, answered by the other, and leaves the contract running as it is meanwhile", async () => {
    const proposed = fine(await amend(scene.ana, next));
    expect(proposed).toMatchObject({ status: "running", version: 1, proposal: { by: "influencer", version: 2 } });
    expect(proposed.text.join(" ")).toContain("10.00 USD for each lead");
    expect(proposed.proposal?.text.join(" ")).toContain("20.00 USD for each lead");
    await refused("proposal-on-table", () => amend(scene.owner, { ...next, starts: "2027-04-01" }));
    const params = { contract };
    const declined = fine(await scene.owner.ask(contractDoors.declineContract, { params, body: { reason: "pay" } }));
    expect(declined).toMatchObject({ status: "running", version: 1, proposal: null });
    fine(await amend(scene.owner, next));
    fine(await scene.owner.ask(contractDoors.withdrawContract, { params, body: {} }));
    expect((await show(contract)).proposal).toBeNull();
  });

  test("takes effect on its day, and each conversion is judged and paid by the version of its time", async () => {
    const early = await lead("before-amendment");
    const { termsHash } = present(fine(await amend(scene.owner, next)).proposal);
    fine(await signAs(scene.owner, contract, termsHash, "Olive Owner"));
    const done = fine(await signAs(scene.ana, contract, termsHash, "Ana Lima"));
    expect(done).toMatchObject({ status: "running", version: 4, proposal: null });
    expect(done.versions).toMatchObject([
      { version: 1, inForce: { until: Date.UTC(2027, 2, 1, 5) } },
      { version: 4, starts: "2027-03-01", inForce: { from: Date.UTC(2027, 2, 1, 5) } },
    ]);
    const between = await lead("signed-not-in-force");
    expect(nowIs()).toBe("2027-02-10");
    await turnTo(Date.UTC(2027, 2, 2, 12));
    const late = await lead("after-amendment");
    expect(await partOf(early)).toMatchObject({ version: 1, amountMinor: 1000 });
    expect(await partOf(between)).toMatchObject({ version: 1, amountMinor: 1000 });
    expect(await partOf(late)).toMatchObject({ version: 4, termsHash, amountMinor: 2000 });
    const { statement } = fine(await scene.ana.ask(influencerDoors.statementOf, { params: { contract } }));
    const paid = statement.periods.map(({ starts, earnedMinor }) => [starts, earnedMinor]).slice(-2);
    expect(paid).toEqual([
      ["2027-02-01", 2000],
      ["2027-03-01", 2000],
    ]);
  });

  test("signed too late by the second side is refused, with the next possible day", async () => {
    const later = { ...next, starts: "2027-04-01" };
    const { termsHash } = present(fine(await amend(scene.owner, later)).proposal);
    fine(await signAs(scene.owner, contract, termsHash, "Olive Owner"));
    await turnTo(Date.UTC(2027, 3, 1, 12));
    const because = await refused("bad-amendment", () => signAs(scene.ana, contract, termsHash, "Ana Lima"));
    expect(because).toContain("2027-05-01");
    await turnTo(Date.UTC(2027, 3, 2, 12));
    expect((await show(contract)).proposal).toBeNull();
  });
});

/** The value at hand; a test that finds none has failed. */
const present = <Value>(value: Value | null | undefined): Value => {
  expect(value).toBeTruthy();
  return value as Value;
};

describe("the end", () => {
  const long = { starts: "2026-11-01", ends: "2027-12-31" };
  const end = (who: Caller, contract: string, lastDay: string) =>
    who.ask(contractDoors.terminateContract, { params: { contract }, body: { lastDay, reason: "plans-changed" } });

  test("by notice comes on the day asked for, and the contract is terminated by itself when it is over", async () => {
    const { id } = await signed(long);
    const params = { contract: id };
    await refused("bad-last-day", () => end(scene.owner, id, "2027-03-31"));
    await refused("bad-last-day", () => end(scene.owner, id, "2027-12-31"));
    const given = fine(await end(scene.owner, id, "2027-04-20"));
    const over = Date.UTC(2027, 3, 21, 4);
    expect(given).toMatchObject({ status: "running", lastDay: "2027-04-20", notice: { by: "brand" }, overAt: over });
    await refused("contract-ending", () =>
      scene.ana.ask(contractDoors.amendContract, {
        params,
        body: { terms: { ...terms, ...long, starts: "2027-05-01" } },
      }),
    );
    await refused("contract-not-over", () => scene.owner.ask(brandDoors.completeContract, { params, body: {} }));
    const grab = () => scene.ana.ask(influencerDoors.grabLink, { params, body: { destination: LANDING } });
    await turnTo(over - 1);
    fine(await grab());
    await turnTo(over);
    expect((await show(id)).status).toBe("terminated");
    await refused("contract-not-running", grab);
    expect((await show(id)).history.at(-1)).toMatchObject({ what: "terminated", by: "clock", because: "2027-04-20" });
  });

  test("asked for sooner than the notice allows comes with the notice, or sooner if the other side agrees", async () => {
    const { id } = await signed(long);
    const params = { contract: id };
    expect(nowIs()).toBe("2027-04-21");
    const given = fine(await end(scene.ana, id, "2027-04-22"));
    expect(given).toMatchObject({ lastDay: "2027-05-05", notice: { by: "influencer", lastDay: "2027-04-22" } });
    const agree = (who: Caller) => who.ask(contractDoors.agreeTermination, { params, body: {} });
    await refused("own-notice", () => agree(scene.ana));
    expect(fine(await agree(scene.owner))).toMatchObject({ lastDay: "2027-04-22", status: "running" });
    const before = await head();
    fine(await agree(scene.owner));
    expect(await head()).toEqual(before);
    await turnTo(house.clock.at + 3 * DAY);
    expect((await show(id)).status).toBe("terminated");
  });

  test("comes by itself after the last day, and not before what may still be made good", async () => {
    // biome-ignore lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
    const remedy = { kind: "makeGood", days: 10, then: { kind: "none" } };
    const guarantee = { result: "lead", target: 5, per: "period", remedy };
    const { id, overAt } = await signed({ starts: "2027-04-01", ends: "2027-05-31", guarantee });
    expect(overAt).toBe(Date.UTC(2027, 5, 11, 4));
    const params = { contract: id };
    await turnTo(Date.UTC(2027, 5, 5, 12));
    expect((await show(id)).status).toBe("running");
    // Links still work, and what comes of them is evidence under the contract.
    const link = fine(await scene.ana.ask(influencerDoors.grabLink, { params, body: { destination: LANDING } }));
    const click = await clickOn(link.url);
    house.clock.at += 60_000;
    const body = { result: "lead", id: "made-good", click, fields: { email: "made-good@mail.example" } };
    const row = fine(await scene.server.ask(convert, { body }));
    const page = fine(await scene.owner.ask(influencerDoors.conversion, { params: { conversion: row.id } }));
    expect(page.parts).toMatchObject([{ contract: id, version: 1, shareMicro: 1_000_000 }]);
    await refused("contract-not-over", () => scene.owner.ask(brandDoors.completeContract, { params, body: {} }));
    await turnTo(overAt ?? 0);
    expect((await show(id)).status).toBe("completed");
    expect(fine(await scene.owner.ask(brandDoors.completeContract, { params, body: {} })).status).toBe("completed");
  });

  test("leaves a yearly review behind for contracts that go on", async () => {
    const { id } = await signed({ starts: "2027-06-01", ends: "2029-12-31" });
    const params = { contract: id };
    await refused("review-not-due", () => scene.ana.ask(contractDoors.reviewContract, { params, body: {} }));
    await turnTo(Date.UTC(2028, 5, 12, 4));
    expect((await show(id)).review).toEqual({ year: 1, due: true });
    const held = fine(await scene.ana.ask(contractDoors.reviewContract, { params, body: {} }));
    expect(held).toMatchObject({ review: { year: 1, due: false } });
    expect(held.history.slice(-2).map(({ what, by }) => [what, by])).toEqual([
      ["review-due", "clock"],
      ["reviewed", "influencer"],
    ]);
    await turnTo(Date.UTC(2029, 5, 12, 4));
    expect((await show(id)).review).toEqual({ year: 2, due: true });
  });
});

test("after all of this every stored document is what the facts make", async () => {
  const quiet = { replaying: () => {}, comparing: () => {} };
  const verified = await verifyBrand(house.running.world.store, scene.brand.brand, quiet);
  expect(verified).toMatchObject({ ok: true });
});
