import { exponentOf, spoken } from "../../../shared/kit/money.ts";

/** The reader's own locale, for numbers, money and times alike. */
export const locale = (): string => navigator.languages?.[0] ?? navigator.language ?? "en-US";

/** A whole number, grouped as the reader is used to. */
export const whole = (count: number): string => new Intl.NumberFormat(locale()).format(count);

/** Millionths of a result as results: `2500000` is "2.5". */
export const results = (micro: number): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(micro / 1_000_000);

/** Millionths as a percentage: `250000` is "25%". */
export const percent = (micro: number): string =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(micro / 1_000_000);

/** Money in the reader's locale, minus sign and all. */
export const money = (amountMinor: number, currency: string): string => spoken(amountMinor, currency, locale());

/** An instant: day and minute in the reader's own time zone, or in a named one. */
export const moment = (at: number, timeZone?: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short", ...(timeZone && { timeZone }) }).format(
    at,
  );

/** A local day, `2026-03-31`, as the reader writes days. It is a name on a calendar, so no time zone moves it. */
export const day = (name: string): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(`${name}T00:00:00Z`));

/** The day of an instant in the reader's own time zone. */
export const dayOf = (at: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(at);

/** Money for the tick of an axis: rounded and short, such as "$1.5K"; the exact amount is read out elsewhere. */
export const shortMoney = (amountMinor: number, currency: string): string =>
  new Intl.NumberFormat(locale(), {
    style: "currency",
    currency,
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(amountMinor / 10 ** exponentOf(currency));
