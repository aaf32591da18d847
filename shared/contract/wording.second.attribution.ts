import type { Terms } from "./terms.ts";
import { daysOf, listed, percent, quoted } from "./wording.words.ts";

type Attribution = Terms["attribution"];

const peaks = (milestones: readonly string[]): string => {
  const reached =
    milestones.length === 1 ? listed(milestones.map(quoted)) : `each of ${listed(milestones.map(quoted))}`;
  return `, with 90 % in equal parts to the first touch and to the last touch before the person first reached ${reached}, and 10 % in equal parts to all others; a milestone that was not reached is left out, and the others keep their proportion`;
};

const steps = (order: number): string =>
  `, in which a touch depends on the ${order === 1 ? "touch" : `${order} touches`} before it`;

const parameters: { readonly [Model in Attribution["model"]]?: (it: Attribution) => string } = {
  position: ({ firstBp = 4000, lastBp = 4000 }) =>
    `, with ${percent(firstBp)} to the first and ${percent(lastBp)} to the last touch and the rest to those between`,
  wShaped: ({ milestones = [] }) => peaks(milestones),
  timeDecay: ({ halfLifeDays = 7 }) => `, with credit that halves every ${daysOf(halfLifeDays)}`,
  markov: ({ order = 1 }) => steps(order),
  shapley: ({ ordered }) => (ordered ? ", by the place of each touch" : ""),
};

const houses = {
  included: "takes its share, for which nobody is paid",
  excluded: "is left out and takes no share",
};

const weights = ({ learned: it }: Attribution): string =>
  it === undefined
    ? ""
    : ` Everyone on a journey weighs what the fit ${it.fit} says, which was made on the journeys of ${it.from} to ${it.until}; whom it does not know weighs what its least does. These weights stay as they are.`;

const held = ({ wide: it }: Attribution): string =>
  it === undefined
    ? ""
    : ` Where the 95 % interval of a weight is wider than ${percent(it.beyondBp)} of that weight, the share is counted at the lower end of the interval, and the rest is held until the brand releases it.`;

const lookBacks = {
  restart: " After each result of the same kind a journey begins anew: what led to the one before is left out.",
  reuse: " Each result looks back over all of these days, whatever results came before it.",
};

const seen = ({ viewDays: it }: Attribution): string =>
  it === undefined
    ? ""
    : ` What was only seen counts as a touch if it was seen within ${daysOf(it)} of 24 hours before the result.`;

const experiment = ({ holdoutBp: it }: Attribution): string =>
  it === undefined
    ? ""
    : ` For an experiment that measures what the landing page adds for those who come by links, up to ${percent(it)} of the clicks on the influencer's links, chosen by chance, may be left without credit and without the page's poll.`;

/** How a result is divided among those who caused it, in words: the model with all it was given, and what counts as a touch. */
export const attributionClause = ({ attribution: it }: Terms): string => {
  const how = `by the model ${it.model}${parameters[it.model]?.(it) ?? ""}`;
  const after = it.after === undefined ? "" : lookBacks[it.after];
  return `Attribution. A result is divided among the touches of the ${daysOf(it.windowDays)} before it ${how}. The brand's own unpaid traffic ${houses[it.house]}.${weights(it)}${held(it)}${after}${seen(it)}${experiment(it)}`;
};
