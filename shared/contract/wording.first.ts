import { major } from "../kit/money.ts";
import { decimal, rational } from "../kit/rational.ts";
import type { PayRule, PayRuleOf, Terms } from "./terms.ts";

const percent = (rateBp: number): string => `${decimal(rational(rateBp, 100n), 2).replace(/\.?0+$/, "")} %`;

type Say<Name extends PayRule["rule"]> = (rule: PayRuleOf<Name>, money: (amountMinor: number) => string) => string;

const atLeast = (rule: PayRuleOf<"fixed">): string => {
  if (rule.ifAtLeast === undefined) return "";
  const all = Array.isArray(rule.ifAtLeast) ? rule.ifAtLeast : [rule.ifAtLeast];
  return `, if the period has at least ${all.map(({ result, count }) => `${count} ${result}`).join(" and ")}`;
};

const fixed: Say<"fixed"> = (rule, money) =>
  `${money(rule.amountMinor)} ${rule.per === "flight" ? "once, in the first period" : "for each period"}${atLeast(rule)}.`;
const perResult: Say<"perResult"> = (rule, money) => `${money(rule.amountMinor)} for each ${rule.result} that counts.`;
const share: Say<"share"> = (rule) => `${percent(rule.rateBp)} of the value of each ${rule.result} that counts.`;

const tiered: Say<"tiered"> = (rule, money) => {
  const price = (step: (typeof rule.steps)[number]): string =>
    step.amountMinor === undefined ? `${percent(step.rateBp ?? 0)} of value` : `${money(step.amountMinor)} each`;
  const from = (step: (typeof rule.steps)[number]): string =>
    rule.measure === "count" ? `${step.from}` : money(step.from);
  const steps = rule.steps.map((step) => `from ${from(step)}: ${price(step)}`).join("; ");
  const how =
    rule.mode === "marginal" ? "each step pays only for what lies above it" : "the step reached pays for everything";
  return `For each ${rule.result}, by tiers of the period (${how}): ${steps}.`;
};

const bonus: Say<"bonus"> = (rule, money) => {
  const when = rule.when.atLeastPctOfTarget
    ? `${rule.when.atLeastPctOfTarget} % of the target of`
    : `${rule.when.atLeast ?? 0}`;
  const pay =
    rule.amountMinor === undefined
      ? `${percent(rule.rateBp ?? 0)} of the period's other earnings`
      : money(rule.amountMinor);
  return `A bonus of ${pay} when the period reaches ${when} ${rule.when.result ?? ""}.`;
};

const rules: { readonly [Name in PayRule["rule"]]: Say<Name> } = { fixed, perResult, share, tiered, bonus };

const proofs = {
  verified: "counts once its lead checks accept it",
  confirmed: "counts once the brand's server, an import or the brand confirms it",
};

const cadence = { week: "week, from Monday", month: "calendar month", flight: "whole contract" };

const pay = (terms: Terms): readonly string[] => {
  const money = (amountMinor: number): string => `${major(amountMinor, terms.currency)} ${terms.currency}`;
  return terms.pay.map((rule, index) => `Pay ${index + 1}. ${rules[rule.rule](rule as never, money)}`);
};

const parameters = ({ attribution: it }: Terms): string => {
  if (it.model === "position")
    return ` (${percent(it.firstBp ?? 4000)} to the first, ${percent(it.lastBp ?? 4000)} to the last touch)`;
  if (it.model === "timeDecay") return ` (credit halves every ${it.halfLifeDays ?? 7} days)`;
  return "";
};

const guarantee = ({ guarantee: it }: Terms): readonly string[] => {
  if (!it) return [];
  const tolerance = it.toleranceBp ? `, ${percent(it.toleranceBp)} below it being tolerated` : "";
  const remedy =
    it.remedy.kind === "none" ? "A shortfall is reported and costs nothing." : `On a shortfall: ${it.remedy.kind}.`;
  return [`Guarantee. The influencer guarantees ${it.target} ${it.result} per ${it.per}${tolerance}. ${remedy}`];
};

const quality = ({ quality: it }: Terms): readonly string[] => {
  if (!it) return [];
  const said = [
    it.require && it.require.length > 0 ? `must give ${it.require.join(", ")}` : "",
    it.minScore === undefined ? "" : `must score at least ${it.minScore} of 100`,
    it.duplicateDays === undefined ? "" : `counts once in ${it.duplicateDays} days`,
  ].filter((part) => part !== "");
  return said.length > 0 ? [`Quality. A lead ${said.join(", ")}.`] : [];
};

const timing = ({ timing: it, payout, currency }: Terms): readonly string[] => {
  const silence = it.silence === "approve" ? "silence approves" : "silence approves nothing";
  const minimum = payout
    ? ` Less than ${major(payout.minimumMinor, currency)} ${currency} is carried to the next period.`
    : "";
  return [
    `Timing. The brand reviews a result within ${it.reviewDays} days; ${silence}. Money is held for ${it.holdDays} days and may be disputed for ${it.disputeDays} days.${minimum}`,
  ];
};

/** The wording `2026-11-1`, as its contracts were read. It is kept letter by letter and never changed. */
export const firstWordingOf = (terms: Terms): readonly string[] => [
  `Time. From ${terms.starts} to ${terms.ends}, both days included, by the clock of ${terms.timeZone}. A period is a ${cadence[terms.period]}.`,
  ...Object.entries(terms.results).map(([result, { counts }]) => `Result. A ${result} ${proofs[counts]}.`),
  `Attribution. A result is shared among the touches of the ${terms.attribution.windowDays} days before it by the model ${terms.attribution.model}${parameters(terms)}; the brand's own unpaid traffic is ${terms.attribution.house}.`,
  ...quality(terms),
  ...pay(terms),
  ...guarantee(terms),
  ...timing(terms),
  ...(terms.requires?.disclosure ? [`Disclosure. Every post carries ${terms.requires.disclosure}.`] : []),
  "Signature. Both sides agree to sign electronically. This is a simple electronic signature.",
];
