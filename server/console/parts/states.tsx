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
  /** Whether it stands for a whole page, and is its heading. */
  readonly page?: boolean;
  readonly children?: ComponentChildren;
}

/** Nothing is here yet, and what to do about it. */
export const Empty = ({ title, page, children }: EmptyProps) => (
  <div class="empty" data-testid="empty">
    {page ? <h1 class="empty-title">{title}</h1> : <p class="empty-title">{title}</p>}
    {children}
  </div>
);

const headings: Readonly<Record<string, string>> = {
  "404": "There is nothing here",
  "0": "The server did not answer",
};

const TOO_MANY = 429;

/** Whether asking the same again may be answered otherwise: the server was not there, failed, or was asked too often. */
const mayPass = ({ status }: Problem): boolean => status === 0 || status === TOO_MANY || status >= 500;

interface FailedProps {
  readonly problem: Problem;
  readonly again: () => void;
  /** Whether it stands for a whole page, and is its heading. */
  readonly page?: boolean | undefined;
}

/** Something could not be shown: why, and a way on. */
export const Failed = ({ problem, again, page }: FailedProps) => {
  const title = headings[String(problem.status)] ?? "This could not be shown";
  return (
    <div class="empty" role="alert" data-testid="failed" data-code={problem.code}>
      {page ? <h1 class="empty-title">{title}</h1> : <p class="empty-title">{title}</p>}
      <p class="quiet">{problem.because}</p>
      {mayPass(problem) && (
        <Button onPress={again} testid="try-again">
          Try again
        </Button>
      )}
      {page && !mayPass(problem) && <a href="/">Go to the start</a>}
    </div>
  );
};

interface ShownProps<Value> {
  readonly of: Loading<Value>;
  readonly lines?: number;
  /** Whether it is the whole page, with no heading of its own until it is here. */
  readonly page?: boolean;
  readonly children: (value: Value) => ComponentChildren;
}

/** Whatever was asked for, in each of its states. */
export const Shown = <Value,>({ of, lines, page, children }: ShownProps<Value>) => {
  const load = of.now.value;
  if (load.state === "waiting") return <Skeleton {...(lines !== undefined && { lines })} />;
  if (load.state === "refused") return <Failed problem={load.problem} again={of.again} page={page} />;
  return <>{children(load.value)}</>;
};
