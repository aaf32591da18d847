/** A rule said no. Expected, explained in a sentence a user can act on, and never thrown. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly because: string;
}

/** What a rule answers: a value, or a refusal. */
export type Result<Value, No = Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: No };

/** The answer "yes, and here it is". */
export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

/** The answer "no, because": a plain code and one sentence. */
export const refuse = <Code extends string>(
  code: Code,
  because: string,
): { readonly ok: false; readonly refusal: Refusal<Code> } => ({ ok: false, refusal: { code, because } });

/** A thing with a life: what may be asked of it, and what it becomes. */
export interface Decider<State, Command, Fact, No extends Refusal = Refusal> {
  readonly initial: State;
  decide(state: State, command: Command): Result<readonly Fact[], No>;
  evolve(state: State, fact: Fact): State;
}

/** The impossible happened: the code is wrong, not the input. Throws with `what` when `holds` is false. */
export function must(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(`Impossible: ${what}`);
}

/** The value at hand, or an error that names what was missing. For look-ups that cannot fail. */
export const present = <Value>(value: Value | undefined | null, what: string): Value => {
  must(value !== undefined && value !== null, `${what} is missing`);
  return value;
};
