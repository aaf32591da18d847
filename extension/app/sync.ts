import * as doors from "../../shared/wire/influencer.ts";
import { alone, isOpen } from "./alone.ts";
import { type Fresh, keepFresh } from "./cache.ts";
import { connectionNow, type Paired } from "./connection.ts";
import { sendWaiting } from "./grab.ts";
import { listenOnce } from "./live.ts";
import { placeMenus } from "./menus.ts";
import { settleOwner } from "./owner.ts";
import { isPaired, mayComeRight, type Reached, reachAs } from "./reach.ts";
import { mark } from "./vault.ts";

/** How an attempt to bring the cache up to date ended. `unkept`: this browser would not keep what the server said. */
export type Refreshed =
  | { readonly state: "fresh" }
  | { readonly state: "offline" }
  | { readonly state: "refused"; readonly because: string }
  | { readonly state: "unkept"; readonly fresh: Fresh | undefined };

const failure = (answer: Reached<unknown>): Refreshed => {
  if (answer.ok) return { state: "fresh" };
  if (mayComeRight(answer.status)) return { state: "offline" };
  return { state: "refused", because: answer.refusal.because };
};

const keep = async (fresh: Fresh): Promise<Refreshed> => {
  try {
    await keepFresh(fresh);
    return { state: "fresh" };
  } catch {
    return { state: "unkept", fresh };
  }
};

const fetchAll = async (connection: Paired): Promise<Refreshed> => {
  // Where the vault does not open, what the server says is shown all the same, but nothing is kept beside what may be another's.
  const me = await settleOwner(connection).catch(() => undefined);
  if (me && !me.ok) return failure(me);
  const [contracts, earnings] = await Promise.all([
    reachAs(connection, doors.contracts, { query: {} }),
    reachAs(connection, doors.earnings),
  ]);
  if (!contracts.ok) return failure(contracts);
  if (!earnings.ok) return failure(earnings);
  const running = contracts.value.contracts.filter(({ status }) => status === "running");
  const links = await Promise.all(
    running.map(({ id }) => reachAs(connection, doors.links, { params: { contract: id } })),
  );
  const refused = links.find((it) => !it.ok);
  if (refused) return failure(refused);
  // Whoever was disconnected while the answers were on their way must not find their cache back.
  if ((await connectionNow()).state !== "paired") return { state: "offline" };
  const fresh: Fresh = {
    contracts: contracts.value.contracts,
    earnings: earnings.value.earnings,
    links: links.flatMap((it) => (it.ok ? it.value.links : [])),
    position: earnings.value.position,
    refreshedAt: Date.now(),
  };
  return me ? keep(fresh) : { state: "unkept", fresh };
};

/** Bring the cache up to date with the server, and the context menu with the cache. */
export const refresh = async (connection: Paired): Promise<Refreshed> => {
  const unkept = { state: "unkept", fresh: undefined } as const;
  const refreshed = await alone("refresh", () => fetchAll(connection)).catch(() => unkept);
  if (refreshed.state === "fresh") await placeMenus().catch(() => undefined);
  return refreshed;
};

// Long enough for a server to replay what was missed, short enough for a worker that may live thirty seconds.
const QUIET_MS = 1500;
const MOST_MS = 20_000;

/** Hear what moved since the stream was last heard, count it as unseen, and hang up as soon as it falls silent. */
const catchUp = async (connection: Paired): Promise<void> => {
  const stop = new AbortController();
  const hangUp = (): void => stop.abort();
  let quiet = setTimeout(hangUp, QUIET_MS);
  const most = setTimeout(hangUp, MOST_MS);
  const heard = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(hangUp, QUIET_MS);
  };
  await listenOnce({ connection, signal: stop.signal, seen: false, heard });
  clearTimeout(quiet);
  clearTimeout(most);
};

/** What the background does from time to time while nobody looks: send what waits, hear what moved, bring the cache up to date. */
export const syncQuietly = async (): Promise<void> => {
  const connection = await connectionNow();
  if (!isPaired(connection)) return;
  await sendWaiting(connection);
  if (await isOpen()) return;
  if ((await mark("position")) !== undefined) await catchUp(connection);
  await refresh(connection);
};
