import * as v from "valibot";
import { browser } from "wxt/browser";

const ConnectionSchema = v.variant("state", [
  v.object({
    state: v.literal("apart"),
    server: v.string(),
    because: v.optional(v.picklist(["denied", "expired"])),
  }),
  v.object({
    state: v.literal("pairing"),
    server: v.string(),
    deviceCode: v.string(),
    userCode: v.string(),
    verificationUrl: v.string(),
    expiresAt: v.number(),
    intervalMs: v.number(),
    askAt: v.number(),
  }),
  v.object({ state: v.literal("paired"), server: v.string(), token: v.string() }),
  v.object({ state: v.literal("lapsed"), server: v.string() }),
]);

/**
 * How this browser stands with a server. `apart`: not connected; `because` says how the last attempt ended. `pairing`: a
 * code is shown and waits to be confirmed; the next question may be asked at `askAt`. `paired`: connected by `token`.
 * `lapsed`: was connected, but the server no longer takes the token.
 */
export type Connection = v.InferOutput<typeof ConnectionSchema>;
/** The connection while a code waits to be confirmed. */
export type Pairing = Extract<Connection, { state: "pairing" }>;
/** The connection while the server takes the token. */
export type Paired = Extract<Connection, { state: "paired" }>;

/** Where a server is looked for until its owner says otherwise: on this machine. */
export const HOME_SERVER = "http://127.0.0.1:8787";

const KEY = "connection";

const read = (stored: unknown): Connection => {
  const known = v.safeParse(ConnectionSchema, stored);
  return known.success ? known.output : { state: "apart", server: HOME_SERVER };
};

/** The connection as it stands. One stored value, so that no crash can leave half of it behind. */
export const connectionNow = async (): Promise<Connection> => read((await browser.storage.local.get(KEY))[KEY]);

/** Keep a connection. Whoever watches hears of it, in every part of the extension. */
export const keepConnection = (connection: Connection): Promise<void> =>
  browser.storage.local.set({ [KEY]: connection });

/** Replace the connection only while it is still `before`, so that two parts of the extension cannot undo each other. */
export const moveConnection = async (before: Connection, after: Connection): Promise<void> => {
  const now = await connectionNow();
  if (JSON.stringify(now) === JSON.stringify(before)) await keepConnection(after);
};

/** Hear of every change of the connection until the returned function is called. */
export const watchConnection = (hear: (connection: Connection) => void): (() => void) => {
  const listen = (changes: Record<string, { newValue?: unknown }>, area: string): void => {
    const change = changes[KEY];
    if (area === "local" && change) hear(read(change.newValue));
  };
  browser.storage.onChanged.addListener(listen);
  return () => browser.storage.onChanged.removeListener(listen);
};
