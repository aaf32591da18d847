import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "./sqlite.database.ts";
import { committerOn } from "./sqlite.write.ts";
import type { Writes } from "./store.ts";

/** What the thread that writes is asked for, in turn. */
export type Wish =
  | { readonly what: "hold" | "release" | "end" }
  | { readonly what: "commit"; readonly batch: readonly Writes[] };

/** Why it could not: an error as far as it can cross from thread to thread. */
export interface Failure {
  readonly message: string;
  readonly code: unknown;
  readonly errcode: unknown;
}

const database = openDatabase(String(workerData));
const committer = committerOn(database);

const grant = (wish: Wish): void => {
  if (wish.what === "commit") committer.commit(wish.batch);
  else if (wish.what === "end") database.close();
  else committer[wish.what]();
};

const failureOf = (error: unknown): Failure => {
  const { message, code, errcode } = error as Partial<Failure>;
  return { message: message ?? String(error), code, errcode };
};

const answer = (wish: Wish): Failure | null => {
  try {
    grant(wish);
    return null;
  } catch (error) {
    return failureOf(error);
  }
};

// One answer a wish, in the order in which they came.
parentPort?.on("message", (wish: Wish) => {
  parentPort?.postMessage(answer(wish));
  if (wish.what === "end") parentPort?.close();
});
