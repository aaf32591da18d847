import type { DatabaseSync } from "node:sqlite";
import type { Json } from "../../shared/kit/canonical.ts";
import { type Head, type Recorded, STALE_HEAD, type Store, type TouchRow, type Writes } from "./store.ts";

type Row = Record<string, string | number | null>;

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
  // Thousands of touches add to a few counters: each is written once for all of them.
  return ({ brand, touches }: Writes): void => {
    const sums = new Map<string, number>();
    for (const { row, counts } of touches)
      if (isNew(brand, row)) for (const [key, by] of counts) sums.set(key, (sums.get(key) ?? 0) + by);
    count(brand, sums);
  };
};

const smallWriter = (database: DatabaseSync) => {
  const answer = database.prepare(
    "insert into answer (brand, key, body_hash, reply) values (?, ?, ?, ?) on conflict do nothing",
  );
  const name = database.prepare("insert into name (name, brand) values (?, ?)");
  const drawn = database.prepare(
    "insert into drawn (brand, version) values (?, ?) on conflict (brand) do update set version = excluded.version",
  );
  return ({ brand, answers, names, drawnBy }: Writes): void => {
    // Answered meanwhile by another process, perhaps with nothing recorded: whoever decides again finds that answer.
    for (const [key, { bodyHash, reply }] of answers)
      if (answer.run(brand, key, bodyHash, reply).changes === 0) throw new Error(STALE_HEAD);
    for (const it of names.keys()) name.run(it, brand);
    if (drawnBy !== undefined) drawn.run(brand, drawnBy);
  };
};

const headReader = (database: DatabaseSync) => {
  const last = database.prepare("select seq, hash from fact where brand = ? order by seq desc limit 1");
  return (brand: string): Head => {
    const row = last.get(brand) as Row | undefined;
    return row ? { seq: Number(row.seq), hash: String(row.hash) } : { seq: 0, hash: "" };
  };
};

const writer = (database: DatabaseSync) => {
  const head = headReader(database);
  const facts = factWriter(database);
  const documents = upserts(database, "document");
  const privates = upserts(database, "private");
  const count = counter(database);
  const touches = touchWriter(database, count);
  const small = smallWriter(database);
  return (writes: Writes): void => {
    if (writes.facts.length > 0 && head(writes.brand).hash !== writes.expect.hash) throw new Error(STALE_HEAD);
    facts(writes.facts);
    documents(writes.brand, writes.documents);
    privates(writes.brand, writes.privates);
    touches(writes);
    count(writes.brand, writes.counts);
    small(writes);
  };
};

/** What changes the file, on one connection: a commit begins and ends its transaction, unless one was held before. */
export interface Committer {
  hold(): void;
  release(): void;
  commit(batch: readonly Writes[]): void;
}

/** Open what writes on a connection. All of a batch is written or nothing is. */
export const committerOn = (database: DatabaseSync): Committer => {
  const write = writer(database);
  const hold = (): void => {
    if (!database.isTransaction) database.exec("begin immediate");
  };
  // Where the disk failed the database may have rolled back already, and saying so again would hide what it failed on.
  const release = (): void => {
    if (database.isTransaction) database.exec("rollback");
  };
  const commit = (batch: readonly Writes[]): void => {
    hold();
    try {
      for (const writes of batch) write(writes);
      database.exec("commit");
    } finally {
      release();
    }
  };
  return { hold, release, commit };
};

/** The same as a store does it, in this thread. */
export const writingHere = ({ hold, release, commit }: Committer): Pick<Store, "hold" | "release" | "commit"> => ({
  hold: async () => hold(),
  release: async () => release(),
  commit: async (batch) => commit(batch),
});
