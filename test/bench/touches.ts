// Looking up one visitor's touches among very many, against the same look-up among a hundredth of them in the same run.
// Run: node test/bench/touches.ts [--rows 5000000]. Writes two files to the system's folder for temporary ones, and removes
// them. Prints rows of a Markdown table.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { schema } from "../../server/store/sqlite.schema.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import type { Store } from "../../server/store/store.ts";

const { rows } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } }).values;
const ROWS = Number(rows);
const SHRINK = 100;
const TOUCHES_EACH = 10;
const LOOKUPS = 20_000;
const ROUNDS = 5;
const BRAND = "brd_aaaaaaaaaaaaaaaaaaaa";
const BEGAN = 1_790_000_000_000;

/** Half of the touches came by a link. Everybody's lie scattered over the whole time, and so over the whole file. */
const filling = (count: number): string => `
  with recursive it(n) as (select 1 union all select n + 1 from it where n < ${count})
  insert into touch select '${BRAND}', printf('visit:%012x-000000', n), ${BEGAN} + n * 500, n,
    'visitor-' || ((n * 7919 + n / 97) % ${Math.max(1, count / TOUCHES_EACH)}),
    case when n % 2 then printf('abcdef12.%012x-aaaaaaaaaaaaaaaaaaaaaa', n) end,
    'visit', case when n % 2 then 'abcdef12' else 'page:shop.example' end,
    case when n % 2 then printf('con_aaaaaaaaaaaaaaaa%04d', n % 500) end, 0 from it`;

/** A store of so many touches. Indexes are made at the end: the same as if they had grown, and sooner. */
const filled = (folder: string, count: number): { readonly path: string; readonly seconds: number } => {
  const path = join(folder, `${count}.sqlite`);
  const began = performance.now();
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-1000000; pragma temp_store=file;");
  database.exec(schema);
  for (const { name } of database
    .prepare("select name from sqlite_schema where tbl_name = 'touch' and sql like 'create index%'")
    .all())
    database.exec(`drop index ${name}`);
  database.exec(filling(count));
  database.exec(schema);
  database.close();
  return { path, seconds: (performance.now() - began) / 1000 };
};

const microseconds = async (store: Store, count: number, round: number): Promise<number> => {
  const people = Math.max(1, count / TOUCHES_EACH);
  let found = 0;
  const began = performance.now();
  for (let lookup = 0; lookup < LOOKUPS; lookup += 1) {
    const visitor = `visitor-${(lookup * 104_729 + round * 15_485_863) % people}`;
    found += (await store.touches(BRAND, { visitors: [visitor], clicks: [] }, 0, Number.MAX_SAFE_INTEGER)).length;
  }
  const took = performance.now() - began;
  if (found < LOOKUPS) throw new Error("somebody has no touches");
  return (took * 1000) / LOOKUPS;
};

const folder = mkdtempSync(join(tmpdir(), "makegood-touches-"));
try {
  const counts = [ROWS / SHRINK, ROWS];
  const files = counts.map((count) => filled(folder, count));
  const stores = files.map(({ path }) => openSqlite(path));
  const best = counts.map(() => Number.POSITIVE_INFINITY);
  // The first round only warms up. They take turns: what else the machine does disturbs both alike.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [place, store] of stores.entries()) {
      const took = await microseconds(store, counts[place] ?? 1, round);
      if (round > 0) best[place] = Math.min(best[place] ?? took, took);
    }
  console.log("| touches | file | filled in | µs a look-up | × the control |\n|--:|--:|--:|--:|--:|");
  for (const [place, count] of counts.entries()) {
    const { path, seconds } = files[place] ?? { path: "", seconds: 0 };
    const told = [
      count.toLocaleString("en-US"),
      `${Math.round(statSync(path).size / 1e6)} MB`,
      `${Math.round(seconds)} s`,
    ];
    const ratio = (best[place] ?? 0) / (best[0] ?? 1);
    console.log(
      `| ${told.join(" | ")} | ${(best[place] ?? 0).toFixed(1)} | ${place === 0 ? "control" : ratio.toFixed(2)} |`,
    );
  }
  for (const store of stores) await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
