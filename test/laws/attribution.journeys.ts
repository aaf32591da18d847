import fc from "fast-check";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { type Context, type Effect, type ModelName, models } from "../../shared/judge/models.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";

/** When the conversion of these laws happened. */
export const AT = Date.UTC(2026, 5, 1);
/** The conversion of these laws. */
export const conversion = { id: "cnv-1", at: AT };
/** Every model there is. */
export const names = Object.keys(models) as ModelName[];

/** A touch so long before the conversion: the brand's own visit, or a click on its payee's link. */
export const click = (id: string, agoMs: number, payee: string, more: Partial<Touch> = {}): Touch => ({
  id,
  at: AT - agoMs,
  order: 0,
  payee,
  link: payee === HOUSE ? "" : `${payee}-link`,
  kind: payee === HOUSE ? "visit" : "click",
  ...more,
});

/** Everybody who may be on a journey. */
export const everyone = ["ann", "bob", "cyd", HOUSE] as const;

const age = fc.oneof(
  fc.integer({ min: -HOUR_MS, max: 3 * HOUR_MS }),
  fc.integer({ min: 0, max: 24 }).map((count) => count * 10 * MINUTE_MS),
  fc.integer({ min: 0, max: 90 * DAY_MS }),
  fc.integer({ min: 0, max: 3650 * DAY_MS }),
);

const step = fc.record({
  agoMs: age,
  payee: fc.constantFrom(...everyone),
  order: fc.nat(3),
  isSeen: fc.nat(4).map((it) => it === 0),
});

/** Journeys of up to twelve touches: close together and ten years apart, clicked, seen, and the brand's own. */
export const journeys = fc
  .array(step, { maxLength: 12 })
  .map((all) =>
    all.map(({ agoMs, payee, order, isSeen }, index) =>
      click(`t${index}`, agoMs, payee, { order, ...(isSeen && { kind: "view" }) }),
    ),
  );

/** Terms with what else they ask for. */
export interface Rules {
  readonly terms: AttributionTerms;
  readonly context: Context;
}

const effect = fc
  .tuple(fc.constantFrom(0, 1, 7, 100_000_000, 333_333_333), fc.nat(400_000_000), fc.nat(400_000_000))
  .chain(([effectNano, below, above]) =>
    fc.record({
      effectNano: fc.constant(effectNano),
      lowerNano: fc.constant(Math.max(0, effectNano - below)),
      upperNano: fc.constant(effectNano + above),
      placesNano: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
    }),
  );

const effects = fc
  .tuple(...everyone.map(() => effect))
  .map((all) => all.map((it, index): Effect => ({ payee: everyone[index] ?? HOUSE, ...it })));

const before = age.map((agoMs) => AT - Math.max(0, agoMs));

const common = {
  windowDays: fc.constantFrom(1 / 24, 1, 30, 90, 4000),
  house: fc.constantFrom("included" as const, "excluded" as const),
  viewDays: fc.constantFrom(undefined, 1 / 24, 1, 30),
  firstBp: fc.integer({ min: 0, max: 5000 }),
  lastBp: fc.integer({ min: 0, max: 5000 }),
  halfLifeDays: fc.constantFrom(1 / 12, 1, 7, 365),
};
const context = fc.record({
  since: fc.option(before, { nil: undefined }),
  milestones: fc.tuple(fc.option(before), fc.option(before)),
  effects,
});
const ordered = fc.boolean();
const wide = fc.option(fc.record({ beyondBp: fc.constantFrom(0, 5000, 20_000) }), { nil: undefined });

/** Rules of these models, with every parameter there is. */
export const rulesOf = (...some: readonly ModelName[]): fc.Arbitrary<Rules> =>
  fc
    .record({ model: fc.constantFrom(...some), ...common, ordered, wide, context })
    .map(({ context: known, ...terms }) => ({
      terms: { ...terms, milestones: ["lead", "deal"] },
      context: known,
    }));

/** Rules of every model. */
export const rules = rulesOf(...names);

/** What `credit` gives each payee. */
export const sharesOf = (
  touches: readonly Touch[],
  terms: AttributionTerms,
  known: Context = {},
  id = conversion.id,
): Readonly<Record<string, number>> =>
  Object.fromEntries(credit({ id, at: AT }, touches, terms, known).shares.map((it) => [it.payee, it.shareMicro]));

/** Rules that are nothing but a model, with what everybody weighs where it is learned. */
export const plainly = (model: ModelName, more: Partial<AttributionTerms> = {}): Rules => ({
  terms: { model, windowDays: 90, house: "included", milestones: ["lead", "deal"], ...more },
  context: {
    milestones: [null, AT],
    effects: everyone.map((payee) => ({ payee, effectNano: 5, lowerNano: 4, upperNano: 6 })),
  },
});
