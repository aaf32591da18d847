import {
  type ContractFact,
  overAt,
  type Proposal,
  reminderHours,
  reviewAt,
  type SignedVersion,
} from "../../shared/contract/contract.ts";
import { contractLife } from "../../shared/contract/life.ts";
import type { Entry, Fact, FactType } from "../../shared/fact.ts";
import { HOUR_MS } from "../../shared/kit/time.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import { atKey, type ContractDoc, type VersionDoc } from "./shapes.ts";
import { rearranged } from "./views.account.ts";

type Told = Extract<Fact, { type: ContractFact["type"] }>;

const due = (at: number, kind: string, ...parts: readonly (string | number)[]): string =>
  ["due", atKey(at), kind, ...parts].join("/");

const dueOfProposal = (contract: string, { version, expiresAt, proposedAt, reminded }: Proposal): readonly string[] => {
  if (expiresAt === null) return [];
  const reminders = reminderHours
    .filter((hours) => !reminded.includes(hours) && expiresAt - hours * HOUR_MS > proposedAt)
    .map((hours) => due(expiresAt - hours * HOUR_MS, "contract-reminder", contract, version, hours));
  return [...reminders, due(expiresAt, "contract-expiry", contract, version)];
};

/** What a contract waits for: a proposal's reminders and its end, the yearly review, and the end of everything. */
const dueOf = (doc: ContractDoc): readonly string[] => {
  const { status, contract, proposal, review } = doc;
  const tabled = proposal ? dueOfProposal(contract, proposal) : [];
  const over = overAt(doc);
  if (status !== "running" || over === undefined) return tabled;
  const year = review.year + 1;
  const reviewed = reviewAt(doc, year) ?? over;
  return [
    ...tabled,
    ...(reviewed < over ? [due(reviewed, "contract-review", contract, year)] : []),
    due(over, "contract-over", contract),
  ];
};

const setDue = (book: Book, before: ContractDoc, after: ContractDoc): void => {
  const [old, fresh] = [dueOf(before), dueOf(after)];
  for (const key of old) if (!fresh.includes(key)) book.put(key, null);
  for (const key of fresh) if (!old.includes(key)) book.put(key, {});
};

const actorOf = (by: string): "brand" | "influencer" | "clock" => {
  if (by === "clock") return by;
  return by.startsWith("influencer") ? "influencer" : "brand";
};

const whyOf = (fact: Told): string | undefined => {
  if (fact.type === "contract-declined") return fact.reason;
  if (fact.type === "contract-notice-given") return fact.asked;
  if (fact.type === "contract-reminded") return `${fact.hours} hours`;
  if (fact.type === "contract-notice-agreed" || fact.type === "contract-terminated") return fact.lastDay;
  return undefined;
};

const eventOf = ({ at, by, fact }: Entry<Told>): ContractDoc["events"][number] => {
  const because = whyOf(fact);
  return {
    at,
    what: fact.type.slice("contract-".length),
    by: "by" in fact ? fact.by : actorOf(by),
    ...("version" in fact && { version: fact.version }),
    ...(because !== undefined && { because }),
  };
};

const versionKey = (contract: string, version: number): string =>
  `contract-version/${contract}/${String(version).padStart(6, "0")}`;

/** What leaves the table becomes of a version what the fact says; what a notice takes off it, nobody asks for any more. */
const fates: { readonly [Type in FactType]?: VersionDoc["state"] } = {
  "contract-countered": "replaced",
  "contract-started": "signed",
  "contract-amended": "signed",
  "contract-declined": "declined",
  "contract-withdrawn": "withdrawn",
  "contract-expired": "expired",
  "contract-notice-given": "replaced",
};

const retell = async (book: Book, contract: string, version: number, now: Partial<VersionDoc>): Promise<void> => {
  const key = versionKey(contract, version);
  put<VersionDoc>(book, key, { ...(await known<VersionDoc>(book, key)), ...now });
};

const tellVersions = async (book: Book, { at, fact }: Entry<Told>, before: ContractDoc, after: ContractDoc) => {
  const { contract } = fact;
  const fate = fates[fact.type];
  if (before.proposal && fate) await retell(book, contract, before.proposal.version, { state: fate });
  if (fact.type === "contract-drafted") {
    // A draft that gave way to another was nobody's offer.
    if (before.status === "drafted") book.put(versionKey(contract, before.version), null);
    const { version, terms, termsHash } = fact;
    const drafted = { version, terms, termsHash, wording: null, by: "brand", at, state: "drafted" } as const;
    put<VersionDoc>(book, versionKey(contract, version), drafted);
  }
  const { proposal } = after;
  if (!proposal || proposal.version === before.proposal?.version) return;
  const { version, terms, termsHash, wording, by } = proposal;
  put<VersionDoc>(book, versionKey(contract, version), {
    version,
    terms,
    termsHash,
    wording,
    by,
    at,
    state: "proposed",
  });
};

/** Facts of before they told their own instant are understood by when they were taken in. */
const timed = ({ at, fact }: Entry<Told>): ContractFact =>
  fact.type === "contract-offered" || fact.type === "contract-started"
    ? ({ ...fact, at: fact.at ?? at } as ContractFact)
    : (fact as ContractFact);

const startOf = (versions: readonly SignedVersion[]): number | null => versions[0]?.startedAt ?? null;

const drawn = (before: ContractDoc, entry: Entry<Told>): ContractDoc => {
  const { at, fact } = entry;
  const state = contractLife.evolve(before, timed(entry));
  const isDraft = fact.type === "contract-drafted";
  const signature =
    fact.type === "contract-signed" ? [{ version: fact.version, by: fact.by, at, termsHash: fact.termsHash }] : [];
  return {
    ...state,
    draftedAt: isDraft ? at : before.draftedAt,
    startedAt: startOf(state.versions),
    signatures: [...before.signatures, ...signature],
    events: [...before.events, eventOf(entry)],
  };
};

/** Facts after which a contract's periods lie differently. */
const rearranging: ReadonlySet<FactType> = new Set<FactType>([
  "contract-started",
  "contract-amended",
  "contract-notice-given",
  "contract-notice-agreed",
]);

const contractFact = async (book: Book, entry: Entry<Told>): Promise<void> => {
  const { seq, at, fact } = entry;
  const key = `contract/${fact.contract}`;
  const fresh = { ...contractLife.initial, draftedAt: at, startedAt: null, signatures: [], events: [] };
  const before = (await read<ContractDoc>(book, key)) ?? fresh;
  const after = drawn(before, entry);
  put(book, key, after);
  setDue(book, before, after);
  await tellVersions(book, entry, before, after);
  // Where in the chain a signature lies: its certificate is made from the fact itself.
  if (fact.type === "contract-signed")
    put(book, `contract-signature/${fact.contract}/${fact.version}/${fact.by}`, { seq });
  if (rearranging.has(fact.type)) await rearranged(book, fact.contract);
  if (fact.type === "contract-drafted") {
    put(book, `campaign-contract/${fact.campaign}/${fact.contract}`, {});
    put(book, `influencer-contract/${fact.influencer}/${fact.contract}`, {});
  }
};

/** What facts of a contract's life do to the views. */
export const contractViews = {
  "contract-drafted": contractFact,
  "contract-offered": contractFact,
  "contract-countered": contractFact,
  "contract-amendment-proposed": contractFact,
  "contract-signed": contractFact,
  "contract-started": contractFact,
  "contract-amended": contractFact,
  "contract-declined": contractFact,
  "contract-withdrawn": contractFact,
  "contract-expired": contractFact,
  "contract-reminded": contractFact,
  "contract-notice-given": contractFact,
  "contract-notice-agreed": contractFact,
  "contract-terminated": contractFact,
  "contract-completed": contractFact,
  "contract-review-due": contractFact,
  "contract-reviewed": contractFact,
} satisfies { readonly [Type in FactType]?: Fold<Type> };
