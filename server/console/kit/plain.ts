import type { FieldProblem, Problem } from "./ask.ts";

/** What a schema says of a length or a missing value, in words somebody filling in a form expects. */
const sayings: readonly (readonly [RegExp, (...found: readonly string[]) => string])[] = [
  [/^Invalid length: Expected >=1 but/, () => "Fill this in."],
  [/^Invalid length: Expected >=(\d+) but/, (_, least) => `Give at least ${least}.`],
  [/^Invalid length: Expected <=(\d+) but/, (_, most) => `Give at most ${most}.`],
  [/^Invalid (?:type|key): Expected \S+ but received (?:undefined|null)/, () => "Fill this in."],
];

/** What is wrong with a field, as a sentence to stand under it. */
export const plainly = ({ detail }: FieldProblem): string => {
  for (const [pattern, say] of sayings) {
    const found = pattern.exec(detail);
    if (found) return say(...found);
  }
  return detail;
};

/** A refusal whose code is about one field, as a fault of that field: `places` says which field each code is about. */
export const placed = (problem: Problem | null, places: Readonly<Record<string, string>>): Problem | null => {
  const pointer = problem && Object.hasOwn(places, problem.code) ? places[problem.code] : undefined;
  if (!problem || pointer === undefined) return problem;
  return { ...problem, code: "bad-request", fields: [...problem.fields, { pointer, detail: problem.because }] };
};

/** The sentence of a refusal. Where every fault stands at its own field, saying that is enough. */
export const gist = ({ code, because }: Problem, allShown: boolean): string =>
  code === "bad-request" && allShown ? "Some of what stands above needs mending." : because;
