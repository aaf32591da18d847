import { DAY_MS } from "../kit/time.ts";
import type { AttributionTerms } from "./attribution.ts";
import { HOUSE_VISIT, SEEN } from "./columnar.packing.ts";
import type { OwnConversions, OwnTouches } from "./columnar.visitors.ts";
import { SITTING_MS } from "./journey.ts";

/** The touches of one conversion that count, in order: places 0 to `count` − 1, and room to share by. The next overwrites them. */
export interface Journey {
  count: number;
  readonly at: Float64Array;
  readonly payee: Int32Array;
  readonly tie: Int32Array;
  /** When each milestone was first reached; −∞ for one that was not. */
  readonly reached: Float64Array;
  /** What each touch gets, in millionths. */
  readonly part: Int32Array;
  readonly weight: Float64Array;
  readonly rest: Float64Array;
  readonly key: Float64Array;
  readonly order: Int32Array;
}

/** An empty journey with room for so many touches. */
export const journeyOf = (room: number, milestones: number): Journey => ({
  count: 0,
  at: new Float64Array(room),
  payee: new Int32Array(room),
  tie: new Int32Array(room),
  reached: new Float64Array(milestones),
  part: new Int32Array(room),
  weight: new Float64Array(room),
  rest: new Float64Array(room),
  key: new Float64Array(room),
  order: new Int32Array(room),
});

/**
 * Lays out what counts of the touches from one place up to another, as `journeyTo` does: what was only seen before
 * `seenFrom` is left out, and sittings are one touch.
 */
export const settle = (own: OwnTouches, from: number, to: number, seenFrom: number, into: Journey): void => {
  let count = 0;
  let payee = -1;
  let link = -1;
  let repeatedAt = Number.NEGATIVE_INFINITY;
  let visitedAt = Number.NEGATIVE_INFINITY;
  for (let place = from; place < to; place += 1) {
    const at = own.at[place] ?? 0;
    const mark = own.mark[place] ?? 0;
    if (mark === SEEN && at < seenFrom) continue;
    if (mark === HOUSE_VISIT) {
      if (at - visitedAt <= SITTING_MS) {
        visitedAt = at;
        continue;
      }
    } else if (own.payee[place] === payee && own.link[place] === link && at - repeatedAt <= SITTING_MS) {
      repeatedAt = at;
      continue;
    }
    payee = own.payee[place] ?? 0;
    link = own.link[place] ?? 0;
    repeatedAt = at;
    visitedAt = at;
    into.at[count] = at;
    into.payee[count] = payee;
    into.tie[count] = own.tie[place] ?? 0;
    count += 1;
  }
  into.count = count;
};

/** What journeys depend on: the terms, and which results are their milestones. */
export interface Ways {
  readonly terms: AttributionTerms;
  readonly milestones: readonly number[];
}

/** Finds the journey of one conversion after another of one visitor, in order of time. */
export type Walk = (touches: OwnTouches, conversions: OwnConversions, index: number) => void;

/** When the visitor last converted so before. */
const lastBefore = ({ at, result }: OwnConversions, index: number): number => {
  let place = index - 1;
  while (place >= 0 && result[place] !== result[index]) place -= 1;
  return place < 0 ? Number.NEGATIVE_INFINITY : (at[place] ?? 0);
};

/** When each milestone was first reached from `opensAt` on, and later than `after`. */
const reach = (
  own: OwnConversions,
  index: number,
  { opensAt, after }: { readonly opensAt: number; readonly after: number },
  ways: Ways,
  reached: Float64Array,
): void => {
  reached.fill(Number.NEGATIVE_INFINITY);
  const at = own.at[index] ?? 0;
  // Backwards, so that the first of each kind is the last one noted.
  let place = index;
  while (place + 1 < own.count && own.at[place + 1] === at) place += 1;
  for (; place >= 0 && (own.at[place] ?? 0) >= opensAt && (own.at[place] ?? 0) > after; place -= 1) {
    for (let milestone = 0; milestone < reached.length; milestone += 1) {
      if (ways.milestones[milestone] === own.result[place]) reached[milestone] = own.at[place] ?? 0;
    }
  }
};

/** How far back a conversion looks, in ms. */
export const windowMsOf = ({ windowDays }: AttributionTerms): number => Math.round(windowDays * DAY_MS);

/** How to walk: each call lays the journey of the visitor's next conversion out in `into`. Call it for every index in turn. */
export const walkOf = (ways: Ways, into: Journey): Walk => {
  const { viewDays } = ways.terms;
  const windowMs = windowMsOf(ways.terms);
  const viewMs = viewDays === undefined ? 0 : Math.round(viewDays * DAY_MS);
  const restarts = ways.terms.after === "restart";
  let from = 0;
  let to = 0;
  return (touches, own, index) => {
    const at = own.at[index] ?? 0;
    const opensAt = at - windowMs;
    const after = restarts ? lastBefore(own, index) : Number.NEGATIVE_INFINITY;
    if (index === 0) {
      from = 0;
      to = 0;
    }
    while (to < touches.count && (touches.at[to] ?? 0) <= at) to += 1;
    while (from < to && (touches.at[from] ?? 0) < opensAt) from += 1;
    let start = from;
    while (start < to && (touches.at[start] ?? 0) <= after) start += 1;
    settle(touches, start, to, at - viewMs, into);
    if (into.reached.length > 0) reach(own, index, { opensAt, after }, ways, into.reached);
  };
};
