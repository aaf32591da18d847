import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ADA,
  ask,
  beginPairing,
  bringIn,
  EXTENSION_HEADERS,
  HOME,
  type House,
  openHouse,
  pair,
  poll,
  RAINY,
  SUNNY,
  signInOwner,
  withBearer,
  withCookie,
} from "./people-house.ts";

const SECOND = 1000;
let house: House;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 22, 9) });
  house = await openHouse();
});
afterEach(() => {
  house.close();
  vi.useRealTimers();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>;
const look = (code: string, cookie: string) => ask(house, `GET /device?user_code=${code}`, undefined, { cookie });
const decide = (verdict: "approve" | "deny", userCode: string, cookie: string) =>
  ask(house, `POST /device/${verdict}`, { userCode }, { cookie });

describe("An extension", () => {
  test("is paired by typing its code in the signed-in web app", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const started = await beginPairing(house);
    expect(started).toEqual({
      device_code: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      user_code: expect.stringMatching(/^[A-HJ-NP-Z2-9]{8}$/),
      verification_uri: `${HOME}/pair`,
      verification_uri_complete: `${HOME}/pair?user_code=${started.user_code}`,
      expires_in: 900,
      interval: 5,
    });
    expect(await poll(house, started.device_code)).toEqual({
      status: 400,
      body: { error: "authorization_pending", error_description: "Authorization pending" },
    });
    const typed = `${started.user_code.slice(0, 4)}-${started.user_code.slice(4)}`.toLowerCase();
    expect(await json(await look(typed, cookie))).toMatchObject({ status: "pending", client_id: "makegood-extension" });
    expect(await json(await decide("approve", typed, cookie))).toEqual({ success: true });
    later(5 * SECOND);
    const granted = await poll(house, started.device_code);
    expect(granted).toEqual({
      status: 200,
      body: { access_token: expect.any(String), token_type: "Bearer", expires_in: 7 * 24 * 3600, scope: "" },
    });
    expect(await house.people.whoIs(withBearer(String(granted.body.access_token)))).toMatchObject({
      name: "Ada",
      memberships: [{ brand: SUNNY, role: "influencer", influencer: ADA }],
      via: "bearer",
    });
    later(5 * SECOND);
    expect(await poll(house, started.device_code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("is told to slow down when it polls sooner than it was asked to", async () => {
    const { device_code } = await beginPairing(house);
    await poll(house, device_code);
    later(4 * SECOND);
    expect(await poll(house, device_code)).toEqual({
      status: 400,
      body: { error: "slow_down", error_description: "Polling too frequently" },
    });
    later(2 * SECOND);
    expect(await poll(house, device_code)).toMatchObject({ body: { error: "authorization_pending" } });
  });

  test("is refused when the person says no", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const { device_code, user_code } = await beginPairing(house);
    await look(user_code, cookie);
    expect(await json(await decide("deny", user_code, cookie))).toEqual({ success: true });
    expect(await poll(house, device_code)).toEqual({
      status: 400,
      body: { error: "access_denied", error_description: "Access denied" },
    });
    expect(await json(await decide("approve", user_code, cookie))).toMatchObject({ error: "invalid_request" });
  });

  test("is refused when nobody typed the code in time", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const { device_code, user_code } = await beginPairing(house);
    later(901 * SECOND);
    expect(await json(await look(user_code, cookie))).toMatchObject({ error: "expired_token" });
    expect(await json(await decide("approve", user_code, cookie))).toMatchObject({ error: "expired_token" });
    expect(await poll(house, device_code)).toEqual({
      status: 400,
      body: { error: "expired_token", error_description: "Device code has expired" },
    });
  });

  test("leaves no code behind that nobody used", async () => {
    await beginPairing(house);
    later(3600 * SECOND);
    await beginPairing(house);
    later(1000 * SECOND);
    await beginPairing(house);
    expect(house.database().prepare("SELECT count(*) AS n FROM people_device").get()).toEqual({ n: 2 });
  });

  test("is not known by a wrong code, a wrong device code or a wrong name", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const { device_code } = await beginPairing(house);
    expect(await json(await look("WRNGCODE", cookie))).toMatchObject({ error: "invalid_request" });
    expect(await json(await decide("approve", "WRNGCODE", cookie))).toMatchObject({ error: "invalid_request" });
    expect(await poll(house, "x".repeat(40))).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    const stranger = await ask(house, "POST /device/code", { client_id: "someone-else" }, EXTENSION_HEADERS);
    expect([stranger.status, await json(stranger)]).toMatchObject([400, { error: "invalid_client" }]);
    const body = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code, client_id: "someone-else" };
    const poached = await ask(house, "POST /device/token", body, EXTENSION_HEADERS);
    expect(await json(poached)).toMatchObject({ error: "invalid_client" });
  });

  test("is let in only by the person who looked at its code, signed in at a browser of ours", async () => {
    const [ada, olga] = [await bringIn(house, SUNNY, ADA, "Ada"), await signInOwner(house)];
    const { user_code } = await beginPairing(house);
    const unclaimed = await decide("approve", user_code, ada);
    expect([unclaimed.status, await json(unclaimed)]).toMatchObject([400, { error: "invalid_request" }]);
    await look(user_code, ada);
    const byOther = await decide("approve", user_code, olga);
    expect([byOther.status, await json(byOther)]).toMatchObject([403, { error: "access_denied" }]);
    const byNobody = await ask(house, "POST /device/approve", { userCode: user_code });
    expect([byNobody.status, await json(byNobody)]).toMatchObject([401, { error: "unauthorized" }]);
    const evil = { cookie: ada, origin: "https://evil.example" };
    expect((await ask(house, "POST /device/approve", { userCode: user_code }, evil)).status).toBe(403);
    expect((await decide("approve", user_code, ada)).status).toBe(200);
  });

  test("cannot let a further extension in with its own token", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const authorization = `Bearer ${await pair(house, cookie)}`;
    const { user_code } = await beginPairing(house);
    const claimed = await ask(house, `GET /device?user_code=${user_code}`, undefined, { authorization });
    expect([claimed.status, await json(claimed)]).toMatchObject([401, { error: "unauthorized" }]);
    await look(user_code, cookie);
    const approved = await ask(house, "POST /device/approve", { userCode: user_code }, { authorization });
    expect(approved.status).toBe(401);
  });

  test("is listed beside the browser, and its token stops at once when revoked", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const token = await pair(house, cookie);
    const who = await house.people.whoIs(withBearer(token));
    if (who?.kind !== "person") throw new Error("the token should be good");
    const clients = (await house.people.sessions(who.userId)).map(({ id, client }) => ({
      client,
      own: id === who.session,
    }));
    expect(clients).toEqual([
      { client: "browser", own: false },
      { client: "extension", own: true },
    ]);
    expect(await house.people.revokeSession(who.userId, who.session)).toBe(true);
    expect(await house.people.whoIs(withBearer(token))).toBeUndefined();
    expect(await house.people.whoIs(withCookie(cookie))).toBeDefined();
  });

  test("can sign itself out", async () => {
    const token = await pair(house, await bringIn(house, SUNNY, ADA, "Ada"));
    const authorization = `Bearer ${token}`;
    const session = await ask(house, "GET /get-session", undefined, { ...EXTENSION_HEADERS, authorization });
    expect(await json(session)).toMatchObject({ user: { name: "Ada" } });
    const out = await ask(house, "POST /sign-out", {}, { ...EXTENSION_HEADERS, authorization });
    expect(await json(out)).toEqual({ success: true });
    expect(await house.people.whoIs(withBearer(token))).toBeUndefined();
  });

  test("has a token that is no cookie, and a browser a cookie that is no token", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const token = await pair(house, cookie);
    expect(await house.people.whoIs(withCookie(`makegood.session_token=${encodeURIComponent(token)}`))).toBeUndefined();
    expect(await house.people.whoIs(withBearer(decodeURIComponent(cookie.split("=")[1] ?? "")))).toBeUndefined();
    const both = new Headers({ cookie, authorization: "Bearer not-a-token" });
    expect(await house.people.whoIs(both)).toBeUndefined();
  });
});

describe("A brand's server", () => {
  const newKey = () => house.people.newSecretKey(SUNNY, "shop", house.owner);

  test("is known by its secret key, which is kept only as a digest", async () => {
    const { id, key } = await newKey();
    expect(key).toMatch(/^sk_[A-Za-z]{48}$/);
    expect(await house.people.whoIs(withBearer(key))).toEqual({ kind: "server", brand: SUNNY, key: id });
    const rows = JSON.stringify(house.database().prepare("SELECT * FROM people_key").all());
    expect(rows).not.toContain(key);
    expect(await house.people.secretKeys(SUNNY)).toEqual([
      { id, name: "shop", start: key.slice(0, 9), createdAt: Date.now(), lastUsedAt: Date.now() },
    ]);
  });

  test("is nobody with a wrong key", async () => {
    const { key } = await newKey();
    for (const wrong of ["sk_", `${key}x`, key.slice(0, -1), key.toUpperCase(), `sk_${"a".repeat(48)}`])
      expect(await house.people.whoIs(withBearer(wrong)), wrong).toBeUndefined();
    expect(await house.people.whoIs(new Headers({ authorization: `Basic ${key}` }))).toBeUndefined();
    expect(await house.people.whoIs(new Headers({ "x-api-key": key }))).toBeUndefined();
  });

  test("is refused at once when its key is revoked, even one used a moment ago", async () => {
    const { id, key } = await newKey();
    expect(await house.people.whoIs(withBearer(key))).toBeDefined();
    expect(await house.people.revokeSecretKey(SUNNY, id)).toBe(true);
    expect(await house.people.whoIs(withBearer(key))).toBeUndefined();
    expect(await house.people.revokeSecretKey(SUNNY, id)).toBe(false);
    expect(await house.people.secretKeys(SUNNY)).toEqual([]);
  });

  test("is refused within seconds when its key was revoked by another process", async () => {
    const { id, key } = await newKey();
    expect(await house.people.whoIs(withBearer(key))).toBeDefined();
    house.database().prepare("DELETE FROM people_key WHERE id = ?").run(id);
    later(5 * SECOND);
    expect(await house.people.whoIs(withBearer(key))).toBeUndefined();
  });

  test("never speaks for another brand, and another brand never revokes its key", async () => {
    const rainy = { id: RAINY, name: "Rainy", owner: { email: "r@rainy.example", name: "Rita" } };
    const { userId: rita } = await house.people.openBrand(rainy);
    const [sunny, wet] = [await newKey(), await house.people.newSecretKey(RAINY, "shop", rita)];
    expect(await house.people.whoIs(withBearer(sunny.key))).toMatchObject({ brand: SUNNY });
    expect(await house.people.whoIs(withBearer(wet.key))).toMatchObject({ brand: RAINY });
    expect(await house.people.revokeSecretKey(RAINY, sunny.id)).toBe(false);
    expect(await house.people.whoIs(withBearer(sunny.key))).toMatchObject({ brand: SUNNY });
    expect(await house.people.secretKeys(RAINY)).toMatchObject([{ id: wet.id }]);
  });

  test("gets its key from the brand's owner only", async () => {
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const who = await house.people.whoIs(withCookie(cookie));
    await expect(house.people.newSecretKey(SUNNY, "x", who?.kind === "person" ? who.userId : "")).rejects.toThrow();
    await expect(house.people.newSecretKey(RAINY, "x", house.owner)).rejects.toThrow();
  });

  test("costs no write per request", async () => {
    const { key } = await newKey();
    await house.people.whoIs(withBearer(key));
    const changes = () => house.database().prepare("SELECT total_changes() AS n").get()?.n;
    const before = changes();
    for (let n = 0; n < 50; n++) await house.people.whoIs(withBearer(key));
    later(30 * SECOND);
    await house.people.whoIs(withBearer(key));
    expect(changes()).toBe(before);
  });
});

test("Everything survives closing and reopening the file", async () => {
  const cookie = await bringIn(house, SUNNY, ADA, "Ada");
  const token = await pair(house, cookie);
  const { id, key } = await house.people.newSecretKey(SUNNY, "shop", house.owner);
  const link = await house.people.oneTimeLink({ userId: house.owner, path: "/" });
  const invitation = await house.people.invite({ brand: SUNNY, influencer: "inf_new", name: "Neu" });
  const { device_code } = await beginPairing(house);
  await house.reopen();
  expect(await house.people.whoIs(withCookie(cookie))).toMatchObject({ name: "Ada" });
  expect(await house.people.whoIs(withBearer(token))).toMatchObject({ name: "Ada", via: "bearer" });
  expect(await house.people.whoIs(withBearer(key))).toEqual({ kind: "server", brand: SUNNY, key: id });
  expect(await house.people.openLink(link?.token ?? "")).toMatchObject({ ok: true });
  expect(await house.people.acceptInvitation(invitation.token)).toMatchObject({ ok: true });
  expect(await poll(house, device_code)).toMatchObject({ body: { error: "authorization_pending" } });
  expect(await house.people.nameOf(house.owner)).toBe("Olga");
});

test("The sign-in room never keeps the store waiting: before each of its statements another connection can commit", async () => {
  const store = new DatabaseSync(house.path, { timeout: 0 });
  store.exec("CREATE TABLE probe (n INTEGER)");
  const database = house.database();
  const prepare = database.prepare.bind(database);
  let commits = 0;
  database.prepare = (sql, ...more) => {
    store.exec("BEGIN IMMEDIATE; INSERT INTO probe VALUES (1); COMMIT");
    commits += 1;
    return prepare(sql, ...more);
  };
  const cookie = await bringIn(house, SUNNY, ADA, "Ada");
  const who = await house.people.whoIs(withBearer(await pair(house, cookie)));
  expect(who).toBeDefined();
  expect(await house.people.whoIs(withCookie(await signInOwner(house)))).toBeDefined();
  const { id, key } = await house.people.newSecretKey(SUNNY, "shop", house.owner);
  expect(await house.people.whoIs(withBearer(key))).toBeDefined();
  expect(await house.people.revokeSecretKey(SUNNY, id)).toBe(true);
  await house.people.erase(who?.kind === "person" ? who.userId : "");
  store.close();
  expect(commits).toBeGreaterThan(50);
});
