import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { present } from "../../shared/kit/shape.ts";
import { readSqlite } from "../store/sqlite.ts";
import { type Job, made } from "./job.ts";

/** What a thread is told: where everything is kept, and what to make of it. */
export interface Told {
  readonly path: string;
  readonly job: Job;
  readonly mostTouches: number;
}

const LATER = 10;

// On Linux this is the priority of this thread alone; elsewhere it would be the whole server's.
if (process.platform === "linux") setPriority(LATER);

const { path, job, mostTouches } = workerData as Told;
const store = readSqlite(path);
try {
  // On a thread of one's own nobody else waits.
  const done = await made(store, job, { mostTouches, breathe: async () => {} });
  present(parentPort, "whoever asked").postMessage(done);
} finally {
  await store.close();
}
