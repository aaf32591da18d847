import { createHash } from "node:crypto";
import { expect } from "vitest";
import { mature } from "../../server/engine/clock.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { dealExplained, explained, standings } from "../../shared/pay/explained.ts";
import type { GuaranteeStanding } from "../../shared/pay/guarantee.ts";
import type { Statement } from "../../shared/pay/statement.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as conversionDoors from "../../shared/wire/conversions.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { closedStatements } from "../../shared/wire/statements.ts";
import { fine, type House, openHouse } from "../house.ts";
import { clickOn, DAY, LANDING, NOON, type Scene, say, setTheScene } from "./scene.ts";

/** How somebody is known to have been sent by the influencer: by their link, by their promo code, or half by either. */
export type Sent = "link" | "code" | "half";

/** A contract that runs, the people its influencer sends, and the clock. Everything goes over HTTP. */
export interface Trade {
  readonly house: House;
  readonly scene: Scene;
  /** Let days pass, and whatever falls due in them happen, until an instant. */
  until(at: number): Promise<void>;
  /** Somebody leaves their address on the landing page: a lead. Without `email` it is one nobody can reach. */
  lead(sent?: Sent, more?: object): Promise<void>;
  leads(count: number, sent?: Sent): Promise<void>;
  /** The brand's server tells of a result, such as a sale of some minor units. */
  sold(valueMinor: number, more?: object): Promise<string>;
  refund(conversion: string, permille?: number): Promise<void>;
  reject(conversion: string): Promise<void>;
  /** The contract's statement, once both sides have computed it again from its evidence and found the same. */
  statement(): Promise<Statement>;
  /** How the guarantee of the period that starts on a day stands now, as anybody computes it from the same evidence. */
  standing(starts: string): Promise<GuaranteeStanding | undefined>;
  /** The conversions on the statement, in order of time. */
  counted(): Promise<readonly string[]>;
  /** What the influencer is shown of the period that runs. */
  live(): ReturnType<typeof liveOf>;
  /** Closed statements are what their hashes say, and the facts alone give everything that is stored. */
  audit(): Promise<void>;
}

export const CODE = "ANA10";

/** The code, the minor units and the sum of each line of one period. */
export const linesOf = ({ periods }: Statement, period: number) =>
  (periods[period]?.lines ?? []).map(({ code, amountMinor, because }) => [code, amountMinor, because]);

/** The code and the minor units of each line of one period. */
export const amountsOf = (statement: Statement, period: number) =>
  linesOf(statement, period).map(([code, amountMinor]) => [code, amountMinor]);

/** Everything earned or yet to be earned, whatever its stage. */
export const moneyIn = (money: Awaited<ReturnType<typeof liveOf>>["money"]): number =>
  money.accruedMinor + money.validatedMinor + money.approvedMinor + money.payableMinor;

const liveOf = async ({ ana, contract }: Scene) => {
  const { earnings } = fine(await ana.ask(influencerDoors.earnings));
  return earnings.find((it) => it.contract === contract)!;
};

const explanationFor = async (scene: Scene) => {
  const params = { contract: scene.contract };
  const [mine, theirs] = await Promise.all(
    [scene.ana, scene.owner].map(async (who) => fine(await who.ask(influencerDoors.statementOf, { params }))),
  );
  expect(theirs).toEqual(mine);
  return mine!;
};

const recomputed = async (scene: Scene): Promise<Statement> => {
  const { statement, ...explanation } = await explanationFor(scene);
  expect(explained(explanation)).toEqual(statement);
  for (const { lines, earnedMinor } of statement.periods)
    expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(earnedMinor);
  return statement;
};

const sealed = async (scene: Scene, { periods }: Statement): Promise<void> => {
  const { statements } = fine(await scene.owner.ask(closedStatements, { params: { contract: scene.contract } }));
  for (const { period, hash } of statements) {
    const text = canonical(periods[period] as unknown as Json);
    expect(createHash("sha256").update(text).digest("hex"), `statement ${period}`).toBe(hash);
  }
};

const telling = (house: House, scene: Scene) => {
  let told = 0;
  const whence = (more: object) => {
    told += 1;
    const n = `told-${String(told).padStart(6, "0")}`;
    return { k: scene.brand.publishableKey, p: LANDING, v: `visitor-${told}`, n, ...more };
  };
  const page = async (path: string, body: object): Promise<void> => {
    const response = await say(house.origin, path, body);
    expect(response.ok, await response.text()).toBe(true);
  };
  const lead = async (sent: Sent = "link", more: object = {}): Promise<void> => {
    const it = whence({ result: "lead" });
    const fields = { email: `visitor-${told}@visitor.example` };
    if (sent === "code") return page("/v1/results", { ...it, code: CODE, fields, ...more });
    if (sent === "half") {
      // Came by themselves before, more than a sitting ago: half of the lead is the brand's own.
      await page("/v1/beacon", { k: it.k, p: it.p, v: it.v, n: `${it.n}-house` });
      house.clock.at += 3_600_000;
    }
    await page("/v1/results", { ...it, c: await clickOn(scene.link.url), fields, ...more });
  };
  return lead;
};

/** Open a house where these terms run, with a link and a promo code. */
export const openTrade = async (terms: unknown, at = NOON): Promise<Trade> => {
  const house = await openHouse(at);
  const scene = await setTheScene(house, house, { terms });
  const params = { contract: scene.contract };
  fine(await scene.owner.ask(brandDoors.createCode, { params, body: { code: CODE } }));
  const lead = telling(house, scene);
  const { store, record } = house.running.world;
  let orders = 0;
  return {
    house,
    scene,
    until: async (instant) => {
      while (house.clock.at < instant) {
        house.clock.at = Math.min(instant, house.clock.at + DAY);
        await mature(store, record, house.clock.at);
      }
    },
    lead,
    leads: async (count, sent) => {
      for (let left = count; left > 0; left -= 1) {
        house.clock.at += 1000;
        await lead(sent);
      }
    },
    sold: async (valueMinor, more = {}) => {
      orders += 1;
      const click = await clickOn(scene.link.url);
      const body = { result: "sale", id: `order-${orders}`, valueMinor, currency: "USD", click, ...more };
      return fine(await scene.server.ask(convert, { body })).id;
    },
    refund: async (conversion, permille = 1000) => {
      const body = { reversal: `refund-${conversion}-${permille}-${house.clock.at}`, permille };
      fine(await scene.server.ask(conversionDoors.reverse, { params: { conversion }, body }));
    },
    reject: async (conversion) => {
      fine(await scene.owner.ask(conversionDoors.reject, { params: { conversion }, body: { reason: "fake" } }));
    },
    statement: () => recomputed(scene),
    standing: async (starts) => {
      const explanation = await explanationFor(scene);
      const place = dealExplained(explanation).periods.findIndex((it) => it.starts === starts);
      return standings(explanation).get(place);
    },
    counted: async () =>
      [...(await explanationFor(scene)).shares]
        .filter(({ state }) => state === "counted")
        .sort((a, b) => a.at - b.at)
        .map(({ id }) => id),
    live: () => liveOf(scene),
    audit: async () => {
      await sealed(scene, await recomputed(scene));
      const { world } = house.running;
      fine((await verifyBrand(world.store, scene.brand.brand, { replaying: () => {}, comparing: () => {} })) as never);
    },
  };
};
