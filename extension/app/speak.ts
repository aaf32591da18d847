import { spoken } from "../../shared/kit/money.ts";
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";
import { language, tell, tellCount, tellNumber } from "./words.ts";

const WHOLE_MICRO = 1_000_000;

/** An address as people write it, without its scheme. */
export const shortly = (url: string): string => url.replace(/^https?:\/\//, "");

/** Money as the reader writes it. */
export const money = (amountMinor: number, currency: string): string => spoken(amountMinor, currency, language());

/** An instant by the reader's own clock. */
export const when = (at: number): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(at);

/** How long ago an instant was, roughly. */
export const ago = (at: number, now: number): string => {
  const past = Math.max(0, now - at);
  if (past < MINUTE_MS) return tell("justNow");
  const format = new Intl.RelativeTimeFormat(language(), { style: "short" });
  if (past < HOUR_MS) return format.format(-Math.floor(past / MINUTE_MS), "minute");
  if (past < DAY_MS) return format.format(-Math.floor(past / HOUR_MS), "hour");
  return format.format(-Math.floor(past / DAY_MS), "day");
};

/** Local days, both inclusive, as a range such as "Nov 1 – 30, 2026". */
export const days = (starts: string, ends: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeZone: "UTC" }).formatRange(
    Date.parse(`${starts}T00:00:00Z`),
    Date.parse(`${ends}T00:00:00Z`),
  );

/** How far away the end of a local day's period is, such as "in 8 days" or "today". */
export const daysUntil = (ends: string, timeZone: string, now: number): string => {
  const left = Math.round((Date.parse(ends) - Date.parse(dayOf(now, timeZone))) / DAY_MS);
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(left, "day");
};

/** Millionths as a number of results. */
export const results = (micro: number): string => tellNumber(micro / WHOLE_MICRO);

/** Millionths of one conversion as a percentage. */
export const part = (shareMicro: number): string =>
  new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 2 }).format(shareMicro / WHOLE_MICRO);

/** Basis points as a percentage. */
export const rate = (rateBp: number): string =>
  new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 2 }).format(rateBp / 10_000);

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

const known = {
  lead: "resultLead",
  sale: "resultSale",
  enrollment: "resultEnrollment",
  signup: "resultSignup",
} as const;

/** What a kind of result is called, in the number given; kinds without a translation keep the name the contract gives them. */
export const resultName = (result: string, micro: number): string => {
  const stem = known[result as keyof typeof known];
  return stem ? tellCount(stem, micro / WHOLE_MICRO) : result;
};

/** One result as a heading: "Lead". */
export const resultTitle = (result: string): string => capital(resultName(result, WHOLE_MICRO));
