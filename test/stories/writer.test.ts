import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Arriving, openRecord, type Record as Writer } from "../../server/engine/record.ts";
import type { Unit } from "../../server/engine/unit.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { openSqlite, openSqliteAside } from "../../server/store/sqlite.ts";
import type { Store } from "../../server/store/store.ts";
import { troubleOf } from "../../server/store/trouble.ts";
import type { Fact } from "../../shared/fact.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import { fine } from "../house.ts";

const BRAND = "brd_writer";
const AT = Date.UTC(2026, 10, 10);

let folder = "";
let store: Store;
let record: Writer;
let warned: unknown[] = [];
let troubles: (string | undefined)[] = [];

const path = () => join(folder, "store.sqlite");

const openOn = async (opened: Store): Promise<Writer> =>
  openRecord({
    store: opened,
    now: () => AT,
    follow: async (unit, touches) => {
      if (touches.some(({ link }) => link === "unfollowed")) throw new Error("what follows is broken");
      unit.setPrivate("followed", touches.length);
      return ok(null);
    },
    order: await opened.lastOrder(),
    warn: (error) => void warned.push(error),
    onTrouble: (trouble) => void troubles.push(trouble?.code),
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "makegood-writer-"));
  [warned, troubles] = [[], []];
  store = openSqliteAside(path());
  record = await openOn(store);
  fine(await record.decide(BRAND, opened("pk_writer")));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const said = (fact: Fact) => async (unit: Unit) => {
  await unit.record(fact, "test");
  return ok(fact.type);
};

const opened = (publishableKey: string) => async (unit: Unit) => {
  unit.name(publishableKey);
  return said({ type: "brand-opened", publishableKey })(unit);
};

const added = (influencer: string) => said({ type: "influencer-added", influencer, how: "invited" });

const touch = (id: string, more: Partial<Arriving> = {}): Arriving => ({
  ...{ id, at: AT, visitor: "v", click: null, kind: "visit" as const, link: "", contract: null, robot: false },
  ...more,
});

const isWhole = async (): Promise<void> => {
  fine((await verifyBrand(store, BRAND, { replaying: () => {}, comparing: () => {} })) as never);
};

const influencers = async (): Promise<readonly string[]> =>
  (await store.documents(BRAND, { prefix: "influencer/", limit: 1000 })).map(([key]) =>
    key.slice("influencer/".length),
  );

/** Another process's connection to the same file. */
const stranger = () => new DatabaseSync(path(), { timeout: 0 });

const kept = async () => (await store.sweep(BRAND, { from: 0, until: AT + 1, limit: 10_000 })).map(({ id }) => id);

describe("one that is spoilt harms nobody who is decided beside it", () => {
  /** What can be wrong with a decision, and what becomes of it. */
  const spoilt: readonly (readonly [string, (unit: Unit) => Promise<never>, RegExp])[] = [
    [
      "a decider that throws after it recorded",
      async (unit) => {
        await added("inf_spoilt")(unit);
        unit.setPrivate("spoilt", 1);
        throw new Error("broken decider");
      },
      /broken decider/,
    ],
    [
      "a fact that no view can fold",
      async (unit) => {
        await unit.record({ type: "influencer-joined", influencer: "inf_nobody" }, "test");
        return ok(null) as never;
      },
      /inf_nobody/,
    ],
    [
      "a name that is another brand's, which only the disk notices",
      async (unit) => {
        await added("inf_spoilt")(unit);
        unit.name("taken");
        return ok(null) as never;
      },
      /UNIQUE/,
    ],
    [
      "a count that is no whole number, which only the disk notices",
      async (unit) => {
        await added("inf_spoilt")(unit);
        unit.add("clicks", 0.5);
        return ok(null) as never;
      },
      /cannot store REAL/,
    ],
  ];

  test.each(spoilt)("%s", async (_, work, because) => {
    fine(
      await record.decide("brd_other", async (unit) => {
        unit.name("taken");
        return ok(null);
      }),
    );
    const all = await Promise.allSettled([
      record.decide(BRAND, added("inf_1")),
      record.take(BRAND, [touch("visit:a")]),
      record.decide(BRAND, work),
      record.decide(BRAND, async () => refuse("no", "No.")),
      record.decide(BRAND, added("inf_2")),
      record.decide("brd_other", opened("pk_other")),
      record.take(BRAND, [touch("visit:b")]),
    ]);
    expect(all.map(({ status }) => status)).toEqual([
      ...["fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled", "fulfilled"],
    ]);
    expect(String((all[2] as PromiseRejectedResult).reason)).toMatch(because);
    expect(await influencers()).toEqual(["inf_1", "inf_2"]);
    expect(await kept()).toEqual(["visit:a", "visit:b"]);
    expect(await store.private(BRAND, "spoilt")).toBeUndefined();
    expect((await store.head("brd_other")).seq).toBe(1);
    expect([warned, troubles]).toEqual([[], []]);
    await isWhole();
  });

  test("a touch the disk cannot keep is told so, and those beside it are kept", async () => {
    const touches = Array.from({ length: 20 }, (_, n) =>
      record.take(BRAND, [touch(`visit:${n}`, { at: n === 7 ? 0.5 : AT })]),
    );
    const all = await Promise.allSettled([...touches, record.decide(BRAND, added("inf_1"))]);
    expect(all.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([7]);
    expect(await kept()).toHaveLength(19);
    record.leave(BRAND, [touch("visit:left", { at: 0.5 })]);
    record.leave(BRAND, [touch("visit:kept")]);
    await record.idle();
    expect(await kept()).toHaveLength(20);
    expect(warned.map(String).join()).toMatch(/cannot store REAL/);
  });

  test("what follows from touches may be broken: they are kept, and somebody hears of it", async () => {
    await record.take(BRAND, [touch("visit:x", { link: "unfollowed" })]);
    expect(await kept()).toEqual(["visit:x"]);
    expect(warned.map(String)).toEqual(["Error: what follows is broken"]);
  });

  test("one who fails at hearing of commits takes them from nobody", async () => {
    const heard: number[] = [];
    record.onCommit(() => {
      throw new Error("deaf");
    });
    const stop = record.onCommit(({ entries }) => void heard.push(...entries.map(({ seq }) => seq)));
    for (const id of ["inf_1", "inf_2", "inf_3"]) fine(await record.decide(BRAND, added(id)));
    stop();
    fine(await record.decide(BRAND, added("inf_4")));
    expect(heard).toEqual([2, 3, 4]);
    expect(warned.map(String)).toEqual(Array(4).fill("Error: deaf"));
  });
});

test("an answer is given, and a commit is heard of, only when another process can read what was decided", async () => {
  const other = stranger();
  const head = other.prepare("select max(seq) as seq from fact where brand = ?");
  const seen: [string, number, number][] = [];
  record.onCommit(({ entries }) => {
    for (const { seq } of entries) seen.push(["heard", seq, Number(head.get(BRAND)?.seq)]);
  });
  const works = Array.from({ length: 600 }, async (_, n) => {
    const seq = fine(
      await record.decide(BRAND, async (unit) => {
        await added(`inf_${n}`)(unit);
        return ok(unit.head().seq);
      }),
    );
    seen.push(["answered", seq, Number(head.get(BRAND)?.seq)]);
  });
  await Promise.all(works);
  expect(seen).toHaveLength(1200);
  expect(seen.filter(([, seq, onDisk]) => onDisk < seq)).toEqual([]);
  const heard = seen.flatMap(([what, seq]) => (what === "heard" ? [seq] : []));
  expect(heard).toEqual([...heard].sort((a, b) => a - b));
  other.close();
});

describe("another process at work on the same brand", () => {
  test("two writers that overtake each other all the time each get everything done, once", async () => {
    const second = openSqliteAside(path());
    const rival = await openOn(second);
    const slow = (id: string) => async (unit: Unit) => {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return added(id)(unit);
    };
    const all = Array.from({ length: 60 }, (_, n) => n);
    const through = async (writer: Writer, name: string) => {
      for (const n of all) fine(await writer.decide(BRAND, slow(`${name}_${n}`)));
    };
    await Promise.all([through(record, "inf_a"), through(rival, "inf_b")]);
    expect(await influencers()).toHaveLength(120);
    await second.close();
    await isWhole();
  });

  test("one that holds the file is waited for; then it is told, the touches are held, and land when it is gone", async () => {
    const other = stranger();
    other.exec("begin exclusive");
    const refused = record.decide(BRAND, added("inf_late")).catch((error: unknown) => troubleOf(error)?.code);
    record.leave(BRAND, [touch("visit:left")], new Map([["clicks", 1]]));
    const took = record.take(BRAND, [touch("visit:taken")]).catch((error: unknown) => troubleOf(error)?.code);
    expect(await refused).toBe("store-busy");
    expect(await took).toBe("store-busy");
    expect(troubles).toEqual(["store-busy"]);
    other.exec("rollback");
    other.close();
    fine(await record.decide(BRAND, added("inf_after")));
    await record.idle();
    expect((await kept()).sort()).toEqual(["visit:left", "visit:taken"]);
    expect(await store.count(BRAND, "clicks")).toBe(1);
    expect(await influencers()).toEqual(["inf_after"]);
    expect(troubles).toEqual(["store-busy", undefined]);
    await isWhole();
  }, 30_000);
});

describe("a disk that is full", () => {
  let full = false;
  const { exec } = DatabaseSync.prototype;
  // The platform's own door to the database: it says what it says when there is no room.
  beforeEach(async () => {
    await store.close();
    full = false;
    DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
      if (full && sql === "commit")
        throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
      return exec.call(this, sql);
    };
    store = openSqlite(path());
    record = await openOn(store);
  });
  afterEach(() => {
    DatabaseSync.prototype.exec = exec;
  });

  test("refuses what is decided, holds the touches, and goes on by itself when there is room", async () => {
    full = true;
    const refused = record.decide(BRAND, added("inf_1")).catch((error: unknown) => troubleOf(error)?.code);
    expect(await refused).toBe("store-full");
    for (let n = 0; n < 500; n += 1) record.leave(BRAND, [touch(`visit:${n}`)], new Map([["clicks", 1]]));
    const took = record.take(BRAND, [touch("visit:0")]).catch((error: unknown) => troubleOf(error)?.code);
    expect(await took).toBe("store-full");
    await record.idle();
    expect(await kept()).toEqual([]);
    full = false;
    while ((await kept()).length < 500) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await store.count(BRAND, "clicks")).toBe(500);
    expect(await influencers()).toEqual([]);
    fine(await record.decide(BRAND, added("inf_1")));
    expect([troubles, warned]).toEqual([["store-full", undefined], []]);
    await isWhole();
  });

  test("holds so many touches and no more: what comes beyond is refused, and no memory is taken for it", async () => {
    full = true;
    const most = 100_000;
    for (let n = 0; n < most + 5; n += 1) record.leave(BRAND, [touch(`visit:${n}`)]);
    await expect(record.take(BRAND, [touch("visit:more")])).rejects.toSatisfy(
      (error) => troubleOf(error)?.code === "store-behind",
    );
    await record.idle();
    full = false;
    await record.idle();
    expect(await store.touchCount(BRAND, 0, AT + 1)).toBe(most);
  }, 60_000);
});
