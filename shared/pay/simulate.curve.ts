import type { Terms } from "../contract/terms.ts";
import type { Rates } from "../judge/reward.ts";
import { present } from "../kit/shape.ts";
import { addDays, DAY_MS, lastOfMonth, type Period, periodsOf, type Span } from "../kit/time.ts";
import { windowDays } from "./deal.ts";
import { pricer } from "./simulate.pricing.ts";
import { decisive, type Expectation } from "./simulate.wish.ts";
import type { ResultShare } from "./statement.ts";

/**
 * What so many results pay: `volume` whole results, `amountMinor` what the law pays for them; of that `remedyMinor` less
 * because of the guarantee and `cutMinor` less because of caps (both positive).
 */
export interface Point {
  readonly volume: number;
  readonly amountMinor: number;
  readonly remedyMinor: number;
  readonly cutMinor: number;
}

/** A volume at which something in the terms begins to hold, and where in them it stands. */
export interface Mark {
  readonly volume: number;
  readonly kind: "step" | "condition" | "bonus" | "target" | "tolerated" | "cap";
  readonly at: string;
}

/**
 * Pay over the volume of one result, each point priced by the law itself. `over` a period: one whole period by itself;
 * `over` the flight: the whole contract, its volume spread evenly over its days. The other results stand at what is
 * expected of them. `falls` are the volumes that pay less than one result fewer.
 */
export interface Curve {
  readonly result: string;
  readonly over: "period" | "flight";
  readonly terms: Terms;
  readonly others: readonly { readonly result: string; readonly count: number; readonly valueMinor: number }[];
  readonly valueMinor: number;
  readonly rates: Rates | undefined;
  readonly points: readonly Point[];
  readonly marks: readonly Mark[];
  readonly falls: readonly { readonly volume: number; readonly byMinor: number }[];
}

const MICRO = 1_000_000;
const WHOLE_BP = 10_000;
const MOST_POINTS = 400;
const MOST_FLIGHT_POINTS = 80;
const LEAST_REACH = 10;
const FARTHEST = 4;

const isWhole = (terms: Terms, { starts, ends }: Period): boolean => {
  if (terms.period === "flight") return true;
  if (terms.period === "month") return starts.endsWith("-01") && ends === lastOfMonth(starts);
  return addDays(starts, 6) === ends;
};

/** What is paid once, in the first period, is no pay of a later one. */
const withoutOnce = (terms: Terms): Terms => ({
  ...terms,
  pay: terms.pay.map((rule) => (rule.rule === "fixed" && rule.per === "flight" ? { ...rule, amountMinor: 0 } : rule)),
});

const guarantee = (terms: Terms): Pick<Terms, "guarantee"> => {
  if (!terms.guarantee) return {};
  const isOverMore = terms.guarantee.per === "flight" && terms.period !== "flight";
  return isOverMore ? { guarantee: { ...terms.guarantee, remedy: { kind: "none" } } } : { guarantee: terms.guarantee };
};

/**
 * The terms of one whole period alone: the first that is whole, or the first. A guarantee over a longer flight is not
 * judged in it, and what is paid only in the first period belongs to it only if it is the first.
 */
export const periodTerms = (terms: Terms): Terms => {
  const periods = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);
  if (periods.length === 1) return terms;
  const chosen = periods.find((it) => isWhole(terms, it)) ?? present(periods[0], "the first period");
  const { starts, ends, index } = chosen;
  const one = { ...terms, starts, ends, ...guarantee(terms) };
  return index === 0 ? one : withoutOnce(one);
};

/** The same terms with a guarantee that costs nothing. */
export const withoutRemedy = (terms: Terms): Terms =>
  terms.guarantee ? { ...terms, guarantee: { ...terms.guarantee, remedy: { kind: "none" } } } : terms;

/** The caps a curve shows the bite of: a flight's own, or those of a period; a cap on single results is part of the price. */
const bitesOf = ({ caps }: Terms, over: Curve["over"]): readonly ("perPeriodMinor" | "totalMinor")[] => {
  const { perPeriodMinor: period = Number.POSITIVE_INFINITY, totalMinor: total = Number.POSITIVE_INFINITY } =
    caps ?? {};
  if (over === "flight") return total < Number.POSITIVE_INFINITY ? ["totalMinor"] : [];
  if (period === total && period === Number.POSITIVE_INFINITY) return [];
  return period <= total ? ["perPeriodMinor", "totalMinor"] : ["totalMinor", "perPeriodMinor"];
};

const without = (terms: Terms, caps: readonly string[]): Terms => ({
  ...terms,
  caps: Object.fromEntries(Object.entries(terms.caps ?? {}).filter(([name]) => !caps.includes(name))),
});

/** Whole results, one after another in equal parts of some spans by their length, each in the middle of its span. */
const spread = (spans: readonly Span[], volume: number): readonly { readonly at: number; readonly count: number }[] => {
  const [first, last] = [present(spans[0], "a span"), present(spans.at(-1), "a span")];
  const length = last.until - first.from;
  const upTo = (at: number): number => Math.floor((volume * (at - first.from)) / length);
  return spans.map(({ from, until }) => ({ at: Math.floor((from + until) / 2), count: upTo(until) - upTo(from) }));
};

/** The spans results are told in: periods, or their days where a window of make-good makes the day matter. */
const spansOf = (periods: readonly Period[], isDaily: boolean): readonly Span[] =>
  isDaily && periods.length > 1
    ? periods.flatMap(({ from, until }) => {
        const parts = Math.max(1, Math.round((until - from) / DAY_MS));
        const edge = (part: number): number => from + Math.floor(((until - from) * part) / parts);
        return Array.from({ length: parts }, (_, part) => ({ from: edge(part), until: edge(part + 1) }));
      })
    : periods;

const likeShares = (
  spans: readonly Span[],
  { result, count, valueMinor }: { readonly result: string; readonly count: number; readonly valueMinor: number },
): readonly ResultShare[] =>
  spread(spans, count).flatMap((it) =>
    it.count === 0
      ? []
      : [{ id: `${result}-${it.at}`, result, at: it.at, shareMicro: it.count * MICRO, valueMinor, state: "counted" }],
  );

/** Prices any volume of a curve as the statement law does when nothing is open any more. */
export const pricing = (curve: Pick<Curve, "result" | "others" | "valueMinor" | "rates">, terms: Terms) => {
  const periods = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);
  const spans = spansOf(periods, windowDays(terms.guarantee?.remedy) > 0);
  const others = curve.others.flatMap((it) => likeShares(spans, it));
  const price = pricer(terms, curve.rates);
  const { result, valueMinor } = curve;
  return (volume: number): number =>
    price([...others, ...likeShares(spans, { result, count: volume, valueMinor })]).totalMinor;
};

const up = (top: number, bottom: number): number => Number((BigInt(top) + BigInt(bottom) - 1n) / BigInt(bottom));

const ruleMarks = (terms: Terms, result: string, valueMinor: number): readonly Mark[] => {
  const inCount = (measure: "count" | "value" | undefined, from: number): readonly number[] => {
    if (measure !== "value") return [from];
    return valueMinor > 0 ? [up(from, valueMinor)] : [];
  };
  return terms.pay.flatMap((rule, index): readonly Mark[] => {
    const at = `/pay/${index}`;
    if (rule.rule === "fixed")
      return [rule.ifAtLeast ?? []]
        .flat()
        .flatMap((it) =>
          it.result === result ? [{ volume: it.count, kind: "condition", at: `${at}/ifAtLeast` }] : [],
        );
    if (rule.rule === "tiered" && rule.result === result)
      return rule.steps.flatMap(({ from }, step) =>
        from > 0
          ? inCount(rule.measure, from).map((volume) => ({ volume, kind: "step", at: `${at}/steps/${step}` }))
          : [],
      );
    if (rule.rule !== "bonus" || rule.when.result !== result) return [];
    const { atLeastPctOfTarget: percent, atLeast, measure } = rule.when;
    const target = terms.guarantee?.result === result ? terms.guarantee.target : undefined;
    const volumes =
      percent !== undefined && target !== undefined
        ? [Number((BigInt(percent) * BigInt(target) + 99n) / 100n)]
        : inCount(measure, atLeast ?? 0);
    return volumes.map((volume) => ({ volume, kind: "bonus", at }));
  });
};

const guaranteeMarks = ({ guarantee: it }: Terms, result: string): readonly Mark[] => {
  if (it?.result !== result) return [];
  const tolerated = Number((BigInt(it.target) * BigInt(WHOLE_BP - (it.toleranceBp ?? 0)) + 9_999n) / 10_000n);
  const target: Mark = { volume: it.target, kind: "target", at: "/guarantee/target" };
  return tolerated === it.target
    ? [target]
    : [{ volume: tolerated, kind: "tolerated", at: "/guarantee/toleranceBp" }, target];
};

/** Where on the axis of one result the terms change what they do, in order of volume. */
export const marksOf = (terms: Terms, result: string, valueMinor: number): readonly Mark[] =>
  [...ruleMarks(terms, result, valueMinor), ...guaranteeMarks(terms, result)]
    .filter(({ volume }) => volume > 0)
    .sort((a, b) => a.volume - b.volume);

/** How far a curve reaches: two and a half times what is promised or expected, and a little beyond the last mark unless that is far out. */
const reachOf = (marks: readonly Mark[], mean: number): number => {
  const target = marks.find(({ kind }) => kind === "target")?.volume ?? 0;
  const base = Math.max(LEAST_REACH, Math.ceil(2.5 * target), Math.ceil(2.5 * mean));
  const near = marks.filter(({ volume }) => volume <= FARTHEST * base).at(-1)?.volume ?? 0;
  return Math.max(base, Math.ceil(near * 1.2));
};

const volumesTo = (reach: number, marks: readonly Mark[], most: number): readonly number[] => {
  const step = Math.max(1, Math.ceil(reach / most));
  const even = Array.from({ length: Math.floor(reach / step) + 1 }, (_, index) => index * step);
  const around = marks.flatMap(({ volume }) => [volume - 1, volume, volume + 1]).filter((it) => it <= reach);
  return [...new Set([...even, ...around, reach])].sort((a, b) => a - b);
};

const POINTS_AT_ONCE = 20;

function* pointsOf(
  curve: Omit<Curve, "points" | "falls">,
  volumes: readonly number[],
): Generator<void, readonly Point[], void> {
  const { terms } = curve;
  const price = pricing(curve, terms);
  const isBound = terms.guarantee !== undefined && terms.guarantee.remedy.kind !== "none";
  const gross = isBound ? pricing(curve, withoutRemedy(terms)) : price;
  const bites = bitesOf(terms, curve.over);
  const uncut = bites.length > 0 ? pricing(curve, without(withoutRemedy(terms), bites)) : gross;
  const points: Point[] = [];
  for (const volume of volumes) {
    const amountMinor = price(volume);
    const before = gross === price ? amountMinor : gross(volume);
    const wide = uncut === gross ? before : uncut(volume);
    points.push({ volume, amountMinor, remedyMinor: before - amountMinor, cutMinor: wide - before });
    if (points.length % POINTS_AT_ONCE === 0) yield;
  }
  return points;
}

const fallsIn = (points: readonly Point[]): Curve["falls"] =>
  points.flatMap((point, index) => {
    const before = points[index - 1];
    if (!before || before.volume !== point.volume - 1 || point.amountMinor >= before.amountMinor) return [];
    return [{ volume: point.volume, byMinor: before.amountMinor - point.amountMinor }];
  });

const capMark = (points: readonly Point[], bites: readonly string[]): readonly Mark[] => {
  const first = points.find(({ cutMinor }) => cutMinor > 0);
  return first ? [{ volume: first.volume, kind: "cap", at: `/caps/${bites[0]}` }] : [];
};

/** What a curve is drawn of: over which span of which terms, for which result, and what else is expected in how many periods. */
interface Axis {
  readonly over: Curve["over"];
  readonly terms: Terms;
  readonly result: string;
  readonly per: readonly Expectation[];
  readonly times: number;
  readonly rates: Rates | undefined;
}

function* curveOf({ over, terms, result, per, times, rates }: Axis): Generator<void, Curve, void> {
  const expected = (name: string) => per.find((it) => it.result === name);
  const count = (name: string): number => Math.round(((expected(name)?.meanMicro ?? 0) / MICRO) * times);
  const others = Object.keys(terms.results)
    .filter((name) => name !== result && count(name) > 0)
    .map((name) => ({ result: name, count: count(name), valueMinor: expected(name)?.valueMinor ?? 0 }));
  const valueMinor = expected(result)?.valueMinor ?? 0;
  // What the terms ask of a period stands on the period's axis, what they ask of a whole flight on the flight's.
  const asksHere = ({ at }: Mark): boolean =>
    terms.period === "flight" || (at.startsWith("/guarantee") ? terms.guarantee?.per : "period") === over;
  const marks = marksOf(terms, result, valueMinor).filter(asksHere);
  const bare = { result, over, terms, others, valueMinor, rates, marks };
  const most = over === "period" ? MOST_POINTS : MOST_FLIGHT_POINTS;
  const points = yield* pointsOf(bare, volumesTo(reachOf(marks, count(result)), marks, most));
  return { ...bare, points, falls: fallsIn(points), marks: [...marks, ...capMark(points, bitesOf(terms, over))] };
}

/** A curve being made in small parts. */
export type CurveWork = Generator<void, Curve, void>;

/**
 * The curves of a contract, each begun when asked for and made in small parts: over one period for every result that
 * decides pay, and over the whole contract for the first of them where it has more periods than one.
 */
export const curveWorks = (
  terms: Terms,
  per: readonly Expectation[],
  rates: Rates | undefined,
): readonly (() => CurveWork)[] => {
  const one = periodTerms(terms);
  const results = decisive(terms);
  const times = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone).length;
  const period = results.map((result) => () => curveOf({ over: "period", terms: one, result, per, times: 1, rates }));
  const [main] = results;
  if (main === undefined || one === terms) return period;
  return [...period, () => curveOf({ over: "flight", terms, result: main, per, times, rates })];
};

const finished = (work: CurveWork): Curve => {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};

/** The curves of a contract, all at once. */
export const curvesOf = (terms: Terms, per: readonly Expectation[], rates: Rates | undefined): readonly Curve[] =>
  curveWorks(terms, per, rates).map((begin) => finished(begin()));
