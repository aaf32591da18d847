import { models } from "../../shared/judge/models.ts";
import { rememberedPaths } from "./changes.ts";
import type { Candidate } from "./compare-events.ts";
import { byPlace, type Outcome } from "./comparison.ts";
import { tallyWhole } from "./global.ts";
import { pathWeighing, tallyPath } from "./path-credit.ts";
import { linesOf, type PathLog, wholeOfPaths } from "./path-log.ts";
import { effectsOf } from "./sharing.ts";
import { tally } from "./tally.ts";

/** Share a file of paths by every candidate; the first is what the others are compared with. `heard` is told of each line. */
export const comparePaths = (
  log: PathLog,
  digits: number,
  candidates: readonly Candidate[],
  heard: (done: number) => void,
): readonly Outcome[] => {
  const memory = rememberedPaths();
  const names = log.payees.all;
  const isCompared = candidates[0]?.learned?.fitting.isGlobal !== true;
  let done = 0;
  return candidates.map(({ terms, learned }, place): Outcome => {
    const isWhole = learned?.fitting.isGlobal === true;
    const sums = tally();
    if (isWhole) tallyWhole(wholeOfPaths(log, digits), learned, names, sums);
    else {
      const see = place === 0 ? memory.remember : memory.compare;
      const effects = learned && effectsOf(learned, names);
      const weigh = pathWeighing({ model: models[terms.model], terms, house: log.house, effects });
      for (const line of linesOf(log)) {
        tallyPath(line, weigh, sums);
        if (isCompared) see({ weights: weigh(line.payees), conversionsMicro: line.conversionsMicro });
        done += 1;
        heard(done);
      }
    }
    const changed = isCompared && !isWhole ? memory.changed() : undefined;
    return { model: terms.model, terms, learned, ...byPlace(sums.report(digits), names), payMinor: undefined, changed };
  });
};
