import type { Paths } from "../../shared/judge/columns.ts";
import { canBeThrown, type Fitting, fitted, type Learned } from "../history/learned.ts";
import type { Io } from "./command.ts";
import { refusal } from "./refusal.ts";

/** A chain of order 1 is solved in a square of doubles: so many payees take 800 MB of it. */
const MOST_IN_A_SQUARE = 10_000;

const refuseUnfit = ({ payees, values }: Paths, { model, order, isGlobal }: Fitting): void => {
  if (model === "markov" && order === 1 && payees > MOST_IN_A_SQUARE + 1)
    throw refusal(
      `markov can tell ${MOST_IN_A_SQUARE} payees apart, and the file names ${payees - 1}. Take another model, or name groups of them.`,
    );
  if (model === "markov" && (payees + 1) ** order > Number.MAX_SAFE_INTEGER)
    throw refusal(`markov of order ${order} cannot tell ${payees} payees apart. Take --order 1.`);
  if (isGlobal && values.some((value) => value < 0))
    throw refusal("--global cannot share values below zero. Leave them out, or share journey by journey.");
};

const PATIENCE_MS = 60_000;
/** The replicate whose time tells what the others will take: the first ones are slower. */
const TELLING = 5;

const longNote = (replicateMs: number, replicates: number): string => {
  const minutes = Math.ceil((replicateMs * replicates) / 60_000);
  return `note: the intervals will take about ${minutes} minutes; --replicates 100 makes fewer, --replicates 0 none.\n`;
};

/** Fit a learned model on a file's own journeys, under a bar, saying what that is worth. */
export const fittedOn = (paths: Paths, fitting: Fitting, io: Io): Learned => {
  const { replicates } = fitting;
  refuseUnfit(paths, fitting);
  if (replicates > 0 && !canBeThrown(paths))
    io.err("note: the file counts parts of journeys, which cannot be thrown again: there are no intervals.\n");
  // The first fit is the file's own.
  const progress = io.progress("fitting", replicates + 1);
  try {
    progress.to(0);
    const work = fitted(paths, fitting);
    for (;;) {
      const before = performance.now();
      const step = work.next();
      if (step.done === true) return step.value;
      const replicateMs = performance.now() - before;
      if (step.value === TELLING && replicateMs * replicates > PATIENCE_MS) io.err(longNote(replicateMs, replicates));
      progress.to(step.value + 1);
    }
  } finally {
    progress.done();
  }
};

/** What to beware of when a model is fitted on the very file it shares. */
export const fittedNote = "fitted on this file; to pay by it, freeze a fit first.";
