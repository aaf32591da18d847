import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { type Exact, exact, nothing } from "./number.ts";
import type { Row } from "./record.ts";
import type { Table } from "./table.ts";

/** The names each column of a file of paths may have, ours first. */
export const pathColumns = {
  path: ["path"],
  conversions: ["total_conversions", "conversions"],
  value: ["total_conversion_value", "value"],
  null: ["total_null", "null"],
} as const;

/** The names each column of a file of events may have. */
export const eventColumns = {
  visitor: ["visitor"],
  at: ["at"],
  event: ["event"],
  payee: ["payee"],
  value: ["value"],
  currency: ["currency"],
  id: ["id"],
} as const;

/** Our name of a column to the name it has in the file, from `--map visitor=customer_id,at=time`. */
export type Mapping = ReadonlyMap<string, string>;

/** Where each column of a layout stands in a row; −1 when the file has none. */
export type Columns<Name extends string> = Readonly<Record<Name, number>>;

type Layout<Name extends string> = Readonly<Record<Name, readonly string[]>>;

/** What a file turned out to hold. */
export type Held =
  | { readonly kind: "paths"; readonly columns: Columns<keyof typeof pathColumns> }
  | { readonly kind: "events"; readonly columns: Columns<keyof typeof eventColumns> };

const known = new Set<string>([...Object.keys(pathColumns), ...Object.keys(eventColumns)]);

/** Parse `--map`: `ours=theirs` pairs, separated by commas, as often as it is given. */
export const mappingOf = (texts: readonly string[]): Result<Mapping> => {
  const mapping = new Map<string, string>();
  for (const pair of texts.flatMap((it) => it.split(","))) {
    const at = pair.indexOf("=");
    const [ours, theirs] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at === -1 || theirs === "") return refuse("map-malformed", `--map takes ours=theirs pairs, not "${pair}"`);
    if (!known.has(ours)) {
      return refuse("map-unknown", `--map knows no column "${ours}"; there are ${[...known].join(", ")}`);
    }
    if (mapping.has(ours)) return refuse("map-twice", `--map names the column ${ours} twice`);
    mapping.set(ours, theirs);
  }
  return ok(mapping);
};

const folded = (name: string): string => name.trim().toLowerCase();

const located = <Name extends string>(table: Table, layout: Layout<Name>, mapping: Mapping): Columns<Name> => {
  const header = table.header.cells.map(folded);
  const locate = (name: Name): number => {
    const theirs = mapping.get(name);
    const names = theirs === undefined ? layout[name] : [folded(theirs)];
    const places = header.flatMap((it, index) => (names.includes(it) ? [index] : []));
    const [place, another] = places;
    if (another !== undefined) {
      throw table.fault(
        table.header,
        { cell: another },
        `a second column that says ${name}. Say which with --map ${name}=NAME.`,
      );
    }
    if (place === undefined && theirs !== undefined) {
      throw table.fault(
        table.header,
        { cell: 0 },
        `there is no column "${theirs}" to be ${name}. The header is: ${header.join(", ")}.`,
      );
    }
    return place ?? -1;
  };
  const places = (Object.keys(layout) as Name[]).map((name) => [name, locate(name)] as const);
  return Object.fromEntries(places) as Columns<Name>;
};

const EVENTS_NEED = ["visitor", "at", "event", "payee"] as const;

/** Find out from the header whether a file holds paths or events, and where its columns are; names in any case. */
export const recognised = (table: Table, mapping: Mapping): Held => {
  const header = table.header.cells.map(folded);
  const has = (name: string) => mapping.has(name) || header.includes(name);
  const missing = EVENTS_NEED.filter((name) => !has(name));
  if (missing.length === 0) return { kind: "events", columns: located(table, eventColumns, mapping) };
  if (has("path")) return { kind: "paths", columns: located(table, pathColumns, mapping) };
  const looksLikeEvents = missing.length < EVENTS_NEED.length;
  const wrong = looksLikeEvents
    ? `events need the columns ${EVENTS_NEED.join(", ")}; missing: ${missing.join(", ")}.`
    : `neither paths (a column "path") nor events (columns ${EVENTS_NEED.join(", ")}).`;
  throw table.fault(
    table.header,
    { cell: 0 },
    `${wrong} Name other columns with --map, as in --map visitor=customer_id.`,
  );
};

/** The trimmed text of a column in a row, or nothing when the file has no such column. */
export const cellOf = (row: Row, column: number): string => (row.cells[column] ?? "").trim();

const NUMBER_ADVICE = "Write digits and a dot, such as 1234.50, without spaces or thousands marks.";

/** The number in a cell, exactly; zero when the cell is empty. Refuses what is not a number, at its place. */
export const numberIn = (table: Table, row: Row, column: number): Exact => {
  const text = cellOf(row, column);
  if (text === "") return nothing;
  const value = exact(text);
  if (value === undefined) throw table.fault(row, { cell: column }, `"${text}" is not a number. ${NUMBER_ADVICE}`);
  return value;
};
