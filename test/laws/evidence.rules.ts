import * as fc from "fast-check";
import type { Terms } from "../../shared/contract/terms.ts";

/** What some cases are to be full of. */
export interface Mix {
  readonly tiers?: boolean;
  readonly bonuses?: boolean;
  readonly caps?: boolean;
  readonly guarantee?: boolean;
  readonly amended?: boolean;
  readonly agreed?: boolean;
  readonly late?: boolean;
}

type Body = Pick<Terms, "pay" | "guarantee" | "caps" | "payout">;
type Guarantee = NonNullable<Terms["guarantee"]>;
type Remedy = Guarantee["remedy"];

const result = fc.oneof({ weight: 3, arbitrary: fc.constant("lead") }, { weight: 1, arbitrary: fc.constant("sale") });
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const maybe = <T>(it: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(it, { nil: undefined });
/** A record without the keys that came out undefined. */
const some = <T extends object>(it: T): T =>
  Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined)) as T;

const condition = fc.record({ result, count: whole(1, 3) });
const fixed = fc
  .record({
    rule: fc.constant("fixed"),
    amountMinor: fc.oneof(whole(0, 5_000), fc.constantFrom(1, 50, 1_000)),
    per: fc.constantFrom("period", "period", "flight"),
    ifAtLeast: maybe(fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 }))),
  })
  .map(some);
const perResult = fc.record({ rule: fc.constant("perResult"), result, amountMinor: whole(0, 1_500) });
const share = fc.record({
  rule: fc.constant("share"),
  result: fc.constantFrom("lead", "sale"),
  rateBp: whole(0, 3_000),
});

const steps = (measure: string) =>
  fc
    .uniqueArray(measure === "count" ? whole(1, 5) : whole(1, 9_000), { maxLength: 3 })
    .map((all) => [0, ...all.sort((a, b) => a - b)])
    .chain((froms) =>
      fc
        .tuple(...froms.map(() => whole(0, 1_500)))
        .map((prices) =>
          froms.map((from, index) => ({ from, [measure === "count" ? "amountMinor" : "rateBp"]: prices[index] })),
        ),
    );
const tiered = fc.constantFrom("count", "value").chain((measure) =>
  fc.record({
    rule: fc.constant("tiered"),
    result,
    measure: fc.constant(measure),
    mode: fc.constantFrom("marginal", "retroactive"),
    steps: steps(measure),
  }),
);

const when = (guarantee: Guarantee | undefined, period: string) => {
  const byCount = fc.record({ result, atLeast: whole(1, 4) });
  const byValue = fc.record({ result, atLeast: whole(1, 6_000), measure: fc.constant("value") });
  const byRate = fc.record({ rate: fc.constantFrom("clickThrough", "engagement"), atLeastBp: whole(1, 10_000) });
  const kinds: fc.Arbitrary<object>[] = [byCount, byValue, byRate];
  if (guarantee && (guarantee.per === "period" || period === "flight")) {
    const byTarget = fc.record({ result: fc.constant(guarantee.result), atLeastPctOfTarget: whole(20, 250) });
    kinds.push(byTarget, byTarget, byTarget);
  }
  return fc.oneof(...kinds);
};
const bonus = (guarantee: Guarantee | undefined, period: string) =>
  fc
    .record({ when: when(guarantee, period), amountMinor: whole(1, 3_000), rateBp: maybe(whole(1, 5_000)) })
    .map(({ rateBp, amountMinor, ...it }) => ({
      rule: "bonus",
      ...it,
      ...(rateBp === undefined ? { amountMinor } : { rateBp, of: "period" }),
    }));

const proRata: fc.Arbitrary<Remedy> = fc.constant({ kind: "proRata" });
const penalty: fc.Arbitrary<Remedy> = fc
  .record({
    kind: fc.constant("penalty" as const),
    amountMinor: whole(1, 2_000),
    capMinor: maybe(whole(0, 2_000)),
    mayOwe: fc.constantFrom(undefined, undefined, false, true),
  })
  .map(some);
const last = fc.oneof(proRata, penalty, penalty, fc.constant<Remedy>({ kind: "none" }));

const followed = <Kind extends object>(
  kind: { [Key in keyof Kind]: fc.Arbitrary<Kind[Key]> },
  next: fc.Arbitrary<Remedy>,
) => {
  const then = fc.option(next, { nil: undefined, freq: 5 });
  return fc.record({ ...kind, then }).map(some) as fc.Arbitrary<unknown> as fc.Arbitrary<Remedy>;
};

/** Remedies that follow one another, so deep at most; what was carried over is never carried over again. */
const remedy = (depth: number, mayCarry = true): fc.Arbitrary<Remedy> => {
  if (depth === 0) return last;
  const makeGood = followed({ kind: fc.constant("makeGood"), days: whole(1, 16) }, remedy(depth - 1, mayCarry));
  const carryOver = followed({ kind: fc.constant("carryOver") }, remedy(depth - 1, false));
  return fc.oneof(
    { weight: 2, arbitrary: last },
    { weight: 4, arbitrary: makeGood },
    { weight: 2, arbitrary: mayCarry ? carryOver : last },
  );
};

const anyGuarantee = (period: string): fc.Arbitrary<Guarantee> =>
  fc
    .record({
      result,
      target: whole(1, 5),
      per:
        period === "flight" ? fc.constant("flight" as const) : fc.constantFrom("period", "period", "period", "flight"),
      toleranceBp: fc.constantFrom(undefined, undefined, 0, 500, 3_333, 5_000),
      remedy: remedy(3),
    })
    .map((it) => some(it) as Guarantee);

const anyCaps = (pay: readonly object[]) => {
  const isShared = pay.some((it) => (it as { rule: string }).rule === "share");
  return fc
    .record({
      perResultMinor: isShared ? maybe(whole(0, 400)) : fc.constant(undefined),
      perPeriodMinor: maybe(whole(0, 5_000)),
      totalMinor: maybe(whole(0, 9_000)),
    })
    .map(some);
};

const anyPay = (mix: Mix, guarantee: Guarantee | undefined, period: string) => {
  const plain = mix.tiers
    ? [fixed, perResult, share, tiered, tiered, tiered]
    : [fixed, fixed, perResult, share, tiered];
  const rules: fc.Arbitrary<object>[] = mix.bonuses
    ? [...plain, bonus(guarantee, period), bonus(guarantee, period)]
    : plain;
  return fc.array(fc.oneof(...rules), { minLength: 1, maxLength: 5 });
};

/** What a version of terms pays for, of a mix. */
export const anyRule = (mix: Mix, period: string): fc.Arbitrary<Body> =>
  fc
    .option(anyGuarantee(period), { nil: undefined, freq: mix.guarantee ? 20 : 3 })
    .map((it) => (mix.guarantee || mix.bonuses ? it : undefined))
    .chain((guarantee) =>
      anyPay(mix, guarantee, period).chain((pay) =>
        fc
          .record({
            caps: mix.caps ? anyCaps(pay) : fc.constant(undefined),
            minimumMinor: maybe(whole(0, 4_000)),
          })
          .map(({ caps, minimumMinor }) =>
            some({ pay, guarantee, caps, payout: minimumMinor === undefined ? undefined : { minimumMinor } }),
          ),
      ),
    ) as fc.Arbitrary<Body>;

/** How many days after a period's end each make-good window that it may lead to ends. */
export const remedyDays = ({ guarantee }: Terms): readonly number[] => {
  const days: number[] = [];
  for (let it: Remedy | undefined = guarantee?.remedy; it; it = it.then)
    if (it.kind === "makeGood") days.push((days.at(-1) ?? 0) + (it.days ?? 0));
  return days;
};
