import type { Curve, Mark } from "./simulate.curve.ts";
import type { PeriodPicture, Quantiles } from "./simulate.ts";

/** From a value to a place on a line, both linear; places have one decimal. */
export type Scale = (value: number) => number;

/** The line from `from` to `to`, laid on the places from `start` to `end`. */
export const scaleOf =
  (from: number, to: number, start: number, end: number): Scale =>
  (value) =>
    Math.round((start + ((value - from) / (to - from || 1)) * (end - start)) * 10) / 10;

/** Round values from at or below `least` to at or above `most`, about `count` of them: steps of 1, 2 or 5 times a power of ten, whole numbers. */
export const ticks = (least: number, most: number, count: number): readonly number[] => {
  const wanted = Math.max(1, (most - least) / Math.max(1, count));
  let power = 1;
  while (power * 10 <= wanted) power *= 10;
  const step = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= wanted) ?? power * 10;
  const first = Math.floor(least / step);
  const last = Math.max(Math.ceil(most / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
};

/** The corners of a picture's plane, in its own units: y grows downwards. */
export interface Plane {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A curve over a plane: where its axes have their ticks, the line and the area under it, and its marks. */
export interface CurvePlot {
  readonly x: Scale;
  readonly y: Scale;
  readonly across: readonly number[];
  readonly up: readonly number[];
  readonly line: string;
  readonly area: string;
  readonly marks: readonly (Mark & { readonly x: number })[];
}

const TICKS_UP = 4;
const ROOM = 90;

const joined = (places: readonly (readonly [number, number])[]): string =>
  places.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");

/** Lay a curve on a plane. Pay is shown from zero, or from below it where something is owed. */
export const curvePlot = ({ points, marks }: Curve, { left, right, top, bottom }: Plane): CurvePlot => {
  const pay = points.map(({ amountMinor }) => amountMinor);
  const most = points.at(-1)?.volume ?? 1;
  const up = ticks(Math.min(0, ...pay), Math.max(1, ...pay), TICKS_UP);
  const x = scaleOf(0, most, left, right);
  const y = scaleOf(up[0] ?? 0, up.at(-1) ?? 1, bottom, top);
  const across = ticks(0, most, Math.max(2, (right - left) / ROOM)).filter((it) => it <= most);
  const line = joined(points.map(({ volume, amountMinor }) => [x(volume), y(amountMinor)] as const));
  const area = `${line}L${x(most)} ${y(0)}L${x(0)} ${y(0)}Z`;
  return {
    x,
    y,
    across,
    up,
    line,
    area,
    marks: marks.filter((it) => it.volume <= most).map((it) => ({ ...it, x: x(it.volume) })),
  };
};

/** A fan over periods: what has been earned by each one's end in one run of ten, half of them, and nine of ten. */
export interface FanPlot {
  readonly y: Scale;
  readonly up: readonly number[];
  readonly places: readonly number[];
  readonly band: string;
  readonly middle: string;
}

/** Lay a fan on a plane: it opens at nothing, before the first period. */
export const fanPlot = (periods: readonly PeriodPicture[], { left, right, top, bottom }: Plane): FanPlot => {
  const all = periods.map(({ soFarMinor }) => soFarMinor);
  const edges = all.flatMap(({ p10, p90 }) => [p10, p90]);
  const up = ticks(Math.min(0, ...edges), Math.max(1, ...edges), TICKS_UP);
  const y = scaleOf(up[0] ?? 0, up.at(-1) ?? 1, bottom, top);
  const x = scaleOf(0, periods.length, left, right);
  const along = (of: (it: Quantiles) => number): readonly (readonly [number, number])[] => [
    [x(0), y(0)],
    ...all.map((it, index) => [x(index + 1), y(of(it))] as const),
  ];
  const band = `${joined([...along(({ p90 }) => p90), ...[...along(({ p10 }) => p10)].reverse()])}Z`;
  return { y, up, places: periods.map((_, index) => x(index + 1)), band, middle: joined(along(({ p50 }) => p50)) };
};

/** What each kind of mark is called. */
export const markTitles: Readonly<Record<Mark["kind"], string>> = {
  step: "step",
  condition: "condition met",
  bonus: "bonus",
  target: "target",
  tolerated: "tolerated target",
  cap: "cap",
};

/** How often, of `of` times, something of this many millionths comes: for a row of dots. At least once when it is possible, never all while it may not be. */
export const timesOf = (micro: number, of: number): number => {
  if (micro <= 0) return 0;
  if (micro >= 1_000_000) return of;
  return Math.min(of - 1, Math.max(1, Math.round((micro * of) / 1_000_000)));
};
