import * as v from "valibot";

/** One thing wrong with a document. `at` is a JSON pointer (RFC 6901) into it, such as `/pay/3/steps/1/from`; the whole is `""`. */
export interface Problem {
  readonly at: string;
  readonly code: "shape" | "sense" | "not-supported-yet";
  readonly because: string;
}

type Issue = v.BaseIssue<unknown>;
type Path = readonly { readonly key: unknown; readonly input: unknown; readonly type: string }[];

const MOST_DEEP = 32;
const MOST_SAID = 40;
const MOST_ROUNDS = 20;
const MOST_TOLD = 100;
const misleading: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const pointer = (keys: readonly unknown[]): string =>
  keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const shape = (keys: readonly unknown[], because: string): Problem => ({ at: pointer(keys), code: "shape", because });

const quoted = (text: string): string =>
  text.length > MOST_SAID ? `"${text.slice(0, MOST_SAID)}…"` : JSON.stringify(text);

const said = (it: unknown): string => {
  if (typeof it === "string") return quoted(it);
  if (Array.isArray(it)) return "a list";
  if (typeof it === "object" && it !== null) return "an object";
  return typeof it === "function" ? "a function" : String(it);
};

const unknownKey = (key: unknown): string => `${quoted(String(key))} is not known here; correct its name or remove it`;
const unusableKey = (key: unknown): string =>
  `${quoted(String(key))} cannot be a name here; choose another or remove it`;

const isUnknownKey = (issue: Issue): boolean => issue.type === "strict_object" && issue.expected === "never";

const choices = (expected: string | null): string => {
  const all = (expected ?? "").replaceAll(/^\(|\)$/g, "").split(" | ");
  return all.length > 1 ? `one of ${all.slice(0, -1).join(", ")} or ${all.at(-1)}` : (all[0] ?? "");
};

const kinds: Readonly<Record<string, string>> = {
  number: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  strict_object: "an object",
  record: "an object",
  union: "an object or a list of them",
};

const wanted = (issue: Issue): string => {
  const { type, input, requirement } = issue;
  if (type === "min_value") return `${requirement} or more`;
  if (type === "max_value") return `${requirement} or less`;
  if (type === "max_length")
    return typeof input === "string"
      ? `a text of at most ${requirement} characters`
      : `a list of at most ${requirement}`;
  // A variant given no object at all wants one first; only then does it want a name.
  if (issue.expected === "Object") return "an object";
  return kinds[type] ?? choices(issue.expected);
};

const told = (issue: Issue, key: unknown): string => {
  if (isUnknownKey(issue)) return unknownKey(key);
  const must = issue.message.startsWith("Invalid") ? `must be ${wanted(issue)}` : issue.message;
  if (issue.input === undefined && key !== undefined) return `${quoted(String(key))} is missing; it ${must}`;
  return issue.type === "min_length" ? "must not be empty" : `${must}, not ${said(issue.input)}`;
};

const notList = "must be an object, not a list";
const isListItem = ({ type }: Path[number]): boolean => type === "array";
const isListAsObject = (item: Path[number]): boolean => Array.isArray(item.input) && !isListItem(item);

/** A union tells the faults of all its branches; those of the branch that was meant are the ones about what was given. */
const branches = (issue: Issue): readonly Issue[] => {
  if (issue.type !== "union" || !issue.issues) return [issue];
  const given = Array.isArray(issue.input);
  const meant = issue.issues.filter(({ path }) => path && given === (path[0] !== undefined && isListItem(path[0])));
  if (meant.length === 0) return [issue];
  const prefix = issue.path ?? [];
  return meant.map((it) => ({ ...it, path: [...prefix, ...(it.path ?? [])] }) as Issue);
};

const problem = (issue: Issue): Problem => {
  const path: Path = issue.path ?? [];
  const keys = path.map(({ key }) => key);
  // To the parser a list is an object without the keys it wants; to a person it is a list.
  const list = path.findIndex(isListAsObject);
  return list === -1 ? shape(keys, told(issue, keys.at(-1))) : shape(keys.slice(0, list), notList);
};

interface Part {
  readonly it: unknown;
  readonly key: unknown;
  readonly above: Part | undefined;
  readonly depth: number;
}

const keysTo = (part: Part): readonly unknown[] => {
  const keys: unknown[] = [];
  for (let at = part; at.above; at = at.above) keys.unshift(at.key);
  return keys;
};

/** What must not even reach the parser: nesting that would exhaust its stack, and keys it would pass over in silence. */
const unreadable = (draft: unknown): readonly Problem[] => {
  const problems: Problem[] = [];
  const waiting: Part[] = [{ it: draft, key: "", above: undefined, depth: 0 }];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const { it, depth } = part;
    if (typeof it !== "object" || it === null) continue;
    if (depth > MOST_DEEP) return [shape(keysTo(part), `is nested more than ${MOST_DEEP} levels deep`)];
    for (const key of Object.keys(it)) {
      const below: Part = { it: (it as Record<string, unknown>)[key], key, above: part, depth: depth + 1 };
      if (misleading.has(key)) problems.push(shape(keysTo(below), unusableKey(key)));
      else waiting.push(below);
    }
  }
  return problems;
};

type Change = (held: Readonly<Record<string, unknown>>, key: string) => unknown;

const removed: Change = (held, key) => Object.fromEntries(Object.entries(held).filter(([name]) => name !== key));
const blank: Change = (held, key) => ({ ...held, [key]: undefined });

const changed = (it: unknown, [key, ...rest]: readonly unknown[], change: Change): unknown => {
  if (Array.isArray(it)) return it.map((child, index) => (index === key ? changed(child, rest, change) : child));
  const [held, name] = [it as Readonly<Record<string, unknown>>, String(key)];
  return rest.length === 0 ? change(held, name) : { ...held, [name]: changed(held[name], rest, change) };
};

const keysOf = ({ path }: Issue): readonly unknown[] => (path ?? []).map(({ key }) => key);

const issuesOf = (schema: v.GenericSchema, draft: unknown): readonly Issue[] =>
  (v.safeParse(schema, draft, { abortPipeEarly: true }).issues ?? []).flatMap(branches);

/** The parser tells one unknown key of each object; what else is unknown shows once that one is out of the way. */
const unknownKeys = (schema: v.GenericSchema, draft: unknown): readonly Problem[] => {
  const problems: Problem[] = [];
  let rest = draft;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = issuesOf(schema, rest).filter(
      (issue) => isUnknownKey(issue) && !(issue.path ?? []).some(isListAsObject),
    );
    if (found.length === 0) break;
    problems.push(...found.map(problem));
    if (problems.length >= MOST_TOLD) break;
    for (const issue of found) rest = changed(rest, keysOf(issue), removed);
  }
  return problems;
};

const places = (draft: unknown, at: string): readonly number[] => {
  let it = draft;
  const keys = at.split("/").slice(1);
  return keys.map((token) => {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    const place = typeof it === "object" && it !== null ? Object.keys(it).indexOf(key) : -1;
    it = place === -1 ? undefined : (it as Record<string, unknown>)[key];
    // What is missing comes after everything its object does hold.
    return place === -1 ? Number.POSITIVE_INFINITY : place;
  });
};

const byPlace = (a: readonly number[], b: readonly number[]): number => {
  const differs = a.findIndex((place, index) => place !== b[index]);
  if (differs === -1) return a.length - b.length;
  return (a[differs] ?? 0) < (b[differs] ?? -1) ? -1 : 1;
};

/** Problems, a hundred at most, in the order in which a reader of the document meets them; those of one place stay in the order given. */
export const inDocumentOrder = (draft: unknown, problems: readonly Problem[]): readonly Problem[] =>
  problems
    .slice(0, MOST_TOLD)
    .map((it) => ({ it, place: places(draft, it.at) }))
    .sort((a, b) => byPlace(a.place, b.place))
    .map(({ it }) => it);

const isHeld = (it: unknown): it is Readonly<Record<string, unknown>> => typeof it === "object" && it !== null;

/** Lists the parser took for objects; one whose keys are all optional it would even accept. */
const lists = (given: unknown, read: unknown, keys: readonly unknown[] = []): readonly Problem[] => {
  if (!isHeld(given) || !isHeld(read)) return [];
  if (Array.isArray(given) && !Array.isArray(read)) return [shape(keys, notList)];
  return Object.keys(given).flatMap((key) => lists(given[key], read[key], [...keys, key]));
};

/** The parser says of a missing key only that it is missing; asked about it left blank, it also says what is wanted. */
const wants = (schema: v.GenericSchema, draft: unknown): readonly Problem[] => {
  const missing = (issue: Issue): boolean =>
    issue.type === "strict_object" && issue.input === undefined && issue.path?.some(isListAsObject) === false;
  const filled = issuesOf(schema, draft)
    .filter(missing)
    .slice(0, MOST_TOLD)
    .reduce<unknown>((rest, issue) => changed(rest, keysOf(issue), blank), draft);
  return issuesOf(schema, filled)
    .filter((issue) => !isUnknownKey(issue))
    .map(problem);
};

/**
 * Everything wrong with the shape of a document, in its order: nothing when the schema takes it. Never throws, however
 * deep the document is nested and whatever its keys are called.
 */
export const misshapen = (schema: v.GenericSchema, draft: unknown): readonly Problem[] => {
  const before = unreadable(draft);
  if (before.length > 0) return inDocumentOrder(draft, before);
  const read = v.safeParse(schema, draft);
  if (read.success) return lists(draft, read.output);
  const all = [...lists(draft, read.output), ...unknownKeys(schema, draft), ...wants(schema, draft)];
  const distinct = new Map(all.map((it) => [`${it.at} ${it.because}`, it]));
  return inDocumentOrder(draft, [...distinct.values()]);
};
