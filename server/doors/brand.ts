import type { Hono } from "hono";
import { readTerms } from "../../shared/contract/sense.ts";
import { wording } from "../../shared/contract/wording.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, present, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/brand.ts";
import { addHost, addInfluencer, closePoll, createCampaign, inviteAgain, openPoll } from "../decisions/campaigns.ts";
import { completeContract, draftContract, offerContract, termsHashOf } from "../decisions/contracts.ts";
import { createCode } from "../decisions/links.ts";
import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { BrandDoc, CampaignDoc, PollDoc } from "../engine/shapes.ts";
import { campaignPage, campaignShown, campaignsShown, influencerShown, influencersShown } from "../shown/campaign.ts";
import { contractShown } from "../shown/contract.ts";
import { brandName } from "../shown/names.ts";
import { pollPage } from "../shown/poll.ts";
import type { World } from "../world.ts";
import { find, findContract } from "./access.ts";
import { termsIn } from "./contracts.ts";
import { open } from "./door.ts";
import { positionOf } from "./position.ts";
import type { Seat } from "./seats.ts";

/** The brand a signed-in owner acts for. */
const own = (seats: readonly Seat[]): Seat => present(seats[0], "the seat of an admitted brand");

/** The tag to paste into a landing page, as one line of HTML. */
export const scriptTag = (origin: string, publishableKey: string): string =>
  `<script async src="${origin}/tag.js" data-key="${publishableKey}"></script>`;

const openCampaigns = (app: Hono, world: World): void => {
  open(app, world, wire.createCampaign, async ({ seats, body, decide }) => {
    const { brand, by } = own(seats);
    const campaign = mint("campaign", world.bytes(13));
    return decide(brand, createCampaign({ campaign, ...body }, world.loopback, by), campaignShown);
  });
  open(app, world, wire.campaigns, async ({ seats }) =>
    ok({ campaigns: await campaignsShown(readerOf(world.store, own(seats).brand)) }),
  );
  open(app, world, wire.campaign, async ({ seats, params }) => {
    const found = await find<CampaignDoc>(world, seats, `campaign/${params.campaign}`, () => true);
    if (!found.ok) return found;
    const position = await positionOf(world.store, [found.value.seat]);
    return ok(await campaignPage(found.value.reader, params.campaign, position));
  });
  open(app, world, wire.addHost, async ({ seats, params, body, decide }) => {
    const { brand, by } = own(seats);
    return decide(brand, addHost(params.campaign, body.host, world.loopback, by), campaignShown);
  });
};

const openSettings = (app: Hono, world: World): void => {
  open(app, world, wire.brand, async ({ seats }) => {
    const reader = readerOf(world.store, own(seats).brand);
    const { publishableKey } = present(await read<BrandDoc>(reader, "brand"), "the brand's first fact");
    return ok({
      id: reader.brand,
      name: await brandName(reader),
      publishableKey,
      scriptTag: scriptTag(world.origin, publishableKey),
    });
  });
  open(app, world, wire.secretKeys, async ({ seats }) => {
    const keys = await world.people.secretKeys(own(seats).brand);
    return ok({ keys: keys.map(({ id, name, start, createdAt }) => ({ id, name, start, createdAt })) });
  });
  open(app, world, wire.newSecretKey, async ({ seats, who, body, decide }) => {
    if (who?.kind !== "person") return refuse("not-allowed", "Only a person can make keys.");
    const { brand } = own(seats);
    let isFirst = false;
    const work = async () => {
      isFirst = true;
      return ok(null);
    };
    const done = await decide(brand, work, async () => null);
    if (!done.ok) return done;
    // Made only once the request is on record: kept as a digest, a key cannot be told again, nor taken back unseen.
    if (isFirst) return ok(await world.people.newSecretKey(brand, body.name, who.userId));
    return refuse(
      "key-already-made",
      "This request was answered with a key before, which is shown once. If it did not reach you, revoke it and make another.",
    );
  });
  open(app, world, wire.revokeSecretKey, async ({ seats, params }) => {
    const revoked = await world.people.revokeSecretKey(own(seats).brand, params.key);
    return revoked ? ok({ revoked }) : refuse("not-found", "There is no such key.");
  });
};

const invitation = async (world: World, brand: string, influencer: string, name: string, email?: string) => {
  const { token } = await world.people.invite({ brand, influencer, name, ...(email !== undefined && { email }) });
  const shown = await influencerShown(readerOf(world.store, brand), influencer);
  return { influencer: shown, invitationUrl: `${world.origin}/join#token=${token}` };
};

const openInfluencers = (app: Hono, world: World): void => {
  open(app, world, wire.influencers, async ({ seats }) =>
    ok({ influencers: await influencersShown(readerOf(world.store, own(seats).brand)) }),
  );
  open(app, world, wire.invite, async ({ seats, body, decide }) => {
    const { brand, by } = own(seats);
    const influencer = mint("influencer", world.bytes(13));
    const { email, name } = body;
    const added = await decide(brand, addInfluencer(influencer, name, "invited", by), influencerShown);
    // A repeat brings a new link to the influencer of the first time: a link is kept only as a digest.
    return added.ok ? ok(await invitation(world, brand, added.value.id, name, email)) : added;
  });
  open(app, world, wire.inviteAgain, async ({ seats, params, decide }) => {
    const { brand, by } = own(seats);
    const again = await decide(brand, inviteAgain(params.influencer, by), influencerShown);
    return again.ok ? ok(await invitation(world, brand, again.value.id, again.value.name)) : again;
  });
};

const openContracts = (app: Hono, world: World): void => {
  open(app, world, wire.checkTerms, async ({ body }) => {
    const draft = readTerms(body.terms);
    if (!draft.ok) return ok({ ok: false, termsHash: null, text: [], problems: [...draft.problems], warnings: [] });
    const { terms, warnings } = draft;
    return ok({
      ok: true,
      termsHash: termsHashOf(terms),
      text: [...wording(terms)],
      problems: [],
      warnings: [...warnings],
    });
  });
  open(app, world, wire.draftContract, async ({ seats, body, decide }) => {
    const { brand, by } = own(seats);
    const draft = termsIn(body.terms);
    if (!draft.ok) return draft;
    // Ids are ours to give: one of a brand's own choosing could be another brand's, at whose contract it would then stand.
    if (body.contract !== undefined) {
      const drafted = await findContract(world, [own(seats)], body.contract);
      if (!drafted.ok) return drafted;
    }
    const contract = body.contract ?? mint("contract", world.bytes(13));
    const given = { contract, campaign: body.campaign, influencer: body.influencer, terms: draft.value };
    return decide(brand, draftContract(given, by), contractShown);
  });
  open(app, world, wire.offerContract, ({ seats, params, body, decide }) =>
    decide(own(seats).brand, offerContract(params.contract, own(seats).by, body.expiresInDays), contractShown),
  );
  open(app, world, wire.completeContract, ({ seats, params, decide }) =>
    decide(own(seats).brand, completeContract(params.contract, own(seats).by), contractShown),
  );
  open(app, world, wire.createCode, ({ seats, params, body, decide }) =>
    decide(own(seats).brand, createCode(params.contract, body.code, own(seats).by), async (_, created) => created),
  );
};

const openPolls = (app: Hono, world: World): void => {
  open(app, world, wire.openPoll, async ({ seats, params, body, decide }) => {
    const poll = mint("poll", world.bytes(13));
    const { title, questions, thanks = "Thank you!", showResults = false } = body;
    const given = { poll, campaign: params.campaign, title, questions, thanks, showResults };
    return decide(own(seats).brand, openPoll(given, own(seats).by), pollPage);
  });
  open(app, world, wire.poll, async ({ seats, params }) => {
    const found = await find<PollDoc>(world, seats, `poll/${params.poll}`, () => true);
    return found.ok ? ok(await pollPage(found.value.reader, params.poll)) : found;
  });
  open(app, world, wire.closePoll, ({ seats, params, decide }) =>
    decide(own(seats).brand, closePoll(params.poll, own(seats).by), pollPage),
  );
};

/** The doors a brand's owner knocks on. */
export const openBrandDoors = (app: Hono, world: World): void => {
  openCampaigns(app, world);
  openSettings(app, world);
  openInfluencers(app, world);
  openContracts(app, world);
  openPolls(app, world);
};
