import type * as v from "valibot";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { addDays, DAY_MS, isDay } from "../../shared/kit/time.ts";
import type { attributionPage } from "../../shared/wire/attribution.ts";

/** How conversions are shared, as terms say it. */
export type Sharing = Terms["attribution"];

/** Days of UTC, both included: the same instants whoever asks, and whatever time zones contracts have. */
export interface Days {
  readonly from: string;
  readonly until: string;
}

/** What is asked of a campaign: its journeys of some days, to conversions of one result or of all, by some terms. */
export interface Question extends Days {
  readonly campaign: string;
  readonly result: string | null;
  readonly terms: Sharing;
}

/** What a question is read against: today in UTC, the results the campaign has, and how its contracts share now. */
export interface Ground {
  readonly campaign: string;
  readonly today: string;
  readonly results: readonly string[];
  readonly usual: Sharing;
}

type Query = v.InferOutput<typeof attributionPage.query>;

/** The longest span of days that is looked at. */
export const MOST_DAYS = 400;
const USUAL_DAYS = 30;

const bad = (because: string) => refuse("bad-query", because);

/** How many days a span has. */
export const spanOf = ({ from, until }: Days): number => (Date.parse(until) - Date.parse(from)) / DAY_MS + 1;

/** The instants of some days: from the first up to, not including, the second. */
export const instantsOf = ({ from, until }: Days): { readonly from: number; readonly until: number } => ({
  from: Date.parse(from),
  until: Date.parse(until) + DAY_MS,
});

/** Days that exist, in order, and not too many of them. */
export const daysIn = ({ from, until }: Days): Result<Days> => {
  for (const [name, day] of [
    ["from", from],
    ["until", until],
  ] as const)
    if (!isDay(day)) return bad(`${name}: ${day} is no day. Write a day that exists, as YYYY-MM-DD.`);
  if (from > until) return bad(`until: ${until} is before from (${from}).`);
  return spanOf({ from, until }) <= MOST_DAYS
    ? ok({ from, until })
    : bad(`until: from ${from} to ${until} are more than ${MOST_DAYS} days. Ask for fewer.`);
};

const numbers = ["windowDays", "halfLifeDays", "firstBp", "lastBp", "viewDays", "order"] as const;

/** What was asked for as it would stand in terms; what cannot be read stays the text it is, for the schema to name. */
const asked = (query: Query): Readonly<Record<string, unknown>> => {
  const said: Record<string, unknown> = {};
  for (const name of ["model", "house", "after"] as const) if (query[name] !== undefined) said[name] = query[name];
  for (const name of numbers) {
    const text = query[name];
    if (text !== undefined) said[name] = /^\d+$/.test(text) ? Number(text) : text;
  }
  if (query.milestones !== undefined) said.milestones = query.milestones.split(",").map((it) => it.trim());
  if (query.ordered !== undefined) said.ordered = { true: true, false: false }[query.ordered] ?? query.ordered;
  return said;
};

/** What the question is about where it says nothing: as the contracts have it, but for what is theirs alone. */
const silent = (usual: Sharing, model: string | undefined): Readonly<Record<string, unknown>> => {
  const { learned: _, wide: __, holdoutBp: ___, ...all } = usual;
  if (model === undefined || model === usual.model) return all;
  const { windowDays, house, after, viewDays } = usual;
  return { windowDays, house, ...(after && { after }), ...(viewDays !== undefined && { viewDays }) };
};

const LEARNED = { fit: "0".repeat(64), from: "2000-01-01", until: "2000-01-02" };

/** Terms about nothing but sharing, so that the law that reads terms reads this too. */
const around = (attribution: Readonly<Record<string, unknown>>, results: readonly string[]): unknown => {
  const isLearned = attribution.model === "markov" || attribution.model === "shapley";
  return {
    currency: "USD",
    timeZone: "UTC",
    starts: addDays(LEARNED.until, 1),
    ends: addDays(LEARNED.until, 1),
    period: "flight",
    results: Object.fromEntries(results.map((name) => [name, { counts: "confirmed" }])),
    attribution: isLearned ? { ...attribution, learned: LEARNED } : attribution,
    pay: [{ rule: "perResult", result: results[0], amountMinor: 0 }],
    timing: { reviewDays: 0, silence: "wait", holdDays: 0, disputeDays: 0 },
  };
};

const PLACE = "/attribution/";

const termsIn = (attribution: Readonly<Record<string, unknown>>, results: readonly string[]): Result<Sharing> => {
  // Of a campaign that has no results yet any may be asked.
  const wished = Array.isArray(attribution.milestones) ? attribution.milestones.map(String) : [];
  const known = results.length > 0 ? results : [...new Set([...wished, "result"])];
  const read = readTerms(around(attribution, known));
  if (read.ok) {
    const { learned: _, ...terms } = read.terms.attribution;
    return ok(terms);
  }
  const problem = read.problems.find(({ at }) => at.startsWith(PLACE)) ?? read.problems[0];
  const place = (problem?.at ?? "").replace(PLACE, "");
  const because = (problem?.because ?? "").replaceAll("/results", `its results (${known.join(", ")})`);
  return bad(`${place}: ${because}.`);
};

/** A question as it was asked, read; or what is wrong with it, where, and what it may be. */
export const questionIn = (query: Query, { campaign, today, results, usual }: Ground): Result<Question> => {
  const until = query.until ?? today;
  const days = daysIn({ from: query.from ?? (isDay(until) ? addDays(until, 1 - USUAL_DAYS) : until), until });
  if (!days.ok) return days;
  if (query.result !== undefined && results.length > 0 && !results.includes(query.result))
    return bad(`result: this campaign has no "${query.result}"; it has ${results.join(", ")}.`);
  const terms = termsIn({ ...silent(usual, query.model), ...asked(query) }, results);
  return terms.ok ? ok({ campaign, ...days.value, result: query.result ?? null, terms: terms.value }) : terms;
};
