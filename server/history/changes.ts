import { places } from "./columnar.ts";
import type { Parts } from "./event-credit.ts";
import type { PathWeights } from "./path-credit.ts";

/** Of how many conversions, in millionths, somebody else gets something, and of how many the parts are other ones. */
export interface Changed {
  readonly payeesMicro: bigint;
  readonly sharesMicro: bigint;
}

/** Remembers one way of sharing journeys, and counts those another way shares otherwise. */
export interface Remembered<Journey> {
  remember(journey: Journey): void;
  compare(journey: Journey): void;
  /** What was counted since it was last asked. */
  changed(): Changed;
}

const counting = () => {
  let [payees, shares] = [0n, 0n];
  return {
    count: (micro: bigint, isOtherPayees: boolean, isOtherShares: boolean): void => {
      if (isOtherPayees) payees += micro;
      if (isOtherShares) shares += micro;
    },
    changed: (): Changed => {
      const found = { payeesMicro: payees, sharesMicro: shares };
      [payees, shares] = [0n, 0n];
      return found;
    },
  };
};

const WHOLE_MICRO = 1_000_000n;

/** For the results of an event log. Payees stand in journey order, so that the same payees are the same list. */
export const rememberedResults = (): Remembered<Parts> => {
  const [begins, lengths, payees, shares] = [places(), places(), places(), places()];
  const { count, changed } = counting();
  let free = 0;
  return {
    remember: (parts) => {
      begins.put(parts.conversion, free);
      lengths.put(parts.conversion, parts.payees.length);
      parts.payees.forEach((payee, index) => {
        payees.put(free, payee);
        shares.put(free, parts.sharesMicro[index] ?? 0);
        free += 1;
      });
    },
    compare: (parts) => {
      const from = begins.at(parts.conversion);
      const isOtherPayees =
        parts.payees.length !== lengths.at(parts.conversion) ||
        parts.payees.some((payee, index) => payees.at(from + index) !== payee);
      const isOtherShares =
        isOtherPayees || parts.sharesMicro.some((share, index) => shares.at(from + index) !== share);
      count(WHOLE_MICRO, isOtherPayees, isOtherShares);
    },
    changed,
  };
};

/** A line of a file of paths, shared. */
export interface SharedPath {
  readonly weights: PathWeights;
  readonly conversionsMicro: bigint;
}

const summed = ({ payees, each }: PathWeights): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  payees.forEach((payee, index) => {
    const weight = each[index] ?? 0;
    if (weight > 0) sums.set(payee, (sums.get(payee) ?? 0) + weight);
  });
  return sums;
};

/** For the lines of a file of paths, which come in the same order each time. */
export const rememberedPaths = (): Remembered<SharedPath> => {
  const known: PathWeights[] = [];
  const { count, changed } = counting();
  let line = 0;
  return {
    remember: ({ weights }) => {
      known.push(weights);
    },
    compare: ({ weights, conversionsMicro }) => {
      const before = known[line];
      line = (line + 1) % known.length;
      if (before === undefined || conversionsMicro === 0n) return;
      const [was, is] = [summed(before), summed(weights)];
      const isOtherPayees = was.size !== is.size || [...is.keys()].some((payee) => !was.has(payee));
      const isOtherShares =
        isOtherPayees ||
        [...is].some(
          ([payee, n]) => BigInt(n) * BigInt(before.of) !== BigInt(was.get(payee) ?? 0) * BigInt(weights.of),
        );
      count(conversionsMicro, isOtherPayees, isOtherShares);
    },
    changed,
  };
};
