import { MoneyPlace } from "./places.tsx";
import type { Path } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

/** An amount for each result that counts. */
export const PerResult = ({ path }: { readonly path: Path }) => (
  <div class="fields">
    <ResultChoice path={[...path, "result"]} />
    <MoneyPlace path={[...path, "amountMinor"]} label="For each" />
  </div>
);
