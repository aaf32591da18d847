import type { Hono } from "hono";
import * as v from "valibot";
import type { Tally } from "../../shared/audience/poll.ts";
import { isCurrency } from "../../shared/kit/currency.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/visitor.ts";
import { answerPoll, type Reported, report } from "../decisions/conversions.ts";
import { read } from "../engine/book.ts";
import { heldOutBy } from "../engine/holdout.ts";
import { readerOf } from "../engine/reader.ts";
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
import { answerTouches, countsOf, hostSeen, touchesOf } from "./trace.ts";

/** Headers for what other sites' pages load or send: any origin, no credentials, nothing framed or sniffed. */
export const publicHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
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
