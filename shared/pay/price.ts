import type { PayRule, Terms } from "../contract/terms.ts";
import { type Earning, type Rates, reward } from "../judge/reward.ts";
import { LARGEST_MINOR, major } from "../kit/money.ts";
import { add, type Rational, rational, roundHalfEven, written, zero } from "../kit/rational.ts";
import type { Net } from "./sums.ts";

/** One line of a statement: minor units, the exact amount as `"n/d"` before rounding, and the sum written out. */
export interface Line {
  readonly code: string;
  readonly amountMinor: number;
  readonly exact: string;
  readonly because: string;
  readonly conversion?: string | undefined;
}

/** Minor units by the kind of rule that earned them: `base` per result or by a share of value. */
export interface Kinds {
  readonly base: number;
  readonly tier: number;
  readonly bonus: number;
  readonly fixed: number;
  readonly adjustment: number;
}

const most = BigInt(LARGEST_MINOR);

/** Whole minor units as a number; what is beyond any money there is stops at the largest that a number holds. */
const held = (minor: bigint): number => {
  if (minor > most) return LARGEST_MINOR;
  return minor < -most ? -LARGEST_MINOR : Number(minor);
};

/** The sum of some amounts of minor units of one currency; like every figure it stops at the largest that a number holds. */
export const sumMinor = (amounts: readonly number[]): number => held(amounts.reduce((sum, it) => sum + BigInt(it), 0n));

/** An exact amount rounded once, half-even, to minor units. */
export const rounded = (exact: Rational): number => held(roundHalfEven(exact));

/**
 * What a period earns by its pay rules under its caps, before any remedy: the lines, their sum, exact and in minor units,
 * and that sum by kind. `fixedMinor` is the part of fixed rules, as capped.
 */
export interface Price {
  readonly lines: readonly Line[];
  readonly exact: Rational;
  readonly grossMinor: number;
  readonly fixedMinor: number;
  readonly kinds: Kinds;
}

/** What a period is priced by. `leftMinor` is what the cap over all periods still allows; absent without such a cap. */
export interface Pricing {
  readonly terms: Terms;
  readonly isFirst: boolean;
  readonly net: Net;
  readonly target: Rational | undefined;
  readonly rates: Rates | undefined;
  readonly leftMinor: number | undefined;
}

interface Ruled {
  readonly rule: PayRule["rule"];
  readonly place: number;
  readonly line: Line;
  readonly exact: Rational;
  /** Minor units after what caps cut. */
  readonly paidMinor: number;
}

const isBonus = ({ rule }: PayRule): boolean => rule === "bonus";

/** The lines the rules earn, bonuses after all others: each rounded once, half-even. */
const ruled = (pricing: Pricing): readonly Ruled[] => {
  const listed = pricing.terms.pay.map((rule, place) => ({ rule, place }));
  const price =
    (others: Rational) =>
    (it: (typeof listed)[number]): Ruled => {
      const earning: Earning = { ...pricing, others };
      const { exact, because } = reward(it.rule, earning, it.place);
      const amountMinor = rounded(exact);
      const line = { code: it.rule.rule, amountMinor, exact: written(exact), because };
      return { rule: it.rule.rule, place: it.place, line, exact, paidMinor: amountMinor };
    };
  const others = listed.filter(({ rule }) => !isBonus(rule)).map(price(zero));
  const sum = others.reduce((all, { exact }) => add(all, exact), zero);
  return [...others, ...listed.filter(({ rule }) => isBonus(rule)).map(price(sum))];
};

interface Cut {
  readonly ruled: readonly Ruled[];
  readonly lines: readonly Line[];
}

/** Cut what is above a cap, from the last line upwards; each part cut is a line of its own. */
const cutTo = (ruled: readonly Ruled[], capMinor: number | undefined, cap: string, currency: string): Cut => {
  if (capMinor === undefined) return { ruled, lines: [] };
  let above = sumMinor([...ruled.map(({ paidMinor }) => paidMinor), -capMinor]);
  const lines: Line[] = [];
  const left = [...ruled].reverse().map((it): Ruled => {
    const cutMinor = Math.min(Math.max(0, above), it.paidMinor);
    if (cutMinor === 0) return it;
    above -= cutMinor;
    const because = `${it.rule} (pay ${it.place + 1}) cut: ${cap} leaves ${major(capMinor, currency)} ${currency}`;
    lines.push({ code: "cap", amountMinor: -cutMinor, exact: `${-cutMinor}/1`, because });
    return { ...it, paidMinor: it.paidMinor - cutMinor };
  });
  return { ruled: left.reverse(), lines };
};

const kindOf = { fixed: "fixed", perResult: "base", share: "base", tiered: "tier", bonus: "bonus" } as const;

const kindsOf = (ruled: readonly Ruled[]): Kinds => {
  const kinds = { base: 0, tier: 0, bonus: 0, fixed: 0, adjustment: 0 };
  for (const { rule, paidMinor } of ruled) kinds[kindOf[rule]] = sumMinor([kinds[kindOf[rule]], paidMinor]);
  return kinds;
};

/** What a period earns: the rules' lines, then what its caps cut of them. */
export const priceOf = (pricing: Pricing): Price => {
  const { currency, caps } = pricing.terms;
  const all = ruled(pricing);
  const period = cutTo(all, caps?.perPeriodMinor, "the cap per period", currency);
  const total = cutTo(period.ruled, pricing.leftMinor, "the cap over all periods", currency);
  const cuts = [...period.lines, ...total.lines];
  const kinds = kindsOf(total.ruled);
  return {
    lines: [...all.map(({ line }) => line), ...cuts],
    exact: cuts.reduce(
      (sum, { amountMinor }) => add(sum, rational(amountMinor)),
      all.reduce((sum, { exact }) => add(sum, exact), zero),
    ),
    grossMinor: sumMinor(total.ruled.map(({ paidMinor }) => paidMinor)),
    fixedMinor: kinds.fixed,
    kinds,
  };
};
