import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBrand } from "../../server/brands.ts";
import { type Running, start } from "../../server/main.ts";
import { invite } from "../../shared/wire/brand.ts";
import { me } from "../../shared/wire/influencer.ts";
import * as people from "../../shared/wire/people.ts";
import { type Caller, caller, enter, fine } from "../house.ts";
import { problemOf } from "./scene.ts";

const folder = mkdtempSync(join(tmpdir(), "makegood-pairing-"));
let running: Running;
let origin: string;
let owner: Caller;
let rita: Caller;

const signedIn = async (name: string): Promise<Caller> => {
  const given = { name: `${name} & Co`, owner: name, email: `${name}@brand.example` };
  return enter(origin, (await makeBrand(running.world, given)).signInUrl);
};

// The limits on guessing are on here, as they are for everybody; both owners sit behind one address.
beforeAll(async () => {
  running = await start({ folder, port: 0, loopback: true });
  origin = running.origin;
  owner = await signedIn("olive");
  rita = await signedIn("rita");
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const stranger = (): Caller => caller(origin, { origin: "chrome-extension://abcdefghijklmnopabcdefghijklmnop" });

test("who types codes too often is told to wait, not that the code is wrong, and nobody else behind their address waits", async () => {
  const [first, second] = [
    fine(await stranger().ask(people.startPairing, { body: {} })),
    fine(await stranger().ask(people.startPairing, { body: {} })),
  ];
  const guess = () => post("/v1/pairing/answer", { userCode: "WRNGCODE", allow: true }, owner.headers);
  for (let tries = 0; tries < 10; tries += 1) expect((await problemOf(await guess())).code).toBe("unknown-code");
  const answer = { userCode: first.userCode, allow: true };
  const refused = await post("/v1/pairing/answer", answer, owner.headers);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
  expect((await problemOf(refused)).code).toBe("try-later");
  const body = { userCode: second.userCode, allow: true };
  expect(fine(await rita.ask(people.answerPairing, { body }))).toEqual({ paired: true });
  // A code that was only held up is as good as before.
  expect(fine(await rita.ask(people.answerPairing, { body: answer }))).toEqual({ paired: true });
});

test("many extensions are paired at the same time behind one address", async () => {
  const asked = await Promise.all(
    Array.from({ length: 30 }, async () => fine(await stranger().ask(people.startPairing, { body: {} }))),
  );
  for (let round = 0; round < 2; round += 1)
    for (const { deviceCode } of asked) {
      const { state } = fine(await stranger().ask(people.askPairing, { body: { deviceCode } }));
      expect(state).toBe(round === 0 ? "waiting" : "slower");
    }
});

test("who signs out is told so however many did before, and their browser forgets the cookie", async () => {
  for (let times = 0; times < 103; times += 1) {
    const link = await running.world.people.oneTimeLink({ email: "olive@brand.example", path: "/campaigns" });
    const one = await enter(origin, `${origin}/enter#token=${link?.token}`);
    const response = await post("/v1/leave", {}, one.headers);
    expect([times, response.status, await response.json()]).toEqual([times, 200, { left: true }]);
    if (times === 0) expect(response.headers.getSetCookie().join()).toMatch(/makegood\.session_token=;.*Max-Age=0/);
    if (times % 20 === 0) expect(await one.ask(me)).toMatchObject({ refusal: { code: "not-signed-in" } });
  }
});

test("a lost device is found among one's sessions and signed out at once, by its owner alone", async () => {
  const paired = async (): Promise<Caller> => {
    const { deviceCode, userCode } = fine(await stranger().ask(people.startPairing, { body: {} }));
    fine(await rita.ask(people.answerPairing, { body: { userCode, allow: true } }));
    const answer = fine(await stranger().ask(people.askPairing, { body: { deviceCode } }));
    return caller(origin, { authorization: `Bearer ${answer.state === "paired" ? answer.token : ""}` });
  };
  const [lost, kept] = [await paired(), await paired()];
  const shown = async (who: Caller) => fine(await who.ask(people.sessions)).sessions;
  const own = async (who: Caller) => (await shown(who)).find((it) => it.own);
  expect((await shown(rita)).map(({ client }) => client).sort()).toEqual(["browser", "extension", "extension"]);
  expect([(await own(rita))?.client, (await own(lost))?.client]).toEqual(["browser", "extension"]);
  const params = { session: (await own(lost))?.id ?? "" };
  const olive = await signedIn("olive-again");
  expect(await olive.ask(people.endSession, { params, body: {} })).toMatchObject({ refusal: { code: "not-found" } });
  expect(await kept.ask(people.endSession, { params, body: {} })).toMatchObject({ refusal: { code: "not-allowed" } });
  expect((await lost.ask(me)).ok).toBe(true);
  expect(fine(await rita.ask(people.endSession, { params, body: {} }))).toEqual({ ended: true });
  expect(await lost.ask(me)).toMatchObject({ refusal: { code: "not-signed-in" } });
  expect(await rita.ask(people.endSession, { params, body: {} })).toMatchObject({ refusal: { code: "not-found" } });
  expect([(await kept.ask(me)).ok, (await rita.ask(me)).ok, (await shown(rita)).length]).toEqual([true, true, 2]);
});

test("who somebody is is the same in every browser, and nobody else is it where neither has an e-mail", async () => {
  const invited = async (name: string): Promise<Caller> => {
    const { invitationUrl } = fine(await rita.ask(invite, { body: { name } }));
    return enter(origin, invitationUrl, name);
  };
  const shown = async (who: Caller) => fine(await who.ask(me));
  const [mia, ben] = [await invited("Mia"), await invited("Ben")];
  const { deviceCode, userCode } = fine(await stranger().ask(people.startPairing, { body: {} }));
  fine(await mia.ask(people.answerPairing, { body: { userCode, allow: true } }));
  const answer = fine(await stranger().ask(people.askPairing, { body: { deviceCode } }));
  const pocket = caller(origin, { authorization: `Bearer ${answer.state === "paired" ? answer.token : ""}` });
  expect([(await shown(mia)).email, (await shown(ben)).email]).toEqual(["", ""]);
  const { id } = await shown(mia);
  expect(id).not.toBe("");
  expect((await shown(pocket)).id).toBe(id);
  expect((await shown(ben)).id).not.toBe(id);
});

test("a ticket that was never issued is told so, however long it is", async () => {
  for (const length of [16, 43, 99, 100]) {
    const token = "x".repeat(length);
    for (const [path, body] of [
      ["/v1/enter", { token }],
      ["/v1/invitation", { token }],
      ["/v1/join", { token, name: "Nobody" }],
    ] as const) {
      const response = await post(path, body);
      expect([path, length, response.status]).toEqual([path, length, 422]);
      expect((await problemOf(response)).code).toBe("ticket-not-usable");
      const longer = await post(path, { ...body, token: "x".repeat(length + 100) });
      expect([path, longer.status, (await problemOf(longer)).code]).toEqual([path, 400, "bad-request"]);
    }
  }
});

test("who asks for codes without end is told to wait, and for how long", async () => {
  const statuses: number[] = [];
  let last = await post("/v1/pairing", {});
  for (let tries = 0; tries < 80 && last.ok; tries += 1) {
    statuses.push(last.status);
    last = await post("/v1/pairing", {});
  }
  expect(statuses.length).toBeLessThan(60);
  expect([last.status, last.headers.get("retry-after")]).toEqual([429, "60"]);
  expect((await problemOf(last)).code).toBe("try-later");
});
