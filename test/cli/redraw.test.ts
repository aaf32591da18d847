import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBrand } from "../../server/brands.ts";
import { openWorld, start } from "../../server/main.ts";
import { claimAlone } from "../../server/store/claim.ts";
import { redrawSqlite } from "../../server/store/sqlite.ts";
import { ok } from "../../shared/kit/shape.ts";
import { openPast, run } from "./past.ts";

const cli = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));
const VISITORS = 250;
const LOG = `visitor,at,event,payee,value,id\n${Array.from(
  { length: VISITORS },
  (_, index) =>
    `v${index},2018-07-02T10:00:00Z,touch,Ana,,\nv${index},2018-07-03T10:00:00Z,touch,Ben,,\nv${index},2018-07-04T10:00:00Z,sale,,10.50,order-${index}\n`,
).join("")}`;

let whole = "";
let brand = "";
let rival = "";
const copies: string[] = [];

beforeAll(async () => {
  const past = await openPast();
  for (const name of ["Ana", "Ben"]) await past.sign(await past.invite(name));
  past.write("log.csv", LOG);
  expect((await past.run("import", "log.csv", "--campaign", "Summer")).err).toBe("");
  brand = past.brand;
  rival = (await makeBrand(past.world, { name: "Rival", owner: "Rita", email: "rita@rival.example" })).brand;
  await past.world.close();
  whole = past.folder;
});

afterAll(() => {
  for (const folder of [whole, ...copies]) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the folder, into which somebody with the file in their hands has reached. */
const copyWith = (reach: (database: DatabaseSync) => void = () => {}): string => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-redraw-"));
  copies.push(folder);
  cpSync(whole, folder, { recursive: true });
  byHand(folder, reach);
  return folder;
};

const byHand = <Found>(folder: string, act: (database: DatabaseSync) => Found): Found => {
  const database = new DatabaseSync(join(folder, "makegood.sqlite"), { timeout: 5000 });
  try {
    return act(database);
  } finally {
    database.close();
  }
};

const tables = ["fact", "document", "private", "touch", "counter", "answer", "name", "drawn"] as const;
/** Everything the product keeps, row by row, by table. */
const everything = (folder: string) =>
  byHand(folder, (database) =>
    Object.fromEntries(tables.map((table) => [table, database.prepare(`select * from "${table}"`).all()])),
  );

const redraw = (folder: string, ...argv: readonly string[]) => run(folder, "redraw", "--folder", ".", ...argv);
const verify = async (folder: string) => (await run(folder, "verify", "--folder", ".")).exit;

const damages: readonly (readonly [string, string])[] = [
  ["were deleted", "delete from document"],
  ["were deleted in part", "delete from document where key like 'share/%' or key like 'account/%'"],
  ["were tampered with", "update document set body = replace(body, '1', '2') where key not like 'brand%'"],
  ["stand beside others that no fact makes", "insert into document values ('brd_nobody', 'link/zzz', '{}')"],
  ["are no JSON", "update document set body = 'not JSON' where key like 'conversion/%'"],
  ["were drawn before anybody noted a version", "delete from drawn; update document set body = '{}'"],
  ["were drawn by older folds", "update drawn set version = -1; delete from document where key like 'due/%'"],
  ["lie in a file from before there were versions", "drop table drawn"],
];

describe("views that", () => {
  it.each(damages)("%s are drawn anew, as they were, and nothing else is changed", async (_, sql) => {
    const folder = copyWith((database) => database.exec(sql));
    expect(await verify(folder)).toBe(1);
    const { exit, out, err } = await redraw(folder);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`${brand} is drawn anew from [\\d,]+ facts\\.\n`));
    const [before, after] = [everything(whole), everything(folder)];
    for (const table of tables.filter((it) => it !== "drawn" && it !== "document"))
      expect(after[table], table).toEqual(before[table]);
    const keys = (rows: typeof before) => rows.document?.map((row) => `${row.brand} ${row.key}`);
    expect(keys(after)).toEqual(keys(before));
    expect(await verify(folder)).toBe(0);
  });

  it("are right already become what they are", async () => {
    const folder = copyWith();
    expect((await redraw(folder)).exit).toBe(0);
    expect((await redraw(folder)).exit).toBe(0);
    expect(await verify(folder)).toBe(0);
  });

  it("are another brand's stay as they are, when one is named", async () => {
    const folder = copyWith((database) => database.exec("delete from document"));
    const { exit, out } = await redraw(folder, "--brand", "Rival");
    expect([exit, out]).toEqual([0, `${rival} is drawn anew from 1 facts.\n`]);
    expect(new Set(everything(folder).document?.map((row) => row.brand))).toEqual(new Set([rival]));
  });
});

describe("a chain that does not hold", () => {
  const broken: readonly (readonly [string, string, RegExp])[] = [
    ["was changed", `update fact set body = replace(body, 'order-7"', 'order-8"')`, /fact \d+ does not give the hash/],
    ["lacks a fact", "delete from fact where seq = 20", /fact 20 is missing/],
  ];
  it.each(broken)("because it %s is named, and the brand left as it was; the others go on", async (_, sql, because) => {
    const folder = copyWith((database) => {
      database.exec("drop trigger fact_unchanged; drop trigger fact_kept; delete from document where key like 'due/%'");
      database.exec(`${sql}${sql.includes("where") ? " and" : " where"} brand = '${brand}'`);
      database.exec(`delete from document where brand = '${rival}'`);
    });
    const before = everything(folder).document?.filter((row) => row.brand === brand);
    const { exit, out, err } = await redraw(folder);
    expect([exit, out]).toEqual([1, `${rival} is drawn anew from 1 facts.\n`]);
    expect(err).toMatch(because);
    expect(err.startsWith(`${brand}: fact `)).toBe(true);
    expect(err.endsWith(" Nothing of it was changed.\n")).toBe(true);
    expect(everything(folder).document?.filter((row) => row.brand === brand)).toEqual(before);
  });
});

describe("drawing anew that is killed", () => {
  /** Which of the documents lie there: those from before, the right ones, or (which must never be) something in between. */
  const lies = (folder: string): string => {
    const own = ({ document = [] }: ReturnType<typeof everything>) => document.filter((row) => row.brand === brand);
    const keys = own(everything(folder)).map((row) => row.key);
    if (keys.length === 1 && keys[0] === "campaign/stale") return "before";
    return keys.length === own(everything(whole)).length ? "after" : `${keys.length} in between`;
  };

  it("at any moment leaves all of a brand's views as they were or all drawn anew, and is simply called again", async () => {
    const folder = copyWith((database) =>
      database.exec(`delete from document; insert into document values ('${brand}', 'campaign/stale', '{}')`),
    );
    const seen = new Set<string>();
    const began = performance.now();
    const first = spawn(process.execPath, [cli, "redraw", "--folder", "."], { cwd: folder, stdio: "ignore" });
    await once(first, "close");
    const wholeMs = performance.now() - began;
    for (const part of [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97]) {
      byHand(folder, (database) =>
        database.exec(`delete from document; insert into document values ('${brand}', 'campaign/stale', '{}')`),
      );
      const child = spawn(process.execPath, [cli, "redraw", "--folder", "."], { cwd: folder, stdio: "ignore" });
      const closed = once(child, "close");
      await wait(wholeMs * part);
      child.kill("SIGKILL");
      await closed;
      seen.add(lies(folder));
    }
    expect([...seen].filter((it) => it !== "before" && it !== "after")).toEqual([]);
    expect(seen).toContain("before");
    expect((await redraw(folder)).exit).toBe(0);
    expect(await verify(folder)).toBe(0);
  }, 60_000);
});

describe("a folder somebody is at work on", () => {
  it("is not drawn anew beside a server, and is once that has stopped", async () => {
    const folder = copyWith();
    const running = await start({ folder, port: 0, loopback: true });
    const { exit, out, err } = await redraw(folder);
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toBe(
      "A server or another command is at work on the folder .. Stop it first: views are drawn anew by whoever has it alone.\n",
    );
    expect(await verify(folder)).toBe(0);
    await running.stop();
    expect((await redraw(folder)).exit).toBe(0);
  });

  it("takes no server and no other command while its views are being drawn", async () => {
    const folder = copyWith();
    const claim = claimAlone(folder);
    await expect(start({ folder, port: 0, loopback: true })).rejects.toThrow("are being drawn anew by another process");
    const { exit, err } = await run(folder, "init", "--name", "A", "--email", "a@acme.example", "--folder", ".");
    expect([exit, err]).toEqual([1, expect.stringContaining("Wait until it is done, and try again.")]);
    expect(await verify(folder)).toBe(0);
    claim?.letGo();
    await (await start({ folder, port: 0, loopback: true })).stop();
  });

  it("can be read meanwhile, as it was before", async () => {
    const folder = copyWith();
    const store = redrawSqlite(join(folder, "makegood.sqlite"));
    await store.redraw(rival, 1, async (book) => {
      book.put("brand", { half: "drawn" });
      expect(await verify(folder)).toBe(0);
      return { ok: false, refusal: "stop" };
    });
    await store.redraw(rival, 1, async (book) => ok(book.put("brand", { half: "drawn" })));
    expect(await store.document(rival, "brand")).toEqual({ half: "drawn" });
    await store.close();
    expect(await verify(folder)).toBe(1);
  });
});

describe("views of another version", () => {
  const versions: readonly (readonly [string, string, string])[] = [
    [
      "older",
      "update drawn set version = -1",
      "are of version -1, and this program's are of version 1. Draw them anew first: makegood redraw.",
    ],
    [
      "unknown",
      "delete from drawn",
      "are of an unknown version, and this program's are of version 1. Draw them anew first: makegood redraw.",
    ],
    [
      "newer",
      "update drawn set version = 9",
      "are of version 9, and this program's are of version 1. They come from a newer Makegood: run that one.",
    ],
  ];
  it.each(versions)(
    "%s than the program's are refused by a server and by verify, with what to do",
    async (_, sql, because) => {
      const folder = copyWith((database) => database.exec(`${sql} where brand = '${brand}'`));
      const sentence = `The stored views of ${brand} ${because}`;
      await expect(start({ folder, port: 0, loopback: true })).rejects.toThrow(sentence);
      await expect(openWorld({ folder, port: 0, loopback: true }, "http://x.example")).rejects.toThrow(sentence);
      const child = spawn(process.execPath, [cli, "serve", "--port", "0", "--folder", "."], { cwd: folder });
      let said = "";
      child.stderr.on("data", (text) => {
        said += text;
      });
      expect(await once(child, "close")).toEqual([1, null]);
      expect(said).toBe(`${sentence}\n`);
      const { exit, err } = await run(folder, "verify", "--folder", ".");
      expect([exit, err]).toEqual([1, `${brand}: stored views ${because}\n`]);
    },
  );
});
