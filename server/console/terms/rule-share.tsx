import { PercentPlace } from "./places.tsx";
import type { Path } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

/** A percentage of the value of each result that counts. */
export const Share = ({ path }: { readonly path: Path }) => (
  <div class="fields">
    <ResultChoice path={[...path, "result"]} />
    <PercentPlace path={[...path, "rateBp"]} label="Percent of its value" />
  </div>
);
