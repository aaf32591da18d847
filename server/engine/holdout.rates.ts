import type { Rates } from "../../shared/judge/reward.ts";
import type { Landing } from "../store/store.ts";
import { known, read } from "./book.ts";
import { type ContractHoldoutsDoc, heldOutOf } from "./holdout.ts";
import type { ContractDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

const heldRates = async (unit: Unit, contract: string, landings: readonly Landing[]): Promise<Rates> => {
  const doc = await known<ContractDoc>(unit, `contract/${contract}`);
  const isHeld = await heldOutOf(unit, doc);
  const held = new Map<string, Set<string>>();
  for (const { click, kind } of landings) {
    const kinds = held.get(click) ?? new Set<string>();
    if (kinds.size > 0 || isHeld(click)) held.set(click, kinds.add(kind));
  }
  const landed = [...held.values()].filter((kinds) => kinds.has("visit"));
  return {
    visits: landed.length,
    clicks: landed.filter((kinds) => kinds.has("cta")).length,
    engaged: landed.filter((kinds) => kinds.has("cta") || kinds.has("answer")).length,
  };
};

/**
 * How people met a contract's links from one instant to another, both included, but for those who were held out: they are
 * not shown what others are, and count neither for whoever sent them nor against them.
 */
export const creditedRates = async (unit: Unit, contract: string, from: number, until: number): Promise<Rates> => {
  const all = await unit.ratesOf(contract, from, until);
  if (!(await read<ContractHoldoutsDoc>(unit, `contract-holdouts/${contract}`))) return all;
  const held = await heldRates(unit, contract, await unit.landings(contract, from, until));
  return {
    visits: all.visits - held.visits,
    clicks: all.clicks - held.clicks,
    engaged: all.engaged - held.engaged,
  };
};
