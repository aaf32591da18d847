/** Where in a file something is wrong: both counted from 1, columns in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file was refused: thrown, because reading stops there, and caught once, where the file was asked for. */
export interface Fault extends Error {
  readonly name: "Fault";
}

/** Is this a refusal of a file rather than a bug? */
export const isFault = (it: unknown): it is Fault => it instanceof Error && it.name === "Fault";

/** A refused file: `FILE:LINE:COLUMN: what is wrong. What to do.` */
export const faultAt = (file: string, { line, column }: Position, because: string): Fault =>
  Object.assign(new Error(`${file}:${line}:${column}: ${because}`), { name: "Fault" as const });

/** A file that could not be read at all. */
export const unreadable = (file: string, cause: unknown): Fault => {
  const code = String((cause as NodeJS.ErrnoException).code);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file. Check the name and the folder you are in.",
    EISDIR: "is a folder. Name a file in it.",
    EACCES: "may not be read. Check its permissions.",
  };
  return Object.assign(new Error(`${file}: ${reasons[code] ?? `cannot be read (${code}).`}`), {
    name: "Fault" as const,
  });
};
