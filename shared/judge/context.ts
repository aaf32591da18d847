import * as v from "valibot";
import { at, id } from "../fact.kit.ts";

const nano = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000));

/** The shape of a `Context`: what a journey's shares depend on besides its touches. */
export const ContextSchema = v.strictObject({
  since: v.optional(at),
  milestones: v.optional(v.array(v.nullable(at))),
  effects: v.optional(
    v.array(
      v.strictObject({
        payee: id,
        effectNano: nano,
        lowerNano: nano,
        upperNano: nano,
        placesNano: v.optional(v.array(nano)),
      }),
    ),
  ),
});
