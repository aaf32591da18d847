import type { VNode } from "preact";
import type { Poll, Question } from "../shared/audience/poll.ts";
import { isLast, type Moves, type Progress, skips } from "./progress.ts";
import { type Asked, faces } from "./questions.tsx";
import { Results } from "./results.tsx";
import type { Words } from "./words.ts";

/** A poll, where its visitor is in it, and the ways on. */
export interface Scene {
  readonly poll: Poll;
  readonly words: Words;
  readonly at: Progress;
  readonly moves: Moves;
  readonly close: () => void;
  /** What a screen reader is told now. */
  readonly heard: string;
}

const Sign = ({ path, size = 16 }: { readonly path: string; readonly size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 16 16">
    <path d={path} />
  </svg>
);

const Header = ({ poll, words, close, at: { step, end } }: Scene) => {
  const { length } = poll.questions;
  const asks = length > 1 && end === undefined;
  return (
    <>
      <div class="head">
        <span id="t" class="title">
          {poll.title}
        </span>
        {asks && <span class="count">{`${step + 1} ${words.of} ${length}`}</span>}
        <button type="button" class="x" aria-label={words.close} onClick={close}>
          <Sign path="M3 3l10 10M13 3L3 13" />
        </button>
      </div>
      {asks && (
        <div class="rail" aria-hidden="true">
          {poll.questions.map(({ id }, place) => (
            <i key={id} class={place <= step ? "on" : ""} />
          ))}
        </div>
      )}
    </>
  );
};

const nextWord = ({ poll, at, words }: Scene): string => {
  if (isLast(poll, at)) return at.fault === "unsent" ? words.again : words.send;
  return skips(poll, at) ? words.skip : words.next;
};

const Ask = (scene: Scene) => {
  const { poll, words, at, moves } = scene;
  const { step, fault } = at;
  const question = poll.questions[step] as Question;
  const Face = faces[question.kind] as (asked: Asked<Question>) => VNode;
  return (
    <>
      <h2 id="q" tabIndex={-1}>
        {question.title}
      </h2>
      <Face
        key={question.id}
        question={question}
        answer={at.answers[step]}
        words={words}
        faulty={fault === "needed"}
        put={moves.put}
      />
      <p id="f" class="fault">
        {fault && <Sign path="M8 4.5v4M8 11.5v.01M8 1.5a6.5 6.5 0 110 13 6.5 6.5 0 010-13" />}
        {fault && words[fault]}
      </p>
      <div class="foot">
        {step > 0 && (
          <button type="button" class="back" onClick={moves.back}>
            {words.back}
          </button>
        )}
        <button type="button" class={skips(poll, at) ? "go skip" : "go"} aria-disabled={at.busy} onClick={moves.next}>
          {nextWord(scene)}
        </button>
      </div>
    </>
  );
};

const Thanks = ({ poll, words, close, at: { end, answers } }: Scene) => (
  <div class="thanks">
    <Sign path="M3 8.5l3.3 3.3L13 4.8" size={48} />
    <h2 id="q" tabIndex={-1}>
      {poll.thanks}
    </h2>
    {end && <Results questions={poll.questions} answers={answers} standing={end} />}
    {end && <p class="sum">{`${words.responses}: ${end.responses.toLocaleString()}`}</p>}
    <div class="foot">
      <button type="button" class="go" onClick={close}>
        {words.close}
      </button>
    </div>
  </div>
);

/** Escape closes, Enter goes on; no key pressed in the poll reaches the page, whose shortcuts it might be. */
const onKey = (event: KeyboardEvent, { close, moves }: Scene): void => {
  event.stopPropagation();
  if (event.isComposing) return;
  const { tagName } = event.target as Element;
  const enters = tagName === "INPUT" || (tagName === "TEXTAREA" && (event.ctrlKey || event.metaKey));
  if (event.key === "Escape") close();
  if (event.key === "Enter" && enters) moves.next();
};

const stop = (event: Event): void => event.stopPropagation();

/** The poll as a visitor meets it: a dialog that takes nothing from the page, least of all the focus. */
export const Card = (scene: Scene) => (
  <div
    class="card"
    role="dialog"
    aria-labelledby="t"
    onKeyDown={(event) => onKey(event, scene)}
    onKeyUp={stop}
    onKeyPress={stop}
  >
    <p role="status" class="heard">
      {scene.heard}
    </p>
    <Header {...scene} />
    {scene.at.end === undefined ? <Ask {...scene} /> : <Thanks {...scene} />}
  </div>
);
