import type { Terms } from "../../shared/contract/terms.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { rememberedResults } from "./changes.ts";
import { byPlace, type Outcome } from "./comparison.ts";
import { type Parts, shareEvents, tallying } from "./event-credit.ts";
import { type EventFile, sharingOf, wholeOf } from "./event-file.ts";
import { tallyWhole } from "./global.ts";
import type { Learned } from "./learned.ts";
import { gathering, payOf } from "./pricing.ts";
import { tally } from "./tally.ts";

/** One of the models a file is shared by, fitted where it is a learned one. */
export interface Candidate {
  readonly terms: AttributionTerms;
  readonly learned: Learned | undefined;
}

/** Who is told how far it is: of results shared, and of contracts priced. */
export interface Watch {
  readonly shared: (done: number) => void;
  readonly priced: (done: number) => void;
}

/** What all candidates are shared with. */
interface Sharing {
  readonly file: EventFile;
  readonly terms: Terms | undefined;
  readonly hear: (parts: Parts) => void;
  readonly priced: (done: number) => void;
}

type Figures = Pick<Outcome, "conversionsMicro" | "valueUnits" | "payMinor">;

const allAtOnce = (file: EventFile, learned: Learned): Figures => {
  const sums = tally();
  tallyWhole(wholeOf(file), learned, file.names, sums);
  return { ...byPlace(sums.report(file.digits), file.names), payMinor: undefined };
};

const oneByOne = ({ file, terms, hear, priced }: Sharing, candidate: Candidate): Figures => {
  const { events, columns, names, digits } = file;
  const sums = tally();
  const add = tallying(events.log, sums, digits);
  const evidence = terms && gathering(file);
  shareEvents(events.log, columns, sharingOf(file, candidate.terms, candidate.learned), (parts) => {
    add(parts);
    evidence?.gather(parts);
    hear(parts);
  });
  const payMinor = terms && evidence && payOf(terms, evidence.shares, priced);
  return { ...byPlace(sums.report(digits), names), payMinor };
};

const isGlobal = ({ learned }: Candidate): boolean => learned?.fitting.isGlobal === true;

/**
 * Share an event log by every candidate, and price every payee's part of it by terms if there are any. The first is what
 * the others are compared with.
 */
export const compareEvents = (
  file: EventFile,
  candidates: readonly Candidate[],
  terms: Terms | undefined,
  watch: Watch,
): readonly Outcome[] => {
  const memory = rememberedResults();
  const [first] = candidates;
  const isCompared = first !== undefined && !isGlobal(first);
  let done = 0;
  return candidates.map((candidate, place): Outcome => {
    const { learned } = candidate;
    const isWhole = learned?.fitting.isGlobal === true;
    const see = place === 0 ? memory.remember : memory.compare;
    const hear = (parts: Parts): void => {
      if (isCompared) see(parts);
      done += 1;
      watch.shared(done);
    };
    const priced = (of: number): void => watch.priced(place * file.names.length + of);
    const figures = isWhole ? allAtOnce(file, learned) : oneByOne({ file, terms, hear, priced }, candidate);
    const changed = isCompared && !isWhole ? memory.changed() : undefined;
    return { model: candidate.terms.model, terms: candidate.terms, learned, ...figures, changed };
  });
};
