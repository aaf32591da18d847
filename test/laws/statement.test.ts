import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { type Also, type ResultShare, settledAt, statement } from "../../shared/pay/statement.ts";
import { often } from "../cases.ts";
import { calendar, versionsOf } from "./auditor.calendar.ts";
import { worth } from "./auditor.ts";
import { anyDeal, anyShareOf, type Deal } from "./evidence.deals.ts";
import type { Mix } from "./evidence.rules.ts";
import { anyCase, anyShare, anyTerms, instantNear, vectors } from "./evidence.ts";
import { asked } from "./evidence.vectors.ts";

const RUNS = { numRuns: 300 };
const LONG = 120_000;
const EVERYTHING: Mix = {
  tiers: true,
  bonuses: true,
  caps: true,
  guarantee: true,
  amended: true,
  agreed: true,
  late: true,
};
const sum = (amounts: readonly number[]): bigint => amounts.reduce((total, it) => total + BigInt(it), 0n);
const isCorrection = ({ code }: { readonly code: string }): boolean => code === "correction";
const text = (it: unknown): string => JSON.stringify(it);
const versions = ({ terms, also }: Deal): readonly Terms[] => [terms, ...(also.amendments ?? [])];
const periodsOf = (deal: Deal) => versionsOf(versions(deal)).flatMap(({ periods }) => periods);
const legible = (draft: object): Terms => {
  const read = readTerms(draft);
  if (!read.ok) throw new Error(text(read.problems));
  return read.terms;
};

/** What a reader of the evidence could have seen of it at an instant. */
const knownBy = (shares: readonly ResultShare[], at: number): readonly ResultShare[] =>
  shares
    .filter((share) => Math.max(share.at, share.countedAt ?? share.at) <= at)
    .map((share) => ({
      ...share,
      reversals: (share.reversals ?? []).filter((it) => it.at <= at),
      restated: (share.restated ?? []).filter((it) => it.at <= at),
    }));
const alsoKnownBy = (also: Also, at: number): Also => ({
  ...also,
  adjustments: also.adjustments?.filter((it) => it.at <= at),
  rates: also.rates?.filter((it) => it.at <= at),
});

const DAY = 86_400_000;
const isRule = (code: string): boolean => ["fixed", "perResult", "share", "tiered", "bonus", "cap"].includes(code);
const isAgreed = (code: string): boolean => code === "dispute" || code === "adjustment";

/** What was agreed beside the rules, from the contract's first instant on. */
const agreedBy = ({ also }: Deal): bigint => sum((also.adjustments ?? []).map(({ amountMinor }) => amountMinor));

/**
 * Terms under which more results can never earn less: no retroactive step falls, and a condition met does not make a
 * part of the fixed pay forfeit that a cap had left to another rule.
 */
const isSteady = ({ pay, caps, guarantee }: Terms): boolean => {
  const falls = pay.some((rule) => {
    if (rule.rule !== "tiered" || rule.mode !== "retroactive") return false;
    const prices = rule.steps.map(({ amountMinor, rateBp }) => amountMinor ?? rateBp ?? 0);
    return prices.some((price, index) => index > 0 && price < prices[index - 1]!);
  });
  const isConditional = pay.some((rule) => rule.rule === "fixed" && rule.ifAtLeast !== undefined);
  const isCapped = caps?.perPeriodMinor !== undefined || caps?.totalMinor !== undefined;
  return !falls && !(isConditional && isCapped && text(guarantee ?? null).includes("proRata"));
};

/** What all versions of a contract may pay together, if each has a cap, and whether any lets somebody owe. */
const limits = (deal: Deal): { readonly most: bigint | undefined; readonly mayOwe: boolean } => {
  const caps = versions(deal).map((it) => it.caps?.totalMinor);
  return {
    most: caps.every((it) => it !== undefined) ? sum(caps) : undefined,
    mayOwe: versions(deal).some((it) => text(it.guarantee ?? null).includes('"mayOwe":true')),
  };
};

describe("laws of statements", () => {
  it(
    "the order in which evidence arrived changes nothing",
    () => {
      const shuffled = anyDeal(EVERYTHING).chain((deal) =>
        fc.record({
          deal: fc.constant(deal),
          shares: fc.shuffledSubarray([...deal.shares], { minLength: deal.shares.length }),
          adjustments: fc.shuffledSubarray([...deal.also.adjustments!], { minLength: deal.also.adjustments!.length }),
          rates: fc.shuffledSubarray([...deal.also.rates!], { minLength: deal.also.rates!.length }),
        }),
      );
      fc.assert(
        fc.property(shuffled, ({ deal: { terms, shares, asOf, also }, ...other }) => {
          const turned = other.shares.map((it) => ({ ...it, reversals: [...(it.reversals ?? [])].reverse() }));
          expect(text(statement(terms, turned, asOf, { ...also, ...other }))).toBe(
            text(statement(terms, shares, asOf, also)),
          );
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it("nor does the order of two refunds of one conversion at the same instant", () => {
    const terms: Terms = { ...vectors.terms, ends: "2026-02-28" };
    const at = Date.UTC(2026, 1, 5);
    const share = {
      id: "a",
      result: "lead",
      at: Date.UTC(2026, 0, 10),
      shareMicro: 1_000_000,
      state: "counted",
    } as const;
    const reversals = [300, 900].map((permille) => ({ at, permille }));
    const [one, other] = [reversals, [...reversals].reverse()].map((it) =>
      statement(terms, [{ ...share, reversals: it }], Date.UTC(2026, 2, 5)),
    );
    expect(text(one)).toBe(text(other));
    expect(one!.periods[1]!.lines.filter(isCorrection).map(({ amountMinor }) => amountMinor)).toEqual([-1080, -120]);
  });

  it(
    "a statement as of an instant needs only what was known then",
    () => {
      fc.assert(
        fc.property(anyDeal(EVERYTHING), ({ terms, shares, asOf, also }) => {
          expect(text(statement(terms, knownBy(shares, asOf), asOf, alsoKnownBy(also, asOf)))).toBe(
            text(statement(terms, shares, asOf, also)),
          );
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it(
    "a closed statement never changes, whatever becomes known later",
    () => {
      const twice = anyDeal(EVERYTHING).chain((deal) =>
        fc.record({
          deal: fc.constant(deal),
          other: fc.oneof(
            fc.constantFrom(...periodsOf(deal)).map(({ until }) => until),
            fc.constant(settledAt(deal.terms, deal.shares, deal.also)),
          ),
        }),
      );
      let [compared, after] = [0, 0];
      fc.assert(
        fc.property(twice, ({ deal, other }) => {
          const { terms, shares, asOf, also } = deal;
          const [sooner, later] = [Math.min(asOf, other), Math.max(asOf, other)];
          const seen = statement(terms, knownBy(shares, sooner), sooner, alsoKnownBy(also, sooner));
          const then = seen.periods.filter(({ state }) => state === "closed");
          const now = statement(terms, shares, later, also).periods;
          expect(text(now.slice(0, then.length))).toBe(text(then));
          compared += then.length;
          after += then.filter(({ starts }) => starts > versions(deal).at(-1)!.ends).length;
        }),
        { numRuns: 1_000 },
      );
      expect(compared).toBeGreaterThan(often(1_000));
      expect(after).toBeGreaterThanOrEqual(often(20));
    },
    LONG,
  );

  it(
    "is the sum of its lines, and nothing is lost between what is earned, due and carried",
    () => {
      fc.assert(
        fc.property(anyDeal(EVERYTHING), ({ terms, shares, asOf, also }) => {
          const { periods, totalMinor } = statement(terms, shares, asOf, also);
          let carried = 0n;
          for (const { lines, earnedMinor, dueMinor, carriedMinor, state } of periods) {
            expect(BigInt(earnedMinor)).toBe(sum(lines.map(({ amountMinor }) => amountMinor)));
            expect(carried + BigInt(earnedMinor)).toBe(BigInt(dueMinor) + BigInt(carriedMinor));
            expect(dueMinor).toBeGreaterThanOrEqual(0);
            if (state === "open") expect(dueMinor).toBe(0);
            carried = BigInt(carriedMinor);
          }
          expect(BigInt(totalMinor)).toBe(sum(periods.map(({ earnedMinor }) => earnedMinor)));
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it(
    "corrections add up: in the end every period has earned what it is worth, and what was agreed beside",
    () => {
      fc.assert(
        fc.property(anyDeal(EVERYTHING), (deal) => {
          const { terms, shares, also } = deal;
          const end = settledAt(terms, shares, also);
          const worths = worth(terms, shares, end, also).reduce((total, { minor }) => total + minor, 0n);
          const settled = statement(terms, shares, end, also);
          expect(BigInt(settled.totalMinor)).toBe(worths + agreedBy(deal));
          expect(settled.periods.every(({ state }) => state === "closed")).toBe(true);
          expect(settled.periods.at(-1)!.carriedMinor).toBeLessThanOrEqual(0);
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it("each correction names a conversion that became known after its own period, and says which period that was", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares, asOf }) => {
        for (const { lines, starts } of statement(terms, shares, asOf).periods)
          for (const { conversion, because } of lines.filter(isCorrection)) {
            expect(shares.some(({ id }) => id === conversion)).toBe(true);
            const [, of] = / of (\d{4}-\d\d-\d\d) to /.exec(because)!;
            expect(of! < starts).toBe(true);
          }
      }),
      RUNS,
    );
  });

  it(
    "more results never lower what has been earned by their period's end, but for a step signed to fall",
    () => {
      const more = anyDeal({ ...EVERYTHING, late: false }).chain((deal) =>
        fc.record({ deal: fc.constant(deal), extra: anyShareOf(EVERYTHING, versions(deal)) }),
      );
      let grew = 0;
      fc.assert(
        fc.property(more, ({ deal, extra: { id, result, at, shareMicro, valueMinor } }) => {
          const { terms, shares, also } = deal;
          const period = periodsOf(deal).find(({ from, until }) => from <= at && at < until);
          fc.pre(period !== undefined && versions(deal).every(isSteady));
          const extra = { id, result, at, shareMicro, valueMinor, state: "counted" as const };
          const earned = (all: readonly ResultShare[]): bigint =>
            sum(
              statement(terms, all, period.until, also)
                .periods.filter(({ starts }) => starts <= period.starts)
                .map(({ earnedMinor }) => earnedMinor),
            );
          const [before, after] = [earned(shares), earned([...shares, extra])];
          expect(after >= before).toBe(true);
          grew += after > before ? 1 : 0;
        }),
        { numRuns: 600 },
      );
      expect(grew).toBeGreaterThan(often(100));
    },
    LONG,
  );

  it("a step signed to fall does lower it", () => {
    const steps = [
      { from: 0, amountMinor: 1000 },
      { from: 2, amountMinor: 100 },
    ];
    const terms = legible({
      ...vectors.terms,
      pay: [{ rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps }],
    });
    const lead = { result: "lead", at: Date.UTC(2026, 0, 10), shareMicro: 1_000_000, state: "counted" } as const;
    const paid = (count: number): number => {
      const shares = Array.from({ length: count }, (_, index) => ({ ...lead, id: `${index}` }));
      return statement(terms, shares, Date.UTC(2026, 2, 1)).totalMinor;
    };
    expect([paid(1), paid(2)]).toEqual([1000, 200]);
  });

  it(
    "what is paid for a conversion and what is clawed back for it are the same",
    () => {
      const taken = anyDeal(EVERYTHING).chain((deal) =>
        fc.record({ deal: fc.constant(deal), extra: anyShareOf(EVERYTHING, versions(deal)) }),
      );
      fc.assert(
        fc.property(taken, ({ deal: { terms, shares, also }, extra }) => {
          const counted: ResultShare = { ...extra, state: "counted", reversals: [] };
          const late = settledAt(terms, [...shares, counted], also);
          const reversed: ResultShare = { ...counted, reversals: [{ at: late, permille: 1000 }] };
          const end = settledAt(terms, [...shares, reversed], also);
          expect(statement(terms, [...shares, reversed], end, also).totalMinor).toBe(
            statement(terms, shares, end, also).totalMinor,
          );
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it(
    "when everything is refunded no residue is left: it is as if nothing had ever counted",
    () => {
      fc.assert(
        fc.property(anyDeal(EVERYTHING), ({ terms, shares, also }) => {
          const refunded = shares.map((it) => ({ ...it, reversals: [{ at: it.at + 45 * DAY, permille: 1000 }] }));
          const end = settledAt(terms, refunded, also);
          expect(statement(terms, refunded, end, also).totalMinor).toBe(statement(terms, [], end, also).totalMinor);
        }),
        { numRuns: 500 },
      );
    },
    LONG,
  );

  it("and where no guarantee was missed, only unconditional fixed pay remains", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares }) => {
        const refunded = shares.map((it) => ({ ...it, reversals: [{ at: it.at + DAY * 45, permille: 1000 }] }));
        const { length } = calendar(terms.starts, terms.ends, terms.period, terms.timeZone);
        const left = terms.pay.map((rule) => {
          if (rule.rule !== "fixed" || rule.ifAtLeast !== undefined) return 0;
          return rule.per === "flight" ? rule.amountMinor : rule.amountMinor * length;
        });
        const settled = statement(terms, refunded, settledAt(terms, refunded));
        expect(BigInt(settled.totalMinor)).toBe(sum(left));
      }),
      RUNS,
    );
  });

  it(
    "no cap is exceeded by any prefix of periods at any instant, and none is owed below zero unless signed",
    () => {
      const seen = { capped: 0, kept: 0, owed: 0 };
      const check = (deal: Deal): void => {
        const { terms, shares, asOf, also } = deal;
        const { most, mayOwe } = limits(deal);
        let earned = 0n;
        for (const { starts, lines } of statement(terms, shares, asOf, also).periods) {
          const limit = versions(deal).findLast((it) => it.starts <= starts)!.caps?.perPeriodMinor;
          const paid = sum(lines.filter(({ code }) => isRule(code)).map(({ amountMinor }) => amountMinor));
          earned += sum(lines.filter(({ code }) => !isAgreed(code)).map(({ amountMinor }) => amountMinor));
          expect(limit === undefined || paid <= BigInt(limit)).toBe(true);
          expect(most === undefined || earned <= most).toBe(true);
          expect(mayOwe || earned >= 0n).toBe(true);
          seen.capped += Number(earned === most);
          seen.kept += Number(limit !== undefined && paid === BigInt(limit));
          seen.owed += Number(earned < 0n);
        }
      };
      fc.assert(fc.property(anyDeal(EVERYTHING), check), { numRuns: 1_500 });
      for (const [what, times] of Object.entries(seen)) expect([what, times >= often(5)]).toEqual([what, true]);
    },
    LONG,
  );

  it(
    "terms signed later change nothing that was stated before they took effect",
    () => {
      let compared = 0;
      fc.assert(
        fc.property(anyDeal(EVERYTHING), (deal) => {
          const { terms, shares, also } = deal;
          const turn = versionsOf(versions(deal))[1]?.periods[0]?.from;
          fc.pre(turn !== undefined && terms.period !== "flight");
          const before = statement(terms, shares, turn - 1, { ...also, amendments: [] });
          expect(text(statement(terms, shares, turn - 1, also))).toBe(text(before));
          compared += 1;
        }),
        { numRuns: 300 },
      );
      expect(compared).toBeGreaterThan(often(50));
    },
    LONG,
  );

  it("a conversion outside the days of the contract, whatever became of it later, pays nothing under it", () => {
    const outside = anyTerms.chain((terms) =>
      fc.record({
        terms: fc.constant(terms),
        extra: anyShare(terms, fc.constant("outside")),
        asOf: instantNear(terms),
      }),
    );
    let tried = 0;
    fc.assert(
      fc.property(outside, ({ terms, extra, asOf }) => {
        const periods = calendar(terms.starts, terms.ends, terms.period, terms.timeZone);
        fc.pre(extra.at < periods[0]!.from || extra.at >= periods.at(-1)!.until);
        expect(text(statement(terms, [{ ...extra, state: "counted" }], asOf))).toBe(text(statement(terms, [], asOf)));
        tried += 1;
      }),
      RUNS,
    );
    expect(tried).toBeGreaterThan(0);
  });

  it("amounts beyond any money there is stop at the largest that can be held, and nothing throws", () => {
    const terms = readTerms({ ...vectors.terms, pay: [{ rule: "share", result: "sale", rateBp: 1_000_000 }] });
    if (!terms.ok) throw new Error("the sample terms are refused");
    const share = { result: "sale", at: Date.UTC(2026, 0, 10), shareMicro: 1_000_000, state: "counted" } as const;
    const most = Number.MAX_SAFE_INTEGER;
    const shares = Array.from({ length: 3 }, (_, index) => ({ ...share, id: `${index}`, valueMinor: most }));
    const late = shares.map((it) => ({ ...it, reversals: [{ at: Date.UTC(2026, 5, 1), permille: 1000 }] }));
    expect(statement(terms.terms, shares, settledAt(terms.terms, shares)).totalMinor).toBe(most);
    expect(statement(terms.terms, late, settledAt(terms.terms, late)).totalMinor).toBe(0);
    const long: Terms = { ...terms.terms, ends: "2026-02-28" };
    const both = late.map((it, index) => ({ ...it, at: Date.UTC(2026, index % 2, 10) }));
    expect(statement(long, both, settledAt(long, both)).periods.at(-1)!.earnedMinor).toBe(-most);
  });
});

describe("vectors: exact cents, the same in every language", () => {
  it.each(vectors.cases)("$name", (vector) => {
    const { terms, shares, asOf, also } = asked(vector);
    const made = statement(legible(terms), shares, asOf, {
      ...also,
      amendments: also.amendments!.map(legible),
    } as Also);
    const shown = made.periods.map(({ lines, ...rest }) => ({
      ...rest,
      lines: lines.map(({ code, amountMinor, exact }) => [code, amountMinor, exact]),
    }));
    expect(shown).toMatchObject(vector.periods);
    expect(shown.length).toBe(vector.periods.length);
    expect(made.totalMinor).toBe(vector.totalMinor);
  });
});
