import * as v from "valibot";
import { at, day, fact, hash, id, minor, place } from "./fact.kit.ts";

const ReachedSchema = v.strictObject({ accrued: minor, validated: minor, approved: minor, payable: minor });
const KindsSchema = v.strictObject({ base: minor, tier: minor, bonus: minor, fixed: minor, adjustment: minor });

/** One movement of money between two accounts of one brand's books. */
export const TransferSchema = v.strictObject({
  code: v.number(),
  debit: id,
  credit: id,
  amountMinor: v.pipe(minor, v.minValue(1)),
  currency: v.string(),
});

const MovedLineSchema = v.strictObject({ code: v.string(), amountMinor: minor, because: v.string() });
const counting = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Facts of a contract's account: its periods come and go, its statements close, its money moves. */
export const accountFacts = [
  /** A period that pays something without any result has begun; `period` counts from zero. */
  fact("period-began", { contract: id, period: place }),
  /** What a period's visits, clicks on calls to action, and visits that engaged came to, measured when it was over. */
  fact("rates-measured", { contract: id, period: place, at, visits: counting, clicks: counting, engaged: counting }),
  /** A period is over and its statement final: SHA-256 of its canonical JSON, and what it comes to, in minor units. */
  fact("statement-closed", {
    contract: id,
    period: place,
    starts: day,
    ends: day,
    at,
    hash,
    earnedMinor: minor,
    dueMinor: minor,
    carriedMinor: minor,
  }),
  /** A closed statement is agreed to, by the brand or by its silence. */
  fact("statement-approved", { contract: id, period: place, how: v.picklist(["brand", "silence"]) }),
  /** The window in which a period's shortfall could be made good is over. */
  fact("make-good-ended", { contract: id, period: place, at }),
  /**
   * Money moved between accounts. `reached`: what has reached each stage of the contract, net; `kinds` and `creditMinor`:
   * what it earned by kind, and what its guarantees took back. `cause`: the payout, dispute or deposit behind it.
   */
  fact("money-moved", {
    contract: v.nullable(id),
    conversion: v.nullable(id),
    transfers: v.array(TransferSchema),
    reached: v.optional(ReachedSchema),
    kinds: v.optional(KindsSchema),
    creditMinor: v.optional(minor),
    lines: v.array(MovedLineSchema),
    cause: v.optional(id),
  }),
] as const;
