import type { ContractStatus as AnyStatus, DeclineReason, NoticeReason } from "../../../shared/contract/contract.ts";
import { type Reason, reasons } from "../../../shared/judge/journey.ts";

/** How a word of the wire is said to a person, and in which tone. */
export interface Word {
  readonly title: string;
  readonly tone: "plain" | "good" | "warn" | "bad" | "info";
  readonly says: string;
}

type ContractStatus = Exclude<AnyStatus, "none">;
type Words<Name extends string> = Readonly<Record<Name, Word>>;

/** Where a conversion's money stands. */
export const stages: Words<"accrued" | "validated" | "approved" | "payable" | "rejected" | "reversed" | "house"> = {
  accrued: { title: "Expected", tone: "plain", says: "Earned if it proves true: not yet checked or confirmed." },
  validated: { title: "Proven", tone: "info", says: "Checked or confirmed; the brand may still review it." },
  approved: {
    title: "Approved",
    tone: "info",
    says: "Approved by the brand or by its silence; still held for refunds.",
  },
  payable: {
    title: "Payable",
    tone: "good",
    says: "Past its hold: falls due when its period closes, and stays here once it is paid.",
  },
  rejected: { title: "Rejected", tone: "bad", says: "Does not count and earns nothing." },
  reversed: { title: "Reversed", tone: "bad", says: "Counted once, and was taken back." },
  house: { title: "House", tone: "plain", says: "The brand's own traffic: nobody is paid for it." },
};

/** What the lead checks say. */
export const grades: Words<"accept" | "review" | "reject" | "retry"> = {
  accept: { title: "Accepted", tone: "good", says: "No check found a fault." },
  review: { title: "In review", tone: "warn", says: "A check asks the brand to look." },
  reject: { title: "Rejected", tone: "bad", says: "A check found a fault that rules it out." },
  retry: { title: "Being checked", tone: "plain", says: "A check has not answered yet." },
};

/** Where a contract is in its life. */
export const statuses: Words<ContractStatus> = {
  drafted: { title: "Draft", tone: "plain", says: "Its terms can still change." },
  offered: { title: "On offer", tone: "warn", says: "Waits for signatures." },
  running: { title: "Running", tone: "good", says: "Signed by both; links earn." },
  completed: { title: "Completed", tone: "info", says: "Over." },
  terminated: { title: "Ended early", tone: "info", says: "Over before its last day, by notice." },
  declined: { title: "Declined", tone: "bad", says: "One side said no; nothing was signed by both." },
  withdrawn: { title: "Withdrawn", tone: "plain", says: "Taken back before both had signed." },
  expired: { title: "Expired", tone: "plain", says: "Not signed by both in time." },
};

/** What became of one version of a contract's terms. */
export const versionStates: Words<
  "drafted" | "proposed" | "signed" | "replaced" | "declined" | "withdrawn" | "expired"
> = {
  drafted: statuses.drafted,
  proposed: { title: "On the table", tone: "warn", says: "Waits for signatures." },
  signed: { title: "Signed by both", tone: "good", says: "It holds." },
  replaced: { title: "Replaced", tone: "plain", says: "Other terms, or a notice, took its place." },
  declined: statuses.declined,
  withdrawn: statuses.withdrawn,
  expired: statuses.expired,
};

/** Why somebody says no to what is on the table. */
export const declines: Readonly<Record<DeclineReason, string>> = {
  pay: "The pay does not fit",
  terms: "The terms do not fit",
  dates: "The dates do not fit",
  "no-time": "No time for it",
  "not-a-fit": "Not a fit for me",
  other: "Other",
};

/** Why somebody ends a contract before its last day. */
export const notices: Readonly<Record<NoticeReason, string>> = {
  pay: "The pay",
  results: "The results",
  "plans-changed": "Plans have changed",
  breach: "The other side broke the contract",
  other: "Other",
};

/** What happened to a contract, as a sentence begun: "Counter-offer made". */
const contractEvents: Readonly<Record<string, string>> = {
  drafted: "Drafted",
  offered: "Offered",
  countered: "Other terms put on the table",
  "amendment-proposed": "Amendment proposed",
  signed: "Signed",
  started: "Signed by both: it runs",
  amended: "Amendment signed by both: it holds from its first day on",
  declined: "Declined",
  withdrawn: "Withdrawn",
  expired: "Expired unsigned",
  reminded: "Both sides reminded: it expires in",
  "notice-given": "Notice given, asking to end after",
  "notice-agreed": "Agreed to end after",
  terminated: "Ended early, after",
  completed: "Completed",
  "review-due": "Yearly review fell due",
  reviewed: "Yearly review held",
};

/** What happened to a contract. What we have no word for is shown as it is. */
export const contractEvent = (what: string): string =>
  Object.hasOwn(contractEvents, what) ? (contractEvents[what] ?? what) : sentence(what);

/** What happened to a conversion, as a sentence begun; what the clock did says why. */
const conversionEvents: Readonly<Record<string, string>> = {
  "judged-again": "Judged again, by what became known since",
  "matured-into-validated": "Proven",
  "matured-into-approved": "Approved: nobody objected within the days of review",
  "matured-into-payable": "Payable: its hold for refunds is over",
  "share-released": "What was held of the share was released",
};

/** What happened to a conversion. What we have no word for is shown as it is. */
export const conversionEvent = (what: string): string =>
  Object.hasOwn(conversionEvents, what) ? (conversionEvents[what] ?? what) : sentence(what);

/** How a touch came about. */
export const touches: Readonly<Record<"click" | "visit" | "cta" | "code" | "answer" | "view", string>> = {
  click: "Clicked a tracked link",
  visit: "Visited the page",
  cta: "Clicked a call to action",
  code: "Used a promo code",
  answer: "Answered a poll",
  view: "Saw it",
};

/** How a conversion reached us. */
export const ways: Readonly<Record<"page" | "server" | "import", string>> = {
  page: "Seen by the landing page",
  server: "Reported by the brand's server",
  import: "Imported as history",
};

/** Why a brand may reject. */
export const rejections: Readonly<
  Record<"duplicate" | "fake" | "out-of-criteria" | "unreachable" | "test" | "other", string>
> = {
  duplicate: "Duplicate: the same person again",
  fake: "Fake: not a real person",
  "out-of-criteria": "Out of criteria: not who the campaign asks for",
  unreachable: "Unreachable: could not be contacted",
  test: "Test: our own trial",
  other: "Other",
};

const lineCodes: Readonly<Record<string, string>> = {
  fixed: "Fixed",
  perResult: "Per result",
  share: "Share of value",
  tiered: "Tiered",
  bonus: "Bonus",
  cap: "Above the cap",
  proRata: "Fixed pay reduced",
  penalty: "Penalty",
  correction: "Correction",
  dispute: "Settled dispute",
  adjustment: "Agreed sum",
};

/** A code of a statement's line, said to a person. One we do not know is shown as it is. */
export const lineTitle = (code: string): string => (Object.hasOwn(lineCodes, code) ? (lineCodes[code] ?? code) : code);

const isReason = (code: string): code is Reason => Object.hasOwn(reasons, code);

/** Why a touch counted or not, as a sentence. */
export const touchReason = (code: string): string => (isReason(code) ? reasons[code] : code);

/** A code such as `approved-by-brand` as words: "Approved by brand". */
export const sentence = (code: string): string => {
  const words = code.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
