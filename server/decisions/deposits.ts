import { spoken } from "../../shared/kit/money.ts";
import { ok, type Result, refuse } from "../../shared/kit/shape.ts";
import { accounts, type Transfer } from "../../shared/pay/chart.ts";
import { funded, remitted, reserved, type Sum, unreserved } from "../../shared/pay/ledger.budget.ts";
import type { RailName } from "../../shared/pay/payout.details.ts";
import { read } from "../engine/book.ts";
import type { Work } from "../engine/record.ts";
import type { OnTheWayDoc } from "../engine/shapes.payout.ts";
import type { ContractDoc } from "../engine/shapes.ts";
import type { Unit } from "../engine/unit.ts";
import { balanceOf, type Digest, recordMoney } from "./payouts.ts";

type Kind = "funded" | "reserved" | "released";

const short = (what: string, minor: number, currency: string) =>
  refuse("not-enough", `${what} ${spoken(Math.max(0, minor), currency)}, which is less.`);

const move = async (
  unit: Unit,
  deposit: string,
  { kind, contract, sum }: { readonly kind: Kind; readonly contract: string | null; readonly sum: Sum },
  transfers: readonly Transfer[],
  by: string,
): Promise<Result<string>> => {
  await unit.record({ type: "deposit-moved", deposit, kind, contract, ...sum }, by);
  await recordMoney(unit, deposit, transfers, by);
  return ok(deposit);
};

/** The brand's money came in, to pay out of. */
export const fundDeposit =
  (deposit: string, rail: RailName, sum: Sum, by: string): Work<string> =>
  (unit) =>
    move(unit, deposit, { kind: "funded", contract: null, sum }, funded(rail, sum), by);

const currencyOf = async (unit: Unit, contract: string): Promise<Result<string>> => {
  const doc = await read<ContractDoc>(unit, `contract/${contract}`);
  return doc?.terms ? ok(doc.terms.currency) : refuse("not-found", `There is no contract ${contract}.`);
};

/** Set money on deposit aside for a contract. */
export const reserveDeposit =
  (deposit: string, contract: string, amountMinor: number, by: string): Work<string> =>
  async (unit) => {
    const currency = await currencyOf(unit, contract);
    if (!currency.ok) return currency;
    const sum = { currency: currency.value, amountMinor };
    const free = 0 - (await balanceOf(unit, sum.currency, accounts.deposit));
    if (free < amountMinor) return short("The deposit holds", free, sum.currency);
    return move(unit, deposit, { kind: "reserved", contract, sum }, reserved(contract, sum), by);
  };

/** Set money free again that was set aside for a contract, and is not on its way. */
export const releaseDeposit =
  (deposit: string, contract: string, amountMinor: number, by: string): Work<string> =>
  async (unit) => {
    const currency = await currencyOf(unit, contract);
    if (!currency.ok) return currency;
    const sum = { currency: currency.value, amountMinor };
    const held = 0 - (await balanceOf(unit, sum.currency, accounts.reserved(contract)));
    const onTheWay = (await read<OnTheWayDoc>(unit, `on-the-way/${contract}`))?.amountMinor ?? 0;
    const free = held - Math.max(0, onTheWay);
    if (free < amountMinor) return short("Set aside and not on its way is", free, sum.currency);
    return move(unit, deposit, { kind: "released", contract, sum }, unreserved(contract, sum), by);
  };

/** Tax that was kept back went to the authority. */
export const remitTax =
  (
    remittance: string,
    { rail, reference, ...sum }: Sum & { readonly rail: RailName; readonly reference: string },
    digest: Digest,
    by: string,
  ): Work<string> =>
  async (unit) => {
    const { currency, amountMinor } = sum;
    const kept = 0 - (await balanceOf(unit, currency, accounts.taxWithheld));
    if (kept < amountMinor) return short("Kept back for tax is", kept, currency);
    const proof = digest(["remittance", remittance, reference]);
    unit.setPrivate(`remittance-note/${remittance}`, { proof: reference });
    await unit.record({ type: "tax-remitted", remittance, rail, currency, amountMinor, proof }, by);
    await recordMoney(unit, remittance, remitted(rail, sum), by);
    return ok(remittance);
  };
