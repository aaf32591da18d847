import "./platform.ts";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCached } from "../../extension/app/cache.ts";
import { connectionNow, keepConnection, type Paired } from "../../extension/app/connection.ts";
import { type Following, follow, pauseMs } from "../../extension/app/live.ts";
import { refresh } from "../../extension/app/sync.ts";
import { mark } from "../../extension/app/vault.ts";
import { someContract, someTerms } from "./evidence.ts";
import { eventually, reset } from "./platform.ts";
import { openStandin, type Standin } from "./standin.ts";

const now = Date.now();
let server: Standin;
let paired: Paired;
let stop: AbortController;

beforeEach(async () => {
  await reset();
  server = await openStandin([someContract("con_a", ["shop.example"], now, someTerms(now))]);
  paired = { state: "paired", server: server.origin, token: server.token() };
  await keepConnection(paired);
  await refresh(paired);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await server.close();
});

const listen = (more: Partial<Following> = {}): Promise<void> =>
  follow({
    connection: paired,
    signal: stop.signal,
    seen: false,
    down: () => {},
    replaced: async () => {},
    wait: () => new Promise((go) => setTimeout(go, 5)),
    ...more,
  });

const earned = async (): Promise<number | undefined> => (await readCached()).earnings[0]?.period?.earnedMinor;
const truly = (): number | undefined => server.earnings()[0]?.period?.earnedMinor;

describe("Following live earnings", () => {
  it("takes in what moves, as it moves", async () => {
    void listen();
    await eventually(() => expect(server.listeners()).toBe(1));
    server.lead("con_a", "cnv_1");
    await eventually(async () => expect(await earned()).toBe(truly()));
    expect(await mark("unseen")).toBe(1);
  });

  it("comes back after a break from where it was, and misses nothing and counts nothing twice", async () => {
    void listen();
    await eventually(() => expect(server.listeners()).toBe(1));
    server.lead("con_a", "cnv_1");
    await eventually(async () => expect(await mark("unseen")).toBe(1));
    await server.goAway();
    server.lead("con_a", "cnv_2");
    server.lead("con_a", "cnv_3");
    await server.comeBack();
    await eventually(async () => expect(await mark("unseen")).toBe(3));
    expect(server.resumedFrom.at(-1)).toBe("brd_acme:1");
    expect(await earned()).toBe(truly());
  });

  it("counts every movement once, however many parts of the extension listen at the same time", async () => {
    for (let listener = 0; listener < 4; listener += 1) void listen();
    await eventually(() => expect(server.listeners()).toBe(4));
    for (let lead = 1; lead <= 10; lead += 1) server.lead("con_a", `cnv_${lead}`);
    await eventually(async () => expect(await mark("position")).toBe("brd_acme:10"));
    expect(await mark("unseen")).toBe(10);
    expect(await earned()).toBe(truly());
  });

  it("does not count what someone watches", async () => {
    void listen({ seen: true });
    await eventually(() => expect(server.listeners()).toBe(1));
    server.lead("con_a", "cnv_1");
    await eventually(async () => expect(await mark("position")).toBe("brd_acme:1"));
    expect(await mark("unseen")).toBeUndefined();
  });

  it("passes over messages a newer server may send", async () => {
    void listen();
    await eventually(() => expect(server.listeners()).toBe(1));
    server.mutter('{"kind":"weather","sunny":true}');
    server.mutter("not even JSON");
    server.lead("con_a", "cnv_1");
    await eventually(async () => expect(await mark("position")).toBe("brd_acme:3"));
    expect(await mark("unseen")).toBe(1);
  });

  it("ends the connection when the server no longer takes the token", async () => {
    server.revoke();
    await listen();
    expect(await connectionNow()).toEqual({ state: "lapsed", server: server.origin });
  });

  it("does not trust a line that has fallen silent, as after a sleep, and comes back on another", async () => {
    void listen({ silenceMs: 300 });
    await eventually(() => expect(server.listeners()).toBe(1));
    server.fallSilent(true);
    server.lead("con_a", "cnv_1");
    await eventually(async () => expect(await mark("position")).toBe("brd_acme:1"));
    expect(server.resumedFrom.length).toBeGreaterThan(1);
    expect(await earned()).toBe(truly());
  });

  it("waits longer after each failure in a row, up to half a minute, and never all at once", () => {
    expect([0, 1, 2, 3].map((failures) => pauseMs(failures, 1))).toEqual([1000, 2000, 4000, 8000]);
    expect(pauseMs(99, 1)).toBe(30_000);
    expect(pauseMs(99, 0)).toBe(15_000);
  });
});
