import type { Paths } from "../../shared/judge/columns.ts";
import { canBeThrown, type Fitting, fitted, type Learned } from "../history/learned.ts";
import type { Io } from "./command.ts";
import { refusal } from "./folder.ts";

const refuseUnfit = ({ payees, values }: Paths, { order, isGlobal }: Fitting): void => {
  if ((payees + 1) ** order > Number.MAX_SAFE_INTEGER)
    throw refusal(`markov of order ${order} cannot tell ${payees} payees apart. Take --order 1.`);
  if (isGlobal && values.some((value) => value < 0))
    throw refusal("--global cannot share values below zero. Leave them out, or share journey by journey.");
};

/** Fit a learned model on a file's own journeys, under a bar, saying what that is worth. */
export const fittedOn = (paths: Paths, fitting: Fitting, io: Io): Learned => {
  refuseUnfit(paths, fitting);
  if (fitting.replicates > 0 && !canBeThrown(paths))
    io.err("note: the file counts parts of journeys, which cannot be thrown again: there are no intervals.\n");
  const progress = io.progress("throwing again", fitting.replicates);
  try {
    const work = fitted(paths, fitting);
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      progress.to(step.value);
    }
  } finally {
    progress.done();
  }
};

/** What to beware of when a model is fitted on the very file it shares. */
export const fittedNote = "fitted on this file; to pay by it, freeze a fit first.";
