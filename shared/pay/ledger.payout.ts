import { must } from "../kit/shape.ts";
import { accounts, codes, type Transfer } from "./chart.ts";
import { type Part, type Poured, pour, whole } from "./ledger.pour.ts";
import type { Balances } from "./ledger.ts";

/** One line of a payout: what it pays of a contract, in minor units, below zero where the contract owes. `items`: the statements it pays. */
export interface PayoutLine {
  readonly contract: string;
  readonly amountMinor: number;
  readonly items?: readonly string[] | undefined;
}

/**
 * One payment to one influencer by one rail in one currency, for any of the contracts between the two. Its id is the rail's
 * idempotency key. It pays Σ lines, of which `taxMinor` is kept back; `feeMinor` is the platform's, out of the brand's
 * deposit, and nothing where there is none.
 */
export interface Payout {
  readonly id: string;
  readonly influencer: string;
  readonly currency: string;
  readonly rail: string;
  readonly lines: readonly PayoutLine[];
  readonly taxMinor: number;
  readonly feeMinor: number;
}

/** What a payout pays before tax, in minor units: the sum of its lines. */
export const payoutMinor = ({ lines }: Pick<Payout, "lines">): number => whole(lines);

/** What a payout sends by its rail, in minor units: the sum of its lines without the tax kept back. */
export const sentMinor = (payout: Pick<Payout, "lines" | "taxMinor">): number => payoutMinor(payout) - payout.taxMinor;

/** What a payout pays of each contract, its lines together, by contract in order of id; below zero where the contract owes. */
export const paidByContract = ({ lines }: Pick<Payout, "lines">): readonly Part<string>[] => {
  const sums = new Map<string, number>();
  for (const { contract, amountMinor } of lines) sums.set(contract, (sums.get(contract) ?? 0) + amountMinor);
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([where, amountMinor]) => ({ where, amountMinor }));
};

/** What a contract's money is used for: another contract's debt, tax, or the way to the influencer. */
type Use = { readonly debtOf: string } | "tax" | "transit";

/** Every contract's money and its uses, debts first, then tax. The same for the same sums by contract, in whatever order the lines are. */
const legsOf = (payout: Payout): readonly Poured<string, Use>[] => {
  const { taxMinor, feeMinor } = payout;
  const send = sentMinor(payout);
  must(taxMinor >= 0 && feeMinor >= 0 && send >= 0, "a payout of less than nothing");
  const all = paidByContract(payout);
  const debts = all.filter(({ amountMinor }) => amountMinor < 0);
  return pour<string, Use>(all, [
    ...debts.map(({ where, amountMinor }) => ({ where: { debtOf: where }, amountMinor: -amountMinor })),
    { where: "tax", amountMinor: taxMinor },
    { where: "transit", amountMinor: send },
  ]);
};

const payable = (contract: string): string => accounts.stage(contract, "payable");

const some = (currency: string, transfers: readonly Omit<Transfer, "currency">[]): readonly Transfer[] =>
  transfers.filter(({ amountMinor }) => amountMinor > 0).map((it) => ({ ...it, currency }));

const sent = (influencer: string, { from, to, amountMinor }: Poured<string, Use>) => {
  const leg = { debit: payable(from), amountMinor };
  if (to === "tax") return { ...leg, code: codes.withheld, credit: accounts.taxWithheld };
  if (to === "transit") return { ...leg, code: codes.submitted, credit: accounts.inTransit(from) };
  return { ...leg, code: codes.netted, credit: accounts.clawback(influencer, to.debtOf) };
};

/**
 * A payout goes to its rail. Every contract's line must be payable and not held, every negative line owed, and a fee on
 * deposit: what is not there cannot be posted.
 */
export const submitted = (payout: Payout): readonly Transfer[] =>
  some(payout.currency, [
    ...legsOf(payout).map((leg) => sent(payout.influencer, leg)),
    { code: codes.fee, debit: accounts.deposit, credit: accounts.platformFee, amountMinor: payout.feeMinor },
  ]);

/** A payout arrived: what was in transit is paid. */
export const settled = (payout: Payout): readonly Transfer[] =>
  some(
    payout.currency,
    legsOf(payout)
      .filter(({ to }) => to === "transit")
      .map(({ from, amountMinor }) => ({
        code: codes.settled,
        debit: accounts.inTransit(from),
        credit: accounts.cash(payout.rail),
        amountMinor,
      })),
  );

const cameBack = (
  payout: Payout,
  transit: (contract: string) => string,
  { from, to, amountMinor }: Poured<string, Use>,
) => {
  const leg = { code: codes.undone, credit: payable(from), amountMinor };
  if (to === "tax") return { ...leg, debit: accounts.taxWithheld };
  if (to === "transit") return { ...leg, debit: transit(from) };
  return { ...leg, debit: accounts.clawback(payout.influencer, to.debtOf) };
};

/** A contract that has money again and a debt as well pays the debt, out of what is held only where nothing else is left. */
const offsets = (payout: Payout, balances: Balances) =>
  paidByContract(payout).flatMap(({ where, amountMinor }) => {
    const debt = accounts.clawback(payout.influencer, where);
    const held = accounts.held(where, "payable");
    const freeMinor = Math.max(0, amountMinor) - (balances.get(payable(where)) ?? 0);
    const heldMinor = 0 - (balances.get(held) ?? 0);
    const owedMinor = Math.max(0, -amountMinor) + (balances.get(debt) ?? 0);
    const offsetMinor = Math.min(freeMinor + heldMinor, owedMinor);
    return [
      { code: codes.released, debit: held, credit: payable(where), amountMinor: offsetMinor - freeMinor },
      { code: codes.offset, debit: payable(where), credit: debt, amountMinor: offsetMinor },
    ];
  });

const undone = (payout: Payout, transit: (contract: string) => string, balances: Balances): readonly Transfer[] => {
  const { currency, rail, taxMinor, feeMinor } = payout;
  const withheldMinor = 0 - (balances.get(accounts.taxWithheld) ?? 0);
  return some(currency, [
    {
      code: codes.reclaimed,
      debit: accounts.cash(rail),
      credit: accounts.taxWithheld,
      amountMinor: taxMinor - withheldMinor,
    },
    ...legsOf(payout).map((leg) => cameBack(payout, transit, leg)),
    { code: codes.undone, debit: accounts.platformFee, credit: accounts.deposit, amountMinor: feeMinor },
    ...offsets(payout, balances),
  ]);
};

/**
 * A payout that was submitted failed: every leg is undone, so that everything is payable and owed as if it had never gone.
 * Tax that was remitted meanwhile is asked back from the authority. A contract that came to owe since then pays that first.
 * `balances`: debits minus credits, of the accounts `touched` names. Restand the contracts afterwards: disputes may hold
 * more now.
 */
export const failed = (payout: Payout, balances: Balances): readonly Transfer[] =>
  undone(payout, accounts.inTransit, balances);

/** A payout that had arrived was returned: undone like a failed one, but out of the rail's cash. */
export const returned = (payout: Payout, balances: Balances): readonly Transfer[] =>
  undone(payout, () => accounts.cash(payout.rail), balances);

/** The accounts whose balances undoing a payout needs. */
export const touched = (payout: Payout): readonly string[] => [
  accounts.taxWithheld,
  ...paidByContract(payout).flatMap(({ where }) => [
    payable(where),
    accounts.held(where, "payable"),
    accounts.clawback(payout.influencer, where),
  ]),
];
