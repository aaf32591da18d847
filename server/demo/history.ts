import { createHash } from "node:crypto";
import { scatter } from "../../shared/kit/chance.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok } from "../../shared/kit/shape.ts";
import { DAY_MS, HOUR_MS } from "../../shared/kit/time.ts";
import { report } from "../decisions/conversions.ts";
import { digestOf } from "../doors/arrival.ts";
import { IMPORTED } from "../engine/react.ts";
import type { Arriving } from "../engine/record.ts";
import type { World } from "../world.ts";

/** Where the invented past takes place, and which contracts it is credited to. */
export interface Past {
  readonly brand: string;
  readonly campaign: string;
  readonly contracts: readonly string[];
  readonly from: number;
  readonly until: number;
}

const VISITORS = 160;

/** A number in [0, 1) that depends on the words alone, so that the demo's past is the same every time. */
const dice = (...words: readonly string[]): number => scatter(...words) / 2 ** 32;

const idOf = (...words: readonly string[]): string =>
  createHash("sha256").update(words.join("|")).digest("hex").slice(0, 24);

const touchesOf = ({ campaign, contracts, from, until }: Past, visitor: string): readonly Arriving[] => {
  const begun = from + dice(visitor, "begun") * (until - from) * 0.8;
  const count = 1 + Math.floor(dice(visitor, "count") * 3);
  return Array.from({ length: count }, (_, index): Arriving => {
    const which = Math.floor(dice(visitor, "who", String(index)) * (contracts.length + 1));
    const contract = contracts[which] ?? null;
    const at = Math.min(
      until,
      Math.round(begun + index * (3 * HOUR_MS + dice(visitor, "gap", String(index)) * 3 * DAY_MS)),
    );
    return {
      id: `import:${idOf(campaign, visitor, String(index))}`,
      at,
      visitor,
      click: null,
      kind: "visit",
      link: contract ? IMPORTED + campaign : "",
      contract,
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

const convert = async (world: World, { brand, campaign }: Past, visitor: string, at: number): Promise<void> => {
  const sale = dice(visitor, "sale") < 0.3;
  const fields = leadOf(visitor);
  const common = { at, via: "import" as const, robot: false, visitor, clicks: [], campaign };
  const digest = digestOf(world, brand, fields);
  const lead = {
    ...common,
    conversion: mint("conversion", world.bytes(13)),
    result: "lead",
    externalId: `past-${visitor}`,
    digest,
    fields,
  };
  await world.record.decide(brand, report(lead, true, "import"));
  if (!sale) return;
  const valueMinor = 9900 + Math.floor(dice(visitor, "value") * 30) * 1000;
  const order = {
    ...common,
    at: at + HOUR_MS,
    conversion: mint("conversion", world.bytes(13)),
    result: "sale",
    externalId: `order-${visitor}`,
    valueMinor,
    currency: "USD",
    fields: {},
  };
  await world.record.decide(brand, report(order, true, "import"));
};

/** Give a campaign a past: visitors who came by either influencer or by themselves, some of whom became leads and buyers. */
export const inventPast = async (world: World, past: Past): Promise<void> => {
  const visitors = Array.from({ length: VISITORS }, (_, index) => idOf("visitor", String(index)));
  const journeys = visitors.map((visitor) => ({ visitor, touches: touchesOf(past, visitor) }));
  const views = journeys.reduce((sum, { touches }) => sum + touches.length, 0);
  await world.record.take(
    past.brand,
    journeys.flatMap(({ touches }) => touches),
    new Map([[`visits/${past.campaign}`, views]]),
  );
  for (const { visitor, touches } of journeys) {
    const last = Math.max(...touches.map(({ at }) => at)) + 10 * 60_000;
    if (dice(visitor, "converts") < 0.45 && last < past.until) await convert(world, past, visitor, last);
  }
  await world.record.decide(past.brand, async () => ok(null));
};
