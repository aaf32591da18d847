import { type Reason, reasons } from "../../../shared/judge/journey.ts";
import type { Contract } from "./wire.ts";

/** How a word of the wire is said to a person, and in which tone. */
export interface Word {
  readonly title: string;
  readonly tone: "plain" | "good" | "warn" | "bad" | "info";
  readonly says: string;
}

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
  payable: { title: "Payable", tone: "good", says: "Past its hold: falls due when its period closes." },
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
export const statuses: Words<Contract["status"]> = {
  drafted: { title: "Draft", tone: "plain", says: "Its terms can still change." },
  offered: { title: "On offer", tone: "warn", says: "Waits for signatures; its terms are fixed." },
  running: { title: "Running", tone: "good", says: "Signed by both; links earn." },
  completed: { title: "Completed", tone: "info", says: "Over." },
  terminated: { title: "Ended early", tone: "info", says: "Ended by notice, before its last day." },
  declined: { title: "Declined", tone: "bad", says: "The side it was offered to said no." },
  withdrawn: { title: "Withdrawn", tone: "plain", says: "Taken back by the side that proposed it." },
  expired: { title: "Expired", tone: "plain", says: "Nobody signed it in time." },
};

/** How a touch came about. */
export const touches: Readonly<Record<"click" | "visit" | "cta" | "code" | "answer", string>> = {
  click: "Clicked a tracked link",
  visit: "Visited the page",
  cta: "Clicked a call to action",
  code: "Used a promo code",
  answer: "Answered a poll",
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
  correction: "Correction",
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
