import { present } from "../kit/shape.ts";
import { type ContractFact, type ContractState, noContract, type Party, type Proposal } from "./contract.ts";
import { firstWording } from "./wording.ts";

type FactOf<Type> = Extract<ContractFact, { type: Type }>;
type Evolve<Type extends ContractFact["type"]> = (state: ContractState, fact: FactOf<Type>) => ContractState;

/** While nothing is signed, what is on the table is what the contract would be. */
const withTable = (state: ContractState, proposal: Proposal): ContractState => {
  const next = { ...state, proposal, latest: Math.max(state.latest, proposal.version) };
  if (state.versions.length > 0) return next;
  const { version, terms, termsHash, signedBy } = proposal;
  return { ...next, version, terms, termsHash, signedBy };
};

const proposed = (
  state: ContractState,
  fact: FactOf<"contract-countered" | "contract-amendment-proposed">,
): ContractState => {
  const { version, terms, termsHash, by, at: proposedAt, expiresAt, wording } = fact;
  const fresh = { signedBy: [], reminded: [] };
  return withTable(state, { version, terms, termsHash, by, proposedAt, expiresAt, wording, ...fresh });
};

const offered: Evolve<"contract-offered"> = (state, fact) => {
  const { version, termsHash } = state;
  const { at: proposedAt = 0, expiresAt = null, wording = firstWording } = fact;
  const terms = present(state.terms, "the terms of a drafted contract");
  const by: Party = "brand";
  const offer = { version, terms, termsHash, by, signedBy: [], expiresAt, proposedAt, wording, reminded: [] };
  return { ...withTable(state, offer), status: "offered" };
};

const signed: Evolve<"contract-signed"> = (state, { by }) => {
  const proposal = present(state.proposal, "what is signed");
  return withTable(state, { ...proposal, signedBy: [...proposal.signedBy, by] });
};

const inForceNow = (
  state: ContractState,
  { at: startedAt = 0 }: FactOf<"contract-started" | "contract-amended">,
): ContractState => {
  const { version, terms, termsHash, signedBy, wording } = present(state.proposal, "what both have signed");
  const versions = [...state.versions, { version, terms, termsHash, startedAt, wording }];
  return { ...state, status: "running", version, terms, termsHash, signedBy, versions, proposal: null };
};

/** Off the table: a contract nobody signed ends so, one that runs goes on as it was. */
const offTable =
  (status: "declined" | "withdrawn" | "expired") =>
  (state: ContractState): ContractState => ({
    ...state,
    proposal: null,
    ...(state.versions.length === 0 && { status }),
  });

const evolutions: { readonly [Type in ContractFact["type"]]: Evolve<Type> } = {
  "contract-drafted": (_, { type: __, ...drafted }) => ({
    ...noContract,
    ...drafted,
    status: "drafted",
    latest: drafted.version,
  }),
  "contract-offered": offered,
  "contract-countered": proposed,
  "contract-amendment-proposed": proposed,
  "contract-signed": signed,
  "contract-started": inForceNow,
  "contract-amended": inForceNow,
  "contract-declined": offTable("declined"),
  "contract-withdrawn": offTable("withdrawn"),
  "contract-expired": offTable("expired"),
  "contract-reminded": (state, { hours }) => {
    const proposal = present(state.proposal, "what both are reminded of");
    return { ...state, proposal: { ...proposal, reminded: [...proposal.reminded, hours] } };
  },
  // Who ends a contract no longer changes it: what was on the table is off it.
  "contract-notice-given": (state, { by, asked, lastDay, at }) => ({
    ...state,
    lastDay,
    notice: { by, lastDay: asked, at },
    proposal: null,
  }),
  "contract-notice-agreed": (state, { lastDay }) => ({ ...state, lastDay }),
  "contract-terminated": (state) => ({ ...state, status: "terminated", proposal: null }),
  "contract-completed": (state) => ({ ...state, status: "completed", proposal: null }),
  "contract-review-due": (state, { year }) => ({ ...state, review: { year, due: true } }),
  "contract-reviewed": (state) => ({ ...state, review: { ...state.review, due: false } }),
};

/** What a fact makes of a contract. Facts of every age are understood: an offer without an expiry stands for ever. */
export const evolve = (state: ContractState, fact: ContractFact): ContractState =>
  (evolutions[fact.type] as Evolve<ContractFact["type"]>)(state, fact as never);
