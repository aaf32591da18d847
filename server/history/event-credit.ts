import { type ColumnSharing, shareColumns } from "../../shared/judge/columnar.ts";
import { mingle, scatter } from "../../shared/kit/chance.ts";
import { apportionLarge } from "../../shared/kit/money.ts";
import type { LogColumns } from "./event-columns.ts";
import { type EventLog, valueAt } from "./event-log.ts";
import { unitsAt } from "./number.ts";
import type { Tally } from "./tally.ts";

/** What became of one conversion: who got how many millionths of it, in journey order, and which part of what it is worth. */
export interface Parts {
  /** Its row among the conversions. */
  readonly conversion: number;
  readonly payees: readonly number[];
  readonly sharesMicro: readonly number[];
  /** Units of 10^−digits, summing to what the whole is worth. */
  readonly values: readonly bigint[];
}

/** How an event log is shared: as the columns are, and the unit each result's value is split in, as decimals. */
export interface EventSharing extends ColumnSharing {
  readonly digits: number;
}

const split = (
  whole: bigint,
  { payees, sharesMicro }: Pick<Parts, "payees" | "sharesMicro">,
  ties: readonly number[],
) => {
  if (payees.length === 1 || whole === 0n) return payees.map(() => whole);
  const claims = sharesMicro.map((share, index) => ({
    id: String(payees[index]),
    weight: BigInt(share),
    tie: ties[index] ?? 0,
  }));
  return apportionLarge(whole, claims);
};

/**
 * Share every result of a log among the payees of its visitor's touches; its value is split by its shares in units of
 * 10^−digits, none lost, equal remainders settled by a hash of the result and the payee's name. `give` is told of each
 * result once, visitor by visitor.
 */
export const shareEvents = (
  log: EventLog,
  { touches, conversions, rows }: LogColumns,
  sharing: EventSharing,
  give: (parts: Parts) => void,
): void => {
  const names = log.payees.all.map((name) => scatter(name));
  let [at, payees, sharesMicro]: [number, number[], number[]] = [-1, [], []];
  const flush = (): void => {
    if (at === -1) return;
    const whole = unitsAt(valueAt(log, rows[at] ?? 0), sharing.digits);
    const ties = payees.map((place) => mingle(conversions.tie[at] ?? 0, names[place] ?? 0));
    give({ conversion: at, payees, sharesMicro, values: split(whole, { payees, sharesMicro }, ties) });
  };
  shareColumns(touches, conversions, sharing, (conversion, payee, shareMicro) => {
    if (conversion !== at) {
      flush();
      [at, payees, sharesMicro] = [conversion, [], []];
    }
    payees.push(payee);
    sharesMicro.push(shareMicro);
  });
  flush();
};

/** Where the parts of conversions are summed, per payee. */
export const tallying = (log: EventLog, into: Tally, digits: number): ((parts: Parts) => void) => {
  const { conversions, values } = into.over(1, digits);
  // The house comes first in every log; who is not in the file is listed only with something to his name.
  const isHouseThere = hasHouse(log);
  const placeOf = log.payees.all.map((name, place) => (place === 0 && !isHouseThere ? undefined : into.see(name)));
  return ({ payees, sharesMicro, values: parts }) => {
    payees.forEach((payee, index) => {
      placeOf[payee] ??= into.see(log.house);
      const place = placeOf[payee];
      conversions.add(place, sharesMicro[index] ?? 0);
      values.addLarge(place, parts[index] ?? 0n);
    });
  };
};

/** Is there anything of the house in the log? */
export const hasHouse = (log: EventLog): boolean => {
  for (let row = 0; row < log.count; row += 1) if (log.payee.at(row) === 0) return true;
  return false;
};
