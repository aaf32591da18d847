import { createHash } from "node:crypto";
import { resolve } from "node:path";
import * as v from "valibot";
import type { Terms } from "../../shared/contract/terms.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type Fit, FitSchema, fitText, misfit } from "../../shared/judge/fit.ts";
import { faultAt } from "../history/fault.ts";
import { wholeText } from "./lines.ts";
import { valueIn } from "./rows.ts";

/** Frozen weights as the doors hand them out: what names them, and what their payees are called. */
const FitFile = v.object({ hash: v.string(), fit: FitSchema, names: v.record(v.string(), v.string()) });

/** Frozen weights out of a file, and what they call somebody of a name. */
export interface Frozen {
  readonly hash: string;
  readonly fit: Fit;
  whose(name: string): string;
}

const START = { line: 1, column: 1 };

/** Read a file of frozen weights. Refuses one that is not what its hash says. */
export const readFitFile = async (cwd: string, file: string): Promise<Frozen> => {
  const text = await wholeText({ path: resolve(cwd, file), shown: file });
  const read = v.safeParse(FitFile, valueIn({ file, line: 1, text }));
  if (!read.success)
    throw faultAt(file, START, "this is no fit. Save the answer of GET /v1/fits/HASH, with its hash, fit and names.");
  const { hash, fit, names } = read.output;
  if (createHash("sha256").update(fitText(fit)).digest("hex") !== hash)
    throw faultAt(file, START, "these weights are not what their hash says: the file was changed. Get it anew.");
  const byName = new Map(Object.entries(names).map(([payee, name]) => [name, payee]));
  return { hash, fit, whose: (name) => (name === HOUSE ? HOUSE : (byName.get(name) ?? name)) };
};

/** Why a past cannot be shared by these terms with these weights, or nothing. */
export const unfit = ({ attribution }: Terms, frozen: Frozen | undefined): string | undefined => {
  const { learned } = attribution;
  if (learned === undefined) return undefined;
  if (frozen === undefined)
    return `the terms pay by the frozen weights of the fit ${learned.fit.slice(0, 8)}…, which a past does not hold. Give them with --fit FILE.`;
  if (frozen.hash !== learned.fit)
    return `the terms pay by the fit ${learned.fit.slice(0, 8)}…, and --fit is ${frozen.hash.slice(0, 8)}…. Give that one.`;
  const because = misfit(frozen.fit, attribution as AttributionTerms);
  return because && `the fit ${because}.`;
};
