import type { World } from "../world.ts";
import { clickTouch, type Header, isPrivate, isRobot } from "./arrival.ts";
import { clickDice, mintClick } from "./click.ts";
import { type Found, findLink, heldLink } from "./link.ts";

const missing = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>This link leads nowhere</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:32rem;margin:20vh auto;padding:0 1.5rem}</style>
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
    "referrer-policy": "no-referrer",
  },
  body: missing,
};

/** What stands before and after the click id in a destination: the id is a parameter, and parameters end at a fragment. */
const aroundMark = (destination: string): readonly [string, string] => {
  const hash = destination.indexOf("#");
  const [page, fragment] = hash < 0 ? [destination, ""] : [destination.slice(0, hash), destination.slice(hash)];
  return [`${page}${page.includes("?") ? "&" : "?"}mg=`, fragment];
};

const robots: ReadonlyMap<string, number> = new Map([["robots", 1]]);

/** All that following one link has in common, whoever follows it. */
interface Way extends Found {
  readonly around: readonly [string, string];
  readonly counts: ReadonlyMap<string, number>;
}

const wayOf = ({ brand, link }: Found): Way => ({
  brand,
  link,
  around: aroundMark(link.destination),
  counts: new Map([
    [`clicked/${link.code}`, 1],
    [`clicks/${link.contract}`, 1],
  ]),
});

const ways = new WeakMap<Found, Way>();

const wayThrough = (found: Found): Way => {
  const way = ways.get(found) ?? wayOf(found);
  ways.set(found, way);
  return way;
};

const passing = ([before, after]: Way["around"], mark: string): Followed => ({
  status: 302,
  headers: {
    location: `${before}${mark}${after}`,
    "content-length": "0",
    "cache-control": "no-store",
    "referrer-policy": "strict-origin-when-cross-origin",
  },
  body: null,
});

/** Follow a tracked link, given its code, the request's headers, and whether it only asks (HEAD). At once, if it can be. */
export type Follow = (code: string, header: Header, onlyAsks: boolean) => Followed | Promise<Followed>;

/**
 * Follow tracked links: a 302 to the destination fixed when the link was made, carrying the signed click id (or, for
 * someone who asks not to be followed, only the link's own code). It answers at once; the touch is written right after.
 */
export const openRedirect = (world: World): Follow => {
  const dice = clickDice(world.bytes);
  const pass = (found: Found, header: Header, onlyAsks: boolean): Followed => {
    const { brand, link, around, counts } = wayThrough(found);
    const [robot, hidden] = [onlyAsks || isRobot(header), isPrivate(header)];
    const click = mintClick(world.key, brand, link.code, world.now(), dice());
    // Never waits for the disk: the landing page repeats the click id, which mends a touch lost in a crash.
    world.record.leave(brand, hidden ? [] : [clickTouch(click, link, robot)], robot ? robots : counts);
    return passing(around, hidden ? link.code : click.id);
  };
  return (code, header, onlyAsks) => {
    const held = heldLink(world, code);
    if (held) return pass(held, header, onlyAsks);
    return findLink(world, code).then((found) => (found ? pass(found, header, onlyAsks) : notFound));
  };
};
