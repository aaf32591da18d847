import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mature } from "../../server/engine/clock.ts";
import { followTouches } from "../../server/engine/react.ts";
import { type Reader, readerOf } from "../../server/engine/reader.ts";
import { type Arriving, openRecord, type Work, type Record as Writer } from "../../server/engine/record.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import type { Store } from "../../server/store/store.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import type { Chance } from "./chance.ts";
import { type Disk, diskOf, type Mishap, mishaps, Trouble } from "./disk.ts";

/** The engine alone, on a disk that fails and a clock the year turns. What it answers has been answered for good. */
export interface Engine {
  readonly clock: { at: number };
  /** Decide something; whoever got no answer asks again, under the same key. */
  decide<Value>(brand: string, key: string | undefined, work: Work<Value>): Promise<Result<Value>>;
  take(brand: string, touches: readonly Arriving[]): Promise<void>;
  /** Do something with the store and the writer, and do it again when the process died over it. */
  attempt<Value>(work: (store: Store, record: Writer) => Promise<Value>): Promise<Value>;
  mature(): Promise<void>;
  /** Let something go wrong soon. */
  trip(): void;
  reader(brand: string): Reader;
  store(): Store;
  readonly mishaps: Map<Mishap, number>;
  /** What the engine warned of, other than its own death. */
  readonly warned: unknown[];
  close(): Promise<void>;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As at the doors: what came before under the same key is answered the same, and not done again. */
const once =
  <Value>(key: string, work: Work<Value>): Work<Value> =>
  async (unit) => {
    const scope = sha256(key);
    const before = await unit.answered(scope);
    if (before) return ok(JSON.parse(before.reply) as Value);
    const done = await work(unit);
    if (done.ok)
      unit.answer(scope, { bodyHash: sha256(`body ${key}`), reply: JSON.stringify((done.value ?? null) as Json) });
    return done;
  };

const MOST_TRIES = 12;

/** Open the engine: in memory, or in a file that is opened again after each crash. */
export const openEngine = async (chance: Chance, onFile: boolean, at: number): Promise<Engine> => {
  const folder = onFile ? mkdtempSync(join(tmpdir(), "makegood-year-")) : undefined;
  const path = folder ? join(folder, "makegood.sqlite") : ":memory:";
  const clock = { at };
  const warned: unknown[] = [];
  const counts = new Map<Mishap, number>();
  let inner = openSqlite(path);
  let disk: Disk = diskOf(inner, chance);
  let record: Writer;
  const begin = async (): Promise<void> => {
    const own = disk;
    const warn = (error: unknown): void => void (own.isDead() || warned.push(error));
    record = openRecord({
      store: own.store,
      now: () => clock.at,
      follow: followTouches,
      order: await inner.lastOrder(),
      warn,
    });
  };
  const revive = async (): Promise<void> => {
    if (onFile) {
      await inner.close();
      inner = openSqlite(path);
    }
    disk = diskOf(inner, chance);
    await begin();
  };
  let reviving: Promise<void> | undefined;
  const reopen = async (): Promise<void> => {
    for (const how of disk.came()) counts.set(how, (counts.get(how) ?? 0) + 1);
    // Whoever else was waiting for the same process waits for the same one to come up.
    if (disk.isDead()) reviving ??= revive().finally(() => (reviving = undefined));
    await reviving;
  };
  const attempt: Engine["attempt"] = async (work) => {
    for (let tries = 1; ; tries += 1) {
      try {
        const done = await work(disk.store, record);
        if (!disk.isDead()) return done;
      } catch (error) {
        const isTrouble = disk.isDead() || error instanceof Trouble;
        if (!isTrouble && !(error instanceof AggregateError && error.errors.every((it) => it instanceof Trouble)))
          throw error;
        if (tries >= MOST_TRIES) throw error;
      }
      await reopen();
    }
  };
  await begin();
  return {
    clock,
    attempt,
    decide: (brand, key, work) => attempt((_, it) => it.decide(brand, key === undefined ? work : once(key, work))),
    take: (brand, touches) => attempt((_, it) => it.take(brand, touches)),
    mature: async () => void (await attempt((store, it) => mature(store, it, clock.at))),
    trip: () => disk.arm(chance.pick(mishaps), chance.between(1, 40)),
    reader: (brand) => readerOf(inner, brand),
    store: () => inner,
    mishaps: counts,
    warned,
    close: async () => {
      await inner.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
};
