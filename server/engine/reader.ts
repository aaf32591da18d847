import type { Json } from "../../shared/kit/canonical.ts";
import type { Store } from "../store/store.ts";

/** One brand's things to read: documents, private things and counters. Nothing of another brand can be reached through it. */
export interface Reader {
  readonly brand: string;
  document(key: string): Promise<Json | undefined>;
  /** All documents whose key starts with `prefix`, in order of key, or the first `most` of them. */
  documents(prefix: string, most?: number): Promise<readonly (readonly [string, Json])[]>;
  private(key: string): Promise<Json | undefined>;
  /** The last `most` private things whose key starts with `prefix`, last first. */
  privates(prefix: string, most: number): Promise<readonly (readonly [string, Json])[]>;
  counted(key: string): Promise<number>;
}

const ALL = 1_000_000;

/** A brand's things as they are on disk. */
export const readerOf = (store: Store, brand: string): Reader => ({
  brand,
  document: (key) => store.document(brand, key),
  documents: (prefix, most = ALL) => store.documents(brand, { prefix, limit: most }),
  private: (key) => store.private(brand, key),
  privates: (prefix, most) => store.privates(brand, { prefix, limit: most, backwards: true }),
  counted: (key) => store.count(brand, key),
});
