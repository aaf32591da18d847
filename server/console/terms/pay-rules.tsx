import { Button } from "../parts/button.tsx";
import { PlaceRemarks, useEditor } from "./places.tsx";
import { listAt, look, namesAt, type Path, pointerOf } from "./pointer.ts";
import { ruleEditors } from "./rules.ts";

interface RuleProps {
  readonly path: Path;
  readonly place: number;
}

const Rule = ({ path, place }: RuleProps) => {
  const editor = useEditor();
  const name = String(look(editor.draft.value, [...path, "rule"]) ?? "");
  const known = Object.hasOwn(ruleEditors, name) ? ruleEditors[name] : undefined;
  return (
    <li class="rule" data-testid="rule" data-rule={name} data-called={`Pay ${place + 1}`}>
      <header class="rule-head">
        <h3>
          Pay {place + 1} · {known?.title ?? (name || "Unknown")}
        </h3>
        <Button small kind="quiet" label={`Remove pay rule ${place + 1}`} onPress={() => editor.drop(path)}>
          Remove
        </Button>
      </header>
      <p class="hint">{known?.says ?? "This rule can be written in the JSON only."}</p>
      <PlaceRemarks path={path} />
      {known && <known.Body path={path} />}
      {!known && <PlaceRemarks path={[...path, "rule"]} />}
    </li>
  );
};

/** How it is paid: every rule pays by itself, and a period earns their sum. */
export const PayRules = () => {
  const editor = useEditor();
  const rules = listAt(editor.draft.value, ["pay"]);
  const result = namesAt(editor.draft.value, ["results"])[0] ?? "lead";
  return (
    <>
      <ol class="rules">
        {rules.map((_, place) => {
          const path = ["pay", place];
          return <Rule key={pointerOf(path)} path={path} place={place} />;
        })}
      </ol>
      <PlaceRemarks path={["pay"]} />
      <fieldset class="adders">
        <legend class="quiet">Add a rule</legend>
        {Object.entries(ruleEditors).map(([name, it]) => (
          <Button
            key={name}
            small
            testid={`add-rule-${name}`}
            onPress={() => editor.put(["pay", rules.length], it.blank(result))}
          >
            + {it.title}
          </Button>
        ))}
      </fieldset>
    </>
  );
};
