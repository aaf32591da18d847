import { useSignal } from "@preact/signals";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Json } from "../../../shared/kit/canonical.ts";
import { present } from "../../../shared/kit/shape.ts";
import { locale } from "../kit/figures.ts";
import { Choice, type Option, TextBox, Tick } from "../parts/field.tsx";
import { amountFault, hundredths, majorText, minorOf, percentText, scaled } from "./amount.ts";
import { type Editor, remarksAt } from "./editor.ts";
import { type Path, pointerOf } from "./pointer.ts";

/** The draft that the fields below write into. */
export const EditorContext = createContext<Editor | null>(null);

/** The draft being written. */
export const useEditor = (): Editor => present(useContext(EditorContext), "the editor around a field");

interface PlaceProps {
  readonly path: Path;
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly class?: string;
}

/** How a value of the draft is written in a text box, and read back. What cannot be read stays as typed. */
interface Script {
  show(value: Json): string;
  read(text: string): Json | null;
  readonly fault: string;
}

const shownAs = (script: Script, value: Json | undefined): string => {
  if (value === undefined) return "";
  return typeof value === "string" ? value : script.show(value);
};

const faultOf = (script: Script, value: Json | undefined): string | undefined =>
  typeof value === "string" && script.read(value) === null ? script.fault : undefined;

interface WrittenProps extends PlaceProps {
  readonly script: Script;
  readonly inputMode?: "decimal" | "numeric";
}

/** A text box for a value that is not text. What is typed stays on screen as typed while it means what the draft holds. */
const WrittenPlace = ({ path, script, optional, inputMode = "decimal", ...field }: WrittenProps) => {
  const editor = useEditor();
  const typed = useSignal<string | null>(null);
  const value = editor.at(path);
  const means = typed.value === null ? undefined : (script.read(typed.value) ?? typed.value);
  const shown = typed.value !== null && means === value ? typed.value : shownAs(script, value);
  const { problem, warning } = remarksAt(editor, path);
  const onInput = (text: string): void => {
    typed.value = text;
    if (text.trim() === "" && optional) editor.prune(path);
    else editor.put(path, script.read(text) ?? text);
  };
  return (
    <TextBox
      {...field}
      at={pointerOf(path)}
      testid={`terms${pointerOf(path)}`}
      inputMode={inputMode}
      value={shown}
      onInput={onInput}
      onCommit={() => (typed.value = null)}
      problem={faultOf(script, value) ?? problem}
      warning={warning}
    />
  );
};

/** An amount of the draft's currency, in major units on screen and whole minor units in the draft, converted exactly. */
export const MoneyPlace = (props: PlaceProps) => {
  const currency = String(useEditor().at(["currency"]) ?? "");
  const script: Script = {
    show: (value) => (typeof value === "number" ? majorText(value, currency) : JSON.stringify(value)),
    read: (text) => minorOf(text, currency, locale()),
    fault: amountFault(currency),
  };
  return <WrittenPlace {...props} script={script} />;
};

const percentScript: Script = {
  show: (value) => (typeof value === "number" ? percentText(value) : JSON.stringify(value)),
  read: (text) => hundredths(text, locale()),
  fault: "Write a percentage with at most two decimals, such as 7.25.",
};

/** A percentage on screen, basis points in the draft. */
export const PercentPlace = (props: PlaceProps) => <WrittenPlace {...props} script={percentScript} />;

const wholeScript: Script = {
  show: (value) => (typeof value === "number" ? String(value) : JSON.stringify(value)),
  read: (text) => scaled(text, 0, locale()),
  fault: "Write a whole number.",
};

/** A whole number. */
export const WholePlace = (props: PlaceProps) => <WrittenPlace {...props} script={wholeScript} inputMode="numeric" />;

const asText = (value: Json | undefined): string => {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};

interface TextPlaceProps extends PlaceProps {
  readonly type?: "text" | "date";
  readonly list?: string;
  readonly placeholder?: string;
}

/** Text as it is, a day among it. */
export const TextPlace = ({ path, optional, ...field }: TextPlaceProps) => {
  const editor = useEditor();
  return (
    <TextBox
      {...field}
      {...remarksAt(editor, path)}
      at={pointerOf(path)}
      testid={`terms${pointerOf(path)}`}
      value={asText(editor.at(path))}
      onInput={(text) => (text === "" && optional ? editor.prune(path) : editor.put(path, text))}
    />
  );
};

interface ChoicePlaceProps extends PlaceProps {
  readonly options: readonly Option[];
  readonly onPick?: (value: string) => void;
}

/** One of a list. An optional one that is not said is the option of no value. */
export const ChoicePlace = ({ path, options, onPick, optional, ...field }: ChoicePlaceProps) => {
  const editor = useEditor();
  const keep = (value: string): void => (value === "" && optional ? editor.prune(path) : editor.put(path, value));
  return (
    <Choice
      {...field}
      {...remarksAt(editor, path)}
      at={pointerOf(path)}
      testid={`terms${pointerOf(path)}`}
      value={asText(editor.at(path))}
      options={options}
      onPick={onPick ?? keep}
    />
  );
};

interface SwitchPlaceProps {
  readonly path: Path;
  readonly label: string;
  readonly hint?: string;
  readonly blank: () => Json;
}

/** Whether a part of the draft is there at all. */
export const SwitchPlace = ({ path, label, hint, blank }: SwitchPlaceProps) => {
  const editor = useEditor();
  return (
    <Tick
      label={label}
      {...(hint && { hint })}
      checked={editor.at(path) !== undefined}
      onTick={(checked) => (checked ? editor.put(path, blank()) : editor.drop(path))}
      testid={`terms-has${pointerOf(path)}`}
    />
  );
};

/** What the server says of a whole part, where no single field is to blame. */
export const PlaceRemarks = ({ path }: { readonly path: Path }) => {
  const { problem, warning } = remarksAt(useEditor(), path);
  return (
    <div data-at={pointerOf(path)} class="place-remarks" tabIndex={-1}>
      {problem && <p class="problem">{problem}</p>}
      {warning && <p class="warning">{warning}</p>}
    </div>
  );
};
