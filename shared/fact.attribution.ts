import { fact, hash, id } from "./fact.kit.ts";
import { FitSchema } from "./judge/fit.ts";

/** Facts of models that learn. */
export const attributionFacts = [
  /**
   * The weights of a learned model were fitted on a campaign's past and frozen: whole, under the hash of their text, so
   * that terms can name them before the time they pay for, and anybody can compute what they pay again.
   */
  fact("weights-fitted", { campaign: id, hash, fit: FitSchema }),
] as const;
