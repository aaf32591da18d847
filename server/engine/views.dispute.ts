import { directionOf, itemKey } from "../../shared/contract/dispute.item.ts";
import { disputeLife } from "../../shared/contract/dispute.life.ts";
import {
  type DisputeFact,
  type DisputeState,
  disputeReminderHours,
  heldMinorOf,
} from "../../shared/contract/dispute.ts";
import type { Entry, Fact, FactType } from "../../shared/fact.ts";
import { must } from "../../shared/kit/shape.ts";
import { HOUR_MS } from "../../shared/kit/time.ts";
import { type Book, type Fold, put, read } from "./book.ts";
import type { DisputeDoc } from "./shapes.dispute.ts";
import { atKey } from "./shapes.ts";
import { adjusted, holdChanged } from "./views.account.ts";
import { disputedOf, levelsOf } from "./worth.ts";

type Told = Entry<Extract<Fact, { type: DisputeFact["type"] }>>;

/** The keys of a deadline and of the reminders before it; a reminder whose time has passed already is not given. */
const dueKeys = (dispute: string, until: number, now: number): readonly string[] => [
  ...disputeReminderHours
    .map((hours) => ({ hours, at: until - hours * HOUR_MS }))
    .filter(({ at }) => at > now)
    .map(({ hours, at }) => `due/${atKey(at)}/dispute-reminder/${dispute}/${hours}`),
  `due/${atKey(until)}/dispute-deadline/${dispute}`,
];

const remaining = (before: DisputeDoc, { at, fact }: Told): readonly string[] => {
  if (fact.type === "dispute-reminded")
    return before.due.filter((key) => !key.endsWith(`/dispute-reminder/${fact.dispute}/${fact.hours}`));
  if ("until" in fact) return dueKeys(fact.dispute, fact.until, at);
  return fact.type === "dispute-resolved" ? [] : before.due;
};

const setDue = (book: Book, before: readonly string[], after: readonly string[]): void => {
  for (const old of before) if (!after.includes(old)) book.put(old, null);
  for (const fresh of after) if (!before.includes(fresh)) book.put(fresh, {});
};

/** What money a dispute holds, and has taken, once a fact is drawn in. */
const takenMinorOf = ({ outcome }: DisputeState): number =>
  outcome === null ? 0 : Math.max(0, -outcome.adjustmentMinor) - outcome.easedMinor;

const own = ({ dispute, opener, until }: DisputeState) => ({
  open: until === null ? null : dispute,
  [opener]: dispute,
});

const setDisputed = async (book: Book, before: DisputeState, after: DisputeState): Promise<void> => {
  for (const level of levelsOf(after.item, after.period)) {
    const key = itemKey(level);
    const doc = await disputedOf(book, level);
    put(book, `disputed/${key}`, {
      ...doc,
      heldMinor: doc.heldMinor + heldMinorOf(after) - heldMinorOf(before),
      takenMinor: doc.takenMinor + takenMinorOf(after) - takenMinorOf(before),
      ...(key === itemKey(after.item) && own(after)),
    });
  }
};

const aboutOf = ({ item, reason }: DisputeState): string => {
  const about = { conversion: "a result", statement: "a statement", contract: "the contract" }[item.kind];
  return `dispute about ${about} (${reason})`;
};

const moveMoney = async (book: Book, before: DisputeState, after: DisputeState, { at, fact }: Told): Promise<void> => {
  const { contract } = after.item;
  const heldMinor = heldMinorOf(after) - heldMinorOf(before);
  if (heldMinor !== 0) await holdChanged(book, contract, heldMinor);
  const adjust = (id: string, amountMinor: number, because: string) =>
    adjusted(book, contract, { id, at, amountMinor, code: "dispute", because });
  if (fact.type === "dispute-resolved" && fact.adjustmentMinor !== 0)
    await adjust(fact.dispute, fact.adjustmentMinor, `${aboutOf(after)}, ${fact.how}`);
  if (fact.type === "dispute-eased")
    await adjust(
      `${fact.dispute}:eased-${at}`,
      fact.backMinor,
      `${aboutOf(after)}: refunded since, so not taken twice`,
    );
};

/** The second guard: a split is the whole amount, and nothing is taken or added beyond a side's part of it. */
const guard = ({ opener, amountMinor, outcome }: DisputeState): void => {
  if (outcome === null) return;
  const { brandMinor, influencerMinor, adjustmentMinor, easedMinor } = outcome;
  must(brandMinor + influencerMinor === amountMinor, "a split that is not the disputed amount");
  const isLess = directionOf(opener) === "less";
  const [least, most] = isLess ? [0 - brandMinor, 0] : [influencerMinor, influencerMinor];
  must(least <= adjustmentMinor && adjustmentMinor <= most, "a dispute that moves more than its split");
  must(easedMinor === 0 || easedMinor <= -adjustmentMinor, "a dispute that gives back more than it took");
};

const happened = (entry: Told): DisputeDoc["events"][number] => {
  const { at, by, fact } = entry;
  const because = fact.type === "dispute-resolved" ? { because: fact.how } : {};
  const hours = fact.type === "dispute-reminded" ? { because: `${fact.hours} h` } : {};
  return { at, what: fact.type.slice("dispute-".length), by, ...because, ...hours };
};

const disputeFact = async (book: Book, entry: Told): Promise<void> => {
  const { at, fact } = entry;
  const key = `dispute/${fact.dispute}`;
  const fresh: DisputeDoc = { ...disputeLife.initial, openedAt: at, due: [], events: [] };
  const before = (await read<DisputeDoc>(book, key)) ?? fresh;
  const state = disputeLife.evolve(before, fact as DisputeFact);
  guard(state);
  const due = remaining(before, entry);
  setDue(book, before.due, due);
  const { openedAt, events } = before;
  put(book, key, { ...state, openedAt, due, events: [...events, happened(entry)] });
  if (fact.type === "dispute-opened") {
    put(book, `contract-dispute/${state.item.contract}/${atKey(at)}/${fact.dispute}`, {});
    put(book, `recent-dispute/${atKey(at)}/${fact.dispute}`, {});
  }
  await setDisputed(book, before, state);
  await moveMoney(book, before, state, entry);
};

/** What facts about disputes do to the views, and to the money of their contracts. */
export const disputeViews = {
  "dispute-opened": disputeFact,
  "dispute-answered": disputeFact,
  "dispute-replied": disputeFact,
  "dispute-proposed": disputeFact,
  "dispute-escalated": disputeFact,
  "dispute-reminded": disputeFact,
  "dispute-resolved": disputeFact,
  "dispute-eased": disputeFact,
} satisfies { readonly [Type in FactType]?: Fold<Type> };
