import { major } from "../kit/money.ts";
import { decimal, rational } from "../kit/rational.ts";

/** Basis points as percent, without empty decimals: 725 is `7.25 %`, 1000 is `10 %`. Exact. */
export const percent = (rateBp: number): string => `${decimal(rational(rateBp, 100n), 2).replace(/\.?0+$/, "")} %`;

/** An amount of minor units in words of its currency: `10.00 USD`. Exact. */
export type Money = (amountMinor: number) => string;

/** How amounts of a currency are said in a contract. */
export const moneyIn =
  (currency: string): Money =>
  (amountMinor) =>
    `${major(amountMinor, currency)} ${currency}`;

/** So many days, in words. */
export const daysOf = (count: number): string => `${count} ${count === 1 ? "day" : "days"}`;

/** What somebody else wrote, in quotation marks that it cannot close by itself: nothing they write can pass for a clause. */
export const quoted = (text: string): string => JSON.stringify(text);

/** `a`, `a and b`, `a, b and c`. */
export const listed = (parts: readonly string[], word = "and"): string => {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
};
