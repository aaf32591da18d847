import { createSecretKey, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import { makeApp } from "./app.ts";
import { hotPath } from "./doors/hot.ts";
import { openRedirect } from "./doors/redirect.ts";
import { mature } from "./engine/clock.ts";
import { followTouches } from "./engine/react.ts";
import { readerOf } from "./engine/reader.ts";
import { openRecord } from "./engine/record.ts";
import { unsound } from "./engine/sound.ts";
import { openPeople } from "./people/people.ts";
import { secretIn } from "./people/secret.ts";
import { claimed, mustBeCurrent } from "./readiness.ts";
import { sealerIn } from "./seal/seal.ts";
import { openSqlite, openSqliteAside } from "./store/sqlite.ts";
import type { Store } from "./store/store.ts";
import { submitAll } from "./submissions.ts";
import type { World } from "./world.ts";

/** How to start: where everything is kept, and where the server is reached. */
export interface Settings {
  /** Folder for the database and the secret; made if absent. */
  readonly folder: string;
  /** The origin people reach the server at; its own address when absent. */
  readonly origin?: string | undefined;
  readonly port: number;
  readonly hostname?: string | undefined;
  /** Allow landing pages on this machine. */
  readonly loopback: boolean;
  readonly rateLimits?: boolean | undefined;
  /** How many proxies of one's own stand in front; none when absent. */
  readonly proxies?: number | undefined;
  /** The clock; the machine's own when absent. */
  readonly now?: (() => number) | undefined;
}

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const CLOCK_MS = 30_000;

const warn = (what: string, error?: unknown): void => console.error(`${new Date().toISOString()} ${what}`, error ?? "");

/** A world that lives in this process, and must be closed. */
type OpenWorld = World & { close(): Promise<void> };

// Sign-in writes in this thread: whoever waits for it makes everybody wait, so it is given up soon where a start is patient.
const SIGN_IN_PATIENCE = "pragma busy_timeout = 250";

const peopled = async (settings: Settings, origin: string, path: string) => {
  // Sign-in keeps its tables in the same file, through a connection of its own.
  const database = new DatabaseSync(path, { timeout: 5000 });
  const secret = secretIn(settings.folder);
  try {
    const people = await openPeople({ database, baseURL: origin, secret, rateLimits: settings.rateLimits ?? true });
    database.exec(SIGN_IN_PATIENCE);
    return { people, database, key: createSecretKey(Buffer.from(secret)) };
  } catch (error) {
    database.close();
    throw error;
  }
};

const onStore = async (settings: Settings, origin: string, path: string, store: Store): Promise<OpenWorld> => {
  await mustBeCurrent(store);
  const { database, ...known } = await peopled(settings, origin, path);
  const now = settings.now ?? ((): number => Date.now());
  const record = openRecord({
    store,
    now,
    follow: followTouches,
    order: await store.lastOrder(),
    warn: (error) => warn("touches were kept, but what follows from them failed", error),
    onTrouble: (trouble, error) =>
      warn(trouble ? `nothing can be written to ${settings.folder}: ${trouble.because}` : "writing goes on", error),
  });
  return {
    now,
    bytes: (count) => randomBytes(count),
    store,
    record,
    ...known,
    sealer: sealerIn(settings.folder),
    origin,
    loopback: settings.loopback,
    proxies: settings.proxies ?? 0,
    dist: DIST,
    warn,
    close: async () => {
      const left = await record.idle();
      if (left > 0) warn(`${left} clicks and visits could not be written to ${settings.folder} and are lost`);
      await store.close();
      database.close();
    },
  };
};

/** A world on disk: the real clock, real dice, one SQLite file, written in this thread unless said otherwise. */
export const openWorld = async (
  settings: Settings,
  origin: string,
  open: (path: string) => Store = openSqlite,
): Promise<OpenWorld> => {
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const claim = claimed(settings.folder);
  const path = join(settings.folder, "makegood.sqlite");
  let store: Store | undefined;
  try {
    store = open(path);
    const world = await onStore(settings, origin, path, store);
    return { ...world, close: () => world.close().finally(claim.letGo) };
  } catch (error) {
    await store?.close();
    claim.letGo();
    throw error;
  }
};

/** A server that is up: its origin, its world, and how to stop it so that nothing acknowledged is lost. */
export interface Running {
  readonly origin: string;
  readonly world: World;
  stop(): Promise<void>;
}

const addressOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
};

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const bound = (settings: Settings, handle: Handle): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(handle);
    server.once("error", reject);
    server.listen(settings.port, settings.hostname ?? "127.0.0.1", () => resolve(server));
  });

const handler = (world: World): Handle => {
  const follow = openRedirect(world);
  const [hot, rest] = [hotPath(world, follow), getRequestListener(makeApp(world, follow).fetch)];
  return (request, response) => {
    if (!hot(request, response)) void rest(request, response);
  };
};

/** What falls due happens now, and every half minute again; stopped, it ends what it is at and begins nothing more. */
const ticking = (world: World) => {
  let isOver = false;
  let turn: Promise<void> | undefined;
  const happen = async (): Promise<void> => {
    await mature(world.store, world.record, world.now(), () => isOver).finally(() => isOver || submitAll(world));
  };
  const tick = (): void => {
    turn ??= happen()
      .catch((error) => warn("the clock stumbled", error))
      .finally(() => {
        turn = undefined;
      });
  };
  tick();
  const timer = setInterval(tick, CLOCK_MS);
  return {
    stop: async (): Promise<void> => {
      isOver = true;
      clearInterval(timer);
      await turn;
    },
  };
};

/** Start the server. The clock looks every half minute for what has fallen due. */
export const start = async (settings: Settings): Promise<Running> => {
  let handle: Handle = (_, response) => void response.writeHead(503).end("Starting\n");
  const server = await bound(settings, (request, response) => handle(request, response));
  const host = settings.hostname ?? "127.0.0.1";
  const origin = settings.origin ?? `http://${host.includes(":") ? `[${host}]` : host}:${addressOf(server)}`;
  const world = await openWorld(settings, origin, openSqliteAside).catch((error) => {
    // Whoever asked is told why; a server that goes on listening would keep the process alive.
    server.close();
    throw error;
  });
  for (const brand of await world.store.brands()) {
    // Books that cannot be read are as little to be trusted as books that do not balance.
    const wrong = await unsound(readerOf(world.store, brand)).catch((error: unknown) => error);
    if (wrong !== undefined)
      warn(`the books of ${brand} do not balance, and nothing of them is paid out; verify them`, wrong);
  }
  handle = handler(world);
  const clock = ticking(world);
  return {
    origin,
    world,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await clock.stop();
      await world.close();
    },
  };
};
