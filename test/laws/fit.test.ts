import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { HOUSE } from "../../shared/journey/touch.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { ContextSchema } from "../../shared/judge/context.ts";
import { effectsOf, type Fit, FitSchema, fitText, misfit, newcomerOf } from "../../shared/judge/fit.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { click, sharesOf } from "./attribution.journeys.ts";

const row = (payee: string, effectNano: number, more: object = {}) => ({
  payee,
  effectNano,
  lowerNano: Math.floor(effectNano * 0.9),
  upperNano: Math.ceil(effectNano * 1.1),
  journeys: 10,
  ...more,
});
const fit: Fit = {
  campaign: "spring",
  model: "markov",
  order: 2,
  from: "2026-01-01",
  until: "2026-03-31",
  windowDays: 30,
  house: "included",
  journeys: 1000,
  conversions: 100,
  replicates: 1000,
  seed: "spring",
  newcomerNano: 40_000_000,
  rows: [row("ann", 400_000_000), row("bob", 40_000_000), row(HOUSE, 10_000_000), row("idle", 0)],
};
const terms: AttributionTerms = {
  model: "markov",
  order: 2,
  windowDays: 30,
  house: "included",
  learned: { fit: "a".repeat(64), from: "2026-01-01", until: "2026-03-31" },
};
const itself = (payee: string): string => payee;

describe("a fit is frozen", () => {
  it("as one text, whatever order its members came in", () => {
    const turned = v.parse(FitSchema, Object.fromEntries(Object.entries(fit).reverse()));
    expect(fitText(turned)).toBe(fitText(fit));
    expect(v.parse(FitSchema, JSON.parse(fitText(fit)))).toEqual(fit);
    expect(fitText({ ...fit, seed: "autumn" })).not.toBe(fitText(fit));
  });

  it.each([
    ["a weight below nothing", { rows: [row("ann", -1)] }],
    ["a weight of more than all conversions", { rows: [row("ann", 1_000_000_001)] }],
    ["a weight that is not whole", { rows: [{ ...row("ann", 1), effectNano: 0.5 }] }],
    ["what nobody asked for", { rows: [row("ann", 1, { note: "nice" })] }],
    ["a model that is not learned", { model: "linear" }],
    ["an order there is not", { order: 4 }],
  ])("and %s is none", (_, more) => {
    expect(v.safeParse(FitSchema, { ...fit, ...more }).success).toBe(false);
  });
});

describe("terms pay by a fit made for them and by no other", () => {
  it("defaults are what they stand for", () => {
    expect(misfit(fit, terms)).toBeUndefined();
    expect(misfit({ ...fit, after: "reuse" }, terms)).toBeUndefined();
    expect(misfit({ ...fit, order: 1 }, { ...terms, order: undefined })).toBeUndefined();
    expect(misfit({ ...fit, order: undefined }, { ...terms, order: 1 })).toBeUndefined();
    const byPlace = { ...fit, model: "shapley", order: undefined, ordered: false } as const;
    expect(misfit(byPlace, { ...terms, model: "shapley", order: undefined })).toBeUndefined();
  });

  it.each([
    [{ model: "shapley" }, "was fitted with model markov, and the terms say shapley"],
    [{ windowDays: 31 }, "was fitted with windowDays 30, and the terms say 31"],
    [{ house: "excluded" }, "was fitted with house included, and the terms say excluded"],
    [{ after: "restart" }, "was fitted with after reuse, and the terms say restart"],
    [{ viewDays: 7 }, "was fitted with viewDays nothing, and the terms say 7"],
    [{ order: 3 }, "was fitted with order 2, and the terms say 3"],
    [{ order: undefined }, "was fitted with order 2, and the terms say 1"],
    [
      { learned: { ...terms.learned, from: "2026-01-02" } },
      "was fitted with from 2026-01-01, and the terms say 2026-01-02",
    ],
    [
      { learned: { ...terms.learned, until: "2026-03-30" } },
      "was fitted with until 2026-03-31, and the terms say 2026-03-30",
    ],
  ])("%j", (more, told) => {
    expect(misfit(fit, { ...terms, ...more } as AttributionTerms)).toBe(told);
  });

  it("by place or not", () => {
    const byPlace = { ...fit, model: "shapley", order: undefined, ordered: true } as const;
    const shapley = { ...terms, model: "shapley", order: undefined } as const;
    expect(misfit(byPlace, { ...shapley, ordered: true })).toBeUndefined();
    expect(misfit(byPlace, shapley)).toBe("was fitted with ordered true, and the terms say false");
  });
});

describe("what everybody on a journey weighs", () => {
  it("is what the fit says of the influencer whose contract it is", () => {
    const whose = (contract: string): string => ({ "c-1": "ann", "c-2": "ann", "c-3": "bob" })[contract] ?? contract;
    const found = effectsOf(fit, ["c-3", "c-1", "c-2", HOUSE, "c-1"], whose);
    expect(found.map(({ payee, effectNano }) => [payee, effectNano])).toEqual([
      ["c-1", 400_000_000],
      ["c-2", 400_000_000],
      ["c-3", 40_000_000],
      [HOUSE, 10_000_000],
    ]);
    expect(v.is(ContextSchema, { effects: found })).toBe(true);
  });

  it("of somebody it does not know, a newcomer's weight, in an interval that is a point", () => {
    expect(effectsOf(fit, ["dee"], itself)).toEqual([
      { payee: "dee", effectNano: 40_000_000, lowerNano: 40_000_000, upperNano: 40_000_000 },
    ]);
  });

  it("an influencer called house is not the house", () => {
    const [found] = effectsOf(fit, ["c-9"], () => "ann");
    expect(found?.effectNano).toBe(400_000_000);
    expect(effectsOf(fit, [HOUSE], () => "ann")[0]?.effectNano).toBe(10_000_000);
  });

  it("the weights of places go along", () => {
    const placed = { ...fit, rows: [row("ann", 5, { placesNano: [3, 2] })] };
    expect(effectsOf(placed, ["ann", "bob"], itself).map((it) => it.placesNano)).toEqual([[3, 2], undefined]);
  });

  it("place by place, of a newcomer the least that anybody weighs at each place above nothing", () => {
    const ordered: Fit = {
      ...fit,
      model: "shapley",
      ordered: true,
      rows: [
        { ...row(HOUSE, 1), placesNano: [1, 1, 1] },
        { ...row("ann", 90), placesNano: [50, 0, 40] },
        { ...row("bob", 30), placesNano: [0, 30] },
      ],
    };
    const [newcomer] = effectsOf(ordered, ["con_new"], (payee) => payee);
    expect(newcomer?.placesNano).toEqual([50, 30, 30]);
  });

  it("a newcomer weighs the least that anybody but the house weighs above nothing", () => {
    expect(newcomerOf(fit.rows)).toBe(40_000_000);
    expect(newcomerOf([row(HOUSE, 5), row("idle", 0)])).toBe(0);
    expect(newcomerOf([])).toBe(0);
  });

  it("the order of payees and of the fit's rows does not matter", () => {
    const payees = fc.shuffledSubarray(["ann", "bob", "idle", "dee", HOUSE, "ann"], { minLength: 6 });
    const rows = fc.shuffledSubarray([...fit.rows], { minLength: fit.rows.length });
    fc.assert(
      fc.property(payees, rows, (some, turned) => {
        expect(effectsOf({ ...fit, rows: turned }, some, itself)).toEqual(
          effectsOf(fit, ["ann", "bob", "idle", "dee", HOUSE], itself),
        );
      }),
    );
  });

  it("splitting oneself into k newcomers brings k newcomers' weights and no more, beside what others weigh", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (identities) => {
        const mine = Array.from({ length: identities }, (_, index) => click(`m${index}`, DAY_MS + index, `m${index}`));
        const journey = [click("t1", 2 * DAY_MS, "ann"), ...mine];
        const effects = effectsOf(
          fit,
          journey.map(({ payee }) => payee),
          itself,
        );
        const { ann = 0 } = sharesOf(journey, terms, { effects });
        expect(Math.abs(ann - (1_000_000 * 400) / (400 + 40 * identities))).toBeLessThan(1);
      }),
    );
  });
});
