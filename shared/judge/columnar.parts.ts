import { mingle } from "../kit/chance.ts";
import { WHOLE_MICRO } from "./attribution.ts";
import type { Journey } from "./columnar.journey.ts";

const FEW = 24;

/** Is the first of two places before the second: the larger remainder, then the lower key, then the order taken in. */
const isBefore = ({ rest, key }: Journey, a: number, b: number): boolean => {
  const [left, right] = [rest[a] ?? 0, rest[b] ?? 0];
  if (left !== right) return left > right;
  const [one, two] = [key[a] ?? 0, key[b] ?? 0];
  return one === two ? a < b : one < two;
};

const rank = (journey: Journey, tie: number): void => {
  const { count, key, order } = journey;
  for (let place = 0; place < count; place += 1) {
    key[place] = mingle(tie, journey.tie[place] ?? 0);
    order[place] = place;
  }
  if (count > FEW) {
    order.subarray(0, count).sort((a, b) => (isBefore(journey, a, b) ? -1 : 1));
    return;
  }
  for (let next = 1; next < count; next += 1) {
    let free = next;
    for (; free > 0 && isBefore(journey, next, order[free - 1] ?? 0); free -= 1) order[free] = order[free - 1] ?? 0;
    order[free] = next;
  }
};

/** Is it certain who is handed a unit, though remainders are known only to within `doubt`? Touches that weigh the same tie. */
const isCertain = ({ count, order, rest, weight }: Journey, left: number, doubt: number): boolean => {
  const last = order[left - 1] ?? 0;
  const edge = rest[last] ?? 0;
  if (edge - (rest[order[left] ?? 0] ?? 0) > 2 * doubt) return true;
  for (let place = 0; place < count; place += 1) {
    const isNear = Math.abs((rest[place] ?? 0) - edge) <= 2 * doubt;
    if (isNear && weight[place] !== weight[last]) return false;
  }
  return true;
};

/**
 * Hands `left` millionths over to the largest remainders `rest`, ties by the conversion's and the touch's together. False
 * and nothing handed over if, with remainders known to within `doubt`, another hand-over is possible.
 */
const handOver = (journey: Journey, tie: number, left: number, doubt: number): boolean => {
  if (left === 0) return true;
  rank(journey, tie);
  if (doubt > 0 && !isCertain(journey, left, doubt)) return false;
  for (let index = 0; index < left; index += 1) {
    const place = journey.order[index] ?? 0;
    journey.part[place] = (journey.part[place] ?? 0) + 1;
  }
  return true;
};

/** All to one touch. */
export const alone = (journey: Journey, place: number): void => {
  journey.part.fill(0, 0, journey.count);
  journey.part[place] = WHOLE_MICRO;
};

/** The same to every touch. */
export const evenly = (journey: Journey, tie: number): void => {
  const each = Math.floor(WHOLE_MICRO / journey.count);
  journey.part.fill(each, 0, journey.count);
  journey.rest.fill(0, 0, journey.count);
  handOver(journey, tie, WHOLE_MICRO - each * journey.count, 0);
};

/**
 * To every touch in proportion to its `weight`: whole numbers that sum to `total`. Exact while 10⁶ × the largest weight, and
 * the total, are below 2^53.
 */
export const byWeight = (journey: Journey, tie: number, total: number): void => {
  const { count, weight, part, rest } = journey;
  let left = WHOLE_MICRO;
  for (let place = 0; place < count; place += 1) {
    const whole = WHOLE_MICRO * (weight[place] ?? 0);
    // The quotient may be rounded up to a whole number.
    const near = Math.floor(whole / total);
    const quotient = near * total > whole ? near - 1 : near;
    part[place] = quotient;
    rest[place] = whole - quotient * total;
    left -= quotient;
  }
  handOver(journey, tie, left, 0);
};

/**
 * To every touch in proportion to its `weight`, which is known to within `doubt` of its part in millionths. False, and the
 * parts are not to be used, if the exact weights could share otherwise: a floor or the order of remainders is in doubt.
 */
export const roughly = (journey: Journey, tie: number, total: number, doubt: number): boolean => {
  const { count, weight, part, rest } = journey;
  let left = WHOLE_MICRO;
  for (let place = 0; place < count; place += 1) {
    const exact = (WHOLE_MICRO * (weight[place] ?? 0)) / total;
    const floor = Math.floor(exact);
    const above = exact - floor;
    if (above > 1 - doubt || (above < doubt && floor > 0)) return false;
    part[place] = floor;
    rest[place] = above;
    left -= floor;
  }
  return handOver(journey, tie, left, doubt);
};
