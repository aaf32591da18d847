import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Paired } from "../app/connection.ts";
import { connection } from "../app/pocket.ts";
import { isPaired, mayComeRight, type Reached } from "../app/reach.ts";
import { tell } from "../app/words.ts";

/** How to come by one piece of evidence: from the vault, from the server, and back into the vault. */
export interface Source<Value> {
  readonly seen: () => Promise<Value | undefined>;
  readonly ask: (connection: Paired) => Promise<Reached<Value>>;
  readonly keep: (value: Value) => Promise<void>;
}

/** A piece of evidence as far as it is known, and what kept it from being fresh. */
export interface Evidence<Value> {
  readonly value: Value | undefined;
  readonly trouble: string;
}

/**
 * Show what the vault has at once, then what the server says; ask again whenever `version` changes, since that says the
 * world has moved on.
 */
export const useEvidence = <Value>(source: Source<Value>, version: unknown): Evidence<Value> => {
  const value = useSignal<Value | undefined>(undefined);
  const trouble = useSignal("");

  // A source is made anew at every render but stays the same; only its version says that there is news.
  useEffect(() => {
    let gone = false;
    const run = async (): Promise<void> => {
      const seen = await source.seen();
      if (gone) return;
      value.value ??= seen;
      if (!isPaired(connection.value)) return;
      const answer = await source.ask(connection.value);
      if (gone) return;
      if (answer.ok) {
        value.value = answer.value;
        trouble.value = "";
        await source.keep(answer.value);
      } else trouble.value = mayComeRight(answer.status) ? tell("offlineSays") : answer.refusal.because;
    };
    void run();
    return () => {
      gone = true;
    };
  }, [version]);

  return { value: value.value, trouble: trouble.value };
};
