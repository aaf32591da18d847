import type { Remedy, Terms } from "../contract/terms.ts";
import { add, compare, least, multiply, type Rational, rational, subtract, written, zero } from "../kit/rational.ts";
import { present } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import { type Line, rounded } from "./price.ts";
import { type Piece, sizeOf } from "./sums.ts";

/**
 * How a guarantee stands in one period, in millionths of a result. `target` is what was carried into the period and what
 * was signed for it, rounded up to whole results; `shortfallMicro` counts from the tolerated target and is what is still
 * missing. `pending`: results that come until `until` may yet make it good, `filledMicro` of them have.
 */
export interface GuaranteeStanding {
  readonly state: "open" | "met" | "missed" | "pending";
  readonly result: string;
  readonly target: number;
  readonly targetMicro: number;
  readonly volumeMicro: number;
  readonly shortfallMicro: number;
  readonly filledMicro?: number | undefined;
  readonly until?: number | undefined;
}

/** Results that have made good a shortfall, by conversion: how much of each is unpaid, exactly. */
export type Fills = Map<string, Rational>;

/** What a guarantee is settled by: the money it may take, and what came afterwards to make it good. */
export interface Settling {
  readonly terms: Terms;
  /** The instant as of which it is settled. */
  readonly at: number;
  /** When the period, or the flight, that was guaranteed is over. */
  readonly until: number;
  readonly target: Rational;
  readonly volume: Rational;
  /** Minor units of fixed pay, and of all pay, that a remedy may take from. */
  readonly fixedMinor: number;
  readonly grossMinor: number;
  /** Counted results of the guaranteed kind, in order of (time, id). */
  readonly pieces: readonly Piece[];
  /** What has been used of them so far; what this guarantee uses is added. */
  readonly fills: Fills;
  readonly isLast: boolean;
}

/** What comes of a guarantee: its standing, the negative line of its remedy if there is one, and what the next period must carry. */
export interface Settled {
  readonly standing: GuaranteeStanding;
  readonly remedy: { readonly line: Line; readonly exact: Rational } | undefined;
  readonly carried: Rational;
}

const MICRO = 1_000_000n;
const floorMicro = ({ n, d }: Rational): number => Number((n * MICRO) / d);
const ceilMicro = ({ n, d }: Rational): number => Number((n * MICRO + d - 1n) / d);
const plain = (it: Rational): string => String(ceilMicro(it) / 1_000_000);

/** Let results inside a window fill a shortfall, in order, unpaid. Answers what is still missing. */
const filled = ({ pieces, fills }: Settling, missing: Rational, from: number, until: number): Rational => {
  let left = missing;
  for (const piece of pieces) {
    if (left.n === 0n) break;
    if (piece.at < from || piece.at >= until) continue;
    const used = fills.get(piece.id) ?? zero;
    const part = least(left, subtract(sizeOf(piece), used));
    if (compare(part, zero) <= 0) continue;
    fills.set(piece.id, add(used, part));
    left = subtract(left, part);
  }
  return left;
};

/** What remains to be settled after windows and carrying: by which remedy, for how much, and whether a window still runs. */
interface Rest {
  readonly remedy: Remedy | undefined;
  readonly missing: Rational;
  readonly pendingUntil: number | undefined;
  readonly carried: Rational;
}

const rest = (settling: Settling, remedy: Remedy | undefined, missing: Rational, from: number): Rest => {
  const none = { remedy: undefined, missing, pendingUntil: undefined, carried: zero };
  if (!remedy || missing.n === 0n) return none;
  if (remedy.kind === "carryOver")
    return settling.isLast ? rest(settling, remedy.then, missing, from) : { ...none, carried: missing };
  if (remedy.kind !== "makeGood") return { ...none, remedy };
  const until = from + (remedy.days ?? 0) * DAY_MS;
  const left = filled(settling, missing, from, until);
  if (settling.at < until) return { ...none, missing: left, pendingUntil: until };
  return rest(settling, remedy.then, left, until);
};

const proRata = ({ fixedMinor, target }: Settling, missing: Rational): Rational =>
  multiply(rational(fixedMinor), multiply(missing, rational(target.d, target.n)));

const penalty = (remedy: Remedy, { grossMinor }: Settling, missing: Rational): Rational => {
  const asked = multiply(missing, rational(present(remedy.amountMinor, "the amount of a penalty")));
  const capped = remedy.capMinor === undefined ? asked : least(asked, rational(remedy.capMinor));
  return remedy.mayOwe ? capped : least(capped, rational(grossMinor));
};

const remedied = (settling: Settling, { remedy, missing }: Rest): Settled["remedy"] => {
  if (remedy?.kind !== "proRata" && remedy?.kind !== "penalty") return undefined;
  const taken = remedy.kind === "proRata" ? proRata(settling, missing) : penalty(remedy, settling, missing);
  if (taken.n === 0n) return undefined;
  const exact = subtract(zero, taken);
  const { result } = present(settling.terms.guarantee, "the guarantee that was missed");
  const because = `${plain(missing)} of ${plain(settling.target)} ${result} are missing`;
  return { exact, line: { code: remedy.kind, amountMinor: rounded(exact), exact: written(exact), because } };
};

/** What the guarantee promises of a target, once what is tolerated is taken off. */
const tolerated = ({ terms, target }: Settling): Rational =>
  multiply(target, rational(10_000 - (terms.guarantee?.toleranceBp ?? 0), 10_000));

const standingOf = (settling: Settling, state: GuaranteeStanding["state"], missing: Rational): GuaranteeStanding => {
  const { target, volume, terms } = settling;
  return {
    state,
    result: present(terms.guarantee, "the guarantee").result,
    target: Number((target.n + target.d - 1n) / target.d),
    targetMicro: ceilMicro(target),
    volumeMicro: floorMicro(volume),
    shortfallMicro: ceilMicro(missing),
  };
};

/**
 * Settle one guarantee as of an instant. Before its period is over nothing is owed. A shortfall is made good first where
 * the terms give it a window, then carried on where they say so; what is left goes to a reduced fee or a penalty.
 */
export const settled = (settling: Settling): Settled => {
  const short = subtract(tolerated(settling), settling.volume);
  const missing = compare(short, zero) > 0 ? short : zero;
  const isMissing = missing.n > 0n;
  if (settling.at < settling.until || !isMissing) {
    const standing = standingOf(settling, isMissing ? "open" : "met", missing);
    return { standing, remedy: undefined, carried: zero };
  }
  const left = rest(settling, settling.terms.guarantee?.remedy, missing, settling.until);
  const filledMicro = floorMicro(subtract(missing, left.missing));
  const state = left.pendingUntil === undefined ? "missed" : "pending";
  const standing = standingOf(settling, left.missing.n === 0n && state === "missed" ? "met" : state, left.missing);
  return {
    standing: {
      ...standing,
      ...(filledMicro > 0 && { filledMicro }),
      ...(left.pendingUntil !== undefined && { until: left.pendingUntil }),
    },
    remedy: remedied(settling, left),
    carried: left.carried,
  };
};
