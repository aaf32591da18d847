import type { ComponentChildren } from "preact";
import type { Problem } from "../kit/ask.ts";
import type { Loading } from "../kit/load.ts";
import { Button } from "./button.tsx";

/** Grey lines in the shape of what is coming. They appear only after a moment, so that fast answers do not flicker. */
export const Skeleton = ({ lines = 4 }: { readonly lines?: number }) => (
  <div class="skeleton" role="status" aria-label="Loading" data-testid="loading">
    {Array.from({ length: lines }, (_, line) => `line-${line}`).map((line) => (
      <span key={line} />
    ))}
  </div>
);

interface EmptyProps {
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** Nothing is here yet, and what to do about it. */
export const Empty = ({ title, children }: EmptyProps) => (
  <div class="empty" data-testid="empty">
    <p class="empty-title">{title}</p>
    {children}
  </div>
);

const headings: Readonly<Record<string, string>> = {
  "404": "There is nothing here",
  "0": "The server did not answer",
};

/** Something could not be shown: why, and a way to try again. */
export const Failed = ({ problem, again }: { readonly problem: Problem; readonly again: () => void }) => (
  <div class="empty" role="alert" data-testid="failed" data-code={problem.code}>
    <p class="empty-title">{headings[String(problem.status)] ?? "This could not be shown"}</p>
    <p class="quiet">{problem.because}</p>
    <Button onPress={again} testid="try-again">
      Try again
    </Button>
  </div>
);

interface ShownProps<Value> {
  readonly of: Loading<Value>;
  readonly lines?: number;
  readonly children: (value: Value) => ComponentChildren;
}

/** Whatever was asked for, in each of its states. */
export const Shown = <Value,>({ of, lines, children }: ShownProps<Value>) => {
  const load = of.now.value;
  if (load.state === "waiting") return <Skeleton {...(lines !== undefined && { lines })} />;
  if (load.state === "refused") return <Failed problem={load.problem} again={of.again} />;
  return <>{children(load.value)}</>;
};
