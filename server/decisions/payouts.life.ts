import { ok, present, type Result, refuse } from "../../shared/kit/shape.ts";
import { accounts, type Transfer } from "../../shared/pay/chart.ts";
import { spent } from "../../shared/pay/ledger.budget.ts";
import { failed, paidByContract, returned, settled, touched } from "../../shared/pay/ledger.payout.ts";
import { type PayoutCommand, type PayoutFact, payoutLife } from "../../shared/pay/payout.ts";
import { known, read } from "../engine/book.ts";
import { postMoney } from "../engine/posting.ts";
import type { Work } from "../engine/record.ts";
import type { PayoutDoc } from "../engine/shapes.payout.ts";
import type { AccountDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import type { Outcome } from "../partners/submission.ts";
import { balanceOf, type Digest, recordMoney } from "./payouts.ts";

const balancesOf = async (unit: Unit, currency: string, names: readonly string[]) => {
  const held = new Map<string, number>();
  for (const name of names) held.set(name, await balanceOf(unit, currency, name));
  return held;
};

/** What a payout takes out of, or gives back to, the reserves of its contracts. */
const fromReserves = async (unit: Unit, doc: PayoutDoc, sign: 1 | -1): Promise<readonly Transfer[]> => {
  const all: Transfer[] = [];
  for (const { where: contract, amountMinor } of paidByContract(doc)) {
    const reservedMinor = 0 - (await balanceOf(unit, doc.currency, accounts.reserved(contract)));
    const spentMinor = 0 - (await balanceOf(unit, doc.currency, accounts.spent(contract)));
    const wanted = spentMinor + sign * amountMinor;
    all.push(...spent(contract, doc.currency, wanted, { reservedMinor, spentMinor }));
  }
  return all;
};

/** Money that came back may be wanted by a dispute, or be owed: each contract's books are set right again. */
const setRight = async (unit: Unit, doc: PayoutDoc, by: string): Promise<void> => {
  for (const { where: contract } of paidByContract(doc))
    unit.put(`account/${contract}`, (await known<AccountDoc>(unit, `account/${contract}`)) as never);
  await postMoney(unit, null, by);
};

const post = async (unit: Unit, before: PayoutDoc, { type }: PayoutFact, by: string): Promise<void> => {
  const payout = { ...before, id: before.payout };
  if (type === "payout-settled") {
    const transfers = [...settled(payout), ...(await fromReserves(unit, before, 1))];
    return recordMoney(unit, before.payout, transfers, by);
  }
  if (type !== "payout-failed" && type !== "payout-returned" && type !== "payout-unclaimed") return;
  const arrived = before.status === "settled";
  const undo = arrived ? returned : failed;
  const transfers = undo(payout, await balancesOf(unit, before.currency, touched(payout)));
  const reserves = arrived ? await fromReserves(unit, before, -1) : [];
  await recordMoney(unit, before.payout, [...transfers, ...reserves], by);
  await setRight(unit, before, by);
};

const step = async (unit: Unit, payout: string, command: PayoutCommand, by: string): Promise<Result<string>> => {
  const before = await read<PayoutDoc>(unit, `payout/${payout}`);
  if (!before) return refuse("not-found", `There is no payout ${payout}.`);
  const decided = payoutLife.decide(before, command);
  if (!decided.ok) return decided;
  for (const fact of decided.value) {
    await unit.record(fact as never, by);
    await post(unit, before, fact, by);
  }
  return ok(payout);
};

const note = (unit: Unit, payout: string, kept: object): void => unit.setPrivate(`payout-note/${payout}`, { ...kept });

const noted = async (unit: Unit, payout: string, kept: object, command: PayoutCommand, by: string) => {
  const before = await read<PayoutDoc>(unit, `payout/${payout}`);
  const done = await step(unit, payout, command, by);
  const after = await read<PayoutDoc>(unit, `payout/${payout}`);
  // What was first said stays; saying it again changes nothing.
  if (done.ok && before?.status !== after?.status)
    note(unit, payout, { ...((await unit.private(`payout-note/${payout}`)) as object | undefined), ...kept });
  return done;
};

/** A payout arrived: `proof` is the bank's reference, or whatever shows that it was paid. */
export const settlePayout =
  (payout: string, proof: string, digest: Digest, by: string): Work<string> =>
  (unit) =>
    noted(unit, payout, { proof }, { type: "settle", at: unit.now, proof: digest(["proof", payout, proof]) }, by);

/** A payout could not be paid: its money is payable again. */
export const failPayout =
  (payout: string, reason: string, by: string): Work<string> =>
  (unit) =>
    noted(unit, payout, { reason }, { type: "fail", at: unit.now, why: "failed" }, by);

/** A payout came back: its money is payable again. */
export const returnPayout =
  (payout: string, reason: string, by: string): Work<string> =>
  (unit) =>
    noted(unit, payout, { reason }, { type: "return", at: unit.now }, by);

/** Nobody claimed a payout for thirty days: its money is payable again. */
export const unclaimPayout =
  (payout: string, by: string): Work<string> =>
  (unit) =>
    step(unit, payout, { type: "unclaim", at: unit.now }, by);

const commandsOf = ({ standing, because = "" }: Outcome, at: number, proof: string): readonly PayoutCommand[] => {
  if (standing === "unknown") return [];
  if (standing === "refused") return [{ type: "fail", at, why: "refused" }];
  const send = { type: "send", at } as const;
  if (standing === "settled") return [send, { type: "settle", at, proof }];
  if (standing === "returned") return [send, { type: "return", at }];
  if (standing === "failed") return [send, { type: "fail", at, why: "failed" }];
  return because === "" ? [send] : [];
};

/** Write down what a rail said of a batch's payouts. What it did not say is asked again. */
export const recordOutcomes =
  (outcomes: readonly Outcome[], digest: Digest, by: string): Work<number> =>
  async (unit) => {
    for (const outcome of outcomes) {
      const { payout, because } = outcome;
      for (const command of commandsOf(outcome, unit.now, digest(["rail", payout]))) {
        const done = await step(unit, payout, command, by);
        // What people said meanwhile stands, and the rail's word comes too late to change it.
        if (!done.ok) break;
      }
      if (outcome.standing === "refused") note(unit, payout, { reason: present(because, "why the rail refused") });
    }
    return ok(outcomes.length);
  };
