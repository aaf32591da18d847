import { type Fault, faultAt } from "../history/fault.ts";
import { instant } from "../history/instant.ts";
import { positionIn } from "../history/record.ts";
import { placeOf, readJson, type Value } from "./json.ts";

/** The first instant of the year 9999, in ms since 1970: from there on there is no calendar. */
export const END_OF_TIME = 253_370_764_800_000;

/** A text with values in it, and the line it begins on. */
export interface Text {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What a field must be, or why this value is not it. */
export type Field<Is = unknown> = (it: Value) => { readonly is: Is } | { readonly wrong: string };

/** A value as a refusal names it. */
export const said = (it: Value): string => {
  if (typeof it === "object" && it !== null) return Array.isArray(it) ? "a list" : "an object";
  const text = typeof it === "string" ? JSON.stringify(it) : String(it);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** Refused: it is something else than `what`. */
export const not = (what: string, it: Value) => ({ wrong: `must be ${what}, not ${said(it)}.` });

/** A whole number from `least` to `most`. */
export const whole =
  (least: number, most: number, unit: string): Field<number> =>
  (it) =>
    typeof it === "number" && Number.isInteger(it) && it >= least && it <= most
      ? { is: it + 0 }
      : not(`a whole number of ${unit}, ${least} to ${most}`, it);

/** A text of 1 to so many characters. */
export const words =
  (most: number): Field<string> =>
  (it) =>
    typeof it === "string" && it !== "" && it.length <= most
      ? { is: it }
      : not(`a text of 1 to ${most} characters`, it);

/** An instant of the calendar, in ms since 1970. */
export const moment: Field<number> = (it) => {
  if (typeof it !== "string" && !(typeof it === "number" && Number.isInteger(it)))
    return not("an instant: ISO 8601 with a zone, or whole milliseconds since 1970", it);
  const read = instant(String(it));
  if (!read.ok) return { wrong: `is no instant: ${read.refusal.because}` };
  return read.value >= 0 && read.value < END_OF_TIME ? { is: read.value } : not("an instant from 1970 to 9998", it);
};

/** A value in a text, by its JSON pointer, and how to refuse it or a member of it at its place. */
export interface Row {
  readonly value: Value;
  refused(because: string): Fault;
  wrong(key: string, because: string, of?: "key" | "value"): Fault;
}

/** One value of a text that was read. */
export const rowAt = ({ file, line, text }: Text, value: Value, pointer = ""): Row => {
  const fault = (index: number, because: string): Fault => faultAt(file, positionIn(line, text, index), because);
  return {
    value,
    refused: (because) => fault(placeOf(text, pointer).value, because),
    wrong: (key, because, of = "value") => {
      const place = placeOf(text, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
      return fault(place[of], `${said(key)} ${because}`);
    },
  };
};

/** A whole text as one value, or its first fault. */
export const valueIn = ({ file, line, text }: Text): Value =>
  readJson(text, (index, because) => {
    throw faultAt(file, positionIn(line, text, index), because);
  });

/** What one kind of row is called, the fields it may have, and those it must. */
export interface Layout {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly needed: readonly string[];
}

/** The fields of a row by name. Refuses at its place what is no field, what a field is not, and what is missing. */
export const bodyOf = (row: Row, { name, fields, needed }: Layout): Readonly<Record<string, unknown>> => {
  const { value } = row;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw row.refused(`a line must be one JSON object, not ${said(value)}.`);
  const body: Record<string, unknown> = {};
  for (const [key, held] of Object.entries(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!field) throw row.wrong(key, `is no field of ${name}. There are ${Object.keys(fields).join(", ")}.`, "key");
    const found = field(held);
    if ("wrong" in found) throw row.wrong(key, found.wrong);
    body[key] = found.is;
  }
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  for (const key of needed)
    if (body[key] === undefined) throw row.wrong(key, `is missing. ${capital} needs ${needed.join(", ")}.`);
  return body;
};
