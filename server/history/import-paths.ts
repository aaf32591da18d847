import { type BroughtPath, MOST_PATHS } from "../../shared/fact.history.ts";
import { HOUSE } from "../../shared/journey/touch.ts";
import { exponentOf } from "../../shared/kit/money.ts";
import { rational, roundHalfEven } from "../../shared/kit/rational.ts";
import { present } from "../../shared/kit/shape.ts";
import { beginImport, bringPaths, type ImportNote, withdrawPaths } from "../decisions/history.ts";
import { readerOf } from "../engine/reader.ts";
import { type PathsSourceDoc, pathsKey } from "../engine/views.history.ts";
import type { World } from "../world.ts";
import { bookmark } from "./bookmark.ts";
import { pathSources } from "./brought.ts";
import { identities } from "./identity.ts";
import type { Count } from "./import-events.ts";
import { insisting } from "./insisting.ts";
import { pow10, unitsAt } from "./number.ts";
import type { Order, Passes } from "./passes.ts";
import type { Manner } from "./past.ts";
import { type PathColumns, type PathLine, pathsIn } from "./paths.ts";
import { type Matched, type Matcher, matching } from "./payees.ts";
import type { History } from "./reading.ts";
import type { Table } from "./table.ts";

type Sums = Omit<BroughtPath, "path">;

/** What the first pass found: how many paths, in how many parts, and what they sum to. */
export interface FoundPaths extends Matched, Sums {
  readonly rows: number;
  readonly parts: number;
  /** How many values were finer than money is counted, and were rounded. */
  readonly rounded: number;
  readonly days: Order["days"];
  readonly isEnded: boolean;
}

/** What an import of paths came to. */
export interface ImportedPaths extends Sums {
  readonly kind: "paths";
  readonly influencers: Count;
  readonly paths: Count;
  readonly currency: string;
  readonly rounded: number;
  readonly days: Order["days"];
  /** Had the same file been brought before, read otherwise? Then that was taken back. */
  readonly isReplaced: boolean;
  readonly isResumed: boolean;
  readonly isEarlierLeft: boolean;
  readonly isEnded: boolean;
}

const BY = "import";
const MICRO = 1_000_000n;
const MOST_STEPS = 1000;
/** Long paths make smaller parts, so that none is larger than some hundred kilobytes. */
const MOST_STEPS_A_PART = 10_000;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

interface Reading {
  readonly table: Table;
  readonly columns: PathColumns;
  readonly manner: Manner;
}

const columnsOf = ({ held }: History): PathColumns => {
  if (held.kind === "paths") return held.columns;
  throw new Error("Impossible: a file of paths became one of events.");
};

const countedIn = ({ table, columns }: Reading, { row, conversionsMicro, nullsMicro }: PathLine) => {
  const no = (cell: number, because: string) => table.fault(row, { cell }, because);
  if (conversionsMicro > SAFE) throw no(columns.conversions, "these are more conversions than can be counted here.");
  if (nullsMicro % MICRO !== 0n) throw no(columns.null, "a journey ends in nothing or does not. Write a whole number.");
  if (nullsMicro / MICRO > SAFE) throw no(columns.null, "these are more journeys than can be counted here.");
  return { conversionsMicro: Number(conversionsMicro), nulls: Number(nullsMicro / MICRO) };
};

/** What a path's conversions are worth, to the nearest minor unit: no one is paid for it, and reports are full of dust. */
const worthIn = (
  { table, columns, manner }: Reading,
  { row, value }: PathLine,
): { minor: number; isRounded: boolean } => {
  if (value.units === 0n) return { minor: 0, isRounded: false };
  const no = (because: string) => table.fault(row, { cell: columns.value }, because);
  if (value.units < 0n) throw no("conversions are never worth less than nothing together.");
  const digits = manner.exponent ?? exponentOf(manner.usualCurrency);
  const isRounded = value.digits > digits;
  const whole = isRounded ? roundHalfEven(rational(value.units, pow10(value.digits - digits))) : unitsAt(value, digits);
  if (whole > SAFE) throw no("this is more than any amount of money that can be counted here.");
  return { minor: Number(whole), isRounded };
};

const namesIn = ({ table, columns, manner }: Reading, { row, payees }: PathLine): readonly string[] => {
  const no = (because: string) => table.fault(row, { cell: columns.path }, because);
  if (payees.length > MOST_STEPS) throw no(`a path has at most ${MOST_STEPS} steps.`);
  // What no touch led to is the house's.
  return payees.length === 0 ? [manner.house] : payees;
};

/** A line as it is brought, but that its steps are still names of the file. */
interface Line {
  readonly row: PathLine["row"];
  readonly brought: BroughtPath;
  readonly isRounded: boolean;
}

/** The lines of a file of paths as they are brought, each refused at its place. */
async function* broughtIn(reading: Reading): AsyncGenerator<readonly Line[], void> {
  for await (const lines of pathsIn(reading.table, reading.columns))
    yield lines.map((line) => {
      const { minor: valueMinor, isRounded } = worthIn(reading, line);
      const brought = { path: [...namesIn(reading, line)], ...countedIn(reading, line), valueMinor };
      return { row: line.row, brought, isRounded };
    });
}

/** Cuts lines into parts, wherever the batches they come in end; the same lines always make the same parts. */
const parting = () => {
  let [rows, steps]: [BroughtPath[], number] = [[], 0];
  const isFull = (path: readonly string[]): boolean =>
    rows.length >= MOST_PATHS || (rows.length > 0 && steps + path.length > MOST_STEPS_A_PART);
  const rest = (): readonly BroughtPath[] => {
    const full = rows;
    [rows, steps] = [[], 0];
    return full;
  };
  return {
    /** Add a line; answers the part that was full before it. */
    add: (row: BroughtPath): readonly BroughtPath[] | undefined => {
      const full = isFull(row.path) ? rest() : undefined;
      rows.push(row);
      steps += row.path.length;
      return full;
    },
    rest,
  };
};

const MOST_NAME = 120;
const TOO_MUCH = "up to here the file sums to more than can be counted.";

const meet = async ({ table, columns, manner }: Reading, matcher: Matcher, { row, brought }: Line): Promise<void> => {
  for (const name of brought.path) {
    if (name === manner.house || matcher.matched.influencers.has(name)) continue;
    const long = name.length > MOST_NAME ? `a payee's name has at most ${MOST_NAME} letters.` : undefined;
    const because = long ?? (await matcher.meet(name));
    if (because !== undefined) throw table.fault(row, { cell: columns.path }, because);
  }
};

const readingOf = (order: Order, history: History): Reading => ({
  table: history.table,
  columns: columnsOf(history),
  manner: order.manner,
});

const addTo = (sums: { -readonly [Name in keyof Sums]: number }, it: Sums): boolean => {
  sums.conversionsMicro += it.conversionsMicro;
  sums.nulls += it.nulls;
  sums.valueMinor += it.valueMinor;
  return Object.values(sums).every(Number.isSafeInteger);
};

/** Read a file of paths to its end, and refuse it at the first line that cannot be taken in. */
export const checkPaths = async (world: World, order: Order, history: History): Promise<FoundPaths> => {
  const { brand, manner } = order;
  const reading = readingOf(order, history);
  const ids = identities(world.key, brand, manner.campaign);
  const matcher = await matching(readerOf(world.store, brand), ids);
  const parts = parting();
  const sums = { conversionsMicro: 0, nulls: 0, valueMinor: 0 };
  const counts = { rows: 0, parts: 0, rounded: 0 };
  for await (const lines of broughtIn(reading))
    for (const line of lines) {
      await meet(reading, matcher, line);
      if (!addTo(sums, line.brought)) throw reading.table.fault(line.row, { cell: reading.columns.path }, TOO_MUCH);
      counts.rows += 1;
      if (line.isRounded) counts.rounded += 1;
      if (parts.add(line.brought) !== undefined) counts.parts += 1;
    }
  if (parts.rest().length > 0) counts.parts += 1;
  const days = { ...history.days, ...order.days };
  return { ...matcher.matched, ...sums, ...counts, days, isEnded: history.table.isEnded() };
};

interface Bringing {
  readonly world: World;
  readonly order: Order;
  readonly found: FoundPaths;
  readonly told: Pick<PathsSourceDoc, "campaign" | "source" | "content" | "of" | "currency"> & Order["days"];
}

const stepIn = ({ order, found }: Bringing, name: string): string =>
  name === order.manner.house ? HOUSE : present(found.influencers.get(name), "a payee that was checked");

/** Bring one part, unless it is there; answers how many lines of it are new. */
const bring = async (bringing: Bringing, part: number, rows: readonly BroughtPath[]): Promise<number> => {
  const { world, order, told } = bringing;
  const reader = readerOf(world.store, order.brand);
  if (await reader.document(pathsKey(told.campaign, told.source, part))) return 0;
  const named = rows.map((row) => ({ ...row, path: row.path.map((name) => stepIn(bringing, name)) }));
  const { currency, ...others } = told;
  const brought = { ...others, ...(currency !== undefined && { currency }), part, rows: named };
  const done = await insisting(() => world.record.decide(order.brand, bringPaths(brought, BY)));
  return done.ok && done.value ? rows.length : 0;
};

const bringAll = async (bringing: Bringing, history: History): Promise<number> => {
  const parts = parting();
  let [part, fresh] = [0, 0];
  const next = async (rows: readonly BroughtPath[] | undefined): Promise<void> => {
    if (rows === undefined || rows.length === 0) return;
    part += 1;
    fresh += await bring(bringing, part, rows);
  };
  for await (const rows of broughtIn(readingOf(bringing.order, history)))
    for (const { brought } of rows) await next(parts.add(brought));
  await next(parts.rest());
  return fresh;
};

/** The same file read otherwise would count its journeys twice: what it brought before is taken back. */
const takeBack = async (world: World, { brand, manner }: Order, { source, content }: Bringing["told"]) => {
  const all = await pathSources(readerOf(world.store, brand), manner.campaign);
  const others = all.filter((it) => it.content === content && it.source !== source);
  for (const it of others)
    await insisting(() => world.record.decide(brand, withdrawPaths(manner.campaign, it.source, BY)));
  return others.length > 0;
};

/** Take in a file of paths that was checked, a part at a time; a part that is there is not brought again. */
export const importPaths = async (
  world: World,
  order: Order,
  passes: Passes,
  found: FoundPaths,
): Promise<ImportedPaths> => {
  const { brand, manner, file } = order;
  const { source, content } = passes.digests();
  const reader = readerOf(world.store, brand);
  const there = (await pathSources(reader, manner.campaign)).find((it) => it.source === source);
  const { days, rows, parts: of } = found;
  const isResumed = there !== undefined && there.parts < of;
  const begun = { file: file.shown, campaign: manner.campaign, begunAt: world.now(), isDone: false };
  const note: ImportNote = { ...begun, touches: 0, results: 0 };
  let [fresh, isReplaced, isEarlierLeft] = [0, false, false];
  if (there?.parts !== of && of > 0) {
    const told = { campaign: manner.campaign, source, content, of, currency: manner.usualCurrency, ...days };
    await insisting(() => world.record.decide(brand, beginImport(source, note, found.toBring, BY)));
    isReplaced = await takeBack(world, order, told);
    const bringing = { world, order, found, told };
    fresh = await passes.over("paths", (history) => bringAll(bringing, history));
    isEarlierLeft = await bookmark(world, brand, source, note).finish({ touches: 0, results: 0, valueMinor: {} });
  }
  const { conversionsMicro, nulls, valueMinor, rounded, isEnded } = found;
  return {
    kind: "paths",
    influencers: { fresh: found.fresh, known: found.influencers.size - found.fresh },
    paths: { fresh, known: rows - fresh },
    ...{ conversionsMicro, nulls, valueMinor, currency: manner.usualCurrency, rounded, days },
    ...{ isReplaced, isResumed, isEarlierLeft, isEnded },
  };
};
