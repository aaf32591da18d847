import { exponentOf } from "../../shared/kit/money.ts";
import type { Held } from "./columns.ts";
import { append, type EventLog, eventLog } from "./event-log.ts";
import { eventsIn, type HistoryEvent } from "./events.ts";
import { appendPath, type PathLog, pathLog } from "./path-log.ts";
import { pathsIn } from "./paths.ts";
import type { History } from "./reading.ts";
import type { Table } from "./table.ts";

/** Decimals of value where nothing says how many there are. */
export const USUAL_DIGITS = 2;
/** Seconds since 1970, from 2001 to 2286, read as milliseconds. */
const [SECONDS_FROM, SECONDS_UNTIL] = [1e9, 1e10];

/** An event log as it was read, and what was strange about it. */
export interface Events {
  readonly log: EventLog;
  readonly lines: number;
  readonly results: number;
  /** The most decimals any value has; decimals of the file's currency where it names one. */
  readonly finest: number;
  readonly currency: string;
  readonly from: number;
  readonly until: number;
  readonly notes: readonly string[];
}

/** How an event log is read: what it calls the brand itself, what a 1 in its event column is, and who else looks at each result. */
export interface Manner {
  readonly house: string;
  readonly result: string | undefined;
  readonly check?: ((table: Table, columns: EventColumns, event: HistoryEvent) => void) | undefined;
}

type EventColumns = (Held & { readonly kind: "events" })["columns"];
type PathColumns = (Held & { readonly kind: "paths" })["columns"];

const refuseChanged = (table: Table, columns: EventColumns, event: HistoryEvent, line: number): never => {
  const because = `the ${event.result} "${event.id}" was read on line ${line} already, and said otherwise. Keep one.`;
  throw table.fault(event.row, { cell: columns.id }, because);
};

const notesOn = ({ kinds }: EventLog, repeats: number, latest: number): readonly string[] => [
  // A log of clicks and page views that are not called touch would otherwise pass for conversions unseen.
  ...(kinds.all.length > 2 ? [`these events were counted as results: ${kinds.all.slice(1).join(", ")}.`] : []),
  ...(repeats > 0
    ? [
        repeats === 1
          ? "1 line repeats a result read before and was left out."
          : `${repeats} lines repeat a result read before and were left out.`,
      ]
    : []),
  ...(latest >= SECONDS_FROM && latest < SECONDS_UNTIL
    ? ["everything happened early in 1970. If at counts seconds, multiply it by 1000."]
    : []),
];

/** Read a whole event log into memory. */
export const eventsOf = async ({ table }: History, columns: EventColumns, manner: Manner): Promise<Events> => {
  const log = eventLog(manner.house);
  let [lines, results, repeats, finest, currency] = [0, 0, 0, 0, ""];
  let [from, until] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const events of eventsIn(table, { columns, result: manner.result })) {
    for (const event of events) {
      manner.check?.(table, columns, event);
      const repeat = append(log, event);
      if (repeat?.isSame === false) refuseChanged(table, columns, event, repeat.line);
      lines += 1;
      if (repeat !== undefined) repeats += 1;
      else if (event.result !== undefined) results += 1;
      finest = Math.max(finest, event.value.digits);
      [from, until] = [Math.min(from, event.at), Math.max(until, event.at)];
      if (event.currency !== "") currency = event.currency;
    }
  }
  return { log, lines, results, finest, currency, from, until, notes: notesOn(log, repeats, until) };
};

/** The decimals values of an event log are printed with, and split in, where nobody asks for others. */
export const digitsOf = ({ currency }: Pick<Events, "currency">): number =>
  currency === "" ? USUAL_DIGITS : exponentOf(currency);

/** A file of paths as it was read: its finest value has so many decimals. */
export interface PathFile {
  readonly log: PathLog;
  readonly finest: number;
}

/** Read a whole file of paths into memory. */
export const pathFileOf = async ({ table }: History, columns: PathColumns, house: string): Promise<PathFile> => {
  const log = pathLog(house);
  let finest = 0;
  for await (const rows of pathsIn(table, columns)) {
    for (const row of rows) {
      appendPath(log, row);
      finest = Math.max(finest, row.value.digits);
    }
  }
  return { log, finest };
};
