import { describe, expect, it } from "vitest";
import { accounts, codes, type Transfer } from "../../shared/pay/chart.ts";
import { type Books, flaws, type Posting, type SentPayout } from "../../shared/pay/invariants.ts";
import { exchanged, funded } from "../../shared/pay/ledger.budget.ts";
import { failed, type Payout, settled, submitted } from "../../shared/pay/ledger.payout.ts";
import { noKinds, postedOf, restand } from "../../shared/pay/ledger.restand.ts";
import { type Balances, post } from "../../shared/pay/ledger.ts";

const contracts = new Map([
  ["con_1", "inf_a"],
  ["con_2", "inf_b"],
]);

const earned = (contract: string, base: number, creditMinor = 0): readonly Transfer[] => {
  const of = { contract, influencer: contracts.get(contract) ?? "inf_a", currency: "USD" };
  const net = base - creditMinor;
  const reached = { accrued: net, validated: net, approved: net, payable: net };
  return restand(of, postedOf(of, new Map()), { kinds: { ...noKinds, base }, creditMinor, reached, holdMinor: 0 });
};

const payout: Payout = {
  id: "pay_1",
  influencer: "inf_a",
  currency: "USD",
  rail: "bank",
  lines: [{ contract: "con_1", amountMinor: 60, items: ["con_1/0"] }],
  taxMinor: 6,
  feeMinor: 1,
};
const sent: SentPayout = { ...payout, amountMinor: 60, state: "settled" };

const journalOf = (causes: readonly (readonly [string, readonly Transfer[]])[]): readonly Posting[] =>
  causes
    .flatMap(([cause, transfers]) => transfers.map((it) => ({ ...it, cause })))
    .map((it, index) => ({ ...it, id: `t${index}`, at: index, recordedAt: index }));

const sound: Books = {
  journal: journalOf([
    ["fact 1", earned("con_1", 100)],
    ["fact 2", funded("bank", { currency: "USD", amountMinor: 50 })],
    ["pay_1", [...submitted(payout), ...settled(payout)]],
  ]),
  payouts: [sent],
  contracts,
  caps: new Map([["con_1", 100]]),
};
const balancesOf = (journal: readonly Posting[]): ReadonlyMap<string, Balances> =>
  new Map([["USD", journal.reduce(post, new Map() as Balances)]]);

const numbers = (books: Books): readonly number[] =>
  [...new Set(flaws(books).map(({ invariant }) => invariant))].sort((a, b) => a - b);
/** The sound books with one of its transfers told otherwise. */
const told = (index: number, otherwise: Partial<Posting>): Books => ({
  ...sound,
  journal: sound.journal.map((it, place) => (place === index ? { ...it, ...otherwise } : it)),
});
const more = (cause: string, ...transfers: readonly Transfer[]): Books => ({
  ...sound,
  journal: [
    ...sound.journal,
    ...transfers.map((it, index) => ({ ...it, cause, id: `more ${index}`, at: 99, recordedAt: 99 })),
  ],
});
const move = (code: number, debit: string, credit: string, amountMinor: number, currency = "USD"): Transfer => ({
  code,
  debit,
  credit,
  amountMinor,
  currency,
});
const payable = accounts.stage("con_1", "payable");

describe("the invariants of the books", () => {
  it("find nothing in sound books, nor in none at all", () => {
    expect(flaws(sound)).toEqual([]);
    expect(flaws({ ...sound, balances: balancesOf(sound.journal) })).toEqual([]);
    expect(flaws({ journal: [], payouts: [] })).toEqual([]);
  });

  it("1 and 9: say which kept balance is not what the transfers come to, and that debits and credits differ", () => {
    const kept = new Map(balancesOf(sound.journal).get("USD"));
    kept.set(payable, (kept.get(payable) ?? 0) - 1);
    const found = flaws({ ...sound, balances: new Map([["USD", kept]]) });
    expect(found.map(({ invariant }) => invariant)).toEqual([1, 9]);
    expect(found[0]?.because).toContain("differ by -1");
    expect(found[1]).toMatchObject({
      where: `ledger USD ${payable}`,
      because: "holds -41 minor units where the transfers come to -40",
    });
    expect(numbers({ ...sound, balances: new Map() })).toEqual([9]);
    expect(
      numbers({ ...sound, balances: new Map([...balancesOf(sound.journal), ["EUR", new Map([["bad_debt", 1]])]]) }),
    ).toEqual([1, 9]);
  });

  it.each([0, -5, 1.5])("2: a transfer of %s minor units", (amountMinor) => {
    expect(numbers(told(0, { amountMinor }))).toContain(2);
  });

  it("2: a transfer from an account to itself, or in no currency", () => {
    expect(numbers(told(0, { credit: sound.journal[0]!.debit }))).toContain(2);
    expect(numbers(told(0, { currency: "usd" }))).toContain(2);
  });

  it("3: a stage that is overdrawn on the way, though it is even in the end", () => {
    const [first, second, ...rest] = sound.journal;
    const found = flaws({ ...sound, journal: [second!, first!, ...rest] });
    expect(found).toEqual([
      {
        invariant: 3,
        where: "transfer t1",
        because: "leaves influencer:con_1:accrued at less than nothing, by 100 minor units",
      },
    ]);
  });

  it("4: money that left a contract by no payout, or reached it without being earned", () => {
    const gone = flaws({ ...sound, payouts: [{ ...sent, state: "failed" }] });
    expect(gone.find(({ invariant }) => invariant === 4)?.because).toBe(
      "has earned 100 minor units; 40 stand somewhere, 0 are owed, 0 went",
    );
    expect(numbers(more("fact 9", move(codes.funded, accounts.cash("bank"), payable, 5)))).toEqual([4, 5]);
  });

  it("5: a way that is not on the chart", () => {
    expect(numbers(told(1, { code: codes.approved }))).toEqual([5]);
  });

  it("6: an id posted twice, the same or otherwise", () => {
    const [first] = flaws({ ...sound, journal: [...sound.journal, sound.journal[0]!] });
    expect(first).toMatchObject({ invariant: 6, because: "is posted twice" });
    const [other] = flaws({ ...sound, journal: [...sound.journal, { ...sound.journal[0]!, amountMinor: 1 }] });
    expect(other).toMatchObject({ invariant: 6, because: "is posted again, otherwise" });
  });

  it("7: more taken back of a kind of cost than was accrued", () => {
    expect(numbers(more("fact 9", move(codes.reversed, payable, accounts.expense("con_1", "bonus"), 5)))).toEqual([
      1, 7,
    ]);
  });

  it("8: a payout that does not pay its lines, a leg of another sum, a leg of no payout, and a statement paid twice", () => {
    expect(numbers({ ...sound, payouts: [{ ...sent, amountMinor: 61 }] })).toEqual([8]);
    expect(numbers({ ...sound, payouts: [{ ...sent, feeMinor: 0 }] })).toEqual([8]);
    expect(numbers({ ...sound, payouts: [{ ...sent, rail: "other" }] })).toEqual([8]);
    expect(numbers({ ...sound, payouts: [] })).toEqual([4, 8]);
    const second: Payout = {
      ...payout,
      id: "pay_2",
      feeMinor: 0,
      taxMinor: 0,
      lines: [{ contract: "con_1", amountMinor: 40, items: ["con_1/0"] }],
    };
    const twice = {
      ...more("pay_2", ...submitted(second)),
      payouts: [sent, { ...second, amountMinor: 40, state: "submitted" as const }],
    };
    expect(flaws(twice)).toEqual([{ invariant: 8, where: "payout pay_2", because: "pays con_1/0, which pay_1 pays" }]);
    const copy = { ...sound, payouts: [sent, sent] };
    expect(flaws(copy).map(({ because }) => because)).toContain("is recorded twice");
  });

  it("8 and 17: a statement may be paid again once its payout failed, and not before", () => {
    const first = { ...payout, feeMinor: 0, taxMinor: 0 };
    const again = { ...first, id: "pay_2" };
    const start = journalOf([
      ["fact 1", earned("con_1", 60)],
      ["pay_1", submitted(first)],
    ]);
    const back = failed(first, balancesOf(start).get("USD")!);
    const journal = journalOf([
      ["fact 1", earned("con_1", 60)],
      ["pay_1", [...submitted(first), ...back]],
      ["pay_2", submitted(again)],
    ]);
    const payouts: readonly SentPayout[] = [
      { ...first, amountMinor: 60, state: "failed" },
      { ...again, amountMinor: 60, state: "submitted" },
    ];
    expect(flaws({ journal, payouts })).toEqual([]);
    expect(numbers({ journal, payouts: [{ ...payouts[0]!, state: "submitted" }, payouts[1]!] })).toEqual([4, 8, 17]);
  });

  it("10: a contract that has earned more than its cap, as soon as it had", () => {
    const [found, ...others] = flaws({ ...sound, caps: new Map([["con_1", 99]]) });
    expect(found?.because).toBe("has earned 100 minor units after fact 1, over its cap of 99");
    expect(others).toEqual([]);
    const through = more(
      "fact 9",
      ...[codes.accrueTier, codes.reversed].map((code) =>
        code === codes.reversed
          ? move(code, accounts.stage("con_1", "accrued"), accounts.expense("con_1", "base"), 10)
          : move(code, accounts.expense("con_1", "tier"), accounts.stage("con_1", "accrued"), 10),
      ),
    );
    expect(flaws(through)).toEqual([]);
  });

  it("12: a contract that earns in two currencies, and an exchange of one half", () => {
    const euro = more(
      "fact 9",
      move(codes.accrue, accounts.expense("con_1", "base"), accounts.stage("con_1", "accrued"), 5, "EUR"),
    );
    expect(numbers(euro)).toEqual([12]);
    const both = exchanged("con_1", { currency: "USD", amountMinor: 10 }, { currency: "EUR", amountMinor: 9 });
    expect(flaws(more("fact 9", ...both))).toEqual([]);
    expect(numbers(more("fact 9", both[0]!))).toEqual([12]);
    expect(numbers(more("fact 9", ...both, both[1]!))).toContain(12);
    expect(numbers(more("fact 9", both[0]!, { ...both[1]!, credit: accounts.stage("con_2", "payable") }))).toEqual([
      12,
    ]);
    expect(numbers(more("pay_1", both[0]!, both[1]!))).toEqual([12]);
  });

  it("14 and 19: a transfer that does not say when, or what for", () => {
    expect(numbers(told(0, { at: Number.NaN }))).toEqual([14]);
    expect(numbers(told(0, { recordedAt: 0.5 }))).toEqual([14]);
    expect(numbers(told(0, { cause: "" }))).toContain(19);
  });

  it("15: a debt of more than was paid and penalised, and one that is paid back twice", () => {
    const debt = accounts.clawback("inf_a", "con_1");
    const owed = move(codes.clawedBack, debt, accounts.expense("con_1", "base"), 40);
    expect(flaws(more("fact 9", owed))).toEqual([]);
    const stillThere = flaws(more("fact 9", { ...owed, amountMinor: 61 }));
    expect(stillThere).toEqual([
      { invariant: 15, where: "contract con_1 in USD", because: "owes 61 minor units where only 60 can be owed" },
    ]);
    expect(
      numbers(more("fact 9", owed, move(codes.offset, payable, debt, 40), move(codes.writtenOff, "bad_debt", debt, 1))),
    ).toContain(15);
    const penalised = journalOf([["fact 1", earned("con_1", 10, 25)]]);
    expect(flaws({ journal: penalised, payouts: [] })).toEqual([]);
  });

  it("17: a payout settled twice, or never though it says so, and money in transit of no payout", () => {
    const arrived = sound.journal.find(({ code }) => code === codes.settled)!;
    const back = move(codes.submitted, payable, accounts.inTransit("con_1"), 40);
    expect(numbers(more("pay_1", back, { ...arrived, amountMinor: 40 }))).toContain(17);
    expect(numbers({ ...sound, journal: sound.journal.filter(({ code }) => code !== codes.settled) })).toEqual([8, 17]);
    expect(numbers(more("fact 9", back))).toEqual([4, 8, 17]);
  });

  it("20: another brand's contract, and a debt of somebody else", () => {
    expect(numbers({ ...sound, contracts: new Map([["con_2", "inf_b"]]) })).toEqual([20]);
    expect(numbers({ ...sound, contracts: new Map([["con_1", "inf_b"]]) })).toEqual([20]);
    const debt = accounts.clawback("inf_b", "con_1");
    expect(numbers(more("fact 9", move(codes.clawedBack, debt, accounts.expense("con_1", "base"), 40)))).toEqual([20]);
    expect(numbers({ ...sound, payouts: [{ ...sent, influencer: "inf_b" }] })).toEqual([20]);
  });
});
