import "./platform.ts";

import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readCached, statementSeen } from "../../extension/app/cache.ts";
import { keepConnection, type Paired } from "../../extension/app/connection.ts";
import { grab } from "../../extension/app/grab.ts";
import { refresh } from "../../extension/app/sync.ts";
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
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

/** Put something into the vault past everything that watches over it. */
const smuggle = async (shelf: string, value: unknown, key: string): Promise<void> => {
  const database = await openDB("makegood");
  await database.put(shelf, value, key);
  database.close();
};

const noRoom = (): void => {
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("no room", "QuotaExceededError");
  });
};

describe("The vault", () => {
  it("leaves out what another version wrote and this one does not understand, and shows the rest", async () => {
    await refresh(paired);
    const [earnings] = (await readCached()).earnings;
    const { ladders: _, ...older } = earnings!;
    await smuggle("earnings", older, "con_old");
    await smuggle("contracts", { id: "con_old", hosts: "shop.example" }, "con_old");
    await smuggle("links", null, "old");
    await smuggle("grabs", { key: 7 }, "7");
    await smuggle("notices", { kind: "weather" }, "w");
    await smuggle("marks", "yesterday", "refreshedAt");
    await smuggle("statements", { contract: "con_a", statement: {} }, "con_a");
    const cached = await readCached();
    expect(cached.earnings.map(({ contract }) => contract)).toEqual(["con_a"]);
    expect(cached.contracts.map(({ id }) => id)).toEqual(["con_a"]);
    expect(cached).toMatchObject({ links: [], grabs: [], notices: [], refreshedAt: undefined });
    expect(await statementSeen("con_a")).toBeUndefined();
    expect(await refresh(paired)).toEqual({ state: "fresh" });
  });

  it("begins anew where a later version has been, or where a shelf is missing", async () => {
    for (const version of [7, 1]) {
      vi.resetModules();
      const { deleteDB } = await import("idb");
      const before = await import("../../extension/app/vault.ts");
      (await before.open()).close();
      await deleteDB("makegood");
      const strange = await openDB("makegood", version, { upgrade: (it) => void it.createObjectStore("strange") });
      strange.close();
      vi.resetModules();
      const { readCached: readAgain } = await import("../../extension/app/cache.ts");
      const { refresh: refreshAgain } = await import("../../extension/app/sync.ts");
      expect((await readAgain()).contracts).toEqual([]);
      expect(await refreshAgain(paired)).toEqual({ state: "fresh" });
      expect((await readAgain()).contracts).toHaveLength(1);
    }
  });
});

/** What a browser answers, some time after it was asked, when it cannot open a database. */
const failing = (name: string): IDBOpenDBRequest => {
  const events = new EventTarget();
  setTimeout(() => events.dispatchEvent(new Event("error")));
  return Object.create(IDBOpenDBRequest.prototype, {
    error: { value: new DOMException("Internal error opening backing store for indexedDB.open.", name) },
    addEventListener: { value: events.addEventListener.bind(events) },
    removeEventListener: { value: events.removeEventListener.bind(events) },
  });
};

describe("A vault that cannot be opened", () => {
  /** The extension started anew where the browser fails to open its database so many times, or until it is well again. */
  const startFailing = async (name: string, times: number) => {
    vi.resetModules();
    const [honest, removing] = [indexedDB.open.bind(indexedDB), vi.spyOn(indexedDB, "deleteDatabase")];
    let left = times;
    vi.spyOn(indexedDB, "open").mockImplementation((...asked) => {
      left -= 1;
      return left < 0 ? honest(...asked) : failing(name);
    });
    const [cache, sync] = await Promise.all([
      import("../../extension/app/cache.ts"),
      import("../../extension/app/sync.ts"),
    ]);
    const getWell = (): void => {
      left = 0;
    };
    return { ...cache, ...sync, removing, getWell };
  };
  const troubles = ["UnknownError", "AbortError", "QuotaExceededError", "InvalidStateError"];

  beforeEach(async () => {
    await refresh(paired);
    await server.goAway();
    await grab(paired, "con_a", "https://shop.example/x");
    await server.comeBack();
  });

  it.each(troubles)("for once (%s) is opened again, with the link that waits in it", async (name) => {
    const { readCached: readAgain, removing } = await startFailing(name, 1);
    expect((await readAgain()).grabs).toHaveLength(1);
    expect(removing).not.toHaveBeenCalled();
  });

  it.each(troubles)("for longer (%s) is left as it is, and shows the link that waits once it opens", async (name) => {
    const { readCached: readAgain, refresh: refreshAgain, removing, getWell } = await startFailing(name, 1_000);
    await expect(readAgain()).rejects.toThrow();
    expect((await refreshAgain(paired)).state).toBe("unkept");
    getWell();
    expect((await readAgain()).grabs).toHaveLength(1);
    expect(removing).not.toHaveBeenCalled();
  });

  it("keeps nobody from seeing what the server says now", async () => {
    const { refresh: refreshAgain } = await startFailing("UnknownError", 1_000);
    expect(await refreshAgain(paired)).toMatchObject({ state: "unkept", fresh: { contracts: [{ id: "con_a" }] } });
  });
});

describe("Where there is no room to keep anything", () => {
  it("what the server says is handed on all the same, and it is said that it was not kept", async () => {
    noRoom();
    const refreshed = await refresh(paired);
    expect(refreshed).toMatchObject({ state: "unkept", fresh: { earnings: [{ contract: "con_a" }] } });
  });

  it("a link is still made, and one that cannot wait is refused rather than forgotten", async () => {
    noRoom();
    const PAGE = "https://shop.example/";
    expect(await grab(paired, "con_a", PAGE)).toMatchObject({ state: "made" });
    await server.goAway();
    expect(await grab(paired, "con_a", PAGE)).toMatchObject({ state: "refused" });
  });
});
