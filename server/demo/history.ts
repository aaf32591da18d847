import { createHash } from "node:crypto";
import { scatter } from "../../shared/kit/chance.ts";
import { mint } from "../../shared/kit/id.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";
import { report } from "../decisions/conversions.ts";
import { digestOf } from "../doors/arrival.ts";
import type { Arriving } from "../engine/record.ts";
import type { World } from "../world.ts";
import type { Moment } from "./clock.ts";

/** A tracked link that visitors of the demo's past came by. */
export interface PastLink {
  readonly code: string;
  readonly contract: string;
}

/** A stretch of the invented past: how many came in it, and by whose links. */
export interface Past {
  readonly name: string;
  readonly brand: string;
  readonly campaign: string;
  readonly host: string;
  readonly links: readonly PastLink[];
  readonly from: number;
  readonly until: number;
  readonly visitors: number;
}

/** A number in [0, 1) that depends on the words alone, so that the demo's past is the same every time. */
const dice = (...words: readonly string[]): number => scatter(...words) / 2 ** 32;

const idOf = (...words: readonly string[]): string =>
  createHash("sha256").update(words.join("|")).digest("hex").slice(0, 24);

const touchesOf = ({ campaign, links, from, until }: Past, visitor: string): readonly Arriving[] => {
  const begun = from + dice(visitor, "begun") * (until - from) * 0.85;
  const count = 1 + Math.floor(dice(visitor, "count") * 3);
  return Array.from({ length: count }, (_, index): Arriving => {
    const link = links[Math.floor(dice(visitor, "who", String(index)) * (links.length + 1))];
    const gap = index * (3 * HOUR_MS + dice(visitor, "gap", String(index)) * 2 * DAY_MS);
    return {
      id: `past:${idOf(campaign, visitor, String(index))}`,
      at: Math.min(until - HOUR_MS, Math.round(begun + gap)),
      visitor,
      click: null,
      kind: "visit",
      link: link?.code ?? "",
      contract: link?.contract ?? null,
      robot: false,
    };
  });
};

const firstNames = ["ada", "ben", "chloe", "dario", "emma", "felix", "gita", "hugo", "ines", "jonas"];

const leadOf = (visitor: string): Readonly<Record<string, string>> => {
  const name = firstNames[Math.floor(dice(visitor, "name") * firstNames.length)] ?? "ada";
  const mailbox = dice(visitor, "role") < 0.08 ? "info" : `${name}.${visitor.slice(0, 5)}`;
  return { name, email: dice(visitor, "typo") < 0.06 ? `${mailbox}@@mail.example` : `${mailbox}@mail.example` };
};

const convert = async (world: World, { brand, campaign, host }: Past, visitor: string, at: number): Promise<void> => {
  const fields = leadOf(visitor);
  const lead = {
    conversion: mint("conversion", world.bytes(13)),
    result: "lead",
    externalId: `past-${visitor}`,
    at,
    via: "page",
    robot: false,
    visitor,
    clicks: [],
    digest: digestOf(world, brand, fields),
    host,
    campaign,
    fields,
  } as const;
  await world.record.decide(brand, report(lead, false, "page"));
};

const buy = async (world: World, { brand, campaign }: Past, visitor: string, at: number): Promise<void> => {
  const order = {
    conversion: mint("conversion", world.bytes(13)),
    result: "sale",
    externalId: `order-${visitor}`,
    at,
    via: "server",
    robot: false,
    visitor,
    clicks: [],
    valueMinor: 9900 + Math.floor(dice(visitor, "value") * 30) * 1000,
    currency: "USD",
    campaign,
    fields: {},
  } as const;
  await world.record.decide(brand, report(order, true, "server"));
};

const counting = async (world: World, past: Past, touches: readonly Arriving[]): Promise<void> => {
  const counts = new Map([[`visits/${past.campaign}`, touches.length]]);
  for (const { code, contract } of past.links) {
    const came = touches.filter(({ link }) => link === code).length;
    counts.set(`clicked/${code}`, came).set(`clicks/${contract}`, came);
  }
  await world.record.take(past.brand, touches, counts);
};

/**
 * Give a campaign a past: visitors who came by either influencer or by themselves, some of whom became leads and buyers.
 * Their visits are written at once; what they became happens moment by moment.
 */
export const inventPast = async (world: World, past: Past): Promise<readonly Moment[]> => {
  const visitors = Array.from({ length: past.visitors }, (_, index) => idOf(past.name, String(index)));
  const journeys = visitors.map((visitor) => ({ visitor, touches: touchesOf(past, visitor) }));
  await counting(
    world,
    past,
    journeys.flatMap(({ touches }) => touches),
  );
  return journeys.flatMap(({ visitor, touches }): readonly Moment[] => {
    if (dice(visitor, "converts") >= 0.45) return [];
    const at = Math.max(...touches.map((touch) => touch.at)) + 10 * MINUTE_MS;
    const lead = { at, act: () => convert(world, past, visitor, at) };
    const later = at + 20 * MINUTE_MS;
    return dice(visitor, "sale") < 0.3 ? [lead, { at: later, act: () => buy(world, past, visitor, later) }] : [lead];
  });
};
