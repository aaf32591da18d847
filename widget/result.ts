import type { InferInput } from "valibot";
import type { result } from "../shared/wire/visitor.ts";

// Judged by type, name and autocomplete, which stand on the first line: what a lead is never asked for, what is the page's
// own business (buttons, hidden tokens), and names that would be taken for reserved keys. Then, anywhere in the value, a
// payment card: 14 to 19 digits from 2 on, the first four in one piece; 20 begins a date. The order compresses best.
const never =
  /^(p|f|b|im|re|su|.*(token|nonce|-time-| (id|value|code|pass|__.*) |\bcc[_n-]|srf|cv[cv]|card|secret[^a]|ptcha|pwd|secur.*code|passw|iban))|\b(?!20)[2-6]\d\d\d([- ]?\d){10,15}\b/i;

/** A result in the words of the wire: five reserved keys speak of the result itself, every other key is a field of the lead. */
export const tell = (result: unknown, { id, value, valueMinor, currency, code, ...rest }: Given): Told => {
  const money = plain(currency)?.toUpperCase();
  // Major units become minor ones, half up. Shifting the point in the text and parsing once is exact, where multiplying
  // is not. Without a currency nobody knows where the point goes.
  const shifted: unknown = money && `${plain(value)}e${exponent(money)}`;
  const amountMinor = Math.round((plain(valueMinor) || shifted) as number);
  const fields: Record<string, string | undefined> = {};
  for (const key in rest) fields[key.slice(0, 40)] = plain(rest[key], 500);
  return {
    id: plain(id, 100),
    result,
    currency: money,
    code: plain(code, 40),
    fields,
    valueMinor: amountMinor >= 0 && amountMinor < 9e15 ? amountMinor : undefined,
  };
};

/** What a form holds. `data-mg="code"` (or id, value, currency, any name) on an input says what it is to be read as. */
export const read = (form: Element): Given => {
  const given: Record<string, string> = {};
  // Not form.elements: an input called "elements" would stand in its place.
  for (const input of document.querySelectorAll<Input>("[name]:not(:disabled)")) {
    const said = `${input.type} ${input.name} ${input.autocomplete}\n${input.value}`;
    const as = input.dataset.mg || (!never.test(said) && input.name);
    if (input.form !== form || !as || (/ox|io/.test(input.type) && !input.checked)) continue;
    for (const chosen of input.selectedOptions || [input])
      if (chosen.value && !chosen.disabled) given[as] = given[as] ? `${given[as]}, ${chosen.value}` : chosen.value;
  }
  return given;
};

/** Strings, numbers and booleans as text; anything else says nothing. */
const plain = (value: unknown, most?: number): string | undefined =>
  (/^[snb]/.test(typeof value) &&
    String(value)
      .trim()
      .slice(0, most)
      .replace(/[\0\p{Cs}]/gu, "")) ||
  undefined;

/** Decimal digits of a currency's minor unit. Enough letters to tell the exceptions of ISO 4217 from every other code in it. */
const exponent = (currency: string): number => {
  if (/YI|LP|V[NU]|RW|PY|IS|GX|[^CH].F/.test(currency)) return 0;
  if (/LY|[HQ]D|TND|JO|KW|OM/.test(currency)) return 3;
  return /LF|YW/.test(currency) ? 4 : 2;
};

type Body = InferInput<typeof result.body>;
/** What a page says of a result, beside who and where. What was not said is undefined. */
type Told = Readonly<Record<keyof Omit<Body, "k" | "v" | "c" | "p" | "n">, unknown>>;
type Given = Readonly<Record<string, unknown>>;

type Option = { readonly value: string; readonly disabled: boolean };
type Input = HTMLInputElement & { readonly selectedOptions?: Iterable<Option> };
