import type { ComponentChild, ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** What ties an input to its label, hint and problem. */
interface Control {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": "true" | undefined;
}

interface FieldProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly warning?: string | undefined;
  readonly at?: string;
  readonly class?: string;
  readonly children: (control: Control) => ComponentChild;
}

/** A labelled input with its hint and, when something is wrong with it, the sentence that says what. */
export const Field = ({ label, hint, problem, warning, at, class: more = "", children }: FieldProps) => {
  const id = useId();
  const told = [hint && `${id}-hint`, warning && `${id}-warning`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class={`field ${more}`} data-at={at}>
      <label class="label" htmlFor={id}>
        {label}
      </label>
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": problem ? "true" : undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {warning && (
        <p class="warning" id={`${id}-warning`}>
          {warning}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`} data-testid="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
};

interface TextBoxProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (text: string) => void;
  readonly onCommit?: () => void;
  readonly type?: "text" | "email" | "date" | "url";
  readonly testid?: string;
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly inputMode?: "decimal" | "numeric" | "url" | "email";
  readonly autocomplete?: "off" | "name" | "email";
  readonly list?: string;
  readonly mono?: boolean;
}

/** One line of text. */
export const TextBox = ({ value, onInput, onCommit, testid, type = "text", mono, ...rest }: TextBoxProps) => {
  const { placeholder, maxLength, inputMode, autocomplete = "off", list, ...field } = rest;
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          class={mono ? "input mono" : "input"}
          type={type}
          value={value}
          data-testid={testid}
          placeholder={placeholder}
          maxLength={maxLength}
          inputMode={inputMode}
          autocomplete={autocomplete}
          list={list}
          onInput={(event) => onInput(event.currentTarget.value)}
          onChange={onCommit}
          onBlur={onCommit}
        />
      )}
    </Field>
  );
};

interface TextAreaProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (text: string) => void;
  readonly rows?: number;
  readonly testid?: string;
  readonly maxLength?: number;
  readonly placeholder?: string;
}

/** Several lines of text. */
export const TextArea = ({ value, onInput, rows = 3, testid, maxLength, placeholder, ...field }: TextAreaProps) => (
  <Field {...field}>
    {(control) => (
      <textarea
        {...control}
        class="input"
        rows={rows}
        value={value}
        data-testid={testid}
        maxLength={maxLength}
        placeholder={placeholder}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    )}
  </Field>
);

/** One entry to choose: its value on the wire, and its words. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

interface ChoiceProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly options: readonly Option[];
  readonly onPick: (value: string) => void;
  readonly testid?: string | undefined;
}

/** One of a list. A value the list does not know is shown as it is, never silently replaced. */
export const Choice = ({ value, options, onPick, testid, ...field }: ChoiceProps) => {
  const shown = options.some((it) => it.value === value) ? options : [{ value, label: value || "Choose…" }, ...options];
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          class="input"
          value={value}
          data-testid={testid}
          onChange={(event) => onPick(event.currentTarget.value)}
        >
          {shown.map((it) => (
            <option key={it.value} value={it.value}>
              {it.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
};

interface TickProps {
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onTick: (checked: boolean) => void;
  readonly testid?: string;
}

/** A box to tick. */
export const Tick = ({ label, hint, checked, onTick, testid }: TickProps) => {
  const id = useId();
  return (
    <div class="tick">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        data-testid={testid}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onTick(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};
