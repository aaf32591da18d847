import type { ContractCommand } from "../../shared/contract/command.ts";
import { contractLife } from "../../shared/contract/life.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "./book.ts";
import { postMoney } from "./posting.ts";
import type { ContractDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** Ask something of a contract: what follows is recorded, money included. Refuses as its life does, and what is not there. */
export const askContract = async (
  unit: Unit,
  contract: string,
  command: ContractCommand,
  by: string,
): Promise<Result<string>> => {
  const state = (await read<ContractDoc>(unit, `contract/${contract}`)) ?? contractLife.initial;
  if (state.status === "none" && command.type !== "draft")
    return refuse("not-found", `There is no contract ${contract}.`);
  const decided = contractLife.decide(state, command);
  if (!decided.ok) return decided;
  for (const fact of decided.value) await unit.record(structuredClone(fact) as never, by);
  // New terms, or an earlier last day, may price what has happened already in another way.
  if (decided.value.length > 0) await postMoney(unit, null, by);
  return ok(contract);
};
