import type { AttributionTerms } from "../../shared/judge/attribution.ts";
import { type ConversionColumns, HOUSE_PLACE, type TouchColumns, touchKinds } from "../../shared/judge/columns.ts";
import { scatter } from "../../shared/kit/chance.ts";
import { read } from "../engine/book.ts";
import { touchName } from "../engine/gather.ts";
import type { TouchRow } from "../store/store.ts";
import { type Cast, type Places, placesOf } from "./cast.ts";
import type { Desk } from "./desk.ts";
import { besides, type Outcome } from "./outcomes.ts";
import type { Gathered, Gathering } from "./touches.ts";

/** What columns are made of. */
export interface Material {
  readonly gathered: Gathering;
  readonly outcomes: readonly Outcome[];
  readonly cast: Cast;
  /** Clicks that somebody known has repeated. */
  readonly claimed: ReadonlySet<string>;
  /** The first instant of the days asked about. */
  readonly from: number;
  readonly terms: AttributionTerms;
}

/** Somebody on the way to some conversions: whose touches these are, in no order, and what the conversions name. */
interface Unit {
  readonly outcomes: readonly number[];
  readonly rows: readonly number[];
  readonly named: readonly TouchRow[];
}

interface Shelves {
  readonly begins: Int32Array;
  readonly rows: Int32Array;
}

/** The rows of each person, one person after another, in the order of time. */
const shelved = ({ who, count }: Gathered, people: number): Shelves => {
  const begins = new Int32Array(people + 1);
  for (let row = 0; row < count; row += 1) begins[(who[row] ?? 0) + 1] = (begins[(who[row] ?? 0) + 1] ?? 0) + 1;
  for (let person = 0; person < people; person += 1)
    begins[person + 1] = (begins[person + 1] ?? 0) + (begins[person] ?? 0);
  const free = begins.slice();
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    const person = who[row] ?? 0;
    rows[free[person] ?? 0] = row;
    free[person] = (free[person] ?? 0) + 1;
  }
  return { begins, rows };
};

/** Conversions of the same person by the same clicks share their touches; one that names a code has a touch of its own. */
const groupsOf = (outcomes: readonly Outcome[]): readonly (readonly number[])[] => {
  const groups = new Map<string, number[]>();
  outcomes.forEach(({ id, visitors, clicks, link, code }, place) => {
    const isNobody = visitors.length + clicks.length === 0;
    const own = isNobody || link !== undefined || code !== undefined ? id : "";
    const key = JSON.stringify([visitors, clicks, own]);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  });
  return [...groups.values()];
};

/** What a conversion itself names is a touch at its own instant, taken in after all others. */
const namedBy = async (desk: Desk, { id, at, link, code }: Outcome): Promise<readonly TouchRow[]> => {
  const found: TouchRow[] = [];
  for (const [what, name] of [
    ["link", link],
    ["code", code],
  ] as const) {
    const doc = name === undefined ? undefined : await read<{ contract: string }>(desk.reader, `${what}/${name}`);
    if (name === undefined || !doc) continue;
    const kind = what === "code" ? "code" : "click";
    const order = Number.MAX_SAFE_INTEGER - (what === "code" ? 0 : 1);
    const bare = { at, order, visitor: null, click: null, robot: false };
    found.push({ ...bare, id: `${what}:${id}`, kind, link: name, contract: doc.contract });
  }
  return found;
};

const MOST_ROWS = 1000;

/** Rows in the order of (instant, order taken in); of thousands their beginning and their end, as in a verdict. */
const inTime = ({ at, order }: Gathered, rows: readonly number[]): readonly number[] => {
  if (rows.length < 2) return rows;
  const sorted = [...new Set(rows)].sort(
    (a, b) => (at[a] ?? 0) - (at[b] ?? 0) || (order[a] ?? 0) - (order[b] ?? 0) || a - b,
  );
  return sorted.length <= MOST_ROWS ? sorted : [...sorted.slice(0, MOST_ROWS / 2), ...sorted.slice(-MOST_ROWS / 2)];
};

/** Which group has the last conversion of each visitor: what they did afterwards is told there, and only there. */
const lastGroups = (
  outcomes: readonly Outcome[],
  groups: readonly (readonly number[])[],
): ReadonlyMap<string, number> => {
  const last = new Map<string, number>();
  const at = new Map<string, number>();
  groups.forEach((group, place) => {
    for (const outcome of group)
      for (const visitor of outcomes[outcome]?.visitors ?? []) {
        const when = outcomes[outcome]?.at ?? 0;
        if (when < (at.get(visitor) ?? Number.NEGATIVE_INFINITY)) continue;
        at.set(visitor, when);
        last.set(visitor, place);
      }
  });
  return last;
};

const unitsOf = async (desk: Desk, { gathered, outcomes }: Material, shelves: Shelves): Promise<readonly Unit[]> => {
  const { rows: all, people, ofClick } = gathered;
  const groups = groupsOf(outcomes);
  const last = lastGroups(outcomes, groups);
  const units: Unit[] = [];
  for (const [place, group] of groups.entries()) {
    const members = group.flatMap((outcome) => outcomes[outcome] ?? []);
    const [first] = members;
    if (!first) continue;
    const theirs = first.visitors.flatMap((visitor) => {
      const person = people.place(visitor);
      return [...shelves.rows.subarray(shelves.begins[person] ?? 0, shelves.begins[person + 1] ?? 0)];
    });
    const end = Math.max(...members.map(({ at }) => at));
    const isLast = first.visitors.every((visitor) => last.get(visitor) === place);
    const rows = [...theirs, ...first.clicks.flatMap((click) => ofClick.get(click) ?? [])];
    const heard = isLast ? rows : rows.filter((row) => (all.at[row] ?? 0) <= end);
    const named = first.link === undefined && first.code === undefined ? [] : await namedBy(desk, first);
    units.push({ outcomes: group, rows: inTime(all, heard), named });
    if (units.length % 1000 === 0) await desk.breathe();
  }
  return units;
};

/** Everybody else who met the campaign in these days, each with all their rows. */
const othersOf = (
  { gathered, outcomes, claimed, from }: Material,
  shelves: Shelves,
): readonly (readonly number[])[] => {
  const { rows: all, people } = gathered;
  const told = new Set(outcomes.flatMap(({ visitors, clicks }) => [...visitors, ...clicks]));
  const others: (readonly number[])[] = [];
  for (let person = 0; person < shelves.begins.length - 1; person += 1) {
    const name = people.names[person] ?? "";
    if (told.has(name) || claimed.has(name)) continue;
    const rows = shelves.rows.subarray(shelves.begins[person] ?? 0, shelves.begins[person + 1] ?? 0);
    if (rows.some((row) => all.isOwn[row] === 1 && (all.at[row] ?? 0) >= from)) others.push(inTime(all, [...rows]));
  }
  return others;
};

/** Columns being laid down, a touch at a time. */
const layingDown = (rows: number) => {
  const columns = {
    count: rows,
    visitor: new Int32Array(rows),
    at: new Float64Array(rows),
    payee: new Int32Array(rows),
    link: new Int32Array(rows),
    kind: new Uint8Array(rows),
    tie: new Uint32Array(rows),
  };
  let next = 0;
  const lay = (visitor: number, from: Pick<TouchColumns, "at" | "payee" | "link" | "kind" | "tie">, row: number) => {
    columns.visitor[next] = visitor;
    for (const name of ["at", "payee", "link", "kind", "tie"] as const) columns[name][next] = from[name][row] ?? 0;
    next += 1;
  };
  return { columns, lay };
};

const oneRow = async (cast: Cast, links: Places, row: TouchRow) => {
  await cast.meet([row]);
  const payee = await cast.payee(row);
  return {
    at: Float64Array.of(row.at),
    payee: Int32Array.of(payee),
    link: Int32Array.of(payee === HOUSE_PLACE ? -1 : links.place(row.link)),
    kind: Uint8Array.of(touchKinds.indexOf(row.kind)),
    tie: Uint32Array.of(scatter(touchName(row.id))),
  };
};

interface Happened {
  readonly visitor: number;
  readonly id: string;
  readonly at: number;
  readonly result: string;
  readonly outcome: number;
}

const asksForOthers = ({ after, milestones }: AttributionTerms): boolean =>
  after === "restart" || milestones !== undefined;

/** The conversions of all units, and where terms ask for them, the same people's others. */
const happenedOf = async (
  desk: Desk,
  { outcomes, terms }: Material,
  units: readonly Unit[],
): Promise<readonly Happened[]> => {
  const all: Happened[] = [];
  for (const [visitor, unit] of units.entries()) {
    const own = unit.outcomes.flatMap((place) => outcomes[place] ?? []);
    const known = new Set(own.map(({ id }) => id));
    for (const [index, { id, at, result }] of own.entries())
      all.push({ visitor, id, at, result, outcome: unit.outcomes[index] ?? 0 });
    if (!asksForOthers(terms)) continue;
    for (const it of own)
      for (const { id, at, result } of await besides(desk, it)) {
        if (known.has(id)) continue;
        known.add(id);
        all.push({ visitor, id, at, result, outcome: -1 });
      }
    if (visitor % 1000 === 0) await desk.breathe();
  }
  return all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
};

const conversionColumns = (all: readonly Happened[], results: Places): ConversionColumns => ({
  count: all.length,
  visitor: Int32Array.from(all, ({ visitor }) => visitor),
  at: Float64Array.from(all, ({ at }) => at),
  tie: Uint32Array.from(all, ({ id }) => scatter(id)),
  result: Int32Array.from(all, ({ result }) => results.place(result)),
});

const touchesIn = ({ at, count }: Gathered, lists: readonly (readonly number[])[], from: number): number => {
  const isIn = new Uint8Array(count);
  for (const rows of lists) for (const row of rows) isIn[row] = (at[row] ?? 0) >= from ? 1 : 0;
  return isIn.reduce((sum, one) => sum + one, 0);
};

/** What was gathered, in columns: people on their way to conversions first, then everybody whose journey led to nothing. */
export const columnsOf = async (desk: Desk, material: Material) => {
  const { gathered, cast, from } = material;
  const shelves = shelved(gathered.rows, gathered.people.names.length);
  const units = await unitsOf(desk, material, shelves);
  const others = othersOf(material, shelves);
  const lists = [...units.map(({ rows }) => rows), ...others];
  const named = units.reduce((sum, it) => sum + it.named.length, 0);
  const { columns, lay } = layingDown(lists.reduce((sum, rows) => sum + rows.length, named));
  for (const [visitor, rows] of lists.entries()) for (const row of rows) lay(visitor, gathered.rows, row);
  for (const [visitor, unit] of units.entries())
    for (const row of unit.named) lay(visitor, await oneRow(cast, gathered.links, row), 0);
  const happened = await happenedOf(desk, material, units);
  const results = placesOf();
  return {
    touches: columns satisfies TouchColumns,
    conversions: conversionColumns(happened, results),
    outcomeOf: Int32Array.from(happened, ({ outcome }) => outcome),
    results,
    touchCount: touchesIn(gathered.rows, lists, from),
  };
};
