import { createReadStream } from "node:fs";
import { faultAt, isFault, unreadable } from "./fault.ts";
import { endOfRecord, LONGEST_RECORD, positionIn } from "./record.ts";

/** A file to read: where it is, what to call it, and whom to tell how many bytes have been read, or each piece of them. */
export interface Source {
  readonly path: string;
  readonly shown: string;
  readonly heard?: (bytes: number) => void;
  readonly seen?: (piece: Buffer) => void;
}

/** One record before it is cut into cells. */
export interface Raw {
  readonly line: number;
  readonly text: string;
}

/** How the records of a file are told apart: one JSON object a line, or fields between separators. */
export type Dialect = "json" | "," | ";" | "\t";

/** What may come before the header, and whether lines may be JSON objects. */
export interface Beginning {
  readonly comments: boolean;
  readonly json: boolean;
}

/** What is known of a file once its first record was read. */
export interface Opened {
  readonly dialect: Dialect;
  readonly comments: readonly string[];
}

const CHUNK_BYTES = 256 * 1024;
const UNREADABLE = /[\0\uFFFD]/;
const START = { line: 1, column: 1 } as const;

const refuseBytes = (file: string, line: number, text: string): void => {
  const index = text.search(UNREADABLE);
  if (index === -1) return;
  const what = text[index] === "\0" ? "there is a NUL byte here, as no text has it" : "this is not UTF-8 text";
  throw faultAt(file, positionIn(line, text, index), `${what}. Save the file as CSV in UTF-8.`);
};

const refuseUtf16 = (file: string, piece: Buffer): void => {
  const mark = piece.length < 2 ? 0 : piece.readUInt16BE(0);
  if (mark === 0xfeff || mark === 0xfffe)
    throw faultAt(file, START, 'this is UTF-16 text, as "Unicode text" is saved. Save the file as CSV in UTF-8.');
};

async function* decoded({ path, shown, heard, seen }: Source): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      const piece = chunk as Buffer;
      if (bytes === 0) refuseUtf16(shown, piece);
      bytes += piece.length;
      seen?.(piece);
      heard?.(bytes);
      yield decoder.decode(piece, { stream: true });
    }
  } catch (cause) {
    throw isFault(cause) ? cause : unreadable(shown, cause);
  }
  yield decoder.decode();
}

const withoutReturn = (text: string): string => (text.endsWith("\r") ? text.slice(0, -1) : text);

const linesIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

const dialectOf = (first: string, json: boolean): Dialect => {
  if (json && first.trimStart().startsWith("{")) return "json";
  const outside = first.replace(/"[^"]*"/g, "");
  const most = ([",", ";", "\t"] as const).map((it) => [outside.split(it).length, it] as const);
  return most.reduce((best, it) => (it[0] > best[0] ? it : best), [1, ","] as const)[1];
};

/** Leaves out what comes before the first record, and finds out from it what the file is. */
const beginner = (file: string, { comments: hasComments, json }: Beginning) => {
  const comments: string[] = [];
  let dialect: Dialect | undefined;
  /** A line before the first record, counted and left out; or nothing, if this is the first of it. */
  const skipped = (first: string, line: number): boolean => {
    const isComment = hasComments && first.startsWith("#");
    if (first !== "" && !isComment) {
      dialect = dialectOf(first, json);
      return false;
    }
    refuseBytes(file, line, first);
    if (isComment) comments.push(first);
    return true;
  };
  return {
    dialect: () => dialect,
    comments,
    /** What follows of a text, and how many lines of it were left out. A first line that is not whole yet decides nothing. */
    begin: (text: string, line: number, isLast: boolean): { readonly text: string; readonly left: number } => {
      let [from, left] = [0, 0];
      while (from < text.length) {
        const end = text.indexOf("\n", from);
        if (end === -1 && !isLast && text.length - from <= LONGEST_RECORD) break;
        const first = withoutReturn(text.slice(from, end === -1 ? text.length : end));
        if (!skipped(first, line + left)) break;
        from = end === -1 ? text.length : end + 1;
        left += 1;
      }
      return { text: text.slice(from), left };
    },
  };
};

/** Cuts text that arrives in pieces into records; what is not yet complete is carried to the next piece. */
export const cutter = (file: string, beginning: Beginning) => {
  let [carried, line, isEnded] = ["", 1, true];
  const { dialect, comments, begin } = beginner(file, beginning);
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
  const begun = (text: string, isLast: boolean): string => {
    if (dialect() !== undefined) return text;
    const found = begin(text, line, isLast);
    line += found.left;
    return found.text;
  };
  const more = (piece: string): readonly Raw[] => {
    const text = begun(carried + piece, false);
    carried = text;
    if (dialect() === undefined) return [];
    const isQuoted = (dialect() === "," || dialect() === ";") && text.includes('"');
    const raws = isQuoted ? careful(text) : fast(text);
    if (UNREADABLE.test(text)) for (const raw of raws) refuseBytes(file, raw.line, raw.text);
    // A record this long is never finished but handed on, to be refused where its quote opens.
    if (carried.length > LONGEST_RECORD) raws.push({ line, text: carried });
    return raws.filter((it) => it.text !== "");
  };
  return {
    more,
    rest: (): readonly Raw[] => {
      const last = begun(carried, true);
      refuseBytes(file, line, last);
      const text = withoutReturn(last);
      isEnded = text === "";
      return text === "" ? [] : [{ line, text }];
    },
    /** What the first record told; a file without any is one without commas. */
    opened: (): Opened => ({ dialect: dialect() ?? ",", comments }),
    /** Did the last line have its line break? A file that was cut off has not. */
    isEnded: (): boolean => isEnded,
  };
};

/** A cutter at work. */
export type Cutter = ReturnType<typeof cutter>;

/** The records of a file in batches. */
export async function* rawsIn(source: Source, records: Cutter): AsyncGenerator<readonly Raw[], void> {
  for await (const piece of decoded(source)) yield records.more(piece);
  yield records.rest();
}
