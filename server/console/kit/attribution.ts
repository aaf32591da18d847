import type * as v from "valibot";
import { HOUSE } from "../../../shared/journey/touch.ts";
import { isModelName, type ModelName, models } from "../../../shared/judge/models.ts";
import { attributionPage } from "../../../shared/wire/attribution.ts";
import { toneOf } from "../parts/sharebar.tsx";
import type { Problem } from "./ask.ts";
import { locale, money, results } from "./figures.ts";
import type { AttributionPage, PayeeRow } from "./wire.ts";

/** What can be asked of a campaign's journeys, as the address says it. */
export type Wish = v.InferInput<typeof attributionPage.query>;
export type WishName = keyof Wish;

const names = Object.keys(attributionPage.query.entries) as readonly WishName[];

/** What an address asks for; whatever else stands in it is left out. */
export const wishOf = (query: URLSearchParams): Wish =>
  Object.fromEntries(
    names.flatMap((name) => {
      const said = query.get(name);
      return said ? [[name, said] as const] : [];
    }),
  );

/** What is asked for with some of it changed; what becomes empty is asked for no more. */
export const wished = (wish: Wish, change: Wish): URLSearchParams =>
  new URLSearchParams(
    Object.entries({ ...wish, ...change }).flatMap(([name, said]) => (said ? [[name, String(said)]] : [])),
  );

const isName = (name: string): name is WishName => names.some((it) => it === name);

/** A refusal whose sentence begins with what it is about, as a fault of that field: "halfLifeDays: is …". */
export const placedFault = (problem: Problem | null): Problem | null => {
  const [, name = "", detail = ""] = /^(\w+)(?:\/\d+)*: (.+)$/s.exec(problem?.because ?? "") ?? [];
  if (problem?.code !== "bad-query" || !isName(name)) return problem;
  return { ...problem, code: "bad-request", fields: [...problem.fields, { pointer: `/${name}`, detail }] };
};

/** What belongs to some models only, and would be refused under others. */
const owned: Partial<Record<WishName, readonly ModelName[]>> = {
  firstBp: ["position"],
  lastBp: ["position"],
  halfLifeDays: ["timeDecay"],
  milestones: ["wShaped"],
  order: ["markov"],
  ordered: ["shapley"],
};

const MOST_MILESTONES = 2;

/** The change that asks for another model: what belonged to the one before is dropped, what it cannot do without is there. */
export const underModel = (model: ModelName, milestones: readonly string[]): Wish => {
  const strange = Object.entries(owned).filter(([, of]) => !of.includes(model));
  const dropped = Object.fromEntries(strange.map(([name]) => [name, ""]));
  const needed = model === "wShaped" ? { milestones: milestones.slice(0, MOST_MILESTONES).join(",") } : {};
  return { ...dropped, model, ...needed };
};

const proper: readonly ModelName[] = ["markov", "shapley", "wShaped"];

/** A model's name inside a sentence: "last touch", "Markov". */
export const modelName = (model: string): string => {
  if (!isModelName(model)) return model;
  const { title } = models[model];
  return proper.includes(model) ? title : title.charAt(0).toLowerCase() + title.slice(1);
};

/** Somebody on a journey, as they are drawn. */
export interface Payee {
  readonly label: string;
  readonly tone: string;
}

const isHouse = ({ payee }: Pick<PayeeRow, "payee">): boolean => payee === HOUSE;

/** Everyone on a journey, whoever has most now first, whatever model is asked for; the house last. */
export const rowsOf = ({ payees }: AttributionPage): readonly PayeeRow[] =>
  [...payees].sort(
    (a, b) =>
      Number(isHouse(a)) - Number(isHouse(b)) ||
      b.now.valueMinor - a.now.valueMinor ||
      b.now.conversionsMicro - a.now.conversionsMicro ||
      b.journeys - a.journeys ||
      a.name.localeCompare(b.name),
  );

/** What a payee is called, and its colour, the same in every picture of the page. */
export type Who = (payee: string) => Payee;

/** Who is who among some payees in order; one nobody knows goes by what it is called there. */
export const whoOf = (rows: readonly Pick<PayeeRow, "payee" | "name">[]): Who => {
  const others = rows.filter((it) => !isHouse(it));
  const known = new Map(others.map(({ payee, name }, place) => [payee, { label: name, tone: toneOf(place) }]));
  return (payee) => {
    if (payee === HOUSE) return { label: "House", tone: "house" };
    return known.get(payee) ?? { label: payee, tone: "other" };
  };
};

const signs: readonly [string, string] = ["+", ""];

/** Money with its sign, also where it is more. */
export const signedMoney = (minor: number, currency: string): string =>
  (signs[minor > 0 ? 0 : 1] ?? "") + money(minor, currency);

/** Millionths of conversions with their sign. */
export const signedResults = (micro: number): string => (signs[micro > 0 ? 0 : 1] ?? "") + results(micro);

const SMALL = 0.01;

/** A part of a whole as a percentage exact enough to read: "24.8%", "0.042%". */
export const partly = (part: number): string => {
  const digits =
    part === 0 || Math.abs(part) >= SMALL ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 2 as const };
  return new Intl.NumberFormat(locale(), { style: "percent", ...digits }).format(part);
};

/** A part with its sign: "+12.5%". */
export const signedPart = (part: number): string =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(
    part,
  );

/** Is there money to tell of on a page, in one currency? */
export const worthOf = ({ currency, valueMinor }: AttributionPage): string | null =>
  currency !== null && valueMinor > 0 ? currency : null;
