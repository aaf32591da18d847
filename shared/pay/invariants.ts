import { type Account, account, codes, isEdge, overdrawn, type Transfer } from "./chart.ts";
import { conserved } from "./invariants.contract.ts";
import { resolved } from "./invariants.payout.ts";
import type { Payout } from "./ledger.payout.ts";
import { type Balances, trialBalance } from "./ledger.ts";

/**
 * One transfer as the journal holds it. `cause` is what it was recorded for: the payout's id for everything
 * a payout posts (`submitted`, `settled`, `failed`, `returned`), otherwise the fact. `at` is the instant it speaks of,
 * `recordedAt` the one at which it was recorded; both in ms since 1970 UTC.
 */
export interface Posting extends Transfer {
  readonly id: string;
  readonly cause: string;
  readonly at: number;
  readonly recordedAt: number;
}

/** A payout that was submitted, what its record says it pays before tax (Σ lines), in minor units, and what became of it. */
export interface SentPayout extends Payout {
  readonly amountMinor: number;
  readonly state: "submitted" | "settled" | "failed" | "returned";
}

/** The books of one brand: all its transfers in the order they were recorded, and all its payouts that were submitted. */
export interface Books {
  readonly journal: readonly Posting[];
  readonly payouts: readonly SentPayout[];
  /** The balances kept beside the journal, debits minus credits, by currency; if given they must follow from it. */
  readonly balances?: ReadonlyMap<string, Balances> | undefined;
  /** Every contract of the brand and the influencer it pays; if given, nobody else's money may be touched. */
  readonly contracts?: ReadonlyMap<string, string> | undefined;
  /** The most a contract's rules may earn over all its periods, in minor units, adjustments not counted. */
  readonly caps?: ReadonlyMap<string, number> | undefined;
}

/** A broken invariant: its number in the list above `flaws`, where, such as `transfer 17`, and what is wrong there. */
export interface Flaw {
  readonly invariant: number;
  readonly where: string;
  readonly because: string;
}

const flaw = (invariant: number, where: string, because: string): Flaw => ({ invariant, where, because });

/** What has been seen of the journal so far. */
interface Walk {
  readonly balances: Map<string, Map<string, number>>;
  readonly seen: Map<string, Posting>;
  /** In which currency each contract earns. */
  readonly currencies: Map<string, string>;
  readonly read: (name: string) => Account | undefined;
}

const remembering = (): Walk["read"] => {
  const known = new Map<string, Account | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, account(name));
    return known.get(name);
  };
};

const isWhole = (it: number): boolean => Number.isSafeInteger(it);

/** Invariants 2, 5, 14 and 19: what one transfer says by itself. */
const malformed = (posting: Posting): readonly Flaw[] => {
  const { id, cause, debit, credit, amountMinor, currency, at, recordedAt } = posting;
  const where = `transfer ${id}`;
  return [
    ...(isWhole(amountMinor) && amountMinor > 0 ? [] : [flaw(2, where, `moves ${amountMinor} minor units`)]),
    ...(debit === credit ? [flaw(2, where, `moves money from ${credit} to itself`)] : []),
    ...(/^[A-Z]{3}$/.test(currency) ? [] : [flaw(2, where, `is in no currency: ${JSON.stringify(currency)}`)]),
    ...(isEdge(posting)
      ? []
      : [flaw(5, where, `with code ${posting.code} may not debit ${debit} and credit ${credit}`)]),
    ...(isWhole(at) && isWhole(recordedAt)
      ? []
      : [flaw(14, where, "does not say when it was, and when it was recorded")]),
    ...(cause === "" ? [flaw(19, where, "does not say what it was recorded for")] : []),
  ];
};

const isSame = (one: Posting, other: Posting): boolean =>
  one.code === other.code &&
  one.debit === other.debit &&
  one.credit === other.credit &&
  one.amountMinor === other.amountMinor &&
  one.currency === other.currency;

/** Invariant 6: an id is posted once. */
const repeated = ({ seen }: Walk, posting: Posting): readonly Flaw[] => {
  const before = seen.get(posting.id);
  seen.set(posting.id, posting);
  if (!before) return [];
  return [
    flaw(6, `transfer ${posting.id}`, isSame(before, posting) ? "is posted twice" : "is posted again, otherwise"),
  ];
};

/** Which invariant an overdrawn account breaks: more taken back than earned, more paid back than owed, or a stage overdrawn. */
const overdraft = (kind: string): number => {
  if (kind.startsWith("expense:")) return 7;
  return kind === "clawback" || kind === "advance" ? 15 : 3;
};

/** Invariants 3, 7 and 15 at this prefix: neither side of the transfer is overdrawn by it. */
const moved = ({ balances, read }: Walk, { id, debit, credit, amountMinor, currency }: Posting): readonly Flaw[] => {
  const ledger = balances.get(currency) ?? new Map<string, number>();
  balances.set(currency, ledger);
  ledger.set(debit, (ledger.get(debit) ?? 0) + amountMinor);
  ledger.set(credit, (ledger.get(credit) ?? 0) - amountMinor);
  return [debit, credit].flatMap((name) => {
    const balance = ledger.get(name) ?? 0;
    if (!overdrawn(name, balance)) return [];
    const because = `leaves ${name} at less than nothing, by ${Math.abs(balance)} minor units`;
    return [flaw(overdraft(read(name)?.rule.kind ?? ""), `transfer ${id}`, because)];
  });
};

/** Invariant 12: what a contract earns is in one currency. */
const mixed = ({ currencies, read }: Walk, { id, debit, currency }: Posting): readonly Flaw[] => {
  const { rule, contract } = read(debit) ?? {};
  if (contract === undefined || !rule?.kind.startsWith("expense:")) return [];
  const first = currencies.get(contract) ?? currency;
  currencies.set(contract, first);
  return first === currency
    ? []
    : [flaw(12, `transfer ${id}`, `accrues ${currency} to ${contract}, which earns ${first}`)];
};

/** Invariant 20: every account is of a contract of this brand, and of the influencer that contract pays. */
const foreign = ({ read }: Walk, { contracts }: Books, { id, debit, credit }: Posting): readonly Flaw[] => {
  if (!contracts) return [];
  return [debit, credit].flatMap((name) => {
    const { contract, influencer } = read(name) ?? {};
    if (contract === undefined) return [];
    const payee = contracts.get(contract);
    if (payee !== undefined && (influencer ?? payee) === payee) return [];
    return [flaw(20, `transfer ${id}`, `touches ${name}, which is not of this brand`)];
  });
};

/** Invariant 10: once everything of one cause is posted, no contract's rules have earned more than their cap. */
const overCap = ({ balances, read }: Walk, { caps }: Books, batch: readonly Posting[]): readonly Flaw[] => {
  if (!caps) return [];
  const touched = new Map(
    batch.flatMap(({ debit, cause, currency }) => {
      const { rule, contract } = read(debit) ?? {};
      const earns = contract !== undefined && rule?.kind.startsWith("expense:");
      return earns ? [[contract, { cause, currency }] as const] : [];
    }),
  );
  return [...touched].flatMap(([contract, { cause, currency }]) => {
    const earned = ["base", "tier", "bonus", "fixed"]
      .map((kind) => balances.get(currency)?.get(`expense:${contract}:${kind}`) ?? 0)
      .reduce((sum, it) => sum + it, 0);
    const cap = caps.get(contract);
    return cap === undefined || earned <= cap
      ? []
      : [flaw(10, `contract ${contract}`, `has earned ${earned} minor units after ${cause}, over its cap of ${cap}`)];
  });
};

const walked = (books: Books, walk: Walk): readonly Flaw[] => {
  const found: Flaw[] = [];
  let batch: Posting[] = [];
  for (const [index, posting] of books.journal.entries()) {
    found.push(...malformed(posting), ...repeated(walk, posting), ...moved(walk, posting));
    found.push(...mixed(walk, posting), ...foreign(walk, books, posting));
    batch.push(posting);
    if (books.journal[index + 1]?.cause === posting.cause) continue;
    found.push(...overCap(walk, books, batch));
    batch = [];
  }
  return found;
};

/** Invariant 12: an exchange is two transfers of one cause, out of one contract's payable in one currency and into it in another. */
const unpaired = ({ journal }: Books): readonly Flaw[] => {
  const halves = new Map<string, Posting[]>();
  for (const it of journal)
    if (it.code === codes.exchanged) halves.set(it.cause, [...(halves.get(it.cause) ?? []), it]);
  return [...halves].flatMap(([cause, [one, other, ...more]]) => {
    const isPair = one && other && more.length === 0;
    if (isPair && one.debit === other.credit && one.currency !== other.currency) return [];
    return [flaw(12, `exchange ${cause}`, "is not one transfer in each of two currencies")];
  });
};

/** Invariants 1, 9 and 13: debits equal credits, and the balances kept are those the journal comes to. */
const kept = ({ balances: stored }: Books, { balances }: Walk): readonly Flaw[] =>
  [...new Set([...balances.keys(), ...(stored?.keys() ?? [])])].sort().flatMap((currency) => {
    const drawn = balances.get(currency) ?? new Map<string, number>();
    const ledger = stored ? (stored.get(currency) ?? new Map<string, number>()) : drawn;
    const wrong = trialBalance(ledger);
    const others = [...new Set([...drawn.keys(), ...ledger.keys()])].filter(
      (name) => (drawn.get(name) ?? 0) !== (ledger.get(name) ?? 0),
    );
    return [
      ...(wrong === undefined ? [] : [flaw(1, `ledger ${currency}`, wrong)]),
      ...others.map((name) =>
        flaw(
          9,
          `ledger ${currency} ${name}`,
          `holds ${ledger.get(name) ?? 0} minor units where the transfers come to ${drawn.get(name) ?? 0}`,
        ),
      ),
    ];
  });

/**
 * What is wrong with the books of one brand: every broken invariant, where, and why; nothing if they are right. The journal
 * is gone through transfer by transfer, so what must hold at every prefix is checked at every prefix.
 *
 * 1. Σ debits = Σ credits in each currency.
 * 2. An amount is a positive whole number of minor units, between two accounts, in one currency.
 * 3. No credit-normal account is below zero, at any prefix.
 * 4. For each contract, and so for each influencer: earned − credited = stages + held − owed + its lines in payouts that did
 *    not fail + recouped − written off + exchanged away.
 * 5. Money goes only by the edges of the chart, and from contract to contract only where a payout nets.
 * 6. An id is posted once. (Asking again with the same or another body is answered at the doors.)
 * 7. No more of a kind of cost is taken back than was accrued; a payout is undone once (with 17).
 * 8. A payout pays the sum of its lines, its legs come to exactly that, and a statement is in one payout at most that did
 *    not fail.
 * 9. The balances kept are the ones the journal comes to. (What statements carry over: `statement`, and its laws.)
 * 10. Net earnings are under the contract's cap after every cause. (Caps per result and period: `statement`.)
 * 11. Allocation is exact and fair: not in the journal; the laws of attribution, and of `pour` here.
 * 12. No arithmetic across currencies: a contract earns in one, and an exchange is two transfers.
 * 13. Replay gives the same balances: 9, and the replay of facts compares every document.
 * 14. Both instants of a transfer are kept.
 * 15. What is owed is at most what was paid out and not yet recovered, and what remedies and adjustments took.
 * 16. What is posted is what the net volume earns: not in the journal; verification recomputes every statement.
 * 17. A payout is resolved once, and returns everything; what is in transit is what payouts still have under way.
 * 18. Shares sum to exactly one: not in the journal; replay checks every verdict.
 * 19. Every transfer names the fact it was recorded for. (The hash chain: replay.)
 * 20. Only this brand's contracts are touched, and each for the influencer it pays.
 */
export const flaws = (books: Books): readonly Flaw[] => {
  const walk: Walk = { balances: new Map(), seen: new Map(), currencies: new Map(), read: remembering() };
  const found = [...walked(books, walk), ...unpaired(books), ...kept(books, walk)];
  return [...found, ...conserved(books, walk.balances), ...resolved(books, walk.balances)];
};
