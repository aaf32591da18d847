import { roundMinor, spoken } from "../kit/money.ts";
import { rational } from "../kit/rational.ts";
import type { Day } from "../kit/time.ts";

/** What one period of a contract has payable now less what payouts that did not fail took of it, in minor units; below zero where it has fallen since. */
export interface PayableLine {
  readonly period: number;
  readonly starts: Day;
  readonly ends: Day;
  readonly amountMinor: number;
}

/**
 * One contract with money to pay, or with a debt. `availableMinor`: its payable account, without what a dispute holds.
 * `owedMinor`: what the influencer owes on this contract. `over`: its last own period has ended, so no minimum holds its
 * money back. `fundedMinor`: what its reserve can still pay, where the brand pays out of a deposit; absent otherwise.
 */
export interface Candidate {
  readonly contract: string;
  readonly influencer: string;
  readonly currency: string;
  readonly availableMinor: number;
  readonly owedMinor: number;
  readonly minimumMinor: number;
  readonly over: boolean;
  readonly lines: readonly PayableLine[];
  readonly fundedMinor?: number | undefined;
}

/**
 * Where an influencer is paid. `heldUntil`: payouts wait until then, since the details were changed lately. `refused`: why
 * the rail cannot reach them in this currency. `withholdBp`: tax kept back, at most half.
 */
export interface PayTo {
  readonly rail: string;
  readonly heldUntil: number | null;
  readonly refused: string | null;
  readonly withholdBp: number;
}

/** One run of payouts. `feeBp`: the platform's fee, out of `depositMinor`; zero where nothing is on deposit. */
export interface Run {
  readonly rail: string;
  readonly currency: string;
  readonly feeBp: number;
  readonly depositMinor: number;
}

/** What a payout pays of one period of one contract, in minor units, never zero. */
export interface PaidLine {
  readonly contract: string;
  readonly period: number;
  readonly amountMinor: number;
}

/** A payout as planned: `amountMinor` is the sum of its lines, above zero; `taxMinor` is kept back from it. */
export interface PlannedPayout {
  readonly influencer: string;
  readonly lines: readonly PaidLine[];
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly feeMinor: number;
}

/** Why money waits for a later run. */
export const waitingCodes = [
  "no-details",
  "details-changed",
  "rail-refuses",
  "held",
  "not-funded",
  "below-minimum",
  "owes",
] as const;

/** Money of one influencer that waits: how much (for `owes`: what they owe), why, until when or up to which minimum. */
export interface Waiting {
  readonly influencer: string;
  readonly code: (typeof waitingCodes)[number];
  readonly amountMinor: number;
  readonly until?: number | undefined;
  readonly minimumMinor?: number | undefined;
  readonly because?: string | undefined;
}

/** Who is paid what in one run, and who is not and why. Everyone with money or a debt is in it. */
export interface Plan {
  readonly payouts: readonly PlannedPayout[];
  readonly waiting: readonly Waiting[];
}

interface Line extends PaidLine {
  readonly starts: Day;
}

/** A contract's lines cut to what is there, and how much was cut for each reason. */
interface Fitted {
  readonly of: Candidate;
  readonly lines: readonly Line[];
  readonly heldMinor: number;
  readonly unfundedMinor: number;
}

const sum = (lines: readonly { readonly amountMinor: number }[]): number =>
  lines.reduce((all, { amountMinor }) => all + amountMinor, 0);

const newestFirst = (one: Line, other: Line): number => {
  if (one.starts !== other.starts) return one.starts < other.starts ? 1 : -1;
  return other.period - one.period;
};

/** Cut lines of one sign, newest first, each at most to nothing, until `cutMinor` is off. */
const cut = (lines: readonly Line[], cutMinor: number): readonly Line[] => {
  const sign = Math.sign(cutMinor);
  let left = Math.abs(cutMinor);
  const after = new Map<Line, number>();
  for (const line of [...lines].sort(newestFirst)) {
    const off = Math.min(left, Math.max(0, sign * line.amountMinor));
    after.set(line, line.amountMinor - sign * off);
    left -= off;
  }
  return lines.map((line) => ({ ...line, amountMinor: after.get(line) ?? 0 }));
};

const atMost = (lines: readonly Line[], mostMinor: number): readonly Line[] =>
  cut(lines, Math.max(0, sum(lines) - mostMinor));

const fit = (of: Candidate): Fitted => {
  const all = of.lines.map(({ period, starts, amountMinor }) => ({
    contract: of.contract,
    period,
    starts,
    amountMinor,
  }));
  // No more is taken back than the books say is owed.
  const owed = cut(all, Math.min(0, sum(all) + of.owedMinor));
  const there = atMost(owed, of.availableMinor);
  const funded = of.fundedMinor === undefined ? there : atMost(there, of.fundedMinor);
  return { of, lines: funded, heldMinor: sum(owed) - sum(there), unfundedMinor: sum(there) - sum(funded) };
};

const positive = ({ lines }: Fitted): boolean => sum(lines) > 0;
const total = (all: readonly Fitted[]): number => all.reduce((minor, { lines }) => minor + sum(lines), 0);

const minimumOf = (all: readonly Fitted[]): number =>
  all.reduce((most, { of }) => (of.over ? most : Math.max(most, of.minimumMinor)), 1);

/** What is above the minimum: everything, or at least what contracts that are over have, which no minimum may keep. */
const aboveMinimum = (all: readonly Fitted[]): readonly Fitted[] => {
  if (total(all) >= minimumOf(all)) return all;
  const free = all.filter((it) => it.of.over || !positive(it));
  return total(free) > 0 ? free : [];
};

const shareOf = (amountMinor: number, bp: number): number =>
  roundMinor(rational(BigInt(amountMinor) * BigInt(bp), 10_000n));

const byPlace = (one: PaidLine, other: PaidLine): number => {
  if (one.contract !== other.contract) return one.contract < other.contract ? -1 : 1;
  return one.period - other.period;
};

const paidLines = (all: readonly Fitted[]): readonly PaidLine[] =>
  all
    .flatMap(({ lines }) => lines)
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map(({ contract, period, amountMinor }) => ({ contract, period, amountMinor }))
    .sort(byPlace);

const cutsOf = (influencer: string, all: readonly Fitted[]): readonly Waiting[] => {
  const heldMinor = all.reduce((minor, it) => minor + it.heldMinor, 0);
  const unfundedMinor = all.reduce((minor, it) => minor + it.unfundedMinor, 0);
  return [
    ...(heldMinor > 0 ? [{ influencer, code: "held" as const, amountMinor: heldMinor }] : []),
    ...(unfundedMinor > 0 ? [{ influencer, code: "not-funded" as const, amountMinor: unfundedMinor }] : []),
  ];
};

/** Why someone with money to be paid is not reached at all, if so. */
const unreached = (
  influencer: string,
  amountMinor: number,
  to: PayTo | undefined,
  now: number,
): Waiting | undefined => {
  if (!to) return { influencer, code: "no-details", amountMinor };
  if (to.heldUntil !== null && to.heldUntil > now)
    return { influencer, code: "details-changed", amountMinor, until: to.heldUntil };
  return to.refused === null ? undefined : { influencer, code: "rail-refuses", amountMinor, because: to.refused };
};

const planOne = (
  run: Run,
  influencer: string,
  all: readonly Fitted[],
  to: PayTo | undefined,
  now: number,
): { readonly payout?: PlannedPayout; readonly waiting: readonly Waiting[] } => {
  const cuts = cutsOf(influencer, all);
  const wholeMinor = total(all);
  if (wholeMinor < 0) return { waiting: [...cuts, { influencer, code: "owes", amountMinor: -wholeMinor }] };
  if (wholeMinor === 0) return { waiting: cuts };
  const why = unreached(influencer, wholeMinor, to, now);
  if (why) return { waiting: [...cuts, why] };
  const paid = aboveMinimum(all);
  const amountMinor = total(paid);
  const left = wholeMinor - amountMinor;
  const below = { influencer, code: "below-minimum" as const, amountMinor: left, minimumMinor: minimumOf(all) };
  const waiting = left > 0 ? [...cuts, below] : cuts;
  if (amountMinor <= 0) return { waiting };
  const taxMinor = shareOf(amountMinor, to?.withholdBp ?? 0);
  const feeMinor = shareOf(amountMinor, run.feeBp);
  if (feeMinor > run.depositMinor) return { waiting: [...waiting, { influencer, code: "not-funded", amountMinor }] };
  return { payout: { influencer, lines: paidLines(paid), amountMinor, taxMinor, feeMinor }, waiting };
};

/**
 * Plan one run: for every influencer with money in this currency who is paid by this rail, or has not said how, one payout
 * or the reasons why not. What a dispute holds, or a reserve does not cover, is cut from the newest positive lines. A sum
 * below the largest minimum among the contracts that are not over waits; what contracts that are over have does not.
 * Debts are netted: the sum over all contracts is paid. The same candidates, in any order, give the same plan.
 */
export const planBatch = (
  run: Run,
  candidates: readonly Candidate[],
  details: ReadonlyMap<string, PayTo>,
  now: number,
): Plan => {
  const mine = candidates.filter(({ influencer, currency }) => {
    const rail = details.get(influencer)?.rail ?? run.rail;
    return currency === run.currency && rail === run.rail;
  });
  const payouts: PlannedPayout[] = [];
  const waiting: Waiting[] = [];
  let depositMinor = run.depositMinor;
  for (const influencer of [...new Set(mine.map((it) => it.influencer))].sort()) {
    const all = mine.filter((it) => it.influencer === influencer).map(fit);
    const one = planOne({ ...run, depositMinor }, influencer, all, details.get(influencer), now);
    if (one.payout) payouts.push(one.payout);
    depositMinor -= one.payout?.feeMinor ?? 0;
    waiting.push(...one.waiting);
  }
  return { payouts, waiting };
};

/** Why money waits, in a sentence for both sides. `until` is told as a UTC instant. */
export const waitingBecause = (it: Omit<Waiting, "influencer">, currency: string): string => {
  const amount = spoken(it.amountMinor, currency);
  const until = it.until === undefined ? "" : new Date(it.until).toISOString().slice(0, 16).replace("T", " ");
  const sentences: Readonly<Record<Waiting["code"], string>> = {
    "no-details": `${amount} waits until the influencer has said where to be paid.`,
    "details-changed": `${amount} waits until ${until} UTC: where to pay it was changed less than 72 hours before.`,
    "rail-refuses": `${amount} cannot go this way. ${it.because ?? ""}`.trim(),
    held: `${amount} is held by a dispute and waits until that is resolved.`,
    "not-funded": `${amount} is not covered by the brand's deposit; it is paid once more is set aside.`,
    "below-minimum": `${amount} is carried over: payouts begin at ${spoken(it.minimumMinor ?? 1, currency)} under the contract.`,
    owes: `${amount} is owed from earlier payouts and is taken out of what is earned next.`,
  };
  return sentences[it.code];
};
