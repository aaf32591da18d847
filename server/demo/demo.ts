import { readTerms } from "../../shared/contract/sense.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { mint } from "../../shared/kit/id.ts";
import { must, present, type Result } from "../../shared/kit/shape.ts";
import { addDays, DAY_MS, dayOf, lastOfMonth, startOfDay } from "../../shared/kit/time.ts";
import { makeBrand, type NewBrand } from "../brands.ts";
import { addInfluencer, createCampaign, joinBrand, openPoll } from "../decisions/campaigns.ts";
import { draftContract, offerContract, signContract, termsHashOf } from "../decisions/contracts.ts";
import { createCode } from "../decisions/links.ts";
import { mature } from "../engine/clock.ts";
import type { World } from "../world.ts";
import { inventPast } from "./history.ts";

const ZONE = "America/New_York";

const done = <Value>(result: Result<Value>): Value => {
  must(result.ok, `the demo was refused: ${result.ok ? "" : result.refusal.because}`);
  return result.value;
};

const termsFrom = (today: string, draft: Partial<Terms>): Terms => {
  const read = readTerms({
    currency: "USD",
    timeZone: ZONE,
    starts: `${addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7)}-01`,
    ends: lastOfMonth(addDays(today, 75)),
    period: "month",
    results: { lead: { counts: "verified" }, sale: { counts: "confirmed" } },
    attribution: { model: "position", windowDays: 30, house: "included" },
    quality: { minScore: 60, require: ["email"], duplicateDays: 90 },
    guarantee: { result: "lead", target: 25, per: "period", toleranceBp: 500, remedy: { kind: "none" } },
    timing: { reviewDays: 7, silence: "approve", holdDays: 14, disputeDays: 30 },
    payout: { minimumMinor: 5000 },
    requires: { disclosure: "#ad" },
    ...draft,
  });
  must(read.ok, "the demo's own terms hold");
  return read.terms;
};

const steps = [
  { from: 0, amountMinor: 1000 },
  { from: 10, amountMinor: 1200 },
  { from: 25, amountMinor: 1500 },
];

const BRAND_NAME = "Pixel Camp";

const deals: readonly { readonly name: string; readonly code: string; readonly pay: Terms["pay"] }[] = [
  {
    name: "Ana Lima",
    code: "ANA10",
    pay: [
      { rule: "fixed", amountMinor: 25_000, per: "period", ifAtLeast: { result: "lead", count: 10 } },
      { rule: "tiered", result: "lead", measure: "count", mode: "marginal", steps },
      { rule: "share", result: "sale", rateBp: 725 },
    ],
  },
  {
    name: "Ben Okafor",
    code: "BEN10",
    pay: [
      { rule: "perResult", result: "lead", amountMinor: 1400 },
      { rule: "share", result: "sale", rateBp: 500 },
    ],
  },
];

/** One of the demo's influencers: who they are, and the link that signs them in, once. */
export interface DemoInfluencer {
  readonly name: string;
  readonly contract: string;
  readonly signInUrl: string;
}

/** What the demo sets up. */
export interface Demo {
  readonly brand: NewBrand;
  readonly campaign: string;
  readonly influencers: readonly DemoInfluencer[];
}

const arrive = async (world: World, brand: string, name: string) => {
  const influencer = mint("influencer", world.bytes(13));
  done(await world.record.decide(brand, addInfluencer(influencer, name, "invited", "brand")));
  const { token } = await world.people.invite({ brand, influencer, name });
  const { userId } = done(await world.people.acceptInvitation(token));
  done(await world.record.decide(brand, joinBrand(influencer, name)));
  await world.people.nameInfluencer(brand, influencer, name);
  await world.people.rename(userId, name);
  const link = present(
    await world.people.oneTimeLink({ userId, path: "/contracts", minutes: 720 }),
    "a link for someone just made",
  );
  return { influencer, signInUrl: `${world.origin}/enter#token=${link.token}` };
};

const agree = async (
  world: World,
  brand: string,
  campaign: string,
  deal: (typeof deals)[number],
  today: string,
): Promise<DemoInfluencer> => {
  const { influencer, signInUrl } = await arrive(world, brand, deal.name);
  const contract = mint("contract", world.bytes(13));
  const terms = termsFrom(today, { pay: deal.pay });
  const termsHash = termsHashOf(terms);
  const { decide } = world.record;
  done(await decide(brand, draftContract({ contract, campaign, influencer, terms }, "brand")));
  done(await decide(brand, offerContract(contract, "brand")));
  // The people of the demo are invented; their signatures are sealed like anybody's, so that their certificates can be seen.
  const sealing = (partyName: string) => {
    const salt = Buffer.from(world.bytes(32)).toString("hex");
    return { sealer: world.sealer, method: "session", address: null, agent: null, partyName, salt } as const;
  };
  const owned = { by: "brand", termsHash, name: "Olive Owner", sealing: sealing(BRAND_NAME) } as const;
  done(await decide(brand, signContract(contract, owned, "brand")));
  const theirs = { by: "influencer", termsHash, name: deal.name, sealing: sealing(deal.name) } as const;
  done(await decide(brand, signContract(contract, theirs, `influencer:${influencer}`)));
  done(await decide(brand, createCode(contract, deal.code, "brand")));
  return { name: deal.name, contract, signInUrl };
};

const poll = {
  title: "One quick question",
  questions: [
    {
      id: "why",
      kind: "choice" as const,
      title: "What made you look at our camp?",
      required: true,
      options: [
        { id: "video", label: "A video I saw" },
        { id: "friend", label: "A friend's advice" },
        { id: "search", label: "I was searching" },
        { id: "other", label: "Something else" },
      ],
    },
    {
      id: "likely",
      kind: "scale" as const,
      title: "How likely are you to sign up?",
      low: "Not at all",
      high: "Certainly",
    },
    { id: "missing", kind: "text" as const, title: "What is missing on this page?" },
  ],
  thanks: "Thank you, that helps us.",
  showResults: true,
};

/** Set the demo up in an empty world: a brand, a campaign on the landing page's host, two signed contracts, a poll, a past. */
export const setUpDemo = async (world: World, landingHost: string): Promise<Demo> => {
  const brand = await makeBrand(world, { name: BRAND_NAME, owner: "Olive Owner", email: "olive@pixelcamp.example" });
  const campaign = mint("campaign", world.bytes(13));
  const { decide } = world.record;
  done(
    await decide(brand.brand, createCampaign({ campaign, name: "Winter camp", hosts: [landingHost] }, true, "brand")),
  );
  const today = dayOf(world.now(), ZONE);
  const influencers: DemoInfluencer[] = [];
  for (const deal of deals) influencers.push(await agree(world, brand.brand, campaign, deal, today));
  done(await decide(brand.brand, openPoll({ poll: mint("poll", world.bytes(13)), campaign, ...poll }, "brand")));
  const from = Math.max(
    startOfDay(termsFrom(today, { pay: deals[0]?.pay ?? [] }).starts, ZONE),
    world.now() - 45 * DAY_MS,
  );
  const contracts = influencers.map(({ contract }) => contract);
  await inventPast(world, { brand: brand.brand, campaign, contracts, from, until: world.now() });
  await mature(world.store, world.record, world.now());
  return { brand, campaign, influencers };
};
