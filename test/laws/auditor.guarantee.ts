/** What follows a shortfall: the auditor's own reading of a guarantee's remedies, nested as they are. */
import type { Month } from "./auditor.calendar.ts";
import {
  type Fraction,
  fraction,
  isSome,
  minus,
  negative,
  nothing,
  over,
  plus,
  same,
  smaller,
  times,
} from "./auditor.fraction.ts";
import type { Piece } from "./auditor.rules.ts";

// biome-ignore lint/suspicious/noExplicitAny: the auditor reads the signed document itself, not the law's types.
type Document = any;

const DAY = 86_400_000;

/** What a remedy is reckoned from. */
export interface Loss {
  readonly result: string;
  readonly target: Fraction;
  readonly fixedMinor: bigint;
  readonly earnedMinor: bigint;
  /** Is there no period left to carry anything to? */
  readonly isLast: boolean;
  readonly judged: number;
  readonly pieces: readonly Piece[];
  readonly periods: readonly Month[];
  /** How many of those periods come before newer terms. */
  readonly before: number;
  readonly note: (what: string) => void;
}

/** What came of it: a line or none, what the next period has to make up for, and how the make-good went. */
export interface Outcome {
  readonly line?: { readonly code: string; readonly exact: Fraction };
  readonly carried: Fraction;
  readonly filled: Fraction;
  readonly missing: Fraction;
  readonly until?: number;
  readonly isPending: boolean;
}

const noteUse = (used: readonly Piece[], { periods, before, note }: Loss): void => {
  const places = used.map(({ at }) => periods.findIndex(({ from, until }) => from <= at && at < until));
  if (new Set(places).size > 1) note("a make-good was filled from two periods");
  if (places.some((place) => place >= before)) note("a make-good was filled under newer terms");
  if (places.includes(-1)) note("a make-good was filled after the end");
};

/** Take what counts in a window, in order, until the need is met; what is taken is gone for everybody else. */
const fill = (need: Fraction, from: number, until: number, loss: Loss): Fraction => {
  let open = need;
  const used: Piece[] = [];
  for (const piece of loss.pieces) {
    if (piece.result !== loss.result || piece.at < from || piece.at >= until) continue;
    const taken = smaller(piece.free, open);
    if (!isSome(taken)) continue;
    if (!same(taken, piece.free)) loss.note("a share was split by a make-good");
    piece.free = minus(piece.free, taken);
    open = minus(open, taken);
    used.push(piece);
  }
  noteUse(used, loss);
  return minus(need, open);
};

const makeGood = (remedy: Document, short: Fraction, from: number, loss: Loss): Outcome => {
  const until = from + remedy.days * DAY;
  const filled = fill(short, from, until, loss);
  const missing = minus(short, filled);
  if (isSome(filled)) loss.note(isSome(missing) ? "a make-good was filled in part" : "a make-good was filled");
  if (loss.judged < until) {
    loss.note("a make-good was pending");
    return { carried: nothing, filled, missing, until, isPending: true };
  }
  loss.note("a make-good ended");
  const then = remedy.then ? settle(remedy.then, missing, until, loss) : undefined;
  if (!then) return { carried: nothing, filled, missing, until, isPending: false };
  return { ...then, filled: plus(filled, then.filled), until: then.until ?? until };
};

const carryOver = (remedy: Document, short: Fraction, from: number, loss: Loss): Outcome => {
  const none = { filled: nothing, missing: short, isPending: false };
  if (!loss.isLast) {
    loss.note("a shortfall was carried over");
    return { ...none, carried: short };
  }
  return remedy.then ? settle(remedy.then, short, from, loss) : { ...none, carried: nothing };
};

const penalty = (remedy: Document, short: Fraction, loss: Loss): Fraction => {
  let owed = times(short, fraction(remedy.amountMinor));
  const most = (limit: Fraction, what: string): void => {
    const cut = smaller(owed, limit);
    if (!same(cut, owed)) loss.note(what);
    owed = cut;
  };
  if (remedy.capMinor !== undefined) most(fraction(remedy.capMinor), "a penalty's own cap bit");
  if (remedy.mayOwe !== true) most(fraction(loss.earnedMinor), "a penalty stopped at the pay");
  else if (!same(smaller(owed, fraction(loss.earnedMinor)), owed)) loss.note("a penalty went beyond the pay");
  return owed;
};

/** What follows when so much is short, from the instant at which the remedy begins. */
export const settle = (remedy: Document, short: Fraction, from: number, loss: Loss): Outcome => {
  const done = { carried: nothing, filled: nothing, missing: short, isPending: false };
  if (!isSome(short)) return done;
  if (remedy.kind === "makeGood") return makeGood(remedy, short, from, loss);
  if (remedy.kind === "carryOver") return carryOver(remedy, short, from, loss);
  if (remedy.kind === "none") return done;
  loss.note(`a ${remedy.kind} was due`);
  const owed =
    remedy.kind === "proRata"
      ? times(fraction(loss.fixedMinor), over(short, loss.target))
      : penalty(remedy, short, loss);
  return isSome(owed) ? { ...done, line: { code: remedy.kind, exact: negative(owed) } } : done;
};
