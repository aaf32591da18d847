import { readFileSync } from "node:fs";
import type { ResultShare } from "../../shared/pay/statement.ts";
import type { Also } from "./auditor.ts";
import { type VectorCase, type VectorShare, vectors } from "./evidence.ts";

/** One published price list: its name, where it was published, and amounts by volume. */
export interface TierVector {
  readonly name: string;
  readonly source: string;
  readonly pay: readonly object[];
  readonly prices: readonly { readonly units?: number; readonly valueMinor?: number; readonly amountMinor: number }[];
}

/** Published prices by tiers. */
export const tierVectors: { readonly about: string; readonly cases: readonly TierVector[] } = JSON.parse(
  readFileSync(new URL("../vectors/tiers.json", import.meta.url), "utf8"),
);

const sharesOf = (given: readonly VectorShare[]): readonly ResultShare[] =>
  given.flatMap(({ times = 1, at, state = "counted", countedAt, reversals, restated, ...rest }, index) =>
    Array.from({ length: times }, (_, nth) => ({
      ...rest,
      id: `${index}-${nth}`,
      at: Date.parse(at),
      state,
      countedAt: countedAt === undefined ? undefined : Date.parse(countedAt),
      ...(restated && { restated: restated.map((it) => ({ at: Date.parse(it.at), shareMicro: it.shareMicro })) }),
      reversals: (reversals ?? []).map((it) => ({ at: Date.parse(it.at), permille: it.permille })),
    })),
  );

/** A year after the common terms: everything in the vectors is over and known by then. */
const LATE = "2027-01-01T12:00:00Z";

const laidOver = (below: object, above: object): object =>
  Object.fromEntries(Object.entries({ ...below, ...above }).filter(([, it]) => it !== null));

/** What a vector asks, as the law and the auditor take it: terms are drafts still. */
export const asked = ({ terms, amendments, results, adjustments, rates, asOf = LATE }: VectorCase) => {
  const first = laidOver(vectors.terms, terms);
  const versions: object[] = [];
  for (const it of amendments ?? []) versions.push(laidOver(versions.at(-1) ?? first, it));
  const also: Also = {
    amendments: versions,
    adjustments: (adjustments ?? []).map((it) => ({ ...it, at: Date.parse(it.at) })),
    rates: (rates ?? []).map((it) => ({ ...it, at: Date.parse(it.at) })),
  };
  return { terms: first, also, shares: sharesOf(results), asOf: Date.parse(asOf) };
};
