import * as v from "valibot";
import { hash, id } from "../fact.kit.ts";
import { canonical, type Json } from "../kit/canonical.ts";
import { ok, type Result, refuse } from "../kit/shape.ts";
import { consents } from "./consent.ts";
import { SealSchema, type Signer, SignerSchema, SignRecordSchema, signEvidence } from "./record.ts";
import { type Terms, TermsSchema } from "./terms.ts";

const MOST_LETTERS = 2_000_000;

/** A fact as the chain holds it, but for its place and instant, which the record has: who caused it, its canonical text, its hash. */
export const ChainLinkSchema = v.strictObject({ by: id, body: v.pipe(v.string(), v.maxLength(400_000)), hash });

/** A signature as it travels: the record, its seal, what the signer is called (null once erased), and its link of the chain. */
export const SignatureSchema = v.strictObject({
  record: SignRecordSchema,
  seal: SealSchema,
  signer: v.nullable(SignerSchema),
  link: ChainLinkSchema,
});
/** A signature as it travels. */
export type SignatureRecord = v.InferOutput<typeof SignatureSchema>;

/** A signed contract with all that proves it, to be checked anywhere and without us: the file `makegood-contract.json`. */
export const BundleSchema = v.strictObject({
  format: v.literal("makegood-contract-1"),
  terms: TermsSchema,
  /** The text as both read it, a clause a paragraph. */
  text: v.pipe(v.array(v.string()), v.maxLength(500)),
  signatures: v.pipe(v.array(SignatureSchema), v.minLength(1), v.maxLength(8)),
});
/** A signed contract with all that proves it. */
export type Bundle = v.InferOutput<typeof BundleSchema>;

/** A `contract-signed` fact as it lies in the chain, with the hash of the fact before it, and what its signer is called. */
export interface SignedFact {
  readonly brand: string;
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  /** The fact as canonical text. */
  readonly body: string;
  readonly hash: string;
  /** Hash of the fact before. */
  readonly after: string;
  readonly signer: Signer | null;
}

const SignedBody = v.object({
  type: v.literal("contract-signed"),
  contract: v.string(),
  version: v.number(),
  by: v.picklist(["brand", "influencer"]),
  termsHash: hash,
  consent: v.string(),
  wording: v.optional(v.string()),
  ...signEvidence,
});

/** What a link's text says of a signature; nothing when it is not a signature's fact at all. */
export const bodyOf = (body: string): v.InferOutput<typeof SignedBody> | undefined => {
  try {
    const parsed = v.safeParse(SignedBody, JSON.parse(body));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
};

const signatureOf = ({ brand, seq, at, by, body, hash: own, after, signer }: SignedFact) => {
  const fact = bodyOf(body);
  if (!fact?.seal || !fact.text || !fact.wording || !fact.textHash || !fact.signerHash || !fact.method)
    return undefined;
  const { contract, version, termsHash, textHash, signerHash, method } = fact;
  const { wording: wordingVersion, consent: consentVersion, address = null, agent = null } = fact;
  const consent = [...(consents[consentVersion] ?? [])];
  const place = { brand, seq, after };
  const said = { contract, version, termsHash, wordingVersion, textHash, party: fact.by, signerHash, consentVersion };
  const record = { ...said, consent, method, signedAt: at, address, agent, place };
  return { text: fact.text, signature: { record, seal: fact.seal, signer, link: { by, body, hash: own } } };
};

/**
 * The bundle of one signed version of a contract, from its terms and its `contract-signed` facts in the order of the chain.
 * Refuses `not-sealed` when a signature is from before signatures were sealed, `not-signed` when there is none.
 */
export const bundleOf = (terms: Terms, facts: readonly SignedFact[]): Result<Bundle> => {
  const found = facts.map(signatureOf);
  const signatures = found.flatMap((it) => (it ? [it.signature] : []));
  const text = found[0]?.text;
  if (facts.length === 0) return refuse("not-signed", "Nobody has signed this version of the contract yet.");
  if (!text || signatures.length < facts.length)
    return refuse("not-sealed", "This contract was signed before signatures were sealed, so there is no certificate.");
  return ok({ format: "makegood-contract-1", terms, text, signatures });
};

/** The name a bundle has as a file, inside the certificate and beside it. */
export const BUNDLE_FILE = "makegood-contract.json";

/** A bundle as the text of its file: canonical, so that one bundle is always one file. */
export const bundleText = (bundle: Bundle): string => canonical(bundle as unknown as Json);

const notContract = (because: string) => refuse("not-a-contract", because);

/**
 * Read a file's text as a bundle, exactly: what a bundle does not have is refused and not passed over, since no check would
 * look at it. Refuses `not-a-contract`.
 */
export const readBundle = (text: string): Result<Bundle> => {
  if (text.length > MOST_LETTERS) return notContract("This file is too large to be a signed contract of Makegood.");
  try {
    const json: unknown = JSON.parse(text);
    const parsed = v.safeParse(BundleSchema, json, { abortEarly: true });
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const where = (issue.path ?? []).map(({ key }) => String(key)).join(" › ");
      return notContract(
        where === "" || where === "format"
          ? "This file is not a signed contract of Makegood."
          : `This is not a whole contract of Makegood: ${where} is not what it must be.`,
      );
    }
    if (canonical(parsed.output as unknown as Json) !== canonical(json as Json))
      return notContract("This file holds something that does not belong in a contract of Makegood.");
    return ok(parsed.output);
  } catch {
    return notContract("This file cannot be read as JSON, so it is no signed contract of Makegood.");
  }
};
