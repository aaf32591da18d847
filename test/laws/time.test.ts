import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  type Cadence,
  DAY_MS,
  dayOf,
  HOUR_MS,
  isDay,
  isTimeZone,
  lastOfMonth,
  MINUTE_MS,
  type Period,
  periodAt,
  periodsOf,
  startOfDay,
  weekday,
} from "../../shared/kit/time.ts";

const utc = (text: string): number => Date.parse(`${text}Z`);
const hours = ({ from, until }: Pick<Period, "from" | "until">): number => (until - from) / HOUR_MS;
const one = (day: string, zone: string): Period => periodsOf(day, day, "flight", zone)[0]!;

const zones = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "America/Havana",
  "America/Nuuk",
  "Africa/Cairo",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Pacific/Marquesas",
];
const zone = fc.constantFrom(...zones);
const cadence = fc.constantFrom<Cadence>("week", "month", "flight");
const day = fc
  .integer({ min: utc("2011-01-01") / DAY_MS, max: utc("2037-12-01") / DAY_MS })
  .map((it) => new Date(it * DAY_MS).toISOString().slice(0, 10));
const flight = fc
  .tuple(day, fc.integer({ min: 0, max: 120 }))
  .map(([starts, length]) => [starts, addDays(starts, length)] as const);

describe("local days across changes of the clock", () => {
  test("in New York the day clocks spring forward has 23 hours, the day they fall back 25", () => {
    expect(startOfDay("2026-03-08", "America/New_York")).toBe(utc("2026-03-08T05:00"));
    expect(startOfDay("2026-03-09", "America/New_York")).toBe(utc("2026-03-09T04:00"));
    expect(hours(one("2026-03-08", "America/New_York"))).toBe(23);
    expect(hours(one("2026-11-01", "America/New_York"))).toBe(25);
    expect(startOfDay("2026-11-02", "America/New_York")).toBe(utc("2026-11-02T05:00"));
  });

  test("a March in New York lacks an hour, a November has one more", () => {
    const months = periodsOf("2026-03-01", "2026-11-30", "month", "America/New_York");
    expect(hours(months[0]!)).toBe(31 * 24 - 1);
    expect(hours(months[1]!)).toBe(30 * 24);
    expect(hours(months[8]!)).toBe(30 * 24 + 1);
  });

  test("an hour that comes twice is in one period both times", () => {
    const weeks = periodsOf("2026-10-26", "2026-11-08", "week", "America/New_York");
    const [first, second] = [utc("2026-11-01T05:30"), utc("2026-11-01T06:30")];
    expect(periodAt(weeks, first)).toBe(weeks[0]);
    expect(periodAt(weeks, second)).toBe(weeks[0]);
  });

  test("in Berlin the change falls on other Sundays", () => {
    expect(hours(one("2026-03-29", "Europe/Berlin"))).toBe(23);
    expect(hours(one("2026-10-25", "Europe/Berlin"))).toBe(25);
    expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe(utc("2026-03-28T23:00"));
    expect(startOfDay("2026-03-30", "Europe/Berlin")).toBe(utc("2026-03-29T22:00"));
  });

  test("in Beirut midnight is skipped, and the day starts when the clock resumes at one", () => {
    expect(startOfDay("2026-03-29", "Asia/Beirut")).toBe(utc("2026-03-28T22:00"));
    expect(dayOf(utc("2026-03-28T22:00") - 1, "Asia/Beirut")).toBe("2026-03-28");
    expect(hours(one("2026-03-29", "Asia/Beirut"))).toBe(23);
  });

  test("in Havana midnight comes twice, and the day starts at the first", () => {
    expect(startOfDay("2026-11-01", "America/Havana")).toBe(utc("2026-11-01T04:00"));
    expect(hours(one("2026-11-01", "America/Havana"))).toBe(25);
  });

  test("on Lord Howe Island the clock moves by half an hour", () => {
    expect(hours(one("2026-04-05", "Australia/Lord_Howe"))).toBe(24.5);
    expect(hours(one("2026-10-04", "Australia/Lord_Howe"))).toBe(23.5);
  });

  test("in Apia there was no 30 December 2011: it is over as it begins, and nobody earns on it", () => {
    const missing = one("2011-12-30", "Pacific/Apia");
    expect(hours(missing)).toBe(0);
    expect(missing.from).toBe(utc("2011-12-30T10:00"));
    expect(dayOf(missing.from - 1, "Pacific/Apia")).toBe("2011-12-29");
    expect(dayOf(missing.from, "Pacific/Apia")).toBe("2011-12-31");
    const weeks = periodsOf("2011-12-26", "2012-01-08", "week", "Pacific/Apia");
    expect(weeks.map(hours)).toEqual([6 * 24, 7 * 24]);
  });

  test("where clocks are never changed every day has 24 hours, whatever the offset", () => {
    for (const place of ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Marquesas"])
      for (const { from, until } of periodsOf("2026-01-01", "2026-12-31", "week", place))
        expect((until - from) % DAY_MS).toBe(0);
  });

  test("the first instant of a day is on it, and the one before is not", () => {
    fc.assert(
      fc.property(day, zone, (it, place) => {
        const from = startOfDay(it, place);
        expect(dayOf(from, place) >= it).toBe(true);
        expect(dayOf(from - 1, place) < it).toBe(true);
        if (!(place === "Pacific/Apia" && it === "2011-12-30")) expect(dayOf(from, place)).toBe(it);
      }),
    );
  });

  test("an instant is on the local day whose span holds it", () => {
    fc.assert(
      fc.property(fc.integer({ min: utc("2011-01-01"), max: utc("2037-12-01") }), zone, (at, place) => {
        const it = dayOf(at, place);
        expect(startOfDay(it, place)).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(startOfDay(addDays(it, 1), place));
      }),
    );
  });
});

describe("the periods of a contract", () => {
  test("are counted from nought, touch each other, and cover its first instant to its last", () => {
    fc.assert(
      fc.property(flight, cadence, zone, ([starts, ends], cut, place) => {
        const periods = periodsOf(starts, ends, cut, place);
        expect(periods[0]).toMatchObject({ index: 0, starts, from: startOfDay(starts, place) });
        expect(periods.at(-1)).toMatchObject({ ends, until: startOfDay(addDays(ends, 1), place) });
        for (const [index, { starts: next, from }] of periods.entries()) {
          const before = periods[index - 1];
          if (!before) continue;
          expect(from).toBe(before.until);
          expect(next).toBe(addDays(before.ends, 1));
        }
      }),
    );
  });

  test("cover each instant of the contract once, and none outside it", () => {
    const asked = fc.tuple(flight, cadence, zone, fc.double({ min: -0.2, max: 1.2, noNaN: true }));
    fc.assert(
      fc.property(asked, ([[starts, ends], cut, place, where]) => {
        const periods = periodsOf(starts, ends, cut, place);
        const [from, until] = [periods[0]!.from, periods.at(-1)!.until];
        const at = Math.round(from + where * (until - from));
        const holding = periods.filter((it) => it.from <= at && at < it.until);
        expect(holding).toHaveLength(from <= at && at < until ? 1 : 0);
        expect(periodAt(periods, at)).toBe(holding[0]);
        if (holding[0]) {
          expect(dayOf(at, place) >= holding[0].starts).toBe(true);
          expect(dayOf(at, place) <= holding[0].ends).toBe(true);
        }
      }),
    );
  });

  test("the millisecond at a boundary belongs to the later period", () => {
    const [january, february] = periodsOf("2026-01-01", "2026-02-28", "month", "Europe/Berlin");
    expect(periodAt([january!, february!], january!.until)).toBe(february);
    expect(periodAt([january!, february!], january!.until - 1)).toBe(january);
    expect(periodAt([january!, february!], february!.until)).toBeUndefined();
    expect(periodAt([january!, february!], january!.from - 1)).toBeUndefined();
  });

  test("a contract from the 10th has a short first month; weeks run from Monday; a flight is one", () => {
    const days = (cut: Cadence) =>
      periodsOf("2026-01-10", "2026-03-05", cut, "UTC").map(({ starts, ends }) => `${starts}/${ends}`);
    expect(days("month")).toEqual(["2026-01-10/2026-01-31", "2026-02-01/2026-02-28", "2026-03-01/2026-03-05"]);
    expect(days("week").slice(0, 3)).toEqual([
      "2026-01-10/2026-01-11",
      "2026-01-12/2026-01-18",
      "2026-01-19/2026-01-25",
    ]);
    expect(days("week").at(-1)).toBe("2026-03-02/2026-03-05");
    expect(days("flight")).toEqual(["2026-01-10/2026-03-05"]);
  });

  test("a contract that ends before it starts is impossible", () => {
    expect(() => periodsOf("2026-01-02", "2026-01-01", "month", "UTC")).toThrow(/before it starts/);
  });

  test("a contract that ends on the last day we take still has an end", () => {
    expect(periodsOf("9998-12-01", "9998-12-31", "month", "UTC")).toHaveLength(1);
    expect(isDay("9998-12-31")).toBe(true);
    expect(isDay("9999-01-01")).toBe(false);
  });
});

describe("days and zones as text", () => {
  test("only days that exist are days", () => {
    for (const text of ["2026-02-28", "2028-02-29", "2000-02-29", "1970-01-01"])
      expect([text, isDay(text)]).toEqual([text, true]);
    for (const text of [
      "2026-02-29",
      "2100-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-1-1",
      "1969-12-31",
      "",
      "2026-01-01T00",
      " 2026-01-01",
      "2026-01-01\n",
    ])
      expect([text, isDay(text)]).toEqual([text, false]);
  });

  test("weeks start on Monday and months end on their last day", () => {
    expect(weekday("2026-11-23")).toBe(1);
    expect(weekday("2026-11-22")).toBe(7);
    expect(lastOfMonth("2028-02-01")).toBe("2028-02-29");
    expect(lastOfMonth("2026-12-31")).toBe("2026-12-31");
    fc.assert(
      fc.property(day, fc.integer({ min: -400, max: 400 }), (it, count) => {
        expect(addDays(addDays(it, count), -count)).toBe(it);
        expect(weekday(addDays(it, 1))).toBe((weekday(it) % 7) + 1);
        expect(lastOfMonth(it).slice(0, 7)).toBe(it.slice(0, 7));
        expect(addDays(lastOfMonth(it), 1).slice(8)).toBe("01");
      }),
    );
  });

  test("only names of the time zone database are time zones", () => {
    for (const name of [...zones, "Etc/GMT+12", "America/Argentina/Buenos_Aires"])
      expect([name, isTimeZone(name)]).toEqual([name, true]);
    for (const name of ["", "Mars/Olympus", "+01:00", "UTC ", "America/New York", "../etc/passwd", "a".repeat(100)])
      expect([name, isTimeZone(name)]).toEqual([name, false]);
  });

  test("a zone is the same zone however its letters are cased, and asking for many of them changes nothing", () => {
    const at = utc("2026-07-01T03:30");
    const spellings = Array.from({ length: 1_200 }, (_, seed) =>
      [..."america/new_york"].map((it, bit) => ((seed >> (bit % 11)) & 1 ? it.toUpperCase() : it)).join(""),
    );
    expect(new Set(spellings.map((name) => dayOf(at, name)))).toEqual(new Set(["2026-06-30"]));
    expect(dayOf(at, "Europe/Berlin")).toBe("2026-07-01");
  });

  test("an hour is sixty minutes and a day twenty-four hours of elapsed time", () => {
    expect([MINUTE_MS, HOUR_MS, DAY_MS]).toEqual([60_000, 3_600_000, 86_400_000]);
  });
});
