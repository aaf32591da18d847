import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Arriving, openRecord, type Record as Writer } from "../../server/engine/record.ts";
import type { Unit } from "../../server/engine/unit.ts";
import { openSqliteAside } from "../../server/store/sqlite.ts";
import { STALE_HEAD, type Store } from "../../server/store/store.ts";
import { failing, troubleOf, unknown } from "../../server/store/trouble.ts";
import { ok } from "../../shared/kit/shape.ts";
import { fine } from "../house.ts";

const BRAND = "brd_trouble";
const AT = Date.UTC(2026, 10, 10);

let folder = "";
let store: Store;
let warned: unknown[] = [];
/** Touches whose following fails, and with what. */
let broken: Map<string, unknown> = new Map();

const writerOn = (more: Partial<Store> = {}): Writer =>
  openRecord({
    store: { ...store, ...more },
    now: () => AT,
    follow: async (unit, touches) => {
      for (const { id } of touches) if (broken.has(id)) throw broken.get(id);
      for (const { id } of touches) unit.setPrivate(`followed/${id}`, 1);
      return ok(null);
    },
    order: 0,
    warn: (error) => void warned.push(error),
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "makegood-trouble-"));
  [warned, broken] = [[], new Map()];
  store = openSqliteAside(join(folder, "store.sqlite"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const touch = (id: string): Arriving => ({
  ...{ id, at: AT, visitor: "v", click: null, kind: "visit", link: "", contract: null, robot: false },
});

const opened = async (unit: Unit) => {
  await unit.record({ type: "brand-opened", publishableKey: "pk_trouble" }, "test");
  return ok("opened");
};

const keys = async (prefix: string): Promise<readonly string[]> =>
  (await store.privates(BRAND, { prefix, limit: 1000 })).map(([key]) => key.slice(prefix.length));
const kept = async (): Promise<number> => store.touchCount(BRAND, 0, AT + 1);

test("where following up on one touch fails, everybody else's is followed up all the same", async () => {
  const record = writerOn();
  const ids = Array.from({ length: 50 }, (_, n) => `visit:${String(n).padStart(2, "0")}`);
  broken.set("visit:17", new Error("a broken view")).set("visit:31", new Error("another one"));
  await Promise.all(ids.map((id) => record.take(BRAND, [touch(id)])));
  expect(await keys("followed/")).toEqual(ids.filter((id) => !broken.has(id)));
  expect(await kept()).toBe(50);
  expect(warned.map(String).sort()).toEqual(["Error: a broken view", "Error: another one"]);
});

test("while what follows cannot be read, the touch is not acknowledged; it lands with what follows once it can", async () => {
  const record = writerOn();
  broken.set("visit:1", failing(new Error("disk I/O error")));
  const took = record.take(BRAND, [touch("visit:1")]).catch((error: unknown) => troubleOf(error)?.code);
  expect(await took).toBe("store-failing");
  expect([await kept(), await record.idle()]).toEqual([0, 1]);
  broken.clear();
  expect(await record.idle()).toBe(0);
  expect([await kept(), await keys("followed/"), warned]).toEqual([1, ["visit:1"], []]);
});

test("what was committed though nobody said so is answered, heard of and counted once", async () => {
  let dies = 1;
  const record = writerOn({
    commit: async (batch) => {
      await store.commit(batch);
      dies -= 1;
      if (dies === 0) throw unknown(new Error("the thread ended before it answered"));
    },
  });
  const heard: number[] = [];
  record.onCommit(({ entries }) => void heard.push(entries.length));
  record.leave(BRAND, [], new Map([["shown", 1]]));
  expect(fine(await record.decide(BRAND, opened))).toBe("opened");
  expect([await record.idle(), heard, await store.count(BRAND, "shown")]).toEqual([0, [1], 1]);
});

test("what was not committed when the thread ended is told to whoever waits, and can be asked for again", async () => {
  let dies = 1;
  const record = writerOn({
    commit: async (batch) => {
      dies -= 1;
      if (dies === 0) throw unknown(new Error("the thread ended before it began"));
      await store.commit(batch);
    },
  });
  const told = await record.decide(BRAND, opened).catch((error: unknown) => troubleOf(error)?.code);
  expect([told, (await store.head(BRAND)).seq]).toEqual(["store-failing", 0]);
  expect(fine(await record.decide(BRAND, opened))).toBe("opened");
});

test("a hold that cannot be let go of after the commit makes nothing of it undone", async () => {
  let overtakes = 3;
  const record = writerOn({
    commit: async (batch) => {
      overtakes -= 1;
      if (overtakes >= 0) throw new Error(STALE_HEAD);
      await store.commit(batch);
    },
    release: async () => {
      await store.release();
      throw failing(new Error("gone"));
    },
  });
  record.leave(BRAND, [], new Map([["shown", 1]]));
  expect(fine(await record.decide(BRAND, opened))).toBe("opened");
  expect([await record.idle(), await store.count(BRAND, "shown")]).toEqual([0, 1]);
});

test("what cannot cross to the thread that writes is refused alone, and those after it get their own answers", async () => {
  const record = writerOn();
  const odd = record.decide(BRAND, async (unit) => {
    unit.setPrivate("odd", (() => 1) as never);
    return ok(null);
  });
  await expect(odd).rejects.toThrow(/could not be cloned/);
  expect(fine(await record.decide(BRAND, opened))).toBe("opened");
  await record.take(BRAND, [touch("visit:1")]);
  expect(await kept()).toBe(1);
});
