import { type ModelName, models, type Promises, promisesOf } from "../judge/models.ts";
import type { Problem } from "./problem.ts";
import type { Terms } from "./terms.ts";
import { listed } from "./wording.words.ts";

type Attribution = Terms["attribution"];

const sense = (at: string, because: string): Problem => ({ at, code: "sense", because });

/** Which members of `/attribution` belong to some models only. */
const belongings: readonly (readonly [member: keyof Attribution, models: readonly ModelName[]])[] = [
  ["firstBp", ["position"]],
  ["lastBp", ["position"]],
  ["halfLifeDays", ["timeDecay"]],
  ["milestones", ["wShaped"]],
  ["learned", ["markov", "shapley"]],
  ["order", ["markov"]],
  ["ordered", ["shapley"]],
  ["wide", ["markov", "shapley"]],
];

const belonging = ({ attribution: it }: Terms): readonly Problem[] =>
  belongings.flatMap(([member, owners]) =>
    it[member] === undefined || owners.includes(it.model)
      ? []
      : [sense(`/attribution/${member}`, `belongs to the model ${owners.join(" or ")} only`)],
  );

const ends = ({ attribution: it }: Terms): readonly Problem[] => {
  const [first, last] = [it.firstBp ?? 4000, it.lastBp ?? 4000];
  if (first + last > 10_000) return [sense("/attribution/lastBp", "and firstBp together are more than 10000 (100 %)")];
  return first + last === 0
    ? [sense("/attribution/lastBp", "and firstBp are both zero, so a journey of two touches would credit nobody")]
    : [];
};

const milestones = ({ attribution: { model, milestones: all }, results }: Terms): readonly Problem[] => {
  if (model !== "wShaped") return [];
  if (all === undefined)
    return [sense("/attribution/milestones", "is missing; it must list the results whose touches are peaks")];
  return all.flatMap((result, index) => {
    const at = `/attribution/milestones/${index}`;
    if (all.indexOf(result) < index) return [sense(at, "is listed twice")];
    return Object.hasOwn(results, result)
      ? []
      : [sense(at, `names the result "${result}", which /results does not list`)];
  });
};

const isLearned = (model: ModelName): boolean => models[model].sees === "fit";

const learned = ({ attribution: { model, learned: it }, starts }: Terms): readonly Problem[] => {
  if (!isLearned(model)) return [];
  if (it === undefined)
    return [sense("/attribution/learned", "is missing; it must name the fit whose weights are frozen for these terms")];
  if (it.from > it.until) return [sense("/attribution/learned/until", `is before from (${it.from})`)];
  return it.until < starts
    ? []
    : [sense("/attribution/learned/until", `must be before /starts (${starts}): weights are fitted on the past`)];
};

const views = ({ attribution: { viewDays, windowDays } }: Terms): readonly Problem[] =>
  viewDays !== undefined && viewDays > windowDays
    ? [sense("/attribution/viewDays", `is more than windowDays (${windowDays}), beyond which nothing counts`)]
    : [];

/** What makes no sense in `/attribution`. Whether the fit that a learned model names exists is for signing to see. */
export const attributionSense = (terms: Terms): readonly Problem[] =>
  [belonging, ends, milestones, learned, views].flatMap((check) => check(terms));

const ways: { readonly [Name in keyof Promises]: string } = {
  repeat: "by clicking its own link again",
  split: "by spreading its clicks over several links",
  lastMinute: "by a click just before the conversion",
  nullVisits: "by visits that lead to nothing in the days the weights are fitted on",
};

const firm = (Object.keys(models) as ModelName[]).filter((model) =>
  Object.values(promisesOf({ model })).every(Boolean),
);

/** What the model lets a payee do, in one sentence; nothing where it lets nobody do anything. */
const movable = ({ attribution: it }: Terms): readonly Problem[] => {
  const promises = promisesOf(it);
  const open = (Object.keys(ways) as (keyof Promises)[]).filter((name) => !promises[name]);
  if (open.length === 0) return [];
  const gains = `lets a payee gain ${listed(open.map((name) => ways[name]))}`;
  return it.ordered
    ? [sense("/attribution/ordered", `${gains}; without it, shapley does not`)]
    : [sense("/attribution/model", `${gains}; ${listed(firm)} do not`)];
};

const LONG_DAYS = 90;

/** Of the models that give all to the newest touch: what they then overlook. */
const lasting = ({ attribution: { model, house, windowDays } }: Terms): readonly Problem[] => [
  ...(model === "last" && house === "excluded"
    ? [
        sense(
          "/attribution/house",
          "leaves the brand's own visits out, so the last click takes a whole conversion however often the person came back without one; is that meant?",
        ),
      ]
    : []),
  ...((model === "last" || model === "lastNonHouse") && windowDays > LONG_DAYS
    ? [
        sense(
          "/attribution/windowDays",
          `lets a click of up to ${windowDays} days ago take a whole conversion; is that meant?`,
        ),
      ]
    : []),
];

const certain = ({ attribution: { model, wide } }: Terms): readonly Problem[] =>
  isLearned(model) && wide === undefined
    ? [
        sense(
          "/attribution/learned",
          "pays by weights as if they were certain; wide would hold back what their intervals leave open",
        ),
      ]
    : [];

/** What in `/attribution` makes sense and may still not be meant. */
export const attributionWarnings = (terms: Terms): readonly Problem[] =>
  [movable, lasting, certain].flatMap((check) => check(terms));
