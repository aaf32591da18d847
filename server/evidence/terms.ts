import { resolve } from "node:path";
import type { Problem } from "../../shared/contract/problem.ts";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { type Fault, faultAt, type Position } from "../history/fault.ts";
import { positionIn } from "../history/record.ts";
import { placeOf } from "./json.ts";
import { wholeText } from "./lines.ts";
import { valueIn } from "./rows.ts";

/** Something said of a terms file: by its JSON pointer and by its place in the text. */
export interface Remark extends Problem, Position {}

/** A terms file as it was read: the terms, or everything that is wrong with them. */
export interface TermsFile {
  readonly file: string;
  readonly terms: Terms | undefined;
  readonly problems: readonly Remark[];
  readonly warnings: readonly Remark[];
  /** Where in the text a JSON pointer leads. */
  readonly place: (pointer: string) => Position;
}

/** Read a file of terms. Throws what is no JSON, at its place; what is JSON but no terms is told problem by problem. */
export const readTermsFile = async (cwd: string, file: string): Promise<TermsFile> => {
  const text = await wholeText({ path: resolve(cwd, file), shown: file });
  const draft = readTerms(valueIn({ file, line: 1, text }));
  const place = (pointer: string): Position => positionIn(1, text, placeOf(text, pointer).value);
  const placed = (it: Problem): Remark => ({ ...it, ...place(it.at) });
  return draft.ok
    ? { file, terms: draft.terms, problems: [], warnings: draft.warnings.map(placed), place }
    : { file, terms: undefined, problems: draft.problems.map(placed), warnings: [], place };
};

const together = (faults: readonly Fault[]): Fault =>
  Object.assign(new Error(faults.map(({ message }) => message).join("\n")), { name: "Fault" as const });

/** A problem as a line of a report: `FILE:LINE:COLUMN: POINTER what is wrong.` */
export const refusalOf = (file: string, { at, because, ...place }: Remark): Fault =>
  faultAt(file, place, `${at || "the document"} ${because}.`);

/**
 * The terms of a file, or a refusal of every problem in it. `note` hears what is strange but not wrong, but for what a way
 * of attributing lets a payee do: that is for drafting, which `terms check` and the console see to.
 */
export const termsIn = async (cwd: string, file: string, note: (text: string) => void): Promise<Terms> => {
  const { terms, problems, warnings } = await readTermsFile(cwd, file);
  if (terms === undefined) throw together(problems.map((it) => refusalOf(file, it)));
  const own = warnings.filter(({ at }) => !at.startsWith("/attribution/"));
  for (const { at, because } of own) note(`note: ${file}: ${at} ${because}\n`);
  return terms;
};
