import { ChoicePlace, useEditor } from "./places.tsx";
import { namesAt, type Path } from "./pointer.ts";

interface ResultChoiceProps {
  readonly path: Path;
  readonly label?: string;
}

/** One of the results the terms list. */
export const ResultChoice = ({ path, label = "Result" }: ResultChoiceProps) => (
  <ChoicePlace
    path={path}
    label={label}
    options={namesAt(useEditor().draft.value, ["results"]).map((name) => ({ value: name, label: name }))}
  />
);
