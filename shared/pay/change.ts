import type { Period } from "../kit/time.ts";
import { periodAt } from "../kit/time.ts";
import type { ResultShare, Reversal } from "./statement.ts";
import type { Piece } from "./sums.ts";

/**
 * Something that became known about one conversion: a piece of a period's results is there, or less is left of it.
 * `period` is undefined for what happened outside the contract's periods, where it may still make good a shortfall.
 */
export interface Change {
  readonly knownAt: number;
  readonly period: Period | undefined;
  readonly before: Piece | undefined;
  readonly after: Piece;
}

/** Reversals in order of time, cut where together they would take back more than there was. */
const takenBack = (reversals: readonly Reversal[]): readonly Reversal[] => {
  let left = 1000;
  const inTime = [...reversals].sort((a, b) => a.at - b.at || b.permille - a.permille);
  return inTime.map(({ at, permille }) => {
    const part = Math.max(0, Math.min(permille, left));
    left -= part;
    return { at, permille: part };
  });
};

const pieceOf = ({ id, at, result, shareMicro, valueMinor }: ResultShare, left: number): Piece => ({
  id,
  at,
  result,
  shareMicro,
  left,
  valueMinor,
});

const changes = (share: ResultShare, period: Period | undefined): readonly Change[] => {
  if (share.state !== "counted") return [];
  const counts = Math.max(share.countedAt ?? share.at, share.at);
  let before = pieceOf(share, 1000);
  const told: Change[] = [{ knownAt: counts, period, before: undefined, after: before }];
  // What is taken back before it ever counted is known at the moment it counts, never earlier.
  for (const { at, permille } of takenBack(share.reversals ?? [])) {
    const after = pieceOf(share, before.left - permille);
    told.push({ knownAt: Math.max(at, counts), period, before, after });
    before = after;
  }
  return told;
};

// Sorting is stable and ids differ, so what is told of one conversion stays in its own order: counted, then taken back.
const inOrder = (a: Change, b: Change): number => {
  if (a.knownAt !== b.knownAt) return a.knownAt - b.knownAt;
  if (a.after.id === b.after.id) return 0;
  return a.after.id < b.after.id ? -1 : 1;
};

/**
 * What the evidence tells about these periods, in the order in which it became known. What lies outside of them is told
 * only if it `matters` to someone.
 */
export const changesOf = (
  shares: readonly ResultShare[],
  periods: readonly Period[],
  matters: (share: ResultShare) => boolean = () => false,
): readonly Change[] =>
  shares
    .flatMap((share) => {
      const period = periodAt(periods, share.at);
      return period || matters(share) ? changes(share, period) : [];
    })
    .sort(inOrder);
