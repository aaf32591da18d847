import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type * as v from "valibot";
import type { Endpoint } from "../../../shared/wire/endpoint.ts";
import type { Knock } from "../../../shared/wire/knock.ts";
import { ask, type Problem } from "./ask.ts";
import { plainly } from "./plain.ts";

type Schema = v.GenericSchema;

/** A random text nobody else has: for an idempotency key, or a reversal's own id. */
export const fresh = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** One form's way through a door. `problem` is the latest refusal; the form keeps its input and shows it. */
interface Submission<Path extends string, Query extends Schema, Body extends Schema> {
  readonly busy: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<Problem | null>;
  submit(given: Knock<Path, Query, Body>): Promise<boolean>;
  clear(): void;
}

/**
 * Post a form. The same content sent again after the server was not heard carries the same idempotency key, so that
 * pressing the button twice on a bad connection does the thing once; once answered, the next attempt is a new one.
 */
export const useSubmit = <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  door: Endpoint<Path, Query, Body, Reply>,
  done: (reply: v.InferOutput<Reply>) => void,
): Submission<Path, Query, Body> => {
  const busy = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const unheard = useRef<{ readonly said: string; readonly key: string } | null>(null);
  const submit = async (given: Knock<Path, Query, Body>): Promise<boolean> => {
    if (busy.peek()) return false;
    busy.value = true;
    const said = JSON.stringify([given.params, given.body]);
    const key = unheard.current?.said === said ? unheard.current.key : fresh();
    const answer = await ask(door, { ...given, headers: { ...given.headers, "idempotency-key": key } });
    unheard.current = !answer.ok && answer.problem.status === 0 ? { said, key } : null;
    busy.value = false;
    problem.value = answer.ok ? null : answer.problem;
    if (answer.ok) done(answer.value);
    return answer.ok;
  };
  return { busy, problem, submit, clear: () => (problem.value = null) };
};

/** What a refusal says of one field, whichever of these pointers it names. */
export const saidOf = (problem: Problem | null, ...pointers: readonly string[]): string | undefined => {
  const found = problem?.fields.find(({ pointer }) =>
    pointers.some((it) => pointer === it || pointer.startsWith(`${it}/`)),
  );
  return found && plainly(found);
};
