import { count, emptyTally, type Tally } from "../../shared/audience/poll.ts";
import { type ContractFact, contractLife } from "../../shared/contract/contract.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import type { Entry, Fact, FactType } from "../../shared/fact.ts";
import { present } from "../../shared/kit/shape.ts";
import type { Period } from "../../shared/kit/time.ts";
import { begun, emptyAccount, paidPeriod } from "./account.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import { type AccountDoc, atKey, type CampaignDoc, type ContractDoc, type HostDoc, type PollDoc } from "./shapes.ts";
import { conversionViews } from "./views.conversion.ts";

const withHost = async (book: Book, campaign: string, host: string): Promise<void> => {
  const doc = (await read<HostDoc>(book, `host/${host}`)) ?? { campaigns: [], verified: null };
  put(book, `host/${host}`, { ...doc, campaigns: [...new Set([...doc.campaigns, campaign])] });
};

const termsOf = ({ terms }: ContractDoc): Terms => present(terms, "the terms of a running contract");

/** A period that pays something without any result falls due when it begins. */
const awaitPeriod = (book: Book, contract: string, terms: Terms, index: number): void => {
  const next = paidPeriod(terms, index);
  if (next) put(book, periodKey(contract, next), {});
};

const periodKey = (contract: string, { from, index }: Period): string =>
  `due/${atKey(from)}/period/${contract}/${index}`;

const contractFact = async (book: Book, { at, fact }: Entry<Extract<Fact, ContractFact>>): Promise<void> => {
  const key = `contract/${fact.contract}`;
  const before = await read<ContractDoc>(book, key);
  const kept = before ?? { ...contractLife.initial, draftedAt: at, startedAt: null, signatures: [] };
  const after: ContractDoc = {
    ...kept,
    ...contractLife.evolve(kept, fact as ContractFact),
    ...(fact.type === "contract-drafted" && { draftedAt: at, signatures: [] }),
    ...(fact.type === "contract-started" && { startedAt: at }),
    ...(fact.type === "contract-signed" && {
      signatures: [...kept.signatures, { by: fact.by, at, termsHash: fact.termsHash }],
    }),
  };
  put(book, key, after);
  if (fact.type === "contract-started") awaitPeriod(book, fact.contract, termsOf(after), 0);
  if (fact.type === "contract-drafted") {
    put(book, `campaign-contract/${fact.campaign}/${fact.contract}`, {});
    put(book, `influencer-contract/${fact.influencer}/${fact.contract}`, {});
  }
};

const others = {
  "brand-opened": (book, { at, fact }) => put(book, "brand", { publishableKey: fact.publishableKey, openedAt: at }),
  "campaign-created": async (book, { at, fact: { campaign, name, hosts } }) => {
    put(book, `campaign/${campaign}`, { id: campaign, name, hosts, createdAt: at, poll: null });
    for (const host of hosts) await withHost(book, campaign, host);
  },
  "host-added": async (book, { fact: { campaign, host } }) => {
    const doc = await known<CampaignDoc>(book, `campaign/${campaign}`);
    put(book, `campaign/${campaign}`, { ...doc, hosts: [...doc.hosts, host] });
    await withHost(book, campaign, host);
  },
  "host-verified": async (book, { fact: { host, how } }) => {
    const doc = await known<HostDoc>(book, `host/${host}`);
    put(book, `host/${host}`, { ...doc, verified: how });
  },
  "influencer-added": (book, { at, fact: { influencer } }) =>
    put(book, `influencer/${influencer}`, { id: influencer, addedAt: at, joinedAt: null }),
  // The invitation itself lies with the people; that there was another one stays on record.
  "influencer-invited-again": () => {},
  "influencer-joined": async (book, { at, fact: { influencer } }) =>
    put(book, `influencer/${influencer}`, { ...(await known<object>(book, `influencer/${influencer}`)), joinedAt: at }),
  "code-created": (book, { fact: { code, contract } }) => {
    put(book, `code/${code}`, { contract });
    put(book, `contract-code/${contract}/${code}`, {});
  },
  "link-created": (book, { at, fact: { link: code, contract, destination } }) => {
    put(book, `link/${code}`, { code, contract, destination, createdAt: at });
    put(book, `landing/${contract}/${destination}`, { code });
    put(book, `contract-link/${contract}/${atKey(at)}/${code}`, {});
  },
  "poll-opened": async (book, { at, fact: { type: _, ...opened } }) => {
    const campaign = await known<CampaignDoc>(book, `campaign/${opened.campaign}`);
    if (campaign.poll) {
      const before = await known<PollDoc>(book, `poll/${campaign.poll}`);
      put(book, `poll/${campaign.poll}`, { ...before, open: false });
    }
    put(book, `poll/${opened.poll}`, { ...opened, createdAt: at, open: true });
    put(book, `campaign-poll/${opened.campaign}/${atKey(at)}/${opened.poll}`, {});
    put(book, `campaign/${opened.campaign}`, { ...campaign, poll: opened.poll });
  },
  "poll-closed": async (book, { fact: { poll } }) => {
    const doc = await known<PollDoc>(book, `poll/${poll}`);
    put(book, `poll/${poll}`, { ...doc, open: false });
    const campaign = await known<CampaignDoc>(book, `campaign/${doc.campaign}`);
    put(book, `campaign/${doc.campaign}`, { ...campaign, poll: campaign.poll === poll ? null : campaign.poll });
  },
  "poll-answered": async (book, { fact: { poll, answer, answers } }) => {
    const doc = await known<PollDoc>(book, `poll/${poll}`);
    const tally = (await read<Tally>(book, `tally/${poll}`)) ?? emptyTally;
    put(book, `tally/${poll}`, count(tally, doc.questions, answers));
    put(book, `poll-answer/${poll}/${answer}`, {});
  },
  "period-began": async (book, { fact: { contract, period: index } }) => {
    const terms = termsOf(await known<ContractDoc>(book, `contract/${contract}`));
    const began = present(paidPeriod(terms, index), "the period that began");
    book.put(periodKey(contract, began), null);
    const account = (await read<AccountDoc>(book, `account/${contract}`)) ?? emptyAccount(terms.currency);
    put(book, `account/${contract}`, begun(account, terms, index));
    awaitPeriod(book, contract, terms, index + 1);
  },
  "contract-drafted": contractFact,
  "contract-offered": contractFact,
  "contract-signed": contractFact,
  "contract-started": contractFact,
  "contract-completed": contractFact,
} satisfies { readonly [Type in FactType]?: Fold<Type> };

const folds: { readonly [Type in FactType]: Fold<Type> } = { ...others, ...conversionViews };

/** Draw one more fact into the views. */
export const fold = async (book: Book, entry: Entry): Promise<void> => {
  await folds[entry.fact.type](book, entry as never);
};
