import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Running, start } from "../../server/main.ts";
import { startPairing } from "../../shared/wire/people.ts";

let folder: string;
let running: Running;

const begin = async (proxies?: number): Promise<void> => {
  folder = mkdtempSync(join(tmpdir(), "makegood-proxies-"));
  running = await start({ folder, port: 0, loopback: true, proxies });
};
afterEach(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asks = async (forwarded: string): Promise<number> => {
  const headers = { "content-type": "application/json", "x-forwarded-for": forwarded };
  const answer = await fetch(running.origin + startPairing.path, { method: "POST", headers, body: "{}" });
  await answer.body?.cancel();
  return answer.status;
};

/** Ask until it is too much for one address. */
const asksTooOften = async (forwarded: () => string): Promise<void> => {
  for (let tries = 0; tries < 300; tries += 1) if ((await asks(forwarded())) === 429) return;
  throw new Error("one address may ask as often as it likes");
};

test("behind a proxy each caller is told apart by the address the proxy saw", async () => {
  await begin(1);
  await asksTooOften(() => "203.0.113.7");
  expect(await asks("198.51.100.9")).toBe(200);
  expect(await asks("203.0.113.7")).toBe(429);
});

test("what a caller claims of their own address is believed by nobody, behind a proxy or without one", async () => {
  await begin(1);
  let claims = 0;
  const claimed = (): string => {
    claims += 1;
    return `198.51.100.${claims % 250}`;
  };
  await asksTooOften(() => `${claimed()}, 203.0.113.7`);
  expect(await asks("198.51.100.251, 203.0.113.7")).toBe(429);
  await running.stop();
  await begin();
  await asksTooOften(claimed);
  expect(await asks("192.0.2.1")).toBe(429);
});

test("of several proxies the outermost one's word counts, and nonsense is as good as nothing", async () => {
  await begin(2);
  await asksTooOften(() => "203.0.113.7, 10.0.0.2");
  expect(await asks("203.0.113.7, 10.0.0.3")).toBe(429);
  expect(await asks("198.51.100.9, 10.0.0.2")).toBe(200);
  await asksTooOften(() => "nobody knows, 10.0.0.2");
  expect(await asks("")).toBe(429);
});
