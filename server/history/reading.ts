import { eventColumns, type Held, type Mapping, pathColumns, recognised } from "./columns.ts";
import type { Preset } from "./presets.ts";
import { openTable, type Shape, type Source, type Table } from "./table.ts";
import { type LeftOut, translatedEvents, translatedPaths, type Wording } from "./translated.ts";

/** How a file of history is to be read: a preset, other names of its columns, and what its events are called here. */
export interface Reading {
  readonly preset: Preset | undefined;
  readonly mapping: Mapping;
  readonly names: ReadonlyMap<string, string>;
}

/** A file of history being read. */
export interface History {
  readonly table: Table;
  readonly held: Held;
  /** Once read: lines that are neither touches nor results. */
  readonly leftOut: () => LeftOut;
  /** The days a report says it is of. */
  readonly days: { readonly from?: string; readonly until?: string };
}

const plainEvents = Object.fromEntries(Object.entries(eventColumns).map(([name, theirs]) => [name, [...theirs]]));

const wordingOf = ({ preset, mapping, names }: Reading): Wording => ({
  columns: preset?.columns ?? plainEvents,
  preset,
  names,
  mapping,
});

const shapeOf = ({ preset, mapping }: Reading): Shape => {
  const mapped = [...mapping.values()];
  const members = (has: (member: string) => boolean): readonly string[] => {
    if (preset !== undefined) return [...new Set([...Object.values(preset.columns).flat(), ...mapped])];
    const isPaths = has(mapping.get("path") ?? "path");
    const own = Object.entries<readonly string[]>(isPaths ? pathColumns : eventColumns);
    return [...new Set(own.flatMap(([name, theirs]) => mapping.get(name) ?? theirs.slice(0, 1)))];
  };
  return { comments: preset?.comments ?? false, members, ...(preset?.unnamed && { unnamed: preset.unnamed }) };
};

const dayIn = (comments: readonly string[], label: string): string | undefined => {
  for (const comment of comments) {
    const [, year, month, day] =
      new RegExp(`^#\\s*${label}:\\s*(\\d{4})-?(\\d{2})-?(\\d{2})\\s*$`, "i").exec(comment) ?? [];
    if (day !== undefined) return `${year}-${month}-${day}`;
  }
  return undefined;
};

const daysIn = ({ comments }: Table): History["days"] => {
  const [from, until] = [dayIn(comments, "Start date"), dayIn(comments, "End date")];
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
};

/** Open a file of history: fields between separators or JSON objects, one a line, in our words or those of a preset. */
export const openHistory = async (source: Source, reading: Reading): Promise<History> => {
  const table = await openTable(source, shapeOf(reading));
  const days = daysIn(table);
  const { preset, names } = reading;
  if (preset?.holds === "paths") {
    const { table: ours, leftOut } = translatedPaths(table, wordingOf(reading));
    return { table: ours, held: recognised(ours, new Map()), leftOut, days };
  }
  if (preset !== undefined || (names.size > 0 && recognised(table, reading.mapping).kind === "events")) {
    const { table: ours, leftOut } = translatedEvents(table, wordingOf(reading));
    return { table: ours, held: recognised(ours, new Map()), leftOut, days };
  }
  const leftOut = () => ({ lines: 0, names: new Map() });
  return { table, held: recognised(table, reading.mapping), leftOut, days };
};
