import type { Terms } from "../../shared/contract/terms.ts";
import { type Manner, pastOf, sourceOf } from "../evidence/past.ts";
import type { PastEvidence } from "../evidence/results.ts";
import { mappingOf } from "../history/columns.ts";
import { type Arguments, type Io, misuse, type Option } from "./command.ts";

/** The options of every command that reads a past. */
export const historyOptions: Readonly<Record<string, Option>> = {
  history: { value: "FILE", says: "a past: events as CSV, or results as JSON (one a line, or one document)" },
  map: { value: "OURS=THEIRS,…", many: true, says: "other names of the CSV's columns" },
  house: { value: "NAME", says: 'what the CSV calls the brand itself; "house" when not given' },
  result: { value: "NAME", says: "the CSV's event column holds 1 or 0; a 1 is this result" },
};

/** How the command line says an event log is to be read. */
export const mannerIn = (args: Arguments): Manner => {
  const mapping = mappingOf(args.list("map"));
  if (!mapping.ok) throw misuse(`${mapping.refusal.because}.`);
  return { mapping: mapping.value, house: args.text("house")?.trim() || "house", result: args.text("result") };
};

/** Read the past a command names, under a bar; its results are shared by these terms where it is an event log. */
export const historyOf = async (file: string, terms: Terms, args: Arguments, io: Io): Promise<PastEvidence> => {
  const { bytes, ...source } = await sourceOf(io.cwd, file);
  const progress = io.progress("reading", bytes);
  const read = pastOf({ ...source, heard: progress.to }, terms, mannerIn(args)).finally(progress.done);
  const past = await read;
  if (past.repeats > 0) io.err(`note: ${past.repeats} results were said twice, and count once.\n`);
  return past;
};
