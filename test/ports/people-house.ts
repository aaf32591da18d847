import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openPeople, type People, type PeopleOptions } from "../../server/people/people.ts";

export const HOME = "http://127.0.0.1:8787";
export const SUNNY = "brd_sunny000000000000000";
export const RAINY = "brd_rainy000000000000000";
export const ADA = "inf_ada00000000000000000";
export const BEN = "inf_ben00000000000000000";
const SECRET = "Zk3vQ8x1LmP0sT7uW2yB5nD9eR4gH6jK_aCfXiOo-VQ";

/** A sign-in room on a file of its own. */
export interface House {
  people: People;
  readonly database: () => DatabaseSync;
  readonly path: string;
  /** The owner of the brand SUNNY. */
  readonly owner: string;
  reopen(): Promise<void>;
  close(): void;
}

export const openHouse = async (more: Partial<PeopleOptions> = {}): Promise<House> => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-people-"));
  const path = join(folder, "makegood.sqlite");
  let database = new DatabaseSync(path);
  const settle = () => openPeople({ database, baseURL: HOME, secret: SECRET, rateLimits: false, ...more });
  const people = await settle();
  const brand = { id: SUNNY, name: "Sunny Solar", owner: { email: "Olga@Sunny.example", name: "Olga" } };
  const { userId: owner } = await people.openBrand(brand);
  const house: House = {
    people,
    path,
    owner,
    database: () => database,
    reopen: async () => {
      database.close();
      database = new DatabaseSync(path);
      house.people = await settle();
    },
    close: () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
  return house;
};

/** A request as a page of ours sends it. */
export const ask = (house: House, line: string, body?: unknown, headers: Record<string, string> = {}) => {
  const [method = "GET", path = "/"] = line.split(" ");
  const sent = { origin: HOME, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
  const init = { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return house.people.handler(new Request(`${HOME}/api/auth${path}`, init), "203.0.113.7");
};

/** What a browser would send back after this Set-Cookie. */
export const cookieOf = (setCookie: string | null): string => (setCookie ?? "").split(";")[0] ?? "";

export const signInOwner = async (house: House): Promise<string> => {
  const ticket = await house.people.oneTimeLink({ userId: house.owner, path: "/" });
  const answer = await ask(house, "POST /link/open", { token: ticket?.token });
  return cookieOf(answer.headers.get("set-cookie"));
};

export const bringIn = async (house: House, brand: string, influencer: string, name: string): Promise<string> => {
  const { token } = await house.people.invite({ brand, influencer, name });
  const answer = await ask(house, "POST /invitation/accept", { token });
  return cookieOf(answer.headers.get("set-cookie"));
};

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export const beginPairing = async (house: House) => {
  const answer = await ask(house, "POST /device/code", { client_id: "makegood-extension" }, EXTENSION_HEADERS);
  return (await answer.json()) as { device_code: string; user_code: string; [more: string]: unknown };
};

export const EXTENSION_HEADERS = { origin: "chrome-extension://abcdefghijklmnopabcdefghijklmnop" };

export const poll = async (house: House, device_code: string) => {
  const body = { grant_type: GRANT, device_code, client_id: "makegood-extension" };
  const answer = await ask(house, "POST /device/token", body, EXTENSION_HEADERS);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

/** Pairs an extension for whoever holds the cookie, and gives back its token. */
export const pair = async (house: House, cookie: string): Promise<string> => {
  const { device_code, user_code } = await beginPairing(house);
  await ask(house, `GET /device?user_code=${user_code}`, undefined, { cookie });
  await ask(house, "POST /device/approve", { userCode: user_code }, { cookie });
  return String((await poll(house, device_code)).body.access_token);
};

export const withCookie = (cookie: string) => new Headers({ cookie });
export const withBearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
