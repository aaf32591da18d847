import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../kit/ask.ts";
import { gist, plainly } from "../kit/plain.ts";

interface FormProps {
  readonly onSubmit: () => void;
  readonly problem: Problem | null;
  /** Pointers whose sentences stand at their own fields, and need not be said again below. */
  readonly fields?: readonly string[];
  readonly testid?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

const beneath = (pointer: string, fields: readonly string[]): boolean =>
  fields.some((it) => pointer === it || pointer.startsWith(`${it}/`));

/** What a refusal says: its sentence, and what is wrong where no field shows it. */
export const Refused = ({
  problem,
  fields = [],
}: {
  readonly problem: Problem;
  readonly fields?: readonly string[];
}) => {
  const elsewhere = problem.fields.filter(({ pointer }) => !beneath(pointer, fields));
  return (
    <div class="notice bad" role="alert" data-testid="refusal" data-code={problem.code}>
      <p>{gist(problem, problem.fields.length > 0 && elsewhere.length === 0)}</p>
      {elsewhere.length > 0 && (
        <ul>
          {elsewhere.map((it) => (
            <li key={it.pointer + it.detail}>
              <code>{it.pointer || "/"}</code> {plainly(it)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};

/** A form that keeps what was typed when it is refused, says why, and puts the cursor where the fault is. */
export const Form = ({ onSubmit, problem, fields = [], testid, class: more = "", children }: FormProps) => {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem]);
  return (
    <form
      ref={form}
      class={`stack ${more}`}
      noValidate
      data-testid={testid}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {problem && <Refused problem={problem} fields={fields} />}
    </form>
  );
};
