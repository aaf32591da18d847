import type { Json } from "../../../shared/kit/canonical.ts";
import { Button } from "../parts/button.tsx";
import { ChoicePlace, MoneyPlace, PlaceRemarks, useEditor, WholePlace } from "./places.tsx";
import { listAt, look, namesAt, type Path, pointerOf } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

/** Where each condition stands: one alone is not in a list, several are. */
const conditionPaths = (draft: Json, path: Path): readonly Path[] => {
  const held = look(draft, path);
  if (Array.isArray(held)) return held.map((_, index) => [...path, index]);
  return held === undefined ? [] : [path];
};

const Conditions = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  const paths = conditionPaths(editor.draft.value, path);
  const all = paths.map((it) => editor.at(it) ?? null);
  const keep = (conditions: readonly Json[]): void => {
    const [only] = conditions;
    if (only === undefined) editor.drop(path);
    else editor.put(path, conditions.length === 1 ? only : conditions);
  };
  const result = namesAt(editor.draft.value, ["results"])[0] ?? "lead";
  return (
    <div class="stack">
      {paths.map((it, place) => (
        <div class="fields with-remove" key={pointerOf(it)} data-called={`Condition ${place + 1}`}>
          <ResultChoice path={[...it, "result"]} label="Only with at least" />
          <WholePlace path={[...it, "count"]} label="So many in the period" />
          <Button
            small
            kind="quiet"
            label={`Remove condition ${place + 1}`}
            onPress={() => keep(all.filter((_, index) => index !== place))}
          >
            ✕
          </Button>
        </div>
      ))}
      {listAt(editor.draft.value, path).length > 0 && <PlaceRemarks path={[...path, "result"]} />}
      <Button small kind="quiet" onPress={() => keep([...all, { result, count: 10 }])}>
        + Condition
      </Button>
    </div>
  );
};

const often = [
  { value: "period", label: "Each period" },
  { value: "flight", label: "Once, in the first period" },
];

/** An amount for each period, or once, if every condition holds. */
export const Fixed = ({ path }: { readonly path: Path }) => (
  <>
    <div class="fields">
      <MoneyPlace path={[...path, "amountMinor"]} label="Amount" />
      <ChoicePlace path={[...path, "per"]} label="How often" options={often} />
    </div>
    <Conditions path={[...path, "ifAtLeast"]} />
  </>
);
