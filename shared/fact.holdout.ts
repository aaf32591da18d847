import * as v from "valibot";
import { at, fact, id } from "./fact.kit.ts";

const holdout = id;
const conversion = id;

/** Facts of experiments that leave a random part of the people who come by links without credit. */
export const holdoutFacts = [
  /** `salt` and a click's id decide who is held out; `contracts` are those whose terms allow it, `leftOut` how many do not. */
  fact("holdout-started", {
    holdout,
    campaign: id,
    partBp: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
    salt: v.pipe(v.string(), v.minLength(20), v.maxLength(40)),
    contracts: v.pipe(v.array(id), v.minLength(1)),
    leftOut: v.pipe(v.number(), v.integer(), v.minValue(0)),
    endsAt: v.optional(at),
  }),
  fact("holdout-ended", { holdout }),
  /** Somebody whose click was held out converted. */
  fact("conversion-held-out", { conversion, holdout }),
] as const;
