import type { FactType } from "../../shared/fact.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import type { ContractHoldoutsDoc, HoldoutDoc } from "./holdout.ts";
import { atKey, type ConversionDoc } from "./shapes.ts";

const dueKey = (endsAt: number, holdout: string): string => `due/${atKey(endsAt)}/holdout-end/${holdout}`;

const started: Fold<"holdout-started"> = async (book: Book, { at, fact: { type: _, endsAt = null, ...given } }) => {
  const { holdout, campaign, contracts } = given;
  put<HoldoutDoc>(book, `holdout/${holdout}`, { ...given, startedAt: at, endsAt, endedAt: null });
  put(book, `campaign-holdout/${campaign}/${atKey(at)}/${holdout}`, {});
  for (const contract of contracts) {
    const doc = await read<ContractHoldoutsDoc>(book, `contract-holdouts/${contract}`);
    put(book, `contract-holdouts/${contract}`, { holdouts: [...(doc?.holdouts ?? []), holdout] });
  }
  if (endsAt !== null) put(book, dueKey(endsAt, holdout), {});
};

const ended: Fold<"holdout-ended"> = async (book, { at, fact: { holdout } }) => {
  const doc = await known<HoldoutDoc>(book, `holdout/${holdout}`);
  // However late the clock is, nobody is held out beyond the end that was said.
  put<HoldoutDoc>(book, `holdout/${holdout}`, { ...doc, endedAt: Math.min(at, doc.endsAt ?? at) });
  if (doc.endsAt !== null) book.put(dueKey(doc.endsAt, holdout), null);
};

const because = (holdout: string): string =>
  `A click on the way here was left without credit, by chance, as the terms allow for an experiment (${holdout}). It counts as the brand's own traffic.`;

const heldOut: Fold<"conversion-held-out"> = async (book, { at, by, fact: { conversion, holdout } }) => {
  const doc = await known<ConversionDoc>(book, `conversion/${conversion}`);
  const event = { at, what: "held-out", by, because: because(holdout) };
  put(book, `held-out/${conversion}/${holdout}`, {});
  put(book, `conversion/${conversion}`, { ...doc, events: [...doc.events, event] });
};

/** What facts about experiments do to the views. */
export const holdoutViews = {
  "holdout-started": started,
  "holdout-ended": ended,
  "conversion-held-out": heldOut,
} satisfies { readonly [Type in FactType]?: Fold<Type> };
