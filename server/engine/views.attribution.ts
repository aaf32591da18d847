import type { FactType } from "../../shared/fact.ts";
import { type Fold, put } from "./book.ts";
import type { FitDoc } from "./fits.ts";
import { atKey } from "./shapes.ts";

/** How weights that were frozen are drawn into the views. */
export const attributionViews = {
  "weights-fitted": (book, { at, fact: { campaign, hash, fit } }) => {
    put<FitDoc>(book, `fit/${hash}`, { hash, campaign, fittedAt: at, fit });
    put(book, `campaign-fit/${campaign}/${atKey(at)}/${hash}`, {});
  },
} satisfies { readonly [Type in FactType]?: Fold<Type> };
