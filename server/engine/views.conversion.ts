import type { Terms } from "../../shared/contract/terms.ts";
import type { Entry, FactOf, FactType } from "../../shared/fact.ts";
import { silenceMayApprove, standing } from "../../shared/judge/standing.ts";
import { must } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import { isVoid, knownOf, termsOfPart } from "./part.ts";
import {
  type AccountDoc,
  atKey,
  type ContractDoc,
  type ConversionDoc,
  type MovedLine,
  type ShareDoc,
} from "./shapes.ts";
import { awaitRelease, isClosed, isFinal, restatedNow, sharesOf } from "./share.ts";
import { restate } from "./views.account.ts";
import { postedTransfer } from "./views.ledger.ts";
import { agedDebt } from "./views.payout.ts";
import { personKept, personLost, personRecorded, personReplaced } from "./views.person.ts";
import { sumJudged, sumPlaced, sumRecorded } from "./views.sum.ts";

type Part = FactOf<"conversion-judged">["parts"][number];

const shareOf = (doc: ConversionDoc, part: Part, terms: Terms): ShareDoc => {
  const { state, stage, because } = standing(knownOf(doc, part, terms));
  const countedAt = doc.countedAt[part.contract];
  const { conversion, result, at, valueMinor, currency } = doc.recorded;
  const priced = currency === terms.currency ? valueMinor : undefined;
  // What had counted and is then rejected stays on the statement it was on, taken back in full.
  const rejectedAfterwards = state === "rejected" && countedAt !== undefined;
  const refunds = doc.reversals.map((it) => ({ at: it.at, permille: it.permille }));
  const left = 1000 - refunds.reduce((sum, { permille }) => sum + permille, 0);
  const taken = rejectedAfterwards && doc.rejected && left > 0 ? [{ at: doc.rejected.at, permille: left }] : [];
  const reversals = [...refunds, ...taken];
  return {
    id: conversion,
    result,
    at,
    ...sharesOf(doc, part),
    ...(priced !== undefined && { valueMinor: priced }),
    state: rejectedAfterwards ? "counted" : state,
    ...(countedAt !== undefined && { countedAt }),
    ...(reversals.length > 0 && { reversals }),
    stage: rejectedAfterwards ? "validated" : stage,
    because,
  };
};

const dueKeys = (doc: ConversionDoc, part: Part, terms: Terms): ReadonlyMap<string, true> => {
  const keys = new Map<string, true>();
  const { conversion } = doc.recorded;
  const it = knownOf(doc, part, terms);
  const since = doc.recorded.via === "import" ? doc.recorded.at : doc.recordedAt;
  const due = (at: number, into: string) =>
    keys.set(`due/${atKey(at)}/conversion/${conversion}/${part.contract}/${into}`, true);
  const { state } = standing(it);
  const approved = it.approvedByBrand || it.approvedBySilence;
  if (!approved && silenceMayApprove(it)) due(since + terms.timing.reviewDays * DAY_MS, "approved");
  if (approved && state === "counted" && !it.released)
    due((doc.countedAt[part.contract] ?? since) + terms.timing.holdDays * DAY_MS, "payable");
  return keys;
};

const setDue = async (book: Book, doc: ConversionDoc, part: Part, terms: Terms): Promise<void> => {
  const key = `due-of/${doc.recorded.conversion}/${part.contract}`;
  const before = ((await read<{ keys: string[] }>(book, key)) ?? { keys: [] }).keys;
  const after = [...dueKeys(doc, part, terms).keys()];
  for (const old of before) if (!after.includes(old)) book.put(old, null);
  for (const fresh of after) if (!before.includes(fresh)) book.put(fresh, {});
  if (after.length > 0) put(book, key, { keys: after });
  else if (before.length > 0) book.put(key, null);
};

const countedNow = async (
  book: Book,
  doc: ConversionDoc,
  part: Part,
  contract: ContractDoc,
  at: number,
): Promise<ConversionDoc> => {
  const terms = termsOfPart(contract, part);
  if (doc.countedAt[part.contract] !== undefined) return doc;
  if (standing(knownOf(doc, part, terms)).state !== "counted") return doc;
  // History counts from when it happened, unless the statement of then is final; everything else from when we were told.
  const isPast = doc.recorded.via === "import" && !(await isClosed(book, contract, doc.recorded.at, at));
  return { ...doc, countedAt: { ...doc.countedAt, [part.contract]: isPast ? doc.recorded.at : at } };
};

/**
 * What a new verdict rejects has never counted: its period is still open, so no statement that is final told of it. (What
 * the brand rejects had counted until then.)
 */
const uncounted = (doc: ConversionDoc, part: Part, terms: Terms): ConversionDoc => {
  const { state } = standing(knownOf(doc, part, terms));
  if (state !== "rejected" || doc.rejected) return doc;
  const { [part.contract]: _, ...countedAt } = doc.countedAt;
  const { [part.contract]: __, ...matured } = doc.matured;
  return { ...doc, countedAt, matured };
};

const restatePart = async (book: Book, before: ConversionDoc, part: Part, at: number): Promise<ConversionDoc> => {
  const contract = await known<ContractDoc>(book, `contract/${part.contract}`);
  const terms = termsOfPart(contract, part);
  const key = `share/${part.contract}/${before.recorded.conversion}`;
  const old = await read<ShareDoc>(book, key);
  const stated = before.countedAt[part.contract] !== undefined && isFinal(contract, before.recorded.at, at);
  const now = uncounted(await countedNow(book, before, part, contract, at), part, terms);
  const doc = stated ? restatedNow(now, part, old, at) : now;
  await awaitRelease(book, doc, part);
  const share = shareOf(doc, part, terms);
  put(book, key, share);
  await restate(book, part.contract, old, share);
  await setDue(book, doc, part, terms);
  return doc;
};

/** Is this still the report of its result, and has not given way to another? */
const stands = async (book: Book, { recorded }: ConversionDoc): Promise<boolean> => {
  const it = await known<{ conversion: string }>(book, `external/${recorded.result}/${recorded.externalId}`);
  return it.conversion === recorded.conversion;
};

/** Keep a conversion, and restate what each contract on it earns. */
const keep = async (book: Book, doc: ConversionDoc, at: number): Promise<void> => {
  const { isVoid: _, ...before } = doc;
  let next: ConversionDoc = (await isVoid(book, doc)) ? { ...before, isVoid: true } : before;
  for (const part of doc.verdict?.parts ?? []) next = await restatePart(book, next, part, at);
  put(book, `conversion/${doc.recorded.conversion}`, next);
  if (await stands(book, next)) personKept(book, next);
};

const event = (entry: Entry, what: string, because?: string) => ({
  at: entry.at,
  what,
  by: entry.by,
  ...(because !== undefined && { because }),
});

const told = (doc: ConversionDoc, entry: Entry, what: string, because?: string): ConversionDoc => ({
  ...doc,
  events: [...doc.events, event(entry, what, because)],
});

const conversionOf = (book: Book, id: string): Promise<ConversionDoc> => known<ConversionDoc>(book, `conversion/${id}`);

const recorded: Fold<"conversion-recorded"> = async (book, entry) => {
  const { type: _, ...fact } = entry.fact;
  const external = `external/${fact.result}/${fact.externalId}`;
  const before = await read<{ conversion: string }>(book, external);
  if (before) personReplaced(book, await conversionOf(book, before.conversion));
  put(book, external, { conversion: fact.conversion, bodyHash: fact.bodyHash });
  personRecorded(book, fact);
  await sumRecorded(book, fact, fact.campaigns);
  put(book, `recent/all/${atKey(fact.at)}/${fact.conversion}`, {});
  put<ConversionDoc>(book, `conversion/${fact.conversion}`, {
    recorded: fact,
    recordedAt: entry.at,
    verdict: null,
    approved: false,
    rejected: null,
    reversals: [],
    matured: {},
    countedAt: {},
    moved: {},
    events: [event(entry, "recorded", fact.via)],
  });
};

const judged: Fold<"conversion-judged"> = async (book, entry) => {
  const { type: _, conversion, ...verdict } = entry.fact;
  const before = await conversionOf(book, conversion);
  const doc = await sumPlaced(book, before, verdict);
  const gone = (doc.verdict?.parts ?? []).filter(
    (old) => !verdict.parts.some(({ contract }) => contract === old.contract),
  );
  must(gone.length === 0, "a contract that leaves a verdict; a new verdict keeps it, with nothing");
  personLost(book, doc, verdict.visitors ?? []);
  await sumJudged(book, doc, doc.verdict, -1);
  await sumJudged(book, doc, verdict, 1);
  const what = doc.verdict ? "judged-again" : "judged";
  await keep(book, told({ ...doc, verdict }, entry, what, verdict.grade.verdict), entry.at);
};

const addedUp = (lines: readonly MovedLine[], more: readonly MovedLine[]): readonly MovedLine[] => {
  const sums = new Map(lines.map((line) => [line.code, line]));
  for (const line of more) {
    const before = sums.get(line.code)?.amountMinor ?? 0;
    sums.set(line.code, { ...line, amountMinor: before + line.amountMinor });
  }
  return [...sums.values()].filter(({ amountMinor }) => amountMinor !== 0);
};

const moved: Fold<"money-moved"> = async (book, { at, fact }) => {
  for (const transfer of fact.transfers) {
    await postedTransfer(book, transfer);
    await agedDebt(book, transfer, at);
  }
  if (fact.contract === null) return;
  const { reached, kinds, creditMinor } = fact;
  if (reached && kinds && creditMinor !== undefined) {
    const account = await known<AccountDoc>(book, `account/${fact.contract}`);
    put(book, `account/${fact.contract}`, { ...account, posted: { reached, kinds, creditMinor }, moving: [] });
  }
  if (fact.conversion === null) return;
  const doc = await conversionOf(book, fact.conversion);
  const lines = addedUp(doc.moved[fact.contract] ?? [], fact.lines);
  put(book, `conversion/${fact.conversion}`, { ...doc, moved: { ...doc.moved, [fact.contract]: lines } });
};

/** What facts about conversions, and the money that follows from them, do to the views. */
export const conversionViews = {
  "conversion-recorded": recorded,
  "conversion-judged": judged,
  "conversion-approved": async (book, entry) => {
    const doc = await conversionOf(book, entry.fact.conversion);
    await keep(book, told({ ...doc, approved: true, rejected: null }, entry, "approved"), entry.at);
  },
  "conversion-rejected": async (book, entry) => {
    const { conversion, reason } = entry.fact;
    const doc = await conversionOf(book, conversion);
    await keep(
      book,
      told({ ...doc, rejected: { at: entry.at, reason }, approved: false }, entry, "rejected", reason),
      entry.at,
    );
  },
  "conversion-reversed": async (book, entry) => {
    const { conversion, reversal, permille } = entry.fact;
    const doc = await conversionOf(book, conversion);
    const reversals = [...doc.reversals, { id: reversal, at: entry.at, permille }];
    await keep(book, told({ ...doc, reversals }, entry, "reversed", `${permille} ‰`), entry.at);
  },
  "conversion-matured": async (book, entry) => {
    const { conversion, contract, into } = entry.fact;
    const doc = await conversionOf(book, conversion);
    const before = doc.matured[contract] ?? {};
    const after = into === "approved" ? { ...before, approvedAt: entry.at } : { ...before, payableAt: entry.at };
    const matured = { ...doc.matured, [contract]: after };
    await keep(book, told({ ...doc, matured }, entry, `matured-into-${into}`, contract), entry.at);
  },
  "share-released": async (book, entry) => {
    const { conversion, contract } = entry.fact;
    const doc = await conversionOf(book, conversion);
    const unheld = [...(doc.unheld ?? []), contract];
    await keep(book, told({ ...doc, unheld }, entry, "share-released", contract), entry.at);
  },
  "money-moved": moved,
} satisfies { readonly [Type in FactType]?: Fold<Type> };
