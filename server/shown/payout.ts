import type * as v from "valibot";
import { present } from "../../shared/kit/shape.ts";
import type { RailName } from "../../shared/pay/payout.details.ts";
import { type PaidLine, type Plan, type Waiting, waitingBecause } from "../../shared/pay/payout.plan.ts";
import type { PayoutBatchShown, PayoutPlanShown, PayoutShown, WaitingShown } from "../../shared/wire/payouts.ts";
import { known } from "../engine/book.ts";
import { dealOfContract } from "../engine/deal.ts";
import type { Reader } from "../engine/reader.ts";
import type { BatchDoc, PayoutDoc } from "../engine/shapes.payout.ts";
import type { CampaignDoc, ContractDoc } from "../engine/shapes.ts";
import { brandName, influencerName } from "./names.ts";

type Shown<Schema extends v.GenericSchema> = v.InferOutput<Schema>;

/** Whose eyes a payout is for: an influencer does not see the brand's fee, nor others' ids of who did what. */
export type Eyes = "brand" | "influencer";

const lineShown = async (reader: Reader, { contract, period, amountMinor }: PaidLine) => {
  const doc = await known<ContractDoc>(reader, `contract/${contract}`);
  const campaign = await known<CampaignDoc>(reader, `campaign/${doc.campaign}`);
  const { starts, ends } = present(dealOfContract(doc).periods[period], "the period that was paid");
  return { contract, campaignName: campaign.name, period, starts, ends, amountMinor };
};

const linesShown = (reader: Reader, lines: readonly PaidLine[]) =>
  Promise.all(lines.map((line) => lineShown(reader, line)));

const whoDid = (by: string): string => by.split(":")[0] ?? by;

/** A payout, as one of its two sides sees it. */
export const payoutShown = async (reader: Reader, id: string, eyes: Eyes): Promise<Shown<typeof PayoutShown>> => {
  const doc = await known<PayoutDoc>(reader, `payout/${id}`);
  const note = ((await reader.private(`payout-note/${id}`)) ?? {}) as { proof?: string; reason?: string };
  const kept = (await reader.private(`payout-to/${id}`)) as { reference: string } | undefined;
  const { batch, influencer, currency, amountMinor, taxMinor, feeMinor, madeAt, overdue } = doc;
  return {
    id,
    batch,
    brand: reader.brand,
    brandName: await brandName(reader),
    influencer,
    influencerName: await influencerName(reader, influencer),
    rail: doc.rail as RailName,
    currency,
    status: doc.status === "none" ? "made" : doc.status,
    overdue: overdue && doc.status === "sent",
    amountMinor,
    taxMinor,
    sentMinor: amountMinor - taxMinor,
    feeMinor: eyes === "brand" ? feeMinor : null,
    lines: await linesShown(reader, doc.lines),
    reference: kept?.reference ?? "",
    proof: note.proof ?? null,
    reason: note.reason ?? null,
    madeAt,
    events: doc.events.map(({ at, what, by }) => ({ at, what, by: whoDid(by) })),
  };
};

/** Money that waits, and why. */
export const waitingShown = async (
  reader: Reader,
  { rail, currency }: { readonly rail: RailName; readonly currency: string },
  it: Waiting,
): Promise<Shown<typeof WaitingShown>> => ({
  brand: reader.brand,
  brandName: await brandName(reader),
  influencer: it.influencer,
  influencerName: await influencerName(reader, it.influencer),
  rail,
  currency,
  code: it.code,
  amountMinor: it.amountMinor,
  until: it.until ?? null,
  because: waitingBecause(it, currency),
});

interface Run {
  readonly key: string;
  readonly rail: RailName;
  readonly currency: string;
}

/** What a run would pay. `batch` is the one it has already, `refused` why its rail cannot pay at all. */
export const planShown = async (
  reader: Reader,
  run: Run & { readonly batch: string | null; readonly refused: string | null },
  plan: Plan,
): Promise<Shown<typeof PayoutPlanShown>> => ({
  ...run,
  totalMinor: plan.payouts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  payouts: await Promise.all(
    plan.payouts.map(async ({ lines, ...it }) => ({
      ...it,
      influencerName: await influencerName(reader, it.influencer),
      lines: await linesShown(reader, lines),
    })),
  ),
  waiting: await Promise.all(plan.waiting.map((it) => waitingShown(reader, run, it))),
});

/** A batch, as the brand sees it. */
export const batchShown = async (reader: Reader, id: string): Promise<Shown<typeof PayoutBatchShown>> => {
  const doc = await known<BatchDoc>(reader, `batch/${id}`);
  const run = { rail: doc.rail as RailName, currency: doc.currency };
  const payouts = await Promise.all(doc.payouts.map((payout) => payoutShown(reader, payout, "brand")));
  return {
    id,
    key: doc.key,
    ...run,
    madeAt: doc.madeAt,
    sent: (await reader.document(`unsent/${id}`)) === undefined,
    totalMinor: payouts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    sentMinor: payouts.reduce((sum, it) => sum + it.sentMinor, 0),
    payouts,
    waiting: await Promise.all(doc.waiting.map((it) => waitingShown(reader, run, it as Waiting))),
  };
};

const lastOf = (keys: readonly (readonly [string, unknown])[]): readonly string[] =>
  keys.map(([key]) => key.split("/").at(-1) ?? "").reverse();

/** A brand's batches, newest first. */
export const batchesShown = async (reader: Reader): Promise<Shown<typeof PayoutBatchShown>[]> =>
  Promise.all(lastOf(await reader.documents("batch-at/")).map((id) => batchShown(reader, id)));

/** A brand's payouts, or those to one influencer, newest first. */
export const payoutsShown = async (reader: Reader, influencer: string | null): Promise<Shown<typeof PayoutShown>[]> => {
  const prefix = influencer === null ? "payout-at/" : `influencer-payout/${influencer}/`;
  const eyes = influencer === null ? "brand" : "influencer";
  return Promise.all(lastOf(await reader.documents(prefix)).map((id) => payoutShown(reader, id, eyes)));
};
