import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { statementOf } from "../../shared/wire/influencer.ts";
import { keepStatement, statementSeen } from "../app/cache.ts";
import type { Paired } from "../app/connection.ts";
import { connection, weather } from "../app/pocket.ts";
import { isPaired, mayComeRight, type Reached, reachAs } from "../app/reach.ts";
import type { ExplainedStatement } from "../app/shelves.ts";
import { tell } from "../app/words.ts";

/** How to come by one piece of evidence: from the vault, from the server, and back into the vault. */
export interface Source<Value> {
  readonly seen: () => Promise<Value | undefined>;
  readonly ask: (connection: Paired) => Promise<Reached<Value>>;
  readonly keep: (value: Value) => Promise<void>;
}

/** A contract's statement, with the terms and shares it is computed from. */
export const statementSource = (contract: string): Source<ExplainedStatement> => ({
  seen: () => statementSeen(contract),
  ask: (connection) => reachAs(connection, statementOf, { params: { contract } }),
  keep: keepStatement,
});

/** A piece of evidence as far as it is known, and what kept it from being fresh. `fresh`: the server said it of this very version. */
export interface Evidence<Value> {
  readonly value: Value | undefined;
  readonly trouble: string;
  readonly fresh: boolean;
}

/**
 * Show what the vault has at once, then what the server says; ask again whenever `version` says something else, since
 * then the world has moved on, and when the server is back.
 */
export const useEvidence = <Value>(source: Source<Value>, version: unknown): Evidence<Value> => {
  const value = useSignal<Value | undefined>(undefined);
  const trouble = useSignal("");
  const saidOf = useSignal<string | undefined>(undefined);
  // Whatever is read anew from the vault is another object, which by itself is no news.
  const text = JSON.stringify(version) ?? "";
  const away = weather.value.state === "offline";

  // A source is made anew at every render but stays the same; only its version says that there is news.
  useEffect(() => {
    let gone = false;
    const run = async (): Promise<void> => {
      const seen = await source.seen().catch(() => undefined);
      if (gone) return;
      value.value ??= seen;
      if (!isPaired(connection.value)) return;
      const answer = await source.ask(connection.value);
      if (gone) return;
      if (answer.ok) {
        value.value = answer.value;
        saidOf.value = text;
        trouble.value = "";
        // It is shown whether or not there is room to keep it.
        await source.keep(answer.value).catch(() => undefined);
      } else trouble.value = mayComeRight(answer.status) ? tell("offlineSays") : answer.refusal.because;
    };
    void run();
    return () => {
      gone = true;
    };
  }, [text, away]);

  return { value: value.value, trouble: trouble.value, fresh: saidOf.value === text };
};
