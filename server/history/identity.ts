import { createHmac, type KeyObject } from "node:crypto";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { keyFor } from "../doors/click.ts";
import { type HistoryEvent, identityOf } from "./events.ts";

const KEPT_BYTES = 16;

/**
 * The ids that imported history gets: keyed digests of what the file says, so that the same line gets the same id however
 * often it is read, and no id gives away the visitor, who may be called by an e-mail address.
 */
export interface Identities {
  visitor(visitor: string): string;
  /** The same for equal touches of one visitor; a result that names its payee is another touch than one beside it. */
  touch(event: HistoryEvent): string;
  /** The file's own id of a result, or else one made of who, what and when. Called in the order of the file. */
  external(event: HistoryEvent): string;
  conversion(result: string, externalId: string): string;
  payee(name: string): string;
  /** Who a payee becomes that is nobody yet. */
  influencer(payee: string): string;
}

/** Tells apart results of one visitor at one instant that bring no ids, by their order in the file. */
const counting = () => {
  const met = new Map<string, number>();
  return (key: string): number => {
    const nth = (met.get(key) ?? 0) + 1;
    met.set(key, nth);
    return nth;
  };
};

/** The ids of one reading of a file for one campaign of a brand. */
export const identities = (root: KeyObject, brand: string, campaign: string): Identities => {
  const key = keyFor(root, "import", brand);
  const bytes = (...said: Json[]): Buffer =>
    createHmac("sha256", key).update(canonical(said)).digest().subarray(0, KEPT_BYTES);
  const id = (...said: Json[]): string => `import:${bytes(...said).toString("base64url")}`;
  const nthOf = counting();
  return {
    visitor: (visitor) => id("visitor", visitor),
    touch: (event) => {
      const said = event.id || identityOf({ ...event, result: undefined });
      return id("touch", campaign, event.visitor, said, event.result !== undefined);
    },
    external: (event) => {
      if (event.id !== "") return event.id;
      const bare = id("result", identityOf(event));
      const nth = nthOf(bare);
      return nth === 1 ? bare : `${bare}.${nth}`;
    },
    conversion: (result, externalId) => mint("conversion", bytes("conversion", result, externalId)),
    payee: (name) => id("payee", name),
    influencer: (payee) => mint("influencer", bytes("influencer", payee)),
  };
};
