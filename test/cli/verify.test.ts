import { closeSync, cpSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reverse } from "../../server/decisions/conversions.ts";
import { grabLink } from "../../server/decisions/links.ts";
import { mature } from "../../server/engine/clock.ts";
import { chained } from "../../server/engine/unit.ts";
import { verifyBrand } from "../../server/engine/verify.ts";
import { readSqlite } from "../../server/store/sqlite.ts";
import { canonical } from "../../shared/kit/canonical.ts";
import { fine } from "../house.ts";
import { openPast, type Past, run, summerTerms } from "./past.ts";

const HISTORY = `visitor,at,event,payee,value,id
vera,2018-07-02T10:00:00Z,touch,Ana,,
vera,2018-07-03T10:00:00Z,touch,Ben,,
vera,2018-07-04T10:00:00Z,sale,,120.00,order-1
will,2018-07-05T10:00:00Z,touch,Ben,,
will,2018-07-06T10:00:00Z,sale,Ben,80.50,order-2
xena,2018-07-07T10:00:00Z,sale,,10.00,order-3
`;

let past: Past;
let ana = "";
const copies: string[] = [];

interface Stored {
  readonly brand: string;
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly body: string;
  readonly hash: string;
}

beforeAll(async () => {
  past = await openPast();
  ana = await past.sign(await past.invite("Ana"));
  await past.sign(await past.invite("Ben"));
  past.write("history.csv", HISTORY);
  expect((await past.run("import", "history.csv", "--campaign", "Summer")).err).toBe("");
  const [, sale] = await past.world.store.documents(past.brand, { prefix: "conversion/", limit: 9 });
  const conversion = sale?.[0].slice("conversion/".length) ?? "";
  fine(await past.world.record.decide(past.brand, reverse(conversion, "refund-1", 250, "server")));
  await mature(past.world.store, past.world.record, Date.now());
});

afterAll(async () => {
  await past.close();
  for (const folder of copies) rmSync(folder, { recursive: true });
});

/** A copy of the folder, into which somebody with the file in their hands has reached. */
const tamperedWith = (reach: (database: DatabaseSync) => void): string => {
  const folder = mkdtempSync(join(tmpdir(), "makegood-tampered-"));
  copies.push(folder);
  cpSync(past.folder, folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "makegood.sqlite"));
  database.exec("drop trigger fact_unchanged; drop trigger fact_kept");
  reach(database);
  database.close();
  return folder;
};

const verify = (folder: string, ...argv: readonly string[]) => run(folder, "verify", "--folder", ".", ...argv);

/** The one sentence that names the first fault, without the brand it begins with. */
const fault = async (reach: (database: DatabaseSync) => void): Promise<string> => {
  const { exit, out, err } = await verify(tamperedWith(reach));
  expect([exit, out]).toEqual([1, ""]);
  expect(err.startsWith(`${past.brand}: `)).toBe(true);
  return err.slice(past.brand.length + 2).trimEnd();
};

const all = (database: DatabaseSync): readonly Stored[] =>
  database.prepare("select * from fact order by seq").all() as unknown as Stored[];

const seqOf = (database: DatabaseSync, type: string): number =>
  all(database).find(({ body }) => JSON.parse(body).type === type)?.seq ?? 0;

const edit = (database: DatabaseSync, seq: number, change: (body: string) => string): void => {
  const { body } = all(database).find((it) => it.seq === seq) as Stored;
  expect(change(body)).not.toBe(body);
  database.prepare("update fact set body = ? where seq = ?").run(change(body), seq);
};

/** Make the whole chain follow again, as whoever knows how it is made could. */
const rechain = (database: DatabaseSync): void => {
  let previous = "";
  for (const { brand, seq, at, by, body } of all(database)) {
    previous = chained(previous, { brand, seq, at, by, body });
    database.prepare("update fact set hash = ? where seq = ?").run(previous, seq);
  }
};

const editDocument = (database: DatabaseSync, key: string, change: (body: string) => string): void => {
  const { body } = database.prepare("select body from document where key = ?").get(key) as { body: string };
  expect(change(body)).not.toBe(body);
  database.prepare("update document set body = ? where key = ?").run(change(body), key);
};

/** Change a stored balance, so that nobody would see it there. */
const rebalance = (database: DatabaseSync, account: string, byMinor: number): void =>
  editDocument(database, `balance/USD/${account}`, (body) =>
    JSON.stringify({ balanceMinor: JSON.parse(body).balanceMinor + byMinor }),
  );

describe("a folder nobody has reached into", () => {
  it("is found clean, and told what was gone through", async () => {
    const { exit, out, err } = await verify(tamperedWith(() => undefined));
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(/facts, each chained to the one before/);
    expect(out).toMatch(/3 +verdicts, the shares of each the whole/);
    expect(out).toMatch(/transfers, debits equal to credits in USD/);
    expect(out).toMatch(/2 +contract accounts, each posted to its statement/);
  });

  it("is told as one JSON object, when asked", async () => {
    const { out } = await verify(
      tamperedWith(() => undefined),
      "--json",
      "--brand",
      "Acme",
    );
    const brand = { brand: past.brand, verdicts: 3, accounts: 2, currencies: ["USD"] };
    expect(JSON.parse(out)).toMatchObject({ ok: true, brands: [brand] });
  });

  it("is left exactly as it was", async () => {
    const before = await past.world.store.head(past.brand);
    expect((await verify(past.folder)).exit).toBe(0);
    expect(await past.world.store.head(past.brand)).toEqual(before);
  });

  it("stays clean to a reader that began before others wrote on", async () => {
    const path = join(
      tamperedWith(() => undefined),
      "makegood.sqlite",
    );
    const reading = readSqlite(path);
    await reading.head(past.brand);
    const writing = new DatabaseSync(path);
    writing.exec("delete from document where key like 'conversion/%'");
    writing.close();
    const watch = { replaying: () => undefined, comparing: () => undefined };
    expect((await verifyBrand(reading, past.brand, watch)).ok).toBe(true);
    await reading.close();
    const again = readSqlite(path);
    expect((await verifyBrand(again, past.brand, watch)).ok).toBe(false);
    await again.close();
  });
});

describe("the chain of facts", () => {
  it("shows an edited fact", async () => {
    const told = await fault((it) =>
      edit(it, seqOf(it, "conversion-recorded"), (body) => body.replace("12000", "99000")),
    );
    expect(told).toMatch(/^fact \d+ does not give the hash it was stored with/);
  });

  it("shows an edited fact whose hash was made to fit, by the fact after it", async () => {
    let seq = 0;
    const told = await fault((it) => {
      seq = seqOf(it, "conversion-recorded");
      edit(it, seq, (body) => body.replace("12000", "99000"));
      const [previous, edited] = all(it).slice(seq - 2, seq) as [Stored, Stored];
      it.prepare("update fact set hash = ? where seq = ?").run(chained(previous.hash, edited), seq);
    });
    expect(told).toMatch(new RegExp(`^fact ${seq + 1} does not give the hash`));
  });

  it.each(["at = at + 1", `"by" = 'someone'`])("shows a fact whose %s", async (change) => {
    expect(await fault((it) => it.exec(`update fact set ${change} where seq = 3`))).toMatch(/^fact 3 does not give/);
  });

  it("shows two facts that changed places", async () => {
    const told = await fault((it) =>
      it.exec(
        "update fact set seq = 1000 where seq = 4; update fact set seq = 4 where seq = 5; update fact set seq = 5 where seq = 1000",
      ),
    );
    expect(told).toMatch(/^fact 4 does not give the hash/);
  });

  it.each([1, 5])("shows that fact %i was taken out", async (seq) => {
    const told = await fault((it) => it.prepare("delete from fact where seq = ?").run(seq));
    expect(told).toBe(`fact ${seq} is missing: after ${seq - 1} comes ${seq + 1}.`);
  });

  it("shows that the last fact was taken off, by what it had made", async () => {
    const told = await fault((it) => it.exec("delete from fact where seq = (select max(seq) from fact)"));
    expect(told).toMatch(/^document \S+ is (not )?stored/);
  });

  it("shows a brand whose facts are all gone, by what they had made", async () => {
    expect(await fault((it) => it.exec("delete from fact"))).toMatch(/^document \S+ is stored, and no fact makes it/);
  });

  it("shows a fact that cannot be read, in a chain that was made to follow again", async () => {
    const told = await fault((it) => {
      edit(it, seqOf(it, "conversion-recorded"), (body) => body.replace('"via":"import"', '"via":"rumour"'));
      rechain(it);
    });
    expect(told).toMatch(/^fact \d+ cannot be read: via: /);
  });

  it("shows a history rewritten from end to end, by the documents it does not make", async () => {
    const told = await fault((it) => {
      edit(it, seqOf(it, "conversion-recorded"), (body) => body.replace("12000", "12001"));
      rechain(it);
    });
    expect(told).toMatch(/^document account\/con_\w+ is stored otherwise than the facts make it/);
  });
});

describe("verdicts", () => {
  it("shows shares that are not the whole", async () => {
    const told = await fault((it) => {
      edit(it, seqOf(it, "conversion-judged"), (body) => {
        const fact = JSON.parse(body);
        fact.settings[0].shares[0].shareMicro -= 1;
        return canonical(fact);
      });
      rechain(it);
    });
    expect(told).toMatch(/^fact \d+ has shares in setting 0 that sum to 999999, not to 1000000/);
  });

  it("shows a part that is not what its setting gives", async () => {
    const told = await fault((it) => {
      edit(it, seqOf(it, "conversion-judged"), (body) => {
        const fact = JSON.parse(body);
        fact.parts[0].shareMicro += 1;
        return canonical(fact);
      });
      rechain(it);
    });
    expect(told).toMatch(/^fact \d+ gives con_\w+ 500001 millionths where its setting gives 500000/);
  });
});

describe("documents", () => {
  it.each([
    ["account/", /"accrued":\d/],
    ["share/", /"shareMicro":\d/],
    ["contract/", /"amountMinor":\d/],
    ["balance/USD/influencer:", /"balanceMinor":-\d/],
    ["conversion/", /"valueMinor":\d/],
  ])("shows that one under %s was edited", async (prefix, digits) => {
    const told = await fault((it) => {
      const keys = it.prepare("select key, body from document where key like ? order by key").all(`${prefix}%`);
      const found = keys.find(({ body }) => digits.test(String(body)));
      editDocument(it, String(found?.key), (body) => body.replace(digits, (text) => `${text}7`));
    });
    expect(told).toMatch(new RegExp(`^document ${prefix}\\S+ is stored otherwise than the facts make it`));
  });

  it("shows one too many", async () => {
    const told = await fault((it) =>
      it.prepare("insert into document (brand, key, body) values (?, 'share/con_x/cnv_y', '{}')").run(past.brand),
    );
    expect(told).toBe("document share/con_x/cnv_y is stored, and no fact makes it.");
  });

  it("shows one too few", async () => {
    const told = await fault((it) => it.prepare("delete from document where key = ?").run(`account/${ana}`));
    expect(told).toBe(`document account/${ana} is not stored, and the facts make it.`);
  });

  it.each(["{", "{}}", ""])("shows one that is no JSON at all: %j", async (body) => {
    const told = await fault((it) =>
      it.prepare("update document set body = ? where key = ?").run(body, `account/${ana}`),
    );
    expect(told).toBe(`document account/${ana} is stored as something that is not JSON.`);
  });

  it("shows one too many that is no JSON either", async () => {
    const told = await fault((it) =>
      it.prepare("insert into document (brand, key, body) values (?, 'zzz', '{')").run(past.brand),
    );
    expect(told).toMatch(/^a document after .+ is stored as something that is not JSON, and no fact makes it\.$/);
  });
});

describe("the names a brand is found by", () => {
  const keyOf = (database: DatabaseSync): string =>
    String(database.prepare("select name from name where name like 'pk_%'").get()?.name);

  it("shows one that leads to somebody else", async () => {
    let key = "";
    const told = await fault((it) => {
      key = keyOf(it);
      it.prepare("update name set brand = 'brd_somebody'").run();
    });
    expect(told).toBe(`name ${key} leads to brd_somebody, and a fact gave it to this brand.`);
  });

  it("shows a link that leads nowhere any more", async () => {
    const own = await openPast();
    const terms = { ...summerTerms, starts: "2020-01-01", ends: "2029-12-31", period: "flight" };
    const contract = await own.sign(await own.invite("Ana"), terms);
    const link = { contract, destination: "http://localhost:9/offer", code: "summer2345" };
    fine(await own.world.record.decide(own.brand, grabLink(link, "ana")));
    expect(await own.run("verify")).toMatchObject({ exit: 0, err: "" });
    const database = new DatabaseSync(join(own.folder, "makegood.sqlite"));
    database.prepare("delete from name where name = ?").run(link.code);
    database.close();
    const { exit, err } = await own.run("verify");
    await own.close();
    expect([exit, err]).toEqual([
      1,
      `${own.brand}: name summer2345 leads to nobody, and a fact gave it to this brand.\n`,
    ]);
  });
});

describe("the ledger", () => {
  it("shows a movement that does not leave a contract where it says, however well it is covered up", async () => {
    const told = await fault((it) => {
      const moves = all(it).filter(({ body }) => body.includes('"money-moved"'));
      const last = moves.at(-1) as Stored;
      const { debit, credit } = JSON.parse(last.body).transfers[0];
      edit(it, last.seq, (body) =>
        body.replace(/"amountMinor":(\d+),"code"/, (_, amount) => `"amountMinor":${Number(amount) - 1},"code"`),
      );
      rechain(it);
      rebalance(it, debit, -1);
      rebalance(it, credit, 1);
    });
    expect(told).toMatch(/^ledger USD con_\w+ has \d+ minor units posted as \w+ and has earned \d+/);
  });

  it("shows money that was never posted, though its balances were made to fit", async () => {
    const told = await fault((it) => {
      const last = all(it).findLast(({ body }) => body.includes('"money-moved"')) as Stored;
      const { transfers } = JSON.parse(last.body);
      it.prepare("delete from fact where seq >= ?").run(last.seq);
      for (const { debit, credit, amountMinor } of transfers) {
        rebalance(it, debit, -amountMinor);
        rebalance(it, credit, amountMinor);
      }
    });
    expect(told).toMatch(/^document account\/con_\w+ is stored otherwise/);
  });
});

describe("what there is to check", () => {
  it("refuses a folder in which nothing was begun, and makes nothing in it", async () => {
    const { exit, err } = await verify(tmpdir());
    expect(exit).toBe(1);
    expect(err).toBe("There is nothing in . yet. Name another --folder, or begin here: makegood init\n");
  });

  it("refuses a file that is no database", async () => {
    const folder = tamperedWith(() => undefined);
    rmSync(join(folder, "makegood.sqlite"));
    cpSync(join(past.folder, "history.csv"), join(folder, "makegood.sqlite"));
    const { exit, err } = await verify(folder);
    expect(exit).toBe(1);
    expect(err).toMatch(/^The folder \. holds a makegood\.sqlite that is not a database\./);
  });

  it("refuses a database that lacks a part", async () => {
    const { exit, err } = await verify(tamperedWith((it) => it.exec("drop table document")));
    expect([exit, err]).toEqual([
      1,
      expect.stringMatching(/^The folder \. holds a makegood\.sqlite .* lacks a part of it\./),
    ]);
  });

  it("says that a page of it is damaged, when it comes to that page", async () => {
    let at = 0;
    const folder = tamperedWith((it) => {
      it.exec("pragma journal_mode=delete");
      const { rootpage } = it.prepare("select rootpage from sqlite_schema where name = 'fact'").get() as {
        rootpage: number;
      };
      at = (rootpage - 1) * Number(it.prepare("pragma page_size").get()?.page_size);
    });
    const file = openSync(join(folder, "makegood.sqlite"), "r+");
    writeSync(file, Buffer.alloc(1024, 0xff), 0, 1024, at);
    closeSync(file);
    const { exit, err } = await verify(folder);
    expect([exit, err]).toEqual([1, "The folder . holds a damaged database. Restore it from a backup.\n"]);
  });

  it("reads the pages nothing else is checked on, and says which is damaged", async () => {
    let at = 0;
    const folder = tamperedWith((it) => {
      it.exec("pragma journal_mode=delete");
      const index = it.prepare("select rootpage from sqlite_schema where name = 'touch_visitor'").get();
      // What a page holds stands at its end.
      at = Number(index?.rootpage) * Number(it.prepare("pragma page_size").get()?.page_size) - 64;
    });
    const file = openSync(join(folder, "makegood.sqlite"), "r+");
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, at);
    closeSync(file);
    const { exit, err } = await verify(folder);
    expect([exit, err]).toEqual([
      1,
      expect.stringMatching(/^the file is damaged, so restore it from a backup: .+\.\n$/),
    ]);
    const json = await verify(folder, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, fault: { where: "the file" } });
  });

  it("refuses a brand that is not there", async () => {
    const { exit, err } = await verify(past.folder, "--brand", "Nobody");
    expect([exit, err]).toEqual([1, `There is no brand "Nobody" here; there are ${past.brand} (Acme).\n`]);
  });
});
