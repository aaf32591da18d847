import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { pathsOf } from "../../shared/judge/columnar.ts";
import type { Paths } from "../../shared/judge/columns.ts";
import { columnsOf, type LogColumns } from "./event-columns.ts";
import type { EventSharing } from "./event-credit.ts";
import { valueAt } from "./event-log.ts";
import type { Whole } from "./global.ts";
import type { Events } from "./intake.ts";
import type { Learned } from "./learned.ts";
import { unitsAt } from "./number.ts";

/** An event log ready to be shared: its columns, its payees' names, and the decimals its values are split in. */
export interface EventFile {
  readonly events: Events;
  readonly columns: LogColumns;
  readonly names: readonly string[];
  readonly digits: number;
}

/** The columns of what was read. `heard` is told of how many lines. */
export const eventFile = (events: Events, digits: number, heard?: (lines: number) => void): EventFile => ({
  events,
  columns: columnsOf(events.log, heard),
  names: events.log.payees.all,
  digits: Math.max(digits, events.finest),
});

/** The journeys of a log, converting and not, as learned models see them; values in major units. */
export const journeysOf = ({ events: { log }, columns, names }: EventFile, terms: AttributionTerms): Paths => {
  const values = Float64Array.from(columns.rows, (row) => {
    const { units, digits } = valueAt(log, row);
    return Number(units) / 10 ** digits;
  });
  return pathsOf(columns.touches, columns.conversions, terms, names.length, values);
};

/** How a log is shared under these terms, with the weights of a learned model where it is one. */
export const sharingOf = (
  { events: { log }, names, digits }: EventFile,
  terms: AttributionTerms,
  learned: Learned | undefined,
): EventSharing => ({
  terms,
  payees: names.length,
  digits,
  weights: learned?.effectsNano,
  placesNano: learned?.placesNano,
  milestones: terms.milestones?.map((result) => log.kinds.all.indexOf(result)),
});

/** All that a log has to share. */
export const wholeOf = ({ events: { log }, columns: { rows }, digits }: EventFile): Whole => {
  let valueUnits = 0n;
  for (const row of rows) valueUnits += unitsAt(valueAt(log, row), digits);
  return { conversionsMicro: BigInt(rows.length) * 1_000_000n, valueUnits, digits };
};
