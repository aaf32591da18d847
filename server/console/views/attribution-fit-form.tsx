import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { models } from "../../../shared/judge/models.ts";
import { addDays, dayOf } from "../../../shared/kit/time.ts";
import { makeFit } from "../../../shared/wire/attribution.ts";
import { placedFault } from "../kit/attribution.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import type { AttributionPage, FitPage } from "../kit/wire.ts";
import { Button } from "../parts/button.tsx";
import { Choice, TextBox } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";

const WINDOW_DAYS = 30;
const PAST_DAYS = 90;

/** A learned model, as one choice. */
const kinds = {
  "markov-1": { model: "markov", order: 1, title: `${models.markov.title}, order 1` },
  "markov-2": { model: "markov", order: 2, title: `${models.markov.title}, order 2` },
  "markov-3": { model: "markov", order: 3, title: `${models.markov.title}, order 3` },
  shapley: { model: "shapley", ordered: false, title: models.shapley.title },
  "shapley-ordered": { model: "shapley", ordered: true, title: `${models.shapley.title}, by place` },
} as const;

type Kind = keyof typeof kinds;

const says = (kind: Kind): string => models[kinds[kind].model].says;

const kindOptions = (Object.keys(kinds) as Kind[]).map((value) => ({ value, label: kinds[value].title }));
const houses = [
  { value: "included", label: "Takes its share" },
  { value: "excluded", label: "Is left out" },
];
const afters = [
  { value: "reuse", label: "Looks back over the whole window" },
  { value: "restart", label: "Starts anew" },
];

/** The kind that is being looked at, where it is one that learns. */
const kindOf = (page: AttributionPage | null): Kind => {
  const { model, order, ordered } = page?.whatIf ?? {};
  if (model === "shapley") return ordered ? "shapley-ordered" : "shapley";
  const found = `markov-${order ?? 1}`;
  return model === "markov" && Object.hasOwn(kinds, found) ? (found as Kind) : "markov-1";
};

/** What is looked at above is what most want to freeze; days that are not over cannot be fitted on. */
const startOf = (page: AttributionPage | null) => {
  const yesterday = addDays(dayOf(Date.now(), "UTC"), -1);
  const until = page && page.until < yesterday ? page.until : yesterday;
  const from = page && page.from <= until ? page.from : addDays(until, 1 - PAST_DAYS);
  return { from, until };
};

const SECOND_MS = 1_000;

const Working = () => {
  const seconds = useSignal(0);
  useEffect(() => {
    const timer = setInterval(() => (seconds.value += 1), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="working" role="status" data-testid="fitting">
      <progress aria-label="Fitting" />
      <p class="quiet">
        Reading the journeys, solving, and redrawing them many times for the intervals…{" "}
        {seconds.value > 1 && <span class="num">{seconds.value} s</span>}
      </p>
    </div>
  );
};

/** The days as typed; whole numbers from 1 up, or nothing. */
const daysIn = (text: string): number | null => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : null);

const useFitDraft = (page: AttributionPage | null) => {
  const start = startOf(page);
  return {
    kind: useSignal<Kind>(kindOf(page)),
    from: useSignal(start.from),
    until: useSignal(start.until),
    windowDays: useSignal(String(page?.whatIf.windowDays ?? WINDOW_DAYS)),
    house: useSignal<"included" | "excluded">(page?.whatIf.house ?? "included"),
    after: useSignal<"reuse" | "restart">(page?.whatIf.after ?? "reuse"),
    viewDays: useSignal(page?.whatIf.viewDays === undefined ? "" : String(page.whatIf.viewDays)),
  };
};

type FitDraft = ReturnType<typeof useFitDraft>;

const bodyOf = (draft: FitDraft) => {
  const { title: _, ...kind } = kinds[draft.kind.value];
  const viewDays = daysIn(draft.viewDays.value);
  return {
    ...kind,
    from: draft.from.value,
    until: draft.until.value,
    windowDays: daysIn(draft.windowDays.value) ?? 0,
    house: draft.house.value,
    after: draft.after.value,
    ...(viewDays !== null && { viewDays }),
  };
};

type Said = (name: string) => string | undefined;

interface FieldsProps {
  readonly draft: FitDraft;
  readonly said: Said;
}

interface TypedProps {
  readonly label: string;
  readonly of: Signal<string>;
  readonly problem: string | undefined;
  readonly testid: string;
  readonly hint?: string;
  readonly isDay?: boolean;
}

/** A day, or a number of days, as it is typed. */
const Typed = ({ of, isDay = false, ...field }: TypedProps) => (
  <TextBox
    {...field}
    {...(isDay ? { type: "date" as const } : { inputMode: "numeric" as const })}
    value={of.value}
    onInput={(it) => (of.value = it)}
  />
);

/** What was seen: over which days, and by which model. */
const Learned = ({ draft, said }: FieldsProps) => (
  <div class="fields two">
    <Choice
      label="Model"
      value={draft.kind.value}
      options={kindOptions}
      onPick={(it) => (draft.kind.value = it as Kind)}
      hint={says(draft.kind.value)}
      problem={said("model") ?? said("order") ?? said("ordered")}
      testid="fit-model"
    />
    <Typed label="From" of={draft.from} isDay problem={said("from")} testid="fit-from" />
    <Typed
      label="Until"
      of={draft.until}
      isDay
      hint="Only days that are over."
      problem={said("until")}
      testid="fit-until"
    />
  </div>
);

/** How the journeys are looked at: as the terms that are to name the weights will. */
const Looked = ({ draft, said }: FieldsProps) => (
  <div class="fields two">
    <Typed
      label="Window, days"
      of={draft.windowDays}
      hint="As in the terms that are to name them."
      problem={said("windowDays")}
      testid="fit-window"
    />
    <Choice
      label="Your own traffic"
      value={draft.house.value}
      options={houses}
      onPick={(it) => (draft.house.value = it === "excluded" ? "excluded" : "included")}
      problem={said("house")}
      testid="fit-house"
    />
    <Choice
      label="After a result, the next"
      value={draft.after.value}
      options={afters}
      onPick={(it) => (draft.after.value = it === "restart" ? "restart" : "reuse")}
      problem={said("after")}
      testid="fit-after"
    />
    <Typed
      label="Views count for days"
      of={draft.viewDays}
      hint="Nothing that was only seen counts if left empty."
      problem={said("viewDays")}
      testid="fit-views"
    />
  </div>
);

const fields = ["model", "order", "ordered", "from", "until", "windowDays", "house", "after", "viewDays"];

interface FitFormProps {
  readonly campaign: string;
  readonly page: AttributionPage | null;
  readonly onMade: (it: FitPage) => void;
  readonly onClose: () => void;
}

/** Say what the weights are to be fitted on, and freeze them. */
export const FitForm = ({ campaign, page, onMade, onClose }: FitFormProps) => {
  const draft = useFitDraft(page);
  const form = useSubmit(makeFit, onMade);
  const problem = placedFault(form.problem.value);
  const said: Said = (name) => saidOf(problem, `/${name}`);
  return (
    <Form
      class="fit-form"
      onSubmit={() => void form.submit({ params: { campaign }, body: bodyOf(draft) })}
      problem={problem}
      fields={fields.map((it) => `/${it}`)}
      testid="fit-form"
    >
      <Learned draft={draft} said={said} />
      <Looked draft={draft} said={said} />
      {form.busy.value && <Working />}
      <div class="actions">
        <Button kind="primary" busy={form.busy.value} testid="confirm-freeze">
          Fit and freeze
        </Button>
        <Button kind="quiet" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
};
