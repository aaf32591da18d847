import type { Intervals } from "../../shared/judge/bootstrap.ts";
import type { Comparison, Outcome } from "../history/comparison.ts";
import { signed } from "./figures.ts";
import { bdi, num, safe } from "./markup.ts";

const MOST_PAYEES = 12;

/** A measure drawn as bars: units for each place under an outcome, how to tell them, and parts of a whole with bounds. */
export interface Drawn {
  readonly title: string;
  readonly of: (outcome: Outcome) => readonly bigint[];
  readonly tell: (units: bigint) => string;
  /** Bounds of a learned model's parts, and what they are parts of. */
  readonly bounds: (outcome: Outcome) => Intervals | undefined;
  readonly whole: bigint;
}

/** Some payees drawn as one: those told apart by themselves, the rest together. */
interface Drawee {
  readonly name: string;
  readonly places: readonly number[];
}

const drawees = ({ order, names }: Comparison): readonly Drawee[] => {
  const told = order.length <= MOST_PAYEES + 1 ? order : order.slice(0, MOST_PAYEES);
  const rest = order.slice(told.length);
  const each = told.map((place) => ({ name: bdi(names[place] ?? ""), places: [place] }));
  return rest.length === 0 ? each : [...each, { name: `${rest.length} others together`, places: rest }];
};

/** One bar: its units, and between which bounds they lie. */
interface Bar {
  readonly units: bigint;
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

const barOf = ({ places }: Drawee, outcome: Outcome, { of, bounds, whole }: Drawn): Bar => {
  const units = places.reduce((sum, place) => sum + (of(outcome)[place] ?? 0n), 0n);
  const found = bounds(outcome);
  const [place] = places;
  // Bounds of several payees together are not the sum of their bounds.
  if (found === undefined || place === undefined || places.length > 1)
    return { units, lower: undefined, upper: undefined };
  return {
    units,
    lower: (found.lower[place] ?? 0) * Number(whole),
    upper: (found.upper[place] ?? 0) * Number(whole),
  };
};

const whisker = (from: number, to: number): string => {
  const path = `M${num(from)} 8H${num(to)}M${num(from)} 4V12M${num(to)} 4V12`;
  return `<path class="whisker halo" d="${path}" fill="none"/><path class="whisker" d="${path}" fill="none"/>`;
};

const drawing = (
  { units, lower, upper }: Bar,
  scale: (value: number) => number,
  kind: string,
  title: string,
): string => {
  const [zero, end] = [scale(0), scale(Number(units))];
  const bar = `<rect class="${kind}" x="${num(Math.min(zero, end))}" y="2" width="${num(Math.abs(end - zero))}" height="12"/>`;
  const line = lower === undefined || upper === undefined ? "" : whisker(scale(lower), scale(upper));
  const axis = `<path class="axis" d="M${num(zero)} 0V16"/>`;
  return `<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label="${safe(title)}">${bar}${axis}${line}</svg>`;
};

const scaleOver = (bars: readonly Bar[]): ((value: number) => number) => {
  const all = bars.flatMap(({ units, upper }) => [Number(units), upper ?? 0]);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  return (value) => (high === low ? 0 : ((value - low) / (high - low)) * 100);
};

const key = (made: Comparison, isBounded: boolean): string => {
  const [first] = made.outcomes;
  const item = (drawn: string, says: string): string =>
    `<li><svg viewBox="0 0 22 12" aria-hidden="true">${drawn}</svg>${says}</li>`;
  const bounded = isBounded
    ? item('<path class="whisker" d="M1 6H21M1 2V10M21 2V10" fill="none"/>', "95 % interval")
    : "";
  return `<ul class="key">${item('<rect class="base" width="22" height="12"/>', `${first?.model ?? ""}, compared with`)}${item('<rect class="other" width="22" height="12"/>', "other models")}${bounded}</ul>`;
};

/** A bar for each payee under each model: a table with pictures in it, so that it can be read aloud and on any screen. */
export const bars = (made: Comparison, drawn: Drawn): string => {
  const [first] = made.outcomes;
  const all = drawees(made).map((who) => ({
    who,
    rows: made.outcomes.map((outcome) => ({ outcome, bar: barOf(who, outcome, drawn) })),
  }));
  const scale = scaleOver(all.flatMap(({ rows }) => rows.map(({ bar }) => bar)));
  const groups = all.map(({ who, rows }) => {
    const before = rows[0]?.bar.units ?? 0n;
    const lines = rows.map(({ outcome, bar }) => {
      const kind = outcome === first ? "base" : "other";
      const change = outcome === first ? "" : safe(signed(drawn.tell, bar.units - before));
      const title = `${outcome.model}: ${drawn.tell(bar.units)}`;
      return `<tr><td>${safe(outcome.model)}</td><td class="bar">${drawing(bar, scale, kind, title)}</td><td>${safe(drawn.tell(bar.units))}</td><td>${change}</td></tr>`;
    });
    return `<tbody class="who"><tr><th scope="rowgroup" colspan="4">${who.name}</th></tr>${lines.join("")}</tbody>`;
  });
  const isBounded = all.some(({ rows }) => rows.some(({ bar }) => bar.lower !== undefined));
  return `${key(made, isBounded)}<table class="bars"><colgroup><col class="name"><col><col class="amount"><col class="change"></colgroup><thead><tr><th scope="col">model</th><th scope="col"></th><th scope="col">${safe(drawn.title)}</th><th scope="col">change</th></tr></thead>${groups.join("")}</table>`;
};
