import type { PayRule, PayRuleOf, Terms } from "../contract/terms.ts";
import { exponentOf, major } from "../kit/money.ts";
import { add, compare, decimal, least, multiply, type Rational, rational, subtract, zero } from "../kit/rational.ts";
import { must, present } from "../kit/shape.ts";
import type { Period } from "../kit/time.ts";
import { counted, type Volumes, valued, volumeOf } from "../pay/volume.ts";

/** What a rule is priced against: the terms, one period, and the net volumes of that period. */
export interface Earning {
  readonly terms: Terms;
  readonly period: Period;
  readonly volumes: Volumes;
}

/** What one rule pays for one period: exact minor units, and the sum written out for a reader. */
export interface Reward {
  readonly exact: Rational;
  readonly because: string;
}

type Price<Name extends PayRule["rule"]> = (rule: PayRuleOf<Name>, earning: Earning) => Reward;

// Volumes are whole billionths, so nine digits show them exactly: 29.999999999 never reads as 30.
const tidy = (it: Rational): string => decimal(it, 9).replace(/\.?0+$/, "");
const money = (amountMinor: number, { terms }: Earning): string =>
  `${major(amountMinor, terms.currency)} ${terms.currency}`;
const percent = (rateBp: number): string => `${tidy(rational(rateBp, 100n))} %`;

/** Value in major units with the digits of its currency, and as many more as a split share needs. */
const worth = (minor: Rational, { terms: { currency } }: Earning): string => {
  const digits = exponentOf(currency);
  const whole = decimal(multiply(minor, rational(1n, 10n ** BigInt(digits))), digits + 9);
  const [units = "", parts = ""] = whole.split(".");
  const shown = parts.slice(0, digits) + parts.slice(digits).replace(/0+$/, "");
  return `${shown === "" ? units : `${units}.${shown}`} ${currency}`;
};

const fixed: Price<"fixed"> = (rule, earning) => {
  if (rule.per === "flight" && earning.period.index > 0)
    return { exact: zero, because: "paid once, in the first period" };
  const asked = rule.ifAtLeast ?? [];
  for (const { result, count } of Array.isArray(asked) ? asked : [asked]) {
    const have = counted(volumeOf(earning.volumes, result));
    if (compare(have, rational(count)) < 0)
      return { exact: zero, because: `needs ${count} ${result}, has ${tidy(have)}` };
  }
  return { exact: rational(rule.amountMinor), because: `fixed ${money(rule.amountMinor, earning)} per ${rule.per}` };
};

const perResult: Price<"perResult"> = (rule, earning) => {
  const volume = counted(volumeOf(earning.volumes, rule.result));
  return {
    exact: multiply(rational(rule.amountMinor), volume),
    because: `${tidy(volume)} ${rule.result} × ${money(rule.amountMinor, earning)}`,
  };
};

const share: Price<"share"> = (rule, earning) => {
  const value = valued(volumeOf(earning.volumes, rule.result));
  return {
    exact: multiply(rational(rule.rateBp, 10_000n), value),
    because: `${percent(rule.rateBp)} of ${worth(value, earning)} of ${rule.result}`,
  };
};

type Step = PayRuleOf<"tiered">["steps"][number];

const unitPrice = ({ amountMinor, rateBp }: Step): Rational =>
  amountMinor === undefined ? rational(present(rateBp, "the rate of a step"), 10_000n) : rational(amountMinor);

const slice = (volume: Rational, step: Step, next: Step | undefined): Rational => {
  const above = subtract(volume, rational(step.from));
  if (compare(above, zero) <= 0) return zero;
  return next ? least(above, rational(next.from - step.from)) : above;
};

const priced = (step: Step, part: Rational, earning: Earning): string =>
  step.amountMinor === undefined
    ? `${percent(step.rateBp ?? 0)} of ${worth(part, earning)}`
    : `${tidy(part)} × ${money(step.amountMinor, earning)}`;

/** Each slice of the volume is priced at the step it falls in; a sale that crosses a step is split there. */
const tiered: Price<"tiered"> = (rule, earning) => {
  must(rule.mode === "marginal", "a tier that sense.ts refuses");
  const of = volumeOf(earning.volumes, rule.result);
  const volume = rule.measure === "count" ? counted(of) : valued(of);
  const told: string[] = [];
  let exact = zero;
  rule.steps.forEach((step, index) => {
    const part = slice(volume, step, rule.steps[index + 1]);
    if (part.n === 0n) return;
    exact = add(exact, multiply(part, unitPrice(step)));
    told.push(priced(step, part, earning));
  });
  return { exact, because: told.length === 0 ? `no ${rule.result} yet` : `${rule.result}: ${told.join(" + ")}` };
};

/** Every pay rule that is priced, by name. To add one: an entry here, its sense in contract/sense.ts, its vectors. */
export const rules = { fixed, perResult, share, tiered } satisfies { readonly [Name in PayRule["rule"]]?: Price<Name> };

/** What one rule of the terms pays for one period: an exact rational, rounded later, once. */
export const reward = (rule: PayRule, earning: Earning): Reward => {
  must(Object.hasOwn(rules, rule.rule), `the rule ${rule.rule}, which sense.ts refuses`);
  return rules[rule.rule as keyof typeof rules](rule as never, earning);
};
