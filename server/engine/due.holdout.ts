import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { read } from "./book.ts";
import type { HoldoutDoc } from "./holdout.ts";
import type { Unit } from "./unit.ts";

/** End an experiment: clicks from now on are credited again. One that is over stays as it is. */
export const endHoldoutNow = async (unit: Unit, holdout: string, by: string): Promise<Result<string>> => {
  const doc = await read<HoldoutDoc>(unit, `holdout/${holdout}`);
  if (!doc) return refuse("not-found", `There is no holdout ${holdout}.`);
  if (doc.endedAt === null) await unit.record({ type: "holdout-ended", holdout }, by);
  return ok(holdout);
};

/** What falls due of an experiment: the end that was said when it began. */
export const holdoutDues = {
  "holdout-end": (unit: Unit, [holdout = ""]: readonly string[]) => endHoldoutNow(unit, holdout, "clock"),
} as const;
