import type { Hono } from "hono";
import { ok, present, refuse } from "../../shared/kit/shape.ts";
import { DAY_MS, MINUTE_MS } from "../../shared/kit/time.ts";
import { view } from "../../shared/wire/partner.ts";
import { read } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { LinkDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import { open } from "./door.ts";
import { faulty } from "./problem.ts";

const LATEST_MS = 5 * MINUTE_MS;
/** No window is longer, so nothing older could ever count. */
const OLDEST_MS = 365 * DAY_MS;

/** The door through which a brand's server tells that somebody saw something. */
export const openViewDoor = (app: Hono, world: World): void =>
  open(app, world, view, async ({ seats, body }) => {
    const { brand } = present(seats[0], "the seat of an admitted server");
    const now = world.now();
    const at = Math.min(body.at ?? now, now);
    if ((body.at ?? now) > now + LATEST_MS)
      return faulty("bad-instant", "at", "at lies in the future. It is milliseconds since 1970, UTC.");
    if (at < now - OLDEST_MS)
      return faulty("bad-instant", "at", "at lies more than 365 days back, where nothing counts.");
    const link = await read<LinkDoc>(readerOf(world.store, brand), `link/${body.link}`);
    if (!link) return refuse("not-found", `There is no link ${body.link}.`);
    const whose = { visitor: body.visitor, click: null, link: link.code, contract: link.contract };
    await world.record.take(brand, [{ ...whose, id: `view:${body.id}`, at, kind: "view", robot: false }]);
    return ok({ taken: true });
  });
