import type { Hono } from "hono";
import * as v from "valibot";
import type { Tally } from "../../shared/audience/poll.ts";
import { SITTING_MS } from "../../shared/judge/journey.ts";
import { isCurrency } from "../../shared/kit/currency.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/visitor.ts";
import { seeTag } from "../decisions/campaigns.ts";
import { answerPoll, type Reported, report } from "../decisions/conversions.ts";
import { read } from "../engine/book.ts";
import { heldOutBy } from "../engine/holdout.ts";
import { pageLink } from "../engine/page.ts";
import { readerOf } from "../engine/reader.ts";
import type { Arriving } from "../engine/record.ts";
import type { CampaignDoc, ContractDoc, HostDoc, LinkDoc, PollDoc } from "../engine/shapes.ts";
import { pollShown } from "../shown/poll.ts";
import type { World } from "../world.ts";
import {
  type Arrival,
  arrivalOf,
  brandOfKey,
  clickTouch,
  digestOf,
  type Header,
  headerOf,
  hostOf,
  isPrivate,
  type Whence,
} from "./arrival.ts";
import { readBody, readBytes } from "./body.ts";
import { type Click, readClick } from "./click.ts";
import { faultsOf, faulty, problem } from "./problem.ts";

/** Headers for what other sites' pages load or send: any origin, no credentials, nothing framed or sniffed. */
export const publicHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Hosts of a brand that have been seen with its tag on: remembered, so that not every view asks the store. */
const seen = new Map<string, HostDoc>();

const hostSeen = async (world: World, { brand, host }: Arrival): Promise<HostDoc | undefined> => {
  const key = `${brand} ${host}`;
  const held = seen.get(key);
  if (held) return held;
  const doc = await read<HostDoc>(readerOf(world.store, brand), `host/${host}`);
  if (doc && !doc.verified) await world.record.decide(brand, seeTag(host));
  if (doc?.verified) {
    seen.set(key, doc);
    setTimeout(() => seen.delete(key), 30_000).unref();
  }
  return doc;
};

/** One click is one touch: a page that repeats it long after, kept open or bookmarked, is a visit of one's own accord. */
const isRecent = (click: Click | undefined, at: number): boolean => click === undefined || at - click.at <= SITTING_MS;

const touchesOf = (arrival: Arrival, body: v.InferOutput<typeof wire.beacon.body>, at: number): readonly Arriving[] => {
  const { click, link, visitor, robot } = arrival;
  const alone = { link: pageLink(arrival.host), contract: null, robot };
  const through = link ? { link: link.code, contract: link.contract, robot } : alone;
  const clicked = click && link ? [clickTouch(click, link, robot)] : [];
  const recent = isRecent(click, at);
  const visited: Arriving = {
    ...(recent ? through : alone),
    id: `${body.kind ?? "visit"}:${body.n}`,
    at,
    visitor,
    click: recent ? (click?.id ?? null) : null,
    kind: body.kind ?? "visit",
  };
  return visitor || click ? [...clicked, visited] : clicked;
};

const MOST_VIEWS = 100_000;

/** Page views counted lately, by their random word: one told twice, or told again with a name after consent, counts once. */
const countedViews = new WeakMap<World, Set<string>>();

const isFirstTold = (world: World, brand: string, view: string): boolean => {
  const counted = countedViews.get(world) ?? new Set<string>();
  countedViews.set(world, counted);
  const key = `${brand} ${view}`;
  if (counted.has(key)) return false;
  if (counted.size >= MOST_VIEWS) counted.clear();
  counted.add(key);
  return true;
};

const nothing: ReadonlyMap<string, number> = new Map();
const robots: ReadonlyMap<string, number> = new Map([["robots", 1]]);

const visits = new WeakMap<HostDoc, ReadonlyMap<string, number>>();

/** What a visit to a host adds to: the same for every visit, so it is made once and told from thread to thread once. */
const visitsTo = (host: HostDoc): ReadonlyMap<string, number> => {
  const counts = visits.get(host) ?? new Map(host.campaigns.map((campaign) => [`visits/${campaign}`, 1]));
  visits.set(host, counts);
  return counts;
};

const countsOf = (
  world: World,
  arrival: Arrival,
  body: v.InferOutput<typeof wire.beacon.body>,
  host: HostDoc | undefined,
): ReadonlyMap<string, number> => {
  if (body.kind === "cta" || !isFirstTold(world, arrival.brand, body.n)) return nothing;
  if (arrival.robot) return robots;
  return host ? visitsTo(host) : nothing;
};

const takeBeacon = async (
  world: World,
  arrival: Arrival,
  body: v.InferOutput<typeof wire.beacon.body>,
): Promise<void> => {
  const host = await hostSeen(world, arrival);
  await world.record.take(arrival.brand, touchesOf(arrival, body, world.now()), countsOf(world, arrival, body, host));
};

type Body = v.InferOutput<typeof wire.result.body>;

const moneySaid = ({ valueMinor, currency }: Body): Result<null> => {
  if (valueMinor === undefined) return ok(null);
  if (currency && isCurrency(currency)) return ok(null);
  return faulty("bad-currency", "currency", "A value needs its currency, as an ISO 4217 code such as USD.");
};

const takeResult = async (world: World, arrival: Arrival, body: Body): Promise<Result<{ recorded: boolean }>> => {
  const money = moneySaid(body);
  if (!money.ok) return money;
  const fields = body.fields ?? {};
  const it: Reported = {
    conversion: mint("conversion", world.bytes(13)),
    result: body.result,
    externalId: body.id ?? `page:${body.n}`,
    at: world.now(),
    via: "page",
    robot: arrival.robot,
    ...(body.valueMinor !== undefined && { valueMinor: body.valueMinor, currency: body.currency }),
    ...(arrival.visitor && { visitor: arrival.visitor }),
    clicks: arrival.click ? [arrival.click.id] : [],
    ...(!arrival.click && arrival.link && { link: arrival.link.code }),
    ...(body.code && { code: body.code.trim().toUpperCase() }),
    digest: digestOf(world, arrival.brand, fields),
    host: arrival.host,
    fields,
  };
  const { click, link, robot } = arrival;
  const [, done] = await Promise.all([
    world.record.take(arrival.brand, click && link ? [clickTouch(click, link, robot)] : []),
    world.record.decide(arrival.brand, report(it, false, "page")),
  ]);
  return done.ok ? ok({ recorded: done.value.fresh }) : done;
};

/** An answer is a part of the visit that a click began; without one, or long after, it tells nothing of a journey. */
const answerTouches = ({ click, link, visitor, robot }: Arrival, nonce: string, at: number): readonly Arriving[] => {
  if (!click || !link || !isRecent(click, at)) return [];
  const { code, contract } = link;
  const through = { visitor, click: click.id, link: code, contract, robot };
  return [clickTouch(click, link, robot), { ...through, id: `answer:${nonce}`, at, kind: "answer" }];
};

const takeAnswer = async (world: World, arrival: Arrival, body: v.InferOutput<typeof wire.answer.body>) => {
  const { brand, link } = arrival;
  const done = await world.record.decide(brand, answerPoll(body.poll, body.n, body.answers, link?.code));
  if (!done.ok) return done;
  // After the poll took it: what is refused leaves no trace, and one lost in between comes again when it is told again.
  const touches = answerTouches(arrival, body.n, world.now());
  if (touches.length > 0) await world.record.take(brand, touches);
  if (!done.value.showResults) return ok({ tally: null });
  const tally = await read<Tally>(readerOf(world.store, brand), `tally/${body.poll}`);
  return ok({ tally: tally ?? null });
};

const publicly = (response: Response): Response => {
  for (const [name, value] of Object.entries(publicHeaders)) response.headers.set(name, value);
  return response;
};

const no = (refusal: Refusal): Response => publicly(problem(refusal));

const unknownKey = refuse(
  "unknown-key",
  "This publishable key is not known here. Copy the script tag again from the console.",
).refusal;

/** A door for pages: its body's schema, and what is done with what it brings. Null is answered with 204. */
interface PageDoor<Schema extends v.GenericSchema<unknown, Whence>> {
  readonly path: string;
  readonly body: Schema;
  take(arrival: Arrival, body: v.InferOutput<Schema>): Promise<Result<object> | null>;
}

/** What a page is answered: nothing, something, or a problem. */
const knocked = async <Schema extends v.GenericSchema<unknown, Whence>>(
  world: World,
  door: PageDoor<Schema>,
  json: unknown,
  header: Header,
): Promise<Response | null> => {
  const body = v.safeParse(door.body, json);
  if (!body.success)
    return problem({ code: "bad-request", because: "The body is not what this door takes." }, faultsOf(body.issues));
  const brand = await brandOfKey(world, body.output.k);
  if (!brand) return problem(unknownKey);
  const done = await door.take(await arrivalOf(world, brand, header, body.output), body.output);
  if (done === null) return null;
  return done.ok ? Response.json(done.value) : problem(done.refusal);
};

const beaconDoor = (world: World): PageDoor<typeof wire.beacon.body> => ({
  ...wire.beacon,
  take: async (arrival, body) => {
    await takeBeacon(world, arrival, body);
    return null;
  },
});

/** Take a beacon as it came over the wire, past the router: null when it is on disk, a problem otherwise. */
export const takeBeaconBytes = async (world: World, bytes: Uint8Array, header: Header): Promise<Response | null> => {
  const json = readBytes(bytes);
  return json.ok ? knocked(world, beaconDoor(world), json.value, header) : problem(json.refusal);
};

/** Open a door for pages: bodies come as plain text, so that no preflight is needed, and speak for the brand of their key. */
const openForPages = <Schema extends v.GenericSchema<unknown, Whence>>(
  app: Hono,
  world: World,
  door: PageDoor<Schema>,
): void => {
  app.post(door.path, async (c) => {
    const read = await readBody(c.req.raw);
    if (!read.ok) return no(read.refusal);
    const answer = await knocked(world, door, read.value, headerOf(c.req.raw));
    return publicly(answer ?? new Response(null, { status: 204 }));
  });
};

/** The campaign whose experiment holds out whoever came by this click, for as long as a conversion would be the click's. */
const withheldFrom = async ({ store, now }: World, brand: string, click: Click | undefined) => {
  const reader = readerOf(store, brand);
  const link = click && (await read<LinkDoc>(reader, `link/${click.link}`));
  const contract = link && (await read<ContractDoc>(reader, `contract/${link.contract}`));
  const held = click && contract && (await heldOutBy(reader, contract, click.id));
  return held && now() <= held.until ? held.holdout.campaign : undefined;
};

const pageShows = async (world: World, brand: string, page: string, click: Click | undefined) => {
  const reader = readerOf(world.store, brand);
  const host = await read<HostDoc>(reader, `host/${hostOf(page)}`);
  const withheld = await withheldFrom(world, brand, click);
  for (const id of [...(host?.campaigns ?? [])].reverse().filter((it) => it !== withheld)) {
    const campaign = await read<CampaignDoc>(reader, `campaign/${id}`);
    const doc = campaign?.poll && (await read<PollDoc>(reader, `poll/${campaign.poll}`));
    if (doc) return { poll: pollShown(doc) };
  }
  return { poll: null };
};

/** The doors landing pages knock on. */
export const openVisitorDoors = (app: Hono, world: World): void => {
  openForPages(app, world, beaconDoor(world));
  openForPages(app, world, { ...wire.result, take: (arrival, body) => takeResult(world, arrival, body) });
  openForPages(app, world, { ...wire.answer, take: (arrival, body) => takeAnswer(world, arrival, body) });
  app.get(wire.page.path, async (c) => {
    const query = v.safeParse(wire.page.query, c.req.query());
    if (!query.success)
      return publicly(
        problem({ code: "bad-request", because: "Say which key and page, as k and p." }, faultsOf(query.issues)),
      );
    const brand = await brandOfKey(world, query.output.k);
    if (!brand) return no(unknownKey);
    const click = isPrivate(headerOf(c.req.raw)) ? undefined : readClick(world.key, brand, query.output.c ?? "");
    const shows = await pageShows(world, brand, query.output.p, click);
    if (shows.poll) world.record.leave(brand, [], new Map([[`shown/${shows.poll.id}`, 1]]));
    const answer = publicly(Response.json(shows));
    answer.headers.set("cache-control", "no-store");
    return answer;
  });
  for (const path of [wire.beacon.path, wire.result.path, wire.answer.path, wire.page.path])
    app.options(path, () =>
      publicly(
        new Response(null, {
          status: 204,
          headers: {
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "content-type",
            "access-control-max-age": "86400",
          },
        }),
      ),
    );
};
