import { NOTICE_DAYS } from "./contract.ts";
import type { Terms } from "./terms.ts";
import { attributionClause } from "./wording.second.attribution.ts";
import { guaranteeClauses } from "./wording.second.guarantee.ts";
import { payClauses } from "./wording.second.pay.ts";
import { daysOf, listed, moneyIn, quoted } from "./wording.words.ts";

const cadences = {
  week: "A period is a week from Monday to Sunday; the first and the last may be shorter.",
  month: "A period is a calendar month; the first and the last may be shorter.",
  flight: "The whole time is one period.",
};

const time = ({ starts, ends, timeZone, period }: Terms): string =>
  `Time. From ${starts} to ${ends}, both days included, by the clock of ${timeZone}. ${cadences[period]}`;

const proofs = {
  verified: "counts once its lead checks accept it",
  confirmed: "counts once the brand's server, an import or the brand confirms it",
};

const results = ({ results: all }: Terms): readonly string[] =>
  Object.keys(all)
    .sort()
    .map((result) => `Result. A ${result} ${proofs[all[result]?.counts ?? "confirmed"]}.`);

const counting =
  "Counting. A result belongs to the period in which it happened. It counts by the share of it that is credited to the influencer and less what was refunded or taken back. A touch that becomes known later shares the result anew. What changes by a refund or by such a touch after the period was closed is taken off or added in the period then open, and what was paid already is netted from later payments.";

const quality = ({ quality: it }: Terms): readonly string[] => {
  const { require = [], minScore, regions = [], duplicateDays } = it ?? {};
  const said = [
    require.length > 0 ? `must give ${listed(require.map(quoted))}` : "",
    minScore === undefined ? "" : `must score at least ${minScore} of 100 in the lead checks`,
    regions.length > 0 ? `must come from ${listed(regions.map(quoted), "or")}` : "",
    duplicateDays === undefined ? "" : `counts once for the same person within ${daysOf(duplicateDays)}`,
  ].filter((part) => part !== "");
  return said.length > 0 ? [`Quality. A lead ${listed(said)}.`] : [];
};

const review = ({ timing: it }: Terms): string => {
  const silence =
    it.silence === "approve"
      ? "what it has not decided by then is approved"
      : "what it has not decided waits until it does";
  return `Review. The brand reviews each result, and each statement of a closed period, within ${daysOf(it.reviewDays)}; ${silence}.`;
};

const payment = ({ timing, payout, currency }: Terms): string => {
  const minimum =
    payout === undefined
      ? ""
      : ` Less than ${moneyIn(currency)(payout.minimumMinor)} is carried to the next period; from the end of the last period on there is no minimum: a minimum delays money, it never keeps it.`;
  return `Payment. Approved money is held for ${daysOf(timing.holdDays)} and is then payable, once its period is closed.${minimum} What is owed by the influencer is netted from what they earn later.`;
};

/** Who gets what is disputed when a deadline passes in silence: as the terms say, or else as silence is taken in review. */
const silenceGives = ({ disputes, timing }: Terms): string =>
  disputes?.silence
    ? `the amount in dispute goes to the ${disputes.silence}`
    : `money that is held goes to the ${timing.silence === "approve" ? "influencer" : "brand"}, and a claim to more than was stated falls`;

const disputes = (terms: Terms): string => {
  const { answerDays = 7, proposalDays = 7, mediatorDays = 30, mediator } = terms.disputes ?? {};
  const who = mediator === undefined ? "a mediator whom both sides name" : quoted(mediator);
  return `Disputes. Either side may dispute a result, a statement or the contract within ${daysOf(terms.timing.disputeDays)}. Only the amount in dispute is held; everything else is paid. The other side answers within ${daysOf(answerDays)}, either side proposes a settlement within ${daysOf(proposalDays)}, and if that fails ${who} decides within ${daysOf(mediatorDays)}. When one of these deadlines passes in silence, ${silenceGives(terms)}.`;
};

const ending = ({ timing }: Terms): string =>
  `Ending. Either side may end this contract early by a notice of ${daysOf(timing.noticeDays ?? NOTICE_DAYS)}; with the consent of the other side it ends on any earlier day named in the notice. What was earned until the last day stays earned.`;

const changes =
  "Changes. These terms change only by a new version that both sides have signed. It takes effect on the first day of a period, or on a later day of a contract that is one period, and never in the past; what happened before is judged and paid by the version of its time.";

const duties = ({ requires: it }: Terms): readonly string[] => [
  ...((it?.courses ?? []).length > 0
    ? [`Courses. Before the first link works, the influencer completes ${listed((it?.courses ?? []).map(quoted))}.`]
    : []),
  ...(it?.disclosure ? [`Disclosure. Every post carries ${quoted(it.disclosure)}.`] : []),
];

/** The wording `2026-11-2`. Once contracts have been read in it, it is kept letter by letter. */
export const secondWordingOf = (terms: Terms): readonly string[] => [
  time(terms),
  ...results(terms),
  counting,
  attributionClause(terms),
  ...quality(terms),
  ...payClauses(terms),
  ...guaranteeClauses(terms),
  review(terms),
  payment(terms),
  disputes(terms),
  ...duties(terms),
  changes,
  ending(terms),
  "Signature. Both sides agree to sign electronically. This is a simple electronic signature, and no advanced or qualified one.",
];
