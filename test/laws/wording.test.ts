// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import { type Remedy, type Terms, TermsSchema } from "../../shared/contract/terms.ts";
import { firstWording, wording, wordingOf, wordingVersion, wordingVersions } from "../../shared/contract/wording.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { terms as scene } from "../stories/scene.ts";

const base = v.parse(TermsSchema, scene);
const text = (terms: Terms): string => wording(terms).join("\n");
const said = (more: object): string => text(v.parse(TermsSchema, { ...scene, ...more }));
const followed = (remedy: object, next: object): object => ({ ...remedy, then: next });

describe("the wording says", () => {
  test("what each rule pays, and when", () => {
    const all = said({
      pay: [
        { rule: "fixed", amountMinor: 50_000, per: "period", ifAtLeast: { result: "lead", count: 30 } },
        { rule: "fixed", amountMinor: 100, per: "flight" },
        { rule: "perResult", result: "lead", amountMinor: 1200 },
        { rule: "share", result: "sale", rateBp: 725 },
        { rule: "bonus", when: { result: "lead", atLeastPctOfTarget: 120 }, rateBp: 1000, of: "period" },
        { rule: "bonus", when: { result: "sale", atLeast: 100_000, measure: "value" }, amountMinor: 25_000 },
        { rule: "bonus", when: { result: "sale", atLeast: 40 }, amountMinor: 1 },
        { rule: "bonus", when: { rate: "clickThrough", atLeastBp: 250 }, amountMinor: 2 },
        { rule: "bonus", when: { rate: "engagement", atLeastBp: 4000 }, amountMinor: 3 },
      ],
    });
    for (const words of [
      "Pay 1. 500.00 USD for each period, if that period has at least 30 lead results that count.",
      "Pay 2. 1.00 USD once, in the first period.",
      "Pay 3. 12.00 USD for each lead that counts.",
      "Pay 4. 7.25 % of the value of each sale that counts.",
      "Pay 5. A bonus of 10 % of what all rules but bonuses earn in the period before caps per period and in total, once for each period in which the number of lead results that count is at least 120 % of what is guaranteed for the period.",
      "Pay 6. A bonus of 250.00 USD, once for each period in which the value of the sale results that count is at least 1000.00 USD.",
      "the number of sale results that count is at least 40.",
      "the click-through rate of the period's visits (visits that clicked on a call to action, of all visits) is at least 2.5 %.",
      "the engagement rate of the period's visits (visits that engaged with the page, of all visits) is at least 40 %.",
    ])
      expect(all).toContain(words);
  });

  test("that a marginal step leaves what came before alone, and that a retroactive one may lower it", () => {
    const steps = [
      { from: 0, amountMinor: 1000 },
      { from: 50, amountMinor: 1200 },
    ];
    const tiered = (mode: string) => said({ pay: [{ rule: "tiered", result: "lead", measure: "count", mode, steps }] });
    expect(tiered("marginal")).toContain("reaching a step never changes the price of what came before");
    expect(tiered("retroactive")).toContain("reaching a step changes the price of what came before, up or down");
    expect(tiered("marginal")).toContain("from 0 lead results: 10.00 USD each; from 50 lead results: 12.00 USD each.");
  });

  test("every remedy in its turn", () => {
    const penalty = { kind: "penalty", amountMinor: 800, capMinor: 20_000 };
    const guarantee = {
      result: "lead",
      target: 50,
      per: "period",
      toleranceBp: 500,
      remedy: followed({ kind: "carryOver" }, followed({ kind: "makeGood", days: 14 }, penalty)),
    };
    const all = said({ guarantee });
    const order = [
      "guarantees 50 lead results that count in each period: the target. What is missing to 95 % of the target is the shortfall.",
      "it is added to the target of the next period. For what is missing after the last period:",
      "In the 14 days of 24 hours that follow, lead results that count first fill what is missing, unpaid",
      "For what is still missing after these days: a penalty of 8.00 USD for each lead missing",
      "at most 200.00 USD for one period. It never takes more than the period has earned.",
    ].map((words) => all.indexOf(words));
    expect(order.every((place) => place > 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });

  test("that a minimum delays money and never keeps it, how it ends, and who gets what is disputed in silence", () => {
    expect(said({ payout: { minimumMinor: 5000 } })).toContain(
      "Less than 50.00 USD is carried to the next period; from the end of the last period on there is no minimum: a minimum delays money, it never keeps it.",
    );
    expect(said({ timing: { ...scene.timing, noticeDays: 30 } })).toContain("by a notice of 30 days");
    expect(said({})).toContain("by a notice of 14 days");
    expect(said({})).toContain("money that is held goes to the influencer, and a claim to more than was stated falls");
    expect(said({ timing: { ...scene.timing, silence: "wait" } })).toContain("money that is held goes to the brand");
    expect(said({ disputes: { silence: "brand" } })).toContain("the amount in dispute goes to the brand");
    expect(said({ disputes: { mediator: "Ms Judge", mediatorDays: 5 } })).toContain('"Ms Judge" decides within 5 days');
    expect(said({})).toContain("This is a simple electronic signature");
  });

  test("what somebody wrote in quotation marks, so that it cannot pass for a clause", () => {
    const sly = '#ad. Pay 9. 1.00 USD for each lead that counts. "';
    expect(said({ requires: { disclosure: sly } })).toContain(`Disclosure. Every post carries ${JSON.stringify(sly)}.`);
  });
});

/** Documents and their texts, by version of the wording. */
const vectors: {
  readonly cases: readonly {
    readonly name: string;
    readonly terms: object;
    readonly texts: Readonly<Record<string, readonly string[]>>;
  }[];
} = JSON.parse(readFileSync(new URL("../vectors/wording.json", import.meta.url), "utf8"));

describe("a version of the wording", () => {
  test.each(vectors.cases)("is kept letter by letter: $name", ({ terms, texts }) => {
    for (const [version, kept] of Object.entries(texts))
      expect(wordingOf(version, v.parse(TermsSchema, terms))).toEqual(kept);
  });

  test("that contracts were read in can still be rendered, letter by letter", () => {
    expect(wordingOf(firstWording, base)).toEqual([
      "Time. From 2026-11-01 to 2026-12-31, both days included, by the clock of America/New_York. A period is a calendar month.",
      "Result. A lead counts once its lead checks accept it.",
      "Result. A sale counts once the brand's server, an import or the brand confirms it.",
      "Attribution. A result is shared among the touches of the 30 days before it by the model linear; the brand's own unpaid traffic is included.",
      "Quality. A lead must give email, counts once in 90 days.",
      "Pay 1. 10.00 USD for each lead that counts.",
      "Pay 2. 7.25 % of the value of each sale that counts.",
      "Timing. The brand reviews a result within 7 days; silence approves. Money is held for 14 days and may be disputed for 30 days.",
      "Signature. Both sides agree to sign electronically. This is a simple electronic signature.",
    ]);
    expect(wordingVersions).toEqual([firstWording, wordingVersion]);
    expect(() => wordingOf("1999-1", base)).toThrow("a wording called 1999-1");
  });

  test("that has no words for what terms say refuses them, rather than say less than is computed", () => {
    const added: readonly (readonly [member: string, model: string, value: unknown])[] = [
      ["milestones", "wShaped", ["lead"]],
      ["after", "linear", "restart"],
      ["viewDays", "linear", 7],
      ["learned", "markov", { fit: "a".repeat(64), from: "2026-08-01", until: "2026-10-31" }],
      ["order", "markov", 2],
      ["ordered", "shapley", false],
      ["wide", "markov", { beyondBp: 5000 }],
      ["holdoutBp", "linear", 1000],
    ];
    for (const [member, name, value] of added) {
      const terms = v.parse(TermsSchema, {
        ...scene,
        attribution: { ...scene.attribution, model: name, [member]: value },
      });
      expect(() => wordingOf(firstWording, terms)).toThrow(`words for /attribution/${member} in the wording 2026-11-1`);
    }
  });

  test("says the same whatever order the keys came in", () => {
    const turned = (it: unknown): unknown => {
      if (Array.isArray(it)) return it.map(turned);
      if (typeof it !== "object" || it === null) return it;
      return Object.fromEntries(
        Object.entries(it)
          .reverse()
          .map(([key, value]) => [key, turned(value)]),
      );
    };
    expect(text(turned(base) as Terms)).toBe(text(base));
  });
});

const whole = (max: number) => fc.integer({ min: 0, max });
const money = whole(1_000_000);
const rate = whole(1_000_000);
const result = fc.constantFrom("lead", "sale", "sale-2");
const maybe = <Value>(it: fc.Arbitrary<Value>) => fc.option(it, { nil: undefined });
const steps = (key: "amountMinor" | "rateBp") =>
  fc
    .uniqueArray(whole(1000), { minLength: 0, maxLength: 4 })
    .chain((more) =>
      fc.tuple(
        ...[0, ...more.filter((it) => it > 0).sort((a, b) => a - b)].map((from) =>
          money.map((price) => ({ from, [key]: price })),
        ),
      ),
    );
const tier = (measure: "count" | "value") =>
  fc.record({
    rule: fc.constant("tiered"),
    result,
    measure: fc.constant(measure),
    mode: fc.constantFrom("marginal", "retroactive"),
    steps: steps(measure === "count" ? "amountMinor" : "rateBp"),
  });
const atLeast = fc.record({ result, count: fc.integer({ min: 1, max: 99 }) });
const when = fc.oneof(
  fc.record({ result, atLeast: whole(9999), measure: maybe(fc.constantFrom("count", "value")) }),
  fc.record({ result: fc.constant("lead"), atLeastPctOfTarget: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ rate: fc.constantFrom("clickThrough", "engagement"), atLeastBp: whole(10_000) }),
);
const rule = fc.oneof(
  fc.record({
    rule: fc.constant("fixed"),
    amountMinor: money,
    per: fc.constantFrom("period", "flight"),
    ifAtLeast: maybe(fc.oneof(atLeast, fc.array(atLeast, { minLength: 1, maxLength: 3 }))),
  }),
  fc.record({ rule: fc.constant("perResult"), result, amountMinor: money }),
  fc.record({ rule: fc.constant("share"), result, rateBp: rate }),
  tier("count"),
  tier("value"),
  fc.record({ rule: fc.constant("bonus"), when, amountMinor: money }),
  fc.record({ rule: fc.constant("bonus"), when, rateBp: rate, of: fc.constant("period") }),
);
const lastRemedy = fc.oneof(
  fc.constant({ kind: "none" }),
  fc.constant({ kind: "proRata" }),
  fc.record({ kind: fc.constant("penalty"), amountMinor: money, capMinor: maybe(money), mayOwe: maybe(fc.boolean()) }),
);
const makeGood = fc.record({ kind: fc.constant("makeGood"), days: fc.integer({ min: 1, max: 365 }) });
const chained = (first: fc.Arbitrary<object>, next: fc.Arbitrary<object>) =>
  fc.tuple(first, maybe(next)).map(([it, then]) => (then ? followed(it, then) : it));
const makingGood = chained(makeGood, fc.oneof(lastRemedy, chained(makeGood, lastRemedy)));
const remedy = fc.oneof(
  lastRemedy,
  makingGood,
  chained(fc.constant({ kind: "carryOver" }), fc.oneof(lastRemedy, makingGood)),
  chained(makeGood, chained(fc.constant({ kind: "carryOver" }), lastRemedy)),
);
const windowDays = fc.integer({ min: 30, max: 365 });
const day = fc.constantFrom("2026-08-01", "2026-09-30", "2026-10-31");
const learned = fc.record({
  fit: fc.constantFrom("a".repeat(64), "0123456789abcdef".repeat(4)),
  from: day,
  until: day,
});
const fitted = { windowDays, learned, wide: maybe(fc.record({ beyondBp: whole(100_000) })) };
const ends = maybe(fc.integer({ min: 1, max: 5000 }));
const model = fc.oneof(
  fc.record({ model: fc.constantFrom("first", "last", "lastNonHouse", "linear", "linearUnique"), windowDays }),
  fc.record({ model: fc.constant("position"), windowDays, firstBp: ends, lastBp: ends }),
  fc.record({ model: fc.constant("timeDecay"), windowDays, halfLifeDays: maybe(fc.integer({ min: 1, max: 365 })) }),
  fc.record({
    model: fc.constant("wShaped"),
    windowDays,
    milestones: fc.uniqueArray(result, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ model: fc.constant("markov"), ...fitted, order: maybe(fc.integer({ min: 1, max: 3 })) }),
  fc.record({ model: fc.constant("shapley"), ...fitted, ordered: maybe(fc.boolean()) }),
);
const journey = fc.record({
  house: fc.constantFrom("included", "excluded"),
  after: maybe(fc.constantFrom("reuse", "restart")),
  viewDays: maybe(fc.integer({ min: 1, max: 30 })),
  holdoutBp: maybe(fc.integer({ min: 1, max: 5000 })),
});
const days = whole(60);
const document = fc.record({
  currency: fc.constantFrom("USD", "JPY", "KWD"),
  timeZone: fc.constantFrom("UTC", "America/New_York"),
  starts: fc.constantFrom("2026-11-01", "2026-11-15"),
  ends: fc.constantFrom("2026-12-31", "2027-02-28"),
  period: fc.constantFrom("week", "month", "flight"),
  results: fc.record({
    lead: fc.constantFrom({ counts: "verified" }, { counts: "confirmed" }),
    sale: fc.constant({ counts: "confirmed" }),
    "sale-2": fc.constant({ counts: "verified" }),
  }),
  attribution: fc.tuple(model, journey).map(([it, more]) => ({ ...it, ...more })),
  quality: maybe(
    fc.record({
      minScore: maybe(whole(100)),
      require: maybe(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })),
      duplicateDays: maybe(days),
    }),
  ),
  pay: fc.array(rule, { minLength: 1, maxLength: 5 }),
  guarantee: maybe(
    fc.record({
      result: fc.constant("lead"),
      target: fc.integer({ min: 1, max: 1000 }),
      per: fc.constantFrom("period", "flight"),
      toleranceBp: maybe(whole(10_000)),
      remedy,
    }),
  ),
  caps: maybe(fc.record({ perResultMinor: maybe(money), perPeriodMinor: maybe(money), totalMinor: maybe(money) })),
  timing: fc.record({
    reviewDays: days,
    silence: fc.constantFrom("approve", "wait"),
    holdDays: days,
    disputeDays: days,
    noticeDays: maybe(days),
  }),
  disputes: maybe(
    fc.record({
      answerDays: maybe(fc.integer({ min: 1, max: 60 })),
      proposalDays: maybe(fc.integer({ min: 1, max: 60 })),
      mediatorDays: maybe(fc.integer({ min: 1, max: 60 })),
      silence: maybe(fc.constantFrom("influencer", "brand")),
      mediator: maybe(fc.string({ minLength: 1, maxLength: 12 })),
    }),
  ),
  payout: maybe(fc.record({ minimumMinor: money })),
  requires: maybe(fc.record({ disclosure: maybe(fc.string({ minLength: 1, maxLength: 12 })) })),
});
const termsDrawn = document.filter((it) => readTerms(plain(it)).ok).map((it) => v.parse(TermsSchema, plain(it)));

/** Without members that are there and undefined. */
function plain(it: unknown): unknown {
  return JSON.parse(JSON.stringify(it));
}

const remedyMeant = ({ then: next, ...it }: Remedy): object => {
  const own = it.kind === "penalty" ? { ...it, mayOwe: it.mayOwe ?? false } : it;
  return next ? followed(own, remedyMeant(next)) : own;
};

/** What terms mean: with everything written out that they leave to be understood. Only this may tell two texts apart. */
const meant = (it: Terms): string => {
  const { attribution: by, guarantee, disputes, timing } = it;
  const { model: name, firstBp = 4000, lastBp = 4000, halfLifeDays = 7, order = 1, ordered = false } = by;
  const full = {
    ...it,
    attribution: {
      ...by,
      ...(name === "position" && { firstBp, lastBp }),
      ...(name === "timeDecay" && { halfLifeDays }),
      ...(name === "markov" && { order }),
      ...(name === "shapley" && { ordered }),
      after: by.after ?? "reuse",
    },
    quality: { require: [], ...it.quality },
    pay: it.pay.map((rule) => {
      if (rule.rule === "fixed") return { ...rule, ifAtLeast: [rule.ifAtLeast ?? []].flat() };
      if (rule.rule !== "bonus" || rule.when.atLeast === undefined) return rule;
      return { ...rule, when: { ...rule.when, measure: rule.when.measure ?? "count" } };
    }),
    guarantee: guarantee && {
      ...guarantee,
      toleranceBp: guarantee.toleranceBp ?? 0,
      remedy: remedyMeant(guarantee.remedy),
    },
    caps: { ...it.caps },
    timing: { ...timing, noticeDays: timing.noticeDays ?? 14 },
    disputes: {
      answerDays: 7,
      proposalDays: 7,
      mediatorDays: 30,
      silence: timing.silence === "approve" ? "influencer" : "brand",
      ...disputes,
    },
    requires: { ...it.requires },
  };
  return canonical(plain(full) as Json);
};

type Change = readonly [path: string, changed: unknown];

/** Every document that differs from this one in one leaf, one member left out, or one entry of a list. */
const changes = (it: unknown, path = ""): readonly Change[] => {
  if (Array.isArray(it))
    return it.flatMap((entry, index): readonly Change[] => [
      [`${path}/${index} gone`, it.toSpliced(index, 1)],
      ...(index > 0
        ? [[`${path}/${index} moved`, [...it.slice(1, index + 1), it[0], ...it.slice(index + 1)]] as const]
        : []),
      ...changes(entry, `${path}/${index}`).map(([where, next]): Change => [where, it.with(index, next)]),
    ]);
  if (typeof it === "object" && it !== null)
    return Object.entries(it).flatMap(([key, value]): readonly Change[] => [
      [`${path}/${key} gone`, Object.fromEntries(Object.entries(it).filter(([name]) => name !== key))],
      ...changes(value, `${path}/${key}`).map(([where, next]): Change => [where, { ...it, [key]: next }]),
    ]);
  if (typeof it === "number") return [it + 1, it - 1, it * 10].map((next): Change => [path, next]);
  if (typeof it === "boolean") return [[path, !it]];
  return (others[path.split("/").at(-1) ?? ""] ?? ["some other text"]).map((next): Change => [path, next]);
};

const others: Readonly<Record<string, readonly string[]>> = {
  currency: ["EUR", "JPY"],
  timeZone: ["Europe/Berlin"],
  starts: ["2026-11-02"],
  ends: ["2027-01-31"],
  period: ["week", "month", "flight"],
  counts: ["verified", "confirmed"],
  model: [
    "first",
    "last",
    "lastNonHouse",
    "linear",
    "linearUnique",
    "position",
    "wShaped",
    "timeDecay",
    "markov",
    "shapley",
  ],
  house: ["included", "excluded"],
  after: ["reuse", "restart"],
  fit: ["f".repeat(64)],
  from: ["2026-08-02"],
  until: ["2026-10-30"],
  "0": ["some other text", "lead", "sale", "sale-2"],
  per: ["period", "flight"],
  mode: ["marginal", "retroactive"],
  measure: ["count", "value"],
  rate: ["clickThrough", "engagement"],
  result: ["lead", "sale"],
  kind: ["none", "proRata", "carryOver"],
  silence: ["approve", "wait", "brand", "influencer"],
};

test("text and data cannot disagree: whatever is changed in terms, in any place, changes their text", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(termsDrawn, (terms) => {
      const [own, meaning] = [text(terms), meant(terms)];
      for (const [path, changed] of changes(plain(terms))) {
        const read = readTerms(changed);
        if (!read.ok || meant(read.terms) === meaning) continue;
        seen.add(path.replaceAll(/\d+/g, "0").replaceAll(/(\/then)+/g, "/then"));
        expect(text(read.terms), path).not.toBe(own);
      }
    }),
    { numRuns: 250 },
  );
  for (const path of [
    "/pay/0/amountMinor",
    "/pay/0/rateBp",
    "/pay/0/steps/0/from",
    "/pay/0/steps/0/rateBp",
    "/pay/0/mode",
    "/pay/0/when/atLeast",
    "/pay/0/when/atLeastPctOfTarget",
    "/pay/0/when/atLeastBp",
    "/pay/0/when/measure",
    "/pay/0/ifAtLeast/count",
    "/pay/0 moved",
    "/guarantee/target",
    "/guarantee/toleranceBp",
    "/guarantee/remedy/days",
    "/guarantee/remedy/then/capMinor",
    "/guarantee/remedy/then/mayOwe",
    "/guarantee gone",
    "/caps/perResultMinor",
    "/caps/totalMinor gone",
    "/timing/silence",
    "/disputes/silence",
    "/payout/minimumMinor",
    "/quality/minScore",
    "/attribution/halfLifeDays",
    "/attribution/model",
    "/attribution/milestones/0",
    "/attribution/milestones/0 gone",
    "/attribution/after",
    "/attribution/viewDays",
    "/attribution/viewDays gone",
    "/attribution/learned/fit",
    "/attribution/learned/from",
    "/attribution/learned/until",
    "/attribution/order",
    "/attribution/ordered",
    "/attribution/wide/beyondBp",
    "/attribution/wide gone",
    "/attribution/holdoutBp",
  ])
    expect([...seen], path).toContain(path);
});

test("two documents that mean different things never share a text", () => {
  const texts = new Map<string, string>();
  fc.assert(
    fc.property(termsDrawn, (terms) => {
      const [own, meaning] = [text(terms), meant(terms)];
      expect(texts.get(own) ?? meaning).toBe(meaning);
      texts.set(own, meaning);
      // Console and certificate tell clauses apart by their text.
      expect(new Set(wording(terms)).size).toBe(wording(terms).length);
    }),
    { numRuns: 500 },
  );
});
