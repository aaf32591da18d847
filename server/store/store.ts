import type { TouchKind } from "../../shared/journey/touch.ts";
import type { Rates } from "../../shared/judge/reward.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import type { Result } from "../../shared/kit/shape.ts";

/** A fact as it lies on disk: its place in its brand's chain, when it was taken in, who caused it, and its hash. */
export interface Recorded {
  readonly brand: string;
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  /** The fact itself, as canonical JSON. */
  readonly body: string;
  readonly hash: string;
}

/** Where a brand's chain ends. Nothing yet: seq 0 and the empty hash. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** A touch as it lies on disk. `contract` is whose link it was; who is credited is decided when a conversion is judged. */
export interface TouchRow {
  readonly id: string;
  readonly at: number;
  readonly order: number;
  readonly visitor: string | null;
  readonly click: string | null;
  readonly kind: TouchKind;
  readonly link: string;
  readonly contract: string | null;
  readonly robot: boolean;
}

/** A touch to keep, and what it adds to counters: nothing when a touch of its id is kept already, so a repeat counts once. */
export interface NewTouch {
  readonly row: TouchRow;
  readonly counts: ReadonlyMap<string, number>;
}

/** Whose touches are asked for: of a visitor, and of these clicks. */
export interface Whose {
  readonly visitors: readonly string[];
  readonly clicks: readonly string[];
}

/** What a visit that began with a click on a link told of itself: by whom, where that may be known, and of which kind. */
export interface Landing {
  readonly click: string;
  readonly visitor: string | null;
  readonly kind: TouchKind;
}

/** The answer given to a request that carried an idempotency key. */
export interface Answered {
  readonly bodyHash: string;
  readonly reply: string;
}

/** Everything one brand's part of a batch writes; all of it or none. */
export interface Writes {
  readonly brand: string;
  /** Where the chain must end for these writes to be right. */
  readonly expect: Head;
  readonly facts: readonly Recorded[];
  /** View documents by key; null removes one. */
  readonly documents: ReadonlyMap<string, Json | null>;
  /** Personal and other erasable things, outside facts and views; null removes one. */
  readonly privates: ReadonlyMap<string, Json | null>;
  readonly touches: readonly NewTouch[];
  /** What to add to counters that neither facts nor touches know of, such as how often a poll was shown. */
  readonly counts: ReadonlyMap<string, number>;
  readonly answers: ReadonlyMap<string, Answered>;
  /** Names by which any brand's things are found: a publishable key, a link's code. */
  readonly names: ReadonlyMap<string, true>;
  /** The version of the views that drew the documents: said with a brand's first fact, and when all are drawn anew. */
  readonly drawnBy?: number | undefined;
}

/** How to read a range of documents: keys that start with `prefix`, in order. */
export interface Range {
  readonly prefix: string;
  readonly after?: string;
  readonly limit: number;
  readonly backwards?: boolean;
}

/** A part of a brand's touches: from one instant up to, not including, another; the first `limit` after those up to `after`. */
export interface Sweep {
  readonly from: number;
  readonly until: number;
  /** The last touch of the part before. */
  readonly after?: Pick<TouchRow, "at" | "id"> | undefined;
  readonly limit: number;
}

/**
 * What keeps everything. Promises: a commit that resolves is on disk, whole; one that rejects changed nothing; a commit
 * whose `expect` is not the chain's end rejects with `StaleHead`; facts are never changed or removed; a touch id is kept
 * once, as it first came; reads see every resolved commit.
 */
export interface Store {
  head(brand: string): Promise<Head>;
  facts(brand: string, after: number, limit: number): Promise<readonly Recorded[]>;
  document(brand: string, key: string): Promise<Json | undefined>;
  documents(brand: string, range: Range): Promise<readonly (readonly [string, Json])[]>;
  /** Those of some prefixes that the key of any document begins with. */
  populated(brand: string, prefixes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of these touches, by their ids, are on disk. */
  kept(brand: string, touches: readonly string[]): Promise<ReadonlySet<string>>;
  private(brand: string, key: string): Promise<Json | undefined>;
  privates(brand: string, range: Range): Promise<readonly (readonly [string, Json])[]>;
  touches(brand: string, whose: Whose, from: number, until: number): Promise<readonly TouchRow[]>;
  /** Everybody's touches of some time, part by part, in the order of (instant, id). */
  sweep(brand: string, sweep: Sweep): Promise<readonly TouchRow[]>;
  /** How many touches everybody has from one instant up to, not including, another. */
  touchCount(brand: string, from: number, until: number): Promise<number>;
  /** Visitors who came by one of these clicks. */
  visitorsOf(brand: string, clicks: readonly string[]): Promise<readonly string[]>;
  /**
   * How people met a contract's links from one instant to another, both included: clicks that landed, each once however
   * often it is repeated; those of them that went on to a call to action; and those that did so or answered a poll.
   */
  rates(brand: string, contract: string, from: number, until: number): Promise<Rates>;
  /** What people who came by a contract's links told from one instant to another, both included: each thing once. */
  landings(brand: string, contract: string, from: number, until: number): Promise<readonly Landing[]>;
  count(brand: string, key: string): Promise<number>;
  answered(brand: string, key: string): Promise<Answered | undefined>;
  brandOf(name: string): Promise<string | undefined>;
  /** The brands that have facts or documents, in order. */
  brands(): Promise<readonly string[]>;
  /** The highest `order` any touch has, so that the next one follows. */
  lastOrder(): Promise<number>;
  /** Which version of the views drew a brand's documents; 0 when nobody ever said. */
  drawn(brand: string): Promise<number>;
  /** From now on nobody else writes, until the next commit or release: what is read meanwhile stays as it is. */
  hold(): Promise<void>;
  release(): Promise<void>;
  commit(writes: readonly Writes[]): Promise<void>;
  /** What is wrong with what is kept, page by page and index by index, in the engine's own words; nothing when it is whole. */
  damage(): Promise<string | undefined>;
  /** The file that another thread may read what is here from, at the same time; null where nobody else can. */
  location(): Promise<string | null>;
  close(): Promise<void>;
}

/** Documents while they are drawn anew: what was put is there to be read. */
export interface Drawing {
  document(key: string): Promise<Json | undefined>;
  put(key: string, body: Json | null): void;
}

/** A store whose views can be drawn anew, by whoever has it alone. */
export interface Redrawable extends Store {
  /**
   * Replace all documents of a brand by what `draw` puts, and note the version of the views: at once when it answers, not
   * at all when it refuses or throws. Facts may be read meanwhile, and are not changed.
   */
  redraw<Value, No>(
    brand: string,
    version: number,
    draw: (book: Drawing) => Promise<Result<Value, No>>,
  ): Promise<Result<Value, No>>;
}

/** Someone else wrote to this brand's chain in between; read again and decide again. */
export const STALE_HEAD = "stale-head";
