import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { LinkDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";

/** A tracked link, and the brand whose it is. */
export interface Found {
  readonly brand: string;
  readonly link: LinkDoc;
}

const MOST_HELD = 50_000;

const links = new WeakMap<World, Map<string, Found>>();

const heldBy = (world: World): Map<string, Found> => {
  const held = links.get(world) ?? new Map<string, Found>();
  links.set(world, held);
  return held;
};

/** The link a code belongs to, if it is held already: links never change once made, so the ones in use are. */
export const heldLink = (world: World, code: string): Found | undefined => links.get(world)?.get(code);

/** The link a code belongs to, of whichever brand. */
export const findLink = async (world: World, code: string): Promise<Found | undefined> => {
  const held = heldBy(world);
  const known = held.get(code);
  if (known) return known;
  const brand = /^[0-9a-z]{6,20}$/.test(code) ? await world.store.brandOf(code) : undefined;
  const link = brand && (await read<LinkDoc>(readerOf(world.store, brand), `link/${code}`));
  if (!brand || !link) return undefined;
  if (held.size >= MOST_HELD) held.clear();
  held.set(code, { brand, link });
  return held.get(code);
};
