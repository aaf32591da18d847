import { type Fault, faultAt, type Position } from "./fault.ts";

/** One record of a separated file: its cells, unquoted, and the text and line they came from. */
export interface Row {
  readonly line: number;
  readonly text: string;
  readonly cells: readonly string[];
}

/** The longest record that is read, in characters: an unclosed quote must not swallow a gigabyte. */
export const LONGEST_RECORD = 1 << 20;

/** Where the record that starts at `from` ends (its line break, or the text's end): line breaks inside quotes belong to it. */
export const endOfRecord = (text: string, from: number): number => {
  let at = from;
  for (;;) {
    const newline = text.indexOf("\n", at);
    const quote = text.indexOf('"', at);
    if (newline === -1 && quote === -1) return text.length;
    if (quote === -1 || (newline !== -1 && newline < quote)) return newline;
    const closing = text.indexOf('"', quote + 1);
    if (closing === -1) return text.length;
    at = closing + 1;
  }
};

/** The position of the character at `index` of a record that starts on `line`. */
export const positionIn = (line: number, text: string, index: number): Position => {
  const before = text.slice(0, index);
  const start = before.lastIndexOf("\n") + 1;
  // Columns count characters, not UTF-16 units, as editors do.
  return { line: line + before.split("\n").length - 1, column: [...before.slice(start)].length + 1 };
};

/** One cell as it stands in the record: its value, and the index of each of the value's characters in the record. */
interface Cell {
  readonly value: string;
  readonly indexOf: (offset: number) => number;
  readonly end: number;
}

type Wrong = { readonly wrong: string; readonly index: number };

const quoted = (text: string, from: number, separator: string): Cell | Wrong => {
  const pieces: string[] = [];
  let [start, total] = [from + 1, 0];
  const starts: { readonly offset: number; readonly index: number }[] = [{ offset: 0, index: start }];
  for (;;) {
    const quote = text.indexOf('"', start);
    if (quote === -1)
      return { wrong: "this quote is never closed. Close it, or double it if it is a letter.", index: from };
    if (text[quote + 1] === '"') {
      pieces.push(text.slice(start, quote + 1));
      total += quote + 1 - start;
      start = quote + 2;
      starts.push({ offset: total, index: start });
      continue;
    }
    pieces.push(text.slice(start, quote));
    const end = quote + 1;
    if (end < text.length && text[end] !== separator) {
      return {
        wrong: `after a closing quote must come "${separator}" or the line's end. Double quotes inside a quoted field.`,
        index: end,
      };
    }
    const indexOf = (offset: number) => {
      const piece = starts.findLast((it) => it.offset <= offset) ?? { offset: 0, index: from };
      return piece.index + offset - piece.offset;
    };
    return { value: pieces.join(""), indexOf, end };
  }
};

// Inside quotes it is a letter; outside, a file of them would be one line.
const CARRIAGE_RETURN =
  "a carriage return alone is not the end of a line. Save the file with line feeds, as CSV in UTF-8.";

const plain = (text: string, from: number, separator: string): Cell | Wrong => {
  const next = text.indexOf(separator, from);
  const end = next === -1 ? text.length : next;
  const value = text.slice(from, end);
  const quote = value.indexOf('"');
  if (quote !== -1) {
    return {
      wrong: "a quote inside a field that does not start with one. Quote the whole field and double the quote.",
      index: from + quote,
    };
  }
  const carriage = value.indexOf("\r");
  if (carriage !== -1) return { wrong: CARRIAGE_RETURN, index: from + carriage };
  return { value, indexOf: (offset) => from + offset, end };
};

/** Between tabs a quote is a letter, unless quotes enclose the whole field: exporters differ, and none breaks lines there. */
const tabbed = (text: string): readonly Cell[] => {
  let from = 0;
  return text.split("\t").map((field) => {
    const begin = from;
    from += field.length + 1;
    const isEnclosed = field.length > 1 && /^"(?:[^"]|"")*"$/.test(field);
    const value = isEnclosed ? field.slice(1, -1).replaceAll('""', '"') : field;
    return { value, indexOf: (offset) => begin + offset + (isEnclosed ? 1 : 0), end: begin + field.length };
  });
};

/** The cells of one record by RFC 4180, or the first thing wrong with it. */
const cellsIn = (text: string, separator: string): readonly Cell[] | Wrong => {
  if (separator === "\t") return tabbed(text);
  const cells: Cell[] = [];
  for (let at = 0; ; ) {
    const cell = text[at] === '"' ? quoted(text, at, separator) : plain(text, at, separator);
    if ("wrong" in cell) return cell;
    cells.push(cell);
    if (cell.end >= text.length) return cells;
    at = cell.end + 1;
  }
};

/** Cut one record into its cells; refuses quotes that RFC 4180 does not know, at their place. */
export const cut = (file: string, line: number, text: string, separator: string): Row => {
  if (text.length <= LONGEST_RECORD && !text.includes('"')) {
    const index = text.indexOf("\r");
    if (index !== -1) throw faultAt(file, positionIn(line, text, index), CARRIAGE_RETURN);
    return { line, text, cells: text.split(separator) };
  }
  const cells = cellsIn(text, separator);
  if ("wrong" in cells) throw faultAt(file, positionIn(line, text, cells.index), cells.wrong);
  if (text.length > LONGEST_RECORD) {
    throw faultAt(file, { line, column: 1 }, "this line is longer than a million characters. Is the file a table?");
  }
  return { line, text, cells: cells.map(({ value }) => value) };
};

/** Something wrong with one cell: at its first character, or `offset` characters into its value. */
export const cellFault = (
  file: string,
  { line, text, cells }: Row,
  separator: string,
  place: { readonly cell: number; readonly offset?: number },
  because: string,
): Fault => {
  const found = cellsIn(text, separator);
  const cell = "wrong" in found ? undefined : found[place.cell];
  const spaces = (cells[place.cell] ?? "").search(/\S/);
  const index = cell === undefined ? text.length : cell.indexOf(place.offset ?? Math.max(0, spaces));
  return faultAt(file, positionIn(line, text, index), because);
};
