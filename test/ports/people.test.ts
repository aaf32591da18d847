import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sameOrigin } from "../../server/people/origin.ts";
import { openRoutes } from "../../server/people/routes.ts";
import { secretIn } from "../../server/people/secret.ts";
import {
  ADA,
  ask,
  BEN,
  bringIn,
  cookieOf,
  HOME,
  type House,
  openHouse,
  RAINY,
  SUNNY,
  signInOwner,
  withBearer,
  withCookie,
} from "./people-house.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

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

describe("A brand's owner", () => {
  test("signs in with the link, and the link does not work twice", async () => {
    const ticket = await house.people.oneTimeLink({ email: "olga@sunny.example", path: "/welcome" });
    const first = await ask(house, "POST /link/open", { token: ticket?.token });
    expect(await json(first)).toEqual({ userId: house.owner, path: "/welcome" });
    expect(await house.people.whoIs(withCookie(cookieOf(first.headers.get("set-cookie"))))).toMatchObject({
      kind: "person",
      userId: house.owner,
      name: "Olga",
      email: "olga@sunny.example",
      memberships: [{ brand: SUNNY, role: "owner" }],
      via: "cookie",
    });
    const second = await ask(house, "POST /link/open", { token: ticket?.token });
    expect(second.status).toBe(400);
    expect(second.headers.get("set-cookie")).toBeNull();
    expect(await json(second)).toMatchObject({ code: "ticket-not-usable" });
  });

  test("gets in only once even when the link is opened in several tabs at the same moment", async () => {
    const ticket = await house.people.oneTimeLink({ userId: house.owner, path: "/" });
    const tabs = Array.from({ length: 8 }, () => ask(house, "POST /link/open", { token: ticket?.token }));
    const statuses = (await Promise.all(tabs)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test("is not signed in by a mail scanner that only looks at the link", async () => {
    const ticket = await house.people.oneTimeLink({ userId: house.owner, path: "/" });
    expect((await ask(house, `GET /link/open?token=${ticket?.token}`)).status).toBe(404);
    expect((await ask(house, "POST /link/open", { token: ticket?.token })).status).toBe(200);
  });

  test("is refused with a link that has expired, in the words for a link that never was", async () => {
    const ticket = await house.people.oneTimeLink({ userId: house.owner, path: "/", minutes: 10 });
    later(11 * MINUTE);
    const expired = await ask(house, "POST /link/open", { token: ticket?.token });
    const invented = await ask(house, "POST /link/open", { token: "never-issued" });
    expect([expired.status, invented.status]).toEqual([400, 400]);
    expect(await json(expired)).toEqual(await json(invented));
  });

  test("cannot be sent to another site by a link", async () => {
    for (const path of ["https://evil.example", "//evil.example", "/\\evil.example", "", "/\nset-cookie: a=b"])
      await expect(house.people.oneTimeLink({ userId: house.owner, path })).rejects.toThrow("a page of ours");
  });

  test("who is not known gets no link", async () => {
    expect(await house.people.oneTimeLink({ email: "nobody@sunny.example", path: "/" })).toBeUndefined();
  });

  test("may be written down twice, and two brands may have the same one", async () => {
    const owner = { email: "olga@sunny.example", name: "Olga" };
    expect(await house.people.openBrand({ id: SUNNY, name: "Sunny", owner })).toEqual({ userId: house.owner });
    expect(await house.people.openBrand({ id: RAINY, name: "Rainy", owner })).toEqual({ userId: house.owner });
    expect(await house.people.brandsOwned(house.owner)).toEqual([SUNNY, RAINY]);
    // Of several brands a session acts for one: the first, until its owner says another.
    const cookie = await signInOwner(house);
    const acting = async (brand: string) => {
      const who = await house.people.whoIs(withCookie(cookie));
      expect(who).toMatchObject({ memberships: [{ brand, role: "owner" }] });
      return who?.kind === "person" ? who.session : "";
    };
    const session = await acting(SUNNY);
    expect(await house.people.actFor(house.owner, session, RAINY)).toBe(true);
    await acting(RAINY);
    expect(await house.people.actFor(house.owner, session, "brd_nobodys")).toBe(false);
    await acting(RAINY);
  });
});

describe("A session", () => {
  test("lives in a cookie that scripts cannot read and other sites cannot use", async () => {
    const ticket = await house.people.oneTimeLink({ userId: house.owner, path: "/" });
    const { headers } = await ask(house, "POST /link/open", { token: ticket?.token });
    const cookie = headers.get("set-cookie") ?? "";
    const elsewhere = [...headers].filter(([name]) => name !== "set-cookie").join();
    expect(elsewhere).not.toContain(cookieOf(cookie).split("=")[1]?.slice(0, 32));
    expect(headers.get("cache-control")).toBe("no-store");
    expect(cookie).toMatch(/^makegood\.session_token=/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).not.toMatch(/; Secure/i);
  });

  test("asks for a secure connection when the server has one", async () => {
    const safe = await openHouse({ baseURL: "https://app.makegood.example" });
    const ticket = await safe.people.oneTimeLink({ userId: safe.owner, path: "/" });
    const entered = await safe.people.openLink(ticket?.token ?? "");
    expect(entered).toMatchObject({ ok: true, value: { path: "/" } });
    const cookie = entered.ok ? entered.value.setCookie : "";
    expect(cookie).toMatch(/^__Secure-makegood\.session_token=.*; Secure/i);
    expect(await safe.people.whoIs(withCookie(cookieOf(cookie)))).toMatchObject({ userId: safe.owner });
    safe.close();
  });

  test("ends after seven days without a visit", async () => {
    const cookie = await signInOwner(house);
    later(7 * DAY - MINUTE);
    expect(await house.people.whoIs(withCookie(cookie))).toBeDefined();
    later(7 * DAY + MINUTE);
    expect(await house.people.whoIs(withCookie(cookie))).toBeUndefined();
  });

  test("ends after thirty days however often it is used", async () => {
    const cookie = await signInOwner(house);
    for (let day = 1; day <= 29; day++) {
      later(DAY);
      expect(await house.people.whoIs(withCookie(cookie)), `day ${day}`).toBeDefined();
    }
    later(DAY + MINUTE);
    expect(await house.people.whoIs(withCookie(cookie))).toBeUndefined();
  });

  test("ends when its person signs out", async () => {
    const cookie = await signInOwner(house);
    const out = await ask(house, "POST /sign-out", {}, { cookie });
    expect(await json(out)).toEqual({ success: true });
    expect(await house.people.whoIs(withCookie(cookie))).toBeUndefined();
  });

  test("is listed, and ends at once when revoked, but not by somebody else", async () => {
    const cookie = await signInOwner(house);
    await signInOwner(house);
    const [first] = await house.people.sessions(house.owner);
    expect(await house.people.sessions(house.owner)).toHaveLength(2);
    expect(first).toMatchObject({ client: "browser", lastSeenAt: Date.now(), expiresAt: Date.now() + 7 * DAY });
    expect(await house.people.revokeSession("somebody-else", first!.id)).toBe(false);
    expect(await house.people.revokeSession(house.owner, first!.id)).toBe(true);
    expect(await house.people.whoIs(withCookie(cookie))).toBeUndefined();
    expect(await house.people.sessions(house.owner)).toHaveLength(1);
  });

  test("cannot be forged from what the database holds", async () => {
    await signInOwner(house);
    const row = house.database().prepare("SELECT token, ipAddress FROM people_session").get() as { token: string };
    expect(row).toMatchObject({ ipAddress: null });
    expect(await house.people.whoIs(withBearer(row.token))).toBeUndefined();
    expect(await house.people.whoIs(withCookie(`makegood.session_token=${row.token}`))).toBeUndefined();
    expect(
      await house.people.whoIs(withCookie(`makegood.session_token=${row.token}.${"A".repeat(43)}=`)),
    ).toBeUndefined();
  });

  test("cannot be ended by another site", async () => {
    const cookie = await signInOwner(house);
    const out = await ask(house, "POST /sign-out", {}, { cookie, origin: "https://evil.example" });
    expect(out.status).toBe(403);
    expect(await house.people.whoIs(withCookie(cookie))).toBeDefined();
  });
});

describe("An invitation", () => {
  const open = () => house.people.invite({ brand: SUNNY, influencer: ADA, name: "Ada", email: "ada@mail.example" });

  test("makes an influencer of exactly that brand, and works once", async () => {
    await house.people.openBrand({ id: RAINY, name: "Rainy", owner: { email: "r@rainy.example", name: "Rita" } });
    const { token, expiresAt } = await open();
    expect(expiresAt).toBe(Date.now() + 14 * DAY);
    const first = await ask(house, "POST /invitation/accept", { token });
    expect(await json(first)).toMatchObject({ brand: SUNNY, influencer: ADA });
    expect(await house.people.whoIs(withCookie(cookieOf(first.headers.get("set-cookie"))))).toMatchObject({
      name: "Ada",
      email: "ada@mail.example",
      memberships: [{ brand: SUNNY, role: "influencer", influencer: ADA }],
    });
    const second = await ask(house, "POST /invitation/accept", { token });
    expect(second.status).toBe(400);
    expect(second.headers.get("set-cookie")).toBeNull();
    expect(await house.people.acceptInvitation(token)).toMatchObject({ ok: false });
  });

  test("admits one person even when it is accepted twice at the same moment", async () => {
    const { token } = await open();
    const tries = await Promise.all(Array.from({ length: 8 }, () => house.people.acceptInvitation(token)));
    expect(tries.filter((entered) => entered.ok)).toHaveLength(1);
  });

  test("says who invites whom without being used up", async () => {
    const { token, expiresAt } = await open();
    const seen = await json(await ask(house, "POST /invitation/view", { token }));
    expect(seen).toEqual({ brand: SUNNY, brandName: "Sunny Solar", influencer: ADA, name: "Ada", expiresAt });
    expect(await house.people.acceptInvitation(token)).toMatchObject({ ok: true });
    expect((await ask(house, "POST /invitation/view", { token })).status).toBe(400);
  });

  test("is refused after fourteen days", async () => {
    const { token } = await open();
    later(14 * DAY + MINUTE);
    expect(await house.people.invitation(token)).toMatchObject({ ok: false });
    expect(await house.people.acceptInvitation(token)).toMatchObject({
      ok: false,
      refusal: { code: "ticket-not-usable" },
    });
  });

  test("stops working when a newer one is written", async () => {
    const older = await open();
    const newer = await open();
    expect(await house.people.acceptInvitation(older.token)).toMatchObject({ ok: false });
    expect(await house.people.acceptInvitation(newer.token)).toMatchObject({ ok: true });
  });

  test("never signs anybody in as the known owner of its e-mail address", async () => {
    const { token } = await house.people.invite({
      brand: SUNNY,
      influencer: ADA,
      name: "X",
      email: "olga@sunny.example",
    });
    const entered = await house.people.acceptInvitation(token);
    expect(entered.ok && entered.value.userId).not.toBe(house.owner);
    const who = await house.people.whoIs(withCookie(entered.ok ? cookieOf(entered.value.setCookie) : ""));
    expect(who).toMatchObject({ memberships: [{ brand: SUNNY, role: "influencer", influencer: ADA }] });
    const link = await house.people.oneTimeLink({ email: "olga@sunny.example", path: "/" });
    expect(await house.people.openLink(link?.token ?? "")).toMatchObject({ value: { userId: house.owner } });
  });

  test("of a second brand can be accepted by the same person, signed in", async () => {
    await house.people.openBrand({ id: RAINY, name: "Rainy", owner: { email: "r@rainy.example", name: "Rita" } });
    const cookie = await bringIn(house, SUNNY, ADA, "Ada");
    const { token } = await house.people.invite({ brand: RAINY, influencer: BEN, name: "Ada" });
    const answer = await ask(house, "POST /invitation/accept", { token, asMe: true }, { cookie });
    expect(answer.headers.get("set-cookie")).toBeNull();
    const who = await house.people.whoIs(withCookie(cookie));
    expect(who).toMatchObject({
      memberships: [
        { brand: SUNNY, influencer: ADA },
        { brand: RAINY, influencer: BEN },
      ],
    });
  });

  test("is not used up by an owner who tries it on himself, nor by nobody in particular", async () => {
    const { token } = await open();
    const byOwner = await ask(
      house,
      "POST /invitation/accept",
      { token, asMe: true },
      { cookie: await signInOwner(house) },
    );
    expect([byOwner.status, await json(byOwner)]).toMatchObject([409, { code: "already-a-member" }]);
    const byNobody = await ask(house, "POST /invitation/accept", { token, asMe: true });
    expect([byNobody.status, await json(byNobody)]).toMatchObject([401, { code: "not-signed-in" }]);
    expect(await house.people.acceptInvitation(token)).toMatchObject({ ok: true });
  });

  test("written anew for an influencer moves the seat, so that it never has two holders", async () => {
    const before = await bringIn(house, SUNNY, ADA, "Ada");
    const after = await bringIn(house, SUNNY, ADA, "Ada");
    expect(await house.people.whoIs(withCookie(before))).toMatchObject({ memberships: [] });
    expect(await house.people.whoIs(withCookie(after))).toMatchObject({ memberships: [{ influencer: ADA }] });
  });
});

describe("Names", () => {
  test("are known for every influencer, invited or not, and only in the brand that wrote them", async () => {
    await house.people.openBrand({ id: RAINY, name: "Rainy", owner: { email: "r@rainy.example", name: "Rita" } });
    await house.people.nameInfluencer(SUNNY, BEN, "Ben");
    const { expiresAt } = await house.people.invite({
      brand: SUNNY,
      influencer: ADA,
      name: "Ada",
      email: "a@b.example",
    });
    expect(await house.people.influencers(SUNNY)).toEqual([
      { influencer: ADA, name: "Ada", email: "a@b.example", userId: undefined, invitedUntil: expiresAt },
      { influencer: BEN, name: "Ben", email: "", userId: undefined, invitedUntil: undefined },
    ]);
    expect(await house.people.influencers(RAINY)).toEqual([]);
  });

  test("change everywhere when a person takes another", async () => {
    const who = await house.people.whoIs(withCookie(await bringIn(house, SUNNY, ADA, "Ada")));
    const userId = who?.kind === "person" ? who.userId : "";
    await house.people.rename(userId, "Ada Lovelace");
    expect(await house.people.nameOf(userId)).toBe("Ada Lovelace");
    expect(await house.people.influencers(SUNNY)).toMatchObject([{ name: "Ada Lovelace", userId }]);
  });

  test("and everything else about a person are gone once erased", async () => {
    const { token } = await house.people.invite({
      brand: SUNNY,
      influencer: ADA,
      name: "Ada Secretname",
      email: "ada.secret@x.example",
    });
    const entered = await house.people.acceptInvitation(token);
    const [userId, cookie] = entered.ok ? [entered.value.userId, cookieOf(entered.value.setCookie)] : ["", ""];
    const link = await house.people.oneTimeLink({ userId, path: "/" });
    await house.people.erase(userId);
    expect(await house.people.nameOf(userId)).toBeUndefined();
    expect(await house.people.whoIs(withCookie(cookie))).toBeUndefined();
    expect(await house.people.openLink(link?.token ?? "")).toMatchObject({ ok: false });
    expect(await house.people.influencers(SUNNY)).toEqual([]);
    const names = house.database().prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const kept = names
      .map(({ name }) => JSON.stringify(house.database().prepare(`SELECT * FROM "${name}"`).all()))
      .join();
    expect(kept).not.toMatch(/secret(name)?\b/i);
  });

  test("of an influencer nobody invited can be erased too, with an invitation still open", async () => {
    const { token } = await house.people.invite({ brand: SUNNY, influencer: ADA, name: "Ada" });
    await house.people.eraseInfluencer(SUNNY, ADA);
    expect(await house.people.acceptInvitation(token)).toMatchObject({ ok: false });
    expect(await house.people.influencers(SUNNY)).toEqual([]);
  });
});

describe("The doors of the sign-in room", () => {
  test("are these and no others", () => {
    expect(Object.keys(openRoutes)).toEqual([
      "POST /link/open",
      "POST /invitation/view",
      "POST /invitation/accept",
      "GET /get-session",
      "POST /sign-out",
      "POST /device/code",
      "POST /device/token",
      "GET /device",
      "POST /device/approve",
      "POST /device/deny",
    ]);
  });

  test.each([
    "POST /sign-up/email",
    "POST /sign-in/email",
    "POST /sign-in/social",
    "POST /request-password-reset",
    "POST /update-user",
    "POST /delete-user",
    "GET /list-sessions",
    "POST /organization/create",
    "GET /organization/list-members",
    "POST /organization/invite-member",
    "POST /organization/accept-invitation",
    "POST /api-key/create",
    "GET /api-key/list",
    "POST /api-key/verify",
    "GET /ok",
    "GET /error",
    "GET /device/code",
    "POST /device/approve/",
    "POST //device/approve",
    "POST /toString",
  ])("%s is not one of them, even for the owner", async (line) => {
    const cookie = await signInOwner(house);
    const body = line.startsWith("POST")
      ? { email: "a@b.example", password: "long-enough-password", name: "A" }
      : undefined;
    const answer = await ask(house, line, body, { cookie });
    expect(answer.status).toBe(404);
    expect(await json(answer)).toMatchObject({ code: "no-such-route" });
  });

  test("answer malformed knocks with 4xx", async () => {
    for (const body of [{}, { token: 7 }, { token: "x".repeat(500) }, [], "token", null])
      expect((await ask(house, "POST /link/open", body)).status, JSON.stringify(body)).toBe(400);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask(house, "POST /link/open", "token=x", form)).status).toBe(415);
    const torn = new Request(`${HOME}/api/auth/link/open`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect((await house.people.handler(torn)).status).toBe(400);
  });

  test("slow down who keeps guessing, by address and whatever address he claims", async () => {
    const guarded = await openHouse({ rateLimits: true });
    const guess = (address: string, claim: string) =>
      guarded.people.handler(
        new Request(`${HOME}/api/auth/link/open`, {
          method: "POST",
          body: JSON.stringify({ token: "guess" }),
          headers: { "content-type": "application/json", "x-makegood-address": claim, "x-forwarded-for": claim },
        }),
        address,
      );
    const statuses: number[] = [];
    for (let n = 0; n < 21; n++) statuses.push((await guess("203.0.113.9", `198.51.100.${n}`)).status);
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(400));
    expect(statuses[20]).toBe(429);
    expect((await guess("203.0.113.10", "203.0.113.9")).status).toBe(400);
    guarded.close();
  });
});

describe("A request that a cookie speaks for", () => {
  const request = (method: string, headers: Record<string, string>) =>
    new Request(`${HOME}/api/x`, { method, headers });
  const type = { "content-type": "application/json; charset=utf-8" };

  test("may change something when it is JSON from our own pages", () => {
    expect(sameOrigin(request("POST", { ...type, origin: HOME, "sec-fetch-site": "same-origin" }), HOME)).toBe(true);
    expect(sameOrigin(request("POST", { ...type, origin: HOME }), `${HOME}/`)).toBe(true);
    expect(sameOrigin(request("DELETE", { ...type, "sec-fetch-site": "same-origin" }), HOME)).toBe(true);
    expect(sameOrigin(request("GET", {}), HOME)).toBe(true);
  });

  test("may not when another site, a form or nobody in particular sent it", () => {
    expect(sameOrigin(request("POST", { ...type, origin: "https://evil.example" }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", { ...type, origin: `${HOME}.evil.example` }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", { ...type, origin: "null" }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", { ...type, origin: HOME, "sec-fetch-site": "same-site" }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", { origin: HOME, "content-type": "text/plain" }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", { origin: HOME }), HOME)).toBe(false);
    expect(sameOrigin(request("POST", type), HOME)).toBe(false);
  });
});

test("The server's secret is made once, for this user alone, and read back ever after", () => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-secret-"));
  const secret = secretIn(join(folder, "new"));
  expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(statSync(join(folder, "new", "sign-in.secret")).mode & 0o777).toBe(0o600);
  expect(secretIn(join(folder, "new"))).toBe(secret);
  expect(secretIn(join(folder, "other"))).not.toBe(secret);
  rmSync(folder, { recursive: true });
});
