import type { ComponentType } from "preact";
import { isModelName, type ModelName, models } from "../../../shared/judge/models.ts";
import type { Json } from "../../../shared/kit/canonical.ts";
import { type Fit, useOffered } from "./fits.tsx";
import { ChoicePlace, PercentPlace, PlaceRemarks, SwitchPlace, useEditor, WholePlace } from "./places.tsx";
import { drop, listAt, namesAt, put } from "./pointer.ts";

const AT = ["attribution"];

const houses = [
  { value: "included", label: "Takes its share" },
  { value: "excluded", label: "Is left out" },
];

const afters = [
  { value: "", label: "Looks back over the whole window" },
  { value: "restart", label: "Starts anew" },
];

const Position = () => (
  <div class="fields">
    <PercentPlace path={[...AT, "firstBp"]} label="To the first, percent" hint="40 if left empty." optional />
    <PercentPlace path={[...AT, "lastBp"]} label="To the last, percent" hint="40 if left empty." optional />
  </div>
);

const Decay = () => (
  <div class="fields">
    <WholePlace path={[...AT, "halfLifeDays"]} label="Half-life, days" hint="7 if left empty." optional />
  </div>
);

const Milestones = () => {
  const editor = useEditor();
  const path = [...AT, "milestones"];
  const chosen = listAt(editor.draft.value, path).map(String);
  const results = namesAt(editor.draft.value, ["results"]);
  return (
    <fieldset class="ticks" data-at="/attribution/milestones">
      <legend class="label">Milestones: the touches that led to these are peaks</legend>
      {[...new Set([...results, ...chosen])].map((name) => (
        <label key={name} class="tick-chip">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            data-testid={`milestone-${name}`}
            onChange={(event) => {
              const kept = chosen.filter((it) => it !== name);
              editor.put(path, event.currentTarget.checked ? [...kept, name] : kept);
            }}
          />
          {name}
        </label>
      ))}
      <PlaceRemarks path={path} />
    </fieldset>
  );
};

const titleOf = ({ fit, hash }: Fit): string =>
  `${models[fit.model].title}${fit.model === "markov" ? ` of order ${fit.order ?? 1}` : ""}${fit.ordered ? ", by place" : ""}, ${fit.from} to ${fit.until}, ${fit.conversions} conversions (${hash.slice(0, 8)})`;

/** The draft with everything a fit was made with, so that it fits. */
const adopting = (draft: Json, { fit, hash }: Fit): Json => {
  const { model, windowDays, house, from, until, order, ordered, after, viewDays } = fit;
  const said = { model, windowDays, house, order, ordered, after, viewDays };
  const bare = ["order", "ordered", "after", "viewDays"].reduce((it, member) => drop(it, [...AT, member]), draft);
  const full = Object.entries(said).reduce(
    (it, [member, value]) => (value === undefined ? it : put(it, [...AT, member], value)),
    bare,
  );
  return put(full, [...AT, "learned"], { fit: hash, from, until });
};

const Weights = ({ model }: { readonly model: ModelName }) => {
  const editor = useEditor();
  const offered = useOffered();
  const named = String(editor.at([...AT, "learned", "fit"]) ?? "");
  const fitting = (offered ?? []).filter(({ fit }) => fit.model === model);
  const options = fitting.map((it) => ({ value: it.hash, label: titleOf(it) }));
  const stranger = named !== "" && !fitting.some(({ hash }) => hash === named);
  const nothing = [{ value: "", label: fitting.length > 0 ? "Choose one" : "There is none yet" }];
  return (
    <>
      <div class="fields">
        <ChoicePlace
          path={[...AT, "learned", "fit"]}
          class="wide"
          label="Frozen weights"
          hint="Made on the campaign's attribution page. They never change; newer ones need an amendment."
          options={[...nothing, ...options, ...(stranger ? [{ value: named, label: `Fit ${named.slice(0, 8)}` }] : [])]}
          onPick={(hash) => {
            const chosen = fitting.find((it) => it.hash === hash);
            if (chosen) editor.change(adopting(editor.draft.peek(), chosen));
          }}
        />
      </div>
      <PlaceRemarks path={[...AT, "learned"]} />
      <SwitchPlace
        path={[...AT, "wide"]}
        label="Hold back what nobody can be sure of"
        hint="Where the interval of somebody's weight is wide, their share counts at its lower end, and you release the rest."
        blank={() => ({ beyondBp: 5000 })}
      />
      {editor.at([...AT, "wide"]) !== undefined && (
        <div class="fields">
          <PercentPlace path={[...AT, "wide", "beyondBp"]} label="Wide is an interval over, percent of the weight" />
        </div>
      )}
    </>
  );
};

const parameters: { readonly [Name in ModelName]?: ComponentType<{ readonly model: ModelName }> } = {
  position: Position,
  timeDecay: Decay,
  wShaped: Milestones,
  markov: Weights,
  shapley: Weights,
};

/** Members of the terms that belong to one kind of model and would be refused under another. */
const owned: Readonly<Record<string, readonly ModelName[]>> = {
  firstBp: ["position"],
  lastBp: ["position"],
  halfLifeDays: ["timeDecay"],
  milestones: ["wShaped"],
  learned: [],
  wide: ["markov", "shapley"],
  order: ["markov"],
  ordered: ["shapley"],
};

/** The draft under another model, without what belonged to the one before. */
export const underModel = (draft: Json, to: string): Json => {
  const strange = Object.entries(owned).filter(([, of]) => !of.some((name) => name === to));
  const bare = strange.reduce((it, [member]) => drop(it, [...AT, member]), put(draft, [...AT, "model"], to));
  return to === "wShaped" ? put(bare, [...AT, "milestones"], namesAt(bare, ["results"]).slice(0, 2)) : bare;
};

const Journeys = () => (
  <div class="fields two">
    <ChoicePlace
      path={[...AT, "after"]}
      label="After a result, the next"
      options={afters}
      hint="Whether touches before an earlier result of the same kind count again."
      optional
    />
    <WholePlace
      path={[...AT, "viewDays"]}
      label="Views count for days"
      hint="Nothing that was only seen counts if left empty."
      optional
    />
    <PercentPlace
      path={[...AT, "holdoutBp"]}
      label="Experiments may leave out, percent"
      hint="Of the clicks, by chance and without credit. None if left empty."
      optional
    />
  </div>
);

/** How a result that several led to is shared among them. */
export const Attribution = () => {
  const editor = useEditor();
  const model = String(editor.at([...AT, "model"]) ?? "");
  const Parameters = isModelName(model) ? parameters[model] : undefined;
  return (
    <>
      <div class="fields">
        <ChoicePlace
          path={[...AT, "model"]}
          class="wide"
          label="Model"
          options={Object.entries(models).map(([value, { title }]) => ({ value, label: title }))}
          onPick={(to) => editor.change(underModel(editor.draft.peek(), to))}
          {...(isModelName(model) && { hint: models[model].says })}
        />
      </div>
      <div class="fields two">
        <WholePlace path={[...AT, "windowDays"]} label="Window, days" hint="Touches older than this do not count." />
        <ChoicePlace path={[...AT, "house"]} label="Your own traffic" options={houses} hint="Nobody is paid for it." />
      </div>
      {Parameters && isModelName(model) && <Parameters model={model} />}
      <Journeys />
      <PlaceRemarks path={AT} />
    </>
  );
};
