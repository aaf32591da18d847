import * as v from "valibot";
import { day, fact, hash, id } from "./fact.kit.ts";

const counted = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/**
 * Past journeys of one path that a brand brought with it: its steps in time, each an influencer's id or `house`; millionths
 * of conversions they ended in; how many ended in nothing; and what the conversions were worth, in minor units.
 */
export const BroughtPathSchema = v.strictObject({
  path: v.array(id),
  conversionsMicro: counted,
  nulls: counted,
  valueMinor: counted,
});

/** Past journeys of one path, as they were brought. */
export type BroughtPath = v.InferOutput<typeof BroughtPathSchema>;

/** How many paths one fact holds at most. */
export const MOST_PATHS = 500;

/** Facts of history that was brought along: journeys nobody is paid for, from which models learn and are compared. */
export const historyFacts = [
  /**
   * Paths of a campaign were brought in: part `part` of `of`, counted from 1. `source` is a SHA-256 over the file and how
   * it was read, `content` over the file alone; `from` and `until` are the days it is of, both included, where they are known.
   */
  fact("paths-brought", {
    campaign: id,
    source: hash,
    content: hash,
    part: v.pipe(v.number(), v.integer(), v.minValue(1)),
    of: v.pipe(v.number(), v.integer(), v.minValue(1)),
    from: v.optional(day),
    until: v.optional(day),
    currency: v.optional(v.string()),
    rows: v.pipe(v.array(BroughtPathSchema), v.maxLength(MOST_PATHS)),
  }),
  /** All paths of a source were taken back, because the same file was brought again and read otherwise. */
  fact("paths-withdrawn", { campaign: id, source: hash }),
] as const;
