import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isHeldOut } from "../../shared/judge/holdout.ts";
import {
  type Counted,
  differenceInterval,
  type Interval,
  liftOf,
  type Plan,
  rateInterval,
  ratioInterval,
  sampleSize,
  smallestLift,
  weeksNeeded,
} from "../../shared/judge/lift.ts";
import { type Dice, dice, fraction } from "../../shared/kit/chance.ts";

const exam = JSON.parse(readFileSync("test/vectors/lift.json", "utf8"));
const arm = ([converted, people]: readonly [number, number]): Counted => ({ people, converted });
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0;
const printed = ({ lower, upper }: Interval, digits: number) => ({
  lower: rounded(lower, digits),
  upper: Number.isFinite(upper) ? rounded(upper, digits) : null,
});

const halves = { power: 0.8, significance: 0.05, heldBp: 5000 } as const;
const counted = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([people, part]): Counted => ({ people, converted: Math.round(people * part) }));
const plans = fc.record({
  basePpm: fc.integer({ min: 100, max: 900_000 }),
  liftBp: fc.integer({ min: -9000, max: 20_000 }),
  power: fc.constantFrom<0.8 | 0.9>(0.8, 0.9),
  significance: fc.constant<0.05>(0.05),
  heldBp: fc.integer({ min: 100, max: 9900 }),
});

describe("published examples", () => {
  test.each(exam.sizes as { says: string; plan: Plan; treated: number | null; held: number | null }[])(
    "people needed: $says",
    ({ plan, treated, held }) => {
      expect(sampleSize(plan)).toEqual(treated === null ? null : { treated, held });
    },
  );

  test.each(exam.rates as { says: string; counted: [number, number]; digits: number }[])(
    "a rate: $says, $counted",
    ({ says: _, counted: of, digits, ...interval }) => {
      expect(printed(rateInterval(arm(of)), digits)).toEqual(interval);
    },
  );

  type Two = { says: string; treated: [number, number]; held: [number, number]; digits: number };
  test.each(exam.differences as Two[])("a difference: $says", ({ says: _, treated, held, digits, ...interval }) => {
    expect(printed(differenceInterval(arm(treated), arm(held)), digits)).toEqual(interval);
  });

  test.each(exam.ratios as Two[])("a ratio: $says", ({ says: _, treated, held, digits, ...interval }) => {
    expect(printed(ratioInterval(arm(treated), arm(held)), digits)).toEqual(interval);
  });

  test.each(exam.lifts as (Two & { lift: unknown })[])("a lift: $says", ({ treated, held, lift }) => {
    expect(liftOf(arm(treated), arm(held))).toEqual(lift);
  });
});

describe("a plan", () => {
  test("needs fewer people for a larger change, and more for more certainty", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 5000 }), (plan, more) => {
        const sizes = sampleSize(plan);
        if (!sizes) return;
        const larger = sampleSize({ ...plan, liftBp: plan.liftBp + Math.sign(plan.liftBp) * more });
        if (larger) expect(larger.held + larger.treated).toBeLessThanOrEqual(sizes.held + sizes.treated);
        const surer = sampleSize({ ...plan, power: 0.9 });
        expect(surer?.held).toBeGreaterThanOrEqual(sizes.held);
      }),
    );
  });

  test("needs as many people held out as treated when halves are, and is done soonest then, near enough", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const equal = sampleSize({ ...plan, heldBp: 5000 });
        const other = sampleSize(plan);
        if (!equal || !other) return;
        expect(equal.held).toBe(equal.treated);
        const held = plan.heldBp / 10_000;
        expect(Math.abs(other.held - (other.held + other.treated) * held)).toBeLessThanOrEqual(1);
        // Few held out cost many more people: never fewer than the half-and-half needs by more than the two variances differ.
        if (Math.abs(plan.liftBp) <= 1000 && plan.basePpm <= 200_000)
          expect(other.held + other.treated).toBeGreaterThan(0.98 * (equal.held + equal.treated));
      }),
    );
  });

  test("takes as many weeks as its people take to come", () => {
    const plan = { ...halves, basePpm: 20_000, liftBp: 1000 };
    expect(weeksNeeded(plan, 161_358)).toBe(1);
    expect(weeksNeeded(plan, 161_357)).toBe(2);
    expect(weeksNeeded(plan, 10_000)).toBe(17);
    expect(weeksNeeded({ ...plan, heldBp: 2000 }, 10_000)).toBe(25);
    expect(weeksNeeded(plan, 0)).toBeNull();
    expect(weeksNeeded({ ...plan, liftBp: 0 }, 10_000)).toBeNull();
  });

  test("finds the smallest rise that so many people suffice for, and no smaller one", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 10, max: 10_000_000 }), (plan, people) => {
        const least = smallestLift(plan, people);
        const needed = (liftBp: number): number => {
          const sizes = sampleSize({ ...plan, liftBp });
          return sizes ? sizes.treated + sizes.held : Number.POSITIVE_INFINITY;
        };
        if (least === null) {
          const most = Math.ceil(10_000_000_000 / plan.basePpm) - 10_001;
          expect(needed(most)).toBeGreaterThan(people);
          return;
        }
        expect(needed(least)).toBeLessThanOrEqual(people);
        expect(needed(least - 1)).toBeGreaterThan(people);
      }),
    );
    expect(smallestLift({ ...halves, basePpm: 20_000 }, 161_358)).toBe(1000);
    expect(smallestLift({ ...halves, basePpm: 20_000 }, 1)).toBeNull();
    expect(smallestLift({ ...halves, basePpm: 0 }, 1000)).toBeNull();
    expect(smallestLift({ ...halves, basePpm: 1_000_000 }, 1000)).toBeNull();
  });

  test("finds what it promises: of seeded experiments of the size it asks for, four in five tell the lift from nothing", () => {
    const plan = { ...halves, basePpm: 100_000, liftBp: 3000 };
    const sizes = sampleSize(plan) as { treated: number; held: number };
    const throws = dice("power");
    let found = 0;
    const rounds = 600;
    for (let round = 0; round < rounds; round += 1) {
      const [treated, held] = [drawn(throws, sizes.treated, 0.13), drawn(throws, sizes.held, 0.1)];
      if (differenceInterval(treated, held).lower > 0) found += 1;
    }
    expect(found / rounds).toBeGreaterThan(0.75);
    expect(found / rounds).toBeLessThan(0.85);
  });
});

const drawn = (throws: Dice, people: number, rate: number): Counted => {
  let converted = 0;
  for (let count = 0; count < people; count += 1) if (fraction(throws) < rate) converted += 1;
  return { people, converted };
};

describe("an interval", () => {
  test("is turned over when the arms are, around what was seen", () => {
    fc.assert(
      fc.property(counted, counted, (one, other) => {
        const [there, back] = [differenceInterval(one, other), differenceInterval(other, one)];
        expect(there.lower).toBeCloseTo(-back.upper, 12);
        expect(there.upper).toBeCloseTo(-back.lower, 12);
        const [ratio, turned] = [ratioInterval(one, other), ratioInterval(other, one)];
        if (ratio.lower > 0) expect(turned.upper * ratio.lower).toBeCloseTo(1, 6);
        else expect(turned.upper).toBe(Number.POSITIVE_INFINITY);
        const seen = one.converted / one.people / (other.converted / other.people);
        if (Number.isNaN(seen)) return;
        expect(ratio.lower).toBeLessThanOrEqual(seen * (1 + 1e-9));
        expect(ratio.upper).toBeGreaterThanOrEqual(seen * (1 - 1e-9));
      }),
    );
  });

  test("is narrower with more people who do alike", () => {
    const width = ({ lower, upper }: Interval): number => upper - lower;
    const few = fc
      .tuple(fc.integer({ min: 2, max: 5000 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }))
      .map(([people, part]) => ({ people, converted: Math.min(people - 1, Math.max(1, Math.round(people * part))) }));
    fc.assert(
      fc.property(few, few, fc.integer({ min: 2, max: 50 }), (one, other, times) => {
        const more = (it: Counted): Counted => ({ people: it.people * times, converted: it.converted * times });
        expect(width(differenceInterval(more(one), more(other)))).toBeLessThan(width(differenceInterval(one, other)));
        expect(width(ratioInterval(more(one), more(other)))).toBeLessThan(width(ratioInterval(one, other)));
      }),
    );
  });

  test("is a number, whole and in order, whatever was counted: nobody, everybody, very many", () => {
    const any = fc.oneof(
      counted,
      fc.constantFrom(
        { people: 0, converted: 0 },
        { people: 1, converted: 1 },
        { people: 2 ** 40, converted: 5 },
        { people: 2 ** 40, converted: 2 ** 40 },
        { people: 30, converted: 30 },
        { people: 30, converted: 0 },
      ),
    );
    fc.assert(
      fc.property(any, any, (treated, held) => {
        const lift = liftOf(treated, held);
        const little = Math.min(treated.people, held.people) < 30 || held.converted < 5;
        expect(lift === null).toBe(little);
        if (!lift) return;
        for (const value of Object.values(lift)) expect(Number.isInteger(value) && !Object.is(value, -0)).toBe(true);
        expect(lift.lowerBp).toBeLessThanOrEqual(lift.estimateBp);
        expect(lift.upperBp).toBeGreaterThanOrEqual(lift.estimateBp);
        expect(lift.differenceLowerMicro).toBeLessThanOrEqual(lift.differenceMicro);
        expect(lift.differenceUpperMicro).toBeGreaterThanOrEqual(lift.differenceMicro);
        expect(lift.lowerBp).toBeGreaterThanOrEqual(-10_000);
        expect(lift.differenceLowerMicro).toBeGreaterThanOrEqual(-1_000_000);
        expect(lift.differenceUpperMicro).toBeLessThanOrEqual(1_000_000);
        expect(JSON.parse(JSON.stringify(lift))).toEqual(lift);
      }),
    );
  });

  test.each([
    ["a fifth held out of a few thousand", 2000, 0.05, 500, 0.04],
    ["a tenth more of very few", 200, 0.11, 60, 0.1],
    ["no lift at all", 800, 0.03, 800, 0.03],
    ["half of the effect lost", 400, 0.2, 400, 0.4],
    ["nearly everybody", 100, 0.95, 100, 0.9],
  ])("covers what is true at least 93 times of 100 wherever a lift is told: %s", (says, n, p, m, q) => {
    const throws = dice("coverage", says);
    let [told, ratios, differences] = [0, 0, 0];
    for (let round = 0; round < 1500; round += 1) {
      const lift = liftOf(drawn(throws, n, p), drawn(throws, m, q));
      if (!lift) continue;
      told += 1;
      if (lift.lowerBp <= (p / q - 1) * 10_000 && (p / q - 1) * 10_000 <= lift.upperBp) ratios += 1;
      const gap = (p - q) * 1_000_000;
      if (lift.differenceLowerMicro <= gap && gap <= lift.differenceUpperMicro) differences += 1;
    }
    expect(told).toBeGreaterThan(500);
    expect(ratios / told).toBeGreaterThanOrEqual(0.93);
    expect(differences / told).toBeGreaterThanOrEqual(0.93);
  });
});

describe("who is held out", () => {
  const throws = dice("click ids");
  const id = (): string =>
    `link${throws() % 7}.${[throws(), throws(), throws()].map((it) => it.toString(36)).join("")}`;
  const ids = Array.from({ length: 40_000 }, id);

  test("is the part that was said, for each word that decides, and for close ids as for distant ones", () => {
    const near = Array.from({ length: 40_000 }, (_, index) => `link.${index}`);
    for (const salt of ["4h2k9w7r5t3y8m1n6p0qaz5xcv", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaab"])
      for (const partBp of [1, 500, 2000, 5000])
        for (const clicks of [ids, near]) {
          const held = clicks.filter((click) => isHeldOut({ salt, partBp }, click)).length / clicks.length;
          const deviation = Math.sqrt(((partBp / 10_000) * (1 - partBp / 10_000)) / clicks.length);
          expect(Math.abs(held - partBp / 10_000)).toBeLessThan(4 * deviation);
        }
  });

  test("says nothing of who is in another experiment, and whoever is in a small part is in a larger one", () => {
    const [one, other] = [
      { salt: "first-experiment-salt-0001", partBp: 2000 },
      { salt: "first-experiment-salt-0002", partBp: 2000 },
    ];
    const held = ids.filter((click) => isHeldOut(one, click));
    const both = held.filter((click) => isHeldOut(other, click)).length / held.length;
    expect(Math.abs(both - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / held.length));
    expect(held.every((click) => isHeldOut({ ...one, partBp: 2001 }, click))).toBe(true);
  });
});
