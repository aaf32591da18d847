import { outdated } from "./engine/redraw.ts";
import { type Claim, claimShared } from "./store/claim.ts";
import type { Store } from "./store/store.ts";

/** A folder nobody can work on as it is: a refusal of what was asked for, told in a sentence, and no bug. */
const unready = (because: string): Error => Object.assign(new Error(because), { name: "Fault" as const });

/** Claim a folder for writing to it together with others, or refuse it while its views are being drawn anew. */
export const claimed = (folder: string): Claim => {
  const claim = claimShared(folder);
  if (claim) return claim;
  throw unready(
    `The views in ${folder} are being drawn anew by another process (makegood redraw). Wait until it is done, and try again.`,
  );
};

/** Refuse a store whose views were drawn by other folds: what is read from them, and folded into them, would be wrong. */
export const mustBeCurrent = async (store: Store): Promise<void> => {
  for (const brand of await store.brands()) {
    const wrong = await outdated(store, brand);
    if (wrong !== undefined) throw unready(`The stored views of ${brand} ${wrong}.`);
  }
};
