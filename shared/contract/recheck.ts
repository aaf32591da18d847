import { canonical, type Json } from "../kit/canonical.ts";
import { type Bundle, bodyOf, type SignatureRecord } from "./bundle.ts";
import { consents } from "./consent.ts";
import { type Digest, sealedText, signerText, wordingText } from "./record.ts";
import { signedText, type Terms } from "./terms.ts";
import { wordingOf, wordingVersions } from "./wording.ts";

/** Does a seal hold: the raw public key, the text, the signature, as hexadecimal? Undefined where this platform cannot tell. */
export type VerifySeal = (key: string, text: string, signature: string) => Promise<boolean | undefined>;

/** What is checked of a bundle, and of the PDF it came in (`pages`); those with a party are checked of each signature. */
export type CheckName =
  | "terms"
  | "wording"
  | "text"
  | "parties"
  | "order"
  | "same"
  | "seal"
  | "signer"
  | "consent"
  | "chain"
  | "pages";

/** One thing checked, how it stands, and a sentence that says so. `unknown`: it could not be checked, which is not a fault. */
export interface Check {
  readonly name: CheckName;
  readonly party?: "brand" | "influencer";
  readonly state: "ok" | "failed" | "unknown";
  readonly because: string;
}

const passed = (name: CheckName, because: string): Check => ({ name, state: "ok", because });
const failed = (name: CheckName, because: string): Check => ({ name, state: "failed", because });
const unknown = (name: CheckName, because: string): Check => ({ name, state: "unknown", because });

const side = ({ record }: SignatureRecord): string => (record.party === "brand" ? "The brand" : "The influencer");
const start = (hash: string): string => `${hash.slice(0, 12)}…`;

const terms = async ({ terms: it, signatures }: Bundle, digest: Digest): Promise<Check> => {
  const own = await digest(signedText(it));
  const other = signatures.find(({ record }) => record.termsHash !== own);
  if (!other) return passed("terms", `The terms are those that were signed: their SHA-256 is ${own}.`);
  return failed(
    "terms",
    `The terms in this file are not those that were signed: they hash to ${start(own)}, but ${side(other).toLowerCase()} signed ${start(other.record.termsHash)}`,
  );
};

const clause = (text: string | undefined): string => {
  if (text === undefined) return "nothing";
  return `“${text.length > 120 ? `${text.slice(0, 120)}…` : text}”`;
};

const differing = (text: readonly string[], own: readonly string[]): number =>
  Array.from({ length: Math.max(text.length, own.length) }).findIndex((_, index) => text[index] !== own[index]);

const worded = (version: string, it: Terms): readonly string[] | undefined => {
  try {
    return wordingOf(version, it);
  } catch {
    // What was altered may fit the schema and still make no sense.
    return undefined;
  }
};

const rendered = ({ terms: it, text, signatures }: Bundle): Check => {
  const [version = ""] = signatures.map(({ record }) => record.wordingVersion);
  if (!wordingVersions.includes(version))
    return unknown(
      "wording",
      `The text is in the words of version ${version}, which is not known here, so it was not written again from the terms.`,
    );
  const own = worded(version, it);
  if (!own) return failed("wording", "These terms cannot be put in words: no such contract can have been signed.");
  const index = differing(text, own);
  if (index === -1)
    return passed("wording", "Written again from the terms, the text comes out the same, clause by clause.");
  return failed(
    "wording",
    `Clause ${index + 1} of the text does not follow from the terms: it reads ${clause(text[index])}, and the terms give ${clause(own[index])}.`,
  );
};

const text = async (bundle: Bundle, digest: Digest): Promise<Check> => {
  const own = await digest(wordingText(bundle.text));
  const other = bundle.signatures.find(({ record }) => record.textHash !== own);
  if (!other) return passed("text", `The text is the one that was read and signed: its SHA-256 is ${own}.`);
  return failed(
    "text",
    `The text in this file is not the one that was signed: it hashes to ${start(own)}, but ${side(other).toLowerCase()} signed ${start(other.record.textHash)}`,
  );
};

const parties = ({ signatures }: Bundle): Check => {
  const all = signatures.map(({ record }) => record.party);
  for (const party of ["brand", "influencer"] as const) {
    const count = all.filter((it) => it === party).length;
    if (count === 0) return failed("parties", `The ${party} has not signed: the contract is not concluded.`);
    if (count > 1) return failed("parties", `The ${party} has signed ${count} times; each party signs a version once.`);
  }
  return passed("parties", "Both parties have signed, each once.");
};

const same = ({ signatures }: Bundle): Check => {
  const gist = ({ record }: SignatureRecord): string => {
    const { contract, version, termsHash, textHash, wordingVersion, place } = record;
    return canonical([contract, version, termsHash, textHash, wordingVersion, place.brand]);
  };
  return new Set(signatures.map(gist)).size === 1
    ? passed("same", "All signatures are under the same contract, version, terms and text.")
    : failed("same", "The signatures are not under the same contract, version, terms and text.");
};

const instant = (at: number): string => new Date(at).toISOString();

const order = ({ signatures }: Bundle): Check => {
  const late = signatures.findIndex(({ record }, index) => {
    const before = signatures[index - 1]?.record;
    return before && (record.signedAt < before.signedAt || record.place.seq <= before.place.seq);
  });
  if (late !== -1)
    return failed("order", "The instants of the signatures contradict their places in the chain of records.");
  const said = signatures.map((it) => `${side(it).toLowerCase()} at ${instant(it.record.signedAt)}`).join(", then ");
  return passed("order", `The times are in order: ${said}.`);
};

const seal = async ({ record, seal: it, ...rest }: SignatureRecord, verify: VerifySeal): Promise<Check> => {
  const whose = side({ record, seal: it, ...rest });
  const good = await verify(it.key, sealedText(record), it.signature);
  if (good === undefined)
    return unknown("seal", `${whose}'s seal could not be checked: Ed25519 is not available here.`);
  return good
    ? passed("seal", `${whose}'s signature is sealed: not one letter of its record has changed.`)
    : failed("seal", `${whose}'s record was changed after it was sealed, or was never sealed by the key it names.`);
};

const signer = async (it: SignatureRecord, digest: Digest): Promise<Check> => {
  if (!it.signer)
    return unknown("signer", `${side(it)}'s name was erased; the seal over the rest of the signature still holds.`);
  return (await digest(signerText(it.signer))) === it.record.signerHash
    ? passed("signer", `${side(it)}'s name was typed as it stands here: ${it.signer.name}, for ${it.signer.partyName}.`)
    : failed(
        "signer",
        `${side(it)} did not sign as ${it.signer.name} for ${it.signer.partyName}: the sealed name is another.`,
      );
};

const consent = (it: SignatureRecord): Check => {
  const { consentVersion: version, consent: said } = it.record;
  const own = Object.hasOwn(consents, version) ? consents[version] : undefined;
  if (!own)
    return unknown(
      "consent",
      `${side(it)} consented to version ${version}, which is not known here; its text is sealed.`,
    );
  return canonical(own) === canonical(said)
    ? passed("consent", `${side(it)} consented to sign electronically, in the words of version ${version}.`)
    : failed("consent", `${side(it)}'s consent is not the text of version ${version}.`);
};

const told = ({ record, seal: sealed, link }: SignatureRecord): boolean => {
  const body = bodyOf(link.body);
  if (!body) return false;
  const gist = (it: object): string => canonical(it as Json);
  return (
    gist({
      contract: body.contract,
      version: body.version,
      party: body.by,
      termsHash: body.termsHash,
      textHash: body.textHash ?? null,
      signerHash: body.signerHash ?? null,
      wordingVersion: body.wording ?? null,
      consentVersion: body.consent,
      method: body.method ?? null,
      address: body.address ?? null,
      agent: body.agent ?? null,
      seal: body.seal ?? null,
    }) ===
    gist({
      contract: record.contract,
      version: record.version,
      party: record.party,
      termsHash: record.termsHash,
      textHash: record.textHash,
      signerHash: record.signerHash,
      wordingVersion: record.wordingVersion,
      consentVersion: record.consentVersion,
      method: record.method,
      address: record.address,
      agent: record.agent,
      seal: sealed,
    })
  );
};

/** A fact's hash: SHA-256 of the hash before and the canonical text of the entry, as the chain has it. */
const linked = ({ record, link }: SignatureRecord, digest: Digest): Promise<string> => {
  const { brand, seq, after } = record.place;
  return digest(after + canonical([brand, seq, record.signedAt, link.by, link.body]));
};

const chain = async (it: SignatureRecord, digest: Digest): Promise<Check> => {
  const { seq } = it.record.place;
  if (!told(it))
    return failed("chain", `${side(it)}'s entry ${seq} of the chain of records tells of another signature.`);
  return (await linked(it, digest)) === it.link.hash
    ? passed("chain", `${side(it)}'s signature is entry ${seq} of the brand's chain of records, ${start(it.link.hash)}`)
    : failed("chain", `${side(it)}'s entry ${seq} of the chain of records does not have the hash it is said to have.`);
};

const ofSignature = async (it: SignatureRecord, digest: Digest, verify: VerifySeal): Promise<readonly Check[]> => {
  const all = [await seal(it, verify), await signer(it, digest), consent(it), await chain(it, digest)];
  return all.map((check) => ({ ...check, party: it.record.party }));
};

/**
 * Check a bundle by its own content alone. Any change of any value in it makes a check fail. What it cannot tell is whose
 * the sealing key is: compare `seal.key` with the keys a server publishes.
 */
export const recheck = async (bundle: Bundle, digest: Digest, verify: VerifySeal): Promise<readonly Check[]> => [
  await terms(bundle, digest),
  rendered(bundle),
  await text(bundle, digest),
  parties(bundle),
  same(bundle),
  order(bundle),
  ...(await Promise.all(bundle.signatures.map((it) => ofSignature(it, digest, verify)))).flat(),
];

/** How a bundle stands as a whole: failed when anything failed, else unknown when anything could not be checked. */
export const standing = (checks: readonly Check[]): Check["state"] => {
  if (checks.some(({ state }) => state === "failed")) return "failed";
  return checks.some(({ state }) => state === "unknown") ? "unknown" : "ok";
};
