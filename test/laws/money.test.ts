import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponents, isCurrency } from "../../shared/kit/currency.ts";
import {
  apportion,
  apportionLarge,
  type Claim,
  exponentOf,
  LARGEST_MINOR,
  major,
  roundMinor,
  spoken,
} from "../../shared/kit/money.ts";
import { multiply, rational, written } from "../../shared/kit/rational.ts";

const corpus = process.env.MAKEGOOD_CORPUS;

const weight = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 0n, max: 5n }),
  fc.bigInt({ min: 0n, max: 10n ** 12n }),
  fc.bigInt({ min: 0n, max: 10n ** 40n }),
);
const claims = fc
  .array(fc.tuple(weight, fc.integer({ min: 0, max: 3 })), { maxLength: 12 })
  .map((all): readonly Claim[] => all.map(([it, tie], index) => ({ weight: it, tie, id: `claim-${index}` })));
const some = claims.filter((all) => all.some((it) => it.weight > 0n));
const whole = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.constant(1_000_000),
  fc.integer({ min: 0, max: LARGEST_MINOR }),
);
const totalOf = (all: readonly Claim[]): bigint => all.reduce((sum, it) => sum + it.weight, 0n);
const sumOf = (parts: readonly number[]): bigint => parts.reduce((sum, part) => sum + BigInt(part), 0n);
const byId = (all: readonly Claim[], parts: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(all.map(({ id }, index) => [id, parts[index]!]));
const claim = (units: number | bigint, id: string, tie = 0): Claim => ({ weight: BigInt(units), tie, id });

describe("splitting a whole", () => {
  test("the parts sum to the whole exactly, unless nobody claims anything", () => {
    fc.assert(fc.property(whole, some, (units, all) => sumOf(apportion(units, all)) === BigInt(units)));
    expect(apportion(100, [claim(0, "a"), claim(0, "b")])).toEqual([0, 0]);
    expect(apportion(100, [])).toEqual([]);
  });

  test("each part is less than one unit away from its exact claim", () => {
    fc.assert(
      fc.property(whole, some, (units, all) => {
        const total = totalOf(all);
        for (const [index, part] of apportion(units, all).entries()) {
          const off = BigInt(part) * total - BigInt(units) * all[index]!.weight;
          expect(off < total && off > -total).toBe(true);
        }
      }),
    );
  });

  test("a claim of nothing gets nothing, and a larger claim never gets less", () => {
    fc.assert(
      fc.property(whole, some, (units, all) => {
        const parts = apportion(units, all);
        for (const [one, part] of parts.entries()) {
          if (all[one]!.weight === 0n) expect(part).toBe(0);
          for (const [other, more] of parts.entries())
            if (all[other]!.weight > all[one]!.weight) expect(more).toBeGreaterThanOrEqual(part);
        }
      }),
    );
  });

  test("the order claims arrive in changes nobody's part", () => {
    const shuffled = some.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
    );
    fc.assert(
      fc.property(whole, shuffled, (units, [all, mixed]) => {
        expect(byId(mixed, apportion(units, mixed))).toEqual(byId(all, apportion(units, all)));
      }),
    );
  });

  test("only the proportions of claims matter, not their size", () => {
    fc.assert(
      fc.property(whole, some, fc.bigInt({ min: 1n, max: 10n ** 9n }), (units, all, factor) => {
        const larger = all.map((it) => ({ ...it, weight: it.weight * factor }));
        expect(apportion(units, larger)).toEqual(apportion(units, all));
      }),
    );
  });

  test("a negative whole takes back exactly what the positive one gave", () => {
    fc.assert(
      fc.property(whole, some, (units, all) => {
        const given = apportion(units, all);
        const taken = apportion(-units, all);
        expect(given.map((part, index) => part + taken[index]!)).toEqual(given.map(() => 0));
      }),
    );
  });

  test("a whole beyond what a double holds is split by the same law", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), some, (units, all) => {
        const parts = apportionLarge(units, all);
        const total = totalOf(all);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(units);
        for (const [index, part] of parts.entries()) {
          const off = part * total - units * all[index]!.weight;
          expect(off < total && off > -total).toBe(true);
        }
      }),
    );
    fc.assert(
      fc.property(whole, some, (units, all) => {
        expect(apportionLarge(BigInt(units), all).map(Number)).toEqual(apportion(units, all));
      }),
    );
  });

  test("fifteen over 80, 8 and 12 percent is 12, 1 and 2: the largest remainder wins, not the first in line", () => {
    expect(apportion(15, [claim(80, "a"), claim(8, "b"), claim(12, "c")])).toEqual([12, 1, 2]);
  });

  test("equal remainders go to the lowest tie key, then to the lowest id", () => {
    expect(apportion(1, [claim(1, "a", 2), claim(1, "b", 1), claim(1, "c", 3)])).toEqual([0, 1, 0]);
    expect(apportion(2, [claim(1, "c"), claim(1, "a"), claim(1, "b")])).toEqual([0, 1, 1]);
  });

  test("refuses what no money can be: broken units and claims of less than nothing", () => {
    expect(() => apportion(1.5, [claim(1, "a")])).toThrow(/whole/);
    expect(() => apportion(LARGEST_MINOR + 1, [claim(1, "a")])).toThrow(/whole/);
    expect(() => apportion(10, [claim(3, "a"), claim(-1, "b")])).toThrow(/less than nothing/);
  });
});

describe("rounding an exact amount", () => {
  test("a thousand sales of $1.99 at 7.25 % earn 14427.5 cents, which is 14428", () => {
    const exact = multiply(rational(1000 * 199), rational(725, 10_000));
    expect(written(exact)).toBe("28855/2");
    expect(roundMinor(exact)).toBe(14_428);
  });

  test("ten thousand half cents rounded once lose nothing, where rounded one by one they would all vanish", () => {
    expect(roundMinor(multiply(rational(10_000), rational(1, 2)))).toBe(5_000);
    expect(roundMinor(rational(1, 2)) * 10_000).toBe(0);
  });

  test("an amount beyond what a double holds exactly is refused, never bent", () => {
    expect(roundMinor(rational(LARGEST_MINOR))).toBe(LARGEST_MINOR);
    expect(() => roundMinor(rational(BigInt(LARGEST_MINOR) + 1n))).toThrow(/beyond/);
    expect(() => roundMinor(rational(-BigInt(LARGEST_MINOR) - 1n))).toThrow(/beyond/);
  });
});

describe("money as text", () => {
  test.each([
    [1234, "USD", "12.34"],
    [1234, "JPY", "1234"],
    [1234, "KWD", "1.234"],
    [1234, "CLF", "0.1234"],
    [-5, "EUR", "-0.05"],
    [0, "EUR", "0.00"],
    [LARGEST_MINOR, "USD", "90071992547409.91"],
  ])("%s minor units of %s are %s", (amountMinor, currency, text) => {
    expect(major(amountMinor, currency)).toBe(text);
  });

  test("major units read back are the same minor units, in every currency", () => {
    const code = fc.constantFrom(...exponents.keys());
    fc.assert(
      fc.property(fc.integer({ min: -LARGEST_MINOR, max: LARGEST_MINOR }), code, (amountMinor, currency) => {
        const [, fraction = ""] = major(amountMinor, currency).split(".");
        expect(fraction).toHaveLength(exponentOf(currency));
        expect(BigInt(major(amountMinor, currency).replace(".", ""))).toBe(BigInt(amountMinor));
      }),
    );
  });

  test("money for people has ISO's digits, not the locale's, and every one of them", () => {
    expect(spoken(1234, "USD")).toBe("$12.34");
    expect(spoken(1234, "HUF")).toMatch(/12\.34$/);
    expect(spoken(1234, "JPY")).toBe("¥1,234");
    expect(spoken(LARGEST_MINOR, "USD")).toBe("$90,071,992,547,409.91");
    expect(spoken(-1234, "EUR", "de-DE").replaceAll("\u00a0", " ")).toBe("-12,34 €");
  });

  test("a code without a minor unit is no currency here", () => {
    for (const code of ["XAU", "XTS", "usd", "US", "", "USDT"]) {
      expect([code, isCurrency(code)]).toEqual([code, false]);
      expect(() => exponentOf(code)).toThrow(/exponent/);
    }
  });
});

describe.skipIf(!corpus)("against ISO 4217 as published (needs MAKEGOOD_CORPUS)", () => {
  const table = (): ReadonlyMap<string, string> => {
    const xml = readFileSync(`${corpus}/money/iso4217-table_a1.xml`, "utf8");
    const rows = xml.matchAll(/<Ccy>([A-Z]{3})<\/Ccy>\s*<CcyNbr>\d+<\/CcyNbr>\s*<CcyMnrUnts>([^<]+)</g);
    return new Map([...rows].map(([, code = "", units = ""]) => [code, units]));
  };
  const csv = (): readonly (readonly [string, string, string])[] =>
    readFileSync(`${corpus}/money/iso4217-codes-all.csv`, "utf8")
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => {
        const [withdrawn = "", units = "", , code = ""] = line.split(",").reverse();
        return [code, units, withdrawn];
      });

  test("every currency of list one has its published exponent, and what has none is absent", () => {
    const published = table();
    expect(published.size).toBeGreaterThan(170);
    for (const [code, units] of published)
      expect([code, exponents.get(code)]).toEqual([code, units === "N.A." ? undefined : Number(units)]);
  });

  test("every currency we know is in the list of all codes with the same exponent", () => {
    // Rows of withdrawn codes come without an exponent.
    const listed = new Map<string, Set<string>>();
    for (const [code, units] of csv()) listed.set(code, (listed.get(code) ?? new Set()).add(units));
    for (const [code, digits] of exponents) {
      const units = [...(listed.get(code) ?? ["absent"])].filter((it) => it !== "");
      expect([code, units.every((it) => it === String(digits))]).toEqual([code, true]);
    }
  });

  test("every code in force with a minor unit is known", () => {
    const inForce = csv().filter(([code, units, withdrawn]) => code !== "" && /^\d$/.test(units) && withdrawn === "");
    expect(inForce.length).toBeGreaterThan(150);
    expect(inForce.filter(([code, units]) => exponents.get(code) !== Number(units))).toEqual([]);
  });
});

describe.skipIf(!corpus)("on the votes of four Knesset elections (needs MAKEGOOD_CORPUS)", () => {
  const elections = corpus
    ? readFileSync(`${corpus}/money/apportionment-knesset.txt`, "utf8")
        .trim()
        .split("\n")
        .map((line) => {
          const sums = (text: string) =>
            text.split(",").map((item) => item.split("+").reduce((sum, it) => sum + Number(it), 0));
          const lists = [...line.matchAll(/\[([\d+,\s]+)\]/g)].map(([, inside = ""]) => sums(inside));
          return { name: line.slice(1, 3), votes: lists[0]!, seats: lists[1]! };
        })
    : [];

  const asClaims = (votes: readonly number[]): readonly Claim[] => votes.map((it, index) => claim(it, `list-${index}`));
  const highestAverages = (votes: readonly number[], seats: number): readonly number[] => {
    const won = votes.map(() => 0);
    for (let seat = 0; seat < seats; seat += 1) {
      const best = votes.map((it, index) => it / (won[index]! + 1));
      won[best.indexOf(Math.max(...best))]! += 1;
    }
    return won;
  };

  test("the file is read as it was meant: highest averages give the seats it publishes", () => {
    expect(elections.map(({ name }) => name)).toEqual(["19", "20", "21", "22"]);
    for (const { votes, seats } of elections) expect(highestAverages(votes, 120)).toEqual(seats);
  });

  test("largest remainders give 120 seats, each list its quota rounded down or up, the up-rounded by remainder", () => {
    for (const { votes } of elections) {
      const parts = apportion(120, asClaims(votes));
      const total = votes.reduce((sum, it) => sum + it, 0);
      expect(parts.reduce((sum, it) => sum + it, 0)).toBe(120);
      const remainders = votes.map((it) => (it * 120) % total);
      const rose = parts.map((part, index) => part - Math.floor((votes[index]! * 120) / total));
      expect(rose.every((it) => it === 0 || it === 1)).toBe(true);
      const lowestRisen = Math.min(...remainders.filter((_, index) => rose[index] === 1));
      const highestLeft = Math.max(...remainders.filter((_, index) => rose[index] === 0));
      expect(lowestRisen).toBeGreaterThan(highestLeft);
    }
  });

  test("so small lists keep the seat that highest averages take from them", () => {
    const shifts = elections.map(({ votes, seats }) =>
      apportion(120, asClaims(votes)).map((part, index) => part - seats[index]!),
    );
    for (const shift of shifts) {
      expect(shift.reduce((sum, it) => sum + it, 0)).toBe(0);
      expect(shift[0]).toBeLessThanOrEqual(0);
      expect(shift.every((it) => Math.abs(it) <= 1)).toBe(true);
    }
    expect(apportion(120, asClaims(elections[0]!.votes))).toEqual([42, 33, 18, 12, 5, 7, 3]);
  });
});
