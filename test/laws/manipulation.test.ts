import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { credit } from "../../shared/judge/attribution.ts";
import { type Model, type ModelName, models, promisesOf, weighsPayees } from "../../shared/judge/models.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";
import {
  AT,
  click,
  conversion,
  journeys,
  names,
  plainly,
  type Rules,
  rulesOf,
  sharesOf,
} from "./attribution.journeys.ts";

/** Every model, and Shapley by place as one more. */
const manners: readonly { readonly name: string; readonly model: ModelName; readonly ordered: boolean }[] = [
  ...names.map((model) => ({ name: model, model, ordered: false })),
  { name: "shapley by place", model: "shapley", ordered: true },
];
type Manner = (typeof manners)[number];

const rulesFor = ({ model, ordered }: Manner): fc.Arbitrary<Rules> =>
  rulesOf(model).map(({ terms, context }) => ({ terms: { ...terms, ordered }, context }));

/** A journey with somebody on it who does something about it. */
interface Trick {
  readonly rules: Rules;
  readonly payee: string;
  readonly honest: readonly Touch[];
  readonly tricked: readonly Touch[];
}

const LATEST = 9;

/** The payees whose touches count, each with the earliest of them. */
const counted = (touches: readonly Touch[], { terms, context }: Rules): readonly Touch[] => {
  const all = credit(conversion, touches, terms, context).considered.filter((it) => it.in && it.touch.payee !== HOUSE);
  return [...Map.groupBy(all, ({ touch }) => touch.payee).values()].flatMap(([first]) => (first ? [first.touch] : []));
};

/** Somebody on the journey clicks once more, or is seen once more, no earlier than `from` says. */
const again =
  (link: (own: Touch) => fc.Arbitrary<string>, from: (own: Touch) => number) =>
  (rules: Rules, honest: readonly Touch[]): fc.Arbitrary<Trick> =>
    fc
      .constantFrom(...counted(honest, rules))
      .chain((own) =>
        fc.record({
          own: fc.constant(own),
          at: fc.integer({ min: from(own), max: AT }),
          kind: fc.constantFrom("click" as const, "view" as const, "code" as const),
          link: link(own),
        }),
      )
      .map(({ own: { payee }, ...more }) => {
        const tricked = [...honest, { id: "again", order: LATEST, payee, ...more }];
        return { rules, payee, honest, tricked };
      });

const ownLink = (own: Touch) => fc.constant(own.link);
const anyLink = ({ payee }: Touch) => fc.constantFrom(`${payee}-link`, `${payee}-other`);

const tricks = {
  repeat: again(ownLink, (own) => own.at),
  lastMinute: again(anyLink, (own) => Math.max(own.at, AT - 5 * MINUTE_MS)),
  split: (rules: Rules, honest: readonly Touch[]): fc.Arbitrary<Trick> =>
    fc
      .tuple(
        fc.constantFrom(...counted(honest, rules)),
        fc.array(fc.nat(2), { minLength: honest.length, maxLength: honest.length }),
      )
      .map(([{ payee }, links]) => ({
        rules,
        payee,
        honest,
        tricked: honest.map((it, index) => (it.payee === payee ? { ...it, link: `${payee}-${links[index]}` } : it)),
      })),
};
type Name = keyof typeof tricks;

const played = (manner: Manner, name: Name, house: "included" | "excluded"): fc.Arbitrary<Trick> =>
  fc
    .tuple(rulesFor(manner), journeys)
    .map(([{ terms, context }, honest]) => [{ terms: { ...terms, house }, context }, honest] as const)
    .filter(([rules, honest]) => counted(honest, rules).length > 0)
    .chain(([rules, honest]) => tricks[name](rules, honest));

const judged = ({ rules: { terms, context }, honest, tricked }: Trick) => ({
  was: sharesOf(honest, terms, context),
  is: sharesOf(tricked, terms, context),
});

const day = (id: string, agoMs: number, payee: string, link = `${payee}-link`) => click(id, agoMs, payee, { link });

/** One way of doing what a model does not promise against: ann, then bob, and ann does something. */
const ways: Readonly<Record<Name, { readonly honest: readonly Touch[]; readonly tricked: readonly Touch[] }>> = {
  repeat: {
    honest: [day("t1", 2 * DAY_MS, "ann"), day("t2", DAY_MS, "bob")],
    tricked: [day("t1", 2 * DAY_MS, "ann"), day("t2", DAY_MS, "bob"), day("t3", HOUR_MS, "ann")],
  },
  lastMinute: {
    honest: [day("t1", 2 * DAY_MS, "ann"), day("t2", DAY_MS, "bob")],
    tricked: [day("t1", 2 * DAY_MS, "ann"), day("t2", DAY_MS, "bob"), day("t3", MINUTE_MS, "ann")],
  },
  split: {
    honest: [day("t1", 100 * MINUTE_MS, "ann"), day("t2", 90 * MINUTE_MS, "ann"), day("t3", HOUR_MS, "bob")],
    tricked: [day("t1", 100 * MINUTE_MS, "ann"), day("t2", 90 * MINUTE_MS, "ann", "x"), day("t3", HOUR_MS, "bob")],
  },
};

/** Who is worth more in later places than in the first gains by having more of them. */
const rising = [
  { payee: "ann", effectNano: 1000, lowerNano: 1000, upperNano: 1000, placesNano: [100, 900] },
  { payee: "bob", effectNano: 500, lowerNano: 500, upperNano: 500, placesNano: [500] },
];

describe.each(manners)("by the model $name", (manner) => {
  const { model, ordered } = manner;
  const promises = promisesOf({ model, ordered });

  it.each(["repeat", "split", "lastMinute"] as const)("%s gains nothing, or there is a way", (name) => {
    if (!promises[name]) {
      const { terms, context } = plainly(model, { ordered });
      const known = ordered ? { ...context, effects: rising } : context;
      const { was, is } = judged({ rules: { terms, context: known }, payee: "ann", ...ways[name] });
      expect(is.ann).toBeGreaterThan(was.ann ?? 0);
      return;
    }
    fc.assert(
      fc.property(played(manner, name, "excluded"), (trick) => {
        const { was, is } = judged(trick);
        // Not by a millionth, and where payees are weighed nobody's part moves at all.
        expect(is[trick.payee] ?? 0).toBeLessThanOrEqual(was[trick.payee] ?? 0);
        if (model === "first" || weighsPayees(models[model])) expect(is).toEqual(was);
      }),
      { numRuns: 200 },
    );
  });

  it.each(["repeat", "split", "lastMinute"] as const)("what is won by %s is won from the house alone", (name) => {
    if (!promises[name]) return;
    fc.assert(
      fc.property(played(manner, name, "included"), (trick) => {
        const { was, is } = judged(trick);
        if (model === "first") expect(is).toEqual(was);
        if ((is[trick.payee] ?? 0) <= (was[trick.payee] ?? 0)) return;
        expect(is[HOUSE] ?? 0).toBeLessThan(was[HOUSE] ?? 0);
        for (const other of ["ann", "bob", "cyd"].filter((payee) => payee !== trick.payee))
          expect(is[other] ?? 0).toBeGreaterThanOrEqual((was[other] ?? 0) - 1);
      }),
      { numRuns: 200 },
    );
  });

  it("visits after the conversion, which lead to nothing, change no share", () => {
    const later = fc.array(fc.tuple(fc.constantFrom("ann", HOUSE), fc.integer({ min: 1, max: 1e9 })), { maxLength: 4 });
    fc.assert(
      fc.property(rulesFor(manner), journeys, later, ({ terms, context }, touches, visits) => {
        const idle = visits.map(([payee, agoMs], index) => click(`idle${index}`, -agoMs, payee));
        expect(sharesOf([...touches, ...idle], terms, context)).toEqual(sharesOf(touches, terms, context));
      }),
      { numRuns: 50 },
    );
  });
});

describe("a click's session takes in the brand's own visits of the 30 minutes after it", () => {
  it("so by every model but the first touch, a click may win from the house", () => {
    const honest = [click("t1", 3 * HOUR_MS, "ann"), click("t2", HOUR_MS, HOUSE)];
    const tricked = [...honest, click("again", HOUR_MS + 10 * MINUTE_MS, "ann")];
    for (const model of names.filter((it) => it !== "first" && it !== "lastNonHouse")) {
      const { terms, context } = plainly(model);
      const { was, is } = judged({ rules: { terms, context }, payee: "ann", honest, tricked });
      expect([model, is.ann, (was.ann ?? 0) < 1_000_000]).toEqual([model, 1_000_000, true]);
    }
    const { was, is } = judged({ rules: plainly("first"), payee: "ann", honest, tricked });
    expect(is).toEqual(was);
  });
});

describe("repeating within 30 minutes through one link", () => {
  /** A touch, and the same again right after it: clicked, seen or, of the house, visited. */
  const repeated = fc
    .tuple(journeys, rulesOf(...names))
    .filter(([touches]) => touches.length > 0)
    .chain(([touches, { terms, context }]) => {
      const sorted = [...touches].sort((a, b) => a.at - b.at || a.order - b.order || (a.id < b.id ? -1 : 1));
      return fc.record({
        rules: fc.constant({ terms: { ...terms, ordered: false }, context }),
        honest: fc.constant(sorted.map((it, order) => ({ ...it, order: order * 2 }))),
        index: fc.nat(sorted.length - 1),
        afterMs: fc.integer({ min: 0, max: 30 * MINUTE_MS }),
        isSeen: fc.boolean(),
      });
    });
  const partOfJourney = new Set(["counted", "repeat-within-30-minutes", "same-session"]);

  it("never raises anybody's own share, by any model, whether clicked, seen or visited", () => {
    fc.assert(
      fc.property(repeated, ({ rules: { terms, context }, honest, index, afterMs, isSeen }) => {
        const before = honest[index]!;
        const next = honest[index + 1]?.at ?? Number.POSITIVE_INFINITY;
        // Another's touch in between makes the second a new visit, not a repeat.
        const at = Math.min(before.at + afterMs, next);
        const kind = isSeen && before.payee !== HOUSE ? "view" : before.kind;
        const tricked = [...honest, { ...before, id: "again", at, order: before.order + 1, kind }];
        const { considered } = credit(conversion, honest, terms, context);
        // What repeats a touch that does not count, for being too old or only seen, is the first of its kind.
        fc.pre(considered.some((it) => it.touch === before && partOfJourney.has(it.because)));
        const trick = { rules: { terms, context }, payee: before.payee, honest, tricked };
        const { was, is } = judged(trick);
        // Where a run is bridged the journey gets shorter, and among touches a millionth each may fall otherwise.
        const model: Model = models[terms.model];
        const rounding = weighsPayees(model) ? 0 : honest.length;
        expect(is[before.payee] ?? 0).toBeLessThanOrEqual((was[before.payee] ?? 0) + rounding);
        const stands = (all: readonly Touch[]) =>
          credit(conversion, all, terms, context).considered.flatMap((it) => (it.in ? [it.touch.id] : []));
        // Where the repeat changes nothing about which touches count, it changes nothing at all.
        if (stands(tricked).join() === stands(honest).join()) expect(is).toEqual(was);
      }),
      { numRuns: 2000 },
    );
  });

  it("but by place it may: a run bridged moves everyone after it to an earlier place", () => {
    const { terms, context } = plainly("shapley", { ordered: true });
    const places = (payee: string, placesNano: readonly number[]) => ({ ...rising[0]!, payee, placesNano });
    const effects = [places("ann", [900, 100]), places("bob", [500])];
    const honest = [
      click("t1", 3 * HOUR_MS, "ann"),
      click("t2", 3 * HOUR_MS - 50 * MINUTE_MS, "ann"),
      click("t3", HOUR_MS, "bob"),
    ];
    const tricked = [...honest, click("again", 3 * HOUR_MS - 25 * MINUTE_MS, "ann")];
    const rules = { terms, context: { ...context, effects } };
    const { was, is } = judged({ rules, payee: "ann", honest, tricked });
    expect([was.ann, is.ann]).toEqual([500_000, 642_857]);
  });
});

describe("splitting oneself into several payees", () => {
  it("brings at most k of n − 1 + k parts by linearUnique, and exactly that where all of them are on the journey", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (others, identities) => {
        const honest = Array.from({ length: others }, (_, index) =>
          click(`o${index}`, (index + 1) * DAY_MS, `o${index}`),
        );
        const mine = Array.from({ length: identities }, (_, index) =>
          click(`m${index}`, (index + 1) * HOUR_MS, `m${index}`),
        );
        const shares = Object.entries(sharesOf([...honest, ...mine], plainly("linearUnique").terms));
        const sum = shares.reduce((all, [payee, micro]) => all + (payee.startsWith("m") ? micro : 0), 0);
        const bound = (1_000_000 * identities) / (others + identities);
        expect(Math.abs(sum - bound)).toBeLessThan(identities);
      }),
    );
  });
});
