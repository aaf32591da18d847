import { describe, expect, it } from "vitest";
import { above, asText, below, fraction, times } from "./auditor.fraction.ts";
import { type Audit, audit } from "./auditor.ts";
import { vectors } from "./evidence.ts";
import { asked } from "./evidence.vectors.ts";

const micro = fraction(1_000_000);

/** An audit written as a vector writes a statement; corrections are a sum, since the auditor does not tell them apart. */
const written = ({ lines, corrected, adjustments, guarantee, closed, ...it }: Audit) => ({
  starts: it.starts,
  ends: it.ends,
  state: closed ? "closed" : "open",
  lines: lines.map(({ code, minor, exact }) => [code, Number(minor), asText(exact)]),
  corrected: Number(corrected.minor),
  adjusted: adjustments.map(({ code, amountMinor }) => [code, amountMinor, `${amountMinor}/1`]),
  earnedMinor: Number(it.earnedMinor),
  dueMinor: Number(it.dueMinor),
  carriedMinor: Number(it.carriedMinor),
  guarantee: guarantee && {
    ...guarantee,
    target: Number(below(guarantee.target)),
    targetMicro: Number(below(times(guarantee.target, micro))),
    volumeMicro: Number(below(times(guarantee.volume, micro))),
    shortfallMicro: Number(above(times(guarantee.short, micro))),
  },
});

type Line = readonly [string, number, string];
const isAdjustment = ([code]: Line): boolean => code === "dispute" || code === "adjustment";

describe("the auditor, alone, comes to what was reckoned by hand", () => {
  it.each(vectors.cases)("$name", (vector) => {
    const { terms, shares, asOf, also } = asked(vector);
    const audits = audit(terms, shares, asOf, also)
      .map(written)
      .filter(({ lines, corrected, adjusted }) => lines.length > 0 || corrected !== 0 || adjusted.length > 0);
    const expected = vector.periods.map((period, index) => {
      const { lines, ...rest } = period as { readonly lines: readonly Line[] };
      const byRule = lines.filter((line) => !isAdjustment(line));
      const own = audits[index]?.lines.length ?? 0;
      const corrected = byRule.slice(own).reduce((sum, [, amount]) => sum + amount, 0);
      return { ...rest, lines: byRule.slice(0, own), corrected, adjusted: lines.filter(isAdjustment) };
    });
    expect(audits).toMatchObject(expected);
    expect(audits.length).toBe(expected.length);
    expect(audits.reduce((sum, { earnedMinor }) => sum + earnedMinor, 0)).toBe(vector.totalMinor);
  });
});
