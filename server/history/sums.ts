/** Whole numbers summed per place, exactly: in doubles while those are exact, in BigInt from there on. */
export interface Sums {
  /** Add an amount that is whole and no larger than `LARGEST_ADDEND`. */
  readonly add: (place: number, amount: number) => void;
  readonly addLarge: (place: number, amount: bigint) => void;
  readonly at: (place: number) => bigint;
}

/** The largest amount, either sign, that `add` may be given: two of them still sum exactly in a double. */
export const LARGEST_ADDEND = 2 ** 52;

/** No sums yet: every place is zero. */
export const sums = (): Sums => {
  const near: number[] = [];
  const far = new Map<number, bigint>();
  const addLarge = (place: number, amount: bigint): void => {
    far.set(place, (far.get(place) ?? 0n) + amount);
  };
  return {
    add: (place, amount) => {
      while (near.length <= place) near.push(0);
      const next = (near[place] ?? 0) + amount;
      if (next <= LARGEST_ADDEND && next >= -LARGEST_ADDEND) {
        near[place] = next;
        return;
      }
      addLarge(place, BigInt(next));
      near[place] = 0;
    },
    addLarge,
    at: (place) => BigInt(near[place] ?? 0) + (far.get(place) ?? 0n),
  };
};
