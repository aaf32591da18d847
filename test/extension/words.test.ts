import "./platform.ts";

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { language, tellCount } from "../../extension/app/words.ts";
import { platform } from "./platform.ts";

const house = fileURLToPath(new URL("../../extension", import.meta.url));
const locales = readdirSync(join(house, "public/_locales"));

const messages = (locale: string): Record<string, { message: string }> =>
  JSON.parse(readFileSync(join(house, "public/_locales", locale, "messages.json"), "utf8"));

const places = (message: string): string[] => [...message.matchAll(/\$\d/g)].map(([it]) => it).sort();

const sources = ["app", "views", "entrypoints", "wxt.config.ts"].flatMap((place) =>
  place.endsWith(".ts")
    ? [join(house, place)]
    : readdirSync(join(house, place), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => join(house, place, file)),
);

describe("What the extension says", () => {
  const english = messages("en");

  it.each(locales)("is said in full in %s, with every place filled", (locale) => {
    const translated = messages(locale);
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
    for (const [name, { message }] of Object.entries(english))
      expect([name, places(translated[name]!.message)]).toEqual([name, places(message)]);
  });

  it("is all in use", () => {
    const code = sources.map((file) => readFileSync(file, "utf8")).join("\n");
    const unused = Object.keys(english).filter((name) => {
      const stem = name.replace(/(One|Other)$/, "");
      return !code.includes(`"${name}"`) && !code.includes(`"${stem}"`) && !code.includes(`__MSG_${name}__`);
    });
    expect(unused).toEqual([]);
  });

  it("is written throughout in the language of its words, as the reader's country writes it", () => {
    const written = (readers: string): string => {
      platform.i18n.getUILanguage = () => readers;
      return [language(), tellCount("clicks", 1), tellCount("clicks", 0)].join(" | ");
    };
    expect(written("en-GB")).toBe("en-GB | 1 click | 0 clicks");
    expect(written("en_AU")).toBe("en-AU | 1 click | 0 clicks");
    // Japanese has one form for all numbers, and French says nought in the singular; neither is English.
    for (const other of ["ja", "fr-FR", "ar-EG"]) expect(written(other)).toBe("en | 1 click | 0 clicks");
  });
});
