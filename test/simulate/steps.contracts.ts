import { addInfluencer } from "../../server/decisions/campaigns.ts";
import {
  agreeToEnd,
  declineContract,
  draftContract,
  offerContract,
  proposeTerms,
  reviewContract,
  signContract,
  terminateContract,
  withdrawContract,
} from "../../server/decisions/contracts.ts";
import type { ContractDoc } from "../../server/engine/shapes.ts";
import { otherParty, type Party } from "../../shared/contract/contract.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { versionsOf } from "../laws/auditor.calendar.ts";
import { anyTerms } from "./agreed.ts";
import { ask, type Company, contractOf, DAY, type Deal, type Year } from "./world.ts";

const zones = ["UTC", "America/New_York", "Pacific/Auckland", "America/Havana"] as const;
const parties = ["brand", "influencer"] as const;

const MOST_LIVE = 3;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A contract is drafted and offered. */
export const offer = async (it: Year, company: Company): Promise<boolean> => {
  const { chance, engine } = it;
  const { brand, campaign } = company;
  let live = 0;
  for (const deal of company.deals)
    if (["offered", "running"].includes((await contractOf(it, company, deal.contract)).status)) live += 1;
  if (live >= MOST_LIVE) return false;
  const influencer = chance.pick(company.influencers);
  const contract = `con_${it.next()}`;
  const starts = dayOf(engine.clock.at + chance.between(-6, 9) * DAY);
  const frame = { currency: chance.pick(["EUR", "EUR", "EUR", "USD", "JPY"]), timeZone: chance.pick(zones), starts };
  await ask(it, brand, "add an influencer", addInfluencer(influencer, influencer, "invited", "brand"), "natural");
  for (let drafts = chance.pick([1, 1, 2]); drafts > 0; drafts -= 1) {
    const given = { contract, campaign, influencer, terms: anyTerms(chance, frame) };
    const done = await ask(it, brand, "draft a contract", draftContract(given, "brand"), "natural");
    if (!done.ok) return false;
  }
  company.deals.push({ contract, influencer, link: undefined, code: undefined });
  if (chance.likely(4)) return true;
  await ask(
    it,
    brand,
    "offer a contract",
    offerContract(contract, "brand", chance.pick([undefined, 4, 10])),
    "natural",
  );
  return true;
};

const signAs = (it: Year, { brand }: Company, contract: string, doc: ContractDoc, by: Party) => {
  const termsHash = doc.proposal?.termsHash ?? doc.termsHash;
  return ask(it, brand, "sign", signContract(contract, { by, termsHash, name: by }, by), "natural");
};

const later = (terms: Terms, from: string): string | undefined => {
  if (terms.period === "flight") return from <= terms.ends ? from : undefined;
  return versionsOf([terms])[0]?.periods.find(({ starts }) => starts >= from)?.starts;
};

const otherTerms = (it: Year, doc: ContractDoc): Terms | undefined => {
  const { chance, engine } = it;
  const { terms } = doc;
  if (!terms) return undefined;
  const { currency, timeZone } = terms;
  if (doc.versions.length === 0) return anyTerms(chance, { currency, timeZone, starts: terms.starts });
  const starts = later(terms, dayOf(engine.clock.at + chance.between(2, 12) * DAY));
  return starts === undefined || starts <= terms.starts ? undefined : anyTerms(chance, { currency, timeZone, starts });
};

const propose = async (
  it: Year,
  { brand }: Company,
  deal: Deal,
  doc: ContractDoc,
  by: Party,
  type: "counter" | "amend",
) => {
  const terms = otherTerms(it, doc);
  if (!terms) return false;
  const given = { by, terms, days: it.chance.pick([undefined, 5]) };
  await ask(it, brand, type, proposeTerms(deal.contract, type, given, by), "natural");
  return true;
};

/** Something is said to what is on the table; mostly it is signed. */
const answer = async (it: Year, company: Company, deal: Deal, doc: ContractDoc): Promise<boolean> => {
  const { chance } = it;
  const { brand } = company;
  const proposal = doc.proposal;
  if (!proposal) return false;
  const luck = chance.below(100);
  if (luck < 80) {
    for (const by of chance.shuffled(parties)) {
      if (proposal.signedBy.includes(by)) continue;
      await signAs(it, company, deal.contract, doc, by);
      if (chance.likely(15)) return true;
    }
    return true;
  }
  const other = otherParty(proposal.by);
  if (luck < 88) return propose(it, company, deal, doc, other, "counter");
  const given = { by: other, reason: "pay", note: "Too little." } as const;
  if (luck < 91) await ask(it, brand, "decline", declineContract(deal.contract, given, other));
  else if (luck < 94)
    await ask(it, brand, "withdraw an offer", withdrawContract(deal.contract, proposal.by, proposal.by));
  return true;
};

const change = async (it: Year, company: Company, deal: Deal, doc: ContractDoc): Promise<boolean> => {
  const { chance, engine } = it;
  const { brand } = company;
  const by = chance.pick(parties);
  const luck = chance.below(100);
  if (doc.review.due || luck < 5) await ask(it, brand, "review", reviewContract(deal.contract, by, by), "natural");
  else if (luck < 60 && !(doc.notice && chance.likely(80))) return propose(it, company, deal, doc, by, "amend");
  else if (doc.notice)
    await ask(it, brand, "agree to end", agreeToEnd(deal.contract, otherParty(doc.notice.by), "brand"), "natural");
  else if (luck < 85) {
    const lastDay = dayOf(engine.clock.at + chance.between(1, 25) * DAY);
    await ask(
      it,
      brand,
      "give notice",
      terminateContract(deal.contract, { by, lastDay, reason: "results" }, by),
      "natural",
    );
  } else return false;
  return true;
};

/** Something is on the table somewhere: it is dealt with. */
export const negotiate = async (it: Year, company: Company): Promise<boolean> => {
  for (const deal of it.chance.shuffled(company.deals)) {
    const doc = await contractOf(it, company, deal.contract);
    if (doc.proposal) return answer(it, company, deal, doc);
  }
  return false;
};

/** A contract that runs is changed, or ends. */
export const rearrange = async (it: Year, company: Company): Promise<boolean> => {
  for (const deal of it.chance.shuffled(company.deals)) {
    const doc = await contractOf(it, company, deal.contract);
    if (doc.status === "running" && !doc.proposal) return change(it, company, deal, doc);
  }
  return false;
};
