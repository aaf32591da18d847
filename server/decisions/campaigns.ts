import type { Question } from "../../shared/audience/poll.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import type { Work } from "../engine/record.ts";
import type { CampaignDoc, HostDoc, InfluencerDoc, PollDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";

/** Hosts that reach only the machine itself. They need no proof, and are allowed only where the server says so. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);

const noCampaign = (id: string) => refuse("not-found", `There is no campaign ${id}.`);

const verifyLoopback = async (unit: Unit, hosts: readonly string[], loopback: boolean, by: string): Promise<void> => {
  for (const host of hosts) {
    const doc = await read<HostDoc>(unit, `host/${host}`);
    if (loopback && isLoopback(host) && !doc?.verified)
      await unit.record({ type: "host-verified", host, how: "loopback" }, by);
  }
};

const refusedHost = (hosts: readonly string[], loopback: boolean) => {
  const bad = hosts.find((host) => isLoopback(host) && !loopback);
  return (
    bad &&
    refuse(
      "host-not-public",
      `${bad} is this machine itself; visitors elsewhere could never reach it. Name a public host.`,
    )
  );
};

/** Open a brand: the first fact of its chain. Opening it again changes nothing. */
export const openBrand =
  (publishableKey: string): Work<null> =>
  async (unit) => {
    if (await unit.document("brand")) return ok(null);
    await unit.record({ type: "brand-opened", publishableKey }, "house");
    unit.name(publishableKey);
    return ok(null);
  };

/** Create a campaign on some hosts. */
export const createCampaign =
  (
    given: { readonly campaign: string; readonly name: string; readonly hosts: readonly string[] },
    loopback: boolean,
    by: string,
  ): Work<string> =>
  async (unit) => {
    const hosts = [...new Set(given.hosts)];
    const no = refusedHost(hosts, loopback);
    if (no) return no;
    await unit.record({ type: "campaign-created", campaign: given.campaign, name: given.name, hosts }, by);
    await verifyLoopback(unit, hosts, loopback, by);
    return ok(given.campaign);
  };

/** Add one more landing host to a campaign. */
export const addHost =
  (campaign: string, host: string, loopback: boolean, by: string): Work<string> =>
  async (unit) => {
    const doc = await read<CampaignDoc>(unit, `campaign/${campaign}`);
    if (!doc) return noCampaign(campaign);
    const no = refusedHost([host], loopback);
    if (no) return no;
    if (!doc.hosts.includes(host)) await unit.record({ type: "host-added", campaign, host }, by);
    await verifyLoopback(unit, [host], loopback, by);
    return ok(campaign);
  };

/** The brand's tag was seen on a host: that proves the host is the brand's to send visitors to. */
export const seeTag =
  (host: string): Work<null> =>
  async (unit) => {
    const doc = await read<HostDoc>(unit, `host/${host}`);
    if (doc && !doc.verified) await unit.record({ type: "host-verified", host, how: "tag-seen" }, "tag");
    return ok(null);
  };

/** Add an influencer to the brand, invited or brought in with its history. */
export const addInfluencer =
  (influencer: string, name: string, how: "invited" | "imported", by: string): Work<string> =>
  async (unit) => {
    if (await unit.document(`influencer/${influencer}`)) return ok(influencer);
    await unit.record({ type: "influencer-added", influencer, how }, by);
    unit.setPrivate(`influencer/${influencer}`, { name });
    return ok(influencer);
  };

/** An influencer is invited once more: on record, since whoever holds the new link takes their seat. */
export const inviteAgain =
  (influencer: string, by: string): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`influencer/${influencer}`)))
      return refuse("not-found", `There is no influencer ${influencer}.`);
    await unit.record({ type: "influencer-invited-again", influencer }, by);
    return ok(influencer);
  };

/** An invited influencer has come. */
export const joinBrand =
  (influencer: string, name: string): Work<string> =>
  async (unit) => {
    const doc = await read<InfluencerDoc>(unit, `influencer/${influencer}`);
    if (!doc) return refuse("not-found", "This invitation is for an influencer the brand does not know.");
    if (doc.joinedAt === null) await unit.record({ type: "influencer-joined", influencer }, `influencer:${influencer}`);
    unit.setPrivate(`influencer/${influencer}`, { name });
    return ok(influencer);
  };

/** Open a poll on a campaign's pages, in place of the one before. */
export const openPoll =
  (
    given: {
      readonly poll: string;
      readonly campaign: string;
      readonly title: string;
      readonly questions: readonly Question[];
      readonly thanks: string;
      readonly showResults: boolean;
    },
    by: string,
  ): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`campaign/${given.campaign}`))) return noCampaign(given.campaign);
    const ids = given.questions.map(({ id }) => id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined)
      return refuse("question-twice", `Two questions are called "${twice}". Give each its own id.`);
    await unit.record({ type: "poll-opened", ...given, questions: [...given.questions] }, by);
    return ok(given.poll);
  };

/** Take a poll off the pages. */
export const closePoll =
  (poll: string, by: string): Work<string> =>
  async (unit) => {
    const doc = await read<PollDoc>(unit, `poll/${poll}`);
    if (!doc) return refuse("not-found", `There is no poll ${poll}.`);
    if (doc.open) await unit.record({ type: "poll-closed", poll }, by);
    return ok(poll);
  };
