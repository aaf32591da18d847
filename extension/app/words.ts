import { browser } from "wxt/browser";

type English = typeof import("../public/_locales/en/messages.json");

/** Everything the extension can say. Each word has a translation in every language under public/_locales. */
export type Word = Exclude<keyof English, "default">;
/** What can be counted: a word in two forms, `…One` and `…Other`. */
export type Counted = Word extends infer Each ? (Each extends `${infer Stem}Other` ? Stem : never) : never;

interface Messages {
  getMessage(name: string, parts?: string[]): string;
  getUILanguage(): string;
}

const messages = browser.i18n as unknown as Messages;

/** Say something in the reader's language, or in English where we do not speak it; `parts` fill its places in order. */
export const tell = (word: Word, ...parts: readonly (string | number)[]): string =>
  messages.getMessage(word, parts.map(String));

/**
 * The language numbers, dates and money are written in: the one our words are in, as the reader's own country writes it.
 * A sentence in one language with a date or a plural of another is neither.
 */
export const language = (): string => {
  const [ours, readers] = [tell("language"), messages.getUILanguage()];
  return readers.split(/[-_]/, 1)[0] === ours ? readers.replace("_", "-") : ours;
};

/** A number as the reader writes it, with at most `digits` decimals. */
export const tellNumber = (number: number, digits = 2): string =>
  new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(number);

/** Say how many of something, in the form the number asks for; the number fills the first place. */
export const tellCount = (stem: Counted, count: number, ...parts: readonly (string | number)[]): string => {
  const one = new Intl.PluralRules(language()).select(count) === "one";
  return tell(`${stem}${one ? "One" : "Other"}` as Word, tellNumber(count), ...parts);
};
