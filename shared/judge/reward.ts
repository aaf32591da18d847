import type { PayRule, PayRuleOf, Terms } from "../contract/terms.ts";
import { exponentOf, major } from "../kit/money.ts";
import { add, compare, decimal, least, multiply, type Rational, rational, subtract, zero } from "../kit/rational.ts";
import { present } from "../kit/shape.ts";
import type { Net, Quantity } from "../pay/sums.ts";

/** How people met one influencer's links in a period: landing visits, visits with a call to action clicked, and visits that engaged. */
export interface Rates {
  readonly visits: number;
  readonly clicks: number;
  readonly engaged: number;
}

/**
 * What a rule is priced against: the terms, whether this is their first period, the net volumes of the period, the target
 * of its guarantee with all that was carried into it, the rates measured, and (for a bonus) what the other rules earn.
 */
export interface Earning {
  readonly terms: Terms;
  readonly isFirst: boolean;
  readonly net: Net;
  readonly target: Rational | undefined;
  readonly rates: Rates | undefined;
  readonly others: Rational;
}

/** What one rule pays for one period: exact minor units, and the sum written out for a reader. */
export interface Reward {
  readonly exact: Rational;
  readonly because: string;
}

type Price<Name extends PayRule["rule"]> = (rule: PayRuleOf<Name>, earning: Earning, place: number) => Reward;

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

const nothing = (because: string): Reward => ({ exact: zero, because });

const fixed: Price<"fixed"> = (rule, earning) => {
  if (rule.per === "flight" && !earning.isFirst) return nothing("paid once, in the first period");
  const asked = rule.ifAtLeast ?? [];
  for (const { result, count } of Array.isArray(asked) ? asked : [asked]) {
    const have = earning.net.of(result).count;
    if (compare(have, rational(count)) < 0) return nothing(`needs ${count} ${result}, has ${tidy(have)}`);
  }
  return { exact: rational(rule.amountMinor), because: `fixed ${money(rule.amountMinor, earning)} per ${rule.per}` };
};

const perResult: Price<"perResult"> = (rule, earning) => {
  const { count } = earning.net.of(rule.result);
  return {
    exact: multiply(rational(rule.amountMinor), count),
    because: `${tidy(count)} ${rule.result} × ${money(rule.amountMinor, earning)}`,
  };
};

/** A rate of the value; under a cap per result, what each conversion earns was limited before it was added up. */
const share: Price<"share"> = (rule, earning, place) => {
  const { value } = earning.net.of(rule.result);
  const asked = multiply(rational(rule.rateBp, 10_000n), value);
  const because = `${percent(rule.rateBp)} of ${worth(value, earning)} of ${rule.result}`;
  const capMinor = earning.terms.caps?.perResultMinor;
  if (capMinor === undefined) return { exact: asked, because };
  const exact = earning.net.capped.get(place) ?? zero;
  const cut = subtract(asked, exact);
  if (cut.n === 0n) return { exact, because };
  const limit = `at most ${money(capMinor, earning)} for one ${rule.result}`;
  return { exact, because: `${because}, ${limit}: ${worth(cut, earning)} cut` };
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

type Slice = readonly [step: Step, part: Rational];

/** Each slice of the volume is priced at the step it falls in; a sale that crosses a step is split there. */
const marginal = ({ steps }: PayRuleOf<"tiered">, volume: Rational): readonly Slice[] =>
  steps.map((step, index) => [step, slice(volume, step, steps[index + 1])] as const);

/** All of the volume is priced at the last step it reaches. */
const retroactive = ({ steps }: PayRuleOf<"tiered">, volume: Rational): readonly Slice[] => {
  const reached = steps.findLast(({ from }) => compare(rational(from), volume) <= 0);
  return reached ? [[reached, volume]] : [];
};

const tiered: Price<"tiered"> = (rule, earning) => {
  const { count, value } = earning.net.of(rule.result);
  const volume = rule.measure === "count" ? count : value;
  const slices = rule.mode === "marginal" ? marginal(rule, volume) : retroactive(rule, volume);
  const paid = slices.filter(([, part]) => part.n !== 0n);
  return {
    exact: paid.reduce((sum, [step, part]) => add(sum, multiply(part, unitPrice(step))), zero),
    because:
      paid.length === 0
        ? `no ${rule.result} yet`
        : `${rule.result}: ${paid.map(([step, part]) => priced(step, part, earning)).join(" + ")}`,
  };
};

/** Is a bonus reached, and in words, by what? */
interface Reached {
  readonly met: boolean;
  readonly because: string;
}

type When = PayRuleOf<"bonus">["when"];

const ofVisits = { clickThrough: "clicks", engagement: "engaged" } as const;

const byRate = ({ rate, atLeastBp = 0 }: When, { rates }: Earning): Reached => {
  const counted = ofVisits[present(rate, "the rate of a bonus")];
  const [visits, hits] = [rates?.visits ?? 0, rates?.[counted] ?? 0];
  const of = `${counted} ${hits} of ${visits} visits`;
  if (!rates) return { met: false, because: "measured when the period is over" };
  const met = visits > 0 && BigInt(hits) * 10_000n >= BigInt(atLeastBp) * BigInt(visits);
  return { met, because: met ? `${of} reach ${percent(atLeastBp)}` : `needs ${percent(atLeastBp)}, has ${of}` };
};

const byVolume = (when: When, earning: Earning): Reached => {
  const result = present(when.result, "the result of a bonus");
  const quantity: Quantity = earning.net.of(result);
  const byValue = when.measure === "value";
  const have = byValue ? quantity.value : quantity.count;
  const asked =
    when.atLeastPctOfTarget === undefined
      ? rational(present(when.atLeast, "the threshold of a bonus"))
      : multiply(present(earning.target, "the target of a bonus"), rational(when.atLeastPctOfTarget, 100n));
  const told = (it: Rational): string => (byValue ? worth(it, earning) : tidy(it));
  const met = compare(have, asked) >= 0;
  return {
    met,
    because: met ? `${told(have)} ${result} reach ${told(asked)}` : `needs ${told(asked)} ${result}, has ${told(have)}`,
  };
};

const bonus: Price<"bonus"> = (rule, earning) => {
  const { met, because } = rule.when.rate ? byRate(rule.when, earning) : byVolume(rule.when, earning);
  if (!met) return nothing(because);
  if (rule.amountMinor !== undefined)
    return { exact: rational(rule.amountMinor), because: `${money(rule.amountMinor, earning)}, since ${because}` };
  const rateBp = present(rule.rateBp, "the rate of a bonus");
  return {
    exact: multiply(rational(rateBp, 10_000n), earning.others),
    because: `${percent(rateBp)} of ${worth(earning.others, earning)}, since ${because}`,
  };
};

/** Every pay rule, by name. To add one: an entry here, its sense in contract/sense.ts, its wording, its vectors. */
export const rules = { fixed, perResult, share, tiered, bonus } satisfies {
  readonly [Name in PayRule["rule"]]: Price<Name>;
};

/** What one rule of the terms, at `place` in their list, pays for one period: an exact rational, rounded later, once. */
export const reward = (rule: PayRule, earning: Earning, place: number): Reward =>
  rules[rule.rule](rule as never, earning, place);
