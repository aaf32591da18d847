import type { Json } from "../../shared/kit/canonical.ts";
import { roundMinor } from "../../shared/kit/money.ts";
import { rational } from "../../shared/kit/rational.ts";
import { known } from "../engine/book.ts";
import { othersOf } from "../engine/person.ts";
import { atKey, type ConversionDoc } from "../engine/shapes.ts";
import type { Desk } from "./desk.ts";

/** A conversion that counts as one: who it was, by what it was led, and what is credited for it. */
export interface Outcome {
  readonly id: string;
  readonly at: number;
  readonly result: string;
  readonly visitors: readonly string[];
  readonly clicks: readonly string[];
  readonly link: string | undefined;
  readonly code: string | undefined;
  readonly currency: string | undefined;
  /** What is left of its worth after refunds, in minor units; 0 where it is worth nothing. */
  readonly valueMinor: number;
  /** What each influencer's contracts are credited with, in millionths. */
  readonly credited: ReadonlyMap<string, number>;
}

const WHOLE_PERMILLE = 1000;

const leftOf = ({ reversals }: ConversionDoc): number =>
  reversals.reduce((left, { permille }) => left - permille, WHOLE_PERMILLE);

/**
 * Does it stand? What was refused, taken back whole, or made by a machine does not, nor what came to nothing: unless the
 * brand says it does, or somebody is paid for it.
 */
const stands = (doc: ConversionDoc): boolean => {
  if (doc.rejected || leftOf(doc) <= 0) return false;
  if (doc.approved || Object.keys(doc.countedAt).length > 0) return true;
  return !doc.recorded.robot && doc.isVoid !== true;
};

const creditedBy = ({ verdict }: ConversionDoc): ReadonlyMap<string, number> => {
  const credited = new Map<string, number>();
  for (const { influencer, shareMicro } of verdict?.parts ?? [])
    if (shareMicro > 0) credited.set(influencer, (credited.get(influencer) ?? 0) + shareMicro);
  return credited;
};

const outcomeOf = (doc: ConversionDoc): Outcome => {
  const { conversion, at, result, clicks, link, code, currency, valueMinor } = doc.recorded;
  const worth = valueMinor === undefined ? 0 : roundMinor(rational(BigInt(valueMinor) * BigInt(leftOf(doc)), 1000n));
  return {
    id: conversion,
    at,
    result,
    visitors: doc.verdict?.visitors ?? [],
    clicks,
    link,
    code,
    currency: valueMinor === undefined ? undefined : currency,
    valueMinor: worth,
    credited: creditedBy(doc),
  };
};

const AT_A_TIME = 500;

const named = (keys: readonly (readonly [string, Json])[], before: string): readonly string[] =>
  keys.filter(([key]) => key < before).map(([key]) => key.slice(key.lastIndexOf("/") + 1));

/** The conversions of a campaign that stand, from one instant up to, not including, another, in order of (instant, id). */
export const outcomesOf = async (
  { store, brand, reader, breathe }: Desk,
  campaign: string,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<readonly Outcome[]> => {
  const prefix = `recent/${campaign}/`;
  const found: Outcome[] = [];
  for (let after = `${prefix}${atKey(from)}`; ; ) {
    const keys = await store.documents(brand, { prefix, after, limit: AT_A_TIME });
    for (const id of named(keys, `${prefix}${atKey(until)}`)) {
      const doc = await known<ConversionDoc>(reader, `conversion/${id}`);
      if (stands(doc)) found.push(outcomeOf(doc));
    }
    const last = keys.at(-1)?.[0];
    if (last === undefined || keys.length < AT_A_TIME || last >= `${prefix}${atKey(until)}`) return found;
    after = last;
    await breathe();
  }
};

/** Another conversion of the same person, on which a journey may depend. */
export interface Beside {
  readonly id: string;
  readonly at: number;
  readonly result: string;
}

/** The same person's other conversions, of whatever campaign, but for those that came to nothing: as a verdict knows them. */
export const besides = async (
  { store, brand, reader }: Desk,
  { id, visitors }: Outcome,
): Promise<readonly Beside[]> => {
  const people = {
    documents: reader.documents,
    visitorsOf: (clicks: readonly string[]) => store.visitorsOf(brand, clicks),
  };
  const others = await othersOf(people, await known<ConversionDoc>(reader, `conversion/${id}`), visitors);
  return others.flatMap(({ conversion, at, result, isVoid }) => (isVoid ? [] : [{ id: conversion, at, result }]));
};
