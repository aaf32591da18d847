import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { convert } from "../../shared/wire/partner.ts";
import { type Caller, enter, fine, type House, openHouse, signAs } from "../house.ts";
import { clickOn, LANDING, type Scene, say, setTheScene, terms } from "./scene.ts";

/** An influencer with a contract in a campaign that others have contracts in, too. */
export interface Member {
  readonly name: string;
  readonly influencer: string;
  readonly caller: Caller;
  readonly contract: string;
  readonly link: { readonly code: string; readonly url: string };
}

/** Where a step of somebody's way was: a member's link, by name, or the landing page without any. */
export type Step = "ana" | "bea" | "house";

/** A campaign with two influencers, and people on their way. Everything goes over HTTP. */
export interface Crowd {
  readonly house: House;
  readonly scene: Scene;
  readonly members: { readonly ana: Member; readonly bea: Member };
  /** Somebody goes through these steps, an hour apart, and comes to the landing page each time. */
  walk(visitor: string, steps: readonly Step[], more?: object): Promise<void>;
  /** The brand's server tells what a visitor bought. */
  buys(visitor: string, valueMinor: number, more?: object): Promise<string>;
  close(): Promise<void>;
}

export const HOUR = 3_600_000;

/** Bring another influencer into a campaign: invited, with terms both signed, and a link. */
export const joins = async (house: House, scene: Scene, name: string, theirTerms: unknown = terms): Promise<Member> => {
  const { owner, campaign } = scene;
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name } }));
  const own = await enter(house.origin, invited.invitationUrl, name);
  const influencer = invited.influencer.id;
  const draft = { campaign, influencer, terms: theirTerms };
  const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body: draft }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const party of [owner, own]) fine(await signAs(party, contract, termsHash, name));
  const link = fine(await own.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } }));
  return { name, influencer, caller: own, contract, link };
};

/** Open a campaign of two influencers whose contracts run under these terms. */
export const openCrowd = async (at: number, shared: unknown = terms): Promise<Crowd> => {
  const house = await openHouse(at);
  const scene = await setTheScene(house, house, { terms: shared });
  const { influencer, contract, link, ana: caller } = scene;
  const ana: Member = { name: "Ana Lima", influencer, caller, contract, link };
  const members = { ana, bea: await joins(house, scene, "Bea Berg", shared) };
  let told = 0;
  const walk = async (visitor: string, steps: readonly Step[], more: object = {}): Promise<void> => {
    for (const step of steps) {
      house.clock.at += HOUR;
      told += 1;
      const n = `step-${String(told).padStart(6, "0")}`;
      const click = step === "house" ? {} : { c: await clickOn(members[step].link.url) };
      const body = { k: scene.brand.publishableKey, p: LANDING, v: `visitor-${visitor}`, n, ...click, ...more };
      const response = await say(house.origin, "/v1/beacon", body);
      if (!response.ok) throw new Error(await response.text());
    }
  };
  let orders = 0;
  return {
    house,
    scene,
    members,
    walk,
    buys: async (visitor, valueMinor, more = {}) => {
      orders += 1;
      house.clock.at += HOUR;
      const body = {
        result: "sale",
        id: `order-${orders}`,
        valueMinor,
        currency: "USD",
        visitor: `visitor-${visitor}`,
        ...more,
      };
      return fine(await scene.server.ask(convert, { body })).id;
    },
    close: () => house.close(),
  };
};
