import { ok } from "../../shared/kit/shape.ts";
import { postMoney } from "../engine/posting.ts";
import type { Work } from "../engine/record.ts";

const MOST_AT_ONCE = 500;

/** How many held parts were released, and how many still wait. */
export interface Released {
  readonly released: number;
  readonly left: number;
}

/** Let the held parts of a contract's shares count, some at a time. Where nothing is held nothing happens. */
export const releaseHeld =
  (contract: string, by: string): Work<Released> =>
  async (unit) => {
    const prefix = `held/${contract}/`;
    const held = (await unit.documents(prefix)).map(([key]) => key.slice(prefix.length));
    const some = held.slice(0, MOST_AT_ONCE);
    for (const conversion of some) {
      await unit.record({ type: "share-released", conversion, contract }, by);
      await postMoney(unit, conversion, by);
    }
    return ok({ released: some.length, left: held.length - some.length });
  };
