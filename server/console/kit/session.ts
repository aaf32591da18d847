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
  // Somebody else has signed in over the one before, or acts for another brand: nothing of before is kept.
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

// Who is signed in is one for all tabs of a browser: what one tab learns of it, the others ask about.
let tabs: BroadcastChannel | null = null;

/** Ask anew who is signed in when another tab says so, so that no tab shows what is no longer this person's. */
export const followOtherTabs = (): void => {
  tabs = new BroadcastChannel("makegood session");
  tabs.addEventListener("message", () => void whoAmI());
};

/** Somebody has just signed in here, or acts for another brand of theirs from now on. */
export const arrived = async (): Promise<void> => {
  await whoAmI();
  tabs?.postMessage("arrived");
};

/** Whoever was signed in has just left. */
export const departed = (): void => {
  forgetMe();
  tabs?.postMessage("departed");
};

/** The person signed in, or nobody. */
export const known = (): Me | null => (session.value.state === "somebody" ? session.value.me : null);

/** Does this person own a brand? */
export const ownsABrand = (it: Me | null): boolean => it?.memberships.some(({ role }) => role === "owner") ?? false;

/** The brand this person acts for as an owner; of several they own it is the one chosen last. */
export const actingFor = (it: Me | null): Me["memberships"][number] | undefined =>
  it?.memberships.find(({ role }) => role === "owner");

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
