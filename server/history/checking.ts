import { bodyHashOf } from "../decisions/conversions.ts";
import { read } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { Store } from "../store/store.ts";
import { owned } from "./columnar.ts";
import type { EventColumns } from "./events.ts";
import type { PastLine } from "./past.ts";
import type { Matcher } from "./payees.ts";
import type { Table } from "./table.ts";

const EVER = 8_640_000_000_000_000;

interface Checking {
  readonly store: Store;
  readonly brand: string;
  readonly table: Table;
  readonly columns: EventColumns;
  readonly matcher: Matcher;
}

/** A result as it was first read: its line, and a digest of what it said. */
interface Said {
  readonly line: number;
  readonly body: string;
}

const bodyOf = ({ event, reported }: PastLine): string =>
  reported === undefined ? "" : `${bodyHashOf(reported, true).slice(0, 32)} ${event.payee}`;

const refuseOtherwise = (checking: Checking, known: Map<string, Said>, line: PastLine): void => {
  const { reported, event } = line;
  if (reported === undefined) return;
  const key = `${reported.result} ${reported.externalId}`;
  const [said, body] = [known.get(key), bodyOf(line)];
  if (said === undefined) known.set(owned(key), { line: event.row.line, body: owned(body) });
  else if (said.body !== body) {
    const because = `the ${reported.result} "${event.id}" was read on line ${said.line} already, and said otherwise. Keep one.`;
    throw checking.table.fault(event.row, { cell: checking.columns.id }, because);
  }
};

const isTaken = async ({ store, brand }: Checking, id: string): Promise<boolean> =>
  (await store.touches(brand, { visitors: [], clicks: [id] }, -EVER, EVER)).length > 0;

/** What the brand has recorded already must be the same: a result is identified by its id, and never changed. */
const refuseChanged = async (checking: Checking, reader: Reader, line: PastLine): Promise<void> => {
  const { reported, event, touch } = line;
  if (reported === undefined) return;
  const key = `external/${reported.result}/${reported.externalId}`;
  const before = await read<{ readonly bodyHash: string }>(reader, key);
  if (before === undefined) return;
  const isSame = before.bodyHash === bodyHashOf(reported, true);
  // Touches are taken in before any result: a result that is there without this touch came with another payee.
  if (isSame && (touch === undefined || (await isTaken(checking, touch.id)))) return;
  const which = event.id === "" ? "this visitor at this instant" : `the id "${event.id}"`;
  const because = `a ${reported.result} of ${which} is recorded already, and said otherwise. Leave this line out.`;
  const cell = event.id === "" ? checking.columns.at : checking.columns.id;
  throw checking.table.fault(event.row, { cell }, because);
};

const refuseStranger = async ({ table, columns, matcher }: Checking, { event, touch }: PastLine): Promise<void> => {
  if (touch === undefined || touch.isHouse) return;
  const because = await matcher.meet(event.payee);
  if (because !== undefined) throw table.fault(event.row, { cell: columns.payee }, because);
};

/**
 * Read a file to its end and refuse it at the first line that could not be taken in, by itself, beside the lines before
 * it or beside what the brand has recorded. Remembered are only the payees and, in some hundred bytes each, the results.
 */
export const check = async (checking: Checking, past: AsyncIterable<readonly PastLine[]>): Promise<void> => {
  const reader = readerOf(checking.store, checking.brand);
  const known = new Map<string, Said>();
  for await (const lines of past) {
    for (const line of lines) {
      refuseOtherwise(checking, known, line);
      await refuseChanged(checking, reader, line);
      await refuseStranger(checking, line);
    }
  }
};
