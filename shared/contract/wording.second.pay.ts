import type { PayRule, PayRuleOf, Terms } from "./terms.ts";
import { listed, type Money, moneyIn, percent } from "./wording.words.ts";

type Say<Name extends PayRule["rule"]> = (rule: PayRuleOf<Name>, money: Money) => string;
type Step = PayRuleOf<"tiered">["steps"][number];

const results = (count: number, result: string): string => `${count} ${result} ${count === 1 ? "result" : "results"}`;

const fixed: Say<"fixed"> = ({ amountMinor, per, ifAtLeast }, money) => {
  const all = [ifAtLeast ?? []].flat();
  const condition =
    all.length === 0
      ? ""
      : `, if that period has at least ${listed(all.map(({ result, count }) => results(count, result)))} that count`;
  return `${money(amountMinor)} ${per === "flight" ? "once, in the first period" : "for each period"}${condition}.`;
};

const perResult: Say<"perResult"> = ({ amountMinor, result }, money) =>
  `${money(amountMinor)} for each ${result} that counts.`;

const share: Say<"share"> = ({ rateBp, result }) => `${percent(rateBp)} of the value of each ${result} that counts.`;

const modes = {
  marginal:
    "Each step prices only what lies above its own beginning and below the next: reaching a step never changes the price of what came before",
  retroactive:
    "The highest step that the period reaches prices everything of that period from the first on: reaching a step changes the price of what came before, up or down",
};

const tiered: Say<"tiered"> = ({ result, measure, mode, steps }, money) => {
  const from = (step: Step): string => (measure === "count" ? results(step.from, result) : money(step.from));
  const price = (step: Step): string =>
    step.amountMinor === undefined ? `${percent(step.rateBp ?? 0)} of the value` : `${money(step.amountMinor)} each`;
  const what = measure === "count" ? `the number of ${result} results` : `the value of the ${result} results`;
  const ladder = steps.map((step) => `from ${from(step)}: ${price(step)}`).join("; ");
  return `By steps of ${what} that count in the period. ${modes[mode]}. ${ladder}.`;
};

const rates = {
  clickThrough:
    "the click-through rate of the period's visits (visits that clicked on a call to action, of all visits)",
  engagement: "the engagement rate of the period's visits (visits that engaged with the page, of all visits)",
};

const conditions = ({ when }: PayRuleOf<"bonus">, money: Money): readonly string[] => {
  const { result = "", atLeastPctOfTarget, atLeast, measure = "count", rate, atLeastBp } = when;
  const volume =
    measure === "value"
      ? `the value of the ${result} results that count`
      : `the number of ${result} results that count`;
  return [
    atLeastPctOfTarget === undefined
      ? ""
      : `${volume} is at least ${percent(atLeastPctOfTarget * 100)} of what is guaranteed for the period`,
    atLeast === undefined ? "" : `${volume} is at least ${measure === "value" ? money(atLeast) : atLeast}`,
    rate === undefined ? "" : `${rates[rate]} is at least ${percent(atLeastBp ?? 0)}`,
  ].filter((it) => it !== "");
};

const bonus: Say<"bonus"> = (rule, money) => {
  const pay =
    rule.amountMinor === undefined
      ? `${percent(rule.rateBp ?? 0)} of what all rules but bonuses earn in the period before caps per period and in total`
      : money(rule.amountMinor);
  const all = conditions(rule, money);
  return `A bonus of ${pay}, once for each period${all.length > 0 ? ` in which ${listed(all)}` : ""}.`;
};

const rules: { readonly [Name in PayRule["rule"]]: Say<Name> } = { fixed, perResult, share, tiered, bonus };

const caps = ({ caps: it }: Terms, money: Money): readonly string[] => {
  const said = [
    it?.perResultMinor === undefined
      ? ""
      : `One result earns at most ${money(it.perResultMinor)} under a rule that pays a share of its value, before it is divided among those who caused it.`,
    it?.perPeriodMinor === undefined
      ? ""
      : `A period earns at most ${money(it.perPeriodMinor)}: what is above that is cut from the last line upwards, bonuses first, and each cut is shown as a line of its own.`,
    it?.totalMinor === undefined
      ? ""
      : `All periods together earn at most ${money(it.totalMinor)}, cut in the same way; what a guarantee takes back makes no room for more.`,
  ].filter((line) => line !== "");
  return said.length > 0 ? [`Caps. ${said.join(" ")}`] : [];
};

/** What the terms pay, in words: each rule in its turn, how they add up, and the caps. */
export const payClauses = (terms: Terms): readonly string[] => {
  const money = moneyIn(terms.currency);
  return [
    ...terms.pay.map((rule, index) => `Pay ${index + 1}. ${rules[rule.rule](rule as never, money)}`),
    `Sum. Every rule pays by itself, in the order listed, bonuses after all others, and a period earns their sum. Each line is computed exactly and rounded once, half to even, to the smallest unit of ${terms.currency}.`,
    ...caps(terms, money),
  ];
};
