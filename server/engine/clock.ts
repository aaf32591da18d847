import { must, ok, present } from "../../shared/kit/shape.ts";
import type { Store } from "../store/store.ts";
import { dues } from "./due.ts";
import type { Record } from "./record.ts";
import { atKey } from "./shapes.ts";

const AT_A_TIME = 500;

const happen = (record: Record, brand: string, key: string): Promise<unknown> =>
  record.decide(brand, async (unit) => {
    if ((await unit.document(key)) === undefined) return ok(undefined);
    const [, , kind = "", ...parts] = key.split("/");
    const done = await present(dues[kind], `what falls due as ${kind}`)(unit, parts, key);
    // What is refused, or leaves its own key behind, would fall due for ever.
    if (!done.ok) throw new Error(done.refusal.because);
    must((await unit.document(key)) === undefined, `${key} was done and is still due`);
    return done;
  });

interface Maturing {
  readonly store: Store;
  readonly record: Record;
  readonly now: number;
  readonly isOver: () => boolean;
}

/** Let what is due for one brand happen. Answers how much did; what fails is noted in `failed` and not tried again. */
const matureBrand = async (
  { store, record, now, isOver }: Maturing,
  brand: string,
  failed: Map<string, unknown>,
): Promise<number> => {
  const due = await store.documents(brand, { prefix: "due/", limit: AT_A_TIME + failed.size });
  const ripe = due.map(([key]) => key).filter((key) => key < `due/${atKey(now + 1)}` && !failed.has(`${brand} ${key}`));
  for (const key of ripe) {
    if (isOver()) return 0;
    await happen(record, brand, key).catch((error) => failed.set(`${brand} ${key}`, error));
  }
  return ripe.length;
};

/**
 * Do everything that has fallen due by now, over all brands, and what falls due because of it: conversions approved by
 * silence or past their hold, periods that pay from their beginning. Safe to repeat and to interrupt: each step is one
 * decision that looks again whether it is still due. What fails holds nothing else up; it is thrown at the end. Once
 * `isOver`, the rest is left for the next time.
 */
export const mature = async (
  store: Store,
  record: Record,
  now: number,
  isOver: () => boolean = () => false,
): Promise<number> => {
  const failed = new Map<string, unknown>();
  let all = 0;
  for (const brand of await store.brands()) {
    for (let done = -1; done !== 0; all += done)
      done = await matureBrand({ store, record, now, isOver }, brand, failed);
  }
  if (failed.size > 0) throw new AggregateError(failed.values(), `due and not done: ${[...failed.keys()].join(", ")}`);
  return all;
};
