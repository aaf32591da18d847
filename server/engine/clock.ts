import type { FactOf } from "../../shared/fact.ts";
import { ok } from "../../shared/kit/shape.ts";
import type { Store } from "../store/store.ts";
import { postMoney } from "./react.ts";
import type { Record } from "./record.ts";
import { atKey } from "./shapes.ts";

type Matured = Omit<FactOf<"conversion-matured">, "type">;

const parse = (key: string): Matured => {
  const [, , conversion, contract, into] = key.split("/");
  return { conversion, contract, into } as Matured;
};

const AT_A_TIME = 500;

/** Let one brand's due conversions mature: approved by the brand's silence, or past their hold. Answers how many did. */
const matureBrand = async (store: Store, record: Record, brand: string, now: number): Promise<number> => {
  const due = await store.documents(brand, { prefix: "due/", limit: AT_A_TIME });
  const ripe = due.map(([key]) => key).filter((key) => key < `due/${atKey(now + 1)}`);
  for (const key of ripe) {
    await record.decide(brand, async (unit) => {
      if ((await unit.document(key)) === undefined) return ok(undefined);
      const { conversion, contract, into } = parse(key);
      await unit.record({ type: "conversion-matured", conversion, contract, into }, "clock");
      await postMoney(unit, conversion, "clock");
      return ok(undefined);
    });
  }
  return ripe.length;
};

/**
 * Do everything that has fallen due by now, over all brands, and what falls due because of it. Safe to repeat and to
 * interrupt: each step is one decision that looks again whether it is still due.
 */
export const mature = async (store: Store, record: Record, now: number): Promise<number> => {
  let all = 0;
  for (const brand of await store.brands()) {
    for (
      let done = await matureBrand(store, record, brand, now);
      done > 0;
      done = await matureBrand(store, record, brand, now)
    )
      all += done;
  }
  return all;
};
