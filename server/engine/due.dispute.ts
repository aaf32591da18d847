import type { DisputeItem } from "../../shared/contract/dispute.item.ts";
import { disputeLife } from "../../shared/contract/dispute.life.ts";
import type { DisputeCommand, DisputeFact } from "../../shared/contract/dispute.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { periodAt } from "../../shared/kit/time.ts";
import { known, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import { postMoney } from "./posting.ts";
import type { DisputeDoc } from "./shapes.dispute.ts";
import type { ContractDoc, ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";
import { disputedOf, levelsOf, takableMinor, worthOf } from "./worth.ts";

/** Ask something of a dispute: record what comes of it, and post the money that follows. */
export const askDispute = async (
  unit: Unit,
  dispute: string,
  commandOf: (doc: DisputeDoc, worthMinor: number) => DisputeCommand,
  by: string,
): Promise<Result<string>> => {
  const doc = await read<DisputeDoc>(unit, `dispute/${dispute}`);
  if (!doc) return refuse("not-found", `There is no dispute ${dispute}.`);
  const worthMinor = await takableMinor(unit, doc.item, doc.period);
  const decided = disputeLife.decide(doc, commandOf(doc, worthMinor));
  if (!decided.ok) return decided;
  for (const fact of decided.value as readonly DisputeFact[]) {
    await unit.record(fact as never, by);
    // What a half of the mediator's key opened is over; nothing keeps it.
    if (fact.type === "dispute-resolved") unit.setPrivate(`dispute-key/${dispute}`, null);
  }
  await postMoney(unit, null, by);
  return ok(dispute);
};

/** A dispute's deadline has passed: the terms say who gets the amount. */
export const lapsed = (unit: Unit, [dispute = ""]: readonly string[]): Promise<Result<unknown>> =>
  askDispute(unit, dispute, (_, worthMinor) => ({ type: "lapse", at: unit.now, worthMinor }), "clock");

/**
 * A dispute's deadline is near: that both sides are reminded is on record. When the clock stood still until the deadline
 * itself had passed, there is nothing left to be reminded of.
 */
export const reminded = async (unit: Unit, parts: readonly string[]): Promise<Result<unknown>> => {
  const [dispute = "", hours = ""] = parts;
  const { until } = await known<DisputeDoc>(unit, `dispute/${dispute}`);
  if (until !== null && until <= unit.now) return lapsed(unit, parts);
  return askDispute(unit, dispute, () => ({ type: "remind", at: unit.now, hours: Number(hours) }), "clock");
};

/** What one dispute still takes of its item, in minor units. */
const takenMinorBy = async (unit: Unit, dispute: string): Promise<number> => {
  const { outcome } = await known<DisputeDoc>(unit, `dispute/${dispute}`);
  return outcome === null ? 0 : Math.max(0, -outcome.adjustmentMinor) - outcome.easedMinor;
};

const ease = async (unit: Unit, item: DisputeItem, by: string): Promise<void> => {
  const { brand, takenMinor } = await disputedOf(unit, item);
  if (brand === null) return;
  const othersMinor = takenMinor - (await takenMinorBy(unit, brand));
  const worthMinor = (await worthOf(unit, item)) - othersMinor;
  await askDispute(unit, brand, () => ({ type: "ease", worthMinor }), by);
};

const periodOfConversion = async (unit: Unit, contract: string, conversion: string): Promise<number | null> => {
  const { recorded } = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  const { periods } = dealOfContract(await known<ContractDoc>(unit, `contract/${contract}`));
  return periodAt(periods, recorded.at)?.index ?? null;
};

/**
 * Give back what disputes took for a conversion that has lost its worth since, so that a refund does not take it twice:
 * disputes about itself first, then about its statement and its contract.
 */
export const easeDisputes = async (unit: Unit, conversion: string, contracts: readonly string[], by: string) => {
  for (const contract of contracts) {
    const item = { kind: "conversion", contract, conversion } as const;
    const levels = levelsOf(item, await periodOfConversion(unit, contract, conversion));
    for (const level of [...levels].reverse()) await ease(unit, level, by);
  }
};
