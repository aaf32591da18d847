import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recomputeConversion } from "../../extension/app/recompute.ts";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { fitText } from "../../shared/judge/fit.ts";
import * as attribution from "../../shared/wire/attribution.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as contractDoors from "../../shared/wire/contracts.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { clickOn, DAY, LANDING, terms as plain, say } from "./scene.ts";

const OCTOBER = Date.UTC(2026, 9, 1, 12);
const base = {
  ...plain,
  starts: "2026-10-01",
  results: { sale: { counts: "confirmed" } },
  quality: undefined,
  pay: [{ rule: "share", result: "sale", rateBp: 1000 }],
};

/** Somebody who promotes the brand under terms of their own. */
interface Promoter {
  readonly influencer: string;
  readonly who: Caller;
  readonly contract: string;
  readonly url: string;
}

let house: House;
let campaign: string;
let ana: Promoter;
let ben: Promoter;
let orders = 0;
let told = 0;

const sign = async (contract: string, termsHash: string, who: Caller, name: string): Promise<void> => {
  for (const party of [house.owner, who]) fine(await signAs(party, contract, termsHash, name));
};

const promoter = async (name: string, given: object): Promise<Promoter> => {
  const invited = fine(await house.owner.ask(brandDoors.invite, { body: { name } }));
  const who = await enter(house.origin, invited.invitationUrl, name);
  const influencer = invited.influencer.id;
  const terms = JSON.parse(JSON.stringify({ ...base, attribution: { windowDays: 30, house: "included", ...given } }));
  const draft = fine(await house.owner.ask(brandDoors.draftContract, { body: { campaign, influencer, terms } }));
  const { id: contract, termsHash } = draft;
  fine(await house.owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  await sign(contract, termsHash, who, name);
  const params = { contract };
  const { url } = fine(await who.ask(influencerDoors.grabLink, { params, body: { destination: LANDING } }));
  return { influencer, who, contract, url };
};

/** One person on one device: what their browser says of them. */
const person = (visitor: string) => {
  const whence = () => {
    told += 1;
    return { k: house.brand.publishableKey, p: LANDING, v: visitor, n: `told-${String(told).padStart(6, "0")}` };
  };
  const beacon = async (more: object): Promise<void> => {
    const response = await say(house.origin, "/v1/beacon", { ...whence(), ...more });
    expect(response.ok, await response.text()).toBe(true);
  };
  let last: string | undefined;
  return {
    comesBy: async ({ url }: Promoter): Promise<void> => {
      last = await clickOn(url);
      await beacon({ c: last });
    },
    comesAlone: () => beacon({}),
    click: () => last,
  };
};

const daysLater = (days: number): void => {
  house.clock.at += days * DAY;
};

const sells = async (valueMinor: number, more: object): Promise<string> => {
  orders += 1;
  const server = caller(house.origin, { authorization: `Bearer ${house.brand.secretKey}` });
  const body = { result: "sale", id: `order-${orders}`, valueMinor, currency: "USD", ...more };
  return fine(await server.ask(convert, { body })).id;
};

const signsUp = async (visitor: string, email: string): Promise<void> => {
  const whence = { k: house.brand.publishableKey, p: LANDING, v: visitor, n: `${visitor}-signs-up` };
  const response = await say(house.origin, "/v1/results", { ...whence, result: "signup", fields: { email } });
  expect(response.ok, await response.text()).toBe(true);
};

/** What their statement is computed from, as they are shown it. */
const stated = async ({ who, contract }: Promoter) =>
  fine(await who.ask(influencerDoors.statementOf, { params: { contract } }));

const seen = async ({ who }: Pick<Promoter, "who">, conversion: string) =>
  fine(await who.ask(influencerDoors.conversion, { params: { conversion } }));

/** Everybody's millionths of a conversion, each under the terms they signed. */
const sharesOf = async (conversion: string) => {
  const page = await seen({ who: house.owner }, conversion);
  const of = ({ contract }: Promoter) => page.parts.find((part) => part.contract === contract);
  return { ana: of(ana)?.shareMicro ?? 0, ben: of(ben)?.shareMicro ?? 0 };
};

const earned = async ({ who, contract }: Promoter): Promise<number> => {
  const { money } = fine(await who.ask(influencerDoors.earnings)).earnings.find((it) => it.contract === contract)!;
  return money.accruedMinor + money.validatedMinor + money.approvedMinor + money.payableMinor;
};

beforeAll(async () => {
  house = await openHouse(OCTOBER);
  const body = { name: "Autumn", hosts: ["localhost:9"] };
  campaign = fine(await house.owner.ask(brandDoors.createCampaign, { body })).id;
  ana = await promoter("Ana Lima", { model: "position" });
  ben = await promoter("Ben Okafor", { model: "linearUnique" });
});
afterAll(() => house.close());

describe("two influencers and the house lead one person to a sale", () => {
  let sale: string;

  test("each is paid by the model they signed, and the house takes its part", async () => {
    const mia = person("mia-phone");
    await mia.comesBy(ana);
    daysLater(1);
    await mia.comesAlone();
    daysLater(1);
    await mia.comesBy(ben);
    daysLater(1);
    await mia.comesBy(ana);
    sale = await sells(100_00, { click: mia.click() });
    // Ana: first and last of ana, house, ben, ana at 40 % each. Ben: a third, as one of three.
    const { ana: anas, ben: bens } = await sharesOf(sale);
    expect(anas).toBe(800_000);
    expect([333_333, 333_334]).toContain(bens);
    expect([await earned(ana), await earned(ben)]).toEqual([800, 333]);
  });

  test("each computes their own share again from what they are shown, and finds the same", async () => {
    for (const it of [ana, ben]) {
      const page = await seen(it, sale);
      const [part, ...others] = page.parts;
      expect(others).toEqual([]);
      const evidence = await stated(it);
      expect(recomputeConversion(page, part!, evidence)).toEqual({ verdict: "same" });
      expect(part!.shares.reduce((sum, { shareMicro }) => sum + shareMicro, 0)).toBe(1_000_000);
      const forged = { ...part!, shareMicro: part!.shareMicro + 1 };
      expect(recomputeConversion(page, forged, evidence).verdict).toBe("differs");
    }
  });

  test("what the others of the journey are called says nothing of who they are", async () => {
    const text = JSON.stringify(await seen(ben, sale));
    for (const secret of [ana.influencer, ana.contract, "Ana", "mia-phone"]) expect(text).not.toContain(secret);
  });
});

describe("one person on two devices", () => {
  test("whoever gave the same address is the same person: what they met on the phone counts for what they buy at the desk", async () => {
    daysLater(1);
    const phone = person("noa-phone");
    await phone.comesBy(ana);
    await signsUp("noa-phone", "Noa@visitor.example");
    daysLater(1);
    const desk = person("noa-desk");
    await desk.comesBy(ben);
    const email = { fields: { email: "noa@visitor.example" } };
    const sale = await sells(50_00, { click: desk.click(), ...email });
    const shares = await sharesOf(sale);
    expect(shares).toEqual({ ana: 500_000, ben: 500_000 });
  });

  test("told who she is only after the sale, it is judged anew, and comes to the same", async () => {
    const sara = { phone: person("sara-phone"), desk: person("sara-desk") };
    await sara.phone.comesBy(ana);
    daysLater(1);
    await sara.desk.comesBy(ben);
    const fields = { email: "sara@visitor.example" };
    const sale = await sells(50_00, { click: sara.desk.click(), fields });
    expect(await sharesOf(sale)).toEqual({ ana: 0, ben: 1_000_000 });
    daysLater(1);
    await signsUp("sara-phone", fields.email);
    expect(await sharesOf(sale)).toEqual({ ana: 500_000, ben: 500_000 });
    expect(await earned(ana)).toBe(800 + 250 + 250);
  });
});

describe("three models side by side, on what really happened", () => {
  const asked = async (query: object) => {
    const params = { campaign };
    const days = { from: "2026-10-01", until: "2026-10-31", result: "sale" };
    return fine(await house.owner.ask(attribution.attributionPage, { params, query: { ...days, ...query } as never }));
  };
  const parts = async (model: string, more: object = {}) => {
    const page = await asked({ model, ...more });
    const of = (payee: string) => page.payees.find((it) => it.payee === payee)?.whatIf.conversionsMicro ?? 0;
    expect(page.payees.reduce((sum, it) => sum + it.whatIf.conversionsMicro, 0)).toBe(page.conversions * 1_000_000);
    expect(page.payees.reduce((sum, it) => sum + it.whatIf.valueMinor, 0)).toBe(page.valueMinor);
    return { ana: of(ana.influencer), ben: of(ben.influencer), house: of("house") };
  };

  test("last, linear and position say who would have got what, and all of it adds up", async () => {
    // Three sales: ana house ben ana, and twice ana ben.
    expect(await parts("last")).toEqual({ ana: 1_000_000, ben: 2_000_000, house: 0 });
    expect(await parts("linear")).toEqual({ ana: 1_500_000, ben: 1_250_000, house: 250_000 });
    expect(await parts("position")).toEqual({ ana: 1_800_000, ben: 1_100_000, house: 100_000 });
    expect(await parts("linear", { house: "excluded" })).toMatchObject({ house: 0 });
  });

  test("how much moves is told in conversions and in money, beside the paths that converted", async () => {
    const page = await asked({ model: "last" });
    expect(page).toMatchObject({ currency: "USD", conversions: 3, valueMinor: 200_00 });
    expect(page.moved.valueMinor).toBeGreaterThan(0);
    expect(page.paths[0]!.conversions).toBeGreaterThan(0);
    expect(page.lengths.reduce((sum, { conversions }) => sum + conversions, 0)).toBe(3);
    expect(page.lags.reduce((sum, { conversions }) => sum + conversions, 0)).toBe(3);
    // Without ben every fourth step from ana still leads to a sale: from ana come house, twice ben, and one sale.
    expect(page.removal.effects.find(({ payee }) => payee === ben.influencer)?.effectNano).toBe(750_000_000);
  });
});

describe("weights fitted on the past, frozen, and signed before they pay", () => {
  let hash: string;
  const fitting = {
    model: "markov",
    from: "2026-10-01",
    until: "2026-10-20",
    windowDays: 30,
    house: "included",
  } as const;

  test("a fit is made of days that are over, has a hash anybody can check, and comes out the same again", async () => {
    const early = await house.owner.ask(attribution.makeFit, {
      params: { campaign },
      body: { ...fitting, until: "2026-10-31" },
    });
    expect(early.ok).toBe(false);
    daysLater(20);
    await mature(house.running.world.store, house.running.world.record, house.clock.at);
    const made = fine(await house.owner.ask(attribution.makeFit, { params: { campaign }, body: fitting }));
    hash = made.hash;
    expect(createHash("sha256").update(fitText(made.fit)).digest("hex")).toBe(hash);
    expect(made.fit.rows.map(({ payee }) => made.names[payee]).sort()).toEqual(["Ana Lima", "Ben Okafor", "House"]);
    const again = fine(await house.owner.ask(attribution.makeFit, { params: { campaign }, body: fitting }));
    expect(again.hash).toBe(hash);
    expect(fine(await house.owner.ask(attribution.fits, { params: { campaign } })).fits).toHaveLength(1);
  });

  test("terms that name it must be made for it", async () => {
    const learned = { fit: hash, from: fitting.from, until: fitting.until };
    const given = { ...base, starts: "2026-11-01", quality: undefined };
    const draft = (more: object) =>
      house.owner.ask(brandDoors.draftContract, {
        body: {
          campaign,
          influencer: ben.influencer,
          terms: JSON.parse(
            JSON.stringify({
              ...given,
              attribution: { model: "markov", windowDays: 30, house: "included", learned, ...more },
            }),
          ),
        },
      });
    for (const wrong of [{ order: 2 }, { house: "excluded" }, { learned: { ...learned, fit: "0".repeat(64) } }]) {
      const refused = await draft(wrong);
      expect(refused.ok ? "drafted" : refused.refusal.code).toMatch(/^(unknown-fit|misfit)$/);
    }
    expect((await draft({})).ok).toBe(true);
  });

  test("amended to it, a contract pays by its weights, and its influencer checks the hash and the share", async () => {
    const learned = { fit: hash, from: fitting.from, until: fitting.until };
    const attributed = { model: "markov", windowDays: 30, house: "included", learned };
    const terms = JSON.parse(JSON.stringify({ ...base, starts: "2026-11-01", attribution: attributed }));
    const params = { contract: ana.contract };
    const amended = fine(await house.owner.ask(contractDoors.amendContract, { params, body: { terms } }));
    expect(amended.id).toBe(ana.contract);
    const proposal = amended.proposal!;
    await sign(ana.contract, proposal.termsHash, ana.who, "Ana Lima");
    house.clock.at = Date.UTC(2026, 10, 3, 12);
    await mature(house.running.world.store, house.running.world.record, house.clock.at);
    const uma = person("uma-phone");
    await uma.comesBy(ana);
    daysLater(1);
    await uma.comesBy(ben);
    const sale = await sells(100_00, { click: uma.click() });
    const page = await seen(ana, sale);
    const part = page.parts[0]!;
    expect(part.attribution.learned?.fit).toBe(hash);
    expect(recomputeConversion(page, part, await stated(ana))).toEqual({ verdict: "same" });
    const shown = fine(await ana.who.ask(attribution.fit, { params: { hash } }));
    expect(createHash("sha256").update(fitText(shown.fit)).digest("hex")).toBe(hash);
    const names = Object.values(shown.names).sort();
    expect(names).toEqual(["Ana Lima", "Another influencer (1)", "House"]);
    // What the share was computed with is what the fit says.
    const weighs = new Map(shown.fit.rows.map((row) => [shown.names[row.payee], row.effectNano]));
    const own = part.context?.effects?.find(({ payee }) => payee === ana.contract);
    expect(own?.effectNano).toBe(weighs.get("Ana Lima"));
    const all = (weighs.get("Ana Lima") ?? 0) + (weighs.get("Another influencer (1)") ?? 0);
    expect(Math.abs(part.shareMicro - ((weighs.get("Ana Lima") ?? 0) * 1_000_000) / all)).toBeLessThan(1);
  });

  test("and the facts alone give everything that is stored", async () => {
    const quiet = { replaying: () => {}, comparing: () => {} };
    fine((await verifyBrand(house.running.world.store, house.brand.brand, quiet)) as never);
  });
});
