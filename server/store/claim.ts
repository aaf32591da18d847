import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const FILE = "makegood.claim";

/** A claim on a data folder: it lasts until it is let go of, or until its process is gone, however that came. */
export interface Claim {
  letGo(): void;
}

const isBusy = (error: unknown): boolean => ((error as { readonly errcode?: number }).errcode ?? 0) % 256 === 5;

// An empty database beside the real one: its locks are the system's, so that nobody who was killed leaves one behind. With a
// rollback journal whoever reads keeps away whoever wants it alone, and the other way round.
const claim = (folder: string, begin: string): Claim | undefined => {
  const database = new DatabaseSync(join(folder, FILE), { timeout: 0 });
  try {
    database.exec(begin);
    database.prepare("select count(*) from sqlite_schema").get();
    return { letGo: () => database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
};

/** Claim a folder together with all others who write to it by the usual ways; nothing while somebody has it alone. */
export const claimShared = (folder: string): Claim | undefined => claim(folder, "begin");

/** Claim a folder alone; nothing while anybody else has a claim on it. */
export const claimAlone = (folder: string): Claim | undefined => claim(folder, "begin exclusive");
