import type { Terms } from "../contract/terms.ts";
import { below, type Dice, dice } from "../kit/chance.ts";
import { must, present } from "../kit/shape.ts";
import { addDays, DAY_MS, lastOfMonth, type Period, periodsOf, type Span } from "../kit/time.ts";
import { dealOf, windowDays } from "./deal.ts";
import { windowsOf } from "./event.ts";
import { type Counts, countsAround, drawn, valuesAround } from "./simulate.chance.ts";
import { type Block, blocksOf, type History } from "./simulate.history.ts";
import { type Expectation, isValued, type Wish } from "./simulate.wish.ts";
import type { ResultShare } from "./statement.ts";

/** A stretch of simulated time: a period of the contract, or what follows the last one while a make-good window runs. */
interface Stretch extends Span {
  /** Its length in days, and that of the whole period it would be. */
  readonly days: number;
  readonly wholeDays: number;
  /** By day, the part of the stretch it belongs to: parts end where a make-good window begins or ends. */
  readonly partOf: readonly number[];
  /** By part, an instant in it. */
  readonly instants: readonly number[];
}

const MICRO = 1_000_000;
const WHOLE_BP = 10_000;

const dayCount = (starts: string, ends: string): number =>
  Math.round((Date.parse(`${ends}T00:00:00Z`) - Date.parse(`${starts}T00:00:00Z`)) / DAY_MS) + 1;

const wholeDaysOf = (terms: Terms, { starts, ends }: Period): number => {
  if (terms.period === "week") return 7;
  if (terms.period === "month") return dayCount(`${starts.slice(0, 7)}-01`, lastOfMonth(starts));
  return dayCount(starts, ends);
};

/** Between the edges of windows it does not matter when a result comes, so all of them may come at one instant. */
const parted = (span: Span, days: number, wholeDays: number, edges: readonly number[]): Stretch => {
  const { from, until } = span;
  const partOf: number[] = [];
  const instants: number[] = [];
  let before = from;
  for (let day = 0; day < days; day += 1) {
    const at = from + Math.floor(((until - from) * (2 * day + 1)) / (2 * days));
    const isNew = day === 0 || edges.some((edge) => before < edge && edge <= at);
    if (isNew) instants.push(at);
    partOf.push(instants.length - 1);
    before = at;
  }
  return { from, until, days, wholeDays, partOf, instants };
};

const stretchesOf = (terms: Terms, own: readonly Period[]): readonly Stretch[] => {
  const more = windowDays(terms.guarantee?.remedy);
  const edges = windowsOf(dealOf([terms])).flatMap(({ from, until }) => [from, until]);
  const during = own.map((it) => parted(it, dayCount(it.starts, it.ends), wholeDaysOf(terms, it), edges));
  if (more === 0) return during;
  const last = present(own.at(-1), "the last period");
  const next = { ...last, starts: addDays(last.ends, 1), ends: addDays(last.ends, more) };
  const wholeDays = terms.period === "flight" ? dayCount(last.starts, last.ends) : wholeDaysOf(terms, next);
  const span = { from: last.until, until: last.until + more * DAY_MS };
  return [...during, parted(span, more, wholeDays, edges)];
};

/**
 * The values up to which one more minor unit still earns under a `share` rule with a cap per result. Between two of them
 * pay is linear in value, so results there can be told together: so many, worth so much.
 */
const bends = (terms: Terms, result: string): readonly number[] => {
  const cap = terms.caps?.perResultMinor;
  if (cap === undefined) return [];
  const all = terms.pay.flatMap((rule) =>
    rule.rule === "share" && rule.result === result && rule.rateBp > 0
      ? [Math.floor((cap * WHOLE_BP) / rule.rateBp)]
      : [],
  );
  return [...new Set(all)].sort((a, b) => a - b);
};

/** The results of one kind in one stretch, gathered by part of it and by the side of each bend their value lies on. */
interface Heap {
  readonly result: string;
  readonly bends: readonly number[];
  /** Does it matter in which part one comes: may it make good a shortfall? */
  readonly isParted: boolean;
  readonly micro: number[];
  readonly microValue: bigint[];
}

const put = (heap: Heap, part: number, micro: number, valueMinor: number, microValue: bigint): void => {
  let side = 0;
  while (side < heap.bends.length && valueMinor > present(heap.bends[side], "a bend")) side += 1;
  const place = part * (heap.bends.length + 1) + side;
  heap.micro[place] = (heap.micro[place] ?? 0) + micro;
  heap.microValue[place] = (heap.microValue[place] ?? 0n) + microValue;
};

/** So many results at one instant, together worth so much, as evidence: like conversions told in one share, of at most two values. */
const toldTogether = (given: Omit<ResultShare, "shareMicro">, micro: number, microValue: bigint | undefined) => {
  if (micro === 0) return [];
  must(Number.isSafeInteger(micro), "more results than can be counted");
  if (microValue === undefined) return [{ ...given, shareMicro: micro }];
  const valueMinor = Number(microValue / BigInt(micro));
  const dearer = Number(microValue % BigInt(micro));
  const cheaper = { ...given, shareMicro: micro - dearer, valueMinor };
  return dearer === 0
    ? [cheaper]
    : [cheaper, { ...given, id: `${given.id}+`, shareMicro: dearer, valueMinor: valueMinor + 1 }];
};

const evidenceOf = (heap: Heap, stretch: Stretch, index: number): readonly ResultShare[] => {
  const sides = heap.bends.length + 1;
  return heap.micro.flatMap((micro, place) => {
    const id = `${index}-${place}-${heap.result}`;
    const at = present(stretch.instants[Math.floor(place / sides)], "an instant");
    return toldTogether({ id, result: heap.result, at, state: "counted" }, micro, heap.microValue[place]);
  });
};

/** Fills the heaps of a stretch, one for each result. One is begun for every run. */
type Filling = (stretch: Stretch, index: number, heaps: readonly Heap[]) => void;

interface Stated {
  readonly counts: readonly Counts[];
  readonly values: readonly { readonly minor: number; readonly micro: bigint }[];
}

const statedOf = (it: Expectation, valued: boolean, kept: number, stretches: readonly Stretch[]): Stated => {
  const known = new Map<number, Counts>();
  const counts = stretches.map(({ days, wholeDays }) => {
    const mean = (it.meanMicro / MICRO) * kept * (days / wholeDays);
    const found = known.get(mean) ?? countsAround(mean, it.swingBp);
    known.set(mean, found);
    return found;
  });
  const values = valued ? valuesAround(it.valueMinor, it.valueSwingBp) : [];
  return { counts, values: values.map((minor) => ({ minor, micro: BigInt(minor) * BigInt(MICRO) })) };
};

const fillStated = (heap: Heap, count: number, { days, partOf, instants }: Stretch, { values }: Stated, next: Dice) => {
  const isParted = heap.isParted && instants.length > 1;
  if (!isParted && values.length === 0) {
    if (count > 0) heap.micro[0] = count * MICRO;
    return;
  }
  for (let nth = 0; nth < count; nth += 1) {
    const part = isParted ? (partOf[below(next, days)] ?? 0) : 0;
    const value = values.length === 0 ? undefined : present(values[below(next, values.length)], "a value");
    if (value) put(heap, part, MICRO, value.minor, value.micro);
    else heap.micro[part] = (heap.micro[part] ?? 0) + MICRO;
  }
};

/** What is rejected or refunded is thinned out of the mean: thinning a (negative binomial) count leaves one of the same swing. */
const stating = (terms: Terms, wish: Wish, per: readonly Expectation[], stretches: readonly Stretch[]) => {
  const kept = ((WHOLE_BP - wish.rejectBp) / WHOLE_BP) * ((WHOLE_BP - wish.refundBp) / WHOLE_BP);
  const all = per.map((it) => statedOf(it, isValued(terms, it.result), kept, stretches));
  return (run: number): Filling => {
    const throws = per.map(({ result }) => dice(String(wish.seed), String(run), result));
    return (stretch, index, heaps) => {
      for (const [place, stated] of all.entries()) {
        const next = present(throws[place], "dice");
        const count = drawn(present(stated.counts[index], "a count"), next);
        fillStated(present(heaps[place], "a heap"), count, stretch, stated, next);
      }
    };
  };
};

const fillBlock = (
  block: Block,
  heaps: ReadonlyMap<string, Heap>,
  isKept: () => boolean,
  partAt: (day: number) => number | undefined,
) => {
  for (const { result, day, micro, valueMinor, microValue } of block.entries) {
    const heap = heaps.get(result);
    const found = partAt(day);
    if (!heap || found === undefined || !isKept()) continue;
    const part = heap.isParted ? found : 0;
    if (microValue === undefined) heap.micro[part] = (heap.micro[part] ?? 0) + micro;
    else put(heap, part, micro, valueMinor, microValue);
  }
};

/** Blocks of the past one after another until the stretch is full; a whole period takes a whole period, stretched or pressed to its days. */
const drawing = (wish: Wish, { blocks, by }: History) => {
  const isKept = (next: Dice) => () =>
    (wish.rejectBp === 0 || below(next, WHOLE_BP) >= wish.rejectBp) &&
    (wish.refundBp === 0 || below(next, WHOLE_BP) >= wish.refundBp);
  return (run: number): Filling => {
    const next = dice(String(wish.seed), String(run));
    return ({ days, wholeDays, partOf }, _, heaps) => {
      const byName = new Map(heaps.map((heap) => [heap.result, heap]));
      for (let done = 0; done < days && blocks.length > 0; ) {
        const block = present(blocks[below(next, blocks.length)], "a block");
        const fits = by === "period" && days === wholeDays;
        const partAt = (day: number) => partOf[fits ? Math.floor((day * days) / block.days) : done + day];
        fillBlock(block, byName, isKept(next), partAt);
        done += fits ? days : block.days;
      }
    };
  };
};

/** Simulated contracts, run by run. */
export interface World {
  readonly periods: readonly Period[];
  readonly results: readonly string[];
  /** The evidence of one run, the same whenever asked. A share of more than a million millionths tells so many like conversions at once. */
  readonly run: (run: number) => readonly ResultShare[];
}

/** The worlds a wish asks for. `results` are those that are drawn, in the order of the wish. */
export const worldOf = (terms: Terms, wish: Wish): World => {
  const periods = periodsOf(terms.starts, terms.ends, terms.period, terms.timeZone);
  const stretches = stretchesOf(terms, periods);
  const { from } = wish;
  const history = from.kind === "history" ? blocksOf(terms, from.shares) : undefined;
  const results = from.kind === "stated" ? from.per.map(({ result }) => result) : (history?.results ?? []);
  const begin =
    from.kind === "stated" ? stating(terms, wish, from.per, stretches) : drawing(wish, present(history, "a past"));
  const bent = results.map((result) => ({
    result,
    bends: bends(terms, result),
    isParted: terms.guarantee?.result === result,
  }));
  const run = (number: number): readonly ResultShare[] => {
    const fill = begin(number);
    return stretches.flatMap((stretch, index) => {
      const heaps = bent.map((it) => ({ ...it, micro: [], microValue: [] }));
      fill(stretch, index, heaps);
      return heaps.flatMap((heap) => evidenceOf(heap, stretch, index));
    });
  };
  return { periods, results, run };
};
