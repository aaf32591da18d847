import { createHash } from "node:crypto";
import type { Entry, Fact } from "../../shared/fact.ts";
import type { Rates } from "../../shared/judge/reward.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import type { Answered, Head, Landing, NewTouch, Recorded, Store, TouchRow, Whose, Writes } from "../store/store.ts";
import type { Book } from "./book.ts";
import type { Reader } from "./reader.ts";
import { fold, VIEWS } from "./views.ts";

/** One step of a unit's work: what it would write, kept apart until it is known to be right. */
interface Layer {
  readonly documents: Map<string, Json | null>;
  readonly privates: Map<string, Json | null>;
  readonly counts: Map<string, number>;
  readonly answers: Map<string, Answered>;
  readonly names: Map<string, true>;
  readonly entries: Entry[];
  readonly recorded: Recorded[];
}

const layer = (): Layer => ({
  documents: new Map(),
  privates: new Map(),
  counts: new Map(),
  answers: new Map(),
  names: new Map(),
  entries: [],
  recorded: [],
});

/**
 * One brand's work in one batch: reads the store through what the batch has already decided, collects what is to be
 * written, and folds each fact into the views as it is recorded. Nothing reaches the store before the batch commits.
 */
export interface Unit extends Book, Reader {
  readonly now: number;
  record(fact: Fact, by: string): Promise<void>;
  /** Where the chain ends now; the fact recorded next follows it. */
  head(): Head;
  /** Those of some prefixes that documents may lie under: under all others there is none. */
  populated(prefixes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of these touches were on disk before this batch. */
  kept(touches: readonly string[]): Promise<ReadonlySet<string>>;
  setPrivate(key: string, body: Json | null): void;
  add(key: string, by: number): void;
  name(name: string): void;
  answered(key: string): Promise<Answered | undefined>;
  answer(key: string, answered: Answered): void;
  touches(whose: Whose, from: number, until: number): Promise<readonly TouchRow[]>;
  visitorsOf(clicks: readonly string[]): Promise<readonly string[]>;
  /** How people met a contract's links from one instant to another, both included, as far as it is on disk. */
  ratesOf(contract: string, from: number, until: number): Promise<Rates>;
  /** What people who came by a contract's links told, as far as it is on disk. */
  landings(contract: string, from: number, until: number): Promise<readonly Landing[]>;
  /** Contracts whose account was restated since the unit began, or since this was last asked. */
  restated(): readonly string[];
}

/** A unit together with the batch's power over it: to try a step and keep or drop it, and to hand over the writes. */
export interface BatchUnit {
  readonly unit: Unit;
  begin(): void;
  keep(): void;
  drop(): void;
  writes(touches: readonly NewTouch[]): Writes;
  entries(): readonly Entry[];
}

/** The hash that chains a fact to the one before: SHA-256 over the previous hash and the canonical text of the entry. */
export const chained = (previous: string, entry: Omit<Recorded, "hash">): string =>
  createHash("sha256")
    .update(previous)
    .update(canonical([entry.brand, entry.seq, entry.at, entry.by, entry.body]))
    .digest("hex");

const merge = <Value>(below: Map<string, Value>, above: ReadonlyMap<string, Value>): void => {
  for (const [key, value] of above) below.set(key, value);
};

const absorb = (below: Layer, above: Layer): void => {
  merge(below.documents, above.documents);
  merge(below.privates, above.privates);
  merge(below.answers, above.answers);
  merge(below.names, above.names);
  for (const [key, by] of above.counts) below.counts.set(key, (below.counts.get(key) ?? 0) + by);
  below.entries.push(...above.entries);
  below.recorded.push(...above.recorded);
};

const matching = (rows: readonly TouchRow[], { visitors, clicks }: Whose, from: number, until: number) =>
  rows.filter(
    ({ id, at, visitor, click }) =>
      from <= at &&
      at <= until &&
      ((visitor !== null && visitors.includes(visitor)) ||
        clicks.includes(id) ||
        (click !== null && clicks.includes(click))),
  );

interface Opening {
  readonly store: Store;
  readonly brand: string;
  readonly head: Head;
  readonly now: number;
  /** Touches taken in by the same batch, each id once. The store may have some of them already. */
  readonly arriving: readonly TouchRow[];
}

/** Those of some arriving touches whose id the store has not kept: the others stay as they first came. */
const unkept = async ({ store, brand }: Opening, rows: readonly TouchRow[]): Promise<readonly TouchRow[]> => {
  if (rows.length === 0) return rows;
  const whose = { visitors: [], clicks: rows.map(({ id }) => id) };
  const kept = new Set((await store.touches(brand, whose, 0, Number.MAX_SAFE_INTEGER)).map(({ id }) => id));
  return rows.filter(({ id }) => !kept.has(id));
};

const reading = (opening: Opening, layers: readonly Layer[]) => {
  const { store, brand, arriving } = opening;
  const found = <Key extends "documents" | "privates">(kind: Key, key: string): Json | null | undefined => {
    for (let index = layers.length - 1; index >= 0; index -= 1) {
      const held = layers[index]?.[kind].get(key);
      if (held !== undefined) return held;
    }
    return undefined;
  };
  // Nothing reaches the store before the batch commits: what was read once is there as long as the unit is.
  const stored = new Map<string, Promise<Json | undefined>>();
  const once = (key: string): Promise<Json | undefined> => {
    const known = stored.get(key) ?? store.document(brand, key);
    stored.set(key, known);
    return known;
  };
  return {
    document: async (key: string) => {
      const held = found("documents", key);
      return held === undefined ? once(key) : (held ?? undefined);
    },
    populated: async (prefixes: readonly string[]) => {
      const found = new Set(await store.populated(brand, prefixes));
      for (const { documents } of layers)
        for (const key of documents.keys()) for (const it of prefixes) if (key.startsWith(it)) found.add(it);
      return found;
    },
    private: async (key: string) => {
      const held = found("privates", key);
      return held === undefined ? store.private(brand, key) : (held ?? undefined);
    },
    documents: async (prefix: string, most = 1_000_000) => {
      const all = new Map(await store.documents(brand, { prefix, limit: most }));
      for (const { documents } of layers)
        for (const [key, body] of documents) {
          if (!key.startsWith(prefix)) continue;
          if (body === null) all.delete(key);
          else all.set(key, body);
        }
      return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
    },
    privates: async (prefix: string, most: number) => {
      const all = new Map(await store.privates(brand, { prefix, limit: most, backwards: true }));
      for (const { privates } of layers)
        for (const [key, body] of privates) if (key.startsWith(prefix) && body !== null) all.set(key, body);
      return [...all].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, most);
    },
    counted: async (key: string) =>
      layers.reduce((sum, { counts }) => sum + (counts.get(key) ?? 0), await store.count(brand, key)),
    answered: async (key: string) =>
      layers.reduceRight<Answered | undefined>((held, it) => held ?? it.answers.get(key), undefined) ??
      store.answered(brand, key),
    touches: async (whose: Whose, from: number, until: number) => {
      const stored = await store.touches(brand, whose, from, until);
      return [...stored, ...(await unkept(opening, matching(arriving, whose, from, until)))];
    },
    ratesOf: (contract: string, from: number, until: number) => store.rates(brand, contract, from, until),
    landings: (contract: string, from: number, until: number) => store.landings(brand, contract, from, until),
    visitorsOf: async (clicks: readonly string[]) => {
      const came = arriving.filter(({ click, visitor }) => click && visitor && clicks.includes(click));
      const fresh = (await unkept(opening, came)).flatMap(({ visitor }) => visitor ?? []);
      return [...new Set([...(await store.visitorsOf(brand, clicks)), ...fresh])];
    },
  };
};

/** Open a brand's unit for one batch. */
export const openUnit = (opening: Opening): BatchUnit => {
  const { brand, head, now } = opening;
  const layers: Layer[] = [layer()];
  const restated = new Set<string>();
  const top = (): Layer => layers.at(-1) as Layer;
  const end = (): Head => {
    for (let index = layers.length - 1; index >= 0; index -= 1) {
      const last = layers[index]?.recorded.at(-1);
      if (last) return last;
    }
    return head;
  };
  const unit: Unit = {
    brand,
    now,
    ...reading(opening, layers),
    put: (key, body) => {
      top().documents.set(key, body);
      if (key.startsWith("account/")) restated.add(key.slice("account/".length));
    },
    record: async (fact, by) => {
      const previous = end();
      const bare = { brand, seq: previous.seq + 1, at: now, by, body: canonical(fact as unknown as Json) };
      top().recorded.push({ ...bare, hash: chained(previous.hash, bare) });
      const entry: Entry = { seq: bare.seq, at: now, by, fact };
      top().entries.push(entry);
      await fold(unit, entry);
    },
    head: end,
    kept: (touches) => opening.store.kept(brand, touches),
    setPrivate: (key, body) => top().privates.set(key, body),
    add: (key, by) => top().counts.set(key, (top().counts.get(key) ?? 0) + by),
    name: (name) => top().names.set(name, true),
    answer: (key, answered) => top().answers.set(key, answered),
    restated: () => {
      const contracts = [...restated].sort();
      restated.clear();
      return contracts;
    },
  };
  return {
    unit,
    begin: () => {
      restated.clear();
      layers.push(layer());
    },
    keep: () => absorb(layers[layers.length - 2] as Layer, layers.pop() as Layer),
    drop: () => void layers.pop(),
    entries: () => top().entries,
    writes: (touches) => {
      const { recorded, documents, privates, counts, answers, names } = top();
      const drawnBy = head.seq === 0 && recorded.length > 0 ? VIEWS : undefined;
      return { brand, expect: head, facts: recorded, documents, privates, counts, answers, names, touches, drawnBy };
    },
  };
};
