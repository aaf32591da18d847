import { rational, written } from "../../shared/kit/rational.ts";
import { noSums, type Sums } from "../../shared/pay/sums.ts";
import type { StoredSums } from "./shapes.ts";

const fraction = (text: string) => {
  const [n = "0", d = "1"] = text.split("/");
  return rational(BigInt(n), BigInt(d));
};

/** The sums a document holds, as numbers to compute with. */
export const sumsOf = (stored: StoredSums | undefined): Sums =>
  stored
    ? {
        volumes: new Map(
          Object.entries(stored.volumes).map(([result, [count, value]]) => [
            result,
            { countNano: BigInt(count), valueNano: BigInt(value) },
          ]),
        ),
        capped: new Map(Object.entries(stored.capped ?? {}).map(([place, text]) => [Number(place), fraction(text)])),
      }
    : noSums;

/** Sums as a document holds them. */
export const storedSums = ({ volumes, capped }: Sums): StoredSums => ({
  volumes: Object.fromEntries(
    [...volumes].map(([result, { countNano, valueNano }]) => [result, [String(countNano), String(valueNano)] as const]),
  ),
  ...(capped.size > 0 && { capped: Object.fromEntries([...capped].map(([place, it]) => [place, written(it)])) }),
});
