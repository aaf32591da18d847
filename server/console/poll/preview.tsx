import type { JSX } from "preact";
import type { QuestionKind } from "../../../shared/audience/poll.ts";
import type { PollDraft, QuestionDraft } from "./draft.ts";

type Look = (props: { readonly it: QuestionDraft }) => JSX.Element;

const Choices: Look = ({ it }) => (
  <>
    {it.options.map(({ key, label }, index) => (
      <label key={key} class="preview-option">
        <input type="radio" name={`preview-${it.key}`} /> {label || `Option ${index + 1}`}
      </label>
    ))}
  </>
);

const Scale: Look = ({ it }) => (
  <>
    <div class="preview-scale">
      {Array.from({ length: 11 }, (_, value) => String(value)).map((value) => (
        <label key={value}>
          <input class="unseen" type="radio" name={`preview-${it.key}`} />
          <span>{value}</span>
        </label>
      ))}
    </div>
    <p class="preview-ends">
      <span>{it.low}</span>
      <span>{it.high}</span>
    </p>
  </>
);

const Text: Look = ({ it }) => <textarea class="input" rows={3} aria-label={it.title || "Free text"} />;

const looks: Readonly<Record<QuestionKind, Look>> = { choice: Choices, scale: Scale, text: Text };

/** The poll about as a visitor will meet it, while it is being written. */
export const PollPreview = ({ draft }: { readonly draft: PollDraft }) => (
  <section class="preview" aria-label="Preview" data-testid="poll-preview">
    <h3>{draft.title || "Your poll's title"}</h3>
    {draft.questions.map((it, place) => {
      const Body = looks[it.kind];
      return (
        <fieldset key={it.key}>
          <legend>
            {it.title || `Question ${place + 1}`}
            {it.required && <span class="quiet"> (needs an answer)</span>}
          </legend>
          <Body it={it} />
        </fieldset>
      );
    })}
    <p class="quiet">
      Then: “{draft.thanks.trim() || "Thank you!"}”{draft.showResults && " and how others answered."}
    </p>
  </section>
);
