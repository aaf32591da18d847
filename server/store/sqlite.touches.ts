import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Store, Sweep, TouchRow, Whose } from "./store.ts";

/** A row as the database gives it. */
export type Row = Record<string, string | number | null>;

const touchOf = (row: Row): TouchRow => ({
  id: String(row.id),
  at: Number(row.at),
  order: Number(row.ord),
  visitor: row.visitor === null ? null : String(row.visitor),
  click: row.click === null ? null : String(row.click),
  kind: row.kind as TouchRow["kind"],
  link: String(row.link),
  contract: row.contract === null ? null : String(row.contract),
  robot: row.robot === 1,
});

// Without statistics the planner prefers the primary key, or an index of more columns, to the one of few rows: each query
// names its own, or it would read all of a brand's touches.
const lookup = (database: DatabaseSync) => {
  const byVisitor = database.prepare(
    "select * from touch indexed by touch_visitor where brand = ? and visitor = ? and at between ? and ?",
  );
  const byClick = database.prepare("select * from touch where brand = ? and id = ? and at between ? and ?");
  const viaClick = database.prepare(
    "select * from touch indexed by touch_click where brand = ? and click = ? and at between ? and ?",
  );
  return (brand: string, { visitors, clicks }: Whose, from: number, until: number): readonly TouchRow[] => {
    const rows = [
      ...visitors.flatMap((it) => byVisitor.all(brand, it, from, until)),
      ...clicks.flatMap((it) => [...byClick.all(brand, it, from, until), ...viaClick.all(brand, it, from, until)]),
    ] as Row[];
    return [...new Map(rows.map((row) => [String(row.id), touchOf(row)])).values()];
  };
};

// Made when first asked for: a file that was last written before there was this index can still be read.
const sweeper = (database: DatabaseSync) => {
  const made = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = made.get(sql) ?? database.prepare(sql);
    made.set(sql, statement);
    return statement;
  };
  // One bound for where to go on, so that a part is found at once even among touches of one instant; the other end is cut
  // off afterwards.
  const sweep = (brand: string, { from, until, after, limit }: Sweep): readonly TouchRow[] => {
    const next = prepared(
      "select * from touch indexed by touch_at where brand = ? and (at, id) > (?, ?) order by at, id limit ?",
    );
    const rows = next.all(brand, after?.at ?? from, after?.id ?? "", limit) as Row[];
    const end = rows.findIndex(({ at }) => Number(at) >= until);
    return (end === -1 ? rows : rows.slice(0, end)).map(touchOf);
  };
  const count = (brand: string, from: number, until: number): number => {
    const counted = prepared(
      "select count(*) as touches from touch indexed by touch_at where brand = ? and at >= ? and at < ?",
    );
    return Number((counted.get(brand, from, until) as Row).touches);
  };
  return { sweep, count };
};

/** What is read of touches: those of somebody, everybody's of some time, and who came by a click. */
export const touchReader = (database: DatabaseSync): Pick<Store, "touches" | "sweep" | "touchCount" | "visitorsOf"> => {
  const [whose, all] = [lookup(database), sweeper(database)];
  const came = database.prepare(
    "select distinct visitor from touch indexed by touch_click where brand = ? and click = ? and visitor is not null",
  );
  return {
    touches: async (brand, of, from, until) => whose(brand, of, from, until),
    sweep: async (brand, part) => all.sweep(brand, part),
    touchCount: async (brand, from, until) => all.count(brand, from, until),
    visitorsOf: async (brand, clicks) => [
      ...new Set(clicks.flatMap((it) => (came.all(brand, it) as Row[]).map((row) => String(row.visitor)))),
    ],
  };
};
