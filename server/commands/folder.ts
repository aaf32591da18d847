import { mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { openWorld } from "../main.ts";
import { readSqlite } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import type { World } from "../world.ts";
import { type Arguments, type Io, misuse, type Option } from "./command.ts";
import { refusal } from "./refusal.ts";

/** Where a server is reached when nothing else is said. */
export const USUAL_ORIGIN = "http://127.0.0.1:8787";
const USUAL_FOLDER = ".data";

/** The option every command has that works on a data folder. */
export const folderOption: Option = {
  value: USUAL_FOLDER,
  says: `where everything is kept; ${USUAL_FOLDER} when not given`,
};

export { refusal };

/** The data folder asked for, as it is to be shown and where it is. */
export const folderIn = (args: Arguments, io: Io): { readonly shown: string; readonly path: string } => {
  const shown = args.text("folder") ?? USUAL_FOLDER;
  return { shown, path: resolve(io.cwd, shown) };
};

/** The origin asked for, without a slash at its end. */
export const originIn = (args: Arguments): string | undefined => {
  const text = args.text("origin");
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  if (!bare) throw misuse(`--origin takes an address such as https://makegood.example, not "${text}".`);
  return url.origin;
};

/** The port asked for; 0 lets the system choose. */
export const portIn = (args: Arguments, usual: number, option = "port"): number => {
  const text = args.text(option) ?? String(usual);
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw misuse(`--${option} takes 0 to 65535, not "${text}".`);
  return Number(text);
};

const ofFiles: Readonly<Record<string, string>> = {
  EACCES: "may not be written to. Check its permissions, or name another folder",
  EPERM: "may not be written to. Check its permissions, or name another folder",
  EROFS: "is on a disk that cannot be written to. Name another folder",
  ENOENT: "cannot be made. Check the name of the folder it is to be in",
  EEXIST: "is a file. Name a folder",
  ENOTDIR: "would lie inside a file. Name a folder",
  ENOSPC: "is on a disk that is full. Make room, or name another folder",
};

const ofSqlite: Readonly<Record<number, string>> = {
  1: "holds a makegood.sqlite that Makegood did not make, or that lacks a part of it. Restore it from a backup",
  5: "is being written to by another process and did not come free. Try again",
  8: "holds a database that may not be written to. Check its permissions",
  10: "holds a database that could not be read or written. Check the disk",
  11: "holds a damaged database. Restore it from a backup",
  13: "is on a disk that is full. Make room, or name another folder",
  14: "holds a database that cannot be opened. Check the permissions of the folder and of makegood.sqlite",
  26: "holds a makegood.sqlite that is not a database. Name another folder, or restore it from a backup",
};

/** What opening a folder failed on, in a sentence; what we have no sentence for stays the error it was. */
export const unopened = (shown: string, error: unknown): unknown => {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  const because = typeof errcode === "number" ? ofSqlite[errcode & 0xff] : ofFiles[String(code)];
  return because === undefined ? error : refusal(`The folder ${shown} ${because}.`);
};

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const madeAt = (path: string): void => {
  if (isThere(path)) return;
  madeAt(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Whoever begins at the same moment may have been first.
    if (!isThere(path)) throw error;
  }
};

/**
 * Make a folder, and those it is to be in, unless they are there. One at a time: asked to make them all, the runtime tries
 * for ever where a folder takes none, as /proc does.
 */
export const makeFolder = ({ shown, path }: { readonly shown: string; readonly path: string }): void => {
  try {
    madeAt(path);
  } catch (error) {
    throw unopened(shown, error);
  }
};

/** Do something in the world kept in a folder, and close it again whatever comes of it. */
export const inWorld = async <Done>(
  { shown, path }: { readonly shown: string; readonly path: string },
  origin: string,
  act: (world: World) => Promise<Done>,
): Promise<Done> => {
  makeFolder({ shown, path });
  const world = await openWorld({ folder: path, port: 0, loopback: false }, origin).catch((error) => {
    throw unopened(shown, error);
  });
  try {
    return await act(world);
  } finally {
    await world.close();
  }
};

const databaseIn = (folder: string): string => join(folder, "makegood.sqlite");

/** Refuses a folder in which nothing was ever begun: to make one there would only hide a wrong name. */
export const mustHold = ({ shown, path }: { readonly shown: string; readonly path: string }): void => {
  try {
    if (isThere(databaseIn(path))) return;
  } catch {
    throw refusal(`The folder ${shown} may not be read. Check its permissions.`);
  }
  throw refusal(`There is nothing in ${shown} yet. Name another --folder, or begin here: makegood init`);
};

/** Read what a folder holds as it stands now, changing nothing. */
export const readingFolder = async <Done>(
  folder: { readonly shown: string; readonly path: string },
  act: (store: Store) => Promise<Done>,
): Promise<Done> => {
  mustHold(folder);
  let store: Store;
  try {
    store = readSqlite(databaseIn(folder.path));
  } catch (error) {
    throw unopened(folder.shown, error);
  }
  try {
    return await act(store);
  } catch (error) {
    // Damage may show only once its page is read.
    throw unopened(folder.shown, error);
  } finally {
    await store.close();
  }
};

/** The brand that was named, by its id or its exact name; the only one there is when none was. */
export const brandIn = async (store: Store, asked: string | undefined): Promise<string> => {
  const ids = await store.brands();
  if (asked !== undefined && ids.includes(asked)) return asked;
  const named: (readonly [string, string])[] = [];
  for (const id of ids)
    named.push([id, ((await store.private(id, "brand")) as { name: string } | undefined)?.name ?? ""]);
  const told = named.map(([id, name]) => `${id} (${name})`).join(", ");
  if (ids.length === 0) throw refusal("There is no brand here yet. Make one: makegood init");
  const meant = asked === undefined ? named : named.filter(([, name]) => name === asked);
  const [only, another] = meant;
  if (only !== undefined && another === undefined) return only[0];
  if (asked === undefined) throw misuse(`--brand is missing, and there are several: ${told}.`);
  throw refusal(
    only === undefined
      ? `There is no brand "${asked}" here; there are ${told}.`
      : `Several brands are called "${asked}". Name one by its id: ${told}.`,
  );
};
