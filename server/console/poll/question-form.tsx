import type { Problem } from "../kit/ask.ts";
import { saidOf } from "../kit/submit.ts";
import { Button } from "../parts/button.tsx";
import { TextBox, Tick } from "../parts/field.tsx";
import { kinds, MOST_OPTIONS, type QuestionDraft, withOption } from "./draft.ts";

interface QuestionFormProps {
  readonly it: QuestionDraft;
  readonly place: number;
  readonly problem: Problem | null;
  readonly onChange: (it: QuestionDraft) => void;
  readonly onRemove: (() => void) | undefined;
}

const Options = ({ it, place, problem, onChange }: Omit<QuestionFormProps, "onRemove">) => (
  <>
    <ul class="plain-rows">
      {it.options.map((option, index) => (
        <li key={option.key} class="fields with-remove">
          <TextBox
            label={`Option ${index + 1}`}
            maxLength={120}
            value={option.label}
            onInput={(label) =>
              onChange({ ...it, options: it.options.map((one) => (one === option ? { ...one, label } : one)) })
            }
            problem={saidOf(problem, `/questions/${place}/options/${index}`)}
            testid={`option-${place}-${index}`}
          />
          <Button
            small
            kind="quiet"
            label={`Remove option ${index + 1}`}
            disabled={it.options.length <= 2}
            onPress={() => onChange({ ...it, options: it.options.filter((one) => one !== option) })}
          >
            ✕
          </Button>
        </li>
      ))}
    </ul>
    {it.options.length < MOST_OPTIONS && (
      <Button small kind="quiet" onPress={() => onChange(withOption(it))} testid={`add-option-${place}`}>
        + Option
      </Button>
    )}
  </>
);

/** One question of a poll, being written. */
export const QuestionForm = ({ it, place, problem, onChange, onRemove }: QuestionFormProps) => (
  <li class="rule" data-testid="question-form">
    <header class="rule-head">
      <h3>
        Question {place + 1} · {kinds[it.kind]}
      </h3>
      {onRemove && (
        <Button small kind="quiet" label={`Remove question ${place + 1}`} onPress={onRemove}>
          Remove
        </Button>
      )}
    </header>
    <TextBox
      label="Question"
      maxLength={200}
      value={it.title}
      onInput={(title) => onChange({ ...it, title })}
      problem={saidOf(problem, `/questions/${place}/title`)}
      testid={`question-${place}`}
    />
    {it.kind === "choice" && <Options it={it} place={place} problem={problem} onChange={onChange} />}
    {it.kind === "scale" && (
      <div class="fields">
        <TextBox label="At 0 (optional)" maxLength={60} value={it.low} onInput={(low) => onChange({ ...it, low })} />
        <TextBox
          label="At 10 (optional)"
          maxLength={60}
          value={it.high}
          onInput={(high) => onChange({ ...it, high })}
        />
      </div>
    )}
    <Tick label="Needs an answer" checked={it.required} onTick={(required) => onChange({ ...it, required })} />
  </li>
);
