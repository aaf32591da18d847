import { setImmediate as breath } from "node:timers/promises";
import * as v from "valibot";
import { type Entry, type Fact, type FactOf, FactSchema } from "../../shared/fact.ts";
import { WHOLE_MICRO } from "../../shared/judge/attribution.ts";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import type { Posting } from "../../shared/pay/invariants.ts";
import { post } from "../../shared/pay/ledger.ts";
import type { Head, Recorded, Store } from "../store/store.ts";
import type { Book } from "./book.ts";
import { chained } from "./unit.ts";
import { fold } from "./views.ts";

/** The first thing found wrong: where, such as `fact 17` or `document account/con_…`, and what. */
export interface Flaw {
  readonly where: string;
  readonly because: string;
}

/** A brand drawn anew from its facts alone: every document they make, and every account their transfers moved. */
export interface Replay {
  readonly documents: Map<string, Json>;
  /** Debits minus credits in minor units, by currency and account. */
  readonly balances: Map<string, Map<string, number>>;
  /** Every transfer, in the order in which it was recorded. */
  readonly journal: Posting[];
  facts: number;
  verdicts: number;
  transfers: number;
}

/** A flaw, as an answer. */
export const flawed = (where: string, because: string): { readonly ok: false; readonly refusal: Flaw } => ({
  ok: false,
  refusal: { where, because },
});

const AT_A_TIME = 500;

const bookOf = (documents: Map<string, Json>): Book => ({
  document: async (key) => documents.get(key),
  put: (key, body) => {
    if (body === null) documents.delete(key);
    else documents.set(key, body);
  },
});

const linked = (previous: Head, { hash, ...entry }: Recorded): Result<Head, Flaw> => {
  const { seq } = entry;
  if (seq !== previous.seq + 1)
    return flawed(`fact ${previous.seq + 1}`, `is missing: after ${previous.seq} comes ${seq}`);
  if (chained(previous.hash, entry) !== hash)
    return flawed(`fact ${seq}`, "does not give the hash it was stored with: it, or the fact before it, was changed");
  return ok({ seq, hash });
};

const said = (body: string): Result<Fact, string> => {
  let json: Json;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, refusal: "is not JSON" };
  }
  const parsed = v.safeParse(FactSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { ok: false, refusal: `cannot be read: ${v.getDotPath(issue) ?? "it"}: ${issue.message}` };
  }
  return canonical(json) === body ? ok(parsed.output) : { ok: false, refusal: "is not written as canonical JSON" };
};

/** Every share of a verdict goes to someone, and each contract's part is what its way of sharing gives it. */
const unfair = (fact: Fact): string | undefined => {
  if (fact.type !== "conversion-judged") return undefined;
  for (const [index, { shares }] of fact.settings.entries()) {
    const sum = shares.reduce((all, { shareMicro }) => all + shareMicro, 0);
    if (sum !== WHOLE_MICRO) return `has shares in setting ${index} that sum to ${sum}, not to ${WHOLE_MICRO}`;
  }
  for (const { contract, setting, shareMicro } of fact.parts) {
    const given = fact.settings[setting]?.shares.find(({ payee }) => payee === contract)?.shareMicro ?? 0;
    if (given !== shareMicro) return `gives ${contract} ${shareMicro} millionths where its setting gives ${given}`;
  }
  return undefined;
};

const posted = (replay: Replay, { seq, at }: Entry, { transfers, cause }: FactOf<"money-moved">): void => {
  for (const [index, transfer] of transfers.entries()) {
    const accounts = replay.balances.get(transfer.currency) ?? new Map<string, number>();
    replay.balances.set(transfer.currency, accounts);
    const [debit, credit] = [accounts.get(transfer.debit) ?? 0, accounts.get(transfer.credit) ?? 0];
    const two = new Map([
      [transfer.debit, debit],
      [transfer.credit, credit],
    ]);
    for (const [account, balance] of post(two, transfer)) accounts.set(account, balance);
    const named = { id: `${seq}.${index + 1}`, cause: cause ?? `fact ${seq}` };
    replay.journal.push({ ...transfer, ...named, at, recordedAt: at });
  }
  replay.transfers += transfers.length;
};

const drawnInto = async (replay: Replay, entry: Entry): Promise<Result<null, Flaw>> => {
  const { fact } = entry;
  const where = `fact ${entry.seq}`;
  const wrong = unfair(fact);
  if (wrong !== undefined) return flawed(where, wrong);
  if (fact.type === "conversion-judged") replay.verdicts += 1;
  if (fact.type !== "money-moved") return ok(null);
  try {
    posted(replay, entry, fact);
  } catch (error) {
    return unfollowed(where, error);
  }
  return ok(null);
};

const unfollowed = (where: string, error: unknown) =>
  flawed(where, `cannot follow from the facts before it: ${error instanceof Error ? error.message : error}`);

const foldedInto = async (book: Book, entry: Entry): Promise<Result<null, Flaw>> => {
  try {
    await fold(book, entry);
  } catch (error) {
    return unfollowed(`fact ${entry.seq}`, error);
  }
  return ok(null);
};

const read = ({ seq, at, by, body }: Recorded): Result<Entry, Flaw> => {
  const fact = said(body);
  return fact.ok ? ok({ seq, at, by, fact: fact.value }) : flawed(`fact ${seq}`, fact.refusal);
};

type Look = (entry: Entry) => Promise<Result<null, Flaw>>;

/**
 * Read a brand's whole chain, link by link, and fold every fact into a book that was empty; `look` sees each fact before.
 * `heard` is told of each fact done. Answers where the chain ends, or the first fact at which it does not hold.
 */
export const drawnAnew = async (
  source: { readonly store: Store; readonly brand: string },
  book: Book,
  heard: (seq: number) => void,
  look: Look = async () => ok(null),
): Promise<Result<Head, Flaw>> => {
  let head: Head = { seq: 0, hash: "" };
  for (;;) {
    const some = await source.store.facts(source.brand, head.seq, AT_A_TIME);
    for (const recorded of some) {
      const next = linked(head, recorded);
      if (!next.ok) return next;
      const entry = read(recorded);
      if (!entry.ok) return entry;
      const seen = await look(entry.value);
      if (!seen.ok) return seen;
      const folded = await foldedInto(book, entry.value);
      if (!folded.ok) return folded;
      head = next.value;
      heard(head.seq);
    }
    if (some.length < AT_A_TIME) return ok(head);
    // A long check must still hear Ctrl+C.
    await breath();
  }
};

/** Read a brand's whole chain, and draw it anew in memory. `heard` is told of each fact done. */
export const replayed = async (
  store: Store,
  brand: string,
  heard: (seq: number) => void,
): Promise<Result<Replay, Flaw>> => {
  const replay: Replay = {
    documents: new Map(),
    balances: new Map(),
    journal: [],
    facts: 0,
    verdicts: 0,
    transfers: 0,
  };
  const look: Look = (entry) => drawnInto(replay, entry);
  const end = await drawnAnew({ store, brand }, bookOf(replay.documents), heard, look);
  if (!end.ok) return end;
  replay.facts = end.value.seq;
  return ok(replay);
};
