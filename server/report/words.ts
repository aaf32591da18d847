import type { Learned } from "../history/learned.ts";

/** What a learned model was fitted with, in words. */
export const fittingWords = ({ fitting, chain, journeys, counted, intervals }: Learned): string => {
  const { model, order, ordered, replicates, seed, isGlobal } = fitting;
  const how = [
    ...(model === "markov" ? [`order ${order}`] : []),
    ...(ordered ? ["by place"] : []),
    ...(chain ? [`${chain.states} states`] : []),
    `${counted} of ${journeys} journeys convert`,
    ...(intervals ? [`${replicates} replicates, seed ${seed}`] : []),
    ...(isGlobal ? ["shared all at once"] : []),
  ];
  return how.join(", ");
};
