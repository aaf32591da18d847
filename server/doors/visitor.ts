import { createHmac } from "node:crypto";
import type { Hono } from "hono";
import { isbot } from "isbot";
import * as v from "valibot";
import type { Tally } from "../../shared/audience/poll.ts";
import { leadKey } from "../../shared/judge/quality.ts";
import { isCurrency } from "../../shared/kit/currency.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, type Refusal, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/visitor.ts";
import { seeTag } from "../decisions/campaigns.ts";
import { answerPoll, type Reported, report } from "../decisions/conversions.ts";
import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { CampaignDoc, HostDoc, LinkDoc, PollDoc } from "../engine/shapes.ts";
import { pollShown } from "../shown/poll.ts";
import type { World } from "../world.ts";
import { readBody } from "./body.ts";
import { type Click, keyFor, readClick } from "./click.ts";
import { faultsOf, problem } from "./problem.ts";

/** Headers for what other sites' pages load or send: any origin, no credentials, nothing framed or sniffed. */
export const publicHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** A machine that says so, says nothing, or only fetches ahead. It is served like anyone and left out of journeys. */
export const isRobot = (request: Request): boolean => {
  const agent = request.headers.get("user-agent") ?? "";
  const ahead = request.headers.get("sec-purpose") ?? request.headers.get("purpose") ?? "";
  return agent === "" || isbot(agent) || ahead.includes("prefetch");
};

/** No identifier may be kept of someone who asked not to be followed (Global Privacy Control). */
export const isPrivate = (request: Request): boolean => request.headers.get("sec-gpc") === "1";

/** Keyed digest of a lead's normalised e-mail: tells two leads of one person apart from two people, and nothing else. */
export const digestOf = (world: World, brand: string, fields: Readonly<Record<string, string>>): string | undefined => {
  const key = leadKey({ fields, at: 0 });
  return (
    key &&
    createHmac("sha256", keyFor(world.key, "lead", brand))
      .update(key)
      .digest("hex")
  );
};

interface Whence {
  readonly k: string;
  readonly v?: string | undefined;
  readonly c?: string | undefined;
  readonly p: string;
  readonly n: string;
}

/** Where a message comes from, as far as it can be known and may be kept. */
interface Arrival {
  readonly brand: string;
  readonly host: string;
  readonly visitor: string | null;
  readonly click: Click | undefined;
  readonly link: LinkDoc | undefined;
  readonly robot: boolean;
}

const hostOf = (page: string): string => (URL.canParse(page) ? new URL(page).host : "");

const arrivalOf = async (world: World, brand: string, request: Request, whence: Whence): Promise<Arrival> => {
  const hidden = isPrivate(request);
  const click = whence.c && !hidden ? readClick(world.key, brand, whence.c) : undefined;
  // Without an identifier only the link's own code is read; with one, a click id that is not ours counts for nothing.
  const bare = whence.c && (hidden || !whence.c.includes(".")) ? whence.c.split(".")[0] : undefined;
  const code = click?.link ?? bare;
  const link = code ? await read<LinkDoc>(readerOf(world.store, brand), `link/${code}`) : undefined;
  return {
    brand,
    host: hostOf(whence.p),
    visitor: hidden ? null : (whence.v ?? null),
    click: link && click,
    link,
    robot: isRobot(request),
  };
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

const touchesOf = (arrival: Arrival, body: v.InferOutput<typeof wire.beacon.body>, at: number) => {
  const { click, link, visitor, robot } = arrival;
  const contract = link?.contract ?? null;
  const shared = { link: link?.code ?? "", contract, robot };
  // The landing page repeats the click, so one lost in a crash right after its redirect is mended here.
  const clicked = click
    ? [{ ...shared, id: click.id, at: click.at, visitor: null, click: null, kind: "click" as const }]
    : [];
  const visited = {
    ...shared,
    id: `visit:${body.n}`,
    at,
    visitor,
    click: click?.id ?? null,
    kind: body.kind ?? "visit",
  };
  return visitor || click ? [...clicked, visited] : clicked;
};

const takeBeacon = async (
  world: World,
  arrival: Arrival,
  body: v.InferOutput<typeof wire.beacon.body>,
): Promise<void> => {
  const host = await hostSeen(world, arrival);
  const counts = new Map<string, number>();
  if (!arrival.robot) for (const campaign of host?.campaigns ?? []) counts.set(`visits/${campaign}`, 1);
  if (arrival.robot) counts.set("robots", 1);
  await world.record.take(arrival.brand, touchesOf(arrival, body, world.now()), counts);
};

type Body = v.InferOutput<typeof wire.result.body>;

const moneySaid = ({ valueMinor, currency }: Body): Result<null> => {
  if (valueMinor === undefined) return ok(null);
  if (currency && isCurrency(currency)) return ok(null);
  return refuse("bad-currency", "A value needs its currency, as an ISO 4217 code such as USD.");
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
  const done = await world.record.decide(arrival.brand, report(it, false, "page"));
  return done.ok ? ok({ recorded: done.value.fresh }) : done;
};

const takeAnswer = async (world: World, arrival: Arrival, body: v.InferOutput<typeof wire.answer.body>) => {
  const { brand, link } = arrival;
  const done = await world.record.decide(brand, answerPoll(body.poll, body.n, body.answers, link?.code));
  if (!done.ok) return done;
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

/** Open a door for pages: bodies come as plain text, so that no preflight is needed, and speak for the brand of their key. */
const openForPages = <Schema extends v.GenericSchema<unknown, Whence>>(
  app: Hono,
  world: World,
  door: { readonly path: string; readonly body: Schema },
  take: (arrival: Arrival, body: v.InferOutput<Schema>) => Promise<Result<object> | null>,
): void => {
  app.post(door.path, async (c) => {
    const read = await readBody(c.req.raw);
    if (!read.ok) return no(read.refusal);
    const body = v.safeParse(door.body, read.value.json);
    if (!body.success)
      return publicly(
        problem({ code: "bad-request", because: "The body is not what this door takes." }, faultsOf(body.issues)),
      );
    const brand = await world.store.brandOf(body.output.k);
    if (!brand) return no(unknownKey);
    const done = await take(await arrivalOf(world, brand, c.req.raw, body.output), body.output);
    if (done && !done.ok) return no(done.refusal);
    return publicly(done ? Response.json(done.value) : new Response(null, { status: 204 }));
  });
};

const pageShows = async (world: World, brand: string, page: string) => {
  const reader = readerOf(world.store, brand);
  const host = await read<HostDoc>(reader, `host/${hostOf(page)}`);
  for (const id of [...(host?.campaigns ?? [])].reverse()) {
    const campaign = await read<CampaignDoc>(reader, `campaign/${id}`);
    const doc = campaign?.poll && (await read<PollDoc>(reader, `poll/${campaign.poll}`));
    if (doc) return { poll: pollShown(doc) };
  }
  return { poll: null };
};

/** The doors landing pages knock on. */
export const openVisitorDoors = (app: Hono, world: World): void => {
  openForPages(app, world, wire.beacon, async (arrival, body) => {
    await takeBeacon(world, arrival, body);
    return null;
  });
  openForPages(app, world, wire.result, (arrival, body) => takeResult(world, arrival, body));
  openForPages(app, world, wire.answer, (arrival, body) => takeAnswer(world, arrival, body));
  app.get(wire.page.path, async (c) => {
    const query = v.safeParse(wire.page.query, c.req.query());
    if (!query.success)
      return publicly(
        problem({ code: "bad-request", because: "Say which key and page, as k and p." }, faultsOf(query.issues)),
      );
    const brand = await world.store.brandOf(query.output.k);
    if (!brand) return no(unknownKey);
    const shows = await pageShows(world, brand, query.output.p);
    if (shows.poll)
      void world.record
        .take(brand, [], new Map([[`shown/${shows.poll.id}`, 1]]))
        .catch((error) => world.warn("a poll's showing was not counted", error));
    const answer = publicly(Response.json(shows));
    answer.headers.set("cache-control", "public, max-age=30");
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
