// biome-ignore-all lint/suspicious/noThenProperty: remedies nest under a key of that name, which never holds a function.

import { describe, expect, it } from "vitest";
import type { Terms } from "../../shared/contract/terms.ts";
import { DAY_MS } from "../../shared/kit/time.ts";
import { dealOf } from "../../shared/pay/deal.ts";
import { bearsOn, type Event, eventsOf, learning, windowsOf } from "../../shared/pay/event.ts";
import { type ResultShare, settledAt, statement } from "../../shared/pay/statement.ts";
import { vectors } from "./evidence.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

const terms: Terms = {
  ...vectors.terms,
  timeZone: "UTC",
  starts: "2026-01-01",
  ends: "2026-02-28",
  pay: [{ rule: "fixed", amountMinor: 10_000, per: "period" }],
  guarantee: {
    result: "lead",
    target: 2,
    per: "period",
    remedy: { kind: "makeGood", days: 10, then: { kind: "makeGood", days: 4, then: { kind: "proRata" } } },
  },
};
const share = (id: string, at: number, more: Partial<ResultShare> = {}): ResultShare => ({
  id,
  result: "lead",
  at,
  shareMicro: 1_000_000,
  state: "counted",
  ...more,
});
const measured = (period: number, at: number, clicks = 0) => ({ period, at, visits: 10, clicks, engaged: 0 });
const deal = dealOf([terms]);
const END = day("2026-06-01");
const told = (it: Event) => {
  if (it.what === "changed") return it.change.after.id;
  return it.what === "measured" ? `rates ${it.rates.clicks}` : `window ${it.window.index}`;
};

describe("the windows of a contract", () => {
  it("follow one another, from the end of each period", () => {
    expect(windowsOf(deal).map(({ index, from, until }) => [index, (until - from) / DAY_MS, from])).toEqual([
      [0, 10, day("2026-02-01")],
      [0, 4, day("2026-02-11")],
      [1, 10, day("2026-03-01")],
      [1, 4, day("2026-03-11")],
    ]);
    expect(windowsOf(dealOf([{ ...terms, guarantee: undefined }]))).toEqual([]);
  });

  it("wait for the last period where the whole flight is guaranteed", () => {
    const whole = dealOf([{ ...terms, guarantee: { ...terms.guarantee!, per: "flight" } }]);
    expect(windowsOf(whole).map(({ index, from }) => [index, from])).toEqual([
      [1, day("2026-03-01")],
      [1, day("2026-03-11")],
    ]);
  });
});

describe("what became known of a contract", () => {
  it("is told in order of time; at one instant first the windows that end, then rates, then conversions", () => {
    const at = day("2026-02-11");
    const shares = [share("b", at), share("a", at), share("early", day("2026-01-05"))];
    const rates = [measured(1, at + 1, 3), measured(0, at, 2), measured(0, day("2026-02-02"), 1)];
    expect(eventsOf(deal, shares, rates, day("2026-02-16")).map(told)).toEqual([
      "early",
      "rates 1",
      "window 0",
      "rates 2",
      "a",
      "b",
      "rates 3",
      "window 0",
    ]);
  });

  it("holds nothing that is known only later, and holds what is known at the very instant", () => {
    const events = (asOf: number) =>
      eventsOf(deal, [share("a", day("2026-01-05"))], [measured(0, day("2026-01-05"), 1)], asOf).map(told);
    expect(events(day("2026-01-05") - 1)).toEqual([]);
    expect(events(day("2026-01-05"))).toEqual(["rates 1", "a"]);
  });

  it("counts rates measured at the very end of a period to it still, and those of no period not at all", () => {
    const until = day("2026-02-01");
    const at = (rates: ReturnType<typeof measured>) =>
      eventsOf(deal, [], [rates], until).find(({ what }) => what === "measured")?.at;
    expect([at(measured(0, until)), at(measured(1, until)), at(measured(7, until))]).toEqual([until - 1, until, until]);
  });

  it("tells of measurements in the order in which they were made, up to the last millisecond of their period", () => {
    const until = day("2026-02-01");
    const rates = [measured(0, until, 2), measured(0, until - 1, 1)];
    expect(eventsOf(deal, [], rates, until).map(told)).toEqual(["rates 1", "rates 2"]);
    expect(eventsOf(deal, [], rates, until - 1).map(told)).toEqual(["rates 1"]);
  });

  it("holds results of no period only where they may make something good", () => {
    const within = share("in", day("2026-03-14") - 1, { countedAt: END });
    const outside = [
      share("before", day("2026-01-01") - 1),
      share("after", day("2026-03-15")),
      share("other", day("2026-03-02"), { result: "sale" }),
    ];
    const ids = eventsOf(deal, [within, ...outside, share("first", day("2026-03-01"))], [], END).flatMap((it) =>
      it.what === "changed" ? [it.change.after.id] : [],
    );
    expect(ids).toEqual(["first", "in"]);
    const { guarantee: _, ...plain } = terms;
    expect(eventsOf(dealOf([plain as Terms]), [within], [], END)).toEqual([]);
    expect(settledAt(terms, outside)).toBe(settledAt(terms, []));
  });

  it("keeps for making good only results that are guaranteed, in order of time and name", () => {
    const learned = learning(deal);
    const [at, then] = [day("2026-02-02"), day("2026-02-03")];
    const shares = [share("c", at), share("a", then), share("b", at), share("d", at, { result: "sale" })];
    for (const event of eventsOf(deal, shares, [], END)) learned.learn(event);
    expect(learned.knowledge().pieces.map(({ id }) => id)).toEqual(["b", "c", "a"]);
    const reversed = learning(deal);
    for (const event of eventsOf(deal, shares, [], END).toReversed()) reversed.learn(event);
    expect(reversed.knowledge().pieces.map(({ id }) => id)).toEqual(["b", "c", "a"]);
    expect(learning(deal).knowledge().pieces).toEqual([]);
    const reduced = dealOf([{ ...terms, guarantee: { ...terms.guarantee!, remedy: { kind: "proRata" } } }]);
    const idle = learning(reduced);
    for (const event of eventsOf(reduced, shares, [], END)) idle.learn(event);
    expect(idle.knowledge().pieces).toEqual([]);
  });
});

describe("what may change periods that were stated", () => {
  const windows = windowsOf(deal);
  const [january, february] = deal.periods;
  const changed = (at: number, knownAt: number, period = january): Event => {
    const after = { id: "a", at, result: "lead", shareMicro: 1_000_000, left: 1000 };
    return { what: "changed", at: knownAt, change: { knownAt, period, before: undefined, after } };
  };

  it("is the end of a window, and rates of a period before", () => {
    expect(bearsOn({ what: "window-ended", at: windows[0]!.until, window: windows[0]! }, 1, windows)).toBe(true);
    const rates: Event = { what: "measured", at: END, rates: measured(1, END) };
    expect([1, 2].map((index) => bearsOn(rates, index, windows))).toEqual([false, true]);
  });

  it("is a conversion of a period before, and none of the period itself", () => {
    const late = changed(day("2026-01-05"), day("2026-02-05"));
    expect([0, 1, 2].map((index) => bearsOn(late, index, windows))).toEqual([false, true, true]);
  });

  it("is a conversion told of so late that the window it might have helped in is over", () => {
    const until = day("2026-02-11");
    const asked = (at: number, knownAt: number) => bearsOn(changed(at, knownAt, february), 1, [windows[0]!]);
    expect(asked(day("2026-02-01"), until)).toBe(true);
    expect(asked(until - 1, until)).toBe(true);
    expect(asked(until - 1, until - 1)).toBe(false);
    expect(asked(day("2026-02-01") - 1, until)).toBe(false);
    expect(asked(until, until)).toBe(false);
  });
});

describe("a conversion of no period that makes nothing good", () => {
  it("leaves no line and opens no month", () => {
    const stray = share("stray", day("2026-05-05"));
    expect(statement(terms, [stray], END)).toEqual(statement(terms, [], END));
  });
});
