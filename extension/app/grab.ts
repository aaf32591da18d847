import { grabLink } from "../../shared/wire/influencer.ts";
import { alone } from "./alone.ts";
import type { Paired } from "./connection.ts";
import { mayComeRight, reachAs } from "./reach.ts";
import type { Grab, Link } from "./shelves.ts";
import { dropGrab, grabMade, grabsWaiting, keepGrab, keepNotice } from "./wishes.ts";

/** What became of a wish for a link: it exists, it waits for the server, or the server said no. */
export type Grabbed =
  | { readonly state: "made"; readonly link: Link }
  | { readonly state: "waiting" }
  | { readonly state: "refused"; readonly because: string };

const send = async (connection: Paired, wish: Grab): Promise<Grabbed> => {
  const { key, contract, destination } = wish;
  const answer = await reachAs(connection, grabLink, {
    params: { contract },
    body: { destination },
    headers: { "idempotency-key": key },
  });
  if (answer.ok) {
    await grabMade(key, answer.value);
    return { state: "made", link: answer.value };
  }
  if (mayComeRight(answer.status) || answer.status === 401) return { state: "waiting" };
  await dropGrab(key);
  return { state: "refused", because: answer.refusal.because };
};

/**
 * Make a tracked link. The wish is on the shelf before anything is sent, and every attempt carries the same
 * Idempotency-Key, so however often it is tried and wherever it is cut off, it comes true exactly once.
 */
export const grab = async (connection: Paired, contract: string, destination: string): Promise<Grabbed> => {
  const wish = await keepGrab({ key: crypto.randomUUID(), contract, destination, askedAt: Date.now() });
  return alone("grabs", () => send(connection, wish));
};

const tell = async ({ key, destination }: Grab, grabbed: Grabbed): Promise<void> => {
  if (grabbed.state === "waiting") return;
  const notice = { id: key, at: Date.now() };
  if (grabbed.state === "made") await keepNotice({ ...notice, kind: "made", link: grabbed.link });
  else await keepNotice({ ...notice, kind: "refused", destination, because: grabbed.because });
};

/** Send the wishes that wait, oldest first, until one finds the server away. What becomes of each is told when the popup is next open. */
export const sendWaiting = (connection: Paired): Promise<void> =>
  alone("grabs", async () => {
    for (const wish of await grabsWaiting()) {
      const grabbed = await send(connection, wish);
      await tell(wish, grabbed);
      if (grabbed.state === "waiting") return;
    }
  });
