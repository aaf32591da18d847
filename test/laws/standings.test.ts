// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.

import { parse } from "valibot";
import { describe, expect, it } from "vitest";
import { type Terms, TermsSchema } from "../../shared/contract/terms.ts";
import { dealExplained, explained, standings } from "../../shared/pay/explained.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";

const terms: Terms = parse(TermsSchema, {
  currency: "EUR",
  timeZone: "UTC",
  starts: "2026-10-01",
  ends: "2026-12-31",
  period: "month",
  results: { lead: { counts: "verified" } },
  attribution: { model: "last", windowDays: 30, house: "excluded" },
  pay: [{ rule: "fixed", amountMinor: 10_000, per: "period" }],
  guarantee: {
    result: "lead",
    target: 4,
    per: "period",
    remedy: { kind: "makeGood", days: 10, then: { kind: "proRata" } },
  },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
});

const lead = (day: string): ResultShare => ({
  id: `lead-${day}`,
  result: "lead",
  at: Date.parse(`${day}T12:00:00Z`),
  shareMicro: 1_000_000,
  state: "counted",
});

const shares = [lead("2026-10-05"), lead("2026-11-02"), lead("2026-11-04")];
const asOf = (day: string) => ({ terms, shares, asOf: Date.parse(`${day}T00:00:00Z`) });

/** Standings by the first day of their period. */
const standingsNow = (it: Parameters<typeof standings>[0]) => {
  const { periods } = dealExplained(it);
  return new Map([...standings(it)].map(([index, standing]) => [periods[index]?.starts, standing]));
};

describe("how a guarantee stands now", () => {
  it("grows with what is made good, while the closed statement stays what it was", () => {
    const at = asOf("2026-11-05");
    expect(explained(at).periods[0]?.guarantee).toMatchObject({ state: "pending", shortfallMicro: 3_000_000 });
    expect(standingsNow(at).get("2026-10-01")).toMatchObject({
      state: "pending",
      shortfallMicro: 1_000_000,
      filledMicro: 2_000_000,
      until: Date.parse("2026-11-11T00:00:00Z"),
    });
  });

  it("is missed once the window is over, and counts what fills an old month for no other", () => {
    const now = standingsNow(asOf("2026-11-20"));
    expect(now.get("2026-10-01")).toMatchObject({ state: "missed", shortfallMicro: 1_000_000, filledMicro: 2_000_000 });
    expect(now.get("2026-11-01")).toMatchObject({ state: "open", volumeMicro: 0 });
    expect(now.has("2026-12-01")).toBe(false);
  });

  it("follows the version of each period, and the last day if it came early", () => {
    const smaller: Terms = { ...terms, starts: "2026-11-01", guarantee: { ...terms.guarantee!, target: 2 } };
    const it = { ...asOf("2026-12-05"), amendments: [{ terms: smaller }], lastDay: "2026-11-30" };
    const now = standingsNow(it);
    expect(now.get("2026-11-01")).toMatchObject({ target: 2 });
    expect(now.has("2026-12-01")).toBe(false);
  });
});
