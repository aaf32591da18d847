import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chained } from "../../server/engine/unit.ts";
import { openSqlite, openSqliteAside, readSqlite } from "../../server/store/sqlite.ts";
import {
  type Head,
  type NewTouch,
  type Recorded,
  STALE_HEAD,
  type Store,
  type Writes,
} from "../../server/store/store.ts";

/** One place of one kind of store: opened as often as one likes, and reached by hand behind the store's back. */
interface Engine {
  open(): Promise<Store>;
  byHand(sql: string): void;
  remove(): void;
}

const sqliteBy = (open: (path: string) => Store) => (): Engine => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-store-"));
  const path = join(folder, "store.sqlite");
  return {
    open: async () => open(path),
    byHand: (sql) => {
      const database = new DatabaseSync(path, { timeout: 5000 });
      try {
        database.exec(sql);
      } finally {
        database.close();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** Every store there is. A new one is one line here, and keeps the same promises. */
const engines: readonly (readonly [string, () => Engine])[] = [
  ["SQLite", sqliteBy(openSqlite)],
  ["SQLite, written by a thread of its own", sqliteBy(openSqliteAside)],
];

const nowhere: Head = { seq: 0, hash: "" };

const writes = (given: Partial<Writes> = {}): Writes => ({
  brand: "brd_a",
  expect: nowhere,
  facts: [],
  documents: new Map(),
  privates: new Map(),
  touches: [],
  counts: new Map(),
  answers: new Map(),
  names: new Map(),
  ...given,
});

const factsAfter = (head: Head, bodies: readonly string[], brand = "brd_a"): readonly Recorded[] => {
  const facts: Recorded[] = [];
  for (const body of bodies) {
    const before = facts.at(-1) ?? head;
    const bare = { brand, seq: before.seq + 1, at: 1_790_000_000_000, by: "brand", body };
    facts.push({ ...bare, hash: chained(before.hash, bare) });
  }
  return facts;
};

const touch = (id: string, more: Partial<NewTouch["row"]> = {}, counts: ReadonlyMap<string, number> = new Map()) => ({
  row: {
    id,
    at: 100,
    order: 1,
    visitor: null,
    click: null,
    kind: "visit" as const,
    link: "",
    contract: null,
    robot: false,
    ...more,
  },
  counts,
});

describe.each(engines)("%s keeps what a store promises", (_, make) => {
  let engine: Engine;
  let store: Store;

  beforeEach(async () => {
    engine = make();
    store = await engine.open();
  });
  afterEach(async () => {
    await store.close();
    engine.remove();
  });

  const append = async (bodies: readonly string[], brand = "brd_a"): Promise<void> => {
    const expect = await store.head(brand);
    await store.commit([writes({ brand, expect, facts: factsAfter(expect, bodies, brand) })]);
  };

  /** Everything that can be read of two brands, to see that nothing changed. */
  const whole = async () =>
    Promise.all(
      ["brd_a", "brd_b"].map(async (brand) => ({
        head: await store.head(brand),
        facts: await store.facts(brand, 0, 1000),
        documents: await store.documents(brand, { prefix: "", limit: 1000 }),
        privates: await store.privates(brand, { prefix: "", limit: 1000 }),
        touches: await store.touches(brand, { visitors: ["v1", "v2"], clicks: ["t1", "t2", "c1"] }, 0, 1e15),
        counts: await Promise.all(["views", "clicks"].map((key) => store.count(brand, key))),
        answers: await store.answered(brand, "key"),
        names: await Promise.all(["pk_1", "pk_2"].map((name) => store.brandOf(name))),
      })),
    );

  const everything = (brand: string, expect: Head): Writes =>
    writes({
      brand,
      expect,
      facts: factsAfter(expect, ['{"type":"one"}', '{"type":"two"}'], brand),
      documents: new Map([["doc/1", { a: [1, null, "ü"] }]]),
      privates: new Map([["name/1", "Ana"]]),
      touches: [touch("t1", { visitor: "v1", click: "c1" }, new Map([["views", 2]]))],
      counts: new Map([["clicks", 3]]),
      answers: new Map([["key", { bodyHash: "h", reply: "r" }]]),
      names: new Map([[brand === "brd_a" ? "pk_1" : "pk_2", true]]),
    });

  test("what a commit wrote is read back, of its own brand and no other", async () => {
    await store.commit([everything("brd_a", nowhere)]);
    const [mine, theirs] = await whole();
    expect(mine).toMatchObject({
      head: { seq: 2 },
      documents: [["doc/1", { a: [1, null, "ü"] }]],
      privates: [["name/1", "Ana"]],
      touches: [{ id: "t1", visitor: "v1", click: "c1", robot: false }],
      counts: [2, 3],
      answers: { bodyHash: "h", reply: "r" },
      names: ["brd_a", undefined],
    });
    expect(mine?.facts.map(({ seq, body }) => [seq, body])).toEqual([
      [1, '{"type":"one"}'],
      [2, '{"type":"two"}'],
    ]);
    expect({ ...theirs, names: [] }).toEqual({
      head: nowhere,
      facts: [],
      documents: [],
      privates: [],
      touches: [],
      counts: [0, 0],
      answers: undefined,
      names: [],
    });
    expect(await store.brands()).toEqual(["brd_a"]);
    expect(await store.visitorsOf("brd_a", ["c1", "c2"])).toEqual(["v1"]);
    expect(await store.visitorsOf("brd_b", ["c1"])).toEqual([]);
  });

  test("a commit that is refused changes nothing, of any brand in it", async () => {
    await store.commit([everything("brd_a", nowhere)]);
    const before = await whole();
    const head = await store.head("brd_a");
    const good = everything("brd_b", nowhere);
    const bad: readonly Writes[] = [
      // A fact whose place is taken, a name that is another's, an answer given before, a fact far ahead.
      writes({
        ...everything("brd_a", head),
        facts: factsAfter(nowhere, ["{}"]),
        answers: new Map(),
        names: new Map(),
      }),
      writes({ expect: head, documents: new Map([["doc/1", 2]]), names: new Map([["pk_1", true]]) }),
      writes({
        expect: head,
        answers: new Map([["key", { bodyHash: "x", reply: "x" }]]),
        counts: new Map([["views", 9]]),
      }),
      writes({ expect: head, privates: new Map([["name/1", null]]), names: new Map([["pk_1", true]]) }),
    ];
    for (const writes of bad) {
      await expect(store.commit([good, writes])).rejects.toThrow();
      expect(await whole()).toEqual(before);
    }
    await store.commit([good]);
    expect((await whole())[1]?.head.seq).toBe(2);
  });

  test("facts decided on an end of the chain that has moved are refused as stale, and all that goes with them", async () => {
    const early = await store.head("brd_a");
    await append(["{}"]);
    const before = await whole();
    await expect(store.commit([{ ...everything("brd_a", early) }])).rejects.toThrow(STALE_HEAD);
    const ahead = { seq: 5, hash: "x" };
    await expect(store.commit([everything("brd_a", ahead)])).rejects.toThrow(STALE_HEAD);
    const other = { ...(await store.head("brd_a")), hash: "another chain" };
    await expect(store.commit([everything("brd_a", other)])).rejects.toThrow(STALE_HEAD);
    expect(await whole()).toEqual(before);
  });

  test("of two who decide on the same end, one is recorded", async () => {
    const second = await engine.open();
    const expectHead = await store.head("brd_a");
    const attempts = [store, second].map((it, index) =>
      it.commit([writes({ expect: expectHead, facts: factsAfter(expectHead, [`{"by":${index}}`]) })]),
    );
    const settled = await Promise.allSettled(attempts);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await second.head("brd_a")).toEqual(await store.head("brd_a"));
    expect((await store.head("brd_a")).seq).toBe(1);
    await second.close();
  });

  test("facts are never changed, removed or replaced, not even by hand", async () => {
    await append(['{"type":"one"}', '{"type":"two"}']);
    const before = await whole();
    const row = `('brd_a', 1, 1, 'x', '{}', 'x')`;
    for (const sql of [
      "update fact set body = '{}'",
      "update fact set seq = seq + 10",
      "update fact set brand = 'brd_b' where seq = 2",
      "update or ignore fact set body = '{}'",
      "update or replace fact set seq = 1 where seq = 2",
      "delete from fact",
      "delete from fact where seq = 2",
      `insert into fact values ${row}`,
      `insert or replace into fact values ${row}`,
      `replace into fact values ${row}`,
      `insert into fact values ${row} on conflict do update set body = excluded.body`,
      "insert into fact values ('brd_a', 0, 1, 'x', '{}', 'x')",
      "insert into fact values ('brd_a', -1, 1, 'x', '{}', 'x')",
    ]) {
      expect(() => engine.byHand(sql), sql).toThrow();
      expect(await whole(), sql).toEqual(before);
    }
  });

  test("facts are read in order, from any place on", async () => {
    await append(Array.from({ length: 25 }, (_, index) => `{"n":${index}}`));
    const seqs = async (after: number, limit: number) =>
      (await store.facts("brd_a", after, limit)).map(({ seq }) => seq);
    expect(await seqs(0, 3)).toEqual([1, 2, 3]);
    expect(await seqs(23, 10)).toEqual([24, 25]);
    expect(await seqs(25, 10)).toEqual([]);
    const [first, second] = await store.facts("brd_a", 0, 2);
    expect(first).toMatchObject({ brand: "brd_a", at: 1_790_000_000_000, by: "brand", body: '{"n":0}' });
    const { hash, ...bare } = second!;
    expect(chained(first!.hash, bare)).toBe(hash);
  });

  test("a document that is put again is replaced, and one that is put to nothing is gone", async () => {
    for (const body of [{ a: 1 }, "text", 7, true, [null], { "": { ключ: "😀" } }]) {
      await store.commit([writes({ documents: new Map([["doc", body]]), privates: new Map([["doc", body]]) })]);
      expect(await store.document("brd_a", "doc")).toEqual(body);
      expect(await store.private("brd_a", "doc")).toEqual(body);
    }
    await store.commit([writes({ documents: new Map([["doc", null]]) })]);
    expect(await store.document("brd_a", "doc")).toBeUndefined();
    expect(await store.private("brd_a", "doc")).toBeDefined();
    await store.commit([writes({ documents: new Map([["doc", null]]), privates: new Map([["doc", null]]) })]);
    expect(await store.private("brd_a", "doc")).toBeUndefined();
  });

  const odd = [
    "a",
    "a/",
    "a/%",
    "a/%25",
    "a/_",
    "a/__",
    "a/'",
    'a/"',
    "a/\\",
    "a/*",
    "a/?",
    "a/[x]",
    "a/b",
    "a/b/c",
    "a/B",
    "a0",
    "A/b",
    "ab/",
    "a/é",
    "a/e\u0301",
    "a/ß",
    "a/日本",
    "a/😀",
    "a/\u{10ffff}",
    "a/\u{10ffff}\u{10ffff}z",
    "a/\uffff",
    "a/\t",
    "a/ ",
    "a/-- drop table fact",
    "b/\u{10ffff}",
  ];
  const utf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

  test.each(["documents", "privates"] as const)("%s are scanned by prefix, both ways, page by page", async (kind) => {
    const all = new Map(odd.map((key, index) => [key, { index }]));
    await store.commit([writes({ [kind]: all }), writes({ brand: "brd_b", [kind]: new Map([["a/of-b", 1]]) })]);
    for (const prefix of ["", "a", "a/", "a/%", "a/_", "a/b", "A", "a/\u{10ffff}", "a/😀", "b/", "c", "a/'"]) {
      const expected = odd.filter((key) => key.startsWith(prefix)).sort(utf8);
      for (const backwards of [false, true]) {
        const keys = backwards ? [...expected].reverse() : expected;
        const range = { prefix, limit: 100, backwards };
        expect(
          (await store[kind]("brd_a", range)).map(([key]) => key),
          `${prefix} ${backwards}`,
        ).toEqual(keys);
        for (const after of keys) {
          const rest = await store[kind]("brd_a", { ...range, after, limit: 2 });
          expect(
            rest.map(([key]) => key),
            `${prefix} after ${after}`,
          ).toEqual(keys.slice(keys.indexOf(after) + 1).slice(0, 2));
        }
      }
    }
    expect(await store[kind]("brd_a", { prefix: "a/b", limit: 0 })).toEqual([]);
  });

  test("whatever the keys, a range is exactly those that start with its prefix, in one order", async () => {
    const brands: string[] = [];
    const key = fc.string({ unit: "binary", maxLength: 6, minLength: 1 }).filter((it) => !it.includes("\0"));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        async (keys, at, cut) => {
          const brand = `brd_${brands.push("") - 1}`;
          await store.commit([writes({ brand, documents: new Map(keys.map((it) => [it, it])) })]);
          const prefix = [...keys[at % keys.length]!].slice(0, cut % 3).join("");
          const found = (await store.documents(brand, { prefix, limit: 100 })).map(([it]) => it);
          expect(found).toEqual(keys.filter((it) => it.startsWith(prefix)).sort(utf8));
          const back = (await store.documents(brand, { prefix, limit: 100, backwards: true })).map(([it]) => it);
          expect(back).toEqual([...found].reverse());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of many touches it tells which are kept, for one brand and not for another", async () => {
    const ids = ["t1", "t2'", "t3"];
    await store.commit([writes({ touches: ids.slice(0, 2).map((id) => touch(id)) })]);
    expect(await store.kept("brd_a", [...ids, "t1"])).toEqual(new Set(["t1", "t2'"]));
    expect([await store.kept("brd_a", []), await store.kept("brd_b", ids)]).toEqual([new Set(), new Set()]);
  });

  test("of many prefixes exactly those are populated that a key of the same brand begins with", async () => {
    const brands: string[] = [];
    const text = fc.string({ unit: "binary", maxLength: 3, minLength: 1 }).filter((it) => !it.includes("\0"));
    const some = fc.uniqueArray(text, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(some, some, some, async (keys, others, prefixes) => {
        const brand = `brd_p${brands.push("")}`;
        await store.commit([
          writes({ brand, documents: new Map(keys.map((it) => [it, 1])) }),
          writes({ brand: `${brand}x`, documents: new Map(others.map((it) => [it, 1])) }),
        ]);
        const asked = [...prefixes, ...keys.map((it) => [...it][0] ?? ""), "visitor/'%_", "ÿ"];
        const begun = asked.filter((it) => keys.some((key) => key.startsWith(it)));
        expect(await store.populated(brand, asked)).toEqual(new Set(begun));
      }),
      { numRuns: 60 },
    );
  });

  test("a touch is kept once, as it first came, and counts once", async () => {
    const seen = new Map([["views", 1]]);
    const first = touch("t1", { visitor: "v1", at: 5, order: 1 }, seen);
    await store.commit([writes({ touches: [first, touch("t1", { visitor: "v2", at: 6, order: 2 }, seen)] })]);
    await store.commit([
      writes({ touches: [touch("t1", { visitor: "v2", robot: true }, seen), touch("t2", { order: 7 }, seen)] }),
    ]);
    expect(await store.touches("brd_a", { visitors: ["v1", "v2"], clicks: ["t1"] }, 0, 100)).toEqual([first.row]);
    expect(await store.count("brd_a", "views")).toBe(2);
    expect(await store.lastOrder()).toBe(7);
    await store.commit([writes({ brand: "brd_b", touches: [touch("t1", { visitor: "v9" }, seen)] })]);
    expect(await store.touches("brd_b", { visitors: ["v9", "v1"], clicks: [] }, 0, 100)).toHaveLength(1);
  });

  test("touches are found by visitor, by click and by their own id, between two instants, both included", async () => {
    const rows = [
      touch("c1", { at: 10, kind: "click", link: "l1", contract: "con_1" }),
      touch("v1@20", { at: 20, visitor: "v1", click: "c1" }),
      touch("v1@30", { at: 30, visitor: "v1" }),
      touch("v2@30", { at: 30, visitor: "v2", click: "c2" }),
      touch("nobody", { at: 30 }),
    ];
    await store.commit([writes({ touches: rows })]);
    const ids = async (visitors: readonly string[], clicks: readonly string[], from = 0, until = 100) =>
      (await store.touches("brd_a", { visitors, clicks }, from, until)).map(({ id }) => id).sort();
    expect(await ids(["v1"], [])).toEqual(["v1@20", "v1@30"]);
    expect(await ids([], ["c1"])).toEqual(["c1", "v1@20"]);
    expect(await ids(["v1", "v2"], ["c1", "c2"])).toEqual(["c1", "v1@20", "v1@30", "v2@30"]);
    expect(await ids(["v1"], ["c1"], 10, 20)).toEqual(["c1", "v1@20"]);
    expect(await ids(["v1"], [], 21, 29)).toEqual([]);
    expect(await ids([], [])).toEqual([]);
    expect(await ids(["v1' or 1=1 --", "%"], ["%"])).toEqual([]);
  });

  test("everybody's touches of some time are swept part by part, once each, in order of time", async () => {
    const rows = Array.from({ length: 23 }, (_, index) =>
      touch(`t${String(index * 7).padStart(3, "0")}`, { at: 10 * Math.floor(index / 6), order: 100 - index }),
    );
    await store.commit([writes({ touches: rows }), writes({ brand: "brd_b", touches: [touch("theirs", { at: 10 })] })]);
    const swept = async (from: number, until: number, limit: number) => {
      const ids: string[] = [];
      let after: NewTouch["row"] | undefined;
      for (;;) {
        const part = await store.sweep("brd_a", { from, until, after, limit });
        ids.push(...part.map(({ id }) => id));
        if (part.length < limit) return ids;
        after = part.at(-1);
      }
    };
    const between = (from: number, until: number) =>
      rows.flatMap(({ row: { id, at } }) => (at >= from && at < until ? [id] : []));
    for (const [from, until] of [
      [0, 100],
      [10, 30],
      [11, 20],
      [30, 31],
      [50, 90],
    ] as const)
      for (const limit of [1, 4, 6, 100]) {
        expect(await swept(from, until, limit), `${from}–${until} by ${limit}`).toEqual(between(from, until));
        expect(await store.touchCount("brd_a", from, until)).toBe(between(from, until).length);
      }
    const [first] = await store.sweep("brd_a", { from: 0, until: 1, limit: 1 });
    expect(first).toEqual(rows[0]?.row);
  });

  test("where another thread may read the same things is a file, once they are on disk", async () => {
    await store.commit([everything("brd_a", nowhere)]);
    const path = await store.location();
    const other = path === null ? store : readSqlite(path);
    expect(await other.head("brd_a")).toEqual(await store.head("brd_a"));
    if (other !== store) await other.close();
  });

  const met = (kind: NewTouch["row"]["kind"], click: string | null, more: Partial<NewTouch["row"]> = {}): NewTouch => {
    const id = `${kind}:${click}:${more.at ?? 100}:${more.visitor ?? ""}`;
    return touch(id, { kind, click, link: "l1", contract: "con_1", visitor: "v1", ...more });
  };

  test("rates count clicks that landed, each once, and those that went on to a call to action or an answer", async () => {
    expect(await store.rates("brd_a", "con_1", 0, 1000)).toEqual({ visits: 0, clicks: 0, engaged: 0 });
    const looked = met("visit", "l1.looked");
    const acted = [met("visit", "l1.acted"), met("cta", "l1.acted"), met("cta", "l1.acted", { at: 101 })];
    const answered = [met("visit", "l1.answered"), met("answer", "l1.answered")];
    const both = [met("visit", "l1.both"), met("cta", "l1.both"), met("answer", "l1.both")];
    const again = met("visit", "l1.looked", { at: 150, visitor: "v2" });
    await store.commit([writes({ touches: [looked, ...acted, ...answered, ...both, again, again, looked] })]);
    const rates = { visits: 4, clicks: 2, engaged: 3 };
    expect(await store.rates("brd_a", "con_1", 0, 1000)).toEqual(rates);
    const beside = [
      touch("l2.click", { kind: "click", link: "l1", contract: "con_1" }),
      met("visit", null, { visitor: "v3" }),
      met("visit", "l1.robot", { robot: true }),
      met("cta", "l1.looked", { robot: true, at: 120 }),
      met("answer", "l1.looked", { at: 121, robot: true }),
      // What never landed in the span did not act in it either.
      met("cta", "l1.nowhere"),
      met("answer", "l1.nowhere"),
      met("visit", "l1.theirs", { contract: "con_2" }),
      met("cta", "l1.nobody", { contract: null, link: "" }),
    ];
    await store.commit([writes({ touches: beside }), writes({ brand: "brd_b", touches: [looked, ...acted] })]);
    expect(await store.rates("brd_a", "con_1", 0, 1000)).toEqual(rates);
    expect(await store.rates("brd_a", "con_2", 0, 1000)).toEqual({ visits: 1, clicks: 0, engaged: 0 });
    expect(await store.rates("brd_b", "con_1", 0, 1000)).toEqual({ visits: 2, clicks: 1, engaged: 1 });
  });

  test("rates are of one span, both ends included: what lies outside neither landed nor acted in it", async () => {
    const touches = [
      met("visit", "l1.first", { at: 10 }),
      met("cta", "l1.first", { at: 20 }),
      met("visit", "l1.last", { at: 19 }),
      met("answer", "l1.last", { at: 21 }),
    ];
    await store.commit([writes({ touches })]);
    const rates = async (from: number, until: number) =>
      Object.values(await store.rates("brd_a", "con_1", from, until));
    expect(await rates(10, 21)).toEqual([2, 1, 2]);
    expect(await rates(10, 20)).toEqual([2, 1, 1]);
    expect(await rates(10, 19)).toEqual([2, 0, 0]);
    expect(await rates(11, 21)).toEqual([1, 0, 1]);
    expect(await rates(20, 21)).toEqual([0, 0, 0]);
  });

  test("landings are what people told who came by a click: each thing once, in one span with both ends", async () => {
    const touches = [
      met("visit", "l1.one", { at: 10 }),
      met("visit", "l1.one", { at: 11 }),
      met("cta", "l1.one", { at: 12 }),
      met("visit", "l1.one", { at: 20, visitor: "v2" }),
      met("visit", "l1.unknown", { at: 20, visitor: null }),
      met("visit", "l1.robot", { at: 15, robot: true }),
      met("visit", null, { at: 15 }),
      touch("l1.only-clicked", { at: 15, kind: "click", link: "l1", contract: "con_1" }),
      met("visit", "l1.theirs", { at: 15, contract: "con_2" }),
      met("visit", "l1.before", { at: 9 }),
      met("visit", "l1.after", { at: 21 }),
    ];
    await store.commit([
      writes({ touches }),
      writes({ brand: "brd_b", touches: [met("visit", "l1.other", { at: 15 })] }),
    ]);
    const landings = await store.landings("brd_a", "con_1", 10, 20);
    const told = landings.map(({ click, visitor, kind }) => `${click} ${visitor} ${kind}`);
    expect(told.sort()).toEqual(["l1.one v1 cta", "l1.one v1 visit", "l1.one v2 visit", "l1.unknown null visit"]);
  });

  test("counters go up by what is added, each for itself", async () => {
    expect(await store.count("brd_a", "views")).toBe(0);
    await store.commit([
      writes({
        counts: new Map([
          ["views", 2],
          ["clicks", 1],
        ]),
      }),
    ]);
    await store.commit([
      writes({ counts: new Map([["views", 40]]) }),
      writes({ brand: "brd_b", counts: new Map([["views", 5]]) }),
    ]);
    expect(await Promise.all(["views", "clicks"].map((key) => store.count("brd_a", key)))).toEqual([42, 1]);
    expect(await store.count("brd_b", "views")).toBe(5);
  });

  test("an answer is kept letter by letter, and a name belongs to one brand for good", async () => {
    const reply = '{"a":"\\u0000 ü 😀 \\ud800"}\n';
    await store.commit([
      writes({ answers: new Map([["k", { bodyHash: "h", reply }]]), names: new Map([["link1", true]]) }),
    ]);
    expect(await store.answered("brd_a", "k")).toEqual({ bodyHash: "h", reply });
    expect(await store.answered("brd_b", "k")).toBeUndefined();
    await expect(store.commit([writes({ brand: "brd_b", names: new Map([["link1", true]]) })])).rejects.toThrow();
    expect(await store.brandOf("link1")).toBe("brd_a");
    expect(await store.brandOf("LINK1")).toBeUndefined();
  });

  test("everything is there after it was closed and opened again", async () => {
    await store.commit([everything("brd_a", nowhere), everything("brd_b", nowhere)]);
    const before = await whole();
    await store.close();
    store = await engine.open();
    expect(await whole()).toEqual(before);
    expect(await store.brands()).toEqual(["brd_a", "brd_b"]);
    await append(["{}"]);
    expect((await store.head("brd_a")).seq).toBe(3);
  });

  test("a second reader sees every commit that was answered", async () => {
    const second = await engine.open();
    for (let index = 1; index <= 20; index += 1) {
      await append([`{"n":${index}}`]);
      expect((await second.head("brd_a")).seq).toBe(index);
    }
    await second.close();
  });

  test("whoever holds the store is written to by nobody else, until the next commit or release", async () => {
    const other = new DatabaseSync((await store.location()) ?? "", { timeout: 0 });
    const write = () => other.exec("insert into name (name, brand) values ('held-' || random(), 'brd_b')");
    await store.hold();
    expect(write).toThrow("locked");
    await store.commit([everything("brd_a", nowhere)]);
    write();
    await store.hold();
    await expect(store.commit([writes({ expect: nowhere, facts: factsAfter(nowhere, ["{}"]) })])).rejects.toThrow(
      STALE_HEAD,
    );
    write();
    await store.hold();
    await store.release();
    await store.release();
    write();
    other.close();
    expect((await store.head("brd_a")).seq).toBe(2);
  });

  test("who drew a brand's documents is noted with them, and nobody is when it was never said", async () => {
    expect(await store.drawn("brd_a")).toBe(0);
    await store.commit([writes({ drawnBy: 3 }), writes({ brand: "brd_b" })]);
    await store.commit([writes({ touches: [touch("t1")] })]);
    expect([await store.drawn("brd_a"), await store.drawn("brd_b")]).toEqual([3, 0]);
  });

  test("a key answered by somebody else meanwhile is to be decided again, also when nothing was recorded", async () => {
    const answers = (reply: string) => writes({ answers: new Map([["key", { bodyHash: "h", reply }]]) });
    await store.commit([answers("first")]);
    await expect(store.commit([answers("second")])).rejects.toThrow(STALE_HEAD);
    expect(await store.answered("brd_a", "key")).toEqual({ bodyHash: "h", reply: "first" });
  });

  test("commits are written in the order in which they were asked for, and none once it is closed", async () => {
    const many = Array.from({ length: 40 }, (_, n) => writes({ privates: new Map([["last", n]]) }));
    await Promise.all(many.map((it) => store.commit([it])));
    expect(await store.private("brd_a", "last")).toBe(39);
    await store.close();
    await expect(store.commit([writes()])).rejects.toThrow();
    store = await engine.open();
  });
});
