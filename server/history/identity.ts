import { createHmac, type KeyObject } from "node:crypto";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { keyFor } from "../doors/click.ts";
import { owned, places } from "./columnar.ts";
import { digests } from "./digests.ts";
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
  const met = digests();
  const times = places();
  return (key: string): number => {
    const place = met.place(key);
    const nth = times.at(place) + 1;
    times.put(place, nth);
    return nth;
  };
};

const MOST_REMEMBERED = 50_000;

/** Remembers the last answers, for lines of one visitor stand together more often than not. */
const remembered = (answer: (text: string) => string) => {
  const known = new Map<string, string>();
  return (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const fresh = answer(text);
    known.set(owned(text), fresh);
    return fresh;
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
    visitor: remembered((visitor) => id("visitor", visitor)),
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
