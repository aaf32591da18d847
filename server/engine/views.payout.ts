import type { Entry, FactType } from "../../shared/fact.ts";
import { must } from "../../shared/kit/shape.ts";
import { account, type Transfer } from "../../shared/pay/chart.ts";
import type { PaidLine } from "../../shared/pay/payout.plan.ts";
import { hasFailed, type PayoutFact, payoutLife, UNCLAIMED_MS } from "../../shared/pay/payout.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import type {
  BatchDoc,
  DebtDoc,
  DepositDoc,
  OnTheWayDoc,
  PaidDoc,
  PayoutDoc,
  PayToDoc,
  WriteOffDoc,
} from "./shapes.payout.ts";
import { atKey } from "./shapes.ts";

const paid = async (book: Book, lines: readonly PaidLine[], sign: 1 | -1): Promise<void> => {
  for (const { contract, period, amountMinor } of lines) {
    const before = (await read<PaidDoc>(book, `paid/${contract}`)) ?? {};
    put<PaidDoc>(book, `paid/${contract}`, { ...before, [period]: (before[period] ?? 0) + sign * amountMinor });
  }
};

const onTheWay = async (book: Book, lines: readonly PaidLine[], sign: 1 | -1): Promise<void> => {
  for (const { contract, amountMinor } of lines) {
    const before = (await read<OnTheWayDoc>(book, `on-the-way/${contract}`))?.amountMinor ?? 0;
    put<OnTheWayDoc>(book, `on-the-way/${contract}`, { amountMinor: before + sign * amountMinor });
  }
};

const overdueKey = ({ payout, sentAt }: PayoutDoc): string =>
  `due/${atKey((sentAt ?? 0) + UNCLAIMED_MS)}/payout/${payout}`;

/** A batch is unsent for as long as one of its payouts is: its rail is asked until it knows. */
const markSent = async (book: Book, { batch: id }: PayoutDoc): Promise<void> => {
  const { payouts } = await known<BatchDoc>(book, `batch/${id}`);
  for (const payout of payouts) if ((await known<PayoutDoc>(book, `payout/${payout}`)).status === "made") return;
  book.put(`unsent/${id}`, null);
};

type LifeFact = Exclude<PayoutFact, { type: "payout-made" }>;

const happened = async (book: Book, { at, by, fact }: Entry<LifeFact>): Promise<void> => {
  const before = await known<PayoutDoc>(book, `payout/${fact.payout}`);
  const what = fact.type.slice("payout-".length);
  const after: PayoutDoc = {
    ...before,
    ...payoutLife.evolve(before, fact),
    arrived: before.arrived || fact.type === "payout-settled",
    events: [...before.events, { at, what, by }],
  };
  put(book, `payout/${fact.payout}`, after);
  if (after.status === "sent" && !after.overdue) put(book, overdueKey(after), {});
  else if (after.sentAt !== null) book.put(overdueKey(after), null);
  if (before.status === "made") await markSent(book, after);
  const isOnItsWay = ({ status }: PayoutDoc): boolean => status === "made" || status === "sent";
  if (isOnItsWay(before) && !isOnItsWay(after)) await onTheWay(book, after.lines, -1);
  if (!hasFailed(after.status)) return;
  // The second guard of "never twice": a payout fails once, and only then is its money free for another.
  must(!hasFailed(before.status), `payout ${fact.payout} failed twice`);
  await paid(book, after.lines, -1);
};

const lessOwed = (owed: DebtDoc["owed"], amountMinor: number): DebtDoc["owed"] => {
  let left = amountMinor;
  return owed.flatMap((it) => {
    const off = Math.min(left, it.amountMinor);
    left -= off;
    return off === it.amountMinor ? [] : [{ ...it, amountMinor: it.amountMinor - off }];
  });
};

const debtChanged = async (
  book: Book,
  name: string,
  currency: string,
  change: (owed: DebtDoc["owed"]) => DebtDoc["owed"],
): Promise<void> => {
  const it = account(name);
  if (it?.rule.kind !== "clawback") return;
  const key = `debt/${it.influencer}/${currency}/${it.contract}`;
  const owed = change((await read<DebtDoc>(book, key))?.owed ?? []);
  if (owed.length > 0) put<DebtDoc>(book, key, { owed });
  else book.put(key, null);
};

/** Fold one transfer into what is owed since when: a debt is paid oldest part first. */
export const agedDebt = async (book: Book, { debit, credit, amountMinor, currency }: Transfer, at: number) => {
  await debtChanged(book, debit, currency, (owed) => [...owed, { since: at, amountMinor }]);
  await debtChanged(book, credit, currency, (owed) => lessOwed(owed, amountMinor));
};

const detailViews = {
  "payout-details-changed": async (book, { at, fact: { influencer, rail, details, heldUntil } }) => {
    const before = await read<PayToDoc>(book, `pay-to/${influencer}`);
    put<PayToDoc>(book, `pay-to/${influencer}`, {
      rail,
      details,
      saidAt: at,
      changedAt: before ? at : null,
      heldUntil,
    });
  },
  "payout-settings-changed": (book, { fact: { payer, prefunded, feeBp } }) =>
    put(book, "payout-settings", { payer, prefunded, feeBp }),
  "withholding-set": (book, { fact: { influencer, withholdBp } }) =>
    put(book, `withhold/${influencer}`, { withholdBp }),
} satisfies { readonly [Type in FactType]?: Fold<Type> };

const moneyViews = {
  // The money itself moves by the fact that follows.
  "tax-remitted": (book, { at, fact: { type: _, remittance, ...it } }) =>
    put(book, `remitted/${atKey(at)}/${remittance}`, { ...it, at }),
  "deposit-moved": (book, { at, fact: { type: _, ...it } }) =>
    put<DepositDoc>(book, `deposit/${atKey(at)}/${it.deposit}`, { ...it, at }),
  "write-off-proposed": (book, { at, by, fact: { type: _, ...it } }) => {
    put<WriteOffDoc>(book, `write-off/${it.writeOff}`, { ...it, proposedAt: at, proposedBy: by, confirmedAt: null });
    put(book, `write-off-open/${it.influencer}/${it.currency}`, { writeOff: it.writeOff });
  },
  "write-off-confirmed": async (book, { at, fact: { writeOff, lines } }) => {
    const before = await known<WriteOffDoc>(book, `write-off/${writeOff}`);
    put<WriteOffDoc>(book, `write-off/${writeOff}`, { ...before, confirmedAt: at });
    book.put(`write-off-open/${before.influencer}/${before.currency}`, null);
    await paid(book, lines, -1);
  },
} satisfies { readonly [Type in FactType]?: Fold<Type> };

/** What facts about payouts, and the details and money around them, do to the views. */
export const payoutViews = {
  ...detailViews,
  ...moneyViews,
  "payout-batch-made": (book, { at, seq, fact: { type: _, ...it } }) => {
    put<BatchDoc>(book, `batch/${it.batch}`, { ...it, madeAt: at, payouts: [] });
    put(book, `batch-at/${atKey(seq)}/${it.batch}`, {});
  },
  "payout-made": async (book, { at, seq, by, fact: { type, ...made } }) => {
    const { payout, batch: id, influencer, lines } = made;
    must((await book.document(`payout/${payout}`)) === undefined, `payout ${payout} was made twice`);
    const amountMinor = lines.reduce((sum, it) => sum + it.amountMinor, 0);
    must(amountMinor > made.taxMinor, `payout ${payout} of nothing`);
    const state = payoutLife.evolve(payoutLife.initial, { type, ...made });
    const events = [{ at, what: "made", by }];
    put<PayoutDoc>(book, `payout/${payout}`, { ...made, ...state, madeAt: at, amountMinor, arrived: false, events });
    put(book, `payout-at/${atKey(seq)}/${payout}`, {});
    put(book, `influencer-payout/${influencer}/${atKey(seq)}/${payout}`, {});
    const batch = await known<BatchDoc>(book, `batch/${id}`);
    put<BatchDoc>(book, `batch/${id}`, { ...batch, payouts: [...batch.payouts, payout] });
    put(book, `unsent/${id}`, {});
    await paid(book, lines, 1);
    await onTheWay(book, lines, 1);
  },
  "payout-sent": happened,
  "payout-overdue": happened,
  "payout-settled": happened,
  "payout-failed": happened,
  "payout-returned": happened,
  "payout-unclaimed": happened,
} satisfies { readonly [Type in FactType]?: Fold<Type> };
