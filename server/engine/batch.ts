import { setImmediate as breath } from "node:timers/promises";
import type { Result } from "../../shared/kit/shape.ts";
import { type NewTouch, STALE_HEAD, type Store, type TouchRow, type Writes } from "../store/store.ts";
import { isUnknown, overtaken, troubleOf } from "../store/trouble.ts";
import type { Committed, Work } from "./record.ts";
import { type BatchUnit, openUnit, type Unit } from "./unit.ts";

/** A decision somebody waits for. */
export interface Waiting {
  readonly brand: string;
  readonly work: Work<unknown>;
  readonly resolve: (result: Result<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/** Touches on their way to the disk. */
export interface Taken {
  readonly brand: string;
  readonly touches: readonly TouchRow[];
  readonly counts: ReadonlyMap<string, number>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work that must follow from touches just taken in, such as judging anew what a late touch concerns. `told` are all that
 * arrived together, these among them.
 */
export type Follow = (unit: Unit, touches: readonly TouchRow[], told: readonly TouchRow[]) => Promise<Result<unknown>>;

/** What a batch needs of the world. */
export interface Surroundings {
  readonly store: Store;
  readonly now: () => number;
  readonly follow: Follow;
}

/** What became of one decision: a result, or the error it ended in. */
export interface Decided {
  readonly waiting: Waiting;
  readonly result: Result<unknown> | undefined;
  readonly error: unknown;
}

/** What became of a batch that is on disk. */
export interface Done {
  readonly decided: readonly Decided[];
  readonly committed: readonly Committed[];
  /** What following up on touches ended in. */
  readonly failures: readonly unknown[];
}

interface Opened {
  readonly batch: BatchUnit;
  readonly arriving: readonly TouchRow[];
  readonly touches: readonly NewTouch[];
}

const attempt = async (batch: BatchUnit, waiting: Waiting): Promise<Decided> => {
  batch.begin();
  try {
    const result = await waiting.work(batch.unit);
    if (result.ok) batch.keep();
    else batch.drop();
    return { waiting, result, error: undefined };
  } catch (error) {
    batch.drop();
    return { waiting, result: undefined, error };
  }
};

/** Each touch once, as it first came. */
const firstOf = (rows: readonly TouchRow[]): readonly TouchRow[] => [
  ...new Map([...rows].reverse().map((row) => [row.id, row])).values(),
];

const nothing: ReadonlyMap<string, number> = new Map();

const counting = ({ touches, counts }: Taken): readonly NewTouch[] =>
  touches.map((row, index) => ({ row, counts: index === touches.length - 1 ? counts : nothing }));

const unitsOf = async ({ store, now }: Surroundings, taken: readonly Taken[], waiting: readonly Waiting[]) => {
  const units = new Map<string, Opened>();
  for (const brand of new Set([...taken, ...waiting].map((it) => it.brand))) {
    const mine = taken.filter((it) => it.brand === brand);
    const arriving = firstOf(mine.flatMap((it) => it.touches));
    const batch = openUnit({ store, brand, head: await store.head(brand), now: now(), arriving });
    for (const { touches, counts } of mine)
      if (touches.length === 0) for (const [key, by] of counts) batch.unit.add(key, by);
    units.set(brand, { batch, arriving, touches: mine.flatMap(counting) });
  }
  return units;
};

type Units = Awaited<ReturnType<typeof unitsOf>>;

/** Follow up on touches: all of them, or, where that fails, half by half, so that one person's fault costs nobody else. */
const following = async (
  around: Surroundings,
  opened: Opened,
  touches: readonly TouchRow[],
): Promise<readonly unknown[]> => {
  if (touches.length === 0) return [];
  const { batch, arriving } = opened;
  const work = (unit: Unit) => around.follow(unit, touches, arriving);
  const { error } = await attempt(batch, { brand: batch.unit.brand, work, resolve: () => {}, reject: () => {} });
  if (!error) return [];
  // Nothing remembers what was to follow: while the disk cannot be read the touches themselves wait.
  if (troubleOf(error)) throw error;
  if (touches.length === 1) return [error];
  const half = Math.ceil(touches.length / 2);
  const first = await following(around, opened, touches.slice(0, half));
  return [...first, ...(await following(around, opened, touches.slice(half)))];
};

const followedUp = async (around: Surroundings, units: Units): Promise<readonly unknown[]> => {
  const failures: unknown[] = [];
  for (const opened of units.values()) failures.push(...(await following(around, opened, opened.arriving)));
  return failures;
};

const SLICE_MS = 8;

/** One after another; whoever else is served by this thread, such as someone who follows a link, gets a turn in between. */
const decidedOn = async (units: Units, waiting: readonly Waiting[]): Promise<readonly Decided[]> => {
  const decided: Decided[] = [];
  let since = performance.now();
  for (const it of waiting) {
    decided.push(await attempt((units.get(it.brand) as Opened).batch, it));
    if (performance.now() - since < SLICE_MS) continue;
    await breath();
    since = performance.now();
  }
  return decided;
};

/** Is a batch on disk after all? It is there whole or not at all, and its facts tell. */
const isThere = async (store: Store, writes: readonly Writes[]): Promise<boolean> => {
  const last = writes.findLast(({ facts }) => facts.length > 0)?.facts.at(-1);
  if (!last) return false;
  const [there] = await store.facts(last.brand, last.seq - 1, 1);
  return there?.hash === last.hash;
};

const runBatch = async (around: Surroundings, taken: readonly Taken[], waiting: readonly Waiting[]): Promise<Done> => {
  const units = await unitsOf(around, taken, waiting);
  const failures = await followedUp(around, units);
  const decided = await decidedOn(units, waiting);
  const writes: readonly Writes[] = [...units.values()].map(({ batch, touches }) => batch.writes(touches));
  await around.store.commit(writes).catch(async (error: unknown) => {
    if (!(isUnknown(error) && (await isThere(around.store, writes)))) throw error;
  });
  const committed = [...units.values()].map(
    ({ batch }): Committed => ({ brand: batch.unit.brand, entries: batch.entries() }),
  );
  return { decided, committed, failures };
};

const isStale = (error: unknown): boolean => error instanceof Error && error.message === STALE_HEAD;

/** While nobody else can write. The commit ends that; whatever comes before it and fails must end it as well. */
const runAlone = async (around: Surroundings, taken: readonly Taken[], waiting: readonly Waiting[]): Promise<Done> => {
  await around.store.hold();
  try {
    return await runBatch(around, taken, waiting);
  } catch (error) {
    await around.store.release().catch(() => {});
    throw error;
  }
};

const MOST_OVERTAKEN = 3;

/**
 * Decide a batch and put it on disk. Where another process wrote to the same brand in between, everything is decided
 * again on what it left; who is overtaken again and again lets nobody else write meanwhile.
 */
export const settled = async (
  around: Surroundings,
  taken: readonly Taken[],
  waiting: readonly Waiting[],
): Promise<Done> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await (tries > MOST_OVERTAKEN ? runAlone : runBatch)(around, taken, waiting);
    } catch (error) {
      if (!isStale(error)) throw error;
      if (tries > MOST_OVERTAKEN + 1) throw overtaken();
    }
  }
};
