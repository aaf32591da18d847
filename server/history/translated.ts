import { eventColumns, type Mapping, pathColumns } from "./columns.ts";
import { stepsIn } from "./notation.ts";
import { type Candidates, foldedEvent, type Preset } from "./presets.ts";
import type { Row } from "./record.ts";
import type { Table } from "./table.ts";

/** What was left out of a translated file: how many lines, and of which events the most. */
export interface LeftOut {
  readonly lines: number;
  readonly names: ReadonlyMap<string, number>;
}

/** A table in our own words, over one in a tool's. */
export interface Translated {
  readonly table: Table;
  readonly leftOut: () => LeftOut;
}

/** How a tool's rows are put into our words. */
export interface Wording {
  readonly columns: Candidates;
  readonly preset: Preset | undefined;
  readonly names: ReadonlyMap<string, string>;
  readonly mapping: Mapping;
}

const MOST_NAMES = 1000;
/** Instants of warehouses are in UTC and do not say so. */
const ZONELESS = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;

const folded = (name: string): string => name.trim().toLowerCase();

/** The places of each of our columns' candidates among the file's. */
type Found = ReadonlyMap<string, readonly number[]>;

const found = (table: Table, { columns, mapping }: Wording): Found => {
  const header = table.header.cells.map(folded);
  const placeOf = (ours: string, theirs: string): number => {
    const [first, another] = header.flatMap((it, index) => (it === folded(theirs) ? [index] : []));
    if (another === undefined) return first ?? -1;
    const because = `a second column called "${theirs}", which may be ${ours}. Keep one, or say --map ${ours}=NAME.`;
    throw table.fault(table.header, { cell: another }, because);
  };
  const candidates = (ours: string): readonly string[] => {
    const mapped = mapping.get(ours);
    if (mapped !== undefined) return [mapped];
    // Whoever says which column holds the ids means the ids of orders, too.
    return ours === "order" && mapping.has("id") ? [] : (columns[ours] ?? []);
  };
  const names = new Set([...Object.keys(columns), ...mapping.keys()]);
  const places = [...names].map((ours) => {
    const held = candidates(ours).map((theirs) => placeOf(ours, theirs));
    const mapped = mapping.get(ours);
    if (mapped !== undefined && held[0] === -1)
      throw table.fault(
        table.header,
        { cell: 0 },
        `there is no column "${mapped}" to be ${ours}. The header is: ${header.join(", ")}.`,
      );
    return [ours, held.filter((it) => it !== -1)] as const;
  });
  return new Map(places);
};

const refuseMissing = (table: Table, places: Found, needed: readonly string[], columns: Candidates): void => {
  const missing = needed.find((name) => (places.get(name) ?? []).length === 0);
  if (missing === undefined) return;
  const names = (columns[missing] ?? [missing]).join(", ");
  const because = `there is no column for ${missing}: none of ${names}. Name another with --map ${missing}=NAME.`;
  throw table.fault(table.header, { cell: 0 }, because);
};

/** One row's reader of our columns: the first filled candidate, or nothing. */
const reading = (places: Found) => {
  const cellIn = (row: Row, ours: string): number => {
    const held = places.get(ours) ?? [];
    return held.find((place) => (row.cells[place] ?? "").trim() !== "") ?? held[0] ?? -1;
  };
  return { cellIn, textIn: (row: Row, ours: string): string => (row.cells[cellIn(row, ours)] ?? "").trim() };
};

/** A row in our words, and the row it was made of: what is wrong is told where it stands in the file. */
interface Made extends Row {
  readonly original?: Row;
}

const faults =
  (table: Table, ours: readonly string[], cellIn: (row: Row, name: string) => number) =>
  ({ original = table.header }: Made, { cell }: { readonly cell: number }, because: string) =>
    table.fault(original, { cell: cellIn(original, ours[cell] ?? "") }, because);

const EVENT_NAMES = Object.keys(eventColumns) as readonly (keyof typeof eventColumns)[];
const PATH_NAMES = Object.keys(pathColumns);

const wordOf = (name: string, isNamed: boolean, { preset, names }: Wording): string | undefined => {
  const theirs = foldedEvent(name);
  const said = names.get(theirs) ?? preset?.events[theirs];
  if (said === "nothing") return undefined;
  if (said !== undefined) return said;
  if (preset === undefined) return name;
  return isNamed ? "touch" : undefined;
};

async function* translatedRows(
  table: Table,
  translate: (row: Row) => readonly string[] | undefined,
): AsyncGenerator<readonly Row[], void> {
  for await (const rows of table.rows)
    yield rows.flatMap((original): readonly Made[] => {
      const cells = translate(original);
      return cells === undefined ? [] : [{ line: original.line, text: original.text, cells, original }];
    });
}

const inOurs = (
  table: Table,
  ours: readonly string[],
  places: Found,
  translate: (row: Row) => readonly string[] | undefined,
): Table => {
  const header: Row = { ...table.header, cells: ours };
  const fault = faults(table, ours, reading(places).cellIn);
  return { ...table, header, fault, rows: translatedRows(table, translate) };
};

const isTouch = (word: string): boolean => word === "touch" || word === "view";

/** Events in our words: their names told apart, the first filled candidate of each column, and what is neither touch nor result left out. */
export const translatedEvents = (table: Table, wording: Wording): Translated => {
  const places = found(table, wording);
  refuseMissing(table, places, ["visitor", "at", "payee"], wording.columns);
  // A column the file has not is not here either: that a value has no currency, for one, depends on it.
  const has = (name: string): boolean => (places.get(name) ?? []).length > 0;
  const ours = EVENT_NAMES.filter((name) => name === "event" || has(name) || (name === "id" && has("order")));
  const { textIn } = reading(places);
  const left = { lines: 0, names: new Map<string, number>() };
  const leave = (name: string): undefined => {
    left.lines += 1;
    if (left.names.size < MOST_NAMES || left.names.has(name)) left.names.set(name, (left.names.get(name) ?? 0) + 1);
    return undefined;
  };
  const instant = (text: string): string => (wording.preset !== undefined && ZONELESS.test(text) ? `${text}Z` : text);
  const translate = (row: Row): readonly string[] | undefined => {
    const [name, payee] = [textIn(row, "event"), textIn(row, "payee")];
    const word = wordOf(name, payee !== "", wording);
    if (word === undefined || (isTouch(word) && payee === "" && wording.preset !== undefined)) return leave(name);
    const isMoney = !isTouch(word) || wording.preset === undefined;
    const cells = {
      visitor: () => textIn(row, "visitor"),
      at: () => instant(textIn(row, "at")),
      event: () => word,
      payee: () => payee,
      value: () => (isMoney ? textIn(row, "value") : ""),
      currency: () => (isMoney ? textIn(row, "currency") : ""),
      id: () => (isTouch(word) ? "" : textIn(row, "order")) || textIn(row, "id"),
    };
    return ours.map((name) => cells[name]());
  };
  return { table: inOurs(table, ours, places, translate), leftOut: () => left };
};

/** Paths in our words: their steps between " > ", however the report writes them. */
export const translatedPaths = (table: Table, wording: Wording): Translated => {
  const places = found(table, wording);
  refuseMissing(table, places, ["path"], wording.columns);
  const { textIn } = reading(places);
  const ours = PATH_NAMES.filter((name) => (places.get(name) ?? []).length > 0);
  const translate = (row: Row) =>
    ours.map((name) => (name === "path" ? stepsIn(textIn(row, name)).join(" > ") : textIn(row, name)));
  return { table: inOurs(table, ours, places, translate), leftOut: () => ({ lines: 0, names: new Map() }) };
};
