import { spoken } from "../../shared/kit/money.ts";
import { ok, refuse } from "../../shared/kit/shape.ts";
import { writtenOff } from "../../shared/pay/ledger.budget.ts";
import type { PaidLine } from "../../shared/pay/payout.plan.ts";
import { read } from "../engine/book.ts";
import { payables } from "../engine/payable.ts";
import type { Reader } from "../engine/reader.ts";
import type { Work } from "../engine/record.ts";
import type { DebtDoc, WriteOffDoc } from "../engine/shapes.payout.ts";
import type { Unit } from "../engine/unit.ts";
import { recordMoney } from "./payouts.ts";

interface Debt {
  readonly contract: string;
  readonly since: number;
  readonly amountMinor: number;
}

/** What an influencer owes in one currency, part by part, oldest first. */
export const debtsOf = async (reader: Reader, influencer: string, currency: string): Promise<readonly Debt[]> => {
  const prefix = `debt/${influencer}/${currency}/`;
  const docs = await reader.documents(prefix);
  return docs
    .flatMap(([key, body]) =>
      (body as unknown as DebtDoc).owed.map((it) => ({ contract: key.slice(prefix.length), ...it })),
    )
    .sort((a, b) => a.since - b.since || (a.contract < b.contract ? -1 : 1));
};

const owedMinor = (debts: readonly Debt[]): number => debts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** One person proposes to give up what an influencer owes. A new proposal takes the place of the one before. */
export const proposeWriteOff =
  (
    given: {
      readonly writeOff: string;
      readonly influencer: string;
      readonly currency: string;
      readonly amountMinor: number;
      readonly who: string;
    },
    by: string,
  ): Work<string> =>
  async (unit) => {
    const { writeOff, influencer, currency, amountMinor } = given;
    if (!(await unit.document(`influencer/${influencer}`)))
      return refuse("not-found", `There is no influencer ${influencer}.`);
    const owed = owedMinor(await debtsOf(unit, influencer, currency));
    if (owed < amountMinor)
      return refuse("not-owed", `Only ${spoken(owed, currency)} is owed; no more than that can be given up.`);
    await unit.record({ type: "write-off-proposed", ...given }, by);
    return ok(writeOff);
  };

/** How much of each contract's debt is given up: the oldest parts first. */
const givenUp = (debts: readonly Debt[], amountMinor: number): ReadonlyMap<string, number> => {
  let left = amountMinor;
  const sums = new Map<string, number>();
  for (const it of debts) {
    const some = Math.min(left, it.amountMinor);
    left -= some;
    if (some > 0) sums.set(it.contract, (sums.get(it.contract) ?? 0) + some);
  }
  return sums;
};

/** Which periods a contract's debt came from: those whose pay has fallen below what was paid, the earliest first. */
const linesOf = async (unit: Unit, contract: string, amountMinor: number): Promise<readonly PaidLine[]> => {
  const found = (await payables(unit, unit.now)).find((it) => it.contract === contract);
  const fallen = (found?.lines ?? []).filter((it) => it.amountMinor < 0).sort((a, b) => a.period - b.period);
  let left = amountMinor;
  const lines = fallen.map(({ period, amountMinor: line }) => {
    const some = Math.min(left, -line);
    left -= some;
    return { contract, period, amountMinor: some };
  });
  // What a statement that nobody has approved yet takes back is owed already, and has no line so far.
  return [...lines, { contract, period: 0, amountMinor: left }].filter((it) => it.amountMinor > 0);
};

/** Somebody else agrees, and what is owed is given up. It takes two people: whoever proposed it cannot. */
export const confirmWriteOff =
  (writeOff: string, who: string, by: string): Work<string> =>
  async (unit) => {
    const doc = await read<WriteOffDoc>(unit, `write-off/${writeOff}`);
    if (!doc) return refuse("not-found", `There is no write-off ${writeOff}.`);
    if (doc.confirmedAt !== null) return ok(writeOff);
    const { influencer, currency, amountMinor } = doc;
    const open = await read<{ writeOff: string }>(unit, `write-off-open/${influencer}/${currency}`);
    if (open?.writeOff !== writeOff)
      return refuse("write-off-replaced", "Another proposal took the place of this one. Confirm that one.");
    if (doc.who === who)
      return refuse(
        "two-people-needed",
        "You proposed this, so somebody else of the brand must confirm it. A brand with one owner cannot write off debts.",
      );
    const debts = await debtsOf(unit, influencer, currency);
    if (owedMinor(debts) < amountMinor)
      return refuse("not-owed", `Only ${spoken(owedMinor(debts), currency)} is still owed. Propose that instead.`);
    const sums = [...givenUp(debts, amountMinor)];
    const lines = (await Promise.all(sums.map(([contract, minor]) => linesOf(unit, contract, minor)))).flat();
    await unit.record({ type: "write-off-confirmed", writeOff, who, lines: lines.map((it) => ({ ...it })) }, by);
    const transfers = sums.flatMap(([contract, minor]) =>
      writtenOff(influencer, contract, { currency, amountMinor: minor }),
    );
    await recordMoney(unit, writeOff, transfers, by);
    return ok(writeOff);
  };
