import type { Refusal } from "../../shared/kit/shape.ts";

const BUSY = {
  code: "store-busy",
  because: "Another process is writing to the same data folder and did not come to an end. Try again in a moment.",
};
const UNWRITABLE = {
  code: "store-failing",
  because: "What is stored cannot be written to. Whoever runs this server must look at its disk; then try again.",
};
const DAMAGED = {
  code: "store-damaged",
  because: "What is stored is damaged. Whoever runs this server must restore it from a backup.",
};

const BEHIND = {
  code: "store-behind",
  because: "More arrives than the server's disk takes in at the moment. Try again in a moment.",
};
/** Beyond every code of SQLite's. */
const BEHIND_CODE = 0xfe;

/** By SQLite's primary result code (https://sqlite.org/rescode.html): what is nobody's fault who asked. */
const troubles: Readonly<Record<number, Refusal>> = {
  5: BUSY,
  6: BUSY,
  7: UNWRITABLE,
  8: UNWRITABLE,
  10: UNWRITABLE,
  11: DAMAGED,
  13: {
    code: "store-full",
    because: "The server's disk is full, and nothing was written. Try again once it has room.",
  },
  14: UNWRITABLE,
  15: BUSY,
  26: DAMAGED,
  [BEHIND_CODE]: BEHIND,
};

/**
 * What is wrong with the disk, or with another process on it, when a store failed of that: whoever asked may ask again
 * later. Nothing when the store was asked for what it cannot do.
 */
export const troubleOf = (error: unknown): Refusal | undefined => {
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  return typeof errcode === "number" ? troubles[errcode & 0xff] : undefined;
};

/** An error as trouble with writing, though the database said nothing itself. */
export const failing = (error: unknown): unknown =>
  Object.assign(new Error("What writes to the store failed.", { cause: error }), { errcode: 10 });

/** The same, where nobody can say whether what was being written is on disk. */
export const unknown = (error: unknown): unknown => Object.assign(failing(error) as object, { isUnknown: true });

/** Did a write fail so that it may be on disk all the same? */
export const isUnknown = (error: unknown): boolean => (error as { readonly isUnknown?: unknown }).isUnknown === true;

/** Another process kept writing in between, however often it was tried again. */
export const overtaken = (): unknown => Object.assign(new Error(BUSY.because), { errcode: 5 });

/** More waits for the disk than may wait. */
export const behind = (): unknown => Object.assign(new Error(BEHIND.because), { errcode: BEHIND_CODE });
