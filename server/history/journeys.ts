import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import {
  type ConversionColumns,
  HOUSE_PLACE,
  type Paths,
  type TouchColumns,
  touchKinds,
} from "../../shared/judge/columns.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { LogColumns } from "./event-columns.ts";

/** Where journeys pass: the place of a payee, or what stands for those that are not told apart. */
export type Stop = number | "others" | "several" | "none" | "nobody";

/** Journeys that began, went on and ended alike, and what they came to. */
export interface Flow {
  readonly first: Stop;
  readonly middle: Stop;
  readonly last: Stop;
  readonly converted: number;
  readonly lapsed: number;
}

/** Journeys from `from` up to, not including, `until` (null: and beyond). */
export interface Bar {
  readonly from: number;
  readonly until: number | null;
  readonly converted: number;
  readonly lapsed: number;
}

/** What the journeys of a file look like, whoever is credited with them. */
export interface Journeys {
  readonly converted: number;
  readonly lapsed: number;
  readonly flows: readonly Flow[];
  /** By how many touches they had. */
  readonly lengths: readonly Bar[];
  /** Conversions by days since the journey's first touch; nothing where there is no clock. */
  readonly lags: readonly Bar[] | undefined;
  /** On how many journeys each payee was, by place. */
  readonly met: Float64Array;
}

const MOST_TOLD_APART = 6;
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;
const LAG_DAYS = [0, 1, 2, 3, 5, 8, 15, 31, 61, 91] as const;

const barsOf = (bounds: readonly number[]) => {
  const converted = new Float64Array(bounds.length);
  const lapsed = new Float64Array(bounds.length);
  return {
    put: (value: number, conversions: number, nulls: number): void => {
      const bar = bounds.findLastIndex((bound) => bound <= value);
      converted[bar] = (converted[bar] ?? 0) + conversions;
      lapsed[bar] = (lapsed[bar] ?? 0) + nulls;
    },
    bars: (): readonly Bar[] =>
      bounds.map((from, bar) => ({
        from,
        until: bounds[bar + 1] ?? null,
        converted: converted[bar] ?? 0,
        lapsed: lapsed[bar] ?? 0,
      })),
  };
};

const eachPath = (
  { begins, steps, conversions, nulls }: Paths,
  visit: (path: Int32Array, converted: number, lapsed: number) => void,
): void => {
  for (let path = 0; path < begins.length - 1; path += 1) {
    const [converted, lapsed] = [conversions[path] ?? 0, nulls[path] ?? 0];
    if (converted + lapsed > 0) visit(steps.subarray(begins[path], begins[path + 1]), converted, lapsed);
  }
};

const metOn = (paths: Paths): Float64Array => {
  const met = new Float64Array(paths.payees);
  eachPath(paths, (path, converted, lapsed) => {
    for (const payee of new Set(path)) met[payee] = (met[payee] ?? 0) + converted + lapsed;
  });
  return met;
};

const stopsOf = (path: Int32Array, isTold: (payee: number) => boolean): readonly [Stop, Stop, Stop] => {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return ["nobody", "none", "nobody"];
  const told = (payee: number): Stop => (isTold(payee) ? payee : "others");
  const between = new Set(Array.from(path.subarray(1, -1), told));
  const [one, another] = between;
  const middle = another === undefined ? (one ?? "none") : "several";
  return [told(first), middle, told(last)];
};

const flowsOf = (paths: Paths, met: Float64Array): readonly Flow[] => {
  const order = Array.from(met.keys()).sort((a, b) => (met[b] ?? 0) - (met[a] ?? 0) || a - b);
  const told = new Set(order.filter((payee) => (met[payee] ?? 0) > 0).slice(0, MOST_TOLD_APART));
  const flows = new Map<string, { stops: readonly [Stop, Stop, Stop]; converted: number; lapsed: number }>();
  eachPath(paths, (path, converted, lapsed) => {
    const stops = stopsOf(path, (payee) => told.has(payee));
    const flow = flows.get(stops.join(" ")) ?? { stops, converted: 0, lapsed: 0 };
    flow.converted += converted;
    flow.lapsed += lapsed;
    flows.set(stops.join(" "), flow);
  });
  return [...flows.values()].map(({ stops: [first, middle, last], ...counts }) => ({ first, middle, last, ...counts }));
};

/** Rows by visitor: those of visitor v are `rows` from `begins[v]` up to `begins[v + 1]`, in order. */
const byVisitor = (visitor: Int32Array, visitors: number) => {
  const begins = new Int32Array(visitors + 1);
  for (const who of visitor) begins[who + 1] = (begins[who + 1] ?? 0) + 1;
  for (let who = 0; who < visitors; who += 1) begins[who + 1] = (begins[who + 1] ?? 0) + (begins[who] ?? 0);
  const free = begins.slice();
  const rows = new Int32Array(visitor.length);
  visitor.forEach((who, row) => {
    rows[free[who] ?? 0] = row;
    free[who] = (free[who] ?? 0) + 1;
  });
  return (who: number): Int32Array => rows.subarray(begins[who], begins[who + 1]);
};

/** When each conversion's visitor converted so before; −∞ where never, or where that does not matter. */
const sinceOf = ({ visitor, at, result, count }: ConversionColumns, { after }: AttributionTerms): Float64Array => {
  const since = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  if (after !== "restart") return since;
  const order = Array.from({ length: count }, (_, row) => row).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0) || a - b);
  const last = new Map<string, number>();
  for (const row of order) {
    const key = `${visitor[row]} ${result[row]}`;
    since[row] = last.get(key) ?? Number.NEGATIVE_INFINITY;
    last.set(key, at[row] ?? 0);
  }
  return since;
};

const VIEW = touchKinds.indexOf("view");

/** From when on a touch of either kind is eligible, and until when. */
interface Span {
  readonly from: number;
  readonly seenFrom: number;
  readonly until: number;
}

const firstOf = (
  { at, kind, payee }: TouchColumns,
  own: Int32Array,
  { from, seenFrom, until }: Span,
  house: boolean,
) => {
  let first = Number.POSITIVE_INFINITY;
  for (const touch of own) {
    const when = at[touch] as number;
    if (when < from || when > until || when >= first) continue;
    const isSeen = kind[touch] !== VIEW || when >= seenFrom;
    if (isSeen && (house || payee[touch] !== HOUSE_PLACE)) first = when;
  }
  return first;
};

/** How many conversions came so many days after their journey's first touch: the first that counts is the first eligible. */
export const lagsOf = ({ touches, conversions }: LogColumns, terms: AttributionTerms): readonly Bar[] => {
  const { put, bars } = barsOf(LAG_DAYS);
  const since = sinceOf(conversions, terms);
  let visitors = 0;
  for (const { visitor } of [touches, conversions]) for (const who of visitor) visitors = Math.max(visitors, who + 1);
  const touchesOf = byVisitor(touches.visitor, visitors);
  const [windowMs, viewMs] = [terms.windowDays, terms.viewDays ?? 0].map((days) => Math.round(days * DAY_MS));
  for (let row = 0; row < conversions.count; row += 1) {
    const until = conversions.at[row] as number;
    const span = {
      // Instants are whole, so that the next one is the first after.
      from: Math.max(until - (windowMs ?? 0), (since[row] as number) + 1),
      seenFrom: terms.viewDays === undefined ? Number.POSITIVE_INFINITY : until - (viewMs ?? 0),
      until,
    };
    const first = firstOf(touches, touchesOf(conversions.visitor[row] as number), span, terms.house === "included");
    if (first <= until) put(Math.floor((until - first) / DAY_MS), 1, 0);
  }
  return bars();
};

/** What these paths look like; `lags` are of the log they were found in. */
export const journeysIn = (paths: Paths, lags: readonly Bar[] | undefined): Journeys => {
  const { put, bars } = barsOf(LENGTHS);
  let [converted, lapsed] = [0, 0];
  eachPath(paths, (path, conversions, nulls) => {
    put(path.length, conversions, nulls);
    converted += conversions;
    lapsed += nulls;
  });
  const met = metOn(paths);
  return { converted, lapsed, flows: flowsOf(paths, met), lengths: bars(), lags, met };
};
