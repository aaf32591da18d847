import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { MINUTE_MS } from "../../shared/kit/time.ts";

const EPOCH = /^-?\d{1,15}$/;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz]| ?UTC)|([+-])(\d\d):?(\d\d)?)?$/;
const LATEST = 8_640_000_000_000_000;

const HOW = "Write it as 2026-01-31T09:30:00Z, with a zone, or as milliseconds since 1970.";

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysIn = (year: number, month: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
};

const offsetMs = (sign: string | undefined, hours = "0", minutes = "0"): number => {
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === "-" ? -ms : ms;
};

const numberAt = (match: RegExpExecArray, group: number): number => Number(match[group] ?? 0);

const isClock = (hour: number, minute: number, second: number): boolean => hour < 24 && minute < 60 && second < 60;

const iso = (match: RegExpExecArray): Result<number> => {
  const [text, year, month, day] = [match[0], numberAt(match, 1), numberAt(match, 2), numberAt(match, 3)];
  const [hour, minute, second] = [numberAt(match, 4), numberAt(match, 5), numberAt(match, 6)];
  if (year < 100 || day < 1 || day > daysIn(year, month) || !isClock(hour, minute, second)) {
    return refuse("instant-missing", `there is no such instant as "${text}". Check its day and time.`);
  }
  if (match[8] === undefined && match[9] === undefined) {
    const because = `"${text}" does not say in which zone. Add Z for UTC, or an offset such as +02:00.`;
    return refuse("instant-zoneless", because);
  }
  if (!isClock(numberAt(match, 10), numberAt(match, 11), 0)) {
    return refuse("instant-zone", `"${text}" has a zone no clock shows. ${HOW}`);
  }
  const ms = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  return ok(Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs(match[9], match[10], match[11]));
};

/** Read an instant: ISO 8601 with a zone (a finer fraction than ms is cut), or whole milliseconds since 1970 UTC. */
export const instant = (text: string): Result<number> => {
  const match = ISO.exec(text);
  if (match !== null) return iso(match);
  if (EPOCH.test(text) && Math.abs(Number(text)) <= LATEST) return ok(Number(text));
  return refuse("instant-unknown", `"${text}" is not an instant. ${HOW}`);
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Read a length of time such as `30m`, `12h` or `7d`, in ms; nothing when it is not one. */
export const duration = (text: string): number | undefined => {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ""];
  return match === null || unitMs === undefined ? undefined : Number(match[1]) * unitMs;
};
