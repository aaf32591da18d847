import { createHash } from "node:crypto";
import { consentVersion } from "../../shared/contract/consent.ts";
import type { DeclineReason, NoticeReason, Party } from "../../shared/contract/contract.ts";
import {
  type Sealer,
  type SignEvidence,
  type Signer,
  type SignRecord,
  sealRecord,
  signRecord,
} from "../../shared/contract/record.ts";
import { signedText, type Terms } from "../../shared/contract/terms.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import { askContract } from "../engine/contract.ts";
import type { Work } from "../engine/record.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import { fitting } from "./fits.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The hash both sides sign: SHA-256, in hex, of the terms' canonical text. */
export const termsHashOf = (terms: Terms): string => sha256(signedText(terms));

const noContract = (id: string) => refuse("not-found", `There is no contract ${id}.`);

/** Draft a contract, or redraft one that has not been offered. */
export const draftContract =
  (
    given: { readonly contract: string; readonly campaign: string; readonly influencer: string; readonly terms: Terms },
    by: string,
  ): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`campaign/${given.campaign}`)))
      return refuse("not-found", `There is no campaign ${given.campaign}.`);
    if (!(await unit.document(`influencer/${given.influencer}`)))
      return refuse("not-found", `There is no influencer ${given.influencer}.`);
    const fits = await fitting(unit, given.campaign, given.terms);
    if (!fits.ok) return fits;
    return askContract(unit, given.contract, { type: "draft", ...given, termsHash: termsHashOf(given.terms) }, by);
  };

/** Offer a drafted contract, for so many days. */
export const offerContract =
  (contract: string, by: string, days?: number): Work<string> =>
  async (unit) => {
    const doc = await read<ContractDoc>(unit, `contract/${contract}`);
    const fits = doc?.terms ? await fitting(unit, doc.campaign, doc.terms) : ok(null);
    return fits.ok ? askContract(unit, contract, { type: "offer", at: unit.now, days }, by) : fits;
  };

/** Put other terms on the table: in place of those there, or as an amendment of a contract that runs. */
export const proposeTerms =
  (
    contract: string,
    type: "counter" | "amend",
    given: { readonly by: Party; readonly terms: Terms; readonly days?: number | undefined },
    by: string,
  ): Work<string> =>
  async (unit) => {
    const doc = await read<ContractDoc>(unit, `contract/${contract}`);
    const fits = doc ? await fitting(unit, doc.campaign, given.terms) : ok(null);
    if (!fits.ok) return fits;
    return askContract(unit, contract, { type, ...given, termsHash: termsHashOf(given.terms), at: unit.now }, by);
  };

/** How a signature is sealed: by whom, and what proves the signer. */
export interface Sealing {
  readonly sealer: Sealer;
  readonly method: SignRecord["method"];
  /** Already cut down to its network. */
  readonly address: string | null;
  readonly agent: string | null;
  /** What the party is called now. */
  readonly partyName: string;
  /** 64 hexadecimal digits of chance, so that the signer's name cannot be guessed from its hash. */
  readonly salt: string;
}

/** A signature as it is given: for a party, under the terms it read, with a typed name. */
export interface Given {
  readonly by: Party;
  readonly termsHash: string;
  readonly name: string;
  /** Absent where nobody is there to prove anything, such as in history that is brought in. */
  readonly sealing?: Sealing | undefined;
}

const evidenceOf = async (
  unit: Unit,
  doc: ContractDoc,
  given: Given,
  signer: Signer,
): Promise<SignEvidence | undefined> => {
  const { proposal, contract } = doc;
  if (!given.sealing || !proposal) return undefined;
  const { sealer, method, address, agent } = given.sealing;
  const { seq, hash: after } = unit.head();
  const place = { brand: unit.brand, seq: seq + 1, after };
  const { version, terms, wording: wordingVersion } = proposal;
  const what = { contract, version, terms, wordingVersion, party: given.by, signer };
  const record = await signRecord({ ...what, method, signedAt: unit.now, address, agent, place }, async (text) =>
    sha256(text),
  );
  return sealRecord(record, terms, sealer);
};

/**
 * Sign for one party. What the signer is called is kept apart from the fact, so that it can be erased; the fact holds the
 * seal over all else, made for the very place it takes in the chain.
 */
export const signContract =
  (contract: string, given: Given, by: string): Work<string> =>
  async (unit) => {
    const doc = await read<ContractDoc>(unit, `contract/${contract}`);
    if (!doc) return noContract(contract);
    const { sealing } = given;
    const signer = { name: given.name, partyName: sealing?.partyName ?? "", salt: sealing?.salt ?? "" };
    const evidence = await evidenceOf(unit, doc, given, signer);
    const { by: party, termsHash } = given;
    const command = { type: "sign", by: party, termsHash, consent: consentVersion, at: unit.now, evidence } as const;
    const done = await askContract(unit, contract, command, by);
    // Signing again changes nothing, the name first typed included.
    const key = `signature/${contract}/${doc.proposal?.version ?? doc.version}/${party}`;
    if (done.ok && !(await unit.private(key))) unit.setPrivate(key, sealing ? signer : { name: given.name });
    return done;
  };

/** Say no to what is on the table. The note is kept apart from the fact, so that it can be erased. */
export const declineContract =
  (
    contract: string,
    given: { readonly by: Party; readonly reason: DeclineReason; readonly note?: string | undefined },
    by: string,
  ): Work<string> =>
  async (unit) => {
    const before = await read<ContractDoc>(unit, `contract/${contract}`);
    const { by: party, reason, note } = given;
    const done = await askContract(unit, contract, { type: "decline", by: party, reason, at: unit.now }, by);
    if (done.ok && note && before?.proposal)
      unit.setPrivate(`decline/${contract}/${before.proposal.version}`, { note });
    return done;
  };

/** Take back what one has put on the table oneself. */
export const withdrawContract =
  (contract: string, party: Party, by: string): Work<string> =>
  (unit) =>
    askContract(unit, contract, { type: "withdraw", by: party, at: unit.now }, by);

/** Give notice: the contract ends on the day asked for, or as soon after it as its terms allow one side alone. */
export const terminateContract =
  (
    contract: string,
    given: { readonly by: Party; readonly lastDay: string; readonly reason?: NoticeReason | undefined },
    by: string,
  ): Work<string> =>
  (unit) =>
    askContract(unit, contract, { type: "terminate", ...given, at: unit.now }, by);

/** Agree to the day the other side asked for in its notice. */
export const agreeToEnd =
  (contract: string, party: Party, by: string): Work<string> =>
  (unit) =>
    askContract(unit, contract, { type: "agree", by: party, at: unit.now }, by);

/** Note that the yearly review has been held. */
export const reviewContract =
  (contract: string, party: Party, by: string): Work<string> =>
  (unit) =>
    askContract(unit, contract, { type: "review", by: party }, by);

/** Complete a contract whose life is over. */
export const completeContract =
  (contract: string, by: string): Work<string> =>
  (unit) =>
    askContract(unit, contract, { type: "complete", at: unit.now }, by);
