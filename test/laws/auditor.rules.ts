/** What each rule of the terms pays for one period, exactly: the auditor's own reading of DOMAIN §2. */
import {
  atLeast,
  type Fraction,
  fraction,
  isSome,
  minus,
  nothing,
  over,
  plus,
  smaller,
  times,
  total,
} from "./auditor.fraction.ts";

// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

/** Evidence, as the auditor needs it. */
export interface Proof {
  readonly id: string;
  readonly result: string;
  readonly at: number;
  readonly shareMicro: number;
  readonly restated?: readonly { readonly at: number; readonly shareMicro: number }[] | undefined;
  readonly valueMinor?: number | undefined;
  readonly state: string;
  readonly countedAt?: number | undefined;
  readonly reversals?: readonly { readonly at: number; readonly permille: number }[] | undefined;
}

/** What is known of one share of a conversion: how much of it stands, and how much of that no make-good has used. */
export interface Piece {
  readonly id: string;
  readonly result: string;
  readonly at: number;
  readonly value: Fraction;
  readonly left: Fraction;
  readonly whole: Fraction;
  free: Fraction;
}

/** Everything that counts and is known at an instant, in the order of time and then of ids. */
export const piecesAt = (proofs: readonly Proof[], at: number): readonly Piece[] => {
  const pieces: Piece[] = [];
  for (const proof of proofs) {
    if (proof.state !== "counted" || Math.max(proof.at, proof.countedAt ?? proof.at) > at) continue;
    let back = 0;
    for (const reversal of proof.reversals ?? []) if (reversal.at <= at) back += reversal.permille;
    const left = fraction(Math.max(0, 1000 - back), 1000);
    let share = proof.shareMicro;
    for (const told of proof.restated ?? []) if (told.at <= at) share = told.shareMicro;
    const whole = times(fraction(share, 1_000_000), left);
    const { id, result } = proof;
    pieces.push({ id, result, at: proof.at, value: fraction(proof.valueMinor ?? 0), left, whole, free: whole });
  }
  return pieces.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
};

/** What the rules of one period look at. */
export interface Ground {
  readonly terms: Document;
  readonly isFirst: boolean;
  readonly pieces: readonly Piece[];
  readonly target: Fraction;
  /** The period's rate of a kind, if it is known. */
  readonly rate: (kind: string) => Fraction | undefined;
  readonly note: (what: string) => void;
}

/** Net results, or their value in minor units. */
export const volume = (pieces: readonly Piece[], result: string, measure = "count"): Fraction =>
  total(
    pieces
      .filter((it) => it.result === result)
      .map(({ free, value }) => (measure === "value" ? times(free, value) : free)),
  );

const fixed = (rule: Document, { isFirst, pieces, note }: Ground): Fraction => {
  if (rule.per === "flight" && !isFirst) return nothing;
  for (const asked of [rule.ifAtLeast ?? []].flat()) {
    const held = atLeast(volume(pieces, asked.result), fraction(asked.count));
    note(held ? "a condition held" : "a condition failed");
    if (!held) return nothing;
  }
  return fraction(rule.amountMinor);
};

const share = (rule: Document, { terms, pieces, note }: Ground): Fraction => {
  const cap = terms.caps?.perResultMinor;
  const earned = pieces
    .filter((it) => it.result === rule.result && isSome(it.whole))
    .map(({ value, left, whole, free }) => {
      const worth = times(times(fraction(rule.rateBp, 10_000), value), left);
      const limited = cap === undefined ? worth : smaller(worth, fraction(cap));
      if (limited !== worth && !atLeast(limited, worth)) note("a result's cap bit");
      return times(limited, times(over(whole, left), over(free, whole)));
    });
  return total(earned);
};

const price = (step: Document): Fraction =>
  step.rateBp === undefined ? fraction(step.amountMinor) : fraction(step.rateBp, 10_000);

const marginal = (rule: Document, all: Fraction): Fraction => {
  let paid = nothing;
  for (let index = 0; index < rule.steps.length; index += 1) {
    const step = rule.steps[index];
    const next = rule.steps[index + 1];
    const top = next === undefined ? all : smaller(all, fraction(next.from));
    if (atLeast(top, fraction(step.from))) paid = plus(paid, times(minus(top, fraction(step.from)), price(step)));
  }
  return paid;
};

const retroactive = (rule: Document, all: Fraction, note: Ground["note"]): Fraction => {
  const reached: readonly Document[] = rule.steps.filter((it: Document) => atLeast(all, fraction(it.from)));
  const [step, before] = [reached.at(-1), reached.at(-2)];
  if (before) note("a retroactive step was reached");
  if (before && !atLeast(price(step), price(before))) note("a retroactive step fell");
  return times(all, price(step));
};

const tiered = (rule: Document, { pieces, note }: Ground): Fraction => {
  const all = volume(pieces, rule.result, rule.measure);
  return rule.mode === "retroactive" ? retroactive(rule, all, note) : marginal(rule, all);
};

const holds = ({ when }: Document, { pieces, target, rate }: Ground): boolean => {
  if (when.rate !== undefined) {
    const known = rate(when.rate);
    return known !== undefined && atLeast(known, fraction(when.atLeastBp, 10_000));
  }
  if (when.atLeastPctOfTarget !== undefined)
    return atLeast(volume(pieces, when.result), times(target, fraction(when.atLeastPctOfTarget, 100)));
  return atLeast(volume(pieces, when.result, when.measure), fraction(when.atLeast));
};

const kindOf = ({ when }: Document): string => {
  if (when.rate !== undefined) return when.rate;
  return when.atLeast === undefined ? "target" : (when.measure ?? "count");
};

const bonus = (rule: Document, base: Fraction, ground: Ground): Fraction => {
  const held = holds(rule, ground);
  ground.note(`a bonus on ${kindOf(rule)} was ${held ? "won" : "missed"}`);
  if (!held) return nothing;
  return rule.amountMinor === undefined ? times(fraction(rule.rateBp, 10_000), base) : fraction(rule.amountMinor);
};

const plain = (rule: Document, ground: Ground): Fraction => {
  if (rule.rule === "fixed") return fixed(rule, ground);
  if (rule.rule === "share") return share(rule, ground);
  if (rule.rule === "tiered") return tiered(rule, ground);
  return times(fraction(rule.amountMinor), volume(ground.pieces, rule.result));
};

/** One exact amount a rule, bonuses after all others. */
export const rewards = (ground: Ground): readonly { readonly code: string; readonly exact: Fraction }[] => {
  const rules: readonly Document[] = ground.terms.pay;
  const others = rules
    .filter(({ rule }) => rule !== "bonus")
    .map((it) => ({ code: it.rule, exact: plain(it, ground) }));
  const base = total(others.map(({ exact }) => exact));
  const bonuses = rules
    .filter(({ rule }) => rule === "bonus")
    .map((it) => ({ code: "bonus", exact: bonus(it, base, ground) }));
  return [...others, ...bonuses];
};
