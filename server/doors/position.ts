import type { Store } from "../store/store.ts";
import type { Seat } from "./seats.ts";

/** A place in the chains of several brands, as text: `brd_a:12,brd_b:3`. What a live stream is resumed from. */
export type Position = ReadonlyMap<string, number>;

/** Write a position down. */
export const written = (position: Position): string =>
  [...position]
    .map(([brand, seq]) => `${brand}:${seq}`)
    .sort()
    .join(",");

/** Read a position; what cannot be read is no position, and the stream then begins with things as they stand. */
export const readPosition = (text: string | undefined | null): Position | undefined => {
  if (!text) return undefined;
  const pairs = text.split(",").map((pair) => /^(brd_[0-9a-z]{20}):(\d{1,15})$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return new Map(pairs.map((pair) => [String(pair?.[1]), Number(pair?.[2])]));
};

/** Where the chains of these seats' brands end now. */
export const positionOf = async (store: Store, seats: readonly Seat[]): Promise<string> => {
  const heads = await Promise.all(
    [...new Set(seats.map(({ brand }) => brand))].map(async (brand) => [brand, (await store.head(brand)).seq] as const),
  );
  return written(new Map(heads));
};
