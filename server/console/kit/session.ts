import { signal } from "@preact/signals";
import type * as v from "valibot";
import { me } from "../../../shared/wire/influencer.ts";
import type { Contract } from "../../../shared/wire/shown.ts";
import { ask, type Problem, signedOut } from "./ask.ts";
import { forget } from "./load.ts";

/** Who is signed in. */
export type Me = v.InferOutput<typeof me.reply>;
type AContract = v.InferOutput<typeof Contract>;

/** The session as far as it is known: being asked for, somebody, nobody, or the server could not say. */
type Session =
  | { readonly state: "waiting" }
  | { readonly state: "nobody" }
  | { readonly state: "unknown"; readonly problem: Problem }
  | { readonly state: "somebody"; readonly me: Me };

/** Who is signed in, for the whole app. */
export const session = signal<Session>({ state: "waiting" });

/** Ask who is signed in: at the start, and after signing in. */
export const whoAmI = async (): Promise<void> => {
  signedOut.value = false;
  const answer = await ask(me);
  const before = known();
  // Somebody else has signed in over the one before: nothing of theirs is kept.
  if (answer.ok && before && JSON.stringify(before) !== JSON.stringify(answer.value)) forget();
  if (answer.ok) session.value = { state: "somebody", me: answer.value };
  else if (answer.problem.status === 401) session.value = { state: "nobody" };
  else session.value = { state: "unknown", problem: answer.problem };
};

/** Nobody is signed in any more; nothing that was shown is kept. */
export const forgetMe = (): void => {
  forget();
  session.value = { state: "nobody" };
};

/** The person signed in, or nobody. */
export const known = (): Me | null => (session.value.state === "somebody" ? session.value.me : null);

/** Does this person own a brand? */
export const ownsABrand = (it: Me | null): boolean => it?.memberships.some(({ role }) => role === "owner") ?? false;

/** Does this person promote for one? */
export const promotes = (it: Me | null): boolean => it?.memberships.some(({ role }) => role === "influencer") ?? false;

/** On which sides of a contract this person stands: most on one, a brand that promotes itself on both. */
export const sidesOf = (
  { brand, influencer }: Pick<AContract, "brand" | "influencer">,
  it: Me | null,
): { readonly brand: boolean; readonly influencer: boolean } => ({
  brand: it?.memberships.some((one) => one.role === "owner" && one.brand === brand) ?? false,
  influencer: it?.memberships.some((one) => one.role === "influencer" && one.influencer === influencer) ?? false,
});
