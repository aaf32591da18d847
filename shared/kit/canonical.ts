import { must } from "./shape.ts";

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

const isList = (it: object): it is readonly Json[] => Array.isArray(it);

/**
 * The one way to write a JSON value as text: no spaces, keys sorted by UTF-16 code unit, numbers as ECMAScript writes
 * them, keys without a value left out. Two values mean the same exactly when their texts are the same, so the text is
 * what is hashed, chained and signed. Half of a surrogate pair, which RFC 8785 leaves undefined, is written as its escape.
 * Source: RFC 8785.
 */
export const canonical = (it: Json): string => {
  if (it === null || typeof it !== "object") {
    must(typeof it !== "number" || Number.isFinite(it), "a number JSON cannot write");
    return JSON.stringify(it);
  }
  if (isList(it)) return `[${it.map(canonical).join(",")}]`;
  const members = Object.keys(it)
    .filter((key) => it[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(it[key] as Json)}`);
  return `{${members.join(",")}}`;
};
