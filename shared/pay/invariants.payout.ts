import { account, accounts, codes } from "./chart.ts";
import type { Books, Flaw, Posting, SentPayout } from "./invariants.ts";
import { paidByContract, payoutMinor, sentMinor } from "./ledger.payout.ts";
import type { Balances } from "./ledger.ts";

const legCodes: ReadonlySet<number> = new Set([
  codes.submitted,
  codes.settled,
  codes.undone,
  codes.netted,
  codes.withheld,
  codes.fee,
]);

/** What a payout's legs should come to by account, debits minus credits, with all that is in transit as one. */
const wantedOf = (payout: SentPayout): ReadonlyMap<string, number> => {
  if (payout.state === "failed" || payout.state === "returned") return new Map();
  const { influencer, taxMinor, feeMinor } = payout;
  const there = payout.state === "settled" ? accounts.cash(payout.rail) : "in transit";
  return new Map([
    ...paidByContract(payout).map(({ where, amountMinor }): [string, number] => [
      amountMinor > 0 ? accounts.stage(where, "payable") : accounts.clawback(influencer, where),
      amountMinor,
    ]),
    [accounts.taxWithheld, -taxMinor],
    [there, -sentMinor(payout)],
    [accounts.deposit, feeMinor],
    [accounts.platformFee, -feeMinor],
  ]);
};

const placeOf = (name: string): string => (account(name)?.rule.kind === "in_transit" ? "in transit" : name);

const cameTo = (legs: readonly Posting[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  const add = (name: string, amountMinor: number) => sums.set(name, (sums.get(name) ?? 0) + amountMinor);
  for (const { debit, credit, amountMinor } of legs) {
    add(placeOf(debit), amountMinor);
    add(placeOf(credit), -amountMinor);
  }
  return sums;
};

const sumOf = (legs: readonly Posting[], code: number): number =>
  legs.reduce((sum, it) => (it.code === code ? sum + it.amountMinor : sum), 0);

/** Invariant 17 for one payout: sent whole, settled at most once and whole, undone at most once. */
const unresolved = (payout: SentPayout, legs: readonly Posting[]): readonly string[] => {
  const names = legs.map(({ code, debit, credit }) => `${code} ${debit} ${credit}`);
  const arrived = payout.state === "settled" || payout.state === "returned" ? sentMinor(payout) : 0;
  return [
    ...(new Set(names).size === names.length ? [] : ["has a leg that was posted twice"]),
    ...(sumOf(legs, codes.submitted) === sentMinor(payout) ? [] : ["did not send what it says"]),
    ...(sumOf(legs, codes.settled) === arrived ? [] : [`is ${payout.state}, and what arrived is not ${arrived}`]),
  ];
};

const wrongIn = (payout: SentPayout, posted: readonly Posting[]): readonly Flaw[] => {
  const where = `payout ${payout.id}`;
  const legs = posted.filter(({ code }) => legCodes.has(code));
  const [wanted, found] = [wantedOf(payout), cameTo(legs)];
  const isPaid = payoutMinor(payout) === payout.amountMinor;
  const others = [...new Set([...wanted.keys(), ...found.keys()])].filter(
    (name) => (wanted.get(name) ?? 0) !== (found.get(name) ?? 0),
  );
  const strangers = posted.filter(({ currency }) => currency !== payout.currency);
  return [
    ...(isPaid
      ? []
      : [{ invariant: 8, where, because: `pays ${payout.amountMinor}, and its lines ${payoutMinor(payout)}` }]),
    ...others.map((name) => ({
      invariant: 8,
      where,
      because: `is ${payout.state} and moved ${found.get(name) ?? 0} on ${name}, not ${wanted.get(name) ?? 0}`,
    })),
    ...unresolved(payout, legs).map((because) => ({ invariant: 17, where, because })),
    ...strangers.map(({ id }) => ({ invariant: 12, where, because: `has transfer ${id} in another currency` })),
  ];
};

/** Invariant 8: no statement is in two payouts that did not fail. */
const paidTwice = (payouts: readonly SentPayout[]): readonly Flaw[] => {
  const seen = new Map<string, string>();
  return payouts
    .filter(({ state }) => state === "submitted" || state === "settled")
    .flatMap(({ id, lines }) =>
      lines.flatMap(({ items }) =>
        (items ?? []).flatMap((item) => {
          const before = seen.get(item);
          seen.set(item, id);
          return before === undefined
            ? []
            : [{ invariant: 8, where: `payout ${id}`, because: `pays ${item}, which ${before} pays` }];
        }),
      ),
    );
};

/** Invariant 17: what is in transit is what submitted payouts have sent. */
const underWay = (payouts: readonly SentPayout[], balances: ReadonlyMap<string, Balances>): readonly Flaw[] =>
  [...balances].flatMap(([currency, ledger]) => {
    let transit = 0;
    for (const [name, balance] of ledger) if (account(name)?.rule.kind === "in_transit") transit -= balance;
    const sent = payouts
      .filter((it) => it.currency === currency && it.state === "submitted")
      .reduce((sum, it) => sum + sentMinor(it), 0);
    const because = `has ${transit} minor units in transit, and payouts under way come to ${sent}`;
    return transit === sent ? [] : [{ invariant: 17, where: `ledger ${currency}`, because }];
  });

/** Invariants 6 and 20: a payout is recorded once, and pays contracts of the influencer it goes to. */
const misdirected = ({ payouts, contracts }: Books): readonly Flaw[] => {
  const seen = new Set<string>();
  return payouts.flatMap(({ id, influencer, lines }) => {
    const where = `payout ${id}`;
    const isNew = !seen.has(id);
    seen.add(id);
    const others = contracts ? lines.filter(({ contract }) => contracts.get(contract) !== influencer) : [];
    return [
      ...(isNew ? [] : [{ invariant: 6, where, because: "is recorded twice" }]),
      ...others.map(({ contract }) => ({ invariant: 20, where, because: `pays ${influencer} for ${contract}` })),
    ];
  });
};

/** Which codes belong to a payout and to nothing else. */
const onlyPayouts: ReadonlySet<number> = new Set([codes.submitted, codes.settled, codes.undone, codes.netted]);

/** Invariants 8 and 17 of `flaws`: every payout comes to its lines, is resolved once, and nothing is sent without one. */
export const resolved = (
  { journal, payouts, contracts }: Books,
  balances: ReadonlyMap<string, Balances>,
): readonly Flaw[] => {
  const byPayout = new Map(payouts.map(({ id }) => [id, [] as Posting[]]));
  const stray: Flaw[] = [];
  for (const posting of journal) {
    const own = byPayout.get(posting.cause);
    if (own) own.push(posting);
    else if (onlyPayouts.has(posting.code))
      stray.push({ invariant: 8, where: `transfer ${posting.id}`, because: "belongs to no payout" });
  }
  return [
    ...stray,
    ...payouts.flatMap((it) => wrongIn(it, byPayout.get(it.id) ?? [])),
    ...misdirected({ journal, payouts, contracts }),
    ...paidTwice(payouts),
    ...underWay(payouts, balances),
  ];
};
