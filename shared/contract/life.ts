import { type Decider, ok, type Result, refuse } from "../kit/shape.ts";
import { addDays, DAY_MS, HOUR_MS } from "../kit/time.ts";
import { checkAmendment } from "./amendment.ts";
import type { ContractCommand } from "./command.ts";
import {
  type ContractFact,
  type ContractState,
  MOST_VERSIONS,
  NOTICE_DAYS,
  noContract,
  OFFER_DAYS,
  otherParty,
  overAt,
  type Party,
  type Proposal,
  reviewAt,
  type SignedVersion,
  todayOf,
  versionAt,
} from "./contract.ts";
import { evolve } from "./evolve.ts";
import { wordingVersion } from "./wording.ts";

type Facts = Result<readonly ContractFact[]>;
type Decide<Name extends ContractCommand["type"]> = (
  state: ContractState,
  command: Extract<ContractCommand, { type: Name }>,
) => Facts;

const called: Readonly<Record<Party, string>> = { brand: "the brand", influencer: "the influencer" };
const notRunning = (doing: string) =>
  refuse("contract-not-running", `Only a running contract, signed by both sides, can be ${doing}.`);

const draft: Decide<"draft"> = (state, { type: _, ...drafted }) => {
  if (state.status !== "none" && state.status !== "drafted")
    return refuse("contract-not-draft", "This contract has been offered, so its terms can no longer change.");
  if (state.status === "drafted" && (state.campaign !== drafted.campaign || state.influencer !== drafted.influencer))
    return refuse(
      "contract-not-draft",
      "A draft stays with its campaign and influencer; draft another contract instead.",
    );
  if (state.status === "drafted" && state.termsHash === drafted.termsHash) return ok([]);
  return ok([{ type: "contract-drafted", ...drafted, version: state.latest + 1 }]);
};

const standsUntil = (at: number, days = OFFER_DAYS): number => at + days * DAY_MS;

const offer: Decide<"offer"> = (state, { at, days }) => {
  if (state.status === "offered") return ok([]);
  if (state.status !== "drafted") return refuse("contract-not-draft", "Only a drafted contract can be offered.");
  const { contract, version } = state;
  const expiresAt = standsUntil(at, days);
  return ok([{ type: "contract-offered", contract, version, at, expiresAt, wording: wordingVersion }]);
};

const isStale = ({ expiresAt }: Proposal, at: number): boolean => expiresAt !== null && expiresAt <= at;

/** What is on the table at an instant, or why nothing can be said to it. */
const tabled = (state: ContractState, at: number): Result<Proposal> => {
  if (!state.proposal)
    return refuse("contract-not-offered", "Nothing is on the table here: no offer, and no amendment to answer.");
  if (isStale(state.proposal, at))
    return refuse("offer-expired", "This offer has expired, so it can no longer be answered. Ask for a new one.");
  return ok(state.proposal);
};

const signedLast = (state: ContractState): SignedVersion | undefined => state.versions.at(-1);

/** May these terms be what the contract becomes? An amendment has rules of its own; a first offer has none. */
const mayFollow = (state: ContractState, terms: Proposal["terms"], at: number): Result<null> => {
  const last = signedLast(state);
  return last ? checkAmendment(last, terms, at) : ok(null);
};

type Proposing = Extract<ContractCommand, { type: "counter" | "amend" }>;

const put = (
  state: ContractState,
  type: "contract-countered" | "contract-amendment-proposed",
  it: Proposing,
): Facts => {
  const { by, terms, termsHash, at, days } = it;
  const follows = mayFollow(state, terms, at);
  if (!follows.ok) return follows;
  const expiresAt = standsUntil(at, days);
  const version = state.latest + 1;
  if (version > MOST_VERSIONS)
    return refuse("too-many-proposals", "There have been enough versions of these terms. Draft another contract.");
  const { contract } = state;
  return ok([{ type, contract, version, by, terms, termsHash, at, expiresAt, wording: wordingVersion }]);
};

const counter: Decide<"counter"> = (state, command) => {
  const on = tabled(state, command.at);
  if (!on.ok) return on;
  if (on.value.termsHash !== command.termsHash) return put(state, "contract-countered", command as Proposing);
  if (on.value.by === command.by) return ok([]);
  return refuse("terms-not-changed", "These are the very terms on the table. Sign them, or change something.");
};

const amend: Decide<"amend"> = (state, command) => {
  const { proposal, notice } = state;
  if (state.status !== "running") return notRunning("amended");
  if (notice)
    return refuse("contract-ending", "Notice has been given, so this contract ends. Draft another one for afterwards.");
  if (!proposal) return put(state, "contract-amendment-proposed", command as Proposing);
  if (isStale(proposal, command.at)) {
    const expired = expiry(state, proposal);
    const proposed = put(state, "contract-amendment-proposed", command as Proposing);
    return proposed.ok ? ok([expired, ...proposed.value]) : proposed;
  }
  if (proposal.by === command.by && proposal.termsHash === command.termsHash) return ok([]);
  return refuse(
    "proposal-on-table",
    `An amendment by ${called[proposal.by]} is on the table. Sign, decline, counter or withdraw it first.`,
  );
};

const signing = (state: ContractState, on: Proposal, it: Extract<ContractCommand, { type: "sign" }>): ContractFact => ({
  type: "contract-signed",
  contract: state.contract,
  version: on.version,
  by: it.by,
  termsHash: on.termsHash,
  wording: on.wording,
  ...it.evidence,
  consent: it.consent,
});

const sign: Decide<"sign"> = (state, command) => {
  const { by, termsHash, at } = command;
  if (!state.proposal && state.versions.length > 0 && state.termsHash === termsHash) return ok([]);
  const on = tabled(state, at);
  if (!on.ok) return on;
  if (on.value.termsHash !== termsHash)
    return refuse(
      "terms-changed",
      "The terms on offer are not the ones you read. Open the contract again, read it, and sign that.",
    );
  if (on.value.signedBy.includes(by)) return ok([]);
  const follows = mayFollow(state, on.value.terms, at);
  if (!follows.ok) return follows;
  const signed = signing(state, on.value, command);
  if (on.value.signedBy.length === 0) return ok([signed]);
  const { contract } = state;
  const type = state.versions.length === 0 ? "contract-started" : "contract-amended";
  return ok([signed, { type, contract, version: on.value.version, at }]);
};

const decline: Decide<"decline"> = (state, { by, reason, at }) => {
  if (state.status === "declined") return ok([]);
  const on = tabled(state, at);
  if (!on.ok) return on;
  if (on.value.by === by)
    return refuse("own-proposal", "This is your own proposal. Withdraw it, or put other terms in its place.");
  if (on.value.signedBy.includes(by))
    return refuse("already-signed", `You have signed this. Only ${called[on.value.by]} can still withdraw it.`);
  return ok([{ type: "contract-declined", contract: state.contract, version: on.value.version, by, reason }]);
};

const withdraw: Decide<"withdraw"> = (state, { by, at }) => {
  if (state.status === "withdrawn") return ok([]);
  const on = tabled(state, at);
  if (!on.ok) return on;
  if (on.value.by !== by)
    return refuse("not-own-proposal", `Only ${called[on.value.by]}, who proposed this, can withdraw it. Decline it.`);
  return ok([{ type: "contract-withdrawn", contract: state.contract, version: on.value.version, by }]);
};

const expiry = ({ contract }: ContractState, { version }: Proposal): ContractFact => ({
  type: "contract-expired",
  contract,
  version,
});

const expire: Decide<"expire"> = (state, { version, at }) => {
  const { proposal } = state;
  if (proposal?.version !== version) return ok([]);
  return isStale(proposal, at) ? ok([expiry(state, proposal)]) : refuse("too-early", "This offer still stands.");
};

const remind: Decide<"remind"> = (state, { version, hours, at }) => {
  const { proposal, contract } = state;
  if (!proposal || proposal.version !== version || proposal.expiresAt === null) return ok([]);
  if (proposal.reminded.includes(hours)) return ok([]);
  if (isStale(proposal, at)) return ok([expiry(state, proposal)]);
  if (at < proposal.expiresAt - hours * HOUR_MS) return refuse("too-early", "It is too early for this reminder.");
  return ok([{ type: "contract-reminded", contract, version, hours }]);
};

const badDay = (because: string) => refuse("bad-last-day", because);

const terminate: Decide<"terminate"> = (state, { by, lastDay: asked, at, reason }) => {
  const last = signedLast(state);
  if (state.status !== "running" || !last) return notRunning("ended by notice");
  if (state.notice?.by === by && state.notice.lastDay === asked) return ok([]);
  const today = todayOf(last.terms, at);
  const ends = state.lastDay ?? last.terms.ends;
  if (asked < today) return badDay(`A contract cannot end in the past; today is ${today} where it is kept.`);
  if (asked >= ends) return badDay(`This contract ends on ${ends} as it is. Name an earlier day, or let it end.`);
  const { noticeDays = NOTICE_DAYS } = (versionAt(state, at) ?? last).terms.timing;
  const soonest = addDays(today, noticeDays);
  const byItself = asked < soonest ? soonest : asked;
  const lastDay = byItself < ends ? byItself : state.lastDay;
  const given = { type: "contract-notice-given", contract: state.contract, by, asked, lastDay, at } as const;
  return ok([{ ...given, ...(reason && { reason }) }]);
};

const agree: Decide<"agree"> = (state, { by, at }) => {
  const { notice, contract } = state;
  const last = signedLast(state);
  if (state.status !== "running" || !last) return notRunning("ended by notice");
  if (!notice) return refuse("no-notice", "Nobody has given notice here, so there is nothing to agree to.");
  if (notice.by === by)
    return refuse("own-notice", `You gave this notice yourself; ${called[otherParty(by)]} may agree to it.`);
  if (state.lastDay === notice.lastDay) return ok([]);
  if (notice.lastDay < todayOf(last.terms, at))
    return badDay(`The day asked for, ${notice.lastDay}, is over. The notice runs on without your consent.`);
  return ok([{ type: "contract-notice-agreed", contract, by, lastDay: notice.lastDay }]);
};

const complete: Decide<"complete"> = (state, { at }) => {
  if (state.status === "completed" || state.status === "terminated") return ok([]);
  const over = overAt(state);
  const last = signedLast(state);
  if (state.status !== "running" || over === undefined || !last) return notRunning("completed");
  const { contract, lastDay } = state;
  if (at < over) {
    const until = todayOf(last.terms, over - 1);
    return refuse(
      "contract-not-over",
      `This contract runs until the end of ${until}, time to make results good included; it can be completed after that.`,
    );
  }
  return ok([
    lastDay === null ? { type: "contract-completed", contract } : { type: "contract-terminated", contract, lastDay },
  ]);
};

const askReview: Decide<"ask-review"> = (state, { year, at }) => {
  if (state.status !== "running" || state.review.year >= year) return ok([]);
  if (at < (reviewAt(state, year) ?? Number.POSITIVE_INFINITY))
    return refuse("too-early", "It is too early for this review.");
  return ok([{ type: "contract-review-due", contract: state.contract, year }]);
};

const review: Decide<"review"> = (state, { by }) => {
  if (state.status !== "running") return notRunning("reviewed");
  const { year, due } = state.review;
  if (due) return ok([{ type: "contract-reviewed", contract: state.contract, by, year }]);
  return year > 0
    ? ok([])
    : refuse("review-not-due", "A contract is reviewed once a year; the first review is not due yet.");
};

const decisions = {
  draft,
  offer,
  counter,
  amend,
  sign,
  decline,
  withdraw,
  expire,
  remind,
  terminate,
  agree,
  complete,
  "ask-review": askReview,
  review,
} satisfies { [Name in ContractCommand["type"]]: Decide<Name> };

/**
 * The life of a contract: drafted and redrafted, offered, countered, signed by both, running, amended, ended by notice or
 * by its last day; or declined, withdrawn, expired. Asking again for what is already so changes nothing.
 */
export const contractLife: Decider<ContractState, ContractCommand, ContractFact> = {
  initial: noContract,
  decide: (state, command) => decisions[command.type](state, command as never),
  evolve,
};
