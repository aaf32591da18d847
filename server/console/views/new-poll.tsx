import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { QuestionKind } from "../../../shared/audience/poll.ts";
import type { Json } from "../../../shared/kit/canonical.ts";
import { openPoll } from "../../../shared/wire/brand.ts";
import { keepDraft, keptDraft, letGoDraft } from "../kit/draft.ts";
import { useGo } from "../kit/here.ts";
import type { ViewProps } from "../kit/route.ts";
import { saidOf, useSubmit } from "../kit/submit.ts";
import { useUnsaved } from "../kit/unsaved.ts";
import { Button } from "../parts/button.tsx";
import { TextBox, Tick } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Card, Head } from "../parts/small.tsx";
import {
  blankPoll,
  bodyOf,
  kinds,
  MOST_QUESTIONS,
  type PollDraft,
  type QuestionDraft,
  withQuestion,
} from "../poll/draft.ts";
import { PollPreview } from "../poll/preview.tsx";
import { QuestionForm } from "../poll/question-form.tsx";

const replaced = (draft: PollDraft, it: QuestionDraft): PollDraft => ({
  ...draft,
  questions: draft.questions.map((one) => (one.key === it.key ? it : one)),
});

const without = (draft: PollDraft, it: QuestionDraft): PollDraft => ({
  ...draft,
  questions: draft.questions.filter((one) => one !== it),
});

/** The pointers of every field the form shows, so that no sentence about another one is lost. */
const fieldsOf = ({ questions }: PollDraft): readonly string[] => [
  "/title",
  "/thanks",
  ...questions.flatMap(({ options }, place) => [
    `/questions/${place}/title`,
    ...options.map((_, index) => `/questions/${place}/options/${index}`),
  ]),
];

const Adders = ({ draft, onAdd }: { readonly draft: PollDraft; readonly onAdd: (kind: QuestionKind) => void }) =>
  draft.questions.length >= MOST_QUESTIONS ? null : (
    <fieldset class="adders">
      <legend class="quiet">Add a question</legend>
      {(Object.keys(kinds) as QuestionKind[]).map((kind) => (
        <Button key={kind} small onPress={() => onAdd(kind)} testid={`add-question-${kind}`}>
          + {kinds[kind]}
        </Button>
      ))}
    </fieldset>
  );

const isPoll = (it: Json | undefined): boolean =>
  typeof it === "object" && it !== null && "questions" in it && Array.isArray(it.questions);

/** The poll being written, kept until it is opened or the tab is closed. */
const useKeptPoll = (name: string): Signal<PollDraft> => {
  const kept = keptDraft(name);
  const draft = useSignal<PollDraft>(isPoll(kept) ? (kept as unknown as PollDraft) : blankPoll);
  useSignalEffect(() => keepDraft(name, draft.value as unknown as Json));
  useUnsaved(JSON.stringify(draft.value) !== JSON.stringify(blankPoll));
  return draft;
};

/** Write a poll, see it as visitors will, and open it on the campaign's pages. */
export const NewPollView = ({ params }: ViewProps) => {
  const campaign = params.campaign ?? "";
  const draft = useKeptPoll(`poll ${campaign}`);
  const goOn = useGo();
  const form = useSubmit(openPoll, () => {
    letGoDraft(`poll ${campaign}`);
    goOn(`/campaigns/${campaign}`);
  });
  const problem = form.problem.value;
  const now = draft.value;
  return (
    <>
      <Head
        over={<a href={`/campaigns/${campaign}`}>Campaign</a>}
        title="New poll"
        under="It takes the place of the one shown now; the answers given so far stay."
      />
      <Form
        class="writer"
        onSubmit={() => void form.submit({ params: { campaign }, body: bodyOf(now) })}
        problem={problem}
        fields={fieldsOf(now)}
        testid="poll-form"
      >
        <div class="writer-form stack">
          <Card title="What is asked">
            <TextBox
              label="Title"
              placeholder="One quick question"
              maxLength={120}
              value={now.title}
              onInput={(title) => (draft.value = { ...now, title })}
              problem={saidOf(problem, "/title")}
              testid="poll-title"
            />
            <ol class="rules">
              {now.questions.map((it, place) => (
                <QuestionForm
                  key={it.key}
                  it={it}
                  place={place}
                  problem={problem}
                  onChange={(next) => (draft.value = replaced(draft.peek(), next))}
                  onRemove={now.questions.length > 1 ? () => (draft.value = without(draft.peek(), it)) : undefined}
                />
              ))}
            </ol>
            <Adders draft={now} onAdd={(kind) => (draft.value = withQuestion(now, kind))} />
          </Card>
          <Card title="Afterwards">
            <TextBox
              label="Thanks"
              maxLength={200}
              value={now.thanks}
              onInput={(thanks) => (draft.value = { ...now, thanks })}
              problem={saidOf(problem, "/thanks")}
              testid="poll-thanks"
            />
            <Tick
              label="Show visitors how others answered"
              checked={now.showResults}
              onTick={(showResults) => (draft.value = { ...now, showResults })}
              testid="poll-show-results"
            />
          </Card>
          <div class="actions">
            <Button kind="primary" busy={form.busy.value} testid="open-poll">
              Open the poll
            </Button>
          </div>
        </div>
        <aside class="writer-side stack">
          <Card title="As visitors see it">
            <PollPreview draft={now} />
          </Card>
        </aside>
      </Form>
    </>
  );
};
