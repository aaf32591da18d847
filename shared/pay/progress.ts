import type { PayRuleOf, Terms } from "../contract/terms.ts";
import { type Rational, rational, subtract } from "../kit/rational.ts";
import { counted, type Volumes, valued, volumeOf } from "./volume.ts";

/**
 * Where a contract stands on one ladder of tiers. `from` is in results or minor units of value, as the terms have it;
 * `volume` and `toNext` are in millionths of a result or whole minor units, the first rounded down and the second up, so
 * that nothing is shown as reached before it is and the two add up to the next step.
 */
export interface Ladder {
  readonly rule: number;
  readonly result: string;
  readonly measure: "count" | "value";
  readonly volume: number;
  readonly steps: readonly {
    readonly from: number;
    readonly amountMinor?: number | undefined;
    readonly rateBp?: number | undefined;
    readonly reached: boolean;
  }[];
  /** What is missing to the next step; null on the last. */
  readonly toNext: number | null;
}

const floor = ({ n, d }: Rational): number => Number((n - (((n % d) + d) % d)) / d);
const ceiling = ({ n, d }: Rational): number => -floor({ n: -n, d });

const ladder = (rule: PayRuleOf<"tiered">, index: number, volumes: Volumes): Ladder => {
  const of = volumeOf(volumes, rule.result);
  const scale = rule.measure === "count" ? 1_000_000n : 1n;
  const volume = rule.measure === "count" ? counted(of) : valued(of);
  const scaled = ({ n, d }: Rational): Rational => rational(n * scale, d);
  const next = rule.steps.find(({ from }) => BigInt(from) * volume.d > volume.n);
  return {
    rule: index,
    result: rule.result,
    measure: rule.measure,
    volume: floor(scaled(volume)),
    steps: rule.steps.map((step) => ({ ...step, reached: BigInt(step.from) * volume.d <= volume.n })),
    toNext: next ? ceiling(scaled(subtract(rational(next.from), volume))) : null,
  };
};

/** Every ladder of tiers in the terms, and how far a period's volumes have climbed it. */
export const ladders = (terms: Terms, volumes: Volumes): readonly Ladder[] =>
  terms.pay.flatMap((rule, index) => (rule.rule === "tiered" ? [ladder(rule, index, volumes)] : []));
