import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { halved, ONE } from "../../shared/judge/halving.ts";
import { reasons } from "../../shared/judge/journey.ts";
import { type Context, models } from "../../shared/judge/models.ts";
import { DAY_MS, HOUR_MS } from "../../shared/kit/time.ts";
import { AT, click, conversion, journeys, names, plainly, rules, rulesOf, sharesOf } from "./attribution.journeys.ts";

interface Case {
  readonly says: string;
  /** Whose published number is behind it. */
  readonly source?: string;
  readonly conversion: { readonly id: string; readonly at: number };
  readonly touches: readonly Touch[];
  readonly attribution: AttributionTerms;
  readonly context?: Context;
  readonly considered: readonly (readonly [id: string, because: string, shareMicro: number])[];
  readonly shares: Readonly<Record<string, number>>;
  readonly held?: Readonly<Record<string, number>>;
}

const vectors: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../vectors/attribution.json", import.meta.url), "utf8"),
);

describe("the published cases", () => {
  it.each(vectors.cases)("$says", ({ conversion, touches, attribution, context, considered, shares, held = {} }) => {
    const found = credit(conversion, touches, attribution, context);
    expect(found.considered.map((it) => [it.touch.id, it.because, it.shareMicro])).toEqual(considered);
    expect(Object.fromEntries(found.shares.map((it) => [it.payee, it.shareMicro]))).toEqual(shares);
    const waiting = found.shares.filter((it) => it.heldMicro !== undefined);
    expect(Object.fromEntries(waiting.map((it) => [it.payee, it.heldMicro]))).toEqual(held);
  });

  it("have at least one case for every model and every reason", () => {
    expect(new Set(vectors.cases.map((it) => it.attribution.model))).toEqual(new Set(names));
    const codes = vectors.cases.flatMap((it) => it.considered.map(([, because]) => because));
    expect(new Set(codes)).toEqual(new Set(Object.keys(reasons)));
    expect(new Set(vectors.cases.map((it) => it.says)).size).toBe(vectors.cases.length);
  });

  it("name whose numbers they are, where somebody published them", () => {
    expect(vectors.cases.filter((it) => it.source !== undefined).length).toBeGreaterThanOrEqual(10);
  });
});

describe("a conversion is shared out whole", () => {
  it("to exactly 1 000 000 millionths, for every model and journey, and no more of a share waits than it is", () => {
    fc.assert(
      fc.property(journeys, rules, (touches, { terms, context }) => {
        const { shares, considered } = credit(conversion, touches, terms, context);
        expect(shares.reduce((sum, it) => sum + it.shareMicro, 0)).toBe(1_000_000);
        expect(shares.every((it) => Number.isInteger(it.shareMicro) && it.shareMicro > 0)).toBe(true);
        expect(new Set(shares.map((it) => it.payee)).size).toBe(shares.length);
        expect(considered.filter((it) => !it.in).every((it) => it.shareMicro === 0)).toBe(true);
        for (const { payee, shareMicro, heldMicro } of shares) {
          const own = considered.filter(({ touch }) => touch.payee === payee);
          if (considered.some((it) => it.in)) expect(own.reduce((sum, it) => sum + it.shareMicro, 0)).toBe(shareMicro);
          if (heldMicro === undefined) continue;
          expect(terms.wide !== undefined && payee !== HOUSE && Number.isInteger(heldMicro)).toBe(true);
          expect(heldMicro > 0 && heldMicro <= shareMicro).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("also 90 days old with a half-life of two hours, and with touches ten years old", () => {
    const terms: AttributionTerms = { model: "timeDecay", windowDays: 4000, house: "included", halfLifeDays: 2 / 24 };
    const old = [click("t1", 90 * DAY_MS, "ann"), click("t2", 90 * DAY_MS - 2 * HOUR_MS, "bob")];
    expect(sharesOf(old, terms)).toEqual({ ann: 333_333, bob: 666_667 });
    for (const model of names) {
      const { terms: plain, context } = plainly(model, { windowDays: 4000 });
      const ancient = [click("t1", 3652 * DAY_MS, "ann"), click("t2", 3650 * DAY_MS, "bob")];
      const { ann = 0, bob = 0 } = sharesOf(ancient, { ...plain, halfLifeDays: 1 / 12 }, context);
      expect(ann + bob).toBe(1_000_000);
      expect(sharesOf([click("t1", 3650 * DAY_MS, "ann")], plain, context)).toEqual({ ann: 1_000_000 });
    }
  });

  it("to the house alone where no touch counts, and to a lone payee where it is the only one", () => {
    for (const model of names) {
      const { terms, context } = plainly(model);
      expect(sharesOf([], terms, context)).toEqual({ [HOUSE]: 1_000_000 });
      expect(sharesOf([click("t1", 91 * DAY_MS, "ann")], terms, context)).toEqual({ [HOUSE]: 1_000_000 });
      expect(sharesOf([click("t1", DAY_MS, "ann")], terms, context)).toEqual({ ann: 1_000_000 });
      const twice = [click("t1", 2 * DAY_MS, "ann"), click("t2", DAY_MS, "ann")];
      expect(sharesOf(twice, terms, context)).toEqual({ ann: 1_000_000 });
    }
  });

  it("and a learned model asked without weights says so instead of guessing", () => {
    const { terms } = plainly("markov");
    expect(() => credit(conversion, [click("t1", DAY_MS, "ann")], terms)).toThrow("what ann weighs");
  });
});

describe("who is credited depends on what happened and on nothing else", () => {
  it("not on the order in which touches arrive, nor on how often they are delivered", () => {
    const shuffled = journeys.chain((touches) =>
      fc.tuple(fc.constant(touches), fc.shuffledSubarray([...touches, ...touches], { minLength: touches.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, rules, ([touches, again], { terms, context }) => {
        expect(credit(conversion, again, terms, context)).toEqual(credit(conversion, touches, terms, context));
      }),
    );
  });

  it("not on the payees' names: other names get the same shares", () => {
    const other: Record<string, string> = { ann: "zoe", bob: "ann", cyd: "the third", [HOUSE]: HOUSE };
    const renamed = <It extends { readonly payee: string }>(all: readonly It[]): readonly It[] =>
      all.map((it) => ({ ...it, payee: other[it.payee]! }));
    fc.assert(
      fc.property(journeys, rules, (touches, { terms, context }) => {
        const expected = credit(conversion, touches, terms, context).shares;
        const others = { ...context, effects: renamed(context.effects ?? []) };
        expect(credit(conversion, renamed(touches), terms, others).shares).toEqual(renamed(expected));
      }),
    );
  });

  it("not on when it was, only on how far apart: later by so much, everything gets the same shares", () => {
    fc.assert(
      fc.property(journeys, rules, fc.integer({ min: -1e12, max: 1e12 }), (touches, { terms, context }, byMs) => {
        const later = touches.map((it) => ({ ...it, at: it.at + byMs }));
        const { since, milestones = [] } = context;
        const moved = {
          ...context,
          since: since === undefined ? undefined : since + byMs,
          milestones: milestones.map((at) => (at === null ? null : at + byMs)),
        };
        const { shares } = credit({ id: conversion.id, at: AT + byMs }, later, terms, moved);
        expect(shares).toEqual(credit(conversion, touches, terms, context).shares);
      }),
    );
  });

  it.each(["linear", "linearUnique"] as const)("and the odd millionth favours no place, by %s", (model) => {
    const touches = [click("t1", 3 * DAY_MS, "ann"), click("t2", 2 * DAY_MS, "bob"), click("t3", DAY_MS, "cyd")];
    const terms: AttributionTerms = { model, windowDays: 30, house: "included" };
    const odd: Record<string, number> = { ann: 0, bob: 0, cyd: 0 };
    for (let index = 0; index < 3000; index += 1) {
      for (const [payee, micro] of Object.entries(sharesOf(touches, terms, {}, `cnv-${index}`))) {
        odd[payee]! += micro - 333_333;
      }
    }
    for (const count of Object.values(odd)) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe("models agree where they meet", () => {
  const apart = fc
    .array(fc.record({ day: fc.nat(80), payee: fc.constantFrom("ann", "bob", "cyd") }), { minLength: 1, maxLength: 8 })
    .map((all) => all.map(({ day, payee }, index) => click(`t${index}`, (day * 24 + index + 1) * HOUR_MS, payee)));
  const terms = { windowDays: 90, house: "included" } as const;

  it("time decay with an endless half-life is linear, to a millionth a touch", () => {
    fc.assert(
      fc.property(apart, (touches) => {
        const [decay, linear] = [
          sharesOf(touches, { ...terms, model: "timeDecay", halfLifeDays: 1e9 }),
          sharesOf(touches, { ...terms, model: "linear" }),
        ];
        for (const payee of ["ann", "bob", "cyd"]) {
          expect(Math.abs((decay[payee] ?? 0) - (linear[payee] ?? 0))).toBeLessThanOrEqual(touches.length);
        }
      }),
    );
  });

  it("time decay with a half-life of nothing shares among touches at the newest instant", () => {
    const tied = [...["ann", "bob"].map((payee) => click(payee, DAY_MS, payee)), click("old", 2 * DAY_MS, "cyd")];
    expect(sharesOf(tied, { ...terms, model: "timeDecay", halfLifeDays: 1e-9 })).toEqual({
      ann: 500_000,
      bob: 500_000,
    });
  });

  it("time decay with a half-life of a minute is last touch", () => {
    fc.assert(
      fc.property(apart, (touches) => {
        expect(sharesOf(touches, { ...terms, model: "timeDecay", halfLifeDays: 1 / 1440 })).toEqual(
          sharesOf(touches, { ...terms, model: "last" }),
        );
      }),
    );
  });

  it("position over two touches is f/(f+l), to the nearest millionth", () => {
    const two = [click("t1", 2 * DAY_MS, "ann"), click("t2", DAY_MS, "bob")];
    const parts = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(parts, ([firstBp, lastBp]) => {
        const { ann = 0 } = sharesOf(two, { ...terms, model: "position", firstBp, lastBp });
        expect(Math.abs(ann - (1_000_000 * firstBp) / (firstBp + lastBp))).toBeLessThanOrEqual(0.5000001);
      }),
    );
  });

  it("restart is reuse where nobody converted before, and where nothing came before that", () => {
    fc.assert(
      fc.property(journeys, rules, (touches, { terms, context: { since: _, ...context } }) => {
        const oldest = Math.min(...touches.map((it) => it.at), AT);
        const reused = sharesOf(touches, { ...terms, after: "reuse" }, context);
        const again = { ...terms, after: "restart" } as const;
        expect(sharesOf(touches, again, context)).toEqual(reused);
        expect(sharesOf(touches, again, { ...context, since: oldest - 1 })).toEqual(reused);
      }),
    );
  });

  it("the last touch of somebody is the last where the house is left out", () => {
    fc.assert(
      fc.property(journeys, rulesOf("last"), (touches, { terms, context }) => {
        const alike = { ...terms, house: "excluded" } as const;
        expect(sharesOf(touches, { ...alike, model: "lastNonHouse" }, context)).toEqual(
          sharesOf(touches, alike, context),
        );
      }),
    );
  });

  it("learned weights that are all alike are linear by payee", () => {
    fc.assert(
      fc.property(journeys, rulesOf("markov", "shapley"), fc.nat(9), (touches, { terms, context }, effectNano) => {
        const effects = (context.effects ?? []).map((it) => ({ ...it, effectNano, placesNano: undefined }));
        expect(sharesOf(touches, { ...terms, wide: undefined }, { ...context, effects })).toEqual(
          sharesOf(touches, { ...terms, model: "linearUnique" }, context),
        );
      }),
    );
  });

  it("W with no milestone but the conversion itself gives first and last their 45 %, and position 45/10/45 the same", () => {
    fc.assert(
      fc.property(apart, (touches) => {
        const position = { ...terms, model: "position", firstBp: 4500, lastBp: 4500 } as const;
        const peaks = { ...terms, model: "wShaped", milestones: ["lead"] } as const;
        expect(sharesOf(touches, peaks, { milestones: [AT] })).toEqual(sharesOf(touches, position));
      }),
    );
  });

  it("each says what it is, for a person to read", () => {
    for (const { title, says } of Object.values(models)) expect(`${title}: ${says}`).toMatch(/^[A-Z].*\.$/);
  });
});

describe("halving", () => {
  it("agrees with two to the minus age over half-life, to a billionth", () => {
    fc.assert(
      fc.property(fc.nat(90 * DAY_MS), fc.integer({ min: HOUR_MS, max: 365 * DAY_MS }), (ageMs, halfLifeMs) => {
        const exact = 2 ** (-ageMs / halfLifeMs);
        fc.pre(exact > 1e-15);
        expect(Number(halved(BigInt(ageMs), BigInt(halfLifeMs))) / Number(ONE) / exact).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is exact at whole half-lives and never grows with age", () => {
    for (let count = 0n; count <= 96n; count += 1n) expect(halved(count * 7n, 7n)).toBe(ONE >> count);
    expect(halved(10n ** 15n, 1n)).toBe(0n);
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e6), fc.integer({ min: 1, max: 1e9 }), (ageMs, moreMs, halfLifeMs) => {
        const [younger, older] = [
          halved(BigInt(ageMs), BigInt(halfLifeMs)),
          halved(BigInt(ageMs + moreMs), BigInt(halfLifeMs)),
        ];
        expect(older <= younger).toBe(true);
      }),
    );
  });
});
