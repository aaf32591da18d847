import type { Terms } from "../contract/terms.ts";
import { rational, roundHalfEven } from "../kit/rational.ts";
import { addDays, DAY_MS, type Day, dayOf, lastOfMonth, weekday } from "../kit/time.ts";
import { shareMicroAt } from "./change.ts";
import { type Expectation, isValued } from "./simulate.wish.ts";
import type { ResultShare } from "./statement.ts";

/** One conversion of the past that counted, net of what was taken back; `day` counts from its block's first, and value is kept where pay asks for it. */
interface Entry {
  readonly result: string;
  readonly day: number;
  readonly micro: number;
  readonly valueMinor: number;
  readonly microValue: bigint | undefined;
}

/** Some days of the past in a row, and what happened in them. */
export interface Block {
  readonly days: number;
  readonly entries: readonly Entry[];
}

/** A past cut into blocks to draw from: whole periods where there are six or more, else weeks, else all of it. */
export interface History {
  readonly by: "period" | "week" | "whole";
  readonly blocks: readonly Block[];
  readonly results: readonly string[];
  readonly days: number;
}

interface Known extends Omit<Entry, "day"> {
  readonly on: Day;
}

const ENOUGH = 6;

const netMicro = (share: ResultShare): number => {
  const { state, reversals = [] } = share;
  if (state !== "counted") return 0;
  const back = reversals.reduce((sum, { permille }) => sum + permille, 0);
  return Math.floor((shareMicroAt(share) * Math.max(0, 1000 - back)) / 1000);
};

const knownOf = (terms: Terms, shares: readonly ResultShare[]): readonly Known[] =>
  shares.flatMap((share) => {
    const micro = netMicro(share);
    if (micro === 0 || !Object.hasOwn(terms.results, share.result)) return [];
    const valueMinor = share.valueMinor ?? 0;
    const microValue = isValued(terms, share.result) ? BigInt(micro) * BigInt(valueMinor) : undefined;
    return [{ result: share.result, on: dayOf(share.at, terms.timeZone), micro, valueMinor, microValue }];
  });

const distance = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

interface Cut {
  readonly starts: Day;
  readonly days: number;
}

/** The whole weeks or months of a past; one that the past reaches into for nine days of ten counts as whole. */
const wholePeriods = (terms: Terms, first: Day, last: Day): readonly Cut[] => {
  if (terms.period === "flight") return [];
  const cuts: Cut[] = [];
  const begin = terms.period === "month" ? `${first.slice(0, 7)}-01` : addDays(first, 1 - weekday(first));
  for (let starts = begin; starts <= last; ) {
    const ends = terms.period === "month" ? lastOfMonth(starts) : addDays(starts, 6);
    const days = distance(starts, ends) + 1;
    const reach = distance(starts > first ? starts : first, ends < last ? ends : last) + 1;
    if (reach * 10 >= days * 9) cuts.push({ starts, days });
    starts = addDays(ends, 1);
  }
  return cuts;
};

const weeks = (first: Day, last: Day): readonly Cut[] =>
  Array.from({ length: Math.floor((distance(first, last) + 1) / 7) }, (_, index) => ({
    starts: addDays(first, index * 7),
    days: 7,
  }));

const cutsOf = (terms: Terms, first: Day, last: Day): { readonly by: History["by"]; readonly cuts: readonly Cut[] } => {
  const periods = wholePeriods(terms, first, last);
  if (periods.length >= ENOUGH) return { by: "period", cuts: periods };
  const all = weeks(first, last);
  if (all.length > 1) return { by: "week", cuts: all };
  return { by: "whole", cuts: [{ starts: first, days: distance(first, last) + 1 }] };
};

/** A past as blocks to draw from, cut by the contract's own calendar. Nothing that counted leaves no block. */
export const blocksOf = (terms: Terms, shares: readonly ResultShare[]): History => {
  const known = knownOf(terms, shares);
  const days = known.map(({ on }) => on).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { by: "whole", blocks: [], results: [], days: 0 };
  const { by, cuts } = cutsOf(terms, first, last);
  const blocks = cuts.map(({ starts, days }) => ({
    days,
    entries: known.flatMap(({ on, ...it }) => {
      const day = distance(starts, on);
      return day >= 0 && day < days ? [{ ...it, day }] : [];
    }),
  }));
  const results = [...new Set(known.map(({ result }) => result))].sort();
  return { by, blocks, results, days: cuts.reduce((sum, it) => sum + it.days, 0) };
};

/** Days of a usual period, for what a past brought in one on average. */
const usualDays = (terms: Terms): number => {
  if (terms.period === "week") return 7;
  return terms.period === "month" ? 30 : distance(terms.starts, terms.ends) + 1;
};

/** What a past amounts to in a period on average, as an expectation without swings: where a curve over volume takes what is not on its axis from. */
export const averages = (terms: Terms, { blocks, results, days }: History): readonly Expectation[] =>
  results.map((result) => {
    const entries = blocks.flatMap((it) => it.entries).filter((it) => it.result === result);
    const micro = entries.reduce((sum, it) => sum + BigInt(it.micro), 0n);
    const microValue = entries.reduce((sum, it) => sum + (it.microValue ?? 0n), 0n);
    const mean = roundHalfEven(rational(micro * BigInt(usualDays(terms)), BigInt(Math.max(1, days))));
    const value = micro === 0n ? 0n : roundHalfEven(rational(microValue, micro));
    return { result, meanMicro: Number(mean), swingBp: 0, valueMinor: Number(value), valueSwingBp: 0 };
  });
