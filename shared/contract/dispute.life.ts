import { type Decider, ok, present, type Result, refuse } from "../kit/shape.ts";
import { HOUR_MS } from "../kit/time.ts";
import { otherParty } from "./contract.ts";
import { adjustmentOf, allFor, isReasonOf, MOST_MISSING_MINOR, type Split, splitOf } from "./dispute.item.ts";
import {
  type DisputeCommand,
  type DisputeEnding,
  type DisputeFact,
  type DisputeState,
  type MediatorKeys,
  noDispute,
} from "./dispute.ts";

/** The most proposals one dispute may see: then one is accepted, or a mediator asked. */
export const MOST_PROPOSALS = 20;

type Decide<Name extends DisputeCommand["type"]> = (
  state: DisputeState,
  command: Extract<DisputeCommand, { type: Name }>,
) => Result<readonly DisputeFact[]>;

const notYourTurn = (because: string) => refuse("not-your-turn", because);

/** Refuses what comes after the end, and after a deadline: from then on only the default outcome is left. */
const inTime = ({ until }: DisputeState, at: number): Result<null> => {
  if (until === null) return refuse("dispute-over", "This dispute is resolved; nothing more can be done about it.");
  if (at < until) return ok(null);
  return refuse("deadline-passed", "The time for this is over, so what the terms say for silence applies.");
};

const wasRefused = ({ opener, amountMinor, reason, explained }: Extract<DisputeCommand, { type: "open" }>) => {
  if (!isReasonOf(opener, reason))
    return refuse("bad-reason", `The ${opener} cannot dispute for the reason ${reason}.`);
  if (reason === "other" && !explained)
    return refuse("text-missing", "The reason other says nothing by itself: write what is wrong.");
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1)
    return refuse("bad-amount", "The disputed amount is a whole number of minor units, at least 1.");
  return undefined;
};

const tooMuch = ({ opener, amountMinor, mostMinor }: Extract<DisputeCommand, { type: "open" }>) => {
  const most = Math.max(0, opener === "brand" ? mostMinor : Math.min(mostMinor, MOST_MISSING_MINOR));
  if (amountMinor <= most) return undefined;
  return opener === "brand"
    ? refuse("more-than-worth", `Of this item ${most} minor units can be disputed, so no more can be held.`)
    : refuse("more-than-possible", `At most ${most} minor units can be missing here.`);
};

const open: Decide<"open"> = (state, command) => {
  const { type: _, at, lastMoment, mostMinor: __, explained: ___, before, ...opened } = command;
  if (state.status !== "none") return refuse("already-disputed", "This dispute is open already.");
  const refusal = wasRefused(command);
  if (refusal) return refusal;
  if (before.open) return refuse("already-disputed", "This is disputed already; answer there.");
  if (before.bySameSide)
    return refuse("already-disputed", "You have disputed this before, and it was resolved. That stands.");
  if (at > lastMoment)
    return refuse("too-late-to-dispute", "The days in which the terms let this be disputed are over.");
  return tooMuch(command) ?? ok([{ type: "dispute-opened", ...opened, until: at + opened.rules.answerMs }]);
};

const answer: Decide<"answer"> = (state, { party, at }) => {
  const { dispute, status, opener, replied, rules } = state;
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  if (party !== opener && status === "opened")
    return ok([{ type: "dispute-answered", dispute, until: at + rules.proposalMs }]);
  if (party !== opener) return refuse("already-answered", "You have answered this dispute; each side answers once.");
  if (status === "opened") return notYourTurn("The other side has not answered yet.");
  if (status === "escalated") return notYourTurn("The mediator has this dispute now.");
  if (replied) return refuse("already-answered", "You have replied to the answer; each side does so once.");
  return ok([{ type: "dispute-replied", dispute }]);
};

const same = (one: Split | undefined, other: Split): boolean =>
  one?.brandMinor === other.brandMinor && one.influencerMinor === other.influencerMinor;

const propose: Decide<"propose"> = (state, { party, at, split }) => {
  const { dispute, status, proposals, rules, amountMinor } = state;
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  if (status === "opened") return notYourTurn("Proposals follow the other side's answer.");
  if (status === "escalated") return notYourTurn("The mediator has this dispute now.");
  const asked = splitOf(amountMinor, split);
  if (!asked.ok) return asked;
  const last = proposals.at(-1);
  if (last?.party === party && same(last, asked.value)) return ok([]);
  if (last?.party === party) return notYourTurn("Your last proposal waits for the other side.");
  if (proposals.length >= MOST_PROPOSALS)
    return refuse("too-many-proposals", "There have been enough proposals: accept the last one, or ask the mediator.");
  return ok([{ type: "dispute-proposed", dispute, party, ...asked.value, until: at + rules.proposalMs }]);
};

const ended = (state: DisputeState, how: DisputeEnding, split: Split, worthMinor: number): readonly DisputeFact[] => [
  {
    type: "dispute-resolved",
    dispute: state.dispute,
    how,
    brandMinor: split.brandMinor,
    influencerMinor: split.influencerMinor,
    adjustmentMinor: adjustmentOf(state.opener, split, worthMinor),
  },
];

const accept: Decide<"accept"> = (state, { party, at, proposal, worthMinor }) => {
  const { status, proposals, outcome } = state;
  const last = proposals.at(-1);
  const isLast = proposal === proposals.length - 1;
  if (outcome?.how === "accepted" && isLast && last?.party !== party) return ok([]);
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  if (status !== "proposed" || !last) return notYourTurn("There is no proposal to accept.");
  if (!isLast)
    return refuse("proposal-changed", "There is a newer proposal. Read that one, and accept it if you agree.");
  if (last.party === party) return notYourTurn("This proposal is yours; it waits for the other side.");
  return ok(ended(state, "accepted", last, worthMinor));
};

const escalate: Decide<"escalate"> = (state, { party, at, keys }) => {
  const { dispute, status, rules } = state;
  if (status === "escalated" && inTime(state, at).ok) return ok([]);
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  if (status === "opened") return notYourTurn("The mediator is asked after the other side has answered.");
  return ok([{ type: "dispute-escalated", dispute, party, keys, until: at + rules.mediatorMs }]);
};

const withdraw: Decide<"withdraw"> = (state, { party, at }) => {
  if (party !== state.opener)
    return notYourTurn("Only the side that opened a dispute can withdraw it. You can concede.");
  if (state.outcome?.how === "withdrawn") return ok([]);
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  return ok(ended(state, "withdrawn", allFor(otherParty(state.opener), state.amountMinor), 0));
};

const concede: Decide<"concede"> = (state, { party, at, worthMinor }) => {
  if (party === state.opener) return notYourTurn("Only the other side can concede. You can withdraw.");
  if (state.outcome?.how === "conceded") return ok([]);
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  return ok(ended(state, "conceded", allFor(state.opener, state.amountMinor), worthMinor));
};

const holdsBoth = (keys: MediatorKeys | null, given: readonly string[]): boolean =>
  keys !== null && given.length === 2 && given.includes(keys.brand) && given.includes(keys.influencer);

const decide: Decide<"decide"> = (state, { at, keys, split, worthMinor }) => {
  if (!holdsBoth(state.keys, keys))
    return refuse("wrong-key", "A decision takes both halves of the mediator's key, one from each side.");
  const asked = splitOf(state.amountMinor, split);
  if (!asked.ok) return asked;
  if (state.outcome?.how === "decided" && same(state.outcome, asked.value)) return ok([]);
  const timely = inTime(state, at);
  if (!timely.ok) return timely;
  return ok(ended(state, "decided", asked.value, worthMinor));
};

const remind: Decide<"remind"> = ({ dispute, until }, { at, hours }) =>
  until !== null && until - hours * HOUR_MS <= at && at < until
    ? ok([{ type: "dispute-reminded", dispute, hours, until }])
    : ok([]);

const lapse: Decide<"lapse"> = (state, { at, worthMinor }) => {
  if (state.until === null) return ok([]);
  if (at < state.until) return refuse("not-due-yet", "There is still time to act on this dispute.");
  return ok(ended(state, "silence", allFor(state.rules.silence, state.amountMinor), worthMinor));
};

const ease: Decide<"ease"> = ({ dispute, outcome }, { worthMinor }) => {
  if (outcome === null) return ok([]);
  const takenMinor = -outcome.adjustmentMinor - outcome.easedMinor;
  const backMinor = takenMinor - Math.max(0, worthMinor);
  return ok(takenMinor > 0 && backMinor > 0 ? [{ type: "dispute-eased", dispute, backMinor }] : []);
};

const decisions = {
  open,
  answer,
  propose,
  accept,
  escalate,
  withdraw,
  concede,
  decide,
  remind,
  lapse,
  ease,
} satisfies {
  [Name in DisputeCommand["type"]]: Decide<Name>;
};

const evolve = (state: DisputeState, fact: DisputeFact): DisputeState => {
  switch (fact.type) {
    case "dispute-opened": {
      const { type: _, ...opened } = fact;
      return { ...noDispute, ...opened, status: "opened" };
    }
    case "dispute-answered":
      return { ...state, status: "answered", until: fact.until };
    case "dispute-replied":
      return { ...state, replied: true };
    case "dispute-proposed": {
      const { party, brandMinor, influencerMinor, until } = fact;
      return {
        ...state,
        status: "proposed",
        until,
        proposals: [...state.proposals, { party, brandMinor, influencerMinor }],
      };
    }
    case "dispute-escalated":
      return { ...state, status: "escalated", keys: fact.keys, until: fact.until };
    case "dispute-reminded":
      return state;
    case "dispute-resolved": {
      const { type: _, dispute: __, ...outcome } = fact;
      return { ...state, status: "resolved", until: null, outcome: { ...outcome, easedMinor: 0 } };
    }
    case "dispute-eased": {
      const outcome = present(state.outcome, "the outcome of a resolved dispute");
      return { ...state, outcome: { ...outcome, easedMinor: outcome.easedMinor + fact.backMinor } };
    }
  }
};

/**
 * The life of a dispute: opened, answered by the other side (to which the opener may reply once), proposals back and forth,
 * then one accepted, or the mediator asked, and resolved by a split of the amount. At any time the opener may withdraw and
 * the other side concede. When a deadline passes in silence, whoever's turn it was, the whole amount goes to the side the
 * terms name for silence: nobody wins or loses merely for having been the silent one. When what was taken for an item is
 * more than is left of it after a later refund, the difference is given back (`ease`), so that nothing is taken twice.
 * Asking again for what is already so changes nothing. `directionOf` says what the amount means.
 */
export const disputeLife: Decider<DisputeState, DisputeCommand, DisputeFact> = {
  initial: noDispute,
  decide: (state, command) => decisions[command.type](state, command as never),
  evolve,
};
