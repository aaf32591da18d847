import { HOUSE } from "../../shared/journey/touch.ts";
import { type Reason, reasons } from "../../shared/judge/journey.ts";
import type { VerdictPart } from "../app/shelves.ts";
import { tell, type Word } from "../app/words.ts";

const named =
  (words: Readonly<Record<string, Word>>) =>
  (code: string): string => {
    const word = words[code];
    return word ? tell(word) : code;
  };

/** A line of a statement by its code. */
export const lineName = named({
  fixed: "lineFixed",
  perResult: "linePerResult",
  share: "lineShare",
  tiered: "lineTiered",
  bonus: "lineBonus",
  correction: "lineCorrection",
  cap: "lineCap",
  proRata: "lineProRata",
  penalty: "linePenalty",
  dispute: "lineDispute",
  adjustment: "lineAdjustment",
});

/** The stage a conversion has come to. */
export const stageName = named({
  accrued: "stageAccrued",
  validated: "stageValidated",
  approved: "stageApproved",
  payable: "stagePayable",
  rejected: "stageRejected",
  reversed: "stageReversed",
  house: "stageHouse",
});

/** Whether a share counts. */
export const stateName = named({ counted: "stateCounted", pending: "statePending", rejected: "stateRejected" });

/** What lead checks found. */
export const gradeName = named({
  accept: "gradeAccept",
  review: "gradeReview",
  reject: "gradeReject",
  retry: "gradeRetry",
});

/** What kind of touch it was. */
export const touchName = named({
  click: "touchClick",
  visit: "touchVisit",
  cta: "touchCta",
  code: "touchCode",
  answer: "touchAnswer",
  view: "touchView",
});

const reasonName = named({
  counted: "reasonCounted",
  "before-window": "reasonBeforeWindow",
  "after-conversion": "reasonAfterConversion",
  "repeat-within-30-minutes": "reasonRepeat",
  "same-session": "reasonSameSession",
  "house-excluded": "reasonHouseExcluded",
  "view-not-counted": "reasonViewNotCounted",
  "before-earlier-conversion": "reasonBeforeEarlier",
} satisfies Record<Reason, Word>);

/** Who a payee is: the reader, the brand's own traffic, or somebody else as the server labels them. */
export const payeeName = (payee: string, part: VerdictPart): string => {
  if (payee === part.contract) return tell("you");
  if (payee === HOUSE) return tell("house");
  const number = /^other-(\d+)$/.exec(payee)?.[1];
  if (number) return tell("anotherInfluencer", number);
  return part.shares.find((it) => it.payee === payee)?.label ?? tell("someoneElse");
};

/** Why a touch counts or does not: by its code, or the sentence the server sent in its place. */
export const touchReason = (because: string): string => (because in reasons ? reasonName(because) : because);
