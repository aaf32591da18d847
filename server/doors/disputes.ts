import { createHash } from "node:crypto";
import type { Hono } from "hono";
import type { Party } from "../../shared/contract/contract.ts";
import type { DisputeItem } from "../../shared/contract/dispute.item.ts";
import { base32, mint } from "../../shared/kit/id.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import * as wire from "../../shared/wire/disputes.ts";
import {
  acceptSplit,
  answerDispute,
  concedeDispute,
  decideDispute,
  escalateDispute,
  openDispute,
  proposeSplit,
  withdrawDispute,
} from "../decisions/disputes.ts";
import { read } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { DisputeDoc } from "../engine/shapes.dispute.ts";
import { disputePage, disputeRow, type Onlooker } from "../shown/dispute.ts";
import type { World } from "../world.ts";
import { find, findContract, findConversion } from "./access.ts";
import { open } from "./door.ts";
import type { Seat } from "./seats.ts";

const MOST_LISTED = 200;

const partyOf = (seat: Seat): Party => (seat.role === "influencer" ? "influencer" : "brand");

/** How a dispute is shown to someone, for doors to answer with. */
const shownTo = (world: World, you: Onlooker) => (reader: Reader, id: string) =>
  disputePage(reader, id, { you, origin: world.origin, asOf: world.now() });

const noDispute = (id: string) => refuse("not-found", `There is no dispute ${id}.`);

/** A side at its dispute: in whose name it acts, and how the dispute is shown to it. */
interface Side {
  readonly brand: string;
  readonly by: string;
  readonly party: Party;
  readonly reader: Reader;
  readonly show: ReturnType<typeof shownTo>;
}

/** Which side of a dispute the seats are on: whoever may see its contract may see it. */
const findDispute = async (world: World, seats: readonly Seat[], id: string): Promise<Result<Side>> => {
  const found = await find<DisputeDoc>(world, seats, `dispute/${id}`, () => true);
  if (!found.ok) return found;
  const { seat: first, reader, doc } = found.value;
  // A person may sit in several seats of one brand: the contract decides which of them this is about.
  const mine = seats.filter(({ brand }) => brand === first.brand);
  const contract = await findContract(world, mine, doc.item.contract);
  if (!contract.ok) return noDispute(id);
  const { seat } = contract.value;
  const party = partyOf(seat);
  return ok({ brand: seat.brand, by: seat.by, party, reader, show: shownTo(world, party) });
};

const findItem = async (world: World, seats: readonly Seat[], item: DisputeItem): Promise<Result<Seat>> => {
  const contract = await findContract(world, seats, item.contract);
  if (!contract.ok) return contract;
  const { seat } = contract.value;
  if (item.kind !== "conversion") return ok(seat);
  const conversion = await findConversion(world, [seat], item.conversion);
  return conversion.ok ? ok(seat) : conversion;
};

const listOf = async (world: World, seat: Seat, contract: string | undefined): Promise<readonly string[]> => {
  const reader = readerOf(world.store, seat.brand);
  const last = async (prefix: string): Promise<readonly string[]> => {
    const query = { prefix, limit: MOST_LISTED, backwards: true };
    const found = await world.store.documents(seat.brand, query);
    return found.map(([key]) => key.split("/").at(-1) ?? "");
  };
  if (contract !== undefined) return last(`contract-dispute/${contract}/`);
  if (seat.role !== "influencer") return last("recent-dispute/");
  const theirs = (await reader.documents(`influencer-contract/${seat.influencer}/`)).map(([key]) =>
    key.split("/").at(-1),
  );
  return (await Promise.all(theirs.map((it) => last(`contract-dispute/${it}/`)))).flat();
};

const openReading = (app: Hono, world: World): void => {
  open(app, world, wire.disputes, async ({ seats, query }) => {
    const found = query.contract === undefined ? undefined : await findContract(world, seats, query.contract);
    if (found && !found.ok) return found;
    const asked = found ? [found.value.seat] : seats;
    const rows = await Promise.all(
      asked.map(async (seat) => {
        const ids = await listOf(world, seat, query.contract);
        return Promise.all(ids.map((id) => disputeRow(readerOf(world.store, seat.brand), id)));
      }),
    );
    const once = new Map(rows.flat().map((row) => [row.id, row]));
    return ok({ disputes: [...once.values()].sort((a, b) => b.openedAt - a.openedAt).slice(0, MOST_LISTED) });
  });
  open(app, world, wire.dispute, async ({ seats, params }) => {
    const found = await findDispute(world, seats, params.dispute);
    return found.ok ? ok(await found.value.show(found.value.reader, params.dispute)) : found;
  });
};

const openOpening = (app: Hono, world: World): void =>
  open(app, world, wire.openDispute, async ({ seats, body, decide }) => {
    const { item, amountMinor, reason, ...said } = body;
    const found = await findItem(world, seats, item);
    if (!found.ok) return found;
    const { value: seat } = found;
    const opener = partyOf(seat);
    const opening = { dispute: mint("dispute", world.bytes(13)), item, opener, reason, amountMinor };
    return decide(seat.brand, openDispute(opening, said, seat.by), shownTo(world, opener));
  });

const openTalking = (app: Hono, world: World): void => {
  open(app, world, wire.answerDispute, async ({ seats, params, body, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    return decide(brand, answerDispute(params.dispute, party, body, by), show);
  });
  open(app, world, wire.proposeSplit, async ({ seats, params, body, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    const { split, ...said } = body;
    return decide(brand, proposeSplit(params.dispute, party, split, said, by), show);
  });
  open(app, world, wire.acceptSplit, async ({ seats, params, body, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    return decide(brand, acceptSplit(params.dispute, party, body.proposal, by), show);
  });
};

const openEnding = (app: Hono, world: World): void => {
  open(app, world, wire.withdrawDispute, async ({ seats, params, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    return decide(brand, withdrawDispute(params.dispute, party, by), show);
  });
  open(app, world, wire.concedeDispute, async ({ seats, params, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    return decide(brand, concedeDispute(params.dispute, party, by), show);
  });
  open(app, world, wire.escalateDispute, async ({ seats, params, decide }) => {
    const found = await findDispute(world, seats, params.dispute);
    if (!found.ok) return found;
    const { brand, by, party, show } = found.value;
    const halves = { brand: base32(world.bytes(17), 26), influencer: base32(world.bytes(17), 26) };
    return decide(brand, escalateDispute(params.dispute, party, halves, by), show);
  });
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The brand whose dispute this is, if every key given is a half of its mediator's key; else it is as if there were none. */
const mediated = async (world: World, id: string, halves: readonly string[]): Promise<Result<string>> => {
  const brand = await world.store.brandOf(id);
  const doc = brand ? await read<DisputeDoc>(readerOf(world.store, brand), `dispute/${id}`) : undefined;
  const keys = Object.values(doc?.keys ?? {});
  return brand && halves.every((half) => keys.includes(sha256(half))) ? ok(brand) : noDispute(id);
};

const openMediating = (app: Hono, world: World): void => {
  open(app, world, wire.mediation, async ({ params, body }) => {
    const found = await mediated(world, params.dispute, [body.key]);
    if (!found.ok) return found;
    return ok(await shownTo(world, "mediator")(readerOf(world.store, found.value), params.dispute));
  });
  open(app, world, wire.decideDispute, async ({ params, body, decide }) => {
    const { keys, split, ...said } = body;
    const found = await mediated(world, params.dispute, keys);
    if (!found.ok) return found;
    return decide(found.value, decideDispute(params.dispute, keys, split, said), shownTo(world, "mediator"));
  });
};

/** The doors of disputes: for both sides of a contract, and for the mediator they share. */
export const openDisputeDoors = (app: Hono, world: World): void => {
  openReading(app, world);
  openOpening(app, world);
  openTalking(app, world);
  openEnding(app, world);
  openMediating(app, world);
};
