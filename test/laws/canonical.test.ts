import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type Json } from "../../shared/kit/canonical.ts";

const corpus = process.env.MAKEGOOD_CORPUS;

const json = fc.jsonValue({ stringUnit: "binary" }).map((it) => it as Json);

/** The same value with every object's keys in another order. */
const turned = (it: Json): Json => {
  if (it === null || typeof it !== "object") return it;
  if (Array.isArray(it)) return it.map(turned);
  const entries = Object.entries(it).map(([key, value]) => [key, turned(value as Json)] as const);
  return Object.fromEntries(entries.reverse()) as Json;
};
/** JSON has one zero, so a parsed -0 is compared as 0. */
const unsigned = (it: unknown): unknown => {
  if (it === 0) return 0;
  if (it === null || typeof it !== "object") return it;
  if (Array.isArray(it)) return it.map(unsigned);
  return Object.fromEntries(Object.entries(it).map(([key, value]) => [key, unsigned(value)]));
};

describe("the one way to write JSON (RFC 8785)", () => {
  test("no spaces, and keys in the order of their UTF-16 code units, at every depth", () => {
    expect(canonical({ b: [1, { d: null, c: true }], a: "x" })).toBe('{"a":"x","b":[1,{"c":true,"d":null}]}');
    const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6", "10", "9", "a", "A", ""];
    const written = JSON.parse(
      canonical(Object.fromEntries(names.map((name, place) => [name, place])))
        .replace(/"([^"]*)":\d+/g, '"$1"')
        .replace(/^\{/, "[")
        .replace(/\}$/, "]"),
    );
    expect(written).toEqual([
      "",
      "\r",
      "1",
      "10",
      "9",
      "A",
      "a",
      "\u0080",
      "\u00f6",
      "\u20ac",
      "\ud83d\ude00",
      "\ufb33",
    ]);
  });

  test.each([
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [-1.5, "-1.5"],
    [1e21, "1e+21"],
    [1e20, "100000000000000000000"],
    [1e-6, "0.000001"],
    [1e-7, "1e-7"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [9007199254740991, "9007199254740991"],
    [333333333.3333333, "333333333.3333333"],
    [0.1 + 0.2, "0.30000000000000004"],
  ])("the number %s is written %s", (it, text) => {
    expect(canonical(it)).toBe(text);
  });

  test("only what must be escaped is, and the short escapes are used", () => {
    expect(canonical('"\\/\b\f\n\r\t\u0000\u001f\u007fé€😀')).toBe('"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007fé€😀"');
    expect(canonical("\u2028\u2029")).toBe('"\u2028\u2029"');
    expect(canonical("\ud800")).toBe('"\\ud800"');
  });

  test("a key without a value is left out, an empty list or object is kept", () => {
    expect(canonical({ a: undefined, b: [], c: {} })).toBe('{"b":[],"c":{}}');
  });

  test("a number JSON cannot write is refused, not turned into null", () => {
    for (const it of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => canonical({ a: [it] })).toThrow(/JSON cannot write/);
  });

  test("a key called __proto__ is a key like any other", () => {
    const text = '{"__proto__":{"admin":true},"a":1}';
    expect(canonical(JSON.parse(text))).toBe(text);
  });
});

describe("laws of canonical JSON", () => {
  test("read back, it is the value it was made of", () => {
    fc.assert(
      fc.property(json, (it) => {
        expect(JSON.parse(canonical(it))).toEqual(unsigned(it));
      }),
    );
  });

  test("writing what was read writes the same text", () => {
    fc.assert(fc.property(json, (it) => canonical(JSON.parse(canonical(it))) === canonical(it)));
  });

  test("the order keys came in does not matter", () => {
    fc.assert(fc.property(json, (it) => canonical(turned(it)) === canonical(it)));
  });

  test("two values with one text are one value", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        if (canonical(a) === canonical(b)) expect(unsigned(a)).toEqual(unsigned(b));
        else expect(unsigned(a)).not.toEqual(unsigned(b));
      }),
    );
  });
});

describe.skipIf(!corpus)("on every file JSONTestSuite says must parse (needs MAKEGOOD_CORPUS)", () => {
  const folder = `${corpus}/json/JSONTestSuite/test_parsing`;
  const files = corpus ? readdirSync(folder).filter((name) => name.startsWith("y_")) : [];

  test("there are some ninety of them", () => {
    expect(files.length).toBeGreaterThan(90);
  });

  test.each(files)("%s", (name) => {
    const value: Json = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
    const text = canonical(value);
    expect(JSON.parse(text)).toEqual(unsigned(value));
    expect(canonical(JSON.parse(text))).toBe(text);
    expect(canonical(turned(value))).toBe(text);
  });
});
