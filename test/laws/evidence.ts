import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import type { Terms } from "../../shared/contract/terms.ts";
import type { Restatement, ResultShare } from "../../shared/pay/statement.ts";
import { calendar } from "./auditor.calendar.ts";
import type { Rate } from "./auditor.price.ts";
import type { Adjustment } from "./auditor.ts";

/** A share as a vector writes it: instants in ISO 8601, `times` for so many alike, `counted` unless it says otherwise. */
export interface VectorShare {
  readonly result: string;
  readonly at: string;
  readonly shareMicro: number;
  readonly valueMinor?: number;
  readonly times?: number;
  readonly state?: ResultShare["state"];
  readonly countedAt?: string;
  readonly reversals?: readonly { readonly at: string; readonly permille: number }[];
  readonly restated?: readonly { readonly at: string; readonly shareMicro: number }[];
}

type Written<It extends { readonly at: number }> = Omit<It, "at"> & { readonly at: string };

/** One case of a vector. */
export interface VectorCase {
  readonly name: string;
  readonly terms: object;
  readonly amendments?: readonly object[];
  readonly results: readonly VectorShare[];
  readonly adjustments?: readonly Written<Adjustment & { readonly because: string }>[];
  readonly rates?: readonly Written<Rate>[];
  readonly asOf?: string;
  readonly periods: readonly object[];
  readonly totalMinor: number;
}

/** Exact cents, in a form any language can take: `terms` of a case are laid over the common ones. */
export interface Vectors {
  readonly terms: Terms;
  readonly cases: readonly VectorCase[];
}

/** The vectors of statements. */
export const vectors: Vectors = JSON.parse(readFileSync(new URL("../vectors/statement.json", import.meta.url), "utf8"));

const HOUR = 3_600_000;
const zones = ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "America/Havana"];

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: rare });

const result = fc.constantFrom("lead", "sale");
const condition = fc.record({ result, count: fc.integer({ min: 1, max: 6 }) });
const froms = (most: number) =>
  fc.uniqueArray(fc.integer({ min: 1, max: most }), { maxLength: 4 }).map((all) => [0, ...all.sort((a, b) => a - b)]);

const fixed = fc.record(
  {
    rule: fc.constant("fixed" as const),
    amountMinor: fc.integer({ min: 0, max: 60_000 }),
    per: fc.constantFrom("period" as const, "flight" as const),
    ifAtLeast: fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 })),
  },
  { requiredKeys: ["rule", "amountMinor", "per"] },
);
const perResult = fc.record({
  rule: fc.constant("perResult" as const),
  result,
  amountMinor: fc.integer({ min: 0, max: 1_500 }),
});
const share = fc.record({ rule: fc.constant("share" as const), result, rateBp: fc.integer({ min: 0, max: 2_000 }) });
const steps = (measure: "count" | "value") =>
  froms(measure === "count" ? 6 : 30_000).chain((all) =>
    fc
      .tuple(...all.map(() => fc.integer({ min: 0, max: 1_500 })))
      .map((prices) =>
        all.map((from, index) => ({ from, [measure === "count" ? "amountMinor" : "rateBp"]: prices[index] })),
      ),
  );
const tiered = fc.constantFrom("count" as const, "value" as const).chain((measure) =>
  fc.record({
    rule: fc.constant("tiered" as const),
    result,
    measure: fc.constant(measure),
    mode: fc.constant("marginal" as const),
    steps: steps(measure),
  }),
);

const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + count * 24 * HOUR).toISOString().slice(0, 10);

/** Terms of every kind that is priced today, over a few weeks or months around the changes of clocks. */
export const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    currency: fc.constantFrom("USD", "JPY", "KWD"),
    timeZone: fc.constantFrom(...zones),
    starts: fc.integer({ min: 0, max: 420 }).map((count) => dayAfter("2025-09-20", count)),
    days: fc.integer({ min: 0, max: 100 }),
    period: fc.constantFrom("week" as const, "month" as const, "flight" as const),
    pay: fc.array(fc.oneof(fixed, perResult, share, tiered), { minLength: 1, maxLength: 4 }),
    target: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    toleranceBp: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
    minimumMinor: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
  })
  .map(
    ({ days, target, toleranceBp, minimumMinor, ...rest }) =>
      ({
        ...rest,
        ends: dayAfter(rest.starts, days),
        results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
        attribution: { model: "last", windowDays: 30, house: "included" },
        timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
        ...(target && {
          guarantee: {
            result: "lead",
            target,
            per: rest.period === "flight" ? "flight" : "period",
            ...(toleranceBp !== undefined && { toleranceBp }),
            remedy: { kind: "none" },
          },
        }),
        ...(minimumMinor !== undefined && { payout: { minimumMinor } }),
      }) as Terms,
  );

/** Instants that several conversions share: every fifteenth day of a contract and after it. */
const commonInstant = (terms: Terms): fc.Arbitrary<number> => {
  const from = Date.parse(`${terms.starts}T18:00:00Z`);
  return fc.integer({ min: 0, max: 10 }).map((count) => from + count * 15 * 24 * HOUR);
};

/** An instant in or around a contract, often within a millisecond of where a period begins. */
export const instantNear = (terms: Terms): fc.Arbitrary<number> => {
  const periods = calendar(terms.starts, terms.ends, terms.period, terms.timeZone);
  const [from, until] = [periods[0]!.from, periods.at(-1)!.until];
  const edges = fc
    .tuple(fc.constantFrom(...periods.flatMap((it) => [it.from, it.until])), fc.integer({ min: -1, max: 1 }))
    .map(([edge, by]) => edge + by);
  return often(fc.integer({ min: from - 24 * HOUR, max: until + 24 * HOUR }), edges);
};

const delayed = (at: number): fc.Arbitrary<number> =>
  often(
    fc.integer({ min: 0, max: 60 * 24 * HOUR }).map((by) => at + by),
    fc.integer({ min: -24 * HOUR, max: 24 * HOUR }).map((by) => at + by),
  );

/** What a share becomes, in order of time, each at an instant of its own. */
export const anyRestated = (instant: fc.Arbitrary<number>, most: number): fc.Arbitrary<readonly Restatement[]> =>
  fc
    .uniqueArray(
      fc.record({
        at: instant,
        shareMicro: fc.oneof(fc.constantFrom(0, 1, 500_000, 1_000_000), fc.integer({ min: 0, max: 1_000_000 })),
      }),
      { maxLength: most, selector: ({ at }) => at },
    )
    .map((all) => all.sort((a, b) => a.at - b.at));

const shareAt = (terms: Terms, at: number) =>
  fc.record(
    {
      result,
      at: fc.constant(at),
      shareMicro: fc.oneof(
        fc.constant(1_000_000),
        fc.constantFrom(0, 1, 333_333, 500_000, 999_999),
        fc.integer({ min: 0, max: 1_000_000 }),
      ),
      valueMinor: fc.oneof(fc.constant(199), fc.integer({ min: 0, max: 50_000 })),
      state: often(fc.constant("counted" as const), fc.constantFrom("pending" as const, "rejected" as const)),
      countedAt: fc.oneof(delayed(at), instantNear(terms), commonInstant(terms)),
      reversals: fc.array(
        fc.record({
          at: fc.oneof(delayed(at), instantNear(terms), commonInstant(terms)),
          permille: fc.oneof(fc.constantFrom(0, 500, 1000), fc.integer({ min: 0, max: 1000 })),
        }),
        { maxLength: 3 },
      ),
      restated: anyRestated(fc.oneof(delayed(at), instantNear(terms), commonInstant(terms)), 3),
    },
    { requiredKeys: ["result", "at", "shareMicro", "state"] },
  );

/** One share of one conversion, counted or not, known at once or late, perhaps taken back in part, in whole or twice over. */
export const anyShare = (terms: Terms, id: fc.Arbitrary<string>): fc.Arbitrary<ResultShare> =>
  instantNear(terms)
    .chain((at) => fc.tuple(id, shareAt(terms, at)))
    .map(([name, it]) => ({ id: name, ...it }));

/** Evidence for some terms: up to a dozen shares, each with its own id, in no order. */
export const anyShares = (terms: Terms): fc.Arbitrary<readonly ResultShare[]> =>
  fc
    .array(anyShare(terms, fc.constant("")), { maxLength: 12, size: "max" })
    .map((shares) => shares.map((it, index) => ({ ...it, id: `cnv-${(index * 7) % 13}` })));

/** Terms, evidence and an instant to state them at. */
export const anyCase = anyTerms.chain((terms) =>
  fc.record({
    terms: fc.constant(terms),
    shares: anyShares(terms),
    asOf: often(
      instantNear(terms),
      instantNear(terms).chain((at) => fc.integer({ min: 0, max: 90 * 24 * HOUR }).map((by) => at + by)),
    ),
  }),
);
