import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { Answered, Problem } from "./ask.ts";

/** Something done in several steps, any of which may be refused. `problem` is the latest refusal. */
interface Deed<Given extends readonly unknown[]> {
  readonly busy: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<Problem | null>;
  start(...given: Given): Promise<void>;
}

/** Do something in several steps, one at a time, and tell how it went. */
export const useDeed = <Given extends readonly unknown[], Value>(
  steps: (...given: Given) => Promise<Answered<Value>>,
  done: (value: Value) => void,
): Deed<Given> => {
  const busy = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const start = async (...given: Given): Promise<void> => {
    if (busy.peek()) return;
    busy.value = true;
    const answer = await steps(...given);
    busy.value = false;
    problem.value = answer.ok ? null : answer.problem;
    if (answer.ok) done(answer.value);
  };
  return { busy, problem, start };
};
