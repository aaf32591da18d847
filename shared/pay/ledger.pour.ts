/** A place money comes from or goes to, and how much of it, in minor units. */
export interface Part<Where> {
  readonly where: Where;
  readonly amountMinor: number;
}

/** Money that goes from one place to another. */
export interface Poured<From, To> {
  readonly from: From;
  readonly to: To;
  readonly amountMinor: number;
}

/**
 * Take what there is, in order, and fill what is asked for, in order, until one of them is used up (the north-west corner
 * rule). Each pair of places meets at most once; nothing is poured for nothing.
 */
export const pour = <From, To>(
  there: readonly Part<From>[],
  asked: readonly Part<To>[],
): readonly Poured<From, To>[] => {
  const poured: Poured<From, To>[] = [];
  const open = asked.filter((it) => it.amountMinor > 0).map((it) => ({ ...it }));
  for (const { where: from, amountMinor } of there) {
    let left = amountMinor;
    while (left > 0 && open[0]) {
      const [first] = open;
      const some = Math.min(left, first.amountMinor);
      poured.push({ from, to: first.where, amountMinor: some });
      left -= some;
      if (some === first.amountMinor) open.shift();
      else open[0] = { ...first, amountMinor: first.amountMinor - some };
    }
  }
  return poured;
};

/** The sum of the parts, in minor units. */
export const whole = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
