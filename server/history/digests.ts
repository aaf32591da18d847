import { createHash } from "node:crypto";
import { present } from "../../shared/kit/shape.ts";
import { type Column, places } from "./columnar.ts";

/** The places of texts that were met, by a digest of 96 bits each: some twenty bytes a text, however long it is. */
export interface Digests {
  /** How many different texts were met. */
  readonly count: number;
  /** The place of a text; the next free one when it is new. */
  place(text: string): number;
}

const WORDS = 3;
const FREE = -1;
const FIRST_SLOTS = 1 << 12;

/** No texts met yet. */
export const digests = (): Digests => {
  const columns: readonly Column[] = Array.from({ length: WORDS }, places);
  let slots = new Int32Array(FIRST_SLOTS).fill(FREE);
  let count = 0;
  const wordAt = (word: number, place: number): number => present(columns[word], "a column").at(place);
  const isAt = (place: number, words: Int32Array): boolean => words.every((it, word) => wordAt(word, place) === it);
  const slotOf = (first: number, isIt: (place: number) => boolean): number => {
    let slot = first & (slots.length - 1);
    for (;;) {
      const held = slots[slot] ?? FREE;
      if (held === FREE || isIt(held)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2).fill(FREE);
    for (let place = 0; place < count; place += 1) slots[slotOf(wordAt(0, place), () => false)] = place;
  };
  return {
    get count() {
      return count;
    },
    place: (text) => {
      const digest = createHash("sha256").update(text).digest();
      const words = Int32Array.from({ length: WORDS }, (_, word) => digest.readInt32LE(word * 4));
      const slot = slotOf(present(words[0], "a word"), (place) => isAt(place, words));
      const held = slots[slot] ?? FREE;
      if (held !== FREE) return held;
      words.forEach((it, word) => {
        present(columns[word], "a column").put(count, it);
      });
      slots[slot] = count;
      count += 1;
      if (count * 2 > slots.length) grow();
      return count - 1;
    },
  };
};
