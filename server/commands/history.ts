import type { Terms } from "../../shared/contract/terms.ts";
import { readFitFile } from "../evidence/fit.ts";
import { type Manner, pastOf, sourceOf } from "../evidence/past.ts";
import type { PastEvidence } from "../evidence/results.ts";
import { mappingOf } from "../history/columns.ts";
import { eventNamesOf, presetOf, presets } from "../history/presets.ts";
import type { Reading } from "../history/reading.ts";
import type { LeftOut } from "../history/translated.ts";
import { visible } from "../report/text.ts";
import { type Arguments, aligned, type Io, misuse, type Option } from "./command.ts";

/** How the files of other tools are read, for every command that reads files of history. */
export const readingOptions: Readonly<Record<string, Option>> = {
  preset: { value: "NAME", says: `the file is of another tool: ${Object.keys(presets).join(", ")}` },
  map: { value: "OURS=THEIRS,…", many: true, says: "other names of columns" },
  event: { value: "THEIRS=OURS", many: true, says: "what an event is here: touch, view, nothing, or a result" },
};

/** The options of every command that reads a past. */
export const historyOptions: Readonly<Record<string, Option>> = {
  history: { value: "FILE", says: "a past: events as CSV, or results as JSON (one a line, or one document)" },
  ...readingOptions,
  house: { value: "NAME", says: 'what the CSV calls the brand itself; "house" when not given' },
  result: { value: "NAME", says: "the CSV's event column holds 1 or 0; a 1 is this result" },
  fit: { value: "FILE", says: "the frozen weights that learned terms name, as GET /v1/fits/HASH answers them" },
};

/** How the command line says a file of history is to be read. */
export const readingIn = (args: Arguments): Reading => {
  const mapping = mappingOf(args.list("map"));
  if (!mapping.ok) throw misuse(`${mapping.refusal.because}.`);
  const names = eventNamesOf(args.list("event"));
  if (!names.ok) throw misuse(names.refusal.because);
  const asked = args.text("preset");
  const preset = asked === undefined ? undefined : presetOf(asked);
  if (preset?.ok === false) throw misuse(preset.refusal.because);
  if (args.text("result") !== undefined && (preset !== undefined || names.value.size > 0))
    throw misuse(
      "--result is for a column that holds 1 or 0. What events are called is said by a preset, or with --event.",
    );
  return { preset: preset?.value, mapping: mapping.value, names: names.value };
};

/** What is said of every preset, for the help of commands that take one. */
export const presetsTold = (): string => aligned(Object.entries(presets).map(([name, { says }]) => [name, says]));

const MOST_TOLD = 5;

/** What was left out of a file of another tool, in a sentence; nothing when nothing was. */
export const leftOutTold = ({ lines, names }: LeftOut): string => {
  if (lines === 0) return "";
  const most = [...names].sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1));
  const told = most.slice(0, MOST_TOLD).map(([name, times]) => `${visible(name) || "no name"} (${times})`);
  const more = most.length > MOST_TOLD ? " and others" : "";
  return `note: ${lines} lines are neither touches nor results and were left out: ${told.join(", ")}${more}.\n`;
};

/** How the command line says an event log is to be read. */
export const mannerIn = (args: Arguments): Manner => ({
  reading: readingIn(args),
  house: args.text("house")?.trim() || "house",
  result: args.text("result"),
});

/** Read the past a command names, under a bar; its results are shared by these terms where it is an event log. */
export const historyOf = async (file: string, terms: Terms, args: Arguments, io: Io): Promise<PastEvidence> => {
  const { bytes, ...source } = await sourceOf(io.cwd, file);
  const progress = io.progress("reading", bytes);
  const fit = args.text("fit");
  const frozen = fit === undefined ? undefined : await readFitFile(io.cwd, fit);
  const manner: Manner = { ...mannerIn(args), frozen, left: (leftOut) => io.err(leftOutTold(leftOut)) };
  const read = pastOf({ ...source, heard: progress.to }, terms, manner).finally(progress.done);
  const past = await read;
  if (past.repeats > 0) io.err(`note: ${past.repeats} results were said twice, and count once.\n`);
  return past;
};
