import { IMPORTS, type ImportNote, noteImport } from "../decisions/history.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { World } from "../world.ts";
import { insisting } from "./insisting.ts";

const MOST_NOTES = 100_000;
/** Lines after which it is written down how far an import has come. */
const LINES_APART = 50_000;

type Kept = ImportNote & { readonly digest: string };

const notes = async (reader: Reader): Promise<readonly Kept[]> =>
  (await reader.privates(IMPORTS, MOST_NOTES)).map(([key, body]) => ({
    digest: key.slice(IMPORTS.length),
    ...(body as unknown as ImportNote),
  }));

/** Imports that broke off and have not been done again since, oldest first. */
export const unfinishedImports = async (reader: Reader): Promise<readonly ImportNote[]> =>
  (await notes(reader)).filter(({ isDone }) => !isDone).sort((a, b) => a.begunAt - b.begunAt);

/** An import's place in its file, kept on disk. */
export interface Bookmark {
  readonly note: () => ImportNote;
  /** Lines of a pass up to here are on disk; written down now and then. */
  reach(pass: "touches" | "results", lines: number): Promise<void>;
  /** All of it is on disk. Answers whether an import of other contents under the same name had broken off: what it brought stays. */
  finish(held: NonNullable<ImportNote["held"]>): Promise<boolean>;
}

/** Keep the place of an import. */
export const bookmark = (world: World, brand: string, digest: string, from: ImportNote): Bookmark => {
  let [note, kept] = [from, from];
  const keep = async (): Promise<void> => {
    await insisting(() => world.record.decide(brand, noteImport(digest, note)));
    kept = note;
  };
  return {
    note: () => note,
    reach: async (pass, lines) => {
      note = { ...note, [pass]: lines };
      if (lines - kept[pass] >= LINES_APART) await keep();
    },
    finish: async (held) => {
      note = { ...note, isDone: true, held };
      await keep();
      const earlier = (await notes(readerOf(world.store, brand))).filter(
        (it) => !it.isDone && it.file === note.file && it.campaign === note.campaign,
      );
      for (const it of earlier) await insisting(() => world.record.decide(brand, noteImport(it.digest, null)));
      return earlier.length > 0;
    },
  };
};
