import { createSecretKey, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { serve as listen } from "@hono/node-server";
import { makeApp } from "./app.ts";
import { mature } from "./engine/clock.ts";
import { followTouches } from "./engine/react.ts";
import { openRecord } from "./engine/record.ts";
import { openPeople } from "./people/people.ts";
import { secretIn } from "./people/secret.ts";
import { openSqlite } from "./store/sqlite.ts";
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
  /** The clock; the machine's own when absent. */
  readonly now?: (() => number) | undefined;
}

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const CLOCK_MS = 30_000;

const warn = (what: string, error?: unknown): void => console.error(`${new Date().toISOString()} ${what}`, error ?? "");

/** A world on disk: the real clock, real dice, one SQLite file. */
export const openWorld = async (settings: Settings, origin: string): Promise<World & { close(): Promise<void> }> => {
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const path = join(settings.folder, "makegood.sqlite");
  const store = openSqlite(path);
  // Sign-in keeps its tables in the same file, through a connection of its own.
  const database = new DatabaseSync(path, { timeout: 5000 });
  const secret = secretIn(settings.folder);
  const people = await openPeople({ database, baseURL: origin, secret, rateLimits: settings.rateLimits ?? true });
  const now = settings.now ?? ((): number => Date.now());
  const record = openRecord({
    store,
    now,
    follow: followTouches,
    order: await store.lastOrder(),
    warn: (error) => warn("touches were kept, but what follows from them failed", error),
  });
  return {
    now,
    bytes: (count) => randomBytes(count),
    store,
    record,
    people,
    key: createSecretKey(Buffer.from(secret)),
    origin,
    loopback: settings.loopback,
    dist: DIST,
    warn,
    close: async () => {
      await record.idle();
      await store.close();
      database.close();
    },
  };
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

const bound = (settings: Settings, handle: (request: Request) => Response | Promise<Response>): Promise<Server> =>
  new Promise((resolve, reject) => {
    const options = { fetch: handle, port: settings.port, hostname: settings.hostname ?? "127.0.0.1" };
    const server = listen(options, () => resolve(server as Server)) as Server;
    server.once("error", reject);
  });

/** Start the server. The clock looks every half minute for what has fallen due. */
export const start = async (settings: Settings): Promise<Running> => {
  let handle: (request: Request) => Response | Promise<Response> = () => new Response("Starting\n", { status: 503 });
  const server = await bound(settings, (request) => handle(request));
  const origin = settings.origin ?? `http://${settings.hostname ?? "127.0.0.1"}:${addressOf(server)}`;
  const world = await openWorld(settings, origin);
  handle = makeApp(world).fetch;
  const tick = (): void =>
    void mature(world.store, world.record, world.now()).catch((error) => warn("the clock stumbled", error));
  tick();
  const clock = setInterval(tick, CLOCK_MS);
  return {
    origin,
    world,
    stop: async () => {
      clearInterval(clock);
      server.close();
      server.closeAllConnections();
      await world.close();
    },
  };
};
