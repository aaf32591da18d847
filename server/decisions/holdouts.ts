import { overAt as contractOverAt, versionAt } from "../../shared/contract/contract.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { known } from "../engine/book.ts";
import { endHoldoutNow } from "../engine/due.holdout.ts";
import { type HoldoutDoc, overAt } from "../engine/holdout.ts";
import type { Work } from "../engine/record.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";

const lastPart = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

const latestOf = async (unit: Unit, campaign: string): Promise<HoldoutDoc | undefined> => {
  const last = (await unit.documents(`campaign-holdout/${campaign}/`)).at(-1);
  return last && known<HoldoutDoc>(unit, `holdout/${lastPart(last[0])}`);
};

const runningOf = async (unit: Unit, campaign: string): Promise<readonly ContractDoc[]> => {
  const keys = (await unit.documents(`campaign-contract/${campaign}/`)).map(([key]) => lastPart(key));
  const all = await Promise.all(keys.map((contract) => known<ContractDoc>(unit, `contract/${contract}`)));
  return all.filter(({ status }) => status === "running");
};

const nobodyAllows = (running: number, partBp: number) =>
  refuse(
    "holdout-not-allowed",
    running === 0
      ? "No contract of this campaign runs, so there are no clicks to hold out. Start once one is signed by both sides."
      : `None of the ${running} running contracts of this campaign allows ${partBp / 100} % of its clicks to be held out. Propose terms whose attribution allows it, have them signed, and start again; or hold out less.`,
  );

/** An experiment ends when its days are over, and at the latest with the last of its contracts. */
const endOf = (contracts: readonly ContractDoc[], now: number, days: number | undefined): number => {
  const last = Math.max(...contracts.map((contract) => contractOverAt(contract) ?? now));
  return days === undefined ? last : Math.min(last, now + days * DAY_MS);
};

/** What is asked for when an experiment is to begin, and its random word. */
export interface Asked {
  readonly holdout: string;
  readonly campaign: string;
  readonly partBp: number;
  readonly days?: number | undefined;
  readonly salt: string;
}

/** Begin an experiment on the campaign's running contracts whose terms allow it; one at a time. */
export const startHoldout =
  ({ holdout, campaign, partBp, days, salt }: Asked, by: string): Work<string> =>
  async (unit) => {
    if (!(await unit.document(`campaign/${campaign}`))) return refuse("not-found", `There is no campaign ${campaign}.`);
    const latest = await latestOf(unit, campaign);
    if (latest && overAt(latest) > unit.now)
      return refuse(
        "holdout-running",
        `The holdout ${latest.holdout} of this campaign still runs. End it before another one starts.`,
      );
    const running = await runningOf(unit, campaign);
    const allowing = running.filter((it) => (versionAt(it, unit.now)?.terms.attribution.holdoutBp ?? 0) >= partBp);
    if (allowing.length === 0) return nobodyAllows(running.length, partBp);
    // Its end was said, and the clock has yet to come to it.
    if (latest?.endedAt === null) await endHoldoutNow(unit, latest.holdout, "clock");
    const contracts = allowing.map(({ contract }) => contract);
    const leftOut = running.length - contracts.length;
    const endsAt = endOf(allowing, unit.now, days);
    await unit.record({ type: "holdout-started", holdout, campaign, partBp, salt, contracts, leftOut, endsAt }, by);
    return ok(holdout);
  };

/** End an experiment now; ending it again changes nothing. */
export const endHoldout =
  (holdout: string, by: string): Work<string> =>
  (unit) =>
    endHoldoutNow(unit, holdout, by);
