import { type Stats, statSync } from "node:fs";
import { present } from "../../shared/kit/shape.ts";
import { report } from "../decisions/conversions.ts";
import { bringPayees } from "../decisions/history.ts";
import { IMPORTED } from "../engine/react.ts";
import { readerOf } from "../engine/reader.ts";
import type { Arriving } from "../engine/record.ts";
import { STALE_HEAD } from "../store/store.ts";
import type { World } from "../world.ts";
import { check } from "./checking.ts";
import { type Mapping, recognised } from "./columns.ts";
import type { EventColumns, HistoryEvent } from "./events.ts";
import { type Fault, unreadable } from "./fault.ts";
import { type Identities, identities } from "./identity.ts";
import { type Manner, type PastLine, pastIn } from "./past.ts";
import { contractsIn, matching } from "./payees.ts";
import { openTable, type Table } from "./table.ts";

/** What to import, into which brand, and whom to tell how many bytes of which pass have been read. */
export interface Order {
  readonly file: { readonly path: string; readonly shown: string };
  readonly mapping: Mapping;
  readonly brand: string;
  readonly manner: Manner;
  readonly watch: (label: string, bytes: number) => { to(bytes: number): void; done(): void };
}

/** How many things an import brought, and how many were there before (or twice in the file). */
export interface Count {
  readonly fresh: number;
  readonly known: number;
}

/** What an import came to. `valueMinor` is what the file's results are worth, by currency. */
export interface Imported {
  readonly influencers: Count;
  readonly touches: Count;
  readonly conversions: Count;
  readonly valueMinor: ReadonlyMap<string, bigint>;
}

const BY = "import";
const EVER = 8_640_000_000_000_000;
const MOST_TOUCHES = 2048;
const MOST_RESULTS = 256;
const MOST_TRIES = 20;

/** A file being read once: its table, where its columns are, and its lines as a past. */
interface Pass {
  readonly table: Table;
  readonly columns: EventColumns;
  readonly ids: Identities;
  readonly past: AsyncGenerator<readonly PastLine[], void>;
}

const bare = (because: string): Fault => Object.assign(new Error(because), { name: "Fault" as const });

const statOf = ({ path, shown }: Order["file"]): Stats => {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    throw unreadable(shown, error);
  }
  if (found.isFile() || found.isDirectory()) return found;
  throw bare(`${shown}: is not a file on disk, and a past is read three times. Save it to one first.`);
};

const passOver = (world: World, order: Order, first: Stats) => {
  const { file, mapping, brand, manner, watch } = order;
  return async <Done>(label: string, act: (pass: Pass) => Promise<Done>): Promise<Done> => {
    const now = statOf(file);
    if (now.size !== first.size || now.mtimeMs !== first.mtimeMs)
      throw bare(`${file.shown}: was changed while it was being read. Import it again.`);
    const progress = watch(label, now.size);
    try {
      const table = await openTable({ ...file, heard: progress.to });
      const held = recognised(table, mapping);
      if (held.kind === "paths")
        throw table.fault(
          table.header,
          { cell: held.columns.path },
          "paths say neither who nor when, and are no past. Give events.",
        );
      const ids = identities(world.key, brand, manner.campaign);
      const { columns } = held;
      return await act({ table, columns, ids, past: pastIn({ table, columns, manner, ids }) });
    } finally {
      progress.done();
    }
  };
};

const isStale = (error: unknown): boolean => error instanceof Error && error.message === STALE_HEAD;

/**
 * Do all of it in parts of at most `most`. A part that keeps being overtaken, because another process writes to the same
 * brand, is done in smaller ones; each part is written whole or not at all.
 */
const inParts = async <Item>(
  items: readonly Item[],
  most: number,
  act: (part: readonly Item[]) => Promise<void>,
): Promise<void> => {
  let [from, size, tries] = [0, most, 0];
  while (from < items.length) {
    try {
      await act(items.slice(from, from + size));
      from += size;
      [size, tries] = [Math.min(most, size * 2), 0];
    } catch (error) {
      tries += 1;
      if (!isStale(error) || tries > MOST_TRIES) throw error;
      size = Math.ceil(size / 2);
    }
  }
};

const arrivalOf = (
  { event, touch }: PastLine,
  campaign: string,
  whose: (payee: string, at: number) => string,
): readonly Arriving[] => {
  if (touch === undefined) return [];
  const { at, payee, result } = event;
  const named = result === undefined ? "click" : "code";
  const kind = touch.isHouse ? "visit" : named;
  const contract = touch.isHouse ? null : whose(payee, at);
  const { id, visitor } = touch;
  return [{ id, at, visitor, click: null, kind, link: IMPORTED + campaign, contract, robot: false }];
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

const takeAllTouches = async (
  world: World,
  { brand, manner }: Order,
  { past }: Pass,
  whose: (payee: string, at: number) => string,
): Promise<Count> => {
  let [fresh, all] = [0, 0];
  for await (const lines of past) {
    const touches = lines.flatMap((line) => arrivalOf(line, manner.campaign, whose));
    await inParts(touches, MOST_TOUCHES, async (part) => {
      fresh += await takeTouches(world, brand, part);
    });
    all += touches.length;
  }
  return { fresh, known: all - fresh };
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

const takeAllResults = async (world: World, brand: string, { past, table, columns }: Pass) => {
  let [fresh, all] = [0, 0];
  const valueMinor = new Map<string, bigint>();
  const refused = (event: HistoryEvent, because: string) => table.fault(event.row, { cell: columns.event }, because);
  for await (const lines of past) {
    const results = lines.filter(({ reported }) => reported !== undefined);
    await inParts(results, MOST_RESULTS, async (part) => {
      fresh += await takeResults(world, brand, part, refused);
    });
    all += results.length;
    for (const { reported } of results)
      if (reported?.currency !== undefined)
        valueMinor.set(reported.currency, (valueMinor.get(reported.currency) ?? 0n) + BigInt(reported.valueMinor ?? 0));
  }
  return { conversions: { fresh, known: all - fresh }, valueMinor };
};

/**
 * Load an event log as a brand's past, reading the file three times so that no more than a piece of it is held at once:
 * first to check every line, before anything is written; then for the touches, all of which must be there before a
 * result is judged, since a result of long ago is judged once and for all; then for the results. Every line has an id of
 * its own, so doing it again adds nothing, and an import that broke off is finished by doing it again.
 */
export const importHistory = async (world: World, order: Order): Promise<Imported> => {
  const { brand, manner } = order;
  const reader = readerOf(world.store, brand);
  const pass = passOver(world, order, statOf(order.file));
  const found = await pass("checking", async ({ table, columns, ids, past }) => {
    const matcher = await matching(reader, ids);
    await check({ store: world.store, brand, table, columns, matcher }, past);
    return matcher.matched;
  });
  if (found.toBring.length > 0) await world.record.decide(brand, bringPayees(found.toBring, BY));
  const contractAt = await contractsIn(reader, manner.campaign);
  const whose = (payee: string, at: number): string =>
    contractAt(present(found.influencers.get(payee), "a payee that was checked"), at);
  const touches = await pass("touches", (it) => takeAllTouches(world, order, it, whose));
  const { conversions, valueMinor } = await pass("results", (it) => takeAllResults(world, brand, it));
  const influencers = { fresh: found.fresh, known: found.influencers.size - found.fresh };
  return { influencers, touches, conversions, valueMinor };
};
