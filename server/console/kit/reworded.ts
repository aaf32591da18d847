import { isCurrency } from "../../../shared/kit/currency.ts";
import { spoken } from "../../../shared/kit/money.ts";
import { minorOf } from "../terms/amount.ts";
import { money } from "./figures.ts";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Money as the server writes it into sentences, wherever it stands. */
const writtenIn = (currency: string): RegExp => {
  const sign = spoken(0, currency, "en-US").replace(/[\d.,]+/, "");
  return new RegExp(`${escaped(sign)}(\\d[\\d,]*(?:\\.\\d+)?)`, "g");
};

/** A sentence of the server with its money in the reader's own locale. What cannot be read stays as it is. */
export const reworded = (because: string, currency: string): string => {
  if (!isCurrency(currency)) return because;
  const read = (whole: string, figure: string): string => {
    const minor = minorOf(figure.replaceAll(",", ""), currency);
    return minor === null ? whole : money(minor, currency);
  };
  return because
    .replace(writtenIn(currency), read)
    .replace(/(\d+) minor units/g, (_, minor: string) => money(Number(minor), currency));
};
