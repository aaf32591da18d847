import type { Terms } from "../contract/terms.ts";
import { add, least, multiply, type Rational, rational, subtract, zero } from "../kit/rational.ts";
import { NANO, noVolume, portion, type Volumes } from "./volume.ts";

/**
 * One contract's share of one conversion as it is known at some instant: `shareMicro` millionths of it, of which `left`
 * thousandths have not been taken back. `valueMinor` is the whole conversion's value in minor units.
 */
export interface Piece {
  readonly id: string;
  readonly at: number;
  readonly result: string;
  readonly shareMicro: number;
  readonly left: number;
  readonly valueMinor?: number | undefined;
}

/**
 * What a period's pieces add up to: volumes by result and, for each `share` rule under a cap per result, the exact minor
 * units its conversions earn, by the rule's place in the terms. Adds up the same in any order.
 */
export interface Sums {
  readonly volumes: Volumes;
  readonly capped: ReadonlyMap<number, Rational>;
}

/** A period in which nothing happened. */
export const noSums: Sums = { volumes: new Map(), capped: new Map() };

/** A net quantity of one result, exactly: results, and minor units of value. */
export interface Quantity {
  readonly count: Rational;
  readonly value: Rational;
}

/** How many results a piece is, exactly: its share of what is left of one. */
export const sizeOf = ({ shareMicro, left }: Piece): Rational => rational(BigInt(shareMicro) * BigInt(left), NANO);

/** What a conversion earns by a `share` rule under a cap, exactly: the smaller of rate × value and the cap, for `size` of it. */
const earnedUnderCap = (rateBp: number, capMinor: number, { left, valueMinor }: Piece, size: Rational): Rational => {
  if (left === 0) return zero;
  const asked = rational(BigInt(rateBp) * BigInt(valueMinor ?? 0) * BigInt(left), 10_000_000n);
  return multiply(least(asked, rational(capMinor)), multiply(size, rational(1000, left)));
};

type Capped = ReadonlyMap<number, Rational>;

/** What some size of a piece earns by each `share` rule on its result, by the rule's place. Nothing without a cap per result. */
const cappedOf = ({ pay, caps }: Terms, piece: Piece, size: Rational): Capped => {
  const capMinor = caps?.perResultMinor;
  if (capMinor === undefined) return new Map();
  return new Map(
    pay.flatMap((rule, place) =>
      rule.rule === "share" && rule.result === piece.result
        ? [[place, earnedUnderCap(rule.rateBp, capMinor, piece, size)] as const]
        : [],
    ),
  );
};

const merged = (capped: Capped, more: Capped, how: typeof add): Capped => {
  if (more.size === 0) return capped;
  const next = new Map(capped);
  for (const [place, amount] of more) next.set(place, how(next.get(place) ?? zero, amount));
  return next;
};

/** The sums once a piece that was known as `before` is known as `after`; either may be absent. */
export const changed = (terms: Terms, sums: Sums, before: Piece | undefined, after: Piece | undefined): Sums => {
  const volumes = new Map(sums.volumes);
  let capped = sums.capped;
  for (const [piece, sign] of [
    [before, -1n],
    [after, 1n],
  ] as const) {
    if (!piece) continue;
    const by = portion(piece.shareMicro, piece.left, piece.valueMinor);
    const { countNano, valueNano } = volumes.get(piece.result) ?? noVolume;
    volumes.set(piece.result, {
      countNano: countNano + sign * by.countNano,
      valueNano: valueNano + sign * by.valueNano,
    });
    capped = merged(capped, cappedOf(terms, piece, sizeOf(piece)), sign === 1n ? add : subtract);
  }
  return { volumes, capped };
};

/** A part of a piece that is not paid, since it made good an earlier shortfall: `size` results of it, exactly. */
export interface Unpaid {
  readonly piece: Piece;
  readonly size: Rational;
}

/** What a period is priced by: its sums without what made good an earlier shortfall. */
export interface Net {
  readonly of: (result: string) => Quantity;
  readonly capped: Capped;
}

/** What is paid of one result: what there is of it, less what made good an earlier shortfall. */
const paidOf = (result: string, { volumes }: Sums, unpaid: readonly Unpaid[]): Quantity => {
  const { countNano, valueNano } = volumes.get(result) ?? noVolume;
  let [count, value] = [zero, zero];
  for (const { piece, size } of unpaid) {
    if (piece.result !== result) continue;
    count = add(count, size);
    if (piece.valueMinor !== undefined) value = add(value, multiply(size, rational(piece.valueMinor)));
  }
  return { count: subtract(rational(countNano, NANO), count), value: subtract(rational(valueNano, NANO), value) };
};

/** The sums of a period without some parts of its pieces. */
export const netOf = (terms: Terms, sums: Sums, unpaid: readonly Unpaid[]): Net => {
  // Every rule on a result asks for the same quantity.
  const known = new Map<string, Quantity>();
  const of = (result: string): Quantity => {
    const quantity = known.get(result) ?? paidOf(result, sums, unpaid);
    known.set(result, quantity);
    return quantity;
  };
  const without = unpaid.reduce(
    (all, { piece, size }) => merged(all, cappedOf(terms, piece, size), subtract),
    sums.capped,
  );
  return { of, capped: without };
};
