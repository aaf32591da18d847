import type { Entry } from "../../shared/fact.ts";
import type { Result } from "../../shared/kit/shape.ts";
import { type NewTouch, STALE_HEAD, type Store, type TouchRow, type Writes } from "../store/store.ts";
import { type BatchUnit, openUnit, type Unit } from "./unit.ts";

/** Something to decide for one brand: reads the unit, records facts, answers. A refusal leaves nothing behind. */
export type Work<Value> = (unit: Unit) => Promise<Result<Value>>;

/** A touch on its way in: all but its place in the order of arrival. */
export type Arriving = Omit<TouchRow, "order">;

/** What a batch put on disk, told to whoever shows it. */
export interface Committed {
  readonly brand: string;
  readonly entries: readonly Entry[];
}

/** The one writer. What it answers is on disk. */
export interface Record {
  /** Decide something, in turn, with everything decided before in sight. */
  decide<Value>(brand: string, work: Work<Value>): Promise<Result<Value>>;
  /**
   * Take in touches without deciding anything; resolves when they are on disk. The counts go up when the last of the
   * touches is new, or when there is none.
   */
  take(brand: string, touches: readonly Arriving[], counts?: ReadonlyMap<string, number>): Promise<void>;
  /** Hear of every commit, in order. Answers how to stop hearing. */
  onCommit(hear: (committed: Committed) => void): () => void;
  /** Resolves when everything handed in so far has been answered. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly brand: string;
  readonly work: Work<unknown>;
  readonly resolve: (result: Result<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

interface Taken {
  readonly brand: string;
  readonly touches: readonly TouchRow[];
  readonly counts: ReadonlyMap<string, number>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST_DECISIONS = 256;
const MOST_TAKEN = 4096;
const MOST_TRIES = 5;
const GATHER_MS = 2;

interface Decided {
  readonly waiting: Waiting;
  readonly result: Result<unknown> | undefined;
  readonly error: unknown;
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

/** Work that must follow from touches just taken in, such as judging anew what a late touch concerns. */
export type Follow = (unit: Unit, touches: readonly TouchRow[]) => Promise<Result<unknown>>;

interface Options {
  readonly store: Store;
  readonly now: () => number;
  readonly follow: Follow;
  /** Told when following up on touches failed: the touches are kept, and judged with the next ones. */
  readonly warn: (error: unknown) => void;
}

interface Opened {
  readonly batch: BatchUnit;
  readonly arriving: readonly TouchRow[];
  readonly touches: readonly NewTouch[];
}

/** Each touch once, as it first came. */
const firstOf = (rows: readonly TouchRow[]): readonly TouchRow[] => [
  ...new Map([...rows].reverse().map((row) => [row.id, row])).values(),
];

const nothing: ReadonlyMap<string, number> = new Map();

const counting = ({ touches, counts }: Taken): readonly NewTouch[] =>
  touches.map((row, index) => ({ row, counts: index === touches.length - 1 ? counts : nothing }));

const unitsOf = async ({ store, now }: Options, taken: readonly Taken[], waiting: readonly Waiting[]) => {
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

const runBatch = async (options: Options, taken: readonly Taken[], waiting: readonly Waiting[]) => {
  const units = await unitsOf(options, taken, waiting);
  const failures: unknown[] = [];
  for (const { batch, arriving } of units.values()) {
    if (arriving.length === 0) continue;
    const follow: Waiting = {
      brand: batch.unit.brand,
      work: (unit) => options.follow(unit, arriving),
      resolve: () => {},
      reject: () => {},
    };
    const { error } = await attempt(batch, follow);
    if (error) failures.push(error);
  }
  const decided: Decided[] = [];
  for (const it of waiting) decided.push(await attempt((units.get(it.brand) as { batch: BatchUnit }).batch, it));
  const writes: Writes[] = [...units.values()].map(({ batch, touches }) => batch.writes(touches));
  await options.store.commit(writes);
  const committed = [...units.values()].map(
    ({ batch }): Committed => ({ brand: batch.unit.brand, entries: batch.entries() }),
  );
  return { decided, committed, failures };
};

const settle = ({ waiting, result, error }: Decided): void => {
  if (result) waiting.resolve(result);
  else waiting.reject(error);
};

const isStale = (error: unknown): boolean => error instanceof Error && error.message === STALE_HEAD;

const withRetries = async (options: Options, taken: readonly Taken[], waiting: readonly Waiting[]) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runBatch(options, taken, waiting);
    } catch (error) {
      // Another process wrote to the same brand in between: everything is decided again on what it left.
      if (!isStale(error) || tries >= MOST_TRIES) throw error;
    }
  }
};

/** Open the one writer over a store. `order` is where the count of touches goes on from. */
export const openRecord = (options: Options & { readonly order: number }): Record => {
  const waiting: Waiting[] = [];
  const taken: Taken[] = [];
  const hearers = new Set<(committed: Committed) => void>();
  let running: Promise<void> | undefined;
  let order = options.order;

  const runOnce = async (touches: readonly Taken[], works: readonly Waiting[]): Promise<void> => {
    const { decided, committed, failures } = await withRetries(options, touches, works);
    for (const it of touches) it.resolve();
    for (const it of decided) settle(it);
    for (const it of committed) for (const hear of hearers) hear(it);
    for (const error of failures) options.warn(error);
  };
  const drain = async (): Promise<void> => {
    while (waiting.length + taken.length > 0) {
      const [touches, works] = [taken.splice(0, MOST_TAKEN), waiting.splice(0, MOST_DECISIONS)];
      await runOnce(touches, works).catch((error: unknown) => {
        for (const it of [...touches, ...works]) it.reject(error);
      });
    }
    running = undefined;
  };
  const wake = (): void => {
    // One turn of the event loop gathers what arrives together; the commit's own time gathers the next batch.
    running ??= new Promise((resolve) => setImmediate(resolve)).then(drain);
  };
  // Touches come by the thousand and each commit costs a wait for the disk: they gather for as long as every turn of the
  // event loop brings more, and never longer than a moment.
  let gathering = false;
  const gather = (before: number, until: number): void => {
    if (taken.length > before && performance.now() < until) setImmediate(gather, taken.length, until);
    else {
      gathering = false;
      wake();
    }
  };
  const wakeSoon = (): void => {
    if (running || gathering) return;
    gathering = true;
    setImmediate(gather, 0, performance.now() + GATHER_MS);
  };
  return {
    decide: <Value>(brand: string, work: Work<Value>) =>
      new Promise<Result<Value>>((resolve, reject) => {
        waiting.push({ brand, work, resolve: resolve as Waiting["resolve"], reject });
        wake();
      }),
    take: (brand, arriving, counts = new Map()) =>
      new Promise<void>((resolve, reject) => {
        const touches = arriving.map((it) => ({ ...it, order: ++order }));
        taken.push({ brand, touches, counts, resolve, reject });
        wakeSoon();
      }),
    onCommit: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    idle: async () => {
      if (taken.length > 0) wake();
      while (running) await running;
    },
  };
};
