import type { Terms } from "../../shared/contract/terms.ts";
import { exponentOf, LARGEST_MINOR } from "../../shared/kit/money.ts";
import { dayOf } from "../../shared/kit/time.ts";
import { pricer } from "../../shared/pay/simulate.pricing.ts";
import type { ResultShare } from "../../shared/pay/statement.ts";
import type { Parts } from "./event-credit.ts";
import type { EventFile } from "./event-file.ts";
import { valueAt } from "./event-log.ts";
import type { Manner } from "./intake.ts";
import { unitsAt } from "./number.ts";

/** 9999-01-01, in ms. */
const LATEST = 253_370_764_800_000;

/** Terms as if they were in force over the days of a log, whatever days they name themselves. */
export const overDays = (terms: Terms, { events: { from, until, lines } }: EventFile): Terms =>
  lines === 0 ? terms : { ...terms, starts: dayOf(from, terms.timeZone), ends: dayOf(until, terms.timeZone) };

/** Refuses, at its place, what no contract under these terms could be priced by. */
export const payable =
  ({ currency: ours }: Terms): NonNullable<Manner["check"]> =>
  (table, columns, { row, at, value, currency }) => {
    const digits = exponentOf(ours);
    const refuse = (cell: number, because: string): never => {
      throw table.fault(row, { cell }, because);
    };
    if (at < 0 || at >= LATEST) refuse(columns.at, "no contract has days before 1970 or after 9998.");
    if (currency !== "" && currency !== ours)
      refuse(columns.currency, `${currency}, where the terms pay in ${ours}. Two currencies cannot be compared.`);
    if (value.units < 0n) refuse(columns.value, "a result is never worth less than nothing.");
    if (value.digits > digits) refuse(columns.value, `finer than ${ours} is counted: it has ${digits} decimals.`);
    if (unitsAt(value, digits) > BigInt(LARGEST_MINOR)) refuse(columns.value, "this is more than can be counted here.");
  };

/** The evidence of each payee's contract, by place, gathered result by result. The house has none. */
export const gathering = ({ events: { log }, columns: { conversions, rows }, names, digits }: EventFile) => {
  const shares: ResultShare[][] = names.map(() => []);
  const gather = ({ conversion, payees, sharesMicro }: Parts): void => {
    const row = rows[conversion] ?? 0;
    const valueMinor = Number(unitsAt(valueAt(log, row), digits));
    const result = log.kinds.all[conversions.result[conversion] ?? 0] ?? "";
    payees.forEach((payee, index) => {
      if (payee === 0) return;
      const shareMicro = sharesMicro[index] ?? 0;
      shares[payee]?.push({
        id: String(row),
        result,
        at: conversions.at[conversion] ?? 0,
        shareMicro,
        valueMinor,
        state: "counted",
      });
    });
  };
  return { shares, gather };
};

/** What each payee's contract earns, by place, when everything is over; the house none. `heard` is told of each one done. */
export const payOf = (
  terms: Terms,
  shares: readonly (readonly ResultShare[])[],
  heard: (done: number) => void,
): readonly number[] => {
  const price = pricer(terms);
  return shares.map((own, place) => {
    const payMinor = place === 0 ? 0 : price(own).totalMinor;
    heard(place + 1);
    return payMinor;
  });
};
