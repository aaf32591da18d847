import { idle } from "./send.ts";
import { met, remember } from "./visitor.ts";

/** Once the page is idle, ask whether it shows a poll, and load what shows it. The page never learns of a failure. */
export const content = (src: string, ask: () => string, says: () => object): unknown =>
  idle(async () => {
    try {
      const { poll } = await (await fetch(ask(), { credentials: "omit" })).json();
      // import() needs no element, no global and no Trusted Types policy; in return poll.js has to be served with CORS.
      if (poll && !met(poll.id)) ((await import(src)) as typeof import("./poll.tsx")).open(poll, says, remember);
    } catch {}
  });
