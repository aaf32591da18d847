import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import { type PeriodStatement, statement } from "../../shared/pay/statement.ts";
import { often } from "../cases.ts";
import { above, below, type Fraction, fraction, fromText, nothing, plus, same, times } from "./auditor.fraction.ts";
import type { Standing } from "./auditor.price.ts";
import { type Audit, audit } from "./auditor.ts";
import { anyDeal, type Deal } from "./evidence.deals.ts";
import type { Mix } from "./evidence.rules.ts";

type Line = PeriodStatement["lines"][number];

const MINUTES = 60_000;
const remedies = ["proRata", "penalty"];
const micro = (it: Fraction): Fraction => times(it, fraction(1_000_000));
const sum = (lines: readonly Line[]): bigint => lines.reduce((all, { amountMinor }) => all + BigInt(amountMinor), 0n);
const exactly = (lines: readonly Line[]): Fraction => lines.map(({ exact }) => fromText(exact)).reduce(plus, nothing);

const standsAs = (is: PeriodStatement["guarantee"], own: Standing | null): void => {
  expect(is === null).toBe(own === null);
  if (is === null || own === null) return;
  expect([is.state, is.result]).toEqual([own.state, own.result]);
  expect(BigInt(is.volumeMicro)).toBe(below(micro(own.volume)));
  expect(BigInt(is.shortfallMicro)).toBe(above(micro(own.short)));
  expect([below(micro(own.target)), above(micro(own.target))]).toContain(BigInt(is.targetMicro));
  expect(BigInt(is.target)).toBe(above(own.target));
  expect(is.until).toBe(own.until);
  if (own.until !== undefined) expect(BigInt(is.filledMicro ?? 0)).toBe(below(micro(own.filled)));
};

const agree = (own: Audit, is: PeriodStatement): void => {
  const [mine, rest] = [is.lines.slice(0, own.lines.length), is.lines.slice(own.lines.length)];
  expect(mine.map(({ code, amountMinor }) => [code, BigInt(amountMinor)])).toEqual(
    own.lines.map(({ code, minor }) => [code, minor]),
  );
  mine.forEach(({ exact }, index) => {
    expect([exact, same(fromText(exact), own.lines[index]!.exact)]).toEqual([exact, true]);
  });
  const corrections = rest.slice(0, rest.length - own.adjustments.length);
  expect(sum(corrections)).toBe(own.corrected.minor);
  expect(same(exactly(corrections), own.corrected.exact)).toBe(true);
  for (const { code } of corrections) expect(["correction", ...remedies]).toContain(code);
  expect(rest.slice(corrections.length).map(({ code, amountMinor }) => [code, amountMinor])).toEqual(
    own.adjustments.map(({ code, amountMinor }) => [code, amountMinor]),
  );
  expect([is.starts, is.ends, is.state]).toEqual([own.starts, own.ends, own.closed ? "closed" : "open"]);
  expect([is.earnedMinor, is.dueMinor, is.carriedMinor].map(BigInt)).toEqual([
    own.earnedMinor,
    own.dueMinor,
    own.carriedMinor,
  ]);
  standsAs(is.guarantee, own.guarantee);
};

const compare = ({ terms, shares, also, asOf }: Deal, note: (what: string) => void): void => {
  for (const it of [terms, ...(also.amendments ?? [])]) expect(readTerms(it)).toMatchObject({ ok: true });
  const { periods, totalMinor } = statement(terms, shares, asOf, also);
  const audits = audit(terms, shares, asOf, also, note);
  const told = new Map(periods.map((it) => [it.starts, it]));
  for (const own of audits) {
    const is = told.get(own.starts);
    if (!is && !own.isOwn) {
      expect([own.corrected.minor, own.adjustments.length]).toEqual([0n, 0]);
      continue;
    }
    agree(own, is!);
  }
  const begun = new Set(audits.map(({ starts }) => starts));
  expect(periods.filter(({ starts }) => !begun.has(starts))).toEqual([]);
  expect(BigInt(totalMinor)).toBe(audits.reduce((all, { earnedMinor }) => all + earnedMinor, 0n));
};

/** Compare so many cases of a mix; `reached` says in how many of them, at least, each state must have come up. */
const theme = (name: string, numRuns: number, mix: Mix, reached: Readonly<Record<string, number>>): void =>
  it(
    name,
    () => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(anyDeal(mix), (deal) => {
          const once = new Set<string>();
          compare(deal, (what) => once.add(what));
          for (const what of once) seen.set(what, (seen.get(what) ?? 0) + 1);
        }),
        { numRuns },
      );
      const rare = Object.entries(reached).filter(([what, least]) => (seen.get(what) ?? 0) < often(least));
      expect(rare.map(([what]) => [what, seen.get(what)])).toEqual([]);
    },
    10 * MINUTES,
  );

const MONEY = {
  "a closed period was worth less": 30,
  "too little was carried": 80,
  "less than the minimum was due after the end": 60,
  "a debt was carried": 10,
  "a correction came after the end": 10,
};
const TIERS = { "a retroactive step was reached": 20, "a retroactive step fell": 10 };
const LATE = {
  "a closed period was worth less": 50,
  "a closed period was worth more": 80,
  "a correction was less than half a unit": 10,
  "a correction came after the end": 60,
  "a share was restated after its period closed": 200,
  "a share of nothing was restated": 20,
  "a share was restated to nothing": 60,
};
const CAPS = {
  "a result's cap bit": 30,
  "a period's cap bit": 60,
  "the total cap bit": 40,
  "a cap cut more than one line": 50,
};
const BONUSES = Object.fromEntries(
  ["count", "value", "target", "clickThrough", "engagement"].flatMap((kind) => [
    [`a bonus on ${kind} was won`, 4],
    [`a bonus on ${kind} was missed`, 30],
  ]),
);
const GUARANTEES = {
  "a proRata was due": 40,
  "a penalty was due": 80,
  "a penalty's own cap bit": 40,
  "a penalty stopped at the pay": 40,
  "a penalty went beyond the pay": 15,
  "a make-good was pending": 200,
  "a make-good ended": 150,
  "a make-good was filled": 30,
  "a make-good was filled in part": 70,
  "a make-good was filled from two periods": 5,
  "a make-good was filled after the end": 30,
  "a share was split by a make-good": 20,
  "a period gave to a make-good": 50,
  "a shortfall was carried over": 40,
  "a target was carried over": 40,
  "a guarantee over a whole flight of periods was missed": 10,
};
const EVERYTHING: Mix = {
  tiers: true,
  bonuses: true,
  caps: true,
  guarantee: true,
  amended: true,
  agreed: true,
  late: true,
};

describe("the auditor, who shares no code with the law, agrees with every line of every period at any instant", () => {
  theme("rules, tiers and conditions", 2_000, { tiers: true }, { ...MONEY, ...TIERS, "a condition held": 40 });
  theme("caps on a result, a period and the whole", 2_000, { caps: true, late: true }, { ...LATE, ...CAPS });
  theme("bonuses", 2_000, { bonuses: true }, { ...MONEY, ...BONUSES });
  theme("guarantees and what follows when they are missed", 2_500, { guarantee: true }, { ...MONEY, ...GUARANTEES });
  theme("what becomes known late", 2_000, { tiers: true, bonuses: true, late: true }, { ...LATE, ...TIERS });
  theme(
    "new terms while a contract runs",
    1_500,
    { guarantee: true, caps: true, amended: true },
    { ...CAPS, ...GUARANTEES, "a make-good was filled under newer terms": 30 },
  );
  theme("everything at once", 2_000, EVERYTHING, { ...LATE, ...TIERS, ...CAPS, ...BONUSES, ...GUARANTEES });
});
