import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hundredths, majorText, minorOf, percentText, scaled } from "../../server/console/terms/amount.ts";
import { exponents } from "../../shared/kit/currency.ts";

const currency = fc.constantFrom(...exponents.keys());
const minor = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("an amount typed in major units", () => {
  it("comes back as it was written, for every currency and every amount", () =>
    fc.assert(fc.property(currency, minor, (code, it) => minorOf(majorText(it, code), code) === it)));

  it("is exact where multiplying would not be", () => {
    expect(minorOf("1.15", "USD")).toBe(115);
    expect(minorOf("8.29", "EUR")).toBe(829);
    expect(minorOf("90071992547409.91", "USD")).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("has as many digits as ISO 4217 gives its currency, and no more", () => {
    expect(minorOf("12.5", "USD")).toBe(1250);
    expect(minorOf("12.505", "USD")).toBeNull();
    expect(minorOf("12.500", "USD")).toBe(1250);
    expect(minorOf("1.234", "KWD")).toBe(1234);
    expect(minorOf("12.5", "JPY")).toBeNull();
    expect(minorOf("12", "XTS")).toBeNull();
  });

  it("is read with the reader's own decimal mark, and never guesses what a comma means to somebody else", () => {
    expect(minorOf("1,50", "EUR", "de-DE")).toBe(150);
    expect(minorOf("1.50", "EUR", "de-DE")).toBe(150);
    expect(minorOf("1,234", "USD", "en-US")).toBeNull();
    expect(minorOf("1.234,50", "EUR", "de-DE")).toBeNull();
    expect(minorOf("1 234.50", "USD", "en-US")).toBe(123_450);
  });

  it("is refused when it is negative, empty, not a number, or beyond what a double holds", () => {
    for (const text of ["-1", "", " ", "1e3", "0x10", "٣", "1..2", "Infinity", "90071992547409.92"])
      expect(minorOf(text, "USD"), text).toBeNull();
  });
});

describe("a percentage", () => {
  it("comes back as it was written", () =>
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (bp) => hundredths(percentText(bp)) === bp)));

  it("has at most two decimals", () => {
    expect(hundredths("7.25")).toBe(725);
    expect(hundredths("7.255")).toBeNull();
    expect(percentText(10_000)).toBe("100");
    expect(percentText(4_000)).toBe("40");
  });
});

describe("a whole number", () => {
  it("is whole", () => {
    expect(scaled("30", 0)).toBe(30);
    expect(scaled("30.0", 0)).toBe(30);
    expect(scaled("30.5", 0)).toBeNull();
  });
});
