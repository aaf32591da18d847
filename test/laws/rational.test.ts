import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  decimal,
  least,
  most,
  multiply,
  type Rational,
  rational,
  roundHalfEven,
  subtract,
  written,
  zero,
} from "../../shared/kit/rational.ts";

const whole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const below = fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 10n ** 18n }));
const fraction = fc
  .tuple(whole, below, fc.boolean())
  .map(([n, d, turned]) => rational(turned ? -n : n, turned ? -d : d));
const absolute = (it: bigint): bigint => (it < 0n ? -it : it);

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));

describe("exact fractions", () => {
  test("are always in lowest terms over a positive number, so equal ones are written alike", () => {
    fc.assert(
      fc.property(fraction, below, (it, factor) => {
        expect(it.d > 0n).toBe(true);
        expect(commonDivisor(absolute(it.n), it.d)).toBe(1n);
        expect(written(rational(it.n * factor, it.d * factor))).toBe(written(it));
        expect(written(rational(it.n * -factor, it.d * -factor))).toBe(written(it));
      }),
    );
    expect(written(rational(0, -7))).toBe("0/1");
  });

  test("refuse a zero below the line", () => {
    expect(() => rational(1, 0)).toThrow(/over zero/);
  });

  test("add, subtract and multiply without losing anything", () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, zero)).toEqual(a);
      }),
    );
  });

  test("compare as they would on a number line", () => {
    fc.assert(
      fc.property(fraction, fraction, (a, b) => {
        expect(compare(a, b)).toBe(-compare(b, a) || 0);
        expect(compare(a, b) === 0).toBe(written(a) === written(b));
        expect(Math.sign(compare(a, b))).toBe(Math.sign(compare(subtract(a, b), zero)));
        expect([least(a, b), most(a, b)].map(written).sort()).toEqual([a, b].map(written).sort());
        expect(compare(least(a, b), most(a, b))).toBeLessThanOrEqual(0);
      }),
    );
    expect(compare(rational(1, 3), rational(33, 100))).toBeGreaterThan(0);
    expect(compare(rational(-1, 3), rational(-33, 100))).toBeLessThan(0);
  });
});

describe("rounding half-even", () => {
  test.each([
    ["5/2", 2n],
    ["7/2", 4n],
    ["-5/2", -2n],
    ["-7/2", -4n],
    ["1/2", 0n],
    ["-1/2", 0n],
    ["3/2", 2n],
    ["-3/2", -2n],
    ["249/100", 2n],
    ["251/100", 3n],
    ["-249/100", -2n],
    ["-251/100", -3n],
    ["28855/2", 14428n],
    ["28853/2", 14426n],
    ["100000000000000000000000000001/2", 50000000000000000000000000000n],
  ])("%s is %s", (text, rounded) => {
    const [n = "", d = ""] = text.split("/");
    expect(roundHalfEven(rational(BigInt(n), BigInt(d)))).toBe(rounded);
  });

  test("is never more than half away, and exactly half away only from an even number", () => {
    const near = fc.tuple(whole, fc.constantFrom(2n, 3n, 4n, 10n, 10_000n)).map(([n, d]) => rational(n, d));
    fc.assert(
      fc.property(fc.oneof(near, fraction), (it) => {
        const rounded = roundHalfEven(it);
        const twiceOff = absolute(it.n - rounded * it.d) * 2n;
        expect(twiceOff <= it.d).toBe(true);
        if (twiceOff === it.d) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  test("treats debts as it treats gains, and leaves whole numbers alone", () => {
    const opposite = ({ n, d }: Rational): Rational => rational(-n, d);
    fc.assert(fc.property(fraction, (it) => roundHalfEven(opposite(it)) === -roundHalfEven(it)));
    fc.assert(fc.property(whole, (it) => roundHalfEven(rational(it)) === it));
  });
});

describe("a fraction as decimal text", () => {
  test.each([
    [1n, 3n, 2, "0.33"],
    [2n, 3n, 2, "0.67"],
    [-1n, 3n, 2, "-0.33"],
    [1n, 200n, 2, "0.00"],
    [3n, 200n, 2, "0.02"],
    [-1n, 1000n, 2, "0.00"],
    [-5n, 1n, 0, "-5"],
    [5n, 2n, 0, "2"],
    [1234n, 100n, 2, "12.34"],
    [7n, 1n, 3, "7.000"],
    [9007199254740993n, 100n, 2, "90071992547409.93"],
  ])("%s/%s with %s digits is %s", (n, d, digits, text) => {
    expect(decimal(rational(n, d), digits)).toBe(text);
  });

  test("read back, it is the fraction rounded at that digit", () => {
    fc.assert(
      fc.property(fraction, fc.integer({ min: 0, max: 8 }), (it, digits) => {
        const scale = 10n ** BigInt(digits);
        const text = decimal(it, digits);
        expect(text).toMatch(digits === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${digits}}$`));
        expect(BigInt(text.replace(".", ""))).toBe(roundHalfEven(multiply(it, rational(scale))));
      }),
    );
  });
});
