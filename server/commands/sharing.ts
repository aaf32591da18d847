import { isModelName, type ModelName, models } from "../../shared/judge/models.ts";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { duration } from "../history/instant.ts";
import { exact, unitsAt } from "../history/number.ts";
import type { Reading } from "../history/reading.ts";
import type { Parameters } from "../history/sharing.ts";
import { type Arguments, misuse, type Option } from "./command.ts";
import { readingIn, readingOptions } from "./history.ts";

const MOST_MILESTONES = 3;
const MOST_REPLICATES = 100_000;
const USUAL_REPLICATES = 1000;
const USUAL_SEED = "1";
const WHOLE_BP = 10_000;
const BP_DIGITS = 2;
const RESULT = /^[a-z][a-z0-9-]{0,39}$/;

/** The options of every command that shares a file's conversions, beside the models themselves. */
export const sharingOptions: Readonly<Record<string, Option>> = {
  window: { value: "30d", says: "how far back a touch may lie (30m, 12h, 7d); 30d when not given" },
  "half-life": { value: "7d", says: "the half-life of timeDecay; 7d when not given" },
  first: {
    value: "40%",
    says: "what position gives to the first touch, in percent (or bp: 4000bp); 40 when not given",
  },
  last: { value: "40%", says: "what it gives to the last one; 40 when not given" },
  milestones: { value: "A,B", says: "the results whose touches are the peaks of wShaped, at most three" },
  after: { value: "restart", says: "after a result a journey starts anew: restart; or reuse, when not given" },
  views: { value: "1d", says: "count what was only seen, up to so long before; not at all when not given" },
  order: { value: "1", says: "how many touches back markov looks, 1 to 3; 1 when not given" },
  ordered: { says: "shapley by the place a touch has on its journey" },
  "house-excluded": { says: "leave the brand's own touches out of journeys" },
  global: { says: "markov, shapley: share the sum of all conversions by effects alone, not journey by journey" },
  replicates: { value: "1000", says: "how often journeys are thrown again for intervals; 0 for no intervals" },
  seed: { value: "1", says: "which throws; 1 when not given" },
  house: { value: "NAME", says: 'the payee that is the brand itself; "house" when not given' },
  ...readingOptions,
  result: { value: "NAME", says: "the event column holds 1 or 0; a 1 is this result" },
};

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

const names = Object.keys(models).filter(isModelName);

/** The model of this name, however its words are joined. */
export const modelNamed = (asked: string): ModelName => {
  const found = names.find((name) => plain(name) === plain(asked.trim()));
  if (found === undefined) throw misuse(`There is no model "${asked}"; there are ${names.join(", ")}.`);
  return found;
};

/** Every model there is, for a sentence. */
export const modelNames = names.join(", ");

const daysIn = (args: Arguments, name: string): number | undefined => {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const ms = duration(text);
  if (ms === undefined || ms === 0)
    throw misuse(`--${name} takes a length of time such as 30m, 12h or 7d, not "${text}".`);
  return ms / DAY_MS;
};

const partIn = (args: Arguments, name: string): number | undefined => {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const [, number = "", unit] = /^(.*?)\s*(%|bp)?$/.exec(text.trim()) ?? [];
  const read = exact(number);
  const digits = unit === "bp" ? 0 : BP_DIGITS;
  if (read !== undefined && read.units >= 0n && read.digits <= digits) {
    const bp = unitsAt(read, digits);
    if (bp <= BigInt(WHOLE_BP)) return Number(bp);
  }
  throw misuse(`--${name} takes a part such as 40, 33.33% or 3333bp, at most the whole, not "${text}".`);
};

/** A whole number an option takes, within bounds. */
export const wholeIn = (args: Arguments, name: string, least: number, most: number): number | undefined => {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,12}$/.test(text) && number >= least && number <= most) return number;
  throw misuse(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
};

const milestonesIn = (args: Arguments): readonly string[] | undefined => {
  const text = args.text("milestones");
  if (text === undefined) return undefined;
  const all = text.split(",").map((it) => it.trim());
  const isFine =
    all.length <= MOST_MILESTONES && all.every((it) => RESULT.test(it)) && new Set(all).size === all.length;
  if (!isFine)
    throw misuse(`--milestones takes one to three names of results, such as lead,trial, each once, not "${text}".`);
  return all;
};

const afterIn = (args: Arguments): "restart" | "reuse" | undefined => {
  const text = args.text("after");
  if (text === undefined || text === "restart" || text === "reuse") return text;
  throw misuse(`--after takes restart or reuse, not "${text}".`);
};

const seedIn = (args: Arguments): string => {
  const text = args.text("seed") ?? USUAL_SEED;
  if (/^[\w.-]{1,40}$/.test(text)) return text;
  throw misuse(`--seed takes at most 40 letters and digits, not "${text}".`);
};

/** The ends of a journey may take all of it, and must take something. */
export const refuseEnds = ({ firstBp = 4000, lastBp = 4000 }: Parameters): void => {
  if (firstBp + lastBp > WHOLE_BP) throw misuse("--first and --last together are more than the whole.");
  if (firstBp + lastBp === 0) throw misuse("--first and --last are both nothing: two touches would share nothing.");
};

const given = <Of extends object>(all: Of): { readonly [key in keyof Of]: Exclude<Of[key], undefined> } =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;

/** What the command line says about models: only what was said. */
export const parametersIn = (args: Arguments): Parameters => {
  const parameters = given({
    windowDays: daysIn(args, "window"),
    halfLifeDays: daysIn(args, "half-life"),
    firstBp: partIn(args, "first"),
    lastBp: partIn(args, "last"),
    milestones: milestonesIn(args),
    after: afterIn(args),
    viewDays: daysIn(args, "views"),
    order: wholeIn(args, "order", 1, 3) as 1 | 2 | 3 | undefined,
    ordered: args.flag("ordered") || undefined,
    house: args.flag("house-excluded") ? ("excluded" as const) : undefined,
  });
  refuseEnds(parameters);
  return parameters;
};

/** How effects are fitted and bounded. */
export const throwsIn = (args: Arguments) => ({
  isGlobal: args.flag("global"),
  replicates: wholeIn(args, "replicates", 0, MOST_REPLICATES) ?? USUAL_REPLICATES,
  seed: seedIn(args),
});

/** How the file is to be read: its columns, its events, and what it calls the brand itself. */
export interface FileWish {
  readonly reading: Reading;
  readonly house: string;
  readonly result: string | undefined;
}

/** What the command line says about the file. */
export const fileIn = (args: Arguments): FileWish => {
  const result = args.text("result");
  if (result !== undefined && !RESULT.test(result)) {
    throw misuse(`--result takes lower-case letters, digits and dashes, such as sale, not "${result}".`);
  }
  return {
    reading: readingIn(args),
    house: args.text("house")?.trim() || "house",
    result,
  };
};

const belongs: Readonly<Record<string, readonly ModelName[]>> = {
  "half-life": ["timeDecay"],
  first: ["position"],
  last: ["position"],
  milestones: ["wShaped"],
  order: ["markov"],
  ordered: ["shapley"],
  global: ["markov", "shapley"],
};

const isSaid = (args: Arguments, name: string): boolean => args.text(name) !== undefined || args.flag(name);

/** What was asked for that none of the models heeds, in sentences. */
export const unheeded = (args: Arguments, chosen: readonly ModelName[]): readonly string[] =>
  Object.entries(belongs)
    .filter(([name, owners]) => isSaid(args, name) && !chosen.some((it) => owners.includes(it)))
    .map(([name, owners]) => `--${name} is for ${owners.join(" and ")}, and means nothing here.`);

/** What was asked for that only events can answer, in sentences. */
export const clockless = (args: Arguments): readonly string[] =>
  ["window", "half-life", "result", "after", "views", "milestones"]
    .filter((name) => args.text(name) !== undefined)
    .map((name) => `paths carry no clock; --${name} means nothing for them.`);

/** wShaped without milestones has no peaks but the first touch. */
export const refuseWithoutMilestones = (chosen: readonly ModelName[], { milestones }: Parameters): void => {
  if (chosen.includes("wShaped") && milestones === undefined)
    throw misuse("wShaped needs --milestones: the results whose touches are its peaks, such as --milestones lead.");
};

/** Every model, told in the help. */
export const modelHelp = names
  .map((name) => `  ${name.padEnd(13)} ${present(models[name], "a model").says}`)
  .join("\n");
