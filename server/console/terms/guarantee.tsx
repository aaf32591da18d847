import type { Json } from "../../../shared/kit/canonical.ts";
import { Button } from "../parts/button.tsx";
import { Tick } from "../parts/field.tsx";
import { ChoicePlace, MoneyPlace, PercentPlace, PlaceRemarks, SwitchPlace, useEditor, WholePlace } from "./places.tsx";
import { namesAt, type Path, pointerOf } from "./pointer.ts";
import { ResultChoice } from "./result-choice.tsx";

const kinds = {
  none: { label: "It is reported, and costs nothing", blank: { kind: "none" } },
  proRata: { label: "Fixed pay is reduced in proportion", blank: { kind: "proRata" } },
  penalty: { label: "A penalty for each one missing", blank: { kind: "penalty", amountMinor: 500 } },
  makeGood: { label: "It may be made good afterwards", blank: { kind: "makeGood", days: 14 } },
  carryOver: { label: "It is added to the next period's target", blank: { kind: "carryOver" } },
} as const;

type Kind = keyof typeof kinds;
const isKind = (it: unknown): it is Kind => typeof it === "string" && Object.hasOwn(kinds, it);

const says: Readonly<Record<Kind, string>> = {
  none: "",
  proRata: "By the share of the target that is missing, of what rules of a fixed amount pay.",
  penalty: "Part of a result costs part of it. It never takes more than the period earned, unless said below.",
  makeGood: "Results of the days that follow first fill what is missing, unpaid.",
  carryOver: "What is missing after the last period is settled by what follows here.",
};

const after: Partial<Record<Kind, string>> = {
  makeGood: "What is still missing then",
  carryOver: "What is missing after the last period",
};

const Penalty = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  const owes = [...path, "mayOwe"];
  return (
    <>
      <div class="fields two">
        <MoneyPlace path={[...path, "amountMinor"]} label="For each one missing" />
        <MoneyPlace
          path={[...path, "capMinor"]}
          label="At most, a period"
          hint="Without limit if left empty."
          optional
        />
      </div>
      <Tick
        label="It may take more than the period earned: the influencer owes the rest"
        checked={editor.at(owes) === true}
        onTick={(checked) => (checked ? editor.put(owes, true) : editor.drop(owes))}
        testid={`terms${pointerOf(owes)}`}
      />
    </>
  );
};

interface RemedyProps {
  readonly path: Path;
  readonly label: string;
  /** Kinds this one is inside of. */
  readonly inside: readonly Kind[];
}

const optionsFor = (inside: readonly Kind[]) =>
  (Object.keys(kinds) as Kind[])
    .filter((kind) => inside.length === 0 || kind !== "none")
    .filter((kind) => kind !== "carryOver" || !inside.includes("carryOver"))
    .map((kind) => ({ value: kind, label: kinds[kind].label }));

/** What cannot follow but stands in the JSON: said, with the way to remove it. */
const Stray = ({ path }: { readonly path: Path }) => {
  const editor = useEditor();
  return (
    <>
      <PlaceRemarks path={path} />
      <Button small kind="quiet" onPress={() => editor.drop(path)}>
        Remove what follows
      </Button>
    </>
  );
};

/** What comes of a shortfall, and of what that leaves, one inside the other. */
const Remedy = ({ path, label, inside }: RemedyProps) => {
  const editor = useEditor();
  const held = editor.at([...path, "kind"]);
  const kind = isKind(held) ? held : undefined;
  const then = [...path, "then"];
  const pick = (to: string): void => {
    if (to === "") editor.drop(path);
    else if (isKind(to)) editor.put(path, kinds[to].blank as Json);
  };
  const nested = inside.length > 0;
  const next = kind && after[kind];
  return (
    <div class={nested ? "remedy" : "stack"}>
      <ChoicePlace
        path={[...path, "kind"]}
        label={label}
        options={[...(nested ? [{ value: "", label: "Nothing more" }] : []), ...optionsFor(inside)]}
        onPick={pick}
        {...(kind && says[kind] !== "" && { hint: says[kind] })}
      />
      <PlaceRemarks path={path} />
      {kind === "penalty" && <Penalty path={path} />}
      {kind === "makeGood" && <WholePlace path={[...path, "days"]} label="Days to make it good" />}
      {kind && next && <Remedy path={then} label={next} inside={[...inside, kind]} />}
      {!next && editor.at(then) !== undefined && <Stray path={then} />}
    </div>
  );
};

const spans = [
  { value: "period", label: "Each period" },
  { value: "flight", label: "The whole contract" },
];

/** What the influencer guarantees, if anything, and what a shortfall leads to. */
export const Guarantee = () => {
  const editor = useEditor();
  const result = namesAt(editor.draft.value, ["results"])[0] ?? "lead";
  return (
    <>
      <SwitchPlace
        path={["guarantee"]}
        label="The influencer guarantees a number of results"
        blank={() => ({ result, target: 50, per: "period", remedy: { kind: "none" } })}
      />
      {editor.at(["guarantee"]) !== undefined && (
        <>
          <div class="fields two">
            <ResultChoice path={["guarantee", "result"]} />
            <WholePlace path={["guarantee", "target"]} label="How many" />
            <ChoicePlace path={["guarantee", "per"]} label="In" options={spans} />
            <PercentPlace path={["guarantee", "toleranceBp"]} label="Tolerated below, percent" optional />
          </div>
          <Remedy path={["guarantee", "remedy"]} label="On a shortfall" inside={[]} />
        </>
      )}
      <PlaceRemarks path={["guarantee"]} />
    </>
  );
};
