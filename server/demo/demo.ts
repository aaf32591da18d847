import { mint } from "../../shared/kit/id.ts";
import { addDays, DAY_MS, dayOf, HOUR_MS, startOfDay } from "../../shared/kit/time.ts";
import { makeBrand, type NewBrand } from "../brands.ts";
import { createCampaign, openPoll } from "../decisions/campaigns.ts";
import { proposeTerms } from "../decisions/contracts.ts";
import { createCode, grabLink } from "../decisions/links.ts";
import { mature } from "../engine/clock.ts";
import type { World } from "../world.ts";
import { type DemoClock, liveThrough, type Moment } from "./clock.ts";
import { countered, guaranteed, type Months, monthsUntil, offered, weekly, ZONE } from "./deals.ts";
import { inventPast, type Past, type PastLink } from "./history.ts";
import { answerIt, disputeLast, payOut, sayWhereTo, settleAll } from "./money.ts";
import { arrive, BRAND, type DemoPerson, done, offer, signFor, signForBrand } from "./people.ts";
import { poll } from "./poll.ts";

/** One of the demo's influencers, and the contract they have or are to have. */
export interface DemoInfluencer {
  readonly name: string;
  readonly contract: string;
  readonly signInUrl: string;
}

/** What the demo sets up: Ana with a guarantee, Ben paid by the week, Clara still negotiating, and one dispute. */
export interface Demo {
  readonly brand: NewBrand;
  readonly campaign: string;
  readonly influencers: readonly [DemoInfluencer, DemoInfluencer, DemoInfluencer];
  readonly dispute: string;
}

/** Everything the demo's moments act on. */
interface Stage {
  readonly world: World;
  readonly brand: string;
  readonly campaign: string;
  readonly host: string;
  readonly months: Months;
  readonly ana: DemoPerson;
  readonly ben: DemoPerson;
  readonly clara: DemoPerson;
}

const dawn = (day: string): number => startOfDay(day, ZONE);

const VISITORS = { first: 190, last: 65, current: 90 } as const;

const agree = async ({ world, brand, campaign, months }: Stage, person: DemoPerson, isGuaranteed: boolean) => {
  const terms = isGuaranteed ? guaranteed(months) : weekly(months);
  const contract = await offer(world, brand, { campaign, influencer: person.influencer, terms });
  await signForBrand(world, brand, contract, terms);
  await signFor(world, brand, person, contract, terms);
  return contract;
};

const share = async ({ world, brand, host }: Stage, contract: string, names: readonly [string, string, string]) => {
  const [link, code, from] = names;
  const destination = `http://${host}/?from=${from}`;
  done(await world.record.decide(brand, createCode(contract, code, "brand")));
  done(await world.record.decide(brand, grabLink({ contract, destination, code: link }, "brand")));
  return { code: link, contract } satisfies PastLink;
};

const negotiate = async ({ world, brand, campaign, months, clara }: Stage): Promise<string> =>
  offer(world, brand, { campaign, influencer: clara.influencer, terms: offered(months) });

const counter = async ({ world, brand, months, clara }: Stage, contract: string): Promise<void> => {
  const by = `influencer:${clara.influencer}`;
  const terms = countered(months);
  done(await world.record.decide(brand, proposeTerms(contract, "counter", { by: "influencer", terms }, by)));
  await signFor(world, brand, clara, contract, terms);
};

/** The visitors of three months: enough for the guarantee in the first, too few in the second, and so many a day since. */
const pastOf = async (stage: Stage, links: readonly PastLink[], until: number): Promise<readonly Moment[]> => {
  const { world, brand, campaign, host, months } = stage;
  const stretch = (name: keyof typeof VISITORS, from: number, to: number, visitors: number): Past => {
    return { name, brand, campaign, host, links, from, until: to, visitors };
  };
  const [first, last, current] = [dawn(months.first), dawn(months.last), dawn(months.current)];
  const sinceDays = (until - current) / DAY_MS;
  const stretches = [
    stretch("first", first + 6 * HOUR_MS, last, VISITORS.first),
    stretch("last", last, current, VISITORS.last),
    stretch("current", current, until, Math.round((VISITORS.current * sinceDays) / 30)),
  ];
  const all = await Promise.all(stretches.map((past) => inventPast(world, past)));
  return all.flat();
};

/** What people decide beside the leads that come in. */
const decisionsOf = (stage: Stage, contract: string, until: number) => {
  const { world, brand, months, ana, ben } = stage;
  const found = { dispute: "", clara: "" };
  const paidAt = dawn(addDays(months.last, 14)) + 10 * HOUR_MS;
  let batch = "";
  const moments: readonly Moment[] = [
    { at: dawn(addDays(months.last, 6)), act: () => Promise.all([ana, ben].map((it) => sayWhereTo(world, brand, it))) },
    {
      at: paidAt,
      act: async () => {
        batch = await payOut(world, brand);
      },
    },
    { at: paidAt + 2 * DAY_MS, act: () => settleAll(world, brand, batch) },
    {
      at: until - 4 * DAY_MS,
      act: async () => {
        found.clara = await negotiate(stage);
      },
    },
    {
      at: until - 2 * DAY_MS,
      act: async () => {
        found.dispute = await disputeLast(world, brand, contract);
      },
    },
    { at: until - DAY_MS - HOUR_MS, act: () => answerIt(world, brand, ana, found.dispute) },
    { at: until - DAY_MS, act: () => counter(stage, found.clara) },
  ];
  return { moments, found };
};

const openStage = async (world: World, host: string, months: Months) => {
  const brand = await makeBrand(world, BRAND);
  const campaign = mint("campaign", world.bytes(13));
  const { decide } = world.record;
  done(await decide(brand.brand, createCampaign({ campaign, name: "Winter camp", hosts: [host] }, true, "brand")));
  done(await decide(brand.brand, openPoll({ poll: mint("poll", world.bytes(13)), campaign, ...poll }, "brand")));
  const [ana, ben, clara] = [
    await arrive(world, brand.brand, "Ana Lima"),
    await arrive(world, brand.brand, "Ben Okafor"),
    await arrive(world, brand.brand, "Clara Weiss"),
  ];
  const stage: Stage = { world, brand: brand.brand, campaign, host, months, ana, ben, clara };
  return { brand, stage };
};

/**
 * Set the demo up in an empty world, whose clock is lent for it: three months of a brand lived through in order, with all
 * that falls due on the way, up to this moment. The clock is let go at the end.
 */
export const setUpDemo = async (world: World, clock: DemoClock, landingHost: string): Promise<Demo> => {
  const until = clock.now();
  const months = monthsUntil(dayOf(until, ZONE));
  clock.turnTo(dawn(addDays(months.first, -4)));
  const { brand, stage } = await openStage(world, landingHost, months);
  const ripen = () => mature(world.store, world.record, world.now());
  const life = { store: world.store, brand: brand.brand, clock, ripen };
  await liveThrough(life, [], dawn(addDays(months.first, -3)) + 9 * HOUR_MS);
  const [anas, bens] = [await agree(stage, stage.ana, true), await agree(stage, stage.ben, false)];
  await liveThrough(life, [], dawn(months.first) + 5 * HOUR_MS);
  const links = [
    await share(stage, anas, ["analima10", "ANA10", "video"]),
    await share(stage, bens, ["benokafor10", "BEN10", "podcast"]),
  ];
  const { moments, found } = decisionsOf(stage, anas, until);
  await liveThrough(life, [...(await pastOf(stage, links, until)), ...moments], until);
  clock.letGo();
  const shown = ({ name, signInUrl }: DemoPerson, contract: string): DemoInfluencer => ({ name, contract, signInUrl });
  const { ana, ben, clara, campaign } = stage;
  const influencers = [shown(ana, anas), shown(ben, bens), shown(clara, found.clara)] as const;
  return { brand, campaign, influencers, dispute: found.dispute };
};
