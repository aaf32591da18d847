import type { InferInput } from "valibot";
import type { result } from "../shared/wire/visitor.ts";

type Body = InferInput<typeof result.body>;
/** What a page says of a result, beside who and where. What was not said is empty text. */
type Told = Readonly<Record<keyof Omit<Body, "k" | "v" | "c" | "p" | "n">, unknown>>;
type Given = Readonly<Record<string, unknown>>;

/** Decimal digits of a currency's minor unit. Enough letters to tell the exceptions of ISO 4217 from every other code in it. */
const exponent = (currency: string): number => {
  if (/^[^CH].F|LP|IS|RW|PY|GX|YI|V[NU]/.test(currency)) return 0;
  if (/BH|IQ|JO|KW|LY|OM|TND/.test(currency)) return 3;
  return /CLF|UYW/.test(currency) ? 4 : 2;
};

/** Strings, numbers and booleans as text; anything else says nothing. */
const plain = (value: unknown, most?: number): string =>
  /^[snb]/.test(typeof value) ? String(value).trim().slice(0, most) : "";

/** A result in the words of the wire: five reserved keys speak of the result itself, every other key is a field of the lead. */
export const tell = (result: unknown, { id, value, valueMinor, currency, code, ...rest }: Given): Told => {
  const money = plain(currency).toUpperCase();
  // Major units become minor ones, half up. Shifting the point in the text and parsing once is exact, where multiplying
  // is not. Without a currency nobody knows where the point goes.
  const shifted = money ? `${plain(value)}e${exponent(money)}` : NaN;
  const amountMinor = Math.round((plain(valueMinor) || shifted) as number);
  const fields: Record<string, string> = {};
  for (const key of Object.keys(rest)) fields[key.slice(0, 40)] = plain(rest[key], 500);
  return {
    result,
    id: plain(id, 100),
    valueMinor: amountMinor >= 0 && amountMinor < 9e15 ? amountMinor : "",
    currency: money,
    code: plain(code, 40),
    fields,
  };
};

// Judged by type, name and autocomplete: what a lead is never asked for, what is the page's own business (buttons,
// hidden tokens), and names that would be taken for reserved keys.
const never =
  /^(p|f|su|b|im|res)| (id|value|code|__.*) |passw|pwd|secret|srf|token|nonce|captcha|one-time|card|cc-|cv[cv]|iban/i;

type Valued = ArrayLike<{ readonly value: string }>;
type Input = HTMLInputElement & { readonly selectedOptions?: Valued };

/** What a form holds. `data-mg="code"` (or id, value, currency, any name) on an input says what it is to be read as. */
export const read = (form: Element): Given => {
  const given: Record<string, string> = {};
  // Not form.elements: an input called "elements" would stand in its place.
  for (const input of document.querySelectorAll<Input>("[name]")) {
    const { name, type } = input;
    const as = input.getAttribute("data-mg") || (never.test(`${type} ${name} ${input.autocomplete}`) ? "" : name);
    const value = Array.from<Valued[number], string>(input.selectedOptions || [input], (chosen) => chosen.value).join(
      ", ",
    );
    if (input.form !== form || !as || !value || (/^ch|^rad/.test(type) && !input.checked)) continue;
    given[as] = given[as] ? `${given[as]}, ${value}` : value;
  }
  return given;
};
