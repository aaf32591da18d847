import { type Cutter, cutter, type Dialect, type Raw, rawsIn, type Source } from "./cutter.ts";
import { type Fault, faultAt } from "./fault.ts";
import { cutObject, memberFault, objectIn } from "./json-lines.ts";
import { cellFault, cut, type Row } from "./record.ts";

export type { Source } from "./cutter.ts";

/** Where in a row: a cell, and how many characters into it. */
export interface Place {
  readonly cell: number;
  readonly offset?: number;
}

/** A text file being read: its header, then its rows in batches, never all at once. */
export interface Table {
  readonly header: Row;
  /** `,`, `;` or tab between fields (RFC 4180), or `json` for one object a line. */
  readonly separator: Dialect;
  readonly rows: AsyncGenerator<readonly Row[], void>;
  /** The lines before the header that began with `#`. */
  readonly comments: readonly string[];
  fault(row: Row, place: Place, because: string): Fault;
  /** Once read: did its last line have a line break? A file that was cut off has none. */
  isEnded(): boolean;
}

/** What a file may be beyond fields between commas, semicolons or tabs, the first line naming them. */
export interface Shape {
  /** Are lines before the header that begin with `#` left out? */
  readonly comments?: boolean;
  /** The fields of a file that does not name them: one whose first line has as many, and none that is a name of these. */
  readonly unnamed?: readonly string[];
  /** Of one object a line, the members to read, dotted where they lie deeper, by what the first object has. */
  readonly members?: (has: (member: string) => boolean) => readonly string[];
}

/** How the rows of an opened file are read. */
interface Format {
  readonly header: Row;
  /** Is the first record the header, or a row already? */
  readonly isNamed: boolean;
  readonly read: (raw: Raw) => Row;
  readonly fault: (row: Row, place: Place, because: string) => Fault;
}

const widthFault = (file: string, row: Row, separator: string, expected: number): Fault => {
  const [found, named] = [row.cells.length, `the header names ${expected} field${expected === 1 ? "" : "s"}`];
  const cell = found > expected ? expected : found;
  const shown = separator === "\t" ? "tabs" : `"${separator}"`;
  const wrong = `${named}, this line has ${found}. Every line needs the same number of ${shown}.`;
  return cellFault(file, row, separator, { cell }, wrong);
};

const isUnnamed = ({ cells }: Row, names: readonly string[]): boolean =>
  cells.length === names.length && !cells.some((it) => names.includes(it.trim().toLowerCase()));

const separated = (file: string, first: Raw, separator: string, { unnamed = [] }: Shape): Format => {
  const row = cut(file, first.line, first.text, separator);
  const isNamed = !isUnnamed(row, unnamed);
  const header: Row = isNamed ? row : { ...row, cells: unnamed };
  return {
    header,
    isNamed,
    read: ({ line, text }) => {
      const read = cut(file, line, text, separator);
      if (read.cells.length !== header.cells.length) throw widthFault(file, read, separator, header.cells.length);
      return read;
    },
    fault: (at, place, because) => cellFault(file, at, separator, place, because),
  };
};

const objects = (file: string, first: Raw, members: NonNullable<Shape["members"]>): Format => {
  const object = objectIn(file, first.line, first.text);
  const names = members((member) => {
    const [outer = "", ...deeper] = member.split(".");
    return deeper.length === 0 && Object.hasOwn(object, outer);
  });
  const read = names.map((name) => ({ name, steps: name.split(".") }));
  const header: Row = { line: first.line, text: first.text, cells: names };
  return {
    header,
    isNamed: false,
    read: ({ line, text }) => cutObject(file, line, text, read),
    fault: (row, { cell }, because) =>
      row === header
        ? faultAt(file, { line: first.line, column: 1 }, because)
        : memberFault(file, row, names[cell] ?? "", because),
  };
};

async function* rowsAfter(
  { read }: Format,
  rest: readonly Raw[],
  batches: AsyncGenerator<readonly Raw[], void>,
): AsyncGenerator<readonly Row[], void> {
  yield rest.map(read);
  for await (const batch of batches) yield batch.map(read);
}

const tableOf = (format: Format, rest: readonly Raw[], batches: AsyncGenerator<readonly Raw[], void>, by: Cutter) => {
  const { dialect, comments } = by.opened();
  const { header, fault } = format;
  return { header, separator: dialect, comments, fault, isEnded: by.isEnded, rows: rowsAfter(format, rest, batches) };
};

/** Open a text file and read its header. Refuses a file that is missing, empty or not text. */
export const openTable = async (source: Source, shape: Shape = {}): Promise<Table> => {
  const { members, comments = false } = shape;
  const by = cutter(source.shown, { comments, json: members !== undefined });
  const batches = rawsIn(source, by);
  for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
    const [first, ...others] = next.value;
    if (first === undefined) continue;
    const { dialect } = by.opened();
    const isObjects = dialect === "json" && members !== undefined;
    const format = isObjects ? objects(source.shown, first, members) : separated(source.shown, first, dialect, shape);
    return tableOf(format, format.isNamed ? others : next.value, batches, by);
  }
  throw faultAt(source.shown, { line: 1, column: 1 }, "the file is empty. Its first line must name the columns.");
};
