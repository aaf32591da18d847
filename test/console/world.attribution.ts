import { createHash } from "node:crypto";
import type * as v from "valibot";
import type { Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { type Fit, fitText } from "../../shared/judge/fit.ts";
import { liftOf } from "../../shared/judge/lift.ts";
import type { ModelName } from "../../shared/judge/models.ts";
import { present } from "../../shared/kit/shape.ts";
import type * as wire from "../../shared/wire/attribution.ts";
import { ids, NOW } from "./world.ts";

type Page = v.InferOutput<typeof wire.AttributionPage>;
type FitShown = v.InferOutput<typeof wire.FitPage>;
type HoldoutShown = v.InferOutput<typeof wire.Holdout>;

const DAY = 86_400_000;
const MILLION = 1_000_000;
const long = "inf_long0000000000000000";
const house = "house";
const { mina, jonas, priya } = ids;

/** What everybody on the journeys is called. */
export const called: Readonly<Record<string, string>> = {
  [mina]: "Mina Okafor",
  [jonas]: "Jonas Wirth",
  [priya]: "Priya Raman",
  [long]: "The Very Thorough Evening Learners’ Review of Everything with Dr. Bartholomew Featherstonehaugh",
  house: "House",
};

/** A way people took: its steps, how many converted, how many did not, and what one was worth on average. */
type Way = readonly [steps: readonly string[], conversions: number, nulls: number, worthMinor: number];

const ways: readonly Way[] = [
  [[mina], 64, 2210, 12_900],
  [[mina, jonas], 31, 402, 14_400],
  [[jonas], 28, 1804, 9900],
  [[house], 22, 5210, 12_900],
  [[mina, house, jonas], 17, 121, 15_900],
  [[priya, mina], 14, 260, 12_900],
  [[priya], 9, 1105, 7900],
  [[house, jonas], 9, 390, 12_900],
  [[priya, house, mina, jonas], 7, 44, 18_900],
  [[jonas, mina, jonas], 6, 61, 12_900],
  [[long], 4, 640, 12_900],
  [[long, jonas], 3, 88, 12_900],
  [[long, house, mina, house, priya, house, jonas, house, mina, jonas], 1, 2, 24_900],
];

const journeyOf = (steps: readonly string[], at: number): readonly Touch[] =>
  steps.map((payee, place) => ({
    id: `tch_${place}`,
    at: at - (steps.length - place) * 2.3 * DAY,
    order: 0,
    payee,
    link: payee === house ? "" : `link-${payee}`,
    kind: payee === house ? "visit" : "click",
  }));

const everybody = [mina, jonas, priya, long, house];
const sum = (some: readonly Way[], of: (way: Way) => number): number => some.reduce((all, way) => all + of(way), 0);
const conversions = sum(ways, (it) => it[1]);
const journeys = conversions + sum(ways, (it) => it[2]);

const effects = everybody.map((payee) => {
  const part = sum(
    ways.filter(([steps]) => steps.includes(payee)),
    (it) => it[1] * (1 / new Set(it[0]).size + 1) * 0.5,
  );
  const effect = part / conversions;
  const reach = 1.96 * Math.sqrt((effect * (1 - effect)) / conversions);
  const nano = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e9);
  return { payee, effectNano: nano(effect), lowerNano: nano(effect - reach), upperNano: nano(effect + reach) };
});

interface Sum {
  conversionsMicro: number;
  valueMinor: number;
}

const sharedBy = (attribution: AttributionTerms): ReadonlyMap<string, Sum> => {
  const sums = new Map<string, Sum>(everybody.map((it) => [it, { conversionsMicro: 0, valueMinor: 0 }]));
  for (const [steps, count, , worth] of ways) {
    const context = { effects, milestones: (attribution.milestones ?? []).map(() => NOW - 3 * DAY) };
    const { shares } = credit({ id: steps.join(), at: NOW }, journeyOf(steps, NOW), attribution, context);
    for (const { payee, shareMicro } of shares) {
      const before = present(sums.get(payee), payee);
      before.conversionsMicro += shareMicro * count;
      before.valueMinor += Math.round((shareMicro * count * worth) / MILLION);
    }
  }
  return sums;
};

const usual: AttributionTerms = { model: "position", windowDays: 30, house: "included" };

/** What the query asks for, as terms have it; learned models pay by the effects of this world. */
const termsOf = (query: Readonly<Record<string, string>>): AttributionTerms => {
  const numbers = ["windowDays", "firstBp", "lastBp", "halfLifeDays", "viewDays", "order"].flatMap((name) =>
    query[name] === undefined ? [] : [[name, Number(query[name])] as const],
  );
  return {
    ...usual,
    ...(query.model && { model: query.model as ModelName }),
    ...(query.house === "excluded" && { house: "excluded" as const }),
    ...(query.after === "restart" && { after: "restart" as const }),
    ...(query.milestones && { milestones: query.milestones.split(",") }),
    ...(query.ordered === "true" && { ordered: true }),
    ...Object.fromEntries(numbers),
  };
};

const bars = (edges: readonly number[], counts: readonly number[]): Page["lags"] =>
  edges.map((from, place) => ({ from, until: edges[place + 1] ?? null, conversions: counts[place] ?? 0 }));

/** The page of this world's campaign, under whatever was asked for. */
export const attributionPage = (query: Readonly<Record<string, string>>): Page => {
  const whatIf = termsOf(query);
  const [now, then] = [sharedBy(usual), sharedBy(whatIf)];
  const gained = (of: keyof Sum): number =>
    everybody.reduce((all, it) => all + Math.max(0, (then.get(it)?.[of] ?? 0) - (now.get(it)?.[of] ?? 0)), 0);
  const nothing = { conversionsMicro: 0, valueMinor: 0 };
  return {
    campaign: ids.campaign,
    from: query.from ?? "2026-10-24",
    until: query.until ?? "2026-11-22",
    asOf: NOW,
    whatIf: whatIf as Page["whatIf"],
    currency: "USD",
    result: query.result ?? null,
    results: ["lead", "sale"],
    touches: sum(ways, (it) => it[0].length * (it[1] + it[2])),
    journeys,
    conversions,
    valueMinor: sum(ways, (it) => it[1] * it[3]),
    lookedAtMicro: MILLION,
    payees: everybody.map((payee) => ({
      payee,
      name: called[payee] ?? payee,
      now: now.get(payee) ?? nothing,
      whatIf: then.get(payee) ?? nothing,
      journeys: sum(
        ways.filter(([steps]) => steps.includes(payee)),
        (it) => it[1] + it[2],
      ),
    })),
    moved: { conversionsMicro: gained("conversionsMicro"), valueMinor: gained("valueMinor") },
    paths: ways.map(([steps, count, nulls, worth]) => ({
      steps: [...steps],
      conversions: count,
      nulls,
      valueMinor: count * worth,
    })),
    morePaths: { paths: 41, conversions: 57 },
    lags: bars([0, 1, 2, 3, 5, 7, 14, 21], [74, 31, 18, 22, 15, 29, 17, 9]),
    lengths: bars([0, 1, 2, 3, 4, 5, 6, 8, 11, 21], [0, 127, 57, 17, 8, 3, 2, 1, 0, 0]),
    removal: {
      order: whatIf.order ?? 1,
      baseMicro: Math.round((conversions * MILLION) / journeys),
      replicates: 1000,
      effects: effects.map((it) => ({ ...it, name: called[it.payee] ?? it.payee })),
    },
  };
};

/** The page of a campaign in which nobody has converted. */
export const emptyPage = (query: Readonly<Record<string, string>>): Page => ({
  ...attributionPage(query),
  currency: null,
  conversions: 0,
  journeys: 12,
  touches: 19,
  valueMinor: 0,
  payees: [],
  moved: { conversionsMicro: 0, valueMinor: 0 },
  paths: [],
  morePaths: { paths: 0, conversions: 0 },
  lags: [],
  lengths: [],
  removal: { order: 1, baseMicro: 0, replicates: 0, effects: [] },
});

type Ordered = v.InferOutput<typeof wire.makeFit.body>;

/** Weights fitted as ordered, under pseudonyms of this campaign. */
export const fitOf = ({ model, order, ordered, after, viewDays, ...said }: Ordered, fittedAt: number): FitShown => {
  const pseudonym = (payee: string): string => (payee === house ? house : `pay_${payee.slice(4)}`);
  const fit: Fit = {
    campaign: ids.campaign,
    model,
    ...(model === "markov" && { order: order ?? 1 }),
    ...(model === "shapley" && ordered && { ordered }),
    ...(after === "restart" && { after }),
    ...(viewDays !== undefined && { viewDays }),
    ...said,
    journeys,
    conversions,
    replicates: 1000,
    seed: `${ids.campaign} ${said.from} ${said.until}`,
    newcomerNano: Math.min(...effects.map(({ effectNano }) => effectNano)),
    rows: effects.map(({ payee, ...weight }) => ({ ...weight, payee: pseudonym(payee), journeys: 1000 })),
  };
  const hash = createHash("sha256").update(fitText(fit)).digest("hex");
  const names = Object.fromEntries(everybody.map((it) => [pseudonym(it), called[it] ?? it]));
  return { hash, fittedAt, fit, names };
};

/** The weights that were frozen in this world. */
export const fits: readonly FitShown[] = [
  fitOf(
    { model: "markov", order: 1, from: "2026-07-01", until: "2026-09-30", windowDays: 30, house: "included" },
    NOW - 45 * DAY,
  ),
];

type Arm = HoldoutShown["treated"];

const experiment = (name: string, daysAgo: number, days: number, treated: Arm, held: Arm): HoldoutShown => ({
  holdout: `hld_${name.padEnd(20, "0")}`,
  campaign: ids.campaign,
  startedAt: NOW - daysAgo * DAY,
  endsAt: NOW + (days - daysAgo) * DAY,
  endedAt: days < daysAgo ? NOW + (days - daysAgo) * DAY : null,
  partBp: 1000,
  contracts: [ids.minas],
  leftOut: 1,
  treated,
  held,
  lift: liftOf(treated, held),
});

const arm = (people: number, converted: number): Arm => ({
  people,
  converted,
  conversions: converted,
  valueMinor: converted * 12_900,
});

/** An experiment that runs and has something to say, one that has nothing to say yet, and one that is over. */
export const holdouts = {
  running: experiment("running", 16, 28, arm(4120, 118), arm(466, 11)),
  early: experiment("early", 0.5, 28, arm(61, 2), arm(7, 0)),
  over: experiment("over", 80, 28, arm(9120, 342), arm(2266, 51)),
} as const;
