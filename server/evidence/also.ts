import type { Period } from "../../shared/kit/time.ts";
import type { MeasuredRates } from "../../shared/pay/event.ts";
import type { Adjustment } from "../../shared/pay/statement.ts";
import { linesIn, type Source } from "./lines.ts";
import { bodyOf, type Field, type Layout, moment, not, type Row, rowAt, valueIn, whole, words } from "./rows.ts";

const LONGEST = 500;
const LONGEST_ID = 200;

const code: Field<Adjustment["code"]> = (it) =>
  it === "dispute" || it === "adjustment" ? { is: it } : not('one of "dispute" or "adjustment"', it);

const adjustment: Layout = {
  name: "an adjustment",
  fields: {
    id: words(LONGEST_ID),
    at: moment,
    amountMinor: whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "minor units"),
    code,
    because: words(LONGEST),
  },
  needed: ["id", "at", "amountMinor", "code", "because"],
};

const count = whole(0, Number.MAX_SAFE_INTEGER, "visits");

const measured: Layout = {
  name: "a measurement",
  fields: { period: words(10), at: moment, visits: count, clicks: count, engaged: count },
  needed: ["period", "visits", "clicks", "engaged"],
};

const rowsIn = async function* (source: Source): AsyncGenerator<Row, void> {
  for await (const lines of linesIn(source))
    for (const { line, text } of lines) {
      if (text.trim() === "") continue;
      const written = { file: source.shown, line, text };
      yield rowAt(written, valueIn(written));
    }
};

/** What disputes were settled with and what was agreed by hand, one JSON object a line. An id that comes twice is refused. */
export const adjustmentsIn = async (source: Source): Promise<readonly Adjustment[]> => {
  const all = new Map<string, Adjustment>();
  for await (const row of rowsIn(source)) {
    const found = bodyOf(row, adjustment) as unknown as Adjustment;
    if (all.has(found.id)) throw row.wrong("id", "was read before. Each adjustment needs an id of its own.");
    all.set(found.id, found);
  }
  return [...all.values()];
};

/** The rates measured in periods, one JSON object a line; a period is named by its first day, and measured when it is over unless `at` says otherwise. */
export const ratesIn = async (source: Source, periods: readonly Period[]): Promise<readonly MeasuredRates[]> => {
  const all: MeasuredRates[] = [];
  for await (const row of rowsIn(source)) {
    const {
      period: starts,
      at,
      ...rates
    } = bodyOf(row, measured) as unknown as Omit<MeasuredRates, "period"> & {
      readonly period: string;
    };
    const period = periods.find((it) => it.starts === starts);
    if (!period)
      throw row.wrong("period", `must be the first day of a period of these terms, such as ${periods[0]?.starts}.`);
    all.push({ ...rates, period: period.index, at: at ?? period.until });
  }
  return all;
};
