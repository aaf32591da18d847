import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { apportionLarge } from "../../shared/kit/money.ts";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { type EventLog, type LoggedResult, visitorsIn } from "./event-log.ts";
import { unitsAt } from "./number.ts";
import type { Tally } from "./tally.ts";

/** The place of the first of the sorted touches that is not before `at`. */
const firstFrom = (touches: readonly Touch[], at: number): number => {
  let [low, high] = [0, touches.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (present(touches[middle], "a touch").at < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

const split = (
  whole: bigint,
  shares: readonly { readonly payee: string; readonly shareMicro: number }[],
  id: string,
) => {
  const claims = shares.map(({ payee, shareMicro }) => ({
    id: payee,
    weight: BigInt(shareMicro),
    tie: scatter(id, payee),
  }));
  const parts = apportionLarge(whole < 0n ? -whole : whole, claims);
  return whole < 0n ? parts.map((part) => -part) : parts;
};

/** How an event log is shared: the terms, and the unit each result's value is split in, as decimals. */
export interface EventSharing {
  readonly terms: AttributionTerms;
  readonly digits: number;
}

const shareResult = (
  { id, at, value }: LoggedResult,
  touches: readonly Touch[],
  { terms, digits }: EventSharing,
  give: (payee: string, conversionsMicro: number, valueUnits: bigint) => void,
): void => {
  const from = firstFrom(touches, at - Math.round(terms.windowDays * DAY_MS));
  const journey = touches.slice(from, firstFrom(touches, at + 1));
  const { shares } = credit({ id, at }, journey, terms);
  const values = split(unitsAt(value, digits), shares, id);
  shares.forEach(({ payee, shareMicro }, index) => {
    give(payee, shareMicro, present(values[index], "a part"));
  });
};

/**
 * Share every result of a log among the payees of its visitor's touches, into the tally. Each result looks back over the
 * whole window, whatever results came before it; its value is split by its shares in units of 10^−digits, none lost.
 * `heard` is told of each result done.
 */
export const shareEvents = (log: EventLog, sharing: EventSharing, into: Tally, heard: () => void): void => {
  const placeOf = (payee: string) =>
    into.see(payee === HOUSE ? log.house : present(log.payees.all[Number(payee)], "a payee"));
  const { conversions, values } = into.over(1, sharing.digits);
  const give = (payee: string, conversionsMicro: number, valueUnits: bigint) => {
    const place = placeOf(payee);
    conversions.add(place, conversionsMicro);
    values.addLarge(place, valueUnits);
  };
  for (const payee of log.payees.all) into.see(payee);
  for (const { touches, results } of visitorsIn(log)) {
    for (const result of results) {
      shareResult(result, touches, sharing, give);
      heard();
    }
  }
};
