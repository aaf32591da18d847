import { grabLink } from "../../shared/wire/influencer.ts";
import { alone } from "./alone.ts";
import type { Paired } from "./connection.ts";
import { settleOwner } from "./owner.ts";
import { mayComeRight, type Reached, reachAs } from "./reach.ts";
import type { Grab, Link } from "./shelves.ts";
import { dropGrab, grabMade, grabsWaiting, keepGrab, keepNotice } from "./wishes.ts";
import { tell as say } from "./words.ts";

/** What became of a wish for a link: it exists, it waits for the server, or the server said no. */
export type Grabbed =
  | { readonly state: "made"; readonly link: Link }
  | { readonly state: "waiting" }
  | { readonly state: "refused"; readonly because: string };

const request = (connection: Paired, { key, contract, destination }: Grab): Promise<Reached<Link>> =>
  reachAs(connection, grabLink, { params: { contract }, body: { destination }, headers: { "idempotency-key": key } });

const outcome = (answer: Reached<Link>): Grabbed => {
  if (answer.ok) return { state: "made", link: answer.value };
  if (mayComeRight(answer.status) || answer.status === 401) return { state: "waiting" };
  return { state: "refused", because: answer.refusal.because };
};

const send = async (connection: Paired, wish: Grab): Promise<Grabbed> => {
  const grabbed = outcome(await request(connection, wish));
  if (grabbed.state === "made") await grabMade(wish.key, grabbed.link);
  if (grabbed.state === "refused") await dropGrab(wish.key);
  return grabbed;
};

/** Where there is no room to keep a wish it is sent all the same, but it cannot wait. */
const sendUnkept = async (connection: Paired, wish: Grab): Promise<Grabbed> => {
  const grabbed = outcome(await request(connection, wish));
  return grabbed.state === "waiting" ? { state: "refused", because: say("grabNoRoom") } : grabbed;
};

/**
 * Make a tracked link. The wish is on the shelf before anything is sent, and every attempt carries the same
 * Idempotency-Key, so however often it is tried and wherever it is cut off, it comes true exactly once.
 */
export const grab = async (connection: Paired, contract: string, destination: string): Promise<Grabbed> => {
  const asked = { key: crypto.randomUUID(), contract, destination, askedAt: Date.now() };
  const wish = await keepGrab(asked).catch(() => undefined);
  return alone("grabs", () => (wish ? send(connection, wish) : sendUnkept(connection, asked)));
};

const tell = async ({ key, destination }: Grab, grabbed: Grabbed): Promise<void> => {
  if (grabbed.state === "waiting") return;
  const notice = { id: key, at: Date.now() };
  if (grabbed.state === "made") await keepNotice({ ...notice, kind: "made", link: grabbed.link });
  else await keepNotice({ ...notice, kind: "refused", destination, because: grabbed.because });
};

/**
 * Send the wishes that wait, oldest first, until one finds the server away. What becomes of each is told when the popup is
 * next open. Nobody else's are sent: of another person's, none is left once it is known who this is.
 */
export const sendWaiting = (connection: Paired): Promise<void> =>
  alone("grabs", async () => {
    if ((await grabsWaiting()).length === 0 || !(await settleOwner(connection)).ok) return;
    for (const wish of await grabsWaiting()) {
      const grabbed = await send(connection, wish);
      await tell(wish, grabbed);
      if (grabbed.state === "waiting") return;
    }
  });
