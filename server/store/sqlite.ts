import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Rates } from "../../shared/judge/reward.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { schema } from "./sqlite.schema.ts";
import { type Row, touchReader } from "./sqlite.touches.ts";
import {
  type Head,
  type Landing,
  type Range,
  type Recorded,
  STALE_HEAD,
  type Store,
  type TouchRow,
  type Writes,
} from "./store.ts";

const open = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 5000 });
  // FULL: an answered request survives a power cut. recursive_triggers: without it INSERT OR REPLACE slips past the
  // triggers that keep facts as they are.
  database.exec(
    "pragma journal_mode=wal; pragma synchronous=full; pragma recursive_triggers=on; pragma foreign_keys=on;",
  );
  database.exec(schema);
  return database;
};

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

const upserts = (database: DatabaseSync, table: "document" | "private") => {
  const put = database.prepare(
    `insert into ${table} (brand, key, body) values (?, ?, ?) on conflict (brand, key) do update set body = excluded.body`,
  );
  const remove = database.prepare(`delete from ${table} where brand = ? and key = ?`);
  return (brand: string, changes: ReadonlyMap<string, Json | null>): void => {
    for (const [key, body] of changes) {
      if (body === null) remove.run(brand, key);
      else put.run(brand, key, JSON.stringify(body));
    }
  };
};

const factWriter = (database: DatabaseSync) => {
  const insert = database.prepare('insert into fact (brand, seq, at, "by", body, hash) values (?, ?, ?, ?, ?, ?)');
  return (facts: readonly Recorded[]): void => {
    for (const { brand, seq, at, by, body, hash } of facts) insert.run(brand, seq, at, by, body, hash);
  };
};

type Count = (brand: string, counts: ReadonlyMap<string, number>) => void;

const counter = (database: DatabaseSync): Count => {
  const add = database.prepare(
    "insert into counter (brand, key, total) values (?, ?, ?) on conflict (brand, key) do update set total = total + excluded.total",
  );
  return (brand, counts) => {
    for (const [key, by] of counts) add.run(brand, key, by);
  };
};

const touchWriter = (database: DatabaseSync, count: Count) => {
  const insert = database.prepare(
    "insert into touch (brand, id, at, ord, visitor, click, kind, link, contract, robot) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
  );
  const isNew = (brand: string, it: TouchRow): boolean => {
    const row = [it.id, it.at, it.order, it.visitor, it.click, it.kind, it.link, it.contract, it.robot ? 1 : 0];
    return insert.run(brand, ...row).changes > 0;
  };
  return ({ brand, touches }: Writes): void => {
    for (const { row, counts } of touches) if (isNew(brand, row)) count(brand, counts);
  };
};

const smallWriter = (database: DatabaseSync) => {
  const answer = database.prepare("insert into answer (brand, key, body_hash, reply) values (?, ?, ?, ?)");
  const name = database.prepare("insert into name (name, brand) values (?, ?)");
  return ({ brand, answers, names }: Writes): void => {
    for (const [key, { bodyHash, reply }] of answers) answer.run(brand, key, bodyHash, reply);
    for (const it of names.keys()) name.run(it, brand);
  };
};

const committer = (database: DatabaseSync, head: (brand: string) => Head) => {
  const facts = factWriter(database);
  const documents = upserts(database, "document");
  const privates = upserts(database, "private");
  const count = counter(database);
  const touches = touchWriter(database, count);
  const small = smallWriter(database);
  const write = (writes: Writes): void => {
    if (writes.facts.length > 0 && head(writes.brand).hash !== writes.expect.hash) throw new Error(STALE_HEAD);
    facts(writes.facts);
    documents(writes.brand, writes.documents);
    privates(writes.brand, writes.privates);
    touches(writes);
    count(writes.brand, writes.counts);
    small(writes);
  };
  return async (batch: readonly Writes[]): Promise<void> => {
    database.exec("begin immediate");
    try {
      for (const writes of batch) write(writes);
      database.exec("commit");
    } catch (error) {
      database.exec("rollback");
      throw error;
    }
  };
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

const storeOn = (database: DatabaseSync): Store => {
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
  const parsed = (row: Row | undefined): Json | undefined => (row ? JSON.parse(String(row.body)) : undefined);
  return {
    head: async (brand) => facts.head(brand),
    facts: async (brand, after, limit) => facts.facts(brand, after, limit),
    document: async (brand, key) => parsed(document.get(brand, key) as Row | undefined),
    documents: ranged(database, "document"),
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
    commit: committer(database, facts.head),
    location: async () => database.location(),
    close: async () => database.close(),
  };
};

/** The embedded store: one SQLite file (or `:memory:`), through `node:sqlite`. */
export const openSqlite = (path: string): Store => storeOn(open(path));

/** The store as it stands at the first read, whatever others write meanwhile; nothing can be written through it. */
export const readSqlite = (path: string): Store => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  database.exec("begin");
  return storeOn(database);
};
