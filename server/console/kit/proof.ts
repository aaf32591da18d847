import type * as v from "valibot";
import type { Result } from "../../../shared/kit/shape.ts";
import { finishProof, startProof } from "../../../shared/wire/passkeys.ts";
import { ask, type Problem } from "./ask.ts";
import { answerByPasskey } from "./passkey.ts";

/** A proof that it is you, to send along with what it is for. */
export type Proved = Pick<v.InferOutput<typeof finishProof.reply>, "proof" | "method">;

const no = (refusal: Problem) => ({ ok: false, refusal }) as const;

/**
 * Prove that it is you, for one purpose, before signing or changing where money goes: by a passkey where the person has
 * one, else by having signed in lately. The refusal is a problem as forms show it.
 */
export const prove = async (purpose: string): Promise<Result<Proved, Problem>> => {
  const needed = await ask(startProof, { body: { purpose } });
  if (!needed.ok) return no(needed.problem);
  const answer = needed.value.method === "passkey" ? await answerByPasskey(needed.value.options) : undefined;
  if (answer && !answer.ok) return no(answer.problem);
  const proved = await ask(finishProof, { body: { purpose, ...(answer && { assertion: answer.value }) } });
  return proved.ok ? proved : no(proved.problem);
};
