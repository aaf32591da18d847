import type { Store, Writes } from "../../server/store/store.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import type { Chance } from "./chance.ts";

/** What goes wrong: the process dies before, within or after a write, or at any other question; or the disk is full once. */
export const mishaps = ["dies-before", "dies-within", "dies-after", "dies-asking", "full"] as const;
export type Mishap = (typeof mishaps)[number];

/** The process is gone, or the disk would not take it: nobody was answered. */
export class Trouble extends Error {}

/** A store that fails when told to. */
export interface Disk {
  readonly store: Store;
  /** Let something go wrong, so many calls from now. */
  arm(how: Mishap, calls: number): void;
  isDead(): boolean;
  /** How the process died or the disk failed, since this was last asked. */
  came(): readonly Mishap[];
}

/** Documents that stop the writer in the middle: what was written of the batch so far must not stay. */
class Torn extends Map<string, Json | null> {
  private readonly most: number;
  constructor(all: ReadonlyMap<string, Json | null>, most: number) {
    super(all);
    this.most = most;
  }
  override *[Symbol.iterator](): MapIterator<[string, Json | null]> {
    let done = 0;
    for (const entry of super.entries()) {
      if (done === this.most) throw new Trouble("died between two statements");
      done += 1;
      yield entry;
    }
    throw new Trouble("died before the last statement");
  }
}

const torn = (batch: readonly Writes[], chance: Chance): readonly Writes[] =>
  batch.map((it, index) =>
    index === batch.length - 1 ? { ...it, documents: new Torn(it.documents, chance.below(it.documents.size + 1)) } : it,
  );

/** Put a store on a disk that may fail. What the store itself promises is left to the store. */
export const diskOf = (inner: Store, chance: Chance): Disk => {
  let dead = false;
  let armed: { how: Mishap; calls: number } | undefined;
  const seen: Mishap[] = [];
  const fall = (how: Mishap): never => {
    armed = undefined;
    dead = how !== "full";
    seen.push(how);
    throw new Trouble(how);
  };
  const isTime = (): boolean => {
    if (armed && armed.calls > 0) armed.calls -= 1;
    return armed?.calls === 0;
  };
  const asking = <Key extends keyof Store>(key: Key) =>
    (async (...given: readonly unknown[]) => {
      if (dead) throw new Trouble("gone");
      if (isTime() && armed?.how === "dies-asking") fall("dies-asking");
      return (inner[key] as (...all: readonly unknown[]) => unknown)(...given);
    }) as Store[Key];
  const commit = async (batch: readonly Writes[]): Promise<void> => {
    if (dead) throw new Trouble("gone");
    const how = isTime() ? armed?.how : undefined;
    if (how === "dies-before" || how === "full") fall(how);
    if (how === "dies-within") await inner.commit(torn(batch, chance)).catch(() => fall("dies-within"));
    await inner.commit(batch);
    if (how === "dies-after") fall("dies-after");
  };
  const keys = Object.keys(inner) as readonly (keyof Store)[];
  const store = Object.fromEntries(keys.map((key) => [key, asking(key)])) as unknown as Store;
  return {
    store: { ...store, commit, close: () => inner.close() },
    arm: (how, calls) => {
      armed = { how, calls };
    },
    isDead: () => dead,
    came: () => seen.splice(0),
  };
};
