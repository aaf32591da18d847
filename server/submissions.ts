import { createHmac } from "node:crypto";
import { canonical, type Json } from "../shared/kit/canonical.ts";
import type { RailName } from "../shared/pay/payout.details.ts";
import { recordOutcomes } from "./decisions/payouts.life.ts";
import { type Digest, deskOf, railBatch } from "./decisions/payouts.ts";
import { known, read } from "./engine/book.ts";
import { readerOf } from "./engine/reader.ts";
import type { BatchDoc, PayoutDoc } from "./engine/shapes.payout.ts";
import { rails } from "./partners/rails.ts";
import { submission } from "./partners/submission.ts";
import type { World } from "./world.ts";

/** The server's own digest of something personal: the same for the same thing, and nobody else's to guess. */
export const digestOf =
  ({ key }: Pick<World, "key">): Digest =>
  (it: Json) =>
    createHmac("sha256", key).update(canonical(it)).digest("hex");

const submitBatch = async (world: World, brand: string, batch: string): Promise<void> => {
  const reader = readerOf(world.store, brand);
  const { rail } = await known<BatchDoc>(reader, `batch/${batch}`);
  const whole = await railBatch(reader, batch);
  const waits = await Promise.all(
    whole.payouts.map(async ({ payout }) => (await read<PayoutDoc>(reader, `payout/${payout}`))?.status === "made"),
  );
  const some = { ...whole, payouts: whole.payouts.filter((_, index) => waits[index]) };
  const outcomes = await submission(rails[rail as RailName](deskOf(reader)), some);
  await world.record.decide(brand, recordOutcomes(outcomes, digestOf(world), "rail"));
};

/**
 * Hand to their rails whatever batches of a brand they are not known to have: just made, or left over because an answer, or
 * this server, was lost. A payout is asked about before it is submitted, and keeps its id.
 */
export const submitWaiting = async (world: World, brand: string): Promise<void> => {
  const unsent = await world.store.documents(brand, { prefix: "unsent/", limit: 1_000 });
  for (const [key] of unsent) await submitBatch(world, brand, key.slice("unsent/".length));
};

/** The same for every brand. */
export const submitAll = async (world: World): Promise<void> => {
  for (const brand of await world.store.brands()) await submitWaiting(world, brand);
};
