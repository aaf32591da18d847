/** A whole contract priced from scratch, as somebody would who knew so much and no more. */
import type { Month, Version } from "./auditor.calendar.ts";
import {
  atLeast,
  type Fraction,
  fraction,
  isSome,
  minus,
  nothing,
  plus,
  same,
  times,
  toEven,
  total,
  totalWhole,
} from "./auditor.fraction.ts";
import { type Loss, type Outcome, settle } from "./auditor.guarantee.ts";
import { type Piece, type Proof, piecesAt, rewards, volume } from "./auditor.rules.ts";

// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

/** What was seen of one period's visitors. */
export interface Rate {
  readonly period: number;
  readonly at: number;
  readonly visits: number;
  readonly clicks: number;
  readonly engaged: number;
}

/** Everything there is to know. */
export interface World {
  readonly versions: readonly Version[];
  readonly proofs: readonly Proof[];
  readonly rates: readonly Rate[];
  readonly note: (what: string) => void;
}

/**
 * How much of it is known: evidence up to an instant, and by which instant things are held to be over. The rate of the
 * period whose own lines are written, `own`, is known by the second: it is taken when the period ends.
 */
export interface Sight {
  readonly evidence: number;
  readonly judged: number;
  readonly own?: number;
}

/** One line: its exact amount, and whole minor units. */
export interface Told {
  readonly code: string;
  readonly exact: Fraction;
  readonly minor: bigint;
}

/** How a guarantee stands. */
export interface Standing {
  readonly state: "open" | "met" | "missed" | "pending";
  readonly result: string;
  readonly target: Fraction;
  readonly volume: Fraction;
  readonly short: Fraction;
  readonly filled: Fraction;
  readonly until: number | undefined;
}

/** What one period is worth. */
export interface Worth {
  readonly lines: readonly Told[];
  readonly minor: bigint;
  readonly exact: Fraction;
  readonly guarantee: Standing | null;
}

const told = ({ code, exact }: { readonly code: string; readonly exact: Fraction }): Told => ({
  code,
  exact,
  minor: toEven(exact),
});

const rateOf =
  ({ rates }: World, period: number, known: number) =>
  (kind: string): Fraction | undefined => {
    const seen = rates.filter((it) => it.period === period && it.at <= known);
    const last = seen.reduce<Rate | undefined>((one, it) => (one && one.at > it.at ? one : it), undefined);
    if (!last) return undefined;
    return last.visits === 0 ? nothing : fraction(kind === "engagement" ? last.engaged : last.clicks, last.visits);
  };

/** Lines and what is left of each after some have been cut, from the last upwards. */
interface Cutting {
  readonly left: bigint[];
  readonly cuts: Told[];
}

const cut = ({ left, cuts }: Cutting, most: bigint): boolean => {
  let excess = totalWhole(left) - most;
  const bites = excess > 0n;
  for (let index = left.length - 1; index >= 0 && excess > 0n; index -= 1) {
    const part = left[index]! < excess ? left[index]! : excess;
    if (part === 0n) continue;
    left[index]! -= part;
    excess -= part;
    cuts.push({ code: "cap", exact: fraction(-part), minor: -part });
  }
  return bites;
};

/** What runs through the periods of one version. */
interface Running {
  carried: Fraction;
  paid: bigint;
  fixed: bigint;
  results: Fraction;
}

interface Place {
  readonly world: World;
  readonly sight: Sight;
  readonly version: Version;
  readonly pieces: readonly Piece[];
  readonly period: Month;
  readonly index: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly running: Running;
}

const around = ({ versions }: World, version: Version): Pick<Loss, "periods" | "before"> => {
  const sofar = versions.slice(0, versions.indexOf(version) + 1);
  const periods = versions.flatMap((it) => it.periods);
  return { periods, before: sofar.flatMap((it) => it.periods).length };
};

const remedied = (
  place: Place,
  mine: readonly Piece[],
  paid: readonly Told[],
  fixed: bigint,
): [Standing, Outcome] | null => {
  const { world, sight, version, running, period } = place;
  const it: Document = version.terms.guarantee;
  if (!it) return null;
  const overAll = it.per === "flight" && version.terms.period !== "flight";
  const target = plus(fraction(it.target), overAll ? nothing : running.carried);
  const here = volume(mine, it.result);
  running.results = plus(running.results, here);
  const have = overAll ? running.results : here;
  const wanted = times(target, fraction(10_000 - (it.toleranceBp ?? 0), 10_000));
  const short = atLeast(have, wanted) ? nothing : minus(wanted, have);
  const isOver = sight.judged >= period.until && (place.isLast || !overAll);
  const loss: Loss = {
    result: it.result,
    target,
    fixedMinor: overAll ? running.fixed : fixed,
    earnedMinor: overAll ? running.paid : totalWhole(paid.map(({ minor }) => minor)),
    isLast: place.isLast || overAll,
    judged: sight.judged,
    pieces: place.pieces,
    ...around(world, version),
    note: world.note,
  };
  if (overAll && isOver && isSome(short)) world.note("a guarantee over a whole flight of periods was missed");
  const idle: Outcome = { carried: nothing, filled: nothing, missing: short, isPending: false };
  const outcome = isOver ? settle(it.remedy, short, period.until, loss) : idle;
  const standing = { result: it.result, target, volume: have, short, filled: outcome.filled, until: outcome.until };
  return [{ ...standing, state: stateOf(short, isOver, outcome) }, outcome];
};

const stateOf = (short: Fraction, isOver: boolean, { isPending, missing }: Outcome): Standing["state"] => {
  if (!isSome(short)) return "met";
  if (!isOver) return "open";
  if (isPending) return "pending";
  return isSome(missing) ? "missed" : "met";
};

const worthOf = (place: Place): Worth => {
  const { world, sight, version, pieces, period, running } = place;
  const { terms } = version;
  const mine = pieces.filter(({ at }) => period.from <= at && at < period.until);
  if (mine.some(({ free, whole }) => !same(free, whole))) world.note("a period gave to a make-good");
  const target = plus(fraction(terms.guarantee?.target ?? 0), running.carried);
  if (isSome(running.carried)) world.note("a target was carried over");
  const ground = { terms, isFirst: place.isFirst, pieces: mine, target, note: world.note };
  const lines = rewards({
    ...ground,
    rate: rateOf(world, place.index, place.index === sight.own ? sight.judged : sight.evidence),
  }).map(told);
  const cutting: Cutting = { left: lines.map(({ minor }) => minor), cuts: [] };
  if (terms.caps?.perPeriodMinor !== undefined && cut(cutting, BigInt(terms.caps.perPeriodMinor)))
    world.note("a period's cap bit");
  if (terms.caps?.totalMinor !== undefined && cut(cutting, BigInt(terms.caps.totalMinor) - running.paid))
    world.note("the total cap bit");
  if (cutting.cuts.length > 1) world.note("a cap cut more than one line");
  const paid = [...lines, ...cutting.cuts];
  running.paid += totalWhole(cutting.left);
  const fixed = totalWhole(cutting.left.filter((_, index) => lines[index]!.code === "fixed"));
  running.fixed += fixed;
  const [standing, outcome] = remedied(place, mine, paid, fixed) ?? [null, null];
  running.carried = outcome?.carried ?? nothing;
  const all = outcome?.line ? [...paid, told(outcome.line)] : paid;
  return {
    lines: all,
    minor: totalWhole(all.map(({ minor }) => minor)),
    exact: total(all.map(({ exact }) => exact)),
    guarantee: standing,
  };
};

/** What every period that has begun is worth, priced from scratch. */
export const worthAll = (world: World, sight: Sight): readonly Worth[] => {
  const pieces = piecesAt(world.proofs, sight.evidence);
  const worths: Worth[] = [];
  for (const version of world.versions) {
    const running: Running = { carried: nothing, paid: 0n, fixed: 0n, results: nothing };
    version.periods.forEach((period, nth) => {
      if (period.from > sight.judged) return;
      const isLast = nth === version.periods.length - 1;
      const place = {
        world,
        sight,
        version,
        pieces,
        period,
        running,
        isLast,
        isFirst: nth === 0,
        index: worths.length,
      };
      worths.push(worthOf(place));
    });
  }
  return worths;
};
