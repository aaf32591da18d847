import {
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  INTEGER,
  UINTEGER,
} from "@duckdb/node-api";
import type { ConversionColumns, TouchColumns } from "../../shared/judge/columns.ts";
import { SITTING_MS } from "../../shared/judge/journey.ts";

type Column = readonly [name: string, type: DuckDBType, values: Int32Array | Uint32Array | Float64Array];

const CHUNK_ROWS = 2048;

const load = async (connection: DuckDBConnection, table: string, columns: readonly Column[]): Promise<void> => {
  await connection.run(`CREATE TABLE ${table} (${columns.map(([name, type]) => `${name} ${type}`).join(", ")})`);
  const appender = await connection.createAppender(table);
  const types = columns.map(([, type]) => type);
  const rows = columns[0]![2].length;
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK_ROWS, rows - from));
    columns.forEach(([, , values], column) => {
      chunk.setColumnValues(column, [...values.subarray(from, from + CHUNK_ROWS)]);
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
};

/** The log in a database in memory. */
export const loaded = async (touches: TouchColumns, conversions: ConversionColumns): Promise<DuckDBConnection> => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await load(connection, "touches", [
    ["visitor", INTEGER, touches.visitor],
    ["instant", DOUBLE, touches.at],
    ["payee", INTEGER, touches.payee],
    ["link", INTEGER, touches.link],
    ["tie", UINTEGER, touches.tie],
  ]);
  await load(connection, "conversions", [
    ["visitor", INTEGER, conversions.visitor],
    ["instant", DOUBLE, conversions.at],
    ["tie", UINTEGER, conversions.tie],
  ]);
  // `mingle` of shared/kit/chance.ts: products of 32 bits fit into 64, of which the lower half is left.
  await connection.run(`CREATE MACRO times(a, b) AS (a * b) & 4294967295::UBIGINT;
    CREATE MACRO stirred(a, bits) AS xor(a, a >> bits);
    CREATE MACRO mingled(a, b) AS stirred(times(stirred(times(stirred(
      xor(times(xor(a::UBIGINT, 2654435769::UBIGINT), 2246822507::UBIGINT), b::UBIGINT),
      16), 2246822507::UBIGINT), 13), 3266489909::UBIGINT), 16)`);
  return connection;
};

/** Which touches count for which conversion: every touch of this log is a click, so that repeats are all there is to drop. */
const counted = (windowMs: number): string => `
  heard AS (
    SELECT c.rowid AS conversion, c.tie AS own, t.rowid AS place, t.instant, t.payee, t.link, t.tie,
      lag(t.payee) OVER earlier AS earlier_payee, lag(t.link) OVER earlier AS earlier_link, lag(t.instant) OVER earlier AS earlier_instant
    FROM conversions c JOIN touches t ON t.visitor = c.visitor AND t.instant BETWEEN c.instant - ${windowMs} AND c.instant
    WINDOW earlier AS (PARTITION BY c.rowid ORDER BY t.instant, t.rowid)),
  counted AS (
    SELECT conversion, place, instant, payee, own, tie FROM heard
    WHERE earlier_instant IS NULL OR payee <> earlier_payee OR link <> earlier_link OR instant - earlier_instant > ${SITTING_MS})`;

/** Queries that answer, for each payee, its millionths and with how many conversions it stands first in line for a unit. */
export interface Queries {
  readonly exact: string;
  /** The same without whole numbers: parts as doubles, nothing handed over. */
  readonly loose: string;
}

/** Linear. */
export const linear = (windowMs: number): Queries => ({
  exact: `WITH ${counted(windowMs)},
    ranked AS (
      SELECT payee, count(*) OVER (PARTITION BY conversion) AS touches,
        row_number() OVER (PARTITION BY conversion ORDER BY mingled(own, tie), instant, place) AS rank
      FROM counted)
    SELECT payee, sum(1000000 // touches + (rank <= 1000000 % touches)::INTEGER)::DOUBLE, count(*) FILTER (rank = 1)::DOUBLE
    FROM ranked GROUP BY payee`,
  loose: `WITH ${counted(windowMs)},
    weighed AS (SELECT payee, count(*) OVER (PARTITION BY conversion) AS touches FROM counted)
    SELECT payee, sum(1000000 / touches), 0::DOUBLE FROM weighed GROUP BY payee`,
});

/** Time decay. */
export const timeDecay = (windowMs: number, halfLifeMs: number): Queries => {
  const weighed = `${counted(windowMs)},
    weighed AS (
      SELECT *, pow(2, (instant - max(instant) OVER (PARTITION BY conversion)) / ${halfLifeMs}) AS weight FROM counted),
    parted AS (
      SELECT conversion, place, instant, payee, own, tie,
        1000000 * weight / sum(weight) OVER (PARTITION BY conversion) AS part FROM weighed)`;
  return {
    exact: `WITH ${weighed},
      ranked AS (
        SELECT payee, floor(part) AS whole, 1000000 - sum(floor(part)) OVER (PARTITION BY conversion) AS over,
          row_number() OVER (PARTITION BY conversion ORDER BY part - floor(part) DESC, mingled(own, tie), instant, place) AS rank
        FROM parted)
      SELECT payee, sum(whole + (rank <= over)::INTEGER)::DOUBLE, count(*) FILTER (rank = 1)::DOUBLE
      FROM ranked GROUP BY payee`,
    loose: `WITH ${weighed} SELECT payee, sum(part), 0::DOUBLE FROM parted GROUP BY payee`,
  };
};

/** What each payee gets: what no touch led to is the house's, in place 0. */
export const asked = async (
  connection: DuckDBConnection,
  query: string,
  { payees, conversions }: { readonly payees: number; readonly conversions: number },
): Promise<Float64Array> => {
  const rows = (await connection.runAndReadAll(query)).getRows();
  const totals = new Float64Array(payees);
  let led = 0;
  for (const [payee, micro, first] of rows) {
    totals[Number(payee)] = Number(micro);
    led += Number(first);
  }
  totals[0]! += 1_000_000 * (conversions - led);
  return totals;
};
