import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

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
});
