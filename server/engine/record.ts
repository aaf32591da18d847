import type { Entry } from "../../shared/fact.ts";
import type { Refusal, Result } from "../../shared/kit/shape.ts";
import type { TouchRow } from "../store/store.ts";
import { behind, troubleOf } from "../store/trouble.ts";
import { type Done, type Surroundings, settled, type Taken, type Waiting } from "./batch.ts";
import type { Unit } from "./unit.ts";

/** Something to decide for one brand: reads the unit, records facts, answers. A refusal leaves nothing behind. */
export type Work<Value> = (unit: Unit) => Promise<Result<Value>>;

/** What a batch put on disk, told to whoever shows it. */
export interface Committed {
  readonly brand: string;
  readonly entries: readonly Entry[];
}

/** A touch on its way in: all but its place in the order of arrival. */
export type Arriving = Omit<TouchRow, "order">;

/**
 * The one writer. What it answers is on disk. When the disk cannot be written to, whoever waits is told so, with an error
 * that `troubleOf` knows, and the touches are held and written once that is possible again.
 */
export interface Record {
  /** Decide something, in turn, with everything decided before in sight. */
  decide<Value>(brand: string, work: Work<Value>): Promise<Result<Value>>;
  /**
   * Take in touches without deciding anything; resolves when they are on disk. The counts go up when the last of the
   * touches is new, or when there is none.
   */
  take(brand: string, touches: readonly Arriving[], counts?: ReadonlyMap<string, number>): Promise<void>;
  /** The same for whoever does not wait: they are on disk soon. */
  leave(brand: string, touches: readonly Arriving[], counts?: ReadonlyMap<string, number>): void;
  /** Hear of every commit, in order. Answers how to stop hearing. */
  onCommit(hear: (committed: Committed) => void): () => void;
  /** Resolves when everything handed in so far was answered and what was held was tried once more: to how much still is. */
  idle(): Promise<number>;
}

const MOST_DECISIONS = 256;
const MOST_TAKEN = 4096;
const GATHER_MS = 2;
/** What may wait for a disk that does not answer: more than that is refused, since memory has an end. */
const MOST_WAITING = 20_000;
const MOST_HELD = 100_000;
const AGAIN_MS = 500;

interface Options extends Surroundings {
  /** Told of what went wrong behind everybody's back: the touches are kept, and judged with the next ones. */
  readonly warn: (error: unknown) => void;
  /** Told when writing became impossible, and when it is possible again. */
  readonly onTrouble?: ((trouble: Refusal | undefined, error?: unknown) => void) | undefined;
  /** Where the count of touches goes on from. */
  readonly order: number;
}

type Batch = readonly [touches: readonly Taken[], works: readonly Waiting[]];

/** Two parts of a batch, in its order: what one of its members spoils for all must not be spoilt for the other part. */
const halves = ([touches, works]: Batch): readonly [Batch, Batch] => {
  if (touches.length > 0 && works.length > 0)
    return [
      [touches, []],
      [[], works],
    ];
  const [some, most] = [Math.ceil(touches.length / 2), Math.ceil(works.length / 2)];
  return [
    [touches.slice(0, some), works.slice(0, most)],
    [touches.slice(some), works.slice(most)],
  ];
};

/** Puts batches on disk and answers whoever waits for them. What the disk would not take now is given to `giveUp`. */
const settling = (
  options: Options,
  tell: (committed: Committed) => void,
  giveUp: (error: unknown, batch: Batch) => void,
) => {
  let trouble: Refusal | undefined;
  const say = (now: Refusal | undefined, error?: unknown): void => {
    if (now?.code !== trouble?.code) options.onTrouble?.(now, error);
    trouble = now;
  };
  const answer = ({ decided, committed, failures }: Done, touches: readonly Taken[]): void => {
    for (const it of touches) it.resolve();
    for (const { waiting, result, error } of decided) {
      if (result) waiting.resolve(result);
      else waiting.reject(error);
    }
    for (const it of committed) tell(it);
    for (const error of failures) options.warn(error);
  };
  const fail = async (error: unknown, batch: Batch): Promise<void> => {
    const [touches, works] = batch;
    const all = [...touches, ...works];
    if (troubleOf(error) === undefined && all.length > 1) {
      for (const half of halves(batch)) await run(half);
      return;
    }
    if (troubleOf(error) === undefined) return void all[0]?.reject(error);
    say(troubleOf(error), error);
    giveUp(error, batch);
  };
  const run = async (batch: Batch): Promise<void> => {
    const done = await settled(options, ...batch).catch((error: unknown) => fail(error, batch));
    if (!done) return;
    say(undefined);
    answer(done, batch[0]);
  };
  return { run, isTroubled: () => trouble !== undefined };
};

/** Those who want to hear of commits. One that fails at hearing takes nothing from the others. */
const hearing = (warn: Options["warn"]) => {
  const hearers = new Set<(committed: Committed) => void>();
  return {
    tell: (committed: Committed): void => {
      for (const hear of hearers) {
        try {
          hear(committed);
        } catch (error) {
          warn(error);
        }
      }
    },
    onCommit: (hear: (committed: Committed) => void) => {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
};

/** Open the one writer over a store. */
export const openRecord = (options: Options): Record => {
  const [waiting, taken, held]: readonly [Waiting[], Taken[], Taken[]] = [[], [], []];
  let running: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  let order = options.order;

  const blame = (error: unknown): void => void (troubleOf(error) ?? options.warn(error));
  // Everybody who waits is told, those in the queue as well: none of them would fare better. Touches are held; whoever
  // waited for them knows that they are late, and that they are spoilt nobody but the log.
  const giveUp = (error: unknown, [touches, works]: Batch): void => {
    const [late, behindThem] = [touches.concat(held.splice(0)), taken.splice(0)];
    for (const it of [...touches, ...behindThem, ...works, ...waiting.splice(0)]) it.reject(error);
    for (const it of [...late, ...behindThem]) held.push({ ...it, resolve: () => {}, reject: blame });
  };
  const { tell, onCommit } = hearing(options.warn);
  const { run, isTroubled } = settling(options, tell, giveUp);

  const drain = async (): Promise<void> => {
    do {
      const first = held.splice(0, MOST_TAKEN);
      await run([[...first, ...taken.splice(0, MOST_TAKEN - first.length)], waiting.splice(0, MOST_DECISIONS)]);
    } while (waiting.length + taken.length > 0 || (held.length > 0 && !isTroubled()));
    running = undefined;
    if (held.length > 0) again ??= setTimeout(wake, AGAIN_MS).unref();
  };
  const wake = (): void => {
    clearTimeout(again);
    again = undefined;
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
  // While the disk takes nothing, touches wait for the next time it is tried anyway.
  const wakeSoon = (): void => {
    if (running || gathering || again) return;
    gathering = true;
    setImmediate(gather, 0, performance.now() + GATHER_MS);
  };
  const add = (it: Omit<Taken, "touches">, arriving: readonly Arriving[]): void => {
    if (taken.length + held.length >= MOST_HELD) it.reject(behind());
    else taken.push({ ...it, touches: arriving.map((touch) => ({ ...touch, order: ++order })) });
    wakeSoon();
  };
  return {
    decide: <Value>(brand: string, work: Work<Value>) =>
      new Promise<Result<Value>>((resolve, reject) => {
        if (waiting.length >= MOST_WAITING) return reject(behind());
        waiting.push({ brand, work, resolve: resolve as Waiting["resolve"], reject });
        wake();
      }),
    take: (brand, arriving, counts = new Map()) =>
      new Promise<void>((resolve, reject) => add({ brand, counts, resolve, reject }, arriving)),
    leave: (brand, arriving, counts = new Map()) => add({ brand, counts, resolve: () => {}, reject: blame }, arriving),
    onCommit,
    idle: async () => {
      if (taken.length + held.length > 0) wake();
      while (running) await running;
      return held.length;
    },
  };
};
