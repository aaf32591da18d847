import { describe, expect, it } from "vitest";
import { readTerms } from "../../shared/contract/sense.ts";
import { type ModelName, promisesOf } from "../../shared/judge/models.ts";
import { names } from "./attribution.journeys.ts";

const base = {
  currency: "USD",
  timeZone: "America/New_York",
  starts: "2026-01-01",
  ends: "2026-03-31",
  period: "month",
  results: { lead: { counts: "verified" }, demo: { counts: "confirmed" }, sale: { counts: "confirmed" } },
  attribution: { model: "linearUnique", windowDays: 30, house: "included" },
  pay: [{ rule: "perResult", result: "lead", amountMinor: 1200 }],
  timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
};
const FIT = "0123456789abcdef".repeat(4);
const learned = { fit: FIT, from: "2025-10-01", until: "2025-12-31" };
const wide = { beyondBp: 5000 };

/** What each model must have besides what all have. */
const needs: Readonly<Partial<Record<ModelName, object>>> = {
  wShaped: { milestones: ["lead", "sale"] },
  markov: { learned, wide },
  shapley: { learned, wide },
};
const attributing = (model: string, more: object = needs[model as ModelName] ?? {}) => ({
  ...base,
  attribution: { ...base.attribution, model, ...more },
});
const faults = (draft: unknown): readonly string[] => {
  const read = readTerms(draft);
  return read.ok ? [] : read.problems.map(({ at, because }) => `${at}: ${because}`);
};
const caution = (draft: unknown): readonly string[] => {
  const read = readTerms(draft);
  return read.ok ? read.warnings.map(({ at, because }) => `${at}: ${because}`) : faults(draft);
};
const places = (draft: unknown): readonly string[] => faults(draft).map((it) => it.split(":")[0] ?? "");

describe("every model can be agreed on", () => {
  it.each(names)("%s, with what it needs", (model) => {
    expect(faults(attributing(model))).toEqual([]);
  });

  it.each(names)("%s, with all that any model may have", (model) => {
    const more = { after: "restart", viewDays: 7, holdoutBp: 1000, ...needs[model] };
    expect(faults(attributing(model, more))).toEqual([]);
    expect(faults(attributing(model, { ...more, after: "reuse", windowDays: 365 }))).toEqual([]);
  });

  it("a model there is not is refused with those there are", () => {
    expect(faults(attributing("markow"))).toEqual([
      '/attribution/model: must be one of "first", "last", "lastNonHouse", "linear", "linearUnique", "position", "wShaped", "timeDecay", "markov" or "shapley", not "markow"',
    ]);
  });
});

describe("parameters belong to their model", () => {
  it.each([
    ["firstBp", 5000, "position"],
    ["lastBp", 5000, "position"],
    ["halfLifeDays", 7, "timeDecay"],
    ["milestones", ["lead"], "wShaped"],
    ["learned", learned, "markov or shapley"],
    ["order", 2, "markov"],
    ["ordered", true, "shapley"],
    ["wide", wide, "markov or shapley"],
  ] as const)("%s", (member, value, owners) => {
    for (const model of names) {
      const draft = attributing(model, { ...needs[model], [member]: value });
      const told = owners.split(" or ").includes(model)
        ? []
        : [`/attribution/${member}: belongs to the model ${owners} only`];
      expect(faults(draft), model).toEqual(told);
    }
  });

  it("even where they say nothing: a false and a zero belong nowhere else either", () => {
    expect(places(attributing("markov", { ...needs.markov, ordered: false }))).toEqual(["/attribution/ordered"]);
    expect(places(attributing("last", { firstBp: 0, lastBp: 1 }))).toEqual([
      "/attribution/firstBp",
      "/attribution/lastBp",
    ]);
  });

  it("the ends of a journey cannot take more than everything, or nothing", () => {
    expect(places(attributing("position", { firstBp: 6000, lastBp: 4001 }))).toEqual(["/attribution/lastBp"]);
    expect(places(attributing("position", { firstBp: 0, lastBp: 0 }))).toEqual(["/attribution/lastBp"]);
    expect(places(attributing("position", { firstBp: 6000, lastBp: 4000 }))).toEqual([]);
  });
});

describe("what a model needs is asked for", () => {
  it("W: one to three milestones, each a listed result, none twice", () => {
    const milestones = (...all: readonly string[]) => faults(attributing("wShaped", { milestones: all }));
    expect(faults(attributing("wShaped", {}))).toEqual([
      "/attribution/milestones: is missing; it must list the results whose touches are peaks",
    ]);
    expect(milestones("lead", "demo", "sale")).toEqual([]);
    expect(milestones()).toEqual(["/attribution/milestones: must not be empty"]);
    expect(milestones("lead", "demo", "sale", "visit")[0]).toMatch(/^\/attribution\/milestones: /);
    expect(milestones("lead", "opportunity")).toEqual([
      '/attribution/milestones/1: names the result "opportunity", which /results does not list',
    ]);
    expect(milestones("lead", "sale", "lead")).toEqual(["/attribution/milestones/2: is listed twice"]);
    expect(milestones("constructor")[0]).toMatch(/^\/attribution\/milestones\/0: must be a name/);
  });

  it.each(["markov", "shapley"])("%s: weights frozen on days before the contract", (model) => {
    const fitted = (more: object | undefined) =>
      faults(attributing(model, more && { learned: { ...learned, ...more } }));
    expect(faults(attributing(model, {}))).toEqual([
      "/attribution/learned: is missing; it must name the fit whose weights are frozen for these terms",
    ]);
    expect(fitted({ from: "2025-12-31" })).toEqual([]);
    expect(fitted({ from: "2026-01-01" })).toEqual(["/attribution/learned/until: is before from (2026-01-01)"]);
    expect(fitted({ until: "2026-01-01" })).toEqual([
      "/attribution/learned/until: must be before /starts (2026-01-01): weights are fitted on the past",
    ]);
    expect(fitted({ until: "2025-02-29" })[0]).toMatch(/^\/attribution\/learned\/until: must be a day that exists/);
    expect(fitted({ fit: FIT.toUpperCase() })).toEqual([
      `/attribution/learned/fit: must be the hash of a fit, 64 hexadecimal digits, not "${FIT.toUpperCase().slice(0, 40)}…"`,
    ]);
  });

  it("what was only seen counts no longer than anything does", () => {
    expect(faults(attributing("linear", { windowDays: 7, viewDays: 7 }))).toEqual([]);
    expect(faults(attributing("linear", { windowDays: 7, viewDays: 8 }))).toEqual([
      "/attribution/viewDays: is more than windowDays (7), beyond which nothing counts",
    ]);
  });

  it.each([
    ["order", 4],
    ["order", 0],
    ["holdoutBp", 0],
    ["holdoutBp", 5001],
    ["viewDays", 31],
    ["wide", { beyondBp: -1 }],
    ["after", "again"],
  ])("%s of %j is refused at its place", (member, value) => {
    const [told, ...more] = places(attributing("markov", { ...needs.markov, [member]: value }));
    expect([told?.startsWith(`/attribution/${member}`), more]).toEqual([true, []]);
  });
});

describe("what a way of attributing lets a payee do is told at drafting, and refused to nobody", () => {
  const twice = "clicking its own link again";
  const spread = "by spreading its clicks over several links";
  const late = "by a click just before the conversion";
  const newest = `/attribution/model: lets a payee gain by ${twice} and ${late}; first, linearUnique and shapley do not`;
  const touches = `/attribution/model: lets a payee gain by ${twice}, ${spread} and ${late}; first, linearUnique and shapley do not`;

  it.each([
    ["first", []],
    ["last", [newest]],
    ["lastNonHouse", [newest]],
    ["linear", [touches]],
    ["linearUnique", []],
    ["position", [touches]],
    ["wShaped", [touches]],
    ["timeDecay", [touches]],
    [
      "markov",
      [
        "/attribution/model: lets a payee gain by visits that lead to nothing in the days the weights are fitted on; first, linearUnique and shapley do not",
      ],
    ],
    ["shapley", []],
  ] as const)("%s", (model, told) => {
    expect(caution(attributing(model))).toEqual(told);
    expect(Object.values(promisesOf({ model })).every(Boolean)).toBe(told.length === 0);
  });

  it("Shapley by place lets a payee do what Shapley does not", () => {
    expect(caution(attributing("shapley", { ...needs.shapley, ordered: false }))).toEqual([]);
    expect(caution(attributing("shapley", { ...needs.shapley, ordered: true }))).toEqual([
      `/attribution/ordered: lets a payee gain by ${twice}, ${spread} and ${late}; without it, shapley does not`,
    ]);
  });

  it("the last click, where it overlooks the brand's own visits or goes back long", () => {
    expect(caution(attributing("last", { house: "excluded" }))[1]).toBe(
      "/attribution/house: leaves the brand's own visits out, so the last click takes a whole conversion however often the person came back without one; is that meant?",
    );
    expect(caution(attributing("lastNonHouse", { house: "excluded" }))).toEqual([newest]);
    for (const model of ["last", "lastNonHouse"]) {
      expect(caution(attributing(model, { windowDays: 365 }))).toEqual([
        newest,
        "/attribution/windowDays: lets a click of up to 365 days ago take a whole conversion; is that meant?",
      ]);
      expect(caution(attributing(model, { windowDays: 90 }))).toEqual([newest]);
    }
    expect(caution(attributing("first", { windowDays: 365, house: "excluded" }))).toEqual([]);
  });

  it("weights that are paid as if they were certain", () => {
    expect(caution(attributing("shapley", { learned }))).toEqual([
      "/attribution/learned: pays by weights as if they were certain; wide would hold back what their intervals leave open",
    ]);
  });
});
