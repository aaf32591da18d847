import { createHmac } from "node:crypto";
import type { Hono } from "hono";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, present, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/payout-settings.ts";
import { fundDeposit, releaseDeposit, remitTax, reserveDeposit } from "../decisions/deposits.ts";
import { sayDetails, saySettings, sayWithholding } from "../decisions/payout-details.ts";
import { confirmWriteOff, proposeWriteOff } from "../decisions/write-offs.ts";
import { known } from "../engine/book.ts";
import { readerOf } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { WriteOffDoc } from "../engine/shapes.payout.ts";
import type { ContractDoc, InfluencerDoc } from "../engine/shapes.ts";
import type { Person, Who } from "../people/who.ts";
import {
  debtsShown,
  depositShown,
  depositsShown,
  detailsShown,
  settingsShown,
  writeOffShown,
  writeOffsShown,
} from "../shown/payout-money.ts";
import { digestOf } from "../submissions.ts";
import type { World } from "../world.ts";
import { find, findContract } from "./access.ts";
import { open, type Visit } from "./door.ts";
import type { Seat } from "./seats.ts";

const own = (seats: readonly Seat[]): Seat => present(seats[0], "the seat of an admitted brand");

/** Where money goes is decided by a person in the web app, never by a token that could have been copied. */
const personIn = (who: Who | undefined): Result<Person> =>
  who?.kind === "person" && who.via === "cookie"
    ? ok(who)
    : refuse("not-allowed", "Do this in the web app, signed in there: an extension or a server cannot.");

type InfluencerSeat = Extract<Seat, { readonly role: "influencer" }>;
const influencersOf = (seats: readonly Seat[]): readonly InfluencerSeat[] =>
  seats.filter((seat) => seat.role === "influencer");

const openDetails = (app: Hono, world: World): void => {
  const shown = (seats: readonly InfluencerSeat[]) =>
    Promise.all(seats.map(({ brand, influencer }) => detailsShown(readerOf(world.store, brand), influencer)));
  open(app, world, wire.payoutDetails, async ({ seats }) => ok({ details: await shown(influencersOf(seats)) }));
  open(app, world, wire.sayPayoutDetails, async ({ who, seats, body }) => {
    const person = personIn(who);
    if (!person.ok) return person;
    const all = influencersOf(seats);
    const meant = body.influencer === undefined ? all : all.filter((it) => it.influencer === body.influencer);
    if (meant.length === 0) return refuse("not-found", `There is no influencer ${body.influencer}.`);
    // What was confirmed for one account serves for no other: the proof goes with the details it came with first.
    const said = canonical([body.details, body.influencer ?? null] as unknown as Json);
    const proved = await world.people.useProof(person.value.userId, body.proof, "payout-details", said);
    if (!proved.ok) return proved;
    // Saying the same again changes nothing, so a request that broke off between two brands is simply sent again.
    for (const { brand, influencer, by } of meant) {
      const done = await world.record.decide(brand, sayDetails(influencer, body.details, digestOf(world), by));
      if (!done.ok) return done;
    }
    return ok({ details: await shown(meant) });
  });
};

const openSettings = (app: Hono, world: World): void => {
  open(app, world, wire.payoutSettings, async ({ seats }) =>
    ok(await settingsShown(readerOf(world.store, own(seats).brand))),
  );
  open(app, world, wire.sayPayoutSettings, async ({ seats, body, decide }) =>
    decide(own(seats).brand, saySettings(body, digestOf(world), own(seats).by), settingsShown),
  );
  open(app, world, wire.sayWithholding, async ({ seats, params, body, decide }) => {
    const found = await find<InfluencerDoc>(world, seats, `influencer/${params.influencer}`, () => true);
    if (!found.ok) return found;
    const { brand, by } = found.value.seat;
    return decide(brand, sayWithholding(params.influencer, body.withholdBp, by), detailsShown);
  });
};

type Reserving = Pick<Visit<"/:contract", never, never>, "seats" | "params" | "decide" | "request">;

const reserving = async (world: World, visit: Reserving, work: (deposit: string, by: string) => Work<string>) => {
  const found = await findContract(world, visit.seats, visit.params.contract);
  if (!found.ok) return found;
  const key = keyed(visit);
  if (!key.ok) return key;
  const { brand, by } = found.value.seat;
  return visit.decide(brand, work(mint("deposit", world.bytes(13)), by), async (reader) => {
    const { terms } = await known<ContractDoc>(reader, `contract/${visit.params.contract}`);
    return depositShown(reader, present(terms, "the terms of a contract with a reserve").currency);
  });
};

/** Money that is told of twice without a key would move twice: such a request must carry one. */
const keyed = ({ request }: { readonly request: Request }): Result<null> =>
  request.headers.get("idempotency-key")
    ? ok(null)
    : refuse(
        "idempotency-key-needed",
        "This moves money each time it is asked. Send an Idempotency-Key, and the same one when you try again.",
      );

const openDeposits = (app: Hono, world: World): void => {
  open(app, world, wire.deposits, async ({ seats }) =>
    ok({ deposits: await depositsShown(readerOf(world.store, own(seats).brand)) }),
  );
  open(app, world, wire.fundDeposit, async ({ seats, body: { rail, ...sum }, decide, request }) => {
    const key = keyed({ request });
    if (!key.ok) return key;
    const deposit = mint("deposit", world.bytes(13));
    return decide(own(seats).brand, fundDeposit(deposit, rail, sum, own(seats).by), (reader) =>
      depositShown(reader, sum.currency),
    );
  });
  open(app, world, wire.reserveDeposit, (visit) =>
    reserving(world, visit, (deposit, by) =>
      reserveDeposit(deposit, visit.params.contract, visit.body.amountMinor, by),
    ),
  );
  open(app, world, wire.releaseDeposit, (visit) =>
    reserving(world, visit, (deposit, by) =>
      releaseDeposit(deposit, visit.params.contract, visit.body.amountMinor, by),
    ),
  );
  open(app, world, wire.remitTax, async ({ seats, body, decide, request }) => {
    const key = keyed({ request });
    if (!key.ok) return key;
    const remittance = mint("remittance", world.bytes(13));
    return decide(own(seats).brand, remitTax(remittance, body, digestOf(world), own(seats).by), (reader) =>
      depositShown(reader, body.currency),
    );
  });
};

/** A member of a brand, as facts may name them: by a digest that is nobody else's to guess. */
const memberDigest = (world: World, userId: string): string =>
  createHmac("sha256", world.key).update(`member:${userId}`).digest("hex");

const openDebts = (app: Hono, world: World): void => {
  open(app, world, wire.debts, async ({ seats }) => {
    const reader = readerOf(world.store, own(seats).brand);
    return ok({ debts: await debtsShown(reader, world.now(), null), writeOffs: await writeOffsShown(reader) });
  });
  open(app, world, wire.proposeWriteOff, async ({ who, seats, params, body, decide }) => {
    const person = personIn(who);
    if (!person.ok) return person;
    const found = await find<InfluencerDoc>(world, seats, `influencer/${params.influencer}`, () => true);
    if (!found.ok) return found;
    const { brand, by } = found.value.seat;
    const writeOff = mint("writeOff", world.bytes(13));
    const given = { writeOff, influencer: params.influencer, ...body, who: memberDigest(world, person.value.userId) };
    return decide(brand, proposeWriteOff(given, by), writeOffShown);
  });
  open(app, world, wire.confirmWriteOff, async ({ who, seats, params, decide }) => {
    const person = personIn(who);
    if (!person.ok) return person;
    const found = await find<WriteOffDoc>(world, seats, `write-off/${params.writeOff}`, () => true);
    if (!found.ok) return found;
    const { brand, by } = found.value.seat;
    const member = memberDigest(world, person.value.userId);
    return decide(brand, confirmWriteOff(params.writeOff, member, by), writeOffShown);
  });
};

/** The doors around payouts: where to be paid, from what, and what is owed. */
export const openPayoutSettingDoors = (app: Hono, world: World): void => {
  openDetails(app, world);
  openSettings(app, world);
  openDeposits(app, world);
  openDebts(app, world);
};
