import { moment, money } from "./figures.ts";
import { reworded } from "./reworded.ts";
import type { Debt, DisputePage, DisputeRow, Payout, Waiting } from "./wire.money.ts";
import { sentence, type Word } from "./words.ts";

type Words<Name extends string> = Readonly<Record<Name, Word>>;

/** Where a dispute is in its life. */
export const disputeStatuses: Words<DisputeRow["status"]> = {
  opened: { title: "Opened", tone: "warn", says: "Waits for the other side's answer." },
  answered: { title: "Answered", tone: "warn", says: "Both have spoken; either may propose a split." },
  proposed: {
    title: "Split proposed",
    tone: "warn",
    says: "Waits for the other side to accept, or to propose another.",
  },
  escalated: { title: "With the mediator", tone: "info", says: "A mediator decides how to split the amount." },
  resolved: { title: "Resolved", tone: "good", says: "Over; what came of it stands." },
};

/** Why money is disputed, in words. */
export const disputeReasons: Readonly<Record<DisputeRow["reason"], string>> = {
  "not-a-real-lead": "Not a real lead",
  "wrong-attribution": "Credited to the wrong people",
  duplicate: "The same person again",
  refunded: "Refunded",
  "disclosure-missing": "The advertising was not disclosed",
  "terms-breached": "The terms were not kept",
  "wrong-amount": "The amount is wrong",
  "lead-wrongly-rejected": "A lead was wrongly rejected",
  "missing-results": "Results are missing",
  "penalty-unfair": "The penalty is unfair",
  other: "Something else",
};

/** How a dispute ended. */
export const disputeEndings: Readonly<Record<NonNullable<DisputeRow["outcome"]>["how"], string>> = {
  accepted: "Both agreed on a split.",
  decided: "The mediator decided.",
  withdrawn: "Whoever opened it took it back.",
  conceded: "The other side gave in.",
  silence: "The deadline passed and nobody moved, so the terms decided.",
};

/** What happened to a dispute. */
const disputeEvents: Readonly<Record<string, string>> = {
  opened: "opened the dispute",
  answered: "answered",
  replied: "replied",
  proposed: "proposed a split",
  escalated: "asked the mediator",
  resolved: "resolved it",
  eased: "was refunded since, so a part was given back",
};

/** What somebody did in a dispute, as a verb. */
export const disputeEvent = (what: string): string => disputeEvents[what] ?? sentence(what).toLowerCase();

/** What a dispute is about, in a few words. */
export const disputeItem = ({ item }: Pick<DisputeRow, "item">): string => {
  if (item.kind === "conversion") return "a result";
  return item.kind === "statement" ? `statement no. ${item.period + 1}` : "the whole contract";
};

type Sides = Pick<DisputeRow, "brandName" | "influencerName">;

/** What either side, or the mediator, is called. */
export const nameOf = ({ brandName, influencerName }: Sides, who: DisputePage["you"]): string => {
  if (who === "mediator") return "the mediator";
  return who === "brand" ? brandName : influencerName;
};

/** Where a payout is in its life. */
export const payoutStatuses: Words<Payout["status"]> = {
  made: { title: "Made", tone: "plain", says: "In a batch; whoever pays is not known to have it yet." },
  sent: { title: "On its way", tone: "info", says: "Handed over to be paid; nobody has said yet that it arrived." },
  settled: { title: "Paid", tone: "good", says: "It arrived." },
  failed: { title: "Failed", tone: "bad", says: "It could not be paid; the money is payable again." },
  returned: { title: "Came back", tone: "bad", says: "It came back; the money is payable again." },
  unclaimed: {
    title: "Unclaimed",
    tone: "bad",
    says: "Nobody claimed it for thirty days; the money is payable again.",
  },
};

/** A payout nobody has heard of for thirty days. */
export const overdueWord: Word = {
  title: "Overdue",
  tone: "warn",
  says: "Sent thirty days ago, and nobody has said whether it arrived.",
};

/** How money is paid. */
export const railNames: Readonly<Record<Payout["rail"], string>> = { bank: "Bank transfer (SEPA)", manual: "By hand" };

/** The file of a batch, by its rail. */
export const railFiles = {
  bank: { name: "bank file (XML)", ending: "xml" },
  manual: { name: "CSV", ending: "csv" },
} as const;

/** Why money waits. */
export const waitingWords: Words<Waiting["code"]> = {
  "no-details": { title: "No details yet", tone: "warn", says: "It is not known where to pay." },
  "details-changed": {
    title: "Details changed",
    tone: "warn",
    says: "Where to pay was changed less than 72 hours ago.",
  },
  "rail-refuses": { title: "Cannot go this way", tone: "bad", says: "This way of paying does not reach them." },
  held: { title: "Disputed", tone: "warn", says: "A dispute holds it." },
  "not-funded": { title: "Not funded", tone: "warn", says: "The deposit does not cover it." },
  "below-minimum": { title: "Below the minimum", tone: "plain", says: "Carried over until it is worth a payout." },
  owes: { title: "Owed", tone: "bad", says: "Paid too much before; taken out of what is earned next." },
};

/** Why money waits, as a sentence in the reader's own figures. */
export const waitingBecause = ({ code, amountMinor, currency, until, because }: Waiting): string => {
  const amount = money(amountMinor, currency);
  if (code === "details-changed" && until !== null)
    return `${amount} waits until ${moment(until)}: where to pay it was changed less than 72 hours before.`;
  return reworded(because, currency);
};

/** How old a debt is. */
export const debtAges: Readonly<Record<Debt["age"], string>> = {
  "0-30": "Up to 30 days",
  "31-60": "31 to 60 days",
  "61-90": "61 to 90 days",
  "90+": "More than 90 days",
};

/** What happened to a payout, by whom. */
export const payoutEvents: Readonly<Record<string, string>> = {
  made: "Put in a batch",
  sent: "Handed over to be paid",
  overdue: "Thirty days without news",
  settled: "Arrived",
  failed: "Failed",
  returned: "Came back",
  unclaimed: "Taken back, unclaimed",
};
