import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { LinkDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import { clickTouch, type Header, isPrivate, isRobot } from "./arrival.ts";
import { mintClick } from "./click.ts";

interface Found {
  readonly brand: string;
  readonly link: LinkDoc;
}

const MOST_HELD = 50_000;

/** Links never change once made, so the ones in use are held in memory. */
const finder = (world: World) => {
  const held = new Map<string, Found>();
  return async (code: string): Promise<Found | undefined> => {
    const known = held.get(code);
    if (known) return known;
    const brand = /^[0-9a-z]{6,20}$/.test(code) ? await world.store.brandOf(code) : undefined;
    const link = brand && (await read<LinkDoc>(readerOf(world.store, brand), `link/${code}`));
    if (!brand || !link) return undefined;
    if (held.size >= MOST_HELD) held.clear();
    held.set(code, { brand, link });
    return { brand, link };
  };
};

const missing = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>This link leads nowhere</title><style>body{font:16px/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1.5rem;color-scheme:light dark}</style>
<h1>This link leads nowhere</h1><p>It may have been mistyped, or cut off on its way to you. Ask whoever shared it for the whole link.</p></html>`;

/** What following a link answers: a status, headers, and a page when there is no such link. */
export interface Followed {
  readonly status: 302 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const notFound: Followed = {
  status: 404,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  },
  body: missing,
};

const landing = (destination: string, mark: string): string => {
  const hash = destination.indexOf("#");
  const [page, fragment] = hash < 0 ? [destination, ""] : [destination.slice(0, hash), destination.slice(hash)];
  return `${page}${page.includes("?") ? "&" : "?"}mg=${mark}${fragment}`;
};

const countsOf = (link: LinkDoc, robot: boolean): ReadonlyMap<string, number> => {
  if (robot) return new Map([["robots", 1]]);
  return new Map([
    [`clicked/${link.code}`, 1],
    [`clicks/${link.contract}`, 1],
  ]);
};

/** Follow a tracked link, given its code, the request's headers, and whether it only asks (HEAD). */
export type Follow = (code: string, header: Header, onlyAsks: boolean) => Promise<Followed>;

/**
 * Follow tracked links: a 302 to the destination fixed when the link was made, carrying the signed click id (or, for
 * someone who asks not to be followed, only the link's own code). It answers at once; the touch is written right after.
 */
export const openRedirect = (world: World): Follow => {
  const find = finder(world);
  return async (code, header, onlyAsks) => {
    const found = await find(code);
    if (!found) return notFound;
    const { brand, link } = found;
    const [robot, hidden] = [onlyAsks || isRobot(header), isPrivate(header)];
    const click = mintClick(world.key, brand, code, world.now(), world.bytes(10));
    // Never waits for the disk: the landing page repeats the click id, which mends a touch lost in a crash.
    void world.record
      .take(brand, hidden ? [] : [clickTouch(click, link, robot)], countsOf(link, robot))
      .catch((error) => world.warn("a click was not written", error));
    const headers = {
      location: landing(link.destination, hidden ? code : click.id),
      "content-length": "0",
      "cache-control": "no-store",
      "referrer-policy": "strict-origin-when-cross-origin",
    };
    return { status: 302, headers, body: null };
  };
};
