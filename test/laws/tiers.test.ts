import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { type ResultShare, statement } from "../../shared/pay/statement.ts";
import { audit } from "./auditor.ts";
import { vectors } from "./evidence.ts";
import { type TierVector, tierVectors } from "./evidence.vectors.ts";

const AT = Date.UTC(2026, 0, 10);
const LATE = Date.UTC(2026, 2, 1);
const one = { at: AT, shareMicro: 1_000_000, state: "counted" } as const;

const sold = ({ units = 0, valueMinor }: TierVector["prices"][number]): readonly ResultShare[] =>
  valueMinor === undefined
    ? Array.from({ length: units }, (_, index) => ({ ...one, id: `${index}`, result: "lead" }))
    : [{ ...one, id: "0", result: "sale", valueMinor }];

const signed = (pay: readonly object[]): Terms => {
  const read = readTerms({ ...vectors.terms, pay });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.terms;
};

describe("price lists that others published come to the totals they published", () => {
  it.each(tierVectors.cases)("$name", ({ pay, prices }) => {
    const terms = signed(pay);
    for (const price of prices) {
      const { totalMinor } = statement(terms, sold(price), LATE);
      expect([price, totalMinor]).toEqual([price, price.amountMinor]);
      const audited = audit(terms, sold(price), LATE).reduce((total, { earnedMinor }) => total + earnedMinor, 0n);
      expect([price, audited]).toEqual([price, BigInt(price.amountMinor)]);
    }
  });

  it("and every one of them says where", () => {
    expect(tierVectors.cases.length).toBeGreaterThan(10);
    for (const { source, prices } of tierVectors.cases) {
      expect(source).toMatch(/^https:\/\/|^\w+\/[\w-]+ [\w/.]+@[0-9a-f]{8}/);
      expect(prices.length).toBeGreaterThan(0);
    }
  });
});
