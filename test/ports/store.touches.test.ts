import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { schema } from "../../server/store/sqlite.schema.ts";
import { openSqlite } from "../../server/store/sqlite.ts";

const { prepare } = DatabaseSync.prototype;
const asked: string[] = [];

// The platform's own door to the database, listened at: whatever is asked of it is heard, of whoever asks.
beforeEach(() => {
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    asked.push(sql);
    return prepare.call(this, sql);
  };
});
afterEach(() => {
  DatabaseSync.prototype.prepare = prepare;
  asked.length = 0;
});

const planOf = (database: DatabaseSync, sql: string): readonly string[] => {
  const holes = Array.from({ length: sql.split("?").length - 1 }, () => 1);
  return prepare
    .call(database, `explain query plan ${sql}`)
    .all(...holes)
    .map(({ detail }) => String(detail));
};

test("every question about touches is one search of an index, however many touches there are", async () => {
  const store = openSqlite(":memory:");
  await store.touches("brd_a", { visitors: ["v"], clicks: ["c"] }, 0, 1);
  await store.sweep("brd_a", { from: 0, until: 1, limit: 1 });
  await store.touchCount("brd_a", 0, 1);
  await store.close();
  const database = new DatabaseSync(":memory:");
  database.exec(schema);
  const questions = asked.filter((sql) => sql.startsWith("select") && /\btouch\b/.test(sql));
  expect(questions.length).toBeGreaterThanOrEqual(8);
  for (const sql of questions) {
    const steps = planOf(database, sql).filter((step) => /\btouch\b/.test(step));
    expect(steps, sql).toHaveLength(1);
    expect(steps[0], sql).toMatch(/^SEARCH touch (EXISTS )?USING (COVERING INDEX|INDEX|PRIMARY KEY)/);
  }
  const visitor = questions.find((sql) => sql.includes("visitor = ? and at between"));
  expect(planOf(database, visitor ?? "")).toEqual([
    "SEARCH touch USING INDEX touch_visitor (brand=? AND visitor=? AND at>? AND at<?)",
  ]);
  database.close();
});
