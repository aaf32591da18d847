import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { VerifySeal } from "../../shared/contract/recheck.ts";
import type { Sealer } from "../../shared/contract/record.ts";
import { secretIn } from "../people/secret.ts";

const FILE = "seal.secret";

// What stands before the 32 bytes of an Ed25519 key in its usual wrappings. Source: RFC 8410 §4 and §7.
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/**
 * The key that seals signatures, made at the first start and kept in `folder` for this user alone. Losing it takes nothing
 * from what it sealed: each seal names its public key. But this server will no longer know that key as its own.
 */
export const sealerIn = (folder: string): Sealer => {
  const seed = Buffer.from(secretIn(folder, FILE), "base64url");
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
  const wrapped = createPublicKey(key).export({ format: "der", type: "spki" });
  const publicKey = wrapped.subarray(PUBLIC_PREFIX.length).toString("hex");
  return {
    publicKey,
    seal: (text) => ({ key: publicKey, signature: sign(null, Buffer.from(text), key).toString("hex") }),
  };
};

/** Does a seal hold? What is no key at all has sealed nothing. */
export const verifySeal: VerifySeal = async (key, text, signature) => {
  try {
    const wrapped = Buffer.concat([PUBLIC_PREFIX, Buffer.from(key, "hex")]);
    const publicKey = createPublicKey({ key: wrapped, format: "der", type: "spki" });
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
};

/** A public key as a JSON Web Key (RFC 8037), named by its thumbprint (RFC 7638). */
export const jwkOf = (publicKey: string) => {
  const x = Buffer.from(publicKey, "hex").toString("base64url");
  const thumbed = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
  return { kty: "OKP" as const, crv: "Ed25519" as const, use: "sig" as const, kid: thumbed, x, hex: publicKey };
};
