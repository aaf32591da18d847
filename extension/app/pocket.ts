import { signal } from "@preact/signals";
import { standOpen } from "./alone.ts";
import { seeAll } from "./badge.ts";
import { type Cached, nothingCached, readCached } from "./cache.ts";
import { type Connection, connectionNow, HOME_SERVER, type Paired, watchConnection } from "./connection.ts";
import { sendWaiting } from "./grab.ts";
import { follow } from "./live.ts";
import { askOnce } from "./pairing.ts";
import { isPaired } from "./reach.ts";
import { type Refreshed, refresh } from "./sync.ts";
import { watchVault } from "./vault.ts";

/** How the popup stands with the outside: the connection, the cache, how the last refresh ended, and whether the stream is heard. */
export const connection = signal<Connection>({ state: "apart", server: HOME_SERVER });
/** What the vault holds, as last read. */
export const cached = signal<Cached>(nothingCached);
/** How bringing the cache up to date went; `updating` while it is under way. */
export const weather = signal<Refreshed | { readonly state: "updating" }>({ state: "updating" });
/** Can the live stream be heard right now? */
export const isLive = signal(false);

const pause = (forMs: number, until: AbortSignal): Promise<void> =>
  new Promise((go) => {
    const done = (): void => {
      clearTimeout(timer);
      until.removeEventListener("abort", done);
      globalThis.removeEventListener("online", done);
      go();
    };
    const timer = setTimeout(done, forMs);
    until.addEventListener("abort", done);
    globalThis.addEventListener("online", done);
  });

const reread = async (): Promise<void> => {
  cached.value = await readCached();
  await seeAll();
};

/** Bring everything up to date: the cache is refreshed, and what waits is sent. What cannot be kept is shown all the same. */
export const update = async (paired: Paired): Promise<void> => {
  weather.value = { state: "updating" };
  const refreshed = await refresh(paired);
  if (refreshed.state === "unkept" && refreshed.fresh) cached.value = { ...cached.value, ...refreshed.fresh };
  weather.value = refreshed;
  if (refreshed.state === "fresh") await sendWaiting(paired).catch(() => undefined);
};

const stayLive = (paired: Paired, signal: AbortSignal): Promise<void> =>
  follow({
    connection: paired,
    signal,
    seen: true,
    heard: () => {
      const back = !isLive.value && weather.value.state === "offline";
      isLive.value = true;
      if (back) void update(paired);
    },
    down: (failures) => {
      isLive.value = false;
      // One break may be the server's own doing; a second in a row means it is away.
      if (failures > 0 && weather.value.state === "fresh") weather.value = { state: "offline" };
    },
    wait: (forMs) => pause(forMs, signal),
    replaced: () => update(paired),
  });

const askUntilAnswered = async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const now = await connectionNow();
    if (now.state !== "pairing") return;
    await pause(Math.max(0, now.askAt - Date.now()), signal);
    if (!signal.aborted) await askOnce();
  }
};

const keyOf = (now: Connection): string => {
  if (now.state === "pairing") return `pairing ${now.deviceCode}`;
  return now.state === "paired" ? `paired ${now.token}` : now.state;
};

const serve = async (paired: Paired, signal: AbortSignal): Promise<void> => {
  await update(paired);
  if (!signal.aborted) await stayLive(paired, signal);
};

let kept = "";
let stop = new AbortController();

const keepUp = (now: Connection): void => {
  connection.value = now;
  if (keyOf(now) === kept) return;
  kept = keyOf(now);
  stop.abort();
  stop = new AbortController();
  isLive.value = false;
  if (now.state === "pairing") void askUntilAnswered(stop.signal);
  if (isPaired(now)) void serve(now, stop.signal);
};

/**
 * Fill the popup's pocket: read the store, so that the first frame already shows what is known, then keep in step with
 * the store and the server until the returned function is called.
 */
export const openPocket = async (): Promise<() => void> => {
  const closed = Promise.withResolvers<void>();
  standOpen(closed.promise);
  const unwatch = [watchVault(() => void reread()), watchConnection(keepUp)];
  const [now, then] = await Promise.all([connectionNow(), readCached().catch(() => nothingCached)]);
  cached.value = then;
  void seeAll().catch(() => undefined);
  keepUp(now);
  return () => {
    for (const leave of unwatch) leave();
    stop.abort();
    kept = "";
    closed.resolve();
  };
};
