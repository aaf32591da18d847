import * as v from "valibot";
import { endpoint } from "./endpoint.ts";
import { ConversionRow } from "./shown.conversion.ts";

const none = v.undefined();
const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

/** Conversions, newest first, fifty at a time; `next` asks for the following ones. */
export const conversions = endpoint({
  method: "GET",
  path: "/v1/conversions",
  audience: ["brand"],
  says: "List conversions, newest first.",
  query: v.strictObject({
    campaign: v.optional(v.pipe(v.string(), v.minLength(1))),
    after: v.optional(
      v.pipe(v.string(), v.regex(/^\d{15}\/cnv_[0-9a-z]{20}$/, "must be the next of an earlier answer")),
    ),
  }),
  body: none,
  reply: v.object({ conversions: v.array(ConversionRow), next: v.nullable(v.string()) }),
});

/** Approve a conversion: it counts, and its money is past review. Also answers a lead that was held for review. */
export const approve = endpoint({
  method: "POST",
  path: "/v1/conversions/:conversion/approve",
  audience: ["brand", "server"],
  says: "Approve a conversion.",
  query: none,
  body: v.strictObject({}),
  reply: ConversionRow,
});

/** Reject a conversion with a coded reason the influencer is shown. What it had earned is taken back. */
export const reject = endpoint({
  method: "POST",
  path: "/v1/conversions/:conversion/reject",
  audience: ["brand", "server"],
  says: "Reject a conversion, giving the reason the influencer will see.",
  query: none,
  body: v.strictObject({
    reason: v.picklist(["duplicate", "fake", "out-of-criteria", "unreachable", "test", "other"]),
    note: v.optional(text(500)),
  }),
  reply: ConversionRow,
});

/** Take back part or all of a conversion from now on: a refund. `reversal` is the caller's id for it; the same id acts once. */
export const reverse = endpoint({
  method: "POST",
  path: "/v1/conversions/:conversion/reverse",
  audience: ["brand", "server"],
  says: "Take back part or all of a conversion, such as for a refund.",
  query: none,
  body: v.strictObject({
    reversal: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
    permille: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
    note: v.optional(text(500)),
  }),
  reply: ConversionRow,
});

/**
 * Let the held parts of a contract's shares count, the oldest ids first, so many at a time; `left` says whether to ask
 * again. Where a statement is final already, the difference stands in the one that is open.
 */
export const releaseHeld = endpoint({
  method: "POST",
  path: "/v1/contracts/:contract/release-held",
  audience: ["brand"],
  says: "Release what is held of a contract's shares because their weights are uncertain.",
  query: none,
  body: v.strictObject({}),
  reply: v.object({ released: v.number(), left: v.number() }),
});
