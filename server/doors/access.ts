import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "../engine/book.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { ContractDoc, ConversionDoc } from "../engine/shapes.ts";
import type { World } from "../world.ts";
import type { Seat } from "./seats.ts";

/** Something found in a brand one of the seats belongs to, and that seat. */
export interface Found<Doc> {
  readonly seat: Seat;
  readonly reader: Reader;
  readonly doc: Doc;
}

type MaySee<Doc> = (seat: Seat, doc: Doc) => boolean;

/**
 * Look a document up in the brands of the seats, and nowhere else. What belongs to another brand, or to another
 * influencer, is answered exactly like what does not exist.
 */
export const find = async <Doc>(
  world: World,
  seats: readonly Seat[],
  key: string,
  maySee: MaySee<Doc>,
): Promise<Result<Found<Doc>>> => {
  for (const seat of seats) {
    const reader = readerOf(world.store, seat.brand);
    const doc = await read<Doc>(reader, key);
    if (doc && maySee(seat, doc)) return ok({ seat, reader, doc });
  }
  return refuse("not-found", `There is no ${key.split("/")[0]} ${key.split("/")[1] ?? ""}.`);
};

const seesContract: MaySee<ContractDoc> = (seat, doc) =>
  seat.role !== "influencer" || (seat.influencer === doc.influencer && doc.status !== "drafted");

/** A contract the seats may see: a brand's own, or an influencer's own once it was offered. */
export const findContract = (
  world: World,
  seats: readonly Seat[],
  contract: string,
): Promise<Result<Found<ContractDoc>>> => find(world, seats, `contract/${contract}`, seesContract);

const seesConversion: MaySee<ConversionDoc> = (seat, doc) =>
  seat.role !== "influencer" ||
  (doc.verdict?.parts ?? []).some(
    ({ contract, influencer, shareMicro }) =>
      influencer === seat.influencer && (shareMicro > 0 || doc.restated?.[contract] !== undefined),
  );

/** A conversion the seats may see: a brand's own, or one an influencer is credited for, or was on a statement. */
export const findConversion = (
  world: World,
  seats: readonly Seat[],
  conversion: string,
): Promise<Result<Found<ConversionDoc>>> => find(world, seats, `conversion/${conversion}`, seesConversion);
