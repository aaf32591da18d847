import type { Json } from "../../../shared/kit/canonical.ts";
import { Choice } from "../parts/field.tsx";
import { MoneyPlace, PercentPlace, PlaceRemarks, useEditor, WholePlace } from "./places.tsx";
import { look, namesAt, type Path, pointerOf } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

type Condition = "pct" | "count" | "value" | "clickThrough" | "engagement";

const conditions: readonly { readonly value: Condition; readonly label: string }[] = [
  { value: "pct", label: "so much of the guaranteed target" },
  { value: "count", label: "a number of results" },
  { value: "value", label: "a value of results" },
  { value: "clickThrough", label: "a click-through rate" },
  { value: "engagement", label: "an engagement rate" },
];

/** Which condition a bonus asks for; none when the JSON says something the form cannot. */
const conditionOf = (when: Json): Condition | "" => {
  const rate = look(when, ["rate"]);
  if (rate === "clickThrough" || rate === "engagement") return rate;
  if (look(when, ["atLeastPctOfTarget"]) !== undefined) return "pct";
  if (look(when, ["atLeast"]) === undefined) return "";
  return look(when, ["measure"]) === "value" ? "value" : "count";
};

const begun = (condition: Condition, result: string): Json => {
  if (condition === "pct") return { result, atLeastPctOfTarget: 120 };
  if (condition === "count") return { result, atLeast: 100 };
  if (condition === "value") return { result, atLeast: 1_000_000, measure: "value" };
  return { rate: condition, atLeastBp: condition === "clickThrough" ? 200 : 1000 };
};

const Threshold = ({ path, condition }: { readonly path: Path; readonly condition: Condition | "" }) => {
  if (condition === "pct")
    return (
      <WholePlace
        path={[...path, "atLeastPctOfTarget"]}
        label="At least, percent of the target"
        hint="100 is the target itself. It needs a guarantee of this result."
      />
    );
  if (condition === "count") return <WholePlace path={[...path, "atLeast"]} label="At least" />;
  if (condition === "value") return <MoneyPlace path={[...path, "atLeast"]} label="At least" />;
  if (condition === "") return null;
  const of =
    condition === "clickThrough"
      ? "Visits that clicked on a call to action, of all visits."
      : "Visits that engaged with the page, of all visits.";
  return <PercentPlace path={[...path, "atLeastBp"]} label="At least, percent" hint={of} />;
};

const pays = [
  { value: "amount", label: "An amount" },
  { value: "rate", label: "Percent of the other pay" },
];

const Reward = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  const byRate = editor.at([...path, "rateBp"]) !== undefined;
  const onPick = (kind: string): void => {
    const { amountMinor: _, rateBp: __, of: ___, ...rest } = (editor.at(path) ?? {}) as Record<string, Json>;
    const paid = kind === "rate" ? { rateBp: 1000, of: "period" } : { amountMinor: 10000 };
    editor.put(path, { ...rest, ...paid } as Json);
  };
  return (
    <div class="fields two">
      <Choice
        label="Pays"
        value={byRate ? "rate" : "amount"}
        options={pays}
        onPick={onPick}
        testid={`terms-pays${pointerOf(path)}`}
      />
      {byRate ? (
        <PercentPlace
          path={[...path, "rateBp"]}
          label="Percent"
          hint="Of what all rules but bonuses earn in the period, before caps."
        />
      ) : (
        <MoneyPlace path={[...path, "amountMinor"]} label="Amount" />
      )}
    </div>
  );
};

/** What is paid on top, once for each period that reaches something. */
export const Bonus = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  const when = [...path, "when"];
  const held = editor.at(when) ?? null;
  const condition = conditionOf(held);
  const isRate = condition === "clickThrough" || condition === "engagement";
  const result = String(look(held, ["result"]) ?? namesAt(editor.draft.value, ["results"])[0] ?? "lead");
  return (
    <>
      <div class="fields two">
        <Choice
          label="If the period reaches"
          value={condition}
          options={conditions}
          onPick={(to) => editor.put(when, begun(to as Condition, result))}
          testid={`terms-condition${pointerOf(path)}`}
        />
        {!isRate && <ResultChoice path={[...when, "result"]} />}
        <Threshold path={when} condition={condition} />
      </div>
      <PlaceRemarks path={when} />
      <Reward path={path} />
    </>
  );
};
