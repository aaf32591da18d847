import { type Columns, numberIn, type pathColumns } from "./columns.ts";
import { type Exact, unitsAt } from "./number.ts";
import type { Row } from "./record.ts";
import type { Table } from "./table.ts";

/** One line of a file of paths: journeys with the same touches in the same order, and what they led to. */
export interface PathRow {
  readonly payees: readonly string[];
  readonly conversionsMicro: bigint;
  /** How often it led to nothing. */
  readonly nullsMicro: bigint;
  readonly value: Exact;
}

/** A line, and the row it was read from. */
export interface PathLine extends PathRow {
  readonly row: Row;
}

/** Where the columns of a file of paths are. */
export type PathColumns = Columns<keyof typeof pathColumns>;

const MICRO_DIGITS = 6;
const BETWEEN = " > ";

const countIn = (table: Table, row: Row, column: number): bigint => {
  const count = numberIn(table, row, column);
  if (count.units < 0n) throw table.fault(row, { cell: column }, "a count below zero. Leave out what did not happen.");
  if (count.digits > MICRO_DIGITS) {
    throw table.fault(row, { cell: column }, "a count finer than a millionth. Round it to six decimals.");
  }
  return unitsAt(count, MICRO_DIGITS);
};

const refuseStep = (table: Table, row: Row, cell: number, steps: readonly string[], index: number): never => {
  const before = steps.slice(0, index).reduce((sum, step) => sum + step.length + BETWEEN.length, 0);
  const step = steps[index] ?? "";
  if (step.trim() === "") {
    throw table.fault(row, { cell, offset: before }, "a step without a name. Name it, or leave it out.");
  }
  const offset = before + step.indexOf(">");
  throw table.fault(row, { cell, offset }, `">" without a space on each side. Payees stand between " > ".`);
};

const payeesIn = (table: Table, row: Row, column: number): readonly string[] => {
  const path = row.cells[column] ?? "";
  if (path.trim() === "") return [];
  const steps = path.split(BETWEEN);
  return steps.map((step, index) => {
    const payee = step.trim();
    return payee === "" || payee.includes(">") ? refuseStep(table, row, column, steps, index) : payee;
  });
};

const refuseUncounted = (table: Table, columns: PathColumns): void => {
  if (columns.null === -1 || columns.conversions !== -1) return;
  const because = "the file counts paths that did not convert, but not those that did. Add a column total_conversions.";
  throw table.fault(table.header, { cell: columns.null }, because);
};

/**
 * The lines of a file of paths. Without a column of conversions each line is one; without a column of value nothing is
 * worth anything; an empty path is a conversion nobody's touch led to.
 */
export async function* pathsIn(table: Table, columns: PathColumns): AsyncGenerator<readonly PathLine[], void> {
  refuseUncounted(table, columns);
  const parse = (row: Row): PathLine => ({
    row,
    payees: payeesIn(table, row, columns.path),
    conversionsMicro: columns.conversions === -1 ? 1_000_000n : countIn(table, row, columns.conversions),
    nullsMicro: countIn(table, row, columns.null),
    value: numberIn(table, row, columns.value),
  });
  for await (const rows of table.rows) yield rows.map(parse);
}
