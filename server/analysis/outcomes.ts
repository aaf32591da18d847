import type { Json } from "../../shared/kit/canonical.ts";
import { roundMinor } from "../../shared/kit/money.ts";
import { rational } from "../../shared/kit/rational.ts";
import { known } from "../engine/book.ts";
import type { PersonDoc, VisitorDoc } from "../engine/person.ts";
import type { Reader } from "../engine/reader.ts";
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
  readonly digest: string | undefined;
  readonly currency: string | undefined;
  /** What is left of its worth after refunds, in minor units; 0 where it is worth nothing. */
  readonly valueMinor: number;
  /** What each influencer's contracts are credited with, in millionths. */
  readonly credited: ReadonlyMap<string, number>;
}

const WHOLE_PERMILLE = 1000;

const leftOf = ({ reversals }: ConversionDoc): number =>
  reversals.reduce((left, { permille }) => left - permille, WHOLE_PERMILLE);

/** Does it stand? What was refused, taken back whole, or made by a machine never did, unless the brand says it did. */
const stands = (doc: ConversionDoc): boolean => {
  if (doc.rejected || leftOf(doc) <= 0) return false;
  return doc.approved || (!doc.recorded.robot && doc.verdict?.grade.verdict !== "reject");
};

const creditedBy = ({ verdict }: ConversionDoc): ReadonlyMap<string, number> => {
  const credited = new Map<string, number>();
  for (const { influencer, shareMicro } of verdict?.parts ?? [])
    if (shareMicro > 0) credited.set(influencer, (credited.get(influencer) ?? 0) + shareMicro);
  return credited;
};

const outcomeOf = (doc: ConversionDoc): Outcome => {
  const { conversion, at, result, clicks, link, code, digest, currency, valueMinor } = doc.recorded;
  const worth = valueMinor === undefined ? 0 : roundMinor(rational(BigInt(valueMinor) * BigInt(leftOf(doc)), 1000n));
  return {
    id: conversion,
    at,
    result,
    visitors: doc.verdict?.visitors ?? [],
    clicks,
    link,
    code,
    digest,
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

const ending = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

/** Another conversion of the same person, on which a journey may depend. */
export interface Beside {
  readonly id: string;
  readonly at: number;
  readonly result: string;
}

/** The same person's other conversions, whatever campaign they are of: where terms let journeys depend on them. */
export const besides = async (reader: Reader, { id, visitors, digest }: Outcome): Promise<readonly Beside[]> => {
  const found = new Map<string, Beside>();
  const add = (key: string, { at, result }: VisitorDoc | PersonDoc): void => {
    if (ending(key) !== id) found.set(ending(key), { id: ending(key), at, result });
  };
  const prefixes = [...visitors.map((it) => `visitor/${it}/`), ...(digest === undefined ? [] : [`person/${digest}/`])];
  for (const prefix of prefixes)
    for (const [key, body] of await reader.documents(prefix)) add(key, body as unknown as VisitorDoc);
  return [...found.values()];
};
