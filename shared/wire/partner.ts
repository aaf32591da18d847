import * as v from "valibot";
import { ResultName } from "../contract/terms.ts";
import { endpoint } from "./endpoint.ts";
import { ConversionRow } from "./shown.conversion.ts";

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

const visitorId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,40}$/, "must be the visitor id the tag made"));
const instant = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * Somebody saw what an influencer published, as an ad server or a player may know. It counts only under terms that say how
 * long (`viewDays`), and names a visitor the brand's own pages know. Its id names it: told again, it is the same view.
 */
export const view = endpoint({
  method: "POST",
  path: "/v1/views",
  audience: ["server"],
  says: "Tell that a visitor saw something that carries a tracked link. It counts only where the terms say so.",
  query: v.undefined(),
  body: v.strictObject({ id: text(100), link: text(40), visitor: visitorId, at: v.optional(instant) }),
  reply: v.object({ taken: v.boolean() }),
});

/**
 * A result reported by a brand's own server: confirmed by the key it comes with. (brand, result, id) names it: the same
 * body again gets the same answer, another body under the same name is refused with 409 and changes nothing. What only a
 * page has told under that name, and has not counted, gives way and is rejected as a duplicate.
 */
export const convert = endpoint({
  method: "POST",
  path: "/v1/conversions",
  audience: ["server"],
  says: "Report a result from a server. Idempotent by result and id.",
  query: v.undefined(),
  body: v.strictObject({
    result: ResultName,
    id: text(100),
    at: v.optional(instant),
    valueMinor: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))),
    currency: v.optional(v.pipe(v.string(), v.length(3))),
    click: v.optional(text(160)),
    visitor: v.optional(visitorId),
    code: v.optional(text(40)),
    fields: v.optional(v.record(text(40), v.pipe(v.string(), v.maxLength(500)))),
  }),
  reply: ConversionRow,
});
