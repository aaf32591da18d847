import * as v from "valibot";

/** An id as facts hold it: 1 to 120 characters. */
export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(120));
/** An instant inside a fact, ms since 1970 UTC. */
export const at = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Whole millionths of a conversion. */
export const micro = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
/** Whole minor units, signed. */
export const minor = v.pipe(v.number(), v.integer());
/** A SHA-256 in hexadecimal. */
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** A local day, `YYYY-MM-DD`. */
export const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
/** Which version of a contract's terms, from 1. */
export const version = v.pipe(v.number(), v.integer(), v.minValue(1));
/** A period's place in its contract, from 0. */
export const place = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Either side of a contract. */
export const party = v.picklist(["brand", "influencer"]);
/** The schema of one kind of fact: its name and what it tells, nothing else. */
export const fact = <const Type extends string, Entries extends v.ObjectEntries>(type: Type, entries: Entries) =>
  v.strictObject({ type: v.literal(type), ...entries });
