import { createHash } from "node:crypto";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { mint } from "../../shared/kit/id.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import type { Transfer } from "../../shared/pay/chart.ts";
import { submitted } from "../../shared/pay/ledger.payout.ts";
import type { Details, Payer, RailName } from "../../shared/pay/payout.details.ts";
import {
  type Candidate,
  type PayTo,
  type Plan,
  type PlannedPayout,
  planBatch,
  waitingBecause,
} from "../../shared/pay/payout.plan.ts";
import { known, read } from "../engine/book.ts";
import { payables } from "../engine/payable.ts";
import type { Reader } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { BatchDoc, OnTheWayDoc, PayoutDoc, PayToDoc, SettingsDoc, WithholdDoc } from "../engine/shapes.payout.ts";
import { unsound } from "../engine/sound.ts";
import type { Unit } from "../engine/unit.ts";
import type { Desk, Rail, RailBatch, Standing } from "../partners/rail.ts";
import { rails } from "../partners/rails.ts";

/** Which run a batch is of: a day, or what the brand calls it; by which rail, in which currency. */
export interface RunGiven {
  readonly key: string;
  readonly rail: RailName;
  readonly currency: string;
}

/** Turns something personal into a digest that cannot be guessed back. */
export type Digest = (it: Json) => string;

const hashed = (it: Json): Uint8Array => createHash("sha256").update(canonical(it)).digest();

/** The batch of a run: the same run of the same brand is always the same batch. */
export const batchOf = (brand: string, { key, rail, currency }: RunGiven): string =>
  mint("batch", hashed([brand, key, rail, currency]));

const payoutOf = (batch: string, influencer: string): string => mint("payout", hashed([batch, influencer]));

/** The UTC day of an instant: what a run is called when nobody says otherwise. */
export const runDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

const standings: Readonly<Record<PayoutDoc["status"], Standing>> = {
  none: "unknown",
  made: "unknown",
  sent: "submitted",
  settled: "settled",
  failed: "failed",
  unclaimed: "failed",
  returned: "returned",
};

/** What is on record, for rails that people carry. */
export const deskOf = (reader: Pick<Reader, "document">): Desk => ({
  standing: async (payout) => standings[(await read<PayoutDoc>(reader, `payout/${payout}`))?.status ?? "none"],
});

/** What an account of the ledger holds, debits minus credits, in minor units. */
export const balanceOf = async (reader: Pick<Reader, "document">, currency: string, account: string): Promise<number> =>
  (await read<{ balanceMinor: number }>(reader, `balance/${currency}/${account}`))?.balanceMinor ?? 0;

/** Record money that moved because of a payout, a deposit or a debt given up. */
export const recordMoney = async (unit: Unit, cause: string, transfers: readonly Transfer[], by: string) => {
  if (transfers.length === 0) return;
  const moved = transfers.map((it) => ({ ...it }));
  await unit.record({ type: "money-moved", contract: null, conversion: null, transfers: moved, lines: [], cause }, by);
};

/** A brand's settings for payouts; one that has said nothing pays out of its own pocket. */
export const settingsOf = async (reader: Pick<Reader, "document">): Promise<SettingsDoc> =>
  (await read<SettingsDoc>(reader, "payout-settings")) ?? { payer: null, prefunded: false, feeBp: 0 };

/** The account a brand pays from, once it has said. */
export const payerOf = async (reader: Pick<Reader, "private">): Promise<Payer | null> =>
  ((await reader.private("payer")) as Payer | undefined) ?? null;

const funded = async (reader: Reader, it: Candidate): Promise<Candidate> => {
  const reservedMinor = 0 - (await balanceOf(reader, it.currency, `brand:reserved:${it.contract}`));
  const onTheWay = (await read<OnTheWayDoc>(reader, `on-the-way/${it.contract}`))?.amountMinor ?? 0;
  return { ...it, fundedMinor: Math.max(0, reservedMinor - onTheWay) };
};

const payTo = async (reader: Reader, rail: Rail, influencer: string): Promise<PayTo | undefined> => {
  const doc = await read<PayToDoc>(reader, `pay-to/${influencer}`);
  const details = (await reader.private(`payout-details/${influencer}`)) as Details | undefined;
  if (!doc || !details) return undefined;
  const withheld = await read<WithholdDoc>(reader, `withhold/${influencer}`);
  const refused = doc.rail === rail.name ? (rail.reaches(details)?.because ?? null) : null;
  return { rail: doc.rail, heldUntil: doc.heldUntil, refused, withholdBp: withheld?.withholdBp ?? 0 };
};

/** What a run would pay now, and why it would not pay the rest. */
export const planOf = async (
  reader: Reader,
  { rail: name, currency }: Omit<RunGiven, "key">,
  now: number,
): Promise<Plan> => {
  const [rail, settings] = [rails[name](deskOf(reader)), await settingsOf(reader)];
  const all = (await payables(reader, now)).filter((it) => it.currency === currency);
  const candidates = settings.prefunded ? await Promise.all(all.map((it) => funded(reader, it))) : all;
  const details = new Map<string, PayTo>();
  for (const influencer of new Set(candidates.map((it) => it.influencer))) {
    const to = await payTo(reader, rail, influencer);
    if (to) details.set(influencer, to);
  }
  const feeBp = settings.prefunded ? settings.feeBp : 0;
  const depositMinor = 0 - (await balanceOf(reader, currency, "brand:deposit"));
  return planBatch({ rail: name, currency, feeBp, depositMinor }, candidates, details, now);
};

interface Kept {
  readonly name: string;
  readonly to: Details;
  readonly reference: string;
}

const makePayout = async (unit: Unit, batch: string, run: RunGiven, it: PlannedPayout, by: string): Promise<void> => {
  const { influencer, taxMinor, feeMinor } = it;
  const payout = payoutOf(batch, influencer);
  const named = (await unit.private(`influencer/${influencer}`)) as { name: string } | undefined;
  const to = (await unit.private(`payout-details/${influencer}`)) as Details;
  const reference = `Payout ${run.key} ${payout.replace("_", "-")}`;
  const kept: Kept = { name: named?.name ?? "Someone", to, reference };
  // Where it goes is kept as it is now, so that the file is the same whenever it is asked for.
  unit.setPrivate(`payout-to/${payout}`, kept as unknown as Json);
  const { details } = await known<PayToDoc>(unit, `pay-to/${influencer}`);
  const lines = it.lines.map((line) => ({ ...line }));
  const { rail, currency } = run;
  const made = { payout, batch, influencer, rail, currency, lines, taxMinor, feeMinor, details };
  await unit.record({ type: "payout-made", ...made }, by);
  await recordMoney(unit, payout, submitted({ id: payout, ...made }), by);
};

/** Make the batch of a run, or give back the one there is. Its payouts' money is in transit from here on. */
export const makeBatch =
  (run: RunGiven, by: string): Work<string> =>
  async (unit) => {
    const batch = batchOf(unit.brand, run);
    if (await unit.document(`batch/${batch}`)) return ok(batch);
    const wrong = await unsound(unit);
    if (wrong !== undefined)
      return refuse(
        "books-unsound",
        `The books do not balance, so nothing is paid out: ${wrong}. Run \`makegood verify\`.`,
      );
    const payer = await payerOf(unit);
    const no = rails[run.rail](deskOf(unit)).serves(run.currency, payer);
    if (no) return { ok: false, refusal: no };
    const plan = await planOf(unit, run, unit.now);
    if (plan.payouts.length === 0) {
      const [first] = plan.waiting;
      const why = first ? ` ${waitingBecause(first, run.currency)}` : "";
      return refuse("nothing-to-pay", `Nobody can be paid in ${run.currency} by this rail now.${why}`);
    }
    const waiting = plan.waiting.map(({ because: _, ...it }) => ({ ...it }));
    await unit.record({ type: "payout-batch-made", batch, ...run, waiting }, by);
    unit.setPrivate(`batch-to/${batch}`, { payer } as unknown as Json);
    for (const it of plan.payouts) await makePayout(unit, batch, run, it, by);
    return ok(batch);
  };

/** A batch as its rail sees it: as it was when it was made, whatever has changed since. */
export const railBatch = async (reader: Reader, batch: string): Promise<RailBatch> => {
  const { madeAt, currency, payouts: ids } = await known<BatchDoc>(reader, `batch/${batch}`);
  const kept = (await reader.private(`batch-to/${batch}`)) as { readonly payer: Payer | null } | undefined;
  const payouts = await Promise.all(
    ids.map(async (payout) => {
      const { amountMinor, taxMinor } = await known<PayoutDoc>(reader, `payout/${payout}`);
      const gone: Kept = { name: "Someone", to: { rail: "manual", note: "erased" }, reference: payout };
      const to = ((await reader.private(`payout-to/${payout}`)) as Kept | undefined) ?? gone;
      return { payout, ...to, amountMinor: amountMinor - taxMinor };
    }),
  );
  return { batch, madeAt, currency, payer: kept?.payer ?? null, payouts };
};
