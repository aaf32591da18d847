import type { Remedy, Terms } from "../contract/terms.ts";
import { present } from "../kit/shape.ts";
import { addDays, DAY_MS, type Period, periodsOf } from "../kit/time.ts";

/** The time in which one version of a contract's terms decides, and its periods; indexes run on from version to version. */
export interface Stretch {
  readonly terms: Terms;
  readonly periods: readonly Period[];
}

/** A contract as it is priced: its signed versions one after another, and all their periods. */
export interface Deal {
  readonly stretches: readonly Stretch[];
  readonly periods: readonly Period[];
}

/** The terms cut short: nothing of them lasts beyond `ends`. */
export const endedBy = (terms: Terms, ends: string): Terms => (terms.ends <= ends ? terms : { ...terms, ends });

/**
 * A contract's versions, in the order they were signed, as one deal: each holds until the day before the next one starts.
 * A version that would have no day left has no periods.
 */
export const dealOf = (versions: readonly Terms[]): Deal => {
  const periods: Period[] = [];
  const stretches = versions.map((terms, place): Stretch => {
    const next = versions[place + 1];
    const ends = next && next.starts <= terms.ends ? addDays(next.starts, -1) : terms.ends;
    const cut = endedBy(terms, ends);
    const own = cut.starts <= cut.ends ? periodsOf(cut.starts, cut.ends, cut.period, cut.timeZone) : [];
    const numbered = own.map((period, index) => ({ ...period, index: periods.length + index }));
    periods.push(...numbered);
    return { terms: cut, periods: numbered };
  });
  return { stretches, periods };
};

/** The stretch a period belongs to. */
export const stretchOf = ({ stretches }: Deal, period: Period): Stretch =>
  present(
    stretches.find(({ periods }) => periods.some(({ index }) => index === period.index)),
    `the version of period ${period.index}`,
  );

/** The windows in which a remedy lets a shortfall be made good, one after another, in days of 24 hours. */
export const windowDays = (remedy: Remedy | undefined): number => {
  if (!remedy) return 0;
  return (remedy.kind === "makeGood" ? (remedy.days ?? 0) : 0) + windowDays(remedy.then);
};

/** How long after its last day results may still make good what the terms guaranteed, in ms. */
export const afterlifeMs = ({ guarantee }: Terms): number => windowDays(guarantee?.remedy) * DAY_MS;

/** Does a missed guarantee of these terms reach beyond its own period: by a window, a carried target, or a whole flight? */
export const reachesOn = ({ guarantee, period }: Terms): boolean => {
  if (!guarantee) return false;
  const carries = (remedy: Remedy | undefined): boolean =>
    remedy !== undefined && (remedy.kind === "carryOver" || remedy.kind === "makeGood" || carries(remedy.then));
  return carries(guarantee.remedy) || (guarantee.per === "flight" && period !== "flight");
};
