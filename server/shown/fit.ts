import type * as v from "valibot";
import { HOUSE } from "../../shared/journey/touch.ts";
import type { FitPage } from "../../shared/wire/attribution.ts";
import { known } from "../engine/book.ts";
import { type FitDoc, payeeName } from "../engine/fits.ts";
import type { Reader } from "../engine/reader.ts";
import { influencerName } from "./names.ts";

type Page = v.InferOutput<typeof FitPage>;
/** Who looks: an influencer by id, or null for the brand. */
type Viewer = string | null;

/** What a fit's payees are called by the brand: by their names; by an influencer: their own, and others by numbers. */
const namesOf = async (reader: Reader, { campaign, fit }: FitDoc, viewer: Viewer): Promise<Page["names"]> => {
  const listed = new Set(fit.rows.map(({ payee }) => payee));
  const whose =
    viewer === null ? (await reader.documents("influencer/")).map(([key]) => key.split("/")[1] ?? "") : [viewer];
  const names: Record<string, string> = {};
  for (const influencer of whose) {
    const payee = payeeName(campaign, influencer);
    if (listed.has(payee)) names[payee] = await influencerName(reader, influencer);
  }
  let others = 0;
  for (const { payee } of fit.rows) {
    if (payee === HOUSE) names[payee] = "House";
    else names[payee] ??= `Another influencer (${++others})`;
  }
  return names;
};

/** A fit as it is shown: whole, since nobody can be known by it, and with the names its viewer may know. */
export const fitShown = async (reader: Reader, hash: string, viewer: Viewer): Promise<Page> => {
  const doc = await known<FitDoc>(reader, `fit/${hash}`);
  const { fittedAt, fit } = doc;
  return { hash, fittedAt, fit, names: await namesOf(reader, doc, viewer) };
};
