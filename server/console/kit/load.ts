import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Answered, Problem } from "./ask.ts";

/** Something asked for: not here yet, refused, or here. */
type Load<Value> =
  | { readonly state: "waiting" }
  | { readonly state: "refused"; readonly problem: Problem }
  | { readonly state: "here"; readonly value: Value };

/** Something asked for, with the means to ask again and to put in what is already known to be newer. */
export interface Loading<Value> {
  readonly now: ReadonlySignal<Load<Value>>;
  again(): void;
  /** Ask again, and keep what is shown where the server is not there to answer. */
  refresh(): void;
  put(value: Value): void;
}

// What was shown last is painted at once on coming back, then replaced by what the server says now.
const kept = new Map<string, unknown>();

/** Forget everything kept, as on signing out. */
export const forget = (): void => kept.clear();

const recalled = <Value>(key: string): Load<Value> =>
  kept.has(key) ? { state: "here", value: kept.get(key) as Value } : { state: "waiting" };

const isAway = ({ status }: Problem): boolean => status === 0 || status >= 500;

/** Ask for something when a view appears. `key` names it; another key asks anew. A late answer to an old question is ignored. */
export const useLoad = <Value>(key: string, read: () => Promise<Answered<Value>>): Loading<Value> => {
  const now = useSignal<Load<Value>>(recalled(key));
  const turn = useRef(0);
  const put = (value: Value): void => {
    turn.current += 1;
    kept.set(key, value);
    now.value = { state: "here", value };
  };
  const ask = async (isKept: boolean): Promise<void> => {
    const mine = ++turn.current;
    if (now.peek().state === "refused") now.value = { state: "waiting" };
    const answer = await read();
    if (mine !== turn.current) return;
    if (answer.ok) put(answer.value);
    else if (!isKept || now.peek().state !== "here" || !isAway(answer.problem))
      now.value = { state: "refused", problem: answer.problem };
  };
  useEffect(() => {
    now.value = recalled(key);
    void ask(false);
    return () => {
      turn.current += 1;
    };
  }, [key]);
  return { now, again: () => void ask(false), refresh: () => void ask(true), put };
};
