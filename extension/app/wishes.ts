import { type Grab, type Link, type Notice, shapes, understood } from "./shelves.ts";
import { open, write } from "./vault.ts";

const readGrabs = (kept: readonly unknown[]): readonly Grab[] =>
  kept.flatMap((it) => understood(shapes.grabs, it)).sort((a, b) => a.askedAt - b.askedAt);

/** The links that wait for an answer, as far as they are understood, oldest first. */
export const grabsWaiting = async (): Promise<readonly Grab[]> => readGrabs(await (await open()).getAll("grabs"));

/** Put a wish for a link on the shelf, or give back the one that already waits for the same. */
export const keepGrab = (wish: Grab): Promise<Grab> =>
  write(["grabs", "marks"], async (tx) => {
    const waiting = readGrabs(await tx.objectStore("grabs").getAll());
    const same = waiting.find((it) => it.contract === wish.contract && it.destination === wish.destination);
    if (!same) await tx.objectStore("grabs").put(wish, wish.key);
    await tx.objectStore("marks").put(wish.contract, "lastContract");
    return same ?? wish;
  });

/** Take a wish off the shelf without a link. */
export const dropGrab = (key: string): Promise<void> =>
  write(["grabs"], async (tx) => {
    await tx.objectStore("grabs").delete(key);
  });

/** A wish came true: the link is kept and the wish leaves the shelf, together. */
export const grabMade = (key: string, link: Link): Promise<void> =>
  write(["grabs", "links"], async (tx) => {
    await Promise.all([tx.objectStore("grabs").delete(key), tx.objectStore("links").put(link, link.code)]);
  });

/** Keep something to tell when the popup is next open; a later notice of the same id takes its place. */
export const keepNotice = (notice: Notice): Promise<void> =>
  write(["notices"], async (tx) => {
    await tx.objectStore("notices").put(notice, notice.id);
  });

/** A notice was read. */
export const dropNotice = (id: string): Promise<void> =>
  write(["notices"], async (tx) => {
    await tx.objectStore("notices").delete(id);
  });
