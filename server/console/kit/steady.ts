import { useRef } from "preact/hooks";
import type { Answered, Problem } from "./ask.ts";
import { useLoad } from "./load.ts";

/** Something asked for again and again in other words: what was shown last stays until the next answer is here. */
export interface Steady<Value> {
  readonly shown: Value | null;
  readonly busy: boolean;
  readonly problem: Problem | null;
  again(): void;
}

/** Ask for something; under another key ask anew, and keep what was shown until that is answered. */
export const useSteady = <Value>(key: string, read: () => Promise<Answered<Value>>): Steady<Value> => {
  const load = useLoad(key, read);
  const last = useRef<Value | null>(null);
  const now = load.now.value;
  if (now.state === "here") last.current = now.value;
  return {
    shown: last.current,
    busy: now.state === "waiting",
    problem: now.state === "refused" ? now.problem : null,
    again: load.again,
  };
};
