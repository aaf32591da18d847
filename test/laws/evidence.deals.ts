import * as fc from "fast-check";
import type { Terms } from "../../shared/contract/terms.ts";
import type { Also, ResultShare } from "../../shared/pay/statement.ts";
import { dayAfter, type Month, versionsOf } from "./auditor.calendar.ts";
import { anyRule, type Mix, remedyDays } from "./evidence.rules.ts";
import { anyRestated } from "./evidence.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const zones = ["UTC", "America/New_York", "Pacific/Auckland", "America/Havana"];

/** A whole case: terms, everything that is known sooner or later, and an instant to state it at. */
export interface Deal {
  readonly terms: Terms;
  readonly shares: readonly ResultShare[];
  readonly also: Also;
  readonly asOf: number;
}

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: rare });

const lasting = { week: 30, month: 95, flight: 25 } as const;

interface Frame {
  readonly currency: string;
  readonly timeZone: string;
  readonly starts: string;
}

/** One version of terms that begins on a day. */
const version = (mix: Mix, { currency, timeZone, starts }: Frame): fc.Arbitrary<Terms> =>
  fc.constantFrom("week" as const, "week" as const, "month" as const, "flight" as const).chain((period) =>
    fc.record({ days: fc.integer({ min: 0, max: lasting[period] }), body: anyRule(mix, period) }).map(
      ({ days, body }) =>
        ({
          currency,
          timeZone,
          starts,
          ends: dayAfter(starts, days),
          period,
          results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
          attribution: { model: "last", windowDays: 30, house: "included" },
          timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
          ...body,
        }) as Terms,
    ),
  );

/** The days on which new terms may take effect: where a period begins, or any day but the first of a flight. */
const turns = (terms: Terms): readonly string[] => {
  if (terms.period !== "flight")
    return versionsOf([terms])[0]!
      .periods.slice(1)
      .map(({ starts }) => starts);
  const days: string[] = [];
  for (let day = dayAfter(terms.starts); day <= terms.ends; day = dayAfter(day)) days.push(day);
  return days;
};

const grown = (mix: Mix, versions: readonly Terms[], more: number): fc.Arbitrary<readonly Terms[]> => {
  const last = versions.at(-1)!;
  const days = turns(last);
  if (more === 0 || days.length === 0) return fc.constant(versions);
  return fc
    .constantFrom(...days)
    .chain((starts) => version(mix, { ...last, starts }))
    .chain((next) => grown(mix, [...versions, next], more - 1));
};

const anyVersions = (mix: Mix): fc.Arbitrary<readonly Terms[]> =>
  fc
    .record({
      currency: fc.constantFrom("USD", "JPY", "KWD"),
      timeZone: fc.constantFrom(...zones),
      starts: fc.integer({ min: 0, max: 420 }).map((count) => dayAfter("2025-09-20", count)),
    })
    .chain((frame) => version(mix, frame))
    .chain((terms) =>
      fc.integer({ min: mix.amended ? 1 : 0, max: mix.amended ? 2 : 0 }).chain((more) => grown(mix, [terms], more)),
    );

/** Where something can turn on a millisecond: the edges of periods and the ends of make-good windows. */
const edgesOf = (versions: readonly Terms[]): readonly number[] =>
  versionsOf(versions).flatMap(({ terms, periods }) =>
    periods.flatMap(({ from, until }) => [from, until, ...remedyDays(terms).map((days) => until + days * DAY)]),
  );

interface Calendar {
  readonly own: readonly Month[];
  readonly edges: readonly number[];
}

const onEdge = ({ edges }: Calendar): fc.Arbitrary<number> =>
  fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -1, max: 1 })).map(([edge, by]) => edge + by);

/** An instant of a contract, often one of the first days of a period, sometimes after its end. */
const inside = (calendar: Calendar): fc.Arbitrary<number> => {
  const somewhere = fc
    .tuple(fc.constantFrom(...calendar.own), fc.integer({ min: 0, max: 999 }))
    .map(([{ from, until }, part]) => from + Math.floor(((until - from) * part) / 1000));
  const early = fc
    .tuple(fc.constantFrom(...calendar.own, { from: calendar.own.at(-1)!.until }), fc.integer({ min: 0, max: 5 * 24 }))
    .map(([{ from }, hours]) => from + hours * HOUR);
  return fc.oneof(
    { weight: 5, arbitrary: somewhere },
    { weight: 4, arbitrary: early },
    { weight: 2, arbitrary: onEdge(calendar) },
  );
};

const after = (at: number, calendar: Calendar): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max: 40 * DAY }).map((by) => at + by),
    inside(calendar),
    onEdge(calendar),
  );

const permille = fc.oneof(fc.constant(1000), fc.constant(500), fc.integer({ min: 0, max: 1000 }));

const shareAt = (mix: Mix, calendar: Calendar, at: number) => {
  const late = after(at, calendar);
  const reversal = fc.record({ at: late, permille });
  const most = mix.late ? 2 : 1;
  return fc.record(
    {
      result: often(fc.constant("lead"), fc.constant("sale")),
      at: fc.constant(at),
      shareMicro: fc.oneof(
        fc.constant(1_000_000),
        fc.constant(1_000_000),
        fc.constantFrom(0, 1, 333_333, 500_000),
        fc.integer({ min: 0, max: 1_000_000 }),
      ),
      valueMinor: fc.oneof(fc.constantFrom(199, 1_000, 4_000), fc.integer({ min: 0, max: 6_000 })),
      state: fc.oneof(
        { weight: 12, arbitrary: fc.constant("counted" as const) },
        { weight: 1, arbitrary: fc.constantFrom("pending" as const, "rejected" as const) },
      ),
      countedAt: mix.late ? late : often(fc.constant(undefined), late),
      reversals: mix.late
        ? fc.array(reversal, { maxLength: most })
        : often(fc.array(reversal, { maxLength: 0 }), fc.array(reversal, { maxLength: most })),
      restated: mix.late ? anyRestated(late, most) : often(fc.constant([]), anyRestated(late, most)),
    },
    { requiredKeys: ["result", "at", "shareMicro", "state"] },
  );
};

/** One share of a conversion somewhere in a contract or just after it. */
export const anyShareOf = (mix: Mix, versions: readonly Terms[]): fc.Arbitrary<ResultShare> => {
  const calendar = calendarOf(versions);
  return inside(calendar)
    .chain((at) => shareAt(mix, calendar, at))
    .map((it) => ({ ...it, id: "one-more" }));
};

const calendarOf = (versions: readonly Terms[]): Calendar => ({
  own: versionsOf(versions).flatMap(({ periods }) => periods),
  edges: edgesOf(versions),
});

const anyRates = (calendar: Calendar) =>
  fc.uniqueArray(
    fc.integer({ min: 0, max: calendar.own.length - 1 }).chain((period) => {
      const { from, until } = calendar.own[period]!;
      return fc.record({
        period: fc.constant(period),
        at: often(
          fc.constant(until),
          after(from, calendar).map((at) => Math.max(at, from)),
        ),
        visits: fc.integer({ min: 0, max: 6 }),
        clicks: fc.integer({ min: 0, max: 6 }),
        engaged: fc.integer({ min: 0, max: 6 }),
      });
    }),
    { maxLength: calendar.own.length + 1, selector: ({ period, at }) => `${period} ${at}` },
  );

const anyAdjustments = (calendar: Calendar) => {
  const from = calendar.own[0]!.from;
  const one = fc.record({
    at: fc.oneof(inside(calendar), after(calendar.own.at(-1)!.until, calendar)).map((at) => Math.max(at, from)),
    amountMinor: fc.integer({ min: 1, max: 3_000 }).chain((most) => fc.constantFrom(most, -most)),
    code: fc.constantFrom("dispute" as const, "adjustment" as const),
    because: fc.constant("agreed"),
  });
  return fc
    .array(one, { maxLength: 3 })
    .map((all) => all.map((it, index) => ({ ...it, id: `adj-${(index * 2) % 3}` })));
};

/** Terms, evidence and an instant, of a mix. */
export const anyDeal = (mix: Mix): fc.Arbitrary<Deal> =>
  anyVersions(mix).chain((versions) => {
    const calendar = calendarOf(versions);
    const end = calendar.own.at(-1)!.until;
    return fc
      .record({
        shares: fc.array(
          inside(calendar).chain((at) => shareAt(mix, calendar, at)),
          { maxLength: 14, size: "max" },
        ),
        rates: mix.bonuses ? anyRates(calendar) : fc.constant([]),
        adjustments: mix.agreed ? anyAdjustments(calendar) : fc.constant([]),
        asOf: fc.oneof(
          onEdge(calendar),
          inside(calendar),
          fc.integer({ min: 0, max: 70 * DAY }).map((by) => end + by),
        ),
      })
      .map(({ shares, rates, adjustments, asOf }) => ({
        terms: versions[0]!,
        shares: shares.map((it, index) => ({ ...it, id: `cnv-${(index * 7) % 15}` })),
        also: { amendments: versions.slice(1), rates, adjustments },
        asOf,
      }));
  });
