import { createHash } from "node:crypto";
import { mint } from "../../shared/kit/id.ts";
import { must } from "../../shared/kit/shape.ts";
import { periodAt } from "../../shared/kit/time.ts";
import { answerDispute, openDispute } from "../decisions/disputes.ts";
import { sayDetails } from "../decisions/payout-details.ts";
import { settlePayout } from "../decisions/payouts.life.ts";
import { makeBatch, runDay } from "../decisions/payouts.ts";
import { known } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import { type Reader, readerOf } from "../engine/reader.ts";
import type { BatchDoc } from "../engine/shapes.payout.ts";
import type { ContractDoc, ShareDoc } from "../engine/shapes.ts";
import { disputableMinor } from "../engine/worth.ts";
import { digestOf, submitWaiting } from "../submissions.ts";
import type { World } from "../world.ts";
import { type DemoPerson, done } from "./people.ts";

/** Somebody says where to be paid: by hand, so that no invented account number is ever sent to a bank. */
export const sayWhereTo = async (world: World, brand: string, { name, influencer }: DemoPerson): Promise<void> => {
  const details = { rail: "manual", note: `By transfer to ${name}, as agreed by mail` } as const;
  done(await world.record.decide(brand, sayDetails(influencer, details, digestOf(world), `influencer:${influencer}`)));
};

/** Pay out whatever can be paid by hand. */
export const payOut = async (world: World, brand: string): Promise<string> => {
  const run = { key: runDay(world.now()), rail: "manual", currency: "USD" } as const;
  const batch = done(await world.record.decide(brand, makeBatch(run, "brand")));
  await submitWaiting(world, brand);
  return batch;
};

/** Everything in a batch arrived. */
export const settleAll = async (world: World, brand: string, batch: string): Promise<void> => {
  const { payouts } = await known<BatchDoc>(readerOf(world.store, brand), `batch/${batch}`);
  for (const [index, payout] of payouts.entries()) {
    const proof = `Transfer ${runDay(world.now())}, line ${index + 1}`;
    done(await world.record.decide(brand, settlePayout(payout, proof, digestOf(world), "brand")));
  }
};

const LEAST_MINOR = 500;

/** The lead of a contract that counted last and is worth disputing, and how much of its money can be. */
const worthDisputing = async (reader: Reader, contract: string, before: number) => {
  const { periods } = dealOfContract(await known<ContractDoc>(reader, `contract/${contract}`));
  const shares = (await reader.documents(`share/${contract}/`)).map(([, body]) => body as unknown as ShareDoc);
  const leads = shares.filter(({ result, state, at }) => result === "lead" && state === "counted" && at < before);
  for (const { id, at } of leads.sort((a, b) => b.at - a.at)) {
    const item = { kind: "conversion", contract, conversion: id } as const;
    const mostMinor = await disputableMinor(reader, item, periodAt(periods, at)?.index ?? null);
    if (mostMinor >= LEAST_MINOR) return { item, amountMinor: mostMinor };
  }
  return undefined;
};

/** The brand disputes the money of the last lead worth it. */
export const disputeLast = async (world: World, brand: string, contract: string): Promise<string> => {
  const dispute = mint("dispute", createHash("sha256").update(`dispute of ${contract}`).digest());
  const found = await worthDisputing(readerOf(world.store, brand), contract, world.now());
  must(found !== undefined, "there is a lead to dispute");
  const said = { text: "We wrote to this address twice and were told that nobody there had asked for a programme." };
  const opening = { dispute, opener: "brand", reason: "not-a-real-lead", ...found } as const;
  return done(await world.record.decide(brand, openDispute(opening, said, "brand")));
};

/** The influencer answers. */
export const answerIt = async (
  world: World,
  brand: string,
  { influencer }: DemoPerson,
  dispute: string,
): Promise<void> => {
  const said = { text: "She left the address under my video and asked me about the dates herself." };
  const by = `influencer:${influencer}`;
  done(await world.record.decide(brand, answerDispute(dispute, "influencer", said, by)));
};
