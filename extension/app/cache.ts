import type { GenericSchema, InferOutput } from "valibot";
import {
  type Contract,
  type ConversionPage,
  type Earnings,
  type ExplainedStatement,
  type Grab,
  type Link,
  type Notice,
  shapes,
  shelves,
  understood,
} from "./shelves.ts";
import { open, write } from "./vault.ts";

/** Everything the popup shows without asking anyone. */
export interface Cached {
  readonly contracts: readonly Contract[];
  readonly earnings: readonly Earnings[];
  readonly links: readonly Link[];
  readonly grabs: readonly Grab[];
  readonly notices: readonly Notice[];
  readonly refreshedAt: number | undefined;
  readonly lastContract: string | undefined;
}

/** What a browser knows that knows nothing. */
export const nothingCached: Cached = {
  contracts: [],
  earnings: [],
  links: [],
  grabs: [],
  notices: [],
  refreshedAt: undefined,
  lastContract: undefined,
};

const all = <Schema extends GenericSchema>(schema: Schema, kept: readonly unknown[]): InferOutput<Schema>[] =>
  kept.flatMap((it) => understood(schema, it));

/** Read what the popup shows, in one transaction, so that it never shows half a change. */
export const readCached = async (): Promise<Cached> => {
  const tx = (await open()).transaction([...shelves], "readonly");
  const [contracts, earnings, links, grabs, notices, refreshedAt, lastContract] = await Promise.all([
    tx.objectStore("contracts").getAll(),
    tx.objectStore("earnings").getAll(),
    tx.objectStore("links").getAll(),
    tx.objectStore("grabs").getAll(),
    tx.objectStore("notices").getAll(),
    tx.objectStore("marks").get("refreshedAt"),
    tx.objectStore("marks").get("lastContract"),
  ]);
  return {
    contracts: all(shapes.contracts, contracts).sort((a, b) => b.draftedAt - a.draftedAt),
    earnings: all(shapes.earnings, earnings).sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    links: all(shapes.links, links).sort((a, b) => b.createdAt - a.createdAt),
    grabs: all(shapes.grabs, grabs).sort((a, b) => a.askedAt - b.askedAt),
    notices: all(shapes.notices, notices).sort((a, b) => b.at - a.at),
    refreshedAt: typeof refreshedAt === "number" ? refreshedAt : undefined,
    lastContract: typeof lastContract === "string" ? lastContract : undefined,
  };
};

/** What the server answered when asked for everything. */
export interface Fresh {
  readonly contracts: readonly Contract[];
  readonly earnings: readonly Earnings[];
  readonly links: readonly Link[];
  readonly position: string;
  readonly refreshedAt: number;
}

/**
 * Replace the cache with what the server says now. The position of the live stream is kept when there is one: what moved
 * between it and now is still to be heard, and counted, by whoever follows the stream.
 */
export const keepFresh = (fresh: Fresh): Promise<void> =>
  write(["contracts", "earnings", "links", "marks"], async (tx) => {
    const [contracts, earnings, links, marks] = [
      tx.objectStore("contracts"),
      tx.objectStore("earnings"),
      tx.objectStore("links"),
      tx.objectStore("marks"),
    ];
    await Promise.all([contracts.clear(), earnings.clear(), links.clear()]);
    const position = await marks.get("position");
    await Promise.all([
      ...fresh.contracts.map((it) => contracts.put(it, it.id)),
      ...fresh.earnings.map((now) => earnings.put(now, now.contract)),
      ...fresh.links.map((it) => links.put(it, it.code)),
      marks.put(fresh.refreshedAt, "refreshedAt"),
      ...(position === undefined ? [marks.put(fresh.position, "position")] : []),
    ]);
  });

/** The statement last seen of a contract. */
export const statementSeen = async (contract: string): Promise<ExplainedStatement | undefined> =>
  understood(shapes.statements, await (await open()).get("statements", contract))[0];

/** Keep a statement for reading offline. */
export const keepStatement = (it: ExplainedStatement): Promise<void> =>
  write(["statements"], async (tx) => {
    await tx.objectStore("statements").put(it, it.contract);
  });

/** A conversion as last seen. */
export const conversionSeen = async (id: string): Promise<ConversionPage | undefined> =>
  understood(shapes.conversions, await (await open()).get("conversions", id))[0];

/** Keep a conversion for reading offline. */
export const keepConversion = (it: ConversionPage): Promise<void> =>
  write(["conversions"], async (tx) => {
    await tx.objectStore("conversions").put(it, it.id);
  });
