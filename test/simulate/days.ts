import { dayAfter as after, afterwards, calendar, versionsOf } from "../laws/auditor.calendar.ts";

/** The day after, or so many days after. */
export const dayAfter = after;

const known = new Map<string, number>();

/** The instant a local day begins. */
export const midnightOf = (day: string, zone: string): number => {
  const key = `${day} ${zone}`;
  const at = known.get(key) ?? calendar(day, day, "flight", zone)[0]?.from ?? 0;
  known.set(key, at);
  return at;
};

// biome-ignore lint/suspicious/noExplicitAny: terms as the documents they are.
type Document = any;

/** When the statement that tells of an instant is final: that of its period, or of the time after the contract's end that holds it. */
export const finalFrom = (documents: readonly Document[], at: number): number | undefined => {
  const own = versionsOf(documents).flatMap(({ periods }) => periods);
  const begins = own[0]?.from;
  if (begins === undefined || at < begins) return undefined;
  return [...own, ...afterwards(documents, at)].find(({ from, until }) => from <= at && at < until)?.until;
};

/** When the period that holds an instant is over; nothing where none of the versions' own periods holds it. */
export const endOfPeriod = (documents: readonly Document[], at: number): number | undefined =>
  versionsOf(documents)
    .flatMap(({ periods }) => periods)
    .find(({ from, until }) => from <= at && at < until)?.until;
