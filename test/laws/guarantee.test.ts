// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.

import { describe, expect, it } from "vitest";
import type { Remedy, Terms } from "../../shared/contract/terms.ts";
import { explained, standings } from "../../shared/pay/explained.ts";
import { type Also, type ResultShare, settledAt, statement } from "../../shared/pay/statement.ts";
import { vectors } from "./evidence.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

const terms: Terms = {
  ...vectors.terms,
  timeZone: "UTC",
  starts: "2026-01-01",
  ends: "2026-02-28",
  pay: [{ rule: "fixed", amountMinor: 10_000, per: "period" }],
};
const guaranteed = (remedy: Remedy, more: object = {}): Terms => ({
  ...terms,
  guarantee: { result: "lead", target: 4, per: "period", remedy, ...more },
});
const leads = (count: number, at: string, more: Partial<ResultShare> = {}): readonly ResultShare[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${at}-${index}`,
    result: "lead",
    at: day(at),
    shareMicro: 1_000_000,
    state: "counted" as const,
    ...more,
  }));
const shown = (it: Terms, shares: readonly ResultShare[], asOf: string, place: number, also: Also = {}) => {
  const { guarantee, lines } = statement(it, shares, day(asOf), also).periods[place]!;
  return { guarantee, lines: lines.map(({ code, amountMinor, because }) => [code, amountMinor, because]) };
};
const fixed = ["fixed", 10_000, "fixed 100.00 USD per period"];
const twice: Remedy = { kind: "makeGood", days: 10, then: { kind: "makeGood", days: 5, then: { kind: "proRata" } } };
const stands = { result: "lead", target: 4, targetMicro: 4_000_000 };

describe("a guarantee", () => {
  it("that is missed says by how much, in its standing and in the line of its remedy", () => {
    const missed = guaranteed({ kind: "proRata" }, { toleranceBp: 1250 });
    expect(shown(missed, leads(1, "2026-01-05", { shareMicro: 333_333 }), "2026-02-01", 0)).toStrictEqual({
      guarantee: { ...stands, state: "missed", volumeMicro: 333_333, shortfallMicro: 3_166_667 },
      lines: [fixed, ["proRata", -7917, "3.166667 of 4 lead are missing"]],
    });
    expect(shown(missed, leads(4, "2026-01-05"), "2026-02-01", 0)).toStrictEqual({
      guarantee: { ...stands, state: "met", volumeMicro: 4_000_000, shortfallMicro: 0 },
      lines: [fixed],
    });
  });

  it("that is missed where there is no fixed pay to reduce leaves no line of nothing", () => {
    const paid = guaranteed({ kind: "proRata" });
    const unpaid: Terms = { ...paid, pay: [{ rule: "perResult", result: "lead", amountMinor: 500 }] };
    expect(shown(unpaid, leads(1, "2026-01-05"), "2026-02-01", 0)).toMatchObject({
      guarantee: { state: "missed" },
      lines: [["perResult", 500, "1 lead × 5.00 USD"]],
    });
  });
});

describe("a shortfall", () => {
  const january = leads(3, "2026-01-05");

  it("waits while results may make it good, and says until when and how much they have", () => {
    const whole = guaranteed(twice, { per: "flight" });
    const end = guaranteed(twice);
    expect(shown({ ...end, ends: "2026-01-31" }, january, "2026-02-01", 0).guarantee).toStrictEqual({
      ...stands,
      state: "pending",
      volumeMicro: 3_000_000,
      shortfallMicro: 1_000_000,
      until: day("2026-02-11"),
    });
    expect(shown(whole, january, "2026-03-01", 1).guarantee).toMatchObject({
      state: "pending",
      until: day("2026-03-11"),
    });
    expect(shown(whole, january, "2026-02-01", 0).guarantee).toStrictEqual({
      ...stands,
      state: "open",
      volumeMicro: 3_000_000,
      shortfallMicro: 1_000_000,
    });
  });

  it("that was made good in a window leaves no line, whatever the terms had in store next", () => {
    const made = [...january, ...leads(5, "2026-02-01")];
    for (const asOf of ["2026-02-11", "2026-02-16", "2026-03-20"]) {
      const lines = statement(guaranteed(twice), made, day(asOf)).periods.flatMap((it) => it.lines);
      expect(lines.map(({ code }) => code)).toEqual(["fixed", "fixed"]);
    }
  });

  it("that was made good stands met from then on, though a second window would still run", () => {
    const now = (shares: readonly ResultShare[], asOf: string) =>
      standings({ terms: guaranteed(twice), shares, asOf: day(asOf) }).get(0);
    const made = { ...stands, volumeMicro: 3_000_000 };
    const [filled, half] = [leads(1, "2026-02-01"), leads(1, "2026-02-01", { shareMicro: 500_000 })];
    expect(now([...january, ...filled], "2026-02-11")).toStrictEqual({
      ...made,
      state: "met",
      shortfallMicro: 0,
      filledMicro: 1_000_000,
    });
    expect(now([...january, ...filled], "2026-02-10")).toMatchObject({ state: "pending", shortfallMicro: 0 });
    expect(now([...january, ...half], "2026-02-11")).toStrictEqual({
      ...made,
      state: "pending",
      shortfallMicro: 500_000,
      filledMicro: 500_000,
      until: day("2026-02-16"),
    });
    expect(now([...january, ...half], "2026-02-16")).toMatchObject({ state: "missed", shortfallMicro: 500_000 });
  });

  it("is asked about from the first instant of its period on", () => {
    const at = (asOf: number) => [...standings({ terms: guaranteed(twice), shares: [], asOf }).keys()];
    expect(at(day("2026-01-01") - 1)).toEqual([]);
    expect(at(day("2026-01-01"))).toEqual([0]);
    expect(at(day("2026-02-01"))).toEqual([0, 1]);
    expect([...standings({ terms, shares: [], asOf: day("2026-02-01") })]).toEqual([]);
  });

  it("left after the last window costs what it costs, in the month in which the window ended", () => {
    const late = shown(guaranteed(twice), [...january, ...leads(4, "2026-02-20")], "2026-02-16", 1);
    expect(late.lines).toEqual([
      fixed,
      ["proRata", -2500, "1 of 4 lead are missing, of 2026-01-01 to 2026-01-31, when its make-good window ended"],
    ]);
  });

  it("is filled by results of one instant in the order of their names: the first is the one that is not paid", () => {
    const paid: Terms = {
      ...guaranteed({ kind: "makeGood", days: 10, then: { kind: "none" } }),
      pay: [{ rule: "share", result: "lead", rateBp: 1000 }],
    };
    const [b, a] = [
      { ...leads(1, "2026-02-02", { valueMinor: 7000 })[0]!, id: "b" },
      { ...leads(1, "2026-02-02", { valueMinor: 100 })[0]!, id: "a" },
    ];
    const earned = (...shares: readonly ResultShare[]) =>
      statement(paid, [...january, ...shares], day("2026-02-20")).periods[1]!.earnedMinor;
    expect([earned(a, b), earned(b, a)]).toEqual([700, 700]);
  });
});

describe("a correction says what it corrects", () => {
  const because = (it: Terms, shares: readonly ResultShare[], also: Also = {}) =>
    statement(it, shares, day("2026-02-20"), also)
      .periods[1]!.lines.filter(({ code }) => code === "correction")
      .map((line) => [line.because, line.conversion]);

  it("a conversion counted late, or taken back", () => {
    const paid: Terms = { ...terms, pay: [{ rule: "perResult", result: "lead", amountMinor: 500 }] };
    const [late] = leads(1, "2026-01-05", {
      countedAt: day("2026-02-02"),
      reversals: [{ at: day("2026-02-03"), permille: 500 }],
    });
    expect(because(paid, [late!])).toEqual([
      [`lead ${late!.id} of 2026-01-01 to 2026-01-31, counted late`, late!.id],
      [`lead ${late!.id} of 2026-01-01 to 2026-01-31, taken back`, late!.id],
    ]);
  });

  it("rates measured again", () => {
    const clicked: Terms = {
      ...terms,
      pay: [{ rule: "bonus", when: { rate: "clickThrough", atLeastBp: 500 }, amountMinor: 700 }],
    };
    const rates = [{ period: 0, at: day("2026-02-02"), visits: 10, clicks: 5, engaged: 0 }];
    expect(because(clicked, [], { rates })).toEqual([["rates of 2026-01-01 to 2026-01-31, measured again", undefined]]);
  });

  it("what was made good after a correction had already taken it", () => {
    // A remedy that stood when its window ended was told by the remedy's own code; one that goes is a correction.
    const whole = guaranteed({ kind: "makeGood", days: 10, then: { kind: "proRata" } });
    const late = leads(1, "2026-02-05", { countedAt: day("2026-02-18") });
    const { lines } = statement(whole, [...leads(3, "2026-01-05"), ...late], day("2026-02-20")).periods[1]!;
    expect(lines.map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      ["fixed", 10_000],
      ["proRata", -2500],
      ["correction", 2500],
    ]);
  });
});

describe("what a cap cuts", () => {
  it("says which pay of the terms it was, by its place there", () => {
    const capped: Terms = {
      ...terms,
      pay: [...terms.pay, { rule: "perResult", result: "lead", amountMinor: 500 }],
      caps: { perPeriodMinor: 10_200 },
    };
    expect(shown(capped, leads(1, "2026-01-05"), "2026-02-01", 0).lines.at(-1)).toEqual([
      "cap",
      -300,
      "perResult (pay 2) cut: the cap per period leaves 102.00 USD",
    ]);
  });
});

describe("an explanation", () => {
  it("comes to the statement of everything it names", () => {
    const clicked: Terms = {
      ...terms,
      pay: [{ rule: "bonus", when: { rate: "clickThrough", atLeastBp: 500 }, amountMinor: 700 }],
    };
    const newer: Terms = { ...terms, starts: "2026-02-01" };
    const also = {
      rates: [{ period: 0, at: day("2026-01-20"), visits: 10, clicks: 5, engaged: 0 }],
      adjustments: [
        { id: "a", at: day("2026-01-05"), amountMinor: -40, code: "dispute" as const, because: "settled at 0.40" },
      ],
    };
    const made = explained({
      terms: clicked,
      amendments: [{ terms: newer }],
      shares: [],
      asOf: day("2026-03-01"),
      ...also,
    });
    expect(made).toEqual(statement(clicked, [], day("2026-03-01"), { ...also, amendments: [newer] }));
    expect(made.periods.map(({ earnedMinor }) => earnedMinor)).toEqual([660, 10_000]);
  });
});

describe("sums agreed beside the rules", () => {
  const agreed = (id: string, at: string, amountMinor: number) => ({
    id,
    at: day(at),
    amountMinor,
    code: "adjustment" as const,
    because: `agreed ${id}`,
  });
  const told = (asOf: string, ...adjustments: readonly ReturnType<typeof agreed>[]) =>
    statement({ ...terms, ends: "2026-01-31" }, [], day(asOf), { adjustments })
      .periods.flatMap(({ starts, lines }) => lines.map((it) => [starts, it.code, it.because]))
      .filter(([, code]) => code === "adjustment")
      .map(([starts, , because]) => [starts, because]);

  it("are told in order of time, at one instant by name, from that very instant on", () => {
    const [a, b, late] = [agreed("a", "2026-01-05", 1), agreed("b", "2026-01-05", 2), agreed("0", "2026-01-06", 3)];
    const lines = [
      ["2026-01-01", "agreed a"],
      ["2026-01-01", "agreed b"],
    ];
    expect(told("2026-01-05", late, b, a)).toEqual(lines);
    expect(told("2026-01-05", a, b, late)).toEqual(lines);
    expect(told("2026-01-06", late, b, a)).toEqual([...lines, ["2026-01-01", "agreed 0"]]);
    expect(told("2026-01-04", a, b)).toEqual([]);
  });

  it("get a month of their own after the end, in order of time with whatever else comes then", () => {
    const paid: Terms = {
      ...terms,
      ends: "2026-01-31",
      pay: [{ rule: "perResult", result: "lead", amountMinor: 500 }],
    };
    const late = [
      ...leads(1, "2026-01-05", {
        countedAt: day("2026-04-10"),
        reversals: [{ at: day("2026-08-10"), permille: 1000 }],
      }),
    ];
    const adjustments = [agreed("b", "2026-06-05", 2), agreed("a", "2026-03-05", 1), agreed("c", "2026-06-25", 3)];
    const made = statement(paid, late, day("2026-12-01"), { adjustments });
    expect(made.periods.map(({ starts, ends, earnedMinor }) => [starts, ends, earnedMinor])).toEqual([
      ["2026-01-01", "2026-01-31", 0],
      ["2026-03-01", "2026-03-31", 1],
      ["2026-04-01", "2026-04-30", 500],
      ["2026-06-01", "2026-06-30", 5],
      ["2026-08-01", "2026-08-31", -500],
    ]);
    expect(settledAt(paid, late, { adjustments })).toBe(day("2026-09-01"));
  });

  it("a contract that was ended before it began has no time for any of them", () => {
    const never: Terms = { ...terms, ends: "2025-12-15" };
    const adjustments = [agreed("a", "2026-01-05", 1)];
    expect(statement(never, leads(1, "2026-01-05"), day("2026-06-01"), { adjustments })).toEqual({
      currency: "USD",
      periods: [],
      totalMinor: 0,
    });
    expect(settledAt(never, leads(1, "2026-01-05"), { adjustments })).toBe(0);
  });
});
