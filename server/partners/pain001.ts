import { isSEPACountry, isValidBIC, isValidIBAN } from "ibantools";
import { Document } from "sepa";
import { type Refusal, refuse } from "../../shared/kit/shape.ts";
import { addDays, weekday } from "../../shared/kit/time.ts";
import type { Details, Payer } from "../../shared/pay/payout.details.ts";
import { latin } from "./latin.ts";
import type { Desk, Rail, RailBatch, RailPayout, Submission } from "./rail.ts";

const FORMAT = "pain.001.001.09";
const LARGEST_MINOR = 99_999_999_999;
/** Up to here a double of major units still tells one cent from the next. */
const LARGEST_SUM_MINOR = 1e15;

/** A payout's id as banks carry it from end to end: at most 35 characters, none of which a bank may change. */
export const endToEnd = (payout: string): string => payout.replace("_", "-");

/** The payout an end-to-end id names, in whatever case a bank gives it back; undefined when it is none of ours. */
export const payoutNamed = (id: string): string | undefined =>
  /^pay-[0-9a-z]{20}$/i.test(id) ? id.toLowerCase().replace("-", "_") : undefined;

const whyNot = (iban: string, bic: string | undefined): Refusal | undefined => {
  if (!isValidIBAN(iban)) return refuse("bad-iban", `${iban} is not an IBAN: a digit is missing or wrong.`).refusal;
  if (bic !== undefined && !isValidBIC(bic)) return refuse("bad-bic", `${bic} is not a BIC. Leave it out.`).refusal;
  if (!isSEPACountry(iban.slice(0, 2)))
    return refuse("not-sepa", `Accounts in ${iban.slice(0, 2)} cannot be reached by a SEPA transfer.`).refusal;
  return undefined;
};

/** Why an account cannot take part in a SEPA transfer; undefined when it can. */
export const accountFault = (account: Payer): Refusal | undefined => {
  const bad = whyNot(account.iban, account.bic);
  if (bad) return bad;
  return /[A-Za-z0-9]/.test(latin(account.name, 70))
    ? undefined
    : refuse("bad-name", "A bank cannot write this name. Give it in Latin letters as well.").refusal;
};

/** The first banking day after a run's day: not a Saturday or Sunday, nor the two days on which SEPA always rests. */
export const executionDay = (madeAt: number): string => {
  let day = addDays(new Date(madeAt).toISOString().slice(0, 10), 1);
  while (weekday(day) > 5 || /-(01-01|12-25|12-26|05-01)$/.test(day)) day = addDays(day, 1);
  return day;
};

/** The library writes local time, so it is handed a local time that reads like the UTC one. */
const asLocal = (at: number): Date => {
  const it = new Date(at);
  return new Date(
    it.getUTCFullYear(),
    it.getUTCMonth(),
    it.getUTCDate(),
    it.getUTCHours(),
    it.getUTCMinutes(),
    it.getUTCSeconds(),
  );
};

// An agent named in another country than the account would be refused; banks find the agent by the IBAN alone.
const bicOf = ({ iban, bic }: { readonly iban: string; readonly bic?: string | undefined }): string =>
  bic?.slice(4, 6) === iban.slice(0, 2) ? bic : "";

type Information = ReturnType<Document["createPaymentInfo"]>;

const addTransfer = (info: Information, it: RailPayout, place: number): void => {
  if (it.to.rail !== "bank") throw new Error("a payout without an account");
  const transfer = info.createTransaction();
  transfer.id = String(place + 1);
  transfer.end2endId = endToEnd(it.payout);
  transfer.currency = "EUR";
  transfer.amount = it.amountMinor / 100;
  transfer.creditorName = latin(it.to.name, 70);
  transfer.creditorIBAN = it.to.iban;
  transfer.creditorBIC = bicOf(it.to);
  transfer.remittanceInfo = latin(it.reference, 140);
  info.addTransaction(transfer);
};

const sumOf = (payouts: readonly RailPayout[]): number =>
  payouts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const xml = ({ batch, madeAt, payer, payouts }: RailBatch & { readonly payer: Payer }): string => {
  const document = new Document(FORMAT);
  document.grpHdr.id = batch.replace("_", "-");
  document.grpHdr.created = asLocal(madeAt);
  document.grpHdr.initiatorName = latin(payer.name, 70);
  const info = document.createPaymentInfo();
  info.requestedExecutionDate = asLocal(Date.parse(`${executionDay(madeAt)}T12:00:00Z`));
  info.debtorName = latin(payer.name, 70);
  info.debtorIBAN = payer.iban;
  info.debtorBIC = bicOf(payer);
  document.addPaymentInfo(info);
  for (const [place, payout] of payouts.entries()) addTransfer(info, payout, place);
  // The library would add doubles up; whole cents, divided once, are exact.
  info.normalize = () => {
    info.controlSum = sumOf(payouts) / 100;
  };
  return document.toString();
};

const serves = (currency: string, payer: Payer | null): Refusal | undefined => {
  if (currency !== "EUR") return refuse("not-euro", `SEPA transfers are in EUR; ${currency} is paid by hand.`).refusal;
  return payer
    ? undefined
    : refuse("no-payer", "Say first from which account you pay, in the payout settings.").refusal;
};

const reaches = (details: Details): Refusal | undefined =>
  details.rail === "bank"
    ? accountFault(details)
    : refuse("other-rail", "This influencer is paid by hand, not by bank transfer.").refusal;

const takes = (batch: RailBatch): Submission => {
  const { currency, payer, payouts } = batch;
  const large = payouts.find(({ amountMinor }) => amountMinor > LARGEST_MINOR);
  const because =
    serves(currency, payer)?.because ??
    payouts.map(({ to }) => reaches(to)?.because).find((it) => it !== undefined) ??
    (large && "One SEPA transfer carries at most 999 999 999.99 EUR.") ??
    (sumOf(payouts) > LARGEST_SUM_MINOR ? "This is too much for one file." : undefined);
  return because === undefined ? { outcome: "accepted" } : { outcome: "refused", because };
};

/**
 * SEPA transfers as a file for the brand's bank: ISO 20022 pain.001.001.09, in EUR. The bank's answer comes back through
 * whoever carried the file.
 */
export const bank = (desk: Desk): Rail => ({
  name: "bank",
  serves,
  reaches,
  submit: async (batch) => takes(batch),
  lookUp: (payout) => desk.standing(payout),
  file: (batch) => {
    const { payer } = batch;
    if (!payer) throw new Error("a bank file without a payer");
    return { name: `${batch.batch}.xml`, type: "application/xml; charset=utf-8", text: xml({ ...batch, payer }) };
  },
});
