import * as v from "valibot";
import { nameOf } from "../kit/name.ts";
import { endpoint } from "./endpoint.ts";

const none = v.undefined();
const bytes = (most: number) =>
  v.pipe(v.string(), v.maxLength(most), v.regex(/^[\w-]*$/, "must be bytes in base64url, without padding"));
const credentialId = v.pipe(bytes(1400), v.minLength(1));
const publicKey = v.literal("public-key");
const label = nameOf(60);
const Transport = v.picklist(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]);
const Credential = v.object({ id: v.string(), type: publicKey, transports: v.array(Transport) });

/**
 * What a proof is good for, as words joined by colons: `payout-details`, `sign:{contract}:{termsHash}`. Whatever must not
 * be swapped after the person confirmed it belongs in here.
 */
export const Purpose = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^[a-z][a-z-]*(:[\w.-]+)*$/, "must be words joined by colons, such as sign:con_1:0f3a"),
);

/** A proof that the person at the keyboard is who is signed in, as `finishProof` gave it. Other doors take it in their bodies. */
export const Proof = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

/** How a proof came about: by a passkey, or by having signed in within the last 12 hours. */
export const ProofMethod = v.picklist(["passkey", "session"]);

/** What an authenticator answers when asked for one of its passkeys. Source: Web Authentication Level 3, §5.1, AuthenticationResponseJSON. */
export const Assertion = v.object({
  id: credentialId,
  rawId: credentialId,
  type: publicKey,
  response: v.object({
    clientDataJSON: bytes(8000),
    authenticatorData: bytes(8000),
    signature: bytes(4000),
    userHandle: v.optional(bytes(200)),
  }),
});

/** What an authenticator answers when it made a passkey. Source: Web Authentication Level 3, §5.1, RegistrationResponseJSON. */
export const Registration = v.object({
  id: credentialId,
  rawId: credentialId,
  type: publicKey,
  response: v.object({
    clientDataJSON: bytes(8000),
    attestationObject: bytes(32_000),
    transports: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.maxLength(16))),
  }),
});

/** What a browser is given to ask an authenticator for a passkey. Source: Web Authentication Level 3, §5.5. */
export const RequestOptions = v.object({
  challenge: v.string(),
  rpId: v.string(),
  timeout: v.number(),
  userVerification: v.literal("required"),
  allowCredentials: v.array(Credential),
});

/** What a browser is given to have an authenticator make a passkey. Source: Web Authentication Level 3, §5.4. */
export const CreationOptions = v.object({
  rp: v.object({ id: v.string(), name: v.string() }),
  user: v.object({ id: v.string(), name: v.string(), displayName: v.string() }),
  challenge: v.string(),
  pubKeyCredParams: v.array(v.object({ type: publicKey, alg: v.number() })),
  timeout: v.number(),
  attestation: v.literal("none"),
  excludeCredentials: v.array(Credential),
  authenticatorSelection: v.object({
    residentKey: v.literal("required"),
    requireResidentKey: v.literal(true),
    userVerification: v.literal("required"),
  }),
});

/** A passkey as its owner sees it. `host`: the name it works under; `usable`: this server is reached by that name now. */
export const Passkey = v.object({
  id: v.string(),
  name: v.string(),
  host: v.string(),
  usable: v.boolean(),
  createdAt: v.number(),
  lastUsedAt: v.optional(v.number()),
});

/** One's own passkeys. `unavailable` says why none can be added or used here, and what to do about it. */
export const passkeys = endpoint({
  method: "GET",
  path: "/v1/passkeys",
  audience: ["brand", "influencer"],
  says: "List one's own passkeys. Only in the web app.",
  query: none,
  body: none,
  reply: v.object({ passkeys: v.array(Passkey), unavailable: v.optional(v.string()) }),
});

/** Begin to add a passkey; takes a proof for the purpose `add-passkey`, so that a borrowed session adds none. */
export const startPasskey = endpoint({
  method: "POST",
  path: "/v1/passkeys/start",
  audience: ["brand", "influencer"],
  says: "What a browser needs to make a passkey. Takes a proof for the purpose add-passkey.",
  query: none,
  body: v.strictObject({ proof: Proof }),
  reply: CreationOptions,
});

/** Keep the passkey an authenticator made. */
export const addPasskey = endpoint({
  method: "POST",
  path: "/v1/passkeys",
  audience: ["brand", "influencer"],
  says: "Keep the passkey that an authenticator made.",
  query: none,
  body: v.strictObject({ name: label, registration: Registration }),
  reply: Passkey,
});

/** Call a passkey something else. */
export const renamePasskey = endpoint({
  method: "POST",
  path: "/v1/passkeys/:passkey/name",
  audience: ["brand", "influencer"],
  says: "Rename one of one's own passkeys.",
  query: none,
  body: v.strictObject({ name: label }),
  reply: Passkey,
});

/** Remove a passkey; takes a proof for the purpose `remove-passkey:{passkey}`. */
export const removePasskey = endpoint({
  method: "POST",
  path: "/v1/passkeys/:passkey/remove",
  audience: ["brand", "influencer"],
  says: "Remove one of one's own passkeys. Takes a proof for the purpose remove-passkey:{passkey}.",
  query: none,
  body: v.strictObject({ proof: Proof }),
  reply: v.object({ removed: v.boolean() }),
});

/** Begin to sign in with a passkey. Nothing is kept, so anybody may ask. */
export const startEntry = endpoint({
  method: "POST",
  path: "/v1/enter/passkey/start",
  audience: ["anyone"],
  says: "What a browser needs to ask for a passkey to sign in with.",
  query: none,
  body: v.strictObject({}),
  reply: RequestOptions,
});

/** Sign in with a passkey. Sets the session cookie. */
export const enterByPasskey = endpoint({
  method: "POST",
  path: "/v1/enter/passkey",
  audience: ["anyone"],
  says: "Sign in with a passkey and start a session.",
  query: none,
  body: v.strictObject({ assertion: Assertion }),
  reply: v.object({ path: v.string() }),
});

/** Begin to prove that it is you. `passkey`: an assertion is needed; `session`: having signed in lately is enough. */
export const startProof = endpoint({
  method: "POST",
  path: "/v1/proofs/start",
  audience: ["brand", "influencer"],
  says: "What is needed to prove, for one purpose, that it is you. Only in the web app.",
  query: none,
  body: v.strictObject({ purpose: Purpose }),
  reply: v.variant("method", [
    v.object({ method: v.literal("passkey"), options: RequestOptions }),
    v.object({ method: v.literal("session") }),
  ]),
});

/** Prove that it is you, for one purpose. The proof is good until `expiresAt`, for that purpose and nobody else. */
export const finishProof = endpoint({
  method: "POST",
  path: "/v1/proofs/finish",
  audience: ["brand", "influencer"],
  says: "Prove, for one purpose, that it is you; gives the proof to send along. Only in the web app.",
  query: none,
  body: v.strictObject({ purpose: Purpose, assertion: v.optional(Assertion) }),
  reply: v.object({ proof: Proof, method: ProofMethod, expiresAt: v.number() }),
});
