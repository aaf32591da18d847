import type { BroughtPath } from "../../shared/fact.history.ts";
import { known } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import { type PathsDoc, type PathsSourceDoc, pathsKey } from "../engine/views.history.ts";

/** The files of paths a campaign brought with it, whole or not. */
export const pathSources = async (reader: Reader, campaign: string): Promise<readonly PathsSourceDoc[]> =>
  (await reader.documents(`paths-source/${campaign}/`)).map(([, body]) => body as unknown as PathsSourceDoc);

/** Is all of a file of paths here? */
export const isWhole = ({ parts, of }: PathsSourceDoc): boolean => parts === of;

/**
 * All past paths a campaign brought with it, a part of a file at a time, in an order that never changes. Files that are
 * not whole are left out: what is learnt from half a past is wrong.
 */
export async function* pathsOfCampaign(reader: Reader, campaign: string): AsyncGenerator<readonly BroughtPath[], void> {
  for (const { source, of } of (await pathSources(reader, campaign)).filter(isWhole))
    for (let part = 1; part <= of; part += 1)
      yield (await known<PathsDoc>(reader, pathsKey(campaign, source, part))).rows;
}
