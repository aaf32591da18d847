import { signal } from "@preact/signals";
import * as v from "valibot";
import type { Endpoint } from "../../../shared/wire/endpoint.ts";
import { type Fetch, type Knock, knock } from "../../../shared/wire/knock.ts";

type Schema = v.GenericSchema;

/** What is wrong with one field of what was sent: a JSON pointer into the body, and a sentence. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** Why a door said no. `status` is 0 when it never answered. */
export interface Problem {
  readonly code: string;
  readonly because: string;
  readonly status: number;
  readonly fields: readonly FieldProblem[];
}

/** What came of asking. */
export type Answered<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** Whether the server has said that nobody is signed in (any more). */
export const signedOut = signal(false);

const Fields = v.object({ errors: v.array(v.object({ pointer: v.string(), detail: v.string() })) });

const fieldsIn = (told: unknown): readonly FieldProblem[] => {
  const parsed = v.safeParse(Fields, told);
  return parsed.success ? parsed.output.errors : [];
};

/** A fetch that remembers what a refusal said beyond its sentence: the status and the fields at fault. */
const attentive = () => {
  const heard: { status: number; fields: readonly FieldProblem[] } = { status: 0, fields: [] };
  const listen: Fetch = async (url, init) => {
    const answer = await fetch(url, { ...init, credentials: "same-origin" });
    heard.status = answer.status;
    if (!answer.ok)
      heard.fields = fieldsIn(
        await answer
          .clone()
          .json()
          .catch(() => undefined),
      );
    return answer;
  };
  return { heard, listen };
};

/** Knock on a door of our own server, with the session's cookie. A 401 at a door that needs a session signs the app out. */
export const ask = async <const Path extends string, Query extends Schema, Body extends Schema, Reply extends Schema>(
  door: Endpoint<Path, Query, Body, Reply>,
  given: Knock<Path, Query, Body> = {},
): Promise<Answered<v.InferOutput<Reply>>> => {
  const { heard, listen } = attentive();
  const answer = await knock(listen, "", door, given);
  if (answer.ok) return answer;
  if (heard.status === 401 && !door.audience.includes("anyone")) signedOut.value = true;
  return { ok: false, problem: { ...answer.refusal, ...heard } };
};
