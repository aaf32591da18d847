import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "./tables.ts";

const NONCE_BYTES = 24;
const EXPIRY_BYTES = 6;

/** How long an authenticator may take to answer. */
export const CHALLENGE_MS = 5 * 60_000;

/** What an answer is asked for, and of whom. An answer to one is no answer to another. */
export type Occasion =
  | readonly ["enter"]
  | readonly ["add", user: string]
  | readonly ["prove", user: string, purpose: string];

const seal = (secret: string, head: Buffer, occasion: Occasion): Buffer =>
  createHmac("sha256", secret)
    .update(JSON.stringify(["passkey challenge", head.toString("base64url"), ...occasion]))
    .digest();

/**
 * A fresh challenge. It carries its own end and is sealed together with its occasion, so that nothing is written down for
 * askers who never answer, and anybody may ask.
 */
export const newChallenge = ({ secret }: Context, occasion: Occasion): string => {
  const head = Buffer.alloc(NONCE_BYTES + EXPIRY_BYTES);
  randomBytes(NONCE_BYTES).copy(head);
  head.writeUIntBE(Date.now() + CHALLENGE_MS, NONCE_BYTES, EXPIRY_BYTES);
  return Buffer.concat([head, seal(secret, head, occasion)]).toString("base64url");
};

const expiryOf = (head: Buffer): number => head.readUIntBE(NONCE_BYTES, EXPIRY_BYTES);

/** Whether we made this challenge, for this occasion, and it has not ended. */
export const isOurs = ({ secret }: Context, challenge: string, occasion: Occasion): boolean => {
  const bytes = Buffer.from(challenge, "base64url");
  const [head, mac] = [bytes.subarray(0, NONCE_BYTES + EXPIRY_BYTES), bytes.subarray(NONCE_BYTES + EXPIRY_BYTES)];
  const own = head.length === NONCE_BYTES + EXPIRY_BYTES ? seal(secret, head, occasion) : undefined;
  return own?.length === mac.length && timingSafeEqual(own, mac) && expiryOf(head) > Date.now();
};

/** Uses a challenge of ours up; false when somebody has before, however close together the two come. */
export const useUpChallenge = ({ internalAdapter }: Context, challenge: string): Promise<boolean> =>
  internalAdapter.reserveVerificationValue({
    identifier: `passkey-challenge:${hash("sha256", challenge, "base64url")}`,
    value: "used",
    expiresAt: new Date(expiryOf(Buffer.from(challenge, "base64url")) + CHALLENGE_MS),
  });
