import { HOUSE_PLACE, type Paths } from "../../shared/judge/columns.ts";
import { doubles, names, places } from "./columnar.ts";
import type { Whole } from "./global.ts";
import { type Exact, unitsAt } from "./number.ts";
import type { PathRow } from "./paths.ts";

const MICRO = 1e6;

/** An empty file of paths, in which the payee called `house` is the house. */
export const pathLog = (house: string) => ({
  house,
  count: 0,
  steps: places(),
  /** Path p has the steps from the end of the one before it up to `ends[p]`. */
  ends: places(),
  /** The house has the first place. */
  payees: names([house]),
  conversionsMicro: doubles(),
  nullsMicro: doubles(),
  values: [] as Exact[],
  /** Counts beyond what a double holds exactly. */
  large: new Map<number, bigint>(),
});

/** A whole file of paths in memory. */
export type PathLog = ReturnType<typeof pathLog>;

/** Take in one line. */
export const appendPath = (log: PathLog, { payees, conversionsMicro, nullsMicro, value }: PathRow): void => {
  const path = log.count;
  let end = path === 0 ? 0 : log.ends.at(path - 1);
  for (const payee of payees) {
    log.steps.put(end, log.payees.place(payee));
    end += 1;
  }
  log.ends.put(path, end);
  log.conversionsMicro.put(path, Number(conversionsMicro));
  if (!Number.isSafeInteger(Number(conversionsMicro))) log.large.set(path, conversionsMicro);
  log.nullsMicro.put(path, Number(nullsMicro));
  log.values.push(value);
  log.count += 1;
};

/** The lines of the log as they were read. */
export function* linesOf(log: PathLog): Generator<PathRow, void> {
  for (let path = 0, from = 0; path < log.count; path += 1) {
    const until = log.ends.at(path);
    const payees: string[] = [];
    for (let step = from; step < until; step += 1) payees.push(log.payees.all[log.steps.at(step)] ?? "");
    yield {
      payees,
      conversionsMicro: log.large.get(path) ?? BigInt(log.conversionsMicro.at(path)),
      nullsMicro: BigInt(log.nullsMicro.at(path)),
      value: log.values[path] ?? { units: 0n, digits: 0 },
    };
    from = until;
  }
}

/** The paths of a log as learned models see them, each line one; values in major units. Steps of the house may be left out. */
export const pathsOf = (log: PathLog, house: "included" | "excluded"): Paths => {
  const begins = new Int32Array(log.count + 1);
  const steps: number[] = [];
  for (let path = 0, from = 0; path < log.count; path += 1) {
    const until = log.ends.at(path);
    for (let step = from; step < until; step += 1) {
      const payee = log.steps.at(step);
      if (house === "included" || payee !== HOUSE_PLACE) steps.push(payee);
    }
    begins[path + 1] = steps.length;
    from = until;
  }
  const column = (of: (path: number) => number): Float64Array =>
    Float64Array.from({ length: log.count }, (_, path) => of(path));
  return {
    payees: log.payees.all.length,
    begins,
    steps: Int32Array.from(steps),
    conversions: column((path) => log.conversionsMicro.at(path) / MICRO),
    nulls: column((path) => log.nullsMicro.at(path) / MICRO),
    values: column((path) => Number(log.values[path]?.units ?? 0n) / 10 ** (log.values[path]?.digits ?? 0)),
  };
};

/** All that a log has to share, its values in units of 10^−digits. */
export const wholeOfPaths = (log: PathLog, digits: number): Whole => {
  let [conversionsMicro, valueUnits] = [0n, 0n];
  for (const line of linesOf(log)) {
    conversionsMicro += line.conversionsMicro;
    valueUnits += unitsAt(line.value, digits);
  }
  return { conversionsMicro, valueUnits, digits };
};
