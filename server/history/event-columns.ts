import { type ConversionColumns, HOUSE_PLACE, type TouchColumns, touchKinds } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { type EventLog, grouped, idAt, NOBODY, TOUCH, touchIdAt } from "./event-log.ts";

const [CLICK, VISIT, CODE, VIEW] = (["click", "visit", "code", "view"] as const).map((it) => touchKinds.indexOf(it));
const HOUSE_LINK = -1;

/** An event log as the columns that are shared, and the log's row of each conversion. */
export interface LogColumns {
  readonly touches: TouchColumns;
  readonly conversions: ConversionColumns;
  readonly rows: Int32Array;
}

const kindAt = (log: EventLog, row: number): number => {
  if (log.view.at(row) === 1) return VIEW ?? 0;
  if (log.payee.at(row) === HOUSE_PLACE) return VISIT ?? 0;
  return (log.kind.at(row) === TOUCH ? CLICK : CODE) ?? 0;
};

/** For each row the hash of what it is called as a touch, and as a result. */
interface Ties {
  readonly touch: Uint32Array;
  readonly result: Uint32Array;
  /** 1 for a touch whose id an earlier touch of the same visitor has. */
  readonly repeats: Uint8Array;
}

const isEarlier = (log: EventLog, a: number, b: number): boolean => {
  const [one, two] = [log.at.at(a), log.at.at(b)];
  return one === two ? a < b : one < two;
};

const FEW = 32;

/** Do any two touches have one hash? Rarely, so that nothing else need be looked at for most visitors. */
const hasTwins = (log: EventLog, own: Int32Array, { touch }: Ties): boolean => {
  if (own.length > FEW) {
    const touches = own.filter((row) => log.payee.at(row) !== NOBODY);
    return new Set(touches.map((row) => (touch[row] ?? 0) | 0)).size < touches.length;
  }
  for (let place = 1; place < own.length; place += 1) {
    const row = own[place] ?? 0;
    if (log.payee.at(row) === NOBODY) continue;
    const tie = touch[row];
    for (let before = 0; before < place; before += 1) if (touch[own[before] ?? 0] === tie) return true;
  }
  return false;
};

/** Marks touches of one visitor that have one id, all but the earliest; only those whose hashes agree are looked at closely. */
const markRepeats = (log: EventLog, own: Int32Array, { touch, repeats }: Ties): void => {
  const met = new Map<number, number[]>();
  for (const row of own) {
    if (log.payee.at(row) === NOBODY) continue;
    const [tie, id] = [touch[row] ?? 0, touchIdAt(log, row)];
    const others = met.get(tie);
    const twin = others?.findIndex((other) => touchIdAt(log, other) === id) ?? -1;
    const before = others?.[twin];
    if (others === undefined) met.set(tie, [row]);
    else if (before === undefined) others.push(row);
    else if (isEarlier(log, before, row)) repeats[row] = 1;
    else {
      repeats[before] = 1;
      others[twin] = row;
    }
  }
};

const tieResults = (log: EventLog, own: Int32Array, { result: ties }: Ties): void => {
  const met = new Map<string, number>();
  for (const row of own) {
    if (log.kind.at(row) === TOUCH) continue;
    const result = log.kinds.all[log.kind.at(row)] ?? "";
    const key = `${result} ${log.at.at(row)}`;
    const nth = (met.get(key) ?? 0) + 1;
    met.set(key, nth);
    ties[row] = scatter(idAt(log, row, result, nth));
  }
};

/** Whoever hears of every line would take longer than the line does. */
const HEARD_LINES = 4096;

const tiesOf = (log: EventLog, heard: (lines: number) => void): Ties => {
  const ties: Ties = {
    touch: new Uint32Array(log.count),
    result: new Uint32Array(log.count),
    repeats: new Uint8Array(log.count),
  };
  const { begins, rows } = grouped(log);
  for (let row = 0; row < log.count; row += 1) {
    if (log.payee.at(row) !== NOBODY) ties.touch[row] = scatter(touchIdAt(log, row));
    if (row % HEARD_LINES === 0) heard(row);
  }
  for (let visitor = 0; visitor < log.visitors.all.length; visitor += 1) {
    const own = rows.subarray(begins[visitor], begins[visitor + 1]);
    if (own.length > 1 && hasTwins(log, own, ties)) markRepeats(log, own, ties);
    if (log.converted.at(visitor) === 1) tieResults(log, own, ties);
  }
  return ties;
};

const touchesOf = (log: EventLog, { touch, repeats }: Ties): TouchColumns => {
  const isTouch = (row: number): boolean => log.payee.at(row) !== NOBODY && repeats[row] !== 1;
  let count = 0;
  for (let row = 0; row < log.count; row += 1) if (isTouch(row)) count += 1;
  const visitor = new Int32Array(count);
  const at = new Float64Array(count);
  const payee = new Int32Array(count);
  const link = new Int32Array(count);
  const kind = new Uint8Array(count);
  const tie = new Uint32Array(count);
  for (let row = 0, place = 0; row < log.count; row += 1) {
    if (!isTouch(row)) continue;
    const whose = log.payee.at(row);
    visitor[place] = log.visitor.at(row);
    at[place] = log.at.at(row);
    payee[place] = whose;
    link[place] = whose === HOUSE_PLACE ? HOUSE_LINK : whose;
    kind[place] = kindAt(log, row);
    tie[place] = touch[row] ?? 0;
    place += 1;
  }
  return { count, visitor, at, payee, link, kind, tie };
};

/**
 * The columns of a log: touches with one id are one, the earliest; a result that names a payee is a touch as well. `heard` is
 * told of how many lines.
 */
export const columnsOf = (log: EventLog, heard: (lines: number) => void = () => undefined): LogColumns => {
  const ties = tiesOf(log, heard);
  const found: number[] = [];
  for (let row = 0; row < log.count; row += 1) if (log.kind.at(row) !== TOUCH) found.push(row);
  const rows = Int32Array.from(found);
  const conversions = {
    count: rows.length,
    visitor: Int32Array.from(rows, log.visitor.at),
    at: Float64Array.from(rows, log.at.at),
    tie: Uint32Array.from(rows, (row) => ties.result[row] ?? 0),
    result: Int32Array.from(rows, log.kind.at),
  };
  return { touches: touchesOf(log, ties), conversions, rows };
};
