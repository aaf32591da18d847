import type { Earnings } from "./shelves.ts";
import { type Writing, write } from "./vault.ts";

/** One message of the live stream, as far as it concerns the vault: `now` when money moved. */
export interface Heard {
  readonly position: string;
  readonly now: Earnings | null;
}

/** What became of a message: taken in now, taken in before by someone else, or out of step with what the vault knows. */
export type Taken = "taken" | "known" | "out-of-step";

const fold = async (tx: Writing, now: Earnings, seen: boolean): Promise<void> => {
  const marks = tx.objectStore("marks");
  await tx.objectStore("earnings").put(now, now.contract);
  if (!seen) await marks.put(Number((await marks.get("unseen")) ?? 0) + 1, "unseen");
};

/**
 * Take in one message of the live stream that followed `after`. Its position, its earnings and the count of unseen
 * movements change together or not at all, so that whoever is killed in the middle, or listens twice, counts each
 * movement exactly once.
 */
export const take = (heard: Heard, after: string | undefined, seen: boolean): Promise<Taken> =>
  write(["earnings", "marks"], async (tx) => {
    const marks = tx.objectStore("marks");
    const position = (await marks.get("position")) as string | undefined;
    if (position === heard.position) return "known";
    if (position !== after) return "out-of-step";
    if (heard.now) await fold(tx, heard.now, seen);
    await marks.put(heard.position, "position");
    return "taken";
  });

/** Forget where the live stream was, because the server no longer knows the place. */
export const losePlace = (): Promise<void> =>
  write(["marks"], async (tx) => {
    await tx.objectStore("marks").delete("position");
  });
