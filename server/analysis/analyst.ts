import { availableParallelism } from "node:os";
import { setImmediate as breath } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import type { Store } from "../store/store.ts";
import type { World } from "../world.ts";
import type { Told } from "./analyst.worker.ts";
import { type Done, type Job, made } from "./job.ts";

/** Touches of people beyond which only a part of the people is looked at: on a thread of its own, and in between. */
const MOST_TOUCHES = 2_000_000;
const MOST_IN_BETWEEN = 200_000;
const MEMORY_MB = 2048;

const onThread = (told: Told): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./analyst.worker.ts", import.meta.url), {
      workerData: told,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // A server that stops does not wait for an answer that nobody will read.
    worker.unref();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`an analysis ended with ${code}`)));
  });

/** Make an analysis where it holds nothing else up: on a thread of its own; of a store in memory, a slice at a time. */
const carriedOut = async (store: Store, job: Job): Promise<unknown> => {
  const path = await store.location();
  if (path !== null) return onThread({ path, job, mostTouches: MOST_TOUCHES });
  return made(store, job, { mostTouches: MOST_IN_BETWEEN, breathe: () => breath() });
};

const MOST_WAITING = 16;
const MOST_AT_ONCE = Math.max(1, availableParallelism() - 1);

/** Lets one at a time of each brand go on, and of all brands so many as there are cores to spare. */
const turnstile = () => {
  const waiting: { readonly brand: string; readonly go: () => void }[] = [];
  const busy = new Set<string>();
  const next = (): void => {
    while (busy.size < MOST_AT_ONCE) {
      const place = waiting.findIndex(({ brand }) => !busy.has(brand));
      const [first] = place < 0 ? [] : waiting.splice(place, 1);
      if (!first) return;
      busy.add(first.brand);
      first.go();
    }
  };
  return {
    isFull: (brand: string): boolean => waiting.filter((it) => it.brand === brand).length >= MOST_WAITING,
    through: async <Value>(brand: string, act: () => Promise<Value>): Promise<Value> => {
      await new Promise<void>((go) => {
        waiting.push({ brand, go });
        next();
      });
      try {
        return await act();
      } finally {
        busy.delete(brand);
        next();
      }
    },
  };
};

const KEPT_MS = 15_000;
const MOST_KEPT = 50;

/** Makes analyses for the doors, one at a time for each brand; the same question, asked again soon, has the same answer. */
export interface Analyst {
  page(job: Omit<Extract<Job, { kind: "page" }>, "kind">): Promise<Result<Done["page"]>>;
  fit(job: Omit<Extract<Job, { kind: "fit" }>, "kind">): Promise<Done["fit"]>;
}

const tooMany = refuse(
  "analyses-waiting",
  "Several analyses of this brand are being made already. Wait until one is there, and ask again.",
);

const open = (world: Pick<World, "store">): Analyst => {
  const kept = new Map<string, Promise<unknown>>();
  const { isFull, through } = turnstile();
  const forget = (key: string): void => void kept.delete(key);
  const answer = async (job: Job, asked: Json): Promise<Result<unknown>> => {
    const { hash } = await world.store.head(job.brand);
    const key = canonical([job.brand, hash, asked]);
    const known = kept.get(key);
    if (known) return ok(await known);
    if (isFull(job.brand)) return tooMany;
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) forget(oldest);
    const making = through(job.brand, () => carriedOut(world.store, job));
    kept.set(key, making);
    making.then(
      () => void setTimeout(forget, KEPT_MS, key).unref(),
      () => forget(key),
    );
    return ok(await making);
  };
  return {
    page: async (job) =>
      (await answer({ kind: "page", ...job }, job.question as unknown as Json)) as Result<Done["page"]>,
    fit: async (job) => {
      const done = await answer({ kind: "fit", ...job }, job.order as unknown as Json);
      return done.ok ? (done.value as Done["fit"]) : done;
    },
  };
};

const analysts = new WeakMap<Store, Analyst>();

/** The analyst of a world. */
export const analystOf = (world: Pick<World, "store">): Analyst => {
  const known = analysts.get(world.store) ?? open(world);
  analysts.set(world.store, known);
  return known;
};
