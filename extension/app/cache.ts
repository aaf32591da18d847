import {
  type Contract,
  type ConversionPage,
  type Earnings,
  type ExplainedStatement,
  type Grab,
  type Link,
  type Notice,
  shelves,
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

/** Read what the popup shows, in one transaction, so that it never shows half a change. */
export const readCached = async (): Promise<Cached> => {
  const tx = (await open()).transaction([...shelves], "readonly");
  const [contracts, earnings, links, grabs, notices, refreshedAt, lastContract] = await Promise.all([
    tx.objectStore("contracts").getAll(),
    tx.objectStore("earnings").getAll(),
    tx.objectStore("links").getAll(),
    tx.objectStore("grabs").getAll(),
    tx.objectStore("notices").getAll(),
    tx.objectStore("marks").get("refreshedAt") as Promise<number | undefined>,
    tx.objectStore("marks").get("lastContract") as Promise<string | undefined>,
  ]);
  return {
    contracts: contracts.sort((a, b) => b.draftedAt - a.draftedAt),
    earnings: earnings.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    links: links.sort((a, b) => b.createdAt - a.createdAt),
    grabs: grabs.sort((a, b) => a.askedAt - b.askedAt),
    notices: notices.sort((a, b) => b.at - a.at),
    refreshedAt,
    lastContract,
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
  (await open()).get("statements", contract);

/** Keep a statement for reading offline. */
export const keepStatement = (it: ExplainedStatement): Promise<void> =>
  write(["statements"], async (tx) => {
    await tx.objectStore("statements").put(it, it.contract);
  });

/** A conversion as last seen. */
export const conversionSeen = async (id: string): Promise<ConversionPage | undefined> =>
  (await open()).get("conversions", id);

/** Keep a conversion for reading offline. */
export const keepConversion = (it: ConversionPage): Promise<void> =>
  write(["conversions"], async (tx) => {
    await tx.objectStore("conversions").put(it, it.id);
  });
