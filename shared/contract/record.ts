import * as v from "valibot";
import { at, hash, id, party, version } from "../fact.kit.ts";
import { canonical, type Json } from "../kit/canonical.ts";
import { present } from "../kit/shape.ts";
import { consents, consentVersion } from "./consent.ts";
import { signedText, type Terms } from "./terms.ts";
import { wordingOf } from "./wording.ts";

const short = (most: number) => v.pipe(v.string(), v.maxLength(most));
const paragraphs = v.pipe(v.array(short(20_000)), v.maxLength(500));
const MOST_AGENT = 200;

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal: the platform's own, handed in. */
export type Digest = (text: string) => Promise<string>;

/** An Ed25519 seal (RFC 8032): the public key and the signature it made, in hexadecimal, so that each can be written one way only. */
export const SealSchema = v.strictObject({
  key: hash,
  signature: v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/)),
});
/** A seal over some text. */
export type Seal = v.InferOutput<typeof SealSchema>;

/** Who can seal: the key that is made public, and the hand that seals with the one that is not. The same text always gets the same seal. */
export interface Sealer {
  /** Raw Ed25519 public key, 64 hexadecimal digits. */
  readonly publicKey: string;
  seal(text: string): Seal;
}

/**
 * What a signer is called: the name they typed, the party as it was called then, and salt. It is personal, so it stays
 * out of facts; the record holds its hash alone, and a seal still proves itself after the name was erased.
 */
export const SignerSchema = v.strictObject({ name: short(200), partyName: short(200), salt: hash });
/** What a signer is called, with the salt that keeps its hash from being guessed. */
export type Signer = v.InferOutput<typeof SignerSchema>;

/** Where in a brand's chain of facts: the place the signature takes, and the hash of the fact before it. */
export const PlaceSchema = v.strictObject({ brand: id, seq: version, after: v.union([hash, v.literal("")]) });

const record = {
  contract: id,
  version,
  /** SHA-256 of the terms' canonical text, and of the text as read: `textHash`. */
  termsHash: hash,
  wordingVersion: short(60),
  textHash: hash,
  party,
  signerHash: hash,
  consentVersion: short(60),
  /** The whole consent, as read. */
  consent: paragraphs,
  method: v.picklist(["passkey", "session"]),
  signedAt: v.pipe(at, v.maxValue(8.64e15)),
  /** The network the signer came from, never the whole address; null when it was not known. */
  address: v.nullable(short(64)),
  /** What the browser calls itself, at most 200 characters; null when it said nothing. */
  agent: v.nullable(short(MOST_AGENT)),
  place: PlaceSchema,
};

/** One party's signature under one version of a contract: all that its seal covers. The terms and the text are covered by their hashes. */
export const SignRecordSchema = v.strictObject(record);
/** One party's signature, before it is sealed. */
export type SignRecord = v.InferOutput<typeof SignRecordSchema>;

/**
 * What the `contract-signed` fact holds beyond who signed what, when, under which wording and consent: spread these into
 * the fact's schema. All are optional, for facts of before there were seals. The text is kept as read, since wordings change.
 */
export const signEvidence = {
  text: v.optional(paragraphs),
  textHash: v.optional(hash),
  signerHash: v.optional(hash),
  method: v.optional(v.picklist(["passkey", "session"])),
  address: v.optional(v.nullable(short(64))),
  agent: v.optional(v.nullable(short(MOST_AGENT))),
  seal: v.optional(SealSchema),
};

/** What a fact says of a signature that was sealed. */
export interface SignEvidence {
  readonly wording: string;
  readonly consent: string;
  readonly text: string[];
  readonly textHash: string;
  readonly signerHash: string;
  readonly method: SignRecord["method"];
  readonly address: string | null;
  readonly agent: string | null;
  readonly seal: Seal;
}

/** What must be known to sign: everything but what follows from the terms, and from the consent of today. */
export interface Signing {
  readonly contract: string;
  readonly version: number;
  readonly terms: Terms;
  /** The version of the wording that was put before the signer: one of `wordingVersions`. */
  readonly wordingVersion: string;
  readonly party: SignRecord["party"];
  readonly signer: Signer;
  readonly method: SignRecord["method"];
  readonly signedAt: number;
  /** Already cut down: see `network` in shared/kit/address.ts. */
  readonly address: string | null;
  readonly agent: string | null;
  readonly place: SignRecord["place"];
}

/** The text a signer's hash is taken of. */
export const signerText = (signer: Signer): string => canonical(["makegood-signer-1", signer as unknown as Json]);

/** The text a clause-by-clause wording is hashed as. */
export const wordingText = (text: readonly string[]): string => canonical(text);

/** The text a seal is made over: the whole record, and what it is, so that it can be taken for nothing else. */
export const sealedText = (it: SignRecord): string => canonical(["makegood-signature-1", it as unknown as Json]);

/** What a browser calls itself, cut to 200 characters that can be printed; null for nothing. */
export const agentSaid = (header: string | null | undefined): string | null => {
  const said = [...(header ?? "").replaceAll(/[^\x20-\x7e]/g, " ").trim()].slice(0, MOST_AGENT).join("").trim();
  return said === "" ? null : said;
};

/**
 * Sign: the record of a party's signature under these terms, in the words that were put before them and with the consent of today. Must be called with the place
 * the fact will take: `{ brand, seq: head.seq + 1, after: head.hash }` of the chain's head just before it is recorded.
 */
export const signRecord = async (signing: Signing, digest: Digest): Promise<SignRecord> => {
  const { terms, signer, ...rest } = signing;
  return {
    ...rest,
    agent: agentSaid(rest.agent),
    termsHash: await digest(signedText(terms)),
    textHash: await digest(wordingText(wordingOf(rest.wordingVersion, terms))),
    signerHash: await digest(signerText(signer)),
    consentVersion,
    consent: [...present(consents[consentVersion], "the consent of today")],
  };
};

/** Seal a record: what the fact says of it, to be spread into the `contract-signed` fact. `terms` must be those that were signed. */
export const sealRecord = (it: SignRecord, terms: Terms, sealer: Sealer): SignEvidence => ({
  wording: it.wordingVersion,
  consent: it.consentVersion,
  text: [...wordingOf(it.wordingVersion, terms)],
  textHash: it.textHash,
  signerHash: it.signerHash,
  method: it.method,
  address: it.address,
  agent: it.agent,
  seal: sealer.seal(sealedText(it)),
});
