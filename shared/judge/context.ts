import * as v from "valibot";
import { at, id } from "../fact.kit.ts";
import { HOUSE } from "../journey/touch.ts";
import { present } from "../kit/shape.ts";
import { DAY_MS } from "../kit/time.ts";
import type { AttributionTerms } from "./attribution.ts";
import { effectsOf, type Fit } from "./fit.ts";
import type { Context } from "./models.ts";

const nano = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000));

/** The shape of a `Context`: what a journey's shares depend on besides its touches. */
export const ContextSchema = v.strictObject({
  since: v.optional(at),
  milestones: v.optional(v.array(v.nullable(at))),
  effects: v.optional(
    v.array(
      v.strictObject({
        payee: id,
        effectNano: nano,
        lowerNano: nano,
        upperNano: nano,
        placesNano: v.optional(v.array(nano)),
      }),
    ),
  ),
});

/** Another conversion of the same person. */
export interface OtherConversion {
  readonly conversion: string;
  readonly result: string;
  readonly at: number;
}

/**
 * What a context is found from: the conversion, whoever is on its journey, the same person's other conversions, the frozen
 * weights that terms name, by their hash, and what these call a payee.
 */
export interface Circumstances {
  readonly conversion: { readonly id: string; readonly at: number; readonly result: string };
  readonly payees: Iterable<string>;
  readonly others?: readonly OtherConversion[] | undefined;
  readonly fits?: Readonly<Record<string, Fit>> | undefined;
  readonly whose?: Readonly<Record<string, string>> | undefined;
}

const earlier = (a: OtherConversion, b: OtherConversion): boolean =>
  a.at < b.at || (a.at === b.at && a.conversion < b.conversion);

/** When the person last converted so before: of two at one instant the one of the lesser id came first. */
const lastBefore = ({ conversion: { id, at, result }, others = [] }: Circumstances): number | undefined => {
  const self = { conversion: id, at, result };
  const before = others.filter((it) => it.result === result && it.conversion !== id && earlier(it, self));
  return before.length === 0 ? undefined : Math.max(...before.map((it) => it.at));
};

/**
 * When the person first reached each milestone in the window of this conversion, itself included, and, where the journey
 * starts anew after an earlier conversion, after that.
 */
const reached = (
  { conversion, others = [] }: Circumstances,
  { milestones = [], windowDays }: AttributionTerms,
  since: number | undefined,
) => {
  const opensAt = conversion.at - Math.round(windowDays * DAY_MS);
  const before = others.filter(
    (it) => it.at >= opensAt && it.at <= conversion.at && (since === undefined || it.at > since),
  );
  const known = [...before, conversion];
  return milestones.map((milestone): number | null => {
    const instants = known.filter(({ result }) => result === milestone).map(({ at }) => at);
    return instants.length === 0 ? null : Math.min(...instants);
  });
};

/** Whatever terms ask for besides the touches, as plain values; nothing where they ask for nothing. */
export const contextOf = (it: Circumstances, terms: AttributionTerms): Context => {
  const since = terms.after === "restart" ? lastBefore(it) : undefined;
  const fit = terms.learned
    ? present(it.fits?.[terms.learned.fit], `the fit ${terms.learned.fit}, which signing makes sure of`)
    : undefined;
  return {
    ...(since !== undefined && { since }),
    ...(terms.milestones && { milestones: reached(it, terms, since) }),
    ...(fit && { effects: effectsOf(fit, [HOUSE, ...it.payees], (payee) => it.whose?.[payee] ?? payee) }),
  };
};
