import type { ContractCommand } from "../../shared/contract/command.ts";
import { askContract } from "./contract.ts";
import type { Due } from "./due.ts";

const asks =
  (command: (parts: readonly string[], at: number) => ContractCommand): Due =>
  (unit, [contract = "", ...parts]) =>
    askContract(unit, contract, command(parts, unit.now), "clock");

/** What falls due in a contract's life: reminders of a proposal, its expiry, the yearly review, and the end. */
export const contractDues = {
  "contract-reminder": asks(([version, hours], at) => ({
    type: "remind",
    version: Number(version),
    hours: Number(hours),
    at,
  })),
  "contract-expiry": asks(([version], at) => ({ type: "expire", version: Number(version), at })),
  "contract-review": asks(([year], at) => ({ type: "ask-review", year: Number(year), at })),
  "contract-over": asks((_, at) => ({ type: "complete", at })),
} as const satisfies Readonly<Record<string, Due>>;
