import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainOf, frameOf } from "../../shared/judge/markov.chain.ts";
import { eliminated, patternOf } from "../../shared/judge/markov.eliminate.ts";
import { worthOf } from "../../shared/judge/markov.sparse.ts";
import { creditsOf, markov, markovOf } from "../../shared/judge/markov.ts";
import { rational } from "../../shared/kit/rational.ts";
import { anyWritten, conversionsOf, journeysOf, numberOf, pathsOf, type Written } from "./learned.paths.ts";
import { chanceOf, effectByRemoval, effectInOne, exactChain, nearest } from "./markov.exact.ts";

interface Case {
  readonly says: string;
  readonly order: 1 | 2 | 3;
  readonly payees: number;
  readonly paths: readonly Written[];
  readonly states: number;
  readonly base: string;
  readonly effects: readonly string[];
}

const vectors: { readonly markov: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../vectors/learned.json", import.meta.url), "utf8"),
);
const orders = [1, 2, 3] as const;
const PAYEES = 4;
const anyOrder = fc.constantFrom(...orders);
const close = (found: ArrayLike<number>, expected: readonly number[], within = 1e-13): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((it, place) => {
    expect(Math.abs(found[place]! - it)).toBeLessThanOrEqual(within * Math.max(1e-3, Math.abs(it)));
  });
};
const collapsed = ({ steps, ...rest }: Written): Written => ({
  ...rest,
  steps: steps.filter((step, at) => at === 0 || step !== steps[at - 1]),
});
const repeated = (steps: readonly number[], times: number): readonly number[] =>
  Array.from({ length: times }, () => steps).flat();

/** Somebody who goes back and forth between two payees for ages: a chain that sweeping alone takes long to solve. */
const backAndForth: readonly Written[] = [
  { steps: repeated([0, 1], 150), conversions: 1, nulls: 0 },
  { steps: [0, 1, 2], conversions: 3, nulls: 2 },
  { steps: [2, 1, 0], conversions: 1, nulls: 5 },
  { steps: [2], conversions: 2, nulls: 1 },
];

describe("removal effects", () => {
  it.each(vectors.markov)("$says (order $order)", ({ order, payees, paths, states, base, effects }) => {
    const found = markov(pathsOf(payees, paths), order);
    expect(found.states).toBe(states);
    close([found.base, ...found.effects], [base, ...effects].map(numberOf), 1e-15);
  });

  it("are what the definition says in exact fractions, at every order", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), anyOrder, (written, order) => {
        const chain = exactChain(written, order);
        const expected = Array.from({ length: PAYEES }, (_, payee) => nearest(effectByRemoval(chain, payee)));
        close(markov(pathsOf(PAYEES, written), order).effects, expected);
      }),
      { numRuns: 60 },
    );
  });

  it("come at order 1 out of one solution as out of one for each payee, to the last fraction", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), fc.nat(PAYEES - 1), (written, payee) => {
        const chain = exactChain(written, 1);
        expect(effectInOne(chain, payee)).toEqual(effectByRemoval(chain, payee));
      }),
      { numRuns: 60 },
    );
  });

  it("are parts of one, never NaN, whatever the paths", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), anyOrder, (written, order) => {
        const { base, effects } = markov(pathsOf(PAYEES, written), order);
        for (const it of [base, ...effects]) expect(it >= 0 && it <= 1).toBe(true);
      }),
    );
  });

  it.each(orders)("are nothing for who leads nowhere, all for who every conversion comes after (order %i)", (order) => {
    const written = [
      { steps: [1, 0, 1, 0], conversions: 2, nulls: 3 },
      { steps: [2, 0], conversions: 1, nulls: 0 },
      { steps: [3, 3], conversions: 0, nulls: 4 },
      { steps: [2, 3], conversions: 0, nulls: 1 },
    ];
    const { effects } = markov(pathsOf(5, written), order);
    expect([effects[3], effects[4]]).toEqual([0, 0]);
    expect(effects[0]).toBeCloseTo(1, 14);
  });

  it("are about moves, not whole paths: who never was on a converting path, but led to who is, has one", () => {
    const written = [
      { steps: [2, 0], conversions: 1, nulls: 0 },
      { steps: [1, 0], conversions: 0, nulls: 1 },
    ];
    expect([...markov(pathsOf(3, written), 1).effects]).toEqual([1, 0.5, 0.5]);
  });

  it("follow the payees when they change places, and not the order the paths are told in", () => {
    const places = fc.shuffledSubarray([0, 1, 2, 3], { minLength: PAYEES });
    fc.assert(
      fc.property(anyWritten(PAYEES), places, anyOrder, (written, placed, order) => {
        const { effects } = markov(pathsOf(PAYEES, written), order);
        const moved = written.map((it) => ({ ...it, steps: it.steps.map((step) => placed[step]!) }));
        const after = markov(pathsOf(PAYEES, moved), order).effects;
        close(
          placed.map((place) => after[place]!),
          [...effects],
        );
        expect(markov(pathsOf(PAYEES, [...written].reverse()), order).effects).toEqual(effects);
      }),
    );
  });

  it("do not depend on how many there are of all paths together", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), fc.integer({ min: 2, max: 1000 }), anyOrder, (written, times, order) => {
        const more = written.map((it) => ({
          ...it,
          conversions: it.conversions * times,
          nulls: it.nulls * times,
        }));
        const { effects } = markov(pathsOf(PAYEES, written), order);
        close(markov(pathsOf(PAYEES, more), order).effects, [...effects]);
      }),
    );
  });

  it("are alike for payees who stand alike", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), anyOrder, (written, order) => {
        const other = [1, 0, 2, 3];
        const both = [...written, ...written.map((it) => ({ ...it, steps: it.steps.map((step) => other[step]!) }))];
        const { effects } = markov(pathsOf(PAYEES, both), order);
        close([effects[0]!], [effects[1]!]);
      }),
    );
  });
});

describe("what a path brings", () => {
  it("is conversions over journeys at every order", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), anyOrder, (written, order) => {
        const journeys = journeysOf(written);
        const { base } = markov(pathsOf(PAYEES, written), order);
        close([base], [journeys === 0 ? 0 : conversionsOf(written) / journeys], 1e-14);
      }),
    );
  });

  it("is so exactly, in fractions", () => {
    fc.assert(
      fc.property(anyWritten(3, 5), anyOrder, (written, order) => {
        fc.pre(journeysOf(written) > 0);
        expect(chanceOf(exactChain(written, order))).toEqual(rational(conversionsOf(written), journeysOf(written)));
      }),
      { numRuns: 40 },
    );
  });

  it("is worth over journeys when worth is what paths bring", () => {
    const written = [
      { steps: [0, 1], conversions: 2, nulls: 1, value: 900 },
      { steps: [1], conversions: 1, nulls: 0, value: 100 },
    ];
    const paths = pathsOf(2, written);
    const { base, effects } = markovOf(paths, 2, ({ values }) => values)(paths);
    close([base, ...effects], [250, 0.9, 1], 1e-15);
  });
});

describe("a payee that repeats itself", () => {
  it("changes nothing at order 1, whose states have no memory of it", () => {
    fc.assert(
      fc.property(anyWritten(PAYEES), (written) => {
        const once = markov(pathsOf(PAYEES, written.map(collapsed)), 1);
        expect(markov(pathsOf(PAYEES, written), 1)).toEqual(once);
      }),
    );
  });

  it("does change something at order 2: paths meet in the repeat that were apart", () => {
    const written = [
      { steps: [2, 0, 0], conversions: 1, nulls: 0 },
      { steps: [1, 0, 0], conversions: 0, nulls: 1 },
    ];
    expect([...markov(pathsOf(3, written), 2).effects]).toEqual([1, 0.5, 0.5]);
    expect([...markov(pathsOf(3, written.map(collapsed)), 2).effects]).toEqual([1, 0, 1]);
  });
});

describe("a chain that paths leave slowly", () => {
  it.each(orders)("is solved as exactly as any other (order %i)", (order) => {
    const chain = exactChain(backAndForth, order);
    const expected = [0, 1, 2].map((payee) => nearest(effectByRemoval(chain, payee)));
    close(markov(pathsOf(3, backAndForth), order).effects, expected);
  });

  it("is so too where it has more states than elimination has room for", () => {
    const PLENTY = 17;
    const triples = Array.from({ length: PLENTY ** 3 }, (_, at) => [
      at % PLENTY,
      Math.floor(at / PLENTY) % PLENTY,
      Math.floor(at / PLENTY ** 2),
    ]);
    // Paths that lapse, through states the slow ones never come by, thin everything out alike.
    const lapsing = triples
      .filter((steps) => Math.max(...steps) > 2)
      .map((steps) => ({ steps, conversions: 0, nulls: 1 }));
    const crowd = markov(pathsOf(PLENTY, [...backAndForth, ...lapsing]), 3);
    expect(crowd.states).toBeGreaterThan(4800);
    close(crowd.effects.slice(0, 3), [...markov(pathsOf(3, backAndForth), 3).effects], 1e-12);
    expect([...crowd.effects.slice(3)]).toEqual(new Array(PLENTY - 3).fill(0));
  });
});

describe("elimination", () => {
  const longer = fc.array(
    fc.record({
      steps: fc.array(fc.nat(4), { maxLength: 12 }),
      conversions: fc.nat(3),
      nulls: fc.nat(3),
    }),
    { minLength: 4, maxLength: 16 },
  );

  it("finds what sweeps find, in every state, some of them known before", () => {
    fc.assert(
      fc.property(longer, anyOrder, fc.nat(4), (written, order, payee) => {
        const paths = pathsOf(5, written);
        const frame = frameOf(paths, order);
        const chain = chainOf(frame, paths, paths.conversions);
        const closed = Uint8Array.from({ length: frame.states }, (_, state) =>
          frame.members.subarray(state * order, (state + 1) * order).includes(payee) ? 1 : 0,
        );
        const known = { closed, worth: Float64Array.from(closed, (is, state) => (is ? 1 / (state + 1) : 0)) };
        const found = eliminated(chain, chain.gains, known, patternOf(frame));
        const swept = worthOf(chain, chain.gains, known, () => {
          throw new Error("Short paths take few sweeps.");
        });
        close(found.subarray(1), [...swept.subarray(1)], 1e-12);
      }),
    );
  });
});

describe("a chain made once", () => {
  it.each(orders)("says of other counts what one made for them says (order %i)", (order) => {
    const counted = backAndForth.map((it, at) => ({ ...it, conversions: at + 1, nulls: it.nulls * 2 + 1 }));
    const [paths, other] = [pathsOf(3, backAndForth), pathsOf(3, counted)];
    expect(markovOf(paths, order)({ ...other, steps: paths.steps })).toEqual(markov(other, order));
  });

  it("does not take counts of other paths", () => {
    const [paths, other] = [pathsOf(3, backAndForth), pathsOf(3, [...backAndForth].reverse())];
    expect(() => markovOf(paths, 1)(other)).toThrow("other paths");
  });
});

describe("credits by effect", () => {
  it("share a total as the effects stand, and share nothing where nobody has any", () => {
    expect([...creditsOf(12, Float64Array.of(0.5, 0.25, 0))]).toEqual([8, 4, 0]);
    expect([...creditsOf(12, Float64Array.of(0, 0))]).toEqual([0, 0]);
  });
});
