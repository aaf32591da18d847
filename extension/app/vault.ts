import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import { type Marks, type Shelves, shelves } from "./shelves.ts";

/** The name of a shelf. */
export type Shelf = (typeof shelves)[number];
/** A transaction that writes. */
export type Writing = IDBPTransaction<Shelves, Shelf[], "readwrite">;

let opened: Promise<IDBPDatabase<Shelves>> | undefined;

const forget = (): void => {
  opened = undefined;
};

const NAME = "makegood";
const VERSION = 1;

const build = async (): Promise<IDBPDatabase<Shelves>> =>
  openDB<Shelves>(NAME, VERSION, {
    upgrade: (database) => {
      for (const shelf of shelves) if (!database.objectStoreNames.contains(shelf)) database.createObjectStore(shelf);
    },
    blocking: (_now, _next, event) => {
      (event.target as IDBDatabase).close();
      forget();
    },
    terminated: forget,
  });

const isWhole = ({ objectStoreNames }: IDBPDatabase<Shelves>): boolean =>
  shelves.every((shelf) => objectStoreNames.contains(shelf));

/** What a later version left behind, or is not whole, is of no use: what the server knows can be asked for again. */
const buildAnew = async (): Promise<IDBPDatabase<Shelves>> => {
  await deleteDB(NAME);
  return build();
};

const isOfALaterVersion = (error: unknown): boolean => error instanceof Error && error.name === "VersionError";

/**
 * A database that does not open says nothing of what is in it: the disk may be full or busy, or the browser closing. It
 * is tried once more now and again at every later use, and never deleted for it: links that wait are kept nowhere else.
 */
const sound = async (): Promise<IDBPDatabase<Shelves>> => {
  const found = await build().catch((error) => (isOfALaterVersion(error) ? buildAnew() : build()));
  if (isWhole(found)) return found;
  found.close();
  return buildAnew();
};

/** The database, opened once and again whenever the browser has closed it. */
export const open = (): Promise<IDBPDatabase<Shelves>> => {
  opened ??= sound();
  opened.catch(forget);
  return opened;
};

const CHANGED = "vault-changed";
const loud = new BroadcastChannel(CHANGED);

/** Hear, in every page and worker of the extension, that the vault has changed, until the returned function is called. */
export const watchVault = (hear: () => void): (() => void) => {
  const channel = new BroadcastChannel(CHANGED);
  channel.onmessage = hear;
  return () => channel.close();
};

/** Write to some shelves, all or nothing, and let everybody know. */
export const write = async <Value>(on: readonly Shelf[], work: (tx: Writing) => Promise<Value>): Promise<Value> => {
  const tx = (await open()).transaction([...on], "readwrite") as unknown as Writing;
  const [value] = await Promise.all([work(tx), tx.done]);
  loud.postMessage(null);
  return value;
};

/** One single value, or nothing. */
export const mark = async <Name extends keyof Marks>(name: Name): Promise<Marks[Name] | undefined> =>
  (await open()).get("marks", name) as Promise<Marks[Name] | undefined>;

/** Keep one single value. */
export const keepMark = <Name extends keyof Marks>(name: Name, value: Marks[Name]): Promise<void> =>
  write(["marks"], async (tx) => {
    await tx.objectStore("marks").put(value, name);
  });

/** Forget everything. */
export const emptyVault = (): Promise<void> =>
  write(shelves, async (tx) => {
    await Promise.all(shelves.map((shelf) => tx.objectStore(shelf).clear()));
  });
