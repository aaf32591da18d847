import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Terms } from "../../shared/contract/terms.ts";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import type { OtherConversion } from "../../shared/judge/context.ts";
import type { Fit } from "../../shared/judge/fit.ts";
import { type Deal, type EarlierLead, type Evidence, houseAttribution, verdict } from "../../shared/judge/verdict.ts";
import { DAY_MS, HOUR_MS } from "../../shared/kit/time.ts";
import { terms as scene } from "../stories/scene.ts";
import { AT, click } from "./attribution.journeys.ts";

const FIT = "a".repeat(64);
const learned = { fit: FIT, from: "2026-01-01", until: "2026-03-31" };
const row = (payee: string, effectNano: number, lowerNano: number, upperNano: number) => ({
  payee,
  effectNano,
  lowerNano,
  upperNano,
  journeys: 10,
});
const fit: Fit = {
  campaign: "spring",
  model: "markov",
  from: learned.from,
  until: learned.until,
  windowDays: 30,
  house: "included",
  journeys: 1000,
  conversions: 100,
  replicates: 1000,
  seed: "spring",
  newcomerNano: 100,
  rows: [row("ann", 300, 100, 500), row(HOUSE, 100, 0, 900)],
};

const whose = { "c-1": "ann", "c-2": "bob" };

const deal = (contract: string, influencer: string, attribution: AttributionTerms): Deal => ({
  contract,
  influencer,
  campaign: "spring",
  version: 1,
  terms: { ...scene, attribution } as unknown as Terms,
  termsHash: FIT,
});
const plain: AttributionTerms = { model: "linear", windowDays: 30, house: "included" };
const restart: AttributionTerms = { ...plain, after: "restart" };
const peaks: AttributionTerms = { ...plain, model: "wShaped", milestones: ["demo", "lead"] };
const weighed: AttributionTerms = { ...plain, model: "markov", learned, wide: { beyondBp: 5000 } };

const touches = [click("t1", 9 * DAY_MS, "c-1"), click("t2", 5 * DAY_MS, "c-2"), click("t3", DAY_MS, HOUSE)];
const evidence = (deals: readonly Deal[], more: Partial<Evidence> = {}): Evidence => ({
  conversion: { id: "cnv-1", at: AT, result: "lead" },
  touches,
  deals,
  fields: { email: "sam@example.com" },
  earlier: [],
  robot: false,
  ...more,
});
const judged = (attribution: AttributionTerms, more: Partial<Evidence> = {}) =>
  verdict(evidence([deal("c-1", "ann", attribution), deal("c-2", "bob", attribution)], more));
const contextOf = (attribution: AttributionTerms, more: Partial<Evidence> = {}) =>
  judged(attribution, more).settings[0]?.context;
const other = (conversion: string, agoMs: number, result = "lead"): OtherConversion => ({
  conversion,
  at: AT - agoMs,
  result,
});

describe("a verdict finds what terms ask for besides the touches", () => {
  it("and asks for nothing where they ask for nothing, whatever else is known", () => {
    const others = [other("cnv-0", 3 * DAY_MS)];
    const found = judged(plain, { others, fits: { [FIT]: fit } });
    expect(found).toEqual(judged(plain));
    expect(Object.keys(found.settings[0] ?? {})).toEqual(["attribution", "considered", "shares"]);
    expect(verdict(evidence([], { others })).settings[0]?.attribution).toEqual(houseAttribution);
    expect(judged({ ...plain, after: "reuse" }, { others }).settings[0]?.shares).toEqual(found.settings[0]?.shares);
  });

  it("restart: when the person last converted so before; not by another result, nor later", () => {
    const since = (...others: readonly OtherConversion[]) => contextOf(restart, { others })?.since;
    expect(since()).toBeUndefined();
    expect(since(other("a", 3 * DAY_MS), other("b", 7 * DAY_MS))).toBe(AT - 3 * DAY_MS);
    expect(since(other("a", 3 * DAY_MS, "sale"), other("b", -DAY_MS), other("cnv-1", 0))).toBeUndefined();
    // Of two at one instant the one of the lesser id came first.
    expect([since(other("cnv-0", 0)), since(other("cnv-2", 0))]).toEqual([AT, undefined]);
    const { settings, parts } = judged(restart, { others: [other("a", 7 * DAY_MS)] });
    expect(settings[0]?.considered.map(({ because }) => because)).toEqual([
      "before-earlier-conversion",
      "counted",
      "counted",
    ]);
    expect(parts.map(({ shareMicro }) => shareMicro)).toEqual([0, 500_000]);
  });

  it("milestones: when each was first reached in the window, this conversion among them", () => {
    const reached = (...others: readonly OtherConversion[]) => contextOf(peaks, { others })?.milestones;
    expect(reached()).toEqual([null, AT]);
    expect(reached(other("a", 5 * DAY_MS, "demo"), other("b", 7 * DAY_MS, "demo"))).toEqual([AT - 7 * DAY_MS, AT]);
    expect(reached(other("a", 30 * DAY_MS, "demo"), other("b", 2 * DAY_MS))).toEqual([
      AT - 30 * DAY_MS,
      AT - 2 * DAY_MS,
    ]);
    expect(reached(other("a", 30 * DAY_MS + 1, "demo"), other("b", -1, "demo"))).toEqual([null, AT]);
    expect(reached(other("a", 0, "demo"))).toEqual([AT, AT]);
  });

  it("weights: of the influencer whose contract it is, a newcomer's where nobody knows them, and what is uncertain waits", () => {
    const { settings, parts } = judged(weighed, { fits: { [FIT]: fit }, whose });
    expect(settings[0]?.context?.effects).toEqual([
      { payee: "c-1", effectNano: 300, lowerNano: 100, upperNano: 500 },
      { payee: "c-2", effectNano: 100, lowerNano: 100, upperNano: 100 },
      { payee: HOUSE, effectNano: 100, lowerNano: 0, upperNano: 900 },
    ]);
    expect(parts.map(({ contract, shareMicro, heldMicro }) => [contract, shareMicro, heldMicro])).toEqual([
      ["c-1", 600_000, 400_000],
      ["c-2", 200_000, undefined],
    ]);
    expect(() => judged(weighed)).toThrow(`the fit ${FIT}`);
  });
});

describe("a verdict finds whether the same person counted before", () => {
  const sole = {
    ...deal("c-1", "ann", plain),
    terms: { ...scene, quality: { duplicateDays: 90 } } as unknown as Terms,
  };
  const gradeWith = (...earlier: readonly EarlierLead[]) => verdict(evidence([sole], { earlier })).grade;
  const lead = (conversion: string, days: number, more: Partial<EarlierLead> = {}): EarlierLead => ({
    conversion,
    at: AT - days * DAY_MS,
    ...more,
  });
  const codes = (...earlier: readonly EarlierLead[]) => gradeWith(...earlier).reasons.map(({ code }) => code);

  it("by the first lead within the days, never by a later one, or one before those days", () => {
    expect(codes(lead("cnv_b", 10), lead("cnv_a", 80))).toEqual(["duplicate"]);
    expect(gradeWith(lead("cnv_b", 10), lead("cnv_a", 80)).reasons[0]?.because).toContain("cnv_a");
    expect([codes(lead("cnv_a", 90)), codes(lead("cnv_a", 91)), codes(lead("cnv_a", -1))]).toEqual([
      ["duplicate"],
      [],
      [],
    ]);
  });

  it("what came to nothing stands in nobody's way, and the first that counted does", () => {
    expect(gradeWith(lead("cnv_a", 80, { isVoid: true })).verdict).toBe("accept");
    const reasons = gradeWith(lead("cnv_a", 80, { isVoid: true }), lead("cnv_b", 10)).reasons;
    expect(reasons.map(({ because }) => because.includes("cnv_b"))).toEqual([true]);
  });

  it("whom the brand rejected before is looked at by the brand, within the same days", () => {
    const rejected = { isVoid: true, isRejected: true } as const;
    expect(gradeWith(lead("cnv_a", 80, rejected))).toMatchObject({ verdict: "review", score: 80 });
    expect(codes(lead("cnv_a", 80, rejected))).toEqual(["rejected-before"]);
    expect(codes(lead("cnv_a", 91, rejected))).toEqual([]);
    expect(codes(lead("cnv_a", 80, rejected), lead("cnv_b", 10))).toEqual(["duplicate"]);
  });
});

const attribution = fc.constantFrom(plain, restart, peaks, weighed, {
  ...peaks,
  ...restart,
  model: "wShaped",
} as const);
const touch = fc
  .record({
    id: fc.nat(20),
    agoMs: fc.nat(40 * 24).map((it) => it * HOUR_MS),
    payee: fc.constantFrom("c-1", "c-2", HOUSE),
  })
  .map(({ id, agoMs, payee }): Touch => click(`t${id}-${agoMs}-${payee}`, agoMs, payee));
const others = fc.array(
  fc.tuple(fc.nat(9), fc.integer({ min: -24, max: 40 * 24 }), fc.constantFrom("lead", "demo", "sale")),
  { maxLength: 6 },
);
const cases = fc
  .record({ touches: fc.array(touch, { maxLength: 8 }), others, one: attribution, two: attribution })
  .map(({ touches: some, others: all, one, two }) => {
    // One conversion is of one result at one instant, however often it is told.
    const distinct = new Map(
      all.map(([id, hours, result]) => [id, other(`cnv-${id}`, hours * HOUR_MS, result)] as const),
    );
    distinct.delete(1);
    const deals = [deal("c-1", "ann", one), deal("c-2", "bob", two)];
    return evidence(deals, { touches: some, others: [...distinct.values()], fits: { [FIT]: fit }, whose });
  });

describe("laws of verdicts", () => {
  it("the same whatever order touches, contracts and other conversions came in, and however often", () => {
    const told = <It>(all: readonly It[]) => fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 });
    const turned = cases.chain((it) =>
      fc.record({
        it: fc.constant(it),
        touches: told(it.touches),
        deals: fc.shuffledSubarray([...it.deals], { minLength: it.deals.length }),
        others: told([...(it.others ?? []), { conversion: "cnv-1", at: AT, result: "lead" }]),
      }),
    );
    fc.assert(
      fc.property(turned, ({ it, ...again }) => {
        expect(verdict({ ...it, ...again })).toEqual(verdict(it));
      }),
    );
  });

  it("every setting can be computed again from what it says, and every part is its contract's share of it", () => {
    fc.assert(
      fc.property(cases, (it) => {
        const { settings, parts } = verdict(it);
        for (const { attribution: terms, context, considered, shares } of settings)
          expect(credit(it.conversion, it.touches, terms, context)).toEqual({ attribution: terms, considered, shares });
        for (const { contract, setting, shareMicro, heldMicro = 0 } of parts) {
          const own = settings[setting]?.shares.find(({ payee }) => payee === contract);
          expect([shareMicro, heldMicro]).toEqual([own?.shareMicro ?? 0, own?.heldMicro ?? 0]);
          expect(heldMicro).toBeLessThanOrEqual(shareMicro);
        }
        const texts = settings.map(({ attribution: terms }) => JSON.stringify(terms));
        expect(new Set(texts).size).toBe(texts.length);
      }),
    );
  });

  it("restart is reuse for a person's first conversion", () => {
    fc.assert(
      fc.property(cases, (it) => {
        const first = { ...it, others: (it.others ?? []).filter(({ at }) => at > AT) };
        const sharedBy = (how: "reuse" | "restart") => {
          const deals = it.deals.map((own) => deal(own.contract, own.influencer, { ...plain, after: how }));
          return verdict({ ...first, deals }).settings.map(({ considered, shares }) => ({ considered, shares }));
        };
        expect(sharedBy("restart")).toEqual(sharedBy("reuse"));
      }),
    );
  });
});
