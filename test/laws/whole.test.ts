// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Remedy, Terms } from "../../shared/contract/terms.ts";
import { rational } from "../../shared/kit/rational.ts";
import { dealOf } from "../../shared/pay/deal.ts";
import { eventsOf, learning, type MeasuredRates } from "../../shared/pay/event.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { grown, noVolume, portion, type Volumes, volumeOf } from "../../shared/pay/volume.ts";
import { isCoupled, type Knowledge, pricesOf, type Scope, wholeOf } from "../../shared/pay/whole.ts";
import { anyDeal } from "./evidence.deals.ts";
import { vectors } from "./evidence.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const NONE: readonly MeasuredRates[] = [];

const terms: Terms = {
  ...vectors.terms,
  timeZone: "UTC",
  starts: "2026-01-01",
  ends: "2026-03-31",
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1000 }],
};
const guaranteed = (remedy: Remedy, target = 1): Terms => ({
  ...terms,
  guarantee: { result: "lead", target, per: "period", remedy },
});
const lead = (id: string, at: number): ResultShare => ({
  id,
  result: "lead",
  at,
  shareMicro: 1_000_000,
  state: "counted",
});

const knowing = (deal: ReturnType<typeof dealOf>, shares: readonly ResultShare[], asOf: number, rates = NONE) => {
  const learned = learning(deal);
  for (const event of eventsOf(deal, shares, rates, asOf)) learned.learn(event);
  return learned.knowledge();
};
const priced = (it: Terms, shares: readonly ResultShare[], asOf: number) => {
  const deal = dealOf([it]);
  return wholeOf({ deal, at: asOf, upTo: deal.periods.length - 1 }, knowing(deal, shares, asOf));
};
const gross = (it: Terms, ...shares: readonly ResultShare[]) =>
  [...priced(it, shares, day("2026-06-01")).periods.values()].map(({ price }) => price.grossMinor);

describe("a result that makes good an earlier month", () => {
  const window = (length: number): Terms => guaranteed({ kind: "makeGood", days: length, then: { kind: "none" } });

  it("is not paid in its own month, be it in its first millisecond", () => {
    const [first, second] = [lead("a", day("2026-02-01")), lead("b", day("2026-02-02"))];
    expect(gross(window(5), first, second)).toEqual([0, 1000, 0]);
    expect(gross(window(5), second, first)).toEqual([0, 1000, 0]);
  });

  it("takes nothing from a month that ended in the millisecond in which it came", () => {
    expect(gross(window(40), lead("own", day("2026-02-05")), lead("march", day("2026-03-01")))).toEqual([0, 0, 0]);
    expect(gross(window(40), lead("march", day("2026-03-01")))).toEqual([0, 0, 0]);
    expect(gross(window(28), lead("own", day("2026-02-05")), lead("march", day("2026-03-01")))).toEqual([0, 0, 0]);
    expect(gross(window(3), lead("own", day("2026-02-05")), lead("march", day("2026-03-01")))).toEqual([0, 1000, 1000]);
  });

  it("is remembered by its conversion, and one that made nothing good is not", () => {
    const shares = [lead("own", day("2026-01-05")), lead("a", day("2026-02-01")), lead("b", day("2026-02-02"))];
    const { fills } = priced({ ...window(5), ends: "2026-02-28" }, shares.slice(1), day("2026-02-10"));
    expect([...fills]).toEqual([["a", rational(1)]]);
    expect(priced({ ...window(5), ends: "2026-01-31" }, shares, day("2026-02-10")).fills.size).toBe(0);
  });
});

describe("what one month of a contract bears on another", () => {
  it("is a cap over all of them, or a guarantee that reaches on", () => {
    const coupled = (...versions: readonly Terms[]): boolean => isCoupled(dealOf(versions));
    expect(coupled(terms)).toBe(false);
    expect(coupled({ ...terms, caps: { perPeriodMinor: 5 } })).toBe(false);
    expect(coupled(guaranteed({ kind: "proRata" }))).toBe(false);
    expect(coupled({ ...terms, caps: { totalMinor: 5 } })).toBe(true);
    expect(coupled(guaranteed({ kind: "carryOver" }))).toBe(true);
    expect(coupled(terms, { ...guaranteed({ kind: "makeGood", days: 3 }), starts: "2026-03-01" })).toBe(true);
  });

  it("where there is neither, one month may be priced by itself; else all up to the last that is asked for", () => {
    const asked = (it: Terms, scope: Pick<Scope, "upTo" | "only">) => {
      const deal = dealOf([it]);
      const whole = { deal, at: day("2026-06-01"), ...scope };
      const known = knowing(deal, [lead("a", day("2026-02-05"))], whole.at);
      const made = wholeOf(whole, known);
      expect([...pricesOf(whole, known, made).keys()]).toEqual([...made.periods.keys()]);
      return [...made.periods.keys()];
    };
    expect(asked(terms, { upTo: 2, only: 1 })).toEqual([1]);
    expect(asked(terms, { upTo: 1 })).toEqual([0, 1]);
    expect(asked(terms, { upTo: 0, only: 1 })).toEqual([]);
    expect(asked({ ...terms, caps: { totalMinor: 5 } }, { upTo: 1, only: 1 })).toEqual([0, 1]);
  });
});

describe("what only some of the results earn", () => {
  it("is what the rules make of them, under the same cap over all months", () => {
    const capped: Terms = { ...terms, caps: { totalMinor: 2500 } };
    const deal = dealOf([capped]);
    const shares = ["a", "b"].map((id) => lead(id, day("2026-01-05"))).concat(lead("c", day("2026-02-05")));
    const scope: Scope = { deal, at: day("2026-06-01"), upTo: 2 };
    const known = knowing(deal, shares, scope.at);
    const whole = wholeOf(scope, known);
    const earned = (knowledge: Knowledge) =>
      [...pricesOf(scope, knowledge, whole).values()].map(({ grossMinor }) => grossMinor);
    expect(earned(known)).toEqual([2000, 500, 0]);
    expect(earned(knowing(deal, shares.slice(1), scope.at))).toEqual([1000, 1000, 0]);
    expect(earned(knowing(deal, [], scope.at))).toEqual([0, 0, 0]);
  });

  it("is all of it when they are all of them: rules, caps, targets and what made good are the same", () => {
    const everything = {
      tiers: true,
      bonuses: true,
      caps: true,
      guarantee: true,
      amended: true,
      agreed: false,
      late: true,
    };
    fc.assert(
      fc.property(anyDeal(everything), fc.nat(6), ({ terms: first, shares, asOf, also }, last) => {
        const deal = dealOf([first, ...(also.amendments ?? [])]);
        const scope: Scope = { deal, at: asOf, upTo: Math.min(last, deal.periods.length - 1) };
        const known = knowing(deal, shares, asOf, also.rates as readonly MeasuredRates[]);
        const whole = wholeOf(scope, known);
        const prices = [...whole.periods].map(([index, { price }]) => [index, price] as const);
        expect([...pricesOf(scope, known, whole)]).toEqual(prices);
        expect(prices.map(([index]) => index)).toEqual(deal.periods.slice(0, scope.upTo + 1).map((it) => it.index));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a volume", () => {
  it("of half of a fifth of a conversion is a tenth of it and of its value", () => {
    expect(portion(200_000, 500, 300)).toEqual({ countNano: 100_000_000n, valueNano: 30_000_000_000n });
    const twice = [500, 500].reduce<Volumes>((sum, left) => grown(sum, "sale", portion(200_000, left, 300)), new Map());
    expect(volumeOf(twice, "sale")).toEqual({ countNano: 200_000_000n, valueNano: 60_000_000_000n });
    expect(volumeOf(twice, "lead")).toEqual(noVolume);
    expect(portion(0, 1000, 300)).toEqual(noVolume);
    expect(portion(1_000_000, 1000, undefined)).toEqual({ countNano: 1_000_000_000n, valueNano: 0n });
  });
});
