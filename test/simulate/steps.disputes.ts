import {
  acceptSplit,
  answerDispute,
  concedeDispute,
  decideDispute,
  escalateDispute,
  type Opening,
  openDispute,
  proposeSplit,
  withdrawDispute,
} from "../../server/decisions/disputes.ts";
import type { DisputeDoc } from "../../server/engine/shapes.dispute.ts";
import type { AccountDoc, ConversionDoc } from "../../server/engine/shapes.ts";
import { disputableMinor } from "../../server/engine/worth.ts";
import { otherParty } from "../../shared/contract/contract.ts";
import { type DisputeItem, disputeReasons } from "../../shared/contract/dispute.item.ts";
import { ask, type Company, docsOf, type Year } from "./world.ts";

const parties = ["brand", "influencer"] as const;

const anyItem = async (it: Year, company: Company): Promise<readonly [DisputeItem, number | null] | undefined> => {
  const { chance } = it;
  const luck = chance.below(100);
  const reader = it.engine.reader(company.brand);
  if (luck < 60) {
    const conversion = chance.pick(company.told.slice(-8))?.conversion;
    const doc = (await reader.document(`conversion/${conversion}`)) as unknown as ConversionDoc | undefined;
    const part = chance.pick((doc?.verdict?.parts ?? []).filter(({ shareMicro }) => shareMicro > 0));
    return conversion !== undefined && part
      ? [{ kind: "conversion", contract: part.contract, conversion }, null]
      : undefined;
  }
  const contract = chance.pick(company.deals.slice(-4))?.contract;
  if (contract === undefined) return undefined;
  const account = (await reader.document(`account/${contract}`)) as AccountDoc | undefined;
  const closed = Object.keys(account?.closed ?? {}).at(-1);
  if (luck < 85 && closed !== undefined)
    return [{ kind: "statement", contract, period: Number(closed) }, Number(closed)];
  return [{ kind: "contract", contract }, null];
};

/** Somebody disputes something. */
export const dispute = async (it: Year, company: Company): Promise<boolean> => {
  const { chance } = it;
  const found = await anyItem(it, company);
  if (!found) return false;
  const [item, period] = found;
  const opener = chance.pick(parties);
  const worth = await disputableMinor(it.engine.reader(company.brand), item, period);
  if (opener === "brand" && worth < 1) return false;
  const amountMinor = opener === "brand" ? chance.between(1, worth) : chance.between(1, 2_000);
  const opening: Opening = {
    dispute: `dsp_${it.next()}`,
    item,
    opener,
    reason: chance.pick(disputeReasons[opener]),
    amountMinor,
  };
  const done = await ask(it, company.brand, `dispute a ${item.kind}`, openDispute(opening, { text: "No." }, opener));
  return done.ok;
};

const splitOf = (it: Year, { amountMinor }: DisputeDoc) => {
  const { chance } = it;
  if (chance.likely(50)) return { brandPermille: chance.below(1001) };
  const brandMinor = chance.between(0, amountMinor);
  return { brandMinor, influencerMinor: amountMinor - brandMinor };
};

const talk = async (it: Year, company: Company, doc: DisputeDoc): Promise<void> => {
  const { chance } = it;
  const { brand } = company;
  const { dispute: id, opener, status } = doc;
  const luck = chance.below(100);
  const by = chance.pick(parties);
  if (luck < 7) await ask(it, brand, "withdraw a dispute", withdrawDispute(id, opener, opener), "natural");
  else if (luck < 14) await ask(it, brand, "concede", concedeDispute(id, otherParty(opener), "other"), "natural");
  else if (status === "opened")
    await ask(it, brand, "answer", answerDispute(id, otherParty(opener), { text: "Yes." }, "other"));
  else if (status === "escalated") {
    const halves = company.halves.get(id);
    const keys = halves ? [halves.brand, halves.influencer] : [];
    await ask(it, brand, "decide", decideDispute(id, keys, splitOf(it, doc), { text: "So be it." }), "natural");
  } else if (luck < 30 && !doc.replied)
    await ask(it, brand, "reply", answerDispute(id, opener, { text: "No!" }, "opener"));
  else if (luck < 55) await ask(it, brand, "propose", proposeSplit(id, by, splitOf(it, doc), {}, by));
  else if (luck < 70) {
    const halves = company.halves.get(id) ?? { brand: `b-${it.next()}`, influencer: `i-${it.next()}` };
    const done = await ask(it, brand, "escalate", escalateDispute(id, by, halves, by), "natural");
    if (done.ok) company.halves.set(id, halves);
  } else {
    const last = doc.proposals.at(-1);
    if (!last) return;
    const accepting = otherParty(last.party);
    await ask(it, brand, "accept", acceptSplit(id, accepting, doc.proposals.length - 1, accepting), "natural");
  }
};

/** An open dispute goes on. */
export const argue = async (it: Year, company: Company): Promise<boolean> => {
  const open = (await docsOf<DisputeDoc>(it, company, "dispute/")).filter(({ status }) => status !== "resolved");
  const doc = it.chance.pick(open);
  if (!doc) return false;
  await talk(it, company, doc);
  return true;
};
