import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { TextBox } from "./field.tsx";

interface NumberBoxProps {
  readonly label: string;
  readonly value: string;
  /** What a text means, or nothing while it means nothing. */
  readonly read: (text: string) => string | null;
  readonly fault: string;
  readonly onRead: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly testid: string;
  readonly type?: "text" | "date";
}

/** A number as typed: it stays as typed while it is, and counts when the field is left or Enter is pressed. */
export const NumberBox = ({ value, read, fault, onRead, problem, type = "text", ...field }: NumberBoxProps) => {
  const typed = useSignal<string | null>(null);
  const wrong = typed.value !== null && read(typed.value) === null;
  const commit = (): void => {
    const said = typed.peek();
    const meant = said === null ? null : read(said);
    if (meant === null) return;
    typed.value = null;
    if (meant !== value) onRead(meant);
  };
  return (
    <TextBox
      {...field}
      type={type}
      {...(type === "text" && { inputMode: "decimal" as const })}
      value={typed.value ?? value}
      onInput={(text) => (typed.value = text)}
      onCommit={commit}
      problem={wrong ? fault : problem}
    />
  );
};
