import { canonical, type Json } from "../../../shared/kit/canonical.ts";
import { explained } from "../../../shared/pay/explained.ts";
import type { Statement } from "../../../shared/pay/statement.ts";
import type { ExplainedStatement } from "./wire.ts";

/** What came of computing a statement again from its evidence. `period` and `line` name the first place that differs. */
export type Recomputed =
  | { readonly state: "equal" }
  | { readonly state: "different"; readonly where: string; readonly ours: Statement }
  | { readonly state: "failed" };

const same = (a: unknown, b: unknown): boolean => canonical(a as Json) === canonical(b as Json);

const firstDifference = (theirs: ExplainedStatement["statement"], ours: Statement): string => {
  const places = Math.max(theirs.periods.length, ours.periods.length);
  for (let index = 0; index < places; index += 1) {
    const [one, other] = [theirs.periods[index], ours.periods[index]];
    if (!one || !other) return `the period from ${(one ?? other)?.starts}`;
    const line = other.lines.findIndex((it, place) => !same(it, one.lines[place] ?? null));
    if (line >= 0) return `line ${line + 1} of the period from ${one.starts}`;
    if (!same(one, other)) return `the sums of the period from ${one.starts}`;
  }
  return "the total";
};

/** Compute a statement again, here, from the terms and the evidence, and compare it with what the server says. */
export const recompute = (evidence: ExplainedStatement): Recomputed => {
  const theirs = evidence.statement;
  try {
    const ours = explained(evidence);
    return same(ours, theirs) ? { state: "equal" } : { state: "different", where: firstDifference(theirs, ours), ours };
  } catch {
    return { state: "failed" };
  }
};
