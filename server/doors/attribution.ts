import type { Hono } from "hono";
import type * as v from "valibot";
import { houseAttribution } from "../../shared/judge/verdict.ts";
import { ok, present, type Result, refuse } from "../../shared/kit/shape.ts";
import { addDays, dayOf } from "../../shared/kit/time.ts";
import * as wire from "../../shared/wire/attribution.ts";
import { analystOf } from "../analysis/analyst.ts";
import type { FitOrder } from "../analysis/fitting.ts";
import { resultsOf } from "../analysis/page.ts";
import { daysIn, questionIn, type Sharing } from "../analysis/question.ts";
import { freezeFit } from "../decisions/fits.ts";
import { read } from "../engine/book.ts";
import type { FitDoc } from "../engine/fits.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { fitShown } from "../shown/fit.ts";
import type { World } from "../world.ts";
import { find } from "./access.ts";
import { open } from "./door.ts";
import type { Seat } from "./seats.ts";

const ending = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

const todayIn = (world: World): string => dayOf(world.now(), "UTC");

const contractsUnder = async (reader: Reader, prefix: string): Promise<readonly ContractDoc[]> => {
  const found: ContractDoc[] = [];
  for (const [key] of await reader.documents(prefix)) {
    const doc = await read<ContractDoc>(reader, `contract/${ending(key)}`);
    if (doc) found.push(doc);
  }
  return found;
};

/** How a campaign shares now: as the contract that began last does; by last touch where none has begun. */
const usualOf = async (reader: Reader, campaign: string): Promise<Sharing> => {
  const contracts = await contractsUnder(reader, `campaign-contract/${campaign}/`);
  const [last] = contracts
    .flatMap(({ startedAt, terms }) => (startedAt !== null && terms ? [{ startedAt, terms }] : []))
    .sort((a, b) => b.startedAt - a.startedAt);
  const { model, windowDays, house } = houseAttribution;
  return last?.terms.attribution ?? { model, windowDays, house };
};

const findCampaign = (world: World, seats: readonly Seat[], campaign: string) =>
  find<CampaignDoc>(world, seats, `campaign/${campaign}`, () => true);

const openPage = (app: Hono, world: World): void =>
  open(app, world, wire.attributionPage, async ({ seats, params: { campaign }, query }) => {
    const found = await findCampaign(world, seats, campaign);
    if (!found.ok) return found;
    const { reader } = found.value;
    const results = await resultsOf({ reader }, campaign);
    const ground = { campaign, today: todayIn(world), results, usual: await usualOf(reader, campaign) };
    const question = questionIn(query, ground);
    if (!question.ok) return question;
    return analystOf(world).page({ brand: reader.brand, question: question.value, asOf: world.now() });
  });

type Body = v.InferOutput<typeof wire.makeFit.body>;

/** What a body asks to be fitted. Learnt is from days that are over everywhere the brand counts them: whole days of UTC. */
const orderIn = (campaign: string, body: Body, today: string): Result<FitOrder> => {
  const days = daysIn(body);
  if (!days.ok) return days;
  if (body.until >= today)
    return refuse(
      "bad-query",
      `until: ${body.until} is not over yet (days are those of UTC, and today is ${today}). Choose days up to ${addDays(today, -1)}.`,
    );
  const { model, order, ordered, windowDays, house, after, viewDays } = body;
  if (order !== undefined && model !== "markov") return refuse("bad-query", "order: belongs to the model markov only.");
  if (ordered !== undefined && model !== "shapley")
    return refuse("bad-query", "ordered: belongs to the model shapley only.");
  if (viewDays !== undefined && viewDays > windowDays)
    return refuse("bad-query", `viewDays: is more than windowDays (${windowDays}), beyond which nothing counts.`);
  return ok({ campaign, ...days.value, terms: { model, order, ordered, windowDays, house, after, viewDays } });
};

const openFits = (app: Hono, world: World): void => {
  open(app, world, wire.fits, async ({ seats, params: { campaign } }) => {
    const found = await findCampaign(world, seats, campaign);
    if (!found.ok) return found;
    const { reader } = found.value;
    const keys = (await reader.documents(`campaign-fit/${campaign}/`)).map(([key]) => key).reverse();
    return ok({ fits: await Promise.all(keys.map((key) => fitShown(reader, ending(key), null))) });
  });
  open(app, world, wire.makeFit, async ({ seats, params: { campaign }, body, decide }) => {
    const found = await findCampaign(world, seats, campaign);
    if (!found.ok) return found;
    const order = orderIn(campaign, body, todayIn(world));
    if (!order.ok) return order;
    const { brand, by } = found.value.seat;
    const made = await analystOf(world).fit({ brand, order: order.value });
    if (!made.ok) return made;
    return decide(brand, freezeFit(made.value, by), (reader, hash) => fitShown(reader, hash, null));
  });
};

const isParty = async (reader: Reader, influencer: string, campaign: string): Promise<boolean> =>
  (await contractsUnder(reader, `influencer-contract/${influencer}/`)).some(
    (doc) => doc.campaign === campaign && doc.status !== "drafted",
  );

/** Who may see a fit, and as whom: its brand, and whoever has a contract in its campaign that was offered to them. */
const viewerOf = async (
  seat: Seat,
  reader: Reader,
  doc: FitDoc,
): Promise<{ readonly viewer: string | null } | undefined> => {
  if (seat.role !== "influencer") return { viewer: null };
  return (await isParty(reader, seat.influencer, doc.campaign)) ? { viewer: seat.influencer } : undefined;
};

const openFit = (app: Hono, world: World): void =>
  open(app, world, wire.fit, async ({ seats, params: { hash } }) => {
    for (const seat of seats) {
      const reader = readerOf(world.store, seat.brand);
      const doc = await read<FitDoc>(reader, `fit/${hash}`);
      const seen = doc && (await viewerOf(seat, reader, doc));
      if (seen) return ok(await fitShown(reader, present(doc, "a fit").hash, seen.viewer));
    }
    return refuse("not-found", `There is no fit ${hash}.`);
  });

/** The doors of a campaign's attribution, and of the weights frozen from its past. */
export const openAttributionDoors = (app: Hono, world: World): void => {
  openPage(app, world);
  openFits(app, world);
  openFit(app, world);
};
