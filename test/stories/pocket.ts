import { addInfluencer, createCampaign, openBrand } from "../../server/decisions/campaigns.ts";
import { draftContract, offerContract, signContract, termsHashOf } from "../../server/decisions/contracts.ts";
import { approve, type Reported, reject, report, reverse } from "../../server/decisions/conversions.ts";
import type { Book } from "../../server/engine/book.ts";
import { mature } from "../../server/engine/clock.ts";
import { followTouches } from "../../server/engine/react.ts";
import { type Reader, readerOf } from "../../server/engine/reader.ts";
import { type Arriving, openRecord, type Record as Writer } from "../../server/engine/record.ts";
import { fold } from "../../server/engine/views.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import type { Store } from "../../server/store/store.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import type { Fact } from "../../shared/fact.ts";
import type { Json } from "../../shared/kit/canonical.ts";
import { fine } from "../house.ts";

/** The engine alone, in memory: no doors, no people, one brand, a clock the test turns. */
export interface Pocket {
  readonly brand: string;
  readonly store: Store;
  readonly record: Writer;
  readonly reader: Reader;
  readonly clock: { at: number };
  /** What went wrong behind somebody's back. */
  readonly warned: unknown[];
}

/** Open a brand whose contracts, by id, run from `at` on. */
export const openPocket = async (at: number, contracts: Readonly<Record<string, Terms>>): Promise<Pocket> => {
  const [brand, store, clock, warned] = ["brd_pocket", openSqlite(":memory:"), { at }, [] as unknown[]];
  const warn = (error: unknown): void => void warned.push(error);
  const record = openRecord({ store, now: () => clock.at, follow: followTouches, order: 0, warn });
  fine(await record.decide(brand, openBrand("pk_pocket")));
  const campaign = { campaign: "cmp_one", name: "Autumn", hosts: ["shop.example"] };
  fine(await record.decide(brand, createCampaign(campaign, false, "brand")));
  for (const [contract, terms] of Object.entries(contracts)) {
    const influencer = contract.replace("con_", "inf_");
    const termsHash = termsHashOf(terms);
    fine(await record.decide(brand, addInfluencer(influencer, contract, "invited", "brand")));
    const given = { contract, campaign: "cmp_one", influencer, terms };
    fine(await record.decide(brand, draftContract(given, "brand")));
    fine(await record.decide(brand, offerContract(contract, "brand")));
    for (const by of ["brand", "influencer"] as const)
      fine(await record.decide(brand, signContract(contract, { by, termsHash, name: by }, by)));
  }
  return { brand, store, record, reader: readerOf(store, brand), clock, warned };
};

/** Something that happens to the brand. */
export type Event =
  | { readonly what: "touch"; readonly touch: Arriving }
  | { readonly what: "report"; readonly report: Reported; readonly clicked: readonly Arriving[] }
  | { readonly what: "approve" | "reject"; readonly conversion: string }
  | { readonly what: "reverse"; readonly conversion: string; readonly reversal: string; readonly permille: number }
  | { readonly what: "wait"; readonly ms: number };

/** Let it happen. A decision that is refused changes nothing, which is an answer too. */
export const happen = async ({ brand, store, record, clock }: Pocket, event: Event): Promise<void> => {
  const decide = record.decide;
  switch (event.what) {
    case "touch":
      return record.take(brand, [event.touch]);
    case "report": {
      // As at the doors: a click id that comes with a conversion brings its touch along.
      await Promise.all([record.take(brand, event.clicked), decide(brand, report(event.report, true, "key:1"))]);
      return;
    }
    case "approve":
      return void (await decide(brand, approve(event.conversion, "brand")));
    case "reject":
      return void (await decide(brand, reject(event.conversion, "fake", undefined, "brand")));
    case "reverse":
      return void (await decide(brand, reverse(event.conversion, event.reversal, event.permille, "brand")));
    case "wait":
      clock.at += event.ms;
      await mature(store, record, clock.at);
  }
};

/** Every document a brand has, by key. */
export const documentsOf = async ({ store, brand }: Pick<Pocket, "store" | "brand">): Promise<Map<string, Json>> =>
  new Map(await store.documents(brand, { prefix: "", limit: 1_000_000 }));

/** Every fact a brand has, in order. */
export const factsOf = async ({ store, brand }: Pick<Pocket, "store" | "brand">): Promise<readonly Fact[]> =>
  (await store.facts(brand, 0, 1_000_000)).map(({ body }) => JSON.parse(body) as Fact);

/** The documents that a brand's facts make in an empty book. */
export const replayOf = async ({ store, brand }: Pick<Pocket, "store" | "brand">): Promise<Map<string, Json>> => {
  const documents = new Map<string, Json>();
  const book: Book = {
    document: async (key) => documents.get(key),
    put: (key, body) => void (body === null ? documents.delete(key) : documents.set(key, body)),
  };
  for (const { seq, at, by, body } of await store.facts(brand, 0, 1_000_000))
    await fold(book, { seq, at, by, fact: JSON.parse(body) });
  return documents;
};
