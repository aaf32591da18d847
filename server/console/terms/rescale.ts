import type { Json } from "../../../shared/kit/canonical.ts";
import { isCurrency } from "../../../shared/kit/currency.ts";
import { majorText, minorOf } from "./amount.ts";
import { look, type Path, put, rewrite } from "./pointer.ts";

/** The same amount of another currency, 12.00 USD as 12 JPY; where it has no such digits, the text to be mended. */
const carried = (minor: number, from: string, to: string): Json => {
  const text = majorText(minor, from);
  return minorOf(text, to) ?? text;
};

const isAmount = (key: string | number | undefined): boolean => typeof key === "string" && key.endsWith("Minor");

/** A step of a tier by value begins at an amount, and so does a bonus that asks for one. */
const isValue = (draft: Json, path: Path): boolean => {
  const measured = path.at(-1) === "from" ? path.slice(0, 2) : path.slice(0, -1);
  return (path.at(-1) === "from" || path.at(-1) === "atLeast") && look(draft, [...measured, "measure"]) === "value";
};

/**
 * The draft in another currency. An amount means what it says on screen, so 12.00 stays 12 whatever the minor unit is;
 * what is measured in value is an amount too.
 */
export const inCurrency = (draft: Json, to: string): Json => {
  const from = String(look(draft, ["currency"]) ?? "");
  const renamed = put(draft, ["currency"], to);
  if (!isCurrency(from) || !isCurrency(to)) return renamed;
  return rewrite(renamed, (value, path) => {
    if (!isAmount(path.at(-1)) && !isValue(draft, path)) return value;
    if (typeof value === "string") return minorOf(value, to) ?? value;
    return typeof value === "number" ? carried(value, from, to) : value;
  });
};
