import { present } from "../../shared/kit/shape.ts";
import { report } from "../decisions/conversions.ts";
import { beginImport, IMPORTS, type ImportNote } from "../decisions/history.ts";
import { IMPORTED } from "../engine/gather.ts";
import { readerOf } from "../engine/reader.ts";
import type { Arriving } from "../engine/record.ts";
import type { World } from "../world.ts";
import { type Bookmark, bookmark } from "./bookmark.ts";
import { type Checked, check } from "./checking.ts";
import type { EventColumns, HistoryEvent } from "./events.ts";
import type { Fault } from "./fault.ts";
import { type Identities, identities } from "./identity.ts";
import { inParts, insisting } from "./insisting.ts";
import type { Order, Passes } from "./passes.ts";
import { type PastLine, pastIn } from "./past.ts";
import { contractsIn, type Matched, matching } from "./payees.ts";
import type { History } from "./reading.ts";
import type { Table } from "./table.ts";
import type { LeftOut } from "./translated.ts";

/** How many things an import brought, and how many were there before (or twice in the file). */
export interface Count {
  readonly fresh: number;
  readonly known: number;
}

/** What an import of events came to. `valueMinor` is what the file's results are worth, by currency. */
export interface ImportedEvents {
  readonly kind: "events";
  readonly influencers: Count;
  readonly touches: Count;
  readonly conversions: Count;
  readonly valueMinor: ReadonlyMap<string, bigint>;
  readonly leftOut: LeftOut;
  /** Had it broken off before, and was finished now? */
  readonly isResumed: boolean;
  /** Had an import of other contents under the same name broken off? */
  readonly isEarlierLeft: boolean;
  /** Did the file's last line have its line break? */
  readonly isEnded: boolean;
}

/** What the first pass found. */
export interface Found extends Matched, Checked {
  readonly leftOut: LeftOut;
  readonly isEnded: boolean;
}

const BY = "import";
const EVER = 8_640_000_000_000_000;
const MOST_TOUCHES = 2048;
const MOST_RESULTS = 256;

interface Importing {
  readonly world: World;
  readonly order: Order;
  readonly place: Bookmark;
}

const columnsOf = ({ held }: History): EventColumns => {
  if (held.kind === "events") return held.columns;
  throw new Error("Impossible: a file of events became one of paths.");
};

const pastOf = ({ world, order }: Pick<Importing, "world" | "order">, history: History, results: boolean) => {
  const { manner, brand } = order;
  const ids = identities(world.key, brand, manner.campaign);
  const columns = columnsOf(history);
  return { ids, columns, past: pastIn({ table: history.table, columns, manner, ids, results }) };
};

/** Read a file of events to its end, and refuse it at the first line that cannot be taken in. */
export const checkEvents = async (world: World, order: Order, history: History): Promise<Found> => {
  const { ids, columns, past } = pastOf({ world, order }, history, true);
  const { table } = history;
  const { store } = world;
  const matcher = await matching(readerOf(store, order.brand), ids);
  const checked = await check({ store, brand: order.brand, table, columns, ids, matcher }, past);
  return { ...matcher.matched, ...checked, leftOut: history.leftOut(), isEnded: table.isEnded() };
};

type Whose = (payee: string, at: number) => string;

const kindOf = ({ event, touches }: PastLine): Arriving["kind"] => {
  if (event.view) return "view";
  if (touches === "house") return "visit";
  return event.result === undefined ? "click" : "code";
};

const arrivalOf = (line: PastLine, ids: Identities, campaign: string, whose: Whose): readonly Arriving[] => {
  const { event, touches } = line;
  if (touches === "nobody") return [];
  const { at, payee } = event;
  const contract = touches === "house" ? null : whose(payee, at);
  const [id, visitor] = [ids.touch(event), ids.visitor(event.visitor)];
  return [{ id, at, visitor, click: null, kind: kindOf(line), link: IMPORTED + campaign, contract, robot: false }];
};

/** Take in the touches that are not there yet; answers how many there were. */
const takeTouches = async (world: World, brand: string, touches: readonly Arriving[]): Promise<number> => {
  const clicks = touches.map(({ id }) => id);
  const before = await world.store.touches(brand, { visitors: [], clicks }, -EVER, EVER);
  const seen = new Set(before.map(({ id }) => id));
  const fresh = touches.filter(({ id }) => !seen.has(id) && seen.add(id));
  if (fresh.length > 0) await world.record.take(brand, fresh);
  return fresh.length;
};

/** The lines of a pass, but those that are on disk already, each batch with the number of lines up to its end. */
async function* beyond(past: AsyncIterable<readonly PastLine[]>, done: number) {
  let lines = 0;
  for await (const batch of past) {
    const from = Math.max(0, done - lines);
    lines += batch.length;
    if (from < batch.length) yield { batch: batch.slice(from), lines };
  }
}

const takeAllTouches = async (importing: Importing, history: History, whose: Whose): Promise<number> => {
  const { world, order, place } = importing;
  const { ids, past } = pastOf(importing, history, false);
  let fresh = 0;
  for await (const { batch, lines } of beyond(past, place.note().touches)) {
    const touches = batch.flatMap((line) => arrivalOf(line, ids, order.manner.campaign, whose));
    await inParts(touches, MOST_TOUCHES, async (part) => {
      fresh += await takeTouches(world, order.brand, part);
    });
    await place.reach("touches", lines);
  }
  return fresh;
};

const takeResults = async (
  world: World,
  brand: string,
  results: readonly PastLine[],
  refused: (event: HistoryEvent, because: string) => Fault,
): Promise<number> => {
  const done = await Promise.all(
    results.map(({ reported }) => world.record.decide(brand, report(present(reported, "a result"), true, BY))),
  );
  done.forEach((it, index) => {
    if (!it.ok) throw refused(present(results[index], "a result").event, it.refusal.because);
  });
  return done.filter((it) => it.ok && it.value.fresh).length;
};

const refusedAt =
  (table: Table, columns: EventColumns) =>
  (event: HistoryEvent, because: string): Fault =>
    table.fault(event.row, { cell: columns.event }, because);

const takeAllResults = async (importing: Importing, history: History): Promise<number> => {
  const { world, order, place } = importing;
  const { past, columns } = pastOf(importing, history, true);
  const refused = refusedAt(history.table, columns);
  let fresh = 0;
  for await (const { batch, lines } of beyond(past, place.note().results)) {
    const results = batch.filter(({ reported }) => reported !== undefined);
    await inParts(results, MOST_RESULTS, async (part) => {
      fresh += await takeResults(world, order.brand, part, refused);
    });
    await place.reach("results", lines);
  }
  return fresh;
};

const counted = (found: Found, fresh: { readonly touches: number; readonly results: number }) => ({
  influencers: { fresh: found.fresh, known: found.influencers.size - found.fresh },
  touches: { fresh: fresh.touches, known: found.touches - fresh.touches },
  conversions: { fresh: fresh.results, known: found.results - fresh.results },
  valueMinor: found.valueMinor,
  leftOut: found.leftOut,
  isEnded: found.isEnded,
});

const heldIn = ({ touches, results, valueMinor }: Found): NonNullable<ImportNote["held"]> => ({
  touches,
  results,
  valueMinor: Object.fromEntries([...valueMinor].map(([currency, minor]) => [currency, String(minor)])),
});

/**
 * Take in a file of events that was checked: first all touches, since a result of long ago is judged once and for all,
 * then the results. What is on disk already is skipped: a file that is there whole, or the lines before the bookmark.
 */
export const importEvents = async (
  world: World,
  order: Order,
  passes: Passes,
  found: Found,
): Promise<ImportedEvents> => {
  const { brand, manner, file } = order;
  const reader = readerOf(world.store, brand);
  const { source } = passes.digests();
  const before = (await reader.private(IMPORTS + source)) as unknown as ImportNote | undefined;
  const none = { touches: 0, results: 0 };
  const isResumed = before?.isDone === false;
  if (before?.isDone && found.toBring.length === 0)
    return { kind: "events", ...counted(found, none), isResumed, isEarlierLeft: false };
  const begun = { file: file.shown, campaign: manner.campaign, begunAt: world.now(), isDone: false, ...none };
  const note = isResumed ? { ...before, file: file.shown } : begun;
  await insisting(() => world.record.decide(brand, beginImport(source, note, found.toBring, BY)));
  const place = bookmark(world, brand, source, note);
  const importing = { world, order, place };
  const contractAt = await contractsIn(reader, manner.campaign);
  const whose: Whose = (payee, at) => contractAt(present(found.influencers.get(payee), "a payee that was checked"), at);
  const touches = await passes.over("touches", (history) => takeAllTouches(importing, history, whose));
  const results = await passes.over("results", (history) => takeAllResults(importing, history));
  const isEarlierLeft = await place.finish(heldIn(found));
  return { kind: "events", ...counted(found, { touches, results }), isResumed, isEarlierLeft };
};
