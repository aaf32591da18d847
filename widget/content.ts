import { idle } from "./send.ts";
import { met, remember, whence } from "./visitor.ts";

/** Once the page is idle, ask whether it shows a poll, and load what shows it. The page never learns of a failure. */
export const content = (server: URL, k: string, p: string, says: () => object): unknown =>
  idle(async () => {
    try {
      // Whoever an experiment holds out is shown no poll: the click tells, as far as it may.
      const query = new URLSearchParams({ k, p, c: whence().c || "" });
      const { poll } = await (await fetch(`${server}page?${query}`)).json();
      // import() needs no element, no global and no Trusted Types policy; in return poll.js has to be served with CORS.
      if (poll && !met(poll.id))
        ((await import(`${server}../poll.js`)) as typeof import("./poll.tsx")).open(poll, says, remember);
    } catch {}
  });
