/** Anything a JSON text can hold. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** Refuse the text: something is wrong at this index of it. */
export type Fail = (index: number, because: string) => never;

/** Hear where each value begins, and the key before it, as indexes of the text. `at` is a JSON pointer. */
type Meet = (at: string, value: number, key: number) => void;

const DEEPEST = 100;
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these, unescaped.
const PLAIN = /"[^"\\\u0000-\u001f]*"/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these, unescaped.
const QUOTED = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;
const WORDS: readonly (readonly [string, Value])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

const matched = (pattern: RegExp, text: string, from: number): string => {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0] ?? "";
};

const shown = (text: string, index: number): string => {
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  if (character === "\0") return "a NUL byte";
  return /\p{C}/u.test(character) ? `U+${character.codePointAt(0)?.toString(16).padStart(4, "0")}` : `"${character}"`;
};

/** What a value may hold is read by the reader that met it. */
interface Reading {
  readonly text: string;
  readonly fail: Fail;
  readonly meet: Meet | undefined;
  at: number;
}

const space = (reading: Reading): void => {
  reading.at += matched(SPACE, reading.text, reading.at).length;
};

const expected = (reading: Reading, what: string): never => {
  const { text, at, fail } = reading;
  return at < text.length
    ? fail(at, `expected ${what} here, not ${shown(text, at)}.`)
    : fail(at, `the text ends where ${what} was expected.`);
};

const quoted = (reading: Reading): string => {
  const { text, at, fail } = reading;
  const plain = matched(PLAIN, text, at);
  if (plain !== "") {
    reading.at += plain.length;
    return plain.slice(1, -1);
  }
  const held = matched(QUOTED, text, at);
  const end = at + held.length;
  if (text[end] !== '"' || held === "") {
    if (end >= text.length) return fail(at, "this quote is never closed.");
    if (text[end] === "\\") return fail(end, "JSON knows no such escape. Write \\\\ for a backslash.");
    return fail(end, `${shown(text, end)} may not stand in a JSON text unescaped.`);
  }
  reading.at = end + 1;
  return JSON.parse(`${held}"`) as string;
};

const list = (reading: Reading, pointer: string, depth: number): readonly Value[] => {
  const values: Value[] = [];
  reading.at += 1;
  space(reading);
  if (reading.text[reading.at] === "]") {
    reading.at += 1;
    return values;
  }
  for (;;) {
    values.push(value(reading, { pointer: `${pointer}/${values.length}`, key: undefined, depth }));
    space(reading);
    const mark = reading.text[reading.at];
    if (mark !== "," && mark !== "]") expected(reading, '"," or "]"');
    reading.at += 1;
    if (mark === "]") return values;
  }
};

const member = (reading: Reading, held: Record<string, Value>, pointer: string, depth: number): void => {
  space(reading);
  const from = reading.at;
  if (reading.text[from] !== '"') expected(reading, "a key in double quotes");
  const key = quoted(reading);
  if (Object.hasOwn(held, key)) reading.fail(from, `the key ${JSON.stringify(key)} is here twice. Keep one.`);
  space(reading);
  if (reading.text[reading.at] !== ":") expected(reading, '":"');
  reading.at += 1;
  const escaped = reading.meet ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
  const found = value(reading, { pointer: `${pointer}/${escaped}`, key: from, depth });
  // A plain assignment to this one name would change what kind of object it is instead of adding to it.
  if (key === "__proto__") Object.defineProperty(held, key, { value: found, enumerable: true });
  else held[key] = found;
};

const object = (reading: Reading, pointer: string, depth: number): { readonly [key: string]: Value } => {
  const held: Record<string, Value> = {};
  reading.at += 1;
  space(reading);
  if (reading.text[reading.at] === "}") {
    reading.at += 1;
    return held;
  }
  for (;;) {
    member(reading, held, pointer, depth);
    space(reading);
    const mark = reading.text[reading.at];
    if (mark !== "," && mark !== "}") expected(reading, '"," or "}"');
    reading.at += 1;
    if (mark === "}") return held;
  }
};

const scalar = (reading: Reading): Value => {
  const { text, at } = reading;
  const number = matched(NUMBER, text, at);
  if (number !== "") {
    reading.at += number.length;
    return Number(number);
  }
  for (const [word, meaning] of WORDS) {
    if (!text.startsWith(word, at)) continue;
    reading.at += word.length;
    return meaning;
  }
  return expected(reading, "a value");
};

interface Place {
  readonly pointer: string;
  /** Where the key stands; in a list there is none, and the value stands for it. */
  readonly key: number | undefined;
  readonly depth: number;
}

const value = (reading: Reading, { pointer, key, depth }: Place): Value => {
  space(reading);
  const { text, at, meet, fail } = reading;
  if (depth > DEEPEST) fail(at, `this is nested more than ${DEEPEST} levels deep.`);
  meet?.(pointer, at, key ?? at);
  const mark = text[at];
  if (mark === "{") return object(reading, pointer, depth + 1);
  if (mark === "[") return list(reading, pointer, depth + 1);
  return mark === '"' ? quoted(reading) : scalar(reading);
};

/**
 * Read one JSON text (RFC 8259). Stricter than the language's own reader, since money depends on it: a key that occurs
 * twice is refused, not overruled by the last. Every refusal names its place.
 */
export const readJson = (text: string, fail: Fail, meet?: Meet): Value => {
  const reading: Reading = { text, fail, meet, at: 0 };
  const found = value(reading, { pointer: "", key: undefined, depth: 0 });
  space(reading);
  if (reading.at < text.length) expected(reading, "the end of the text");
  return found;
};

const impossible: Fail = (_, because) => {
  throw new Error(`Impossible: a text that was read before cannot be read again: ${because}`);
};

/** Where the value, and its key, stand that a JSON pointer names in a text read before; of what is missing, where it should be. */
export const placeOf = (text: string, pointer: string): { readonly value: number; readonly key: number } => {
  let best = { value: 0, key: 0 };
  let length = -1;
  readJson(text, impossible, (at, found, key) => {
    const leads = pointer === at || pointer.startsWith(`${at}/`);
    if (!leads || at.length <= length) return;
    best = { value: found, key };
    length = at.length;
  });
  return best;
};
