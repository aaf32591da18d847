import type { Context, Hono } from "hono";
import { ok, present, type Result, refuse } from "../../shared/kit/shape.ts";
import type { RailName } from "../../shared/pay/payout.details.ts";
import * as wire from "../../shared/wire/payouts.ts";
import { failPayout, returnPayout, settlePayout, unclaimPayout } from "../decisions/payouts.life.ts";
import { batchOf, deskOf, makeBatch, payerOf, planOf, type RunGiven, railBatch, runDay } from "../decisions/payouts.ts";
import { known, read } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { BatchDoc, PayoutDoc, PayToDoc } from "../engine/shapes.payout.ts";
import { rails } from "../partners/rails.ts";
import { batchesShown, batchShown, payoutShown, payoutsShown, planShown, waitingShown } from "../shown/payout.ts";
import { allDetailsShown, debtsShown, detailsShown } from "../shown/payout-money.ts";
import { digestOf, submitWaiting } from "../submissions.ts";
import type { World } from "../world.ts";
import { find } from "./access.ts";
import { open, type Visit } from "./door.ts";
import { problem } from "./problem.ts";
import { queryOf } from "./query.ts";
import { admit, type Seat } from "./seats.ts";

const own = (seats: readonly Seat[]): Seat => present(seats[0], "the seat of an admitted brand");

type Asked = { readonly rail: RailName; readonly currency: string; readonly key?: string | undefined };

const runOf = (world: World, { rail, currency, key }: Asked): RunGiven => ({
  rail,
  currency,
  key: key ?? runDay(world.now()),
});

const openPlanning = (app: Hono, world: World): void => {
  open(app, world, wire.payoutPlan, async ({ seats, query }) => {
    const reader = readerOf(world.store, own(seats).brand);
    const run = runOf(world, query);
    const id = batchOf(reader.brand, run);
    const batch = (await reader.document(`batch/${id}`)) ? id : null;
    const refused = rails[run.rail](deskOf(reader)).serves(run.currency, await payerOf(reader))?.because ?? null;
    return ok(await planShown(reader, { ...run, batch, refused }, await planOf(reader, run, world.now())));
  });
  open(app, world, wire.makePayoutBatch, async ({ seats, body, decide }) => {
    const { brand, by } = own(seats);
    const made = await decide(brand, makeBatch(runOf(world, body), by), async (_, batch) => ({ batch }));
    if (!made.ok) return made;
    await submitWaiting(world, brand);
    return ok(await batchShown(readerOf(world.store, brand), made.value.batch));
  });
};

const openBatches = (app: Hono, world: World): void => {
  open(app, world, wire.payoutBatches, async ({ seats }) =>
    ok({ batches: await batchesShown(readerOf(world.store, own(seats).brand)) }),
  );
  open(app, world, wire.payoutBatch, async ({ seats, params }) => {
    const found = await find<BatchDoc>(world, seats, `batch/${params.batch}`, () => true);
    return found.ok ? ok(await batchShown(found.value.reader, params.batch)) : found;
  });
};

/** Would its rail not have the batch at all? Then nobody may carry it there: its money is in another by now, or will be. */
const isRefused = async (reader: Reader, { payouts }: BatchDoc): Promise<boolean> => {
  const all = await Promise.all(payouts.map((payout) => known<PayoutDoc>(reader, `payout/${payout}`)));
  return all.every(({ status, sentAt }) => status === "failed" && sentAt === null);
};

const fileOf = async (world: World, c: Context) => {
  const admitted = await admit(world, c.req.raw, wire.payoutFile.audience);
  if (!admitted.ok) return admitted;
  const { who } = admitted.value;
  // It names accounts in full, which no token that could have been copied may read.
  if (who.kind !== "person" || who.via !== "cookie")
    return refuse("not-allowed", "Do this in the web app, signed in there: an extension or a server cannot.");
  const said = queryOf(c.req.raw, wire.payoutFile.query);
  if (!said.ok) return said;
  const batch = c.req.param("batch") ?? "";
  const found = await find<BatchDoc>(world, admitted.value.seats, `batch/${batch}`, () => true);
  if (!found.ok) return found;
  const { reader, doc } = found.value;
  if (await isRefused(reader, doc))
    return refuse("nothing-to-pay", "This rail would not take the batch, so there is no file of it; see each payout.");
  const file = rails[doc.rail as RailName](deskOf(reader)).file?.(await railBatch(reader, batch));
  return file ? ok(file) : refuse("not-found", "This rail takes its batches by itself; there is no file.");
};

const openFile = (app: Hono, world: World): void => {
  app.get(wire.payoutFile.path, async (c) => {
    const made = await fileOf(world, c);
    if (!made.ok) return problem(made.refusal);
    const { name, type, text } = made.value;
    const disposition = `attachment; filename="${name}"`;
    return new Response(text, {
      headers: { "content-type": type, "content-disposition": disposition, "cache-control": "no-store" },
    });
  });
};

/** Everything that waits in a brand, or of one influencer, run by run: by every rail and currency there is money in. */
const waitingIn = async (world: World, reader: Reader, influencer: string | null) => {
  const currencies = new Set((await reader.documents("balance/")).map(([key]) => key.split("/")[1] ?? ""));
  const shown = [];
  for (const currency of [...currencies].sort()) {
    for (const rail of Object.keys(rails) as RailName[]) {
      const { waiting } = await planOf(reader, { rail, currency }, world.now());
      for (const it of waiting) {
        if (influencer !== null && it.influencer !== influencer) continue;
        // Who has not said where to be paid belongs to no rail; they are told once.
        const said = (await read<PayToDoc>(reader, `pay-to/${it.influencer}`)) !== undefined;
        if (said || rail === "manual") shown.push(await waitingShown(reader, { rail, currency }, it));
      }
    }
  }
  return shown;
};

const pageOf = async (world: World, seat: Seat) => {
  const reader = readerOf(world.store, seat.brand);
  const influencer = seat.role === "influencer" ? seat.influencer : null;
  return {
    payouts: await payoutsShown(reader, influencer),
    waiting: await waitingIn(world, reader, influencer),
    details: influencer === null ? await allDetailsShown(reader) : [await detailsShown(reader, influencer)],
    debts: await debtsShown(reader, world.now(), influencer),
  };
};

type Marking = Pick<Visit<"/:payout", never, never>, "seats" | "params" | "decide">;

const mark = async (world: World, { seats, params, decide }: Marking, work: (by: string) => Work<string>) => {
  const found: Result<{ readonly seat: Seat }> = await find<PayoutDoc>(
    world,
    seats,
    `payout/${params.payout}`,
    () => true,
  );
  if (!found.ok) return found;
  const { brand, by } = found.value.seat;
  return decide(brand, work(by), (reader, payout) => payoutShown(reader, payout, "brand"));
};

const openMarking = (app: Hono, world: World): void => {
  open(app, world, wire.settlePayout, (visit) =>
    mark(world, visit, (by) => settlePayout(visit.params.payout, visit.body.reference, digestOf(world), by)),
  );
  open(app, world, wire.failPayout, (visit) =>
    mark(world, visit, (by) => failPayout(visit.params.payout, visit.body.reason, by)),
  );
  open(app, world, wire.returnPayout, (visit) =>
    mark(world, visit, (by) => returnPayout(visit.params.payout, visit.body.reason, by)),
  );
  open(app, world, wire.unclaimPayout, (visit) => mark(world, visit, (by) => unclaimPayout(visit.params.payout, by)));
};

/** The doors of payouts: what is paid to whom, in which batch, and what became of it. */
export const openPayoutDoors = (app: Hono, world: World): void => {
  openPlanning(app, world);
  openBatches(app, world);
  openFile(app, world);
  openMarking(app, world);
  open(app, world, wire.payouts, async ({ seats }) => {
    const pages = await Promise.all(seats.map((seat) => pageOf(world, seat)));
    return ok({
      payouts: pages.flatMap((it) => it.payouts).sort((a, b) => b.madeAt - a.madeAt),
      waiting: pages.flatMap((it) => it.waiting),
      details: pages.flatMap((it) => it.details),
      debts: pages.flatMap((it) => it.debts),
    });
  });
};
