import "./platform.ts";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCached } from "../../extension/app/cache.ts";
import { connectionNow, keepConnection, type Paired, type Pairing } from "../../extension/app/connection.ts";
import { grab, sendWaiting } from "../../extension/app/grab.ts";
import { askOnce, beginPairing, disconnect, stopPairing } from "../../extension/app/pairing.ts";
import { isPaired } from "../../extension/app/reach.ts";
import { refresh } from "../../extension/app/sync.ts";
import { mark } from "../../extension/app/vault.ts";
import { someContract, someTerms } from "./evidence.ts";
import { platform, reset } from "./platform.ts";
import { openStandin, type Standin } from "./standin.ts";

const now = Date.now();
let server: Standin;

beforeEach(async () => {
  await reset();
  server = await openStandin([someContract("con_a", ["shop.example"], now, someTerms(now))]);
});
afterEach(() => server.close());

/** Time passes until the next question may be asked. */
const passTime = async (): Promise<void> => {
  const pairing = (await connectionNow()) as Pairing;
  await keepConnection({ ...pairing, askAt: 0 });
};

describe("Pairing with a server", () => {
  it("shows a code, asks until it is confirmed, and keeps the token", async () => {
    await beginPairing(server.origin);
    expect(await connectionNow()).toMatchObject({ state: "pairing", userCode: "WDJB-MJHT" });
    await passTime();
    await askOnce();
    expect(await connectionNow()).toMatchObject({ state: "pairing" });
    server.pairing.answer = "paired";
    await passTime();
    await askOnce();
    expect(await connectionNow()).toEqual({ state: "paired", server: server.origin, token: "tok_1" });
  });

  it("never asks before the server's interval is over, and waits five seconds longer when told to slow down", async () => {
    await beginPairing(server.origin);
    await askOnce();
    expect(server.pairing.asked).toBe(0);
    server.pairing.answer = "slower";
    await passTime();
    await askOnce();
    expect(await connectionNow()).toMatchObject({ intervalMs: server.pairing.intervalMs + 5000 });
  });

  it("is asked for once, however many parts of the extension want to know", async () => {
    await beginPairing(server.origin);
    await passTime();
    await Promise.all([askOnce(), askOnce(), askOnce()]);
    expect(server.pairing.asked).toBe(1);
  });

  it("goes on when the server was away for a while", async () => {
    await beginPairing(server.origin);
    await server.goAway();
    await passTime();
    await askOnce();
    expect(await connectionNow()).toMatchObject({ state: "pairing" });
    await server.comeBack();
    server.pairing.answer = "paired";
    await passTime();
    await askOnce();
    expect(await connectionNow()).toMatchObject({ state: "paired" });
  });

  it("ends when it is denied or has expired, and says which", async () => {
    for (const answer of ["denied", "expired"] as const) {
      await beginPairing(server.origin);
      server.pairing.answer = answer;
      await passTime();
      await askOnce();
      expect(await connectionNow()).toEqual({ state: "apart", server: server.origin, because: answer });
    }
  });

  it("that was called off is not finished by an answer that comes late", async () => {
    await beginPairing(server.origin);
    server.pairing.answer = "paired";
    await passTime();
    const asking = askOnce();
    await stopPairing();
    await asking;
    expect(await connectionNow()).toEqual({ state: "apart", server: server.origin });
  });

  it("starts from scratch when what is stored makes no sense", async () => {
    await platform.storage.local.set({ connection: { state: "paired", server: 7 } });
    expect(await connectionNow()).toEqual({ state: "apart", server: "http://127.0.0.1:8787" });
  });
});

describe("Pairing with another server, or as somebody else", () => {
  const waiting = async (): Promise<void> => {
    const first = { state: "paired", server: server.origin, token: server.token() } as const;
    await keepConnection(first);
    await refresh(first);
    server.revoke();
    expect(await grab(first, "con_a", "https://shop.example/secret-offer")).toEqual({ state: "waiting" });
    expect(await connectionNow()).toMatchObject({ state: "lapsed" });
  };

  const pairWith = async (other: Standin): Promise<Paired> => {
    await beginPairing(other.origin);
    other.pairing.answer = "paired";
    await passTime();
    await askOnce();
    return (await connectionNow()) as Paired;
  };

  it("tells the other server nothing of what waits for the first, and shows nothing of it", async () => {
    await waiting();
    const other = await openStandin([]);
    const paired = await pairWith(other);
    expect((await readCached()).earnings).toEqual([]);
    await sendWaiting(paired);
    await refresh(paired);
    expect(other.attempts).toEqual([]);
    expect(await readCached()).toMatchObject({ grabs: [], notices: [], contracts: [] });
    await other.close();
  });

  it("tells the same server nothing of it either when somebody else has come", async () => {
    await waiting();
    server.says.me = "usr_ben";
    const paired = await pairWith(server);
    await sendWaiting(paired);
    expect(server.attempts).toEqual([]);
    expect(await readCached()).toMatchObject({ grabs: [], notices: [], earnings: [] });
  });

  it("nor when neither of the two has an e-mail", async () => {
    server.says.email = "";
    await waiting();
    server.says.me = "usr_ben";
    const paired = await pairWith(server);
    expect(await readCached()).toMatchObject({ grabs: [], earnings: [] });
    await sendWaiting(paired);
    expect(server.attempts).toEqual([]);
  });

  it("keeps what waits for the same person when their e-mail is told later, or becomes another one", async () => {
    server.says.email = "";
    await waiting();
    for (const email of ["mia@new.example", "mia@newer.example"]) {
      server.says.email = email;
      await pairWith(server);
      expect((await readCached()).grabs).toHaveLength(1);
      expect((await readCached()).earnings).toHaveLength(1);
      server.revoke();
    }
    await sendWaiting(await pairWith(server));
    expect(server.rows.map(({ destination }) => destination)).toEqual(["https://shop.example/secret-offer"]);
  });

  it("keeps what waits for the same person, and sends it under its key", async () => {
    await waiting();
    const paired = await pairWith(server);
    expect((await readCached()).earnings).toHaveLength(1);
    await sendWaiting(paired);
    expect(server.rows.map(({ destination }) => destination)).toEqual(["https://shop.example/secret-offer"]);
    expect(new Set(server.attempts.map(({ key }) => key)).size).toBe(1);
  });

  it("hides another server's figures even while nobody can say who this is", async () => {
    await waiting();
    const other = await openStandin([]);
    other.says.me = 7 as never;
    await pairWith(other);
    expect(await readCached()).toMatchObject({ grabs: [], earnings: [], contracts: [] });
    await other.close();
  });
});

describe("Disconnecting", () => {
  it("leaves nothing behind: no token, no cache, nothing that waits", async () => {
    const paired = { state: "paired", server: server.origin, token: server.token() } as const;
    await keepConnection(paired);
    await refresh(paired);
    await server.goAway();
    await grab(paired, "con_a", "https://shop.example/");
    await disconnect();
    expect(isPaired(await connectionNow())).toBe(false);
    expect(await readCached()).toEqual({
      contracts: [],
      earnings: [],
      links: [],
      grabs: [],
      notices: [],
      refreshedAt: undefined,
      lastContract: undefined,
    });
    expect(await mark("position")).toBeUndefined();
    expect(JSON.stringify(await platform.storage.local.get())).not.toContain("tok_");
  });

  it("somebody else who connects afterwards never sees the cache of the one before", async () => {
    const paired = { state: "paired", server: server.origin, token: server.token() } as const;
    await keepConnection(paired);
    await refresh(paired);
    const other = await openStandin([]);
    const elsewhere = { state: "paired", server: other.origin, token: other.token() } as const;
    await keepConnection(elsewhere);
    await refresh(elsewhere);
    expect((await readCached()).contracts).toEqual([]);
    await other.close();
  });
});
