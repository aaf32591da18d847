import type { Hono } from "hono";
import type * as v from "valibot";
import { liftOf } from "../../shared/judge/lift.ts";
import { base32, mint } from "../../shared/kit/id.ts";
import { ok, present } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/attribution.ts";
import { endHoldout, startHoldout } from "../decisions/holdouts.ts";
import { armsOf } from "../engine/arms.ts";
import { known } from "../engine/book.ts";
import { type HoldoutDoc, overAt } from "../engine/holdout.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { CampaignDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import { find } from "./access.ts";
import { open } from "./door.ts";
import type { Seat } from "./seats.ts";

const SALT_BYTES = 17;
const SALT_LETTERS = 26;

const own = (seats: readonly Seat[]): Seat => present(seats[0], "the seat of an admitted brand");

type Shown = v.InferOutput<typeof wire.Holdout>;

const holdoutShown = async ({ store, now }: World, reader: Reader, id: string): Promise<Shown> => {
  const holdout = await known<HoldoutDoc>(reader, `holdout/${id}`);
  const arms = await armsOf({ store, reader, holdout, now: now() });
  // Never shown: who knows the salt can tell before a click's page is seen whether it is held out.
  const { salt: _, ...rest } = holdout;
  const over = overAt(holdout);
  return {
    ...rest,
    contracts: [...rest.contracts],
    endedAt: over <= now() ? over : null,
    ...arms,
    lift: liftOf(arms.treated, arms.held),
  };
};

/** The doors of holdout experiments. */
export const openHoldoutDoors = (app: Hono, world: World): void => {
  open(app, world, wire.holdouts, async ({ seats, params }) => {
    const found = await find<CampaignDoc>(world, seats, `campaign/${params.campaign}`, () => true);
    if (!found.ok) return found;
    const { reader } = found.value;
    const keys = (await reader.documents(`campaign-holdout/${params.campaign}/`)).map(([key]) => key).reverse();
    const holdouts: Shown[] = [];
    for (const key of keys) holdouts.push(await holdoutShown(world, reader, key.slice(key.lastIndexOf("/") + 1)));
    return ok({ holdouts });
  });
  // What was counted is read once the decision is on disk: inside it, everybody else would wait.
  open(app, world, wire.startHoldout, async ({ seats, params, body, decide }) => {
    const { brand, by } = own(seats);
    const ids = { holdout: mint("holdout", world.bytes(13)), salt: base32(world.bytes(SALT_BYTES), SALT_LETTERS) };
    const done = await decide(brand, startHoldout({ ...ids, ...params, ...body }, by), async (_, holdout) => holdout);
    return done.ok ? ok(await holdoutShown(world, readerOf(world.store, brand), done.value)) : done;
  });
  open(app, world, wire.endHoldout, async ({ seats, params, decide }) => {
    const { brand, by } = own(seats);
    const done = await decide(brand, endHoldout(params.holdout, by), async (_, holdout) => holdout);
    return done.ok ? ok(await holdoutShown(world, readerOf(world.store, brand), done.value)) : done;
  });
};
