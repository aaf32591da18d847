import type { Terms } from "../../shared/contract/terms.ts";
import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type ModelName, models } from "../../shared/judge/models.ts";
import type { Changed } from "./changes.ts";
import type { Whole } from "./global.ts";
import type { Journeys } from "./journeys.ts";
import type { Fitting, Learned } from "./learned.ts";
import type { Report } from "./tally.ts";

/** What a file of paths or events comes to under one model; figures by the payees' places. */
export interface Outcome {
  readonly model: ModelName;
  readonly terms: AttributionTerms;
  readonly learned: Learned | undefined;
  readonly conversionsMicro: readonly bigint[];
  readonly valueUnits: readonly bigint[];
  /** What a contract of each payee under the terms would earn; nothing without terms. */
  readonly payMinor: readonly number[] | undefined;
  /** Beside the first of all outcomes; nothing where a model shares no single journey. */
  readonly changed: Changed | undefined;
}

/** The terms everybody was priced by, over which days. */
export interface Priced {
  readonly shown: string;
  readonly hash: string;
  readonly terms: Terms;
}

/** A file shared by several models, the first being what the others are compared with. */
export interface Comparison {
  readonly shown: string;
  readonly kind: "events" | "paths";
  readonly lines: number;
  /** The first and last day of what is in the file, in UTC; nothing where there is no clock. */
  readonly days: { readonly from: string; readonly until: string } | undefined;
  readonly currency: string;
  readonly whole: Whole;
  readonly names: readonly string[];
  /** The places of those who are on it, whoever gets most by the first model first. */
  readonly order: readonly number[];
  readonly outcomes: readonly Outcome[];
  readonly priced: Priced | undefined;
  readonly journeys: Journeys;
  readonly throws: Pick<Fitting, "isGlobal" | "replicates" | "seed">;
  readonly version: string;
}

const compare = (a: bigint, b: bigint): number => {
  if (a === b) return 0;
  return a > b ? -1 : 1;
};

/** The places of all payees but a house that has nothing to do with the file, by what they get of the first outcome. */
export const orderOf = (
  names: readonly string[],
  outcomes: readonly Outcome[],
  met: Float64Array,
): readonly number[] => {
  const [first] = outcomes;
  const isThere = (place: number): boolean =>
    place > 0 || (met[place] ?? 0) > 0 || outcomes.some((it) => (it.conversionsMicro[place] ?? 0n) > 0n);
  const of = (measure: readonly bigint[] | undefined, place: number): bigint => measure?.[place] ?? 0n;
  return names
    .map((_, place) => place)
    .filter(isThere)
    .sort(
      (a, b) =>
        compare(of(first?.valueUnits, a), of(first?.valueUnits, b)) ||
        compare(of(first?.conversionsMicro, a), of(first?.conversionsMicro, b)) ||
        a - b,
    );
};

/** A report's figures by the payees' places; who is not in it got nothing. */
export const byPlace = (report: Report, names: readonly string[]): Pick<Outcome, "conversionsMicro" | "valueUnits"> => {
  const found = new Map(report.payees.map((it) => [it.payee, it] as const));
  return {
    conversionsMicro: names.map((name) => found.get(name)?.conversionsMicro ?? 0n),
    valueUnits: names.map((name) => found.get(name)?.valueUnits ?? 0n),
  };
};

const apart = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** Twice what goes to somebody else: the sum of all differences, either sign, which is half of what moves too many. */
export const movedTwice = (of: readonly bigint[], against: readonly bigint[]): bigint =>
  of.reduce((sum, it, place) => sum + apart(it, against[place] ?? 0n), 0n);

const NAMED: Readonly<Record<string, (terms: AttributionTerms) => string | undefined>> = {
  first: ({ model, firstBp = 4000 }) => (model === "position" ? `${firstBp / 100} % to the first touch` : undefined),
  last: ({ model, lastBp = 4000 }) => (model === "position" ? `${lastBp / 100} % to the last` : undefined),
  halfLife: ({ model, halfLifeDays = 7 }) => (model === "timeDecay" ? `half-life ${halfLifeDays} d` : undefined),
  milestones: ({ milestones }) => (milestones === undefined ? undefined : `milestones ${milestones.join(", ")}`),
  order: ({ model, order = 1 }) => (model === "markov" ? `order ${order}` : undefined),
  ordered: ({ ordered }) => (ordered === true ? "by place" : undefined),
};

/** What a model was told beside its name, in words. */
export const parameterWords = (terms: AttributionTerms): readonly string[] =>
  Object.values(NAMED).flatMap((say) => say(terms) ?? []);

/** What holds for the journeys of all models, in words. */
export const journeyWords = ({ windowDays, house, after, viewDays }: AttributionTerms): readonly string[] => [
  `window ${windowDays} d`,
  `house ${house}`,
  `after a result: ${after ?? "reuse"}`,
  viewDays === undefined ? "views not counted" : `views count for ${viewDays} d`,
];

/** What a model is called. */
export const titleOf = ({ model }: Pick<Outcome, "model">): string => models[model].title;
