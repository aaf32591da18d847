import { isCurrency } from "../../../shared/kit/currency.ts";
import { exponentOf, major } from "../../../shared/kit/money.ts";

const decimalMark = (locale: string): string =>
  new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".";

/**
 * Decimal text as whole units of the last digit: "12.5" with two digits is 1250. The point, or the reader's own decimal
 * mark, is understood; thousands may be parted by spaces only, since a comma means one thing here and another there.
 * Nothing when it cannot be written exactly with so many digits, is negative, or is beyond what a double holds.
 */
export const scaled = (text: string, digits: number, locale = "en-US"): number | null => {
  const plain = text
    .trim()
    .replaceAll(/(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))/g, "")
    .replace(decimalMark(locale), ".");
  const [, front = "", back = ""] = /^(\d{1,16})(?:\.(\d{0,12}))?$/.exec(plain) ?? [];
  const kept = back.replace(/0+$/, "");
  if (front === "" || kept.length > digits) return null;
  const units = BigInt(front + kept.padEnd(digits, "0"));
  return units <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(units) : null;
};

/** A percentage as typed, in hundredths of a percent (basis points): "7.25" is 725. */
export const hundredths = (text: string, locale?: string): number | null => scaled(text, 2, locale);

/** Basis points as a percentage to edit: 725 is "7.25". */
export const percentText = (bp: number): string => (bp / 100).toFixed(2).replace(/\.?0+$/, "");

/** Major units as typed, in minor units of the currency, exactly; nothing when the currency has fewer digits. */
export const minorOf = (text: string, currency: string, locale?: string): number | null =>
  isCurrency(currency) ? scaled(text, exponentOf(currency), locale) : null;

/** Minor units as major units to edit: 1234 USD is "12.34", 1200 USD is "12.00". */
export const majorText = (minor: number, currency: string): string =>
  isCurrency(currency) && Number.isSafeInteger(minor) ? major(minor, currency) : String(minor);

const decimals = (digits: number): string => {
  if (digits === 0) return "without decimals";
  return digits === 1 ? "with at most one decimal" : `with at most ${digits} decimals`;
};

/** Why an amount cannot be read. */
export const amountFault = (currency: string): string =>
  isCurrency(currency)
    ? `Write an amount in ${currency} ${decimals(exponentOf(currency))}, such as ${major(123450, currency)}.`
    : "Choose a currency first.";
