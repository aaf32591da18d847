import type { Hono } from "hono";
import type * as v from "valibot";
import { isCurrency } from "../../shared/kit/currency.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, present, type Result } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/conversions.ts";
import { convert } from "../../shared/wire/partner.ts";
import { approve, type Reported, reject, report, reverse } from "../decisions/conversions.ts";
import { releaseHeld } from "../decisions/held.ts";
import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { CampaignDoc, LinkDoc } from "../engine/shapes.ts";
import { conversionRow } from "../shown/conversion.ts";
import type { World } from "../world.ts";
import { find, findContract } from "./access.ts";
import { clickTouch, digestOf } from "./arrival.ts";
import { readClick } from "./click.ts";
import { open } from "./door.ts";
import { faulty } from "./problem.ts";

const A_PAGE = 50;
const LATEST_MS = 5 * 60_000;

const openList = (app: Hono, world: World): void =>
  open(app, world, wire.conversions, async ({ seats, query }) => {
    const seat = present(seats[0], "the seat of an admitted brand");
    if (query.campaign) {
      const found = await find<CampaignDoc>(world, seats, `campaign/${query.campaign}`, () => true);
      if (!found.ok) return found;
    }
    const prefix = `recent/${query.campaign ?? "all"}/`;
    const after = query.after ? { after: `${prefix}${query.after}` } : {};
    const found = await world.store.documents(seat.brand, { prefix, ...after, limit: A_PAGE + 1, backwards: true });
    const keys = found.slice(0, A_PAGE).map(([key]) => key.slice(prefix.length));
    const reader = readerOf(world.store, seat.brand);
    const conversions = await Promise.all(keys.map((key) => conversionRow(reader, key.split("/").at(-1) ?? "")));
    return ok({ conversions, next: found.length > A_PAGE ? (keys.at(-1) ?? null) : null });
  });

type Body = v.InferOutput<typeof convert.body>;

const sensible = (body: Body, now: number): Result<null> => {
  if (body.at !== undefined && body.at > now + LATEST_MS)
    return faulty("bad-instant", "at", "at lies in the future. It is milliseconds since 1970, UTC.");
  if (body.currency !== undefined ? !isCurrency(body.currency) : body.valueMinor !== undefined)
    return faulty("bad-currency", "currency", "A value needs its currency, as an ISO 4217 code such as USD.");
  return ok(null);
};

const openReporting = (app: Hono, world: World): void =>
  open(app, world, convert, async ({ seats, body, decide }) => {
    const seat = present(seats[0], "the seat of an admitted server");
    const now = world.now();
    const sense = sensible(body, now);
    if (!sense.ok) return sense;
    const click = body.click === undefined ? undefined : readClick(world.key, seat.brand, body.click);
    if (body.click !== undefined && !click)
      return faulty(
        "bad-click",
        "click",
        "This click id is not one of ours. Pass on the mg parameter exactly as the landing page got it.",
      );
    const fields = body.fields ?? {};
    const it: Reported = {
      conversion: mint("conversion", world.bytes(13)),
      result: body.result,
      externalId: body.id,
      // A clock that is a little ahead may not put a result on a day that could still end otherwise.
      at: Math.min(body.at ?? now, now),
      saidAt: body.at,
      via: "server",
      robot: false,
      valueMinor: body.valueMinor,
      currency: body.currency,
      visitor: body.visitor,
      clicks: click ? [click.id] : [],
      code: body.code?.trim().toUpperCase(),
      digest: digestOf(world, seat.brand, fields),
      fields,
    };
    const link = click && (await read<LinkDoc>(readerOf(world.store, seat.brand), `link/${click.link}`));
    const work = report(it, body.at !== undefined, seat.by);
    const [, done] = await Promise.all([
      world.record.take(seat.brand, click && link ? [clickTouch(click, link, false)] : []),
      decide(seat.brand, work, (reader, { conversion }) => conversionRow(reader, conversion)),
    ]);
    return done;
  });

/** The doors that report conversions and decide about them. */
export const openConversionDoors = (app: Hono, world: World): void => {
  openList(app, world);
  openReporting(app, world);
  open(app, world, wire.approve, ({ seats, params, decide }) => {
    const { brand, by } = present(seats[0], "an admitted seat");
    return decide(brand, approve(params.conversion, by), conversionRow);
  });
  open(app, world, wire.reject, ({ seats, params, body, decide }) => {
    const { brand, by } = present(seats[0], "an admitted seat");
    return decide(brand, reject(params.conversion, body.reason, body.note, by), conversionRow);
  });
  open(app, world, wire.reverse, ({ seats, params, body, decide }) => {
    const { brand, by } = present(seats[0], "an admitted seat");
    return decide(brand, reverse(params.conversion, body.reversal, body.permille, by, body.note), conversionRow);
  });
  open(app, world, wire.releaseHeld, async ({ seats, params, decide }) => {
    const found = await findContract(world, seats, params.contract);
    if (!found.ok) return found;
    const { brand, by } = found.value.seat;
    return decide(brand, releaseHeld(params.contract, by), async (_, released) => released);
  });
};
