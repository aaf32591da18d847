/** A column of numbers that grows; unwritten places read as zero. */
export interface Column {
  readonly at: (index: number) => number;
  readonly put: (index: number, value: number) => void;
}

type Numbers = Float64Array | Int32Array | Uint8Array;

const growing = (make: (length: number) => Numbers): Column => {
  let held = make(1024);
  return {
    at: (index) => held[index] ?? 0,
    put: (index, value) => {
      if (index >= held.length) {
        const larger = make(Math.max(index + 1, held.length * 2));
        larger.set(held);
        held = larger;
      }
      held[index] = value;
    },
  };
};

/** A growing column of doubles: instants, whole units. */
export const doubles = (): Column => growing((length) => new Float64Array(length));

/** A growing column of 32-bit whole numbers: places in a list of names. */
export const places = (): Column => growing((length) => new Int32Array(length));

/** A growing column of bytes: small counts. */
export const bytes = (): Column => growing((length) => new Uint8Array(length));

/** V8 copies pieces of text shorter than this when it cuts them out; longer ones point into what they were cut from. */
const CUT_LENGTH = 13;

/** Text that stands alone. A piece cut from a larger text keeps all of that text in memory as long as it lives. */
export const owned = (text: string): string => (text.length < CUT_LENGTH ? text : Buffer.from(text).toString());

/** Names, each kept once, and the place each has in the list. */
export interface Names {
  readonly all: readonly string[];
  readonly place: (name: string) => number;
}

/** A list of names, with these in it. */
export const names = (first: readonly string[] = []): Names => {
  const all: string[] = [...first];
  const known = new Map(first.map((name, place) => [name, place] as const));
  return {
    all,
    place: (name) => {
      const found = known.get(name);
      if (found !== undefined) return found;
      const kept = owned(name);
      known.set(kept, all.length);
      return all.push(kept) - 1;
    },
  };
};
