/** The auditor's own calendar: it walks the days one by one, and finds each midnight by trying every quarter of an hour. */

const DAY = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();
const localDay = (at: number, zone: string): string => {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
  clocks.set(zone, clock);
  return clock.format(at);
};

const midnights = new Map<string, number>();
/** The first quarter of an hour that a local day has, found by trying them all. */
const midnight = (day: string, zone: string): number => {
  const key = `${day} ${zone}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  let at = Date.parse(`${day}T00:00:00Z`) - 16 * 3_600_000;
  while (localDay(at, zone) < day) at += 900_000;
  midnights.set(key, at);
  return at;
};

const later = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + count * DAY).toISOString().slice(0, 10);

const morrows = new Map<string, string>();
/** The day so many days later, or earlier. */
export const dayAfter = (day: string, count = 1): string => {
  if (count !== 1) return later(day, count);
  const morrow = morrows.get(day) ?? later(day, 1);
  morrows.set(day, morrow);
  return morrow;
};
const isMonday = (day: string): boolean => new Date(`${day}T12:00:00Z`).getUTCDay() === 1;

/** One period of the auditor's own calendar. */
export interface Month {
  readonly starts: string;
  readonly ends: string;
  readonly from: number;
  readonly until: number;
}

const cutHere: Record<string, (day: string) => boolean> = {
  month: (day) => day.endsWith("-01"),
  week: isMonday,
  flight: () => false,
};

/** Walk the days one by one and cut where a new month or week begins. */
export const calendar = (starts: string, ends: string, cadence: string, zone: string): readonly Month[] => {
  const periods: Month[] = [];
  let first = starts;
  for (let day = starts; day <= ends; day = dayAfter(day)) {
    const next = dayAfter(day);
    if (next <= ends && !cutHere[cadence]!(next)) continue;
    periods.push({ starts: first, ends: day, from: midnight(first, zone), until: midnight(next, zone) });
    first = next;
  }
  return periods;
};

// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

/** One version of a contract, as far as it was in force, and its periods. */
export interface Version {
  readonly terms: Document;
  readonly periods: readonly Month[];
}

/** The versions of a contract one after another, each ending the day before the next takes effect. */
export const versionsOf = (documents: readonly Document[]): readonly Version[] =>
  documents.map((terms, index) => {
    const next = documents[index + 1];
    const ends = next === undefined ? terms.ends : dayAfter(next.starts, -1);
    return { terms, periods: calendar(terms.starts, ends, terms.period, terms.timeZone) };
  });

/** The periods after a contract's end, as if it went on (by months after a flight), up to the one that holds `asOf`. */
export const afterwards = (documents: readonly Document[], asOf: number): readonly Month[] => {
  const { ends, period, timeZone } = documents.at(-1);
  const first = dayAfter(ends);
  const far = new Date(Math.max(asOf, Date.parse(first)) + 40 * DAY).toISOString().slice(0, 10);
  return calendar(first, far, period === "week" ? "week" : "month", timeZone).filter(({ from }) => from <= asOf);
};
