import { hash, randomBytes } from "node:crypto";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import { type Assertion, type NoPasskey, ownerOf, type RequestOptions, requestOptions } from "./ceremony.ts";
import type { NoParty } from "./party.ts";
import { usablePasskeys } from "./passkeys.ts";
import { EXTENSION } from "./routes.ts";
import type { Context, SessionRow } from "./tables.ts";
import type { Person } from "./who.ts";

const MINUTE_MS = 60_000;
const PROOF_MS = 5 * MINUTE_MS;
const REMEMBERED_MS = 60 * MINUTE_MS;
const RECENT_HOURS = 12;

/** How somebody proved to be who is signed in. */
export type Method = "passkey" | "session";

/** A proof as it is handed out, once; only a digest of it is kept. */
export interface Proof {
  readonly proof: string;
  readonly method: Method;
  readonly expiresAt: number;
}

/** What is needed for a proof: a passkey's answer, or nothing more than the session. */
export type Needed = { readonly method: "passkey"; readonly options: RequestOptions } | { readonly method: "session" };

/** Why there is no proof to be had. */
export type NoProof = NoPasskey | Refusal<"not-allowed" | "sign-in-again" | "passkey-needed">;

/** Why a proof that was shown proves nothing. */
export type BadProof = Refusal<"proof-needed" | "proof-expired">;

/** Who wants to prove something, and in which session. */
export type Prover = Pick<Person, "userId" | "session">;

interface Kept {
  readonly user: string;
  readonly purpose: string;
  readonly method: Method;
  readonly expiresAt: number;
}

const notHere = refuse("not-allowed", "Do this in the web app, signed in there: an extension or a server cannot.");
const signInAgain = refuse(
  "sign-in-again",
  `You signed in more than ${RECENT_HOURS} hours ago. Sign out, sign in with a new one-time link, and do this again.`,
);
const passkeyNeeded = refuse("passkey-needed", "You have a passkey, so only a passkey can confirm that it is you.");
const needed = refuse("proof-needed", "Confirm first that it is you, then do exactly what you confirmed.");
const expired = refuse("proof-expired", "You confirmed more than five minutes ago. Confirm again that it is you.");

const sessionOf = ({ adapter }: Context, { userId, session }: Prover): Promise<SessionRow | null> =>
  adapter.findOne<SessionRow>({
    model: "session",
    where: [
      { field: "id", value: session },
      { field: "userId", value: userId },
    ],
  });

/** The passkeys one of which must answer; none when the session is proof enough. */
const wanted = async (context: Context, who: Prover): Promise<Result<Awaited<Passkeys>, NoProof>> => {
  const session = await sessionOf(context, who);
  if (!session || session.client === EXTENSION) return notHere;
  const rows = await usablePasskeys(context, who.userId);
  if (rows.length > 0 || Date.now() - session.createdAt.getTime() < RECENT_HOURS * 60 * MINUTE_MS) return ok(rows);
  return signInAgain;
};

type Passkeys = ReturnType<typeof usablePasskeys>;

/** Says what a proof for this purpose needs: a passkey's answer where the person has one, else to have signed in lately. */
export const startProof = async (
  context: Context,
  who: Prover,
  purpose: string,
): Promise<Result<Needed, NoProof | NoParty>> => {
  const rows = await wanted(context, who);
  if (!rows.ok) return rows;
  if (rows.value.length === 0) return ok({ method: "session" });
  const options = requestOptions(context, ["prove", who.userId, purpose], rows.value);
  return options.ok ? ok({ method: "passkey", options: options.value }) : options;
};

const nameOf = (proof: string): string => `proof:${hash("sha256", proof, "base64url")}`;

const give = async (context: Context, user: string, purpose: string, method: Method): Promise<Proof> => {
  const proof = randomBytes(32).toString("base64url");
  const expiresAt = Date.now() + PROOF_MS;
  const kept: Kept = { user, purpose, method, expiresAt };
  await context.internalAdapter.createVerificationValue({
    identifier: nameOf(proof),
    value: JSON.stringify(kept),
    // It is remembered for longer than it is good, to be able to say that it has expired.
    expiresAt: new Date(Date.now() + REMEMBERED_MS),
  });
  return { proof, method, expiresAt };
};

/** Gives a proof for this purpose, on a passkey's answer where the person has a passkey. */
export const finishProof = async (
  context: Context,
  who: Prover,
  purpose: string,
  assertion: Assertion | undefined,
): Promise<Result<Proof, NoProof>> => {
  const rows = await wanted(context, who);
  if (!rows.ok) return rows;
  if (rows.value.length === 0) return ok(await give(context, who.userId, purpose, "session"));
  if (!assertion) return passkeyNeeded;
  const owner = await ownerOf(context, ["prove", who.userId, purpose], assertion);
  return owner.ok ? ok(await give(context, who.userId, purpose, "passkey")) : owner;
};

/** Is this what the proof was used for first, be it now? However close together two uses come, one of them is first. */
const isFirstUse = async ({ internalAdapter }: Context, proof: string, what: string): Promise<boolean> => {
  const [identifier, value] = [`${nameOf(proof)}:used`, hash("sha256", what, "base64url")];
  const expiresAt = new Date(Date.now() + REMEMBERED_MS);
  if (await internalAdapter.reserveVerificationValue({ identifier, value, expiresAt })) return true;
  return (await internalAdapter.findVerificationValue(identifier))?.value === value;
};

/**
 * Uses a proof: good when it was given to this person for exactly this purpose at most five minutes ago. Using it again for
 * the same purpose within those five minutes answers the same, so that a request that is sent again after its answer was
 * lost goes through. What its purpose does not say may be told as `what`: then it serves for what it served first, and
 * nothing else.
 */
export const useProof = async (
  context: Context,
  userId: string,
  proof: string,
  purpose: string,
  what?: string,
): Promise<Result<{ readonly method: Method }, BadProof>> => {
  const found = await context.internalAdapter.findVerificationValue(nameOf(proof));
  if (!found) return needed;
  const kept: Kept = JSON.parse(found.value);
  if (kept.user !== userId || kept.purpose !== purpose) return needed;
  if (kept.expiresAt <= Date.now()) return expired;
  return what === undefined || (await isFirstUse(context, proof, what)) ? ok({ method: kept.method }) : needed;
};
