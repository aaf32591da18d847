import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit, type ModelName, models } from "../../shared/judge/attribution.ts";
import { halved, ONE } from "../../shared/judge/halving.ts";
import { reasons } from "../../shared/judge/journey.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";

interface Case {
  readonly says: string;
  readonly conversion: { readonly id: string; readonly at: number };
  readonly touches: readonly Touch[];
  readonly attribution: AttributionTerms;
  readonly considered: readonly (readonly [id: string, because: string, shareMicro: number])[];
  readonly shares: Readonly<Record<string, number>>;
}

const vectors: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../vectors/attribution.json", import.meta.url), "utf8"),
);
const AT = Date.UTC(2026, 5, 1);
const conversion = { id: "cnv-1", at: AT };
const names = Object.keys(models) as ModelName[];

const click = (id: string, agoMs: number, payee: string, more: Partial<Touch> = {}): Touch => ({
  id,
  at: AT - agoMs,
  order: 0,
  payee,
  link: payee === HOUSE ? "" : `${payee}-link`,
  kind: payee === HOUSE ? "visit" : "click",
  ...more,
});

const payees = fc.constantFrom("ann", "bob", "cyd", HOUSE);
const age = fc.oneof(
  fc.integer({ min: -HOUR_MS, max: 3 * HOUR_MS }),
  fc.integer({ min: 0, max: 90 * DAY_MS }),
  fc.integer({ min: 0, max: 3650 * DAY_MS }),
);
const journeys = fc
  .array(fc.record({ agoMs: age, payee: payees, order: fc.nat(3) }), { maxLength: 12 })
  .map((all) => all.map(({ agoMs, payee, order }, index) => click(`t${index}`, agoMs, payee, { order })));
const attributions: fc.Arbitrary<AttributionTerms> = fc.record({
  model: fc.constantFrom(...names),
  windowDays: fc.constantFrom(1 / 24, 1, 30, 90, 4000),
  house: fc.constantFrom("included", "excluded"),
  firstBp: fc.integer({ min: 0, max: 5000 }),
  lastBp: fc.integer({ min: 0, max: 5000 }),
  halfLifeDays: fc.constantFrom(1 / 12, 1, 7, 365),
});
const sharesOf = (touches: readonly Touch[], terms: AttributionTerms, id = conversion.id) =>
  Object.fromEntries(credit({ id, at: AT }, touches, terms).shares.map((it) => [it.payee, it.shareMicro]));

describe("the published cases", () => {
  it.each(vectors.cases)("$says", ({ conversion, touches, attribution, considered, shares }) => {
    const found = credit(conversion, touches, attribution);
    expect(found.considered.map((it) => [it.touch.id, it.because, it.shareMicro])).toEqual(considered);
    expect(Object.fromEntries(found.shares.map((it) => [it.payee, it.shareMicro]))).toEqual(shares);
  });

  it("have at least one case for every model and every reason", () => {
    expect(new Set(vectors.cases.map((it) => it.attribution.model))).toEqual(new Set(names));
    const codes = vectors.cases.flatMap((it) => it.considered.map(([, because]) => because));
    expect(new Set(codes)).toEqual(new Set(Object.keys(reasons)));
  });
});

describe("a conversion is shared out whole", () => {
  it("to exactly 1 000 000 millionths, for every model and journey", () => {
    fc.assert(
      fc.property(journeys, attributions, (touches, terms) => {
        const { shares, considered } = credit(conversion, touches, terms);
        expect(shares.reduce((sum, it) => sum + it.shareMicro, 0)).toBe(1_000_000);
        expect(shares.every((it) => Number.isInteger(it.shareMicro) && it.shareMicro > 0)).toBe(true);
        expect(new Set(shares.map((it) => it.payee)).size).toBe(shares.length);
        expect(considered.filter((it) => !it.in).every((it) => it.shareMicro === 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("also 90 days old with a half-life of two hours, and with touches ten years old", () => {
    const terms: AttributionTerms = { model: "timeDecay", windowDays: 4000, house: "included", halfLifeDays: 2 / 24 };
    const old = [click("t1", 90 * DAY_MS, "ann"), click("t2", 90 * DAY_MS - 2 * HOUR_MS, "bob")];
    expect(sharesOf(old, terms)).toEqual({ ann: 333_333, bob: 666_667 });
    const ancient = [click("t1", 3652 * DAY_MS, "ann"), click("t2", 3650 * DAY_MS, "bob")];
    expect(sharesOf(ancient, terms)).toEqual({ bob: 1_000_000 });
    expect(sharesOf([click("t1", 3650 * DAY_MS, "ann")], terms)).toEqual({ ann: 1_000_000 });
  });
});

describe("who is credited depends on what happened and on nothing else", () => {
  it("not on the order in which touches arrive, nor on how often they are delivered", () => {
    const shuffled = journeys.chain((touches) =>
      fc.tuple(fc.constant(touches), fc.shuffledSubarray([...touches, ...touches], { minLength: touches.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, attributions, ([touches, again], terms) => {
        expect(credit(conversion, again, terms)).toEqual(credit(conversion, touches, terms));
      }),
    );
  });

  it("not on the payees' names: other names get the same shares", () => {
    const other: Record<string, string> = { ann: "zoe", bob: "ann", cyd: "the third", [HOUSE]: HOUSE };
    fc.assert(
      fc.property(journeys, attributions, (touches, terms) => {
        const renamed = touches.map((it) => ({ ...it, payee: other[it.payee]! }));
        const expected = credit(conversion, touches, terms).shares;
        expect(credit(conversion, renamed, terms).shares).toEqual(
          expected.map((it) => ({ ...it, payee: other[it.payee]! })),
        );
      }),
    );
  });

  it("and the odd millionth favours no place: over many conversions each touch gets it alike", () => {
    const touches = [click("t1", 3 * DAY_MS, "ann"), click("t2", 2 * DAY_MS, "bob"), click("t3", DAY_MS, "cyd")];
    const terms: AttributionTerms = { model: "linear", windowDays: 30, house: "included" };
    const odd: Record<string, number> = { ann: 0, bob: 0, cyd: 0 };
    for (let index = 0; index < 3000; index += 1) {
      for (const [payee, micro] of Object.entries(sharesOf(touches, terms, `cnv-${index}`))) {
        odd[payee]! += micro - 333_333;
      }
    }
    for (const count of Object.values(odd)) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe("repeating your own click", () => {
  it("within 30 minutes of the last never raises your share", () => {
    const repeated = journeys
      .filter((touches) => touches.some((it) => it.payee !== HOUSE))
      .chain((touches) => {
        const sorted = [...touches].sort((a, b) => a.at - b.at || a.order - b.order || (a.id < b.id ? -1 : 1));
        const own = sorted.flatMap((it, index) => (it.payee === HOUSE ? [] : [index]));
        return fc.record({
          touches: fc.constant(sorted.map((it, order) => ({ ...it, order: order * 2 }))),
          index: fc.constantFrom(...own),
          afterMs: fc.integer({ min: 0, max: 30 * MINUTE_MS }),
        });
      });
    fc.assert(
      fc.property(repeated, attributions, ({ touches, index, afterMs }, terms) => {
        const before = touches[index]!;
        const next = touches[index + 1]?.at ?? Number.POSITIVE_INFINITY;
        // Another's touch in between makes the second click a new visit, not a repeat.
        const at = Math.min(before.at + afterMs, next);
        const repeat = { ...before, id: "again", at, order: before.order + 1 };
        const [was, is] = [sharesOf(touches, terms), sharesOf([...touches, repeat], terms)];
        // A repeat whose original lies before the window is not a repeat inside it.
        fc.pre(before.at >= AT - Math.round(terms.windowDays * DAY_MS));
        // One millionth of a tie may fall otherwise when a run is bridged and the journey gets shorter.
        expect(is[before.payee] ?? 0).toBeLessThanOrEqual((was[before.payee] ?? 0) + touches.length);
        const counted = (all: readonly Touch[]) =>
          credit(conversion, all, terms).considered.flatMap((it) => (it.in ? [it.touch.id] : []));
        // Where the repeat changes nothing about which touches count, it changes nothing at all.
        if (counted([...touches, repeat]).join() === counted(touches).join()) expect(is).toEqual(was);
      }),
      { numRuns: 2000 },
    );
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

  it("and every model gives a lone touch everything", () => {
    for (const model of names)
      expect(sharesOf([click("t1", DAY_MS, "ann")], { ...terms, model })).toEqual({ ann: 1e6 });
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
