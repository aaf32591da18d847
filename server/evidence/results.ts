import * as v from "valibot";
import { ResultName } from "../../shared/contract/terms.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { type Fault, faultAt } from "../history/fault.ts";
import { instant } from "../history/instant.ts";
import { positionIn } from "../history/record.ts";
import { placeOf, readJson, type Value } from "./json.ts";
import { linesIn, type Source, type TextLine } from "./lines.ts";

const WHOLE_MICRO = 1_000_000;
const WHOLE_PERMILLE = 1000;
const LONGEST_ID = 200;
/** The first instant of the year 9999, in ms since 1970: from there on there is no calendar. */
export const END_OF_TIME = 253_370_764_800_000;

/** What a field must be, or why this value is not it. */
type Field = (it: Value) => { readonly is: string | number } | { readonly wrong: string };

const said = (it: Value): string => {
  if (typeof it === "object" && it !== null) return Array.isArray(it) ? "a list" : "an object";
  const text = typeof it === "string" ? JSON.stringify(it) : String(it);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const not = (what: string, it: Value) => ({ wrong: `must be ${what}, not ${said(it)}.` });

const whole =
  (most: number, unit: string): Field =>
  (it) =>
    typeof it === "number" && Number.isInteger(it) && it >= 0 && it <= most
      ? { is: it + 0 }
      : not(`a whole number of ${unit}, 0 to ${most}`, it);

const id: Field = (it) =>
  typeof it === "string" && it !== "" && it.length <= LONGEST_ID
    ? { is: it }
    : not(`a text of 1 to ${LONGEST_ID} characters`, it);

const result: Field = (it) =>
  v.is(ResultName, it)
    ? { is: it as string }
    : not("the name of a result, such as lead: lower-case letters, digits and dashes", it);

const state: Field = (it) =>
  it === "counted" || it === "pending" || it === "rejected"
    ? { is: it }
    : not('one of "counted", "pending" or "rejected"', it);

const moment: Field = (it) => {
  if (typeof it !== "string" && !(typeof it === "number" && Number.isInteger(it)))
    return not("an instant: ISO 8601 with a zone, or whole milliseconds since 1970", it);
  const read = instant(String(it));
  if (!read.ok) return { wrong: `is no instant: ${read.refusal.because}` };
  return read.value >= 0 && read.value < END_OF_TIME ? { is: read.value } : not("an instant from 1970 to 9998", it);
};

const fields: Readonly<Record<string, Field>> = {
  id,
  result,
  at: moment,
  shareMicro: whole(WHOLE_MICRO, "millionths"),
  valueMinor: whole(Number.MAX_SAFE_INTEGER, "minor units"),
  state,
  reversedAt: moment,
  reversedPermille: whole(WHOLE_PERMILLE, "thousandths"),
};
const needed = ["id", "result", "at", "shareMicro", "state"] as const;
const together = [
  ["reversedAt", "reversedPermille"],
  ["reversedPermille", "reversedAt"],
] as const;

/** One line as it stands in the file, and its refusals, each at its own place. */
interface Written extends TextLine {
  readonly file: string;
}

const refused = ({ file, line, text }: Written, index: number, because: string): Fault =>
  faultAt(file, positionIn(line, text, index), because);

/** `"key" because`, at the key's value, or at its name when that is what is wrong. */
const wrongField = (written: Written, key: string, because: string, of: "key" | "value" = "value"): Fault =>
  refused(
    written,
    placeOf(written.text, `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)[of],
    `${said(key)} ${because}`,
  );

type Body = Readonly<Record<string, string | number>>;

const bodyOf = (written: Written): Body => {
  const read = readJson(written.text, (index, because) => {
    throw refused(written, index, because);
  });
  if (typeof read !== "object" || read === null || Array.isArray(read))
    throw refused(written, placeOf(written.text, "").value, `a line must be one JSON object, not ${said(read)}.`);
  const body: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(read)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!field)
      throw wrongField(written, key, `is no field of a result. There are ${Object.keys(fields).join(", ")}.`, "key");
    const found = field(value);
    if ("wrong" in found) throw wrongField(written, key, found.wrong);
    body[key] = found.is;
  }
  for (const key of needed)
    if (body[key] === undefined) throw wrongField(written, key, `is missing. A result needs ${needed.join(", ")}.`);
  for (const [one, other] of together)
    if (body[one] !== undefined && body[other] === undefined)
      throw wrongField(written, one, `needs "${other}" beside it: when, and how much, was taken back.`, "key");
  return body;
};

const shareOf = (body: Body): ResultShare => {
  const { id, result, at, shareMicro, state, valueMinor, reversedAt, reversedPermille } =
    body as unknown as ResultShare & {
      readonly reversedAt?: number;
      readonly reversedPermille?: number;
    };
  return {
    id,
    result,
    at,
    shareMicro,
    state,
    ...(valueMinor !== undefined && { valueMinor }),
    ...(reversedAt !== undefined && { reversals: [{ at: reversedAt, permille: reversedPermille ?? 0 }] }),
  };
};

const same = (a: ResultShare, b: ResultShare): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The evidence of a file, each conversion once, and how many lines said again what one before had said. */
export interface Evidence {
  readonly shares: readonly ResultShare[];
  readonly repeats: number;
}

/**
 * Read a file of results, one JSON object a line: one payee's shares of conversions. Refuses the first line that is
 * malformed, has a field too many, too few or of a wrong kind, or repeats an id with another body; a line that says
 * again what was said before changes nothing.
 */
export const resultsIn = async (source: Source): Promise<Evidence> => {
  const known = new Map<string, { readonly share: ResultShare; readonly line: number }>();
  let repeats = 0;
  for await (const lines of linesIn(source)) {
    for (const { line, text } of lines) {
      if (text.trim() === "") continue;
      const written: Written = { file: source.shown, line, text };
      const share = shareOf(bodyOf(written));
      const before = known.get(share.id);
      if (before && !same(before.share, share))
        throw wrongField(written, "id", `was read on line ${before.line} already, and said otherwise there. Keep one.`);
      if (before) repeats += 1;
      else known.set(share.id, { share, line });
    }
  }
  return { shares: [...known.values()].map(({ share }) => share), repeats };
};
