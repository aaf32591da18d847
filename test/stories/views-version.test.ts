import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawnAnew } from "../../server/engine/replay.ts";
import { VIEWS } from "../../server/engine/views.ts";
import { openSqlite } from "../../server/store/sqlite.ts";
import type { Recorded } from "../../server/store/store.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { fine } from "../house.ts";

/** Chains as they were recorded once, never to be changed, and what each version of the views made of them. */
interface Chains {
  readonly documents: Readonly<Record<string, string>>;
  readonly chains: readonly (readonly Recorded[])[];
}

const { documents, chains }: Chains = JSON.parse(
  readFileSync(new URL("../vectors/chains.json", import.meta.url), "utf8"),
);

const drawnFrom = async (facts: readonly Recorded[]): Promise<readonly (readonly [string, Json])[]> => {
  const store = openSqlite(":memory:");
  const brand = facts[0]?.brand ?? "";
  const nothing = { documents: new Map(), privates: new Map(), touches: [], counts: new Map() };
  const expected = { expect: { seq: 0, hash: "" }, answers: new Map(), names: new Map() };
  await store.commit([{ brand, facts, ...nothing, ...expected }]);
  const drawn = new Map<string, Json>();
  const book = {
    document: async (key: string) => drawn.get(key),
    put: (key: string, body: Json | null) => void (body === null ? drawn.delete(key) : drawn.set(key, body)),
  };
  const end = fine((await drawnAnew({ store, brand }, book, () => {})) as never) as { seq: number };
  expect(end.seq).toBe(facts.length);
  await store.close();
  return [...drawn].sort(([a], [b]) => (a < b ? -1 : 1));
};

test("facts of every age can be read, follow from one another, and are folded", async () => {
  expect(chains.flat().length).toBeGreaterThan(700);
  for (const facts of chains) expect((await drawnFrom(facts)).length).toBeGreaterThan(10);
});

test("the same facts make the same documents, or the views are of another version", async () => {
  const all = await Promise.all(chains.map(drawnFrom));
  const digest = createHash("sha256")
    .update(canonical(all as unknown as Json))
    .digest("hex");
  const raise = `Folders are drawn by other folds than these: raise VIEWS in server/engine/views.ts, unless that is done already, and note "${VIEWS}": "${digest}" under documents in test/vectors/chains.json.`;
  expect(documents[String(VIEWS)], raise).toBe(digest);
});

test("every version of the views that there was made something of its own", () => {
  expect(Object.keys(documents).map(Number)).toEqual(Array.from({ length: VIEWS }, (_, index) => index + 1));
  expect(new Set(Object.values(documents)).size).toBe(VIEWS);
});
