import { ok, type Result } from "../../shared/kit/shape.ts";
import { known } from "./book.ts";
import { approveStatement, closeStatement, endMakeGood } from "./closing.ts";
import { contractDues } from "./due.contract.ts";
import { lapsed, reminded } from "./due.dispute.ts";
import { holdoutDues } from "./due.holdout.ts";
import { postMoney } from "./posting.ts";
import { judgeWhatRests } from "./react.ts";
import type { ConversionDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/** What happens when something falls due: `parts` is the rest of its key, and what the clock does is recorded as its own. */
export type Due = (unit: Unit, parts: readonly string[], key: string) => Promise<Result<unknown>>;

/** A conversion's silence or hold is over. */
const matured: Due = async (unit, [conversion = "", contract = "", into = ""]) => {
  const before = await known<ConversionDoc>(unit, `conversion/${conversion}`);
  await unit.record(
    { type: "conversion-matured", conversion, contract, into: into as "approved" | "payable" },
    "clock",
  );
  await postMoney(unit, conversion, "clock");
  await judgeWhatRests(unit, before, "clock");
  return ok(undefined);
};

/** A period that pays something without any result has begun. */
const began: Due = async (unit, [contract = "", index = ""]) => {
  await unit.record({ type: "period-began", contract, period: Number(index) }, "clock");
  await postMoney(unit, null, "clock");
  return ok(undefined);
};

/** A payout was sent thirty days ago, and nobody has said what became of it. */
const overdue: Due = async (unit, [payout = ""]) => {
  await unit.record({ type: "payout-overdue", payout, at: unit.now }, "clock");
  return ok(undefined);
};

/**
 * Everything that can fall due, by the kind in its key, `due/{at}/{kind}/…`. A view puts the key when a deadline is set
 * and removes it when it no longer applies; the clock runs what is left there when the time has come.
 */
export const dues: Readonly<Record<string, Due>> = {
  conversion: matured,
  period: began,
  statement: (unit, [contract = "", index = ""]) => closeStatement(contract, Number(index))(unit),
  approval: (unit, [contract = "", index = ""]) => approveStatement(contract, Number(index), "silence", "clock")(unit),
  "make-good": (unit, [contract = "", index = ""], key) =>
    endMakeGood(contract, Number(index), Number(key.split("/")[1]))(unit),
  ...contractDues,
  ...holdoutDues,
  payout: overdue,
  "dispute-deadline": lapsed,
  "dispute-reminder": reminded,
};
