import { createSecretKey, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { isRobot } from "../../server/doors/arrival.ts";
import { clickDice, mintClick, readClick } from "../../server/doors/click.ts";

const key = createSecretKey(Buffer.alloc(32, 7));
const BRAND = "brd_aaaaaaaaaaaaaaaaaaaa";
const AT = Date.UTC(2026, 10, 23);

test("thousands of clicks on one link at one instant are as many different ids, and each is read back", () => {
  const dice = clickDice((count) => randomBytes(count));
  const clicks = Array.from({ length: 5000 }, () => mintClick(key, BRAND, "somelink", AT, dice()));
  expect(new Set(clicks.map(({ id }) => id)).size).toBe(clicks.length);
  for (const click of clicks.slice(-1100)) expect(readClick(key, BRAND, click.id)).toEqual(click);
});

test("no random byte is given twice or left out, however many are asked for at once", () => {
  let given = 0;
  const counted = (count: number): Uint8Array =>
    Buffer.concat(
      Array.from({ length: Math.ceil(count / 4) }, () => {
        const word = Buffer.alloc(4);
        word.writeUInt32BE(given++);
        return word;
      }),
    ).subarray(0, count);
  const dice = clickDice(counted);
  const all = Buffer.concat(Array.from({ length: 4096 }, () => Buffer.from(dice())));
  expect(all.length).toBe(40_960);
  for (let at = 0; at < all.length; at += 4) expect(all.readUInt32BE(at)).toBe(at / 4);
});

test("a buffer of dice that is filled anew changes no click that was given before", () => {
  const one = Buffer.alloc(200_000);
  let filled = 0;
  const dice = clickDice((count) => one.fill(++filled).subarray(0, count));
  const first = dice();
  for (let more = 0; more < 5000; more += 1) dice();
  expect(filled).toBeGreaterThan(1);
  expect([...first]).toEqual(Array.from({ length: 10 }, () => 1));
});

test("who is a machine is found out anew for every agent, and not forgotten among thousands of others", () => {
  const says = (agent: string) => isRobot((name) => (name === "user-agent" ? agent : undefined));
  const person = (version: number) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${version}.0.0.0`;
  for (let version = 0; version < 3000; version += 1) {
    expect(says(person(version)), String(version)).toBe(false);
    expect(says(`Googlebot/${version}`), String(version)).toBe(true);
  }
  for (const again of [1, 2]) {
    expect(says(person(again))).toBe(false);
    expect(says(`${person(again)} compatible; Googlebot/2.1; ${"x".repeat(600)}`)).toBe(true);
    expect(says("")).toBe(true);
  }
});

test("a machine that only fetches ahead is left out, whatever agent it is for", () => {
  const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
  const ahead = (headers: Readonly<Record<string, string>>) =>
    isRobot((name) => ({ "user-agent": agent, ...headers })[name]);
  expect(ahead({})).toBe(false);
  expect(ahead({ "sec-purpose": "prefetch;prerender" })).toBe(true);
  expect(ahead({ purpose: "prefetch" })).toBe(true);
});
