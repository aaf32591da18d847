import { createHash } from "node:crypto";
import { type Stats, statSync } from "node:fs";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { type Fault, unreadable } from "./fault.ts";
import type { Manner } from "./past.ts";
import { type History, openHistory, type Reading } from "./reading.ts";

/** What to import, into which brand, and whom to tell how many bytes of which pass have been read. */
export interface Order {
  readonly file: { readonly path: string; readonly shown: string };
  readonly reading: Reading;
  readonly brand: string;
  readonly manner: Manner;
  /** The days a file of paths is of, both included, if they were said. */
  readonly days: { readonly from?: string; readonly until?: string };
  /** Is the file only checked, and nothing written? */
  readonly isTrial: boolean;
  readonly watch: (label: string, bytes: number) => { to(bytes: number): void; done(): void };
}

/** Reads the same file again and again, under a bar each time, and refuses it once it is another. */
export interface Passes {
  over<Done>(label: string, act: (history: History) => Promise<Done>): Promise<Done>;
  /** After the first pass: a SHA-256 of the file, and one of the file and of how it is read. */
  digests(): { readonly content: string; readonly source: string };
}

const bare = (because: string): Fault => Object.assign(new Error(because), { name: "Fault" as const });

const statOf = ({ path, shown }: Order["file"]): Stats => {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    throw unreadable(shown, error);
  }
  if (found.isFile() || found.isDirectory()) return found;
  throw bare(`${shown}: is not a file on disk, and a past is read three times. Save it to one first.`);
};

/** Everything that decides what the lines of a file become; when it was read is no part of it. */
const mannerOf = ({ reading, manner: { now: _, ...manner }, days }: Order): Json => {
  const { preset, mapping, names } = reading;
  return {
    manner: { ...manner },
    days: { ...days },
    preset: preset === undefined ? null : (preset as unknown as Json),
    mapping: [...mapping].sort(),
    names: [...names].sort(),
  };
};

/** Get ready to read a file several times. */
export const passesOver = (order: Order): Passes => {
  const { file, reading, watch } = order;
  const first = statOf(file);
  let content: string | undefined;
  return {
    over: async (label, act) => {
      const now = statOf(file);
      if (now.size !== first.size || now.mtimeMs !== first.mtimeMs)
        throw bare(`${file.shown}: was changed while it was being read. Import it again.`);
      const progress = watch(label, now.size);
      const hash = content === undefined ? createHash("sha256") : undefined;
      try {
        const seen = (piece: Buffer): void => void hash?.update(piece);
        const done = await act(await openHistory({ ...file, heard: progress.to, seen }, reading));
        content ??= hash?.digest("hex");
        return done;
      } finally {
        progress.done();
      }
    },
    digests: () => {
      const source = createHash("sha256").update(canonical([content ?? "", mannerOf(order)]));
      return { content: content ?? "", source: source.digest("hex") };
    },
  };
};
