import { type Period, periodAt } from "../kit/time.ts";
import type { ResultShare, Reversal } from "./statement.ts";
import { grown, portion, type Volume, type Volumes } from "./volume.ts";

/** Something that became known about one conversion: so much volume more, or less, in the period the conversion belongs to. */
export interface Change {
  readonly knownAt: number;
  readonly conversion: string;
  readonly period: Period;
  readonly result: string;
  readonly volume: Volume;
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

const changes = (share: ResultShare, periods: readonly Period[]): readonly Change[] => {
  const period = periodAt(periods, share.at);
  if (!period || share.state !== "counted") return [];
  const change = (knownAt: number, permille: number): Change => ({
    knownAt,
    conversion: share.id,
    period,
    result: share.result,
    volume: portion(share.shareMicro, permille, share.valueMinor),
  });
  const counts = Math.max(share.countedAt ?? share.at, share.at);
  // What is taken back before it ever counted is known at the moment it counts, never earlier.
  const back = takenBack(share.reversals ?? []).map(({ at, permille }) => change(Math.max(at, counts), -permille));
  return [change(counts, 1000), ...back];
};

// Sorting is stable and ids differ, so what is told of one conversion stays in its own order: counted, then taken back.
const inOrder = (a: Change, b: Change): number => {
  if (a.knownAt !== b.knownAt) return a.knownAt - b.knownAt;
  if (a.conversion === b.conversion) return 0;
  return a.conversion < b.conversion ? -1 : 1;
};

/** What the evidence tells about these periods, in the order in which it became known; nothing from outside them. */
export const changesOf = (shares: readonly ResultShare[], periods: readonly Period[]): readonly Change[] =>
  shares.flatMap((share) => changes(share, periods)).sort(inOrder);

/** The volumes that some changes make together. */
export const volumesOf = (changes: readonly Change[]): Volumes =>
  changes.reduce<Volumes>((volumes, { result, volume }) => grown(volumes, result, volume), new Map());
