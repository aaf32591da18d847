import { must } from "./shape.ts";

/** One minute, hour, day in milliseconds of elapsed time; a local day may be 23 or 25 hours, which is not this. */
export const MINUTE_MS = 60_000;
/** One hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** Twenty-four hours in milliseconds. */
export const DAY_MS = 24 * HOUR_MS;

/** A local day, `YYYY-MM-DD`, in some time zone named beside it. */
export type Day = string;

/** A span of instants: `from` belongs to it, `until` does not. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const readers = new Map<string, Intl.DateTimeFormat>();
// Engines know about 600 names, but take them in any mixture of cases, and each reader weighs kilobytes.
const MOST_READERS = 1_000;

const reader = (timeZone: string): Intl.DateTimeFormat => {
  const known = readers.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    era: "short",
  });
  if (readers.size >= MOST_READERS) readers.clear();
  readers.set(timeZone, made);
  return made;
};

/** Is this an IANA time zone name this engine knows, such as `America/New_York` or `UTC`? */
export const isTimeZone = (name: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(name)) return false;
  try {
    reader(name);
    return true;
  } catch {
    return false;
  }
};

const isOnCalendar = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
};

/** Is this a day that exists: `2026-02-28` yes, `2026-02-30` no? Years 1970 to 9998, so that a day after it can be named. */
export const isDay = (text: string): boolean => isOnCalendar(text) && text >= "1970" && text < "9999";

/** Days already looked up: asking a time zone is slow, and the answer never changes. */
const firstInstants = new Map<string, number>();
const MOST_FIRST_INSTANTS = 20_000;

/** What the wall clock in `timeZone` shows at an instant, as if that were UTC, in ms; the difference is the offset. */
const wallClock = (at: number, timeZone: string): number => {
  const parts: Record<string, string> = {};
  for (const { type, value } of reader(timeZone).formatToParts(at)) parts[type] = value;
  const seconds = Date.UTC(
    Number(parts.year),
    Number(parts.month) - 1,
    Number(parts.day),
    Number(parts.hour),
    Number(parts.minute),
    Number(parts.second),
  );
  return seconds + (((at % 1000) + 1000) % 1000);
};

/** The local day an instant falls on. */
export const dayOf = (at: number, timeZone: string): Day =>
  new Date(wallClock(at, timeZone)).toISOString().slice(0, 10);

/**
 * The first instant of a local day. Where the clocks skip midnight (Beirut, Havana), the day starts when the clock
 * resumes; where midnight comes twice, at the first one; a day the zone left out (Apia's 2011-12-30) starts and ends at
 * one instant. St John's, Goose Bay and Moncton turned back past midnight until 2010: there it is one of the two starts.
 */
export const startOfDay = (day: Day, timeZone: string): number => {
  const key = `${day} ${timeZone}`;
  const known = firstInstants.get(key);
  if (known !== undefined) return known;
  const found = firstInstant(day, timeZone);
  if (firstInstants.size >= MOST_FIRST_INSTANTS) firstInstants.clear();
  firstInstants.set(key, found);
  return found;
};

const firstInstant = (day: Day, timeZone: string): number => {
  must(isOnCalendar(day), `a day, not ${day}`);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let [low, high] = [midnight - 26 * HOUR_MS, midnight + 26 * HOUR_MS];
  // The local day never goes back (but for the zones named above), so bisection finds its first millisecond.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle, timeZone) < day) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The day `count` days after `day`, by the calendar; negative counts go back. */
export const addDays = (day: Day, count: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export const weekday = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/** The last day of the month a day is in. */
export const lastOfMonth = (day: Day): Day => {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).toISOString().slice(0, 10);
};

/** How a contract's time is cut: weeks from Monday, calendar months, or the whole flight at once. */
export type Cadence = "week" | "month" | "flight";

/** One period of a contract: its local days, both inclusive, and the instants they span. */
export interface Period extends Span {
  readonly index: number;
  readonly starts: Day;
  readonly ends: Day;
}

const lastDayOf: Record<Cadence, (day: Day, ends: Day) => Day> = {
  week: (day) => addDays(day, 7 - weekday(day)),
  month: lastOfMonth,
  flight: (_, ends) => ends,
};

/**
 * The periods of a contract that runs from `starts` to `ends`, local days, both inclusive. The first and last may be
 * short (a month that starts on the 10th). Together they cover every instant of the contract once.
 */
export const periodsOf = (starts: Day, ends: Day, cadence: Cadence, timeZone: string): readonly Period[] => {
  must(starts <= ends, "a contract that ends before it starts");
  const periods: Period[] = [];
  for (let day = starts; day <= ends; ) {
    const full = lastDayOf[cadence](day, ends);
    const last = full < ends ? full : ends;
    const next = addDays(last, 1);
    periods.push({
      index: periods.length,
      starts: day,
      ends: last,
      from: startOfDay(day, timeZone),
      until: startOfDay(next, timeZone),
    });
    day = next;
  }
  return periods;
};

/** The period an instant falls in, or nothing before the first and after the last. */
export const periodAt = (periods: readonly Period[], at: number): Period | undefined =>
  periods.find(({ from, until }) => from <= at && at < until);
