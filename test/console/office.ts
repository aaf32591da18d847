import type * as v from "valibot";
import type { ContractCommand } from "../../shared/contract/command.ts";
import { type ContractFact, type ContractState, inForce, overAt, type Party } from "../../shared/contract/contract.ts";
import { contractLife } from "../../shared/contract/life.ts";
import { wording } from "../../shared/contract/wording.ts";
import type { Refusal } from "../../shared/kit/shape.ts";
import type * as wire from "../../shared/wire/contracts.ts";
import type * as shown from "../../shared/wire/shown.ts";

type Contract = v.InferOutput<typeof shown.Contract>;
type Version = v.InferOutput<typeof wire.ContractVersion>;

/** What the life of a contract does not hold: who they are, what they typed, and what has happened. */
type Around = Pick<
  Contract,
  "id" | "brand" | "brandName" | "campaign" | "campaignName" | "influencer" | "influencerName" | "hosts" | "codes"
>;

/** A contract as the desk keeps it: its life by the law, and what was told of it. */
export interface Kept {
  readonly around: Around;
  readonly state: ContractState;
  readonly signatures: readonly Contract["signatures"][number][];
  readonly history: readonly Contract["history"][number][];
  readonly versions: readonly Version[];
  readonly draftedAt: number;
}

/** Who asks, when, and what they typed beside it. */
export interface Asking {
  readonly at: number;
  readonly by: Party | "clock";
  readonly name?: string | undefined;
  readonly note?: string | undefined;
}

/** Nothing has happened to it yet. */
export const unwritten = (around: Around): Kept => ({
  around,
  state: contractLife.initial,
  signatures: [],
  history: [],
  versions: [],
  draftedAt: 0,
});

const whyOf = (fact: ContractFact): string | undefined => {
  if (fact.type === "contract-declined") return fact.reason;
  if (fact.type === "contract-notice-given") return fact.asked;
  if (fact.type === "contract-reminded") return `${fact.hours} hours`;
  return "lastDay" in fact && fact.lastDay !== null ? fact.lastDay : undefined;
};

const eventOf = (fact: ContractFact, { at, by, note }: Asking): Kept["history"][number] => {
  const because = whyOf(fact);
  return {
    at,
    what: fact.type.slice("contract-".length),
    by: "by" in fact ? fact.by : by,
    ...("version" in fact && { version: fact.version }),
    ...(because !== undefined && { because }),
    ...(fact.type === "contract-declined" && note && { note }),
  };
};

const fates: Partial<Record<ContractFact["type"], Version["state"]>> = {
  "contract-countered": "replaced",
  "contract-notice-given": "replaced",
  "contract-started": "signed",
  "contract-amended": "signed",
  "contract-declined": "declined",
  "contract-withdrawn": "withdrawn",
  "contract-expired": "expired",
};

const versionsAfter = (kept: Kept, fact: ContractFact, state: ContractState, at: number): readonly Version[] => {
  const fate = fates[fact.type];
  const gone = kept.state.proposal?.version;
  const told = kept.versions
    .filter((it) => fact.type !== "contract-drafted" || it.state !== "drafted")
    .map((it) => (fate && it.version === gone ? { ...it, state: fate } : it));
  const fresh =
    fact.type === "contract-drafted" || (state.proposal && state.proposal.version !== gone) ? state : undefined;
  if (!fresh) return told;
  const { version, terms, termsHash, by } = fresh.proposal ?? { ...fresh, by: "brand" as const };
  const it = { version, terms: terms!, termsHash, by, at, text: [...wording(terms!)], signatures: [], inForce: null };
  const state_ = fresh.proposal ? "proposed" : "drafted";
  return [...told.filter((one) => one.version !== version), { ...it, state: state_ }];
};

const after = (kept: Kept, fact: ContractFact, asking: Asking): Kept => {
  const { at, name = "" } = asking;
  const state = contractLife.evolve(kept.state, fact);
  const { version } = state;
  const signed =
    fact.type === "contract-signed"
      ? [{ by: fact.by, name, at, termsHash: fact.termsHash, version: fact.version }]
      : [];
  return {
    around: kept.around,
    state,
    signatures: [...kept.signatures, ...signed],
    history: [...kept.history, eventOf(fact, asking)],
    versions: versionsAfter(kept, fact, state, at),
    draftedAt: fact.type === "contract-drafted" && version === 1 ? at : kept.draftedAt,
  };
};

/** Ask something of a contract, by its law: what it becomes, or the law's refusal. */
export const asked = (
  kept: Kept,
  command: ContractCommand,
  asking: Asking,
): { readonly ok: true; readonly kept: Kept } | { readonly ok: false; readonly refusal: Refusal } => {
  const decided = contractLife.decide(kept.state, command);
  if (!decided.ok) return decided;
  return { ok: true, kept: decided.value.reduce((now, fact) => after(now, fact, asking), kept) };
};

const spanOf = (state: ContractState, version: number) => {
  const held = inForce(state).find((it) => it.version === version);
  return held ? { from: held.from, until: held.until } : null;
};

/** A contract as either side is shown it. */
export const contractShown = ({ around, state, signatures, history, draftedAt }: Kept): Contract => {
  const { status, version, terms, termsHash, proposal, versions, lastDay, notice, review } = state;
  return structuredClone({
    ...around,
    status: status === "none" ? "drafted" : status,
    version,
    terms: terms!,
    termsHash,
    text: [...wording(terms!)],
    signatures: signatures.filter((it) => it.version === version),
    draftedAt,
    versions: versions.map((it) => ({
      version: it.version,
      termsHash: it.termsHash,
      startedAt: it.startedAt,
      starts: it.terms.starts,
      ends: it.terms.ends,
      inForce: spanOf(state, it.version),
    })),
    proposal: proposal && {
      version: proposal.version,
      terms: proposal.terms,
      termsHash: proposal.termsHash,
      text: [...wording(proposal.terms)],
      by: proposal.by,
      signedBy: [...proposal.signedBy],
      proposedAt: proposal.proposedAt,
      expiresAt: proposal.expiresAt,
    },
    lastDay,
    notice,
    overAt: overAt(state) ?? null,
    review,
    history,
  }) as Contract;
};

/** Every version of its terms. */
export const versionsShown = ({ state, versions, signatures }: Kept): Version[] =>
  versions.map((it) => ({
    ...it,
    signatures: signatures.filter(({ version }) => version === it.version),
    inForce: spanOf(state, it.version),
  }));
