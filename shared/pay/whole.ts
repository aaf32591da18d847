import type { Terms } from "../contract/terms.ts";
import type { Rates } from "../judge/reward.ts";
import { add, type Rational, rational, zero } from "../kit/rational.ts";
import { present } from "../kit/shape.ts";
import type { Period } from "../kit/time.ts";
import { type Deal, reachesOn, type Stretch } from "./deal.ts";
import { type Fills, type Settled, settled } from "./guarantee.ts";
import { type Price, priceOf, sumMinor } from "./price.ts";
import { type Net, netOf, noSums, type Piece, type Sums, type Unpaid } from "./sums.ts";

/**
 * What is known of a contract's results at some instant: sums by index of period, before anything is used to make good,
 * the pieces that may be used so, in order of (time, id), and the rates measured.
 */
export interface Knowledge {
  readonly sums: ReadonlyMap<number, Sums>;
  readonly pieces: readonly Piece[];
  readonly rates: ReadonlyMap<number, Rates>;
}

/** A period as it is priced from scratch: what its rules earn, what its guarantee comes to, and both together. */
export interface PeriodPrice {
  readonly price: Price;
  readonly target: Rational | undefined;
  readonly settled: Settled | undefined;
  readonly exact: Rational;
  readonly amountMinor: number;
}

/** A contract priced from scratch, by index of period, and what of its results made good an earlier shortfall. */
export interface Whole {
  readonly periods: ReadonlyMap<number, PeriodPrice>;
  readonly fills: Fills;
}

/**
 * How far, and as of when, a contract is priced: every period up to `upTo`, judged at `at`. `only` one period is enough
 * where none bears on another.
 */
export interface Scope {
  readonly deal: Deal;
  readonly at: number;
  readonly upTo: number;
  readonly only?: number | undefined;
}

/** What a period's own pieces have given to make good an earlier shortfall. */
export const unpaidIn = (pieces: readonly Piece[], fills: Fills, { from, until }: Period): readonly Unpaid[] =>
  fills.size === 0
    ? []
    : pieces.flatMap((piece) => {
        const size = fills.get(piece.id);
        return size && from <= piece.at && piece.at < until ? [{ piece, size }] : [];
      });

/** What is left under the cap over all periods, given what earlier ones earned before remedies: a penalty makes no room. */
export const leftOf = ({ caps }: Terms, earlier: readonly Price[]): number | undefined =>
  caps?.totalMinor === undefined
    ? undefined
    : sumMinor([caps.totalMinor, ...earlier.map(({ grossMinor }) => -grossMinor)]);

/** The target of one period: what was signed, and what was carried into it. A flight's target is the same in all its periods. */
const targetOf = ({ guarantee }: Terms, carried: Rational): Rational | undefined =>
  guarantee && add(rational(guarantee.target), carried);

const isWhole = ({ guarantee, period }: Terms): boolean => guarantee?.per === "flight" && period !== "flight";

/** The pieces that may make good what these terms guarantee. */
const fillers = ({ guarantee }: Terms, pieces: readonly Piece[]): readonly Piece[] =>
  pieces.filter(({ result }) => result === guarantee?.result);

interface Walk {
  readonly scope: Scope;
  readonly knowledge: Knowledge;
  readonly fills: Fills;
  readonly periods: Map<number, PeriodPrice>;
}

const netIn = ({ knowledge, fills }: Walk, terms: Terms, period: Period): Net =>
  netOf(terms, knowledge.sums.get(period.index) ?? noSums, unpaidIn(knowledge.pieces, fills, period));

interface Step {
  readonly stretch: Stretch;
  readonly place: number;
  readonly earlier: readonly PeriodPrice[];
  /** The guaranteed results of the earlier periods of the same flight. */
  readonly before: Rational;
  readonly carried: Rational;
}

const settle = (walk: Walk, { stretch, place, earlier, before }: Step, price: Price, net: Net, target: Rational) => {
  const { terms, periods } = stretch;
  const guarantee = present(terms.guarantee, "the guarantee");
  const whole = isWhole(terms);
  const prices = whole ? [...earlier.map((it) => it.price), price] : [price];
  const isLast = place === periods.length - 1;
  return settled({
    terms,
    // A flight's guarantee is settled once, with its last period; in the earlier ones it stays open.
    at: whole && !isLast ? Number.NEGATIVE_INFINITY : walk.scope.at,
    until: present(whole ? periods.at(-1) : periods[place], "the guaranteed period").until,
    target,
    volume: add(before, net.of(guarantee.result).count),
    fixedMinor: sumMinor(prices.map(({ fixedMinor }) => fixedMinor)),
    grossMinor: sumMinor(prices.map(({ grossMinor }) => grossMinor)),
    pieces: fillers(terms, walk.knowledge.pieces),
    fills: walk.fills,
    isLast,
  });
};

const priced = (walk: Walk, step: Step, period: Period): { readonly made: PeriodPrice; readonly net: Net } => {
  const { terms } = step.stretch;
  const net = netIn(walk, terms, period);
  const target = targetOf(terms, step.carried);
  const price = priceOf({
    terms,
    isFirst: step.place === 0,
    net,
    target,
    rates: walk.knowledge.rates.get(period.index),
    leftMinor: leftOf(
      terms,
      step.earlier.map((it) => it.price),
    ),
  });
  const it = target && settle(walk, step, price, net, target);
  const remedy = it?.remedy;
  return {
    net,
    made: {
      price,
      target,
      settled: it,
      exact: remedy ? add(price.exact, remedy.exact) : price.exact,
      amountMinor: sumMinor([price.grossMinor, remedy?.line.amountMinor ?? 0]),
    },
  };
};

const walked = (walk: Walk, stretch: Stretch): void => {
  const { terms, periods } = stretch;
  const result = terms.guarantee?.result;
  const earlier: PeriodPrice[] = [];
  let [carried, before] = [zero, zero];
  for (const [place, period] of periods.entries()) {
    if (period.index > walk.scope.upTo) return;
    if (walk.scope.only !== undefined && walk.scope.only !== period.index) continue;
    const { made, net } = priced(walk, { stretch, place, earlier, before, carried }, period);
    walk.periods.set(period.index, made);
    earlier.push(made);
    carried = made.settled?.carried ?? zero;
    if (result !== undefined && isWhole(terms)) before = add(before, net.of(result).count);
  }
};

/** May what happens in one period of a contract change what another one earns? */
export const isCoupled = ({ stretches }: Deal): boolean =>
  stretches.some(({ terms }) => terms.caps?.totalMinor !== undefined || reachesOn(terms));

/** Price every period of a contract up to one, from scratch, from what is known. */
export const wholeOf = ({ only, ...scope }: Scope, knowledge: Knowledge): Whole => {
  const walk: Walk = {
    scope: isCoupled(scope.deal) ? scope : { ...scope, only },
    knowledge,
    fills: new Map(),
    periods: new Map(),
  };
  for (const stretch of scope.deal.stretches) walked(walk, stretch);
  return { periods: walk.periods, fills: walk.fills };
};

const pricesIn = (
  { upTo, only }: Scope,
  knowledge: Knowledge,
  whole: Whole,
  { terms, periods }: Stretch,
): readonly (readonly [number, Price])[] => {
  const made: (readonly [number, Price])[] = [];
  for (const [place, period] of periods.entries()) {
    const { index } = period;
    if (index > upTo || (only !== undefined && only !== index)) continue;
    const net = netOf(terms, knowledge.sums.get(index) ?? noSums, unpaidIn(knowledge.pieces, whole.fills, period));
    const leftMinor = leftOf(
      terms,
      made.map(([, price]) => price),
    );
    const target = whole.periods.get(index)?.target;
    const rates = knowledge.rates.get(index);
    made.push([index, priceOf({ terms, isFirst: place === 0, net, target, rates, leftMinor })]);
  }
  return made;
};

/**
 * What the pay rules and caps make of other sums than those a contract was priced by, such as only what has matured: under
 * the same targets, and with the same results used to make good. No remedies.
 */
export const pricesOf = (scope: Scope, knowledge: Knowledge, whole: Whole): ReadonlyMap<number, Price> => {
  const bounded = isCoupled(scope.deal) ? { ...scope, only: undefined } : scope;
  return new Map(scope.deal.stretches.flatMap((stretch) => pricesIn(bounded, knowledge, whole, stretch)));
};
