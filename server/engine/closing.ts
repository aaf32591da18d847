import { createHash } from "node:crypto";
import { canonical, type Json } from "../../shared/kit/canonical.ts";
import { ok, present, refuse } from "../../shared/kit/shape.ts";
import { stretchOf } from "../../shared/pay/deal.ts";
import { explained } from "../../shared/pay/explained.ts";
import { known, read } from "./book.ts";
import { dealOfContract } from "./deal.ts";
import { explanationOf } from "./explanation.ts";
import { creditedRates } from "./holdout.rates.ts";
import { postMoney } from "./posting.ts";
import type { Work } from "./record.ts";
import type { AccountDoc, ContractDoc } from "./shapes.ts";
import type { Unit } from "./unit.ts";

/**
 * Measure how people met a contract's links in a period, where a bonus asks for it: once, by what is on disk when the
 * period is closed. A beacon answered before then counts; one still on its way, or in this very batch, no longer does.
 */
const measure = async (unit: Unit, contract: string, period: number): Promise<void> => {
  const deal = dealOfContract(await known<ContractDoc>(unit, `contract/${contract}`));
  const span = present(deal.periods[period], "the period that is over");
  const asks = stretchOf(deal, span).terms.pay.some((rule) => rule.rule === "bonus" && rule.when.rate !== undefined);
  if (!asks) return;
  const rates = await creditedRates(unit, contract, span.from, span.until - 1);
  await unit.record({ type: "rates-measured", contract, period, at: span.until, ...rates }, "clock");
};

/** Close the statement of a period that is over: what it says is final from then on. */
export const closeStatement =
  (contract: string, period: number): Work<string> =>
  async (unit) => {
    await measure(unit, contract, period);
    const { periods } = dealOfContract(await known<ContractDoc>(unit, `contract/${contract}`));
    const { starts, ends, until } = present(periods[period], "the period that is over");
    const statement = explained(await explanationOf(unit, contract, until));
    const closed = present(statement.periods[period], "the statement that closes");
    const { earnedMinor, dueMinor, carriedMinor } = closed;
    const hash = createHash("sha256")
      .update(canonical(closed as unknown as Json))
      .digest("hex");
    const sums = { earnedMinor, dueMinor, carriedMinor };
    await unit.record({ type: "statement-closed", contract, period, starts, ends, at: until, hash, ...sums }, "clock");
    await postMoney(unit, null, "clock");
    return ok(contract);
  };

/** Approve a closed statement; approving again changes nothing. */
export const approveStatement =
  (contract: string, period: number, how: "brand" | "silence", by: string): Work<string> =>
  async (unit) => {
    const account = await read<AccountDoc>(unit, `account/${contract}`);
    const closed = account?.closed[period];
    if (!closed)
      return refuse("statement-open", "This statement is not closed yet; it can be approved once its period is over.");
    if (closed.approvedAt !== null) return ok(contract);
    await unit.record({ type: "statement-approved", contract, period, how }, by);
    await postMoney(unit, null, by);
    return ok(contract);
  };

/** The window in which a shortfall could be made good is over: what is still missing is settled. */
export const endMakeGood =
  (contract: string, period: number, at: number): Work<string> =>
  async (unit) => {
    await unit.record({ type: "make-good-ended", contract, period, at }, "clock");
    await postMoney(unit, null, "clock");
    return ok(contract);
  };
