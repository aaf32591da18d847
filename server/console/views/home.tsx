import { useEffect } from "preact/hooks";
import { go } from "../kit/place.ts";
import { known, ownsABrand } from "../kit/session.ts";
import { Skeleton } from "../parts/states.tsx";

/** The start sends a brand to its campaigns, and an influencer to their contracts. */
export const HomeView = () => {
  useEffect(() => go(ownsABrand(known()) ? "/campaigns" : "/contracts", "replace"), []);
  return <Skeleton />;
};
