import type { Remedy } from "../contract/terms.ts";
import type { Rates } from "../judge/reward.ts";
import { DAY_MS, type Period } from "../kit/time.ts";
import { type Change, changesOf } from "./change.ts";
import { afterlifeMs, type Deal, type Stretch, stretchOf } from "./deal.ts";
import type { ResultShare } from "./statement.ts";
import { changed, noSums, type Piece, type Sums } from "./sums.ts";
import type { Knowledge } from "./whole.ts";

/** The rates of one period as they were measured at some instant. */
export interface MeasuredRates extends Rates {
  readonly period: number;
  readonly at: number;
}

/** A span in which results may make good a shortfall of the period at `index`. */
export interface Window {
  readonly index: number;
  readonly from: number;
  readonly until: number;
}

/** Something that may change what is known of periods already stated. */
export type Event =
  | { readonly what: "window-ended"; readonly at: number; readonly window: Window }
  | { readonly what: "measured"; readonly at: number; readonly rates: MeasuredRates }
  | { readonly what: "changed"; readonly at: number; readonly change: Change };

const windowsFrom = (remedy: Remedy | undefined, from: number, index: number): readonly Window[] => {
  if (!remedy) return [];
  if (remedy.kind !== "makeGood") return windowsFrom(remedy.then, from, index);
  const until = from + (remedy.days ?? 0) * DAY_MS;
  return [{ index, from, until }, ...windowsFrom(remedy.then, until, index)];
};

const windowsIn = ({ terms, periods }: Stretch): readonly Window[] => {
  const whole = terms.guarantee?.per === "flight" ? periods.slice(-1) : periods;
  return whole.flatMap(({ index, until }) => windowsFrom(terms.guarantee?.remedy, until, index));
};

/** Every window in which a shortfall of the contract may be made good. */
export const windowsOf = ({ stretches }: Deal): readonly Window[] => stretches.flatMap(windowsIn);

/** Which results may make good something, by name. */
const guaranteed = ({ stretches }: Deal): ReadonlySet<string> =>
  new Set(
    stretches.flatMap(({ terms }) => (afterlifeMs(terms) > 0 && terms.guarantee ? [terms.guarantee.result] : [])),
  );

const ranks = { "window-ended": 0, measured: 1, changed: 2 } as const;

/** Rates measured at the very end of their period belong to it still. */
const measured = ({ periods }: Deal, rates: MeasuredRates): Event => {
  const until = periods[rates.period]?.until;
  return { what: "measured", at: rates.at === until ? until - 1 : rates.at, rates };
};

/**
 * What became known about a contract by `asOf`, in order: at one instant first the windows that end, then the rates
 * measured, then the conversions by id.
 */
export const eventsOf = (
  deal: Deal,
  shares: readonly ResultShare[],
  rates: readonly MeasuredRates[],
  asOf: number,
): readonly Event[] => {
  const windows = windowsOf(deal);
  const results = guaranteed(deal);
  const matters = ({ result, at }: ResultShare): boolean =>
    results.has(result) && windows.some(({ from, until }) => from <= at && at < until);
  const events: Event[] = [
    ...windows.map((window): Event => ({ what: "window-ended", at: window.until, window })),
    ...[...rates]
      .filter(({ at }) => at <= asOf)
      .sort((a, b) => a.at - b.at)
      .map((it) => measured(deal, it)),
    ...changesOf(shares, deal.periods, matters).map(
      (change): Event => ({ what: "changed", at: change.knownAt, change }),
    ),
  ];
  return events.filter(({ at }) => at <= asOf).sort((a, b) => a.at - b.at || ranks[a.what] - ranks[b.what]);
};

/** What is known so far, event by event. */
export interface Learning {
  learn(event: Event): void;
  knowledge(): Knowledge;
}

const byTime = (a: Piece, b: Piece): number => {
  if (a.at !== b.at) return a.at - b.at;
  return a.id < b.id ? -1 : 1;
};

/** Know nothing yet of a contract. */
export const learning = (deal: Deal): Learning => {
  const sums = new Map<number, Sums>();
  const rates = new Map<number, Rates>();
  const held = new Map<string, Piece>();
  const results = guaranteed(deal);
  let pieces: readonly Piece[] | undefined = [];
  const count = (period: Period, { before, after }: Change): void => {
    const { terms } = stretchOf(deal, period);
    sums.set(period.index, changed(terms, sums.get(period.index) ?? noSums, before, after));
  };
  return {
    learn: (event) => {
      if (event.what === "measured") rates.set(event.rates.period, event.rates);
      if (event.what !== "changed") return;
      const { change } = event;
      if (change.period) count(change.period, change);
      if (!results.has(change.after.result)) return;
      held.set(change.after.id, change.after);
      pieces = undefined;
    },
    knowledge: () => {
      pieces ??= [...held.values()].sort(byTime);
      return { sums, pieces, rates };
    },
  };
};

/** May an event change what periods before `index` were stated to earn? */
export const bearsOn = (event: Event, index: number, windows: readonly Window[]): boolean => {
  if (event.what === "window-ended") return true;
  if (event.what === "measured") return event.rates.period < index;
  const { period, after, knownAt } = event.change;
  if (period && period.index < index) return true;
  // A result told of so late that the window it might have helped in is over.
  return windows.some(({ from, until }) => from <= after.at && after.at < until && until <= knownAt);
};
