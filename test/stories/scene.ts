import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import { makeBrand, type NewBrand } from "../../server/brands.ts";
import * as brandDoors from "../../shared/wire/brand.ts";
import * as influencerDoors from "../../shared/wire/influencer.ts";
import { type Caller, caller, enter, fine, type House, openHouse, signAs } from "../house.ts";

export const NOON = Date.UTC(2026, 10, 10, 12);
export const DAY = 86_400_000;
export const HUMAN =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
export const LANDING = "http://localhost:9/landing";

export const terms = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-11-01",
  ends: "2026-12-31",
  period: "month",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  attribution: { model: "linear", windowDays: 30, house: "included" },
  quality: { require: ["email"], duplicateDays: 90 },
  pay: [
    { rule: "perResult", result: "lead", amountMinor: 1000 },
    { rule: "share", result: "sale", rateBp: 725 },
  ],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};

/** One brand with one influencer whose contract runs, and a tracked link. */
export interface Scene {
  readonly brand: NewBrand;
  readonly owner: Caller;
  readonly server: Caller;
  readonly influencer: string;
  readonly ana: Caller;
  readonly campaign: string;
  readonly contract: string;
  readonly termsHash: string;
  readonly link: { readonly code: string; readonly url: string };
}

/** What a landing page sends: as text, the way a browser's beacon does. */
export const say = (origin: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "text/plain", "user-agent": HUMAN, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** Follow a tracked link without leaving: the answer itself. */
export const follow = (url: string, init: RequestInit = {}) =>
  fetch(url, { redirect: "manual", ...init, headers: { "user-agent": HUMAN, ...init.headers } });

/** Follow a tracked link to its end and give back the click id it carries. */
export const clickOn = async (url: string, init: RequestInit = {}): Promise<string> => {
  const response = await follow(url, init);
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "").searchParams.get("mg") ?? "";
};

/** A second brand in the same house, with an owner of its own. */
export const anotherBrand = async (house: House): Promise<Pick<Scene, "brand" | "owner" | "server">> => {
  const given = { name: "Rival Coding", owner: "Rita Rival", email: "rita@rival.example" };
  const brand = await makeBrand(house.running.world, given);
  const server = caller(house.origin, { authorization: `Bearer ${brand.secretKey}` });
  return { brand, owner: await enter(house.origin, brand.signInUrl), server };
};

/** Bring a brand to where money can be earned: a campaign, an influencer who joined, a contract both signed, a link. */
export const setTheScene = async (
  house: House,
  { brand, owner, server }: Pick<Scene, "brand" | "owner" | "server"> = house,
  how: { readonly name?: string; readonly terms?: unknown } = {},
): Promise<Scene> => {
  const { name = "Ana Lima" } = how;
  const made = fine(await owner.ask(brandDoors.createCampaign, { body: { name: "Autumn", hosts: ["localhost:9"] } }));
  const invited = fine(await owner.ask(brandDoors.invite, { body: { name } }));
  const ana = await enter(house.origin, invited.invitationUrl, name);
  const influencer = invited.influencer.id;
  const draft = { campaign: made.id, influencer, terms: how.terms ?? terms };
  const { id: contract, termsHash } = fine(await owner.ask(brandDoors.draftContract, { body: draft }));
  fine(await owner.ask(brandDoors.offerContract, { params: { contract }, body: {} }));
  for (const party of [owner, ana]) fine(await signAs(party, contract, termsHash, name));
  const link = fine(await ana.ask(influencerDoors.grabLink, { params: { contract }, body: { destination: LANDING } }));
  return { brand, owner, server, influencer, ana, campaign: made.id, contract, termsHash, link };
};

const tables = ["fact", "document", "private", "touch", "counter", "answer", "name"] as const;

/** Everything a brand has on disk, table by table, as it lies there. */
export const onDisk = (folder: string, brand: string): Record<string, readonly Record<string, unknown>[]> => {
  const database = new DatabaseSync(join(folder, "makegood.sqlite"), { readOnly: true });
  const rows = (table: string) => database.prepare(`select * from "${table}" where brand = ?`).all(brand);
  const all = Object.fromEntries(tables.map((table) => [table, rows(table).map((row) => ({ ...row }))]));
  database.close();
  return all;
};

/** The end of a brand's chain: it moves whenever anything is decided. */
export const headOf = (house: House, brand: string) => house.running.world.store.head(brand);

/** An answer that must be a problem document, as RFC 9457 has it, with a code and a sentence and nothing of our insides. */
export const problemOf = async (response: Response): Promise<{ readonly code: string; readonly detail: string }> => {
  const text = await response.text();
  const told = `${response.status} ${text.slice(0, 300)}`;
  expect(response.headers.get("content-type"), told).toBe("application/problem+json");
  const body = JSON.parse(text);
  expect(body, told).toMatchObject({ type: expect.any(String), title: expect.any(String), status: response.status });
  expect(body.code, told).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(body.detail, told).toMatch(/^.{12,}/s);
  expect(text, told).not.toMatch(/node_modules|server\/|sqlite|Impossible|stack/i);
  return body;
};

/** Two brands in one house, each with its influencer, contract and link: to see that they never meet. */
export const openRivals = async (): Promise<{
  readonly house: House;
  readonly scene: Scene;
  readonly rival: Scene;
}> => {
  const house = await openHouse(NOON);
  const scene = await setTheScene(house);
  const rival = await setTheScene(house, await anotherBrand(house), { name: "Bea Rival" });
  return { house, scene, rival };
};
