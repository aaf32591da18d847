import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type * as v from "valibot";
import { type FitPage, fits } from "../../../shared/wire/attribution.ts";
import { ask } from "../kit/ask.ts";

/** Frozen weights as the server shows them. */
export type Fit = v.InferOutput<typeof FitPage>;

/** The fits a draft may name: those of its campaign, newest first. Nothing yet: not here, or no campaign chosen. */
export const FitsContext = createContext<readonly Fit[] | null>(null);

/** The fits of a campaign, asked for when it is chosen. An influencer who drafts has none to choose from. */
export const useFits = (campaign: string | undefined): readonly Fit[] | null => {
  const [found, setFound] = useState<readonly Fit[] | null>(null);
  useEffect(() => {
    let current = true;
    setFound(null);
    if (campaign)
      void ask(fits, { params: { campaign } }).then((answer) => {
        if (current) setFound(answer.ok ? answer.value.fits : []);
      });
    return () => {
      current = false;
    };
  }, [campaign]);
  return found;
};

/** The fits a draft may name. */
export const useOffered = (): readonly Fit[] | null => useContext(FitsContext);
