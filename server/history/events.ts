import { isCurrency } from "../../shared/kit/currency.ts";
import { type Columns, cellOf, type eventColumns, numberIn } from "./columns.ts";
import { instant } from "./instant.ts";
import type { Exact } from "./number.ts";
import type { Row } from "./record.ts";
import type { Table } from "./table.ts";

/**
 * One line of an event log. A touch has no `result`, and is a `view` when something was only seen. A result that names a payee is a touch of that payee as well, at
 * the same instant, as a promo code is; `payee` is empty when it names none. `id` is empty when the file has none.
 */
export interface HistoryEvent {
  readonly row: Row;
  readonly visitor: string;
  readonly at: number;
  readonly view: boolean;
  readonly result: string | undefined;
  readonly payee: string;
  readonly value: Exact;
  readonly currency: string;
  readonly id: string;
}

/** Where the columns of an event log are. */
export type EventColumns = Columns<keyof typeof eventColumns>;

const RESULT = /^[a-z][a-z0-9-]{0,39}$/;
const YES = new Set(["1", "true", "yes"]);
const NO = new Set(["0", "false", "no", ""]);

const TOUCH = "touch";
const VIEW = "view";

/** What happened, in a word: a touch, a view, or the name of a result. */
const flagged = (table: Table, row: Row, column: number, result: string): string => {
  const written = cellOf(row, column);
  const text = written.toLowerCase();
  if (YES.has(text)) return result;
  if (NO.has(text)) return TOUCH;
  const because = `"${written}" does not say whether this is a result. With --result it is 1 or 0, true or false, yes or no.`;
  throw table.fault(row, { cell: column }, because);
};

const named = (table: Table, row: Row, column: number): string => {
  const written = cellOf(row, column);
  const text = written.toLowerCase();
  if (RESULT.test(text)) return text;
  const hint =
    YES.has(text) || NO.has(text) ? "If 1 and 0 tell results from touches, name the result with --result." : "";
  const because = `"${written}" is neither touch nor a result (lower-case letters, digits and dashes, such as sale); what was only seen is a view. ${hint}`;
  throw table.fault(row, { cell: column }, because.trimEnd());
};

const needed = (table: Table, row: Row, column: number, because: string): string => {
  const text = cellOf(row, column);
  if (text === "") throw table.fault(row, { cell: column }, because);
  return text;
};

const instantIn = (table: Table, row: Row, column: number): number => {
  const read = instant(cellOf(row, column));
  if (!read.ok) throw table.fault(row, { cell: column }, read.refusal.because);
  return read.value;
};

const currencyIn = (table: Table, row: Row, column: number): string => {
  const code = cellOf(row, column).toUpperCase();
  if (code === "" || isCurrency(code)) return code;
  throw table.fault(
    row,
    { cell: column },
    `"${code}" is not an ISO 4217 currency with a minor unit. Write USD, EUR or JPY.`,
  );
};

/** Is a result's kind told by a 1 or 0 (then `result` is what a 1 means), or by its name? */
export interface EventReading {
  readonly columns: EventColumns;
  readonly result?: string | undefined;
}

/** The lines of an event log, each refused at its place when it cannot be read; two currencies in one log are refused. */
export async function* eventsIn(
  table: Table,
  { columns, result }: EventReading,
): AsyncGenerator<readonly HistoryEvent[], void> {
  let currency = "";
  const oneCurrency = (row: Row): string => {
    const found = currencyIn(table, row, columns.currency);
    if (found !== "" && currency !== "" && found !== currency) {
      const because = `${found} after ${currency}: two currencies cannot be added up. Make one file for each.`;
      throw table.fault(row, { cell: columns.currency }, because);
    }
    if (found !== "") currency = found;
    return found;
  };
  const parse = (row: Row): HistoryEvent => {
    const word = result === undefined ? named(table, row, columns.event) : flagged(table, row, columns.event, result);
    const kind = word === TOUCH || word === VIEW ? undefined : word;
    const value = numberIn(table, row, columns.value);
    if (kind === undefined && value.units !== 0n) {
      throw table.fault(
        row,
        { cell: columns.value },
        "a touch carries no value. Is it a result? Then say so in its event.",
      );
    }
    const payee = cellOf(row, columns.payee);
    if (kind === undefined && payee === "") {
      throw table.fault(
        row,
        { cell: columns.payee },
        "a touch of nobody. Name its payee; the brand itself is the house.",
      );
    }
    return {
      row,
      visitor: needed(table, row, columns.visitor, "an event without a visitor. Say who it was."),
      at: instantIn(table, row, columns.at),
      view: word === VIEW,
      result: kind,
      payee,
      value,
      currency: oneCurrency(row),
      id: cellOf(row, columns.id),
    };
  };
  for await (const rows of table.rows) yield rows.map(parse);
}

/** The id of an event that brings none: what happened, to whom, when; `nth` tells apart results of one visitor at one instant. */
export const identityOf = (
  event: Pick<HistoryEvent, "visitor" | "at" | "result" | "payee"> & { readonly view?: boolean },
  nth = 1,
): string => {
  const { visitor, at, result, payee, view = false } = event;
  if (result === undefined) return view ? `${visitor} ${at} ${payee} view` : `${visitor} ${at} ${payee}`;
  return nth === 1 ? `${result} ${visitor} ${at}` : `${result} ${visitor} ${at} ${nth}`;
};
