import type { Recorded, Store } from "../../server/store/store.ts";
import type { Entry } from "../../shared/fact.ts";
import type { Books, Posting, SentPayout } from "../../shared/pay/invariants.ts";

/** Everything a brand has recorded, told on from where it was last asked. */
export const factsAfter = async (store: Store, brand: string, seq: number): Promise<readonly Entry[]> =>
  (await store.facts(brand, seq, 1_000_000)).map(
    ({ seq: place, at, by, body }: Recorded) => ({ seq: place, at, by, fact: JSON.parse(body) }) as Entry,
  );

type State = SentPayout["state"];

/** The books of a brand as they grow, drawn from facts alone. */
export interface Ledger {
  learn(entry: Entry): void;
  readonly journal: Posting[];
  readonly payouts: Map<string, SentPayout & { state: State }>;
  readonly contracts: Map<string, string>;
  books(): Books;
}

/** An empty ledger. */
export const ledgerOf = (): Ledger => {
  const journal: Posting[] = [];
  const payouts = new Map<string, SentPayout & { state: State }>();
  const contracts = new Map<string, string>();
  const is = (id: string, state: State): void => {
    const before = payouts.get(id);
    if (before)
      payouts.set(id, { ...before, state: state === "returned" && before.state === "submitted" ? "failed" : state });
  };
  const learn = ({ seq, at, fact }: Entry): void => {
    if (fact.type === "contract-drafted") contracts.set(fact.contract, fact.influencer);
    if (fact.type === "payout-made") {
      const { payout: id, influencer, currency, rail, lines, taxMinor, feeMinor } = fact;
      const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
      payouts.set(id, { id, influencer, currency, rail, lines, taxMinor, feeMinor, amountMinor, state: "submitted" });
    }
    if (fact.type === "payout-settled") is(fact.payout, "settled");
    if (fact.type === "payout-failed" || fact.type === "payout-unclaimed") is(fact.payout, "failed");
    if (fact.type === "payout-returned") is(fact.payout, "returned");
    if (fact.type !== "money-moved") return;
    const cause = fact.cause ?? `fact ${seq}`;
    for (const [nth, it] of fact.transfers.entries())
      journal.push({ ...it, id: `${seq}-${nth}`, cause, at, recordedAt: at });
  };
  return { learn, journal, payouts, contracts, books: () => ({ journal, payouts: [...payouts.values()], contracts }) };
};
