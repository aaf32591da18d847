import type { Period } from "../kit/time.ts";
import { periodAt } from "../kit/time.ts";
import type { Restatement, ResultShare, Reversal } from "./statement.ts";
import type { Piece } from "./sums.ts";

/**
 * Something that became known about one conversion: a piece of a period's results is there, less is left of it, or it is
 * a share of another size.
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

const inTime = <It extends { readonly at: number }>(all: readonly It[] | undefined): readonly It[] =>
  [...(all ?? [])].sort((a, b) => a.at - b.at);

/** The millionths of a conversion that are a contract's as of an instant; as of now, if none is named. */
export const shareMicroAt = (
  { shareMicro, restated }: Pick<ResultShare, "shareMicro" | "restated">,
  at: number = Number.POSITIVE_INFINITY,
): number => inTime(restated).findLast((it) => it.at <= at)?.shareMicro ?? shareMicro;

const pieceAt = (share: ResultShare, counts: number): Piece => {
  const { id, at, result, valueMinor } = share;
  return { id, at, result, shareMicro: shareMicroAt(share, counts), left: 1000, valueMinor };
};

/** What becomes of a share once it counts, in order of time; what is restated and taken back at once is restated first. */
const turnsOf = ({ restated, reversals }: ResultShare, counts: number): readonly (Restatement | Reversal)[] =>
  inTime([...inTime(restated).filter(({ at }) => at > counts), ...takenBack(reversals ?? [])]);

const turned = (piece: Piece, turn: Restatement | Reversal): Piece =>
  "permille" in turn ? { ...piece, left: piece.left - turn.permille } : { ...piece, shareMicro: turn.shareMicro };

const changes = (share: ResultShare, period: Period | undefined): readonly Change[] => {
  if (share.state !== "counted") return [];
  const counts = Math.max(share.countedAt ?? share.at, share.at);
  let before = pieceAt(share, counts);
  const told: Change[] = [{ knownAt: counts, period, before: undefined, after: before }];
  // What is taken back before it ever counted is known at the moment it counts, never earlier.
  for (const turn of turnsOf(share, counts)) {
    const after = turned(before, turn);
    told.push({ knownAt: Math.max(turn.at, counts), period, before, after });
    before = after;
  }
  return told;
};

// Sorting is stable and ids differ, so what is told of one conversion stays in its own order: counted, then what became of it.
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
