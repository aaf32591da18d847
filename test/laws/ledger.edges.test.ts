import { describe, expect, it } from "vitest";
import { accounts, codes, type Transfer } from "../../shared/pay/chart.ts";
import { type Books, flaws, type Posting, type SentPayout } from "../../shared/pay/invariants.ts";
import { advanced, exchanged, funded, recouped, spent } from "../../shared/pay/ledger.budget.ts";
import { failed, type Payout, settled, submitted, touched } from "../../shared/pay/ledger.payout.ts";

const usd = (amountMinor: number) => ({ currency: "USD", amountMinor });
const payable = (contract: string): string => accounts.stage(contract, "payable");
const told = (transfers: readonly Transfer[]) =>
  transfers.map(({ code, debit, credit, amountMinor }) => [code, debit, credit, amountMinor]);

describe("sums", () => {
  it("of less than nothing are never posted, and those of nothing are no transfers", () => {
    expect(() => funded("bank", usd(-1))).toThrow(/less than nothing/);
    expect(funded("bank", usd(0))).toEqual([]);
    expect(told(funded("bank", usd(5)))).toEqual([[codes.funded, "cash:bank", "brand:deposit", 5]]);
  });

  it("are exchanged for some of another currency", () => {
    const euro = (amountMinor: number) => ({ currency: "EUR", amountMinor });
    expect(() => exchanged("con_1", usd(5), usd(5))).toThrow(/for itself/);
    for (const [from, to] of [
      [0, 5],
      [5, 0],
    ] as const)
      expect(() => exchanged("con_1", usd(from), euro(to))).toThrow(/for nothing/);
    expect(exchanged("con_1", usd(5), euro(4)).map(({ currency, amountMinor }) => [currency, amountMinor])).toEqual([
      ["USD", 5],
      ["EUR", 4],
    ]);
  });

  it("are taken out of a reserve as far as it goes, and only once", () => {
    const taken = (paidMinor: number, reservedMinor: number, spentMinor: number) =>
      spent("con_1", "USD", paidMinor, { reservedMinor, spentMinor }).map(({ code, amountMinor }) => [
        code,
        amountMinor,
      ]);
    expect(taken(30, 100, 0)).toEqual([[codes.spent, 30]]);
    expect(taken(30, 20, 0)).toEqual([[codes.spent, 20]]);
    expect(taken(30, 70, 30)).toEqual([]);
    expect(taken(10, 70, 30)).toEqual([[codes.unspent, 20]]);
    expect(taken(-10, 70, 30)).toEqual([[codes.unspent, 30]]);
  });
});

const netted: Payout = {
  id: "pay_1",
  influencer: "inf_a",
  currency: "USD",
  rail: "bank",
  lines: [
    { contract: "con_1", amountMinor: -30 },
    { contract: "con_2", amountMinor: 50 },
  ],
  taxMinor: 0,
  feeMinor: 0,
};

describe("a payout", () => {
  it("keeps back no less than nothing, and never more than it pays", () => {
    for (const other of [{ taxMinor: -1 }, { feeMinor: -1 }, { taxMinor: 21 }])
      expect(() => submitted({ ...netted, ...other })).toThrow(/less than nothing/);
    expect(submitted({ ...netted, taxMinor: 20 }).map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      [codes.netted, 30],
      [codes.withheld, 20],
    ]);
  });

  it("that comes back brings a debt back, and the contract pays it first, out of what is held only where it must", () => {
    const debt = accounts.clawback("inf_a", "con_1");
    const held = accounts.held("con_1", "payable");
    const back = [
      [codes.undone, debt, payable("con_2"), 30],
      [codes.undone, accounts.inTransit("con_2"), payable("con_2"), 20],
    ];
    const undone = (freeMinor: number, heldMinor: number) =>
      told(
        failed(
          netted,
          new Map([
            [payable("con_1"), -freeMinor],
            [held, -heldMinor],
          ]),
        ),
      );
    const release = (amountMinor: number) => [codes.released, held, payable("con_1"), amountMinor];
    const offset = (amountMinor: number) => [codes.offset, payable("con_1"), debt, amountMinor];
    expect(undone(0, 0)).toEqual(back);
    expect(undone(50, 20)).toEqual([...back, offset(30)]);
    expect(undone(5, 20)).toEqual([...back, release(20), offset(25)]);
    expect(undone(20, 40)).toEqual([...back, release(10), offset(30)]);
    expect(touched(netted)).toEqual(
      expect.arrayContaining([payable("con_1"), held, debt, payable("con_2"), accounts.taxWithheld]),
    );
  });
});

describe("what is wrong with the books is said by the invariant it breaks", () => {
  const plain: Payout = { ...netted, lines: [{ contract: "con_2", amountMinor: 50, items: ["con_2/0"] }] };
  const sent: SentPayout = { ...plain, amountMinor: 50, state: "settled" };
  const move = (code: number, debit: string, credit: string, amountMinor: number, currency = "USD"): Transfer => ({
    code,
    debit,
    credit,
    amountMinor,
    currency,
  });
  const earned = (["accrued", "validated", "approved", "payable"] as const).map((stage, place, all) => {
    const from = all[place - 1];
    const code = [codes.accrue, codes.validated, codes.approved, codes.payable][place]!;
    const debit = from ? accounts.stage("con_2", from) : accounts.expense("con_2", "base");
    return move(code, debit, accounts.stage("con_2", stage), 80);
  });
  const posted = (cause: string, transfers: readonly Transfer[], from = 0): readonly Posting[] =>
    transfers.map((it, index) => ({ ...it, id: `t${from + index}`, cause, at: 1, recordedAt: 1 }));
  const journal: readonly Posting[] = [
    ...posted("fact 1", earned),
    ...posted("pay_1", [...submitted(plain), ...settled(plain)], 10),
  ];
  const becauses = (books: Partial<Books>) =>
    flaws({ journal, payouts: [sent], ...books }).map(({ invariant, because }) => `${invariant}: ${because}`);
  const more = (cause: string, ...transfers: readonly Transfer[]) =>
    becauses({ journal: [...journal, ...posted(cause, transfers, 90)] });

  it("nothing, where they are sound", () => {
    expect(becauses({})).toEqual([]);
  });

  it("a leg of a payout that was posted twice, or of another sum than it says", () => {
    const again = more("pay_1", ...submitted(plain));
    expect(again).toContain("17: has a leg that was posted twice");
    expect(again).toContain("17: did not send what it says");
    const unsettled = journal.filter(({ code }) => code !== codes.settled);
    expect(becauses({ journal: unsettled })).toContain("17: is settled, and what arrived is not 50");
    const [settling] = settled(plain);
    expect(more("pay_1", { ...settling!, amountMinor: 1 })).not.toContain("17: did not send what it says");
  });

  it.each([
    ["code", { code: codes.accrueTier }],
    ["debit", { debit: accounts.expense("con_2", "bonus") }],
    ["credit", { credit: accounts.stage("con_1", "accrued") }],
    ["amount", { amountMinor: 79 }],
    ["currency", { currency: "EUR" }],
  ])("6: an id that is posted again with another %s", (_, otherwise) => {
    const [first] = journal;
    expect(becauses({ journal: [...journal, { ...first!, ...otherwise }] })).toContain("6: is posted again, otherwise");
    expect(becauses({ journal: [...journal, first!] })).toContain("6: is posted twice");
  });

  it.each(["usd", "USDX", "XUSD", "US", ""])("2: %j is no currency", (currency) => {
    expect(more("fact 9", ...funded("bank", { currency, amountMinor: 5 }))).toContain(
      `2: is in no currency: ${JSON.stringify(currency)}`,
    );
  });

  it("15: more is recouped than was paid in advance", () => {
    const advance = accounts.advance("con_2");
    expect(more("fact 9", ...advanced("con_2", "bank", usd(5)), ...recouped("con_2", usd(5)))).toEqual([]);
    expect(more("fact 9", ...advanced("con_2", "bank", usd(5)), ...recouped("con_2", usd(6)))).toContain(
      `15: leaves ${advance} at less than nothing, by 1 minor units`,
    );
  });

  it("12: an exchange of a currency for itself", () => {
    const fx = accounts.fx("USD");
    const both = [move(codes.exchanged, payable("con_2"), fx, 5), move(codes.exchanged, fx, payable("con_2"), 5)];
    expect(more("fact 9", ...both).map((it) => it.split(":")[0])).toContain("12");
  });
});
