import { count, emptyTally, type Tally } from "../../shared/audience/poll.ts";
import type { Entry, FactType } from "../../shared/fact.ts";
import { type Book, type Fold, known, put, read } from "./book.ts";
import { atKey, type CampaignDoc, type HostDoc, type PollDoc } from "./shapes.ts";
import { accountViews } from "./views.account.ts";
import { attributionViews } from "./views.attribution.ts";
import { contractViews } from "./views.contract.ts";
import { conversionViews } from "./views.conversion.ts";
import { disputeViews } from "./views.dispute.ts";
import { historyViews } from "./views.history.ts";
import { holdoutViews } from "./views.holdout.ts";
import { payoutViews } from "./views.payout.ts";

/**
 * The version of the views: raised whenever the same facts make other documents than before, so that a folder whose views
 * were drawn by other folds is told apart, and drawn anew.
 */
export const VIEWS = 1;

const withHost = async (book: Book, campaign: string, host: string): Promise<void> => {
  const doc = (await read<HostDoc>(book, `host/${host}`)) ?? { campaigns: [], verified: null };
  put(book, `host/${host}`, { ...doc, campaigns: [...new Set([...doc.campaigns, campaign])] });
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
} satisfies { readonly [Type in FactType]?: Fold<Type> };

const folds: { readonly [Type in FactType]: Fold<Type> } = {
  ...others,
  ...contractViews,
  ...accountViews,
  ...conversionViews,
  ...disputeViews,
  ...historyViews,
  ...attributionViews,
  ...holdoutViews,
  ...payoutViews,
};

/** Draw one more fact into the views. */
export const fold = async (book: Book, entry: Entry): Promise<void> => {
  await folds[entry.fact.type](book, entry as never);
};
