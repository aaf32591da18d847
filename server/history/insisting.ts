import { STALE_HEAD } from "../store/store.ts";

const MOST_TRIES = 20;

const isStale = (error: unknown): boolean => error instanceof Error && error.message === STALE_HEAD;

/** Do something again when another process that writes to the same brand overtook it. */
export const insisting = async <Done>(act: () => Promise<Done>): Promise<Done> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!isStale(error) || tries > MOST_TRIES) throw error;
    }
  }
};

/**
 * Do all of it in parts of at most `most`. A part that keeps being overtaken, because another process writes to the same
 * brand, is done in smaller ones; each part is written whole or not at all.
 */
export const inParts = async <Item>(
  items: readonly Item[],
  most: number,
  act: (part: readonly Item[]) => Promise<void>,
): Promise<void> => {
  let [from, size, tries] = [0, most, 0];
  while (from < items.length) {
    try {
      await act(items.slice(from, from + size));
      from += size;
      [size, tries] = [Math.min(most, size * 2), 0];
    } catch (error) {
      tries += 1;
      if (!isStale(error) || tries > MOST_TRIES) throw error;
      size = Math.ceil(size / 2);
    }
  }
};
