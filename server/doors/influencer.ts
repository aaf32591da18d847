import type { Hono } from "hono";
import { base32 } from "../../shared/kit/id.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/influencer.ts";
import { grabLink } from "../decisions/links.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import { contractShown, linkShown, linksShown } from "../shown/contract.ts";
import { conversionPage } from "../shown/conversion.ts";
import { brandName } from "../shown/names.ts";
import { statementShown } from "../shown/statement.ts";
import type { World } from "../world.ts";
import { findContract, findConversion } from "./access.ts";
import { open } from "./door.ts";
import { earningsNow } from "./earnings.ts";
import { positionOf } from "./position.ts";
import type { Seat } from "./seats.ts";

const contractIds = async (reader: Reader, seat: Seat): Promise<readonly string[]> => {
  const prefix = seat.role === "influencer" ? `influencer-contract/${seat.influencer}/` : "contract/";
  return (await reader.documents(prefix)).map(([key]) => key.split("/").at(-1) ?? "");
};

/** The contracts a seat may see, as documents. */
export const contractsOf = async (world: World, seat: Seat): Promise<readonly ContractDoc[]> => {
  const reader = readerOf(world.store, seat.brand);
  const found = await Promise.all((await contractIds(reader, seat)).map((id) => findContract(world, [seat], id)));
  return found.flatMap((it) => (it.ok ? [it.value.doc] : []));
};

const openReading = (app: Hono, world: World): void => {
  open(app, world, wire.me, async ({ who, seats }) => {
    if (who?.kind !== "person") return ok({ id: "", name: "", email: "", memberships: [] });
    const memberships = await Promise.all(
      seats.map(async (seat) => {
        const brand = { brand: seat.brand, brandName: await brandName(readerOf(world.store, seat.brand)) };
        if (seat.role === "influencer") return { ...brand, role: "influencer" as const, influencer: seat.influencer };
        return { ...brand, role: "owner" as const };
      }),
    );
    return ok({ id: who.userId, name: who.name, email: who.email, memberships });
  });
  open(app, world, wire.contracts, async ({ seats, query }) => {
    const all = await Promise.all(
      seats.map(async (seat) => {
        const docs = (await contractsOf(world, seat)).filter(
          ({ campaign }) => !query.campaign || campaign === query.campaign,
        );
        return Promise.all(docs.map(({ contract }) => contractShown(readerOf(world.store, seat.brand), contract)));
      }),
    );
    const once = new Map(all.flat().map((it) => [it.id, it]));
    return ok({ contracts: [...once.values()].sort((a, b) => b.draftedAt - a.draftedAt) });
  });
  open(app, world, wire.contract, async ({ seats, params }) => {
    const found = await findContract(world, seats, params.contract);
    return found.ok ? ok(await contractShown(found.value.reader, params.contract)) : found;
  });
  open(app, world, wire.statementOf, async ({ seats, params }) => {
    const found = await findContract(world, seats, params.contract);
    if (!found.ok) return found;
    if (found.value.doc.versions.length === 0)
      return refuse("not-signed", "This contract is not signed by both yet, so there is no statement of it.");
    return ok(await statementShown(found.value.reader, params.contract, world.now()));
  });
  open(app, world, wire.links, async ({ seats, params }) => {
    const found = await findContract(world, seats, params.contract);
    return found.ok ? ok({ links: await linksShown(found.value.reader, params.contract, world.origin) }) : found;
  });
  open(app, world, wire.conversion, async ({ seats, params }) => {
    const found = await findConversion(world, seats, params.conversion);
    if (!found.ok) return found;
    const { seat, reader } = found.value;
    return ok(await conversionPage(reader, params.conversion, seat.role === "influencer" ? seat.influencer : null));
  });
};

const openEarnings = (app: Hono, world: World): void =>
  open(app, world, wire.earnings, async ({ seats }) => {
    const asOf = world.now();
    // The position is read first: what happens in between is told again by the stream, never missed.
    const position = await positionOf(world.store, seats);
    const all = await Promise.all(
      seats.map(async (seat) => {
        const docs = (await contractsOf(world, seat)).filter(({ startedAt }) => startedAt !== null);
        return Promise.all(docs.map(({ contract }) => earningsNow(world, seat.brand, contract)));
      }),
    );
    return ok({ earnings: all.flat(), position, asOf });
  });

/** The doors influencers knock on; some are for brands too. */
export const openInfluencerDoors = (app: Hono, world: World): void => {
  openReading(app, world);
  openEarnings(app, world);
  open(app, world, wire.grabLink, async ({ seats, params, body, decide }) => {
    const found = await findContract(world, seats, params.contract);
    if (!found.ok) return found;
    const { seat } = found.value;
    const asked = { contract: params.contract, destination: body.destination, code: base32(world.bytes(8), 12) };
    return decide(seat.brand, grabLink(asked, seat.by), (reader, code) => linkShown(reader, code, world.origin));
  });
};
