import { createReadStream } from "node:fs";
import { type Fault, faultAt, unreadable } from "../history/fault.ts";
import { positionIn } from "../history/record.ts";

/** A file to read: where it is, what to call it, and whom to tell how many bytes have been read. */
export interface Source {
  readonly path: string;
  readonly shown: string;
  readonly heard?: (bytes: number) => void;
}

/** One line of a text file, counted from 1, without its end. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

const CHUNK_BYTES = 256 * 1024;
const LONGEST_BYTES = 1 << 20;
const NEWLINE = 10;
const BOM = "\uFEFF";

const strict = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const decodes = (bytes: Buffer): boolean => {
  try {
    strict().decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
};

/** The text before the first byte that is not UTF-8. What a longer beginning spoils, a shorter one may not: bisection finds it. */
const soundPart = (bytes: Buffer): string => {
  let [sound, spoiled] = [0, bytes.length];
  while (sound + 1 < spoiled) {
    const middle = (sound + spoiled) >> 1;
    if (decodes(bytes.subarray(0, middle))) sound = middle;
    else spoiled = middle;
  }
  return strict().decode(bytes.subarray(0, sound), { stream: true });
};

const without = (text: string, end: string): string => (text.endsWith(end) ? text.slice(0, -end.length) : text);
const unmarked = (text: string, line: number): string => (line === 1 && text.startsWith(BOM) ? text.slice(1) : text);

const notText = (file: string, line: number, bytes: Buffer): Fault => {
  const before = soundPart(bytes);
  const last = line + before.split("\n").length - 1;
  const text = unmarked(before.slice(before.lastIndexOf("\n") + 1), last);
  return faultAt(file, positionIn(last, text, text.length), "this byte is not UTF-8 text. Save the file in UTF-8.");
};

const decoded = (file: string, line: number, bytes: Buffer): string => {
  let text: string;
  try {
    text = strict().decode(bytes);
  } catch {
    throw notText(file, line, bytes);
  }
  const zero = text.indexOf("\0");
  if (zero === -1) return unmarked(text, line);
  const clean = unmarked(text, line);
  throw faultAt(file, positionIn(line, clean, clean.indexOf("\0")), "there is a NUL byte here. Is this a text file?");
};

/** Cuts bytes that arrive in pieces into lines; what is not yet complete is carried to the next piece. */
const cutter = (file: string) => {
  let [carried, line] = [Buffer.alloc(0), 1];
  const lines = (bytes: Buffer): readonly TextLine[] => {
    const cut = decoded(file, line, bytes).split("\n");
    return cut.map((text) => ({ line: line++, text: without(text, "\r") }));
  };
  return {
    more: (piece: Buffer): readonly TextLine[] => {
      const end = piece.lastIndexOf(NEWLINE);
      const whole = end === -1 ? undefined : Buffer.concat([carried, piece.subarray(0, end)]);
      carried = whole ? Buffer.from(piece.subarray(end + 1)) : Buffer.concat([carried, piece]);
      const found = whole ? lines(whole) : [];
      if (carried.length > LONGEST_BYTES)
        throw faultAt(file, { line, column: 1 }, "this line is longer than a million bytes. Write one result a line.");
      return found;
    },
    rest: (): readonly TextLine[] => (carried.length === 0 ? [] : lines(carried)),
  };
};

/** The lines of a UTF-8 text file in batches, never all at once. Refuses, at its place, whatever is not text. */
export async function* linesIn({ path, shown, heard }: Source): AsyncGenerator<readonly TextLine[], void> {
  const cut = cutter(shown);
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES })[Symbol.asyncIterator]();
  const next = () =>
    stream.next().catch((cause: unknown) => {
      throw unreadable(shown, cause);
    });
  let bytes = 0;
  for (let piece = await next(); piece.done !== true; piece = await next()) {
    bytes += (piece.value as Buffer).length;
    heard?.(bytes);
    yield cut.more(piece.value as Buffer);
  }
  yield cut.rest();
}

/** A whole text file, for one that is small: refused beyond a million bytes. */
export const wholeText = async (source: Source): Promise<string> => {
  const texts: string[] = [];
  let bytes = 0;
  const heard = (read: number): void => {
    bytes = read;
  };
  for await (const lines of linesIn({ ...source, heard })) {
    if (bytes > LONGEST_BYTES)
      throw faultAt(
        source.shown,
        { line: 1, column: 1 },
        "this file is larger than a million bytes. Is it the right one?",
      );
    for (const { text } of lines) texts.push(text);
  }
  return texts.join("\n");
};
