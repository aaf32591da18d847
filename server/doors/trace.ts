import type * as v from "valibot";
import { SITTING_MS } from "../../shared/judge/journey.ts";
import type * as wire from "../../shared/wire/visitor.ts";
import { seeTag } from "../decisions/campaigns.ts";
import { read } from "../engine/book.ts";
import { pageLink } from "../engine/page.ts";
import { readerOf } from "../engine/reader.ts";
import type { Arriving } from "../engine/record.ts";
import type { HostDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import { type Arrival, clickTouch } from "./arrival.ts";
import type { Click } from "./click.ts";

/** Hosts of a brand that have been seen with its tag on: remembered, so that not every view asks the store. */
const seen = new Map<string, HostDoc>();

/** The host of a page as the brand knows it; seen with the brand's tag on for the first time, it is verified. */
export const hostSeen = async (world: World, { brand, host }: Arrival): Promise<HostDoc | undefined> => {
  const key = `${brand} ${host}`;
  const held = seen.get(key);
  if (held) return held;
  const doc = await read<HostDoc>(readerOf(world.store, brand), `host/${host}`);
  if (doc && !doc.verified) await world.record.decide(brand, seeTag(host));
  if (doc?.verified) {
    seen.set(key, doc);
    setTimeout(() => seen.delete(key), 30_000).unref();
  }
  return doc;
};

/** One click is one touch: a page that repeats it long after, kept open or bookmarked, is a visit of one's own accord. */
const isRecent = (click: Click | undefined, at: number): boolean => click === undefined || at - click.at <= SITTING_MS;

/** The touches a beacon tells of: the click it came by, told again, and the visit itself. */
export const touchesOf = (
  arrival: Arrival,
  body: v.InferOutput<typeof wire.beacon.body>,
  at: number,
): readonly Arriving[] => {
  const { click, link, visitor, robot } = arrival;
  const alone = { link: pageLink(arrival.host), contract: null, robot };
  const through = link ? { link: link.code, contract: link.contract, robot } : alone;
  const clicked = click && link ? [clickTouch(click, link, robot)] : [];
  const recent = isRecent(click, at);
  const visited: Arriving = {
    ...(recent ? through : alone),
    id: `${body.kind ?? "visit"}:${body.n}`,
    at,
    visitor,
    click: recent ? (click?.id ?? null) : null,
    kind: body.kind ?? "visit",
  };
  return visitor || click ? [...clicked, visited] : clicked;
};

const MOST_VIEWS = 100_000;

/** Page views counted lately, by their random word: one told twice, or told again with a name after consent, counts once. */
const countedViews = new WeakMap<World, Set<string>>();

const isFirstTold = (world: World, brand: string, view: string): boolean => {
  const counted = countedViews.get(world) ?? new Set<string>();
  countedViews.set(world, counted);
  const key = `${brand} ${view}`;
  if (counted.has(key)) return false;
  if (counted.size >= MOST_VIEWS) counted.clear();
  counted.add(key);
  return true;
};

const nothing: ReadonlyMap<string, number> = new Map();
const robots: ReadonlyMap<string, number> = new Map([["robots", 1]]);

const visits = new WeakMap<HostDoc, ReadonlyMap<string, number>>();

/** What a visit to a host adds to: the same for every visit, so it is made once and told from thread to thread once. */
const visitsTo = (host: HostDoc): ReadonlyMap<string, number> => {
  const counts = visits.get(host) ?? new Map(host.campaigns.map((campaign) => [`visits/${campaign}`, 1]));
  visits.set(host, counts);
  return counts;
};

/** What a beacon adds to counters: a view counts once, a robot as a robot. */
export const countsOf = (
  world: World,
  arrival: Arrival,
  body: v.InferOutput<typeof wire.beacon.body>,
  host: HostDoc | undefined,
): ReadonlyMap<string, number> => {
  if (body.kind === "cta" || !isFirstTold(world, arrival.brand, body.n)) return nothing;
  if (arrival.robot) return robots;
  return host ? visitsTo(host) : nothing;
};

/** An answer is a part of the visit that a click began; without one, or long after, it tells nothing of a journey. */
export const answerTouches = (
  { click, link, visitor, robot }: Arrival,
  nonce: string,
  at: number,
): readonly Arriving[] => {
  if (!click || !link || !isRecent(click, at)) return [];
  const { code, contract } = link;
  const through = { visitor, click: click.id, link: code, contract, robot };
  return [clickTouch(click, link, robot), { ...through, id: `answer:${nonce}`, at, kind: "answer" }];
};
