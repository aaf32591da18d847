import { createHmac } from "node:crypto";
import { isbot } from "isbot";
import { leadKey } from "../../shared/judge/quality.ts";
import type { Arriving } from "../engine/record.ts";
import type { LinkDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import { type Click, keyFor, readClick } from "./click.ts";
import { findLink } from "./link.ts";

/** A request's header by its lower-case name: all these doors need of a request, however it came in. */
export type Header = (name: string) => string | undefined;

/** The headers of a web-standard request. */
export const headerOf =
  (request: Request): Header =>
  (name) =>
    request.headers.get(name) ?? undefined;

const MOST_AGENTS = 1000;
const LONGEST_AGENT = 512;

/** What was found of the agents that came lately: a few hundred are nearly everybody, and finding out costs a long pattern. */
const agents = new Map<string, boolean>();

const isMachine = (agent: string): boolean => {
  const known = agents.get(agent);
  if (known !== undefined) return known;
  const found = agent === "" || isbot(agent);
  if (agent.length > LONGEST_AGENT) return found;
  if (agents.size >= MOST_AGENTS) agents.clear();
  agents.set(agent, found);
  return found;
};

/** A machine that says so, says nothing, or only fetches ahead. It is served like anyone and left out of journeys. */
export const isRobot = (header: Header): boolean => {
  const ahead = header("sec-purpose") ?? header("purpose") ?? "";
  return isMachine(header("user-agent") ?? "") || ahead.includes("prefetch");
};

/** No identifier may be kept of someone who asked not to be followed (Global Privacy Control). */
export const isPrivate = (header: Header): boolean => header("sec-gpc") === "1";

/** Keyed digest of a lead's normalised e-mail: tells two leads of one person apart from two people, and nothing else. */
export const digestOf = (world: World, brand: string, fields: Readonly<Record<string, string>>): string | undefined => {
  const key = leadKey({ fields, at: 0 });
  return (
    key &&
    createHmac("sha256", keyFor(world.key, "lead", brand))
      .update(key)
      .digest("hex")
  );
};

/** What every message of a page says of where it comes from: key, visitor, click, page, nonce. */
export interface Whence {
  readonly k: string;
  readonly v?: string | undefined;
  readonly c?: string | undefined;
  readonly p: string;
  readonly n: string;
}

/** Where a message comes from, as far as it can be known and may be kept. */
export interface Arrival {
  readonly brand: string;
  readonly host: string;
  readonly visitor: string | null;
  readonly click: Click | undefined;
  readonly link: LinkDoc | undefined;
  readonly robot: boolean;
}

/** The host of a page's address, or nothing. */
export const hostOf = (page: string): string => URL.parse(page)?.host ?? "";

/** Find out where a message comes from. */
export const arrivalOf = async (world: World, brand: string, header: Header, whence: Whence): Promise<Arrival> => {
  const hidden = isPrivate(header);
  const click = whence.c && !hidden ? readClick(world.key, brand, whence.c) : undefined;
  // Without an identifier only the link's own code is read; with one, a click id that is not ours counts for nothing.
  const bare = whence.c && (hidden || !whence.c.includes(".")) ? whence.c.split(".")[0] : undefined;
  const code = click?.link ?? bare;
  const found = code ? await findLink(world, code) : undefined;
  const link = found?.brand === brand ? found.link : undefined;
  return {
    brand,
    host: hostOf(whence.p),
    visitor: hidden ? null : (whence.v ?? null),
    click: link && click,
    link,
    robot: isRobot(header),
  };
};

/** A click as a touch. Whoever repeats a click id of ours brings this again, which mends one lost in a crash. */
export const clickTouch = ({ id, at }: Click, { code, contract }: LinkDoc, robot: boolean): Arriving => ({
  id,
  at,
  visitor: null,
  click: null,
  kind: "click",
  link: code,
  contract,
  robot,
});

const keys = new WeakMap<World, Map<string, string>>();

/** Whose publishable key this is. Keys never change hands, so the ones in use are held in memory. */
export const brandOfKey = async (world: World, key: string): Promise<string | undefined> => {
  const held = keys.get(world) ?? new Map<string, string>();
  keys.set(world, held);
  const brand = held.get(key) ?? (await world.store.brandOf(key));
  if (brand) held.set(key, brand);
  return brand;
};
