import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json } from "../../shared/kit/canonical.ts";
import type { Result } from "../../shared/kit/shape.ts";
import type { Drawing, Redrawable } from "./store.ts";

const MOST_HELD = 4096;

interface Held {
  readonly body: Json | null;
  readonly isNew: boolean;
}

const statements = (database: DatabaseSync) => ({
  get: database.prepare("select body from document where brand = ? and key = ?"),
  put: database.prepare(
    "insert into document (brand, key, body) values (?, ?, ?) on conflict (brand, key) do update set body = excluded.body",
  ),
  remove: database.prepare("delete from document where brand = ? and key = ?"),
  clear: database.prepare("delete from document where brand = ?"),
  mark: database.prepare(
    "insert into drawn (brand, version) values (?, ?) on conflict (brand) do update set version = excluded.version",
  ),
});

type Statements = Readonly<Record<keyof ReturnType<typeof statements>, StatementSync>>;

/** A brand's documents while they are drawn: those touched last are held in memory, so many and no more. */
const drawing = ({ get, put, remove }: Statements, brand: string) => {
  const held = new Map<string, Held>();
  const write = (key: string, { body, isNew }: Held): void => {
    if (!isNew) return;
    if (body === null) remove.run(brand, key);
    else put.run(brand, key, JSON.stringify(body));
  };
  const hold = (key: string, it: Held): void => {
    held.delete(key);
    held.set(key, it);
    const [oldest] = held;
    if (held.size <= MOST_HELD || !oldest) return;
    held.delete(oldest[0]);
    write(...oldest);
  };
  const stored = (key: string): Json | null => {
    const row = get.get(brand, key) as { readonly body: string } | undefined;
    return row ? JSON.parse(row.body) : null;
  };
  const book: Drawing = {
    document: async (key) => {
      const it = held.get(key) ?? { body: stored(key), isNew: false };
      hold(key, it);
      return it.body ?? undefined;
    },
    put: (key, body) => hold(key, { body, isNew: true }),
  };
  const finish = (): void => {
    for (const [key, it] of held) write(key, it);
  };
  return { book, finish };
};

/** Replace all documents of a brand in one transaction: whoever reads, and whoever is killed, finds the old or the new. */
export const redrawOn = (database: DatabaseSync): Redrawable["redraw"] => {
  const made = statements(database);
  return async <Value, No>(
    brand: string,
    version: number,
    draw: (book: Drawing) => Promise<Result<Value, No>>,
  ): Promise<Result<Value, No>> => {
    database.exec("begin immediate");
    try {
      made.clear.run(brand);
      const { book, finish } = drawing(made, brand);
      const done = await draw(book);
      if (!done.ok) return done;
      finish();
      made.mark.run(brand, version);
      database.exec("commit");
      return done;
    } finally {
      if (database.isTransaction) database.exec("rollback");
    }
  };
};
