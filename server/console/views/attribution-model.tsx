import type { ComponentChildren, ComponentType } from "preact";
import { isModelName, type ModelName, models } from "../../../shared/judge/models.ts";
import { isDay } from "../../../shared/kit/time.ts";
import type { Problem } from "../kit/ask.ts";
import { underModel, type Wish, type WishName } from "../kit/attribution.ts";
import { locale } from "../kit/figures.ts";
import { saidOf } from "../kit/submit.ts";
import type { AttributionPage } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Choice } from "../parts/field.tsx";
import { Refused } from "../parts/form.tsx";
import { NumberBox } from "../parts/number-box.tsx";
import { hundredths, percentText } from "../terms/amount.ts";

/** What is asked, what was answered last, what is wrong with the asking, and how to ask otherwise. */
export interface Asking {
  readonly wish: Wish;
  readonly page: AttributionPage | null;
  readonly problem: Problem | null;
  readonly change: (change: Wish) => void;
  readonly again: () => void;
}

/** Names whose refusals stand at their own fields. */
const placed: readonly WishName[] = [
  "from",
  "until",
  "result",
  "windowDays",
  "house",
  "halfLifeDays",
  "firstBp",
  "lastBp",
  "milestones",
  "after",
  "viewDays",
  "order",
  "ordered",
];

const faultAt = ({ problem }: Asking, name: WishName): string | undefined => saidOf(problem, `/${name}`);

/** What a parameter is: as asked for, or else as the answer says it was taken. */
const saidFor = ({ wish, page }: Asking, name: WishName): string => {
  if (wish[name]) return String(wish[name]);
  const taken: Readonly<Record<string, unknown>> = page?.whatIf ?? {};
  return taken[name] === undefined ? "" : String(taken[name]);
};

const wholeIn = (least: number, most: number) => (text: string) => {
  const number = /^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? String(number) : null;
};

interface DaysProps {
  readonly of: Asking;
  readonly name: WishName;
  readonly label: string;
  readonly most: number;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly usual?: string;
}

const Days = ({ of, name, label, most, hint, optional, usual = "" }: DaysProps) => (
  <NumberBox
    label={label}
    value={saidFor(of, name) || usual}
    read={(text) => (optional && text.trim() === "" ? "" : wholeIn(1, most)(text))}
    fault={`Write a whole number of days from 1 to ${most}${optional ? ", or nothing" : ""}.`}
    onRead={(value) => of.change({ [name]: value })}
    hint={hint}
    problem={faultAt(of, name)}
    testid={`what-if-${name}`}
  />
);

const Part = ({ of, name, label }: { readonly of: Asking; readonly name: WishName; readonly label: string }) => (
  <NumberBox
    label={label}
    value={percentText(Number(saidFor(of, name) || 4000))}
    read={(text) => {
      const bp = hundredths(text, locale());
      return bp !== null && bp <= 10_000 ? percentText(bp) : null;
    }}
    fault="Write a percentage from 0 to 100."
    onRead={(value) => of.change({ [name]: String(hundredths(value)) })}
    problem={faultAt(of, name)}
    testid={`what-if-${name}`}
  />
);

const Ends = ({ of }: { readonly of: Asking }) => (
  <>
    <Part of={of} name="firstBp" label="To the first, percent" />
    <Part of={of} name="lastBp" label="To the last, percent" />
  </>
);

const HalfLife = ({ of }: { readonly of: Asking }) => (
  <Days of={of} name="halfLifeDays" label="Half-life, days" most={365} usual="7" />
);

const Milestones = ({ of }: { readonly of: Asking }) => {
  const chosen = saidFor(of, "milestones").split(",").filter(Boolean);
  const fault = faultAt(of, "milestones");
  return (
    <fieldset class="ticks whole">
      <legend class="label">Milestones: the touches that led to these are peaks</legend>
      {[...new Set([...(of.page?.results ?? []), ...chosen])].map((name) => (
        <label key={name} class="tick-chip">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            data-testid={`what-if-milestone-${name}`}
            onChange={(event) => {
              const kept = chosen.filter((it) => it !== name);
              of.change({ milestones: (event.currentTarget.checked ? [...kept, name] : kept).join(",") });
            }}
          />
          {name}
        </label>
      ))}
      {fault && <p class="problem">{fault}</p>}
    </fieldset>
  );
};

interface PickProps {
  readonly of: Asking;
  readonly name: WishName;
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
  readonly usual: string;
  readonly hint?: string;
}

const Pick = ({ of, name, label, options, usual, hint }: PickProps) => (
  <Choice
    label={label}
    value={saidFor(of, name) || usual}
    options={Object.entries(options).map(([value, said]) => ({ value, label: said }))}
    onPick={(value) => of.change({ [name]: value })}
    problem={faultAt(of, name)}
    hint={hint}
    testid={`what-if-${name}`}
  />
);

const orders = { "1": "1: each step alone", "2": "2: pairs of steps", "3": "3: triples of steps" };

const Order = ({ of }: { readonly of: Asking }) => (
  <Pick of={of} name="order" label="Order" options={orders} usual="1" hint="How far back each step remembers." />
);

const Ordered = ({ of }: { readonly of: Asking }) => (
  <Pick of={of} name="ordered" label="Places" options={{ false: "Do not matter", true: "Weigh apart" }} usual="false" />
);

const parameters: { readonly [Name in ModelName]?: ComponentType<{ readonly of: Asking }> } = {
  position: Ends,
  timeDecay: HalfLife,
  wShaped: Milestones,
  markov: Order,
  shapley: Ordered,
};

const Pills = ({ of, model }: { readonly of: Asking; readonly model: string }) => (
  <fieldset class="pills">
    <legend class="label">Model</legend>
    {(Object.keys(models) as ModelName[]).map((name) => (
      <button
        key={name}
        type="button"
        class="tab"
        aria-pressed={name === model}
        data-testid={`model-${name}`}
        onClick={() => of.change(underModel(name, of.page?.results ?? []))}
      >
        {models[name].title}
      </button>
    ))}
  </fieldset>
);

const houses = { included: "Takes its share", excluded: "Is left out" };
const afters = { reuse: "Looks back over the whole window", restart: "Starts anew" };

const Journeys = ({ of }: { readonly of: Asking }) => (
  <>
    <Days of={of} name="windowDays" label="Window, days" most={365} />
    <Pick of={of} name="house" label="Your own traffic" options={houses} usual="included" />
    <Pick of={of} name="after" label="After a result, the next" options={afters} usual="reuse" />
    <Days
      of={of}
      name="viewDays"
      label="Views count for days"
      most={30}
      hint="Nothing that was only seen counts if left empty."
      optional
    />
  </>
);

const dayIn = (text: string): string | null => (isDay(text) && text >= "2000" ? text : null);

const Between = ({ of }: { readonly of: Asking }) => {
  const box = (name: "from" | "until", label: string) => (
    <NumberBox
      label={label}
      type="date"
      value={of.wish[name] ?? of.page?.[name] ?? ""}
      read={dayIn}
      fault="Choose a day."
      onRead={(value) => of.change({ [name]: value })}
      problem={faultAt(of, name)}
      testid={`what-if-${name}`}
    />
  );
  const results = of.page?.results ?? [];
  return (
    <div class="between">
      {box("from", "From")}
      {box("until", "Until")}
      <Choice
        label="Results"
        value={of.wish.result ?? of.page?.result ?? ""}
        options={[{ value: "", label: "All" }, ...results.map((it) => ({ value: it, label: it }))]}
        onPick={(result) => of.change({ result })}
        problem={faultAt(of, "result")}
        testid="what-if-result"
      />
    </div>
  );
};

/** What would be if credit were shared otherwise: the model, what it needs, the days and results looked at. */
export const Switcher = ({ of, children }: { readonly of: Asking; readonly children: ComponentChildren }) => {
  const model = of.wish.model ?? of.page?.whatIf.model ?? "";
  const Parameters = isModelName(model) ? parameters[model] : undefined;
  return (
    <section class="card what-if" aria-label="What if" data-testid="what-if" data-model={model}>
      {children}
      <Pills of={of} model={model} />
      {isModelName(model) && (
        <p class="model-says quiet" data-testid="model-says">
          {models[model].says}
        </p>
      )}
      {Parameters && (
        <div class="between" key={model} data-testid="model-parameters">
          <Parameters of={of} />
        </div>
      )}
      <Between of={of} />
      <details>
        <summary>How journeys are looked at</summary>
        <div class="fields">
          <Journeys of={of} />
        </div>
      </details>
      {of.problem && <Refused problem={of.problem} fields={placed.map((name) => `/${name}`)} />}
      {of.problem && of.problem.fields.length === 0 && (
        <p>
          <Button small onPress={of.again} testid="ask-again">
            Try again
          </Button>
        </p>
      )}
      {Object.keys(of.wish).length > 0 && (
        <p>
          <Button
            small
            kind="quiet"
            testid="as-now"
            onPress={() => of.change(Object.fromEntries(Object.keys(of.wish).map((name) => [name, ""])))}
          >
            Begin again
          </Button>
        </p>
      )}
    </section>
  );
};
