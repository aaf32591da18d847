import { describe, expect, test } from "vitest";
import type { ContractCommand } from "../../shared/contract/command.ts";
import { consentVersion } from "../../shared/contract/consent.ts";
import {
  type ContractFact,
  type ContractState,
  covers,
  endOf,
  inForce,
  overAt,
  type Party,
  reviewAt,
  versionAt,
} from "../../shared/contract/contract.ts";
import { contractLife } from "../../shared/contract/life.ts";
import type { Terms } from "../../shared/contract/terms.ts";
import { firstWording, wordingVersion } from "../../shared/contract/wording.ts";
import { DAY_MS, startOfDay } from "../../shared/kit/time.ts";
import { amended, given, hashOf, live, NOW, refusal, running, terms } from "./contract.life.ts";

const sign = (by: Party, hash = hashOf(1), at = NOW): ContractCommand => ({
  type: "sign",
  by,
  termsHash: hash,
  consent: consentVersion,
  at,
});
const amend = (it: Terms, hash = hashOf(2), at = NOW): ContractCommand => ({
  type: "amend",
  by: "brand",
  terms: it,
  termsHash: hash,
  at,
});
const both = (state: ContractState, hash: string, at = NOW): ContractState =>
  (["brand", "influencer"] as const).reduce((it, by) => live(it, sign(by, hash, at)).after, state);
const begin = (day: string): number => startOfDay(day, terms.timeZone);
const months: Terms = { ...terms, ends: "2027-03-31" };
const run = (it: Terms): ContractState => given({ terms: it }, "draft", "offer", "brand signs", "influencer signs");

describe("an amendment", () => {
  const may = (starts: string, it = months, at = NOW): string | undefined => {
    const decided = live(run(it), amend({ ...it, starts }, hashOf(2), at)).decided;
    return decided.ok ? undefined : decided.refusal.because;
  };

  test("takes effect on the first day of a period that has not begun, and is told the next one otherwise", () => {
    expect(may("2026-12-01")).toBeUndefined();
    expect(may("2027-03-01")).toBeUndefined();
    for (const day of ["2026-11-01", "2026-11-10", "2026-12-02", "2027-04-01"])
      expect(may(day), day).toContain("The next possible day is 2026-12-01.");
    expect(may("2026-12-01", months, begin("2026-12-01"))).toBeUndefined();
    expect(may("2026-12-01", months, begin("2026-12-01") + 1)).toContain("The next possible day is 2027-01-01.");
    expect(may("2027-03-01", months, begin("2027-03-02"))).toContain("No period of this contract is left to begin");
  });

  test("of weeks takes effect on a Monday, of a flight on any day to come", () => {
    const weeks: Terms = { ...months, period: "week" };
    expect(may("2026-11-16", weeks)).toBeUndefined();
    expect(may("2026-11-17", weeks)).toContain("The next possible day is 2026-11-16.");
    const flight: Terms = { ...months, period: "flight" };
    expect(may("2026-11-11", flight)).toBeUndefined();
    expect(may("2027-03-31", flight)).toBeUndefined();
    expect(may("2026-11-10", flight)).toContain("The next possible day is 2026-11-11.");
    expect(may("2027-04-01", flight)).toContain("up to its last one, 2027-03-31");
  });

  test("keeps the currency and the time zone", () => {
    const state = run(months);
    const next = { ...months, starts: "2026-12-01" };
    for (const changed of [{ currency: "EUR" }, { timeZone: "Europe/Berlin" }])
      expect(refusal(state, amend({ ...next, ...changed }))).toBe("bad-amendment");
  });

  test("comes after every version before it, and each decides its own time", () => {
    const second = { ...months, starts: "2027-01-01", ends: "2027-04-30" };
    const state = both(live(run(months), amend(second)).after, hashOf(2));
    expect(state).toMatchObject({ version: 2, termsHash: hashOf(2), status: "running", proposal: null });
    const again = (starts: string) => refusal(state, amend({ ...second, starts }, hashOf(3)));
    expect([again("2026-12-01"), again("2027-01-01"), again("2027-02-01")]).toEqual([
      "bad-amendment",
      "bad-amendment",
      undefined,
    ]);
    const version = (at: number) => versionAt(state, at)?.version;
    expect(version(begin("2026-11-01") - 1)).toBeUndefined();
    expect(version(begin("2026-11-01"))).toBe(1);
    expect(version(begin("2027-01-01") - 1)).toBe(1);
    expect(version(begin("2027-01-01"))).toBe(2);
    expect(version(begin("2027-05-01") - 1)).toBe(2);
    expect(version(begin("2027-05-01"))).toBeUndefined();
    expect(overAt(state)).toBe(begin("2027-05-01"));
    const third = both(
      live(state, amend({ ...second, starts: "2027-02-01", ends: "2027-02-28" }, hashOf(3))).after,
      hashOf(3),
    );
    expect(inForce(third).map(({ version, from, until }) => [version, from, until])).toEqual([
      [1, begin("2026-11-01"), begin("2027-01-01")],
      [2, begin("2027-01-01"), begin("2027-02-01")],
      [3, begin("2027-02-01"), begin("2027-03-01")],
    ]);
  });

  test("whose day has come before the second side signed is refused to them", () => {
    const proposed = live(run(months), amend({ ...months, starts: "2026-12-01" })).after;
    const once = live(proposed, sign("brand", hashOf(2), begin("2026-12-01"))).after;
    expect(refusal(once, sign("influencer", hashOf(2), begin("2026-12-01") + 1))).toBe("bad-amendment");
    expect(live(once, sign("influencer", hashOf(2), begin("2026-12-01"))).after.version).toBe(2);
  });

  test("that has expired gives way to the next one by itself", () => {
    const proposed = live(run(months), amend({ ...months, starts: "2027-02-01" })).after;
    expect(refusal(proposed, amend({ ...months, starts: "2027-03-01" }, hashOf(3)))).toBe("proposal-on-table");
    const late = amend({ ...months, starts: "2027-03-01" }, hashOf(3), NOW + 31 * DAY_MS);
    expect(live(proposed, late).facts).toEqual(["contract-expired", "contract-amendment-proposed"]);
    expect(live(proposed, late).after.proposal).toMatchObject({ version: 3, signedBy: [] });
  });
});

describe("the hash", () => {
  test("of terms that were replaced can no longer be signed", () => {
    const countered = given({}, "draft", "offer", "brand signs", "influencer counters");
    expect(countered).toMatchObject({ version: 2, signedBy: [], proposal: { by: "influencer", signedBy: [] } });
    expect(refusal(countered, sign("brand"))).toBe("terms-changed");
    expect(refusal(countered, sign("influencer"))).toBe("terms-changed");
    const proposed = live(running, amend(amended)).after;
    expect(refusal(proposed, sign("brand"))).toBe("terms-changed");
  });

  test("of the version both signed may be signed again, which changes nothing", () => {
    expect(live(running, sign("brand")).facts).toEqual([]);
    expect(refusal(running, sign("brand", hashOf(9)))).toBe("contract-not-offered");
  });
});

describe("an offer", () => {
  const offered = given({}, "draft", "offer");

  test("stands for 30 days, or as many as it says", () => {
    expect(offered.proposal?.expiresAt).toBe(NOW + 30 * DAY_MS);
    expect(live(given({}, "draft"), { type: "offer", at: NOW, days: 3 }).after.proposal?.expiresAt).toBe(
      NOW + 3 * DAY_MS,
    );
  });

  test("is answered before it expires and not at that instant, whether or not the clock has looked", () => {
    const at = NOW + 30 * DAY_MS;
    expect(refusal(offered, sign("influencer", hashOf(1), at - 1))).toBeUndefined();
    for (const late of [
      sign("influencer", hashOf(1), at),
      { type: "decline", by: "influencer", reason: "pay", at } as const,
      { type: "withdraw", by: "brand", at } as const,
    ])
      expect(refusal(offered, late)).toBe("offer-expired");
  });

  test("of before there were expiries or versions of the wording is still understood", () => {
    const old: readonly ContractFact[] = [
      { type: "contract-drafted", contract: "con", campaign: "c", influencer: "i", version: 1, terms, termsHash: "a" },
      { type: "contract-offered", contract: "con", version: 1 },
      { type: "contract-signed", contract: "con", version: 1, by: "brand", termsHash: "a", consent: "c" },
      { type: "contract-signed", contract: "con", version: 1, by: "influencer", termsHash: "a", consent: "c" },
      { type: "contract-started", contract: "con", version: 1, at: NOW },
    ];
    const at = (count: number) => old.slice(0, count).reduce(contractLife.evolve, contractLife.initial);
    expect(at(2).proposal).toMatchObject({ expiresAt: null, wording: firstWording });
    expect(live(at(2), sign("brand", "a", NOW + 999 * DAY_MS)).facts).toEqual(["contract-signed"]);
    expect(at(5).versions).toMatchObject([{ version: 1, startedAt: NOW, wording: firstWording }]);
  });

  test("is signed in the wording it was made in", () => {
    expect(live(offered, sign("brand")).decided).toMatchObject({
      ok: true,
      value: [{ wording: wordingVersion, consent: consentVersion }],
    });
  });
});

describe("a notice", () => {
  const end = (by: Party, lastDay: string, state = run(months), at = NOW) =>
    live(state, { type: "terminate", by, lastDay, at });

  test("ends a contract on the day asked for, if that leaves the days of notice", () => {
    expect(end("brand", "2026-11-24").after).toMatchObject({ lastDay: "2026-11-24", status: "running" });
    expect(versionAt(end("brand", "2026-11-24").after, begin("2026-11-25"))).toBeUndefined();
    const short: Terms = { ...months, timing: { ...months.timing, noticeDays: 3 } };
    expect(end("influencer", "2026-11-13", run(short)).after.lastDay).toBe("2026-11-13");
    expect(end("influencer", "2026-11-12", run(short)).after.lastDay).toBe("2026-11-13");
  });

  test("that asks for less ends it on the first day the terms allow, unless the other side agrees", () => {
    const asked = end("brand", "2026-11-10").after;
    expect(asked).toMatchObject({ lastDay: "2026-11-24", notice: { by: "brand", lastDay: "2026-11-10" } });
    expect(refusal(asked, { type: "agree", by: "brand", at: NOW })).toBe("own-notice");
    expect(live(asked, { type: "agree", by: "influencer", at: NOW }).after.lastDay).toBe("2026-11-10");
    expect(refusal(asked, { type: "agree", by: "influencer", at: begin("2026-11-11") })).toBe("bad-last-day");
  });

  test("names no day that is over and none on which the contract ends anyway", () => {
    for (const day of ["2026-11-09", "2027-03-31", "2027-05-01"])
      expect(refusal(run(months), { type: "terminate", by: "brand", lastDay: day, at: NOW })).toBe("bad-last-day");
  });

  test("given too late to matter leaves the last day as it was, and the other side may still agree to an earlier one", () => {
    const at = begin("2027-03-25");
    const late = end("brand", "2027-03-28", run(months), at).after;
    expect(late.lastDay).toBeNull();
    expect(live(late, { type: "agree", by: "influencer", at }).after.lastDay).toBe("2027-03-28");
    expect(live(late, { type: "complete", at: begin("2027-04-01") }).facts).toEqual(["contract-completed"]);
  });

  test("before the first day ends a contract that never was in force", () => {
    const far: Terms = { ...months, starts: "2027-02-01" };
    const state = end("influencer", "2026-12-15", run(far)).after;
    expect([inForce(state), overAt(state)]).toEqual([[], begin("2026-12-16")]);
    expect(live(state, { type: "complete", at: begin("2026-12-16") }).facts).toEqual(["contract-terminated"]);
  });
});

describe("a contract's life", () => {
  const windows: Terms = {
    ...months,
    guarantee: {
      result: "lead",
      target: 5,
      per: "period",
      remedy: JSON.parse('{"kind":"makeGood","days":14,"then":{"kind":"makeGood","days":7}}'),
    },
  };

  test("goes on after its last day while results may be made good", () => {
    const state = run(windows);
    const over = endOf(windows) + 21 * DAY_MS;
    expect(overAt(state)).toBe(over);
    expect(versionAt(state, over - 1)?.version).toBe(1);
    expect([covers(state, over - 1), covers(state, over), covers(windows, endOf(windows))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(refusal(state, { type: "complete", at: over - 1 })).toBe("contract-not-over");
    expect(live(state, { type: "complete", at: over }).after.status).toBe("completed");
  });

  test("ended by notice goes on in the same way, from its early last day", () => {
    const { after } = live(run(windows), { type: "terminate", by: "brand", lastDay: "2026-12-05", at: NOW });
    expect(overAt(after)).toBe(begin("2026-12-06") + 21 * DAY_MS);
  });

  test("is over when the last window of any version is, be it an older one's", () => {
    const second: Terms = { ...months, starts: "2027-03-01", ends: "2027-03-07" };
    const state = both(live(run(windows), amend(second)).after, hashOf(2));
    expect(overAt(state)).toBe(begin("2027-03-01") + 21 * DAY_MS);
    expect(versionAt(state, begin("2027-03-10"))?.version).toBe(2);
  });
});

describe("the yearly review", () => {
  const long: Terms = { ...terms, starts: "2024-02-29", ends: "2033-12-31" };

  test("falls due each year after both had signed and it had begun, a 29th of February on the 1st of March", () => {
    const state = run(long);
    expect([1, 2].map((year) => reviewAt(state, year))).toEqual([begin("2027-11-10"), begin("2028-11-10")]);
    const leap = given(
      { terms: { ...long, starts: "2028-02-29" } },
      "draft",
      "offer",
      "brand signs",
      "influencer signs",
    );
    expect(reviewAt(leap, 1)).toBe(begin("2029-03-01"));
  });

  test("is asked for once a year, and held by either side", () => {
    const at = begin("2027-11-10");
    const ask: ContractCommand = { type: "ask-review", year: 1, at };
    const held: ContractCommand = { type: "review", by: "influencer" };
    expect(refusal(run(long), { ...ask, at: at - 1 })).toBe("too-early");
    expect(refusal(run(long), held)).toBe("review-not-due");
    const due = live(run(long), ask);
    expect([due.facts, live(due.after, ask).facts]).toEqual([["contract-review-due"], []]);
    const done = live(due.after, held);
    expect([done.facts, live(done.after, held).facts]).toEqual([["contract-reviewed"], []]);
    expect(refusal(given({}, "draft"), held)).toBe("contract-not-running");
  });
});
