import type { ComponentChild } from "preact";
import type { Question, QuestionKind } from "../../../shared/audience/poll.ts";
import type { PollPage } from "../kit/wire.ts";
import { Bars, Columns } from "../parts/bars.tsx";
import { When } from "../parts/small.tsx";

type Result<Kind extends QuestionKind> = (props: {
  readonly question: Extract<Question, { kind: Kind }>;
  readonly of: PollPage;
}) => ComponentChild;

const LATEST = 6;

const counted = (of: PollPage, question: string, answer: string): number => of.tally[question]?.[answer] ?? 0;

const choice: Result<"choice"> = ({ question, of }) => (
  <Bars
    testid="poll-bars"
    bars={question.options.map(({ id, label }) => ({ key: id, label, count: counted(of, question.id, id) }))}
  />
);

const scale: Result<"scale"> = ({ question, of }) => (
  <>
    <Columns
      testid="poll-columns"
      bars={Array.from({ length: 11 }, (_, value) => String(value)).map((value) => ({
        key: value,
        label: value,
        count: counted(of, question.id, value),
      }))}
    />
    {(question.low || question.high) && (
      <p class="quiet">
        0 {question.low ?? ""} … 10 {question.high ?? ""}
      </p>
    )}
  </>
);

const text: Result<"text"> = ({ question, of }) => {
  const said = of.texts.filter((it) => it.question === question.id);
  if (said.length === 0) return <p class="quiet">Nobody has written anything yet.</p>;
  return (
    <ul class="quotes" data-testid="poll-texts">
      {said.slice(0, LATEST).map((it) => (
        <li key={`${it.at} ${it.text}`}>
          <blockquote>{it.text}</blockquote>
          <small class="quiet">
            <When at={it.at} />
          </small>
        </li>
      ))}
    </ul>
  );
};

const results: { readonly [Kind in QuestionKind]: Result<Kind> } = { choice, scale, text };

interface QuestionResultProps {
  readonly question: Question;
  readonly of: PollPage;
}

/** One question of a poll and how it was answered, each kind in its own picture. */
export const QuestionResult = ({ question, of }: QuestionResultProps) => (
  <section class="question" data-question={question.id}>
    <h4>{question.title}</h4>
    {results[question.kind]({ question: question as never, of })}
  </section>
);
