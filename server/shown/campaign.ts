import type * as v from "valibot";
import { nothingReached, standingAt } from "../../shared/pay/ledger.ts";
import type { Campaign, CampaignPage, Influencer, MoneyByStage } from "../../shared/wire/shown.ts";
import { known, read } from "../engine/book.ts";
import type { Reader } from "../engine/reader.ts";
import type { AccountDoc, CampaignDoc, CampaignSumDoc, ContractDoc, HostDoc, InfluencerDoc } from "../engine/shapes.ts";
import { influencerName } from "./names.ts";
import { pollPage } from "./poll.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;
type Money = Shown<typeof MoneyByStage>;

/** A campaign's hosts, each with whether the tag has been seen on it. */
export const hostsOf = async (reader: Reader, { hosts }: CampaignDoc): Promise<Shown<typeof Campaign>["hosts"]> =>
  Promise.all(
    hosts.map(async (host) => ({ host, verified: Boolean((await read<HostDoc>(reader, `host/${host}`))?.verified) })),
  );

/** A campaign as its brand sees it. */
export const campaignShown = async (reader: Reader, id: string): Promise<Shown<typeof Campaign>> => {
  const doc = await known<CampaignDoc>(reader, `campaign/${id}`);
  return { id: doc.id, name: doc.name, createdAt: doc.createdAt, hosts: await hostsOf(reader, doc) };
};

/** All campaigns of a brand, newest first. */
export const campaignsShown = async (reader: Reader): Promise<Shown<typeof Campaign>[]> => {
  const all = await reader.documents("campaign/");
  const shown = await Promise.all(all.map(([key]) => campaignShown(reader, key.slice("campaign/".length))));
  return shown.sort((a, b) => b.createdAt - a.createdAt);
};

/** An influencer as the brand sees them. */
export const influencerShown = async (reader: Reader, id: string): Promise<Shown<typeof Influencer>> => {
  const doc = await known<InfluencerDoc>(reader, `influencer/${id}`);
  return { id, name: await influencerName(reader, id), joined: doc.joinedAt !== null };
};

/** All influencers of a brand, newest first. */
export const influencersShown = async (reader: Reader): Promise<Shown<typeof Influencer>[]> => {
  const docs = (await reader.documents("influencer/")).map(([, body]) => body as unknown as InfluencerDoc);
  const newest = [...docs].sort((a, b) => b.addedAt - a.addedAt);
  return Promise.all(newest.map(({ id }) => influencerShown(reader, id)));
};

/** What stands at each stage of one contract, in minor units. */
export const moneyOf = (account: AccountDoc | undefined, currency: string): Money => {
  const at = standingAt(account?.posted.reached ?? nothingReached);
  return {
    currency,
    accruedMinor: at.accrued,
    validatedMinor: at.validated,
    approvedMinor: at.approved,
    payableMinor: at.payable,
  };
};

const added = (a: Money, b: Money): Money => ({
  currency: a.currency,
  accruedMinor: a.accruedMinor + b.accruedMinor,
  validatedMinor: a.validatedMinor + b.validatedMinor,
  approvedMinor: a.approvedMinor + b.approvedMinor,
  payableMinor: a.payableMinor + b.payableMinor,
});

const byCurrency = (all: readonly Money[]): Money[] => {
  const sums = new Map<string, Money>();
  for (const money of all) {
    const before = sums.get(money.currency);
    sums.set(money.currency, before ? added(before, money) : money);
  }
  return [...sums.values()];
};

/** The clicks on all links of a contract. */
export const clicksOf = (reader: Reader, contract: string): Promise<number> => reader.counted(`clicks/${contract}`);

const creditedRow = async (reader: Reader, id: string, sum: CampaignSumDoc | undefined) => {
  const contract = await known<ContractDoc>(reader, `contract/${id}`);
  const account = await read<AccountDoc>(reader, `account/${id}`);
  const { influencer, status } = contract;
  return {
    contract: id,
    influencer,
    name: await influencerName(reader, influencer),
    status: status === "none" ? ("drafted" as const) : status,
    creditedMicro: { ...sum?.credited[id] },
    clicks: await clicksOf(reader, id),
    money: moneyOf(account, contract.terms?.currency ?? "USD"),
  };
};

const ids = async (reader: Reader, prefix: string): Promise<readonly string[]> =>
  (await reader.documents(prefix)).map(([key]) => key.split("/").at(-1) ?? "");

/** A campaign's live page. `position` is where its live stream goes on from. */
export const campaignPage = async (
  reader: Reader,
  id: string,
  position: string,
): Promise<Shown<typeof CampaignPage>> => {
  const sum = await read<CampaignSumDoc>(reader, `sum/${id}`);
  const contracts = await ids(reader, `campaign-contract/${id}/`);
  const credited = await Promise.all(contracts.map((contract) => creditedRow(reader, contract, sum)));
  const polls = [...(await ids(reader, `campaign-poll/${id}/`))].reverse();
  const grades = { accept: 0, review: 0, reject: 0, retry: 0, ...sum?.grades };
  return {
    campaign: await campaignShown(reader, id),
    visits: await reader.counted(`visits/${id}`),
    clicks: credited.reduce((all, { clicks }) => all + clicks, 0),
    results: { ...sum?.results },
    grades,
    credited,
    money: byCurrency(credited.map(({ money }) => money)),
    polls: await Promise.all(polls.map((poll) => pollPage(reader, poll))),
    position,
  };
};
