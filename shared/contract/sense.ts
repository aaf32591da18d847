import * as v from "valibot";
import { periodsOf } from "../kit/time.ts";
import { inDocumentOrder, misshapen, type Problem } from "./problem.ts";
import { attributionSense, attributionWarnings } from "./sense.attribution.ts";
import { type PayRule, type PayRuleOf, type Remedy, type Terms, TermsSchema } from "./terms.ts";

/** A draft read: the terms it states, or everything that is wrong with it, in the order of the document. */
export type Draft =
  | { readonly ok: true; readonly terms: Terms; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const sense = (at: string, because: string): Problem => ({ at, code: "sense", because });
const later = (at: string, what: string): Problem => ({
  at,
  code: "not-supported-yet",
  because: `${what} is not supported yet; it would not be priced, so it is refused rather than ignored`,
});

const knownResult = (terms: Terms, result: string, at: string): readonly Problem[] =>
  Object.hasOwn(terms.results, result) ? [] : [sense(at, `names the result "${result}", which /results does not list`)];

const MOST_YEARS = 10;

const dates = ({ starts, ends, period, timeZone }: Terms): readonly Problem[] => {
  if (starts > ends) return [sense("/ends", `is before /starts (${starts})`)];
  const limit = `${Number(starts.slice(0, 4)) + MOST_YEARS}${starts.slice(4)}`;
  if (ends >= limit) return [sense("/ends", `is more than ten years after /starts; ${limit} is too late`)];
  const lasts = periodsOf(starts, ends, period, timeZone).some(({ from, until }) => from < until);
  return lasts ? [] : [sense("/ends", `leaves no time at all: ${timeZone} left that day out`)];
};

const quality = ({ quality: it }: Terms): readonly Problem[] =>
  it?.regions && it.regions.length > 0 ? [later("/quality/regions", "checking the region of a lead")] : [];

const steps = (rule: PayRuleOf<"tiered">, at: string): readonly Problem[] => {
  const problems: Problem[] = [];
  if (rule.steps[0]?.from !== 0)
    problems.push(sense(`${at}/steps/0/from`, "must be 0, so that every result has a price"));
  rule.steps.forEach((step, index) => {
    const here = `${at}/steps/${index}`;
    const before = rule.steps[index - 1];
    if (before && step.from <= before.from)
      problems.push(sense(`${here}/from`, `must be more than the step before (${before.from})`));
    if ((step.amountMinor === undefined) === (step.rateBp === undefined))
      problems.push(sense(here, "must have either amountMinor or rateBp, and not both"));
    else if (rule.measure === "count" && step.amountMinor === undefined)
      problems.push(sense(`${here}/rateBp`, "prices value, but this rule measures count; use amountMinor"));
    else if (rule.measure === "value" && step.rateBp === undefined)
      problems.push(sense(`${here}/amountMinor`, "prices a result, but this rule measures value; use rateBp"));
  });
  return problems;
};

const conditions = ({ ifAtLeast }: PayRuleOf<"fixed">, at: string, terms: Terms): readonly Problem[] => {
  if (ifAtLeast === undefined) return [];
  if (!Array.isArray(ifAtLeast)) return knownResult(terms, ifAtLeast.result, `${at}/ifAtLeast/result`);
  return ifAtLeast.flatMap(({ result }, index) => knownResult(terms, result, `${at}/ifAtLeast/${index}/result`));
};

const pctOfTarget = ({ when }: PayRuleOf<"bonus">, at: string, { guarantee, period }: Terms): readonly Problem[] => {
  if (when.atLeastPctOfTarget === undefined) return [];
  const here = `${at}/when/atLeastPctOfTarget`;
  if (guarantee?.result !== when.result)
    return [sense(here, `needs a guarantee of ${when.result ?? "its result"}, whose target it measures against`)];
  return guarantee?.per === "flight" && period !== "flight"
    ? [sense(here, "is measured period by period, but the guarantee is for the whole flight; use atLeast")]
    : [];
};

/** Exactly one condition: a share of the target, a volume, or a rate. */
const conditionOf = (rule: PayRuleOf<"bonus">, at: string, terms: Terms): readonly Problem[] => {
  const { result, atLeastPctOfTarget, atLeast, measure, rate, atLeastBp } = rule.when;
  const here = `${at}/when`;
  const asked = [atLeastPctOfTarget, atLeast, rate].filter((it) => it !== undefined);
  if (asked.length !== 1) return [sense(here, "must have exactly one of atLeastPctOfTarget, atLeast and rate")];
  const problems: Problem[] = [];
  if (measure !== undefined && atLeast === undefined)
    problems.push(sense(`${here}/measure`, "belongs to atLeast only"));
  if (rate === undefined) {
    if (atLeastBp !== undefined) problems.push(sense(`${here}/atLeastBp`, "belongs to a rate only"));
    if (result === undefined) problems.push(sense(`${here}/result`, "is missing; it must name the result to measure"));
    else problems.push(...knownResult(terms, result, `${here}/result`));
  } else {
    if (atLeastBp === undefined)
      problems.push(sense(`${here}/atLeastBp`, "is missing; it must say which rate is enough"));
    if (result !== undefined)
      problems.push(sense(`${here}/result`, "says nothing here: a rate is measured over visits"));
  }
  return [...problems, ...pctOfTarget(rule, at, terms)];
};

const amountOf = ({ amountMinor, rateBp, of }: PayRuleOf<"bonus">, at: string): readonly Problem[] => {
  if ((amountMinor === undefined) === (rateBp === undefined))
    return [sense(at, "must have either amountMinor or rateBp, and not both")];
  if (rateBp !== undefined && of === undefined)
    return [sense(`${at}/of`, 'is missing; a rate is taken of the period\'s other earnings: "period"')];
  return amountMinor !== undefined && of !== undefined
    ? [sense(`${at}/of`, "belongs to rateBp only; an amount is paid as it is")]
    : [];
};

const payRules: {
  readonly [Name in PayRule["rule"]]: (rule: PayRuleOf<Name>, at: string, terms: Terms) => readonly Problem[];
} = {
  fixed: conditions,
  perResult: (rule, at, terms) => knownResult(terms, rule.result, `${at}/result`),
  share: (rule, at, terms) => knownResult(terms, rule.result, `${at}/result`),
  tiered: (rule, at, terms) => [...knownResult(terms, rule.result, `${at}/result`), ...steps(rule, at)],
  bonus: (rule, at, terms) => [...conditionOf(rule, at, terms), ...amountOf(rule, at)],
};

const pay = (terms: Terms): readonly Problem[] =>
  terms.pay.flatMap((rule, index) => payRules[rule.rule](rule as never, `/pay/${index}`, terms));

const carriesOn = new Set<Remedy["kind"]>(["makeGood", "carryOver"]);

const remedy = (it: Remedy, at: string, inside: readonly string[] = []): readonly Problem[] => {
  const problems: Problem[] = [];
  if (it.then && !carriesOn.has(it.kind))
    problems.push(sense(`${at}/then`, `cannot follow ${it.kind}, which leaves nothing of a shortfall to settle`));
  if (it.kind === "carryOver" && inside.includes("carryOver"))
    problems.push(sense(at, "cannot follow another carryOver: it comes in once there is no next period"));
  return it.then ? [...problems, ...remedy(it.then, `${at}/then`, [...inside, it.kind])] : problems;
};

const guarantee = (terms: Terms): readonly Problem[] => {
  if (!terms.guarantee) return [];
  return [
    ...knownResult(terms, terms.guarantee.result, "/guarantee/result"),
    ...remedy(terms.guarantee.remedy, "/guarantee/remedy"),
  ];
};

const results = (terms: Terms): readonly Problem[] =>
  Object.keys(terms.results).length === 0 ? [sense("/results", "lists no result, so nothing could ever count")] : [];

const requires = ({ requires: it }: Terms): readonly Problem[] =>
  (it?.courses ?? []).length > 0 ? [later("/requires/courses", "requiring a course")] : [];

const senses = [dates, results, attributionSense, quality, pay, guarantee, requires];

const fallingSteps = (terms: Terms): readonly Problem[] =>
  terms.pay.flatMap((rule, index) => {
    if (rule.rule !== "tiered") return [];
    return rule.steps.flatMap((step, place) => {
      const before = rule.steps[place - 1];
      const falls = before && (step.amountMinor ?? step.rateBp ?? 0) < (before.amountMinor ?? before.rateBp ?? 0);
      const because =
        rule.mode === "retroactive"
          ? "pays less for everything than the step before it, so reaching it lowers the pay; is that meant?"
          : "pays less for each result than the step before it; is that meant?";
      return falls ? [sense(`/pay/${index}/steps/${place}`, because)] : [];
    });
  });

const remediesOf = (it: Remedy | undefined): readonly Remedy[] => (it ? [it, ...remediesOf(it.then)] : []);

const toothless = ({ guarantee: it, pay: rules, period }: Terms): readonly Problem[] => {
  if (!it) return [];
  const all = remediesOf(it.remedy);
  const problems: Problem[] = [];
  if (all.some(({ kind }) => kind === "proRata") && !rules.some(({ rule }) => rule === "fixed"))
    problems.push(sense("/guarantee/remedy", "reduces fixed pay, and there is none: a shortfall would cost nothing"));
  if (all.some(({ kind }) => kind === "carryOver") && (period === "flight" || it.per === "flight"))
    problems.push(sense("/guarantee/remedy", "carries a shortfall into the next period, and there is no next one"));
  return problems;
};

const idleCaps = ({ caps: it, pay: rules }: Terms): readonly Problem[] =>
  it?.perResultMinor !== undefined && !rules.some(({ rule }) => rule === "share")
    ? [sense("/caps/perResultMinor", "limits what a share rule pays for one result, and there is no share rule")]
    : [];

/**
 * Fixed pay that is reached pushes other pay out under a cap, and a reduced fee takes its part of what is fixed only: so
 * one more result can pay less.
 */
const crowdedOut = ({ guarantee: it, pay: rules, caps: limits }: Terms): readonly Problem[] => {
  const isCapped = limits?.perPeriodMinor !== undefined || limits?.totalMinor !== undefined;
  const isReached = rules.some((rule) => rule.rule === "fixed" && rule.ifAtLeast !== undefined);
  return isCapped && isReached && remediesOf(it?.remedy).some(({ kind }) => kind === "proRata")
    ? [
        sense(
          "/guarantee/remedy",
          "reduces fixed pay that asks for a count, under a cap: reaching that count can lower the pay; is that meant?",
        ),
      ]
    : [];
};

const warned = (terms: Terms): readonly Problem[] => [
  ...attributionWarnings(terms),
  ...fallingSteps(terms),
  ...toothless(terms),
  ...crowdedOut(terms),
  ...idleCaps(terms),
];

/**
 * Read a draft of terms. Refuses a wrong shape, unknown keys, nonsense (an end before the start, a step without a price,
 * a rule for a result that is not listed) and, rather than ignoring it, whatever is not priced yet. Every problem of
 * shape is told at once, or else every one of sense, each with its place. Whatever it reads, `statement` can price.
 */
export const readTerms = (draft: unknown): Draft => {
  const shape = misshapen(TermsSchema, draft);
  if (shape.length > 0) return { ok: false, problems: shape };
  const terms = v.parse(TermsSchema, draft);
  const problems = senses.flatMap((check) => check(terms));
  if (problems.length > 0) return { ok: false, problems: inDocumentOrder(draft, problems) };
  return { ok: true, terms, warnings: inDocumentOrder(draft, warned(terms)) };
};
