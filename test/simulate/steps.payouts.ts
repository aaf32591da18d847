import { createHash } from "node:crypto";
import { fundDeposit, releaseDeposit, remitTax, reserveDeposit } from "../../server/decisions/deposits.ts";
import { sayDetails, saySettings, sayWithholding } from "../../server/decisions/payout-details.ts";
import {
  failPayout,
  recordOutcomes,
  returnPayout,
  settlePayout,
  unclaimPayout,
} from "../../server/decisions/payouts.life.ts";
import { balanceOf, type Digest, deskOf, makeBatch, planOf, railBatch } from "../../server/decisions/payouts.ts";
import { confirmWriteOff, debtsOf, proposeWriteOff } from "../../server/decisions/write-offs.ts";
import { approveStatement } from "../../server/engine/closing.ts";
import { readerOf } from "../../server/engine/reader.ts";
import type { BatchDoc, PayoutDoc } from "../../server/engine/shapes.payout.ts";
import type { AccountDoc } from "../../server/engine/shapes.ts";
import { rails } from "../../server/partners/rails.ts";
import { submission } from "../../server/partners/submission.ts";
import { canonical } from "../../shared/kit/canonical.ts";
import type { RailName } from "../../shared/pay/payout.details.ts";
import { ask, type Company, docsOf, type Year } from "./world.ts";

const digest: Digest = (it) => createHash("sha256").update(canonical(it)).digest("hex");
const IBANS = ["FR1420041010050500013M02606", "DE89370400440532013000", "NL91ABNA0417164300"] as const;
const currencies = ["EUR", "EUR", "USD", "JPY"] as const;

const runs = [
  ["bank", "EUR"],
  ["manual", "EUR"],
  ["manual", "USD"],
  ["manual", "JPY"],
] as const;

/** Somebody says where to be paid, or says otherwise than before. */
export const details = async (it: Year, { brand, influencers }: Company): Promise<boolean> => {
  const { chance } = it;
  const influencer = chance.pick(influencers);
  const said = chance.likely(45)
    ? ({ rail: "bank", name: "Ana Lima", iban: chance.pick(IBANS), country: "FR" } as const)
    : ({ rail: "manual", note: chance.pick(["In the shop", "By post"]) } as const);
  await ask(it, brand, "say where to be paid", sayDetails(influencer, said, digest, influencer), "natural");
  return true;
};

/** The brand arranges how it pays: its account, a deposit, a fee, tax. */
export const arrange = async (it: Year, company: Company): Promise<boolean> => {
  const { chance } = it;
  const { brand } = company;
  const reader = it.engine.reader(brand);
  const currency = chance.pick(currencies);
  const deal = chance.pick(company.deals.slice(-4));
  const amountMinor = chance.between(1, 8_000);
  const id = `dep_${it.next()}`;
  const luck = chance.below(100);
  const payer = { name: "Acme", iban: IBANS[1] };
  const prefunded = chance.likely(55);
  const settings = { payer, prefunded, platformFeeBp: prefunded ? chance.pick([0, 250, 250, 250]) : 0 };
  if (luck < 15) await ask(it, brand, "settle how to pay", saySettings(settings, digest, "brand"), "natural");
  else if (luck < 40)
    await ask(it, brand, "deposit", fundDeposit(id, "bank", { currency, amountMinor: amountMinor * 5 }, "brand"));
  else if (luck < 66 && deal) await ask(it, brand, "reserve", reserveDeposit(id, deal.contract, amountMinor, "brand"));
  else if (luck < 76 && deal)
    await ask(it, brand, "release", releaseDeposit(id, deal.contract, chance.between(1, 400), "brand"));
  else if (luck < 86) {
    const bp = chance.pick([0, 500, 2_500]);
    await ask(it, brand, "withhold", sayWithholding(chance.pick(company.influencers), bp, "brand"), "natural");
  } else {
    for (const its of new Set(currencies)) {
      const kept = 0 - (await balanceOf(reader, its, "tax:withheld"));
      if (kept < 1) continue;
      const given = { rail: "bank", reference: "R", currency: its, amountMinor: chance.between(1, kept) } as const;
      await ask(it, brand, "remit tax", remitTax(id.replace("dep", "rem"), given, digest, "brand"));
      return true;
    }
    return false;
  }
  return true;
};

/** A closed statement is approved. */
export const approveStated = async (it: Year, company: Company, all = false): Promise<boolean> => {
  let done = false;
  for (const { contract, closed } of await docsOf<AccountDoc>(it, company, "account/"))
    for (const [period, { approvedAt }] of Object.entries(closed)) {
      if (approvedAt !== null || !(all || it.chance.likely(50))) continue;
      const work = approveStatement(contract, Number(period), "brand", "brand");
      await ask(it, company.brand, "approve a statement", work, "natural");
      done = true;
    }
  return done;
};

/** A batch is made of whatever is payable. */
export const batch = async (it: Year, company: Company): Promise<boolean> => {
  const { chance } = it;
  let done = false;
  if (chance.likely(15) && !company.partner.calm) await details(it, company);
  for (const [rail, currency] of runs) {
    if (currency !== "EUR" && chance.likely(company.partner.calm ? 0 : 50)) continue;
    company.runs += 1;
    const run = { key: `run-${company.runs}`, rail, currency };
    if (chance.likely(40)) {
      const { waiting } = await planOf(it.engine.reader(company.brand), run, it.engine.clock.at);
      for (const { code } of waiting) it.note(`waits ${code}`);
    }
    if ((await ask(it, company.brand, "make a batch", makeBatch(run, "brand"), "natural")).ok) done = true;
  }
  if (done && chance.likely(70)) await submit(it, company);
  return done;
};

/** Whatever no rail is known to have is handed over, or asked about: to a partner with a memory of its own, or as a file. */
export const submit = async (it: Year, company: Company): Promise<boolean> => {
  const { chance, engine } = it;
  const { brand, partner } = company;
  const waiting = (await engine.reader(brand).documents("unsent/")).map(([key]) => key.slice("unsent/".length));
  for (const id of waiting) {
    // Which way a batch goes is settled by its name, so that it goes the same way after a crash.
    const byFile = Number.parseInt(id.slice(-2).replace(/[^0-9]/g, "1"), 10) % 3 === 0;
    if (chance.likely(20)) engine.trip();
    await engine.attempt(async (store, record) => {
      const reader = readerOf(store, brand);
      const whole = await railBatch(reader, id);
      const { rail: name } = (await reader.document(`batch/${id}`)) as unknown as BatchDoc;
      const waits: string[] = [];
      for (const { payout } of whole.payouts)
        if (((await reader.document(`payout/${payout}`)) as unknown as PayoutDoc).status === "made") waits.push(payout);
      const rest = { ...whole, payouts: whole.payouts.filter(({ payout }) => waits.includes(payout)) };
      const rail = byFile ? rails[name as RailName](deskOf(reader)) : partner.rail;
      const outcomes = await submission(rail, rest);
      for (const { standing } of outcomes) it.note(`a rail said ${standing}`);
      await record.decide(brand, recordOutcomes(outcomes, digest, "rail"));
    });
  }
  return waiting.length > 0;
};

const tell = async (
  it: Year,
  { brand }: Company,
  doc: PayoutDoc,
  what: "settled" | "failed" | "returned",
): Promise<void> => {
  const { payout } = doc;
  if (what === "settled")
    await ask(it, brand, "say it arrived", settlePayout(payout, "ref", digest, "brand"), "natural");
  if (what === "failed") await ask(it, brand, "say it failed", failPayout(payout, "closed", "brand"), "natural");
  if (what === "returned") await ask(it, brand, "say it came back", returnPayout(payout, "closed", "brand"), "natural");
};

/** What happens to a payout out there: the partner's own payments, or those somebody carried to the bank. */
const happen = (it: Year, { partner }: Company, doc: PayoutDoc): "settled" | "failed" | "returned" | undefined => {
  const { chance } = it;
  const payment = partner.payments.get(doc.payout);
  if (partner.calm) {
    if (payment?.standing === "submitted") payment.standing = "settled";
    if (!payment) return "settled";
  } else if (payment?.standing === "submitted")
    payment.standing = chance.pick(["settled", "settled", "settled", "failed", "returned"]);
  else if (payment?.standing === "settled" && chance.likely(doc.status === "settled" ? 20 : 0))
    payment.standing = "returned";
  if (payment) {
    if (payment.standing === "settled") payment.arrived = true;
    return payment.standing === "settled" || payment.standing === "failed" || payment.standing === "returned"
      ? payment.standing
      : undefined;
  }
  if (doc.status === "settled") return chance.likely(18) ? "returned" : undefined;
  return chance.pick(["settled", "settled", "settled", "failed", "returned"]);
};

/** News of payouts: they arrived, failed, came back, or were never claimed. */
export const news = async (it: Year, company: Company, all = false): Promise<boolean> => {
  const { chance, engine } = it;
  let done = false;
  for (const doc of await docsOf<PayoutDoc>(it, company, "payout/")) {
    if (doc.status !== "sent" && doc.status !== "settled") continue;
    if (!all && chance.likely(50)) continue;
    // Some payouts are never heard of: they are taken back once thirty days are over.
    if (
      !company.partner.calm &&
      doc.status === "sent" &&
      doc.payout.charCodeAt(9) % 3 === 0 &&
      !company.partner.payments.has(doc.payout)
    ) {
      if (engine.clock.at < (doc.sentAt ?? 0) + 30 * 86_400_000) continue;
      await ask(it, company.brand, "give up on a payout", unclaimPayout(doc.payout, "brand"), "natural");
    } else {
      const what = happen(it, company, doc);
      if (what && what !== doc.status) await tell(it, company, doc, what);
    }
    done = true;
  }
  return done;
};

/** Before the end: everybody is paid by hand, out of the brand's own pocket, without a fee. */
export const settleDown = async (it: Year, company: Company): Promise<void> => {
  const { brand, influencers } = company;
  company.partner.calm = true;
  for (const influencer of influencers) {
    const said = { rail: "manual", note: "At last" } as const;
    await ask(it, brand, "say where to be paid", sayDetails(influencer, said, digest, influencer), "natural");
  }
  const settings = { prefunded: false, platformFeeBp: 0 };
  await ask(it, brand, "settle how to pay", saySettings(settings, digest, "brand"), "natural");
};

/** A debt is given up by two people. */
export const writeOff = async (it: Year, company: Company): Promise<boolean> => {
  const { chance, engine } = it;
  const { brand } = company;
  for (const influencer of company.influencers)
    for (const currency of new Set(currencies)) {
      const owed = (await debtsOf(engine.reader(brand), influencer, currency)).reduce(
        (sum, one) => sum + one.amountMinor,
        0,
      );
      if (owed === 0) continue;
      const id = `wof_${it.next()}`;
      const [one, other] = [digest("one"), digest("other")];
      const given = { writeOff: id, influencer, currency, amountMinor: chance.between(1, owed), who: one };
      await ask(it, brand, "propose a write-off", proposeWriteOff(given, "brand"));
      if (chance.likely(25)) await ask(it, brand, "confirm one's own", confirmWriteOff(id, one, "brand"), "natural");
      if (chance.likely(90))
        await ask(it, brand, "confirm a write-off", confirmWriteOff(id, other, "brand"), "natural");
      return true;
    }
  return false;
};
