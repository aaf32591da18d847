import * as attribution from "./attribution.ts";
import * as brand from "./brand.ts";
import * as contracts from "./contracts.ts";
import * as conversions from "./conversions.ts";
import * as disputes from "./disputes.ts";
import type { Endpoint } from "./endpoint.ts";
import * as health from "./health.ts";
import * as influencer from "./influencer.ts";
import * as live from "./live.ts";
import * as partner from "./partner.ts";
import * as passkeys from "./passkeys.ts";
import * as payoutSettings from "./payout-settings.ts";
import * as payouts from "./payouts.ts";
import * as people from "./people.ts";
import * as seal from "./seal.ts";
import * as statements from "./statements.ts";
import * as visitor from "./visitor.ts";

const isDoor = (it: unknown): it is Endpoint => typeof it === "object" && it !== null && "path" in it && "says" in it;

/** Every door there is, by name: what `openapi.json` is printed from and tests go through one by one. */
export const doors: Readonly<Record<string, Endpoint>> = Object.fromEntries(
  [
    visitor,
    people,
    passkeys,
    influencer,
    brand,
    contracts,
    conversions,
    attribution,
    disputes,
    payouts,
    payoutSettings,
    statements,
    partner,
    live,
    seal,
    health,
  ]
    .flatMap((room) => Object.entries(room))
    .filter((entry): entry is [string, Endpoint] => isDoor(entry[1])),
);
