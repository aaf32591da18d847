import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/people.ts";
import { joinBrand } from "../decisions/campaigns.ts";
import { readerOf } from "../engine/reader.ts";
import type { Who } from "../people/who.ts";
import { brandName } from "../shown/names.ts";
import type { World } from "../world.ts";
import { open } from "./door.ts";
import { openPasskeyDoors } from "./passkeys.ts";

const CLIENT = "makegood-extension";
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

interface Asked {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly setCookie: readonly string[];
}

/** Who asks: their request, and where it came from. */
interface Asking {
  readonly request: Request;
  readonly address: string | undefined;
}

/** Ask the sign-in room's own routes, in the name of whoever asked us. */
const ask = async (
  world: World,
  { request, address }: Asking,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<Asked> => {
  const headers = new Headers({ "content-type": "application/json", origin: world.origin });
  for (const name of ["cookie", "user-agent"]) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await world.people.handler(new Request(`${world.origin}/api/auth${path}`, init), address);
  const json = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  return { status: response.status, json, setCookie: response.headers.getSetCookie() };
};

/**
 * A person as an address of their own (RFC 4193, section 3.1), for the limit on guessing codes: an office, and all who come
 * through one server in front of ours, share theirs, and would use up each other's tries.
 */
const addressOf = (who: Who | undefined): string | undefined => {
  if (who?.kind !== "person") return undefined;
  const digits = createHash("sha256").update(who.userId).digest("hex");
  return `fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6, 10)}:${digits.slice(10, 14)}::`;
};

const tooOften = refuse("try-later", "This was asked for too often. Wait a minute and try again.");

const states = {
  authorization_pending: { state: "waiting" },
  slow_down: { state: "slower" },
  access_denied: { state: "denied" },
} as const;

const openPairing = (app: Hono, world: World): void => {
  open(app, world, wire.startPairing, async (visit) => {
    const { status, json } = await ask(world, visit, "POST", "/device/code", { client_id: CLIENT });
    if (status !== 200) return tooOften;
    return ok({
      deviceCode: String(json.device_code),
      userCode: String(json.user_code),
      verificationUrl: `${world.origin}/pair?code=${encodeURIComponent(String(json.user_code))}`,
      expiresAt: world.now() + Number(json.expires_in) * 1000,
      intervalMs: Number(json.interval) * 1000,
    });
  });
  open(app, world, wire.askPairing, async (visit) => {
    const asked = { grant_type: GRANT, device_code: visit.body.deviceCode, client_id: CLIENT };
    const { status, json } = await ask(world, visit, "POST", "/device/token", asked);
    if (status === 200) return ok({ state: "paired", token: String(json.access_token) });
    if (status === 429) return ok({ state: "slower" });
    return ok(states[json.error as keyof typeof states] ?? { state: "expired" });
  });
  open(app, world, wire.answerPairing, async (visit) => {
    const { body, request } = visit;
    const userCode = body.userCode.replaceAll("-", "");
    const asking = { request, address: addressOf(visit.who) };
    const claimed = await ask(world, asking, "GET", `/device?user_code=${encodeURIComponent(userCode)}`);
    if (claimed.status === 429) return tooOften;
    if (claimed.status !== 200)
      return refuse("unknown-code", "This code is not good, or has expired. Start again in the extension.");
    const { status } = await ask(world, asking, "POST", body.allow ? "/device/approve" : "/device/deny", { userCode });
    if (status === 429) return tooOften;
    return status === 200
      ? ok({ paired: body.allow })
      : refuse("unknown-code", "This code was already answered, or has expired. Start again in the extension.");
  });
};

const agentOf = (request: Request): string | undefined => request.headers.get("user-agent") ?? undefined;

const withCookies = (headers: Headers, setCookie: string | readonly string[]): void => {
  for (const cookie of typeof setCookie === "string" ? [setCookie] : setCookie) headers.append("set-cookie", cookie);
};

const accept = async (
  world: World,
  visit: Asking & { readonly headers: Headers },
  token: string,
): Promise<Result<{ brand: string; influencer: string }>> => {
  const who = await world.people.whoIs(visit.request.headers);
  if (who?.kind === "person" && who.via === "cookie") {
    // Whoever is signed in already takes the seat as themselves, so one person can work for several brands.
    const { status, json } = await ask(world, visit, "POST", "/invitation/accept", { token, asMe: true });
    if (status === 200) return ok({ brand: String(json.brand), influencer: String(json.influencer) });
    if (status === 429) return tooOften;
    return refuse(String(json.code ?? "ticket-not-usable"), String(json.message ?? "This invitation cannot be used."));
  }
  const entered = await world.people.acceptInvitation(token, agentOf(visit.request));
  if (!entered.ok) return entered;
  withCookies(visit.headers, entered.value.setCookie);
  return ok({ brand: entered.value.brand, influencer: entered.value.influencer });
};

const openBrands = (app: Hono, world: World): void => {
  open(app, world, wire.brands, async ({ who, seats }) => {
    if (who?.kind !== "person") return ok({ brands: [] });
    const owned = await world.people.brandsOwned(who.userId);
    const shown = owned.map(async (id) => {
      const name = await brandName(readerOf(world.store, id));
      return { id, name, acting: seats.some(({ brand }) => brand === id) };
    });
    return ok({ brands: await Promise.all(shown) });
  });
  open(app, world, wire.actFor, async ({ who, params: { brand } }) => {
    const acts = who?.kind === "person" && (await world.people.actFor(who.userId, who.session, brand));
    return acts ? ok({ brand }) : refuse("not-found", `There is no brand ${brand}.`);
  });
};

const openSessions = (app: Hono, world: World): void => {
  open(app, world, wire.sessions, async ({ who }) => {
    if (who?.kind !== "person") return ok({ sessions: [] });
    const all = await world.people.sessions(who.userId);
    return ok({ sessions: all.map((it) => ({ ...it, own: it.id === who.session })) });
  });
  open(app, world, wire.endSession, async ({ who, params }) => {
    const ended = who?.kind === "person" && (await world.people.revokeSession(who.userId, params.session));
    return ended ? ok({ ended }) : refuse("not-found", `There is no session ${params.session}.`);
  });
};

/** The doors people come in by: one-time links, passkeys, invitations, pairing, leaving, and signing a lost device out. */
export const openPeopleDoors = (app: Hono, world: World): void => {
  openPairing(app, world);
  openPasskeyDoors(app, world);
  openSessions(app, world);
  openBrands(app, world);
  open(app, world, wire.enter, async ({ body, headers, request }) => {
    const entered = await world.people.openLink(body.token, agentOf(request));
    if (!entered.ok) return entered;
    withCookies(headers, entered.value.setCookie);
    return ok({ path: entered.value.path });
  });
  open(app, world, wire.invitation, async ({ body }) => {
    const read = await world.people.invitation(body.token);
    return read.ok ? ok({ brandName: read.value.brandName, name: read.value.name }) : read;
  });
  open(app, world, wire.join, async (visit) => {
    const { body } = visit;
    const accepted = await accept(world, visit, body.token);
    if (!accepted.ok) return accepted;
    const { brand, influencer } = accepted.value;
    const joined = await world.record.decide(brand, joinBrand(influencer, body.name));
    if (!joined.ok) return joined;
    await world.people.nameInfluencer(brand, influencer, body.name);
    return ok({ brand, path: "/contracts" });
  });
  open(app, world, wire.leave, async (visit) => {
    const { who, headers } = visit;
    const left = who?.kind === "person" && (await world.people.revokeSession(who.userId, who.session));
    // The session is over now, whatever comes of this: it makes the browser forget a cookie that is worth nothing.
    withCookies(headers, (await ask(world, visit, "POST", "/sign-out", {})).setCookie);
    return ok({ left });
  });
};
