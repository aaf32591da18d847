import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { HOUSE_PLACE } from "../../shared/judge/columns.ts";
import { present } from "../../shared/kit/shape.ts";
import { bytes, doubles, names, owned, places } from "./columnar.ts";
import { type HistoryEvent, identityOf } from "./events.ts";
import type { Exact } from "./number.ts";

/** The place of a touch among the kinds of events. */
export const TOUCH = 0;
/** The payee of a result that names none. */
export const NOBODY = -1;

/** An empty event log, in which the payee called `house` is the house: some thirty bytes an event beside its names. */
export const eventLog = (house: string) => ({
  house,
  count: 0,
  visitor: places(),
  at: doubles(),
  /** A place in `kinds`; 0 is a touch. */
  kind: places(),
  /** 1 for a touch of something only seen. */
  view: bytes(),
  /** A place in `payees`, of which the house has the first; −1 is nobody. */
  payee: places(),
  units: doubles(),
  digits: bytes(),
  visitors: names(),
  /** 1 for a visitor with a result. */
  converted: bytes(),
  payees: names([house]),
  kinds: names(["touch"]),
  /** Empty where the file has none. */
  ids: [] as string[],
  /** Amounts beyond what a double counts exactly: rare, so they live apart. */
  large: new Map<number, bigint>(),
  /** The row and line of each result that brought an id. */
  known: new Map<string, { readonly row: number; readonly line: number }>(),
});

/** A whole event log in memory, in columns. */
export type EventLog = ReturnType<typeof eventLog>;

/** A result whose id was read before, on that line; `isSame` when it also says the same. */
export interface Repeat {
  readonly line: number;
  readonly isSame: boolean;
}

/** One result of the log. */
export interface LoggedResult {
  readonly id: string;
  readonly at: number;
  readonly result: string;
  readonly value: Exact;
}

/** All that one visitor did: touches by time, results as they were read. A touch's payee is a place in `payees`, as text. */
export interface VisitorLog {
  readonly touches: readonly Touch[];
  readonly results: readonly LoggedResult[];
}

/** What a result of the log is worth. */
export const valueAt = (log: EventLog, row: number): Exact => ({
  units: log.large.get(row) ?? BigInt(log.units.at(row)),
  digits: log.digits.at(row),
});

const isSame = (log: EventLog, row: number, event: HistoryEvent): boolean => {
  const value = valueAt(log, row);
  return (
    log.visitors.all[log.visitor.at(row)] === event.visitor &&
    (log.payees.all[log.payee.at(row)] ?? "") === event.payee &&
    log.at.at(row) === event.at &&
    value.units === event.value.units &&
    value.digits === event.value.digits
  );
};

const repeatOf = (log: EventLog, event: HistoryEvent): Repeat | undefined => {
  if (event.result === undefined || event.id === "") return undefined;
  const key = `${event.result} ${event.id}`;
  const earlier = log.known.get(key);
  if (earlier !== undefined) return { line: earlier.line, isSame: isSame(log, earlier.row, event) };
  log.known.set(owned(key), { row: log.count, line: event.row.line });
  return undefined;
};

/** Take in one event. A result with the id of an earlier one is not taken in; the answer says which it repeats. */
export const append = (log: EventLog, event: HistoryEvent): Repeat | undefined => {
  const repeat = repeatOf(log, event);
  if (repeat !== undefined) return repeat;
  const { visitor, at, result, payee, id } = event;
  const { units, digits } = event.value;
  const row = log.count;
  const who = log.visitors.place(visitor);
  log.visitor.put(row, who);
  if (result !== undefined) log.converted.put(who, 1);
  log.at.put(row, at);
  log.kind.put(row, result === undefined ? TOUCH : log.kinds.place(result));
  if (event.view) log.view.put(row, 1);
  log.payee.put(row, payee === "" ? NOBODY : log.payees.place(payee));
  log.digits.put(row, digits);
  if (Number.isSafeInteger(Number(units))) log.units.put(row, Number(units));
  else log.large.set(row, units);
  log.ids.push(owned(id));
  log.count += 1;
  return undefined;
};

/** What an event is called: by its own id, or by what happened when; `nth` tells apart what happened at one instant. */
export const idAt = (log: EventLog, row: number, result: string | undefined, nth = 1): string => {
  const visitor = log.visitors.all[log.visitor.at(row)] ?? "";
  const payee = log.payees.all[log.payee.at(row)] ?? "";
  return log.ids[row] || identityOf({ visitor, payee, at: log.at.at(row), result, view: log.view.at(row) === 1 }, nth);
};

const kindOf = (isView: boolean, isHouse: boolean, isTouch: boolean): Touch["kind"] => {
  if (isView) return "view";
  if (isHouse) return "visit";
  return isTouch ? "click" : "code";
};

/** What the touch of an event is called: that of a result is not the result itself. */
export const touchIdAt = (log: EventLog, row: number): string => {
  const id = idAt(log, row, undefined);
  return log.kind.at(row) === TOUCH ? id : `${id} touch`;
};

const touchAt = (log: EventLog, row: number): Touch => {
  const payee = String(log.payee.at(row));
  const isHouse = log.payee.at(row) === HOUSE_PLACE;
  const isTouch = log.kind.at(row) === TOUCH;
  return {
    id: touchIdAt(log, row),
    at: log.at.at(row),
    order: row,
    payee: isHouse ? HOUSE : payee,
    link: isHouse ? "" : payee,
    kind: kindOf(log.view.at(row) === 1, isHouse, isTouch),
  };
};

const resultsIn = (log: EventLog, rows: readonly number[]): readonly LoggedResult[] => {
  const met = new Map<string, number>();
  return rows
    .filter((row) => log.kind.at(row) !== TOUCH)
    .map((row) => {
      const result = present(log.kinds.all[log.kind.at(row)], "a kind of result");
      const at = log.at.at(row);
      const nth = (met.get(`${result} ${at}`) ?? 0) + 1;
      met.set(`${result} ${at}`, nth);
      return { id: idAt(log, row, result, nth), at, result, value: valueAt(log, row) };
    });
};

/** For each visitor the place where their rows begin in `rows`, which holds all rows visitor by visitor: a counting sort. */
export const grouped = (log: EventLog) => {
  const visitors = log.visitors.all.length;
  const begins = new Int32Array(visitors + 1);
  for (let row = 0; row < log.count; row += 1) {
    const after = log.visitor.at(row) + 1;
    begins[after] = (begins[after] ?? 0) + 1;
  }
  for (let visitor = 1; visitor <= visitors; visitor += 1) {
    begins[visitor] = (begins[visitor] ?? 0) + (begins[visitor - 1] ?? 0);
  }
  const free = begins.slice();
  const rows = new Int32Array(log.count);
  for (let row = 0; row < log.count; row += 1) {
    const visitor = log.visitor.at(row);
    const place = free[visitor] ?? 0;
    rows[place] = row;
    free[visitor] = place + 1;
  }
  return { begins, rows };
};

/** What each visitor with at least one result did, visitor by visitor. */
export function* visitorsIn(log: EventLog): Generator<VisitorLog, void> {
  const { begins, rows } = grouped(log);
  for (let visitor = 0; visitor < log.visitors.all.length; visitor += 1) {
    if (log.converted.at(visitor) === 0) continue;
    const own = [...rows.subarray(begins[visitor], begins[visitor + 1])];
    const touches = own.filter((row) => log.payee.at(row) !== NOBODY).map((row) => touchAt(log, row));
    yield { touches: touches.sort((a, b) => a.at - b.at), results: resultsIn(log, own) };
  }
}
