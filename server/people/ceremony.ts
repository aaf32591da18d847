import {
  type AuthenticatorTransportFuture,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type * as v from "valibot";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import type * as wire from "../../shared/wire/passkeys.ts";
import { CHALLENGE_MS, isOurs, newChallenge, type Occasion, useUpChallenge } from "./challenge.ts";
import { addressOf } from "./names.ts";
import { type NoParty, partyOf } from "./party.ts";
import { MOST_PASSKEYS, type Passkey, passkeysOf, shown } from "./passkeys.ts";
import type { Context, PasskeyRow } from "./tables.ts";

/** What an authenticator answers when asked for a passkey. */
export type Assertion = v.InferOutput<typeof wire.Assertion>;
/** What an authenticator answers when it made a passkey. */
export type Registration = v.InferOutput<typeof wire.Registration>;
/** What a browser asks an authenticator for a passkey with. */
export type RequestOptions = v.InferOutput<typeof wire.RequestOptions>;
/** What a browser has an authenticator make a passkey with. */
export type CreationOptions = v.InferOutput<typeof wire.CreationOptions>;

/** Why an authenticator's answer is not taken. It does not say which part of it was wrong. */
export type NoPasskey = NoParty | Refusal<"passkey-not-good" | "too-many-passkeys">;

const notGood = refuse(
  "passkey-not-good",
  "This passkey was not accepted: it is not one of yours here, or its answer came too late or a second time. Try again.",
);

/** ES256, RS256 and EdDSA: what authenticators of today make. Source: IANA COSE Algorithms. */
const ALGORITHMS = [-7, -257, -8];

const known: readonly AuthenticatorTransportFuture[] = [
  "ble",
  "cable",
  "hybrid",
  "internal",
  "nfc",
  "smart-card",
  "usb",
];

const descriptor = ({ credentialId, transports }: PasskeyRow) => {
  const ways = transports.split(",");
  return { id: credentialId, type: "public-key" as const, transports: known.filter((it) => ways.includes(it)) };
};

/** What to ask an authenticator with: for one of these passkeys, or for any that it keeps for us. */
export const requestOptions = (
  context: Context,
  occasion: Occasion,
  rows: readonly PasskeyRow[],
): Result<RequestOptions, NoParty> => {
  const party = partyOf(context.baseURL);
  if (!party.ok) return party;
  return ok({
    challenge: newChallenge(context, occasion),
    rpId: party.value.rpId,
    timeout: CHALLENGE_MS,
    userVerification: "required",
    allowCredentials: rows.map(descriptor),
  });
};

const tooMany = refuse(
  "too-many-passkeys",
  `A person can have ${MOST_PASSKEYS} passkeys at most. Remove one that you no longer use.`,
);

/** What to have an authenticator make a passkey with. The person is told to it by name and id, never by a placeholder. */
export const creationOptions = async (
  context: Context,
  userId: string,
): Promise<Result<CreationOptions, NoPasskey>> => {
  const party = partyOf(context.baseURL);
  if (!party.ok) return party;
  const user = await context.internalAdapter.findUserById(userId);
  if (!user) return notGood;
  const rows = await passkeysOf(context, userId);
  if (rows.length >= MOST_PASSKEYS) return tooMany;
  const displayName = user.name || "Makegood";
  return ok({
    rp: { id: party.value.rpId, name: "Makegood" },
    user: { id: Buffer.from(userId).toString("base64url"), name: addressOf(user) || displayName, displayName },
    challenge: newChallenge(context, ["add", userId]),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    timeout: CHALLENGE_MS,
    attestation: "none",
    excludeCredentials: rows.filter(({ rpId }) => rpId === party.value.rpId).map(descriptor),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  });
};

/** Bytes from outside make the verifier throw in many ways; they all mean that the answer is not good. */
const verified = async <Answer extends { readonly verified: boolean }>(
  verify: () => Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    const answer = await verify();
    return answer.verified ? answer : undefined;
  } catch {
    return undefined;
  }
};

const challengeIn = (clientDataJSON: string): string =>
  String(JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()).challenge);

/** Keeps the passkey an authenticator made, when it answers a challenge of ours and has checked who holds it. */
export const keepPasskey = async (
  context: Context,
  userId: string,
  name: string,
  answer: Registration,
): Promise<Result<Passkey, NoPasskey>> => {
  const party = partyOf(context.baseURL);
  if (!party.ok) return party;
  const { transports = [], ...response } = answer.response;
  const made = await verified(() =>
    verifyRegistrationResponse({
      response: { ...answer, response, clientExtensionResults: {} },
      expectedChallenge: (challenge) => isOurs(context, challenge, ["add", userId]),
      expectedOrigin: party.value.origin,
      expectedRPID: party.value.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!made?.registrationInfo || !(await useUpChallenge(context, challengeIn(response.clientDataJSON)))) return notGood;
  if ((await passkeysOf(context, userId)).length >= MOST_PASSKEYS) return tooMany;
  const { id: credentialId, publicKey, counter } = made.registrationInfo.credential;
  const taken = [{ field: "credentialId", value: credentialId }];
  if (await context.adapter.findOne<PasskeyRow>({ model: "passkey", where: taken })) return notGood;
  const row = await context.adapter.create<Omit<PasskeyRow, "id">, PasskeyRow>({
    model: "passkey",
    data: {
      userId,
      name,
      credentialId,
      publicKey: Buffer.from(publicKey).toString("base64url"),
      counter,
      transports: known.filter((it) => transports.includes(it)).join(","),
      rpId: party.value.rpId,
      createdAt: new Date(),
    },
  });
  return ok(shown(context, row));
};

const rowOf = ({ adapter }: Context, credentialId: string): Promise<PasskeyRow | null> =>
  adapter.findOne<PasskeyRow>({ model: "passkey", where: [{ field: "credentialId", value: credentialId }] });

/** Whose passkey answered, when it answers a fresh challenge of ours for this occasion and has checked who holds it. */
export const ownerOf = async (
  context: Context,
  occasion: Occasion,
  answer: Assertion,
): Promise<Result<string, NoPasskey>> => {
  const party = partyOf(context.baseURL);
  if (!party.ok) return party;
  const row = await rowOf(context, answer.id);
  const { userHandle, ...response } = answer.response;
  if (!row || (userHandle && Buffer.from(userHandle, "base64url").toString() !== row.userId)) return notGood;
  // Somebody else's passkey is refused before it is asked anything.
  if (occasion[0] === "prove" && occasion[1] !== row.userId) return notGood;
  const said = await verified(() =>
    verifyAuthenticationResponse({
      response: { ...answer, response, clientExtensionResults: {} },
      expectedChallenge: (challenge) => isOurs(context, challenge, occasion),
      expectedOrigin: party.value.origin,
      expectedRPID: party.value.rpId,
      credential: { id: row.credentialId, publicKey: Buffer.from(row.publicKey, "base64url"), counter: row.counter },
      requireUserVerification: true,
    }),
  );
  if (!said || !(await useUpChallenge(context, challengeIn(response.clientDataJSON)))) return notGood;
  await context.adapter.update({
    model: "passkey",
    where: [{ field: "id", value: row.id }],
    update: { counter: said.authenticationInfo.newCounter, lastUsedAt: new Date() },
  });
  return ok(row.userId);
};
