import { Worker } from "node:worker_threads";
import type { Bundle } from "../../shared/contract/bundle.ts";

/** What a thread is told: what to print, and where the reader may check it. */
export interface Printing {
  readonly bundle: Bundle;
  readonly origin: string;
}

const LONGEST_MS = 30_000;

const onThread = (printing: Printing): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./printer.worker.ts", import.meta.url), { workerData: printing });
    const late = setTimeout(() => void worker.terminate(), LONGEST_MS).unref();
    worker.once("exit", () => clearTimeout(late));
    // A server that stops does not wait for pages that nobody will read.
    worker.unref();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the printing of a certificate ended with ${code}`)));
  });

let last: Promise<unknown> = Promise.resolve();

/** The pages of a certificate, printed on a thread of their own, one after another: setting type would hold visitors up. */
export const printed = (printing: Printing): Promise<Uint8Array> => {
  const pages = last.then(() => onThread(printing));
  last = pages.catch(() => undefined);
  return pages;
};
