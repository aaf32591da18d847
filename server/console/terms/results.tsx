import { useSignal } from "@preact/signals";
import type { Json } from "../../../shared/kit/canonical.ts";
import { Button } from "../parts/button.tsx";
import { TextBox } from "../parts/field.tsx";
import { ChoicePlace, PlaceRemarks, useEditor } from "./places.tsx";
import { namesAt, pointerOf, rename, rewrite } from "./pointer.ts";

const proofs = [
  { value: "verified", label: "when lead checks accept it" },
  { value: "confirmed", label: "when you or your server confirm it" },
];

/** The draft with a result renamed everywhere: where it is listed, and wherever a rule or the guarantee names it. */
export const renamedResult = (draft: Json, from: string, to: string): Json =>
  rewrite(rename(draft, ["results"], from, to), (value, path) =>
    value === from && (path.at(-1) === "result" || path.at(-2) === "milestones") ? to : value,
  );

interface RowProps {
  readonly name: string;
  readonly names: readonly string[];
}

const Row = ({ name, names }: RowProps) => {
  const editor = useEditor();
  const typed = useSignal(name);
  const taken = typed.value !== name && names.includes(typed.value);
  const commit = (): void => {
    const to = typed.peek().trim();
    if (to === name || to === "" || names.includes(to)) typed.value = name;
    else editor.change(renamedResult(editor.draft.peek(), name, to));
  };
  return (
    <li data-called={`Result ${name}`}>
      <div class="fields with-remove">
        <TextBox
          label="Result"
          value={typed.value}
          onInput={(text) => (typed.value = text)}
          onCommit={commit}
          maxLength={40}
          problem={taken ? "There is a result of this name already." : undefined}
          testid={`result-name-${name}`}
        />
        <ChoicePlace path={["results", name, "counts"]} class="wide" label="Counts" options={proofs} />
        <Button small kind="quiet" label={`Remove ${name}`} onPress={() => editor.drop(["results", name])}>
          ✕
        </Button>
      </div>
      <PlaceRemarks path={["results", name]} />
    </li>
  );
};

const usual = ["lead", "sale", "enrollment", "signup", "booking"];

const unused = (names: readonly string[]): string =>
  usual.find((name) => !names.includes(name)) ?? `result-${names.length + 1}`;

/** What counts, and from which proof on. */
export const Results = () => {
  const editor = useEditor();
  const names = namesAt(editor.draft.value, ["results"]);
  return (
    <>
      <ul class="plain-rows">
        {names.map((name) => (
          <Row key={pointerOf([name])} name={name} names={names} />
        ))}
      </ul>
      <PlaceRemarks path={["results"]} />
      <Button
        small
        kind="quiet"
        testid="add-result"
        onPress={() => editor.put(["results", unused(names)], { counts: "confirmed" })}
      >
        + Result
      </Button>
    </>
  );
};
