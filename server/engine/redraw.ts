import type { Result } from "../../shared/kit/shape.ts";
import type { Head, Redrawable, Store } from "../store/store.ts";
import { drawnAnew, type Flaw } from "./replay.ts";
import { VIEWS } from "./views.ts";

/**
 * What is wrong with the version of a brand's stored views, and what to do; nothing when they are this program's. To draw
 * them anew takes as long as there are facts, needs the folder alone and stops where a chain does not hold: nothing that a
 * start should do unasked.
 */
export const outdated = async (store: Store, brand: string): Promise<string | undefined> => {
  const drawn = await store.drawn(brand);
  if (drawn === VIEWS) return undefined;
  const what = drawn === 0 ? "an unknown version" : `version ${drawn}`;
  const todo =
    drawn > VIEWS ? "They come from a newer Makegood: run that one" : "Draw them anew first: makegood redraw";
  return `are of ${what}, and this program's are of version ${VIEWS}. ${todo}`;
};

/**
 * Draw every stored view of a brand anew from its facts, whole or not at all. Refuses at the first fact at which the chain
 * does not hold, and then leaves everything as it was. `heard` is told of each fact done.
 */
export const redrawn = (store: Redrawable, brand: string, heard: (seq: number) => void): Promise<Result<Head, Flaw>> =>
  store.redraw(brand, VIEWS, (book) => drawnAnew({ store, brand }, book, heard));
