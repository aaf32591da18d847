import type { Terms } from "../contract/terms.ts";
import { HOUSE, type Touch } from "../journey/touch.ts";
import { canonical, type Json } from "../kit/canonical.ts";
import { must } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import { type AttributionTerms, type Considered, credit, type Share } from "./attribution.ts";
import { contextOf, type OtherConversion } from "./context.ts";
import type { Fit } from "./fit.ts";
import { type Context, isModelName } from "./models.ts";
import { type Grade, grade, type LeadEvidence, type QualityTerms } from "./quality.ts";

/**
 * A contract that may be credited: the version of its terms in force when the conversion happened. `judged` is the grade a
 * final statement rests on, where there is one: it stays.
 */
export interface Deal {
  readonly contract: string;
  readonly influencer: string;
  readonly campaign: string;
  readonly version: number;
  readonly terms: Terms;
  readonly termsHash: string;
  readonly judged?: Grade | undefined;
}

/**
 * An earlier lead of the same person, for the duplicate check. `isVoid`: it came to nothing, so that person has not counted
 * yet. `isRejected`: it was the brand that said so.
 */
export interface EarlierLead {
  readonly conversion: string;
  readonly at: number;
  readonly isVoid?: boolean | undefined;
  readonly isRejected?: boolean | undefined;
}

/**
 * Everything a judgement needs. `deals` are the running contracts among the touches' payees; order does not matter.
 * `others` are the same person's other conversions, for terms that ask for them; `fits` the frozen weights that terms
 * name, by their hash, and `whose` what these call a payee.
 */
export interface Evidence {
  readonly conversion: { readonly id: string; readonly at: number; readonly result: string };
  readonly touches: readonly Touch[];
  readonly deals: readonly Deal[];
  readonly fields: Readonly<Record<string, string>>;
  readonly earlier: readonly EarlierLead[];
  readonly robot: boolean;
  readonly others?: readonly OtherConversion[] | undefined;
  readonly fits?: Readonly<Record<string, Fit>> | undefined;
  readonly whose?: Readonly<Record<string, string>> | undefined;
}

/** The journey as one way of attributing sees it, and its shares, which sum to 1 000 000; `context` where the terms ask for one. */
export interface Setting {
  readonly attribution: AttributionTerms;
  readonly context?: Context;
  readonly considered: readonly Considered[];
  readonly shares: readonly Share[];
}

/** What one contract gets of a conversion: `shareMicro` under its own `setting` (an index), graded by its own quality terms. */
export interface Part {
  readonly contract: string;
  readonly influencer: string;
  readonly campaign: string;
  readonly version: number;
  readonly termsHash: string;
  readonly setting: number;
  readonly shareMicro: number;
  /** How much of the share waits until the brand releases it. */
  readonly heldMicro?: number;
  readonly grade: Grade;
}

/** The judgement on one conversion, with every reason. `settings[0]` always exists; `grade` is the brand's own view of the lead. */
export interface Verdict {
  readonly settings: readonly Setting[];
  readonly parts: readonly Part[];
  readonly grade: Grade;
}

/** How a conversion is shown when no contract says otherwise: last touch within 30 days, house included. */
export const houseAttribution: AttributionTerms = { model: "last", windowDays: 30, house: "included" };

/** Came before: by time, and of two at one instant by id, so that exactly one of them is the first. */
const cameBefore = (a: EarlierLead, b: EarlierLead): boolean =>
  a.at < b.at || (a.at === b.at && a.conversion < b.conversion);

const leadOf = ({ conversion, fields, earlier, robot }: Evidence, duplicateDays: number | undefined): LeadEvidence => {
  const lead = { fields, at: conversion.at, robot };
  if (!duplicateDays) return lead;
  const since = conversion.at - duplicateDays * DAY_MS;
  const self = { conversion: conversion.id, at: conversion.at };
  const before = earlier.filter((it) => it.at >= since && cameBefore(it, self));
  const [first] = before.filter(({ isVoid }) => isVoid !== true).sort((a, b) => (cameBefore(a, b) ? -1 : 1));
  if (first) return { ...lead, duplicateOf: first.conversion };
  return before.some(({ isRejected }) => isRejected === true) ? { ...lead, rejectedBefore: true } : lead;
};

const attributionOf = ({ attribution }: Terms): AttributionTerms => {
  must(isModelName(attribution.model), `the model ${attribution.model}, which sense.ts refuses`);
  return attribution;
};

/** What the terms demand of a lead binds the results whose proof is a lead check; a confirmed sale needs no e-mail. */
const demands = ({ quality, results }: Terms, result: string): QualityTerms =>
  Object.hasOwn(results, result) && results[result]?.counts === "verified" ? (quality ?? {}) : {};

const byContract = (a: Deal, b: Deal): number => (a.contract < b.contract ? -1 : 1);

/**
 * Judge one conversion: share it along the journey under the terms of every contract on it, and grade the lead. Contracts
 * that signed different models are each paid by their own; equal settings are computed once. Pure: the same evidence, in
 * any order, gives the same verdict.
 */
export const verdict = (evidence: Evidence): Verdict => {
  const settings: Setting[] = [];
  const known = new Map<string, number>();
  const setting = (attribution: AttributionTerms): number => {
    const key = canonical(attribution as unknown as Json);
    const place = known.get(key) ?? settings.length;
    if (place === settings.length) {
      const payees = evidence.touches.map(({ payee }) => payee);
      const context = contextOf({ ...evidence, payees }, attribution);
      const { considered, shares } = credit(evidence.conversion, evidence.touches, attribution, context);
      const asked = Object.keys(context).length > 0;
      settings.push({ attribution, ...(asked && { context }), considered, shares });
    }
    known.set(key, place);
    return place;
  };
  const parts = [...evidence.deals].sort(byContract).map(({ terms, judged, ...deal }): Part => {
    const place = setting(attributionOf(terms));
    const share = settings[place]?.shares.find(({ payee }) => payee === deal.contract);
    const demanded = demands(terms, evidence.conversion.result);
    const lead = leadOf(evidence, demanded.duplicateDays);
    const held = share?.heldMicro === undefined ? {} : { heldMicro: share.heldMicro };
    return {
      ...deal,
      setting: place,
      shareMicro: share?.shareMicro ?? 0,
      ...held,
      grade: judged ?? grade(lead, demanded),
    };
  });
  if (settings.length === 0) setting(houseAttribution);
  const own = parts.find(({ shareMicro }) => shareMicro > 0) ?? parts[0];
  return { settings, parts, grade: own?.grade ?? grade(leadOf(evidence, undefined), {}) };
};

/** The part of a setting's shares that nobody is paid for, in millionths. */
export const houseShare = ({ shares }: Setting): number => shares.find(({ payee }) => payee === HOUSE)?.shareMicro ?? 0;
