import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Rates } from "../../shared/judge/reward.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { committingAside } from "./sqlite.aside.ts";
import { openDatabase } from "./sqlite.database.ts";
import { redrawOn } from "./sqlite.redraw.ts";
import { type Row, touchReader } from "./sqlite.touches.ts";
import { committerOn, writingHere } from "./sqlite.write.ts";
import type { Head, Landing, Range, Recorded, Redrawable, Store } from "./store.ts";

const pair = (row: Row): readonly [string, Json] => [String(row.key), JSON.parse(String(row.body))];

/** What a range of keys stops before: keys are ordered as bytes of UTF-8, where no letter begins with this one. */
const pastPrefix = (prefix: string): Uint8Array => Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]);

const ranged = (database: DatabaseSync, table: "document" | "private") => {
  const select = (order: string, after: string): StatementSync =>
    database.prepare(
      `select key, body from ${table} where brand = ? and key >= ? and key < cast(? as text) and key ${after} cast(? as text) order by key ${order} limit ?`,
    );
  const [forwards, backwards] = [select("asc", ">"), select("desc", "<")];
  return async (brand: string, { prefix, after, limit, backwards: back }: Range) => {
    const end = pastPrefix(prefix);
    const rows = back
      ? backwards.all(brand, prefix, end, after ?? end, limit)
      : forwards.all(brand, prefix, end, after ?? "", limit);
    return (rows as Row[]).map(pair);
  };
};

// One question for a whole batch of touches: most people never converted, and asking after each costs more than the touch.
const populatedReader = (database: DatabaseSync) => {
  const some = database.prepare(`select it.key from json_each(?) as it where exists (
    select 1 from document where brand = ? and key >= it.value and key < it.value || cast(x'ff' as text))`);
  return (brand: string, prefixes: readonly string[]): ReadonlySet<string> =>
    new Set((some.all(JSON.stringify(prefixes), brand) as Row[]).flatMap(({ key }) => prefixes[Number(key)] ?? []));
};

const keptReader = (database: DatabaseSync) => {
  const some = database.prepare(
    "select it.value from json_each(?) as it where exists (select 1 from touch where brand = ? and id = it.value)",
  );
  return (brand: string, touches: readonly string[]): ReadonlySet<string> =>
    new Set((some.all(JSON.stringify(touches), brand) as Row[]).map(({ value }) => String(value)));
};

// Many contracts close at one midnight: each reads its own part of an index, and not all of a brand's touches.
const ratesReader = (database: DatabaseSync) => {
  const met = database.prepare(`select
    count(*) as visits, coalesce(sum(clicked), 0) as clicks, coalesce(sum(clicked or answered), 0) as engaged
    from (select max(kind = 'visit') as landed, max(kind = 'cta') as clicked, max(kind = 'answer') as answered
      from touch indexed by touch_met where brand = ? and contract = ? and robot = 0 and click is not null and at between ? and ?
      group by click) where landed`);
  return (brand: string, contract: string, from: number, until: number): Rates => {
    const { visits, clicks, engaged } = met.get(brand, contract, from, until) as Row;
    return { visits: Number(visits), clicks: Number(clicks), engaged: Number(engaged) };
  };
};

const landingReader = (database: DatabaseSync) => {
  const told = database.prepare(`select distinct click, visitor, kind from touch indexed by touch_met
    where brand = ? and contract = ? and robot = 0 and click is not null and at between ? and ?`);
  return (brand: string, contract: string, from: number, until: number): readonly Landing[] =>
    (told.all(brand, contract, from, until) as Row[]).map(({ click, visitor, kind }) => ({
      click: String(click),
      visitor: visitor === null ? null : String(visitor),
      kind: kind as Landing["kind"],
    }));
};

const factReader = (database: DatabaseSync) => {
  const last = database.prepare("select seq, hash from fact where brand = ? order by seq desc limit 1");
  const some = database.prepare("select * from fact where brand = ? and seq > ? order by seq limit ?");
  // One step of an index for each brand, where `distinct` would read every fact.
  const all = database.prepare(`with recursive it(brand) as (
    select min(brand) from (select min(brand) as brand from fact union all select min(brand) from document)
    union all select (select min(brand) from (select min(brand) as brand from fact where brand > it.brand
      union all select min(brand) from document where brand > it.brand)) from it where brand is not null
  ) select brand from it where brand is not null`);
  return {
    head: (brand: string): Head => {
      const row = last.get(brand) as Row | undefined;
      return row ? { seq: Number(row.seq), hash: String(row.hash) } : { seq: 0, hash: "" };
    },
    facts: (brand: string, after: number, limit: number) => some.all(brand, after, limit) as unknown as Recorded[],
    brands: () => (all.all() as Row[]).map((row) => String(row.brand)),
  };
};

// A file that was last written before there was this table can still be read.
const drawnReader = (database: DatabaseSync) => {
  const there = database.prepare("select 1 from sqlite_schema where type = 'table' and name = 'drawn'");
  let version: StatementSync | undefined;
  return (brand: string): number => {
    if (!version && there.get() !== undefined) version = database.prepare("select version from drawn where brand = ?");
    return Number((version?.get(brand) as Row | undefined)?.version ?? 0);
  };
};

type Writing = Pick<Store, "hold" | "release" | "commit">;

const reading = (database: DatabaseSync): Omit<Store, keyof Writing | "close"> => {
  const facts = factReader(database);
  const touches = touchReader(database);
  const rates = ratesReader(database);
  const landings = landingReader(database);
  const one = (sql: string) => database.prepare(sql);
  const [document, secret] = [
    one("select body from document where brand = ? and key = ?"),
    one("select body from private where brand = ? and key = ?"),
  ];
  const [total, answer] = [
    one("select total from counter where brand = ? and key = ?"),
    one("select body_hash, reply from answer where brand = ? and key = ?"),
  ];
  const [name, last] = [one("select brand from name where name = ?"), one("select max(ord) as ord from touch")];
  const drawn = drawnReader(database);
  const populated = populatedReader(database);
  const kept = keptReader(database);
  const parsed = (row: Row | undefined): Json | undefined => (row ? JSON.parse(String(row.body)) : undefined);
  return {
    head: async (brand) => facts.head(brand),
    facts: async (brand, after, limit) => facts.facts(brand, after, limit),
    document: async (brand, key) => parsed(document.get(brand, key) as Row | undefined),
    documents: ranged(database, "document"),
    populated: async (brand, prefixes) => populated(brand, prefixes),
    kept: async (brand, touches) => kept(brand, touches),
    private: async (brand, key) => parsed(secret.get(brand, key) as Row | undefined),
    privates: ranged(database, "private"),
    ...touches,
    rates: async (brand, contract, from, until) => rates(brand, contract, from, until),
    landings: async (brand, contract, from, until) => landings(brand, contract, from, until),
    count: async (brand, key) => Number((total.get(brand, key) as Row | undefined)?.total ?? 0),
    answered: async (brand, key) => {
      const row = answer.get(brand, key) as Row | undefined;
      return row && { bodyHash: String(row.body_hash), reply: String(row.reply) };
    },
    brandOf: async (it) => (name.get(it) as Row | undefined)?.brand as string | undefined,
    brands: async () => facts.brands(),
    lastOrder: async () => Number((last.get() as Row | undefined)?.ord ?? 0),
    drawn: async (brand) => drawn(brand),
    damage: async () => {
      const found = String((database.prepare("pragma integrity_check(1)").get() as Row).integrity_check);
      return found === "ok" ? undefined : found.replaceAll(/\s+/g, " ");
    },
    location: async () => database.location(),
  };
};

const storeOn = (database: DatabaseSync): Store => ({
  ...reading(database),
  ...writingHere(committerOn(database)),
  close: async () => database.close(),
});

/** The embedded store: one SQLite file (or `:memory:`), through `node:sqlite`. Whoever writes waits for the disk. */
export const openSqlite = (path: string): Store => storeOn(openDatabase(path));

/**
 * The same file, written by a thread of its own: whoever waits for the disk, or for another process that writes, waits
 * there, and what this thread serves goes on. Read here, as of the last commit that was answered.
 */
export const openSqliteAside = (path: string): Store => {
  const database = openDatabase(path);
  const { end, ...writing } = committingAside(path);
  const close = async (): Promise<void> => {
    await end();
    database.close();
  };
  return { ...reading(database), ...writing, close };
};

/** The same, by whoever has the file alone and draws its views anew. */
export const redrawSqlite = (path: string): Redrawable => {
  const database = openDatabase(path);
  return { ...storeOn(database), redraw: redrawOn(database) };
};

/** The store as it stands at the first read, whatever others write meanwhile; nothing can be written through it. */
export const readSqlite = (path: string): Store => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  database.exec("begin");
  return storeOn(database);
};
