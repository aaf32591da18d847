import { DatabaseSync } from "node:sqlite";
import { schema } from "./sqlite.schema.ts";

/** How long a connection waits for another one that writes, before it says so. */
const PATIENCE_MS = 5000;

/** A connection to the file at `path` (or `:memory:`), made with its tables where there is none. */
export const openDatabase = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: PATIENCE_MS });
  // FULL: an answered request survives a power cut. recursive_triggers: without it INSERT OR REPLACE slips past the
  // triggers that keep facts as they are.
  database.exec(
    "pragma journal_mode=wal; pragma synchronous=full; pragma recursive_triggers=on; pragma foreign_keys=on;",
  );
  database.exec(schema);
  return database;
};
