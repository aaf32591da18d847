import { shareMicroAt } from "../../shared/pay/change.ts";
import { explained } from "../../shared/pay/explained.ts";
import type { ExplainedStatement } from "./shelves.ts";

type Share = ExplainedStatement["shares"][number];

/** A share as it stood when it came: expected, whatever was found out later. */
const expected = ({ countedAt: _, restated: __, reversals: ___, ...share }: Share): Share => ({
  ...share,
  state: share.state === "rejected" ? "rejected" : "counted",
});

/** The same with what was taken back since, as if it had been at once. */
const settled = (share: Share): Share => ({
  ...expected(share),
  shareMicro: shareMicroAt(share),
  ...(share.reversals && { reversals: share.reversals.map((it) => ({ ...it, at: share.at })) }),
});

/** Amounts in minor units, by the codes of their lines. */
export type Amounts = ReadonlyMap<string, number>;

const linesOf = (it: ExplainedStatement, shares: readonly Share[], asOf: number): Amounts => {
  const sums = new Map<string, number>();
  const { periods } = explained({ ...it, shares, asOf, adjustments: [], rates: [] });
  for (const { code, amountMinor } of periods.flatMap(({ lines }) => lines))
    sums.set(code, (sums.get(code) ?? 0) + amountMinor);
  return sums;
};

const less = (more: Amounts, fewer: Amounts): Amounts => {
  const codes = [...new Set([...more.keys(), ...fewer.keys()])];
  const left = codes.map((code) => [code, (more.get(code) ?? 0) - (fewer.get(code) ?? 0)] as const);
  return new Map(left.filter(([, amountMinor]) => amountMinor !== 0));
};

/**
 * What one conversion moves, line by line: what all up to it earn with it, less what they earn without, taking them in
 * order of time. The server took them as they became known, which is the same unless some came late.
 */
export const movedBy = (it: ExplainedStatement, id: string): Amounts | undefined => {
  const place = it.shares.findIndex((share) => share.id === id);
  const own = it.shares[place];
  if (!own) return undefined;
  const before = it.shares.filter(({ at }, index) => at < own.at || (at === own.at && index < place)).map(expected);
  const [without, withIt] = [linesOf(it, before, own.at), linesOf(it, [...before, settled(own)], own.at)];
  return less(withIt, without);
};

/** The same share as it stood after each thing that became known of it: first expected, at last what is left of it. */
const standings = (share: Share): readonly [Share, ...Share[]] => {
  const first: Share = { ...expected(share), state: "counted" };
  const turns = [...(share.restated ?? []), ...(share.reversals ?? [])].sort((a, b) => a.at - b.at);
  const since = turns.map(({ at }) => {
    const known = <It extends { readonly at: number }>(all: readonly It[] | undefined) =>
      (all ?? []).filter((it) => it.at <= at);
    return settled({ ...share, state: "counted", restated: known(share.restated), reversals: known(share.reversals) });
  });
  return [first, ...since, ...(share.state === "rejected" ? [expected(share)] : [])];
};

const NEAR = 8;
const SPREAD = 16;

/** How many of the others may have been known: about as many as came before, and samples of everything from none to all. */
const counts = (before: number, all: number): readonly number[] => {
  const near = Array.from({ length: 2 * NEAR + 1 }, (_, index) => before + index - NEAR);
  const spread = Array.from({ length: SPREAD + 1 }, (_, index) => Math.round((index * all) / SPREAD));
  return [...new Set([...near, ...spread])].filter((count) => count >= 0 && count <= all);
};

interface Known {
  readonly shares: readonly Share[];
  readonly asOf: number;
}

/** What may have been known of the others when something of one was posted: more or fewer of them, and what became of them or not yet. */
const knowable = (it: ExplainedStatement, own: Share): readonly Known[] => {
  const others = it.shares.filter((share) => share !== own).sort((a, b) => a.at - b.at);
  const before = others.filter(({ at }) => at < own.at).length;
  const views = [expected, settled, (share: Share): Share => ({ ...expected(share), state: "counted" })];
  const seen = views.map((view) => others.map(view));
  const upTo = counts(before, others.length).flatMap((count) =>
    seen.map((shares) => {
      const known = shares.slice(0, count);
      return { shares: known, asOf: Math.max(own.at, known.at(-1)?.at ?? own.at) };
    }),
  );
  return [...upTo, ...seen.map((shares) => ({ shares, asOf: Math.max(it.asOf, own.at) }))];
};

/** From the least to the most that a code moves in any of these. */
const spanOf = (code: string, all: readonly Amounts[]): readonly [number, number] => {
  const amounts = all.map((it) => it.get(code) ?? 0);
  return [
    amounts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    amounts.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  ];
};

/**
 * May the server have posted these amounts for one conversion, going by what was known each time it posted something of
 * it? Each posting brings what it moves among the others known by then, and a cent for rounding; the first to come also
 * brings what its period earns by itself. What lies outside all that is not explained by it.
 */
export const mayHaveMoved = (it: ExplainedStatement, id: string, posted: Amounts): boolean => {
  const own = it.shares.find((share) => share.id === id);
  if (!own) return false;
  const stands = standings(own);
  const rows = knowable(it, own).map(({ shares, asOf }) => {
    const sums = [linesOf(it, shares, asOf), ...stands.map((share) => linesOf(it, [...shares, share], asOf))];
    return sums.slice(1).map((sum, index) => less(sum, sums[index] ?? sum));
  });
  const byItself = linesOf(it, [], own.at);
  const steps = stands.map((_, index) => rows.map((row) => row[index] ?? new Map<string, number>()));
  return [...new Set([...posted.keys(), ...steps.flat().flatMap((step) => [...step.keys()])])].every((code) => {
    const spans = steps.map((step) => spanOf(code, step));
    const low = spans.reduce((sum, [least]) => sum + least, Math.min(0, byItself.get(code) ?? 0));
    const high = spans.reduce((sum, [, most]) => sum + most, Math.max(0, byItself.get(code) ?? 0));
    const amountMinor = posted.get(code) ?? 0;
    return low - steps.length <= amountMinor && amountMinor <= high + steps.length;
  });
};
