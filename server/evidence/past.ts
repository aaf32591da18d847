import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Terms } from "../../shared/contract/terms.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { contextOf } from "../../shared/judge/context.ts";
import { exponentOf } from "../../shared/kit/money.ts";
import { present } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { append, type EventLog, eventLog, visitorsIn } from "../history/event-log.ts";
import { eventsIn, type HistoryEvent } from "../history/events.ts";
import { unreadable } from "../history/fault.ts";
import { unitsAt } from "../history/number.ts";
import { openHistory, type Reading } from "../history/reading.ts";
import type { Table } from "../history/table.ts";
import type { LeftOut } from "../history/translated.ts";
import { type Frozen, unfit } from "./fit.ts";
import type { Source } from "./lines.ts";
import { type PastEvidence, pastResultsIn } from "./results.ts";

/** How an event log is read: whose it is and other names of its columns, what it calls the brand itself, and what a 1 in its event column means. */
export interface Manner {
  readonly reading: Reading;
  readonly house: string;
  readonly result: string | undefined;
  /** The weights that learned terms pay by. */
  readonly frozen?: Frozen | undefined;
  /** Is told what was left out of a file of another tool. */
  readonly left?: (leftOut: LeftOut) => void;
}

const PEEK_BYTES = 64 * 1024;

const beginning = async ({ path, shown }: Source): Promise<string> => {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
      return buffer
        .toString("utf8", 0, bytesRead)
        .replace(/^\uFEFF/, "")
        .trimStart();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(shown, error);
  }
};

const isObject = (text: string): boolean => {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null;
  } catch {
    return false;
  }
};

const shapeOf = (text: string): "events" | "lines" | "document" => {
  if (text.startsWith("[")) return "document";
  if (!text.startsWith("{")) return "events";
  // A result has no member of this name, so it can only be the list of a document.
  if (/"shares"\s*:\s*\[/.test(text)) return "document";
  const [first = "", second] = text.split("\n");
  return isObject(first) || second === undefined ? "lines" : "document";
};

const minorOf = (
  table: Table,
  column: { readonly value: number; readonly currency: number },
  event: HistoryEvent,
  terms: Terms,
): number => {
  const { value, currency, row } = event;
  if (currency !== "" && currency !== terms.currency)
    throw table.fault(
      row,
      { cell: column.currency },
      `${currency}, where the terms pay in ${terms.currency}. Two currencies cannot be compared.`,
    );
  if (value.units < 0n) throw table.fault(row, { cell: column.value }, "a result is never worth less than nothing.");
  const digits = exponentOf(terms.currency);
  if (value.digits > digits)
    throw table.fault(
      row,
      { cell: column.value },
      `finer than ${terms.currency} is counted: it has ${digits} decimals.`,
    );
  const minor = unitsAt(value, digits);
  if (minor > BigInt(Number.MAX_SAFE_INTEGER))
    throw table.fault(row, { cell: column.value }, "this is more than can be counted here.");
  return Number(minor);
};

const logOf = async (
  source: Source,
  terms: Terms,
  { reading, house, result, frozen, left }: Manner,
): Promise<{ readonly log: EventLog; readonly repeats: number }> => {
  const { path, shown, heard } = source;
  const { table, held, leftOut } = await openHistory({ path, shown, ...(heard && { heard }) }, reading);
  if (held.kind === "paths")
    throw table.fault(
      table.header,
      { cell: held.columns.path },
      "paths do not say when anything happened. Give events, or results one a line.",
    );
  const because = unfit(terms, frozen);
  if (because !== undefined) throw table.fault(table.header, { cell: 0 }, because);
  const log = eventLog(house);
  let repeats = 0;
  for await (const events of eventsIn(table, { columns: held.columns, result })) {
    for (const event of events) {
      minorOf(table, held.columns, event, terms);
      const repeat = append(log, event);
      if (repeat?.isSame === false)
        throw table.fault(
          event.row,
          { cell: held.columns.id },
          `"${event.id}" was read on line ${repeat.line} already, and said otherwise. Keep one.`,
        );
      if (repeat) repeats += 1;
    }
  }
  left?.(leftOut());
  return { log, repeats };
};

/** Share every result of a log by the terms' own attribution; what is the house's is nobody's. */
const credited = (
  log: EventLog,
  terms: Terms,
  frozen: Frozen | undefined,
): ReadonlyMap<string, readonly ResultShare[]> => {
  const attribution = terms.attribution as AttributionTerms;
  const fits = frozen && { [frozen.hash]: frozen.fit };
  const whose = frozen && Object.fromEntries(log.payees.all.map((name, place) => [String(place), frozen.whose(name)]));
  const digits = exponentOf(terms.currency);
  const credits = new Map<string, ResultShare[]>();
  for (const { touches, results } of visitorsIn(log)) {
    const others = results.map(({ id, at, result }) => ({ conversion: `${result} ${id}`, at, result }));
    for (const { id, at, result, value } of results) {
      const journey = touches.filter((it) => it.at <= at && it.at >= at - attribution.windowDays * DAY_MS);
      const valueMinor = Number(unitsAt(value, digits));
      const conversion = { id: `${result} ${id}`, at, result };
      const payees = journey.map(({ payee }) => payee);
      const context = contextOf({ conversion, payees, others, fits, whose }, attribution);
      for (const { payee, shareMicro } of credit({ id, at }, journey, attribution, context).shares) {
        if (payee === HOUSE || shareMicro === 0) continue;
        const name = present(log.payees.all[Number(payee)], "a payee");
        const share: ResultShare = { id: `${result} ${id}`, result, at, shareMicro, valueMinor, state: "counted" };
        const before = credits.get(name);
        if (before) before.push(share);
        else credits.set(name, [share]);
      }
    }
  }
  return credits;
};

/**
 * A past, whatever it was written as: an event log (its results are shared by the terms' attribution), results one JSON
 * object a line, or one JSON document that lists them; by payee, where it names any.
 */
export const pastOf = async (source: Source, terms: Terms, manner: Manner): Promise<PastEvidence> => {
  // The files of other tools may be JSON as well, one event a line.
  const shape = manner.reading.preset === undefined ? shapeOf(await beginning(source)) : "events";
  if (shape !== "events") return pastResultsIn(source, shape === "document");
  const { log, repeats } = await logOf(source, terms, manner);
  return { payees: credited(log, terms, manner.frozen), repeats };
};

/** Where a file is and how large, for a bar over reading it. */
export const sourceOf = async (cwd: string, file: string): Promise<Source & { readonly bytes: number }> => {
  const path = resolve(cwd, file);
  const bytes = await stat(path).then(
    (it) => it.size,
    () => 0,
  );
  return { path, shown: file, bytes };
};
