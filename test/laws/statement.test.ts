import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { type PeriodStatement, type ResultShare, settledAt, statement } from "../../shared/pay/statement.ts";
import { audit, calendar, exactPay, fromText, same, toEven } from "./auditor.ts";
import { anyCase, anyShare, anyTerms, instantNear, type VectorShare, vectors } from "./evidence.ts";

const RUNS = { numRuns: 300 };
const sum = (amounts: readonly number[]): bigint => amounts.reduce((total, it) => total + BigInt(it), 0n);
const isCorrection = ({ code }: { readonly code: string }): boolean => code === "correction";
const text = (it: unknown): string => JSON.stringify(it);

/** What a reader of the evidence could have seen of it at an instant. */
const knownBy = (shares: readonly ResultShare[], at: number): readonly ResultShare[] =>
  shares
    .filter((share) => Math.max(share.at, share.countedAt ?? share.at) <= at)
    .map((share) => ({ ...share, reversals: (share.reversals ?? []).filter((it) => it.at <= at) }));

describe("the auditor, who shares no code with the law, agrees with every statement", () => {
  const seen = { corrected: 0, after: 0, carried: 0, negative: 0, overtaken: 0, met: 0, missed: 0, tie: 0, split: 0 };
  const notice = (terms: Terms, shares: readonly ResultShare[], periods: readonly PeriodStatement[]): void => {
    const lines = periods.flatMap((it) => it.lines);
    seen.corrected += lines.filter(isCorrection).length;
    seen.after += periods.filter(({ starts }) => starts > terms.ends).length;
    seen.carried += periods.filter(({ carriedMinor, state }) => carriedMinor > 0 && state === "closed").length;
    seen.negative += periods.filter(({ carriedMinor }) => carriedMinor < 0).length;
    seen.met += periods.filter(({ guarantee }) => guarantee?.state === "met").length;
    seen.missed += periods.filter(({ guarantee }) => guarantee?.state === "missed").length;
    seen.tie += lines.filter(({ exact }) => exact.endsWith("/2")).length;
    seen.split += lines.filter(({ because }) => because.includes(" + ")).length;
    seen.overtaken += shares.filter(
      ({ reversals }) => (reversals ?? []).reduce((all, { permille }) => all + permille, 0) > 1000,
    ).length;
  };

  it("line by line, period by period, at any instant", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares, asOf }) => {
        expect(readTerms(terms).ok).toBe(true);
        const { periods, totalMinor } = statement(terms, shares, asOf);
        const audits = audit(terms, shares, asOf);
        const told = new Map(periods.map((it) => [it.starts, it]));
        for (const own of audits) {
          const period = told.get(own.starts);
          if (own.starts > terms.ends && !period) {
            expect(own.correctedMinor).toBe(0n);
            continue;
          }
          const lines = period!.lines.filter((it) => !isCorrection(it));
          expect(lines.map(({ code }) => code)).toEqual(
            own.lines.length === 0 ? [] : terms.pay.map(({ rule }) => rule),
          );
          lines.forEach((line, index) => {
            expect(same(fromText(line.exact), own.lines[index]!)).toBe(true);
            expect(BigInt(line.amountMinor)).toBe(toEven(own.lines[index]!));
          });
          expect(sum(period!.lines.filter(isCorrection).map((it) => it.amountMinor))).toBe(own.correctedMinor);
          expect([period!.ends, period!.state]).toEqual([own.ends, own.closed ? "closed" : "open"]);
          expect(BigInt(period!.earnedMinor)).toBe(own.earnedMinor);
          expect(BigInt(period!.dueMinor)).toBe(own.dueMinor);
          expect(BigInt(period!.carriedMinor)).toBe(own.carriedMinor);
          expect(period!.guarantee?.state).toBe(own.guarantee?.state);
          if (!own.guarantee) continue;
          const { short, volume } = own.guarantee;
          expect(BigInt(period!.guarantee!.volumeMicro)).toBe((volume.top * 1_000_000n) / volume.bottom);
          expect(BigInt(period!.guarantee!.shortfallMicro)).toBe(
            (short.top * 1_000_000n + short.bottom - 1n) / short.bottom,
          );
        }
        const begun = new Set(audits.map(({ starts }) => starts));
        expect(periods.filter(({ starts }) => !begun.has(starts))).toEqual([]);
        expect(BigInt(totalMinor)).toBe(audits.reduce((total, { earnedMinor }) => total + earnedMinor, 0n));
        notice(terms, shares, periods);
      }),
      { numRuns: 1_000 },
    );
    for (const [what, times] of Object.entries(seen)) expect([what, times > 0]).toEqual([what, true]);
  });
});

describe("laws of statements", () => {
  it("the order in which evidence arrived changes nothing", () => {
    const shuffled = anyCase.chain((it) =>
      fc.shuffledSubarray([...it.shares], { minLength: it.shares.length }).map((other) => ({ ...it, other })),
    );
    fc.assert(
      fc.property(shuffled, ({ terms, shares, other, asOf }) => {
        const turned = other.map((it) => ({ ...it, reversals: [...(it.reversals ?? [])].reverse() }));
        expect(text(statement(terms, turned, asOf))).toBe(text(statement(terms, shares, asOf)));
      }),
      RUNS,
    );
  });

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

  it("a statement as of an instant needs only what was known then", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares, asOf }) => {
        expect(text(statement(terms, knownBy(shares, asOf), asOf))).toBe(text(statement(terms, shares, asOf)));
      }),
      RUNS,
    );
  });

  it("a closed statement never changes, whatever becomes known later", () => {
    const twice = anyCase.chain((it) =>
      fc.oneof(instantNear(it.terms), fc.constant(settledAt(it.terms, it.shares))).map((other) => ({ ...it, other })),
    );
    let [compared, after] = [0, 0];
    fc.assert(
      fc.property(twice, ({ terms, shares, asOf, other }) => {
        const [sooner, later] = [Math.min(asOf, other), Math.max(asOf, other)];
        const then = statement(terms, knownBy(shares, sooner), sooner).periods.filter(
          ({ state }) => state === "closed",
        );
        const now = statement(terms, shares, later).periods;
        expect(text(now.slice(0, then.length))).toBe(text(then));
        compared += then.length;
        after += then.filter(({ starts }) => starts > terms.ends).length;
      }),
      { numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(0);
  });

  it("is the sum of its lines, and nothing is lost between what is earned, due and carried", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares, asOf }) => {
        const { periods, totalMinor } = statement(terms, shares, asOf);
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
      RUNS,
    );
  });

  it("corrections add up: in the end every period has earned what its net volume is worth", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares }) => {
        const end = settledAt(terms, shares);
        const own = calendar(terms.starts, terms.ends, terms.period, terms.timeZone);
        const worth = own.flatMap((it, index) => exactPay(terms, shares, it, index === 0, end).map(toEven));
        const settled = statement(terms, shares, end);
        expect(BigInt(settled.totalMinor)).toBe(worth.reduce((total, amount) => total + amount, 0n));
        expect(settled.periods.every(({ state }) => state === "closed")).toBe(true);
      }),
      RUNS,
    );
  });

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

  it("one more result that counts never lowers what a period pays", () => {
    const more = anyCase.chain((it) => anyShare(it.terms, fc.constant("one-more")).map((extra) => ({ ...it, extra })));
    const own = ({ lines }: PeriodStatement): bigint =>
      sum(lines.filter((it) => !isCorrection(it)).map(({ amountMinor }) => amountMinor));
    fc.assert(
      fc.property(more, ({ terms, shares, asOf, extra }) => {
        const before = statement(terms, shares, asOf);
        const after = statement(terms, [...shares, { ...extra, state: "counted", reversals: [] }], asOf);
        const paid = new Map(after.periods.map((it) => [it.starts, own(it)]));
        for (const period of before.periods) expect(paid.get(period.starts) ?? 0n).toBeGreaterThanOrEqual(own(period));
        expect(after.totalMinor).toBeGreaterThanOrEqual(before.totalMinor);
      }),
      RUNS,
    );
  });

  it("what is paid for a conversion and what is clawed back for it are the same", () => {
    const taken = anyCase.chain((it) => anyShare(it.terms, fc.constant("taken")).map((extra) => ({ ...it, extra })));
    fc.assert(
      fc.property(taken, ({ terms, shares, extra }) => {
        const counted: ResultShare = { ...extra, state: "counted", reversals: [] };
        const late = settledAt(terms, [...shares, counted]);
        const reversed: ResultShare = { ...counted, reversals: [{ at: late, permille: 1000 }] };
        const end = settledAt(terms, [...shares, reversed]);
        expect(statement(terms, [...shares, reversed], end).totalMinor).toBe(statement(terms, shares, end).totalMinor);
      }),
      RUNS,
    );
  });

  it("when everything is refunded, only unconditional fixed pay remains", () => {
    fc.assert(
      fc.property(anyCase, ({ terms, shares }) => {
        const refunded = shares.map((it) => ({ ...it, reversals: [{ at: it.at + 86_400_000 * 45, permille: 1000 }] }));
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

const sharesOf = (given: readonly VectorShare[]): readonly ResultShare[] =>
  given.flatMap(({ times = 1, at, state = "counted", countedAt, reversals, ...rest }, index) =>
    Array.from({ length: times }, (_, nth) => ({
      ...rest,
      id: `${index}-${nth}`,
      at: Date.parse(at),
      state,
      countedAt: countedAt === undefined ? undefined : Date.parse(countedAt),
      reversals: (reversals ?? []).map((it) => ({ at: Date.parse(it.at), permille: it.permille })),
    })),
  );

describe("vectors: exact cents, the same in every language", () => {
  it.each(vectors.cases)("$name", ({ terms, results, asOf, periods, totalMinor }) => {
    const read = readTerms({ ...vectors.terms, ...terms });
    if (!read.ok) throw new Error(text(read.problems));
    const shares = sharesOf(results);
    const made = statement(read.terms, shares, asOf ? Date.parse(asOf) : settledAt(read.terms, shares));
    const shown = made.periods.map(({ lines, ...rest }) => ({
      ...rest,
      lines: lines.map(({ code, amountMinor, exact }) => [code, amountMinor, exact]),
    }));
    expect(shown).toMatchObject(periods);
    expect(shown.length).toBe(periods.length);
    expect(made.totalMinor).toBe(totalMinor);
  });
});
