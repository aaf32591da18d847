/**
 * An independent auditor of statements: written from the rules alone, with its own fractions, its own calendar and no
 * code of the law. Slow and plain on purpose: it prices everything again from all the evidence, for every question.
 */

/** A fraction of whole numbers, not reduced. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

const fraction = (top: bigint | number, bottom: bigint | number = 1n): Fraction => ({
  top: BigInt(top),
  bottom: BigInt(bottom),
});
const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, fraction(-b.top, b.bottom));
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);
const atLeast = (a: Fraction, b: Fraction): boolean => a.top * b.bottom >= b.top * a.bottom;
const smaller = (a: Fraction, b: Fraction): Fraction => (atLeast(a, b) ? b : a);

/** Are two fractions the same number? */
export const same = (a: Fraction, b: Fraction): boolean => a.top * b.bottom === b.top * a.bottom;

/** The fraction a statement wrote as `"n/d"`. */
export const fromText = (text: string): Fraction => {
  const [top, bottom] = text.split("/");
  return fraction(BigInt(top!), BigInt(bottom!));
};

/** To the nearest whole number, a half to the even neighbour. Fractions here are never negative. */
export const toEven = ({ top, bottom }: Fraction): bigint => {
  const below = top / bottom;
  const rest = top - below * bottom;
  const up = rest * 2n > bottom || (rest * 2n === bottom && below % 2n === 1n);
  return up ? below + 1n : below;
};

/** One rule, as the terms state it. */
// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

/** Evidence, as the auditor needs it. */
export interface Proof {
  readonly id: string;
  readonly result: string;
  readonly at: number;
  readonly shareMicro: number;
  readonly valueMinor?: number | undefined;
  readonly state: string;
  readonly countedAt?: number | undefined;
  readonly reversals?: readonly { readonly at: number; readonly permille: number }[] | undefined;
}

const DAY = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();
const localDay = (at: number, zone: string): string => {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
  clocks.set(zone, clock);
  return clock.format(at);
};

const midnights = new Map<string, number>();
/** The first quarter of an hour that a local day has, found by trying them all. */
export const midnight = (day: string, zone: string): number => {
  const key = `${day} ${zone}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  let at = Date.parse(`${day}T00:00:00Z`) - 16 * 3_600_000;
  while (localDay(at, zone) < day) at += 900_000;
  midnights.set(key, at);
  return at;
};

const nextDay = (day: string): string => new Date(Date.parse(`${day}T12:00:00Z`) + DAY).toISOString().slice(0, 10);
const isMonday = (day: string): boolean => new Date(`${day}T12:00:00Z`).getUTCDay() === 1;

/** One period of the auditor's own calendar. */
export interface Month {
  readonly starts: string;
  readonly ends: string;
  readonly from: number;
  readonly until: number;
}

const cutHere: Record<string, (day: string) => boolean> = {
  month: (day) => day.endsWith("-01"),
  week: isMonday,
  flight: () => false,
};

/** Walk the days one by one and cut where a new month or week begins. */
export const calendar = (starts: string, ends: string, cadence: string, zone: string): readonly Month[] => {
  const periods: Month[] = [];
  let first = starts;
  for (let day = starts; day <= ends; day = nextDay(day)) {
    const next = nextDay(day);
    if (next <= ends && !cutHere[cadence]!(next)) continue;
    periods.push({ starts: first, ends: day, from: midnight(first, zone), until: midnight(next, zone) });
    first = next;
  }
  return periods;
};

/** The auditor's own periods, and those after the end in which corrections may fall, up to `asOf`. */
export const calendarOf = (
  terms: Document,
  asOf: number,
): { readonly own: readonly Month[]; readonly after: readonly Month[] } => {
  const own = calendar(terms.starts, terms.ends, terms.period, terms.timeZone);
  const cadence = terms.period === "week" ? "week" : "month";
  const far = new Date(Math.max(asOf, own.at(-1)!.until) + 40 * DAY).toISOString().slice(0, 10);
  const after = calendar(nextDay(terms.ends), far, cadence, terms.timeZone).filter(({ from }) => from <= asOf);
  return { own, after };
};

/** Results and value of one result in one period, as known at an instant. */
const volume = (proofs: readonly Proof[], period: Month, result: string, at: number, byValue: boolean): Fraction => {
  let sum = fraction(0);
  for (const proof of proofs) {
    if (proof.result !== result || proof.state !== "counted") continue;
    if (proof.at < period.from || proof.at >= period.until) continue;
    if (Math.max(proof.at, proof.countedAt ?? proof.at) > at) continue;
    let back = 0;
    for (const reversal of proof.reversals ?? []) if (reversal.at <= at) back += reversal.permille;
    const left = fraction(Math.max(0, 1000 - back), 1000);
    const worth = fraction(byValue ? (proof.valueMinor ?? 0) : 1);
    sum = plus(sum, times(times(fraction(proof.shareMicro, 1_000_000), left), worth));
  }
  return sum;
};

type Count = (result: string, byValue?: boolean) => Fraction;

const fixed = (rule: Document, first: boolean, count: Count): Fraction => {
  if (rule.per === "flight" && !first) return fraction(0);
  for (const asked of [rule.ifAtLeast ?? []].flat())
    if (!atLeast(count(asked.result), fraction(asked.count))) return fraction(0);
  return fraction(rule.amountMinor);
};

const tiered = (rule: Document, count: Count): Fraction => {
  const all = count(rule.result, rule.measure === "value");
  let paid = fraction(0);
  for (let index = 0; index < rule.steps.length; index += 1) {
    const step = rule.steps[index];
    const next = rule.steps[index + 1];
    const top = next === undefined ? all : smaller(all, fraction(next.from));
    if (!atLeast(top, fraction(step.from))) continue;
    const price = step.rateBp === undefined ? fraction(step.amountMinor) : fraction(step.rateBp, 10_000);
    paid = plus(paid, times(minus(top, fraction(step.from)), price));
  }
  return paid;
};

/** What each rule of the terms pays for one period, exactly, as known at an instant. */
export const exactPay = (
  terms: Document,
  proofs: readonly Proof[],
  period: Month,
  isFirst: boolean,
  at: number,
): readonly Fraction[] => {
  const count: Count = (result, byValue = false) => volume(proofs, period, result, at, byValue);
  return terms.pay.map((rule: Document) => {
    if (rule.rule === "fixed") return fixed(rule, isFirst, count);
    if (rule.rule === "perResult") return times(fraction(rule.amountMinor), count(rule.result));
    if (rule.rule === "share") return times(fraction(rule.rateBp, 10_000), count(rule.result, true));
    return tiered(rule, count);
  });
};

/** What the auditor holds one period to be. */
export interface Audit {
  readonly starts: string;
  readonly ends: string;
  readonly closed: boolean;
  readonly lines: readonly Fraction[];
  readonly correctedMinor: bigint;
  readonly earnedMinor: bigint;
  readonly dueMinor: bigint;
  readonly carriedMinor: bigint;
  readonly guarantee: { readonly state: string; readonly short: Fraction; readonly volume: Fraction } | null;
}

const sum = (all: readonly bigint[]): bigint => all.reduce((total, it) => total + it, 0n);

const standing = (
  terms: Document,
  proofs: readonly Proof[],
  period: Month,
  closed: boolean,
  at: number,
): Audit["guarantee"] => {
  const it = terms.guarantee;
  if (!it) return null;
  const have = volume(proofs, period, it.result, at, false);
  const wanted = times(fraction(it.target), fraction(10_000 - (it.toleranceBp ?? 0), 10_000));
  if (atLeast(have, wanted)) return { state: "met", short: fraction(0), volume: have };
  return { state: closed ? "missed" : "open", short: minus(wanted, have), volume: have };
};

/** The whole statement by the rules: every period that had begun, whether or not anything happened in it. */
export const audit = (terms: Document, proofs: readonly Proof[], asOf: number): readonly Audit[] => {
  const { own, after } = calendarOf(terms, asOf);
  const priced = (period: Month, at: number): bigint =>
    sum(exactPay(terms, proofs, period, period === own[0], at).map(toEven));
  const audits: Audit[] = [];
  let carried = 0n;
  for (const period of [...own, ...after]) {
    if (period.from > asOf) break;
    const closed = asOf >= period.until;
    const known = Math.min(asOf, period.until - 1);
    const older = own.filter(({ until }) => until <= period.from);
    const correctedMinor = sum(older.map((it) => priced(it, known) - priced(it, period.from - 1)));
    const isOwn = own.includes(period);
    const lines = isOwn ? exactPay(terms, proofs, period, period === own[0], known) : [];
    const earnedMinor = sum(lines.map(toEven)) + correctedMinor;
    const balance = carried + earnedMinor;
    const dueMinor = closed && balance > 0n && balance >= BigInt(terms.payout?.minimumMinor ?? 0) ? balance : 0n;
    carried = balance - dueMinor;
    const guarantee = isOwn ? standing(terms, proofs, period, closed, known) : null;
    const { starts, ends } = period;
    audits.push({
      starts,
      ends,
      closed,
      lines,
      correctedMinor,
      earnedMinor,
      dueMinor,
      carriedMinor: carried,
      guarantee,
    });
  }
  return audits;
};
