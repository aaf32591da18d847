import type { Terms } from "../contract/terms.ts";
import { subtract, written } from "../kit/rational.ts";
import { present } from "../kit/shape.ts";
import { addDays, dayOf, lastOfMonth, type Period, periodsOf, weekday } from "../kit/time.ts";
import type { Change } from "./change.ts";
import { type Deal, dealOf, stretchOf } from "./deal.ts";
import {
  bearsOn,
  type Event,
  eventsOf,
  type Learning,
  learning,
  type MeasuredRates,
  type Window,
  windowsOf,
} from "./event.ts";
import type { GuaranteeStanding } from "./guarantee.ts";
import { type Line, sumMinor } from "./price.ts";
import { type PeriodPrice, wholeOf } from "./whole.ts";

/**
 * Some thousandths of a conversion taken back (a refund, a rejection after it had counted), from `at` on, in ms since
 * 1970.
 */
export interface Reversal {
  readonly at: number;
  readonly permille: number;
}

/** From `at` on, in ms since 1970, the share of a conversion is this one, in whole millionths, 0 to 1 000 000. */
export interface Restatement {
  readonly at: number;
  readonly shareMicro: number;
}

/**
 * One contract's share of one conversion: the evidence statements are made of. `shareMicro` is in whole millionths, 0 to
 * 1 000 000, `valueMinor` the whole conversion's value in minor units. `state`: `counted` pays, `pending` may still,
 * `rejected` never did. `countedAt` is when it began to count, `at` if absent. Instants are ms since 1970, up to the year
 * 9998. Reversals that together exceed 1000 ‰ take back no more than there was. `restated` is in order of time: from each
 * of its instants on the share is that one, before the first of them `shareMicro`; a reversal takes its part of whatever
 * the share is then.
 */
export interface ResultShare {
  readonly id: string;
  readonly result: string;
  readonly at: number;
  readonly shareMicro: number;
  readonly restated?: readonly Restatement[] | undefined;
  readonly valueMinor?: number | undefined;
  readonly state: "counted" | "pending" | "rejected";
  readonly countedAt?: number | undefined;
  readonly reversals?: readonly Reversal[] | undefined;
}

/** A signed amount of minor units that both sides, or a mediator, settled on: a line of the period that holds `at`. */
export interface Adjustment {
  readonly id: string;
  readonly at: number;
  readonly amountMinor: number;
  readonly code: "dispute" | "adjustment";
  readonly because: string;
}

/**
 * What else a statement rests on: the versions of the terms signed after the first one, each from its `starts` on; what
 * disputes were settled with; and the rates measured for bonuses that ask for one.
 */
export interface Also {
  readonly amendments?: readonly Terms[] | undefined;
  readonly adjustments?: readonly Adjustment[] | undefined;
  readonly rates?: readonly MeasuredRates[] | undefined;
}

/** One contract's money for one period. `earnedMinor` = Σ lines; carried in + earned = due + carried. */
export interface PeriodStatement {
  readonly starts: string;
  readonly ends: string;
  readonly state: "open" | "closed";
  readonly lines: readonly Line[];
  readonly earnedMinor: number;
  readonly dueMinor: number;
  readonly carriedMinor: number;
  readonly guarantee: GuaranteeStanding | null;
}

/** One contract's money, period by period. `totalMinor` = Σ earned. */
export interface Statement {
  readonly currency: string;
  readonly periods: readonly PeriodStatement[];
  readonly totalMinor: number;
}

const howOf = ({ before, after }: Change): string => {
  if (!before) return "counted late";
  return before.shareMicro === after.shareMicro ? "taken back" : "shared anew";
};

const said = (event: Event, { starts, ends }: Period, is: PeriodPrice): Pick<Line, "because" | "conversion"> => {
  const span = `${starts} to ${ends}`;
  if (event.what === "measured") return { because: `rates of ${span}, measured again` };
  if (event.what === "window-ended")
    return {
      because: `${is.settled?.remedy?.line.because ?? "made good"}, of ${span}, when its make-good window ended`,
    };
  const { after } = event.change;
  return { because: `${after.result} ${after.id} of ${span}, ${howOf(event.change)}`, conversion: after.id };
};

const codeOf = (event: Event, was: PeriodPrice, is: PeriodPrice): string => {
  const remedy = is.settled?.remedy;
  return event.what === "window-ended" && remedy && !was.settled?.remedy ? remedy.line.code : "correction";
};

const correction = (event: Event, period: Period, was: PeriodPrice, is: PeriodPrice): readonly Line[] => {
  const exact = subtract(is.exact, was.exact);
  const amountMinor = sumMinor([is.amountMinor, -was.amountMinor]);
  if (amountMinor === 0 && exact.n === 0n) return [];
  return [{ code: codeOf(event, was, is), amountMinor, exact: written(exact), ...said(event, period, is) }];
};

const firstDay = {
  month: (day: string) => `${day.slice(0, 7)}-01`,
  week: (day: string) => addDays(day, 1 - weekday(day)),
};

/**
 * Periods after the contract's own that hold something, cut as if it went on (by months after a flight). Each is whole,
 * however little of it the evidence reaches, so that what is known later can never move its end.
 */
export const afterwards = ({ stretches, periods: own }: Deal, instants: readonly number[]): readonly Period[] => {
  const { terms } = present(stretches.at(-1), "the last version");
  const cadence = terms.period === "flight" ? "month" : terms.period;
  const last = own.at(-1);
  // Ended before it ever began, a contract has no time in which anything could be stated.
  if (!last) return [];
  const next = addDays(last.ends, 1);
  const periods: Period[] = [];
  for (const at of [...instants].sort((a, b) => a - b)) {
    if (at < (periods.at(-1) ?? last).until) continue;
    const day = dayOf(at, terms.timeZone);
    const first = firstDay[cadence](day);
    const ends = cadence === "month" ? lastOfMonth(day) : addDays(first, 6);
    const [period] = periodsOf(first < next ? next : first, ends, cadence, terms.timeZone);
    periods.push({ ...present(period, "the period around an instant"), index: own.length + periods.length });
  }
  return periods;
};

/**
 * The minor units that fall due when `balanceMinor` is reached at a period's end: all of it, or nothing below the minimum.
 * From the contract's last period on there is no minimum: it delays money, it never keeps it.
 */
const dueOf = (deal: Deal, period: Period, balanceMinor: number, closed: boolean): number => {
  const isOver = period.index >= deal.periods.length - 1;
  const minimum = isOver ? 1 : Math.max(1, stretchOf(deal, period).terms.payout?.minimumMinor ?? 0);
  return closed && balanceMinor >= minimum ? balanceMinor : 0;
};

/** A contract while its statement is made: what is known so far, and how each stated period stands after all corrections. */
interface Making {
  readonly deal: Deal;
  readonly asOf: number;
  readonly windows: readonly Window[];
  readonly learned: Learning;
  readonly stated: Map<number, PeriodPrice>;
}

const aboutPeriod = (event: Event): number | undefined => {
  if (event.what === "measured") return event.rates.period;
  return event.what === "changed" ? event.change.period?.index : undefined;
};

const corrections = ({ deal, windows, learned, stated }: Making, index: number, event: Event): readonly Line[] => {
  learned.learn(event);
  if (!bearsOn(event, index, windows)) return [];
  const only = aboutPeriod(event);
  const { periods } = wholeOf(
    { deal, at: event.at, upTo: Math.min(index, deal.periods.length) - 1, only },
    learned.knowledge(),
  );
  return [...periods].flatMap(([place, is]) => {
    const was = present(stated.get(place), "a period that was stated");
    stated.set(place, is);
    return correction(event, present(deal.periods[place], "a period"), was, is);
  });
};

const own = ({ deal, asOf, learned, stated }: Making, { index, until }: Period): PeriodPrice | undefined => {
  if (index >= deal.periods.length) return undefined;
  const { periods } = wholeOf({ deal, at: Math.min(asOf, until), upTo: index, only: index }, learned.knowledge());
  const priced = present(periods.get(index), "the period being stated");
  stated.set(index, priced);
  return priced;
};

const agreed = ({ code, amountMinor, because }: Adjustment): Line => ({
  code,
  amountMinor,
  exact: `${amountMinor}/1`,
  because,
});

interface News {
  readonly events: readonly Event[];
  readonly adjustments: readonly Adjustment[];
}

const periodStatement = (making: Making, period: Period, news: News, carriedInMinor: number): PeriodStatement => {
  const late = news.events.flatMap((event) => corrections(making, period.index, event));
  const now = own(making, period);
  const remedy = now?.settled?.remedy;
  const lines = [
    ...(now?.price.lines ?? []),
    ...(remedy ? [remedy.line] : []),
    ...late,
    ...news.adjustments.map(agreed),
  ];
  const closed = making.asOf >= period.until;
  const earnedMinor = sumMinor(lines.map(({ amountMinor }) => amountMinor));
  const balanceMinor = sumMinor([carriedInMinor, earnedMinor]);
  const dueMinor = dueOf(making.deal, period, balanceMinor, closed);
  return {
    starts: period.starts,
    ends: period.ends,
    state: closed ? "closed" : "open",
    lines,
    earnedMinor,
    dueMinor,
    carriedMinor: balanceMinor - dueMinor,
    guarantee: now?.settled?.standing ?? null,
  };
};

const byInstant = (a: Adjustment, b: Adjustment): number => {
  if (a.at !== b.at) return a.at - b.at;
  return a.id < b.id ? -1 : 1;
};

const evidence = (terms: Terms, shares: readonly ResultShare[], also: Also, asOf: number) => {
  const deal = dealOf([terms, ...(also.amendments ?? [])]);
  const events = eventsOf(deal, shares, also.rates ?? [], asOf);
  const adjustments = (also.adjustments ?? []).filter(({ at }) => at <= asOf).sort(byInstant);
  return { deal, events, adjustments };
};

const instantsOf = ({ events, adjustments }: News): readonly number[] =>
  [...events, ...adjustments].map(({ at }) => at);

/**
 * The first instant at which everything in the evidence is known and every period that holds any of it, the contract's
 * own or one of corrections after its end, is over: a statement as of then has nothing open.
 */
export const settledAt = (terms: Terms, shares: readonly ResultShare[], also: Also = {}): number => {
  const { deal, ...news } = evidence(terms, shares, also, Number.MAX_SAFE_INTEGER);
  const last = afterwards(deal, instantsOf(news)).at(-1) ?? deal.periods.at(-1);
  return last?.until ?? 0;
};

/** Take from `waiting`, which is in order of time, what happened before an instant. */
const taken = <It extends { readonly at: number }>(
  waiting: readonly It[],
  from: number,
  until: number,
): readonly It[] => {
  let end = from;
  while (end < waiting.length && present(waiting[end], "what is waiting").at < until) end += 1;
  return waiting.slice(from, end);
};

/**
 * One contract's statement as it stood at `asOf`, from nothing but its terms and the evidence. What became known after a
 * period closed is a `correction` line in the period that was open then, naming the old conversion, so closed statements
 * never change; corrections are told one by one and add up to exactly what a period's new price differs from the old,
 * those that change nothing being left out. A remedy that had to wait for its make-good window is a line of the period in
 * which the window ended. Periods that had not begun are absent, as are those after the contract's end that hold nothing.
 * The order of `shares` does not matter; each id must occur once.
 */
export const statement = (terms: Terms, shares: readonly ResultShare[], asOf: number, also: Also = {}): Statement => {
  const { deal, ...news } = evidence(terms, shares, also, asOf);
  const making: Making = { deal, asOf, windows: windowsOf(deal), learned: learning(deal), stated: new Map() };
  const periods: PeriodStatement[] = [];
  let [events, adjustments] = [0, 0];
  for (const period of [...deal.periods, ...afterwards(deal, instantsOf(news))]) {
    if (period.from > asOf) break;
    const fresh = {
      events: taken(news.events, events, period.until),
      adjustments: taken(news.adjustments, adjustments, period.until),
    };
    events += fresh.events.length;
    adjustments += fresh.adjustments.length;
    const made = periodStatement(making, period, fresh, periods.at(-1)?.carriedMinor ?? 0);
    if (period.index < deal.periods.length || made.lines.length > 0) periods.push(made);
  }
  return { currency: terms.currency, periods, totalMinor: sumMinor(periods.map(({ earnedMinor }) => earnedMinor)) };
};
