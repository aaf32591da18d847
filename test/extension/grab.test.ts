import "./platform.ts";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCached } from "../../extension/app/cache.ts";
import { connectionNow, keepConnection, type Paired } from "../../extension/app/connection.ts";
import { grab, sendWaiting } from "../../extension/app/grab.ts";
import { write } from "../../extension/app/vault.ts";
import { grabsWaiting } from "../../extension/app/wishes.ts";
import { someContract, someTerms } from "./evidence.ts";
import { reset } from "./platform.ts";
import { openStandin, type Standin } from "./standin.ts";

const now = Date.now();
let server: Standin;
let paired: Paired;

beforeEach(async () => {
  await reset();
  server = await openStandin([someContract("con_a", ["shop.example"], now, someTerms(now))]);
  paired = { state: "paired", server: server.origin, token: server.token() };
  await keepConnection(paired);
});
afterEach(() => server.close());

const PAGE = "https://shop.example/course";

describe("Grabbing a tracked link", () => {
  it("makes it on the server and keeps it for offline", async () => {
    const grabbed = await grab(paired, "con_a", PAGE);
    expect(grabbed).toMatchObject({ state: "made", link: { destination: PAGE } });
    expect((await readCached()).links.map(({ destination }) => destination)).toEqual([PAGE]);
    expect(await grabsWaiting()).toEqual([]);
  });

  it("waits while the server is away, and is made exactly once when it is back, under the key of the first attempt", async () => {
    await server.goAway();
    expect(await grab(paired, "con_a", PAGE)).toEqual({ state: "waiting" });
    const [wish] = await grabsWaiting();
    await server.comeBack();
    await Promise.all([sendWaiting(paired), sendWaiting(paired), sendWaiting(paired)]);
    expect(server.rows).toHaveLength(1);
    expect(server.attempts.map(({ key }) => key)).toEqual([wish!.key]);
    expect((await readCached()).notices).toMatchObject([{ kind: "made", link: { destination: PAGE } }]);
  });

  it("asked for twice while the server is away, waits once", async () => {
    await server.goAway();
    await grab(paired, "con_a", PAGE);
    await grab(paired, "con_a", PAGE);
    expect(await grabsWaiting()).toHaveLength(1);
  });

  it("repeats the same key when the answer was lost on its way", async () => {
    const release = server.hold();
    const first = grab(paired, "con_a", PAGE);
    await expect.poll(() => server.attempts.length).toBe(1);
    await server.goAway();
    release();
    expect(await first).toEqual({ state: "waiting" });
    await server.comeBack();
    await sendWaiting(paired);
    expect(new Set(server.attempts.map(({ key }) => key)).size).toBe(1);
    expect(server.rows).toHaveLength(1);
  });

  it("is told no in the server's words, and then no longer waits", async () => {
    server.says.grab = { status: 422, code: "host-not-verified", detail: "This host is not verified yet." };
    expect(await grab(paired, "con_a", PAGE)).toEqual({ state: "refused", because: "This host is not verified yet." });
    expect(await grabsWaiting()).toEqual([]);
  });

  it("keeps waiting while the server is broken or busy", async () => {
    for (const status of [500, 503, 429]) {
      server.says.grab = { status, code: "failure", detail: "Later." };
      expect(await grab(paired, "con_a", PAGE)).toEqual({ state: "waiting" });
    }
    expect(await grabsWaiting()).toHaveLength(1);
  });

  it.each([[{ key: 7, askedAt: 1 }], [{ key: "k", contract: 5, destination: "x", askedAt: 1 }], [null], ["a link"]])(
    "passes over a wish that another version wrote and this one does not understand, such as %j",
    async (strange) => {
      await server.goAway();
      await grab(paired, "con_a", PAGE);
      await write(["grabs"], (tx) => tx.objectStore("grabs").put(strange as never, "0"));
      expect(await grab(paired, "con_a", `${PAGE}/2`)).toEqual({ state: "waiting" });
      expect((await grabsWaiting()).map(({ destination }) => destination).sort()).toEqual([PAGE, `${PAGE}/2`]);
      await server.comeBack();
      await sendWaiting(paired);
      expect(server.rows.map(({ destination }) => destination).sort()).toEqual([PAGE, `${PAGE}/2`]);
      expect(await grabsWaiting()).toEqual([]);
    },
  );

  it("survives a token the server no longer takes: the connection lapses, the wish stays", async () => {
    server.revoke();
    expect(await grab(paired, "con_a", PAGE)).toEqual({ state: "waiting" });
    expect(await connectionNow()).toEqual({ state: "lapsed", server: server.origin });
    expect(await grabsWaiting()).toHaveLength(1);
  });
});
