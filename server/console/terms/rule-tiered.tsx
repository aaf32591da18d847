import type { Json } from "../../../shared/kit/canonical.ts";
import { Button } from "../parts/button.tsx";
import { ChoicePlace, MoneyPlace, PercentPlace, PlaceRemarks, useEditor, WholePlace } from "./places.tsx";
import { listAt, look, type Path, pointerOf } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

const measures = [
  { value: "count", label: "The number of results" },
  { value: "value", label: "Their value" },
];

const modes = [
  { value: "marginal", label: "Pays only above it" },
  { value: "retroactive", label: "Pays everything, from the first on" },
];

const modeHints: Readonly<Record<string, string>> = {
  marginal: "Reaching a step never changes the price of what came before.",
  retroactive: "Reaching a step changes the price of what came before, up or down.",
};

type Measure = "count" | "value";

const price = (step: Json): Measure => (look(step, ["rateBp"]) === undefined ? "count" : "value");

/** Steps in the other measure: thresholds of results and of money do not convert, so they begin anew. */
const begun = (measure: Measure): Json =>
  measure === "count"
    ? [
        { from: 0, amountMinor: 1000 },
        { from: 50, amountMinor: 1200 },
      ]
    : [
        { from: 0, rateBp: 400 },
        { from: 100_000, rateBp: 600 },
      ];

const nextStep = (steps: readonly Json[], measure: Measure): Json => {
  const last = steps.at(-1) ?? null;
  const from = Number(look(last, ["from"]) ?? 0) || 0;
  const paid = measure === "count" ? "amountMinor" : "rateBp";
  const more = measure === "count" ? 50 : 100_000;
  return {
    from: steps.length === 0 ? 0 : from + more,
    [paid]: look(last, [paid]) ?? (measure === "count" ? 1000 : 400),
  };
};

interface StepProps {
  readonly path: Path;
  readonly place: number;
  readonly measure: Measure;
  readonly only: boolean;
}

const Step = ({ path, place, measure, only }: StepProps) => {
  const editor = useEditor();
  const paid = price(editor.at(path) ?? null);
  return (
    <li data-called={`Step ${place + 1}`}>
      <div class="fields with-remove">
        {measure === "count" ? (
          <WholePlace path={[...path, "from"]} label="From" />
        ) : (
          <MoneyPlace path={[...path, "from"]} label="From" />
        )}
        {paid === "count" ? (
          <MoneyPlace path={[...path, "amountMinor"]} label="For each" />
        ) : (
          <PercentPlace path={[...path, "rateBp"]} label="Percent" />
        )}
        <Button small kind="quiet" label={`Remove step ${place + 1}`} disabled={only} onPress={() => editor.drop(path)}>
          ✕
        </Button>
      </div>
      <PlaceRemarks path={path} />
    </li>
  );
};

/** A price that changes with the volume of the period, step by step. */
export const Tiered = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  const measure: Measure = editor.at([...path, "measure"]) === "value" ? "value" : "count";
  const steps = listAt(editor.draft.value, [...path, "steps"]);
  const hint = modeHints[String(editor.at([...path, "mode"]) ?? "")];
  const onMeasure = (value: string): void => {
    const it = value as Measure;
    editor.put(path, { ...(editor.at(path) as object), measure: it, steps: begun(it) } as Json);
  };
  return (
    <>
      <div class="fields two">
        <ResultChoice path={[...path, "result"]} />
        <ChoicePlace path={[...path, "measure"]} label="Steps go by" options={measures} onPick={onMeasure} />
        <ChoicePlace path={[...path, "mode"]} label="Each step" options={modes} {...(hint && { hint })} />
      </div>
      <ol class="tier-steps">
        {steps.map((_, place) => {
          const here = [...path, "steps", place];
          return <Step key={pointerOf(here)} path={here} place={place} measure={measure} only={steps.length === 1} />;
        })}
      </ol>
      <PlaceRemarks path={[...path, "steps"]} />
      <Button
        small
        kind="quiet"
        testid={`add-step${pointerOf(path)}`}
        onPress={() => editor.put([...path, "steps", steps.length], nextStep(steps, measure))}
      >
        + Step
      </Button>
    </>
  );
};
