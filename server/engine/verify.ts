import { setImmediate as breath } from "node:timers/promises";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, type Result } from "../../shared/kit/shape.ts";
import { expenseKinds, stages } from "../../shared/pay/chart.ts";
import { eventsOf, learning } from "../../shared/pay/event.ts";
import { flaws, type SentPayout } from "../../shared/pay/invariants.ts";
import { postedOf, type Standing } from "../../shared/pay/ledger.restand.ts";
import { trialBalance } from "../../shared/pay/ledger.ts";
import { hasFailed } from "../../shared/pay/payout.ts";
import { sumMinor } from "../../shared/pay/price.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import { wholeOf } from "../../shared/pay/whole.ts";
import type { Store } from "../store/store.ts";
import { dealOfContract } from "./deal.ts";
import { outdated } from "./redraw.ts";
import { type Flaw, flawed, type Replay, replayed } from "./replay.ts";
import type { PayoutDoc } from "./shapes.payout.ts";
import type { AccountDoc, ContractDoc, ShareDoc } from "./shapes.ts";
import { ledHome, storedAfter } from "./verify.stored.ts";

/** What was gone through in one brand, and found right. */
export interface Verified {
  readonly facts: number;
  readonly documents: number;
  readonly verdicts: number;
  readonly transfers: number;
  readonly accounts: number;
  readonly currencies: readonly string[];
}

/** Whom to tell how far a verification has come: facts replayed, then documents compared. */
export interface Watch {
  replaying(seq: number): void;
  comparing(documents: number, all: number): void;
}

const AT_A_TIME = 1000;

const different = (key: string, stored: Json, drawn: Json | undefined): Result<null, Flaw> => {
  const where = `document ${key}`;
  if (drawn === undefined) return flawed(where, "is stored, and no fact makes it");
  if (canonical(stored) === canonical(drawn)) return ok(null);
  return flawed(where, "is stored otherwise than the facts make it");
};

/** Stored documents against drawn ones, both ways: none is missing, none is extra, none differs. */
const compared = async (
  store: Store,
  brand: string,
  { documents }: Replay,
  watch: Watch,
): Promise<Result<null, Flaw>> => {
  const unseen = new Set(documents.keys());
  let after: string | undefined;
  for (;;) {
    const read = await storedAfter(store, brand, { after, limit: AT_A_TIME, drawn: documents });
    if (!read.ok) return read;
    const some = read.value;
    for (const [key, stored] of some) {
      const same = different(key, stored, documents.get(key));
      if (!same.ok) return same;
      unseen.delete(key);
    }
    watch.comparing(documents.size - unseen.size, documents.size);
    if (some.length < AT_A_TIME) break;
    after = some.at(-1)?.[0];
    await breath();
  }
  const [missing] = [...unseen].sort();
  return missing === undefined ? ok(null) : flawed(`document ${missing}`, "is not stored, and the facts make it");
};

const under = <Doc>({ documents }: Replay, prefix: string): readonly (readonly [string, Doc])[] =>
  [...documents].flatMap(([key, body]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), body as unknown as Doc] as const] : [],
  );

/** The balances documents hold, by currency and account: `balance/{currency}/{account}`. */
const keptBalances = (replay: Replay): ReadonlyMap<string, ReadonlyMap<string, number>> => {
  const kept = new Map<string, Map<string, number>>();
  for (const [key, { balanceMinor }] of under<{ readonly balanceMinor: number }>(replay, "balance/")) {
    const [currency, account] = [key.slice(0, 3), key.slice(4)];
    kept.set(currency, (kept.get(currency) ?? new Map<string, number>()).set(account, balanceMinor));
  }
  return kept;
};

/** Two books of one ledger, the transfers' and the documents': each in balance, and the same to the minor unit. */
const balanced = (replay: Replay): Result<null, Flaw> => {
  const kept = keptBalances(replay);
  for (const currency of new Set([...replay.balances.keys(), ...kept.keys()])) {
    const [moved, held] = [replay.balances.get(currency) ?? new Map(), kept.get(currency) ?? new Map()];
    const wrong = trialBalance(moved) ?? trialBalance(held);
    if (wrong !== undefined) return flawed(`ledger ${currency}`, wrong);
    for (const account of new Set([...moved.keys(), ...held.keys()]))
      if (moved.get(account) !== held.get(account))
        return flawed(
          `document balance/${currency}/${account}`,
          `holds ${held.get(account) ?? 0} minor units where the transfers come to ${moved.get(account) ?? 0}`,
        );
  }
  return ok(null);
};

const sharesOf = (replay: Replay): ReadonlyMap<string, readonly ResultShare[]> => {
  const all = new Map<string, ResultShare[]>();
  for (const [key, { stage: _, because: __, ...share }] of under<ShareDoc>(replay, "share/")) {
    const contract = key.slice(0, key.indexOf("/"));
    const some = all.get(contract);
    if (some) some.push(share);
    else all.set(contract, [share]);
  }
  return all;
};

/** What a contract's results come to from scratch, as of when its account was last advanced, without adjustments. */
const fromScratch = (doc: ContractDoc, account: AccountDoc, shares: readonly ResultShare[]): number => {
  const deal = dealOfContract(doc);
  const learned = learning(deal);
  // Whatever is on record is known: only what the clock brings waits for its time.
  for (const event of eventsOf(deal, shares, account.rates, Number.MAX_SAFE_INTEGER)) learned.learn(event);
  const { periods } = wholeOf({ deal, at: account.asOf, upTo: deal.periods.length - 1 }, learned.knowledge());
  const begun = [...periods].filter(([index]) => account.periods[index] !== undefined);
  return sumMinor(begun.map(([, { amountMinor }]) => amountMinor));
};

const differing = (is: Standing, shouldBe: Standing): string | undefined => {
  const stage = stages.find((it) => is.reached[it] !== shouldBe.reached[it]);
  if (stage) return `has ${is.reached[stage]} minor units posted as ${stage} and has earned ${shouldBe.reached[stage]}`;
  const kind = expenseKinds.find((it) => is.kinds[it] !== shouldBe.kinds[it]);
  if (kind) return `has ${is.kinds[kind]} minor units posted as ${kind} and has earned ${shouldBe.kinds[kind]}`;
  return is.creditMinor === shouldBe.creditMinor
    ? undefined
    : `has ${is.creditMinor} minor units posted as taken by guarantees, and they take ${shouldBe.creditMinor}`;
};

/** What the ledger holds for a contract is what it has earned, and what it has earned is what its results come to. */
const settled = (account: AccountDoc, doc: ContractDoc, shares: readonly ResultShare[]): Result<null, Flaw> => {
  const where = `account ${account.contract}`;
  const wrong = differing(account.posted, account.wanted);
  if (wrong !== undefined) return flawed(where, wrong);
  const adjusted = account.wanted.kinds.adjustment;
  const [has, due] = [account.posted.reached.validated - adjusted, fromScratch(doc, account, shares)];
  return has === due ? ok(null) : flawed(where, `has ${has} minor units validated, and its results come to ${due}`);
};

/** The ledger's own accounts of a contract hold what is posted for it, stage by stage and kind by kind. */
const booked = (account: AccountDoc, { balances }: Replay): Result<null, Flaw> => {
  const { contract, currency, posted } = account;
  const held = postedOf(account, balances.get(currency) ?? new Map());
  const wrong = differing(held, posted);
  if (wrong !== undefined) return flawed(`ledger ${currency} ${contract}`, wrong);
  const waiting = Math.min(account.holdMinor, held.approvedMinor + held.heldApprovedMinor);
  return held.heldApprovedMinor === waiting
    ? ok(null)
    : flawed(
        `ledger ${currency} ${contract}`,
        `holds ${held.heldApprovedMinor} minor units where disputes hold ${waiting}`,
      );
};

/** The most a contract's rules may earn over all its periods: the sum of its versions' caps, if each has one. */
const capOf = ({ versions }: ContractDoc): number | undefined => {
  const caps = versions.map(({ terms }) => terms.caps?.totalMinor);
  return caps.length === 0 || caps.includes(undefined) ? undefined : sumMinor(caps.map((it) => it ?? 0));
};

const stateOf = ({ status, arrived }: PayoutDoc): SentPayout["state"] => {
  if (!hasFailed(status)) return status === "settled" ? "settled" : "submitted";
  return arrived ? "returned" : "failed";
};

/** The invariants of the ledger, gone through transfer by transfer. */
const kept = (replay: Replay): Result<null, Flaw> => {
  const contracts = under<ContractDoc>(replay, "contract/");
  const payouts = under<PayoutDoc>(replay, "payout/").map(([id, it]) => ({ ...it, id, state: stateOf(it) }));
  const [broken] = flaws({
    journal: replay.journal,
    payouts,
    balances: keptBalances(replay),
    contracts: new Map(contracts.map(([id, { influencer }]) => [id, influencer])),
    caps: new Map(contracts.flatMap(([id, doc]) => (capOf(doc) === undefined ? [] : [[id, capOf(doc) ?? 0] as const]))),
  });
  return broken ? flawed(broken.where, `${broken.because} (invariant ${broken.invariant})`) : ok(null);
};

const allSettled = (replay: Replay): Result<number, Flaw> => {
  const shares = sharesOf(replay);
  const accounts = under<AccountDoc>(replay, "account/");
  for (const [contract, account] of accounts) {
    const doc = replay.documents.get(`contract/${contract}`) as unknown as ContractDoc | undefined;
    if (!doc) return flawed(`account ${contract}`, "belongs to no contract");
    const right = settled(account, doc, shares.get(contract) ?? []);
    if (!right.ok) return right;
    const even = booked(account, replay);
    if (!even.ok) return even;
  }
  return ok(accounts.length);
};

/**
 * Go through everything a brand has stored: each fact follows from the one before and can be read, the shares of each
 * verdict are the whole, what the facts make is what is stored, each name leads to the brand it was given to, debits equal
 * credits in each currency, and each contract's account is posted to what its statement says. Answers what was gone
 * through, or the first flaw.
 */
export const verifyBrand = async (store: Store, brand: string, watch: Watch): Promise<Result<Verified, Flaw>> => {
  const drawn = await replayed(store, brand, watch.replaying);
  if (!drawn.ok) return drawn;
  const replay = drawn.value;
  const old = await outdated(store, brand);
  if (old !== undefined) return flawed("stored views", old);
  const same = await compared(store, brand, replay, watch);
  if (!same.ok) return same;
  const home = await ledHome(store, brand, replay);
  if (!home.ok) return home;
  const even = balanced(replay);
  if (!even.ok) return even;
  const sound = kept(replay);
  if (!sound.ok) return sound;
  const accounts = allSettled(replay);
  if (!accounts.ok) return accounts;
  const { facts, documents, verdicts, transfers, balances } = replay;
  const currencies = [...balances.keys()].sort();
  return ok({ facts, documents: documents.size, verdicts, transfers, accounts: accounts.value, currencies });
};
