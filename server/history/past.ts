import { exponentOf, LARGEST_MINOR } from "../../shared/kit/money.ts";
import { MINUTE_MS } from "../../shared/kit/time.ts";
import type { Reported } from "../decisions/conversions.ts";
import type { Held } from "./columns.ts";
import { eventsIn, type HistoryEvent } from "./events.ts";
import type { Identities } from "./identity.ts";
import { type Exact, unitsAt } from "./number.ts";
import type { Table } from "./table.ts";

/** How the lines of a file become a brand's past. */
export interface Manner {
  readonly campaign: string;
  /** What the file calls the brand itself. */
  readonly house: string;
  /** What a 1 in the event column means, where it holds 1 and 0. */
  readonly result: string | undefined;
  /** The currency of the file's values, if it was said. */
  readonly currency: string | undefined;
  /** The currency of values where neither the file nor its reader says one. */
  readonly usualCurrency: string;
  /** Decimals between a value in the file and minor units; the currency's own if it was not said. */
  readonly exponent: number | undefined;
  readonly now: number;
}

/** One line of a brand's past: a touch of a payee (nobody's when it names none), a result, or both at once. */
export interface PastLine {
  readonly event: HistoryEvent;
  readonly touches: "nobody" | "house" | "payee";
  readonly reported: Reported | undefined;
}

type Columns = (Held & { kind: "events" })["columns"];

interface Reading {
  readonly table: Table;
  readonly columns: Columns;
  readonly manner: Manner;
  readonly ids: Identities;
  /** Are results read, and not touches alone? */
  readonly results: boolean;
}

const LONGEST_NAME = 120;
const LATEST_MS = 5 * MINUTE_MS;
/** Seconds since 1970, from 2001 to 2286, read as milliseconds. */
const [SECONDS_FROM, SECONDS_UNTIL] = [1e9, 1e10];

const refuseInstant = ({ table, columns, manner }: Reading, { at, row }: HistoryEvent): void => {
  const no = (because: string) => table.fault(row, { cell: columns.at }, because);
  if (at < 0) throw no("this is before 1970, and so before any link there was to follow.");
  if (at > manner.now + LATEST_MS) throw no("this lies in the future. A past is imported, not a plan.");
  if (at >= SECONDS_FROM && at < SECONDS_UNTIL)
    throw no("this is early in 1970. If it counts seconds, multiply it by 1000.");
};

const refuseNames = ({ table, columns }: Reading, { payee, id, row }: HistoryEvent): void => {
  if (payee.length > LONGEST_NAME)
    throw table.fault(row, { cell: columns.payee }, `a payee's name has at most ${LONGEST_NAME} letters.`);
  if (id.length > LONGEST_NAME)
    throw table.fault(row, { cell: columns.id }, `an id has at most ${LONGEST_NAME} letters.`);
};

const currencyOf = ({ table, columns, manner }: Reading, { currency, row }: HistoryEvent): string => {
  const said = manner.currency;
  if (currency !== "" && said !== undefined && currency !== said)
    throw table.fault(row, { cell: columns.currency }, `${currency}, where --currency says ${said}. Drop --currency.`);
  const found = currency || said;
  if (found !== undefined && found !== "") return found;
  if (columns.currency === -1) return manner.usualCurrency;
  throw table.fault(row, { cell: columns.currency }, "a value without a currency. Write it here, or say --currency.");
};

/** The minor units of a value, or why there is no such amount of money. */
const minorIn = (
  value: Exact,
  currency: string,
  exponent: number = exponentOf(currency),
): number | { readonly because: string } => {
  if (value.digits > exponent)
    return {
      because: `finer than ${currency} is counted here: it has ${exponent} decimals. Round it, or say --exponent.`,
    };
  const units = unitsAt(value, exponent);
  if (units <= BigInt(LARGEST_MINOR)) return Number(units);
  return { because: "this is more than any amount of money that can be counted here." };
};

const moneyIn = (reading: Reading, event: HistoryEvent): Pick<Reported, "valueMinor" | "currency"> => {
  const { value, row } = event;
  if (value.units === 0n) return {};
  const no = (because: string) => reading.table.fault(row, { cell: reading.columns.value }, because);
  if (value.units < 0n)
    throw no("a result is never worth less than nothing. Leave it out; what was refunded is taken back afterwards.");
  const currency = currencyOf(reading, event);
  const valueMinor = minorIn(value, currency, reading.manner.exponent);
  if (typeof valueMinor !== "number") throw no(valueMinor.because);
  return { valueMinor, currency };
};

const reportedIn = (reading: Reading, event: HistoryEvent): Reported | undefined => {
  const { result, at } = event;
  if (result === undefined || !reading.results) return undefined;
  const { ids, manner } = reading;
  const externalId = ids.external(event);
  return {
    conversion: ids.conversion(result, externalId),
    result,
    externalId,
    at,
    via: "import",
    robot: false,
    ...moneyIn(reading, event),
    visitor: ids.visitor(event.visitor),
    clicks: [],
    campaign: manner.campaign,
    fields: {},
  };
};

const touchesOf = ({ manner }: Reading, { payee }: HistoryEvent): PastLine["touches"] => {
  if (payee === "") return "nobody";
  return payee === manner.house ? "house" : "payee";
};

const lineOf = (reading: Reading, event: HistoryEvent): PastLine => {
  refuseInstant(reading, event);
  refuseNames(reading, event);
  return { event, touches: touchesOf(reading, event), reported: reportedIn(reading, event) };
};

/** The lines of an event log as a brand's past, in batches, each line refused at its place when it cannot be taken in. */
export async function* pastIn(reading: Reading): AsyncGenerator<readonly PastLine[], void> {
  const { table, columns, manner } = reading;
  for await (const events of eventsIn(table, { columns, result: manner.result }))
    yield events.map((event) => lineOf(reading, event));
}
