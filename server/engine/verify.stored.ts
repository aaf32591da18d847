import type { Json } from "../../shared/kit/canonical.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import type { Store } from "../store/store.ts";
import { type Flaw, flawed, type Replay } from "./replay.ts";

const isUnreadable = (error: unknown): boolean => error instanceof SyntaxError;

const unreadable = (key: string) => flawed(`document ${key}`, "is stored as something that is not JSON");

/** Which stored document after a key cannot be read: a read of many says only that one of them cannot. */
const unreadAfter = async (store: Store, brand: string, after: string, drawn: Replay["documents"]) => {
  for (const key of [...drawn.keys()].filter((it) => it > after).sort()) {
    try {
      await store.document(brand, key);
    } catch (error) {
      if (isUnreadable(error)) return unreadable(key);
      throw error;
    }
  }
  return flawed(
    `a document after ${after || "the first"}`,
    "is stored as something that is not JSON, and no fact makes it",
  );
};

/** The next stored documents after a key, in order; or the flaw that one of them is not even JSON. */
export const storedAfter = async (
  store: Store,
  brand: string,
  {
    after,
    limit,
    drawn,
  }: { readonly after: string | undefined; readonly limit: number; readonly drawn: Replay["documents"] },
): Promise<Result<readonly (readonly [string, Json])[], Flaw>> => {
  try {
    return ok(await store.documents(brand, { prefix: "", limit, ...(after !== undefined && { after }) }));
  } catch (error) {
    if (isUnreadable(error)) return unreadAfter(store, brand, after ?? "", drawn);
    throw error;
  }
};

/** The names that facts gave to a brand, by which whoever knows no brand finds it: its key, its links, its disputes. */
function* namesIn({ documents }: Replay): Generator<string, void> {
  const own = documents.get("brand") as unknown as { readonly publishableKey: string } | undefined;
  if (own) yield own.publishableKey;
  for (const key of documents.keys())
    for (const prefix of ["link/", "dispute/"]) if (key.startsWith(prefix)) yield key.slice(prefix.length);
}

/** Every name leads to the brand its facts gave it to: a link that leads elsewhere pays somebody else. */
export const ledHome = async (store: Store, brand: string, replay: Replay): Promise<Result<null, Flaw>> => {
  for (const name of namesIn(replay)) {
    const whose = await store.brandOf(name);
    if (whose !== brand)
      return flawed(`name ${name}`, `leads to ${whose ?? "nobody"}, and a fact gave it to this brand`);
  }
  return ok(null);
};
