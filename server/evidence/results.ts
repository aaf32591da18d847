import * as v from "valibot";
import { ResultName } from "../../shared/contract/terms.ts";
import type { Restatement, ResultShare, Reversal } from "../../shared/pay/statement.ts";
import type { Value } from "./json.ts";
import { linesIn, type Source, wholeText } from "./lines.ts";
import { bodyOf, type Field, type Layout, moment, not, type Row, rowAt, said, valueIn, whole, words } from "./rows.ts";

const WHOLE_MICRO = 1_000_000;
const WHOLE_PERMILLE = 1000;
const LONGEST_ID = 200;
const MOST_TURNS = 1000;

const result: Field<string> = (it) =>
  v.is(ResultName, it)
    ? { is: it }
    : not("the name of a result, such as lead: lower-case letters, digits and dashes", it);

const state: Field<ResultShare["state"]> = (it) =>
  it === "counted" || it === "pending" || it === "rejected"
    ? { is: it }
    : not('one of "counted", "pending" or "rejected"', it);

const permille = whole(0, WHOLE_PERMILLE, "thousandths");

const micro = whole(0, WHOLE_MICRO, "millionths");

interface Turn {
  readonly at: number;
  readonly is: number;
}

/** Something that became of a result at an instant: what it is called, the member that says how much, and of what kind. */
interface Kind {
  readonly name: string;
  readonly member: "permille" | "shareMicro";
  readonly field: Field<number>;
}

const turn = (it: Value, { name, member, field }: Kind): { readonly is: Turn } | { readonly wrong: string } => {
  if (typeof it !== "object" || it === null || Array.isArray(it))
    return not(`a list of objects with at and ${member}`, it);
  const held = it as { readonly [key: string]: Value };
  const strange = Object.keys(held).find((key) => key !== "at" && key !== member);
  if (strange !== undefined) return { wrong: `holds ${said(strange)}; ${name} has at and ${member}.` };
  const [at, part] = [moment(held.at ?? null), field(held[member] ?? null)];
  if ("wrong" in at) return { wrong: `holds an at that ${at.wrong}` };
  return "wrong" in part ? { wrong: `holds a ${member} that ${part.wrong}` } : { is: { at: at.is, is: part.is } };
};

const turns =
  (kind: Kind): Field<readonly Turn[]> =>
  (it) => {
    if (!Array.isArray(it) || it.length > MOST_TURNS) return not(`a list of objects with at and ${kind.member}`, it);
    const all: Turn[] = [];
    for (const one of it as readonly Value[]) {
      const read = turn(one, kind);
      if ("wrong" in read) return read;
      all.push(read.is);
    }
    return { is: all };
  };

const readReversals = turns({ name: "a reversal", member: "permille", field: permille });
const readRestated = turns({ name: "a restatement", member: "shareMicro", field: micro });

const reversals: Field<readonly Reversal[]> = (it) => {
  const read = readReversals(it);
  return "wrong" in read ? read : { is: read.is.map(({ at, is }) => ({ at, permille: is })) };
};

const restated: Field<readonly Restatement[]> = (it) => {
  const read = readRestated(it);
  if ("wrong" in read) return read;
  const early = read.is.find(({ at }, place) => at <= (read.is[place - 1]?.at ?? Number.NEGATIVE_INFINITY));
  if (early) return { wrong: "must be in order of time, each at an instant of its own." };
  return { is: read.is.map(({ at, is }) => ({ at, shareMicro: is })) };
};

const results: Layout = {
  name: "a result",
  fields: {
    id: words(LONGEST_ID),
    result,
    at: moment,
    shareMicro: micro,
    valueMinor: whole(0, Number.MAX_SAFE_INTEGER, "minor units"),
    state,
    reversedAt: moment,
    reversedPermille: permille,
    countedAt: moment,
    reversals,
    restated,
  },
  needed: ["id", "result", "at", "shareMicro", "state"],
};

/** In a history a result may also say whose it is. */
const history: Layout = { ...results, fields: { ...results.fields, payee: words(LONGEST_ID) } };

const together = [
  ["reversedAt", "reversedPermille"],
  ["reversedPermille", "reversedAt"],
] as const;

interface Told {
  readonly share: ResultShare;
  readonly payee: string;
}

type Body = Partial<ResultShare> & {
  readonly reversedAt?: number;
  readonly reversedPermille?: number;
  readonly payee?: string;
};

const toldIn = (row: Row, layout: Layout): Told => {
  const body = bodyOf(row, layout) as Body;
  for (const [one, other] of together)
    if (body[one] !== undefined && body[other] === undefined)
      throw row.wrong(one, `needs "${other}" beside it: when, and how much, was taken back.`, "key");
  if (body.reversedAt !== undefined && body.reversals !== undefined)
    throw row.wrong("reversals", "and reversedAt both say what was taken back. Keep one of them.", "key");
  const { reversedAt, reversedPermille = 0, payee = "", reversals: listed, ...share } = body;
  const back = reversedAt === undefined ? listed : [{ at: reversedAt, permille: reversedPermille }];
  return { share: { ...(share as ResultShare), ...(back && { reversals: back }) }, payee };
};

const same = (a: ResultShare, b: ResultShare): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The evidence of a file, each conversion once, and how many lines said again what one before had said. */
export interface Evidence {
  readonly shares: readonly ResultShare[];
  readonly repeats: number;
}

/** The evidence of a history by whose it is; what names nobody is under the empty name. */
export interface PastEvidence {
  readonly payees: ReadonlyMap<string, readonly ResultShare[]>;
  readonly repeats: number;
}

/** Takes in rows; a conversion said twice counts once when both say the same, and is refused when they do not. */
const gathering = (layout: Layout) => {
  const known = new Map<string, Told & { readonly where: string }>();
  let repeats = 0;
  const take = (row: Row, where: string): void => {
    const told = toldIn(row, layout);
    const key = JSON.stringify([told.payee, told.share.id]);
    const before = known.get(key);
    if (before && !same(before.share, told.share))
      throw row.wrong("id", `was read on ${before.where} already, and said otherwise there. Keep one.`);
    if (before) repeats += 1;
    else known.set(key, { ...told, where });
  };
  return { take, repeats: () => repeats, told: () => [...known.values()] };
};

const takeLines = async (source: Source, take: (row: Row, where: string) => void): Promise<void> => {
  for await (const lines of linesIn(source))
    for (const { line, text } of lines) {
      if (text.trim() === "") continue;
      const written = { file: source.shown, line, text };
      take(rowAt(written, valueIn(written)), `line ${line}`);
    }
};

/**
 * Read a file of results, one JSON object a line: one payee's shares of conversions. Refuses the first line that is
 * malformed, has a field too many, too few or of a wrong kind, or repeats an id with another body; a line that says
 * again what was said before changes nothing.
 */
export const resultsIn = async (source: Source): Promise<Evidence> => {
  const gathered = gathering(results);
  await takeLines(source, gathered.take);
  return { shares: gathered.told().map(({ share }) => share), repeats: gathered.repeats() };
};

const listed = (value: Value): { readonly list: readonly Value[]; readonly at: string } | undefined => {
  if (Array.isArray(value)) return { list: value as readonly Value[], at: "" };
  const shares =
    typeof value === "object" && value !== null ? (value as { readonly shares?: Value }).shares : undefined;
  return Array.isArray(shares) ? { list: shares as readonly Value[], at: "/shares" } : undefined;
};

/** One JSON document: a list of results, or an object with such a list as its `shares`, as a statement is answered. */
const takeDocument = async (source: Source, take: (row: Row, where: string) => void): Promise<void> => {
  const written = { file: source.shown, line: 1, text: await wholeText(source) };
  const value = valueIn(written);
  const found = listed(value);
  if (!found)
    throw rowAt(written, value).refused('this must be a list of results, or an object that holds one as "shares".');
  found.list.forEach((one, index) => {
    take(rowAt(written, one, `${found.at}/${index}`), `entry ${index + 1}`);
  });
};

const byPayee = (all: readonly Told[]): ReadonlyMap<string, readonly ResultShare[]> => {
  const payees = new Map<string, ResultShare[]>();
  for (const { payee, share } of all) {
    const shares = payees.get(payee);
    if (shares) shares.push(share);
    else payees.set(payee, [share]);
  }
  return payees;
};

/** Read results, one a line or as one document, by the payee each names. Refuses as `resultsIn` does. */
export const pastResultsIn = async (source: Source, isDocument: boolean): Promise<PastEvidence> => {
  const gathered = gathering(history);
  await (isDocument ? takeDocument : takeLines)(source, gathered.take);
  return { payees: byPayee(gathered.told()), repeats: gathered.repeats() };
};
