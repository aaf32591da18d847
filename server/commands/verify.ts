import type { Flaw } from "../engine/replay.ts";
import { type Verified, verifyBrand } from "../engine/verify.ts";
import type { Store } from "../store/store.ts";
import { aligned, type Command, exits, type Io, type Progress } from "./command.ts";
import { brandIn, folderIn, folderOption, readingFolder } from "./folder.ts";
import { unfinishedTold } from "./imported.ts";

const grouped = (count: number): string => count.toLocaleString("en-US");

const told = (brand: string, { facts, documents, verdicts, transfers, accounts, currencies }: Verified): string => {
  const balanced = currencies.length === 0 ? "" : ` in ${currencies.join(", ")}`;
  return `${brand} is as its facts make it.\n\n${aligned([
    [grouped(facts), "facts, each chained to the one before"],
    [grouped(documents), "stored documents, the same as the facts make them"],
    [grouped(verdicts), "verdicts, the shares of each the whole"],
    [grouped(transfers), `transfers, debits equal to credits${balanced}`],
    [grouped(accounts), "contract accounts, each posted to its statement"],
  ])}\n`;
};

const asked = async (store: Store, brand: string | undefined): Promise<readonly string[]> =>
  brand === undefined ? store.brands() : [await brandIn(store, brand)];

const verified = async (store: Store, brand: string, io: Io) => {
  const replaying = io.progress(`replaying ${brand}`, (await store.head(brand)).seq);
  let comparing: Progress | undefined;
  try {
    return await verifyBrand(store, brand, {
      replaying: replaying.to,
      comparing: (done, all) => {
        comparing ??= io.progress(`comparing ${brand}`, all);
        comparing.to(done);
      },
    });
  } finally {
    comparing?.done();
    replaying.done();
  }
};

interface Found {
  readonly brand: string;
  readonly verified: Verified;
}

const verifyAll = async (store: Store, brands: readonly string[], io: Io) => {
  const found: Found[] = [];
  for (const brand of brands) {
    const done = await verified(store, brand, io);
    if (!done.ok) return { found, flaw: { brand, ...done.refusal } };
    found.push({ brand, verified: done.value });
  }
  return { found, flaw: undefined };
};

/** Is the file whole that everything lies in, also where nothing of what is checked lies? */
const wholeFile = async (store: Store, io: Io): Promise<Flaw | undefined> => {
  const reading = io.progress("reading every page of the file", 1);
  const damage = await store.damage();
  reading.done();
  return damage === undefined
    ? undefined
    : { where: "the file", because: `is damaged, so restore it from a backup: ${damage}` };
};

const asJson = (found: readonly Found[], flaw: (Flaw & { readonly brand?: string }) | undefined): string => {
  const brands = found.map(({ brand, verified: it }) => ({ brand, ...it }));
  return `${JSON.stringify({ ok: flaw === undefined, brands, ...(flaw && { fault: flaw }) })}\n`;
};

/** `makegood verify`: is everything stored as its facts make it? */
export const command: Command = {
  name: "verify",
  says: "Check the chain of facts, the ledger and every stored view against a replay.",
  usage: "[options]",
  options: {
    folder: folderOption,
    brand: { value: "ID", says: "this brand alone, by its id or exact name; all of them when not given" },
    json: { says: "print one JSON object; a fault stands under fault" },
  },
  more: `
For each brand: every fact gives the hash it was stored with, follows from the one before, and can be read; the shares of
every verdict are the whole; all facts, replayed from nothing, make exactly the documents that are stored, none more and
none less; its key, its links and its disputes are found under it; debits equal credits in each currency; and each
contract's account is posted to what its statement comes to. Then every page and index of the file is read. The first
fault is named, with exit code 1.

It reads what was there when it began and changes nothing, so a server may go on meanwhile. What people are called, how
they sign in, the touches themselves with their counters, and answers remembered for a repeated request lie outside the
chain, so that people can be erased: they are not checked. An import that broke off is no fault, but is told of.`,
  run: async (args, io) =>
    readingFolder(folderIn(args, io), async (store) => {
      const brands = await asked(store, args.text("brand"));
      const { found, flaw: first } = await verifyAll(store, brands, io);
      const flaw = first ?? (await wholeFile(store, io));
      if (args.flag("json")) io.out(asJson(found, flaw));
      else for (const it of found) io.out(told(it.brand, it.verified));
      if (!args.flag("json") && found.length + (flaw ? 1 : 0) === 0)
        io.out("There is no brand here, and so nothing to check.\n");
      io.err(await unfinishedTold(store));
      if (flaw === undefined) return exits.fine;
      io.err(`${first ? `${first.brand}: ` : ""}${flaw.where} ${flaw.because}.\n`);
      return exits.refused;
    }),
};
