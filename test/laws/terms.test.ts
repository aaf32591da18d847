// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import { type Remedy, signedText } from "../../shared/contract/terms.ts";
import { settledAt, statement } from "../../shared/pay/statement.ts";
import { often } from "../cases.ts";
import { anyShares, anyTerms } from "./evidence.ts";

/** The example of the rules, whole: every kind of pay, remedy and condition there is. */
const example = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-01-01",
  ends: "2026-03-31",
  period: "month",
  results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
  attribution: { model: "position", windowDays: 30, house: "included" },
  quality: { minScore: 60, require: ["email"], regions: ["US"], duplicateDays: 90 },
  pay: [
    { rule: "fixed", amountMinor: 50000, per: "period", ifAtLeast: { result: "lead", count: 30 } },
    { rule: "perResult", result: "lead", amountMinor: 1200 },
    { rule: "share", result: "sale", rateBp: 725 },
    {
      rule: "tiered",
      result: "lead",
      measure: "count",
      mode: "marginal",
      steps: [
        { from: 0, amountMinor: 1000 },
        { from: 50, amountMinor: 1200 },
        { from: 100, amountMinor: 1500 },
      ],
    },
    {
      rule: "tiered",
      result: "sale",
      measure: "value",
      mode: "retroactive",
      steps: [
        { from: 0, rateBp: 400 },
        { from: 20000, rateBp: 600 },
      ],
    },
    { rule: "bonus", when: { result: "lead", atLeastPctOfTarget: 120 }, rateBp: 1000, of: "period" },
    { rule: "bonus", when: { result: "lead", atLeastPctOfTarget: 150 }, amountMinor: 25000 },
  ],
  guarantee: {
    result: "lead",
    target: 50,
    per: "period",
    toleranceBp: 500,
    remedy: { kind: "makeGood", days: 14, then: { kind: "penalty", amountMinor: 800, capMinor: 20000 } },
  },
  caps: { perResultMinor: 5000, perPeriodMinor: 300000, totalMinor: 800000 },
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
  payout: { minimumMinor: 5000 },
  requires: { courses: [], disclosure: "#ad" },
};

/** The part of it that is priced today, by a model nobody can move. */
const base = {
  ...example,
  attribution: { model: "linearUnique", windowDays: 30, house: "included" },
  quality: { minScore: 60, require: ["email"], duplicateDays: 90 },
  pay: example.pay as unknown[],
  guarantee: { ...example.guarantee, remedy: example.guarantee.remedy as Remedy },
};

/** Everything wrong with a draft, as `pointer: why`. */
const faults = (draft: unknown): readonly string[] => {
  const read = readTerms(draft);
  return read.ok ? [] : read.problems.map(({ at, because }) => `${at}: ${because}`);
};
const codes = (draft: unknown): readonly string[] => {
  const read = readTerms(draft);
  return read.ok ? [] : read.problems.map(({ at, code }) => `${code} ${at}`);
};
const paying = (...pay: readonly unknown[]): unknown => ({ ...base, pay });
const guaranteeing = (more: object): unknown => ({ ...base, guarantee: { ...base.guarantee, ...more } });
const fixed = { rule: "fixed", amountMinor: 5, per: "period" };

describe("a draft of terms is read whole", () => {
  it("the example of the rules has the right shape; only what is not priced yet is refused, each with its place", () => {
    const read = readTerms(example);
    expect(codes(example)).toEqual(["/quality/regions"].map((at) => `not-supported-yet ${at}`));
    for (const { because } of read.ok ? [] : read.problems)
      expect(because).toMatch(/is not supported yet; it would not be priced, so it is refused rather than ignored$/);
  });

  it("what is left without that is accepted, and signed as the same text whatever order its keys came in", () => {
    const read = readTerms(base);
    const turned = readTerms(Object.fromEntries(Object.entries(base).reverse()));
    if (!read.ok || !turned.ok) throw new Error(faults(base).join("\n"));
    expect(read.terms).toEqual(base);
    expect(signedText(turned.terms)).toBe(signedText(read.terms));
    expect(read.warnings).toEqual([]);
  });

  it("parts that may be absent may be absent", () => {
    const { quality, guarantee, caps, payout, requires, ...least } = base;
    expect(faults({ ...least, pay: base.pay.slice(0, 5) })).toEqual([]);
  });

  it("a course is not supported yet", () => {
    expect(codes({ ...base, requires: { courses: ["ethics"] } })).toEqual(["not-supported-yet /requires/courses"]);
  });
});

const caution = (draft: unknown): readonly string[] => {
  const read = readTerms(draft);
  return read.ok ? read.warnings.map(({ at, because }) => `${at}: ${because}`) : faults(draft);
};
const bonus = (when: object, more: object = { amountMinor: 5 }): unknown => paying({ rule: "bonus", when, ...more });

describe("a bonus says exactly once what it is paid for, and what it pays", () => {
  it("for a share of the target there must be a target of that result, in the same span", () => {
    expect(faults(bonus({ result: "lead", atLeastPctOfTarget: 120 }))).toEqual([]);
    expect(faults(bonus({ result: "sale", atLeastPctOfTarget: 120 }))).toEqual([
      "/pay/0/when/atLeastPctOfTarget: needs a guarantee of sale, whose target it measures against",
    ]);
    const flight = {
      ...(bonus({ result: "lead", atLeastPctOfTarget: 120 }) as object),
      guarantee: { ...base.guarantee, per: "flight" },
    };
    expect(faults(flight)).toEqual([
      "/pay/0/when/atLeastPctOfTarget: is measured period by period, but the guarantee is for the whole flight; use atLeast",
    ]);
  });

  it("one condition, not none and not two", () => {
    const one = "/pay/0/when: must have exactly one of atLeastPctOfTarget, atLeast and rate";
    expect(faults(bonus({ result: "lead" }))).toEqual([one]);
    expect(faults(bonus({ result: "lead", atLeast: 5, atLeastPctOfTarget: 120 }))).toEqual([one]);
    expect(faults(bonus({ rate: "engagement", atLeastBp: 5, atLeast: 5 }))).toEqual([one]);
  });

  it("a volume is of a result the terms list, by count or by value", () => {
    expect(faults(bonus({ result: "sale", atLeast: 5, measure: "value" }))).toEqual([]);
    expect(faults(bonus({ atLeast: 5 }))).toEqual([
      "/pay/0/when/result: is missing; it must name the result to measure",
    ]);
    expect(faults(bonus({ result: "click", atLeast: 5 }))).toEqual([
      '/pay/0/when/result: names the result "click", which /results does not list',
    ]);
    expect(faults(bonus({ result: "lead", atLeast: 5, atLeastBp: 5 }))).toEqual([
      "/pay/0/when/atLeastBp: belongs to a rate only",
    ]);
    expect(faults(bonus({ result: "lead", atLeastPctOfTarget: 100, measure: "value" }))).toEqual([
      "/pay/0/when/measure: belongs to atLeast only",
    ]);
  });

  it("a rate says how high, and of no result", () => {
    expect(faults(bonus({ rate: "clickThrough", atLeastBp: 250 }))).toEqual([]);
    expect(faults(bonus({ rate: "clickThrough" }))).toEqual([
      "/pay/0/when/atLeastBp: is missing; it must say which rate is enough",
    ]);
    expect(faults(bonus({ rate: "clickThrough", atLeastBp: 250, result: "lead" }))).toEqual([
      "/pay/0/when/result: says nothing here: a rate is measured over visits",
    ]);
  });

  it("an amount, or a rate of the period's other earnings", () => {
    const when = { result: "lead", atLeast: 5 };
    expect(faults(bonus(when, { rateBp: 5, of: "period" }))).toEqual([]);
    expect(faults(bonus(when, {}))).toEqual(["/pay/0: must have either amountMinor or rateBp, and not both"]);
    expect(faults(bonus(when, { rateBp: 5, amountMinor: 5, of: "period" }))).toEqual([
      "/pay/0: must have either amountMinor or rateBp, and not both",
    ]);
    expect(faults(bonus(when, { rateBp: 5 }))).toEqual([
      '/pay/0/of: is missing; a rate is taken of the period\'s other earnings: "period"',
    ]);
    expect(faults(bonus(when, { amountMinor: 5, of: "period" }))).toEqual([
      "/pay/0/of: belongs to rateBp only; an amount is paid as it is",
    ]);
  });
});

describe("a remedy leads somewhere", () => {
  it("what settles the whole shortfall is followed by nothing", () => {
    const penalty = { kind: "penalty", amountMinor: 5 };
    expect(faults(guaranteeing({ remedy: { ...penalty, then: { kind: "proRata" } } }))).toEqual([
      "/guarantee/remedy/then: cannot follow penalty, which leaves nothing of a shortfall to settle",
    ]);
    expect(faults(guaranteeing({ remedy: { kind: "proRata", then: penalty } }))).toEqual([
      "/guarantee/remedy/then: cannot follow proRata, which leaves nothing of a shortfall to settle",
    ]);
    const twice = { kind: "makeGood", days: 7, then: { kind: "makeGood", days: 7, then: penalty } };
    expect(faults(guaranteeing({ remedy: twice }))).toEqual([]);
    expect(faults(guaranteeing({ remedy: { kind: "carryOver", then: { kind: "carryOver" } } }))).toEqual([
      "/guarantee/remedy/then: cannot follow another carryOver: it comes in once there is no next period",
    ]);
  });

  it("what cannot bite is warned of", () => {
    const withoutFixed = { ...base, pay: [{ rule: "perResult", result: "lead", amountMinor: 5 }], caps: {} };
    const reduced = { ...withoutFixed, guarantee: { ...base.guarantee, remedy: { kind: "proRata" } } };
    expect(caution(reduced)).toEqual([
      "/guarantee/remedy: reduces fixed pay, and there is none: a shortfall would cost nothing",
    ]);
    const carried = {
      ...withoutFixed,
      period: "flight",
      guarantee: { ...base.guarantee, remedy: { kind: "carryOver" } },
    };
    expect(caution(carried)).toEqual([
      "/guarantee/remedy: carries a shortfall into the next period, and there is no next one",
    ]);
    expect(caution({ ...withoutFixed, caps: { perResultMinor: 5 } })).toEqual([
      "/caps/perResultMinor: limits what a share rule pays for one result, and there is no share rule",
    ]);
  });

  it("and so is a reduced fee that may cost more than a result brings", () => {
    const reached = { ...fixed, ifAtLeast: { result: "lead", count: 2 } };
    const guarantee = { ...base.guarantee, remedy: { kind: "proRata" } };
    const draft = { ...base, pay: [reached], guarantee, caps: { perPeriodMinor: 5 } };
    expect(caution(draft)).toEqual([
      "/guarantee/remedy: reduces fixed pay that asks for a count, under a cap: reaching that count can lower the pay; is that meant?",
    ]);
    expect(caution({ ...draft, caps: {} })).toEqual([]);
    expect(caution({ ...draft, pay: [fixed] })).toEqual([]);
  });

  it("and so is a step that lowers the pay of everything before it", () => {
    const steps = [
      { from: 0, amountMinor: 9 },
      { from: 5, amountMinor: 8 },
    ];
    const rule = { rule: "tiered", result: "lead", measure: "count", mode: "retroactive", steps };
    expect(caution(paying(fixed, rule)).filter((it) => it.startsWith("/pay"))).toEqual([
      "/pay/1/steps/1: pays less for everything than the step before it, so reaching it lowers the pay; is that meant?",
    ]);
  });
});

describe("a fault of shape is told by its place and in words", () => {
  it("unknown keys are all named, wherever they are", () => {
    expect(faults({ zeta: 1, ...base, alpha: 2, pay: [{ ...fixed, amuontMinor: 5 }] })).toEqual([
      '/zeta: "zeta" is not known here; correct its name or remove it',
      '/pay/0/amuontMinor: "amuontMinor" is not known here; correct its name or remove it',
      '/alpha: "alpha" is not known here; correct its name or remove it',
    ]);
  });

  it("keys that programs would pass over in silence are refused too", () => {
    const sly = (text: string): readonly string[] => faults(JSON.parse(JSON.stringify(base).replace("{", `{${text},`)));
    expect(sly('"__proto__": {"payout": {"minimumMinor": 0}}')).toEqual([
      '/__proto__: "__proto__" cannot be a name here; choose another or remove it',
    ]);
    expect(faults({ ...base, results: { constructor: { counts: "verified" }, lead: { counts: "verified" } } })).toEqual(
      ['/results/constructor: "constructor" cannot be a name here; choose another or remove it'],
    );
    expect(faults(paying({ rule: "perResult", result: "constructor", amountMinor: 1 }))[0]).toMatch(
      /^\/pay\/0\/result/,
    );
    expect(faults(paying({ rule: "perResult", result: "valueof", amountMinor: 1 }))).toEqual([
      '/pay/0/result: names the result "valueof", which /results does not list',
    ]);
  });

  it("a wrong name of a rule or remedy lists the right ones", () => {
    expect(faults(paying({ rule: "comission" }, {}))).toEqual([
      '/pay/0/rule: must be one of "fixed", "perResult", "share", "tiered" or "bonus", not "comission"',
      '/pay/1/rule: "rule" is missing; it must be one of "fixed", "perResult", "share", "tiered" or "bonus"',
    ]);
    expect(faults(guaranteeing({ remedy: { kind: "makeGood", days: 3, then: { kind: "penality" } } }))).toEqual([
      '/guarantee/remedy/then/kind: must be one of "proRata", "penalty", "makeGood", "carryOver" or "none", not "penality"',
    ]);
  });

  it("what is missing is named, with what it should be", () => {
    expect(faults(paying({ rule: "perResult", result: "lead" }))).toEqual([
      '/pay/0/amountMinor: "amountMinor" is missing; it must be a whole number',
    ]);
    expect(faults({ ...base, timing: { reviewDays: 1, holdDays: 1, disputeDays: 1 } })).toEqual([
      '/timing/silence: "silence" is missing; it must be one of "approve" or "wait"',
    ]);
  });

  it("faults deep inside a remedy keep their place", () => {
    const remedy = {
      kind: "makeGood",
      days: 0,
      then: { kind: "penalty", capMinor: "x", mayOwe: 1, then: { kind: "none", then: {} } },
    };
    expect(faults(guaranteeing({ remedy }))).toEqual([
      "/guarantee/remedy/days: must be 1 or more, not 0",
      '/guarantee/remedy/then/capMinor: must be a whole number, not "x"',
      "/guarantee/remedy/then/mayOwe: must be true or false, not 1",
      '/guarantee/remedy/then/then/then: "then" is not known here; correct its name or remove it',
      '/guarantee/remedy/then/amountMinor: "amountMinor" is missing; it must be a whole number',
    ]);
  });

  it("a condition may be one or a list of them, and is told as the one it was meant to be", () => {
    expect(faults(paying({ ...fixed, ifAtLeast: { result: "lead", count: "3" } }))).toEqual([
      '/pay/0/ifAtLeast/count: must be a whole number, not "3"',
    ]);
    expect(faults(paying({ ...fixed, ifAtLeast: [{ result: "lead", count: 1 }, { result: "lead" }] }))).toEqual([
      '/pay/0/ifAtLeast/1/count: "count" is missing; it must be a whole number',
    ]);
    expect(faults(paying({ ...fixed, ifAtLeast: { result: "lead", count: 1, cuont: 1 } }))).toEqual([
      '/pay/0/ifAtLeast/cuont: "cuont" is not known here; correct its name or remove it',
    ]);
    expect(faults(paying({ ...fixed, ifAtLeast: [] }))).toEqual(["/pay/0/ifAtLeast: must not be empty"]);
    expect(faults(paying({ ...fixed, ifAtLeast: 5 }))).toEqual([
      "/pay/0/ifAtLeast: must be an object or a list of them, not 5",
    ]);
  });

  it.each([
    ["12", 'must be a whole number, not "12"'],
    [1.5, "must be a whole number, not 1.5"],
    [-1, "must be 0 or more, not -1"],
    [Number.NaN, "must be a whole number, not NaN"],
    [Number.POSITIVE_INFINITY, "must be a whole number, not Infinity"],
    [1e300, "must be 1000000000000 or less, not 1e+300"],
    [null, "must be a whole number, not null"],
    [{}, "must be a whole number, not an object"],
    [undefined, '"amountMinor" is missing; it must be a whole number'],
  ])("an amount of %s is refused", (amountMinor, because) => {
    expect(faults(paying({ ...fixed, amountMinor }))).toEqual([`/pay/0/amountMinor: ${because}`]);
  });

  it("a list is not an object, even where an object could be empty", () => {
    const lists = { results: [], attribution: [1], quality: [], caps: [], requires: [] };
    expect(faults({ ...base, ...lists, pay: [[]] })).toEqual(
      ["/results", "/attribution", "/quality", "/pay/0", "/caps", "/requires"].map(
        (at) => `${at}: must be an object, not a list`,
      ),
    );
  });

  it.each(["quality", "caps", "requires"])("not even alone, as %s", (key) => {
    expect(faults({ ...base, [key]: [] })).toEqual([`/${key}: must be an object, not a list`]);
  });

  it.each([null, undefined, 5, "terms", true, [], [1], () => 1])("%s is no terms at all", (draft) => {
    expect(faults(draft)).toEqual([expect.stringMatching(/^: must be an object, not /)]);
  });

  it("nesting without end is refused before it exhausts anything", () => {
    let remedy: unknown = { kind: "none" };
    for (let depth = 0; depth < 10_000; depth += 1) remedy = { kind: "proRata", then: remedy };
    expect(faults(guaranteeing({ remedy }))).toEqual([
      expect.stringMatching(/^\/guarantee\/remedy\/then.*: is nested more than 32 levels deep$/),
    ]);
  });

  it("a text of a megabyte is not repeated in the refusal", () => {
    const [told] = faults({ ...base, currency: "x".repeat(1_000_000) });
    expect(told!.length).toBeLessThan(200);
  });

  it("a draft with ten thousand faults is refused with a hundred of them", () => {
    const results = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`Lead ${index}`, {}]));
    expect(faults({ ...base, results }).length).toBe(100);
  });

  it("days, zones and currencies must exist", () => {
    const draft = { ...base, currency: "XAU", timeZone: "Mars/Olympus", starts: "2026-02-30", ends: "tomorrow" };
    expect(faults(draft).map((it) => it.split(":")[0])).toEqual(["/currency", "/timeZone", "/starts", "/ends"]);
  });
});

describe("a draft that makes no sense is refused", () => {
  it("steps must start at zero, rise, and have the one price that fits their measure", () => {
    const steps = [
      { from: 1, amountMinor: 1 },
      { from: 1, rateBp: 3 },
      { from: 5 },
      { from: 6, amountMinor: 1, rateBp: 1 },
    ];
    expect(faults(paying({ rule: "tiered", result: "led", measure: "count", mode: "marginal", steps }))).toEqual([
      '/pay/0/result: names the result "led", which /results does not list',
      "/pay/0/steps/0/from: must be 0, so that every result has a price",
      "/pay/0/steps/1/from: must be more than the step before (1)",
      "/pay/0/steps/1/rateBp: prices value, but this rule measures count; use amountMinor",
      "/pay/0/steps/2: must have either amountMinor or rateBp, and not both",
      "/pay/0/steps/3: must have either amountMinor or rateBp, and not both",
    ]);
    const byValue = { rule: "tiered", result: "sale", measure: "value", mode: "marginal" };
    expect(faults(paying({ ...byValue, steps: [{ from: 0, amountMinor: 1 }] }))).toEqual([
      "/pay/0/steps/0/amountMinor: prices a result, but this rule measures value; use rateBp",
    ]);
  });

  it("a condition names a listed result, in its own place", () => {
    const ifAtLeast = [
      { result: "lead", count: 1 },
      { result: "led", count: 1 },
    ];
    expect(faults(paying({ ...fixed, ifAtLeast }))).toEqual([
      '/pay/0/ifAtLeast/1/result: names the result "led", which /results does not list',
    ]);
  });

  it("so do shares, guarantees and prices", () => {
    const share = { rule: "share", result: "visit", rateBp: 1 };
    expect(faults(paying(share))[0]).toMatch(/^\/pay\/0\/result: names the result "visit"/);
    expect(faults({ ...(guaranteeing({ result: "visit" }) as object), pay: [fixed] })[0]).toMatch(
      /^\/guarantee\/result: names the result "visit"/,
    );
    expect(faults({ ...base, results: {} })).toContain("/results: lists no result, so nothing could ever count");
  });

  it.each([
    ["2026-01-01", "2025-12-31", /is before \/starts/],
    ["2026-01-01", "2036-01-01", /more than ten years after/],
    ["2026-01-01", "2035-12-31", undefined],
    ["2026-01-01", "2026-01-01", undefined],
  ])("from %s to %s", (starts, ends, because) => {
    const told = faults({ ...base, starts, ends });
    expect(told).toEqual(because ? [expect.stringMatching(because)] : []);
  });

  it("a contract of the one day that Apia left out has no time at all", () => {
    const day = { starts: "2011-12-30", ends: "2011-12-30", timeZone: "Pacific/Apia" };
    expect(faults({ ...base, ...day })).toEqual([expect.stringMatching(/^\/ends: leaves no time at all/)]);
  });

  it("problems are told in the order of the document, not of our checks", () => {
    const { starts, ends, attribution, pay, ...rest } = base;
    const draft = {
      pay: [{ rule: "share", result: "nope", rateBp: 1 }],
      ends: "2025-01-01",
      attribution: { firstBp: 1, ...attribution, model: "markov" },
      starts,
      ...rest,
    };
    expect(codes(draft)).toEqual([
      "sense /pay/0/result",
      "sense /ends",
      "sense /attribution/firstBp",
      "sense /attribution/learned",
    ]);
    const { currency, ...without } = draft;
    const worst = { ...without, period: 1, pay: [{ ...fixed, amountMinor: "1" }], zeta: 1 };
    expect(codes(worst)).toEqual(["shape /pay/0/amountMinor", "shape /period", "shape /zeta", "shape /currency"]);
  });

  it("a step that pays less than the one before is allowed, with a warning", () => {
    const steps = [
      { from: 0, amountMinor: 5 },
      { from: 1, amountMinor: 4 },
    ];
    const rule = { rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps };
    const read = readTerms({ ...(paying(rule) as object), caps: {} });
    expect(read).toMatchObject({ ok: true, warnings: [{ at: "/pay/0/steps/1", code: "sense" }] });
  });
});

describe("laws of terms", () => {
  /** A draft with one value anywhere in it replaced, removed or added to. */
  const spoiled = (draft: unknown, path: readonly number[], by: unknown): unknown => {
    if (typeof draft !== "object" || draft === null) return by;
    const keys = Object.keys(draft);
    const [place = 0, ...rest] = path;
    const key = keys[place % (keys.length + 1)] ?? "extra";
    const held = draft as Record<string, unknown>;
    const changed = rest.length === 0 ? by : spoiled(held[key], rest, by);
    if (Array.isArray(draft)) return draft.map((it, index) => (String(index) === key ? changed : it));
    return { ...held, [key]: changed };
  };
  const anything = fc.oneof(
    fc.constantFrom(0, -1, 1, 1.5, "", "lead", null, true, [], {}, undefined, 1e12, 2 ** 53 - 1, 1e308),
    fc.jsonValue(),
  );
  const drafts = anyTerms.chain((terms) =>
    fc.record({
      terms: fc.constant(terms),
      draft: fc
        .array(fc.tuple(fc.array(fc.nat(12), { minLength: 1, maxLength: 5 }), anything), { maxLength: 2 })
        .map((spoils) => spoils.reduce<unknown>((it, [path, by]) => spoiled(it, path, by), terms)),
      shares: anyShares(terms),
    }),
  );

  it("whatever is read can be priced for any evidence, and whatever is not is refused with a place that leads somewhere", () => {
    const seen = { priced: 0, refused: 0 };
    fc.assert(
      fc.property(drafts, fc.integer({ min: 1, max: 2 ** 53 - 1 }), ({ draft, shares }, valueMinor) => {
        const read = readTerms(draft);
        if (read.ok) {
          seen.priced += 1;
          const rich = shares.map((it) => ({ ...it, valueMinor }));
          const settled = statement(read.terms, rich, settledAt(read.terms, rich));
          expect(settled.periods.every(({ state }) => state === "closed")).toBe(true);
          return;
        }
        seen.refused += 1;
        expect(read.problems.length).toBeGreaterThan(0);
        for (const { at, because } of read.problems) {
          expect(at === "" || at.startsWith("/")).toBe(true);
          expect(because).not.toMatch(/undefined|\[object|Expected|Received|Object\b/);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.priced, seen.refused)).toBeGreaterThan(often(100));
  });

  it("a reader never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true }), (draft) => {
        expect(readTerms(draft).ok).toBe(false);
      }),
    );
  });

  it("reading what was read gives the same, but for the order of a document's members", () => {
    const told = (read: ReturnType<typeof readTerms>) =>
      read.ok && { terms: read.terms, warnings: new Set(read.warnings.map(({ at, because }) => `${at} ${because}`)) };
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const once = readTerms(terms);
        expect(once.ok && told(readTerms(JSON.parse(signedText(once.terms))))).toEqual(told(once));
      }),
    );
  });
});
