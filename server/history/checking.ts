import { createHash } from "node:crypto";
import { bodyHashOf, type Reported } from "../decisions/conversions.ts";
import { read } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { Store } from "../store/store.ts";
import { places } from "./columnar.ts";
import { digests } from "./digests.ts";
import type { EventColumns } from "./events.ts";
import type { Identities } from "./identity.ts";
import type { PastLine } from "./past.ts";
import type { Matcher } from "./payees.ts";
import type { Table } from "./table.ts";

const EVER = 8_640_000_000_000_000;

interface Checking {
  readonly store: Store;
  readonly brand: string;
  readonly table: Table;
  readonly columns: EventColumns;
  readonly ids: Identities;
  readonly matcher: Matcher;
}

const WORD_DIGITS = 8;

/** Every result as it was first read, in some thirty bytes: which it is, on which line, and a digest of what it said. */
const said = () => {
  const met = digests();
  const columns = { line: places(), one: places(), two: places() };
  return (key: string, body: string, line: number): { readonly line: number; readonly isSame: boolean } => {
    const before = met.count;
    const at = met.place(key);
    const [one, two] = [0, WORD_DIGITS].map((from) => Number.parseInt(body.slice(from, from + WORD_DIGITS), 16) | 0);
    if (at < before)
      return { line: columns.line.at(at), isSame: columns.one.at(at) === one && columns.two.at(at) === two };
    columns.line.put(at, line);
    columns.one.put(at, one ?? 0);
    columns.two.put(at, two ?? 0);
    return { line, isSame: true };
  };
};

/** What a result said, its payee with it, as hexadecimal digits. */
const bodyOf = (reported: Reported, payee: string): string =>
  createHash("sha256")
    .update(`${bodyHashOf(reported, true)} ${payee}`)
    .digest("hex");

const refuseOtherwise = (checking: Checking, known: ReturnType<typeof said>, line: PastLine): void => {
  const { reported, event } = line;
  if (reported === undefined) return;
  const before = known(`${reported.result} ${reported.externalId}`, bodyOf(reported, event.payee), event.row.line);
  if (before.isSame) return;
  const because = `the ${reported.result} "${event.id}" was read on line ${before.line} already, and said otherwise. Keep one.`;
  throw checking.table.fault(event.row, { cell: checking.columns.id }, because);
};

const isTaken = async ({ store, brand }: Checking, id: string): Promise<boolean> =>
  (await store.touches(brand, { visitors: [], clicks: [id] }, -EVER, EVER)).length > 0;

/** What the brand has recorded already must be the same: a result is identified by its id, and never changed. */
const refuseChanged = async (checking: Checking, reader: Reader, line: PastLine): Promise<void> => {
  const { reported, event, touches } = line;
  if (reported === undefined) return;
  const key = `external/${reported.result}/${reported.externalId}`;
  const before = await read<{ readonly bodyHash: string }>(reader, key);
  if (before === undefined) return;
  const isSame = before.bodyHash === bodyHashOf(reported, true);
  // Touches are taken in before any result: a result that is there without this touch came with another payee.
  if (isSame && (touches === "nobody" || (await isTaken(checking, checking.ids.touch(event))))) return;
  const which = event.id === "" ? "this visitor at this instant" : `the id "${event.id}"`;
  const because = `a ${reported.result} of ${which} is recorded already, and said otherwise. Leave this line out.`;
  const cell = event.id === "" ? checking.columns.at : checking.columns.id;
  throw checking.table.fault(event.row, { cell }, because);
};

const isStranger = ({ matcher }: Checking, { event, touches }: PastLine): boolean =>
  touches === "payee" && !matcher.matched.influencers.has(event.payee);

const refuseStranger = async ({ table, columns, matcher }: Checking, { event }: PastLine): Promise<void> => {
  const because = await matcher.meet(event.payee);
  if (because !== undefined) throw table.fault(event.row, { cell: columns.payee }, because);
};

/** What a file holds that can be taken in, whether it is there already or not. */
export interface Checked {
  readonly touches: number;
  readonly results: number;
  /** What its results are worth, by currency. */
  readonly valueMinor: ReadonlyMap<string, bigint>;
}

const counting = () => {
  const valueMinor = new Map<string, bigint>();
  const sums = { touches: 0, results: 0, valueMinor };
  const add = ({ touches, reported }: PastLine): void => {
    if (touches !== "nobody") sums.touches += 1;
    if (reported === undefined) return;
    sums.results += 1;
    const { currency, valueMinor: worth = 0 } = reported;
    if (currency !== undefined) valueMinor.set(currency, (valueMinor.get(currency) ?? 0n) + BigInt(worth));
  };
  return { sums, add };
};

/**
 * Read a file to its end and refuse it at the first line that could not be taken in, by itself, beside the lines before
 * it or beside what the brand has recorded. Remembered are only the payees and, in some fifty bytes each, the results.
 */
export const check = async (checking: Checking, past: AsyncIterable<readonly PastLine[]>): Promise<Checked> => {
  const reader = readerOf(checking.store, checking.brand);
  const known = said();
  const { sums, add } = counting();
  for await (const lines of past) {
    for (const line of lines) {
      refuseOtherwise(checking, known, line);
      // Most lines are touches of payees met before: nothing has to be looked up for them.
      if (line.reported !== undefined) await refuseChanged(checking, reader, line);
      if (isStranger(checking, line)) await refuseStranger(checking, line);
      add(line);
    }
  }
  return sums;
};
