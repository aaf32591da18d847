import type * as v from "valibot";
import type { Earnings } from "../../shared/wire/shown.ts";
import { readerOf } from "../engine/reader.ts";
import { earningsShown } from "../shown/earnings.ts";
import type { Store } from "../store/store.ts";
import type { World } from "../world.ts";

type Shown = v.InferOutput<typeof Earnings>;

/** Earnings as they were reckoned: at which place of the brand's chain, and when. */
interface Reckoned {
  readonly hash: string;
  readonly at: number;
  readonly made: Promise<Shown>;
}

const SAME_MS = 1000;
const MOST_KEPT = 200;
const kept = new WeakMap<Store, Map<string, Reckoned>>();

/**
 * A contract's live earnings as of now, reckoned once for everybody who asks within a second while nothing new is on
 * record: whoever comes back to a stream is told of hundreds of movements at once, and many may listen.
 */
export const earningsNow = async (
  { store, now }: Pick<World, "store" | "now">,
  brand: string,
  contract: string,
): Promise<Shown> => {
  const all = kept.get(store) ?? new Map<string, Reckoned>();
  kept.set(store, all);
  const { hash } = await store.head(brand);
  const [key, at] = [`${brand}/${contract}`, now()];
  const known = all.get(key);
  if (known?.hash === hash && at >= known.at && at - known.at < SAME_MS) return known.made;
  const made = earningsShown(readerOf(store, brand), contract, at);
  // The one asked for longest ago goes first.
  all.delete(key);
  all.set(key, { hash, at, made });
  const [oldest] = all.keys();
  if (all.size > MOST_KEPT && oldest !== undefined) all.delete(oldest);
  made.catch(() => all.delete(key));
  return made;
};
