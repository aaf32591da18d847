import { placeOf, readJson, type Value } from "../evidence/json.ts";
import { type Fault, faultAt } from "./fault.ts";
import { LONGEST_RECORD, positionIn, type Row } from "./record.ts";

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A double holds fifteen decimal digits exactly; beyond, a number is read from its text. */
const EXACT_DIGITS = 15;

const pointerOf = (member: string): string => `/${member.split(".").join("/")}`;

const failing =
  (file: string, line: number, text: string) =>
  (index: number, because: string): never => {
    throw faultAt(file, positionIn(line, text, index), because);
  };

/** One object of a line, or the fault where it stops being one. */
export const objectIn = (file: string, line: number, text: string): { readonly [key: string]: Value } => {
  const fail = failing(file, line, text);
  if (text.length > LONGEST_RECORD) fail(0, "this line is longer than a million characters. Write one event a line.");
  let found: Value;
  try {
    found = JSON.parse(text) as Value;
  } catch {
    // The language's own reader is fast but says not where it stopped.
    found = readJson(text, fail);
  }
  if (typeof found !== "object" || found === null || Array.isArray(found))
    return fail(0, "this line is not an object. Write one event a line, as {…}.");
  return found as { readonly [key: string]: Value };
};

/** The names of members in a dotted name, such as `context.campaign.source`. */
export type Steps = readonly string[];

const memberOf = (object: Value, steps: Steps): Value | undefined => {
  let held: Value | undefined = object;
  for (const step of steps) {
    if (typeof held !== "object" || held === null || !Object.hasOwn(held, step)) return undefined;
    held = (held as { readonly [key: string]: Value })[step];
  }
  return held;
};

const numberIn = (text: string, member: string, value: number): string => {
  const plain = String(value);
  if (plain.length <= EXACT_DIGITS) return plain;
  NUMBER.lastIndex = placeOf(text, pointerOf(member)).value;
  return NUMBER.exec(text)?.[0] ?? plain;
};

/** Cut one line into a cell for each member; what is not there is empty. Refuses a member that is no single value. */
export const cutObject = (
  file: string,
  line: number,
  text: string,
  members: readonly { readonly name: string; readonly steps: Steps }[],
): Row => {
  const object = objectIn(file, line, text);
  const cells = members.map(({ name, steps }) => {
    const held = memberOf(object, steps);
    if (held === undefined || held === null) return "";
    if (typeof held === "string") return held;
    if (typeof held === "number") return numberIn(text, name, held);
    if (typeof held === "boolean") return String(held);
    return failing(file, line, text)(placeOf(text, pointerOf(name)).value, `${name} must be a single value.`);
  });
  return { line, text, cells };
};

/** Something wrong with one member of a line, where it stands or should stand. */
export const memberFault = (file: string, { line, text }: Row, member: string, because: string): Fault => {
  const { value } = placeOf(text, pointerOf(member));
  const inside = text[value] === '"' ? value + 1 : value;
  return faultAt(file, positionIn(line, text, inside), because);
};
