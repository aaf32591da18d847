import { type Decider, ok, type Result, refuse } from "../kit/shape.ts";
import { addDays, startOfDay } from "../kit/time.ts";
import type { Terms } from "./terms.ts";
import { wordingVersion } from "./wording.ts";

/** The two who sign. */
export type Party = "brand" | "influencer";

/** Facts of a contract's life. Names of the signers are kept apart from facts, so that they can be erased. */
export type ContractFact =
  | {
      readonly type: "contract-drafted";
      readonly contract: string;
      readonly campaign: string;
      readonly influencer: string;
      readonly version: number;
      readonly terms: Terms;
      readonly termsHash: string;
    }
  | { readonly type: "contract-offered"; readonly contract: string; readonly version: number }
  | {
      readonly type: "contract-signed";
      readonly contract: string;
      readonly version: number;
      readonly by: Party;
      readonly termsHash: string;
      readonly consent: string;
      /** The version of the wording the signer read. */
      readonly wording?: string | undefined;
    }
  | { readonly type: "contract-started"; readonly contract: string; readonly version: number }
  | { readonly type: "contract-completed"; readonly contract: string };

/** What may be asked of a contract. Time and hashes are handed in. */
export type ContractCommand =
  | {
      readonly type: "draft";
      readonly contract: string;
      readonly campaign: string;
      readonly influencer: string;
      readonly terms: Terms;
      readonly termsHash: string;
    }
  | { readonly type: "offer" }
  | { readonly type: "sign"; readonly by: Party; readonly termsHash: string; readonly consent: string }
  | { readonly type: "complete"; readonly at: number };

/** Where a contract is in its life. */
export type ContractStatus = "none" | "drafted" | "offered" | "running" | "completed";

/** A contract as its facts have made it. */
export interface ContractState {
  readonly status: ContractStatus;
  readonly contract: string;
  readonly campaign: string;
  readonly influencer: string;
  readonly version: number;
  readonly terms: Terms | null;
  readonly termsHash: string;
  readonly signedBy: readonly Party[];
}

/** The wording of the consent both sides give; its version is recorded with each signature. */
export const consentVersion = "2026-11-electronic-signature-1";

type Decide<Name extends ContractCommand["type"]> = (
  state: ContractState,
  command: Extract<ContractCommand, { type: Name }>,
) => Result<readonly ContractFact[]>;

const draft: Decide<"draft"> = (state, { type: _, ...drafted }) => {
  if (state.status !== "none" && state.status !== "drafted")
    return refuse("contract-not-draft", "This contract has been offered, so its terms can no longer change.");
  if (state.status === "drafted" && (state.campaign !== drafted.campaign || state.influencer !== drafted.influencer))
    return refuse(
      "contract-not-draft",
      "A draft stays with its campaign and influencer; draft another contract instead.",
    );
  if (state.status === "drafted" && state.termsHash === drafted.termsHash) return ok([]);
  return ok([{ type: "contract-drafted", ...drafted, version: state.version + 1 }]);
};

const offer: Decide<"offer"> = (state) => {
  if (state.status === "offered") return ok([]);
  if (state.status !== "drafted") return refuse("contract-not-draft", "Only a drafted contract can be offered.");
  return ok([{ type: "contract-offered", contract: state.contract, version: state.version }]);
};

const sign: Decide<"sign"> = (state, { by, termsHash, consent }) => {
  if (state.status === "running" && state.signedBy.includes(by) && state.termsHash === termsHash) return ok([]);
  if (state.status !== "offered") return refuse("contract-not-offered", "Only a contract on offer can be signed.");
  if (state.termsHash !== termsHash)
    return refuse(
      "terms-changed",
      "The terms on offer are not the ones you read. Open the contract again, read it, and sign that.",
    );
  if (state.signedBy.includes(by)) return ok([]);
  const { contract, version } = state;
  const signed: ContractFact = {
    type: "contract-signed",
    contract,
    version,
    by,
    termsHash,
    consent,
    wording: wordingVersion,
  };
  return ok(state.signedBy.length === 0 ? [signed] : [signed, { type: "contract-started", contract, version }]);
};

/** The instant a contract's last day is over, in ms since 1970. */
export const endOf = (terms: Terms): number => startOfDay(addDays(terms.ends, 1), terms.timeZone);

/** Does a contract with these terms cover this instant? Its days are local and inclusive. */
export const covers = (terms: Terms, at: number): boolean =>
  startOfDay(terms.starts, terms.timeZone) <= at && at < endOf(terms);

const complete: Decide<"complete"> = (state, { at }) => {
  if (state.status === "completed") return ok([]);
  if (state.status !== "running" || !state.terms)
    return refuse("contract-not-running", "Only a running contract can be completed.");
  if (at < endOf(state.terms))
    return refuse(
      "contract-not-over",
      `This contract runs until the end of ${state.terms.ends}; it can be completed after that.`,
    );
  return ok([{ type: "contract-completed", contract: state.contract }]);
};

const decisions = { draft, offer, sign, complete } satisfies { [Name in ContractCommand["type"]]: Decide<Name> };

const evolve = (state: ContractState, fact: ContractFact): ContractState => {
  switch (fact.type) {
    case "contract-drafted": {
      const { type: _, ...drafted } = fact;
      return { ...drafted, status: "drafted", signedBy: [] };
    }
    case "contract-offered":
      return { ...state, status: "offered" };
    case "contract-signed":
      return { ...state, signedBy: [...state.signedBy, fact.by] };
    case "contract-started":
      return { ...state, status: "running" };
    case "contract-completed":
      return { ...state, status: "completed" };
  }
};

/** The life of a contract: drafted (and redrafted), offered, signed by both, running, completed. Asking again for what is already so changes nothing. */
export const contractLife: Decider<ContractState, ContractCommand, ContractFact> = {
  initial: {
    status: "none",
    contract: "",
    campaign: "",
    influencer: "",
    version: 0,
    terms: null,
    termsHash: "",
    signedBy: [],
  },
  decide: (state, command) => decisions[command.type](state, command as never),
  evolve,
};
