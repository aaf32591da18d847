import type { Terms } from "../contract/terms.ts";
import { reward } from "../judge/reward.ts";
import { LARGEST_MINOR } from "../kit/money.ts";
import { add, compare, type Rational, rational, roundHalfEven, subtract, written, zero } from "../kit/rational.ts";
import { present } from "../kit/shape.ts";
import { addDays, dayOf, lastOfMonth, type Period, periodsOf, weekday } from "../kit/time.ts";
import { type Change, changesOf, volumesOf } from "./change.ts";
import { counted, grown, type Volumes, volumeOf } from "./volume.ts";

/**
 * Some thousandths of a conversion taken back (a refund, a rejection after it had counted), from `at` on, in ms since
 * 1970.
 */
export interface Reversal {
  readonly at: number;
  readonly permille: number;
}

/**
 * One contract's share of one conversion: the evidence statements are made of. `shareMicro` is in whole millionths, 0 to
 * 1 000 000, `valueMinor` the whole conversion's value in minor units. `state`: `counted` pays, `pending` may still,
 * `rejected` never did. `countedAt` is when it began to count, `at` if absent. Instants are ms since 1970, up to the year
 * 9998. Reversals that together exceed 1000 ‰ take back no more than there was.
 */
export interface ResultShare {
  readonly id: string;
  readonly result: string;
  readonly at: number;
  readonly shareMicro: number;
  readonly valueMinor?: number | undefined;
  readonly state: "counted" | "pending" | "rejected";
  readonly countedAt?: number | undefined;
  readonly reversals?: readonly Reversal[] | undefined;
}

/** One line of a statement: minor units, the exact amount as `"n/d"` before rounding, and the sum written out. */
export interface Line {
  readonly code: string;
  readonly amountMinor: number;
  readonly exact: string;
  readonly because: string;
  readonly conversion?: string | undefined;
}

/** How a guarantee stands in one period, in millionths of a result. `shortfallMicro` counts from the tolerated target. */
export interface GuaranteeStanding {
  readonly state: "open" | "met" | "missed";
  readonly result: string;
  readonly target: number;
  readonly volumeMicro: number;
  readonly shortfallMicro: number;
}

/** One contract's money for one period. `earnedMinor` = Σ lines; carried in + earned = due + carried. */
export interface PeriodStatement {
  readonly starts: string;
  readonly ends: string;
  readonly state: "open" | "closed";
  readonly lines: readonly Line[];
  readonly earnedMinor: number;
  readonly dueMinor: number;
  readonly carriedMinor: number;
  readonly guarantee: GuaranteeStanding | null;
}

/** One contract's money, period by period. `totalMinor` = Σ earned. */
export interface Statement {
  readonly currency: string;
  readonly periods: readonly PeriodStatement[];
  readonly totalMinor: number;
}

/** One line before it is told, and its amount before it was rounded. */
interface Priced {
  readonly line: Line;
  readonly exact: Rational;
}

const most = BigInt(LARGEST_MINOR);

/** Whole minor units as a number; what is beyond any money there is stops at the largest that a number holds exactly. */
const held = (minor: bigint): number => {
  if (minor > most) return LARGEST_MINOR;
  return minor < -most ? -LARGEST_MINOR : Number(minor);
};

/** The sum of some amounts of minor units of one currency; like every figure it stops at the largest that a number holds. */
export const sumMinor = (amounts: readonly number[]): number => held(amounts.reduce((sum, it) => sum + BigInt(it), 0n));

/** The lines the pay rules earn for a period with these net volumes: one line a rule, each rounded once, half-even. */
export const priced = (terms: Terms, period: Period, volumes: Volumes): readonly Priced[] =>
  terms.pay.map((rule) => {
    const { exact, because } = reward(rule, { terms, period, volumes });
    const amountMinor = held(roundHalfEven(exact));
    return { exact, line: { code: rule.rule, amountMinor, exact: written(exact), because } };
  });

/** A period as it stands after everything known about it so far. */
interface Pricing {
  readonly volumes: Volumes;
  readonly lines: readonly Line[];
  readonly exact: Rational;
  readonly amountMinor: number;
}

const pricing = (terms: Terms, period: Period, volumes: Volumes): Pricing => {
  const all = priced(terms, period, volumes);
  const lines = all.map(({ line }) => line);
  const exact = all.reduce((sum, it) => add(sum, it.exact), zero);
  return { volumes, lines, exact, amountMinor: sumMinor(lines.map(({ amountMinor }) => amountMinor)) };
};

const correction = (was: Pricing, is: Pricing, { result, conversion, period, volume }: Change): Line => ({
  code: "correction",
  amountMinor: sumMinor([is.amountMinor, -was.amountMinor]),
  exact: written(subtract(is.exact, was.exact)),
  because: `${result} ${conversion} of ${period.starts} to ${period.ends}, ${volume.countNano < 0n ? "taken back" : "counted late"}`,
  conversion,
});

const standing = (terms: Terms, volumes: Volumes, closed: boolean): GuaranteeStanding | null => {
  const it = terms.guarantee;
  if (!it) return null;
  const volume = counted(volumeOf(volumes, it.result));
  const tolerated = rational(BigInt(it.target) * BigInt(10_000 - (it.toleranceBp ?? 0)), 10_000n);
  const short = subtract(tolerated, volume);
  const missing = compare(short, zero) > 0;
  const open = closed ? "missed" : "open";
  return {
    state: missing ? open : "met",
    result: it.result,
    target: it.target,
    volumeMicro: Number((volume.n * 1_000_000n) / volume.d),
    shortfallMicro: missing ? Number((short.n * 1_000_000n + short.d - 1n) / short.d) : 0,
  };
};

const firstDay = {
  month: (day: string) => `${day.slice(0, 7)}-01`,
  week: (day: string) => addDays(day, 1 - weekday(day)),
};

/**
 * Periods after the contract's own that hold corrections, cut as if it went on (by months after a flight). Each is whole,
 * however little of it the evidence reaches, so that what is known later can never move its end.
 */
const afterwards = (terms: Terms, own: readonly Period[], changes: readonly Change[]): readonly Period[] => {
  const cadence = terms.period === "flight" ? "month" : terms.period;
  const next = addDays(terms.ends, 1);
  const periods: Period[] = [];
  for (const { knownAt } of changes) {
    if (knownAt < (periods.at(-1) ?? present(own.at(-1), "the last period")).until) continue;
    const day = dayOf(knownAt, terms.timeZone);
    const first = firstDay[cadence](day);
    const ends = cadence === "month" ? lastOfMonth(day) : addDays(first, 6);
    const [period] = periodsOf(first < next ? next : first, ends, cadence, terms.timeZone);
    periods.push({ ...present(period, "the period around an instant"), index: own.length + periods.length });
  }
  return periods;
};

/** The minor units that fall due when `balanceMinor` is reached at a period's end: all of it, or nothing below the minimum. */
const dueOf = (terms: Terms, balanceMinor: number, closed: boolean): number => {
  const minimum = Math.max(1, terms.payout?.minimumMinor ?? 0);
  return closed && balanceMinor >= minimum ? balanceMinor : 0;
};

/** How each period of the contract stands, by its index, after all corrections so far. */
type Known = Map<number, Pricing>;

const corrections = (terms: Terms, known: Known, late: readonly Change[]): readonly Line[] =>
  late.flatMap((change) => {
    const was = present(known.get(change.period.index), "the period that is corrected");
    const is = pricing(terms, change.period, grown(was.volumes, change.result, change.volume));
    known.set(change.period.index, is);
    const differs = is.amountMinor !== was.amountMinor || compare(is.exact, was.exact) !== 0;
    return differs ? [correction(was, is, change)] : [];
  });

const ownOf = (terms: Terms): readonly Period[] => periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);

/**
 * The first instant at which everything in the evidence is known and every period that holds any of it, the contract's
 * own or one of corrections after its end, is over: a statement as of then has nothing open.
 */
export const settledAt = (terms: Terms, shares: readonly ResultShare[]): number => {
  const own = ownOf(terms);
  const last = afterwards(terms, own, changesOf(shares, own)).at(-1) ?? own.at(-1);
  return present(last, "the last period").until;
};

interface Making {
  readonly terms: Terms;
  readonly asOf: number;
  readonly own: readonly Period[];
  readonly known: Known;
}

const periodStatement = (
  { terms, asOf, own, known }: Making,
  period: Period,
  news: readonly Change[],
  carriedInMinor: number,
): PeriodStatement => {
  const isOwn = period.index < own.length;
  const fresh = news.filter((change) => change.period.index === period.index);
  if (isOwn) known.set(period.index, pricing(terms, period, volumesOf(fresh)));
  const now = known.get(period.index);
  const late = news.filter((change) => change.period.index < period.index);
  const lines = [...(now?.lines ?? []), ...corrections(terms, known, late)];
  const closed = asOf >= period.until;
  const earnedMinor = sumMinor(lines.map(({ amountMinor }) => amountMinor));
  const balanceMinor = sumMinor([carriedInMinor, earnedMinor]);
  const dueMinor = dueOf(terms, balanceMinor, closed);
  return {
    starts: period.starts,
    ends: period.ends,
    state: closed ? "closed" : "open",
    lines,
    earnedMinor,
    dueMinor,
    carriedMinor: balanceMinor - dueMinor,
    guarantee: now ? standing(terms, now.volumes, closed) : null,
  };
};

/**
 * One contract's statement as it stood at `asOf`, from nothing but its terms and the evidence. What became known after a
 * period closed is a `correction` line in the period that was open then, naming the old conversion, so closed statements
 * never change; corrections of a period are told one by one and add up to exactly what its new price differs from the
 * old, those that change nothing being left out. Periods that had not begun are absent, as are those after the contract's
 * end without a correction. The order of `shares` does not matter; each id must occur once.
 */
export const statement = (terms: Terms, shares: readonly ResultShare[], asOf: number): Statement => {
  const own = ownOf(terms);
  const changes = changesOf(shares, own).filter(({ knownAt }) => knownAt <= asOf);
  const making: Making = { terms, asOf, own, known: new Map() };
  const periods: PeriodStatement[] = [];
  let told = 0;
  for (const period of [...own, ...afterwards(terms, own, changes)]) {
    if (period.from > asOf) break;
    const from = told;
    while (told < changes.length && present(changes[told], "a change").knownAt < period.until) told += 1;
    const made = periodStatement(making, period, changes.slice(from, told), periods.at(-1)?.carriedMinor ?? 0);
    if (period.index < own.length || made.lines.length > 0) periods.push(made);
  }
  return { currency: terms.currency, periods, totalMinor: sumMinor(periods.map(({ earnedMinor }) => earnedMinor)) };
};
