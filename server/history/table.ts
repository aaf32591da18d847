import { createReadStream } from "node:fs";
import { type Fault, faultAt, unreadable } from "./fault.ts";
import { cellFault, cut, endOfRecord, LONGEST_RECORD, positionIn, type Row } from "./record.ts";

/** A file to read: where it is, what to call it, and whom to tell how many bytes have been read. */
export interface Source {
  readonly path: string;
  readonly shown: string;
  readonly heard?: (bytes: number) => void;
}

/** A separated text file (RFC 4180, `,` or `;`) being read: its header, then its rows in batches, never all at once. */
export interface Table {
  readonly header: Row;
  readonly separator: string;
  readonly rows: AsyncGenerator<readonly Row[], void>;
  fault(row: Row, place: { readonly cell: number; readonly offset?: number }, because: string): Fault;
}

const CHUNK_BYTES = 256 * 1024;
const UNREADABLE = /[\0\uFFFD]/;

const refuseBytes = (file: string, line: number, text: string): void => {
  const index = text.search(UNREADABLE);
  if (index === -1) return;
  throw faultAt(file, positionIn(line, text, index), "this is not UTF-8 text. Save the file as CSV in UTF-8.");
};

async function* decoded({ path, shown, heard }: Source): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).length;
      heard?.(bytes);
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
  } catch (cause) {
    throw unreadable(shown, cause);
  }
  yield decoder.decode();
}

/** One record before it is cut into cells. */
interface Raw {
  readonly line: number;
  readonly text: string;
}

const withoutReturn = (text: string): string => (text.endsWith("\r") ? text.slice(0, -1) : text);

const linesIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

/** Cuts text that arrives in pieces into records; what is not yet complete is carried to the next piece. */
const cutter = (file: string) => {
  let [carried, line] = ["", 1];
  const fast = (text: string): Raw[] => {
    const lines = text.split("\n");
    carried = lines.pop() ?? "";
    return lines.map((it) => ({ line: line++, text: withoutReturn(it) }));
  };
  const careful = (text: string): Raw[] => {
    const raws: Raw[] = [];
    let from = 0;
    for (let end = endOfRecord(text, 0); end < text.length; end = endOfRecord(text, from)) {
      const record = text.slice(from, end);
      raws.push({ line, text: withoutReturn(record) });
      line += 1 + linesIn(record);
      from = end + 1;
    }
    carried = text.slice(from);
    return raws;
  };
  return {
    more: (piece: string): readonly Raw[] => {
      const text = carried + piece;
      const raws = text.includes('"') ? careful(text) : fast(text);
      if (UNREADABLE.test(text)) for (const raw of raws) refuseBytes(file, raw.line, raw.text);
      // A record this long is never finished but handed on, to be refused where its quote opens.
      if (carried.length > LONGEST_RECORD) raws.push({ line, text: carried });
      return raws.filter((it) => it.text !== "");
    },
    rest: (): readonly Raw[] => {
      refuseBytes(file, line, carried);
      const text = withoutReturn(carried);
      return text === "" ? [] : [{ line, text }];
    },
  };
};

async function* raws(source: Source): AsyncGenerator<readonly Raw[], void> {
  const records = cutter(source.shown);
  for await (const piece of decoded(source)) yield records.more(piece);
  yield records.rest();
}

const separatorOf = (header: string): string => {
  const outside = header.replace(/"[^"]*"/g, "");
  return outside.split(";").length > outside.split(",").length ? ";" : ",";
};

const widthFault = (file: string, row: Row, separator: string, expected: number): Fault => {
  const [found, named] = [row.cells.length, `the header names ${expected} field${expected === 1 ? "" : "s"}`];
  const cell = found > expected ? expected : found;
  const wrong = `${named}, this line has ${found}. Every line needs the same number of "${separator}".`;
  return cellFault(file, row, separator, { cell }, wrong);
};

async function* rowsAfter(
  file: string,
  header: Row,
  separator: string,
  rest: readonly Raw[],
  batches: AsyncGenerator<readonly Raw[], void>,
): AsyncGenerator<readonly Row[], void> {
  const rows = (batch: readonly Raw[]): readonly Row[] =>
    batch.map(({ line, text }) => {
      const row = cut(file, line, text, separator);
      if (row.cells.length !== header.cells.length) throw widthFault(file, row, separator, header.cells.length);
      return row;
    });
  yield rows(rest);
  for await (const batch of batches) yield rows(batch);
}

/** Open a separated text file and read its header. Refuses a file that is missing, empty or not text. */
export const openTable = async (source: Source): Promise<Table> => {
  const batches = raws(source);
  for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
    const [first, ...rest] = next.value;
    if (first === undefined) continue;
    const separator = separatorOf(first.text);
    const header = cut(source.shown, first.line, first.text, separator);
    return {
      header,
      separator,
      rows: rowsAfter(source.shown, header, separator, rest, batches),
      fault: (row, place, because) => cellFault(source.shown, row, separator, place, because),
    };
  }
  throw faultAt(source.shown, { line: 1, column: 1 }, "the file is empty. Its first line must name the columns.");
};
