import { Worker } from "node:worker_threads";
import type { Failure, Wish } from "./sqlite.worker.ts";
import type { Store } from "./store.ts";
import { failing, unknown } from "./trouble.ts";

interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const told = ({ message, ...rest }: Failure): Error => Object.assign(new Error(message), rest);

/** A thread that does what it is asked in turn; when it dies, whoever still waits hears of it. */
const openThread = (path: string) => {
  const worker = new Worker(new URL("./sqlite.worker.ts", import.meta.url), { workerData: path });
  // It alone keeps no process alive, only what is being written does.
  worker.unref();
  const asked: Asked[] = [];
  let dead = false;
  const die = (error: unknown): void => {
    dead = true;
    for (const { reject } of asked.splice(0)) reject(unknown(error));
  };
  worker.on("message", (failure: Failure | null) => {
    const first = asked.shift();
    if (asked.length === 0) worker.unref();
    if (failure) first?.reject(told(failure));
    else first?.resolve();
  });
  worker.on("error", die);
  worker.on("messageerror", die);
  worker.on("exit", (code) => die(new Error(`The thread that writes ended with ${code}.`)));
  return {
    isDead: () => dead,
    ask: (wish: Wish): Promise<void> =>
      new Promise((resolve, reject) => {
        // What cannot cross to the thread throws here, and is nobody's turn.
        worker.postMessage(wish);
        asked.push({ resolve, reject });
        worker.ref();
      }),
  };
};

/** Writing to the file at `path` from a thread of its own, which begins with the first wish, and anew when it died. */
export const committingAside = (
  path: string,
): Pick<Store, "hold" | "release" | "commit"> & { readonly end: () => Promise<void> } => {
  let thread: ReturnType<typeof openThread> | undefined;
  let isOver = false;
  const ask = async (wish: Wish): Promise<void> => {
    if (isOver) throw new Error("The store is closed.");
    try {
      if (!thread || thread.isDead()) thread = openThread(path);
    } catch (error) {
      throw failing(error);
    }
    return thread.ask(wish);
  };
  return {
    hold: () => ask({ what: "hold" }),
    release: () => ask({ what: "release" }),
    commit: (batch) => ask({ what: "commit", batch }),
    end: async () => {
      isOver = true;
      if (thread && !thread.isDead()) await thread.ask({ what: "end" });
      thread = undefined;
    },
  };
};
