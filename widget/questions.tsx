import type { VNode } from "preact";
import type { Question, QuestionKind } from "../shared/audience/poll.ts";
import type { Words } from "./words.ts";

/** What a visitor has said to a question, if anything. */
export type Answer = string | number | undefined;

/** A question as it is asked: `put` takes the answer as it changes. */
export interface Asked<Q> {
  readonly question: Q;
  readonly answer: Answer;
  readonly words: Words;
  readonly faulty: boolean;
  readonly put: (answer: string | number) => void;
}
type Kind<K extends QuestionKind> = Extract<Question, { kind: K }>;

const mostLetters = 1000;
const warnFrom = 900;

/** The values of a scale, 0 to 10. */
export const points: readonly number[] = Array.from({ length: 11 }, (_, point) => point);

const Group = ({ class: name, asked, children }: { class?: string; asked: Asked<Question>; children: VNode[] }) => (
  <div
    class={name}
    role="radiogroup"
    aria-labelledby="q"
    aria-describedby="f"
    aria-required={!!asked.question.required}
    aria-invalid={asked.faulty}
  >
    {children}
  </div>
);

const Radio = ({ face, label, on, put }: { face: string; label: string | number; on: boolean; put: () => void }) => (
  <label class={on ? `${face} on` : face}>
    <input type="radio" name="answer" checked={on} onChange={put} />
    {label}
  </label>
);

const Choice = (asked: Asked<Kind<"choice">>) => (
  <Group asked={asked}>
    {asked.question.options.map(({ id, label }) => (
      <Radio key={id} face="option" label={label} on={asked.answer === id} put={() => asked.put(id)} />
    ))}
  </Group>
);

const Scale = (asked: Asked<Kind<"scale">>) => (
  <>
    <Group class="scale" asked={asked}>
      {points.map((point) => (
        <Radio key={point} face="cell" label={point} on={asked.answer === point} put={() => asked.put(point)} />
      ))}
    </Group>
    <Ends question={asked.question} />
  </>
);

/** What 0 and 10 mean. */
export const Ends = ({ question: { low, high } }: { readonly question: Kind<"scale"> }) =>
  low || high ? (
    <p class="ends">
      <span>{low}</span>
      <span>{high}</span>
    </p>
  ) : null;

const Text = ({ answer = "", words, faulty, put, question }: Asked<Kind<"text">>) => {
  const left = mostLetters - `${answer}`.length;
  return (
    <>
      <textarea
        aria-labelledby="q"
        aria-describedby="l f"
        aria-required={!!question.required}
        aria-invalid={faulty}
        dir="auto"
        maxLength={mostLetters}
        value={answer}
        onInput={(event) => put(event.currentTarget.value)}
      />
      <p id="l" class="left">
        {left <= mostLetters - warnFrom ? `${left} ${words.left}` : ""}
      </p>
    </>
  );
};

/** How each kind of question is asked. A new kind is a new entry. */
export const faces = { choice: Choice, scale: Scale, text: Text } satisfies {
  readonly [K in QuestionKind]: (asked: Asked<Kind<K>>) => VNode;
};
