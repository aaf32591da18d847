import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { type Bundle, bundleOf, type SignedFact } from "../../shared/contract/bundle.ts";
import type { VerifySeal } from "../../shared/contract/recheck.ts";
import { type Digest, type Sealer, sealRecord, signRecord } from "../../shared/contract/record.ts";
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import { wordingVersion } from "../../shared/contract/wording.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { fine } from "../house.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export const digest: Digest = async (text) => sha256(text);

const PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** A seal checked by this machine's own Ed25519, written apart from the product's. */
export const verifySeal: VerifySeal = async (key, text, signature) => {
  try {
    const der = Buffer.concat([PREFIX, Buffer.from(key, "hex")]);
    const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
};

/** Somebody with a sealing key of their own, made on the spot. */
export const anySealer = (): Sealer => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(PREFIX.length).toString("hex");
  return {
    publicKey: key,
    seal: (text) => ({ key, signature: sign(null, Buffer.from(text), privateKey).toString("hex") }),
  };
};

export const BRAND = "brd_sealed";
export const NOON = Date.UTC(2026, 10, 10, 12);
export const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

interface How {
  readonly sealer: Sealer;
  readonly terms: Terms;
  readonly names?: readonly [brand: string, influencer: string];
  readonly at?: readonly [brand: number, influencer: number];
}

/** The facts of a contract that both signed, one after the other, as they would lie in the brand's chain. */
export const signedFacts = async (how: How): Promise<readonly SignedFact[]> => {
  const { sealer, terms, names = ["Olive Owner", "Ana Lima"], at = [NOON, NOON + 5_400_000] } = how;
  const facts: SignedFact[] = [];
  let after = sha256("whatever came before");
  for (const [index, party] of (["brand", "influencer"] as const).entries()) {
    const [contract, version, seq] = ["con_sealed", 1, 41 + index];
    const by = party === "brand" ? "brand" : "influencer:inf_ana";
    const partyName = party === "brand" ? "Pixel Camp" : (names[1] ?? "");
    const signer = { name: names[index] ?? "", partyName, salt: sha256(`salt of the ${party}`) };
    const signedAt = at[index] ?? NOON;
    const method = party === "brand" ? "passkey" : "session";
    const place = { brand: BRAND, seq, after };
    const whence = { address: "203.0.113.0/24", agent: CHROME };
    const signing = {
      contract,
      version,
      terms,
      wordingVersion,
      party,
      signer,
      method,
      signedAt,
      place,
      ...whence,
    } as const;
    const evidence = sealRecord(await signRecord(signing, digest), terms, sealer);
    const fact = { type: "contract-signed", contract, version, by: party, termsHash: sha256(signedText(terms)) };
    const body = canonical({ ...fact, ...evidence } as unknown as Json);
    const hash = sha256(after + canonical([BRAND, seq, signedAt, by, body]));
    facts.push({ brand: BRAND, seq, at: signedAt, by, body, hash, after, signer });
    after = hash;
  }
  return facts;
};

/** A contract that both signed, with all that proves it. */
export const signedBundle = async (how: How): Promise<Bundle> => fine(bundleOf(how.terms, await signedFacts(how)));
