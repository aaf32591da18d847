import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUSE, type Touch } from "../../shared/journey/touch.ts";
import { type AttributionTerms, credit } from "../../shared/judge/attribution.ts";
import { halvedRoughly } from "../../shared/judge/columnar.decay.ts";
import { type ColumnSharing, pathsOf, shareColumns } from "../../shared/judge/columnar.ts";
import { type ConversionColumns, type TouchColumns, touchKinds } from "../../shared/judge/columns.ts";
import { halved, ONE } from "../../shared/judge/halving.ts";
import { journeyTo } from "../../shared/judge/journey.ts";
import { type Context, type Effect, type ModelName, models } from "../../shared/judge/models.ts";
import { dice, scatter } from "../../shared/kit/chance.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../shared/kit/time.ts";

interface Event {
  readonly visitor: number;
  readonly at: number;
}

interface TouchEvent extends Event {
  readonly payee: number;
  readonly link: number;
  readonly kind: Touch["kind"];
  readonly id: string;
}

interface ResultEvent extends Event {
  readonly result: number;
  readonly id: string;
}

interface Log {
  readonly touches: readonly TouchEvent[];
  readonly conversions: readonly ResultEvent[];
}

const AT = Date.UTC(2026, 5, 1);
const PAYEES = 5;
const RESULTS = ["lead", "sale", "refill"];
const names = Object.keys(models) as ModelName[];

const touchColumns = (all: readonly TouchEvent[]): TouchColumns => ({
  count: all.length,
  visitor: Int32Array.from(all, (it) => it.visitor),
  at: Float64Array.from(all, (it) => it.at),
  payee: Int32Array.from(all, (it) => it.payee),
  link: Int32Array.from(all, (it) => it.link),
  kind: Uint8Array.from(all, (it) => touchKinds.indexOf(it.kind)),
  tie: Uint32Array.from(all, (it) => scatter(it.id)),
});

const conversionColumns = (all: readonly ResultEvent[]): ConversionColumns => ({
  count: all.length,
  visitor: Int32Array.from(all, (it) => it.visitor),
  at: Float64Array.from(all, (it) => it.at),
  tie: Uint32Array.from(all, (it) => scatter(it.id)),
  result: Int32Array.from(all, (it) => it.result),
});

const payeeName = (payee: number): string => (payee === 0 ? HOUSE : `payee-${payee}`);

const plain = ({ touches }: Log): readonly (Touch & { readonly visitor: number })[] =>
  touches.map(({ id, visitor, at, payee, link, kind }, order) => ({
    ...{ id, visitor, at, order, kind },
    payee: payeeName(payee),
    link: link < 0 ? "" : `link-${link}`,
  }));

interface Weighing {
  readonly terms: AttributionTerms;
  readonly effects: readonly Effect[];
}

const sharingOf = ({ terms, effects }: Weighing): ColumnSharing => ({
  terms,
  payees: PAYEES,
  weights: effects.map((it) => it.effectNano),
  placesNano: effects.map((it) => it.placesNano),
  milestones: (terms.milestones ?? []).map((name) => RESULTS.indexOf(name)),
});

/** What terms ask for beside the touches, found by looking at everything. */
const contextFor = (log: Log, row: number, { terms, effects }: Weighing): Context => {
  const own = log.conversions[row]!;
  const theirs = log.conversions.map((it, place) => ({ ...it, place })).filter((it) => it.visitor === own.visitor);
  const before = theirs.filter(
    (it) => it.result === own.result && (it.at < own.at || (it.at === own.at && it.place < row)),
  );
  const opensAt = own.at - Math.round(terms.windowDays * DAY_MS);
  const since = terms.after === "restart" && before.length > 0 ? Math.max(...before.map((it) => it.at)) : undefined;
  const milestones = (terms.milestones ?? []).map((name) => {
    const known = theirs.filter((it) => it.at >= opensAt && it.at <= own.at && it.at > (since ?? -Infinity));
    const reached = known.filter((it) => RESULTS[it.result] === name);
    return reached.length === 0 ? null : Math.min(...reached.map((it) => it.at));
  });
  return { since, milestones, effects };
};

type Shares = readonly Readonly<Record<string, number>>[];

const creditedEach = (log: Log, weighing: Weighing): Shares => {
  const touches = plain(log);
  return log.conversions.map((conversion, row) => {
    const own = touches.filter((it) => it.visitor === conversion.visitor);
    const { shares } = credit(conversion, own, weighing.terms, contextFor(log, row, weighing));
    return Object.fromEntries(shares.map((it) => [it.payee, it.shareMicro]));
  });
};

const columnsEach = (log: Log, weighing: Weighing): { readonly each: Shares; readonly totals: Float64Array } => {
  const each: Record<string, number>[] = log.conversions.map(() => ({}));
  const [touches, conversions] = [touchColumns(log.touches), conversionColumns(log.conversions)];
  const totals = shareColumns(touches, conversions, sharingOf(weighing), (row, payee, shareMicro) => {
    expect(each[row]).not.toHaveProperty(payeeName(payee));
    each[row]![payeeName(payee)] = shareMicro;
  });
  return { each, totals };
};

const totalsOf = (shares: Shares): readonly number[] =>
  Array.from({ length: PAYEES }, (_, payee) => shares.reduce((sum, it) => sum + (it[payeeName(payee)] ?? 0), 0));

const age = fc.oneof(
  fc.nat(40).map((steps) => steps * 5 * MINUTE_MS),
  fc.nat(12).map((days) => days * DAY_MS),
  fc.nat(40 * DAY_MS),
  fc.nat(3650).map((days) => days * DAY_MS + days),
);
const touch = fc
  .record({
    visitor: fc.nat(3),
    agoMs: age,
    payee: fc.nat(PAYEES - 1),
    link: fc.nat(1),
    kind: fc.constantFrom(...touchKinds),
  })
  .map(({ agoMs, ...it }) => ({ ...it, at: AT - agoMs, link: it.payee === 0 ? -1 : it.link + it.payee * 2 }));
const result = fc
  .record({ visitor: fc.nat(4), agoMs: age, result: fc.nat(RESULTS.length - 1) })
  .map(({ agoMs, ...it }) => ({ ...it, at: AT - agoMs }));
const logs: fc.Arbitrary<Log> = fc
  .record({
    touches: fc.array(touch, { maxLength: 60, size: "max" }),
    conversions: fc.array(result, { maxLength: 8 }),
    salt: fc.nat(1e6),
  })
  .map(({ touches, conversions, salt }) => ({
    touches: touches.map((it, row) => ({ ...it, id: `t${row}-${salt}` })),
    conversions: conversions.map((it, row) => ({ ...it, id: `c${row}-${salt}` })),
  }));

const nano = fc.oneof(fc.constantFrom(0, 1, 250_000_000, 1_000_000_000), fc.nat(1_000_000_000));
const effect = fc.record({
  effectNano: nano,
  placesNano: fc.option(fc.array(nano, { maxLength: 4 }), { nil: undefined }),
});
const weighings = (model: ModelName): fc.Arbitrary<Weighing> =>
  fc
    .record({
      windowDays: fc.constantFrom(1 / 24, 1, 30, 4000),
      house: fc.constantFrom("included" as const, "excluded" as const),
      after: fc.constantFrom(undefined, "reuse" as const, "restart" as const),
      viewDays: fc.constantFrom(undefined, 1 / 24, 7),
      firstBp: fc.integer({ min: 0, max: 5000 }),
      lastBp: fc.integer({ min: 0, max: 5000 }),
      halfLifeDays: fc.constantFrom(1 / 12, 1, 7, 365, 1e9),
      ordered: fc.boolean(),
      milestones: fc.uniqueArray(fc.constantFrom("lead", "sale", "never"), { minLength: 1, maxLength: 3 }),
      effects: fc.array(effect, { minLength: PAYEES, maxLength: PAYEES }),
    })
    .map(({ effects, milestones, ...terms }) => ({
      terms: { ...terms, model, ...(model === "wShaped" && { milestones }) },
      effects: effects.map((it, payee) => ({ ...it, payee: payeeName(payee), lowerNano: 0, upperNano: 0 })),
    }));

/** A log of many visitors, too large for one partition, some of whom do much. */
const large = (): Log => {
  const next = dice("a large log");
  const below = (count: number): number => next() % count;
  const visitor = (): number => (below(50) === 0 ? 7 * below(3) : below(20_000));
  const touches = Array.from({ length: 100_000 }, (_, row) => {
    const payee = below(PAYEES);
    return {
      ...{ id: `t${row}`, visitor: visitor(), payee },
      at: AT - below(60 * 24 * 12) * 5 * MINUTE_MS,
      link: payee === 0 ? -1 : payee,
      kind: touchKinds[below(touchKinds.length)]!,
    };
  });
  const conversions = Array.from({ length: 3000 }, (_, row) => ({
    ...{ id: `c${row}`, visitor: row < 30 ? 7 * below(3) : below(20_100) },
    at: AT - below(30 * 24 * 12) * 5 * MINUTE_MS,
    result: below(RESULTS.length),
  }));
  return { touches, conversions };
};

const termsOf = (model: ModelName): AttributionTerms => ({
  model,
  windowDays: 30,
  house: "included",
  viewDays: 3,
  ...(model === "wShaped" && { milestones: ["lead", "sale"] }),
});
const effects = Array.from({ length: PAYEES }, (_, payee) => ({
  ...{ payee: payeeName(payee), effectNano: 1000 * payee ** 5, lowerNano: 0, upperNano: 0 },
}));

describe("columns are shared as each conversion would be alone, bit for bit", () => {
  it.each(names)("by the model %s", (model) => {
    fc.assert(
      fc.property(logs, weighings(model), (log, weighing) => {
        const [{ each, totals }, expected] = [columnsEach(log, weighing), creditedEach(log, weighing)];
        expect(each).toEqual(expected);
        expect([...totals]).toEqual(totalsOf(expected));
      }),
      { numRuns: 250 },
    );
  });

  it("also in a log of many visitors, some of whom come a thousand times", () => {
    const log = large();
    const touches = Map.groupBy(plain(log), (it) => it.visitor);
    for (const model of ["linear", "timeDecay", "shapley"] as const) {
      const weighing = { terms: termsOf(model), effects };
      const { each } = columnsEach(log, weighing);
      const expected = log.conversions.map((it) => {
        const { shares } = credit(it, touches.get(it.visitor) ?? [], weighing.terms, { effects });
        return Object.fromEntries(shares.map(({ payee, shareMicro }) => [payee, shareMicro]));
      });
      expect(each).toEqual(expected);
    }
  });

  it("and journeys whose exact parts lie on a whole millionth are none the worse for doubles", () => {
    const days = fc.array(fc.nat(12), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(days, fc.constantFrom(1, 2, 3), (ages, halfLifeDays) => {
        const touches = ages.map((ago, row) => ({
          ...{ id: `t${row}`, visitor: 0, at: AT - ago * DAY_MS, payee: 1 + (row % 4), link: row },
          kind: "click" as const,
        }));
        const log = { touches, conversions: [{ id: "c", visitor: 0, at: AT, result: 0 }] };
        const weighing = { terms: { ...termsOf("timeDecay"), halfLifeDays }, effects };
        expect(columnsEach(log, weighing).each).toEqual(creditedEach(log, weighing));
      }),
    );
  });

  it("also where somebody comes thousands of times", () => {
    const touches = Array.from({ length: 4000 }, (_, row) => ({
      ...{ id: `t${row}`, visitor: 0, at: AT - row * HOUR_MS, payee: row % 7 === 0 ? 2 : 1 + (row % 4), link: row },
      kind: "click" as const,
    }));
    const log = { touches, conversions: [{ id: "c", visitor: 0, at: AT, result: 0 }] };
    for (const model of ["linear", "linearUnique", "timeDecay", "position", "markov"] as const) {
      const weighing = { terms: { ...termsOf(model), windowDays: 365, halfLifeDays: 365 }, effects };
      expect(columnsEach(log, weighing).each).toEqual(creditedEach(log, weighing));
    }
  });
});

/** Rows in another order, in which those of one visitor at one instant still stand as they did. */
const reordered = <Row extends Event>(rows: readonly Row[], keys: readonly number[]): readonly Row[] => {
  const order = rows.map((_, row) => row).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  const together = Map.groupBy(
    order.toSorted((a, b) => a - b),
    (row) => `${rows[row]!.visitor} ${rows[row]!.at}`,
  );
  return order.map((row) => rows[together.get(`${rows[row]!.visitor} ${rows[row]!.at}`)!.shift()!]!);
};

const anyWeighing = fc.constantFrom(...names).chain(weighings);

describe("it makes no difference", () => {
  it("in which order the rows of a log lie", () => {
    const keys = fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(logs, anyWeighing, keys, (log, weighing, order) => {
        const other = { touches: reordered(log.touches, order), conversions: reordered(log.conversions, order) };
        expect(columnsEach(other, weighing).totals).toEqual(columnsEach(log, weighing).totals);
      }),
      { numRuns: 300 },
    );
  });

  it("whether visitors are shared at once or in two batches", () => {
    fc.assert(
      fc.property(logs, anyWeighing, (log, weighing) => {
        const batch = (odd: number) => {
          const isIn = (it: Event) => it.visitor % 2 === odd;
          const part = { touches: log.touches.filter(isIn), conversions: log.conversions.filter(isIn) };
          return columnsEach(part, weighing).totals;
        };
        const [even, odd] = [batch(0), batch(1)];
        expect(columnsEach(log, weighing).totals).toEqual(even.map((sum, payee) => sum + odd[payee]!));
      }),
      { numRuns: 300 },
    );
  });
});

describe("nothing is lost", () => {
  it("what no touch led to is the house's", () => {
    const conversions = [{ id: "c", visitor: 9, at: AT, result: 0 }];
    expect([...columnsEach({ touches: [], conversions }, { terms: termsOf("linear"), effects }).totals]).toEqual([
      1_000_000, 0, 0, 0, 0,
    ]);
  });

  it("nothing at all is shared of nothing", () => {
    const nothing = { touches: [], conversions: [] };
    expect([...columnsEach(nothing, { terms: termsOf("timeDecay"), effects }).totals]).toEqual([0, 0, 0, 0, 0]);
  });

  it("a payee out of place is refused, not forgotten", () => {
    const touches = [{ id: "t", visitor: 0, at: AT, payee: PAYEES, link: 1, kind: "click" as const }];
    const log = { touches, conversions: [{ id: "c", visitor: 0, at: AT, result: 0 }] };
    const share = () => shareColumns(touchColumns(log.touches), conversionColumns(log.conversions), sharing);
    const sharing = sharingOf({ terms: termsOf("linear"), effects });
    expect(share).toThrow("a payee out of place");
  });

  it("a learned model without weights is refused", () => {
    const none = { terms: termsOf("markov"), payees: PAYEES };
    expect(() => shareColumns(touchColumns([]), conversionColumns([]), none)).toThrow("weighs everybody by");
  });
});

describe("halving in doubles", () => {
  it("is as near the law as it says", () => {
    const ages = fc.oneof(fc.nat(1000), fc.nat(2 ** 31 - 1), fc.maxSafeNat());
    fc.assert(
      fc.property(ages, fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1 })), (ageMs, halfLifeMs) => {
        const law = Number(halved(BigInt(ageMs), BigInt(halfLifeMs))) / Number(ONE);
        expect(Math.abs(halvedRoughly(ageMs, halfLifeMs) - law)).toBeLessThanOrEqual(law * 2 ** -46 + 2 ** -95);
      }),
      { numRuns: 2000 },
    );
  });

  it("is exact at whole half-lives", () => {
    for (let count = 0; count <= 96; count += 1)
      expect(halvedRoughly(count * 7 * DAY_MS, 7 * DAY_MS)).toBe(2 ** -count);
    expect(halvedRoughly(97 * DAY_MS, DAY_MS)).toBe(0);
  });
});

type PathRow = readonly [path: string, conversions: number, nulls: number, values: number];

const naivePaths = (log: Log, { terms, effects: all }: Weighing, values: readonly number[]): readonly PathRow[] => {
  const found = new Map<string, [number, number, number]>();
  const visitors = Map.groupBy(plain(log), (it) => it.visitor);
  const note = (until: number, own: readonly Touch[], window: AttributionTerms, since: number | undefined) => {
    const counted = journeyTo(until, own, { ...window, since }).filter((it) => it.because === "counted");
    const path = counted.map((it) => it.touch.payee).join(" > ");
    if (!found.has(path)) found.set(path, [0, 0, 0]);
    return { row: found.get(path)!, path };
  };
  log.conversions.forEach((conversion, row) => {
    const own = visitors.get(conversion.visitor) ?? [];
    const { since } = contextFor(log, row, { terms, effects: all });
    const noted = note(conversion.at, own, terms, since).row;
    noted[0] += 1;
    noted[2] += values[row]!;
  });
  const endless = { ...terms, windowDays: 1e7, ...(terms.viewDays !== undefined && { viewDays: 1e7 }) };
  for (const [visitor, own] of visitors) {
    const theirs = log.conversions.filter((it) => it.visitor === visitor).map((it) => it.at);
    const last = theirs.length === 0 ? undefined : Math.max(...theirs);
    const left = own.filter((it) => last === undefined || it.at > last);
    const { row, path } = note(AT, left, endless, undefined);
    if (path !== "") row[1] += 1;
    else if (row.every((it) => it === 0)) found.delete("");
  }
  return [...found].map(([path, row]): PathRow => [path, ...row]).sort();
};

const pathRows = (log: Log, { terms }: Weighing, values: readonly number[]): readonly PathRow[] => {
  const columns = [touchColumns(log.touches), conversionColumns(log.conversions)] as const;
  const found = pathsOf(...columns, terms, PAYEES, Float64Array.from(values));
  const paths = [...found.conversions].map((conversions, path): PathRow => {
    const steps = [...found.steps.subarray(found.begins[path], found.begins[path + 1])];
    return [steps.map(payeeName).join(" > "), conversions, found.nulls[path]!, found.values[path]!];
  });
  return paths.sort();
};

describe("paths", () => {
  it("are the distinct journeys, with how often each ended in a conversion and how often in nothing", () => {
    const values = [3, 5, 7, 11, 13, 17, 19, 23];
    fc.assert(
      fc.property(logs, anyWeighing, (log, weighing) => {
        expect(pathRows(log, weighing, values)).toEqual(naivePaths(log, weighing, values));
      }),
      { numRuns: 500 },
    );
  });

  it("are as many as there are, also when there are many", () => {
    const log = large();
    const weighing = { terms: { ...termsOf("linear"), windowDays: 2 }, effects };
    const values = log.conversions.map((_, row) => row);
    expect(pathRows(log, weighing, values)).toEqual(naivePaths(log, weighing, values));
  });

  it("know no worth where none is given", () => {
    const log = large();
    const found = pathsOf(touchColumns(log.touches), conversionColumns(log.conversions), termsOf("linear"), PAYEES);
    expect(found.values.every((value) => value === 0)).toBe(true);
    expect(found.conversions.reduce((sum, count) => sum + count, 0)).toBe(log.conversions.length);
    expect(found.begins.length).toBe(found.conversions.length + 1);
    expect(found.payees).toBe(PAYEES);
  });
});
