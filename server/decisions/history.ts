import type { BroughtPath } from "../../shared/fact.history.ts";
import { ok } from "../../shared/kit/shape.ts";
import type { Work } from "../engine/record.ts";
import { type PathsSourceDoc, pathsKey, sourceKey } from "../engine/views.history.ts";
import { addInfluencer } from "./campaigns.ts";

/** A payee of imported history: what the file calls them, and the influencer they are or are to become. */
export interface Payee {
  readonly name: string;
  /** A keyed digest of the name: under it is remembered who was meant, also when that influencer is renamed. */
  readonly digest: string;
  readonly influencer: string;
}

/** Where it is remembered which influencer a payee of imported history is. */
export const payeeKey = (digest: string): string => `payee/${digest}`;

/** Let the payees of a history be influencers of the brand; those that are already stay as they are. */
export const bringPayees =
  (payees: readonly Payee[], by: string): Work<null> =>
  async (unit) => {
    for (const { name, digest, influencer } of payees) {
      const added = await addInfluencer(influencer, name, "imported", by)(unit);
      if (!added.ok) return added;
      if ((await unit.private(payeeKey(digest))) === undefined) unit.setPrivate(payeeKey(digest), { influencer });
    }
    return ok(null);
  };

/**
 * How far an import has come: written down before its first line is taken in, so that one that broke off is known for
 * it. `touches` and `results` count the file's lines that are on disk, or, of an import of paths, its parts.
 */
export interface ImportNote {
  /** What the file was called on the command line. */
  readonly file: string;
  readonly campaign: string;
  readonly begunAt: number;
  readonly isDone: boolean;
  readonly touches: number;
  readonly results: number;
  /** Of one that is done: how many touches and results it held, and what they were worth, by currency. */
  readonly held?: {
    readonly touches: number;
    readonly results: number;
    readonly valueMinor: Readonly<Record<string, string>>;
  };
}

/** Where imports are remembered, by a digest of the file and of how it was read. */
export const IMPORTS = "import/";

/** Remember how far an import has come; nothing forgets it. */
export const noteImport =
  (digest: string, note: ImportNote | null): Work<null> =>
  async (unit) => {
    unit.setPrivate(IMPORTS + digest, note === null ? null : { ...note });
    return ok(null);
  };

/** Begin an import: remember it, and let its payees be influencers. */
export const beginImport =
  (digest: string, note: ImportNote, payees: readonly Payee[], by: string): Work<null> =>
  async (unit) => {
    await noteImport(digest, note)(unit);
    return bringPayees(payees, by)(unit);
  };

/** One part of the paths of a file. */
export interface PathsPart extends Pick<PathsSourceDoc, "campaign" | "source" | "content" | "of"> {
  readonly from?: string;
  readonly until?: string;
  readonly currency?: string;
  readonly part: number;
  readonly rows: readonly BroughtPath[];
}

/** Bring in a part of a campaign's past paths, unless it is there; answers whether it was not. */
export const bringPaths =
  (part: PathsPart, by: string): Work<boolean> =>
  async (unit) => {
    if (await unit.document(pathsKey(part.campaign, part.source, part.part))) return ok(false);
    const rows = part.rows.map((row) => ({ ...row, path: [...row.path] }));
    await unit.record({ type: "paths-brought", ...part, rows }, by);
    return ok(true);
  };

/** Take back all paths of a source; answers whether there were any. */
export const withdrawPaths =
  (campaign: string, source: string, by: string): Work<boolean> =>
  async (unit) => {
    if (!(await unit.document(sourceKey(campaign, source)))) return ok(false);
    await unit.record({ type: "paths-withdrawn", campaign, source }, by);
    return ok(true);
  };
