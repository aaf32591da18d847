import * as brand from "./brand.ts";
import * as conversions from "./conversions.ts";
import type { Endpoint } from "./endpoint.ts";
import * as health from "./health.ts";
import * as influencer from "./influencer.ts";
import * as live from "./live.ts";
import * as partner from "./partner.ts";
import * as people from "./people.ts";
import * as visitor from "./visitor.ts";

const isDoor = (it: unknown): it is Endpoint => typeof it === "object" && it !== null && "path" in it && "says" in it;

/** Every door there is, by name: what `openapi.json` is printed from and tests go through one by one. */
export const doors: Readonly<Record<string, Endpoint>> = Object.fromEntries(
  [visitor, people, influencer, brand, conversions, partner, live, health]
    .flatMap((room) => Object.entries(room))
    .filter((entry): entry is [string, Endpoint] => isDoor(entry[1])),
);
