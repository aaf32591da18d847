import { ok } from "../../shared/kit/shape.ts";
import type { Work } from "../engine/record.ts";
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
